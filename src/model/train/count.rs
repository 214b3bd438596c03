//! Counting n-grams: a number for each, sorted, equal ones counted.

use rayon::prelude::*;

use super::text::{Corpus, GAP, IDS};
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
        .map(|ids| ids.iter().fold(0, |key, id| key * IDS + u64::from(*id)))
        .collect();
    keys.par_sort_unstable();
    tally(keys)
}

/// Counts runs of equal keys.
pub(super) fn tally(sorted: Vec<u64>) -> Counts {
    let runs = sorted.chunk_by(|a, b| a == b);
    let (keys, counts) = runs.map(|run| (run[0], run.len() as u32)).unzip();
    Counts { keys, counts }
}
