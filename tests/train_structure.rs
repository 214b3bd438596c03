//! Trains the structure model and repairs every page with forests that have not seen it.
//!
//! `KANWU_PAGES=pages.jsonl KANWU_CLEAN=text.txt KANWU_OUT=folder cargo test --release --test
//! train_structure -- --ignored` writes `printed.jsonl` and `blocks.jsonl` there, for
//! `score_pages.py`. The model itself is trained by `kanwu train structure`.

use std::io::Write;
use std::path::PathBuf;
use std::{env, fs};

use kanwu::lexicon::Lexicon;
use kanwu::segment::Shape;
use kanwu::segment::train::{FOLDS, PageRecord, read_pages, train};
use kanwu::{Config, Pipeline, Source};
use rayon::prelude::*;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env::var(name).unwrap_or_else(|_| panic!("{name} is not set")))
}

fn pages(name: &str) -> Vec<PageRecord> {
    let text = fs::read_to_string(path(name)).expect("the pages can be read");
    read_pages(name, &text).expect("the pages are right")
}

fn trained(records: &[&PageRecord], clean: &[String]) -> Lexicon {
    let mut lexicon = Lexicon::untrained().expect("the tables are right");
    train(records, clean, &mut lexicon, &mut |_| ());
    lexicon
}

/// The repaired page and what was said about it, as a line of JSON.
fn repaired(pipeline: &Pipeline, record: &PageRecord, shape: Shape) -> String {
    let source = Source::new("page", record.ocr(shape));
    let said: Vec<_> = pipeline
        .check(&source)
        .suggestions
        .iter()
        .map(|s| &s.finding)
        .map(|f| (f.rule.id, f.grade, f.confidence, f.wrong.clone()))
        .collect();
    let text = pipeline.repaired_text(&source);
    serde_json::json!({"id": record.id, "text": text, "said": said}).to_string()
}

#[test]
#[ignore = "takes minutes and needs pages that are not part of the project"]
fn cross_validate() {
    let records = pages("KANWU_PAGES");
    let clean = fs::read_to_string(path("KANWU_CLEAN")).expect("the clean text can be read");
    let clean: Vec<String> = clean.lines().map(str::to_string).collect();
    let out = path("KANWU_OUT");
    fs::create_dir_all(&out).expect("the folder can be made");
    if env::var("KANWU_FINAL").is_ok() {
        let lexicon = trained(&records.iter().collect::<Vec<_>>(), &clean);
        let text = lexicon.structure().to_text(&lexicon, &[]);
        fs::write(out.join("structure.txt"), text).expect("the model can be written");
        return;
    }
    // The same pages with their line ends moved, to be repaired by the same forests.
    let noisy = if env::var("KANWU_NOISY").is_ok() { pages("KANWU_NOISY") } else { Vec::new() };

    let mut files =
        [("printed", Shape::Printed), ("blocks", Shape::Blocks), ("noisy", Shape::Printed)].map(
            |(name, shape)| {
                let file = fs::File::create(out.join(format!("{name}.jsonl")));
                (if name == "noisy" { &noisy } else { &records }, shape, file.expect("a new file"))
            },
        );
    for fold in 0..FOLDS {
        let seen: Vec<&PageRecord> =
            records.iter().filter(|record| record.group() % FOLDS != fold).collect();
        let config = Config { select: vec!["S".to_string()], ..Config::default() };
        let pipeline = Pipeline::with_lexicon(trained(&seen, &clean), config).expect("built");
        for (records, shape, file) in &mut files {
            let lines: Vec<String> = records
                .par_iter()
                .filter(|record| record.group() % FOLDS == fold)
                .map(|record| repaired(&pipeline, record, *shape))
                .collect();
            for line in lines {
                writeln!(file, "{line}").expect("the file can be written");
            }
        }
    }
}
