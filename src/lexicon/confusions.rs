//! `confusions.tsv`: words and idioms often written wrong.

use super::{Phrases, Table};
use crate::error::Result;

/// A word often written wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// The right form.
    pub right: String,
    /// Why, in Chinese: what the confused character means in this word. May be empty.
    pub why: String,
}

/// Parses the table: columns wrong, right and why.
pub(super) fn parse((name, text): (&str, &str)) -> Result<Phrases<Confusion>> {
    let table = Table::parse(name, text)?;
    let mut entries = Vec::new();
    for (line, row) in table.rows() {
        let (wrong, right) = (row[0], row[1]);
        if wrong == right || wrong.is_empty() || right.is_empty() {
            return Err(table.error(line, "the wrong and the right form must differ"));
        }
        let confusion = Confusion { right: right.to_string(), why: row[2].to_string() };
        entries.push((wrong.to_string(), confusion));
    }
    Phrases::new(name, entries)
}
