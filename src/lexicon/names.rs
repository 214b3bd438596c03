//! `surnames.tsv`, `titles.tsv` and `organisations.tsv`: what makes a string a name.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Table;
use crate::error::Result;

/// What is known about the names of people and institutions.
pub struct Names {
    /// Surnames; true for those that are mostly a surname when they start a word.
    surnames: FxHashMap<String, bool>,
    titles_before: FxHashSet<String>,
    titles_after: FxHashSet<String>,
    longest_title: usize,
    suffixes: FxHashSet<String>,
    longest_suffix: usize,
}

/// Characters of the longest surname that is looked for.
const LONGEST_SURNAME: usize = 3;

impl Names {
    /// Parses the three tables, each given as name and text.
    pub(super) fn parse(
        surnames: (&str, &str),
        titles: (&str, &str),
        organisations: (&str, &str),
    ) -> Result<Self> {
        let mut names = Self {
            surnames: parse_surnames(surnames)?,
            titles_before: FxHashSet::default(),
            titles_after: FxHashSet::default(),
            longest_title: 0,
            suffixes: parse_suffixes(organisations)?,
            longest_suffix: 0,
        };
        let longest = |strings: &mut dyn Iterator<Item = &String>| strings.map(String::len).max();
        names.parse_titles(titles)?;
        let mut titles = names.titles_before.iter().chain(&names.titles_after);
        names.longest_title = longest(&mut titles).unwrap_or(0);
        names.longest_suffix = longest(&mut names.suffixes.iter()).unwrap_or(0);
        Ok(names)
    }

    fn parse_titles(&mut self, (name, text): (&str, &str)) -> Result<()> {
        let table = Table::parse(name, text)?;
        for (line, row) in table.rows() {
            let (before, after) = match row[1] {
                "before" => (true, false),
                "after" => (false, true),
                "both" => (true, true),
                other => return Err(table.error(line, format!("no such position: {other}"))),
            };
            if before {
                self.titles_before.insert(row[0].to_string());
            }
            if after {
                self.titles_after.insert(row[0].to_string());
            }
        }
        Ok(())
    }

    /// Bytes of the surname that `text` starts with, the longest if there are two (欧阳 before
    /// 欧), and whether it is mostly a surname.
    pub fn surname_at_start(&self, text: &str) -> Option<(usize, bool)> {
        let mut longest = None;
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        for end in ends.take(LONGEST_SURNAME) {
            longest = self.surnames.get(&text[..end]).map(|strong| (end, *strong)).or(longest);
        }
        longest
    }

    /// True when `text` ends in a word that stands before a name (记者, 局长).
    pub fn ends_in_title(&self, text: &str) -> bool {
        suffix_in(text, &self.titles_before, self.longest_title)
    }

    /// True when `text` starts with a word that stands behind a name (先生, 局长).
    pub fn starts_with_title(&self, text: &str) -> bool {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.take_while(|end| *end <= self.longest_title)
            .any(|end| self.titles_after.contains(&text[..end]))
    }

    /// True when `text` ends as the name of an institution or a place does (广场, 公司, 区).
    pub fn ends_in_suffix(&self, text: &str) -> bool {
        suffix_in(text, &self.suffixes, self.longest_suffix)
    }
}

fn suffix_in(text: &str, set: &FxHashSet<String>, longest: usize) -> bool {
    let starts = text.char_indices().rev().map(|(at, _)| at);
    starts.take_while(|at| text.len() - at <= longest).any(|at| set.contains(&text[at..]))
}

fn parse_surnames((name, text): (&str, &str)) -> Result<FxHashMap<String, bool>> {
    let table = Table::parse(name, text)?;
    let mut surnames = FxHashMap::default();
    for (line, row) in table.rows() {
        let strong = match row[2] {
            "strong" => true,
            "weak" => false,
            other => return Err(table.error(line, format!("no such strength: {other}"))),
        };
        surnames.insert(row[0].to_string(), strong);
    }
    Ok(surnames)
}

fn parse_suffixes((name, text): (&str, &str)) -> Result<FxHashSet<String>> {
    let table = Table::parse(name, text)?;
    Ok(table.rows().map(|(_, row)| row[0].to_string()).collect())
}
