//! Reading a page whose lines have boxes: what the text alone suggests, weighed against what the
//! boxes show. The forests of `dictionaries/models/layout.txt` take the verdicts of those that read
//! text as features of their own, so a text without boxes is read as if they did not exist.

use std::ops::Range;

use super::block::BlockKind;
use super::captions::{self, Bounds};
use super::geometry::Geometry;
use super::model::StructureModel;
use super::page::Page;
use super::roles::{Closure, Closures, Role, Roles};
use super::seam::Seams;
use crate::error::Result;
use crate::layout::RegionKind;
use crate::learn::{Forest, ForestFile, Row};
use crate::lexicon::Lexicon;

/// The forests that read boxes.
#[derive(Default)]
pub struct LayoutModel {
    /// One against all others for each of [`Role::ALL`].
    pub(super) roles: [Forest; 5],
    /// Whether a run of lines is a caption.
    pub(super) caption: Forest,
    /// Whether a paragraph goes on over a seam.
    pub(super) seam: Forest,
}

impl LayoutModel {
    /// Reads the file called `name`.
    ///
    /// # Errors
    /// [`crate::Error::Table`] naming the line of a mistake, or the forest that was trained on
    /// other features than this version measures.
    pub fn parse(name: &str, text: &str, lexicon: &Lexicon) -> Result<Self> {
        let mut file = ForestFile::parse(name, text)?;
        let names = Names::new(lexicon);
        let mut model = Self {
            caption: file.take("layout.captions", &names.captions)?,
            seam: file.take("layout.seam", &names.seam)?,
            roles: Default::default(),
        };
        for (forest, role) in model.roles.iter_mut().zip(Role::NAMES) {
            *forest = file.take(&format!("layout.{role}"), &names.roles)?;
        }
        Ok(model)
    }

    /// The file that [`LayoutModel::parse`] reads. `notes` say what it was trained on.
    pub fn to_text(&self, lexicon: &Lexicon, notes: &[&str]) -> String {
        let mut file = ForestFile::default();
        let names = Names::new(lexicon);
        file.add("layout.captions", names.captions, self.caption.clone());
        file.add("layout.seam", names.seam, self.seam.clone());
        for (forest, role) in self.roles.iter().zip(Role::NAMES) {
            file.add(&format!("layout.{role}"), names.roles.clone(), forest.clone());
        }
        file.to_text(notes)
    }
}

/// The features of the forests, by name.
struct Names {
    roles: Vec<String>,
    captions: Vec<String>,
    seam: Vec<String>,
}

impl Names {
    fn new(lexicon: &Lexicon) -> Self {
        let page = Page::example(lexicon);
        let closures = Closures::find(&page, lexicon);
        let laid = Laid {
            geometry: Geometry::example(page.lines.len()),
            text_roles: vec![Roles([0.2; 5]); page.lines.len()],
        };
        let named = |measure: &mut dyn FnMut(&mut Row)| {
            let mut row = Row::named();
            measure(&mut row);
            row.names().to_vec()
        };
        let text = StructureModel::default();
        let captions = |row: &mut Row| {
            if let Some(closure) = closures.all().first() {
                let bounds = Bounds::weigh(&page, closure, |_, _| 0.0);
                laid.measure_caption(&page, &laid.text_roles, closure, bounds, &text, row);
            }
        };
        let seams = Seams::new(&page, lexicon);
        Self {
            roles: named(&mut |row| laid.measure_role(0, &page, row)),
            captions: named(&mut { captions }),
            seam: named(&mut |row| {
                laid.measure_seam(&seams, 0.0, 0, 1, &laid.text_roles, row);
            }),
        }
    }
}

/// The boxes of a page and what its text says without them.
pub struct Laid {
    geometry: Geometry,
    text_roles: Vec<Roles>,
}

impl Laid {
    pub(super) fn new(geometry: Geometry, text_roles: Vec<Roles>) -> Self {
        Self { geometry, text_roles }
    }

    /// The roles of all lines.
    pub(super) fn roles(&self, page: &Page, model: &LayoutModel) -> Vec<Roles> {
        let mut row = Row::default();
        (0..page.lines.len())
            .map(|i| {
                row.clear();
                self.measure_role(i, page, &mut row);
                Roles::from_opinions(std::array::from_fn(|r| model.roles[r].opinion(row.values())))
            })
            .collect()
    }

    /// Measures what the role of line `i` shows in.
    pub(super) fn measure_role(&self, i: usize, page: &Page, row: &mut Row) {
        let line = &page.lines[i];
        row.flag("ends", line.ends_sentence());
        row.push("chars", line.chars.len().min(60) as f32);
        self.geometry.measure_place(i, row);
        for (side, offset) in [("own", 0isize), ("p2", -2), ("p1", -1), ("n1", 1), ("n2", 2)] {
            let j = i.checked_add_signed(offset).filter(|j| *j < page.lines.len());
            self.geometry.measure_line(side, j, row);
            for (role, name) in Role::ALL.iter().zip(Role::NAMES) {
                row.push_of(side, name, j.map_or(0.0, |j| self.text_roles[j].of(*role)));
            }
        }
        for (side, pair) in
            [("before", i.checked_sub(1).map(|p| (p, i))), ("behind", Some((i, i + 1)))]
        {
            let pair = pair.filter(|(_, behind)| *behind < page.lines.len());
            let mut own = Row::named();
            match pair {
                Some((before, behind)) => self.geometry.measure_seam(before, behind, &mut own),
                None => Geometry::example(2).measure_seam(0, 1, &mut own),
            }
            for (name, value) in own.names().iter().zip(own.values()) {
                row.push_of(side, name, *value);
            }
        }
    }

    /// What the text alone says about the seams around a run of lines.
    pub(super) fn bounds(&self, seams: &Seams<'_>, closure: &Closure) -> Bounds {
        Bounds::weigh(seams.page(), closure, |a, b| self.text_score(seams, a, b))
    }

    /// Measures a run of lines as a caption.
    pub(super) fn measure_caption(
        &self,
        page: &Page,
        roles: &[Roles],
        closure: &Closure,
        bounds: Bounds,
        text: &StructureModel,
        row: &mut Row,
    ) {
        let run = closure.run();
        let mut own = Row::default();
        captions::measure(page, &self.text_roles, closure, bounds, &mut own);
        row.push("text", text.of(page.shape).caption.score(own.values()));
        row.push("lines", run.len() as f32);
        row.flag("credited", closure.credited);
        row.push("gain", closure.gain.lines);
        let caption = |i: usize| roles.get(i).map_or(0.0, |roles| roles.of(Role::Caption));
        row.push("least", run.clone().map(caption).fold(1.0, f32::min));
        row.push("most", run.clone().map(caption).fold(0.0, f32::max));
        row.push("role_before", run.start.checked_sub(1).map_or(0.0, caption));
        row.push("role_behind", caption(run.end));
        let (first, last) = (run.start, run.end - 1);
        let count = page.lines.len();
        let behind = Some(run.end).filter(|i| *i < count);
        for (side, line) in [
            ("p1", first.checked_sub(1)),
            ("first", Some(first)),
            ("last", Some(last)),
            ("n1", behind),
        ] {
            self.geometry.measure_line(side, line, row);
        }
        let same = |a: Option<usize>, b: Option<usize>| self.geometry.same_block(a, b);
        row.flag("one_block", run.clone().all(|i| same(Some(first), Some(i))));
        row.flag("opens_block", !same(first.checked_sub(1), Some(first)));
        row.flag("closes_block", !same(Some(last), behind));
        row.flag("closes_over", same(first.checked_sub(1), behind));
    }

    /// The captions of a page in its order.
    pub(super) fn captions(
        &self,
        page: &Page,
        closures: &Closures,
        roles: &[Roles],
        lexicon: &Lexicon,
    ) -> Vec<Range<usize>> {
        let (forest, text) = (&lexicon.layout_model().caption, lexicon.structure());
        let seams = Seams::new(page, lexicon);
        captions::choose_by(page, closures, roles, |closure, row| {
            let bounds = self.bounds(&seams, closure);
            self.measure_caption(page, roles, closure, bounds, text, row);
            forest.opinion(row.values())
        })
    }

    /// Measures a seam; `text` is what the text alone says about it.
    pub(super) fn measure_seam(
        &self,
        seams: &Seams<'_>,
        text: f32,
        before: usize,
        behind: usize,
        roles: &[Roles],
        row: &mut Row,
    ) {
        let page = seams.page();
        let (a, b) = (&page.lines[before], &page.lines[behind]);
        row.push("text", text);
        row.flag("a.ends", a.ends_sentence());
        row.push("a.last", a.last_clean() as u8 as f32);
        row.push("b.first", b.first() as u8 as f32);
        row.push("word", seams.word_over(before, behind) as f32);
        row.push("between", (behind - before - 1).min(9) as f32);
        self.geometry.measure_seam(before, behind, row);
        let next = Some(behind + 1).filter(|i| *i < page.lines.len());
        let lines =
            [("p", before.checked_sub(1)), ("a", Some(before)), ("b", Some(behind)), ("c", next)];
        for (side, line) in lines {
            self.geometry.measure_line(side, line, row);
        }
        super::seam::measure_roles(before, behind, roles, row);
    }

    /// What the text alone says about a seam: the logarithm of the odds that it goes on.
    pub(super) fn text_score(&self, seams: &Seams<'_>, before: usize, behind: usize) -> f32 {
        seams.score(before, behind, &self.text_roles)
    }

    /// Probability that a paragraph goes on over the seam.
    pub(super) fn join(
        &self,
        seams: &Seams<'_>,
        before: usize,
        behind: usize,
        roles: &[Roles],
        model: &LayoutModel,
    ) -> f64 {
        let mut row = Row::default();
        let text = self.text_score(seams, before, behind);
        self.measure_seam(seams, text, before, behind, roles, &mut row);
        f64::from(model.seam.probability(row.values()))
    }

    /// Lines whose kind the file itself tells, unless they surely are running text.
    pub(super) fn told(&self, roles: &[Roles], kinds: &mut [BlockKind]) {
        for (i, kind) in kinds.iter_mut().enumerate() {
            let text = roles.get(i).map_or(0.0, |roles| roles.of(Role::Text));
            let told = self.geometry.kind(i).filter(|_| text < SURELY_TEXT);
            *kind = match told {
                Some(RegionKind::Heading) if *kind != BlockKind::Subhead => BlockKind::Headline,
                Some(RegionKind::Caption) => BlockKind::Caption,
                Some(RegionKind::RunningHead) => BlockKind::RunningHead,
                Some(RegionKind::PageNumber) => BlockKind::PageNumber,
                _ => *kind,
            };
        }
    }
}

/// Probability of running text from which a line is that, whatever its region is called.
const SURELY_TEXT: f32 = 0.97;
