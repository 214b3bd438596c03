//! kanwu 勘误 reads scanned Chinese text, repairs its structure, finds the likely slips, and hands
//! a proofreader suggestions to accept.
//!
//! ```text
//! bytes ─ decode ─▶ Source ─ segment ─▶ [Block] ─ repair ─▶ [Paragraph] ─ analyze ─▶ Facts
//!                                                                 │
//!                               detect (rules, statistics) ◀──────┘
//!                                           │ Hit (paragraph offsets)
//!                                           ▼
//!                     rank (merge, calibrate, level) ─▶ Report of Suggestions (file offsets)
//!                                           │
//!                              emit   review (decisions)   apply (the only writer)
//! ```

pub mod analyze;
pub mod apply;
pub mod archive;
pub mod batch;
pub mod calibration;
pub mod config;
#[cfg(feature = "layout")]
pub mod container;
pub mod correct;
pub mod document;
#[cfg(feature = "docx")]
pub mod docx;
pub mod emit;
pub mod error;
pub mod error_rate;
pub mod eval;
pub mod finding;
pub mod han;
pub mod layout;
pub mod learn;
pub mod lexicon;
pub mod marks;
pub mod model;
mod numerals;
mod person_name;
pub mod pipeline;
pub mod rank;
pub mod repair;
pub mod review;
pub mod rules;
pub mod script;
pub mod segment;
pub mod source;
pub mod span;
#[cfg(any(feature = "docx", feature = "layout"))]
mod xml_character;

pub use config::Config;
pub use error::{Error, Result};
pub use finding::{Choice, Edit, Finding, Language, Level, Message, Report, Suggestion};
pub use pipeline::{Pipeline, Reading};
pub use source::{Encoding, Source};
pub use span::{Position, Span};
