//! `protected_phrases.tsv`: phrases and names that must stand exactly so, with the time they
//! were in use.

use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::Table;
use crate::error::{Error, Result};

/// Year, month and day.
pub type Date = (u16, u8, u8);

/// A phrase that must stand exactly so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedPhrase {
    /// The phrase.
    pub phrase: String,
    /// First day of its use, if known.
    pub from: Option<Date>,
    /// Last day of its use, if it is over.
    pub to: Option<Date>,
}

impl ProtectedPhrase {
    /// True when the phrase was in use on `date`.
    pub fn in_use(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// A part of a phrase, found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPart<'a> {
    /// The phrase.
    pub phrase: &'a ProtectedPhrase,
    /// Where the part stands, in bytes of the text.
    pub range: Range<usize>,
    /// Whether it is the part the phrase starts with; else it is one the phrase ends with.
    pub start: bool,
}

/// The protected phrases. One slip leaves at least one half of a phrase whole, or, where the two
/// characters in the middle are swapped, what follows them; so these parts are looked for.
pub struct ProtectedPhrases {
    phrases: Vec<ProtectedPhrase>,
    parts: AhoCorasick,
}

/// Parts of each phrase.
const PARTS: usize = 3;

impl ProtectedPhrases {
    /// Shorter phrases, in characters, cannot be parted.
    pub(crate) const SHORTEST: usize = 3;

    /// Parses the table: columns phrase, from, to and note.
    pub(super) fn parse((name, text): (&str, &str)) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let mut phrases = Vec::new();
        for (line, row) in table.rows() {
            if row[0].chars().count() < Self::SHORTEST {
                return Err(table.error(line, "a protected phrase has three characters or more"));
            }
            let date = |column: &str| match column {
                "" => Ok(None),
                _ => parse_date(column)
                    .map(Some)
                    .ok_or_else(|| table.error(line, format!("no date: {column}"))),
            };
            let (from, to) = (date(row[1])?, date(row[2])?);
            phrases.push(ProtectedPhrase { phrase: row[0].to_string(), from, to });
        }
        Self::of(name, phrases)
    }

    /// Takes the phrases of the table called `name`, none shorter than three characters.
    ///
    /// # Errors
    /// [`Error::Table`] when they are too many for one automaton.
    pub fn of(name: &str, phrases: Vec<ProtectedPhrase>) -> Result<Self> {
        let parts = AhoCorasick::new(phrases.iter().flat_map(|p| parts(&p.phrase)))
            .map_err(|problem| Error::table(name, 0, problem.to_string()))?;
        Ok(Self { phrases, parts })
    }

    /// All parts of phrases that stand in `text`, overlapping ones too.
    pub fn parts_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = FoundPart<'a>> {
        self.parts.find_overlapping_iter(text).map(|found| {
            let number = found.pattern().as_usize();
            FoundPart {
                phrase: &self.phrases[number / PARTS],
                range: found.range(),
                start: number.is_multiple_of(PARTS),
            }
        })
    }

    /// True when `string` is one of the phrases, of whatever time.
    pub fn contains(&self, string: &str) -> bool {
        self.phrases.iter().any(|phrase| phrase.phrase == string)
    }
}

/// The first half, the second half, and the second half without its first character.
fn parts(phrase: &str) -> [&str; PARTS] {
    let middle = phrase.chars().count() / 2;
    let at = |n: usize| phrase.char_indices().nth(n).map_or(phrase.len(), |(at, _)| at);
    [&phrase[..at(middle)], &phrase[at(middle)..], &phrase[at(middle + 1)..]]
}

/// A date written 2015-03-02.
pub fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let (year, month, day) =
        (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let exists = (1..=12).contains(&month) && (1..=31).contains(&day);
    (parts.next().is_none() && exists).then_some((year, month, day))
}
