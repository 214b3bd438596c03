//! What can be set. The library takes a [`Config`]; finding files and reading the environment is
//! left to the command line.

mod file;
mod house;
mod switches;

pub use file::{Brackets, ConfigFile, Day, Highest, Punctuation, Quotes, RuleSetting, Thresholds};
pub use house::{House, HouseEntry, HouseIndex, HouseWord, Post};
pub(crate) use switches::Switches;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::correct::Engine;
use crate::error::Result;
use crate::finding::Level;
use crate::lexicon::Date;
use crate::rules::Rule;
use crate::script::Script;
use crate::source::Encoding;

/// A `kanwu.toml` that sets nothing and tells what can be set.
pub const TEMPLATE: &str = include_str!("template.toml");

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Config {
    /// The kind of text.
    pub profile: Profile,
    /// Confidence from which a suggestion is `auto`, if its rule may be.
    pub auto_from: f64,
    /// Confidence from which a suggestion is `review`.
    pub review_from: f64,
    /// Confidence from which what only statistics suspect is `auto`.
    pub suspect_auto_from: f64,
    /// From which it is `review` (C101, C102; P108 has a setting of its own).
    pub suspect_review_from: f64,
    /// Confidence below which what only statistics suspect is not said at all.
    pub suspect_hint_from: f64,
    /// How far the best choice must lead the second to be applied unasked, as a share of its
    /// confidence.
    pub margin: f64,
    /// What read the pages.
    pub engine: Engine,
    /// The encoding of all files; `None` finds out that of each. For whoever reads them: a
    /// [`crate::Source`] knows its own.
    pub encoding: Option<Encoding>,
    /// The script of all texts; `None` finds out that of each.
    pub script: Option<Script>,
    /// The date of all pages; `None` takes that of the running head, else the first in the text.
    pub date: Option<Date>,
    /// The marks the house prints.
    pub punctuation: Punctuation,
    /// What rules and families may do. What is said about a rule counts before what is said about
    /// its family.
    pub rules: BTreeMap<String, RuleSetting>,
    /// Rule ids or family letters; when not empty only these speak.
    pub select: Vec<String>,
    /// Rule ids or family letters that stay silent.
    pub ignore: Vec<String>,
    /// The tables of the house.
    pub house: Arc<House>,
    /// Identities of suggestions that were rejected, and are not made again.
    pub rejected: Arc<BTreeSet<String>>,
}

/// A kind of text, and what is set for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Profile {
    /// Newspapers, in simplified or traditional script.
    #[default]
    Newspaper,
    /// Books: no jump lines, more freedom of style.
    Book,
    /// Texts of the web: widths and styles of marks are mixed in every one of them.
    Web,
    /// Old newspapers in traditional script.
    ArchiveTraditional,
}

impl Profile {
    /// All profiles with their names.
    pub const ALL: [(&'static str, Self); 4] = [
        ("newspaper", Self::Newspaper),
        ("book", Self::Book),
        ("web", Self::Web),
        ("archive-traditional", Self::ArchiveTraditional),
    ];

    /// What the profile sets, as a `kanwu.toml`.
    pub fn settings(self) -> &'static str {
        match self {
            Self::Newspaper => include_str!("profiles/newspaper.toml"),
            Self::Book => include_str!("profiles/book.toml"),
            Self::Web => include_str!("profiles/web.toml"),
            Self::ArchiveTraditional => include_str!("profiles/archive_traditional.toml"),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        // DESIGN: precision >= 0.99 unattended; more often right than wrong before a reader. Of what
        // statistics hold for surer than 0.98 all but 2 of 1,059 were right on pages the rankers had
        // not seen.
        // Statistics are right that often on scans, but from 0.5 on lines of clean_newspaper get 1.5
        // false alarms per 10,000 characters, from 0.57 on 1.2. Clean text has next to none of P108's:
        // its marks are shown as long as half of them are right on pages the ranker has not seen.
        let marks = RuleSetting { review: Some(0.38), ..RuleSetting::default() };
        Self {
            profile: Profile::Newspaper,
            auto_from: 0.99,
            review_from: 0.5,
            suspect_auto_from: 0.98,
            suspect_review_from: 0.57,
            suspect_hint_from: 0.1,
            margin: 0.4,
            engine: Engine::default(),
            encoding: None,
            script: None,
            date: None,
            punctuation: Punctuation::default(),
            rules: BTreeMap::from([("P108".to_string(), marks)]),
            select: Vec::new(),
            ignore: Vec::new(),
            house: Arc::default(),
            rejected: Arc::default(),
        }
    }
}

impl Config {
    /// These settings under those of `files`, the more general ones first. The profile the last of
    /// them names is laid under all of them.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a profile that is shipped has a mistake.
    pub fn with(self, files: &[ConfigFile]) -> Result<Self> {
        let named = files.iter().rev().find_map(|file| file.profile);
        let profile = named.unwrap_or(self.profile);
        let mut config = self;
        config.profile = profile;
        config.lay(&ConfigFile::parse("profile", profile.settings())?);
        files.iter().for_each(|file| config.lay(file));
        Ok(config)
    }

    /// Sets what a file says.
    fn lay(&mut self, file: &ConfigFile) {
        let set = |to: &mut f64, from: Option<f64>| *to = from.unwrap_or(*to);
        set(&mut self.auto_from, file.thresholds.auto);
        set(&mut self.review_from, file.thresholds.review);
        set(&mut self.suspect_auto_from, file.thresholds.suspect_auto);
        set(&mut self.suspect_review_from, file.thresholds.suspect_review);
        set(&mut self.suspect_hint_from, file.thresholds.suspect_hint);
        set(&mut self.margin, file.thresholds.lead);
        self.encoding = file.encoding.or(self.encoding);
        self.script = file.script.or(self.script);
        self.date = file.date.map(|day| day.0).or(self.date);
        self.punctuation.quotes = file.punctuation.quotes.or(self.punctuation.quotes);
        self.punctuation.brackets = file.punctuation.brackets.or(self.punctuation.brackets);
        for (name, setting) in &file.rules {
            let rule = self.rules.entry(name.to_ascii_uppercase()).or_default();
            rule.level = setting.level.or(rule.level);
            rule.auto = setting.auto.or(rule.auto);
            rule.review = setting.review.or(rule.review);
        }
    }

    /// True when `rule` may speak.
    pub fn speaks(&self, rule: &Rule) -> bool {
        let named = |list: &[String]| {
            list.iter().any(|name| {
                name.eq_ignore_ascii_case(rule.id) || name.eq_ignore_ascii_case(rule.family())
            })
        };
        // What was asked for by name speaks even where a file has it off.
        let selected = !self.select.is_empty();
        let off = !selected && self.setting(rule, |s| s.level) == Some(Highest::Off);
        (!selected || named(&self.select)) && !named(&self.ignore) && !off
    }

    /// The level of a suggestion of `rule` at `confidence`.
    pub fn level(&self, rule: &Rule, confidence: f64) -> Level {
        let (auto_from, review_from) = match rule.statistical {
            true => (self.suspect_auto_from, self.suspect_review_from),
            false => (self.auto_from, self.review_from),
        };
        let auto_from = self.setting(rule, |s| s.auto).unwrap_or(auto_from);
        let review_from = self.setting(rule, |s| s.review).unwrap_or(review_from);
        let level = if confidence >= auto_from {
            Level::Auto
        } else if confidence >= review_from {
            Level::Review
        } else {
            Level::Hint
        };
        let highest = self.setting(rule, |s| s.level).and_then(Highest::level);
        level.min(rule.level).min(highest.unwrap_or(Level::Auto))
    }

    /// What is set for a rule, else for its family.
    fn setting<T>(&self, rule: &Rule, what: impl Fn(&RuleSetting) -> Option<T>) -> Option<T> {
        let of = |name: &str| self.rules.get(name).and_then(&what);
        of(rule.id).or_else(|| of(rule.family()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    fn file(text: &str) -> ConfigFile {
        ConfigFile::parse("kanwu.toml", text).expect("it is right")
    }

    #[test]
    fn profiles_are_settings() {
        for (name, profile) in Profile::ALL {
            let said = file(&format!("profile = {name:?}"));
            assert_eq!(said.profile, Some(profile));
            let config = Config::default().with(&[said]).expect("its file is right");
            assert_eq!(config.profile, profile);
        }
        let newspaper = Config::default().with(&[]).expect("its file is right");
        assert_eq!(format!("{newspaper:?}"), format!("{:?}", Config::default()));
    }

    #[test]
    fn the_nearer_file_counts() {
        let house = file("profile = \"book\"\n[rules]\nC103 = \"off\"\nP = \"hint\"\n");
        let project =
            file("[rules]\nC103 = \"review\"\n[rules.P101]\nlevel = \"review\"\nreview = 0.9");
        let config = Config::default().with(&[house, project]).expect("profiles are right");
        assert_eq!(config.profile, Profile::Book);
        let level =
            |id: &str, confidence| config.level(rules::find(id).expect("a rule"), confidence);
        assert_eq!(level("C103", 1.0), Level::Review);
        assert_eq!(level("P102", 0.9), Level::Hint);
        assert_eq!((level("P101", 0.8), level("P101", 0.9)), (Level::Hint, Level::Review));
        let speaks = |config: &Config, id: &str| config.speaks(rules::find(id).expect("a rule"));
        assert!(speaks(&config, "C103"));
        let mut silent = Config::default().with(&[file("rules.C103 = \"off\"")]).expect("right");
        assert!(!speaks(&silent, "C103"));
        silent.select = vec!["C103".to_string()];
        assert!(speaks(&silent, "C103"));
    }

    #[test]
    fn no_file_lifts_a_rule_above_its_own_level() {
        let config = Config::default().with(&[file("rules.W102 = \"auto\"")]).expect("right");
        assert_eq!(config.level(rules::find("W102").expect("a rule"), 1.0), Level::Review);
    }
}
