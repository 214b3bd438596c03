//! What stands in lines of its own: names of columns below headlines, openings of stories.
//!
//! The pages lie beside the project and are not part of it; where they are absent the test says so
//! and passes.

// A skipped test says so, and figures are shown with --nocapture.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fs;

use kanwu::lexicon::Lexicon;
use kanwu::segment::train::{PageRecord, label, read_pages};
use kanwu::segment::{Role, Shape};
use kanwu::{Config, Level, Pipeline, Source};

/// None of them is among the names the structure model was trained on.
const NAMES: [&str; 12] = [
    "今日视点",
    "民生观察",
    "市井故事",
    "记者调查",
    "文化广角",
    "党建园地",
    "法治在线",
    "科技前沿",
    "乡村纪事",
    "开卷有益",
    "深度报道",
    "读者来信",
];

/// One in so many may be joined to its headline: the rest of a headline looks just like that, and
/// pages have more of those.
const ONE_IN: usize = 15;

/// The text of a page with `name` as a block below its first headline, and the byte where the
/// headline ends; `None` where the page has no headline.
fn named(record: &PageRecord, name: &str, lexicon: &Lexicon) -> Option<(String, usize)> {
    let labelled = label(record, Shape::Blocks, lexicon);
    let title = |i: usize| labelled.roles.get(i) == Some(&Some(Role::Title));
    let last = (0..labelled.roles.len()).find(|i| title(*i) && !title(i + 1))?;
    let end = labelled.page.lines[last].span.end;
    let text = record.ocr(Shape::Blocks);
    Some((format!("{}\n\n{name}{}", &text[..end], &text[end..]), end))
}

#[test]
fn a_column_name_below_a_headline_is_no_part_of_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/ocr/pages.dev.jsonl");
    let Ok(pages) = fs::read_to_string(path) else {
        eprintln!("skipped: {path} is not there");
        return;
    };
    let structure = Config { select: vec!["S".into()], ..Config::default() };
    let pipeline = Pipeline::new(structure).expect("the shipped dictionaries are right");
    let records = read_pages(path, &pages).expect("the pages are records");
    let mut joined = Vec::new();
    let mut put = 0;
    for (record, name) in records.iter().zip(NAMES.iter().cycle()) {
        let Some((text, headline_end)) = named(record, name, pipeline.lexicon()) else { continue };
        put += 1;
        let report = pipeline.check(&Source::new(&record.id, text));
        let joins = report.at_least(Level::Review).any(|suggestion| {
            let edits = suggestion.finding.choices.iter().flat_map(|choice| &choice.edits);
            edits.into_iter().any(|edit| {
                let span = edit.span();
                span.start <= headline_end && headline_end < span.end
            })
        });
        if joins {
            joined.push(format!("{}: {name}", record.id));
        }
    }
    println!("{} of {put} names joined", joined.len());
    assert!(put > 100, "the pages have headlines");
    assert!(joined.len() * ONE_IN <= put, "of {put}:\n{}", joined.join("\n"));
}

#[test]
fn every_opening_of_a_story_gets_its_line() {
    let structure = Config { select: vec!["S107".into()], ..Config::default() };
    let pipeline = Pipeline::new(structure).expect("the shipped dictionaries are right");
    let text = "会议昨天闭幕。本报讯（记者 王洋）昨晚，音乐会上演。本报讯（记者 刘茜）今晨开通。\n";
    assert_eq!(pipeline.check(&Source::new("page", text)).suggestions.len(), 2);
    // A mark alone is no story.
    let text = "”本报讯（记者 王洋）昨晚，音乐会上演。\n";
    assert_eq!(pipeline.check(&Source::new("page", text)).suggestions.len(), 0);
}
