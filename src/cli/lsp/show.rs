//! Suggestions as the editor shows them: marks in the text, and what is told about one.

use gen_lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Hover, Location, MarkupContent,
    MarkupKind, Position,
};
use serde_json::json;

use super::check::Checked;
use super::client::Client;
use super::words;
use kanwu::emit::frame::{shown, visible};
use kanwu::emit::words::{asks, level, manual};
use kanwu::{Language, Span, Suggestion};

/// What the editor names as the origin of a mark.
const SOURCE: &str = "kanwu";

/// The code of a mistake in a switch of the text.
const SWITCH: &str = "switch";

/// All marks of a text.
pub(super) fn diagnostics(checked: &Checked, client: &Client) -> Vec<Diagnostic> {
    let suggestions = checked.suggestions.iter().map(|s| diagnostic(checked, client, s));
    let mistakes = checked.mistakes.iter().map(|(line, problem)| Diagnostic {
        range: range(checked, checked.ruler.line(&checked.text, line - 1)),
        severity: Some(DiagnosticSeverity::Warning),
        code: Some(SWITCH.into()),
        source: Some(SOURCE.to_string()),
        message: problem.clone().into(),
        ..blank()
    });
    suggestions.chain(mistakes).collect()
}

/// The mark of a suggestion.
pub(super) fn diagnostic(
    checked: &Checked,
    client: &Client,
    suggestion: &Suggestion,
) -> Diagnostic {
    let finding = &suggestion.finding;
    let language = checked.setup.language;
    let related = finding.evidence.iter().filter_map(|evidence| {
        let span = checked.place(evidence.span?)?;
        let location = Location { uri: checked.uri.clone(), range: range(checked, span) };
        let message = visible(evidence.message.get(language));
        Some(DiagnosticRelatedInformation { location, message })
    });
    let related: Vec<_> = related.collect();
    Diagnostic {
        range: mark(checked, suggestion),
        severity: Some(checked.setup.severity(suggestion.level)),
        code: Some(finding.rule.id.into()),
        source: Some(SOURCE.to_string()),
        message: message(suggestion, language).into(),
        related_information: (client.related && !related.is_empty()).then_some(related),
        data: Some(json!({ "id": suggestion.id, "level": suggestion.level.name() })),
        ..blank()
    }
}

/// The mark of a mistake in a line, from 0, of settings or of a table.
pub(super) fn mistake(line: usize, problem: &str) -> Diagnostic {
    let line = u32::try_from(line).unwrap_or_default();
    // A column behind a line is its end.
    let end = Position { line, character: i32::MAX as u32 };
    Diagnostic {
        range: gen_lsp_types::Range { start: Position { line, character: 0 }, end },
        severity: Some(DiagnosticSeverity::Error),
        source: Some(SOURCE.to_string()),
        message: problem.to_string().into(),
        ..blank()
    }
}

fn blank() -> Diagnostic {
    Diagnostic {
        range: gen_lsp_types::Range::default(),
        severity: None,
        code: None,
        code_description: None,
        source: None,
        message: String::new().into(),
        tags: None,
        related_information: None,
        data: None,
    }
}

/// Where a suggestion stands. What stands between the words of a layout file has no place of its
/// own; it is shown at the start of the file rather than not at all.
fn mark(checked: &Checked, suggestion: &Suggestion) -> gen_lsp_types::Range {
    let span = checked.place(suggestion.finding.span);
    span.map(|span| range(checked, span)).unwrap_or_default()
}

fn range(checked: &Checked, span: Span) -> gen_lsp_types::Range {
    checked.ruler.range(&checked.text, span)
}

/// Why, and what is proposed.
fn message(suggestion: &Suggestion, language: Language) -> String {
    let finding = &suggestion.finding;
    let why = visible(finding.message.get(language));
    let wrong = shown(&finding.wrong, language);
    if finding.choices.is_empty() {
        return format!("{why}\n{wrong} ? {}", asks(language));
    }
    let rights: Vec<String> =
        finding.choices.iter().map(|choice| shown(&choice.right, language)).collect();
    format!("{why}\n{wrong} → {}", rights.join(" | "))
}

/// What is told about the suggestions at a place: reason, choices, evidence, and the manual of their
/// rules.
pub(super) fn hover(checked: &Checked, client: &Client, position: Position) -> Option<Hover> {
    let at = Span::at(checked.ruler.byte(&checked.text, position));
    let mut suggestions: Vec<&Suggestion> = checked.around(at).collect();
    // A join lies over all between its lines: what is said of the place itself comes first.
    suggestions.sort_by_key(|suggestion| suggestion.finding.span.len());
    let first = suggestions.first()?;
    let parts: Vec<String> = suggestions.iter().map(|s| page(checked, s)).collect();
    let text = parts.join("\n\n---\n\n");
    let (kind, value) = match client.markdown {
        true => (MarkupKind::Markdown, text),
        false => (MarkupKind::PlainText, plain(&text)),
    };
    let range = Some(mark(checked, first));
    Some(Hover { contents: MarkupContent { kind, value }.into(), range })
}

/// One suggestion, in Markdown.
fn page(checked: &Checked, suggestion: &Suggestion) -> String {
    let finding = &suggestion.finding;
    let language = checked.setup.language;
    let rule = finding.rule;
    let mut lines = vec![
        format!(
            "**{} {}** · {} · {}",
            rule.id,
            rule.name.get(language),
            level(suggestion.level, language),
            words::confidence(finding.confidence)
        ),
        escaped(&visible(finding.message.get(language))),
    ];
    let wrong = escaped(&shown(&finding.wrong, language));
    match finding.choices.as_slice() {
        [] => lines.push(format!("{wrong} ? {}", asks(language))),
        choices => {
            let choices = choices.iter().map(|choice| {
                let right = escaped(&shown(&choice.right, language));
                format!("- {wrong} → **{right}** {}", words::confidence(choice.confidence))
            });
            lines.push(choices.collect::<Vec<_>>().join("\n"));
        }
    }
    let evidence = finding.evidence.iter().map(|evidence| {
        let message = escaped(&visible(evidence.message.get(language)));
        match evidence.span {
            Some(span) => {
                let line = checked.source.position(span.start).line;
                format!("- {}", words::evidence(line, &message, language))
            }
            None => format!("- {message}"),
        }
    });
    let evidence: Vec<String> = evidence.collect();
    if !evidence.is_empty() {
        lines.push(evidence.join("\n"));
    }
    let headings = manual(language);
    lines.push(escaped(rule.summary.get(language)));
    lines.push(format!("*{}* {}", headings.why, escaped(rule.why.get(language))));
    if let Some(standard) = rule.standard {
        lines.push(format!("*{}* {}", headings.standard, escaped(standard)));
    }
    lines.join("\n\n")
}

/// A text in which nothing means anything to Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// Markdown of [`page`] as plain text.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.extend(characters.next()),
            '*' => {}
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markdown() {
        let text = "*a* <b> [c](d) `e` \\ _f_ # 一、“二”";
        assert_eq!(plain(&format!("**{}**", escaped(text))), text);
        assert_eq!(escaped("<b>"), "\\<b\\>");
    }
}
