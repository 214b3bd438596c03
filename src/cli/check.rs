//! `kanwu check`: show the likely slips.

use std::fs;
use std::mem::ManuallyDrop;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::Exit;
use super::apply::write_new;
use super::args::CheckArgs;
#[cfg(feature = "docx")]
use super::args::Format;
use super::batch::in_order;
use super::console::Console;
use super::input::{Input, Inputs};
use super::printing::{Checked, Printing};
use super::settings::{Rejected, Settings};
use kanwu::emit::json::{Record, SuggestionRecord, read_lines, write_line};
use kanwu::emit::{Summary, words};
use kanwu::{Error, Level, Pipeline, Reading, Report, Result, Source, Suggestion};

/// Runs the command.
pub(crate) fn run(args: &CheckArgs, console: &mut Console) -> Result<Exit> {
    let shown = Shown::new(args)?;
    #[cfg_attr(not(feature = "docx"), allow(unused_mut))]
    let mut inputs = args.paths.gather()?;
    #[cfg(feature = "docx")]
    if args.format == Format::Docx {
        inputs.texts.iter_mut().for_each(Input::write_as_word);
    }
    // The process ends with this command, and the memory of the dictionaries goes back with it at
    // once; to give it back piece by piece takes a tenth of the time that a page takes.
    let settings = ManuallyDrop::new(Settings::new(&args.texts, &inputs.texts, Rejected::Quiet)?);
    if args.texts.show_settings {
        console.print(|out| settings.show(out))?;
        return Ok(Exit::Done);
    }
    let mut printer = Printer::new(args, &inputs, console)?;
    for error in &inputs.errors {
        printer.unreadable(error, console);
    }
    let check = |input: &Input| -> Result<(Source, Report, f64)> {
        let pipeline = settings.pipeline(input)?;
        let source = input.read(pipeline.config().encoding)?;
        let report = check_text(&pipeline, &source, args.texts.reading());
        Ok((source, report, pipeline.config().margin))
    };
    in_order(&inputs.texts, console, check, |input, result, console| match result {
        Ok((source, report, margin)) => {
            console.mistakes(&source, &report);
            let suggestions: Vec<&Suggestion> =
                report.suggestions.iter().filter(|s| shown.shows(s)).collect();
            let (source, report, suggestions) = (&source, &report, suggestions.as_slice());
            printer.print(&Checked { input, source, report, suggestions, margin }, console)
        }
        Err(error) => {
            printer.unreadable(&error, console);
            Ok(())
        }
    })?;
    printer.close(console)
}

/// Checks a text as one document, or each of its lines as one.
pub(crate) fn check_text(pipeline: &Pipeline, source: &Source, reading: Reading) -> Report {
    match reading {
        Reading::Whole => pipeline.check(source),
        Reading::Lines => pipeline.check_lines(source),
    }
}

/// Which suggestions are shown.
struct Shown {
    level: Level,
    min_confidence: f64,
    /// Ids of the suggestions known from an earlier run.
    known: FxHashSet<String>,
}

impl Shown {
    fn new(args: &CheckArgs) -> Result<Self> {
        let known = match &args.baseline {
            Some(path) => read_ids(path)?,
            None => FxHashSet::default(),
        };
        Ok(Self { level: args.level, min_confidence: args.texts.min_confidence, known })
    }

    fn shows(&self, suggestion: &Suggestion) -> bool {
        suggestion.level >= self.level
            && suggestion.finding.confidence >= self.min_confidence
            && !self.known.contains(&suggestion.id)
    }
}

fn read_ids(path: &Path) -> Result<FxHashSet<String>> {
    let text = fs::read_to_string(path).map_err(|cause| Error::io(path, cause))?;
    let records = read_lines(&path.display().to_string(), &text)?;
    Ok(records.into_iter().map(|record| record.id).collect())
}

/// Prints suggestions file by file, and counts them.
struct Printer<'a> {
    args: &'a CheckArgs,
    summary: Summary,
    printing: Printing,
    /// The lines to save, when asked to.
    saved: Vec<u8>,
}

impl<'a> Printer<'a> {
    fn new(args: &'a CheckArgs, inputs: &Inputs, console: &mut Console) -> Result<Self> {
        let printing = Printing::begin(args, inputs, console)?;
        Ok(Self { args, summary: Summary::default(), printing, saved: Vec::new() })
    }

    fn unreadable(&mut self, error: &Error, console: &Console) {
        self.summary.unreadable += 1;
        console.error(error);
    }

    fn print(&mut self, checked: &Checked<'_>, console: &mut Console) -> Result<()> {
        let Checked { source, report, suggestions, .. } = checked;
        self.summary.add(report.characters, suggestions.iter().copied());
        if self.args.save.is_some() {
            for suggestion in *suggestions {
                let record = SuggestionRecord::new(source, suggestion, console.language);
                let record = Record::Suggestion(Box::new(record));
                write_line(&record, &mut self.saved).map_err(|e| Error::io("<memory>", e))?;
            }
        }
        self.printing.text(checked, console)
    }

    /// Prints the counts, saves what is to be saved, and tells how the run ended.
    fn close(self, console: &mut Console) -> Result<Exit> {
        let summary = self.summary;
        let found = summary.at_least(Level::Review) > 0 && !self.args.exit_zero;
        let exit = match (summary.unreadable, found) {
            (1.., _) => Exit::Trouble,
            (0, true) => Exit::Findings,
            (0, false) => Exit::Done,
        };
        let mut saved = Vec::new();
        if let Some(path) = &self.args.save {
            write_new(path, &self.saved)?;
            saved.push(path.clone());
        }
        saved.extend(self.printing.close(&summary, console)?);
        for path in saved {
            let path = path.display().to_string();
            console.summary(&words::saved(summary.suggestions, &path, console.language));
        }
        Ok(exit)
    }
}
