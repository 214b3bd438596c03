//! White space that means nothing: some engines part Chinese characters by spaces.

use std::ops::Range;

use super::page::{Edge, is_han};
use crate::source::Source;
use crate::span::Span;

/// A run of white space between two characters of a line.
#[derive(Clone, Copy, Debug)]
struct Gap {
    /// Its bytes.
    start: usize,
    end: usize,
    before: char,
    after: char,
    /// One plain space, not two, not a tab or an ideographic space.
    single: bool,
}

/// How the spaces of a document are to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StraySpaces {
    /// Share of the neighbouring pairs of Chinese characters that are parted by a space.
    pub share: f32,
    /// Chinese characters with a space on both sides.
    pub lone: usize,
}

/// Share of parted pairs from which spaces mean nothing anywhere in the document. Text with
/// spaces between headline parts and names stays below 0.02, the dev pages of the engine that
/// parts words are above 0.3.
const THROUGHOUT: f32 = 0.15;

/// Fewest lone characters: bylines with names of two characters have some (王 洋), a line of
/// words parted by an engine many.
const LONE: usize = 5;

impl StraySpaces {
    /// Looks at all of `lines`.
    pub fn find(source: &Source, lines: Range<usize>) -> Self {
        let (mut parted, mut pairs, mut lone) = (0usize, 0usize, 0usize);
        for line in lines {
            let text = source.lines()[line].span.of(source.text());
            let (p, n) = count_pairs(text);
            parted += p;
            pairs += n;
            let single = |word: &&str| word.chars().count() == 1 && word.chars().all(is_han);
            lone += text.split(' ').filter(single).count();
        }
        Self { share: parted as f32 / pairs.max(1) as f32, lone }
    }

    /// True when the engine put spaces between characters all over the document.
    pub fn throughout(self) -> bool {
        self.share >= THROUGHOUT && self.lone >= LONE
    }

    /// The stray spaces of `text`, which starts at byte `start` of the file.
    pub fn spans(self, text: &str, start: usize) -> Vec<Span> {
        if !self.throughout() {
            return Vec::new();
        }
        let stray = gaps(text).into_iter().filter(|gap| gap.single && parts_one_text(gap));
        stray.map(|gap| Span::new(start + gap.start, start + gap.end)).collect()
    }

    /// Runs of white space in `text` that are not stray.
    pub fn gaps_left(self, text: &str, start: usize) -> usize {
        gaps(text).len() - self.spans(text, start).len()
    }
}

/// True when both sides are Chinese text, or its digits and signs: a space between Latin words
/// or between numbers has to stay.
fn parts_one_text(gap: &Gap) -> bool {
    let latin = |c| matches!(Edge::of(c), Edge::Latin | Edge::Digit);
    !(latin(gap.before) && latin(gap.after))
}

fn count_pairs(text: &str) -> (usize, usize) {
    let parted = gaps(text).iter().filter(|g| is_han(g.before) && is_han(g.after)).count();
    let mut chars = text.chars().peekable();
    let mut together = 0;
    while let Some(c) = chars.next() {
        together += usize::from(is_han(c) && chars.peek().is_some_and(|next| is_han(*next)));
    }
    (parted, parted + together)
}

/// The runs of white space inside `text`.
fn gaps(text: &str) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut before: Option<(usize, char)> = None;
    for (at, after) in text.char_indices() {
        if after.is_whitespace() {
            continue;
        }
        if let Some((end, before)) = before
            && end < at
        {
            gaps.push(Gap { start: end, end: at, before, after, single: &text[end..at] == " " });
        }
        before = Some((at + after.len_utf8(), after));
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_stray(text: &str) -> String {
        let source = Source::new("t", text);
        let stray = StraySpaces::find(&source, 0..source.lines().len());
        let mut out = String::new();
        let mut at = 0;
        for span in stray.spans(text, 0) {
            out.push_str(&text[at..span.start]);
            at = span.end;
        }
        out.push_str(&text[at..]);
        out
    }

    #[test]
    fn spaces_all_over_are_stray() {
        assert_eq!(
            without_stray("陈 立 新 主持 召开 全 县春 耕 动员 会 议 ， Wi Fi 6"),
            "陈立新主持召开全县春耕动员会议，Wi Fi 6"
        );
    }

    #[test]
    fn spaces_with_a_meaning_stay() {
        let page =
            "书香满城 悦读人生\n本届读书节由市图书馆联合各区书店主办推出了讲座展览等各种活动";
        assert_eq!(without_stray(page), page);
    }
}
