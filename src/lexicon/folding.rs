//! `folding.tsv` and `unfolding.tsv`: from traditional script to simplified, and back.

use rustc_hash::FxHashMap;

use super::{Table, Traditional};
use crate::error::Result;

/// The longest word of the tables, in characters.
pub const LONGEST_FOLDED: usize = 4;

/// What traditional characters are in simplified script, and the reverse. All forms of a character
/// are as long in UTF-8 as the character.
pub struct Folding {
    simplified: FxHashMap<char, char>,
    /// Words that fold otherwise than their characters, by the first of these.
    words: FxHashMap<char, Vec<(String, String)>>,
    traditional: FxHashMap<char, Vec<char>>,
    /// Simplified words in which a character has not its most usual traditional form.
    word_forms: FxHashMap<String, String>,
}

impl Folding {
    /// Parses the tables, and adds the forms of `traditional.tsv`.
    pub(super) fn parse(
        (fold_name, fold): (&str, &str),
        (back_name, back): (&str, &str),
        forms: &FxHashMap<char, Traditional>,
    ) -> Result<Self> {
        let mut folding = Self {
            simplified: FxHashMap::default(),
            words: FxHashMap::default(),
            traditional: FxHashMap::default(),
            word_forms: FxHashMap::default(),
        };
        let table = Table::parse(fold_name, fold)?;
        for (line, row) in table.rows() {
            if row[0].len() != row[1].len() {
                return Err(table.error(line, "the two forms differ in their length in UTF-8"));
            }
            match (only(row[0]), only(row[1])) {
                (Some(from), Some(to)) => {
                    folding.simplified.insert(from, to);
                }
                _ => {
                    let word = (row[0].to_string(), row[1].to_string());
                    folding.words.entry(first(row[0])).or_default().push(word);
                }
            }
        }
        for (from, form) in forms {
            let to = form.simplified.first().and_then(|to| only(to));
            if let Some(to) = to.filter(|to| to.len_utf8() == from.len_utf8()) {
                folding.simplified.insert(*from, to);
            }
        }
        let table = Table::parse(back_name, back)?;
        for (line, row) in table.rows() {
            match only(row[0]) {
                Some(from) => {
                    let forms: Option<Vec<char>> = row[1].split('|').map(only).collect();
                    let alike = |form: &char| form.len_utf8() == from.len_utf8();
                    let forms = forms.filter(|forms| forms.iter().all(alike)).ok_or_else(|| {
                        table.error(line, "a form is no character of the same length in UTF-8")
                    })?;
                    folding.traditional.insert(from, forms);
                }
                None if row[0].len() == row[1].len() => {
                    folding.word_forms.insert(row[0].to_string(), row[1].to_string());
                }
                None => return Err(table.error(line, "the two forms differ in length")),
            }
        }
        Ok(folding)
    }

    /// The text in simplified script: as many bytes, each character where it was.
    pub fn fold(&self, text: &str) -> String {
        let mut folded = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let words = self.words.get(&character).into_iter().flatten();
            let longest = words
                .filter(|(word, _)| rest.starts_with(word.as_str()))
                .max_by_key(|(word, _)| word.len());
            match longest {
                Some((word, simplified)) => {
                    folded.push_str(simplified);
                    rest = &rest[word.len()..];
                }
                None => {
                    folded.push(self.simplified.get(&character).copied().unwrap_or(character));
                    rest = &rest[character.len_utf8()..];
                }
            }
        }
        folded
    }

    /// The traditional forms of a simplified character, the most usual first: itself where it has
    /// no other.
    pub fn forms(&self, simplified: char) -> Vec<char> {
        self.traditional.get(&simplified).cloned().unwrap_or_else(|| vec![simplified])
    }

    /// The traditional form of a simplified word of at most [`LONGEST_FOLDED`] characters, where
    /// that is not character by character the most usual.
    pub fn word_form(&self, word: &str) -> Option<&str> {
        self.word_forms.get(word).map(String::as_str)
    }
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or_default()
}

/// The character, if the text is just one.
fn only(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}
