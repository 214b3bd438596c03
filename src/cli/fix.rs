//! `kanwu fix`: apply what is beyond doubt.

use std::time::Instant;

use super::Exit;
use super::archive;
use super::args::{FixArgs, SummaryStyle, To};
use super::batch::in_order;
use super::console::Console;
use super::destination::{Destination, Shown};
use super::input::{Input, Inputs};
use super::report::{ReportFile, RunSummary};
use super::settings::{Rejected, Settings};
use kanwu::apply::Written;
use kanwu::batch::Fix;
use kanwu::emit::json::{FailureRecord, FileRecord, Status};
use kanwu::{Encoding, Error, Result, Source};

/// Runs the command.
pub(crate) fn run(args: &FixArgs, console: &mut Console) -> Result<Exit> {
    let mut inputs = args.paths.gather()?;
    inputs.texts.iter_mut().for_each(|input| input.write_as(args.to));
    let settings = Settings::new(&args.texts, &inputs.texts, Rejected::Quiet)?;
    if args.texts.show_settings {
        console.print(|out| settings.show(out))?;
        return Ok(Exit::Done);
    }
    let destination = Destination::new(&args.output, &inputs)?;
    if args.summary == Some(SummaryStyle::Json) && destination.prints() {
        let problem = "--summary json needs standard output for itself; use -o or --in-place";
        return Err(Error::Usage(problem.to_string()));
    }
    match destination.tree(&inputs) {
        Some(tree) => archive::run(args, &inputs, settings, tree, console),
        None => few(args, &inputs, &settings, &destination, console),
    }
}

/// Corrects texts that go to standard output, to one file, or into the place of the originals.
fn few(
    args: &FixArgs,
    inputs: &Inputs,
    settings: &Settings,
    destination: &Destination,
    console: &mut Console,
) -> Result<Exit> {
    let begun = Instant::now();
    let written = args.output.written();
    let language = console.language;
    let mut report = ReportFile::create(args.report.as_deref())?;
    let mut summary = RunSummary::default();
    for error in &inputs.errors {
        console.error(error);
        report.failure(&FailureRecord::of_path(error), &mut summary)?;
    }
    let work = |input: &Input| -> Result<std::result::Result<Fixed, FailureRecord>> {
        let pipeline = settings.pipeline(input)?;
        let source = input.read(pipeline.config().encoding)?;
        let fix = Fix {
            pipeline: &pipeline,
            reading: args.texts.reading(),
            level: args.level,
            min_confidence: args.texts.min_confidence,
            form: args.to.into(),
            written,
            language,
        };
        let (mut bytes, mut records) = (Vec::new(), Vec::new());
        let (tally, notes) = fix
            .write(&source, &mut bytes, &mut records)
            .map_err(|cause| Error::io("<memory>", cause))?;
        let old = match source.layout().filter(|_| args.to == To::Same) {
            Some(layout) => layout.original(),
            None => source.text(),
        };
        let read = source.file();
        let length = read.len() as u64;
        let shown = match destination.write(input, read, &bytes) {
            Ok(shown) => shown,
            Err(error) => return Ok(Err(FailureRecord::unwritable(&input.name(), &error))),
        };
        let texts = match shown {
            Shown::Diff => Some((old.to_string(), text_of(&source, bytes, args.to, written)?)),
            _ => None,
        };
        let status = if tally.applied > 0 { Status::Changed } else { Status::Unchanged };
        let record = FileRecord { file: input.name(), status, bytes: length, tally };
        Ok(Ok(Fixed { texts, shown, record, records, notes }))
    };
    in_order(&inputs.texts, console, work, |input, result, console| match result {
        Ok(Ok(fixed)) => {
            report.file(&fixed.record, &fixed.records, &mut summary)?;
            console.file(&fixed.record, false);
            for note in &fixed.notes {
                console.note(&format!("kanwu: {note}"));
            }
            let palette = console.palette.clone();
            console.print(|out| {
                let (old, new) = fixed.texts.as_ref().map_or(("", ""), |(old, new)| (old, new));
                fixed.shown.show(input, old, new, &palette, out)
            })
        }
        Ok(Err(failure)) => {
            console.note(&format!("kanwu: {}", failure.message));
            report.failure(&failure, &mut summary)
        }
        Err(error) => {
            console.error(&error);
            report.failure(&FailureRecord::new(&input.name(), &error), &mut summary)
        }
    })?;
    report.put(&summary)?;
    summary.seconds = begun.elapsed().as_secs_f64();
    summary.show(args.summary.unwrap_or(SummaryStyle::Line), console)?;
    Ok(summary.exit())
}

/// A text corrected and written.
struct Fixed {
    /// What it was and what it is, where a diff is to be shown.
    texts: Option<(String, String)>,
    shown: Shown,
    record: FileRecord,
    records: Vec<u8>,
    /// What the user must be told.
    notes: Vec<String>,
}

/// The text that `bytes` are, written for `source`.
fn text_of(source: &Source, bytes: Vec<u8>, to: To, written: Written) -> Result<String> {
    #[cfg(feature = "docx")]
    if source.docx().is_some() && to == To::Same {
        let limits = kanwu::container::ContainerLimits::default();
        return Ok(kanwu::docx::read(source.name(), bytes, limits)?.text().to_string());
    }
    let encoding = match written {
        Written::AsRead if to != To::Markdown => source.encoding(),
        _ => Encoding::Utf8,
    };
    Ok(Source::decode(source.name(), bytes, encoding)?.text().to_string())
}
