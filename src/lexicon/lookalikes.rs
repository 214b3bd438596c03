//! `lookalikes.tsv`: letters, digits and signs read for one another.

use std::collections::BTreeMap;

use super::{Phrases, Table};
use crate::error::Result;

/// One reading of a sign that may have been misread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookalike {
    /// What was printed.
    pub right: String,
    /// Where the sign is read like that: one of the contexts named in the table's header.
    pub context: String,
}

/// Parses the table: columns wrong, right and context. A wrong form has one or more readings.
pub(super) fn parse((name, text): (&str, &str)) -> Result<Phrases<Vec<Lookalike>>> {
    let table = Table::parse(name, text)?;
    let mut readings: BTreeMap<String, Vec<Lookalike>> = BTreeMap::new();
    for (line, row) in table.rows() {
        if row[0] == row[1] || row[0].is_empty() {
            return Err(table.error(line, "the wrong and the right form must differ"));
        }
        let reading = Lookalike { right: row[1].to_string(), context: row[2].to_string() };
        readings.entry(row[0].to_string()).or_default().push(reading);
    }
    Phrases::new(name, readings)
}
