//! Printers: pure functions from suggestions to text. They write where they are told to and know
//! nothing of files, terminals or arguments.

pub mod diff;
pub mod frame;
pub mod json;
pub mod markdown;
pub mod palette;
pub mod summary;
pub mod tally;
pub mod words;

pub use palette::Palette;
pub use summary::Summary;
pub use tally::Tally;
