//! Which characters the language model has seen beside which: what may have been printed between
//! two characters of a text.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Mixture, symbol};
use crate::han::is_han;

/// Pairs of characters the model has counts of, looked up from either side.
pub struct Neighbours {
    /// The characters of the model: the Chinese ones by code point, then all others.
    characters: Vec<char>,
    places: FxHashMap<char, u16>,
    /// The Chinese characters seen behind each character, and those seen before it.
    behind: Side,
    before: Side,
}

/// ln p of the rarest character that is expected anywhere: about one in half a million.
const RAREST: f32 = -13.0;

impl Neighbours {
    /// The characters `model` knows.
    pub(crate) fn new(model: &Mixture) -> Self {
        let mut characters = model.frequent_characters(RAREST);
        characters.sort_by_key(|c| !is_han(*c));
        let places: FxHashMap<char, u16> =
            characters.iter().enumerate().map(|(i, c)| (*c, i as u16)).collect();
        let chinese = characters.partition_point(|c| is_han(*c));
        let empty = || Side::new(characters.len(), chinese);
        let (mut behind, mut before) = (empty(), empty());
        for (first, second) in model.pairs() {
            let (Some(&i), Some(&k)) = (places.get(&first), places.get(&second)) else { continue };
            behind.add(i, k);
            before.add(k, i);
        }
        Self { characters, places, behind, before }
    }

    /// The number of a character it knows, for [`Gap::cost_at`].
    pub(crate) fn place(&self, character: char) -> Option<u16> {
        self.places.get(&character).copied()
    }

    /// The gap between two characters of a text. Without `left` or `right`, where a paragraph
    /// starts or ends, the other side decides alone.
    pub(crate) fn gap(&self, model: &Mixture, left: Option<char>, right: Option<char>) -> Gap<'_> {
        let place = |c: char| symbol(c).and_then(|c| self.place(c));
        let behind = |first: u16| {
            let first_character = self.characters[usize::from(first)];
            let pair = |second| (first_character, self.characters[usize::from(second)]);
            self.behind.row(first, model, pair)
        };
        let before = |second: u16| {
            let second_character = self.characters[usize::from(second)];
            let pair = |first| (self.characters[usize::from(first)], second_character);
            self.before.row(second, model, pair)
        };
        Gap {
            neighbours: self,
            left: left.map(|left| place(left).map(behind)),
            right: right.map(|right| place(right).map(before)),
        }
    }
}

/// Where a character may stand. A side is absent at the edge of a paragraph; one whose character the
/// model does not know was never seen beside anything.
pub(crate) struct Gap<'a> {
    neighbours: &'a Neighbours,
    /// What was seen behind the character to the left.
    left: Option<Option<Row<'a>>>,
    /// What was seen before the character to the right.
    right: Option<Option<Row<'a>>>,
}

impl Gap<'_> {
    /// The characters seen beside both neighbours, up to `most` of them, the likeliest first.
    pub(crate) fn likeliest(&self, most: usize) -> Vec<char> {
        self.likeliest_within(most, f32::INFINITY)
    }

    /// The same, where those whose [`Gap::cost_at`] is more than `cost` may be left out.
    pub(crate) fn likeliest_within(&self, most: usize, cost: f32) -> Vec<char> {
        // One step is for rounding.
        let limit = (STEPS * cost + 1.0).clamp(0.0, f32::from(u16::MAX)) as u16;
        let found = match (&self.left, &self.right) {
            (Some(Some(left)), Some(Some(right))) => left.cheapest_with(right, most, limit),
            (Some(Some(row)), None) | (None, Some(Some(row))) => {
                row.costs.cheapest.iter().take(most).map(|(_, index)| *index).collect()
            }
            _ => Vec::new(),
        };
        let characters = &self.neighbours.characters;
        found.into_iter().map(|index| characters[usize::from(index)]).collect()
    }

    /// [`Gap::cost_at`] of a character.
    #[cfg(test)]
    pub(crate) fn cost(&self, character: char) -> f32 {
        self.cost_at(self.neighbours.place(character))
    }

    /// How improbable the pairs are that the Chinese character with the number `place` makes with its
    /// neighbours: the negated sum of their ln p. A first estimate of what the whole context says.
    pub(crate) fn cost_at(&self, place: Option<u16>) -> f32 {
        let cost = |side: &Option<Option<Row<'_>>>| match (side, place) {
            (None, _) => 0.0,
            (Some(Some(row)), Some(place)) => {
                row.find(place).map_or(UNSEEN_PAIR, |cost| f32::from(cost) / STEPS)
            }
            (Some(_), _) => UNSEEN_PAIR,
        };
        cost(&self.left) + cost(&self.right)
    }
}

/// The cost of a pair that was never seen, in nats: higher than that of nearly all that were.
const UNSEEN_PAIR: f32 = 11.0;

/// Steps of a stored cost in a nat.
const STEPS: f32 = 10.0;

/// How unlikely a pair is, in steps below certainty.
fn stored(log_p: f32) -> u8 {
    (-STEPS * log_p).clamp(0.0, 255.0) as u8
}

/// For each character a set of Chinese ones, as bits; what each costs beside it is looked up when
/// a text first asks: a page asks for a few hundred characters.
struct Side {
    /// Words of a row of bits.
    words: usize,
    /// Characters a row has bits for.
    chinese: u16,
    bits: Vec<u64>,
    costs: Vec<OnceLock<Costs>>,
}

/// The costs of a row: those of the bits of word `i` start at `starts[i]`.
struct Costs {
    starts: Box<[u16]>,
    costs: Box<[u8]>,
    /// Cost and number of each character of the row, the cheapest first.
    cheapest: Box<[(u8, u16)]>,
}

impl Side {
    fn new(characters: usize, chinese: usize) -> Self {
        let words = chinese.div_ceil(64);
        let costs = (0..characters).map(|_| OnceLock::new()).collect();
        Self { words, chinese: chinese as u16, bits: vec![0; characters * words], costs }
    }

    fn add(&mut self, of: u16, index: u16) {
        if index < self.chinese {
            self.bits[usize::from(of) * self.words + usize::from(index / 64)] |= 1 << (index % 64);
        }
    }

    fn bits(&self, of: u16) -> &[u64] {
        &self.bits[usize::from(of) * self.words..][..self.words]
    }

    fn row(&self, of: u16, model: &Mixture, pair: impl Fn(u16) -> (char, char)) -> Row<'_> {
        let bits = self.bits(of);
        let costs = self.costs[usize::from(of)].get_or_init(|| {
            let starts = bits.iter().scan(0, |sum, word| {
                let start = *sum;
                *sum += word.count_ones() as u16;
                Some(start)
            });
            let words = bits.iter().enumerate();
            let places = words.flat_map(|(i, word)| ones(*word).map(move |bit| place(i, bit)));
            let places: Vec<u16> = places.collect();
            let pairs: Vec<(char, char)> = places.iter().map(|place| pair(*place)).collect();
            let costs: Vec<u8> = model.of_pairs(&pairs).into_iter().map(stored).collect();
            let mut cheapest: Vec<(u8, u16)> = costs.iter().copied().zip(places).collect();
            cheapest.sort_unstable();
            Costs { starts: starts.collect(), costs: costs.into(), cheapest: cheapest.into() }
        });
        Row { bits, costs }
    }
}

/// The characters seen on one side of a character.
struct Row<'a> {
    bits: &'a [u64],
    costs: &'a Costs,
}

impl Row<'_> {
    /// The characters that stand in both rows, up to `most`: those that cost least in both
    /// together, the cheapest first. Those that cost more than `limit` may be left out.
    ///
    /// Both rows are gone through from their cheapest on. What neither has come to costs at least as
    /// much as what both have come to, so a small part of long rows is enough.
    fn cheapest_with(&self, other: &Row<'_>, most: usize, limit: u16) -> Vec<u16> {
        let mut found: Vec<(u16, u16)> = Vec::new();
        let put_in = |cost: u8, beside: u8, index: u16, found: &mut Vec<(u16, u16)>| {
            let new = (u16::from(cost) + u16::from(beside), index);
            let at = found.partition_point(|known| *known < new);
            if at < most {
                found.truncate(most - 1);
                found.insert(at, new);
            }
        };
        for (own, others) in self.costs.cheapest.iter().zip(&*other.costs.cheapest) {
            let least = u16::from(own.0) + u16::from(others.0);
            let full = found.len() >= most && found.last().is_none_or(|worst| worst.0 < least);
            if full || least > limit {
                break;
            }
            // What the other row has come to before was met there.
            if let Some(cost) = other.find(own.1).filter(|cost| (*cost, own.1) >= *others) {
                put_in(own.0, cost, own.1, &mut found);
            }
            if let Some(cost) = self.find(others.1).filter(|cost| (*cost, others.1) > *own) {
                put_in(others.0, cost, others.1, &mut found);
            }
        }
        found.into_iter().map(|(_, index)| index).collect()
    }

    /// The cost of the character `index`, if it is one of them.
    fn find(&self, index: u16) -> Option<u8> {
        let (word, bit) = (usize::from(index / 64), u32::from(index % 64));
        let seen = self.bits.get(word).is_some_and(|bits| bits >> bit & 1 == 1);
        seen.then(|| self.cost(word, bit))
    }

    fn cost(&self, word: usize, bit: u32) -> u8 {
        let before = (self.bits[word] & ((1 << bit) - 1)).count_ones() as usize;
        self.costs.costs[usize::from(self.costs.starts[word]) + before]
    }
}

fn place(word: usize, bit: u32) -> u16 {
    (word * 64) as u16 + bit as u16
}

/// The places of the bits that are set, the lowest first.
fn ones(mut word: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros();
            word &= word - 1;
            bit
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn what_was_seen_on_both_sides_is_expected_between() {
        let lexicon = Lexicon::builtin().expect("the shipped dictionaries are right");
        let model = lexicon.mixed_model();
        let neighbours = Neighbours::new(model);
        let gap = |left: Option<char>, right: Option<char>| neighbours.gap(model, left, right);
        assert!(gap(Some('人'), Some('政')).likeliest(5).contains(&'民'));
        assert!(gap(Some('。'), Some('国')).likeliest(20).contains(&'中'));
        let between = gap(Some('人'), Some('政'));
        let (behind, before) = (gap(Some('人'), None), gap(None, Some('政')));
        assert_eq!(between.cost('民'), behind.cost('民') + before.cost('民'));
        assert!(behind.cost('民') < UNSEEN_PAIR && between.cost('民') < behind.cost('鼯'));
        assert_eq!(between.cost('鼯'), 2.0 * UNSEEN_PAIR);
        let all = between.likeliest(usize::MAX);
        assert!(all.is_sorted_by(|a, b| between.cost(*a) < between.cost(*b) + 0.01));
        assert!(all.len() > 5 && before.likeliest(9).len() == 9);
        let most = 24;
        for cost in [4.0, 8.0, 12.0, 16.0] {
            let within = |found: Vec<char>| {
                found.into_iter().filter(|c| between.cost(*c) <= cost).collect::<Vec<char>>()
            };
            let mut expected = within(all.clone());
            expected.truncate(most);
            assert_eq!(within(between.likeliest_within(most, cost)), expected, "{cost}");
        }
        // Digits are one to the model, and what it does not know was seen beside nothing.
        assert_eq!(gap(Some('5'), None).likeliest(9), gap(Some('0'), None).likeliest(9));
        let unknown = gap(Some('\u{20000}'), Some('政'));
        assert_eq!(unknown.cost('民'), UNSEEN_PAIR + before.cost('民'));
        assert!(unknown.likeliest(9).is_empty() && gap(None, None).likeliest(9).is_empty());
    }
}
