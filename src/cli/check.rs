//! `kanwu check`: show the likely slips.

use std::fs;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::Exit;
use super::apply::write_new;
use super::args::{CheckArgs, Format};
use super::batch::in_order;
use super::console::Console;
use super::input::Input;
use super::settings::{Rejected, Settings};
use kanwu::apply::Written;
use kanwu::batch::correct;
use kanwu::emit::diff::write_diff;
use kanwu::emit::frame::{self, write_frames};
use kanwu::emit::json::{DocumentWriter, Record, SuggestionRecord, read_lines, write_line};
use kanwu::emit::{Summary, words};
use kanwu::{Error, Level, Pipeline, Reading, Report, Result, Source, Span, Suggestion};

/// Runs the command.
pub(crate) fn run(args: &CheckArgs, console: &mut Console) -> Result<Exit> {
    let shown = Shown::new(args)?;
    let inputs = args.paths.gather()?;
    let settings = Settings::new(&args.texts, &inputs.texts, Rejected::Quiet)?;
    if args.texts.show_settings {
        console.print(|out| settings.show(out))?;
        return Ok(Exit::Done);
    }
    let mut printer = Printer::new(args);
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
            printer.print(input, &source, &report, &suggestions, margin, console)
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
    document: DocumentWriter,
    /// The lines to save, when asked to.
    saved: Vec<u8>,
}

impl<'a> Printer<'a> {
    fn new(args: &'a CheckArgs) -> Self {
        let (summary, document) = (Summary::default(), DocumentWriter::default());
        Self { args, summary, document, saved: Vec::new() }
    }

    fn unreadable(&mut self, error: &Error, console: &Console) {
        self.summary.unreadable += 1;
        console.error(error);
    }

    fn print(
        &mut self,
        input: &Input,
        source: &Source,
        report: &Report,
        suggestions: &[&Suggestion],
        margin: f64,
        console: &mut Console,
    ) -> Result<()> {
        self.summary.add(report.characters, suggestions.iter().copied());
        let language = console.language;
        let record = |suggestion: &&Suggestion| SuggestionRecord::new(source, suggestion, language);
        if self.args.save.is_some() {
            for suggestion in suggestions {
                let record = Record::Suggestion(Box::new(record(suggestion)));
                write_line(&record, &mut self.saved).map_err(|e| Error::io("<memory>", e))?;
            }
        }
        let palette = console.palette.clone();
        console.print(|out| match self.args.format {
            Format::Text => {
                let style = frame::Style { language, palette: &palette, all: self.args.all };
                write_frames(source, suggestions, &style, out)
            }
            Format::Diff => {
                let min_confidence = self.args.texts.min_confidence;
                let whole = Span::new(0, source.text().len());
                let as_read = Written::AsRead;
                let corrected =
                    correct(source, whole, suggestions, margin, min_confidence, as_read);
                match source.layout() {
                    Some(layout) => {
                        let new = layout.write(source.text(), &corrected.groups()).file;
                        write_diff(&input.diff_path(), layout.original(), &new, &palette, out)
                    }
                    None => {
                        let new = &corrected.made.text;
                        write_diff(&input.diff_path(), source.text(), new, &palette, out)
                    }
                }
            }
            Format::Json => suggestions
                .iter()
                .try_for_each(|suggestion| self.document.suggestion(record(suggestion), out)),
            Format::Jsonl => suggestions.iter().try_for_each(|suggestion| {
                write_line(&Record::Suggestion(Box::new(record(suggestion))), out)
            }),
        })
    }

    /// Prints the counts, saves what is to be saved, and tells how the run ended.
    fn close(self, console: &mut Console) -> Result<Exit> {
        let (language, quiet, palette) = (console.language, console.quiet, console.palette.clone());
        let summary = self.summary;
        let found = summary.at_least(Level::Review) > 0 && !self.args.exit_zero;
        let exit = match (summary.unreadable, found) {
            (1.., _) => Exit::Trouble,
            (0, true) => Exit::Findings,
            (0, false) => Exit::Done,
        };
        if let Some(path) = &self.args.save {
            write_new(path, &self.saved)?;
            let path = path.display().to_string();
            console.summary(&words::saved(summary.suggestions, &path, language));
        }
        console.print(|out| match self.args.format {
            Format::Text if !quiet => summary.write(language, &palette, out),
            Format::Text | Format::Diff => Ok(()),
            Format::Json => self.document.close(summary, out),
            Format::Jsonl => write_line(&Record::Summary(summary), out),
        })?;
        Ok(exit)
    }
}
