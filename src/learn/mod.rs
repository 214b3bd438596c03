//! Gradient boosted trees: a deterministic trainer, inference, and a text format a reader can
//! follow. Knows nothing of text; [`crate::repair`] learns with it what a line is and where a
//! paragraph ends.

mod calibrate;
mod forest;
mod grow;

pub use calibrate::Curve;
pub use forest::{Forest, ForestFile, Row};
pub use grow::{Growth, Sample, grow, grow_calibrated, grow_each};
