//! `traditional.tsv`: traditional, variant and Japanese forms of characters.

use rustc_hash::FxHashMap;

use super::Table;
use crate::error::Result;

/// How safely a form can be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraditionalUse {
    /// There is one simplified form.
    Plain,
    /// Several simplified forms; the context decides.
    Choice,
    /// Also kept on purpose in names, brands and titles.
    Name,
}

/// A form that simplified text does not use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traditional {
    /// The simplified forms, one or more.
    pub simplified: Vec<String>,
    /// How safely they replace it.
    pub usage: TraditionalUse,
}

/// Parses the table: columns traditional, simplified (joined by `|`) and use.
pub(super) fn parse((name, text): (&str, &str)) -> Result<FxHashMap<char, Traditional>> {
    let table = Table::parse(name, text)?;
    let mut forms = FxHashMap::default();
    for (line, row) in table.rows() {
        let mut characters = row[0].chars();
        let (Some(form), None) = (characters.next(), characters.next()) else {
            return Err(table.error(line, "the first column is no single character"));
        };
        let usage = match row[2] {
            "plain" => TraditionalUse::Plain,
            "choice" => TraditionalUse::Choice,
            "name" => TraditionalUse::Name,
            other => return Err(table.error(line, format!("no such use: {other}"))),
        };
        let simplified = row[1].split('|').map(str::to_string).collect();
        forms.insert(form, Traditional { simplified, usage });
    }
    Ok(forms)
}
