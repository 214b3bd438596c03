//! The findings that join lines: S101, S102 and S103.

use std::collections::HashSet;

use super::assemble::{Join, Layout};
use super::rules::{S101, S102, S103};
use crate::finding::{Choice, Edit, Finding, Level, Message};
use crate::segment::{BlockKind, PageLine, Segmented};
use crate::source::Source;
use crate::span::Span;

/// Characters of each line that are shown around a seam.
const SHOWN: usize = 8;

/// A finding for each seam of the layout.
pub(super) fn findings(
    source: &Source,
    segmented: &Segmented,
    layout: &Layout,
    words: &LatinWords,
) -> Vec<Finding> {
    layout.joins.iter().map(|join| finding(source, segmented, words, join)).collect()
}

fn finding(source: &Source, segmented: &Segmented, words: &LatinWords, join: &Join) -> Finding {
    let lines = &segmented.page.lines;
    let (a, b) = (&lines[join.before], &lines[join.behind]);
    let glue = Glue::between(a, b, words);
    let across = join.behind > join.before + 1;
    let edits = if across {
        across_edits(source, segmented, join, &glue)
    } else {
        let start = a.span.end - glue.hyphen;
        vec![replace(source, Span::new(start, b.span.start), glue.space)]
    };
    let (from, left) = shown_tail(source, a.span);
    let (to, right) = shown_head(source, b.span);
    let healed = left[..left.len() - glue.hyphen].to_string() + glue.space + &right;
    Finding {
        rule: match (across, join.mid_word) {
            (true, _) => &S103,
            (_, true) => &S102,
            _ => &S101,
        },
        grade: "",
        span: Span::new(from, to),
        wrong: format!("{left}|{right}"),
        confidence: join.probability,
        highest: Level::Auto,
        choices: vec![Choice { right: healed, confidence: join.probability, edits }],
        message: message(segmented, join),
        evidence: Vec::new(),
    }
}

/// The interrupting lines, with the line breaks before them, go behind the paragraph.
fn across_edits(source: &Source, segmented: &Segmented, join: &Join, glue: &Glue) -> Vec<Edit> {
    let end = |block: usize| segmented.blocks[block].span.end;
    let (a, last) = (end(join.before), end(join.behind - 1));
    let gap = Span::new(last, segmented.blocks[join.behind].span.start);
    let mut edits = Vec::new();
    if glue.hyphen > 0 {
        edits.push(replace(source, Span::new(a - glue.hyphen, a), ""));
    }
    edits.push(Edit::Move { span: Span::new(a, last), to: end(join.paragraph_end) });
    edits.push(replace(source, gap, glue.space));
    edits
}

fn replace(source: &Source, span: Span, new: &str) -> Edit {
    Edit::Replace { span, old: span.of(source.text()).to_string(), new: new.to_string() }
}

/// Where the last few characters of a line start in the file, and the characters.
fn shown_tail(source: &Source, line: Span) -> (usize, String) {
    let text = line.of(source.text());
    let at = text.char_indices().rev().nth(SHOWN - 1).map_or(0, |(at, _)| at);
    (line.start + at, text[at..].to_string())
}

/// Where the first few characters of a line end in the file, and the characters.
fn shown_head(source: &Source, line: Span) -> (usize, String) {
    let text = line.of(source.text());
    let at = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
    (line.start + at, text[..at].to_string())
}

/// Why the lines belong together, in an editor's words.
fn message(segmented: &Segmented, join: &Join) -> Message {
    let lines = &segmented.page.lines;
    let (a, b) = (&lines[join.before], &lines[join.behind]);
    if join.behind > join.before + 1 {
        let between = &segmented.blocks[join.before + 1..join.behind];
        let caption = between.iter().any(|block| block.kind == BlockKind::Caption);
        return match caption {
            true => Message::new(
                "一句话被图片说明隔断：上下文应相连，图片说明移到段后",
                "A caption cuts a sentence: join the text and put the caption behind the paragraph",
            ),
            false => Message::new(
                "一句话被报眉、页码隔断：上下文应相连",
                "A page break cuts a sentence: join the text before and behind it",
            ),
        };
    }
    if join.mid_word {
        return Message::new(
            "换行把一个词拆开，应接排",
            "A line break splits a word: join the lines",
        );
    }
    if a.opened > 0 && b.closed > 0 {
        return Message::new(
            "引号或括号到下一行才收，应接排",
            "A quote or bracket closes on the next line only: join the lines",
        );
    }
    Message::new(
        "是版面折行，不是另起一段，应接排",
        "The column ends here, not the paragraph: join the lines",
    )
}

/// What stands between two joined lines.
pub(super) struct Glue {
    /// Nothing, or a space between Latin words.
    pub(super) space: &'static str,
    /// Bytes of a hyphen at the end of the line before that go as well.
    pub(super) hyphen: usize,
}

impl Glue {
    /// Chinese needs nothing, Latin words a space; a word hyphenated at the line end heals.
    pub(super) fn between(a: &PageLine, b: &PageLine, words: &LatinWords) -> Self {
        let letter = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        let (last, first) = (a.chars.last(), b.chars.first());
        if letter(last) && letter(first) {
            return Self { space: " ", hyphen: 0 };
        }
        let hyphenated = last == Some(&'-') && letter(a.chars.iter().rev().nth(1));
        let hyphen = usize::from(hyphenated && words.heals(a, b));
        Self { space: "", hyphen }
    }
}

/// The Latin words of a document, to tell a hyphen of the line end from one of the word.
pub(super) struct LatinWords(HashSet<String>);

impl LatinWords {
    /// Collects the words that stand inside the lines.
    pub(super) fn of(segmented: &Segmented) -> Self {
        let mut words = HashSet::new();
        for line in &segmented.page.lines {
            for word in line.chars.split(|c| !c.is_ascii_alphabetic() && *c != '-') {
                if !word.is_empty() {
                    words.insert(word.iter().collect::<String>().to_lowercase());
                }
            }
        }
        Self(words)
    }

    /// True when the parts are one word without the hyphen: the word goes on in lower case, and
    /// the document does not write it with a hyphen elsewhere.
    fn heals(&self, a: &PageLine, b: &PageLine) -> bool {
        let letters = |c: &&char| c.is_ascii_alphabetic();
        let mut head: Vec<char> =
            a.chars.iter().rev().skip(1).take_while(letters).copied().collect();
        head.reverse();
        let tail: Vec<char> = b.chars.iter().take_while(letters).copied().collect();
        let word = |between: &[char]| -> String {
            head.iter().chain(between).chain(&tail).collect::<String>().to_lowercase()
        };
        let goes_on = tail.first().is_some_and(char::is_ascii_lowercase);
        let known = self.0.contains(&word(&[]));
        known || goes_on && head.len() + tail.len() >= 5 && !self.0.contains(&word(&['-']))
    }
}
