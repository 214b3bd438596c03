//! The view detectors read: a paragraph whose printed lines are joined, and the way back from
//! the view to the file.

use std::ops::Range;

use super::assemble::Parts;
use super::join::{Glue, LatinWords};
use super::spaces::stray;
use crate::finding::{Choice, Edit, Evidence, Finding};
use crate::marks::opened_by;
use crate::rules::Hit;
use crate::segment::{BlockKind, Segmented};
use crate::source::Source;
use crate::span::Span;

/// A stretch of the view that stands in the file just so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it starts in [`Paragraph::text`], in bytes.
    pub at: usize,
    /// The bytes of the file it shows.
    pub span: Span,
}

impl Piece {
    fn view(&self) -> Range<usize> {
        self.at..self.at + self.span.len()
    }
}

/// A paragraph as a reader would read it: line breaks, indents and stray spaces are left out,
/// a space stands where two Latin words were parted by a line break.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// The kind of its first block.
    pub kind: BlockKind,
    /// The text of the view. Offsets of [`Hit`]s are bytes of it.
    pub text: String,
    /// Where its characters stand in the file, in the order of the view. Bytes of the view that
    /// no piece covers are spaces put in by the repair.
    pub pieces: Vec<Piece>,
    /// Bytes of the view that each printed line takes up, in order.
    pub lines: Vec<Range<usize>>,
    /// The text goes on from another page or column that is not before it: 上接第N版.
    pub starts_cut: bool,
    /// The text goes on elsewhere: 下转第N版, or the file ends in mid-sentence at a page's edge.
    pub ends_cut: bool,
}

/// The view of some blocks: their texts without stray spaces, one behind the other.
pub(super) fn view(
    source: &Source,
    segmented: &Segmented,
    parts: &Parts,
    words: &LatinWords,
) -> Paragraph {
    let mut paragraph = Paragraph {
        kind: segmented.blocks[parts.blocks[0]].kind,
        text: String::new(),
        pieces: Vec::new(),
        lines: Vec::new(),
        starts_cut: parts.starts_cut,
        ends_cut: parts.ends_cut,
    };
    for (i, block) in parts.blocks.iter().enumerate() {
        let lines = &segmented.page.lines;
        let glue =
            parts.blocks.get(i + 1).map(|next| Glue::between(&lines[*block], &lines[*next], words));
        let span = segmented.blocks[*block].span;
        let start = paragraph.text.len();
        let mut at = span.start;
        for gap in stray(source, segmented, *block) {
            paragraph.push(source, Span::new(at, gap.start));
            at = gap.end;
        }
        paragraph.push(source, Span::new(at, span.end - glue.as_ref().map_or(0, |g| g.hyphen)));
        paragraph.lines.push(start..paragraph.text.len());
        paragraph.text.push_str(glue.map_or("", |glue| glue.space));
    }
    paragraph
}

impl Paragraph {
    /// Adds a stretch of the file to the end of the view.
    fn push(&mut self, source: &Source, span: Span) {
        self.pieces.push(Piece { at: self.text.len(), span });
        self.text.push_str(span.of(source.text()));
    }

    /// The bytes of the file from the first to the last character of `range` of the view. For an
    /// empty range, the place in the file.
    pub fn span(&self, range: Range<usize>) -> Span {
        if range.is_empty() {
            return Span::at(self.place(range.start, false));
        }
        let mut covered = self.parts(range.clone());
        match (covered.next(), covered.last()) {
            (Some(first), last) => Span::new(first.start, last.unwrap_or(first).end),
            (None, _) => Span::at(self.place(range.start, false)),
        }
    }

    /// The bytes of the file behind `range` of the view, piece by piece.
    fn parts(&self, range: Range<usize>) -> impl Iterator<Item = Span> + '_ {
        let first = self.pieces.partition_point(|piece| piece.view().end <= range.start);
        self.pieces[first..].iter().take_while(move |piece| piece.at < range.end).map({
            let range = range.clone();
            move |piece| {
                let view = piece.view();
                let from = range.start.max(view.start) - view.start;
                let to = range.end.min(view.end) - view.start;
                Span::new(piece.span.start + from, piece.span.start + to)
            }
        })
    }

    /// The place in the file of byte `at` of the view. Between two pieces it is the end of the
    /// one before, or with `ahead` the start of the one behind.
    fn place(&self, at: usize, ahead: bool) -> usize {
        let behind = self.pieces.partition_point(|piece| piece.at <= at);
        let piece = match (behind.checked_sub(1).map(|i| self.pieces[i]), self.pieces.get(behind)) {
            // `at` is the first byte of a piece: the piece before ends here as well.
            (Some(piece), _) if piece.at == at && !ahead && behind >= 2 => self.pieces[behind - 2],
            (Some(piece), _) => piece,
            (None, Some(piece)) => *piece,
            (None, None) => return 0,
        };
        let offset = at.saturating_sub(piece.at).min(piece.span.len());
        piece.span.start + offset
    }

    /// The edits of the file that turn `range` of the view into `new`.
    ///
    /// What both have in common at either end is left alone. A replacement of equal length is
    /// dealt out character by character to the pieces it stands in, so no line break is touched;
    /// any other goes to the first piece and its remainder is deleted piece by piece.
    pub fn edits(&self, range: Range<usize>, new: &str) -> Vec<Edit> {
        let old = &self.text[range.clone()];
        let prefix = common_prefix(old, new);
        let suffix = common_suffix(&old[prefix..], &new[prefix..]);
        let range = range.start + prefix..range.end - suffix;
        let new = &new[prefix..new.len() - suffix];
        let old = &self.text[range.clone()];
        if old.is_empty() {
            let ahead = new.chars().next().and_then(opened_by).is_some();
            return match new {
                "" => Vec::new(),
                _ => vec![replace(Span::at(self.place(range.start, ahead)), "", new)],
            };
        }
        let parts: Vec<Span> = self.parts(range.clone()).collect();
        let view_of = |part: &Span| self.view_of(*part, &range);
        if old.chars().count() == new.chars().count() {
            let mut rest = new;
            let mut at = range.start;
            let mut edits = Vec::new();
            for part in &parts {
                let view = view_of(part);
                // Characters of the view that stand in no piece keep their place in the count.
                rest = skip_chars(rest, self.text[at..view.start].chars().count());
                let here = &self.text[view.clone()];
                let (mine, behind) = rest.split_at(char_offset(rest, here.chars().count()));
                edits.extend(char_edits(*part, here, mine));
                rest = behind;
                at = view.end;
            }
            return edits;
        }
        parts
            .iter()
            .enumerate()
            .map(|(i, part)| {
                replace(*part, &self.text[view_of(part)], if i == 0 { new } else { "" })
            })
            .collect()
    }

    fn view_of(&self, part: Span, range: &Range<usize>) -> Range<usize> {
        let first = self.pieces.partition_point(|piece| piece.view().end <= range.start);
        let piece = self.pieces[first..]
            .iter()
            .find(|piece| piece.span.contains(part))
            .expect("a part lies in one of the pieces");
        let at = piece.at + part.start - piece.span.start;
        at..at + part.len()
    }

    /// A finding in file offsets from a hit in this paragraph. `confidence` is the calibrated
    /// probability that the hit is right; `evidence` finds the paragraph of a piece of evidence.
    pub fn finding<'a>(
        &self,
        hit: Hit,
        rule: &'static crate::rules::Rule,
        confidence: f64,
        paragraph: impl Fn(usize) -> &'a Paragraph,
    ) -> Finding {
        let total: f64 = hit.fixes.iter().map(|fix| fix.weight).sum();
        let mut choices: Vec<Choice> = hit
            .fixes
            .iter()
            .map(|fix| Choice {
                right: fix.apply(&self.text, hit.range.clone()),
                confidence: confidence * fix.weight / total,
                edits: fix
                    .replacements
                    .iter()
                    .flat_map(|(range, new)| self.edits(range.clone(), new))
                    .collect(),
            })
            .collect();
        choices.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        Finding {
            rule,
            grade: hit.grade,
            span: self.span(hit.range.clone()),
            wrong: self.text[hit.range].to_string(),
            confidence,
            highest: hit.highest,
            choices,
            message: hit.message,
            evidence: hit
                .evidence
                .into_iter()
                .map(|clue| Evidence {
                    span: clue.place.map(|(index, range)| paragraph(index).span(range)),
                    message: clue.message,
                })
                .collect(),
        }
    }
}

fn replace(span: Span, old: &str, new: &str) -> Edit {
    Edit::Replace { span, old: old.to_string(), new: new.to_string() }
}

/// Edits of one piece for a replacement of equal length: one for each run of changed characters.
fn char_edits(part: Span, old: &str, new: &str) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut open: Option<(Span, String, String)> = None;
    for ((at, was), is) in old.char_indices().zip(new.chars()) {
        if was == is {
            edits.extend(open.take().map(|(span, old, new)| Edit::Replace { span, old, new }));
            continue;
        }
        let end = part.start + at + was.len_utf8();
        let (span, olds, news) =
            open.get_or_insert_with(|| (Span::at(part.start + at), String::new(), String::new()));
        span.end = end;
        olds.push(was);
        news.push(is);
    }
    edits.extend(open.map(|(span, old, new)| Edit::Replace { span, old, new }));
    edits
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars()
        .rev()
        .zip(b.chars().rev())
        .take_while(|(x, y)| x == y)
        .map(|(x, _)| x.len_utf8())
        .sum()
}

fn char_offset(text: &str, chars: usize) -> usize {
    text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at)
}

fn skip_chars(text: &str, chars: usize) -> &str {
    &text[char_offset(text, chars)..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file is "  我\n  门ab\n们"; the view joins its lines.
    fn wrapped() -> Paragraph {
        Paragraph {
            kind: BlockKind::Body,
            text: "我门ab们".to_string(),
            pieces: vec![
                Piece { at: 0, span: Span::new(2, 5) },
                Piece { at: 3, span: Span::new(8, 13) },
                Piece { at: 8, span: Span::new(14, 17) },
            ],
            lines: vec![0..3, 3..8, 8..11],
            starts_cut: false,
            ends_cut: false,
        }
    }

    #[test]
    fn equal_lengths_change_only_what_differs() {
        assert_eq!(wrapped().edits(0..6, "我们"), [replace(Span::new(8, 11), "门", "们")]);
        assert_eq!(
            wrapped().edits(0..11, "你门ab他"),
            [replace(Span::new(2, 5), "我", "你"), replace(Span::new(14, 17), "们", "他")]
        );
    }

    #[test]
    fn unequal_lengths_go_to_the_first_piece() {
        assert_eq!(
            wrapped().edits(0..11, "x"),
            [
                replace(Span::new(2, 5), "我", "x"),
                replace(Span::new(8, 13), "门ab", ""),
                replace(Span::new(14, 17), "们", "")
            ]
        );
    }

    #[test]
    fn an_opening_mark_goes_to_the_line_it_opens() {
        assert_eq!(wrapped().edits(3..3, "“"), [replace(Span::at(8), "", "“")]);
        assert_eq!(wrapped().edits(3..3, "，"), [replace(Span::at(5), "", "，")]);
        assert_eq!(wrapped().edits(0..0, "“"), [replace(Span::at(2), "", "“")]);
        assert_eq!(wrapped().edits(11..11, "。"), [replace(Span::at(17), "", "。")]);
    }

    #[test]
    fn spans_reach_over_pieces() {
        assert_eq!(wrapped().span(0..11), Span::new(2, 17));
        assert_eq!(wrapped().span(3..6), Span::new(8, 11));
    }
}
