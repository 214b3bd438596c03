//! `variant_words.tsv`: words with two written forms, one of which is recommended.

use super::{Phrases, Table};
use crate::error::Result;

/// How far a variant form can be taken for a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariantUse {
    /// Both forms are current; the standard recommends one.
    Current,
    /// The variant practically never occurs in edited news.
    Rare,
    /// The variant is also a word of its own, with another meaning.
    Both,
}

/// A variant form of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantWord {
    /// The form the standard recommends.
    pub recommended: String,
    /// How the variant is used.
    pub usage: VariantUse,
}

/// Parses the table: columns variant, recommended and note (empty, `rare` or `both`).
pub(super) fn parse((name, text): (&str, &str)) -> Result<Phrases<VariantWord>> {
    let table = Table::parse(name, text)?;
    let mut entries = Vec::new();
    for (line, row) in table.rows() {
        let usage = match row[2] {
            "" => VariantUse::Current,
            "rare" => VariantUse::Rare,
            "both" => VariantUse::Both,
            other => return Err(table.error(line, format!("no such note: {other}"))),
        };
        entries.push((row[0].to_string(), VariantWord { recommended: row[1].to_string(), usage }));
    }
    Phrases::new(name, entries)
}
