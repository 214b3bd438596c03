//! Training: from texts to a model file.
//!
//! ```text
//! texts ─ read ─▶ ids ─ count ─▶ n-grams ─ discount ─▶ probabilities ─ quantise ─▶ file
//! ```
//! The same texts in the same order give the same bytes.

mod count;
mod discount;
mod mixture;
mod quantise;
mod text;
mod words;
mod work;

pub use mixture::{fit_weights, set_share};

use std::path::{Path, PathBuf};

use super::format::MAX_ORDER;
use crate::error::{Error, Result};
use count::Counts;
use work::Work;

/// What a model is trained on and how large it becomes.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The texts, plain or compressed (`.gz`, `.xz`), one paragraph a line.
    pub texts: Vec<Text>,
    /// A word list: lines of a word, a space and how often it was seen (jieba's format). Its
    /// words count a little even where no text has them.
    pub words: Option<PathBuf>,
    /// Models of words, whose knowledge counts like a text.
    pub word_ngrams: Vec<WordNgrams>,
    /// For each order, how often an n-gram must have been seen to be kept; the number of entries
    /// is the order of the model, 2 to 5. A later entry is never smaller than an earlier one.
    pub seen: Vec<u32>,
}

/// A text to train on.
#[derive(Clone, Debug)]
pub struct Text {
    /// The file.
    pub path: PathBuf,
    /// The share of its lines that is read, spread evenly: less than 1 for a text that is large
    /// but unlike what will be proofread.
    pub share: f64,
}

/// The n-grams of a model of words (plain, `.gz` or `.xz`), written out as text: a line with the
/// numbers of words, pairs and triples; a line for each word with itself, ln p and ln back-off,
/// parted by tabs; for each pair the numbers of its words (from 0), ln p of the second after the
/// first, and ln back-off; for each triple the numbers of its words and ln p of the third.
#[derive(Clone, Debug)]
pub struct WordNgrams {
    /// The file.
    pub path: PathBuf,
    /// They count as much as a text of so many words.
    pub length: f64,
}

/// How far training has come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// This file is being read.
    Reading(PathBuf),
    /// N-grams of this length are being counted.
    Counting(usize),
    /// Probabilities of n-grams of this length are being computed.
    Discounting(usize),
    /// The tables are being filled.
    Writing,
}

/// A trained model.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The content of the model file.
    pub bytes: Vec<u8>,
    /// Characters read, white space left out.
    pub characters: usize,
    /// N-grams kept, by length from 1.
    pub kept: Vec<usize>,
}

/// The lines of a text, plain or .xz or .gz.
///
/// # Errors
/// [`Error::Io`] for a file that cannot be read, [`Error::Undecodable`] for one that is no text.
pub fn read_lines(path: &Path) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    text::for_each_line(path, |line| lines.push(line.to_string()))?;
    Ok(lines)
}

impl Recipe {
    /// How many stages training goes through, if nothing of it was done before.
    pub fn stages(&self) -> usize {
        let inputs = self.texts.len() + self.word_ngrams.len() + usize::from(self.words.is_some());
        inputs + 2 * self.seen.len() + 1
    }
}

/// Trains a model; `progress` is told what is being done. With a `work` folder, what has been
/// counted is kept there until the model is made: a run with the same texts that was stopped goes
/// on from it, to the same result.
///
/// # Errors
/// [`Error::Io`] for a file that cannot be read, [`Error::Undecodable`] for one that is no text,
/// [`Error::Usage`] for a recipe that cannot be followed.
pub fn train(
    recipe: &Recipe,
    work: Option<&Path>,
    progress: &mut dyn FnMut(Stage),
) -> Result<Trained> {
    let order = recipe.seen.len();
    if !(2..=MAX_ORDER).contains(&order) || recipe.seen.windows(2).any(|pair| pair[0] > pair[1]) {
        let problem = "the counts must be 2 to 5 numbers, none smaller than the one before it";
        return Err(Error::Usage(problem.to_string()));
    }
    let work = work.map(|folder| Work::open(folder, recipe)).transpose()?;
    let Counted { vocabulary, characters, counts } =
        count_all(recipe, order, work.as_ref(), progress)?;
    let mut orders: Vec<discount::Ngrams> = Vec::new();
    for n in 1..=order {
        progress(Stage::Discounting(n));
        let longer = counts.get(n).filter(|_| recipe.word_ngrams.is_empty());
        let ngrams =
            discount::discount(n, &counts[n - 1], longer, recipe.seen[n - 1], orders.last_mut());
        orders.push(ngrams);
    }
    progress(Stage::Writing);
    let trained = Trained {
        bytes: quantise::write(&vocabulary, &orders),
        characters,
        kept: orders.iter().map(|ngrams| ngrams.keys.len()).collect(),
    };
    work.map_or(Ok(()), Work::close)?;
    Ok(trained)
}

/// The n-grams of all lengths.
struct Counted {
    vocabulary: Vec<char>,
    characters: usize,
    counts: Vec<Counts>,
}

/// Counts what was not counted before; the texts are read only if something is left to count.
fn count_all(
    recipe: &Recipe,
    order: usize,
    work: Option<&Work>,
    progress: &mut dyn FnMut(Stage),
) -> Result<Counted> {
    let kept = work.and_then(Work::text);
    let kept_counts = |n: usize| work.filter(|_| kept.is_some())?.counts(n);
    let mut counts: Vec<Counts> = (1..=order).map_while(kept_counts).collect();
    if let Some((vocabulary, characters)) = kept.clone().filter(|_| counts.len() == order) {
        return Ok(Counted { vocabulary, characters, counts });
    }
    let corpus = text::read(recipe, progress)?;
    if let Some(work) = work {
        work.keep_text(&corpus.vocabulary, corpus.characters)?;
    }
    for n in counts.len() + 1..=order {
        progress(Stage::Counting(n));
        let counted = count::count(&corpus, n);
        if let Some(work) = work {
            work.keep_counts(n, &counted)?;
        }
        counts.push(counted);
    }
    Ok(Counted { vocabulary: corpus.vocabulary, characters: corpus.characters, counts })
}
