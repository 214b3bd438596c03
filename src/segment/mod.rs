//! From lines to blocks: what each line of the page is.

mod block;
mod captions;
mod geometry;
mod laid;
mod language;
mod model;
mod page;
mod roles;
mod seam;
mod spaces;
pub mod train;

pub use block::{Block, BlockKind};
pub use geometry::Geometry;
pub use laid::{Laid, LayoutModel};
pub(crate) use language::seam_gain as text_gain;
pub use model::{ShapeModel, StructureModel};
pub use page::{Edge, Page, PageLine, Shape, WordClass, is_han};
pub(crate) use roles::shows_furniture;
pub use roles::{Role, Roles};
pub use seam::Seams;
pub use spaces::StraySpaces;

use std::ops::Range;

use self::roles::Closures;
use crate::lexicon::Lexicon;
use crate::source::Source;

/// A document cut into blocks.
pub struct Segmented {
    /// The non-blank lines with their kinds, in the order of the file.
    pub blocks: Vec<Block>,
    /// What was measured on them; `page.lines[i]` is the line of `blocks[i]`.
    pub page: Page,
    /// How likely each line plays which role.
    pub roles: Vec<Roles>,
    /// The boxes of the lines, when the text was read from a layout file.
    pub laid: Option<Laid>,
}

impl Segmented {
    /// Probability that a paragraph goes on over the seam between two lines; `before` and `behind` are
    /// indices into [`Page::lines`].
    pub fn join(&self, seams: &Seams<'_>, before: usize, behind: usize, lexicon: &Lexicon) -> f64 {
        match &self.laid {
            Some(laid) => laid.join(seams, before, behind, &self.roles, lexicon.layout_model()),
            None => seams.join(before, behind, &self.roles),
        }
    }
}

/// Gives every non-blank line of `lines` its kind.
pub fn segment(source: &Source, lines: Range<usize>, lexicon: &Lexicon) -> Segmented {
    let mut page = Page::measure(source, lines, lexicon);
    let geometry = source.layout().and_then(|layout| Geometry::measure(&page, layout));
    if geometry.as_ref().is_some_and(Geometry::is_printed) {
        page.shape = Shape::Printed;
    }
    let closures = Closures::find(&page, lexicon);
    let text_roles = roles::weigh(&page, &closures, lexicon);
    let laid = geometry.map(|geometry| Laid::new(geometry, text_roles.clone()));
    let roles = match &laid {
        Some(laid) => laid.roles(&page, lexicon.layout_model()),
        None => text_roles,
    };
    let captions = match &laid {
        Some(laid) => laid.captions(&page, &closures, &roles, lexicon),
        None => captions::choose(&page, &closures, &roles, lexicon),
    };
    let mut kinds = roles::kinds(&page, &roles, &captions);
    if let Some(laid) = &laid {
        laid.told(&roles, &mut kinds);
    }
    let blocks = page
        .lines
        .iter()
        .zip(kinds)
        .map(|(line, kind)| Block { kind, span: line.span, line: line.number })
        .collect();
    Segmented { blocks, page, roles, laid }
}
