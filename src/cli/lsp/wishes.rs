//! What the editor's settings say: the options of `kanwu check`, and how things are shown.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gen_lsp_types::DiagnosticSeverity;
use serde::Deserialize;
use serde_json::Value;

use super::LspArgs;
use crate::cli::args::{Texts, parse_day};
use kanwu::config::Profile;
use kanwu::{Error, Language, Level, Result};

/// The section of the editor's settings.
pub(super) const SECTION: &str = "kanwu";

/// While somebody types nothing is checked; this long a pause is the end of it.
const DEBOUNCE: Duration = Duration::from_millis(300);

/// Settings that are the client's own: where the program is, and what it logs.
const OF_THE_CLIENT: [&str; 4] = ["path", "trace", "arguments", "enable"];

/// Settings as the editor sends them; what it does not say is left to the command line.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Wishes {
    level: Option<Level>,
    lang: Option<Tongue>,
    lines: Option<bool>,
    select: Option<Vec<String>>,
    ignore: Option<Vec<String>>,
    min_confidence: Option<f64>,
    profile: Option<Profile>,
    date: Option<String>,
    config: Option<PathBuf>,
    isolated: Option<bool>,
    models: Option<Vec<String>>,
    general: Option<bool>,
    engine: Option<String>,
    index: Option<PathBuf>,
    decisions: Option<PathBuf>,
    reviewer: Option<String>,
    severity: Severities,
    debounce: Option<u64>,
    pull: Option<bool>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Tongue {
    Zh,
    En,
}

/// How grave a suggestion of each level is shown.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct Severities {
    auto: Option<Severity>,
    review: Option<Severity>,
    hint: Option<Severity>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    Error,
    Warning,
    Information,
    Hint,
}

impl From<Severity> for DiagnosticSeverity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Information => Self::Information,
            Severity::Hint => Self::Hint,
        }
    }
}

/// What holds for a session.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    /// The options of `kanwu check`.
    pub(super) texts: Texts,
    /// Suggestions of this level or above are shown.
    pub(super) level: Level,
    pub(super) language: Language,
    /// Whose decisions are entered into the log.
    pub(super) reviewer: String,
    /// The pause before a changed text is checked.
    pub(super) debounce: Duration,
    /// The editor asks for diagnostics, where it can: none are sent unasked.
    pub(super) pull: bool,
    severities: Severities,
}

impl Wishes {
    /// Reads a section of settings; `null` is an empty one. The names of keys nobody knows come with
    /// it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(section: Value) -> std::result::Result<(Self, Vec<String>), String> {
        if section.is_null() {
            return Ok((Self::default(), Vec::new()));
        }
        let wishes: Self = serde_json::from_value(section).map_err(|error| error.to_string())?;
        let unknown = wishes.unknown.keys().filter(|key| !OF_THE_CLIENT.contains(&key.as_str()));
        let unknown = unknown.cloned().collect();
        Ok((wishes, unknown))
    }

    /// The settings over those of the command line. Relative paths are those in `folder`, the
    /// editor's; `spoken` is the language of the editor.
    ///
    /// # Errors
    /// [`Error::Usage`] about a value.
    pub(super) fn over(&self, args: &LspArgs, spoken: Language, folder: &Path) -> Result<Setup> {
        let given = args.texts.clone();
        let within = |path: &PathBuf| folder.join(path);
        let date = match &self.date {
            Some(date) => {
                Some(parse_day(date).map_err(|e| Error::Usage(format!("date {date:?}: {e}")))?)
            }
            None => None,
        };
        let min_confidence = self.min_confidence.unwrap_or(given.min_confidence);
        if !(0.0..=1.0).contains(&min_confidence) {
            return Err(Error::Usage("minConfidence: it is a number from 0 to 1".to_string()));
        }
        let models = self.models.as_deref();
        let texts = Texts {
            lines: self.lines.unwrap_or(given.lines),
            select: self.select.clone().unwrap_or(given.select),
            ignore: self.ignore.clone().unwrap_or(given.ignore),
            min_confidence,
            index: self.index.as_ref().map(within).or(given.index),
            decisions: self.decisions.as_ref().map(within).or(given.decisions),
            profile: self.profile.or(given.profile),
            date: date.or(given.date),
            config: self.config.as_ref().map(within).or(given.config),
            isolated: self.isolated.unwrap_or(given.isolated),
            models: given.models.over(models, self.general, self.engine.as_deref(), folder)?,
            ..given
        };
        Ok(Setup {
            texts,
            level: self.level.unwrap_or(args.level),
            language: match self.lang {
                Some(Tongue::Zh) => Language::Chinese,
                Some(Tongue::En) => Language::English,
                None => spoken,
            },
            reviewer: self.reviewer.clone().unwrap_or_else(user),
            debounce: self.debounce.map_or(DEBOUNCE, Duration::from_millis),
            pull: self.pull.unwrap_or(false),
            severities: self.severity,
        })
    }
}

impl Setup {
    /// What holds before the editor has said anything.
    pub(super) fn of(args: &LspArgs, language: Language) -> Self {
        Self {
            texts: args.texts.clone(),
            level: args.level,
            language,
            reviewer: user(),
            debounce: DEBOUNCE,
            pull: false,
            severities: Severities::default(),
        }
    }

    /// How grave a suggestion is shown. What is certain is put right by one command; what is not
    /// needs the proofreader's eye and is marked more strongly.
    pub(super) fn severity(&self, level: Level) -> DiagnosticSeverity {
        let (set, usual) = match level {
            Level::Auto => (self.severities.auto, Severity::Information),
            Level::Review => (self.severities.review, Severity::Warning),
            Level::Hint => (self.severities.hint, Severity::Hint),
        };
        set.unwrap_or(usual).into()
    }
}

/// Who is logged in; empty where the system does not say.
fn user() -> String {
    let named = ["USER", "USERNAME"].into_iter().find_map(|name| env::var(name).ok());
    named.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_nobody_knows_is_named() {
        let (wishes, unknown) =
            Wishes::read(json!({ "level": "hint", "path": "/x", "levle": 1, "trace": {} }))
                .expect("a section");
        assert_eq!((wishes.level, unknown), (Some(Level::Hint), vec!["levle".to_string()]));
        let (wishes, _) =
            Wishes::read(json!({ "level": null, "severity": { "auto": "error" } })).expect("one");
        assert!(wishes.level.is_none());
        assert!(Wishes::read(json!({ "level": "all" })).is_err());
        assert!(Wishes::read(json!([1])).is_err());
        assert!(Wishes::read(Value::Null).is_ok());
    }
}
