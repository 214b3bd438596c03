//! Where the partner of a lone mark would stand: every place it could, with a score.
//!
//! `dictionaries/recipes/pair_places.py` plays the same game on clean news; what is a candidate
//! and what its contexts are must be the same there and here.

use std::ops::Range;

use crate::analyze::Token;
use crate::lexicon::{LONGEST_CONTEXT, PairPlaces, PlaceContext};
use crate::marks::{Lone, PairKind, char_after, closed_by, ends_sentence, opened_by};

/// A place where a mark could stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// Byte of the text.
    pub(super) at: usize,
    /// Natural logarithm of its odds against the other places.
    pub(super) score: f64,
}

/// So many characters from the lone mark every place is a candidate.
const NEAR: usize = 30;

/// And so many characters from it those beside another mark.
const FAR: usize = 200;

/// Numbers the sizes of the table stand for, in characters; beyond stands `more`.
const SIZES: [usize; 12] = [1, 2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 60];

/// The places where the partner of `mark` could stand in `text`, in the order of the text.
pub(super) fn places(text: &str, mark: &Lone, table: &PairPlaces) -> Vec<Place> {
    let line = Line::new(text);
    let fixed = line.number(if mark.opens { mark.range.end } else { mark.range.start });
    let missing = missing_mark(mark);
    let mut places: Vec<Place> = candidates(&line, fixed, mark)
        .into_iter()
        .map(|i| {
            let inside = if mark.opens { fixed..i } else { i..fixed };
            Place { at: line.starts[i], score: score(&line, i, inside, missing, table) }
        })
        .collect();
    places.sort_by_key(|place| place.at);
    places
}

/// The mark of the table that stands for the partner of `mark`.
fn missing_mark(mark: &Lone) -> char {
    let kind = match mark.kind {
        kind if kind.quotes() => PairKind::Quote,
        PairKind::Book | PairKind::InnerBook => PairKind::Book,
        _ => PairKind::Round,
    };
    if mark.opens { kind.closing() } else { kind.opening() }
}

/// A text by characters.
struct Line {
    chars: Vec<char>,
    /// Byte of each character, and the length of the text.
    starts: Vec<usize>,
    /// `^`, the characters with digits and letters by their kind and marks full-width, `$`.
    plain: Vec<char>,
}

impl Line {
    fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let plain = ['^'].into_iter().chain(text.chars().map(plain)).chain(['$']).collect();
        Self { chars, starts, plain }
    }

    /// Number of the character that starts at byte `at`.
    fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start < at)
    }

    fn beside_mark(&self, i: usize) -> bool {
        let is_mark = |c: &char| !c.is_alphanumeric();
        (i > 0 && self.chars.get(i - 1).is_some_and(is_mark))
            || self.chars.get(i).is_some_and(is_mark)
    }
}

fn plain(c: char) -> char {
    match c {
        '0'..='9' => '0',
        'a'..='z' | 'A'..='Z' => 'a',
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        '(' => '（',
        ')' => '）',
        _ => c,
    }
}

/// Numbers of the characters before which the partner could stand.
fn candidates(line: &Line, fixed: usize, mark: &Lone) -> Vec<usize> {
    let mut found = Vec::new();
    let mut depth = 0;
    let mut i = fixed;
    loop {
        let passed = match mark.opens {
            true => line.chars.get(i),
            false => i.checked_sub(1).map(|before| &line.chars[before]),
        };
        let Some(&passed) = passed else { return found };
        let (opened, closed) = (opened_by(passed), closed_by(passed));
        let length = i.abs_diff(fixed);
        if opened == Some(mark.kind) || closed == Some(mark.kind) || length >= FAR {
            return found;
        }
        let (deeper, back) = if mark.opens { (opened, closed) } else { (closed, opened) };
        depth += i32::from(deeper.is_some()) - i32::from(back.is_some());
        if depth < 0 {
            return found;
        }
        i = if mark.opens { i + 1 } else { i - 1 };
        let fits = mark.opens || !"，。、；：！？…".contains(plain(passed));
        if depth == 0 && fits && (length < NEAR || line.beside_mark(i)) {
            found.push(i);
        }
    }
}

fn score(line: &Line, i: usize, inside: Range<usize>, mark: char, table: &PairPlaces) -> f64 {
    let inside = &line.chars[inside];
    let one = |kind, context: &str| table.weight(mark, kind, context).unwrap_or(0.0);
    around(line, i, mark, table)
        + one(PlaceContext::Size, &size(inside.len()))
        + one(PlaceContext::Shape, shape(inside))
        + one(PlaceContext::Phrase, &inside.iter().collect::<String>())
}

/// What the characters before and behind a place say, by the longest contexts known.
fn around(line: &Line, i: usize, mark: char, table: &PairPlaces) -> f64 {
    let at = i + 1;
    let longest = |kind, part: &dyn Fn(usize) -> Range<usize>| {
        (1..=LONGEST_CONTEXT).rev().find_map(|n| {
            table.weight(mark, kind, &line.plain[part(n)].iter().collect::<String>())
        })
    };
    let before = longest(PlaceContext::Before, &|n| at.saturating_sub(n)..at);
    let after = longest(PlaceContext::After, &|n| at..(at + n).min(line.plain.len()));
    before.unwrap_or(0.0) + after.unwrap_or(0.0)
}

/// How well `mark` itself stands where it does: the higher, the less likely was it invented.
pub(super) fn own_score(text: &str, mark: &Lone, table: &PairPlaces) -> f64 {
    let without = format!("{}{}", &text[..mark.range.start], &text[mark.range.end..]);
    let line = Line::new(&without);
    let turned = Lone { opens: !mark.opens, ..mark.clone() };
    around(&line, line.number(mark.range.start), missing_mark(&turned), table)
}

fn size(length: usize) -> String {
    SIZES.iter().find(|top| length <= **top).map_or("more".to_string(), usize::to_string)
}

/// What stands between the marks: sentences, clauses or parallel parts, the first and the last
/// of equal length (“翻山越岭、走村串户”) or not.
fn shape(inside: &[char]) -> &'static str {
    let equal = |is_mark: fn(char) -> bool| {
        let mut parts = inside.split(|c| is_mark(*c));
        let first = parts.next().map(<[char]>::len);
        parts.next_back().map(|last| first == Some(last.len()))
    };
    if inside.iter().any(|c| matches!(plain(*c), '。' | '！' | '？')) {
        let ended = inside.last().is_some_and(|c| ends_sentence(*c));
        return if ended { "sentence=" } else { "sentence-" };
    }
    match (equal(|c| matches!(plain(c), '，' | '；' | '：')), equal(|c| c == '、')) {
        (Some(true), _) => "clauses=",
        (Some(false), _) => "clauses-",
        (None, Some(true)) => "parts=",
        (None, Some(false)) => "parts-",
        (None, None) => "one",
    }
}

/// True when a word or a number of the text reaches over byte `at`: no mark stands within one.
pub(super) fn within_a_word(tokens: &[Token], text: &str, at: usize) -> bool {
    let index = tokens.partition_point(|token| token.range.end <= at);
    let in_token = tokens.get(index).is_some_and(|token| token.range.start < at);
    // 第|3版, 1至|4月: the word before belongs to the number.
    let after_digit = char_after(text, at).is_some_and(|c| c.is_ascii_digit());
    in_token || (after_digit && text[..at].ends_with(['第', '至', '到', '约', '近', '-', '—', '.']))
}
