//! Counting n-grams: a number for each, sorted, equal ones counted.

use rayon::prelude::*;

use super::text::{Corpus, GAP, IDS};
use super::words::{ExpectedWords, rounded};
use crate::model::format::UNKNOWN;

/// The n-grams of one length, sorted. A key is the ids as the digits of a number to the base of
/// [`IDS`], the first id the highest: n-grams with a common beginning stand together.
pub(super) struct Counts {
    pub(super) keys: Vec<u64>,
    pub(super) counts: Vec<u32>,
}

impl Counts {
    /// How often `key` was seen.
    #[cfg(test)]
    pub(super) fn get(&self, key: u64) -> u32 {
        self.keys.binary_search(&key).map_or(0, |i| self.counts[i])
    }
}

/// Counts the n-grams of `n` characters. Those with an unknown character are left out: it stands
/// for thousands of characters, each as unlikely as one seen in a single surrounding.
pub(super) fn count(corpus: &Corpus, n: usize) -> Counts {
    let mut keys: Vec<u64> = corpus
        .ids
        .windows(n)
        .filter(|ids| !ids.contains(&GAP) && (n == 1 || !ids.contains(&UNKNOWN)))
        .map(key)
        .collect();
    keys.par_sort_unstable();
    let counts = tally(keys);
    corpus.expected.iter().fold(counts, |counts, words| merge(counts, expect(words, n)))
}

/// How often the n-grams of `n` characters are expected where these words stand.
fn expect(words: &ExpectedWords, n: usize) -> Counts {
    let mut expected: Vec<(u64, u64)> = Vec::new();
    let mut text: Vec<u16> = Vec::new();
    let mut add = |all: &[u32], parts: u64| {
        text.clear();
        all.iter().for_each(|word| text.extend_from_slice(words.word(*word)));
        // Characters that touch the first word and the last.
        let last = words.word(all[all.len() - 1]).len();
        let starts = 0..words.word(all[0]).len();
        let starts = starts.start.max((text.len() - last + 1).saturating_sub(n))..starts.end;
        for start in starts {
            let Some(ids) = text.get(start..start + n) else { break };
            if n == 1 || !ids.contains(&UNKNOWN) {
                expected.push((key(ids), parts));
            }
        }
    };
    for (word, parts) in (0..).zip(&words.words) {
        add(&[word], *parts);
    }
    words.pairs.iter().for_each(|(pair, parts)| add(pair, *parts));
    words.triples.iter().for_each(|(triple, parts)| add(triple, *parts));
    expected.par_sort_unstable();
    let runs = expected.chunk_by(|a, b| a.0 == b.0);
    let sums = runs.map(|run| (run[0].0, rounded(run.iter().map(|(_, parts)| parts).sum())));
    let (keys, counts) = sums.filter(|(_, count)| *count > 0).unzip();
    Counts { keys, counts }
}

/// The sums of two lists of counts.
fn merge(a: Counts, b: Counts) -> Counts {
    let mut merged = Counts { keys: Vec::new(), counts: Vec::new() };
    let (mut i, mut j) = (0, 0);
    while i < a.keys.len() || j < b.keys.len() {
        let next = |counts: &Counts, at: usize| counts.keys.get(at).copied().unwrap_or(u64::MAX);
        let (of_a, of_b) = (next(&a, i), next(&b, j));
        let mut count = 0u32;
        if of_a <= of_b {
            count = count.saturating_add(a.counts[i]);
            i += 1;
        }
        if of_b <= of_a {
            count = count.saturating_add(b.counts[j]);
            j += 1;
        }
        merged.keys.push(of_a.min(of_b));
        merged.counts.push(count);
    }
    merged
}

fn key(ids: &[u16]) -> u64 {
    ids.iter().fold(0, |key, id| key * IDS + u64::from(*id))
}

/// Counts runs of equal keys.
pub(super) fn tally(sorted: Vec<u64>) -> Counts {
    let runs = sorted.chunk_by(|a, b| a == b);
    let (keys, counts) = runs.map(|run| (run[0], run.len() as u32)).unzip();
    Counts { keys, counts }
}
