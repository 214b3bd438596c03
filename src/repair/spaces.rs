//! Stray spaces between Chinese characters: S106.

use super::rules::S106;
use crate::finding::{Choice, Edit, Finding, Level, Message};
use crate::lexicon::Mark;
use crate::segment::{BlockKind, Segmented};
use crate::source::Source;
use crate::span::Span;

/// The stray spaces of a block, in bytes of the file. Names in bylines and credits keep theirs:
/// 王 洋 may be how the paper prints a name of two characters. Furniture goes as a whole.
pub(super) fn stray(source: &Source, segmented: &Segmented, block: usize) -> Vec<Span> {
    let span = segmented.blocks[block].span;
    if segmented.page.lines[block].marks.any(&[Mark::Byline, Mark::Credit]) {
        return Vec::new();
    }
    match segmented.blocks[block].kind {
        kind if kind.is_furniture() => Vec::new(),
        BlockKind::Byline | BlockKind::Table | BlockKind::Verse => Vec::new(),
        _ => segmented.page.stray.spans(span.of(source.text()), span.start),
    }
}

/// One finding for each line with stray spaces.
pub(super) fn findings(source: &Source, segmented: &Segmented) -> Vec<Finding> {
    (0..segmented.blocks.len())
        .filter_map(|block| {
            let spans = stray(source, segmented, block);
            let (first, last) = (spans.first()?.start, spans.last()?.end);
            Some(finding(source, Span::new(first, last), &spans))
        })
        .collect()
}

fn finding(source: &Source, reach: Span, spans: &[Span]) -> Finding {
    let text = source.text();
    // One character on each side shows what the space parts.
    let start = text[..reach.start].char_indices().next_back().map_or(reach.start, |(at, _)| at);
    let end = reach.end + text[reach.end..].chars().next().map_or(0, char::len_utf8);
    let shown = Span::new(start, end);
    let mut right = String::new();
    let mut at = start;
    for span in spans {
        right.push_str(&text[at..span.start]);
        at = span.end;
    }
    right.push_str(&text[at..end]);
    let delete = |span: &Span| Edit::Replace {
        span: *span,
        old: span.of(text).to_string(),
        new: String::new(),
    };
    Finding {
        rule: &S106,
        grade: "throughout",
        span: shown,
        wrong: shown.of(text).to_string(),
        confidence: 0.0,
        highest: Level::Auto,
        choices: vec![Choice { right, confidence: 0.0, edits: spans.iter().map(delete).collect() }],
        message: Message::new(
            "汉字之间的空格是识别软件加的，全文如此，应删",
            "The OCR program put spaces between characters throughout: remove them",
        ),
        evidence: Vec::new(),
    }
}
