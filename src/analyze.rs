//! Facts about a document, gathered once before detection: words, and how often what occurs.

use std::hash::Hasher;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::archive::ArchiveIndex;
use crate::config::{HouseEntry, HouseIndex, Punctuation};
use crate::lexicon::{Date, Lexicon};
use crate::model::{LanguageModel, Surprises};
use crate::person_name::person_names;
use crate::repair::Paragraph;

/// A word of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the paragraph's text.
    pub range: Range<usize>,
}

/// The longest string [`Facts::count`] knows, in characters.
pub const LONGEST_COUNTED: usize = 4;

/// What is known of a page before it is read: what its house says.
#[derive(Clone, Default)]
pub struct Page {
    /// The tables of the house, folded where the text is; `None` where there are none.
    pub house: Option<Arc<HouseIndex>>,
    /// The date of the page, where it was given.
    pub date: Option<Date>,
    /// The marks the house prints.
    pub punctuation: Punctuation,
}

impl Page {
    /// The words of the house's tables that stand in a text, in bytes of it.
    pub fn words_in<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, &'a HouseEntry)> {
        self.house.iter().flat_map(move |house| house.words.find_in(text))
    }
}

/// A document: its paragraphs, their words, and counts over all of it.
pub struct Facts {
    /// The paragraphs in the order of the file.
    pub paragraphs: Vec<Paragraph>,
    /// The words of each paragraph.
    pub tokens: Vec<Vec<Token>>,
    /// The names of people in each paragraph, in bytes of its text.
    pub names: Vec<Vec<Range<usize>>>,
    /// What the house says about it.
    pub page: Page,
    /// How surprising the characters of each paragraph are in news, and to the whole mixture of
    /// language models; the latter is empty where news is all there is.
    news_surprises: Vec<Surprises>,
    mixed_surprises: Vec<Surprises>,
    counts: FxHashMap<u64, u32>,
    neighbours: FxHashMap<char, Neighbours>,
    archive: Option<Arc<ArchiveIndex>>,
}

/// The characters that stand beside a character somewhere in a document, in order, each once.
#[derive(Default)]
struct Neighbours {
    before: Vec<char>,
    behind: Vec<char>,
}

impl Facts {
    /// Gathers the facts of a document.
    pub fn gather(paragraphs: Vec<Paragraph>, lexicon: &Lexicon) -> Self {
        let words = |paragraph: &Paragraph| {
            let tokens = tokenize(&paragraph.text, lexicon);
            let names = person_names(&paragraph.text, &tokens, lexicon.names());
            (tokens, names)
        };
        let (tokens, names) = paragraphs.par_iter().map(words).unzip();
        let counts = count_strings(&paragraphs);
        let neighbours = find_neighbours(&paragraphs);
        let (news, mixed) = (lexicon.language_model(), lexicon.mixed_model());
        let news_surprises = read(&paragraphs, news);
        let alone = mixed.models().count() == 1;
        let mixed_surprises = if alone { Vec::new() } else { read(&paragraphs, mixed) };
        let page = Page::default();
        Self {
            paragraphs,
            tokens,
            names,
            page,
            news_surprises,
            mixed_surprises,
            counts,
            neighbours,
            archive: None,
        }
    }

    /// The same facts of a page about which its house says something.
    #[must_use]
    pub fn of_page(mut self, page: Page) -> Self {
        self.page = page;
        self
    }

    /// How surprising the characters of a paragraph are in news.
    pub fn news_surprises(&self, paragraph: usize) -> &Surprises {
        &self.news_surprises[paragraph]
    }

    /// How surprising they are to the mixture of language models.
    pub fn surprises(&self, paragraph: usize) -> &Surprises {
        self.mixed_surprises.get(paragraph).unwrap_or_else(|| self.news_surprises(paragraph))
    }

    /// The same facts, with what the archive the document belongs to says.
    #[must_use]
    pub fn within(mut self, archive: Option<Arc<ArchiveIndex>>) -> Self {
        self.archive = archive;
        self
    }

    /// The archive the document belongs to, where one is known.
    pub fn archive(&self) -> Option<&ArchiveIndex> {
        self.archive.as_deref()
    }

    /// The characters that stand just before `character` somewhere in the document.
    pub fn before(&self, character: char) -> &[char] {
        self.neighbours.get(&character).map_or(&[], |beside| &beside.before)
    }

    /// The characters that stand just behind `character` somewhere in the document.
    pub fn behind(&self, character: char) -> &[char] {
        self.neighbours.get(&character).map_or(&[], |beside| &beside.behind)
    }

    /// How often `string`, of at most [`LONGEST_COUNTED`] characters, occurs in the document.
    ///
    /// # Panics
    /// When the string is longer: such strings are not counted.
    pub fn count(&self, string: &str) -> usize {
        assert!(string.chars().count() <= LONGEST_COUNTED, "{string} is too long to be counted");
        self.counts.get(&key(string)).map_or(0, |count| *count as usize)
    }
}

fn read(paragraphs: &[Paragraph], model: &impl LanguageModel) -> Vec<Surprises> {
    paragraphs.par_iter().map(|paragraph| model.surprises(&paragraph.text)).collect()
}

/// Who stands beside whom.
fn find_neighbours(paragraphs: &[Paragraph]) -> FxHashMap<char, Neighbours> {
    let mut pairs = FxHashSet::default();
    for paragraph in paragraphs {
        let characters = paragraph.text.chars();
        pairs.extend(characters.clone().zip(characters.skip(1)));
    }
    let mut pairs: Vec<(char, char)> = pairs.into_iter().collect();
    pairs.sort_unstable();
    let mut neighbours: FxHashMap<char, Neighbours> = FxHashMap::default();
    for (first, second) in pairs {
        neighbours.entry(first).or_default().behind.push(second);
        neighbours.entry(second).or_default().before.push(first);
    }
    neighbours
}

/// Splits a text into words with jieba, without its guesses at unknown words.
pub fn tokenize(text: &str, lexicon: &Lexicon) -> Vec<Token> {
    lexicon
        .jieba()
        .cut(text, false)
        .into_iter()
        .map(|word| Token { range: word.byte_start..word.byte_end })
        .collect()
}

fn count_strings(paragraphs: &[Paragraph]) -> FxHashMap<u64, u32> {
    let mut counts = FxHashMap::default();
    for paragraph in paragraphs {
        let text = paragraph.text.as_str();
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for (i, &start) in ends.iter().enumerate() {
            for &end in ends[i + 1..].iter().take(LONGEST_COUNTED) {
                *counts.entry(key(&text[start..end])).or_insert(0) += 1;
            }
        }
    }
    counts
}

/// A 64-bit hash stands for the string: among the strings of one document a collision is less
/// likely than a misprint by many orders of magnitude.
fn key(string: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(string.as_bytes());
    hasher.finish()
}
