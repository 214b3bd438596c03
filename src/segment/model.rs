//! The learned part of reading a page: forests for both shapes of input.

use super::captions;
use super::page::{Page, Shape};
use super::roles::{Role, Roles};
use super::seam::Seams;
use crate::error::Result;
use crate::learn::{Forest, ForestFile};
use crate::lexicon::Lexicon;

/// The forests of `dictionaries/models/structure.txt`.
#[derive(Clone, Default)]
pub struct StructureModel {
    printed: ShapeModel,
    blocks: ShapeModel,
}

/// The forests for one shape of input.
#[derive(Clone, Default)]
pub struct ShapeModel {
    /// Whether text goes on over a seam, judged without roles.
    pub(super) draft: Forest,
    /// One against all others for each of [`Role::ALL`].
    pub(super) roles: [Forest; 5],
    /// Whether a run of lines is a caption.
    pub(super) caption: Forest,
    /// Whether a paragraph goes on over a seam.
    pub(super) seam: Forest,
}

impl StructureModel {
    /// Reads the file called `name`. `lexicon` is needed to measure an example page: a forest
    /// must have been trained on the features this version measures.
    ///
    /// # Errors
    /// [`crate::Error::Table`] naming the line of a mistake, or the forest that does not fit.
    pub fn parse(name: &str, text: &str, lexicon: &Lexicon) -> Result<Self> {
        let mut file = ForestFile::parse(name, text)?;
        let seams = Seams::names(lexicon, false);
        let with_roles = Seams::names(lexicon, true);
        let roles = Roles::names(lexicon);
        let runs = captions::names(lexicon);
        let mut shape = |shape: Shape| -> Result<ShapeModel> {
            let mut model = ShapeModel {
                draft: file.take(&forest_name(shape, "draft"), &seams)?,
                caption: file.take(&forest_name(shape, "captions"), &runs)?,
                seam: file.take(&forest_name(shape, "seam"), &with_roles)?,
                roles: Default::default(),
            };
            for (forest, role) in model.roles.iter_mut().zip(Role::NAMES) {
                *forest = file.take(&forest_name(shape, role), &roles)?;
            }
            Ok(model)
        };
        Ok(Self { printed: shape(Shape::Printed)?, blocks: shape(Shape::Blocks)? })
    }

    /// The file that [`StructureModel::parse`] reads. `notes` say what it was trained on.
    pub fn to_text(&self, lexicon: &Lexicon, notes: &[&str]) -> String {
        let mut file = ForestFile::default();
        let seams = Seams::names(lexicon, false);
        let with_roles = Seams::names(lexicon, true);
        let roles = Roles::names(lexicon);
        let runs = captions::names(lexicon);
        for shape in [Shape::Printed, Shape::Blocks] {
            let model = self.of(shape);
            file.add(&forest_name(shape, "draft"), seams.clone(), model.draft.clone());
            file.add(&forest_name(shape, "captions"), runs.clone(), model.caption.clone());
            file.add(&forest_name(shape, "seam"), with_roles.clone(), model.seam.clone());
            for (forest, role) in model.roles.iter().zip(Role::NAMES) {
                file.add(&forest_name(shape, role), roles.clone(), forest.clone());
            }
        }
        file.to_text(notes)
    }

    /// The forests for `shape`.
    pub(super) fn of(&self, shape: Shape) -> &ShapeModel {
        match shape {
            Shape::Printed => &self.printed,
            Shape::Blocks => &self.blocks,
        }
    }

    /// The forests for `shape`, to be trained.
    pub(super) fn of_mut(&mut self, shape: Shape) -> &mut ShapeModel {
        match shape {
            Shape::Printed => &mut self.printed,
            Shape::Blocks => &mut self.blocks,
        }
    }
}

fn forest_name(shape: Shape, what: &str) -> String {
    format!("{}.{what}", shape.name())
}

impl Page {
    /// A page of two lines, to learn the names of features; without words, which the segmenter
    /// would have to be waited for.
    pub(super) fn example(lexicon: &Lexicon) -> Self {
        let source = crate::source::Source::new("example", "——\n——\n");
        Self::measure(&source, 0..source.lines().len(), lexicon)
    }
}
