//! `kanwu stats`: the error rate of texts, as the national regulations count it.

use std::fs;
use std::path::Path;

use super::Exit;
use super::apply::DECISIONS;
use super::args::{StatsArgs, StatsFormat};
use super::batch::in_order;
use super::check::check_text;
use super::console::Console;
use super::input::Input;
use super::settings::{Rejected, Settings};
use kanwu::emit::json::SuggestionRecord;
use kanwu::emit::stats::{CountedText, Fate, Slip, Stats};
use kanwu::error_rate::{Weights, characters_put_right};
use kanwu::review::{Standing, Verdict, read_log};
use kanwu::{Error, Result};

/// Runs the command.
pub(crate) fn run(args: &StatsArgs, console: &mut Console) -> Result<Exit> {
    let weights = weights(args)?;
    let standing = standing(args, console)?;
    let inputs = args.paths.gather()?;
    // What was rejected is counted, too: as what it is.
    let settings = Settings::new(&args.texts, &inputs.texts, Rejected::There)?;
    if args.texts.show_settings {
        console.print(|out| settings.show(out))?;
        return Ok(Exit::Done);
    }
    let mut exit = Exit::Done;
    for error in &inputs.errors {
        console.error(error);
        exit = Exit::Trouble;
    }
    let language = console.language;
    let count = |input: &Input| -> Result<CountedText> {
        let pipeline = settings.pipeline(input)?;
        let source = input.read(pipeline.config().encoding)?;
        let report = check_text(&pipeline, &source, args.texts.reading());
        let counted = report
            .at_least(args.level)
            .filter(|suggestion| suggestion.finding.confidence >= args.texts.min_confidence);
        let slips = counted.map(|suggestion| {
            slip(SuggestionRecord::new(&source, suggestion, language), &standing)
        });
        let (file, slips) = (source.name().to_string(), slips.collect());
        Ok(CountedText { file, characters: report.characters as u64, slips })
    };
    let mut texts = Vec::new();
    in_order(&inputs.texts, console, count, |_, result, console| {
        match result {
            Ok(text) => texts.push(text),
            Err(error) => {
                console.error(&error);
                exit = Exit::Trouble;
            }
        }
        Ok(())
    })?;
    let stats = Stats::count(&texts, &weights, args.standard, args.characters);
    console.print(|out| match args.format {
        StatsFormat::Text => stats.write_text(language, out),
        StatsFormat::Json => stats.write_json(out),
        StatsFormat::Csv => stats.write_csv(language, out),
    })?;
    Ok(exit)
}

fn weights(args: &StatsArgs) -> Result<Weights> {
    match &args.weights {
        None => Weights::shipped(args.standard),
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|cause| Error::io(path, cause))?;
            Weights::parse(&path.display().to_string(), &text, args.standard)
        }
    }
}

/// What holds of the decisions. A log that is named must be there.
fn standing(args: &StatsArgs, console: &Console) -> Result<Standing> {
    let path = match &args.texts.decisions {
        Some(path) => {
            fs::metadata(path).map_err(|cause| Error::io(path, cause))?;
            path
        }
        None if args.texts.isolated => return Ok(Standing::default()),
        None => Path::new(DECISIONS),
    };
    let log = read_log(path)?;
    console.damaged(path, &log);
    Ok(Standing::of(log.decisions))
}

/// A suggestion as a slip, with what was decided on it.
fn slip(record: SuggestionRecord, standing: &Standing) -> Slip {
    let verdict = standing.verdict(&record).ok().flatten();
    let chosen = match verdict {
        Some(Verdict::Accept { choice }) => choice.saturating_sub(1),
        _ => 0,
    };
    let (mut right, characters) = match record.choices.get(chosen) {
        Some(choice) => (Some(choice.right.clone()), characters_put_right(&choice.edits)),
        None => (None, 1),
    };
    let fate = match verdict {
        Some(Verdict::Accept { .. }) => Fate::Corrected,
        Some(Verdict::Replace { text }) => {
            right = Some(text);
            Fate::Corrected
        }
        Some(Verdict::Reject) => Fate::Rejected,
        _ => Fate::Open,
    };
    Slip { rule: record.rule, wrong: record.wrong, right, characters, fate }
}
