//! Which suggestions the list shows, and the menu they are chosen with.

use std::collections::BTreeMap;

use super::session::Outcome;
use super::words;
use crate::cli::review::desk::Desk;
use kanwu::Level;
use tui_input::Input;

/// What a suggestion must be to stand in the list; what is not said does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) outcome: Option<Outcome>,
    pub(super) level: Option<Level>,
    pub(super) rule: Option<String>,
    /// The number of its text on the desk.
    pub(super) text: Option<usize>,
}

impl Filter {
    pub(super) fn shows(
        &self,
        desk: &Desk,
        text: usize,
        index: usize,
        outcomes: &[Outcome],
    ) -> bool {
        let record = &desk.proof.suggestions()[index];
        self.text.is_none_or(|only| only == text)
            && self.outcome.is_none_or(|only| only == outcomes[index])
            && self.level.is_none_or(|only| only == record.level)
            && self.rule.as_ref().is_none_or(|only| *only == record.rule)
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What it asks for, one line each.
    pub(super) fn facets(&self) -> Vec<Facet> {
        let facets = [
            self.outcome.map(Facet::Outcome),
            self.level.map(Facet::Level),
            self.rule.clone().map(Facet::Rule),
            self.text.map(Facet::Text),
        ];
        facets.into_iter().flatten().collect()
    }

    /// Asks for `facet`, or no longer if it did; all else of its kind is dropped.
    pub(super) fn toggle(&mut self, facet: Facet) {
        let is_on = self.facets().contains(&facet);
        match facet {
            Facet::All => *self = Self::default(),
            Facet::Outcome(outcome) => self.outcome = (!is_on).then_some(outcome),
            Facet::Level(level) => self.level = (!is_on).then_some(level),
            Facet::Rule(rule) => self.rule = (!is_on).then_some(rule),
            Facet::Text(text) => self.text = (!is_on).then_some(text),
        }
    }
}

/// Something the list can be narrowed down to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Facet {
    /// Everything.
    All,
    Outcome(Outcome),
    Level(Level),
    Rule(String),
    Text(usize),
}

/// The menu of all there is to narrow the list down to.
pub(super) struct Menu {
    /// Each with its name and the number of its suggestions.
    entries: Vec<(Facet, String, usize)>,
    /// What was typed; entries whose name does not hold it are left out.
    pub(super) typed: Input,
    /// The entry in work, among those left.
    pub(super) cursor: usize,
}

impl Menu {
    pub(super) fn new(desk: &Desk, outcomes: &[Outcome]) -> Self {
        let mut counts: BTreeMap<Facet, usize> = BTreeMap::new();
        for (record, outcome) in desk.proof.suggestions().iter().zip(outcomes) {
            *counts.entry(Facet::Outcome(*outcome)).or_default() += 1;
            *counts.entry(Facet::Level(record.level)).or_default() += 1;
            *counts.entry(Facet::Rule(record.rule.clone())).or_default() += 1;
        }
        counts.insert(Facet::All, outcomes.len());
        if desk.texts.len() > 1 {
            for (number, text) in desk.texts.iter().enumerate() {
                if !text.indices.is_empty() {
                    counts.insert(Facet::Text(number), text.indices.len());
                }
            }
        }
        let name = |facet: &Facet| words::facet(facet, desk);
        let entries = counts.into_iter().map(|(facet, count)| (facet.clone(), name(&facet), count));
        Self { entries: entries.collect(), typed: Input::default(), cursor: 0 }
    }

    /// The entries whose names hold what was typed.
    pub(super) fn shown(&self) -> Vec<&(Facet, String, usize)> {
        let typed = self.typed.value().to_lowercase();
        self.entries.iter().filter(|(_, name, _)| name.to_lowercase().contains(&typed)).collect()
    }

    /// The entry in work.
    pub(super) fn chosen(&self) -> Option<Facet> {
        self.shown().get(self.cursor).map(|(facet, ..)| facet.clone())
    }
}
