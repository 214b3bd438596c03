//! Doubled characters that are right.

use rustc_hash::FxHashSet;

use super::Table;
use crate::error::Result;

/// Forms in which a character or a word rightly stands twice.
pub struct Reduplications {
    words: FxHashSet<String>,
    windows: FxHashSet<String>,
}

impl Reduplications {
    /// Parses the table, given as name and text.
    pub(super) fn parse((name, text): (&str, &str)) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let mut words = FxHashSet::default();
        let mut windows = FxHashSet::default();
        for (line, row) in table.rows() {
            match row[1] {
                "pattern" => words.extend(row[2].split(' ').map(str::to_string)),
                "exception" => {
                    windows.insert(row[0].to_string());
                }
                _ => return Err(table.error(line, "the kind is neither pattern nor exception")),
            }
        }
        Ok(Self { words, windows })
    }

    /// True for a word built by doubling: 看看, 欣欣向荣, 研究研究.
    pub fn is_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// True for a window of three or four characters in which one word ends and the next begins
    /// with the same character: 税税率 in 纳税税率.
    pub fn is_seam(&self, window: &str) -> bool {
        self.windows.contains(window)
    }
}
