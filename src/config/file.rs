//! `kanwu.toml`: the settings of a house or a project. Every key is told here once; the schema in
//! `docs/kanwu.schema.json` and the messages about mistakes derive from it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Config, Profile};
use crate::correct::Engine;
use crate::error::{Error, Result};
use crate::finding::Level;
use crate::lexicon::{Date, parse_date};
use crate::rules;
use crate::script::Script;
use crate::source::Encoding;

/// What one `kanwu.toml` says. What it does not say is left to the file it extends, then to the
/// profile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ConfigFile {
    /// Another kanwu.toml, relative to this one, whose settings and tables hold where this one
    /// says nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extend: Option<String>,
    /// The kind of text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// What read the pages: `generic`, `paddle`, `tesseract`, or a table of its misreadings
    /// (`kanwu train channel`), relative to this file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The encoding of all files; by default it is found out for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<EncodingName>"))]
    pub encoding: Option<Encoding>,
    /// The script of all texts; by default it is found out for each.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<ScriptName>"))]
    pub script: Option<Script>,
    /// The date of all pages, as 2015-03-02; by default that of the running head, else the first
    /// full date of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub date: Option<Day>,
    /// Tables of words and phrases, relative to this file; a later one counts before an earlier.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub tables: Vec<String>,
    /// From which confidence on a suggestion has which level.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// The marks the house prints.
    #[serde(default)]
    pub punctuation: Punctuation,
    /// What rules and families may do, by id (C103) or letter (C).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, RuleSetting>,
}

/// Thresholds of confidence, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Thresholds {
    /// From here on a suggestion is `auto`, if its rule may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub auto: Option<f64>,
    /// From here on it is `review`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub review: Option<f64>,
    /// From here on what only statistics suspect is `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub suspect_auto: Option<f64>,
    /// From here on what only statistics suspect is `review`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub suspect_review: Option<f64>,
    /// Below, what only statistics suspect is not even a hint.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub suspect_hint: Option<f64>,
    /// By which share of its confidence the best choice must lead the second to be applied
    /// unasked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    pub lead: Option<f64>,
}

/// The marks the house prints. What is not set is judged text by text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Punctuation {
    /// Quotation marks: `curly` is “ ” with ‘ ’ inside, `corner` is 「 」 with 『 』 inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<Quotes>,
    /// Round brackets beside Chinese: `full` is （ ）, `half` is ( ).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brackets: Option<Brackets>,
}

/// A style of quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Quotes {
    /// “ ” and ‘ ’
    Curly,
    /// 「 」 and 『 』
    Corner,
}

/// A width of round brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Brackets {
    /// （ ）
    Full,
    /// ( )
    Half,
}

/// How far a rule may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Highest {
    /// It is silent.
    Off,
    /// Shown on request.
    Hint,
    /// Shown to the proofreader.
    Review,
    /// As far as the rule itself allows, which may be `auto`.
    Auto,
}

impl Highest {
    /// The level, `None` for a silent rule.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Hint => Some(Level::Hint),
            Self::Review => Some(Level::Review),
            Self::Auto => Some(Level::Auto),
        }
    }
}

/// What a rule or family may do: `"review"`, or `{ level = "review", review = 0.8 }`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(with = "RuleSettingForm"))]
pub struct RuleSetting {
    /// How far its suggestions may go.
    pub level: Option<Highest>,
    /// From which confidence on they are `auto`.
    pub auto: Option<f64>,
    /// From which confidence on they are `review`.
    pub review: Option<f64>,
}

/// The long form of a [`RuleSetting`].
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RuleTable {
    /// The highest level its suggestions may reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Highest>,
    /// From which confidence on they are `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    auto: Option<f64>,
    /// From which confidence on they are `review`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1.0)))]
    review: Option<f64>,
}

impl<'de> Deserialize<'de> for RuleSetting {
    fn deserialize<D: Deserializer<'de>>(input: D) -> std::result::Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = RuleSetting;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("off, hint, review or auto, or a table of level, auto and review")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> std::result::Result<RuleSetting, E> {
                let level = Highest::deserialize(de::value::StrDeserializer::<E>::new(name))?;
                Ok(RuleSetting { level: Some(level), ..RuleSetting::default() })
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                map: A,
            ) -> std::result::Result<RuleSetting, A::Error> {
                let RuleTable { level, auto, review } =
                    RuleTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RuleSetting { level, auto, review })
            }
        }

        input.deserialize_any(Either)
    }
}

impl Serialize for RuleSetting {
    fn serialize<S: Serializer>(&self, out: S) -> std::result::Result<S::Ok, S::Error> {
        match *self {
            Self { level: Some(level), auto: None, review: None } => level.serialize(out),
            Self { level, auto, review } => RuleTable { level, auto, review }.serialize(out),
        }
    }
}

/// A day, written 2015-03-02, with or without quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(input: D) -> std::result::Result<Self, D::Error> {
        let written = toml::Value::deserialize(input)?;
        let text = match &written {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        parse_date(&text)
            .map(Self)
            .ok_or_else(|| de::Error::custom(format!("{text} is no date: write 2015-03-02")))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, out: S) -> std::result::Result<S::Ok, S::Error> {
        let (year, month, day) = self.0;
        out.serialize_str(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

impl ConfigFile {
    /// Reads the text of the file called `name`.
    ///
    /// # Errors
    /// [`Error::Table`] with the line of a mistake; of an unknown key or value the nearest known
    /// one is named.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let file: Self = toml::from_str(text).map_err(|mistake| {
            let line = mistake.span().map_or(0, |span| line_of(text, span.start));
            Error::table(name, line, explain(mistake.message()))
        })?;
        file.check()
            .map_err(|(key, problem)| Error::table(name, line_of_key(text, &key), problem))?;
        Ok(file)
    }

    /// Looks at what the types do not say: names of rules, and numbers from 0 to 1.
    fn check(&self) -> std::result::Result<(), (String, String)> {
        let Thresholds { auto, review, suspect_auto, suspect_review, suspect_hint, lead } =
            self.thresholds;
        let numbers = [
            ("auto", auto),
            ("review", review),
            ("suspect-auto", suspect_auto),
            ("suspect-review", suspect_review),
            ("suspect-hint", suspect_hint),
            ("lead", lead),
        ];
        for (key, number) in numbers {
            check_probability(key, number)?;
        }
        for (name, setting) in &self.rules {
            rules::check_name(name).map_err(|problem| (name.clone(), problem))?;
            for number in [setting.auto, setting.review] {
                check_probability(name, number)?;
            }
        }
        Ok(())
    }

    /// The file with its table of settings in the form a reader would write.
    pub fn to_toml(&self) -> String {
        // Every value here has a form in TOML.
        toml::to_string(self).unwrap_or_default()
    }

    /// What `config` says, as a file that says everything.
    pub fn of(config: &Config) -> Self {
        Self {
            extend: None,
            profile: Some(config.profile),
            engine: match config.engine {
                Engine::Generic => Some("generic".to_string()),
                Engine::Paddle => Some("paddle".to_string()),
                Engine::Tesseract => Some("tesseract".to_string()),
                // Only whoever read the table knows its file.
                Engine::Counted(_) => None,
            },
            encoding: config.encoding,
            script: config.script,
            date: config.date.map(Day),
            tables: Vec::new(),
            thresholds: Thresholds {
                auto: Some(config.auto_from),
                review: Some(config.review_from),
                suspect_auto: Some(config.suspect_auto_from),
                suspect_review: Some(config.suspect_review_from),
                suspect_hint: Some(config.suspect_hint_from),
                lead: Some(config.margin),
            },
            punctuation: config.punctuation,
            rules: config.rules.clone(),
        }
    }
}

fn check_probability(key: &str, number: Option<f64>) -> std::result::Result<(), (String, String)> {
    match number {
        Some(number) if !(0.0..=1.0).contains(&number) => {
            Err((key.to_string(), format!("{key}: {number} is no number from 0 to 1")))
        }
        _ => Ok(()),
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The line where a key is set that the parser has taken in already.
fn line_of_key(text: &str, key: &str) -> usize {
    let sets = |line: &str| {
        let rest = line.trim_start().trim_start_matches("rules.");
        let rest = rest.trim_start_matches(['"', '\'']).strip_prefix(key);
        rest.is_some_and(|rest| {
            rest.trim_start_matches(['"', '\'']).trim_start().starts_with(['=', '.'])
        })
    };
    let heads = |line: &str| line.trim_start().starts_with('[') && line.contains(key);
    let found = text.lines().position(|line| sets(line) || heads(line));
    found.map_or(0, |line| line + 1)
}

/// What the parser says about a name it does not know, with the nearest it knows.
fn explain(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let kind = ["unknown field", "unknown variant"].iter().find(|k| message.starts_with(**k));
    let (Some(kind), Some((wrong, known))) = (kind, quoted.split_first()) else {
        return message.trim_end().to_string();
    };
    let what = if *kind == "unknown field" { "key" } else { "value" };
    let nearest = known.iter().min_by_key(|known| strsim::osa_distance(known, wrong));
    // Half of a name wrong is no slip of the finger.
    match nearest.filter(|near| 2 * strsim::osa_distance(near, wrong) <= wrong.chars().count()) {
        Some(nearest) => format!("there is no {what} `{wrong}`; did you mean `{nearest}`?"),
        None => format!("there is no {what} `{wrong}`; known are {}", known.join(", ")),
    }
}

/// The forms of a [`RuleSetting`], for the schema.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
enum RuleSettingForm {
    /// The highest level its suggestions may reach.
    Level(Highest),
    /// The level, and thresholds of its own.
    Table(RuleTable),
}

#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[allow(dead_code, non_camel_case_types, reason = "only its schema is used")]
enum EncodingName {
    #[serde(rename = "UTF-8")]
    Utf8,
    #[serde(rename = "GBK")]
    Gbk,
    #[serde(rename = "GB18030")]
    Gb18030,
    Big5,
    #[serde(rename = "Big5-HKSCS")]
    Big5Hkscs,
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
}

#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "only its schema is used")]
enum ScriptName {
    Simplified,
    Traditional,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> String {
        ConfigFile::parse("kanwu.toml", text).expect_err("a mistake").to_string()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = "profile = \"book\"\nencoding = \"GBK\"\ndate = \"2015-03-02\"\ntables = [\"a.txt\"]\n\n\
                    [thresholds]\nauto = 0.995\n\n[punctuation]\nquotes = \"corner\"\n\n\
                    [rules]\nC103 = \"hint\"\n\n[rules.P]\nlevel = \"review\"\nreview = 0.8\n";
        let file = ConfigFile::parse("kanwu.toml", text).expect("it is right");
        assert_eq!(file.rules["C103"].level, Some(Highest::Hint));
        assert_eq!(file.rules["P"].review, Some(0.8));
        assert_eq!(file.to_toml(), text);
        let bare = ConfigFile::parse("kanwu.toml", "date = 2015-03-02\n").expect("a TOML date");
        assert_eq!(bare.date, file.date);
    }

    #[test]
    fn mistakes_name_line_and_nearest() {
        assert_eq!(
            mistake("\nprofil = \"book\"\n"),
            "kanwu.toml:2: there is no key `profil`; did you mean `profile`?"
        );
        assert_eq!(
            mistake("[thresholds]\nreveiw = 0.5\n"),
            "kanwu.toml:2: there is no key `reveiw`; did you mean `review`?"
        );
        assert_eq!(
            mistake("profile = \"newspapr\"\n"),
            "kanwu.toml:1: there is no value `newspapr`; did you mean `newspaper`?"
        );
        assert!(
            mistake("[rules]\nC103 = \"loud\"\n")
                .starts_with("kanwu.toml:2: there is no value `loud`")
        );
        assert_eq!(
            mistake("[rules]\nC101 = \"off\"\nC13 = \"off\"\n"),
            "kanwu.toml:3: there is no rule or family \"C13\"; did you mean C103?"
        );
        assert!(mistake("[rules.C103]\nlevle = \"off\"\n").starts_with("kanwu.toml:"));
        assert!(mistake("\n[thresholds]\nauto = 1.5\n").starts_with("kanwu.toml:3: auto: 1.5"));
        assert!(mistake("date = \"2015-13-01\"\n").contains("2015-13-01 is no date"));
        assert!(mistake("encoding = \"UTF-9\"\n").contains("there is no encoding"));
        assert!(mistake("profile = \n").starts_with("kanwu.toml:1: "));
    }

    #[test]
    fn the_schema_in_docs_is_what_is_accepted() {
        let schema = schemars::schema_for!(ConfigFile);
        let schema = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
        let path = "docs/kanwu.schema.json";
        if std::fs::read_to_string(path).unwrap_or_default() != schema {
            let new = std::path::Path::new("target").join("kanwu.schema.json");
            std::fs::write(&new, &schema).expect("the target folder is there");
            panic!("{path} is out of date; what it should be is in {}", new.display());
        }
    }

    #[test]
    fn the_template_says_what_holds_anyway() {
        let lines = super::super::TEMPLATE.lines();
        let settings: String = lines
            .map(|line| {
                line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line)
            })
            .map(|line| line.to_string() + "\n")
            .collect();
        let file = ConfigFile::parse("template", &settings).expect("a commented line can be used");
        let plain = ConfigFile::parse("template", super::super::TEMPLATE).expect("it is right");
        assert_eq!(
            Config::default().with(&[plain]).expect("a profile").profile,
            Profile::Newspaper
        );
        let Thresholds { auto, review, suspect_auto, suspect_review, suspect_hint, lead } =
            file.thresholds;
        let config = Config::default();
        assert_eq!(auto, Some(config.auto_from));
        assert_eq!(review, Some(config.review_from));
        assert_eq!(suspect_auto, Some(config.suspect_auto_from));
        assert_eq!(suspect_review, Some(config.suspect_review_from));
        assert_eq!(suspect_hint, Some(config.suspect_hint_from));
        assert_eq!(lead, Some(config.margin));
    }
}
