//! Whole archives: many texts at once, accounted for one by one, and a run that can be cut off at
//! any moment and goes on where it was.
//!
//! ```text
//! input ─ window ─▶ fix ─▶ output file      (written whole or not at all)
//!                    └──▶ records ─▶ journal ─▶ report
//! ```

mod fix;
mod journal;
mod window;

pub use fix::{Corrected, Fix, Form, correct, survive};
pub use journal::{Digest, Entry, Hashed, Journal, Outcome, Past, Place, hash, hash_file};
pub use window::{Window, in_order};
