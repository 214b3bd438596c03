//! The file as the user gave it: encoding, text, lines, and positions in it.

mod encoding;
mod guess;
mod original;
mod rewrite;

pub use encoding::{ENCODINGS, Encoding};
pub use rewrite::Rewritten;

use std::fs;
use std::path::Path;
use std::sync::Arc;

#[cfg(feature = "docx")]
use crate::docx::Docx;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::layout::Layout;
use crate::lexicon::Folding;
use crate::span::{Position, Span};
use encoding::Undecodable;
use guess::guess;
use original::Original;

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
/// Whatever the file's encoding, [`Source::text`] is its text as UTF-8, with a byte order mark and
/// all line ends, and every [`Span`] inside kanwu is one of bytes of that text. Of a UTF-8 file
/// these are the bytes of the file; of another the source keeps the file's own bytes, tells where
/// in them a byte of the text stands ([`Source::file_byte`]), and gives back unchanged what no
/// edit touches ([`crate::apply::Applied::bytes`]).
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    lines: Vec<Line>,
    encoding: Encoding,
    /// The bytes of a file that is not UTF-8.
    original: Option<Original>,
    carrier: Carrier,
}

/// What a text was read from.
#[derive(Clone, Debug)]
enum Carrier {
    PlainText,
    Layout(Arc<Layout>),
    #[cfg(feature = "docx")]
    Docx(Arc<Docx>),
}

impl Source {
    /// Reads a file and finds out its encoding.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, else as [`Source::from_bytes`].
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|cause| Error::io(path, cause))?;
        Self::from_bytes(path.display().to_string(), bytes)
    }

    /// Takes the bytes of a file called `name` and finds out their encoding: a byte order mark
    /// decides; else what can be UTF-8 is UTF-8; else it must be plain which it is.
    ///
    /// # Errors
    /// [`Error::Undecodable`] with the byte offset when some bytes stand for no character
    /// (surrogates encoded in UTF-8 included), [`Error::UnknownEncoding`] when the encoding is
    /// doubtful.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self> {
        let name = name.into();
        if let Some(encoding) = Encoding::of_mark(&bytes) {
            return Self::decode(name, bytes, encoding);
        }
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => return Ok(Self::new(name, text)),
            Err(error) => error.into_bytes(),
        };
        match guess(&bytes) {
            Some(encoding) => Self::decode(name, bytes, encoding),
            None => match Self::decode(name, bytes, Encoding::Utf8) {
                Err(Error::Undecodable { name, offset, byte, .. }) => {
                    Err(Error::UnknownEncoding { name, offset, byte })
                }
                decoded => decoded,
            },
        }
    }

    /// Takes the bytes of a file called `name` that are known to be in `encoding`.
    ///
    /// # Errors
    /// [`Error::Undecodable`] with the byte offset when some bytes stand for no character.
    pub fn decode(name: impl Into<String>, bytes: Vec<u8>, encoding: Encoding) -> Result<Self> {
        let name = name.into();
        let undecodable = |name, bytes: &[u8], Undecodable { offset, cut }| {
            let byte = (!cut).then(|| bytes[offset]);
            Error::Undecodable { name, encoding, offset, byte }
        };
        if encoding == Encoding::Utf8 {
            // Without copying it.
            return match String::from_utf8(bytes) {
                Ok(text) => Ok(Self::new(name, text)),
                Err(error) => {
                    let (mistake, bytes) = (error.utf8_error(), error.as_bytes());
                    let cut = mistake.error_len().is_none();
                    Err(undecodable(
                        name,
                        bytes,
                        Undecodable { offset: mistake.valid_up_to(), cut },
                    ))
                }
            };
        }
        let text = match encoding.decode(&bytes) {
            Ok(text) => text,
            Err(mistake) => return Err(undecodable(name, &bytes, mistake)),
        };
        let encoding = encoding.as_used(&text);
        let original = Some(Original::new(encoding, bytes, &text));
        Ok(Self { encoding, original, ..Self::new(name, text) })
    }

    /// Takes a text called `name`, as that of a UTF-8 file.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let lines = split_lines(&text);
        let (encoding, original, carrier) = (Encoding::Utf8, None, Carrier::PlainText);
        Self { name: name.into(), text, lines, encoding, original, carrier }
    }

    /// The same text as the plain text of a layout file.
    #[must_use]
    pub fn with_layout(self, layout: Arc<Layout>) -> Self {
        Self { carrier: Carrier::Layout(layout), ..self }
    }

    /// The same text as the plain text of a Word file.
    #[cfg(feature = "docx")]
    #[must_use]
    pub fn with_docx(self, docx: Arc<Docx>) -> Self {
        Self { carrier: Carrier::Docx(docx), ..self }
    }

    /// Where the lines stand on the page, when the text was read from a layout file: all other
    /// positions are those of its plain text then.
    pub fn layout(&self) -> Option<&Layout> {
        match &self.carrier {
            Carrier::Layout(layout) => Some(layout),
            _ => None,
        }
    }

    /// The Word file the text was read from: all positions are those of its plain text then, and
    /// [`Source::position`] counts paragraphs.
    #[cfg(feature = "docx")]
    pub fn docx(&self) -> Option<&Docx> {
        match &self.carrier {
            Carrier::Docx(docx) => Some(docx),
            _ => None,
        }
    }

    /// False for a finding that joins or moves what does not stand together in the file, as a table
    /// cell and the next.
    pub(crate) fn stands_together(&self, finding: &Finding) -> bool {
        #[cfg(feature = "docx")]
        return self.docx().is_none_or(|docx| docx.stands_together(finding));
        #[cfg(not(feature = "docx"))]
        {
            let _ = finding;
            true
        }
    }

    /// The name messages use: the path as given, or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, byte order mark and line ends included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same text in simplified script. Every byte and every line stands where it did; it is
    /// for reading only, and has not the bytes of the file.
    #[must_use]
    pub fn folded(&self, folding: &Folding) -> Self {
        let text = folding.fold(&self.text);
        let (name, lines) = (self.name.clone(), self.lines.clone());
        let (encoding, original, carrier) = (Encoding::Utf8, None, self.carrier.clone());
        Self { name, text, lines, encoding, original, carrier }
    }

    /// The same text with spaces in some places. As with [`Source::folded`], every byte stands
    /// where it did.
    #[must_use]
    pub(crate) fn blanked(&self, places: &[Span]) -> Self {
        let mut text = String::with_capacity(self.text.len());
        for place in places {
            text.push_str(&self.text[text.len()..place.start]);
            text.extend(std::iter::repeat_n(' ', place.len()));
        }
        text.push_str(&self.text[text.len()..]);
        let (name, lines) = (self.name.clone(), self.lines.clone());
        let (encoding, original, carrier) = (Encoding::Utf8, None, self.carrier.clone());
        Self { name, text, lines, encoding, original, carrier }
    }

    /// The encoding of the file.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        self.original.as_ref().map_or(self.text.as_bytes(), |original| &original.bytes)
    }

    /// The byte of the file where byte `at` of the text stands. Of the four characters of Big5
    /// that are two of Unicode it is the start for both.
    pub fn file_byte(&self, at: usize) -> usize {
        self.original.as_ref().map_or(at, |original| original.file_byte(&self.text, at))
    }

    /// The bytes of the file where `span` of the text stands.
    pub fn file_span(&self, span: Span) -> Span {
        Span::new(self.file_byte(span.start), self.file_byte(span.end))
    }

    /// The byte of the text for byte `at` of the file; `None` within a character of the file and
    /// behind its end.
    pub fn text_byte(&self, at: usize) -> Option<usize> {
        match &self.original {
            None => self.text.is_char_boundary(at).then_some(at),
            Some(original) => original.text_byte(&self.text, at),
        }
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

    /// Line and column of byte `at`, which must be a character boundary; of a Word file paragraph
    /// and column.
    pub fn position(&self, at: usize) -> Position {
        #[cfg(feature = "docx")]
        if let Some(docx) = self.docx() {
            return docx.position(&self.text, at);
        }
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
            Err(Error::UnknownEncoding { offset: 3, byte: Some(0xed), .. }) => {}
            other => panic!("{other:?}"),
        }
        assert!(matches!(
            Source::decode("x.txt", b"a\xe4\xb8".to_vec(), Encoding::Utf8),
            Err(Error::Undecodable { encoding: Encoding::Utf8, offset: 1, byte: None, .. })
        ));
    }

    const PAGE: &str = "本报讯 记者昨日从市政府获悉，今年以来全市经济稳定发展，人民生活水平有了新的\
                        提高。\r\n会议指出，各级部门要认真学习。";

    #[test]
    fn every_encoding_is_found_out() {
        let encodings = [Encoding::Gbk, Encoding::Utf16Le, Encoding::Utf16Be];
        for encoding in encodings {
            let bytes = encoding.encode(PAGE).expect("it holds the page");
            let source = Source::from_bytes("x", bytes.clone()).expect("it is plain");
            assert_eq!((source.encoding(), source.text()), (encoding, PAGE));
            assert_eq!(source.bytes(), bytes);
            assert_eq!(source.terminator(), "\r\n");
        }
        let page =
            "本報訊 記者昨日從市政府獲悉，今年以來全市經濟穩定發展，人民生活水平有了新的提高。";
        let bytes = Encoding::Big5.encode(page).expect("it holds the page");
        let source = Source::from_bytes("x", bytes).expect("it is plain");
        assert_eq!((source.encoding(), source.text()), (Encoding::Big5, page));
        let rare = format!("{PAGE}㐂");
        let bytes = Encoding::Gb18030.encode(&rare).expect("it holds all of Unicode");
        let source = Source::from_bytes("x", bytes).expect("it is plain");
        assert_eq!((source.encoding(), source.text()), (Encoding::Gb18030, rare.as_str()));
    }

    #[test]
    fn a_mark_decides() {
        for encoding in [Encoding::Utf8, Encoding::Gb18030, Encoding::Utf16Le, Encoding::Utf16Be] {
            let bytes = encoding.encode("\u{feff}a").expect("it has a mark");
            let source = Source::from_bytes("x", bytes).expect("marked");
            assert_eq!((source.encoding(), source.text()), (encoding, "\u{feff}a"));
            assert_eq!(source.file_byte(source.text().len()), source.bytes().len());
        }
    }

    #[test]
    fn doubt_is_an_error() {
        let short = Encoding::Gbk.encode("要闻").expect("it holds that");
        let japanese = b"\x93\xfa\x96\x7b\x82\xcc\x90\x56\x95\xb7\x82\xcd".repeat(9);
        let utf32: Vec<u8> =
            format!("\u{feff}{PAGE}").chars().flat_map(|c| (c as u32).to_le_bytes()).collect();
        for bytes in [short, utf32, japanese, b"caf\xe9 ".repeat(40), vec![0xff; 99], vec![0x80]] {
            let error = Source::from_bytes("x", bytes).expect_err("no certainty");
            assert!(error.to_string().contains("--encoding"), "{error}");
        }
    }

    #[test]
    fn damage_is_no_doubt() {
        let mut bytes = PAGE.as_bytes().to_vec();
        bytes[4] = 0xff;
        match Source::from_bytes("x", bytes) {
            Err(Error::Undecodable { encoding: Encoding::Utf8, offset: 3, .. }) => {}
            other => panic!("{other:?}"),
        }
        let mut bytes = Encoding::Gbk.encode(PAGE).expect("it holds the page");
        let at = bytes.len() - 10;
        bytes[at] = 0xff;
        match Source::from_bytes("x", bytes) {
            Err(Error::Undecodable { encoding: Encoding::Gbk, offset, .. }) => {
                assert!((at - 1..=at).contains(&offset));
            }
            other => panic!("{other:?}"),
        }
    }
}
