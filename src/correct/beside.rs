//! Which characters the language model has seen beside which: what may have been printed between
//! two characters of a text.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::han::is_han;
use crate::model::Mixture;

/// A Chinese character and how likely it is beside another, in tenths of a nat below certainty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    index: u16,
    cost: u8,
}

/// Pairs of characters of the model, looked up from either side. Filled as a text asks for them:
/// a page asks for a few hundred characters.
pub(super) struct Beside {
    /// The Chinese characters of the model, by code point.
    characters: Vec<char>,
    places: FxHashMap<char, u16>,
    behind: Vec<OnceLock<Box<[Seen]>>>,
    before: Vec<OnceLock<Box<[Seen]>>>,
    /// The same for signs, digits and letters.
    other_behind: FxHashMap<char, OnceLock<Box<[Seen]>>>,
    other_before: FxHashMap<char, OnceLock<Box<[Seen]>>>,
}

/// ln p of the rarest character that is expected anywhere: about one in half a million.
const RAREST: f32 = -13.0;

impl Beside {
    /// The characters `model` knows.
    pub(super) fn new(model: &Mixture) -> Self {
        let (characters, others): (Vec<char>, Vec<char>) =
            model.frequent_characters(RAREST).into_iter().partition(|c| is_han(*c));
        let places = characters.iter().enumerate().map(|(i, c)| (*c, i as u16)).collect();
        let empty = || characters.iter().map(|_| OnceLock::new()).collect();
        let none = || others.iter().map(|c| (*c, OnceLock::new())).collect();
        Self {
            behind: empty(),
            before: empty(),
            other_behind: none(),
            other_before: none(),
            places,
            characters,
        }
    }

    /// Up to `most` Chinese characters that the model has seen both behind `left` and before
    /// `right`, the likeliest first. Without `left` or `right`, where a paragraph starts or ends,
    /// the other side decides alone.
    pub(super) fn between(
        &self,
        model: &Mixture,
        left: Option<char>,
        right: Option<char>,
        most: usize,
    ) -> Vec<char> {
        let mut found: Vec<(u16, u16)> = match (left, right) {
            (Some(left), Some(right)) => {
                both(self.behind(model, left), self.before(model, right)).collect()
            }
            (Some(left), None) => costs(self.behind(model, left)).collect(),
            (None, Some(right)) => costs(self.before(model, right)).collect(),
            (None, None) => Vec::new(),
        };
        if found.len() > most {
            found.select_nth_unstable(most);
            found.truncate(most);
        }
        found.sort_unstable();
        found.into_iter().map(|(_, index)| self.characters[usize::from(index)]).collect()
    }

    /// True when the model has seen `character` behind `left` or before `right`.
    pub(super) fn fits(
        &self,
        model: &Mixture,
        left: Option<char>,
        character: char,
        right: Option<char>,
    ) -> bool {
        let Some(&index) = self.places.get(&character) else { return false };
        let holds = |seen: &[Seen]| seen.binary_search_by_key(&index, |seen| seen.index).is_ok();
        left.is_some_and(|left| holds(self.behind(model, left)))
            || right.is_some_and(|right| holds(self.before(model, right)))
    }

    /// The characters seen behind `first`, by index.
    fn behind(&self, model: &Mixture, first: char) -> &[Seen] {
        let list = match self.places.get(&first) {
            Some(index) => Some(&self.behind[usize::from(*index)]),
            None => self.other_behind.get(&first),
        };
        list.map_or(&[], |list| {
            list.get_or_init(|| self.list(|character| model.pair(first, character)))
        })
    }

    /// The characters seen before `second`, by index.
    fn before(&self, model: &Mixture, second: char) -> &[Seen] {
        let list = match self.places.get(&second) {
            Some(index) => Some(&self.before[usize::from(*index)]),
            None => self.other_before.get(&second),
        };
        list.map_or(&[], |list| {
            list.get_or_init(|| self.list(|character| model.pair(character, second)))
        })
    }

    fn list(&self, pair: impl Fn(char) -> Option<f32>) -> Box<[Seen]> {
        let seen = self.characters.iter().enumerate().filter_map(|(index, character)| {
            let cost = (-10.0 * pair(*character)?).clamp(0.0, 255.0) as u8;
            Some(Seen { index: index as u16, cost })
        });
        seen.collect()
    }
}

/// What stands in both lists, with its cost in both together.
fn both<'a>(a: &'a [Seen], b: &'a [Seen]) -> impl Iterator<Item = (u16, u16)> + 'a {
    let mut b = b.iter().copied().peekable();
    a.iter().filter_map(move |x| {
        while b.next_if(|y| y.index < x.index).is_some() {}
        let y = b.next_if(|y| y.index == x.index)?;
        Some((u16::from(x.cost) + u16::from(y.cost), x.index))
    })
}

fn costs(list: &[Seen]) -> impl Iterator<Item = (u16, u16)> + '_ {
    list.iter().map(|seen| (u16::from(seen.cost), seen.index))
}
