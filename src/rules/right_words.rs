//! Words the house calls right: no rule changes them.

use std::ops::Range;

use super::{Fix, Hit, Rule};
use crate::analyze::Facts;
use crate::config::HouseWord;

/// Where in a document words stand that a table of the house calls right.
pub(crate) struct RightWords {
    /// For each paragraph, in bytes of its text; nothing where no table says anything.
    places: Vec<Vec<Range<usize>>>,
}

impl RightWords {
    /// Finds them.
    pub(crate) fn of(facts: &Facts) -> Self {
        if facts.page.house.is_none() {
            return Self { places: Vec::new() };
        }
        let places = |text: &str| {
            let words = facts.page.words_in(text);
            words.filter(|(_, entry)| entry.word == HouseWord::Right).map(|(at, _)| at).collect()
        };
        Self { places: facts.paragraphs.iter().map(|p| places(&p.text)).collect() }
    }

    /// The hit without the fixes that would change one of the words; `None` when it was about
    /// nothing else.
    pub(crate) fn spared(&self, paragraph: usize, rule: &Rule, mut hit: Hit) -> Option<Hit> {
        let places = self.places.get(paragraph).map_or(&[][..], Vec::as_slice);
        if places.is_empty() || rule.family() == "S" {
            return Some(hit);
        }
        let asks = hit.fixes.is_empty();
        if asks && places.iter().any(|p| p.start <= hit.range.start && hit.range.end <= p.end) {
            return None;
        }
        hit.fixes.retain(|fix| !places.iter().any(|place| changes(fix, place)));
        (asks || !hit.fixes.is_empty()).then_some(hit)
    }
}

/// True for a fix that replaces a part of the place or puts something into it.
fn changes(fix: &Fix, place: &Range<usize>) -> bool {
    fix.replacements.iter().any(|(range, _)| range.start < place.end && place.start < range.end)
}
