//! The text flow: its characters, its breaks, and what stands between its paragraphs.

use std::collections::BTreeSet;

use super::counts::PageCounts;
use super::floats::{Paper, Place, counts_of};
use super::record::{PageRecord, TruthKind};
use super::units::Comparison;
use crate::eval::corners;

/// Compares what is left of a text with the flow; says which characters of the flow are right.
pub(super) fn compare(
    record: &PageRecord,
    comparison: Comparison,
    paper: &Paper,
    places: &[Place<'_>],
    counts: &mut PageCounts,
) -> Vec<bool> {
    let printed = Printed::of(record, comparison);
    let laid = Laid::new(&printed.text, &paper.text);
    counts.errors += laid.distance;
    counts.characters += printed.text.len();
    counts.flow_characters += printed.text.len();
    count_breaks(&printed, paper, &laid, counts);
    count_places(record, &printed, places, &laid, counts);
    laid.right
}

/// The characters of the flow as printed.
pub(super) fn printed(record: &PageRecord, comparison: Comparison) -> Vec<char> {
    Printed::of(record, comparison).text
}

/// The flow as printed.
#[derive(Default)]
struct Printed {
    text: Vec<char>,
    breaks: BTreeSet<usize>,
    /// Breaks between two paragraphs of the body.
    body_breaks: BTreeSet<usize>,
}

impl Printed {
    fn of(record: &PageRecord, comparison: Comparison) -> Self {
        let mut printed = Self::default();
        let mut before = None;
        for block in record.flow() {
            if !printed.text.is_empty() {
                printed.breaks.insert(printed.text.len());
                if (before, block.kind) == (Some(TruthKind::Body), TruthKind::Body) {
                    printed.body_breaks.insert(printed.text.len());
                }
            }
            printed.text.extend(comparison.characters(&block.text));
            before = Some(block.kind);
        }
        printed
    }
}

/// A text laid beside the flow.
struct Laid {
    distance: usize,
    /// Which characters of the flow are right.
    right: Vec<bool>,
    /// For each place of the text, the first and the last place of the flow it is laid on.
    on: Vec<(usize, usize)>,
}

impl Laid {
    fn new(printed: &[char], text: &[char]) -> Self {
        let way = corners(printed, text);
        let mut right = vec![false; printed.len()];
        let mut on = vec![(usize::MAX, 0); text.len() + 1];
        for &(i, j) in &way {
            on[j] = (on[j].0.min(i), i);
        }
        let mut distance = 0;
        for (&(i, j), &(k, l)) in way.iter().zip(&way[1..]) {
            let same = k > i && l > j && printed[i] == text[j];
            distance += usize::from(!same);
            if same {
                right[i] = true;
            }
        }
        Self { distance, right, on }
    }

    /// The places of the flow that may be meant by a place of the text, give or take a character.
    fn about(&self, at: usize) -> (usize, usize) {
        let (first, last) = self.on[at];
        (first.saturating_sub(1), last + 1)
    }
}

fn count_breaks(printed: &Printed, paper: &Paper, laid: &Laid, counts: &mut PageCounts) {
    let mut free = printed.breaks.clone();
    for &at in &paper.breaks {
        let (first, last) = laid.on[at];
        // What stands before or behind the whole flow is no part of it.
        if last == 0 || first >= printed.text.len() {
            continue;
        }
        counts.breaks_made += 1;
        let (from, to) = laid.about(at);
        let hit = free.range(from..=to).next().copied();
        if let Some(hit) = hit {
            free.remove(&hit);
        }
    }
    counts.breaks_due += printed.breaks.len();
    counts.breaks_right += printed.breaks.len() - free.len();
    counts.body_breaks_due += printed.body_breaks.len();
    counts.body_breaks_right += printed.body_breaks.difference(&free).count();
}

fn count_places(
    record: &PageRecord,
    printed: &Printed,
    places: &[Place<'_>],
    laid: &Laid,
    counts: &mut PageCounts,
) {
    for place in places.iter().filter(|place| place.own) {
        let (first, last) = laid.on[place.at];
        let (from, to) = (first.saturating_sub(2), last + 2);
        let at_break = printed.breaks.range(from..=to).next().is_some();
        // Before the second character and behind the last but one is outside.
        let within = first > 1 && last + 2 < printed.text.len();
        let extracted = usize::from(at_break || !within);
        let count = counts_of(counts, place.block.kind);
        count.own += 1;
        count.extracted += extracted;
        if breaks_a_paragraph(place.block) {
            counts.mid_captions_extracted += extracted;
        }
    }
    let broken = record.blocks.iter().filter(|block| breaks_a_paragraph(block));
    counts.mid_captions += broken.count();
}

fn breaks_a_paragraph(block: &super::TruthBlock) -> bool {
    block.kind == TruthKind::Caption && block.interrupts.is_some()
}
