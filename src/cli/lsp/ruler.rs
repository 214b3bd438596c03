//! Lines and columns as the editor counts them, and bytes of a text.

use gen_lsp_types::{Position, PositionEncodingKind, Range};

use kanwu::Span;

/// What an editor counts columns in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16: 𠮷 is two. What every editor knows.
    Utf16,
    /// Characters.
    Utf32,
}

impl Columns {
    /// The best of what an editor offers: bytes, which need no counting, else what all know.
    pub(super) fn of(offered: &[PositionEncodingKind]) -> Self {
        if offered.contains(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if offered.is_empty() || offered.contains(&PositionEncodingKind::UTF16) {
            Self::Utf16
        } else if offered.contains(&PositionEncodingKind::UTF32) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// The name in the protocol.
    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How many columns a text takes.
    fn width(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }

    /// The byte of `line` at a column. One within a character is its start, one behind the line its
    /// end.
    fn byte(self, line: &str, column: usize) -> usize {
        if self == Self::Utf8 {
            let mut within = (0..=column.min(line.len())).rev();
            return within.find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        }
        let mut columns = 0;
        for (at, character) in line.char_indices() {
            columns += if self == Self::Utf16 { character.len_utf16() } else { 1 };
            if columns > column {
                return at;
            }
        }
        line.len()
    }
}

/// The byte of `text` at a position; what lies behind a line or the text is its end.
pub(super) fn byte_at(text: &str, position: Position, columns: Columns) -> usize {
    let mut start = 0;
    for _ in 0..position.line {
        match next_line(text, start) {
            Some(next) => start = next,
            None => return text.len(),
        }
    }
    start + columns.byte(line_from(text, start), position.character as usize)
}

/// Where the line behind the one with byte `from` starts; `None` where there is none. Lines end with
/// LF, CRLF or a lone CR, as in [`kanwu::Source`].
fn next_line(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let end = from + bytes[from..].iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
    let pair = bytes[end..].starts_with(b"\r\n");
    Some(end + if pair { 2 } else { 1 })
}

/// The rest of a line from byte `start`, without its end.
fn line_from(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())]
}

/// Where the lines of a text start: for many questions about the same text.
#[derive(Debug)]
pub(super) struct Ruler {
    columns: Columns,
    starts: Vec<usize>,
}

impl Ruler {
    /// The ruler of `text`; every question must be about that one.
    pub(super) fn new(text: &str, columns: Columns) -> Self {
        let mut starts = vec![0];
        while let Some(next) = next_line(text, starts[starts.len() - 1]) {
            starts.push(next);
        }
        Self { columns, starts }
    }

    /// The position of a byte, which is the start of a character or the end of the text.
    pub(super) fn position(&self, text: &str, at: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= at) - 1;
        let column = self.columns.width(&text[self.starts[line]..at]);
        Position { line: number(line), character: number(column) }
    }

    /// The range of a span.
    pub(super) fn range(&self, text: &str, span: Span) -> Range {
        Range { start: self.position(text, span.start), end: self.position(text, span.end) }
    }

    /// The byte at a position.
    pub(super) fn byte(&self, text: &str, position: Position) -> usize {
        match self.starts.get(position.line as usize) {
            Some(start) => {
                let line = line_from(text, *start);
                start + self.columns.byte(line, position.character as usize)
            }
            None => text.len(),
        }
    }

    /// The span of a range; of a reversed one, from its end to its start.
    pub(super) fn span(&self, text: &str, range: Range) -> Span {
        let (start, end) = (self.byte(text, range.start), self.byte(text, range.end));
        Span::new(start.min(end), start.max(end))
    }

    /// The span of line `line`, from 0, without its end.
    pub(super) fn line(&self, text: &str, line: usize) -> Span {
        let start = self.starts.get(line).copied().unwrap_or(text.len());
        Span::new(start, start + line_from(text, start).len())
    }
}

/// A number of lines or columns as the protocol has them, which cannot be more than 2³¹.
fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(i32::MAX as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a𠮷b\r\n二😀\r三\n";

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn columns_are_what_the_editor_counts() {
        let b = TEXT.find('b').expect("it stands there");
        let smile = TEXT.find('😀').expect("it stands there");
        for (columns, column_b, column_smile) in
            [(Columns::Utf8, 5, 3), (Columns::Utf16, 3, 1), (Columns::Utf32, 2, 1)]
        {
            let ruler = Ruler::new(TEXT, columns);
            assert_eq!(ruler.position(TEXT, b), at(0, column_b));
            assert_eq!(ruler.position(TEXT, smile), at(1, column_smile));
            assert_eq!(ruler.position(TEXT, TEXT.len()), at(3, 0));
        }
    }

    #[test]
    fn every_byte_comes_back() {
        for columns in [Columns::Utf8, Columns::Utf16, Columns::Utf32] {
            let ruler = Ruler::new(TEXT, columns);
            for (byte, character) in TEXT.char_indices() {
                // A position between CR and LF is no place of its own.
                if character == '\n' && TEXT[..byte].ends_with('\r') {
                    continue;
                }
                let position = ruler.position(TEXT, byte);
                assert_eq!(ruler.byte(TEXT, position), byte, "{columns:?}");
                assert_eq!(byte_at(TEXT, position, columns), byte, "{columns:?}");
            }
        }
    }

    #[test]
    fn what_lies_outside_is_brought_in() {
        let ruler = Ruler::new(TEXT, Columns::Utf16);
        let end_of_line = TEXT.find('\r').expect("a line end");
        for (position, byte) in [
            (at(0, 99), end_of_line),
            (at(0, 2), 1),
            (at(9, 0), TEXT.len()),
            (at(u32::MAX, u32::MAX), TEXT.len()),
            (at(3, 7), TEXT.len()),
        ] {
            assert_eq!(ruler.byte(TEXT, position), byte);
            assert_eq!(byte_at(TEXT, position, Columns::Utf16), byte);
        }
        let reversed = Range { start: at(1, 1), end: at(0, 0) };
        assert_eq!(ruler.span(TEXT, reversed).start, 0);
        assert_eq!(ruler.line(TEXT, 1).of(TEXT), "二😀");
        assert!(ruler.line(TEXT, 9).is_empty());
    }

    #[test]
    fn the_offer_decides() {
        use PositionEncodingKind as Kind;
        assert_eq!(Columns::of(&[]), Columns::Utf16);
        assert_eq!(Columns::of(&[Kind::UTF16, Kind::UTF8]), Columns::Utf8);
        assert_eq!(Columns::of(&[Kind::UTF32, Kind::UTF16]), Columns::Utf16);
        assert_eq!(Columns::of(&[Kind::UTF32]), Columns::Utf32);
        assert_eq!(Columns::of(&[Kind::new("utf-7")]), Columns::Utf16);
    }
}
