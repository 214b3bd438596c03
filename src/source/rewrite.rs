//! Corrections written into the file a text was read from, where that is no plain text.

use super::Source;
use crate::error::Result;
use crate::finding::Edit;

/// A file in its own format with corrections of its text in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// The new file. What no correction touches is as it was.
    pub bytes: Vec<u8>,
    /// Groups that only concern the flow of the text, which a layout file does not have. By number
    /// in the list given.
    pub kept: Vec<usize>,
    /// Groups that could not be written, with the reason, by number in the list given.
    pub refused: Vec<(usize, String)>,
}

impl Source {
    /// The bytes of the file the text was read from, whatever its format.
    pub fn file(&self) -> &[u8] {
        #[cfg(feature = "docx")]
        if let Some(docx) = self.docx() {
            return docx.bytes();
        }
        self.layout().map_or_else(|| self.bytes(), |layout| layout.original().as_bytes())
    }

    /// True when the text is the file: it was read from no layout file and no Word file.
    pub fn is_plain(&self) -> bool {
        #[cfg(feature = "docx")]
        if self.docx().is_some() {
            return false;
        }
        self.layout().is_none()
    }

    /// Writes corrections of the text into the layout file or Word file it was read from, each group
    /// whole or not at all; `None` for a plain text.
    ///
    /// # Errors
    /// [`crate::Error::Docx`] when a part of a Word file is damaged that is not text.
    pub fn rewrite(&self, groups: &[&[Edit]]) -> Result<Option<Rewritten>> {
        #[cfg(feature = "docx")]
        if let Some(docx) = self.docx() {
            let crate::docx::Corrected { bytes, refused } = docx.correct(self.text(), groups)?;
            return Ok(Some(Rewritten { bytes, kept: Vec::new(), refused }));
        }
        Ok(self.layout().map(|layout| {
            let written = layout.write(self.text(), groups);
            let (kept, refused) = (written.kept, written.refused);
            Rewritten { bytes: written.file.into_bytes(), kept, refused }
        }))
    }
}
