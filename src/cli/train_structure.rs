//! `kanwu train structure`: trains what tells paragraphs, captions and page furniture apart.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use kanwu::lexicon::Lexicon;
use kanwu::segment::train::{PageRecord, read_pages, train};
use kanwu::{Error, Result};

/// Train the structure model
#[derive(Debug, Args)]
pub(crate) struct TrainStructureArgs {
    /// Pages with their truth, one JSON record a line (id, page, ocr_hard, ocr_para, blocks)
    #[arg(value_name = "PAGES", required = true)]
    pages: Vec<PathBuf>,

    /// Clean text, one paragraph a line, whose line ends all end a paragraph
    #[arg(long, value_name = "FILE")]
    clean: Vec<PathBuf>,

    /// Where to write the model
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the command; what is being done goes to `log`.
pub(crate) fn run(args: &TrainStructureArgs, log: &mut dyn Write) -> Result<()> {
    let mut records: Vec<PageRecord> = Vec::new();
    for path in &args.pages {
        records.extend(read_pages(&path.display().to_string(), &read(path)?)?);
    }
    let mut clean: Vec<String> = Vec::new();
    for path in &args.clean {
        clean.extend(read(path)?.lines().map(str::to_string));
    }
    let mut lexicon = Lexicon::untrained()?;
    train(&records.iter().collect::<Vec<_>>(), &clean, &mut lexicon, &mut |what| {
        // A log that cannot be written to is no reason to stop training.
        let _ = writeln!(log, "{what}");
    });
    let notes = [
        format!("trained on {} OCR texts of typeset pages", records.len()),
        format!("and {} paragraphs of clean text, by `kanwu train structure`", clean.len()),
        "licence: MIT OR Apache-2.0".to_string(),
    ];
    let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
    let text = lexicon.structure().to_text(&lexicon, &notes);
    fs::write(&args.out, text).map_err(|cause| Error::io(&args.out, cause))
}

fn read(path: &PathBuf) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| Error::io(path, cause))
}
