//! `kanwu train layout`: trains what weighs the boxes of layout files against their text.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

use kanwu::layout::{Limits, read};
use kanwu::lexicon::Lexicon;
use kanwu::segment::train::{PageRecord, read_pages, train_layout};
use kanwu::{Error, Result, Source};

/// Train the model of boxes
#[derive(Debug, Args)]
pub(crate) struct TrainLayoutArgs {
    /// Pages with their truth, one JSON record a line; the layout files of each stand beside the
    /// file, as FOLDER/ID.xml or FOLDER/ID.json
    #[arg(value_name = "PAGES", required = true)]
    pages: Vec<PathBuf>,

    /// Folders of layout files beside each file of pages
    #[arg(long, value_name = "FOLDER", value_delimiter = ',', default_value = "alto,paddle")]
    folders: Vec<String>,

    /// Where to write the model
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the command; what is being done goes to `log`.
pub(crate) fn run(args: &TrainLayoutArgs, log: &mut dyn Write) -> Result<()> {
    let mut pages: Vec<(PageRecord, Source)> = Vec::new();
    for path in &args.pages {
        let text = fs::read_to_string(path).map_err(|cause| Error::io(path, cause))?;
        let records = read_pages(&path.display().to_string(), &text)?;
        let beside = path.parent().unwrap_or(Path::new("."));
        for folder in &args.folders {
            let folder = beside.join(folder);
            let sources: Result<Vec<Option<Source>>> =
                records.par_iter().map(|record| layout_of(&folder, &record.id)).collect();
            for (record, source) in records.iter().zip(sources?) {
                pages.extend(source.map(|source| (record.clone(), source)));
            }
        }
    }
    // A log that cannot be written to is no reason to stop training.
    let _ = writeln!(log, "growing forests on {} layout files", pages.len());
    let lexicon = Lexicon::without_layout()?;
    let model = train_layout(&pages, &lexicon);
    let notes = [
        format!("trained on {} layout files of typeset pages by `kanwu train layout`", pages.len()),
        "licence: MIT OR Apache-2.0".to_string(),
    ];
    let text = model.to_text(&lexicon, &notes.each_ref().map(String::as_str));
    fs::write(&args.out, text).map_err(|cause| Error::io(&args.out, cause))
}

/// The layout file of a page; `None` when the folder has none.
fn layout_of(folder: &Path, id: &str) -> Result<Option<Source>> {
    let names = ["xml", "json", "hocr"].map(|extension| folder.join(format!("{id}.{extension}")));
    let Some(path) = names.iter().find(|path| path.is_file()) else { return Ok(None) };
    let bytes = fs::read(path).map_err(|cause| Error::io(path, cause))?;
    read(&path.display().to_string(), &bytes, None, &Limits::default())
}
