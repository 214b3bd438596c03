//! One self-contained HTML page to decide on suggestions in: it works from the disk, asks no
//! network, and hands the decisions on as a file that `kanwu apply --decisions` takes.
//!
//! The page is `page.html` with `page.css` and `page.js` put in. What kanwu found goes in as JSON in
//! which no `<` stands, and the script puts it on the screen as text alone. The content security
//! policy names the style and the script by their hashes, so that nothing else can run.

use std::collections::BTreeMap;
use std::io::{self, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::frame::visible;
use super::json::reach;
use super::{table, words};
use crate::batch::hash;
use crate::error_rate::{Weights, characters_put_right};
use crate::finding::{Choice, Edit, Language, Level, Message, Suggestion};
use crate::rules::Manual;
use crate::source::Source;
use crate::span::Span;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page of a run, text by text.
#[derive(Debug)]
pub struct ReviewPage {
    language: Language,
    weights: Weights,
    data: Data,
}

/// What the script reads.
#[derive(Debug, Default, Serialize)]
struct Data {
    /// The language the page opens in, zh or en.
    language: &'static str,
    /// Tells this run from others, so that decisions kept by the browser are found again.
    key: String,
    /// Characters of all texts, white space left out.
    characters: u64,
    files: Vec<File>,
    suggestions: Vec<Item>,
    rules: BTreeMap<&'static str, RulePage>,
    weights: Bounds,
}

#[derive(Debug, Serialize)]
struct File {
    name: String,
    chunks: Vec<Chunk>,
}

/// Lines no suggestion reaches out of: a paragraph, once its lines are joined.
#[derive(Debug, Serialize)]
struct Chunk {
    /// Number of the first line, from 1.
    line: usize,
    text: String,
    /// Numbers of the suggestions about it.
    suggestions: Vec<usize>,
}

/// A suggestion. Offsets are UTF-16 units of its chunk, as the script counts.
#[derive(Debug, Serialize)]
struct Item {
    id: String,
    file: usize,
    chunk: usize,
    from: usize,
    to: usize,
    rule: &'static str,
    level: Level,
    confidence: f64,
    place: Message,
    wrong: String,
    choices: Vec<ItemChoice>,
    message: Message,
    evidence: Vec<ItemEvidence>,
    /// Errors it counts.
    weight: f64,
}

#[derive(Debug, Serialize)]
struct ItemChoice {
    right: String,
    confidence: f64,
    edits: Vec<ItemEdit>,
}

/// `[from, to, new]`, or `[from, to, null, target]` for a move.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum ItemEdit {
    Replace(usize, usize, String),
    Move(usize, usize, (), usize),
}

#[derive(Debug, Serialize)]
struct ItemEvidence {
    #[serde(flatten)]
    message: Message,
    /// The line it stands in, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

#[derive(Debug, Serialize)]
struct RulePage {
    name: Message,
    summary: Message,
}

/// The bounds of the error rate.
#[derive(Debug, Default, Serialize)]
struct Bounds {
    limit: f64,
    rules: BTreeMap<&'static str, Bound>,
}

#[derive(Debug, Serialize)]
struct Bound {
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<f64>,
}

impl ReviewPage {
    /// A page that opens in `language` and reckons its error rate by `weights`.
    pub fn new(language: Language, weights: Weights) -> Self {
        let bounds = Bounds { limit: weights.limit, rules: BTreeMap::new() };
        let language_code = if language == Language::Chinese { "zh" } else { "en" };
        let data = Data { language: language_code, weights: bounds, ..Data::default() };
        Self { language, weights, data }
    }

    /// Adds a text of so many characters, white space left out, with the suggestions about it in
    /// the order of the file.
    pub fn add(&mut self, source: &Source, characters: u64, suggestions: &[&Suggestion]) {
        let file = self.data.files.len();
        let mut chunks = Vec::new();
        for (span, own) in chunks_of(source, suggestions) {
            let text = span.of(source.text());
            if own.is_empty() && text.trim().is_empty() {
                continue;
            }
            let first = self.data.suggestions.len();
            for suggestion in own {
                let item = self.item(source, suggestion, span, (file, chunks.len()));
                self.data.suggestions.push(item);
            }
            let line = source.position(span.start).line;
            let numbers = (first..self.data.suggestions.len()).collect();
            chunks.push(Chunk { line, text: text.to_string(), suggestions: numbers });
        }
        self.data.files.push(File { name: source.name().to_string(), chunks });
        self.data.characters += characters;
    }

    fn item(
        &mut self,
        source: &Source,
        suggestion: &Suggestion,
        chunk: Span,
        (file, number): (usize, usize),
    ) -> Item {
        let finding = &suggestion.finding;
        self.know_rule(suggestion);
        let text = chunk.of(source.text());
        let unit = |at: usize| text[..at - chunk.start].encode_utf16().count();
        let choice = |choice: &Choice| ItemChoice {
            right: choice.right.clone(),
            confidence: choice.confidence,
            edits: choice.edits.iter().map(|edit| ItemEdit::new(edit, unit)).collect(),
        };
        let evidence = finding.evidence.iter().map(|evidence| ItemEvidence {
            message: evidence.message.clone(),
            line: evidence.span.map(|span| source.position(span.start).line),
        });
        let best = finding.choices.first();
        let characters = best.map_or(1, |choice| characters_put_right(&choice.edits));
        let place = |language| table::place(source, finding.span.start, language);
        Item {
            id: suggestion.id.clone(),
            file,
            chunk: number,
            from: unit(finding.span.start),
            to: unit(finding.span.end),
            rule: finding.rule.id,
            level: suggestion.level,
            confidence: finding.confidence,
            place: Message::new(place(Language::Chinese), place(Language::English)),
            wrong: finding.wrong.clone(),
            choices: finding.choices.iter().map(choice).collect(),
            message: finding.message.clone(),
            evidence: evidence.collect(),
            weight: self.weights.of_slip(finding.rule.id, characters),
        }
    }

    fn know_rule(&mut self, suggestion: &Suggestion) {
        let rule = suggestion.finding.rule;
        let both = |text: &Manual| Message::new(text.zh, text.en);
        let page = || RulePage { name: both(&rule.name), summary: both(&rule.summary) };
        self.data.rules.entry(rule.id).or_insert_with(page);
        let weight = self.weights.of(rule.id);
        let bound = || Bound { times: weight.times, most: weight.most };
        self.data.weights.rules.entry(rule.id).or_insert_with(bound);
    }

    /// Writes the page.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let ids: Vec<&str> = self.data.suggestions.iter().map(|item| item.id.as_str()).collect();
        self.data.key = format!("{:016x}", hash(ids.join(" ").as_bytes()).0 as u64);
        let name = match self.data.files.as_slice() {
            [only] => visible(&only.name),
            _ => String::new(),
        };
        let title = words::page_title(&name, self.language);
        let mut rest = PAGE;
        while let Some((before, marker)) = rest.split_once("{{") {
            out.write_all(before.as_bytes())?;
            let (marker, after) = marker.split_once("}}").unwrap_or((marker, ""));
            match marker {
                "lang" => out.write_all(words::language_tag(self.language).as_bytes())?,
                "title" => out.write_all(escaped(&title).as_bytes())?,
                "version" => out.write_all(env!("CARGO_PKG_VERSION").as_bytes())?,
                "style hash" => out.write_all(content_hash(STYLE).as_bytes())?,
                "script hash" => out.write_all(content_hash(SCRIPT).as_bytes())?,
                "style" => out.write_all(STYLE.as_bytes())?,
                "script" => out.write_all(SCRIPT.as_bytes())?,
                _ => self.write_data(out)?,
            }
            rest = after;
        }
        out.write_all(rest.as_bytes())
    }

    /// Writes the data so that no text in it can end its element: as JSON without `<`.
    fn write_data(&self, out: &mut dyn Write) -> io::Result<()> {
        let json = serde_json::to_string(&self.data)?;
        out.write_all(json.replace('<', "\\u003c").as_bytes())
    }
}

impl ItemEdit {
    fn new(edit: &Edit, unit: impl Fn(usize) -> usize) -> Self {
        match edit {
            Edit::Replace { span, new, .. } => {
                Self::Replace(unit(span.start), unit(span.end), new.clone())
            }
            Edit::Move { span, to } => Self::Move(unit(span.start), unit(span.end), (), unit(*to)),
        }
    }
}

/// The lines of a text, those together that a suggestion reaches over, with the suggestions about
/// them.
fn chunks_of<'a>(
    source: &Source,
    suggestions: &[&'a Suggestion],
) -> Vec<(Span, Vec<&'a Suggestion>)> {
    let mut reaches: Vec<Span> = suggestions.iter().map(|suggestion| reach(suggestion)).collect();
    reaches.sort();
    let mut reaches = reaches.into_iter().peekable();
    let mut chunks: Vec<(Span, Vec<&Suggestion>)> = Vec::new();
    let (mut start, mut covered) = (0, 0);
    for line in source.lines() {
        while let Some(span) = reaches.next_if(|span| span.start < line.end) {
            covered = covered.max(span.end);
        }
        if covered <= line.end {
            chunks.push((Span::new(start, line.end), Vec::new()));
            start = line.end;
        }
    }
    for suggestion in suggestions {
        let at = reach(suggestion).start;
        let number = chunks.partition_point(|(chunk, _)| chunk.end <= at);
        // What is put in behind the last line belongs to it.
        if let Some(last) = chunks.len().checked_sub(1) {
            chunks[number.min(last)].1.push(suggestion);
        }
    }
    chunks
}

/// The hash of a style or script, as a content security policy names it.
fn content_hash(content: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(content)))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
