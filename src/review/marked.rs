//! A text as a proofreader sees it: in the order it has when all is accepted, with what goes and
//! what comes marked in place.

use rustc_hash::FxHashMap;

use crate::apply::{Part, apply_part};
use crate::finding::{Edit, Suggestion};
use crate::span::Span;

/// A stretch of the text of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The text; never empty.
    pub text: String,
    /// What becomes of it.
    pub mark: Mark,
    /// Where it starts in the text, in bytes; of what is put in, where that which goes starts.
    pub at: usize,
    /// The suggestion it belongs to, by its number in the list given; always there unless the text
    /// is [`Mark::Kept`].
    pub suggestion: Option<usize>,
    /// The suggestion that moves it here.
    pub moved: Option<usize>,
}

/// What becomes of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// It stays.
    Kept,
    /// It is taken away.
    Gone,
    /// It is put in.
    New,
    /// It stays, and a suggestion asks about it.
    Asked,
}

/// The runs of `text` with the choice of each suggestion, by its index, that is to be shown; a
/// suggestion without one, or whose edits get in the way of those before it, only asks.
pub fn marked(text: &str, suggestions: &[(&Suggestion, Option<usize>)]) -> Vec<Run> {
    marked_part(text, Span::new(0, text.len()), suggestions)
}

/// The runs of a part of `text` alone; the edits of the suggestions must lie within it.
pub fn marked_part(
    text: &str,
    part: Span,
    suggestions: &[(&Suggestion, Option<usize>)],
) -> Vec<Run> {
    let edits: Vec<&[Edit]> = suggestions.iter().map(|(s, choice)| edits(s, *choice)).collect();
    let made = apply_part(text, part, &edits);
    let refused: Vec<usize> = made.refused.iter().map(|(number, _)| *number).collect();
    let mut owners = Owners::default();
    let mut asked: Vec<(Span, usize)> = Vec::new();
    for (number, (suggestion, _)) in suggestions.iter().enumerate() {
        if edits[number].is_empty() || refused.contains(&number) {
            asked.push((suggestion.finding.span, number));
        } else {
            owners.add(edits[number], number);
        }
    }
    asked.sort();
    let mut runs = Runs(Vec::new());
    for part in made.parts() {
        match part {
            Part::Kept(span) => runs.keep(text, *span, &asked, owners.mover(*span)),
            Part::New { old, new } => {
                let (suggestion, moved) = (owners.replaced.get(old).copied(), owners.mover(*old));
                runs.push(old.of(text), old.start, Mark::Gone, suggestion, moved);
                runs.push(new, old.start, Mark::New, suggestion, moved);
            }
        }
    }
    runs.0
}

fn edits(suggestion: &Suggestion, choice: Option<usize>) -> &[Edit] {
    let choice = choice.and_then(|choice| suggestion.finding.choices.get(choice));
    choice.map_or(&[], |choice| &choice.edits)
}

/// Which suggestion makes an edit: the first of those that make the same.
#[derive(Default)]
struct Owners {
    replaced: FxHashMap<Span, usize>,
    moved: Vec<(Span, usize)>,
}

impl Owners {
    fn add(&mut self, edits: &[Edit], number: usize) {
        for edit in edits {
            match edit {
                Edit::Replace { span, .. } => {
                    self.replaced.entry(*span).or_insert(number);
                }
                Edit::Move { span, .. } => self.moved.push((*span, number)),
            }
        }
    }

    fn mover(&self, span: Span) -> Option<usize> {
        self.moved.iter().find(|(moved, _)| moved.contains(span)).map(|(_, number)| *number)
    }
}

struct Runs(Vec<Run>);

impl Runs {
    fn push(
        &mut self,
        text: &str,
        at: usize,
        mark: Mark,
        suggestion: Option<usize>,
        moved: Option<usize>,
    ) {
        if !text.is_empty() {
            self.0.push(Run { text: text.to_string(), mark, at, suggestion, moved });
        }
    }

    /// Adds text that stays, cut where something is asked about it.
    fn keep(&mut self, text: &str, span: Span, asked: &[(Span, usize)], moved: Option<usize>) {
        let mut at = span.start;
        let from = asked.partition_point(|(asked, _)| asked.end <= span.start);
        for (asked, number) in &asked[from..] {
            let (start, end) = (asked.start.max(at), asked.end.min(span.end));
            if asked.start >= span.end {
                break;
            }
            if start < end {
                self.push(&text[at..start], at, Mark::Kept, None, moved);
                self.push(&text[start..end], start, Mark::Asked, Some(*number), moved);
                at = end;
            }
        }
        self.push(&text[at..span.end], at, Mark::Kept, None, moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Choice, Finding, Level, Message};
    use crate::rules;

    fn suggestion(span: Span, edits: Vec<Edit>) -> Suggestion {
        let choices = vec![Choice { right: String::new(), confidence: 1.0, edits }];
        let finding = Finding {
            rule: rules::all()[0],
            grade: "",
            span,
            wrong: String::new(),
            confidence: 1.0,
            highest: Level::Auto,
            choices,
            message: Message::new("", ""),
            evidence: Vec::new(),
        };
        Suggestion { id: String::new(), level: Level::Review, finding }
    }

    fn replace(start: usize, end: usize, old: &str, new: &str) -> Edit {
        Edit::Replace { span: Span::new(start, end), old: old.into(), new: new.into() }
    }

    fn shown(text: &str, suggestions: &[Suggestion]) -> String {
        let all: Vec<(&Suggestion, Option<usize>)> =
            suggestions.iter().map(|suggestion| (suggestion, Some(0))).collect();
        let show = |run: Run| {
            let moved = if run.moved.is_some() { "^" } else { "" };
            match run.mark {
                Mark::Kept => format!("{moved}{}", run.text),
                Mark::Gone => format!("{moved}[-{}]", run.text),
                Mark::New => format!("{moved}[+{}]", run.text),
                Mark::Asked => format!("{moved}[?{}]", run.text),
            }
        };
        marked(text, &all).into_iter().map(show).collect()
    }

    #[test]
    fn what_goes_comes_and_moves_is_shown_in_place() {
        let join = vec![Edit::Move { span: Span::new(2, 6), to: 9 }, replace(6, 7, "\n", "")];
        let suggestions = [
            suggestion(Span::new(1, 7), join),
            suggestion(Span::new(4, 5), vec![replace(4, 5, "A", "O")]),
            suggestion(Span::new(8, 10), Vec::new()),
        ];
        let marked = shown("ab\nCAP\ncd\nef", &suggestions);
        assert_eq!(marked, "ab[-\n]c[?d]^\nC^[-A]^[+O]^P[?\n]ef");
    }

    #[test]
    fn a_part_stands_alone() {
        let second = suggestion(Span::new(4, 5), vec![replace(4, 5, "d", "D")]);
        let runs = marked_part("ab\ncde\nf", Span::new(3, 7), &[(&second, Some(0))]);
        let texts: Vec<&str> = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["c", "d", "D", "e\n"]);
        assert_eq!(runs.iter().map(|run| run.at).collect::<Vec<_>>(), [3, 4, 4, 5]);
    }

    #[test]
    fn what_is_in_the_way_only_asks() {
        let suggestions = [
            suggestion(Span::new(0, 2), vec![replace(0, 2, "ab", "x")]),
            suggestion(Span::new(1, 3), vec![replace(1, 3, "bc", "y")]),
        ];
        assert_eq!(shown("abcd", &suggestions), "[-ab][+x][?c]d");
    }
}
