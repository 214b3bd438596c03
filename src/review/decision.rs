//! A decision on a suggestion, as a line of JSON.
//!
//! ```json
//! {"id":"1f0c…","verdict":"accept","choice":1,"right":"难以为继","reviewer":"王","at":"2026-01-02T08:30:00Z"}
//! {"id":"77ab…","verdict":"replace","text":"聚源广场"}
//! {"id":"90de…","verdict":"reject","scope":"all"}
//! {"id":"c3d1…","verdict":"query"}
//! {"id":"1f0c…","verdict":"withdraw","of":"2026-01-02T08:30:00Z"}
//! ```

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::batch::Digest;

/// What somebody decided on one suggestion. Only the identity and the verdict must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The suggestion's identity.
    pub id: String,
    /// The verdict.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Whether this place alone was looked at.
    #[serde(default, skip_serializing_if = "Scope::is_place")]
    pub scope: Scope,
    /// Who decided; empty for somebody without a name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reviewer: String,
    /// When. What one reviewer decided at one time was decided at a stroke, and is undone so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// The file as it was named to kanwu.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The hash of the file as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_hash: Option<Digest>,
    /// The slip decided on.
    #[serde(flatten)]
    pub slip: Slip,
    /// What stands before the wrong text, at most [`AROUND`] characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// What stands behind it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// True when it ends a conflict: what anybody decided before no longer counts.
    #[serde(default, skip_serializing_if = "is_false")]
    pub settles: bool,
}

/// Characters kept on each side of the wrong text, so that what was decided can be read, and learnt
/// from, without the file.
pub const AROUND: usize = 6;

/// A slip without its place: what is the same of all suggestions that can be decided at a stroke.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slip {
    /// Id of the rule.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
    /// The wrong text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub wrong: String,
    /// What it is to read: that of the accepted choice, else that of the best one; `None` where
    /// the suggestion only asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// This place.
    #[default]
    Place,
    /// One place, for all places of the same slip in the run; each has its own line.
    All,
}

impl Scope {
    fn is_place(&self) -> bool {
        *self == Self::Place
    }
}

/// A proofreader's word on a suggestion, or what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "lowercase")]
pub enum Verdict {
    /// Apply a choice.
    Accept {
        /// Which of the choices, from 1.
        #[serde(default = "first")]
        choice: usize,
    },
    /// Leave the text as it is.
    Reject,
    /// Apply the proofreader's own wording.
    Replace {
        /// What the wrong text is to become.
        text: String,
    },
    /// Ask the author or the newsroom; until then leave the text as it is.
    Query,
    /// Take back what the same reviewer said.
    Withdraw {
        /// What was said at that time; without it, all that was said before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Timestamp>,
    },
    /// The file has been changed as decided: nothing is left to decide.
    Applied,
}

impl Verdict {
    /// The name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accept { .. } => "accept",
            Self::Reject => "reject",
            Self::Replace { .. } => "replace",
            Self::Query => "query",
            Self::Withdraw { .. } => "withdraw",
            Self::Applied => "applied",
        }
    }
}

impl Decision {
    /// A decision of which nothing but the suggestion and the verdict is known.
    pub fn new(id: impl Into<String>, verdict: Verdict) -> Self {
        Self {
            id: id.into(),
            verdict,
            scope: Scope::default(),
            reviewer: String::new(),
            at: None,
            file: String::new(),
            file_hash: None,
            slip: Slip::default(),
            before: String::new(),
            after: String::new(),
            settles: false,
        }
    }

    /// What the wrong text becomes by it; `None` when it stays, or when only the number of a
    /// choice is known.
    pub fn right(&self) -> Option<&str> {
        match &self.verdict {
            Verdict::Accept { .. } => self.slip.right.as_deref(),
            Verdict::Replace { text } => Some(text),
            _ => None,
        }
    }

    /// True when both come to the same.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self.right(), other.right()) {
            (Some(one), Some(two)) => one == two,
            _ => self.verdict == other.verdict,
        }
    }
}

fn first() -> usize {
    1
}

fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Decision {
        serde_json::from_str(line).expect("a decision")
    }

    #[test]
    fn decisions_come_back_as_written() {
        let at: Timestamp = "2026-01-02T08:30:00.000000001Z".parse().expect("a time");
        let verdicts = [
            Verdict::Accept { choice: 2 },
            Verdict::Reject,
            Verdict::Replace { text: "聚源".to_string() },
            Verdict::Query,
            Verdict::Withdraw { of: Some(at) },
            Verdict::Applied,
        ];
        for verdict in verdicts {
            let bare = Decision::new("1f0c", verdict);
            let full = Decision {
                scope: Scope::All,
                reviewer: "王".to_string(),
                at: Some(at),
                file: "要闻.txt".to_string(),
                file_hash: Some(Digest(7)),
                slip: Slip {
                    rule: "K101".to_string(),
                    wrong: "聚原".to_string(),
                    right: Some("聚源".to_string()),
                },
                before: "昨日，".to_string(),
                after: "广场".to_string(),
                settles: true,
                ..bare.clone()
            };
            for decision in [bare, full] {
                let line = serde_json::to_string(&decision).expect("plain data");
                assert_eq!(read(&line), decision, "{line}");
            }
        }
    }

    #[test]
    fn the_first_choice_need_not_be_named_and_more_may_be_said() {
        let read = read(r#"{"id":"a","verdict":"accept","mood":"good","at":"2026-01-02T00:00Z"}"#);
        assert_eq!(read.verdict, Verdict::Accept { choice: 1 });
    }

    #[test]
    fn the_same_words_agree_however_they_were_given() {
        let slip = Slip { right: Some("聚源".to_string()), ..Slip::default() };
        let accepted = Decision { slip, ..Decision::new("a", Verdict::Accept { choice: 1 }) };
        let written = Decision::new("a", Verdict::Replace { text: "聚源".to_string() });
        assert!(accepted.agrees(&written));
        assert!(!accepted.agrees(&Decision::new("a", Verdict::Reject)));
    }
}
