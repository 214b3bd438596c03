//! `kanwu eval`: measure kanwu on texts whose truth is known.

mod clean;
mod pages;
mod pairs;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::console::Console;
use super::index;
use super::models::Models;
use kanwu::correct::Ranker;
use kanwu::{Config, Error, Pipeline, Result};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    #[command(subcommand)]
    data: Data,

    #[command(flatten)]
    models: Models,

    /// Rank suspects by this file, as `kanwu train rank` writes it
    #[arg(long, global = true, value_name = "FILE")]
    ranker: Option<PathBuf>,

    /// Weigh also what `kanwu index` has counted
    #[arg(long, global = true, value_name = "FILE")]
    index: Option<PathBuf>,

    /// Print one JSON document
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Data {
    /// Count false alarms on clean text, one paragraph a line
    Clean(clean::CleanArgs),
    /// Score corrections on lines of `source<TAB>target[<TAB>kind]`
    Pairs(pairs::PairsArgs),
    /// Score repairs on scanned pages, one JSON record a line
    Pages(pages::PagesArgs),
}

/// Runs `kanwu eval` and prints its tables, or one JSON document.
///
/// # Errors
/// When a file cannot be read or printed to.
pub(crate) fn run(args: &EvalArgs, console: &mut Console) -> Result<()> {
    let usual = Config::default();
    let hint_from = match &args.data {
        Data::Pairs(data) => data.hint_from().min(usual.suspect_hint_from),
        _ => usual.suspect_hint_from,
    };
    let engine = args.models.engine()?;
    let config = Config { engine, suspect_hint_from: hint_from, ..usual };
    let lexicon = args.models.lexicon()?;
    let pipeline = match &args.ranker {
        Some(path) => {
            let ranker = Ranker::parse(&path.display().to_string(), &read(path)?, &lexicon)?;
            Pipeline::with_ranker(lexicon, ranker, config)?
        }
        None => Pipeline::with_lexicon(lexicon, config)?,
    };
    let archive = args.index.as_deref().map(index::read).transpose()?;
    let pipeline = pipeline.with_archive(archive);
    match &args.data {
        Data::Clean(data) => clean::run(data, &pipeline, args.json, console),
        Data::Pairs(data) => pairs::run(data, &pipeline, args.json, console),
        Data::Pages(data) => pages::run(data, &pipeline, args.json, console),
    }
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| Error::io(path, cause))
}

/// Prints the one JSON document of a run.
fn print_json(measured: &impl Serialize, console: &mut Console) -> Result<()> {
    console.print(|out| {
        serde_json::to_writer(&mut *out, measured)?;
        writeln!(out)
    })
}
