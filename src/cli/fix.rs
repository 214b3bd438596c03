//! `kanwu fix`: apply what is beyond doubt.

use super::Exit;
use super::args::FixArgs;
use super::batch::in_order;
use super::check::check_text;
use super::console::Console;
use super::destination::{Destination, Shown};
use super::input::{Input, gather};
use super::settings::Settings;
use kanwu::apply::{Applied, Written, apply_to};
use kanwu::emit::words;
use kanwu::finding::Finding;
use kanwu::{Choice, Edit, Report, Result, Source, Suggestion};

/// Runs the command.
pub(crate) fn run(args: &FixArgs, console: &mut Console) -> Result<Exit> {
    let inputs = gather(&args.texts.paths, &args.texts.stdin_filename);
    let settings = Settings::new(&args.texts, &inputs.texts)?;
    if args.texts.show_settings {
        console.print(|out| settings.show(out))?;
        return Ok(Exit::Done);
    }
    let destination = Destination::new(&args.output, &args.texts.paths, &inputs.texts)?;
    let mut exit = Exit::Done;
    for error in &inputs.errors {
        console.error(error);
        exit = Exit::Trouble;
    }
    let mut sum = Sum::default();
    let written = args.output.written();
    let fix = |input: &Input| -> Result<(Source, Report, Corrected, Shown)> {
        let pipeline = settings.pipeline(input)?;
        let source = input.read(pipeline.config().encoding)?;
        let report = check_text(&pipeline, &source, args.texts.lines);
        let suggestions: Vec<&Suggestion> = report.at_least(args.level).collect();
        let margin = pipeline.config().margin;
        let min_confidence = args.texts.min_confidence;
        let corrected = correct(&source, &suggestions, margin, min_confidence, written);
        let bytes = corrected.made.bytes(&source, written);
        let shown = destination.write(input, source.bytes(), &bytes)?;
        Ok((source, report, corrected, shown))
    };
    in_order(&inputs.texts, console, fix, |input, result, console| {
        match result {
            Ok((source, report, corrected, shown)) => {
                console.mistakes(&source, &report);
                sum.add(&corrected);
                for refusal in &corrected.refused {
                    console.note(&format!("kanwu: {refusal}"));
                }
                let palette = console.palette.clone();
                console.print(|out| {
                    shown.show(input, source.text(), &corrected.made.text, &palette, out)
                })?;
            }
            Err(error) => {
                console.error(&error);
                exit = Exit::Trouble;
            }
        }
        Ok(())
    })?;
    console.summary(&words::changed(sum.applied, sum.files, console.language));
    if sum.left > 0 {
        console.summary(&words::left(sum.left, console.language));
    }
    Ok(exit)
}

/// A text with suggestions applied.
pub(crate) struct Corrected {
    /// The new text.
    pub(crate) made: Applied,
    /// Changes that could not be made, each with its place and the reason.
    refused: Vec<String>,
    /// Suggestions applied.
    applied: usize,
    /// Suggestions none of whose choices could be applied unasked.
    left: usize,
}

/// Applies of each suggestion the best choice, if it leads the second by `margin` and is at least
/// so sure.
pub(crate) fn correct(
    source: &Source,
    suggestions: &[&Suggestion],
    margin: f64,
    min_confidence: f64,
    written: Written,
) -> Corrected {
    let clear: Vec<(&Finding, &Choice)> = suggestions
        .iter()
        .filter_map(|suggestion| Some((&suggestion.finding, suggestion.clear_choice(margin)?)))
        .filter(|(_, choice)| choice.confidence >= min_confidence)
        .collect();
    let edits: Vec<&[Edit]> = clear.iter().map(|(_, choice)| choice.edits.as_slice()).collect();
    let made = apply_to(source, written, &edits);
    let refusal = |(number, reason): &(usize, String)| {
        let (Finding { span, wrong, .. }, right) = (clear[*number].0, &clear[*number].1.right);
        format!(
            "{}:{}: {wrong} → {right}: {reason}",
            source.name(),
            source.position(span.start).line
        )
    };
    let refused: Vec<String> = made.refused.iter().map(refusal).collect();
    let applied = clear.len() - refused.len();
    Corrected { made, refused, applied, left: suggestions.len() - applied }
}

#[derive(Default)]
struct Sum {
    applied: usize,
    files: usize,
    left: usize,
}

impl Sum {
    fn add(&mut self, corrected: &Corrected) {
        self.applied += corrected.applied;
        self.files += usize::from(corrected.applied > 0);
        self.left += corrected.left;
    }
}
