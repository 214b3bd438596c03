//! The texts cut into blocks: what the page fetches and shows piece by piece, so that an archive
//! opens as fast as a page.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::cli::review::desk::{Desk, Text};
use kanwu::review::{Mark, State, Verdict, marked_part, reworded};
use kanwu::{Choice, Span, Suggestion};

/// Characters from which a line is cut where a sentence ends; from twice as many, anywhere.
const LONG: usize = 1200;

/// The blocks of all texts, in their order.
pub(crate) struct Sheet {
    blocks: Vec<Block>,
    /// The number of the first block of each text, and one past the last of all.
    first_of_text: Vec<usize>,
}

/// A piece of a text that no suggestion reaches out of: a paragraph as it reads when all is
/// accepted.
pub(crate) struct Block {
    /// Number of the text.
    pub(crate) text: usize,
    /// Its bytes in the text.
    pub(crate) span: Span,
    /// Its characters.
    pub(crate) characters: usize,
    /// Indices of its suggestions.
    pub(crate) suggestions: Vec<usize>,
    /// True for a further piece of a long line.
    pub(crate) continues: bool,
}

/// Which state of the text is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum View {
    /// What was decided and what is suggested, marked in place.
    #[default]
    Marked,
    /// The file as it is.
    Before,
    /// The file as it becomes by what was decided.
    After,
}

/// A run of a block: its text, what becomes of it (0 stays, 1 goes, 2 comes, 3 is asked about),
/// and the indices of the suggestions it belongs to and is moved by.
#[derive(Serialize)]
pub(crate) struct ShownRun(String, u8, Option<usize>, Option<usize>);

impl Sheet {
    /// Cuts the texts of a desk.
    pub(crate) fn cut(desk: &Desk) -> Self {
        let (mut blocks, mut first_of_text) = (Vec::new(), Vec::new());
        for (number, text) in desk.texts.iter().enumerate() {
            first_of_text.push(blocks.len());
            blocks.extend(cut(number, text));
        }
        first_of_text.push(blocks.len());
        Self { blocks, first_of_text }
    }

    /// The blocks.
    pub(crate) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Number of the first block of a text; also of the one behind the last.
    pub(crate) fn first_of(&self, text: usize) -> usize {
        self.first_of_text[text]
    }

    /// Number of the block of text number `text` in which byte `at` stands.
    pub(crate) fn block_at(&self, text: usize, at: usize) -> usize {
        let (first, end) = (self.first_of_text[text], self.first_of_text[text + 1]);
        let further = self.blocks[first..end].partition_point(|block| block.span.start <= at);
        first + further.saturating_sub(1)
    }

    /// The runs of a block.
    pub(crate) fn runs(&self, desk: &Desk, number: usize, view: View) -> Vec<ShownRun> {
        let block = &self.blocks[number];
        let text = &desk.texts[block.text];
        let mut shown: Vec<(usize, Cow<'_, Suggestion>, Option<usize>)> = block
            .suggestions
            .iter()
            .map(|index| {
                let (text, number) = desk.text_of(*index);
                let suggestion = &text.suggestions[number];
                let (suggestion, choice) = as_decided(desk, text, *index, suggestion, view);
                (*index, suggestion, choice)
            })
            .collect();
        // Of two that are in each other's way what was decided is shown.
        shown.sort_by_key(|(index, ..)| !matches!(desk.proof.state(*index), State::Decided(_)));
        let given: Vec<(&Suggestion, Option<usize>)> =
            shown.iter().map(|(_, suggestion, choice)| (suggestion.as_ref(), *choice)).collect();
        let index = |number: usize| shown[number].0;
        let runs = marked_part(text.source.text(), block.span, &given).into_iter();
        let kind = |mark| match mark {
            Mark::Kept => 0,
            Mark::Gone => 1,
            Mark::New => 2,
            Mark::Asked => 3,
        };
        runs.map(|run| {
            ShownRun(run.text, kind(run.mark), run.suggestion.map(index), run.moved.map(index))
        })
        .collect()
    }
}

/// A suggestion with the choice by which it is shown; of a proofreader's own wording a choice is
/// made.
fn as_decided<'a>(
    desk: &Desk,
    text: &Text,
    index: usize,
    suggestion: &'a Suggestion,
    view: View,
) -> (Cow<'a, Suggestion>, Option<usize>) {
    if view == View::Before {
        return (Cow::Borrowed(suggestion), None);
    }
    let best = (view == View::Marked && !suggestion.finding.choices.is_empty()).then_some(0);
    let record = &desk.proof.suggestions()[index];
    match desk.proof.standing().verdict(record) {
        Ok(Some(Verdict::Accept { choice })) => (Cow::Borrowed(suggestion), choice.checked_sub(1)),
        Ok(Some(Verdict::Replace { text: own })) => {
            let mut suggestion = suggestion.clone();
            let edits = reworded(text.source.text(), &suggestion, &own).unwrap_or_default();
            suggestion.finding.choices.push(Choice { right: own, confidence: 1.0, edits });
            let last = suggestion.finding.choices.len() - 1;
            (Cow::Owned(suggestion), Some(last))
        }
        Ok(Some(_)) => (Cow::Borrowed(suggestion), None),
        Ok(None) | Err(_) => (Cow::Borrowed(suggestion), best),
    }
}

/// Cuts a text where a line begins, and long lines behind a sentence, wherever no suggestion
/// reaches across.
fn cut(number: usize, text: &Text) -> Vec<Block> {
    let whole = text.source.text();
    let mut reaches: Vec<Span> = text.suggestions.iter().map(reach).collect();
    reaches.sort_unstable();
    let mut reaches = reaches.into_iter().peekable();
    let mut reached = 0;
    let mut crossed = |at: usize| {
        while let Some(reach) = reaches.next_if(|reach| reach.start < at) {
            reached = reached.max(reach.end);
        }
        reached >= at
    };
    let mut starts: Vec<(usize, bool)> = vec![(0, false)];
    for line in text.source.lines() {
        if line.span.of(whole).trim().is_empty() {
            continue;
        }
        if line.span.start > 0 && !crossed(line.span.start) {
            starts.push((line.span.start, false));
        }
        let mut since = 0;
        for (offset, character) in line.span.of(whole).char_indices() {
            let at = line.span.start + offset + character.len_utf8();
            since += 1;
            let ends = matches!(character, '。' | '！' | '？' | '；') || since >= 2 * LONG;
            if since >= LONG && ends && at < line.span.end && !crossed(at) {
                starts.push((at, true));
                since = 0;
            }
        }
    }
    let ends = starts[1..].iter().map(|(start, _)| *start).chain([whole.len()]);
    let mut blocks: Vec<Block> = starts
        .iter()
        .zip(ends)
        .map(|((start, continues), end)| {
            let span = Span::new(*start, end);
            let characters = span.of(whole).chars().count();
            let suggestions = Vec::new();
            Block { text: number, span, characters, suggestions, continues: *continues }
        })
        .collect();
    for (suggestion, index) in text.suggestions.iter().zip(text.indices.clone()) {
        let start = reach(suggestion).start;
        let further = blocks.partition_point(|block| block.span.start <= start);
        blocks[further.saturating_sub(1)].suggestions.push(index);
    }
    blocks.retain(|block| !block.span.of(whole).trim().is_empty() || !block.suggestions.is_empty());
    blocks
}

/// All that a suggestion shows, changes or moves across.
fn reach(suggestion: &Suggestion) -> Span {
    let edits = suggestion.finding.choices.iter().flat_map(|choice| &choice.edits);
    edits.map(|edit| edit.reach()).fold(suggestion.finding.span, |all, one| {
        Span::new(all.start.min(one.start), all.end.max(one.end))
    })
}
