//! `kanwu fix`: apply what is beyond doubt.

use std::time::Instant;

use super::Exit;
use super::archive;
use super::args::{FixArgs, SummaryStyle};
use super::batch::in_order;
use super::console::Console;
use super::destination::{Destination, Written};
use super::input::{Input, Inputs};
use super::report::{ReportFile, RunSummary};
use kanwu::batch::Fix;
use kanwu::emit::json::{FailureRecord, FileRecord, Status};
use kanwu::{Error, Result, Source};

/// Runs the command.
pub(crate) fn run(args: &FixArgs, console: &mut Console) -> Result<Exit> {
    let inputs = args.paths.gather()?;
    let destination = Destination::new(&args.output, &inputs)?;
    if args.summary == Some(SummaryStyle::Json) && destination.prints() {
        let problem = "--summary json needs standard output for itself; use -o or --in-place";
        return Err(Error::Usage(problem.to_string()));
    }
    match destination.tree(&inputs) {
        Some(tree) => archive::run(args, &inputs, tree, console),
        None => few(args, &inputs, &destination, console),
    }
}

/// Corrects texts that go to standard output, to one file, or into the place of the originals.
fn few(
    args: &FixArgs,
    inputs: &Inputs,
    destination: &Destination,
    console: &mut Console,
) -> Result<Exit> {
    let begun = Instant::now();
    let pipeline = args.texts.pipeline()?;
    let fix = Fix {
        pipeline: &pipeline,
        reading: args.texts.reading(),
        level: args.level,
        min_confidence: args.texts.min_confidence,
        language: console.language,
    };
    let mut report = ReportFile::create(args.report.as_deref())?;
    let mut summary = RunSummary::default();
    for error in &inputs.errors {
        console.error(error);
        report.failure(&FailureRecord::of_path(error), &mut summary)?;
    }
    let work = |input: &Input| -> Result<std::result::Result<Fixed, FailureRecord>> {
        let source = input.read()?;
        let (mut text, mut records) = (Vec::new(), Vec::new());
        let tally = fix
            .write(&source, &mut text, &mut records)
            .map_err(|cause| Error::io("<memory>", cause))?;
        let text = String::from_utf8(text).expect("a text corrected is a text");
        let written = match destination.write(input, source.text(), &text) {
            Ok(written) => written,
            Err(error) => return Ok(Err(FailureRecord::unwritable(&input.name(), &error))),
        };
        let changed = text != source.text();
        let status = if changed { Status::Changed } else { Status::Unchanged };
        let bytes = source.text().len() as u64;
        let record = FileRecord { file: input.name(), status, bytes, tally };
        Ok(Ok(Fixed { source, text, written, record, records }))
    };
    in_order(&inputs.texts, console, work, |input, result, console| match result {
        Ok(Ok(fixed)) => {
            report.file(&fixed.record, &fixed.records, &mut summary)?;
            console.file(&fixed.record, false);
            let palette = console.palette.clone();
            console.print(|out| {
                fixed.written.show(input, fixed.source.text(), &fixed.text, &palette, out)
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
    source: Source,
    text: String,
    written: Written,
    record: FileRecord,
    records: Vec<u8>,
}
