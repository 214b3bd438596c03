//! A page as it was read and as it is printed.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A page with its OCR text and its truth.
#[derive(Clone, Debug, Deserialize)]
pub struct PageRecord {
    /// Name of the record.
    pub id: String,
    /// Name of the page, the same for all readings of it.
    pub page: String,
    /// Engine that read the page.
    pub engine: String,
    /// OCR text with a line for each printed line.
    pub ocr_hard: String,
    /// OCR text with a line for each column block.
    pub ocr_para: String,
    /// What is printed, a paragraph a line, without furniture.
    pub truth_text: String,
    /// What is printed, in reading order; furniture at the end.
    pub blocks: Vec<TruthBlock>,
}

/// A piece of the printed page.
#[derive(Clone, Debug, Deserialize)]
pub struct TruthBlock {
    /// What it is.
    pub kind: TruthKind,
    /// What is printed.
    pub text: String,
    /// What the engine read there; only for pieces outside the text flow.
    #[serde(default)]
    pub ocr: Option<String>,
    /// The block that goes on behind a caption.
    #[serde(default)]
    pub interrupts: Option<u64>,
}

/// What a piece of the printed page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TruthKind {
    /// Words under or beside a photo.
    Caption,
    /// Title of an article.
    Headline,
    /// 下转第3版
    Jump,
    /// Who wrote it.
    Byline,
    /// Title of a section.
    Subhead,
    /// A paragraph, or the part of it that stands on this page.
    Body,
    /// Name of the paper, date, name of the page.
    RunningHead,
    /// Number of the page.
    PageNumber,
}

/// In which shape a page was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Variant {
    /// A line for each printed line.
    Hard,
    /// A line for each column block.
    Para,
}

impl PageRecord {
    /// The OCR text of `variant`.
    pub fn text(&self, variant: Variant) -> &str {
        match variant {
            Variant::Hard => &self.ocr_hard,
            Variant::Para => &self.ocr_para,
        }
    }

    /// The blocks of the text flow.
    pub(super) fn flow(&self) -> impl Iterator<Item = &TruthBlock> {
        let flows = [TruthKind::Byline, TruthKind::Subhead, TruthKind::Body];
        self.blocks.iter().filter(move |block| flows.contains(&block.kind))
    }

    /// Captions, headlines and jump lines, in this order.
    pub(super) fn floats(&self) -> Vec<&TruthBlock> {
        let kinds = [TruthKind::Caption, TruthKind::Headline, TruthKind::Jump];
        let of_kind = |kind| self.blocks.iter().filter(move |block| block.kind == kind);
        kinds.into_iter().flat_map(of_kind).collect()
    }
}

/// Reads pages with their truth: one JSON record a line.
///
/// # Errors
/// [`Error::Table`] naming the line of a record that cannot be read.
pub fn read_page_records(name: &str, text: &str) -> Result<Vec<PageRecord>> {
    text.lines()
        .enumerate()
        .map(|(number, line)| {
            serde_json::from_str(line)
                .map_err(|error| Error::table(name, number + 1, error.to_string()))
        })
        .collect()
}
