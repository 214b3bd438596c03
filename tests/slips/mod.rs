//! Suggestions made by hand, one of each kind: no rule and no dictionary has a say here.

use kanwu::finding::{Evidence, Finding};
use kanwu::rules::{Manual, Rule};
use kanwu::{Choice, Edit, Level, Message, Source, Span, Suggestion};

pub(crate) static DOUBLED: Rule = Rule {
    id: "C103",
    name: Manual { zh: "叠字", en: "Doubled character" },
    summary: Manual { zh: "多出的字。", en: "A character too many." },
    why: Manual { zh: "排字或识别时重复。", en: "Set or read twice." },
    standard: None,
    examples: &[],
    silent_on: &[],
    statistical: false,
    level: Level::Auto,
    build: None,
};

pub(crate) const PAGE: &str =
    "这种做法难以以为继。\n王洋\t说：“要有效协\n\n同推进”，\u{200b}聚原广场难以以为继。\n";

pub(crate) fn source() -> Source {
    Source::new("要闻.txt", PAGE)
}

pub(crate) fn replace(span: Span, new: &str) -> Edit {
    Edit::Replace { span, old: span.of(PAGE).to_string(), new: new.to_string() }
}

/// A suggestion about the `nth` place where `wrong` stands, from 0.
pub(crate) fn suggestion(
    wrong: &str,
    nth: usize,
    level: Level,
    rights: &[(&str, f64)],
) -> Suggestion {
    let start = PAGE.match_indices(wrong).nth(nth).expect("the text stands in the page").0;
    let span = Span::new(start, start + wrong.len());
    let choices = rights.iter().map(|(right, confidence)| Choice {
        right: right.to_string(),
        confidence: *confidence,
        edits: vec![replace(span, right)],
    });
    let finding = Finding {
        rule: &DOUBLED,
        grade: "word",
        span,
        wrong: wrong.replace("\n\n", "|"),
        confidence: 0.968_75,
        highest: Level::Auto,
        choices: choices.collect(),
        message: Message::new("读来不通", "it does not read well"),
        evidence: Vec::new(),
    };
    Suggestion { id: format!("{start:016x}"), level, finding }
}

/// One of each kind: plain, a question with evidence, a seam, several choices, an equal one.
pub(crate) fn suggestions() -> Vec<Suggestion> {
    let mut asked = suggestion("王洋", 0, Level::Hint, &[]);
    let place = PAGE.find("推进").expect("the text stands in the page");
    asked.finding.evidence = vec![
        Evidence { span: Some(Span::new(place, place + 6)), message: Message::new("甲", "here") },
        Evidence { span: None, message: Message::new("乙", "elsewhere") },
    ];
    vec![
        suggestion("难以以为继", 0, Level::Auto, &[("难以为继", 0.968_75)]),
        asked,
        suggestion("有效协\n\n同推进", 0, Level::Review, &[("有效协同推进", 0.9)]),
        suggestion("\u{200b}", 0, Level::Auto, &[("", 1.0)]),
        suggestion("聚原广场", 0, Level::Review, &[("聚源广场", 0.6), ("聚圆广场", 0.3)]),
        suggestion("难以以为继", 1, Level::Auto, &[("难以为继", 0.968_75)]),
    ]
}
