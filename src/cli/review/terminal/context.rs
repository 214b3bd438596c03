//! The text around a suggestion, with what it changes marked in place.

use super::session::{Outcome, Session};
use crate::cli::review::desk::Desk;
use kanwu::emit::frame::visible;
use kanwu::review::{Mark, Run, State, Verdict, marked_part, reworded};
use kanwu::{Choice, Edit, Source, Span, Suggestion};

/// What a stretch of the text is to the suggestion in work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Look {
    /// Nothing.
    Plain,
    /// It takes it away.
    Gone,
    /// It puts it in.
    New,
    /// It has moved it here.
    Moved,
    /// It asks about it.
    Asked,
    /// Another suggestion, not decided on, is about it.
    Other,
    /// What another suggestion changes, as was decided.
    Decided,
    /// A line break that another suggestion takes away.
    Faint,
}

impl Look {
    /// True for what the suggestion in work changes or asks about.
    pub(super) fn is_change(self) -> bool {
        matches!(self, Self::Gone | Self::New | Self::Asked)
    }
}

/// A paragraph as it reads with the changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Paragraph {
    /// Number of the line of the file it begins in, from 1.
    pub(super) line: usize,
    /// Its text, with everything made visible.
    pub(super) stretches: Vec<(String, Look)>,
}

/// The number the suggestion in work has among those that are marked: the first, so that no other
/// gets in its way.
const FOCUS: usize = 0;

/// The paragraphs around suggestion `index`, at most about `room` characters on either side.
pub(super) fn around(desk: &Desk, session: &Session, index: usize, room: usize) -> Vec<Paragraph> {
    let (text, number) = desk.text_of(index);
    let source = &text.source;
    let focus = shown(desk, session, index, &text.suggestions[number], true);
    let part = window(source, reach(&focus.0, focus.1), room);
    let mut marked: Vec<(Suggestion, Option<usize>)> = vec![focus];
    let from = text.suggestions.partition_point(|other| other.finding.span.start < part.start);
    for (other, suggestion) in text.suggestions.iter().enumerate().skip(from) {
        let index = text.indices.start + other;
        if suggestion.finding.span.end > part.end {
            break;
        }
        if other != number && session.outcomes[index] != Outcome::Rejected {
            let (suggestion, choice) = shown(desk, session, index, suggestion, false);
            let within = part.contains(reach(&suggestion, choice));
            marked.push((suggestion, choice.filter(|_| within)));
        }
    }
    let list: Vec<(&Suggestion, Option<usize>)> =
        marked.iter().map(|(suggestion, choice)| (suggestion, *choice)).collect();
    let is_decided = |number: usize| list[number].1.is_some();
    paragraphs(source, &marked_part(source.text(), part, &list), is_decided)
}

/// A suggestion with the choice to show: of the one in work the choice looked at, of another what
/// was decided; a join nobody has decided on is shown as made, for the text to be read.
fn shown(
    desk: &Desk,
    session: &Session,
    index: usize,
    suggestion: &Suggestion,
    in_work: bool,
) -> (Suggestion, Option<usize>) {
    let mut suggestion = suggestion.clone();
    let text = desk.text_of(index).0.source.text();
    let decided = match desk.proof.state(index) {
        State::Decided(decision) => Some(&decision.verdict),
        _ => None,
    };
    let choice = match decided {
        Some(Verdict::Replace { text: own }) => {
            reworded(text, &suggestion, own).ok().map(|edits| {
                let right = own.clone();
                suggestion.finding.choices.push(Choice { right, confidence: 1.0, edits });
                suggestion.finding.choices.len() - 1
            })
        }
        _ if in_work => Some(session.choice),
        Some(Verdict::Accept { .. }) => {
            let record = &desk.proof.suggestions()[index];
            match desk.proof.standing().verdict(record) {
                Ok(Some(Verdict::Accept { choice })) => Some(choice - 1),
                _ => None,
            }
        }
        Some(_) => None,
        None => (suggestion.finding.rule.family() == "S").then_some(0),
    };
    (suggestion, choice)
}

/// From the first to the last byte a choice shows, changes or moves across.
fn reach(suggestion: &Suggestion, choice: Option<usize>) -> Span {
    let choice = choice.and_then(|choice| suggestion.finding.choices.get(choice));
    let edits = choice.into_iter().flat_map(|choice| &choice.edits);
    edits.map(Edit::reach).fold(suggestion.finding.span, |reach, edit| {
        Span::new(reach.start.min(edit.start), reach.end.max(edit.end))
    })
}

/// `reach` with about `room` characters on either side, from the start of a line to the end of one
/// where lines are not longer than that.
fn window(source: &Source, reach: Span, room: usize) -> Span {
    let text = source.text();
    let before = text[..reach.start].char_indices().rev().take(room).last();
    let start = before.map_or(reach.start, |(at, _)| at);
    let end =
        text[reach.end..].char_indices().nth(room).map_or(text.len(), |(at, _)| reach.end + at);
    let line_start = text[start..reach.start].find('\n').map_or(start, |at| start + at + 1);
    let start = if start == 0 { 0 } else { line_start };
    let line_end = text[reach.end..end].rfind('\n').map_or(end, |at| reach.end + at + 1);
    Span::new(start, if end == text.len() { end } else { line_end })
}

/// The runs of a text as paragraphs; blank lines are left out.
fn paragraphs(source: &Source, runs: &[Run], is_decided: impl Fn(usize) -> bool) -> Vec<Paragraph> {
    let mut paragraphs = vec![Paragraph::default()];
    for run in runs {
        let Some(look) = look(run, &is_decided) else { continue };
        if look == Look::Plain || look == Look::Moved {
            let mut at = run.at;
            for (number, line) in run.text.split('\n').enumerate() {
                if number > 0 {
                    paragraphs.push(Paragraph::default());
                }
                add(&mut paragraphs, source, at, line, look);
                at += line.len() + 1;
            }
        } else {
            // Blank lines between joined ones are one break to the reader.
            let breaks = run.text.chars().filter(|character| *character == '\n').count();
            let text = match breaks > 1 && run.text.trim().is_empty() {
                true => "\n",
                false => run.text.as_str(),
            };
            add(&mut paragraphs, source, run.at, text, look);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.stretches.is_empty());
    paragraphs
}

fn add(paragraphs: &mut [Paragraph], source: &Source, at: usize, text: &str, look: Look) {
    let text = visible(text);
    let Some(paragraph) = paragraphs.last_mut().filter(|_| !text.is_empty()) else { return };
    if look == Look::Plain && text.trim().is_empty() && paragraph.stretches.is_empty() {
        return;
    }
    if paragraph.stretches.is_empty() {
        paragraph.line = source.position(at).line;
    }
    match paragraph.stretches.last_mut() {
        Some((last, same)) if *same == look => last.push_str(&text),
        _ => paragraph.stretches.push((text, look)),
    }
}

/// How a run is shown; `None` for what has gone as was decided.
fn look(run: &Run, is_decided: impl Fn(usize) -> bool) -> Option<Look> {
    let line_break = run.text.contains('\n') && run.text.trim().is_empty();
    Some(match (run.mark, run.suggestion) {
        (Mark::Gone, Some(FOCUS)) => Look::Gone,
        (Mark::New, Some(FOCUS)) => Look::New,
        (Mark::Asked, Some(FOCUS)) => Look::Asked,
        (Mark::Gone, _) if line_break => Look::Faint,
        (Mark::Gone, _) => return None,
        (Mark::New, _) => Look::Decided,
        (Mark::Asked, Some(other)) if is_decided(other) => Look::Plain,
        (Mark::Asked, _) => Look::Other,
        (Mark::Kept, _) if run.moved == Some(FOCUS) => Look::Moved,
        (Mark::Kept, _) => Look::Plain,
    })
}
