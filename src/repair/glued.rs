//! Line breaks that were lost: S107.

use std::sync::LazyLock;

use regex::Regex;

use super::rules::S107;
use crate::finding::{Choice, Edit, Finding, Level, Message};
use crate::segment::{BlockKind, Segmented};
use crate::source::Source;
use crate::span::Span;

/// A jump line at the end of a text line.
static JUMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[^\s]\s*([（(][下卜]转第?\s*\S{1,3}\s*版[）)])$").expect("the pattern is right")
});
/// The opening of another story behind a full stop.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[。！？”]\s*(■\s*\S|本报讯\s*[（(]|本报记者\s*\p{Han}{2,4}\s*报道)")
        .expect("the pattern is right")
});

/// True when a jump line stands at the end of the text.
pub(super) fn ends_in_jump(text: &str) -> bool {
    JUMP.is_match(text)
}

/// A finding for each place where a line of its own is glued to text.
pub(super) fn findings(source: &Source, segmented: &Segmented) -> Vec<Finding> {
    let mut findings = Vec::new();
    for block in
        segmented.blocks.iter().filter(|b| b.kind.is_text() || b.kind == BlockKind::Headline)
    {
        let text = block.span.of(source.text());
        for (regex, grade) in [(&OPENING, "opening"), (&JUMP, "jump")] {
            let places = regex.captures_iter(text).filter_map(|found| Some(found.get(1)?.start()));
            // A mark alone is no line: it is left of what stood before, or a speck.
            let glued = places.filter(|at| text[..*at].contains(char::is_alphanumeric));
            findings.extend(glued.map(|at| finding(source, block.span, at, grade)));
        }
    }
    findings
}

fn finding(source: &Source, block: Span, at: usize, grade: &'static str) -> Finding {
    let text = source.text();
    // White space before the place becomes the line break.
    let place = block.start + at;
    let kept = text[block.start..place].trim_end().len();
    let gap = Span::new(block.start + kept, place);
    let shown_from = text[block.start..gap.start].char_indices().rev().nth(5).map_or(0, |(i, _)| i);
    let shown_to =
        text[place..block.end].char_indices().nth(6).map_or(block.end - place, |(i, _)| i);
    let shown = Span::new(block.start + shown_from, place + shown_to);
    let (left, right) = (&text[shown.start..gap.start], &text[place..shown.end]);
    let old = gap.of(text).to_string();
    let edit = Edit::Replace { span: gap, old, new: source.terminator().to_string() };
    let message = match grade {
        "jump" => Message::new(
            "转版行接在了正文后面，应另起一行",
            "A jump line is glued to the text: give it a line of its own",
        ),
        _ => Message::new(
            "另一篇的开头接在了上一段后面，应另起一行",
            "The opening of another story is glued to the paragraph: start a new line",
        ),
    };
    Finding {
        rule: &S107,
        grade,
        span: shown,
        wrong: shown.of(text).to_string(),
        confidence: 0.0,
        highest: Level::Auto,
        choices: vec![Choice {
            right: format!("{left}⏎{right}"),
            confidence: 0.0,
            edits: vec![edit],
        }],
        message,
        evidence: Vec::new(),
    }
}
