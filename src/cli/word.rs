//! Word files with tracked changes: `check --format docx`.

use jiff::Timestamp;

use super::args::{CheckArgs, Output};
use super::destination::Destination;
use super::input::Inputs;
use super::printing::Checked;
use kanwu::docx::{Docx, Mark};
use kanwu::{Error, Language, Level, Result};

/// The date of tracked changes where none is set: the first that a ZIP file can have. The same
/// input gives the same bytes, at any time.
const NO_DATE: &str = "1980-01-01T00:00:00Z";

/// Where programs that build the same bytes twice are told the time, in seconds since 1970.
const DATE_VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// Where marked files go, and how they are marked.
pub(crate) struct WordFiles {
    destination: Destination,
    date: String,
    language: Language,
    min_confidence: f64,
}

impl WordFiles {
    /// The files of a run over these texts, each of which becomes one.
    ///
    /// # Errors
    /// [`Error::Usage`] when no place is named, or a file would overwrite an input or another.
    pub(crate) fn new(args: &CheckArgs, inputs: &Inputs, language: Language) -> Result<Self> {
        if args.output.is_none() {
            return Err(Error::Usage("--format docx needs -o OUT".to_string()));
        }
        let output = Output { output: args.output.clone(), ..Output::default() };
        Ok(Self {
            destination: Destination::new(&output, inputs)?,
            date: date()?,
            language,
            min_confidence: args.texts.min_confidence,
        })
    }

    /// Writes a text with suggestions about it. What `fix` would apply at that level becomes a
    /// tracked change, the rest a comment alone; hints never change the text.
    pub(crate) fn write(&self, checked: &Checked<'_>) -> Result<()> {
        let Checked { input, source, suggestions, margin, .. } = checked;
        let marks: Vec<Mark<'_>> = suggestions
            .iter()
            .map(|suggestion| {
                let clear = suggestion.clear_choice(*margin);
                let sure = clear.filter(|choice| choice.confidence >= self.min_confidence);
                let choice = sure.filter(|_| suggestion.level >= Level::Review).map(|_| 0);
                Mark { suggestion, choice }
            })
            .collect();
        let marked = match source.docx() {
            Some(docx) => docx.mark(source, &marks, self.language, &self.date)?,
            None => Docx::of_text(source)?.mark(source, &marks, self.language, &self.date)?,
        };
        self.destination.write(input, source.file(), &marked).map(|_| ())
    }
}

/// The date of tracked changes.
fn date() -> Result<String> {
    let Ok(seconds) = std::env::var(DATE_VARIABLE) else { return Ok(NO_DATE.to_string()) };
    let time = seconds.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let time = time.map(|time| time.to_string());
    time.ok_or_else(|| Error::Usage(format!("{DATE_VARIABLE}={seconds} is no time")))
}
