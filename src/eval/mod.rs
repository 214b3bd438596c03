//! Measuring: what the rules find in texts whose truth is known.
//!
//! Two kinds of data: pairs of a wrong and a right sentence, and clean text, where everything
//! said is a false alarm.

mod clean;
mod pairs;

pub use clean::{Alarm, CleanScore, score_clean};
pub use pairs::{Pair, PairScore, Recall, read_pairs, score_pairs};

use std::collections::BTreeMap;

use crate::finding::{Level, Suggestion};

/// What a group of findings is counted under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Voice {
    /// Rule id.
    pub rule: &'static str,
    /// Grade of the evidence.
    pub grade: &'static str,
    /// Level given.
    pub level: Level,
}

impl Voice {
    fn of(suggestion: &Suggestion) -> Self {
        let finding = &suggestion.finding;
        Self { rule: finding.rule.id, grade: finding.grade, level: suggestion.level }
    }
}

/// Suggestions by rule, grade and level.
pub type Voices<T> = BTreeMap<Voice, T>;
