//! Word n-grams with probabilities, read as the counts a long text would have.
//!
//! A model of words knows more text than can be had, but it has forgotten the text. What it
//! expects of one of so many words is as good as a count: a word stands p(w) times in it, a pair
//! p(w1) p(w2|w1) times, a triple p(w1) p(w2|w1) p(w3|w1w2) times. Characters that stand within
//! one word are counted with the words, those that touch two with the pairs, those that span
//! three with the triples, so nothing is counted twice.

use std::path::Path;

use rustc_hash::FxHashMap;

use super::text::{Reader, for_each_line};
use crate::error::{Error, Result};

/// Counts are added up in this part of one: sums of whole numbers do not depend on their order.
pub(super) const PART: f64 = (1u64 << SHIFT) as f64;
const SHIFT: u32 = 20;

/// The whole number nearest to a sum of parts.
pub(super) fn rounded(parts: u64) -> u32 {
    u32::try_from((parts + (1 << (SHIFT - 1))) >> SHIFT).unwrap_or(u32::MAX)
}

/// The words of a model, and how often they are expected alone, in twos and in threes.
#[derive(Default)]
pub(super) struct ExpectedWords {
    /// The characters of all words, one word after the other.
    pub(super) ids: Vec<u16>,
    /// Where each word starts in them, and where the last one ends.
    starts: Vec<u32>,
    pub(super) words: Vec<u64>,
    pub(super) pairs: Vec<([u32; 2], u64)>,
    pub(super) triples: Vec<([u32; 3], u64)>,
}

impl ExpectedWords {
    pub(super) fn word(&self, word: u32) -> &[u16] {
        let word = word as usize;
        &self.ids[self.starts[word] as usize..self.starts[word + 1] as usize]
    }

    /// Reads a file of word n-grams (see [`super::WordNgrams`]).
    pub(super) fn read(path: &Path, length: f64, reader: &mut Reader) -> Result<Self> {
        let table = Table::read(path)?;
        let p = table.shares();
        let mut read = Self { starts: vec![0], ..Self::default() };
        for (word, p) in table.words.iter().zip(&p) {
            let parts = (p * length * PART) as u64;
            // `<unk>` and other marks of the model are no words.
            let text = if word.text.starts_with('<') { "" } else { &word.text };
            reader.push_word(text, u64::from(rounded(parts)) as usize, &mut read.ids);
            read.starts.push(read.ids.len() as u32);
            read.words.push(parts);
        }
        let marked = |word: &u32| read.starts[*word as usize] == read.starts[*word as usize + 1];
        let mut of_pair = FxHashMap::default();
        for pair in &table.pairs {
            let expected = p[pair.words[0] as usize] * pair.p * length;
            of_pair.insert(pair.words, expected);
            if !pair.words.iter().any(marked) {
                read.pairs.push((pair.words, (expected * PART) as u64));
            }
        }
        for (words, p) in &table.triples {
            let expected = of_pair.get(&[words[0], words[1]]).map_or(0.0, |expected| expected * p);
            if !words.iter().any(marked) {
                read.triples.push((*words, (expected * PART) as u64));
            }
        }
        Ok(read)
    }
}

/// A model of words as it stands in the file.
#[derive(Default)]
struct Table {
    words: Vec<Word>,
    pairs: Vec<Pair>,
    triples: Vec<([u32; 3], f64)>,
}

struct Word {
    text: String,
    p: f64,
    back_off: f64,
}

struct Pair {
    words: [u32; 2],
    /// Probability of the second after the first.
    p: f64,
}

impl Table {
    fn read(path: &Path) -> Result<Self> {
        let mut table = Self::default();
        let mut sizes: Option<[usize; 3]> = None;
        let mut line_number = 0;
        let mut mistake = None;
        for_each_line(path, |line| {
            line_number += 1;
            let read = match sizes {
                None => numbers::<3>(line).map(|read| sizes = Some(read.map(|n| n as usize))),
                Some(sizes) => table.push(line, sizes),
            };
            if read.is_none() && mistake.is_none() {
                mistake = Some(line_number);
            }
        })?;
        let found = [table.words.len(), table.pairs.len(), table.triples.len()];
        if mistake.is_none() && sizes != Some(found) {
            mistake = Some(line_number);
        }
        match mistake {
            None => Ok(table),
            Some(line) => {
                let name = path.display().to_string();
                Err(Error::table(&name, line, "this is no list of word n-grams"))
            }
        }
    }

    fn push(&mut self, line: &str, sizes: [usize; 3]) -> Option<()> {
        let known = |word: f64| (word >= 0.0 && (word as usize) < sizes[0]).then_some(word as u32);
        if self.words.len() < sizes[0] {
            let (text, rest) = line.split_once('\t')?;
            let [p, back_off] = numbers(rest)?;
            self.words.push(Word { text: text.to_string(), p: p.exp(), back_off: back_off.exp() });
        } else if self.pairs.len() < sizes[1] {
            let [first, second, p, _] = numbers(line)?;
            self.pairs.push(Pair { words: [known(first)?, known(second)?], p: p.exp() });
        } else {
            let [first, second, third, p] = numbers(line)?;
            self.triples.push(([known(first)?, known(second)?, known(third)?], p.exp()));
        }
        Some(())
    }

    /// The share of each word in a long text. A smoothed model does not say it: its unigrams are
    /// those of words behind unknown ones, where 的 is rare. It is the share that stays as it is
    /// when the text goes on by one word.
    fn shares(&self) -> Vec<f64> {
        let mut shares: Vec<f64> = self.words.iter().map(|word| word.p).collect();
        for _ in 0..ROUNDS {
            let back_off: f64 =
                shares.iter().zip(&self.words).map(|(share, word)| share * word.back_off).sum();
            let mut next: Vec<f64> = self.words.iter().map(|word| word.p * back_off).collect();
            for Pair { words: [first, second], p } in &self.pairs {
                let (first, second) = (*first as usize, *second as usize);
                let without = self.words[first].back_off * self.words[second].p;
                next[second] += shares[first] * (p - without);
            }
            let sum: f64 = next.iter().sum();
            shares = next.iter().map(|share| share.max(0.0) / sum).collect();
        }
        shares
    }
}

/// Each round brings the shares of words nearer by about two thirds.
const ROUNDS: usize = 20;

/// The numbers of a line, if they are so many.
fn numbers<const N: usize>(line: &str) -> Option<[f64; N]> {
    let mut fields = line.split_ascii_whitespace();
    let mut read = [0.0; N];
    for number in &mut read {
        *number = fields.next()?.parse().ok()?;
    }
    fields.next().is_none().then_some(read)
}

#[cfg(test)]
mod tests {
    use super::super::count::count;
    use super::super::text::{IDS, read};
    use super::super::{Recipe, WordNgrams};

    /// Two words that take turns, 甲乙 and 丙, which the model is sure of: a text of 1,000 words
    /// holds 500 of each.
    #[test]
    fn what_a_model_of_words_expects_is_counted_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("words.txt");
        let text = "3 2 2\n<unk>\t-9\t0\n甲乙\t-0.7\t-20\n丙\t-0.7\t-20\n\
                    1 2 0 0\n2 1 0 0\n1 2 1 0\n2 1 2 0\n";
        std::fs::write(&path, text).expect("a file");
        let recipe = Recipe {
            texts: Vec::new(),
            words: None,
            word_ngrams: vec![WordNgrams { path: path.clone(), length: 1000.0 }],
            seen: vec![1, 1],
        };
        let corpus = read(&recipe, &mut |_| {}).expect("the file is right");
        assert_eq!(corpus.vocabulary, ['丙', '乙', '甲']);
        let key = |text: &str| {
            let id = |c| 2 + corpus.vocabulary.iter().position(|v| *v == c).expect("it is known");
            text.chars().fold(0, |key, c| key * IDS + id(c) as u64)
        };
        for ngram in ["甲", "丙", "甲乙", "乙丙", "丙甲", "甲乙丙", "乙丙甲", "丙甲乙"]
        {
            let counts = count(&corpus, ngram.chars().count());
            let counted = counts.get(key(ngram));
            assert!((498..=502).contains(&counted), "{ngram}: {counted}");
            assert_eq!(counts.keys.len(), 3, "{ngram}");
        }

        std::fs::write(&path, text.replace("2 1 2 0", "2 1 7 0")).expect("a file");
        assert!(read(&recipe, &mut |_| {}).is_err());
    }
}
