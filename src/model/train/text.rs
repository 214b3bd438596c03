//! Reading the training text.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use rustc_hash::FxHashMap;

use super::words::ExpectedWords;
use super::{Recipe, Stage, WordNgrams};
use crate::error::{Error, Result};
use crate::model::format::{EDGE, FIRST, UNKNOWN};
use crate::model::symbol;
use crate::source::Encoding;

/// Ids that five of fit into 64 bits: 7131⁵ < 2⁶⁴. The 7,129 most frequent characters are more
/// than a newspaper uses in a year.
pub(super) const IDS: u64 = 7131;

/// Stands between texts: no n-gram reaches over it.
pub(super) const GAP: u16 = u16::MAX;

/// The training text as ids: `EDGE … EDGE GAP` for a paragraph, `… GAP` for a word.
pub(super) struct Corpus {
    /// The characters by code point; the first has id [`FIRST`].
    pub(super) vocabulary: Vec<char>,
    pub(super) ids: Vec<u16>,
    /// What models of words expect of a text.
    pub(super) expected: Vec<ExpectedWords>,
    /// Characters of the texts, white space left out.
    pub(super) characters: usize,
}

/// Reads all texts of a recipe.
pub(super) fn read(recipe: &Recipe, progress: &mut dyn FnMut(Stage)) -> Result<Corpus> {
    let mut reader = Reader::default();
    for text in &recipe.texts {
        progress(Stage::Reading(text.path.clone()));
        reader.read_text(&text.path, text.share)?;
    }
    let characters = reader.counts.iter().sum::<usize>();
    if let Some(path) = &recipe.words {
        progress(Stage::Reading(path.clone()));
        reader.read_words(path)?;
    }
    let mut expected = Vec::new();
    for WordNgrams { path, length } in &recipe.word_ngrams {
        progress(Stage::Reading(path.clone()));
        expected.push(ExpectedWords::read(path, *length, &mut reader)?);
    }
    Ok(reader.finish(characters, expected))
}

/// Ids in the order of first appearance, while reading.
#[derive(Default)]
pub(super) struct Reader {
    first_ids: FxHashMap<char, u16>,
    seen: Vec<char>,
    counts: Vec<usize>,
    ids: Vec<u16>,
}

/// While reading, ids up to this one are characters. More kinds of character than that are
/// read as unknown.
const MOST_SEEN: usize = 60_000;
const READ_UNKNOWN: u16 = u16::MAX - 2;
const READ_EDGE: u16 = u16::MAX - 1;

impl Reader {
    fn read_text(&mut self, path: &Path, share: f64) -> Result<()> {
        let mut due = 0.0;
        for_each_line(path, |line| {
            due += share;
            if due < 1.0 {
                return;
            }
            due -= 1.0;
            let from = self.ids.len();
            self.ids.push(READ_EDGE);
            self.push(line);
            if self.ids.len() == from + 1 {
                self.ids.pop();
                return;
            }
            self.ids.extend([READ_EDGE, GAP]);
        })
    }

    /// A word seen `f` times counts √(f / 20) times, at least once and at most 50 times: enough
    /// to be known, too little to drown what the texts say (research: language model spike).
    fn read_words(&mut self, path: &Path) -> Result<()> {
        for_each_line(path, |line| {
            let mut fields = line.split(' ');
            let word = fields.next().unwrap_or_default();
            let seen: f64 = fields.next().and_then(|f| f.parse().ok()).unwrap_or(0.0);
            let times = (seen / 20.0).sqrt().clamp(1.0, 50.0) as usize;
            if word.chars().count() >= 2 {
                for _ in 0..times {
                    self.push(word);
                    self.ids.push(GAP);
                }
            }
        })
    }

    fn push(&mut self, text: &str) {
        for symbol in text.chars().filter_map(symbol) {
            let id = self.id(symbol, 1);
            self.ids.push(id);
        }
    }

    /// Puts the ids of a word that stands in the text so many times behind `ids`.
    pub(super) fn push_word(&mut self, word: &str, times: usize, ids: &mut Vec<u16>) {
        ids.extend(word.chars().filter_map(symbol).map(|symbol| self.id(symbol, times)));
    }

    /// The id of a character, which was seen so many times more.
    fn id(&mut self, symbol: char, times: usize) -> u16 {
        let next = self.seen.len();
        let id = *self.first_ids.entry(symbol).or_insert_with(|| {
            if next >= MOST_SEEN {
                return READ_UNKNOWN;
            }
            self.seen.push(symbol);
            self.counts.push(0);
            next as u16
        });
        if id != READ_UNKNOWN {
            self.counts[usize::from(id)] += times;
        }
        id
    }

    /// Keeps the most frequent characters and gives them ids by code point.
    fn finish(self, characters: usize, mut expected: Vec<ExpectedWords>) -> Corpus {
        let mut by_count: Vec<(usize, char)> =
            self.counts.iter().copied().zip(self.seen.iter().copied()).collect();
        by_count.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        // The rarest of all stay outside even where there is room: the unknown character must
        // have been met to have a probability.
        let kept = by_count.iter().take_while(|(count, _)| *count >= 2);
        let mut vocabulary: Vec<char> =
            kept.take(IDS as usize - usize::from(FIRST)).map(|(_, character)| *character).collect();
        vocabulary.sort_unstable();
        let id_of = |character: &char| {
            vocabulary.binary_search(character).map_or(UNKNOWN, |i| FIRST + i as u16)
        };
        let ids_of_seen: Vec<u16> = self.seen.iter().map(id_of).collect();
        let mut ids = self.ids;
        let of_words = expected.iter_mut().flat_map(|words| &mut words.ids);
        for id in ids.iter_mut().chain(of_words) {
            *id = match *id {
                READ_EDGE => EDGE,
                READ_UNKNOWN => UNKNOWN,
                GAP => GAP,
                seen => ids_of_seen[usize::from(seen)],
            };
        }
        Corpus { vocabulary, ids, expected, characters }
    }
}

pub(super) fn for_each_line(path: &Path, mut each: impl FnMut(&str)) -> Result<()> {
    let mut input = open(path)?;
    let mut line = Vec::new();
    let mut offset = 0;
    loop {
        line.clear();
        let read = input.read_until(b'\n', &mut line).map_err(|cause| Error::io(path, cause))?;
        if read == 0 {
            return Ok(());
        }
        let text = std::str::from_utf8(&line).map_err(|mistake| {
            let at = mistake.valid_up_to();
            let name = path.display().to_string();
            let byte = line.get(at).copied();
            Error::Undecodable { name, encoding: Encoding::Utf8, offset: offset + at, byte }
        })?;
        each(text.trim_end());
        offset += read;
    }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let file = BufReader::new(File::open(path).map_err(|cause| Error::io(path, cause))?);
    let reader: Box<dyn Read> = match path.extension().and_then(|extension| extension.to_str()) {
        Some("xz") => Box::new(lzma_rust2::XzReader::new(file, true)),
        Some("gz") => Box::new(flate2::read::MultiGzDecoder::new(file)),
        _ => Box::new(file),
    };
    Ok(Box::new(BufReader::with_capacity(1 << 16, reader)))
}
