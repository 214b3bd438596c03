//! The quotation marks, book marks or brackets around a place.

use std::ops::Range;

use crate::marks::{PairKind, closed_by, opened_by};

/// What stands around a place of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Enclosure<'a> {
    /// The opening mark.
    pub(super) opening: char,
    /// The text between the marks, to the end of the paragraph where the mark is not closed.
    pub(super) inside: &'a str,
}

impl Enclosure<'_> {
    /// True inside quotation marks.
    pub(super) fn is_quotation(self) -> bool {
        matches!(self.opening, '“' | '‘' | '「' | '『')
    }

    /// True inside the marks of a title.
    pub(super) fn is_title(self) -> bool {
        matches!(self.opening, '《' | '〈')
    }
}

/// The innermost marks open before `range` of `text` (in bytes).
pub(super) fn enclosure<'a>(text: &'a str, range: &Range<usize>) -> Option<Enclosure<'a>> {
    let mut closed: Vec<PairKind> = Vec::new();
    for (at, mark) in text[..range.start].char_indices().rev() {
        if let Some(kind) = closed_by(mark) {
            closed.push(kind);
        } else if let Some(kind) = opened_by(mark) {
            if closed.last() == Some(&kind) {
                closed.pop();
            } else {
                return Some(enclosed(text, at, mark, range.end));
            }
        }
    }
    None
}

/// Inside quotation marks or book marks a text of at most so many characters is a slogan, a brand
/// or a title, where an odd character may be meant (“默默无蚊”); a longer one is speech.
const SLOGAN: usize = 12;

/// True inside a short quotation or a title.
pub(super) fn in_short_quotation(text: &str, range: &Range<usize>) -> bool {
    enclosure(text, range).is_some_and(|around| {
        (around.is_quotation() || around.is_title()) && around.inside.chars().count() <= SLOGAN
    })
}

fn enclosed(text: &str, at: usize, opening: char, behind: usize) -> Enclosure<'_> {
    let start = at + opening.len_utf8();
    let closes = |c: char| closed_by(c) == opened_by(opening);
    let end = text[behind..].find(closes).map_or(text.len(), |offset| behind + offset);
    Enclosure { opening, inside: &text[start..end] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_open_mark_counts() {
        let text = "他说“《红楼梦》里‘贾’姓”很多";
        let around = |word: &str| {
            let at = text.find(word).expect("the word stands in the text");
            enclosure(text, &(at..at + word.len())).map(|e| (e.opening, e.inside))
        };
        assert_eq!(around("红楼梦"), Some(('《', "红楼梦")));
        assert_eq!(around("贾"), Some(('‘', "贾")));
        assert_eq!(around("姓"), Some(('“', "《红楼梦》里‘贾’姓")));
        assert_eq!(around("很多"), None);
    }
}
