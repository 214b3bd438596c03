//! The list of errata (勘误表): a row for each suggestion, as CSV and as a workbook write it.

use super::frame::visible;
use super::words;
use crate::finding::{Choice, Language, Suggestion};
use crate::source::Source;
use crate::span::Span;

/// Characters of the line shown on each side of the slip.
const CONTEXT: usize = 20;

/// Characters of a wrong or right text that are shown. A moved caption may be a whole paragraph.
const LONGEST: usize = 300;

/// A row of the list. Nothing in it is made safe for a format yet, but what cannot be seen is
/// shown as [`visible`] shows it, and no cell but `right` has a line end.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The file as it was named to kanwu.
    pub file: String,
    /// Line and column, of a layout file also page and block.
    pub place: String,
    /// What stands there.
    pub wrong: String,
    /// What should; several choices are numbered, a line for each.
    pub right: String,
    /// Why, with the evidence.
    pub reason: String,
    /// Id and name of the rule.
    pub rule: String,
    /// The level, in words.
    pub level: &'static str,
    /// Probability (0 to 1) that something is wrong here.
    pub confidence: f64,
    /// The line before the slip, the slip, and the line behind it.
    pub context: [String; 3],
}

impl Row {
    /// The row of a suggestion about `source`.
    pub fn new(source: &Source, suggestion: &Suggestion, language: Language) -> Self {
        let finding = &suggestion.finding;
        let evidence = finding.evidence.iter().map(|evidence| evidence.message.get(language));
        let reason: Vec<&str> =
            [finding.message.get(language)].into_iter().chain(evidence).collect();
        Self {
            file: visible(source.name()),
            place: place(source, finding.span.start, language),
            wrong: shown(&finding.wrong, language),
            right: rights(&finding.choices, language),
            reason: visible(&reason.join(words::between_reasons(language))),
            rule: format!("{} {}", finding.rule.id, finding.rule.name.get(language)),
            level: words::level(suggestion.level, language),
            confidence: finding.confidence,
            context: context(source, finding.span),
        }
    }
}

/// Where byte `at` stands, in words: a spreadsheet would take 12/3 or 12:41 for a date or a time.
pub(super) fn place(source: &Source, at: usize, language: Language) -> String {
    let position = source.position(at);
    match source.layout().and_then(|layout| layout.line(position.line - 1)) {
        Some(line) => {
            words::at_place_of_page(line.page, line.block, line.line, position.column, language)
        }
        None => words::at_place(position.line, position.column, language),
    }
}

/// The right texts, best first.
fn rights(choices: &[Choice], language: Language) -> String {
    match choices {
        [] => words::asks(language).to_string(),
        [only] => shown(&only.right, language),
        several => {
            let lines = several.iter().enumerate().map(|(number, choice)| {
                let right = shown(&choice.right, language);
                format!("{}. {right} {:.0}%", number + 1, (choice.confidence * 100.0).floor())
            });
            lines.collect::<Vec<String>>().join("\n")
        }
    }
}

/// A text of a finding on one line, the end of a very long one left out.
fn shown(text: &str, language: Language) -> String {
    if text.is_empty() {
        return words::nothing(language).to_string();
    }
    visible(&cut(text))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text[..end].to_string() + "…",
        None => text.to_string(),
    }
}

/// The slip between what stands before and behind it, line ends left out: a page has one after
/// each printed line.
fn context(source: &Source, span: Span) -> [String; 3] {
    let text = source.text();
    let flowing = |c: &char| !matches!(c, '\n' | '\r' | '\u{feff}');
    let mut before: Vec<char> =
        text[..span.start].chars().rev().filter(flowing).take(CONTEXT).collect();
    before.reverse();
    let after = text[span.end..].chars().filter(flowing).take(CONTEXT);
    let slip: String = span.of(text).chars().filter(flowing).collect();
    let visible = |text: String| visible(&text);
    [visible(before.into_iter().collect()), visible(cut(&slip)), visible(after.collect())]
}

/// The headings of the list, in the order of the columns both formats have.
pub fn headings(language: Language) -> [&'static str; 9] {
    match language {
        Language::Chinese => {
            ["文件", "页/行", "原文", "建议", "理由", "规则", "级别", "置信度", "上下文"]
        }
        Language::English => [
            "File",
            "Page/line",
            "Text",
            "Suggestion",
            "Reason",
            "Rule",
            "Level",
            "Confidence",
            "Context",
        ],
    }
}
