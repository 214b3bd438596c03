//! `kanwu train mixture`: measures how much models should weigh beside the built-in one.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::models;
use kanwu::lexicon::Lexicon;
use kanwu::model::train::{fit_weights, set_share};
use kanwu::model::{NgramModel, nats_per_character};
use kanwu::{Error, Result};

/// Measure which shares of a mixture suit language models
#[derive(Debug, Args)]
pub(crate) struct TrainMixtureArgs {
    /// The models, in the order in which they will be mixed into the built-in one
    #[arg(value_name = "MODEL", required = true)]
    models: Vec<PathBuf>,

    /// Text like what will be read, that no model was trained on, one paragraph a line
    #[arg(long, value_name = "FILE", required = true)]
    text: Vec<PathBuf>,

    /// Text to measure the mixture on only
    #[arg(long, value_name = "FILE")]
    held_out: Vec<PathBuf>,

    /// Write its share into each model's file
    #[arg(long)]
    record: bool,
}

/// Runs the command; what was found goes to `log`.
pub(crate) fn run(args: &TrainMixtureArgs, log: &mut dyn Write) -> Result<()> {
    let mut lexicon = Lexicon::builtin()?;
    let added: Vec<NgramModel> =
        args.models.iter().map(|path| models::read(path)).collect::<Result<_>>()?;
    let read = |path: &PathBuf| -> Result<String> {
        fs::read_to_string(path).map_err(|cause| Error::io(path, cause))
    };
    let texts: Vec<String> = args.text.iter().map(read).collect::<Result<_>>()?;
    let all: Vec<&NgramModel> = std::iter::once(lexicon.language_model()).chain(&added).collect();
    let weights = fit_weights(&all, &texts.concat());
    let mut measured = Vec::new();
    for path in args.text.iter().chain(&args.held_out) {
        let text = read(path)?;
        let alone: Vec<f64> = all.iter().map(|model| nats_per_character(*model, &text)).collect();
        measured.push((path, text, alone));
    }
    let mut lines: Vec<String> = Vec::new();
    for (last, (path, model)) in (1..).zip(args.models.iter().zip(added)) {
        let share = weights[last] / weights[..=last].iter().sum::<f64>();
        let share = share.clamp(LEAST_SHARE, 1.0 - LEAST_SHARE);
        lines.push(format!("{}: share {share:.3}", path.display()));
        lexicon.mix(model, share as f32)?;
        if args.record {
            let mut bytes = fs::read(path).map_err(|cause| Error::io(path, cause))?;
            set_share(&mut bytes, share as f32);
            fs::write(path, &bytes).map_err(|cause| Error::io(path, cause))?;
        }
    }
    for (path, text, alone) in measured {
        let mixed = nats_per_character(lexicon.mixed_model(), &text);
        let alone: Vec<String> = alone.iter().map(|nats| format!("{nats:.3}")).collect();
        let (path, alone) = (path.display(), alone.join(", "));
        lines.push(format!("{path}: {alone} nats per character alone, {mixed:.3} mixed"));
    }
    writeln!(log, "{}", lines.join("\n")).map_err(|cause| Error::io("standard output", cause))
}

/// A model that is worth nothing on these texts still has a share a mixture takes.
const LEAST_SHARE: f64 = 0.001;
