//! Training: from texts to a model file.
//!
//! ```text
//! texts ─ read ─▶ ids ─ count ─▶ n-grams ─ discount ─▶ probabilities ─ quantise ─▶ file
//! ```
//! The same texts in the same order give the same bytes.

mod count;
mod discount;
mod quantise;
mod text;

use std::path::{Path, PathBuf};

use super::format::MAX_ORDER;
use crate::error::{Error, Result};

/// What a model is trained on and how large it becomes.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The texts, plain or compressed (`.gz`, `.xz`), one paragraph a line.
    pub texts: Vec<Text>,
    /// A word list: lines of a word, a space and how often it was seen (jieba's format). Its
    /// words count a little even where no text has them.
    pub words: Option<PathBuf>,
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
/// [`Error::Io`] for a file that cannot be read, [`Error::InvalidUtf8`] for one that is no text.
pub fn read_lines(path: &Path) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    text::for_each_line(path, |line| lines.push(line.to_string()))?;
    Ok(lines)
}

/// Trains a model; `progress` is told what is being done.
///
/// # Errors
/// [`Error::Io`] for a file that cannot be read, [`Error::InvalidUtf8`] for one that is no text,
/// [`Error::Usage`] for a recipe that cannot be followed.
pub fn train(recipe: &Recipe, progress: &mut dyn FnMut(Stage)) -> Result<Trained> {
    let order = recipe.seen.len();
    if !(2..=MAX_ORDER).contains(&order) || recipe.seen.windows(2).any(|pair| pair[0] > pair[1]) {
        let problem = "the counts must be 2 to 5 numbers, none smaller than the one before it";
        return Err(Error::Usage(problem.to_string()));
    }
    let corpus = text::read(recipe, progress)?;
    let counts: Vec<count::Counts> = (1..=order)
        .map(|n| {
            progress(Stage::Counting(n));
            count::count(&corpus, n)
        })
        .collect();
    let mut orders: Vec<discount::Ngrams> = Vec::new();
    for n in 1..=order {
        progress(Stage::Discounting(n));
        let longer = counts.get(n);
        let ngrams =
            discount::discount(n, &counts[n - 1], longer, recipe.seen[n - 1], orders.last_mut());
        orders.push(ngrams);
    }
    progress(Stage::Writing);
    Ok(Trained {
        bytes: quantise::write(&corpus.vocabulary, &orders),
        characters: corpus.characters,
        kept: orders.iter().map(|ngrams| ngrams.keys.len()).collect(),
    })
}
