//! Captions, headlines and jump lines, which may stand anywhere in a text.

use std::collections::BTreeSet;

use super::counts::{FloatCounts, PageCounts};
use super::record::{PageRecord, TruthBlock, TruthKind};
use super::units::Comparison;
use crate::eval::{Match, distance, find};

/// A text run together, with the places of its paragraph breaks.
#[derive(Debug, Default)]
pub(super) struct Paper {
    pub(super) text: Vec<char>,
    pub(super) breaks: BTreeSet<usize>,
}

/// A piece that was found.
pub(super) struct Place<'a> {
    pub(super) block: &'a TruthBlock,
    /// Where it stood in the text that is left.
    pub(super) at: usize,
    /// Whether it stood in paragraphs of its own.
    pub(super) own: bool,
}

/// The counts of a kind of piece.
pub(super) fn counts_of(counts: &mut PageCounts, kind: TruthKind) -> &mut FloatCounts {
    match kind {
        TruthKind::Caption => &mut counts.captions,
        TruthKind::Headline => &mut counts.headlines,
        _ => &mut counts.jump_lines,
    }
}

/// Takes the pieces out of a text and counts what they cost.
pub(super) fn take_out<'a>(
    record: &'a PageRecord,
    comparison: Comparison,
    units: Vec<Vec<char>>,
    counts: &mut PageCounts,
) -> (Paper, Vec<Place<'a>>) {
    let mut paper = Paper::new(units);
    let mut places: Vec<Place<'_>> = Vec::new();
    for block in record.floats() {
        let printed = comparison.characters(&block.text);
        // To keep a jump line or not is a matter of taste.
        let counted = block.kind != TruthKind::Jump;
        counts.characters += if counted { printed.len() } else { 0 };
        let count = counts_of(counts, block.kind);
        count.all += 1;
        let Some(place) = look_for(block, &printed, comparison, &paper.text) else {
            counts.errors += if counted { printed.len() } else { 0 };
            continue;
        };
        count.found += 1;
        let (start, end) = paper.to_edges(place);
        let own = paper.is_edge(start) && paper.is_edge(end);
        if counted {
            counts.errors += distance(&printed, &paper.text[start..end]);
        }
        paper.cut(start, end);
        for place in &mut places {
            place.at = moved(place.at, start, end);
        }
        places.push(Place { block, at: start, own });
    }
    (paper, places)
}

/// The place of a piece, as printed or as read, where it resembles the text most. Of a piece of
/// which more than four characters in ten are wrong nothing is left.
fn look_for(
    block: &TruthBlock,
    printed: &[char],
    comparison: Comparison,
    text: &[char],
) -> Option<Match> {
    let mut best: Option<(f64, Match)> = None;
    for form in comparison.forms(&block.text, block.ocr.as_deref()) {
        if form.len() < 4 && form != printed {
            continue;
        }
        let place = find(&form, text);
        let unlike = place.distance as f64 / form.len() as f64;
        if best.is_none_or(|(least, _)| unlike < least) {
            best = Some((unlike, place));
        }
    }
    best.filter(|(unlike, _)| *unlike <= 0.4).map(|(_, place)| place)
}

/// Where `at` is after the cut of `start..end`.
fn moved(at: usize, start: usize, end: usize) -> usize {
    if at >= end { at - (end - start) } else { at.min(start) }
}

impl Paper {
    fn new(units: Vec<Vec<char>>) -> Self {
        let mut paper = Self::default();
        for unit in units {
            paper.text.extend(unit);
            paper.breaks.insert(paper.text.len());
        }
        paper.breaks.remove(&paper.text.len());
        paper
    }

    fn is_edge(&self, at: usize) -> bool {
        at == 0 || at == self.text.len() || self.breaks.contains(&at)
    }

    /// The place, with its ends moved to the edge of a paragraph where one stray character or two
    /// are between.
    fn to_edges(&self, place: Match) -> (usize, usize) {
        let (mut start, mut end) = (place.start, place.end);
        for step in [1, 2] {
            let before = start.checked_sub(step).filter(|before| self.is_edge(*before));
            if let Some(before) = before.filter(|_| !self.is_edge(start)) {
                start = before;
            }
            if !self.is_edge(end) && self.is_edge(end + step) {
                end += step;
            }
        }
        (start, end)
    }

    fn cut(&mut self, start: usize, end: usize) {
        self.text.drain(start..end);
        let inside = |at: &usize| *at <= start || *at >= end;
        let breaks = self.breaks.iter().copied().filter(inside);
        let length = self.text.len();
        self.breaks =
            breaks.map(|at| moved(at, start, end)).filter(|at| (1..length).contains(at)).collect();
    }
}
