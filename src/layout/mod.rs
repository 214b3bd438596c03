//! Files of OCR programs that say where on the page every line stands: hOCR, ALTO, PAGE XML and
//! the JSON of PaddleOCR, RapidOCR and Umi-OCR.
//!
//! ```text
//! bytes ─ alto, hocr, page_xml, paddle ─▶ Draft ─ order ─▶ plain text + Layout ─▶ Source
//!                                                                  │
//!                       bytes of the same format ◀─ splice ◀───────┘ edits of the plain text
//! ```
//!
//! A [`Layout`] belongs to a [`Source`](crate::Source): the source holds the plain text, a line for each line of
//! the page in reading order, and the layout knows for every character of it the bytes of the file
//! that stand for it, and for every line its box. What detectors and proofreaders see is the plain
//! text; [`Layout::write`] puts corrections back into the file.

#[cfg(feature = "layout")]
mod alto;
#[cfg(feature = "layout")]
mod draft;
#[cfg(feature = "layout")]
mod hocr;
#[cfg(feature = "layout")]
mod json;
#[cfg(feature = "layout")]
mod order;
#[cfg(feature = "layout")]
mod paddle;
#[cfg(feature = "layout")]
mod page_xml;
#[cfg(feature = "layout")]
mod recognise;
mod splice;
#[cfg(feature = "layout")]
mod xml;

#[cfg(feature = "layout")]
pub use recognise::{read, recognise};
pub use splice::Written;

use std::sync::Arc;

use crate::span::Span;

/// The formats kanwu reads besides plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// hOCR: HTML with classes, as Tesseract and OCRopus write.
    Hocr,
    /// ALTO, versions 2 to 4.
    Alto,
    /// PAGE XML.
    Page,
    /// JSON of PaddleOCR, versions 2 and 3, PP-Structure among them.
    Paddle,
    /// JSON of RapidOCR.
    Rapid,
    /// JSON of Umi-OCR and PaddleOCR-json.
    Umi,
}

impl Format {
    /// All formats, in the order of the manual.
    pub const ALL: [Self; 6] =
        [Self::Hocr, Self::Alto, Self::Page, Self::Paddle, Self::Rapid, Self::Umi];

    /// The name arguments and messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hocr => "hocr",
            Self::Alto => "alto",
            Self::Page => "page",
            Self::Paddle => "paddle",
            Self::Rapid => "rapid",
            Self::Umi => "umi",
        }
    }
}

/// How much of a file is read before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest file in bytes, and largest member of an archive when unpacked.
    pub bytes: usize,
    /// Elements of XML within one another.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // A newspaper page of 20,000 characters is 5 MB of ALTO, 30 MB with a glyph element for
        // each character. No format nests deeper than 12 elements.
        Self { bytes: 256 << 20, depth: 100 }
    }
}

/// What is wrong with a layout file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Offset of the place in the file, in bytes from 0.
    pub offset: usize,
    /// What is wrong there.
    pub what: String,
}

impl Problem {
    #[cfg(feature = "layout")]
    fn new(offset: usize, what: impl Into<String>) -> Self {
        Self { offset, what: what.into() }
    }
}

/// A box on the page, in the unit of the file; top is less than bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Right edge.
    pub right: f32,
    /// Lower edge.
    pub bottom: f32,
}

impl Rect {
    /// The box around points; `None` without any.
    pub fn around_points(points: impl IntoIterator<Item = (f32, f32)>) -> Option<Self> {
        let boxes = points.into_iter().map(|(x, y)| Self { left: x, top: y, right: x, bottom: y });
        Self::around(boxes)
    }

    /// The box around boxes; `None` without any.
    pub fn around(boxes: impl IntoIterator<Item = Self>) -> Option<Self> {
        boxes.into_iter().reduce(|a, b| Self {
            left: a.left.min(b.left),
            top: a.top.min(b.top),
            right: a.right.max(b.right),
            bottom: a.bottom.max(b.bottom),
        })
    }

    /// From left to right.
    pub fn width(self) -> f32 {
        self.right - self.left
    }

    /// From top to bottom.
    pub fn height(self) -> f32 {
        self.bottom - self.top
    }

    /// Half-way down.
    pub fn middle(self) -> f32 {
        (self.top + self.bottom) / 2.0
    }

    /// Half-way across.
    pub fn centre(self) -> f32 {
        (self.left + self.right) / 2.0
    }

    /// True for a line that runs from top to bottom.
    pub fn is_upright(self) -> bool {
        self.height() > 2.0 * self.width()
    }
}

/// What the program that wrote the file takes a region for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegionKind {
    /// A headline.
    Heading,
    /// A caption of a picture or a table.
    Caption,
    /// A running head or foot.
    RunningHead,
    /// A page number.
    PageNumber,
}

/// A page of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutPage {
    /// Its id or the name of its image, as the file has it.
    pub id: Option<String>,
    /// Width and height in the unit of the file.
    pub size: Option<(f32, f32)>,
}

/// A line of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutLine {
    /// Number of the line in the plain text, from 0.
    pub number: usize,
    /// Number of the page in the file, from 1.
    pub page: usize,
    /// Number of the block on the page, from 1, in reading order.
    pub block: usize,
    /// Number of the line in the block, from 1.
    pub line: usize,
    /// Id of the block in the file.
    pub block_id: Option<String>,
    /// Id of the line in the file.
    pub line_id: Option<String>,
    /// Its box.
    pub bounds: Option<Rect>,
    /// The box of its block.
    pub block_bounds: Option<Rect>,
    /// What the file takes its block for.
    pub kind: Option<RegionKind>,
}

/// How a text field of the file writes what would not be text there.
// Without the readers nobody makes one.
#[cfg_attr(not(feature = "layout"), allow(dead_code))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escape {
    /// Between XML tags.
    Text,
    /// In an XML attribute, in double or single quotes.
    Attribute { single: bool },
    /// In a CDATA section.
    Cdata,
    /// In a JSON string; with `ascii`, all other characters are written as `\uXXXX`.
    Json { ascii: bool },
}

/// A stretch of the plain text and the bytes of the file that stand for it.
// Without the readers nobody makes one.
#[cfg_attr(not(feature = "layout"), allow(dead_code))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    text: Span,
    file: Span,
    /// The bytes are the same; else the piece is one character.
    verbatim: bool,
    /// Number of the text field; pieces of one field stand side by side in the file.
    field: usize,
    escape: Escape,
}

/// Where the lines of a plain text stand on the page and its characters in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    format: Format,
    original: Arc<str>,
    unit: String,
    pages: Vec<LayoutPage>,
    lines: Vec<LayoutLine>,
    /// The first maps the whole text, the others what the file says twice.
    layers: Vec<Vec<Piece>>,
}

impl Layout {
    /// The format of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The file as it was read.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The unit of all boxes: pixel, or for ALTO what the file names (mm10, inch1200).
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// The pages in the order of the file.
    pub fn pages(&self) -> &[LayoutPage] {
        &self.pages
    }

    /// The lines in reading order.
    pub fn lines(&self) -> &[LayoutLine] {
        &self.lines
    }

    /// The line of the page behind line `number` (from 0) of the plain text; `None` for the
    /// empty lines between blocks.
    pub fn line(&self, number: usize) -> Option<&LayoutLine> {
        let at = self.lines.binary_search_by_key(&number, |line| line.number).ok()?;
        Some(&self.lines[at])
    }

    /// The bytes of the file that stand for `span` of the plain text, from the first to the last;
    /// `None` where only layout stands there, as between two words.
    pub fn file_span(&self, span: Span) -> Option<Span> {
        let pieces = self.layers.first()?;
        let first = pieces.partition_point(|piece| piece.text.end <= span.start);
        let inside = pieces[first..].iter().take_while(|piece| piece.text.start < span.end);
        let parts = inside.map(|piece| piece.part(span));
        parts.reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))
    }
}

impl Piece {
    /// The bytes of the file behind what `span` and the piece share.
    fn part(&self, span: Span) -> Span {
        if !self.verbatim {
            return self.file;
        }
        let from = span.start.max(self.text.start) - self.text.start;
        let to = span.end.min(self.text.end) - self.text.start;
        Span::new(self.file.start + from, self.file.start + to)
    }
}
