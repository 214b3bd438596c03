//! A decision on a suggestion, and decisions as JSON lines.
//!
//! ```json
//! {"id":"1f0c…","verdict":"accept","choice":1}
//! {"id":"77ab…","verdict":"replace","text":"聚源广场"}
//! {"id":"90de…","verdict":"reject"}
//! {"id":"c3d1…","verdict":"query"}
//! ```

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What was decided on one suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The suggestion's identity.
    pub id: String,
    /// The verdict.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// A proofreader's word on a suggestion.
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
}

fn first() -> usize {
    1
}

/// Reads the decisions of JSON lines called `name`, in their order: of several on one suggestion
/// the last counts. Members that are not known are passed over, blank lines too.
///
/// # Errors
/// [`Error::Table`] naming the line that is no decision.
pub fn read_decisions(name: &str, text: &str) -> Result<Vec<Decision>> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line)
                .map_err(|error| Error::table(name, number + 1, error.to_string()))
        })
        .collect()
}

/// Writes a decision as one line.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_decision(decision: &Decision, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, decision)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_come_back_as_written() {
        let verdicts = [
            Verdict::Accept { choice: 2 },
            Verdict::Reject,
            Verdict::Replace { text: "聚源".to_string() },
            Verdict::Query,
        ];
        let decisions: Vec<Decision> = verdicts
            .into_iter()
            .enumerate()
            .map(|(i, verdict)| Decision { id: format!("{i}"), verdict })
            .collect();
        let mut text = Vec::new();
        for decision in &decisions {
            write_decision(decision, &mut text).expect("a Vec takes everything");
        }
        let text = String::from_utf8(text).expect("JSON is UTF-8");
        assert_eq!(read_decisions("d", &text).expect("just written"), decisions);
    }

    #[test]
    fn the_first_choice_need_not_be_named_and_more_may_be_said() {
        let line = r#"{"id":"a","verdict":"accept","reviewer":"王","at":"2026-01-02"}"#;
        let read = read_decisions("d", line).expect("a decision with further members");
        assert_eq!(read[0].verdict, Verdict::Accept { choice: 1 });
    }

    #[test]
    fn mistakes_are_named() {
        let error = read_decisions("d.jsonl", "\n{\"id\":\"a\",\"verdict\":\"maybe\"}").err();
        assert!(error.expect("no such verdict").to_string().starts_with("d.jsonl:2: "));
    }
}
