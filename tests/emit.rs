//! What is printed, from suggestions made by hand: no rule and no dictionary has a say here.

mod slips;

use kanwu::emit::frame::{Style, write_frames};
use kanwu::emit::json::{DocumentWriter, Record, SuggestionRecord, read_lines, write_line};
use kanwu::emit::{Palette, Summary};
use kanwu::{Edit, Language, Span, Suggestion};
use serde_json::Value;
use slips::{PAGE, source, suggestions};

fn frames(language: Language, palette: &Palette, all: bool) -> String {
    let suggestions = suggestions();
    let shown: Vec<&Suggestion> = suggestions.iter().collect();
    let mut out = Vec::new();
    let style = Style { language, palette, all };
    write_frames(&source(), &shown, &style, &mut out).expect("a Vec takes everything");
    let mut summary = Summary { unreadable: 1, ..Summary::default() };
    summary.add(48, shown);
    summary.write(language, palette, &mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("frames are UTF-8")
}

#[test]
fn frames_in_chinese() {
    insta::assert_snapshot!(frames(Language::Chinese, &Palette::default(), false));
}

#[test]
fn frames_in_english_with_all() {
    insta::assert_snapshot!(frames(Language::English, &Palette::default(), true));
}

fn records() -> Vec<SuggestionRecord> {
    let source = source();
    let record = |s: &Suggestion| SuggestionRecord::new(&source, s, Language::Chinese);
    let mut records: Vec<SuggestionRecord> = suggestions().iter().map(record).collect();
    let caption = PAGE.find("王洋").expect("the text stands in the page");
    records[0].choices[0].edits = vec![Edit::Move { span: Span::new(3, 6), to: caption }];
    records
}

fn lines() -> String {
    let mut out = Vec::new();
    let mut summary = Summary::default();
    summary.add(48, &suggestions());
    let records = records().into_iter().map(|record| Record::Suggestion(Box::new(record)));
    for record in records.chain([Record::Summary(summary)]) {
        write_line(&record, &mut out).expect("a Vec takes everything");
    }
    String::from_utf8(out).expect("JSON is UTF-8")
}

#[test]
fn json_lines() {
    insta::assert_snapshot!(lines());
}

#[test]
fn records_come_back_as_written() {
    assert_eq!(read_lines("a", &lines()).expect("just written"), records());
    let error = read_lines("a.jsonl", "\n{\"type\":\"suggestion\"}\n").expect_err("no id");
    assert!(error.to_string().starts_with("a.jsonl:2: "), "{error}");
}

#[test]
fn bytes_and_characters_name_the_same_text() {
    for record in records() {
        let bytes = &PAGE[record.start_byte..record.end_byte];
        let range = record.start_char..record.end_char;
        let characters: String = PAGE.chars().skip(range.start).take(range.len()).collect();
        assert_eq!(bytes, characters);
        let line = PAGE.lines().nth(record.line - 1).expect("the line is there");
        assert!(bytes.starts_with(line.chars().nth(record.column - 1).expect("the column too")));
    }
}

#[test]
fn one_document_holds_the_same_objects() {
    let mut out = Vec::new();
    let mut document = DocumentWriter::default();
    for record in records() {
        document.suggestion(record, &mut out).expect("a Vec takes everything");
    }
    document.close(Summary::default(), &mut out).expect("a Vec takes everything");
    let document: Value = serde_json::from_slice(&out).expect("the document is JSON");
    let lines: Vec<Value> =
        lines().lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    assert_eq!(document["suggestions"].as_array().expect("a list"), &lines[..lines.len() - 1]);
    assert_eq!(document["summary"]["type"], "summary");

    let mut out = Vec::new();
    let empty = DocumentWriter::default();
    empty.close(Summary::default(), &mut out).expect("a Vec takes everything");
    let document: Value = serde_json::from_slice(&out).expect("the document is JSON");
    assert_eq!(document["suggestions"], Value::Array(Vec::new()));
}

#[test]
fn json_lines_follow_the_schema() {
    let schema: Value = serde_json::from_str(include_str!("../docs/suggestion.schema.json"))
        .expect("the schema is JSON");
    for line in lines().lines() {
        let record = serde_json::from_str(line).expect("a line is JSON");
        let mistakes = mistakes(&schema, &schema, &record, "record");
        assert!(mistakes.is_empty(), "{mistakes:?}\n{line}");
        let mut short: Value = record;
        short.as_object_mut().expect("an object").remove("type");
        assert!(!self::mistakes(&schema, &schema, &short, "record").is_empty());
    }
}

/// What of `value` is not as `schema`, a part of `root`, wants it. Knows the few words the schema
/// uses.
fn mistakes(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, wanted) in schema.as_object().expect("a schema is an object") {
        match word.as_str() {
            "$ref" => {
                let name = wanted.as_str().expect("a reference").trim_start_matches("#/$defs/");
                found.extend(mistakes(root, &root["$defs"][name], value, at));
            }
            "oneOf" => {
                let options = wanted.as_array().expect("a list");
                let fit = options.iter().filter(|o| mistakes(root, o, value, at).is_empty());
                if fit.count() != 1 {
                    found.push(format!("{at} fits not one of the options"));
                }
            }
            "type" if !has_type(value, wanted) => found.push(format!("{at} is no {wanted}")),
            "const" if value != wanted => found.push(format!("{at} is not {wanted}")),
            "enum" if !wanted.as_array().expect("a list").contains(value) => {
                found.push(format!("{at} is none of {wanted}"));
            }
            "minimum" if value.as_f64() < wanted.as_f64() => found.push(format!("{at} is small")),
            "maximum" if value.as_f64() > wanted.as_f64() => found.push(format!("{at} is large")),
            "required" => {
                for name in wanted.as_array().expect("a list") {
                    if value.get(name.as_str().expect("a name")).is_none() {
                        found.push(format!("{at} has no {name}"));
                    }
                }
            }
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    match wanted.get(name) {
                        Some(wanted) => {
                            found.extend(mistakes(root, wanted, inner, &format!("{at}.{name}")));
                        }
                        None if schema["additionalProperties"] == false => {
                            found.push(format!("{at}.{name} is unknown"));
                        }
                        None => {}
                    }
                }
            }
            "items" => {
                for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(mistakes(root, wanted, inner, &format!("{at}[{i}]")));
                }
            }
            _ => {}
        }
    }
    found
}

fn has_type(value: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64(),
        Some("number") => value.is_number(),
        _ => false,
    }
}
