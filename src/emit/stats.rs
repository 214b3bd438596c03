//! The 差错率 of texts as a table, as JSON and as CSV.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use unicode_width::UnicodeWidthStr;

use super::frame::visible;
use super::words;
use crate::error_rate::{CountedSlip, Errors, Standard, Weights};
use crate::finding::Language;
use crate::rules;

/// What has become of a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Somebody accepted a choice, or wrote another.
    Corrected,
    /// Somebody said that nothing is wrong.
    Rejected,
    /// Nobody has decided, reviewers differ, or somebody asks.
    Open,
}

/// A slip of the texts that are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// Id of the rule.
    pub rule: String,
    /// The wrong text.
    pub wrong: String,
    /// The right one, that was decided on or else is best.
    pub right: Option<String>,
    /// Characters that are wrong, missing or too many.
    pub characters: usize,
    /// What has become of it.
    pub fate: Fate,
}

impl Slip {
    fn counted(&self) -> CountedSlip<'_> {
        let Self { rule, wrong, right, characters, .. } = self;
        CountedSlip { rule, wrong, right: right.as_deref(), characters: *characters }
    }
}

/// A text with its slips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedText {
    /// The file as it was named to kanwu.
    pub file: String,
    /// Characters, white space left out.
    pub characters: u64,
    /// The slips.
    pub slips: Vec<Slip>,
}

/// The 差错率 of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// The standard: newspaper, periodical or book.
    pub standard: String,
    /// Errors per 10,000 characters up to which a text passes.
    pub limit: f64,
    /// All texts as one publication.
    pub total: StatsRow,
    /// By rule. Bounds are kept within a rule, so that these add up to the total.
    pub rules: Vec<StatsRow>,
    /// By file, each as a publication of its own: with bounds they may add up to more.
    pub files: Vec<StatsRow>,
}

/// The slips of a rule, of a file, or all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatsRow {
    /// Rule id or file; empty for all.
    pub name: String,
    /// Characters the rates are about.
    pub characters: u64,
    /// Suggestions.
    pub suggestions: usize,
    /// Of these accepted, or replaced by other words.
    pub corrected: usize,
    /// Of these rejected: no errors.
    pub rejected: usize,
    /// Of these undecided or queried.
    pub open: usize,
    /// Errors when every suggestion is one.
    pub errors_before: f64,
    /// These per 10,000 characters.
    pub rate_before: f64,
    /// Errors that are left: the open suggestions.
    pub errors_after: f64,
    /// These per 10,000 characters.
    pub rate_after: f64,
}

impl Stats {
    /// Counts texts. `characters` is how many there are in all, where the user knows better than
    /// the files.
    pub fn count(
        texts: &[CountedText],
        weights: &Weights,
        standard: Standard,
        characters: Option<u64>,
    ) -> Self {
        let all: Vec<&Slip> = texts.iter().flat_map(|text| &text.slips).collect();
        let own = texts.iter().map(|text| text.characters).sum();
        let characters = characters.unwrap_or(own);
        let mut ids: Vec<&str> = all.iter().map(|slip| slip.rule.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let of_rule = |id: &str| {
            let slips: Vec<&Slip> = all.iter().copied().filter(|slip| slip.rule == id).collect();
            StatsRow::count(id, &slips, weights, characters)
        };
        let of_file = |text: &CountedText| {
            let slips: Vec<&Slip> = text.slips.iter().collect();
            StatsRow::count(&text.file, &slips, weights, text.characters)
        };
        Self {
            standard: standard.name().to_string(),
            limit: weights.limit,
            total: StatsRow::count("", &all, weights, characters),
            rules: ids.into_iter().map(of_rule).collect(),
            files: texts.iter().map(of_file).collect(),
        }
    }

    /// Writes the table with what must be known to read it.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write_text(&self, language: Language, out: &mut dyn Write) -> io::Result<()> {
        let rule = |row: &StatsRow| match rules::find(&row.name) {
            Some(rule) => format!("{} {}", rule.id, rule.name.get(language)),
            None => row.name.clone(),
        };
        writeln!(out, "{}", words::error_rate(&self.standard, self.limit, language))?;
        let mut table = vec![words::stats_headings(language).map(str::to_string)];
        table.push(self.total.cells(words::all(language).to_string()));
        table.extend(self.rules.iter().map(|row| row.cells(rule(row))));
        if self.files.len() > 1 {
            table.extend(self.files.iter().map(|row| row.cells(visible(&row.name))));
        }
        write_columns(&table, out)?;
        let passes = |rate: f64| rate <= self.limit;
        let (before, after) = (self.total.rate_before, self.total.rate_after);
        writeln!(out, "{}", words::passes(passes(before), passes(after), language))?;
        writeln!(out, "{}", words::only_likely(language))
    }

    /// Writes one JSON document.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    /// Writes the table as CSV, with the kind of each row before its name.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    #[cfg(feature = "table")]
    pub fn write_csv(&self, language: Language, out: &mut dyn Write) -> io::Result<()> {
        let headings = words::stats_headings(language);
        let mut rows = vec![
            [words::stats_kind(language)]
                .iter()
                .chain(&headings)
                .map(ToString::to_string)
                .collect::<Vec<String>>(),
        ];
        let rules = self.rules.iter().map(|row| ("rule", row));
        let files = self.files.iter().map(|row| ("file", row));
        for (kind, row) in [("total", &self.total)].into_iter().chain(rules).chain(files) {
            let cells = row.cells(visible(&row.name));
            rows.push([kind.to_string()].into_iter().chain(cells).collect());
        }
        super::csv::write_table(&rows, out)
    }
}

impl StatsRow {
    fn count(name: &str, slips: &[&Slip], weights: &Weights, characters: u64) -> Self {
        let with = |fate: Fate| slips.iter().filter(move |slip| slip.fate == fate);
        let before = weights.count(slips.iter().map(|slip| slip.counted()));
        let after = weights.count(with(Fate::Open).map(|slip| slip.counted()));
        let rate = |errors: &Errors| (errors.rate(characters) * 1e4).round() / 1e4;
        Self {
            name: name.to_string(),
            characters,
            suggestions: slips.len(),
            corrected: with(Fate::Corrected).count(),
            rejected: with(Fate::Rejected).count(),
            open: after.slips,
            errors_before: before.errors,
            rate_before: rate(&before),
            errors_after: after.errors,
            rate_after: rate(&after),
        }
    }

    fn cells(&self, name: String) -> [String; 10] {
        let number = |value: f64| format!("{value:.2}");
        [
            name,
            self.characters.to_string(),
            self.suggestions.to_string(),
            self.corrected.to_string(),
            self.rejected.to_string(),
            self.open.to_string(),
            number(self.errors_before),
            number(self.rate_before),
            number(self.errors_after),
            number(self.rate_after),
        ]
    }
}

/// Writes rows in columns, the first to the left and the others to the right.
fn write_columns(rows: &[[String; 10]], out: &mut dyn Write) -> io::Result<()> {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..10).map(width).collect();
    for row in rows {
        for (number, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let space = " ".repeat(width - cell.width());
            match number {
                0 => write!(out, "{cell}{space}")?,
                _ => write!(out, "  {space}{cell}")?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}
