//! Places of a file as other programs count them: lines and columns of the file they open, which
//! for a layout file is not the plain text kanwu reads.

use crate::apply::apply;
use crate::finding::Edit;
use crate::source::Source;
use crate::span::Span;

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnds {
    /// LF alone, as for git and all that shows its diffs.
    Lf,
    /// LF, CRLF and lone CR, as kanwu counts.
    Any,
}

/// A file with its lines.
pub(super) struct Opened<'a> {
    source: &'a Source,
    /// What stands in the file, as UTF-8.
    text: &'a str,
    /// The first byte of each line.
    starts: Vec<usize>,
}

/// A part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    /// The first character.
    pub(super) start: Spot,
    /// One past the last character.
    pub(super) end: Spot,
    /// The same in bytes of the file, whatever its encoding.
    pub(super) bytes: Span,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// Line, from 1.
    pub(super) line: usize,
    /// Column in characters, from 1, a byte order mark left out.
    pub(super) column: usize,
    /// Column in bytes of UTF-8, from 1, a byte order mark counted: it is part of the line.
    pub(super) byte_column: usize,
}

impl<'a> Opened<'a> {
    pub(super) fn new(source: &'a Source, ends: LineEnds) -> Self {
        let text = source.layout().map_or(source.text(), |layout| layout.original());
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => ends == LineEnds::Any && bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let starts = (0..bytes.len()).filter(|at| ends_line(*at)).map(|at| at + 1);
        Self { source, text, starts: [0].into_iter().chain(starts).collect() }
    }

    /// Where `span` of the source's text stands in the file; `None` where a layout file has no
    /// place for it. In a layout file a span that reaches over a line end has the place of its
    /// first line: reading order may put the next anywhere in the file.
    pub(super) fn region(&self, span: Span) -> Option<Region> {
        let (place, bytes) = match self.source.layout() {
            None => (span, self.source.file_span(span)),
            Some(layout) => {
                let first = self.source.lines()[self.source.line_at(span.start)].span.end;
                let end = span.end.min(first).max(span.start);
                let place = layout.file_span(Span::new(span.start, end))?;
                (place, place)
            }
        };
        Some(Region { start: self.spot(place.start), end: self.spot(place.end), bytes })
    }

    /// The text of the file in a region made of `span`.
    pub(super) fn text_of(&self, region: &Region) -> &'a str {
        let at = |spot: &Spot| self.starts[spot.line - 1] + spot.byte_column - 1;
        &self.text[at(&region.start)..at(&region.end)]
    }

    fn spot(&self, at: usize) -> Spot {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        let before = self.text[start..at].trim_start_matches('\u{feff}');
        Spot { line, column: before.chars().count() + 1, byte_column: at - start + 1 }
    }
}

/// The edits of a choice as one replacement: what goes, and what comes in its place. Between the
/// edits the text stays as it is, and what is moved is moved.
pub(super) fn as_one(text: &str, edits: &[Edit]) -> Option<(Span, String)> {
    let reach = edits
        .iter()
        .map(Edit::reach)
        .reduce(|reach, edit| Span::new(reach.start.min(edit.start), reach.end.max(edit.end)))?;
    let local: Vec<Edit> =
        edits.iter().map(|edit| edit.with_bytes(|at| at - reach.start)).collect();
    let made = apply(reach.of(text), &[&local]);
    made.refused.is_empty().then_some((reach, made.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_each_reader_counts() {
        let source = Source::new("a", "\u{feff}一二\r三\r\n𠀀四");
        let at = |text: &str| source.text().find(text).expect("it stands there");
        let spot = |ends, text| {
            let opened = Opened::new(&source, ends);
            let Region { start, .. } = opened.region(Span::at(at(text))).expect("a place");
            (start.line, start.column, start.byte_column)
        };
        assert_eq!(spot(LineEnds::Any, "二"), (1, 2, 7));
        assert_eq!(spot(LineEnds::Any, "三"), (2, 1, 1));
        assert_eq!(spot(LineEnds::Lf, "三"), (1, 4, 11));
        assert_eq!(spot(LineEnds::Any, "四"), (3, 2, 5));
        assert_eq!(spot(LineEnds::Lf, "四"), (2, 2, 5));
    }

    #[test]
    fn moved_text_comes_to_one_replacement() {
        let text = "甲图片。乙丙";
        let moved = Edit::Move { span: Span::new(3, 12), to: 15 };
        let inside = Edit::Replace { span: Span::at(9), old: String::new(), new: "！".into() };
        let one = as_one(text, &[moved, inside]).expect("they fit");
        assert_eq!(one, (Span::new(3, 15), "乙图片！。".to_string()));
    }
}
