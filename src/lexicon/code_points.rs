//! `code_points.tsv`: characters that look right, or like nothing, and are not what they seem.

use rustc_hash::FxHashMap;

use super::Table;
use crate::error::Result;

/// The family of a wrong code point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePointClass {
    /// A radical of a dictionary instead of the character: ⼀ for 一.
    Radical,
    /// A compatibility ideograph, kept in Unicode for the sake of old encodings.
    Compatibility,
    /// A character of the private use area, of which only the font knows what it shows.
    Private,
    /// Takes no room in print: zero-width spaces, joiners, direction marks, variation selectors.
    Invisible,
    /// U+FFFD, left where a program could not read the bytes.
    Replacement,
    /// A half-width form of a Chinese mark: ｡ for 。.
    HalfWidth,
    /// A character of another script or block that looks like a Chinese mark.
    Twin,
    /// Control characters, vertical and small forms.
    Other,
}

/// What is known about a wrong code point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePoint {
    /// What it should be; empty where it must go or where that is not known.
    pub right: String,
    /// Its family.
    pub class: CodePointClass,
}

/// Parses the table: columns code, right and class.
pub(super) fn parse((name, text): (&str, &str)) -> Result<FxHashMap<char, CodePoint>> {
    let table = Table::parse(name, text)?;
    let mut points = FxHashMap::default();
    for (line, row) in table.rows() {
        let point = row[0]
            .strip_prefix("U+")
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32)
            .ok_or_else(|| table.error(line, format!("no such character: {}", row[0])))?;
        let class = match row[2] {
            "kangxi" | "radical" => CodePointClass::Radical,
            "compatibility" => CodePointClass::Compatibility,
            "private" => CodePointClass::Private,
            "invisible" => CodePointClass::Invisible,
            "replacement" => CodePointClass::Replacement,
            "halfwidth" => CodePointClass::HalfWidth,
            "twin" => CodePointClass::Twin,
            "other" => CodePointClass::Other,
            class => return Err(table.error(line, format!("no such class: {class}"))),
        };
        points.insert(point, CodePoint { right: row[1].to_string(), class });
    }
    Ok(points)
}
