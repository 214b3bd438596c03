//! `kanwu train lm`: trains a language model.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use kanwu::model::train::{Recipe, Stage, Text, WordNgrams, train};
use kanwu::model::{NgramModel, nats_per_character};
use kanwu::{Error, Result};

/// Train a language model
#[derive(Debug, Args)]
pub(crate) struct TrainLmArgs {
    /// Texts, one paragraph a line, plain or .xz or .gz; `FILE@0.5` reads half of its lines
    #[arg(value_name = "TEXT", required_unless_present = "ngrams")]
    texts: Vec<String>,

    /// Where to write the model
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Word list in jieba's format (word, space, frequency)
    #[arg(long, value_name = "FILE")]
    words: Option<PathBuf>,

    /// N-grams of a model of words, written out as text; `FILE@30e6` lets them count as much as
    /// a text of 30 million words
    #[arg(long, value_name = "FILE@WORDS", value_parser = parse_ngrams)]
    ngrams: Vec<WordNgrams>,

    /// How often an n-gram of 1, 2, … characters must have been seen to be kept
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1,1,3,5,6")]
    seen: Vec<u32>,

    /// Text to measure the model on
    #[arg(long, value_name = "FILE")]
    held_out: Vec<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &TrainLmArgs, console: &mut Console) -> Result<()> {
    let recipe = Recipe {
        texts: args.texts.iter().map(|text| parse_text(text)).collect(),
        words: args.words.clone(),
        word_ngrams: args.ngrams.clone(),
        seen: args.seen.clone(),
    };
    let bar = console.steps(recipe.stages());
    let trained = train(&recipe, Some(&work_folder(&args.out)), &mut |stage| {
        let line = describe(&stage);
        bar.set_message(line.clone());
        bar.inc(1);
        if bar.is_hidden() {
            console.summary(&line);
        }
    })?;
    bar.finish_and_clear();
    fs::write(&args.out, &trained.bytes).map_err(|cause| Error::io(&args.out, cause))?;
    let mut lines = vec![
        format!("{} characters, {} bytes", trained.characters, trained.bytes.len()),
        format!("n-grams kept: {:?}", trained.kept),
    ];
    let model = NgramModel::new(&args.out.display().to_string(), trained.bytes)?;
    for path in &args.held_out {
        let text = fs::read_to_string(path).map_err(|cause| Error::io(path, cause))?;
        let nats = nats_per_character(&model, &text);
        lines.push(format!("{}: {nats:.3} nats per character", path.display()));
    }
    console.print(|out| writeln!(out, "{}", lines.join("\n")))
}

/// Where the counts wait for the model to be written: beside it.
fn work_folder(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_os_string();
    name.push(".work");
    out.with_file_name(name)
}

fn parse_text(text: &str) -> Text {
    let share = text.rsplit_once('@').and_then(|(path, share)| Some((path, share.parse().ok()?)));
    let (path, share) = share.unwrap_or((text, 1.0));
    Text { path: path.into(), share }
}

fn parse_ngrams(ngrams: &str) -> std::result::Result<WordNgrams, String> {
    ngrams
        .rsplit_once('@')
        .and_then(|(path, length)| {
            Some(WordNgrams { path: path.into(), length: length.parse().ok()? })
        })
        .filter(|ngrams| ngrams.length > 0.0 && ngrams.length < 1e12)
        .ok_or_else(|| "it is FILE@WORDS, as words.txt.xz@30e6".to_string())
}

fn describe(stage: &Stage) -> String {
    match stage {
        Stage::Reading(path) => format!("reading {}", path.display()),
        Stage::Counting(n) => format!("counting n-grams of {n}"),
        Stage::Discounting(n) => format!("probabilities of n-grams of {n}"),
        _ => "writing".to_string(),
    }
}
