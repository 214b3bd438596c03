//! `kanwu fix`: apply what is beyond doubt.

use super::Exit;
use super::args::{FixArgs, To};
use super::batch::in_order;
use super::check::check_text;
use super::console::Console;
use super::destination::{Destination, Shown};
use super::input::{Input, gather};
use super::settings::Settings;
use kanwu::apply::{Applied, Written, apply_to};
use kanwu::emit::markdown::to_markdown;
use kanwu::emit::words;
use kanwu::finding::Finding;
use kanwu::segment::{Block, segment};
use kanwu::{Choice, Edit, Report, Result, Source, Suggestion};

/// Runs the command.
pub(crate) fn run(args: &FixArgs, console: &mut Console) -> Result<Exit> {
    let mut inputs = gather(&args.texts.paths, &args.texts.stdin_filename, &args.texts.reading);
    inputs.texts.iter_mut().for_each(|input| rename(input, args.to));
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
        let source = input.read(pipeline.config().encoding, &args.texts.reading)?;
        let report = check_text(&pipeline, &source, args.texts.lines);
        let suggestions: Vec<&Suggestion> = report.at_least(args.level).collect();
        let margin = pipeline.config().margin;
        let min_confidence = args.texts.min_confidence;
        let mut corrected = correct(&source, &suggestions, margin, min_confidence, written);
        match args.to {
            To::Same => corrected.write_layout(&source),
            To::Text => {}
            To::Markdown => {
                let blocks = segment(&source, 0..source.lines().len(), pipeline.lexicon()).blocks;
                corrected.write_markdown(&source, &blocks);
            }
        }
        let shown = match &corrected.file {
            Some(file) => {
                destination.write(input, corrected.old(&source).as_bytes(), file.as_bytes())?
            }
            None => {
                let bytes = corrected.made.bytes(&source, written);
                destination.write(input, source.bytes(), &bytes)?
            }
        };
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
                    shown.show(input, corrected.old(&source), corrected.written(), &palette, out)
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
    if sum.kept > 0 {
        console.summary(&words::kept(sum.kept, console.language));
    }
    if sum.left > 0 {
        console.summary(&words::left(sum.left, console.language));
    }
    Ok(exit)
}

/// The text of a layout file is no layout file: it gets a name that says so.
fn rename(input: &mut Input, to: To) {
    match to {
        To::Same => {}
        To::Text => _ = input.mirror.set_extension("txt"),
        To::Markdown => _ = input.mirror.set_extension("md"),
    }
}

/// A text with suggestions applied.
pub(crate) struct Corrected {
    /// The new text.
    pub(crate) made: Applied,
    /// The new file, where it is not the text: a layout file, or Markdown.
    file: Option<String>,
    /// The file is a layout file.
    laid: bool,
    /// The edits of each suggestion applied.
    edits: Vec<Vec<Edit>>,
    /// Changes that could not be made, each with its place and the reason.
    refused: Vec<String>,
    /// Suggestions applied.
    applied: usize,
    /// Suggestions that only concern the flow of the text, which a layout file does not have.
    kept: usize,
    /// Suggestions none of whose choices could be applied unasked.
    left: usize,
}

impl Corrected {
    /// Puts the corrections into the layout file the text was read from, if it was.
    pub(crate) fn write_layout(&mut self, source: &Source) {
        let Some(layout) = source.layout() else { return };
        let groups: Vec<&[Edit]> = self.edits.iter().map(Vec::as_slice).collect();
        let written = layout.write(source.text(), &groups);
        let refusal = |(_, reason): &(usize, String)| format!("{}: {reason}", source.name());
        self.refused.extend(written.refused.iter().map(refusal));
        self.applied -= written.kept.len() + written.refused.len();
        self.kept = written.kept.len();
        self.left += written.refused.len();
        (self.file, self.laid) = (Some(written.file), true);
    }

    fn write_markdown(&mut self, source: &Source, blocks: &[Block]) {
        let groups: Vec<&[Edit]> = self.edits.iter().map(Vec::as_slice).collect();
        self.file = Some(to_markdown(source, blocks, &groups));
    }

    /// The file as it was.
    pub(crate) fn old<'a>(&self, source: &'a Source) -> &'a str {
        match source.layout() {
            Some(layout) if self.laid => layout.original(),
            _ => source.text(),
        }
    }

    /// The file as it is to be.
    pub(crate) fn written(&self) -> &str {
        self.file.as_deref().unwrap_or(&self.made.text)
    }
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
    let unfit = |number: usize| made.refused.iter().any(|(refused, _)| *refused == number);
    let fit = clear.iter().enumerate().filter(|(number, _)| !unfit(*number));
    let edits: Vec<Vec<Edit>> = fit.map(|(_, (_, choice))| choice.edits.clone()).collect();
    let (applied, left) = (edits.len(), suggestions.len() - edits.len());
    Corrected { made, file: None, laid: false, edits, refused, applied, kept: 0, left }
}

#[derive(Default)]
struct Sum {
    applied: usize,
    files: usize,
    kept: usize,
    left: usize,
}

impl Sum {
    fn add(&mut self, corrected: &Corrected) {
        self.applied += corrected.applied;
        self.files += usize::from(corrected.applied > 0);
        self.kept += corrected.kept;
        self.left += corrected.left;
    }
}
