//! The one format of `dictionaries/`: lines of TAB-separated columns under a header of `# ` lines.

use crate::error::{Error, Result};

/// A parsed table. Rows borrow from the text.
pub struct Table<'a> {
    name: &'a str,
    columns: usize,
    rows: Vec<(usize, Vec<&'a str>)>,
}

impl<'a> Table<'a> {
    /// Parses `text`, the content of the table called `name`.
    ///
    /// The header must say `# source:`, `# licence:` and `# columns:`; every row must have as
    /// many columns as the header names.
    ///
    /// # Errors
    /// [`Error::Table`] with the line of the mistake.
    pub fn parse(name: &'a str, text: &'a str) -> Result<Self> {
        let mut columns = None;
        let mut rows = Vec::new();
        for key in ["# source:", "# licence:"] {
            if !text.lines().any(|line| line.starts_with(key)) {
                return Err(Error::table(name, 0, format!("the header has no `{key}`")));
            }
        }
        for (number, line) in text.lines().enumerate() {
            if let Some(names) = line.strip_prefix("# columns:") {
                columns = Some(names.trim().split('\t').count());
            }
            if line.is_empty() || line == "#" || line.starts_with("# ") {
                continue;
            }
            let row: Vec<&str> = line.split('\t').collect();
            let expected = columns
                .ok_or_else(|| Error::table(name, number + 1, "a row before `# columns:`"))?;
            if row.len() != expected {
                let problem = format!("{} columns, {expected} expected", row.len());
                return Err(Error::table(name, number + 1, problem));
            }
            rows.push((number + 1, row));
        }
        Ok(Self { name, columns: columns.unwrap_or(0), rows })
    }

    /// The rows with their line numbers (from 1).
    pub fn rows(&self) -> impl Iterator<Item = (usize, &[&'a str])> {
        self.rows.iter().map(|(line, row)| (*line, row.as_slice()))
    }

    /// Columns per row.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// An error in line `line` of this table.
    pub fn error(&self, line: usize, problem: impl Into<String>) -> Error {
        Error::table(self.name, line, problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_named() {
        let head = "# t\n# source: s\n# licence: l\n# columns: a\tb\n";
        assert_eq!(Table::parse("t", head).expect("a header alone is a table").columns(), 2);
        let error = Table::parse("t.tsv", &format!("{head}x\ty\nz\n")).err().expect("a short row");
        assert_eq!(error.to_string(), "t.tsv:6: 1 columns, 2 expected");
        assert!(Table::parse("t", "a\tb\n").is_err());
    }
}
