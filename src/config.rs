//! What the user can set.

use crate::correct::Engine;
use crate::finding::Level;
use crate::rules::Rule;
use crate::script::Script;

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Confidence from which a suggestion is `auto`, if its rule may be.
    pub auto_from: f64,
    /// Confidence from which a suggestion is `review`.
    pub review_from: f64,
    /// The same for what only statistics suspect (C101, C102, P108).
    pub suspect_review_from: f64,
    /// How far the best choice must lead the second to be applied unasked.
    pub margin: f64,
    /// What read the pages.
    pub engine: Engine,
    /// The script of all texts; `None` finds out that of each.
    pub script: Option<Script>,
    /// Rule ids or family letters; when not empty only these speak.
    pub select: Vec<String>,
    /// Rule ids or family letters that stay silent.
    pub ignore: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        // DESIGN: precision >= 0.99 unattended; more often right than wrong before a reader.
        // Statistics are right that often on scans, but from 0.5 on documents of clean_newspaper
        // would get 1.7 false alarms per 10,000 characters; from 0.55 on they get 1.3.
        Self {
            auto_from: 0.99,
            review_from: 0.5,
            suspect_review_from: 0.55,
            margin: 0.2,
            engine: Engine::default(),
            script: None,
            select: Vec::new(),
            ignore: Vec::new(),
        }
    }
}

impl Config {
    /// True when `rule` may speak.
    pub fn speaks(&self, rule: &Rule) -> bool {
        let named = |list: &[String]| {
            list.iter().any(|name| {
                name.eq_ignore_ascii_case(rule.id) || name.eq_ignore_ascii_case(rule.family())
            })
        };
        (self.select.is_empty() || named(&self.select)) && !named(&self.ignore)
    }

    /// The level of a suggestion of `rule` at `confidence`.
    pub fn level(&self, rule: &Rule, confidence: f64) -> Level {
        let review_from =
            if rule.statistical { self.suspect_review_from } else { self.review_from };
        let level = if confidence >= self.auto_from {
            Level::Auto
        } else if confidence >= review_from {
            Level::Review
        } else {
            Level::Hint
        };
        level.min(rule.level)
    }
}
