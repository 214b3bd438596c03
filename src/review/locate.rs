//! Finding the place of a suggestion again in a file that may have changed.

use crate::emit::json::{CONTEXT, Context};

/// Why a place was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// The text is nowhere, or nowhere among what stood around it.
    Gone,
    /// Several places fit equally well.
    Ambiguous,
}

/// How far two contexts may differ, in characters of the up to 24 on both sides. So many are what
/// two accepted neighbours change, or one whole side (a caption was moved away) beside another
/// that is untouched.
///
/// Measured on 1,716 places of one, two or four characters in clean_news.dev.txt, documents of 20
/// lines. With one to four characters near by changed on both sides, in three ways: of 5,148,
/// 5,121 found, 24 refused as ambiguous, 3 taken for another. With the text itself taken away: 22
/// of 1,716 taken for another.
const MOST_DIFFERENCES: usize = 6;

/// How many characters fewer than the second best place the best one must differ by. With 2
/// instead, 6 of the 5,148 were taken for another and 12 refused.
const LEAD: usize = 3;

/// A place found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Where the text of the context starts now, in bytes of the file.
    pub(super) start: usize,
    /// How much what stands around it has changed, in characters.
    pub(super) differences: usize,
}

/// Where `context.text` stands in `text` now. `number` and `total` tell the suggestion's place
/// among those with the same context: equal places are told apart by their order, as long as
/// there are still as many.
pub(super) fn locate(
    text: &str,
    context: &Context,
    number: usize,
    total: usize,
) -> Result<Found, Lost> {
    if stands_at(text, context, context.start_byte) {
        return Ok(Found { start: context.start_byte, differences: 0 });
    }
    let mut places: Vec<Found> = places(text, &context.text)
        .map(|start| Found { start, differences: differences(text, start, context) })
        .filter(|found| found.differences <= MOST_DIFFERENCES)
        .collect();
    places.sort_by_key(|found| (found.differences, found.start));
    let equal = places.partition_point(|found| found.differences == 0);
    if equal > 1 {
        return if equal == total { Ok(places[number]) } else { Err(Lost::Ambiguous) };
    }
    match places.as_slice() {
        [] => Err(Lost::Gone),
        [best] => Ok(*best),
        [best, second, ..] if second.differences - best.differences >= LEAD => Ok(*best),
        _ => Err(Lost::Ambiguous),
    }
}

/// True when the text and both its neighbourhoods stand at byte `at` as they did.
fn stands_at(text: &str, context: &Context, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| rest.starts_with(&context.text))
        && differences(text, at, context) == 0
}

/// Every byte at which `wanted` stands, overlapping ones too. An empty text (an insertion) stands
/// between any two characters.
fn places<'a>(text: &'a str, wanted: &'a str) -> impl Iterator<Item = usize> + 'a {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.filter(move |at| text[*at..].starts_with(wanted))
}

/// Stands for the start and the end of the file where a context reaches them; no text holds it.
const EDGE: char = '\u{ffff}';

/// How much what stands around byte `at` differs from the context, in characters.
fn differences(text: &str, at: usize, context: &Context) -> usize {
    let (left, right) = (&text[..at], &text[at + context.text.len()..]);
    let left = changes(with_edge(context.before.chars().rev()), left.chars().rev().chain([EDGE]));
    let right = changes(with_edge(context.after.chars()), right.chars().chain([EDGE]));
    left.min(MOST_DIFFERENCES) + right.min(MOST_DIFFERENCES)
}

/// One side of a context. Where it is short the file ends, and must still end there: else a mark
/// deleted from the end of the file could not be told from one that is still there.
fn with_edge(side: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    side.chain([EDGE]).take(CONTEXT)
}

/// The fewest characters put in, left out or changed that lead from `was` to a beginning of `is`,
/// whichever beginning fits best: where a neighbour has become longer or shorter, what lies
/// further away has only moved.
fn changes(was: impl Iterator<Item = char>, is: impl Iterator<Item = char>) -> usize {
    let was: Vec<char> = was.collect();
    // Column `i` of the row for `is[..j]`: changes between `was[..i]` and `is[..j]`.
    let mut row: Vec<usize> = (0..=was.len()).collect();
    let mut fewest = was.len();
    for character in is.take(was.len() + MOST_DIFFERENCES) {
        let mut diagonal = row[0];
        row[0] += 1;
        for (i, old) in was.iter().enumerate() {
            let changed = diagonal + usize::from(*old != character);
            diagonal = row[i + 1];
            row[i + 1] = changed.min(diagonal + 1).min(row[i] + 1);
        }
        fewest = fewest.min(row[was.len()]);
    }
    fewest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_further_away_does_not_count() {
        let changes = |was: &str, is: &str| changes(was.chars(), is.chars());
        assert_eq!(changes("甲乙丙", "甲乙丙丁戊"), 0);
        assert_eq!(changes("甲乙丙丁", "甲丙丁戊"), 1);
        assert_eq!(changes("甲乙丙丁", "甲己乙丙丁"), 1);
        assert_eq!(changes("甲乙丙丁", ""), 4);
        assert_eq!(changes("", "甲"), 0);
    }
}
