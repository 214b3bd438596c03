//! Running heads and page numbers: S104.

use super::rules::S104;
use crate::finding::{Choice, Edit, Finding, Level, Message};
use crate::segment::{BlockKind, Segmented, shows_furniture};
use crate::source::Source;
use crate::span::Span;

/// A finding for each line of page furniture.
pub(super) fn findings(source: &Source, segmented: &Segmented) -> Vec<Finding> {
    let furniture = |i: usize| segmented.blocks[i].kind.is_furniture();
    let count = segmented.blocks.len();
    let top = (0..count).take_while(|i| furniture(*i)).count();
    let bottom = (0..count).rev().take_while(|i| furniture(*i)).count();
    // A file of nothing but furniture was cut out by somebody who wanted it.
    if top == count {
        return Vec::new();
    }
    (0..count)
        .filter(|i| furniture(*i))
        .map(|i| {
            let at_edge = i < top || i >= count - bottom;
            finding(source, segmented, i, i < top, at_edge)
        })
        .collect()
}

fn finding(
    source: &Source,
    segmented: &Segmented,
    block: usize,
    at_top: bool,
    at_edge: bool,
) -> Finding {
    let line = &segmented.page.lines[block];
    let text = line.span.of(source.text());
    // A headline may repeat as well: it has no other sign of furniture.
    let grade = match (at_edge, line.repeats > 0 && shows_furniture(line)) {
        (true, _) => "edge",
        (_, true) => "repeated",
        _ => "inner",
    };
    let span = removed(source, line.number, line.span, at_top);
    let edit = Edit::Replace { span, old: span.of(source.text()).to_string(), new: String::new() };
    let message = match segmented.blocks[block].kind {
        BlockKind::PageNumber => Message::new(
            "版次、页码是版面上的，不是正文，应删",
            "A page number belongs to the page, not to the text: remove it",
        ),
        _ => Message::new(
            "报眉（报名、日期、版名、责编）是版面上的，不是正文，应删",
            "A running head (paper, date, section, staff) belongs to the page, not to the text: remove it",
        ),
    };
    Finding {
        rule: &S104,
        grade,
        span: line.span,
        wrong: text.to_string(),
        confidence: 0.0,
        highest: Level::Auto,
        choices: vec![Choice { right: String::new(), confidence: 0.0, edits: vec![edit] }],
        message,
        evidence: Vec::new(),
    }
}

/// The line with the line break before it; at the top of the file with the one behind it.
fn removed(source: &Source, number: usize, text: Span, at_top: bool) -> Span {
    let lines = source.lines();
    match number.checked_sub(1).filter(|_| !at_top) {
        Some(before) => Span::new(lines[before].span.end, text.end),
        None => Span::new(text.start, lines[number].end),
    }
}
