//! `kanwu train structure`: trains what tells paragraphs, captions and page furniture apart.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use rayon::prelude::*;

use super::models;
use kanwu::lexicon::Lexicon;
use kanwu::model::train::read_lines;
use kanwu::segment::train::{
    PageRecord, PageSet, Verdict, label, ragged, read_pages, train, train_folds, verdicts,
};
use kanwu::segment::{Shape, StructureModel};
use kanwu::{Config, Error, Pipeline, Result, Source};

/// Train the structure model
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).args(["out", "cross_validate"])))]
pub(crate) struct TrainStructureArgs {
    /// Pages with their truth, one JSON record a line (id, page, ocr_hard, ocr_para, blocks), and
    /// the language model of news that was not trained on their text, unless kanwu's own was not
    #[arg(value_name = "PAGES[=NEWS]", required = true, value_parser = parse_pages)]
    pages: Vec<Pages>,

    /// Clean text, one paragraph a line, whose line ends all end a paragraph; plain or .xz or .gz
    #[arg(long, value_name = "FILE")]
    clean: Vec<PathBuf>,

    /// Paragraphs read of each clean text, spread evenly over it
    #[arg(long, value_name = "N", default_value_t = 2000)]
    clean_lines: usize,

    /// Where to write the model
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Write no model: repair each page by a model that has not seen it, into DIR/hard/ID.txt and
    /// DIR/para/ID.txt, and count the suggestions that are right and wrong
    #[arg(long, value_name = "DIR")]
    cross_validate: Option<PathBuf>,

    /// Also repair copies of the printed lines whose ends were moved by up to N characters, into
    /// DIR/noisy
    #[arg(long, value_name = "N", requires = "cross_validate")]
    noise: Option<usize>,
}

/// Pages, with the language model they are read with.
#[derive(Clone, Debug)]
struct Pages {
    path: PathBuf,
    /// kanwu's own when there is none.
    news: Option<PathBuf>,
}

fn parse_pages(pages: &str) -> std::result::Result<Pages, String> {
    let (path, news) = pages.split_once('=').map_or((pages, None), |(p, news)| (p, Some(news)));
    Ok(Pages { path: path.into(), news: news.map(PathBuf::from) })
}

impl Pages {
    fn read(&self) -> Result<Vec<PageRecord>> {
        let text = fs::read_to_string(&self.path).map_err(|cause| Error::io(&self.path, cause))?;
        read_pages(&self.path.display().to_string(), &text)
    }

    fn lexicon(&self) -> Result<Lexicon> {
        let mut lexicon = Lexicon::untrained()?;
        if let Some(path) = &self.news {
            lexicon.set_language_model(models::read(path)?);
        }
        Ok(lexicon)
    }
}

/// Runs the command; what is being done goes to `log`.
pub(crate) fn run(args: &TrainStructureArgs, log: &mut dyn Write) -> Result<()> {
    let lexicons: Result<Vec<Lexicon>> = args.pages.iter().map(Pages::lexicon).collect();
    let lexicons = lexicons?;
    let mut sets: Vec<PageSet<'_>> = Vec::new();
    for (pages, lexicon) in args.pages.iter().zip(&lexicons) {
        sets.push(PageSet { records: pages.read()?, lexicon });
    }
    let mut clean: Vec<String> = Vec::new();
    for path in &args.clean {
        clean.extend(spread(read_lines(path)?, args.clean_lines));
    }
    match (&args.out, &args.cross_validate) {
        (Some(out), _) => write_model(&sets, &clean, out, log),
        (None, Some(folder)) => cross_validate(args, &sets, &clean, folder, log),
        // One of the two is required.
        (None, None) => Ok(()),
    }
}

/// `count` of the lines that are not blank, at equal distances.
fn spread(mut lines: Vec<String>, count: usize) -> Vec<String> {
    lines.retain(|line| !line.trim().is_empty());
    let step = (lines.len() / count.max(1)).max(1);
    lines.into_iter().step_by(step).take(count).collect()
}

fn write_model(
    sets: &[PageSet<'_>],
    clean: &[String],
    out: &Path,
    log: &mut dyn Write,
) -> Result<()> {
    let lexicon = Lexicon::untrained()?;
    let model = train(sets, clean, &lexicon, &mut |what| say(log, what));
    let pages: usize = sets.iter().map(|set| set.records.len()).sum();
    let notes = [
        format!("trained on {pages} OCR texts of typeset pages"),
        format!("and {} paragraphs of clean text, by `kanwu train structure`", clean.len()),
        "licence: MIT OR Apache-2.0".to_string(),
    ];
    let text = model.to_text(&lexicon, &notes.each_ref().map(String::as_str));
    fs::write(out, text).map_err(|cause| Error::io(out, cause))
}

/// A log that cannot be written to is no reason to stop training.
fn say(log: &mut dyn Write, what: &str) {
    let _ = writeln!(log, "{what}").and_then(|()| log.flush());
}

/// What is repaired for each page.
#[derive(Clone, Copy)]
struct Variant {
    folder: &'static str,
    shape: Shape,
    /// Characters the line ends are moved by.
    noise: usize,
}

fn cross_validate(
    args: &TrainStructureArgs,
    sets: &[PageSet<'_>],
    clean: &[String],
    folder: &Path,
    log: &mut dyn Write,
) -> Result<()> {
    let mut variants = vec![
        Variant { folder: "hard", shape: Shape::Printed, noise: 0 },
        Variant { folder: "para", shape: Shape::Blocks, noise: 0 },
    ];
    let noisy = |noise| Variant { folder: "noisy", shape: Shape::Printed, noise };
    variants.extend(args.noise.map(noisy));
    for variant in &variants {
        let path = folder.join(variant.folder);
        fs::create_dir_all(&path).map_err(|cause| Error::io(&path, cause))?;
    }
    let models = train_folds(sets, clean, &Lexicon::untrained()?, &mut |what| say(log, what));
    let mut tallies: BTreeMap<(&str, &str, String), (usize, usize)> = BTreeMap::new();
    for (fold, model) in (0..).zip(models) {
        say(log, &format!("repairing part {}", fold + 1));
        for (set, pages) in sets.iter().zip(&args.pages) {
            let pipeline = structure_pipeline(pages.lexicon()?, model.clone())?;
            let unseen: Vec<&PageRecord> =
                set.records.iter().filter(|record| record.fold() == fold).collect();
            for variant in &variants {
                let verdicts: Result<Vec<Vec<Verdict>>> = unseen
                    .par_iter()
                    .map(|record| repair(&pipeline, record, *variant, &folder.join(variant.folder)))
                    .collect();
                for verdict in verdicts?.into_iter().flatten() {
                    let key = (variant.folder, verdict.rule, grade(&verdict));
                    let (right, wrong) = tallies.entry(key).or_default();
                    *(if verdict.right { right } else { wrong }) += 1;
                }
            }
        }
    }
    say(log, "text\trule\tgrade\tright\twrong");
    for ((text, rule, grade), (right, wrong)) in tallies {
        say(log, &format!("{text}\t{rule}\t{grade}\t{right}\t{wrong}"));
    }
    Ok(())
}

/// Only structure is repaired: what the other rules do is measured elsewhere.
fn structure_pipeline(mut lexicon: Lexicon, model: StructureModel) -> Result<Pipeline> {
    lexicon.set_structure(model);
    let config = Config { select: vec!["S".to_string()], ..Config::default() };
    Pipeline::with_lexicon(lexicon, config)
}

/// Writes the page with all structure suggestions of `review` or above, and judges them.
fn repair(
    pipeline: &Pipeline,
    record: &PageRecord,
    variant: Variant,
    folder: &Path,
) -> Result<Vec<Verdict>> {
    let (ocr, shape) = (record.ocr(variant.shape), variant.shape);
    let text = match variant.noise {
        0 => ocr.to_string(),
        by => ragged(record, by, pipeline.lexicon()),
    };
    let source = Source::new(&record.id, text);
    let path = folder.join(format!("{}.txt", record.id));
    fs::write(&path, pipeline.repaired_text(&source)).map_err(|cause| Error::io(&path, cause))?;
    // A line whose end was moved is no longer the one the truth was found for.
    if variant.noise > 0 {
        return Ok(Vec::new());
    }
    let labelled = label(record, shape, pipeline.lexicon());
    Ok(verdicts(&labelled, &source, &pipeline.check(&source).suggestions))
}

/// The grade, or for joins the band of their confidence.
fn grade(verdict: &Verdict) -> String {
    if !verdict.grade.is_empty() {
        return verdict.grade.to_string();
    }
    let bands = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99];
    match bands.iter().rev().find(|from| verdict.confidence >= **from) {
        Some(from) => format!("from {from}"),
        None => "below 0.5".to_string(),
    }
}
