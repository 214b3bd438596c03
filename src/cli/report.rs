//! What a run of `kanwu fix` leaves in writing: the report and the summary.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Exit;
use super::args::SummaryStyle;
use super::console::Console;
use super::destination::make_folder;
use kanwu::apply::Draft;
use kanwu::batch::{Entry, Journal};
use kanwu::emit::json::{FailureRecord, FileRecord, Record, RunRecord, write_line};
use kanwu::emit::words;
use kanwu::{Error, Level, Result};

/// Failures a summary names; all stand in the report.
const NAMED_FAILURES: usize = 20;

/// The report of a run, which replaces an older one when it is complete.
pub(crate) struct ReportFile {
    file: Option<(BufWriter<Draft>, PathBuf)>,
}

impl ReportFile {
    /// A report to be put at `path`; without a path nothing is written.
    pub(crate) fn create(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Ok(Self { file: None }) };
        make_folder(path)?;
        Ok(Self { file: Some((BufWriter::new(Draft::beside(path)?), path.to_path_buf())) })
    }

    /// Writes the lines about a text, and counts it.
    pub(crate) fn file(
        &mut self,
        record: &FileRecord,
        suggestions: &[u8],
        summary: &mut RunSummary,
    ) -> Result<()> {
        summary.run.add(record);
        self.write(|out| {
            out.write_all(suggestions)?;
            write_line(&Record::File(record.clone()), out)
        })
    }

    /// Writes the line about a failure, and counts it.
    pub(crate) fn failure(
        &mut self,
        record: &FailureRecord,
        summary: &mut RunSummary,
    ) -> Result<()> {
        summary.add_failure(record);
        self.write(|out| write_line(&Record::Failure(record.clone()), out))
    }

    /// Writes lines as they are.
    pub(crate) fn write(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        write(file).map_err(|cause| Error::io(&*path, cause))
    }

    /// Copies the lines about a text from the journal.
    pub(crate) fn copy(&mut self, journal: &mut Journal, entry: &Entry) -> Result<()> {
        match &mut self.file {
            Some((file, _)) => journal.copy_records(entry, file),
            None => Ok(()),
        }
    }

    /// Closes the report and puts it in its place.
    pub(crate) fn put(mut self, summary: &RunSummary) -> Result<()> {
        self.write(|out| write_line(&Record::Run(summary.run.clone()), out))?;
        let Some((file, path)) = self.file else { return Ok(()) };
        let draft = file.into_inner().map_err(|error| Error::io(&path, error.into_error()))?;
        draft.put(&path)
    }
}

/// What a run came to.
#[derive(Debug, Default, Serialize)]
pub(crate) struct RunSummary {
    #[serde(flatten)]
    pub(crate) run: RunRecord,
    /// Texts that an earlier run had done.
    pub(crate) skipped: u64,
    /// Wall time in seconds.
    pub(crate) seconds: f64,
    /// The first failures, and not all of them when there are many.
    pub(crate) failures: Vec<FailureRecord>,
}

impl RunSummary {
    /// Counts a failure.
    pub(crate) fn add_failure(&mut self, record: &FailureRecord) {
        self.run.add_failure();
        if self.failures.len() < NAMED_FAILURES {
            self.failures.push(record.clone());
        }
    }

    /// How the run ended.
    pub(crate) fn exit(&self) -> Exit {
        if self.run.failed > 0 { Exit::Trouble } else { Exit::Done }
    }

    /// Shows the summary.
    pub(crate) fn show(&self, style: SummaryStyle, console: &mut Console) -> Result<()> {
        match style {
            SummaryStyle::Line => self.line(console),
            SummaryStyle::Table => self.table(console),
            SummaryStyle::Json => {
                return console.print(|out| {
                    serde_json::to_writer(&mut *out, self)?;
                    writeln!(out)
                });
            }
        }
        Ok(())
    }

    fn line(&self, console: &Console) {
        let (applied, left) = (self.run.tally.applied as usize, self.run.tally.left as usize);
        let files = self.run.changed as usize;
        console.summary(&words::changed(applied, files, console.language));
        if self.run.tally.kept > 0 {
            console.summary(&words::kept(self.run.tally.kept as usize, console.language));
        }
        if left > 0 {
            console.summary(&words::left(left, console.language));
        }
    }

    fn table(&self, console: &Console) {
        let language = console.language;
        let levels = [Level::Auto, Level::Review, Level::Hint];
        if !self.run.tally.findings.is_empty() {
            let names = levels.map(|level| words::level(level, language));
            console.summary(&words::row("", names));
            for (rule, counts) in &self.run.tally.findings {
                let counts = levels.map(|level| counts.get(&level).copied().unwrap_or(0));
                console.summary(&words::row(rule, counts.map(words::grouped)));
            }
            let sums = levels.map(|level| words::grouped(self.run.tally.of_level(level)));
            console.summary(&words::row(words::all(language), sums));
        }
        console.summary(&words::run_files(&self.run, self.skipped, language));
        console.summary(&words::run_characters(&self.run, self.seconds, language));
        self.line(console);
        for failure in &self.failures {
            console.summary(&format!("  {}", failure.message));
        }
        let more = self.run.failed.saturating_sub(self.failures.len() as u64);
        if more > 0 {
            console.summary(&words::more_failures(more, language));
        }
    }
}
