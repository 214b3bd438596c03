//! From probabilities to the bytes of the file.

use super::discount::Ngrams;
use super::text::IDS;
use crate::model::format::{self, FIRST, LAST_P, MIDDLE_BACK_OFF, MIDDLE_P, MIDDLE_P_BITS};
use crate::model::{pairs, slots};

/// The model file of these n-grams.
pub(super) fn write(vocabulary: &[char], orders: &[Ngrams]) -> Vec<u8> {
    let ids = vocabulary.len() + usize::from(FIRST);
    let unigrams: Vec<(f32, f32)> =
        (0..ids).map(|id| (orders[0].p[id].ln(), orders[0].back_off[id].ln())).collect();
    let mut lists = Vec::new();
    let mut tables = Vec::new();
    for (i, ngrams) in orders.iter().enumerate().skip(1) {
        let last = i + 1 == orders.len();
        let logs = |values: &[f32]| values.iter().map(|value| value.ln()).collect::<Vec<f32>>();
        let p = Values::new(logs(&ngrams.p), if last { LAST_P } else { MIDDLE_P });
        let back_off = Values::new(logs(&ngrams.back_off), MIDDLE_BACK_OFF);
        let entries = ngrams.keys.iter().enumerate().map(|(k, key)| {
            let shared = if last { 0 } else { back_off.codes[k] << MIDDLE_P_BITS };
            (hash(*key, i + 1), p.codes[k] | shared)
        });
        tables.push(slots::build(entries).0);
        lists.push(p.list);
        if !last {
            lists[i - 1].extend(back_off.list);
        }
    }
    let bigrams = orders[1].keys.iter().map(|key| ((key / IDS) as u16, (key % IDS) as u16));
    format::write(vocabulary, &unigrams, &lists, &pairs::write(ids, bigrams), &tables)
}

/// The hash of an n-gram: its ids from the last to the first.
fn hash(key: u64, n: usize) -> u64 {
    (0..n)
        .fold((0, key), |(hash, rest), _| (slots::extend(hash, (rest % IDS) as u16), rest / IDS))
        .0
}

/// Numbers written as indices of a short list.
struct Values {
    list: Vec<f32>,
    codes: Vec<u8>,
}

impl Values {
    /// Sorted, cut into classes and each given its mean. The classes come from equal numbers of
    /// members and are then moved until each border lies midway between the means of its sides.
    fn new(numbers: Vec<f32>, size: usize) -> Self {
        let mut sorted = numbers.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        let mut list: Vec<f32> = (0..size)
            .map(|i| sorted.get((2 * i + 1) * sorted.len() / (2 * size)).copied().unwrap_or(0.0))
            .collect();
        for _ in 0..30 {
            let mut from = 0;
            for i in 0..size {
                let border = list.get(i + 1).map_or(f32::INFINITY, |next| (list[i] + next) / 2.0);
                let to = from + sorted[from..].partition_point(|number| *number < border);
                if to > from {
                    let sum: f64 = sorted[from..to].iter().map(|number| f64::from(*number)).sum();
                    list[i] = (sum / (to - from) as f64) as f32;
                }
                from = to;
            }
            list.sort_unstable_by(f32::total_cmp);
        }
        let codes = numbers
            .iter()
            .map(|number| {
                let above = list.partition_point(|value| value < number);
                let below = above.saturating_sub(1);
                let above = above.min(size - 1);
                let nearer_below = number - list[below] < list[above] - number;
                (if nearer_below { below } else { above }) as u8
            })
            .collect();
        Self { list, codes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_stays_close() {
        let numbers: Vec<f32> = (0..1000).map(|i| -(i as f32) / 100.0).collect();
        let values = Values::new(numbers.clone(), 32);
        for (number, code) in numbers.iter().zip(&values.codes) {
            assert!((number - values.list[usize::from(*code)]).abs() < 0.25);
        }
    }
}
