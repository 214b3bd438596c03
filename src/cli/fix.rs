//! `kanwu fix`: apply what is beyond doubt.

use super::Exit;
use super::args::FixArgs;
use super::batch::in_order;
use super::check::check_text;
use super::console::Console;
use super::destination::{Destination, Written};
use super::input::{Input, gather};
use kanwu::apply::apply;
use kanwu::emit::words;
use kanwu::{Edit, Result, Source, Suggestion};

/// Runs the command.
pub(crate) fn run(args: &FixArgs, console: &mut Console) -> Result<Exit> {
    let pipeline = args.texts.pipeline()?;
    let inputs = gather(&args.texts.paths, &args.texts.stdin_filename);
    let destination = Destination::new(&args.output, &args.texts.paths, &inputs.texts)?;
    let mut exit = Exit::Done;
    for error in &inputs.errors {
        console.error(error);
        exit = Exit::Trouble;
    }
    let mut sum = Sum::default();
    let fix = |input: &Input| -> Result<(Source, Corrected, Written)> {
        let source = input.read()?;
        let report = check_text(&pipeline, &source, args.texts.lines);
        let suggestions: Vec<&Suggestion> = report.at_least(args.level).collect();
        let margin = pipeline.config().margin;
        let corrected = correct(&source, &suggestions, margin, args.texts.min_confidence);
        let written = destination.write(input, source.text(), &corrected.text)?;
        Ok((source, corrected, written))
    };
    in_order(&inputs.texts, console, fix, |input, result, console| {
        match result {
            Ok((source, corrected, written)) => {
                sum.add(&corrected);
                let palette = console.palette.clone();
                console.print(|out| {
                    written.show(input, source.text(), &corrected.text, &palette, out)
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
    pub(crate) text: String,
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
) -> Corrected {
    let clear: Vec<&[Edit]> = suggestions
        .iter()
        .filter_map(|suggestion| suggestion.clear_choice(margin))
        .filter(|choice| choice.confidence >= min_confidence)
        .map(|choice| choice.edits.as_slice())
        .collect();
    let made = apply(source.text(), &clear);
    let applied = clear.len() - made.refused.len();
    Corrected { text: made.text, applied, left: suggestions.len() - applied }
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
