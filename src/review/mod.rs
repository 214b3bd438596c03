//! What proofreaders decide, and the way from decisions to edits of the file as it is now.

mod decision;
mod locate;
mod resolve;

pub use decision::{Decision, Verdict, read_decisions, write_decision};
pub use resolve::{Refusal, Resolved, resolve};
