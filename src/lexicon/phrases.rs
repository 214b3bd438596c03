//! Many strings looked for in one pass.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::error::{Error, Result};

/// Strings, and what a table knows about each.
pub struct Phrases<T> {
    automaton: AhoCorasick,
    known: Vec<T>,
}

impl<T> Phrases<T> {
    /// Takes the strings of the table called `name` with what is known about them.
    ///
    /// # Errors
    /// [`Error::Table`] when the table is too large for one automaton.
    pub fn new(name: &str, entries: impl IntoIterator<Item = (String, T)>) -> Result<Self> {
        let (strings, known): (Vec<String>, Vec<T>) = entries.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&strings)
            .map_err(|problem| Error::table(name, 0, problem.to_string()))?;
        Ok(Self { automaton, known })
    }

    /// The strings that stand in `text`, in bytes of it: leftmost first, of two that start alike
    /// the longer one, none overlapping.
    pub fn find_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (Range<usize>, &'a T)> {
        self.automaton.find_iter(text).map(|found| (found.range(), &self.known[found.pattern()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wins() {
        let entries = [("再接", 1), ("再接再励", 2)].map(|(s, n)| (s.to_string(), n));
        let phrases = Phrases::new("t", entries).expect("two short strings");
        let found: Vec<_> = phrases.find_in("再接再励再接").collect();
        assert_eq!(found, [(0..12, &2), (12..18, &1)]);
    }
}
