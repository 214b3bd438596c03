//! Scanned pages with what is printed on them.
//!
//! White space never counts. A text of kanwu's is a paragraph a line. It is scored in this order,
//! each step on what the one before leaves:
//! 1. furniture (running heads, page numbers) that is still there is taken out;
//! 2. captions, headlines and jump lines are looked for anywhere and taken out where they are
//!    found: to move one costs nothing, to lose one costs its length;
//! 3. what is left is laid beside the text flow (bylines, subheads, body).

mod beside;
mod counts;
mod floats;
mod flow;
mod furniture;
mod record;
mod units;

pub use counts::{FloatCounts, FurnitureCounts, PageCounts, PageFigures, Repairs, RepairsByKind};
pub use record::{PageRecord, TruthBlock, TruthKind, Variant, read_page_records};

use rayon::prelude::*;
use serde::Serialize;

use super::{Applied, Judgement, Verdicts};
use crate::pipeline::Pipeline;
use crate::source::Source;
use beside::Beside;
use units::Comparison;

/// How kanwu does on a page.
#[derive(Clone, Debug, Serialize)]
pub struct PageScore {
    /// Name of the record.
    pub id: String,
    /// Engine that read the page.
    pub engine: String,
    /// As the engine read it.
    pub before: PageCounts,
    /// As kanwu leaves it.
    pub after: PageCounts,
    /// What became of the characters of the text flow.
    pub repairs: Repairs,
    /// The same by kind, of corrections alone: the structure is repaired before and after.
    pub by_kind: RepairsByKind,
}

/// How kanwu does on pages.
#[derive(Clone, Debug)]
pub struct PagesScore {
    /// Page by page, in the order given.
    pub pages: Vec<PageScore>,
    /// Suggestions of any level, judged one by one where the page as read can be laid beside the
    /// page as printed. Suggestions that only touch white space or move something are not among
    /// them: breaks and captions are counted above.
    pub verdicts: Verdicts,
}

impl PagesScore {
    /// The engines, each once, in alphabetical order.
    pub fn engines(&self) -> Vec<&str> {
        let mut engines: Vec<&str> = self.pages.iter().map(|page| page.engine.as_str()).collect();
        engines.sort_unstable();
        engines.dedup();
        engines
    }

    /// The figures of the pages that `engine` read; of all without one.
    pub fn figures(&self, engine: Option<&str>) -> PageFigures {
        let pages = || self.pages.iter().filter(|page| engine.is_none_or(|e| page.engine == e));
        PageFigures {
            pages: pages().count(),
            before: pages().map(|page| page.before).sum(),
            after: pages().map(|page| page.after).sum(),
            repairs: pages().map(|page| page.repairs).sum(),
            by_kind: pages().map(|page| page.by_kind).sum(),
        }
    }
}

/// Checks each page as a document, applies what is to be applied, and scores the text before and
/// after.
pub fn score_pages(
    pipeline: &Pipeline,
    records: &[PageRecord],
    variant: Variant,
    applied: Applied,
) -> PagesScore {
    let scored: Vec<(PageScore, Vec<Judgement>)> =
        records.par_iter().map(|record| score_page(pipeline, record, variant, applied)).collect();
    let mut score = PagesScore { pages: Vec::new(), verdicts: Verdicts::default() };
    for (page, judgements) in scored {
        score.pages.push(page);
        judgements.iter().for_each(|judgement| score.verdicts.add(judgement));
    }
    score
}

fn score_page(
    pipeline: &Pipeline,
    record: &PageRecord,
    variant: Variant,
    applied: Applied,
) -> (PageScore, Vec<Judgement>) {
    let source = Source::new(&record.id, record.text(variant));
    let report = pipeline.check(&source);
    let margin = pipeline.config().margin;
    let repaired = applied.text(&source, &report, margin);
    let structured =
        applied.text_of(&source, &report, margin, |s| s.finding.rule.family() == STRUCTURE);
    let (before, was_right) = score_both(record, source.text());
    let (_, stood_right) = score_both(record, &structured);
    let (after, is_right) = score_both(record, &repaired);
    let printed = flow::printed(record, Comparison::Strict);
    let page = PageScore {
        id: record.id.clone(),
        engine: record.engine.clone(),
        before,
        after,
        repairs: Repairs::between(&was_right.folded, &is_right.folded),
        by_kind: RepairsByKind::between(&printed, &stood_right.strict, &is_right.strict),
    };
    (page, Beside::new(&source, &record.truth_text).judge(&report))
}

/// The family of the rules that repair the structure.
const STRUCTURE: &str = "S";

/// Scores `text` against the truth of `record`.
pub fn score_text(record: &PageRecord, text: &str) -> PageCounts {
    score_both(record, text).0
}

/// Which characters of the flow are right in a text.
struct Right {
    folded: Vec<bool>,
    strict: Vec<bool>,
}

/// Scores a text folded, with its strict errors added.
fn score_both(record: &PageRecord, text: &str) -> (PageCounts, Right) {
    let (of_strict, strict) = score(record, text, Comparison::Strict);
    let (of_folded, folded) = score(record, text, Comparison::Folded);
    let counts = PageCounts {
        strict_errors: of_strict.errors,
        strict_characters: of_strict.characters,
        ..of_folded
    };
    (counts, Right { folded, strict })
}

fn score(record: &PageRecord, text: &str, comparison: Comparison) -> (PageCounts, Vec<bool>) {
    let mut counts = PageCounts::default();
    let mut units = comparison.units(text);
    furniture::take_out(record, comparison, &mut units, &mut counts);
    let (paper, places) = floats::take_out(record, comparison, units, &mut counts);
    let right = flow::compare(record, comparison, &paper, &places, &mut counts);
    (counts, right)
}

#[cfg(test)]
mod tests;
