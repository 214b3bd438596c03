//! The tables and models of `dictionaries/`: sorted, licensed, described, and what they say they
//! are.

// A skipped test says so, and figures are shown with --nocapture.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} has no .{extension}");
    paths
}

fn tables() -> Vec<(PathBuf, String)> {
    files("dictionaries", "tsv")
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).expect("a table is UTF-8")))
        .collect()
}

fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !(line.is_empty() || *line == "#" || line.starts_with("# ")))
}

fn column(row: &str, number: usize) -> &str {
    row.split('\t').nth(number).unwrap_or_default()
}

#[test]
fn every_table_says_where_it_is_from() {
    for (path, text) in tables() {
        for key in ["# source: ", "# licence: ", "# columns: "] {
            let said = text.lines().any(|line| line.starts_with(key));
            assert!(said, "{} has no {key}", path.display());
        }
        assert!(!text.contains('\r') && text.ends_with('\n'), "{}: line ends", path.display());
        let licence = text.lines().find(|line| line.starts_with("# licence: ")).expect("checked");
        assert!(!licence.contains("GPL"), "{}: {licence}", path.display());
    }
}

#[test]
fn every_table_is_sorted_without_repeats() {
    for (path, text) in tables() {
        let rows: Vec<&str> = rows(&text).collect();
        for pair in rows.windows(2) {
            assert!(pair[0] < pair[1], "{}: {:?} before {:?}", path.display(), pair[0], pair[1]);
        }
    }
}

#[test]
fn confused_words_lead_somewhere() {
    let text = fs::read_to_string("dictionaries/confusions.tsv").expect("the table is there");
    let wrong: HashSet<&str> = rows(&text).map(|row| column(row, 0)).collect();
    assert!(wrong.len() >= 800, "{} rows", wrong.len());
    for row in rows(&text) {
        assert!(!wrong.contains(column(row, 1)), "a right form is wrong elsewhere: {row}");
        assert_ne!(column(row, 0), column(row, 1));
    }
}

#[test]
fn confused_words_are_silent_on_clean_news() {
    let text = fs::read_to_string("dictionaries/confusions.tsv").expect("the table is there");
    for name in ["clean_news.dev.txt", "clean_newspaper.dev.txt"] {
        let path = format!("{}/../shared/eval/{name}", env!("CARGO_MANIFEST_DIR"));
        let Ok(clean) = fs::read_to_string(&path) else {
            println!("skipped: {path} is not there");
            return;
        };
        for row in rows(&text) {
            assert!(!clean.contains(column(row, 0)), "{} stands in {name}", column(row, 0));
        }
    }
}

#[test]
fn the_first_list_of_variant_words_is_whole() {
    let text = fs::read_to_string("dictionaries/variant_words.tsv").expect("the table is there");
    let groups: HashSet<&str> = rows(&text).map(|row| column(row, 1)).collect();
    assert_eq!(groups.len(), 338, "第一批异形词整理表 has 338 groups");
}

/// Each model has a card that names its training text, recipe, licence and checksum.
#[test]
fn every_model_is_the_one_its_card_describes() {
    for folder in fs::read_dir("dictionaries/models").expect("the folder is there") {
        let path = folder.expect("the folder can be read").path();
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        if name.ends_with(".md") || name.starts_with("LICENSE") {
            continue;
        }
        let card = fs::read_to_string(Path::new(&path).with_extension("md"))
            .unwrap_or_else(|_| panic!("{} has no card", path.display()));
        let bytes = fs::read(&path).expect("a model can be read");
        let sum: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(card.contains(&sum), "{}: the card does not say sha256 {sum}", path.display());
        for word in ["Licence", "Recipe"] {
            assert!(card.contains(word), "{}: the card has no {word}", path.display());
        }
    }
}
