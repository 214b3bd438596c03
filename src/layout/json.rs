//! JSON with the bytes of the file behind every string.

use serde_json::value::RawValue;

use super::Problem;
use super::draft::{Escape, Field, Letter};
use super::xml::verbatim;
use crate::span::Span;

/// A value of the file: its text, and where it starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'a> {
    text: &'a str,
    at: usize,
    /// The file has no character beyond ASCII.
    ascii: bool,
}

impl<'a> Value<'a> {
    /// The one value of a file.
    pub(super) fn of_file(file: &'a str) -> Result<Self, Problem> {
        let text = file.strip_prefix('\u{feff}').unwrap_or(file);
        let whole = Self { text, at: file.len() - text.len(), ascii: file.is_ascii() };
        whole.parsed::<&RawValue>().map(|raw| whole.inner(raw))
    }

    /// The values of a file with one on each line; empty lines are passed over.
    pub(super) fn of_lines(file: &'a str) -> Result<Vec<Self>, Problem> {
        let ascii = file.is_ascii();
        let mut values = Vec::new();
        let mut at = 0;
        for line in file.split_inclusive('\n') {
            let text = line.trim_start_matches('\u{feff}');
            let start = at + line.len() - text.len();
            if !text.trim().is_empty() {
                let whole = Self { text, at: start, ascii };
                values.push(whole.parsed::<&RawValue>().map(|raw| whole.inner(raw))?);
            }
            at += line.len();
        }
        Ok(values)
    }

    /// First byte of the value.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The elements of an array; `None` for anything else.
    pub(super) fn elements(&self) -> Result<Option<Vec<Self>>, Problem> {
        if !self.text.starts_with('[') {
            return Ok(None);
        }
        let raw: Vec<&RawValue> = self.parsed()?;
        Ok(Some(raw.into_iter().map(|raw| self.inner(raw)).collect()))
    }

    /// The members of an object in the order of the file; `None` for anything else.
    pub(super) fn members(&self) -> Result<Option<Vec<(String, Self)>>, Problem> {
        if !self.text.starts_with('{') {
            return Ok(None);
        }
        let Members(raw) = self.parsed()?;
        Ok(Some(raw.into_iter().map(|(name, raw)| (name, self.inner(raw))).collect()))
    }

    /// True for a string.
    pub(super) fn is_string(&self) -> bool {
        self.text.starts_with('"')
    }

    /// A number, or a number written as a string.
    pub(super) fn number(&self) -> Option<f32> {
        let number: f32 = self.text.trim_matches('"').parse().ok()?;
        number.is_finite().then_some(number)
    }

    /// A string without its places.
    pub(super) fn string(&self) -> Option<String> {
        serde_json::from_str(self.text).ok()
    }

    /// The characters of a string with their places; `None` for anything else.
    pub(super) fn field(&self) -> Result<Option<Field>, Problem> {
        if !self.is_string() {
            return Ok(None);
        }
        let inside = &self.text[1..self.text.len() - 1];
        let start = self.at + 1;
        let mut letters: Vec<Letter> = Vec::new();
        let mut at = 0;
        while let Some(found) = inside[at..].find('\\') {
            letters.extend(verbatim(&inside[at..at + found], start + at));
            at += found;
            let (character, length) = escape(&inside[at..])
                .ok_or_else(|| Problem::new(start + at, "half of a character in a string"))?;
            let span = Span::new(start + at, start + at + length);
            letters.push(Letter { character, span });
            at += length;
        }
        letters.extend(verbatim(&inside[at..], start + at));
        Ok(Some(Field { letters, escape: Escape::Json { ascii: self.ascii } }))
    }

    fn parsed<T: serde::Deserialize<'a>>(&self) -> Result<T, Problem> {
        serde_json::from_str(self.text).map_err(|error| {
            let offset = self.at + place(self.text, error.line(), error.column());
            Problem::new(offset, error.to_string())
        })
    }

    /// A value inside this one, which serde_json has cut out of its text.
    fn inner(&self, raw: &'a RawValue) -> Self {
        let text = raw.get();
        let at = self.at + (text.as_ptr() as usize - self.text.as_ptr() as usize);
        Self { text, at, ascii: self.ascii }
    }
}

/// The character an escape stands for, and the bytes of the escape. Two halves of a surrogate pair
/// are one character.
fn escape(text: &str) -> Option<(char, usize)> {
    let simple = |character| Some((character, 2));
    match text.as_bytes().get(1)? {
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'u' => {
            let unit = |at: usize| u16::from_str_radix(text.get(at..at + 4)?, 16).ok();
            let first = unit(2)?;
            if let Some(character) = char::from_u32(u32::from(first)) {
                return Some((character, 6));
            }
            let second = unit(8).filter(|_| text.get(6..8) == Some("\\u"))?;
            let pair = char::decode_utf16([first, second]).next()?.ok()?;
            Some((pair, 12))
        }
        other => simple(char::from(*other)),
    }
}

/// The byte of `text` that serde_json calls a line and a column of bytes, both from 1.
fn place(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// An object whose members keep their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> serde::Deserialize<'de> for Members<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members<'de>;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}
