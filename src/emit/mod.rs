//! Printers: pure functions from suggestions to text. They write where they are told to and know
//! nothing of files, terminals or arguments.

#[cfg(feature = "table")]
pub mod csv;
pub mod diff;
pub mod frame;
pub mod github;
#[cfg(feature = "html")]
pub mod html;
pub mod json;
pub mod markdown;
pub mod palette;
pub mod rdjson;
mod region;
pub mod sarif;
pub mod stats;
pub mod summary;
pub mod table;
pub mod tally;
pub mod words;
#[cfg(feature = "table")]
pub mod workbook;

pub use palette::Palette;
pub use summary::Summary;
pub use tally::Tally;
