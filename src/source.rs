//! The file as the user gave it: text, lines, and positions in it.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::span::{Position, Span};

/// One line of a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without its terminator (and, in line 1, without a byte order mark).
    pub span: Span,
    /// One past the terminator: where the next line starts. Equal to `span.end` in a last line
    /// without one.
    pub end: usize,
    /// Characters of the file that stand before `span.start`, a byte order mark included.
    chars_before: usize,
}

/// A text to be proofread, exactly as it stands in the file.
///
/// The text keeps a byte order mark and all line ends, so a byte offset in [`Source::text`] is a
/// byte offset in the file.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    lines: Vec<Line>,
}

impl Source {
    /// Reads a UTF-8 file.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::InvalidUtf8`] with the byte offset
    /// when it is not UTF-8 (encoded surrogates included).
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|cause| Error::io(path, cause))?;
        Self::from_bytes(path.display().to_string(), bytes)
    }

    /// Takes the bytes of a file called `name`.
    ///
    /// # Errors
    /// [`Error::InvalidUtf8`] with the byte offset when they are not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let name = name.into();
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(name, text)),
            Err(error) => {
                let offset = error.utf8_error().valid_up_to();
                let byte = error.utf8_error().error_len().map(|_| error.as_bytes()[offset]);
                Err(Error::InvalidUtf8 { name, offset, byte })
            }
        }
    }

    /// Takes a text called `name`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lines = split_lines(&text);
        Self { name: name.into(), text, lines }
    }

    /// The name messages use: the path as given, or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, byte order mark and line ends included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines in order. A text that ends with a terminator has no further empty line; an
    /// empty text has no lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The line terminator used most, `"\n"` where there is none.
    pub fn terminator(&self) -> &'static str {
        let mut counts = [0usize; 3];
        for line in &self.lines {
            match &self.text[line.span.end..line.end] {
                "\n" => counts[0] += 1,
                "\r\n" => counts[1] += 1,
                "\r" => counts[2] += 1,
                _ => {}
            }
        }
        match counts {
            [lf, crlf, cr] if crlf > lf && crlf >= cr => "\r\n",
            [lf, _, cr] if cr > lf => "\r",
            _ => "\n",
        }
    }

    /// Number (from 0) of the line that holds byte `at`; a terminator belongs to the line it ends.
    pub fn line_at(&self, at: usize) -> usize {
        self.lines.partition_point(|line| line.end <= at).min(self.lines.len().saturating_sub(1))
    }

    /// Line and column of byte `at`, which must be a character boundary.
    pub fn position(&self, at: usize) -> Position {
        match self.lines.get(self.line_at(at)) {
            None => Position { line: 1, column: 1 },
            Some(line) => {
                let start = line.span.start.min(at);
                let column = self.text[start..at].chars().count() + 1;
                Position { line: self.line_at(at) + 1, column }
            }
        }
    }

    /// Characters of the file that stand before byte `at`.
    pub fn char_offset(&self, at: usize) -> usize {
        match self.lines.get(self.line_at(at)) {
            None => self.text[..at].chars().count(),
            Some(line) if at < line.span.start => self.text[..at].chars().count(),
            Some(line) => line.chars_before + self.text[line.span.start..at].chars().count(),
        }
    }
}

/// Splits at LF, CRLF and lone CR. One pass; a byte order mark is left out of line 1.
fn split_lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut chars_before = usize::from(start > 0);
    let mut lines = Vec::new();
    let mut at = start;
    while at < bytes.len() {
        let terminator = match bytes[at] {
            b'\n' => 1,
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
            b'\r' => 1,
            _ => {
                at += 1;
                continue;
            }
        };
        lines.push(Line { span: Span::new(start, at), end: at + terminator, chars_before });
        chars_before += text[start..at + terminator].chars().count();
        at += terminator;
        start = at;
    }
    if start < bytes.len() {
        lines.push(Line { span: Span::new(start, bytes.len()), end: bytes.len(), chars_before });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_is_known() {
        let source = Source::new("a", "\u{feff}一\r\n二\r三\n\n四");
        let lines: Vec<&str> = source.lines().iter().map(|l| l.span.of(source.text())).collect();
        assert_eq!(lines, ["一", "二", "三", "", "四"]);
    }

    #[test]
    fn an_empty_file_has_no_lines() {
        assert!(Source::new("a", "").lines().is_empty());
        assert!(Source::new("a", "\u{feff}").lines().is_empty());
        assert_eq!(Source::new("a", "").position(0), Position { line: 1, column: 1 });
    }

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a", "\u{feff}一二\n𠀀三四");
        let at = source.text().find('四').expect("the character stands in the text");
        assert_eq!(source.position(at), Position { line: 2, column: 3 });
        assert_eq!(source.char_offset(at), 6);
        assert_eq!(source.char_offset(0), 0);
    }

    #[test]
    fn a_bad_byte_is_named() {
        let surrogate = b"\xe4\xb8\x80\xed\xa0\x80".to_vec();
        match Source::from_bytes("x.txt", surrogate) {
            Err(Error::InvalidUtf8 { offset: 3, byte: Some(0xed), .. }) => {}
            other => panic!("{other:?}"),
        }
        assert!(matches!(
            Source::from_bytes("x.txt", b"a\xe4\xb8".to_vec()),
            Err(Error::InvalidUtf8 { offset: 1, byte: None, .. })
        ));
    }
}
