//! What kanwu has to say about a text: findings, suggestions, choices and edits, in file offsets.

use serde::{Deserialize, Serialize};

use crate::rules::Rule;
use crate::span::Span;

/// A sentence for the proofreader, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Message {
    /// A message from its Chinese and its English form.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The form in `language`.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// The two languages kanwu speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 中文
    Chinese,
    /// English
    English,
}

/// How far a suggestion may go without a proofreader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Shown on request.
    Hint,
    /// Shown to the proofreader.
    Review,
    /// Applied unattended by `kanwu fix`.
    Auto,
}

impl Level {
    /// The name used in messages, configuration and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Review => "review",
            Self::Auto => "auto",
        }
    }
}

/// One change of the file. Spans are bytes of its text ([`crate::Source::text`]), in a record those
/// of the file itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Edit {
    /// Take `old` away at `span` and write `new` there.
    Replace {
        /// Where; empty for an insertion.
        #[serde(flatten, with = "span_bytes")]
        span: Span,
        /// What stands there now.
        old: String,
        /// What is to stand there.
        new: String,
    },
    /// Move the text at `span` to `to`, as a caption is moved out of a sentence.
    /// Replacements inside the span travel with it.
    Move {
        /// What is moved.
        #[serde(flatten, with = "span_bytes")]
        span: Span,
        /// The place, outside the span, before which it is put.
        #[serde(rename = "move_to_byte")]
        to: usize,
    },
}

impl Edit {
    /// The bytes the edit takes away or moves.
    pub fn span(&self) -> Span {
        match self {
            Self::Replace { span, .. } | Self::Move { span, .. } => *span,
        }
    }
    /// The same edit with `place` of each of its bytes, as in another encoding of the text.
    #[must_use]
    pub fn with_bytes(&self, place: impl Fn(usize) -> usize) -> Self {
        let placed = |span: &Span| Span::new(place(span.start), place(span.end));
        match self {
            Self::Replace { span, old, new } => {
                Self::Replace { span: placed(span), old: old.clone(), new: new.clone() }
            }
            Self::Move { span, to } => Self::Move { span: placed(span), to: place(*to) },
        }
    }

    /// From the first to the last byte the edit takes away, moves or moves across.
    pub fn reach(&self) -> Span {
        match self {
            Self::Replace { span, .. } => *span,
            Self::Move { span, to } => Span::new(span.start.min(*to), span.end.max(*to)),
        }
    }
}

/// Spans are `start_byte` and `end_byte` in JSON.
mod span_bytes {
    use super::Span;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Bytes {
        start_byte: usize,
        end_byte: usize,
    }

    pub(super) fn serialize<S: Serializer>(span: &Span, out: S) -> Result<S::Ok, S::Error> {
        Bytes { start_byte: span.start, end_byte: span.end }.serialize(out)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Span, D::Error> {
        let Bytes { start_byte, end_byte } = Bytes::deserialize(input)?;
        if start_byte > end_byte {
            return Err(serde::de::Error::custom("start_byte is greater than end_byte"));
        }
        Ok(Span::new(start_byte, end_byte))
    }
}

/// One way to put a finding right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What the proofreader reads: the wrong text with this choice applied.
    pub right: String,
    /// Probability (0 to 1) that this is the right choice.
    pub confidence: f64,
    /// The changes of the file. Empty when the finding only asks a question.
    pub edits: Vec<Edit>,
}

impl Choice {
    /// The same choice with `place` of each byte of its edits; `None` where one has no place.
    #[must_use]
    pub fn placed(&self, place: impl Fn(usize) -> Option<usize>) -> Option<Self> {
        let held = |edit: &Edit| {
            let (span, reach) = (edit.span(), edit.reach());
            [span.start, span.end, reach.start, reach.end].into_iter().all(|at| place(at).is_some())
        };
        if !self.edits.iter().all(held) {
            return None;
        }
        let edits = self.edits.iter().map(|edit| edit.with_bytes(|at| place(at).unwrap_or(at)));
        Some(Self { edits: edits.collect(), ..self.clone() })
    }
}

/// A place in the file that explains a finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// Where; `None` when the evidence stands in a dictionary or in another file.
    pub span: Option<Span>,
    /// What is found there.
    pub message: Message,
}

/// A slip found by a rule, in file offsets, before findings are merged and levelled.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that speaks.
    pub rule: &'static Rule,
    /// The grade of its evidence (see [`crate::rules::Hit`]); empty where the confidence was
    /// computed directly, as for joins.
    pub grade: &'static str,
    /// The text the proofreader is shown as wrong.
    pub span: Span,
    /// That text as it reads after structure repair (line breaks inside it left out).
    pub wrong: String,
    /// Probability (0 to 1) that something is wrong here.
    pub confidence: f64,
    /// The highest level it may reach, whatever its confidence.
    pub highest: Level,
    /// Ways to put it right, best first. Empty when the finding only asks a question.
    pub choices: Vec<Choice>,
    /// Why.
    pub message: Message,
    /// What supports it.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// The same finding in a file in which the text it was found in starts at byte `by`.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> Self {
        self.span = self.span.shifted(by);
        for edit in self.choices.iter_mut().flat_map(|choice| &mut choice.edits) {
            match edit {
                Edit::Replace { span, .. } => *span = span.shifted(by),
                Edit::Move { span, to } => {
                    *span = span.shifted(by);
                    *to += by;
                }
            }
        }
        for span in self.evidence.iter_mut().filter_map(|evidence| evidence.span.as_mut()) {
            *span = span.shifted(by);
        }
        self
    }
}

/// A finding with an identity and a level: what is shown, decided on and applied.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// Identity without offsets; see [`crate::rank`].
    pub id: String,
    /// How far it may go without a proofreader.
    pub level: Level,
    /// The finding itself.
    pub finding: Finding,
}

impl Suggestion {
    /// The choice to apply when nobody was asked: the best one, if it changes anything and the
    /// second falls short of it by `margin`, a share of its confidence.
    pub fn clear_choice(&self, margin: f64) -> Option<&Choice> {
        let best = self.finding.choices.first()?;
        let second = self.finding.choices.get(1).map_or(0.0, |choice| choice.confidence);
        let clear = best.confidence - second >= margin * best.confidence;
        (clear && !best.edits.is_empty()).then_some(best)
    }
}

/// Everything found in one source, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The suggestions, by place, then rule.
    pub suggestions: Vec<Suggestion>,
    /// Characters of the source that are not white space.
    pub characters: usize,
    /// Switches in the text that say nothing kanwu knows, with their line, from 1.
    pub mistakes: Vec<(usize, String)>,
}

impl Report {
    /// Suggestions of `level` or above.
    pub fn at_least(&self, level: Level) -> impl Iterator<Item = &Suggestion> {
        self.suggestions.iter().filter(move |suggestion| suggestion.level >= level)
    }
}
