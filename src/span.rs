//! Positions: byte spans of the text of a file, and lines and columns for printing.

use serde::Serialize;

/// A half-open range of bytes of [`crate::Source::text`], on character boundaries: of a UTF-8 file
/// its own bytes, of any other those of its text as UTF-8, until a record or a message is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span `start..end`.
    ///
    /// # Panics
    /// When `start > end`: a reversed span is a mistake of the caller.
    pub fn new(start: usize, end: usize) -> Self {
        assert!(start <= end, "reversed span {start}..{end}");
        Self { start, end }
    }

    /// The empty span before byte `at`.
    pub fn at(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// The span that many bytes further on.
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// True for a place between two bytes.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// True when `other` lies within this span, edges included.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// True when the two share a byte, or one is a place strictly inside the other.
    /// Spans that only touch do not overlap; two equal empty spans do.
    pub fn overlaps(self, other: Span) -> bool {
        if self.is_empty() || other.is_empty() {
            return self == other
                || (self.start < other.start && other.end < self.end)
                || (other.start < self.start && self.end < other.end);
        }
        self.start < other.end && other.start < self.end
    }

    /// The bytes of the span in `text`.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_spans_do_not_overlap() {
        assert!(!Span::new(0, 3).overlaps(Span::new(3, 6)));
        assert!(Span::new(0, 4).overlaps(Span::new(3, 6)));
        assert!(!Span::at(3).overlaps(Span::new(3, 6)));
        assert!(Span::at(4).overlaps(Span::new(3, 6)));
        assert!(Span::at(4).overlaps(Span::at(4)));
    }
}
