//! From blocks to paragraphs: the structure of the text behind the page, and a finding for each
//! join, move and removal that would bring it about.

mod assemble;
mod furniture;
mod glued;
mod join;
mod jump;
mod paragraph;
mod rules;
mod spaces;

pub use jump::link_jumps;
pub use paragraph::{Paragraph, Piece};
pub(crate) use rules::RULES;

use crate::finding::Finding;
use crate::lexicon::Lexicon;
use crate::segment::Segmented;
use crate::source::Source;

/// The repaired structure of a document.
pub struct Repaired {
    /// The paragraphs in the order of the file.
    pub paragraphs: Vec<Paragraph>,
    /// What would have to be changed in the file for it to read like that.
    pub findings: Vec<Finding>,
}

/// Joins blocks to paragraphs.
pub fn repair(source: &Source, segmented: &Segmented, lexicon: &Lexicon) -> Repaired {
    let layout = assemble::assemble(segmented, lexicon);
    let words = join::LatinWords::of(segmented);
    let mut findings = join::findings(source, segmented, &layout, &words);
    findings.extend(furniture::findings(source, segmented));
    findings.extend(spaces::findings(source, segmented));
    findings.extend(glued::findings(source, segmented));
    findings.extend(jump::findings(source, segmented, lexicon));
    let paragraphs =
        layout.paragraphs.iter().map(|p| paragraph::view(source, segmented, p, &words)).collect();
    Repaired { paragraphs, findings }
}
