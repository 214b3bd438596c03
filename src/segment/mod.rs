//! From lines to blocks: what each line of the page is.

mod block;
mod captions;
mod language;
mod model;
mod page;
mod roles;
mod seam;
mod spaces;
pub mod train;

pub use block::{Block, BlockKind};
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
}

/// Gives every non-blank line of `lines` its kind.
pub fn segment(source: &Source, lines: Range<usize>, lexicon: &Lexicon) -> Segmented {
    let page = Page::measure(source, lines, lexicon);
    let closures = Closures::find(&page, lexicon);
    let roles = roles::weigh(&page, &closures, lexicon);
    let captions = captions::choose(&page, &closures, &roles, lexicon);
    let kinds = roles::kinds(&page, &roles, &captions);
    let blocks = page
        .lines
        .iter()
        .zip(kinds)
        .map(|(line, kind)| Block { kind, span: line.span, line: line.number })
        .collect();
    Segmented { blocks, page, roles }
}
