//! What proofreaders decide, and the way from decisions to edits of the file as it is now.
//!
//! ```text
//! suggestions ─▶ Proof ─ decide ─▶ DecisionLog (lines of JSON, only added to)
//!                  ▲                   │
//!                  └──── Standing ◀────┘ what holds of all that was said
//!                           │
//!                           ▼
//!                        resolve ─▶ edits ─▶ apply
//! ```

mod allow;
mod backup;
mod decision;
mod lessons;
mod locate;
mod log;
mod marked;
mod proof;
mod resolve;
mod standing;

pub use allow::allow;
pub use backup::{Backup, Kept, KeptFile, Restored};
pub use decision::{AROUND, Decision, Scope, Slip, Verdict};
pub use lessons::{Lesson, lessons, write_lessons};
pub use log::{DamagedLine, DecisionLog, Log, lines, read_log};
pub use marked::{Mark, Run, marked, marked_part};
pub use proof::{Progress, Proof};
pub use resolve::{Refusal, Resolved, resolve, reworded};
pub use standing::{Standing, State};

#[cfg(test)]
use crate::emit::json::{Context, SuggestionRecord};

/// A suggestion on a page of nothing but its wrong text, each choice of which rewrites all of it.
#[cfg(test)]
fn record(id: &str, wrong: &str, rights: &[&str]) -> SuggestionRecord {
    use crate::{Choice, Edit, Level, Span};
    let span = Span::new(0, wrong.len());
    let choice = |right: &&str| Choice {
        right: right.to_string(),
        confidence: 0.5,
        edits: vec![Edit::Replace { span, old: wrong.to_string(), new: right.to_string() }],
    };
    SuggestionRecord {
        id: id.to_string(),
        file: "page".to_string(),
        encoding: None,
        rule: "C101".to_string(),
        level: Level::Review,
        confidence: 0.9,
        line: 1,
        column: 1,
        start_byte: 0,
        end_byte: wrong.len(),
        start_char: 0,
        end_char: wrong.chars().count(),
        wrong: wrong.to_string(),
        choices: rights.iter().map(choice).collect(),
        message: String::new(),
        evidence: Vec::new(),
        context: Context::around(wrong, span),
        layout: None,
        applied: None,
        decision: None,
    }
}
