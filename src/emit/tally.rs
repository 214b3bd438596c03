//! Counts of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Level, Suggestion};

/// What was found in a text, or in many, and what was done about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Characters, white space left out.
    pub characters: u64,
    /// Suggestions found, by rule and level.
    pub findings: BTreeMap<String, BTreeMap<Level, u64>>,
    /// Suggestions that were applied.
    pub applied: u64,
    /// Suggestions of the level to apply none of whose choices could be applied unasked.
    pub left: u64,
    /// Suggestions that only concern the flow of the text, which a layout file does not have.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub kept: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Tally {
    /// Counts a suggestion.
    pub fn count(&mut self, suggestion: &Suggestion) {
        let rule = self.findings.entry(suggestion.finding.rule.id.to_string()).or_default();
        *rule.entry(suggestion.level).or_insert(0) += 1;
    }

    /// Adds what another tally counted.
    pub fn add(&mut self, other: &Self) {
        self.characters += other.characters;
        self.applied += other.applied;
        self.left += other.left;
        self.kept += other.kept;
        for (rule, levels) in &other.findings {
            let own = self.findings.entry(rule.clone()).or_default();
            for (level, count) in levels {
                *own.entry(*level).or_insert(0) += count;
            }
        }
    }

    /// Suggestions of a level.
    pub fn of_level(&self, level: Level) -> u64 {
        self.findings.values().filter_map(|levels| levels.get(&level)).sum()
    }
}
