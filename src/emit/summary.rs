//! Counts over a run.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::{Palette, words};
use crate::finding::{Language, Level, Suggestion};

/// What was found in how much text: the closing record of JSON output and the closing lines of
/// text output.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Files checked.
    pub files: usize,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Characters checked, white space left out.
    pub characters: usize,
    /// Suggestions shown.
    pub suggestions: usize,
    /// Suggestions shown per 10,000 characters, rounded to hundredths.
    pub per_10000: f64,
    /// Suggestions shown by level.
    pub levels: BTreeMap<Level, usize>,
    /// Suggestions shown by rule id.
    pub rules: BTreeMap<String, usize>,
}

impl Summary {
    /// Counts one file of so many characters and the suggestions shown for it.
    pub fn add<'a>(
        &mut self,
        characters: usize,
        suggestions: impl IntoIterator<Item = &'a Suggestion>,
    ) {
        self.files += 1;
        self.characters += characters;
        for suggestion in suggestions {
            self.suggestions += 1;
            *self.levels.entry(suggestion.level).or_insert(0) += 1;
            *self.rules.entry(suggestion.finding.rule.id.to_string()).or_insert(0) += 1;
        }
        let rate = self.suggestions as f64 * 10_000.0 / self.characters.max(1) as f64;
        self.per_10000 = (rate * 100.0).round() / 100.0;
    }

    /// Suggestions shown of `level` or above.
    pub fn at_least(&self, level: Level) -> usize {
        self.levels.range(level..).map(|(_, count)| count).sum()
    }

    /// Writes the closing lines of text output.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(
        &self,
        language: Language,
        palette: &Palette,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let found =
            words::found(self.suggestions, self.files, self.characters, self.per_10000, language);
        writeln!(out, "{found}")?;
        if self.suggestions > 0 {
            let levels = self.levels.iter().rev();
            let levels = levels.map(|(level, count)| (words::level(*level, language), count));
            writeln!(out, "  {}", counts(levels, palette))?;
            let rules = self.rules.iter().map(|(rule, count)| (rule.as_str(), count));
            writeln!(out, "  {}", counts(rules, palette))?;
        }
        if self.unreadable > 0 {
            writeln!(out, "{}", words::unreadable(self.unreadable, language))?;
        }
        Ok(())
    }
}

fn counts<'a>(entries: impl Iterator<Item = (&'a str, &'a usize)>, palette: &Palette) -> String {
    let entries = entries.map(|(name, count)| format!("{} {count}", palette.rule.over(name)));
    entries.collect::<Vec<_>>().join("  ")
}
