//! What the page asks. Every answer is JSON but the scans.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_stream::Stream;

use super::Room;
use super::answer::{Answer, Refused, at_desk, bad, missing, name};
use super::sheet::{ShownRun, View};
use crate::cli::review::desk::Desk;
use kanwu::emit::json::{LayoutPlace, SuggestionRecord};
use kanwu::review::{Decision, Scope, State as Standing};
use kanwu::rules::{self, Manual};
use kanwu::{Level, Message};

/// Blocks and rows in one answer.
const PAGE: usize = 400;

/// Rows of a list of places of the same slip.
const ALIKE: usize = 2000;

/// What the page needs first.
#[derive(Serialize)]
pub(crate) struct DeskAnswer {
    version: &'static str,
    reviewer: String,
    reviewers: BTreeSet<String>,
    files: Vec<File>,
    /// Characters of each block, and how many suggestions it has.
    characters: Vec<usize>,
    counts: Vec<usize>,
    /// The state of each suggestion, a letter each.
    states: String,
    rules: Vec<RuleName>,
}

/// A text.
#[derive(Serialize)]
struct File {
    name: String,
    /// Its first suggestion, and how many it has.
    first: usize,
    count: usize,
    /// Its first block, and how many it has.
    block: usize,
    blocks: usize,
    scan: bool,
}

/// A rule that found something.
#[derive(Serialize)]
struct RuleName {
    id: &'static str,
    name: Words,
    count: usize,
}

/// A text of a manual in both languages.
#[derive(Serialize)]
struct Words {
    zh: &'static str,
    en: &'static str,
}

impl From<Manual> for Words {
    fn from(manual: Manual) -> Self {
        Self { zh: manual.zh, en: manual.en }
    }
}

/// The texts, and what holds of every suggestion.
pub(crate) async fn desk(State(room): State<Arc<Room>>) -> Answer<DeskAnswer> {
    at_desk(room, |room| {
        let desk = room.desk();
        let records = desk.proof.suggestions();
        let file = |(number, text): (usize, &crate::cli::review::desk::Text)| File {
            name: text.source.name().to_string(),
            first: text.indices.start,
            count: text.indices.len(),
            block: room.sheet.first_of(number),
            blocks: room.sheet.first_of(number + 1) - room.sheet.first_of(number),
            scan: room.scans.has(number),
        };
        let history = |record: &SuggestionRecord| {
            let decisions = desk.proof.standing().history(&record.id);
            decisions.map(|decision| decision.reviewer.clone()).collect::<Vec<_>>()
        };
        let count = |id: &str| records.iter().filter(|record| record.rule == id).count();
        let found = |rule: &&rules::Rule| records.iter().any(|record| record.rule == rule.id);
        let named = |rule: &rules::Rule| RuleName {
            id: rule.id,
            name: rule.name.into(),
            count: count(rule.id),
        };
        Ok(DeskAnswer {
            version: env!("CARGO_PKG_VERSION"),
            reviewer: desk.reviewer.clone(),
            reviewers: records.iter().flat_map(history).filter(|name| !name.is_empty()).collect(),
            files: desk.texts.iter().enumerate().map(file).collect(),
            characters: room.sheet.blocks().iter().map(|block| block.characters).collect(),
            counts: room.sheet.blocks().iter().map(|block| block.suggestions.len()).collect(),
            states: letters(&desk),
            rules: rules::all().into_iter().filter(found).map(named).collect(),
        })
    })
    .await
}

fn letters(desk: &Desk) -> String {
    (0..desk.proof.suggestions().len()).map(|index| desk.letter(index)).collect()
}

/// What holds of every suggestion.
pub(crate) async fn states(State(room): State<Arc<Room>>) -> Answer<String> {
    at_desk(room, |room| Ok(letters(&room.desk()))).await
}

/// Which blocks are asked for.
#[derive(Deserialize)]
pub(crate) struct Blocks {
    from: usize,
    count: usize,
    #[serde(default)]
    view: View,
}

/// A block as it is shown.
#[derive(Serialize)]
pub(crate) struct ShownBlock {
    number: usize,
    text: usize,
    /// Its first line in the text, from 1.
    line: usize,
    continues: bool,
    runs: Vec<ShownRun>,
    suggestions: Vec<Row>,
}

/// A suggestion in a list.
#[derive(Serialize)]
pub(crate) struct Row {
    index: usize,
    block: usize,
    text: usize,
    line: usize,
    rule: String,
    level: Level,
    wrong: String,
    /// What it may become, best first; of a choice that changes nothing there is none.
    rights: Vec<String>,
    /// What it becomes as decided; absent where it stays or nothing is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<String>,
    before: String,
    after: String,
    state: char,
}

/// Some blocks one after the other.
pub(crate) async fn blocks(
    State(room): State<Arc<Room>>,
    Query(asked): Query<Blocks>,
) -> Answer<Vec<ShownBlock>> {
    at_desk(room, move |room| {
        let desk = room.desk();
        let end = asked.from.saturating_add(asked.count.min(PAGE)).min(room.sheet.blocks().len());
        let numbers = asked.from.min(end)..end;
        Ok(numbers.map(|number| shown(room, &desk, number, asked.view)).collect())
    })
    .await
}

pub(super) fn shown(room: &Room, desk: &Desk, number: usize, view: View) -> ShownBlock {
    let block = &room.sheet.blocks()[number];
    ShownBlock {
        number,
        text: block.text,
        line: desk.texts[block.text].source.position(block.span.start).line,
        continues: block.continues,
        runs: room.sheet.runs(desk, number, view),
        suggestions: block.suggestions.iter().map(|index| row(room, desk, *index)).collect(),
    }
}

/// The number of the block a suggestion stands in.
pub(super) fn block_of(room: &Room, desk: &Desk, index: usize) -> usize {
    let (text, number) = number_of(desk, index);
    room.sheet.block_at(text, desk.texts[text].suggestions[number].finding.span.start)
}

fn row(room: &Room, desk: &Desk, index: usize) -> Row {
    let record = &desk.proof.suggestions()[index];
    let (text, _) = number_of(desk, index);
    let right = match desk.proof.state(index) {
        Standing::Decided(decision) => decision.right().map(str::to_string),
        _ => None,
    };
    Row {
        index,
        block: block_of(room, desk, index),
        text,
        line: record.line,
        rule: record.rule.clone(),
        level: record.level,
        wrong: record.wrong.clone(),
        rights: record.choices.iter().map(|choice| choice.right.clone()).collect(),
        right,
        before: record.context.before.clone(),
        after: record.context.after.clone(),
        state: desk.letter(index),
    }
}

/// The numbers of a suggestion's text, and of the suggestion there.
fn number_of(desk: &Desk, index: usize) -> (usize, usize) {
    let text = desk.texts.partition_point(|text| text.indices.end <= index);
    (text, index - desk.texts[text].indices.start)
}

/// Which suggestions are asked for; what is empty asks for any.
#[derive(Deserialize)]
pub(crate) struct Filters {
    /// Id or family of the rule.
    #[serde(default)]
    rule: String,
    #[serde(default)]
    level: String,
    /// Number of the text.
    text: Option<usize>,
    /// Letters of states.
    #[serde(default)]
    state: String,
    /// Somebody who decided on it.
    #[serde(default)]
    reviewer: String,
}

impl Filters {
    fn let_through(&self, desk: &Desk, index: usize) -> bool {
        let record = &desk.proof.suggestions()[index];
        record.rule.starts_with(&self.rule)
            && (self.level.is_empty() || record.level.name() == self.level)
            && (self.state.is_empty() || self.state.contains(desk.letter(index)))
            && (self.reviewer.is_empty()
                || desk
                    .proof
                    .standing()
                    .history(&record.id)
                    .any(|decision| decision.reviewer == self.reviewer))
    }
}

/// The indices of the suggestions that filters let through.
pub(crate) async fn queue(
    State(room): State<Arc<Room>>,
    Query(filters): Query<Filters>,
) -> Answer<Vec<usize>> {
    at_desk(room, move |room| {
        let desk = room.desk();
        let indices = match filters.text {
            Some(number) => desk.texts.get(number).ok_or_else(missing)?.indices.clone(),
            None => 0..desk.proof.suggestions().len(),
        };
        Ok(indices.filter(|index| filters.let_through(&desk, *index)).collect())
    })
    .await
}

/// Which rows are asked for.
#[derive(Deserialize)]
pub(crate) struct Rows {
    /// Indices with commas between them.
    of: String,
}

/// The rows of some suggestions.
pub(crate) async fn rows(
    State(room): State<Arc<Room>>,
    Query(asked): Query<Rows>,
) -> Answer<Vec<Row>> {
    at_desk(room, move |room| {
        let desk = room.desk();
        let all = desk.proof.suggestions().len();
        let indices = asked.of.split(',').filter_map(|index| index.parse().ok());
        let indices = indices.filter(|index: &usize| *index < all).take(PAGE);
        Ok(indices.map(|index| row(room, &desk, index)).collect())
    })
    .await
}

/// What is looked for.
#[derive(Deserialize)]
pub(crate) struct Searched {
    words: String,
}

/// The numbers of the blocks in which words stand, line breaks between their characters or not,
/// or are suggested.
pub(crate) async fn search(
    State(room): State<Arc<Room>>,
    Query(asked): Query<Searched>,
) -> Answer<Vec<usize>> {
    at_desk(room, move |room| {
        let whole = |text: &str| -> String {
            text.chars().filter(|character| !matches!(character, '\n' | '\r')).collect()
        };
        let words = whole(&asked.words);
        if words.is_empty() {
            return Err(bad("there is nothing to look for"));
        }
        let desk = room.desk();
        let stands = |number: &usize| {
            let block = &room.sheet.blocks()[*number];
            let suggested = |index: &usize| {
                let mut choices = desk.proof.suggestions()[*index].choices.iter();
                choices.any(|choice| choice.right.contains(&words))
            };
            whole(block.span.of(desk.texts[block.text].source.text())).contains(&words)
                || block.suggestions.iter().any(suggested)
        };
        Ok((0..room.sheet.blocks().len()).filter(stands).collect())
    })
    .await
}

/// Which suggestion is asked for.
#[derive(Deserialize)]
pub(crate) struct Which {
    index: usize,
}

/// All there is to know of a suggestion.
#[derive(Serialize)]
pub(crate) struct Detail {
    row: Row,
    id: String,
    column: usize,
    confidence: f64,
    rule: RuleManual,
    message: Message,
    choices: Vec<Offered>,
    evidence: Vec<Clue>,
    /// Other places of the same slip: how many, how many of them are open, and the first of them.
    alike: usize,
    alike_open: usize,
    alike_rows: Vec<Row>,
    history: Vec<Said>,
    conflict: Vec<Said>,
    /// Its place on the page, and the size of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<LayoutPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<(f32, f32)>,
    /// The address of the page's scan.
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<String>,
}

/// The manual of a rule.
#[derive(Serialize)]
struct RuleManual {
    id: &'static str,
    name: Words,
    summary: Words,
    why: Words,
    standard: Option<&'static str>,
    examples: &'static [(&'static str, &'static str)],
    silent_on: &'static [&'static str],
}

/// A choice.
#[derive(Serialize)]
struct Offered {
    right: String,
    confidence: f64,
    /// False when it changes nothing.
    acts: bool,
}

/// A piece of evidence, with its place where it stands in the text.
#[derive(Serialize)]
struct Clue {
    message: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<CluePlace>,
}

/// Where evidence stands.
#[derive(Serialize)]
struct CluePlace {
    block: usize,
    line: usize,
    words: String,
}

/// What a reviewer said.
#[derive(Serialize)]
struct Said {
    reviewer: String,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    all: bool,
    settles: bool,
}

impl From<&Decision> for Said {
    fn from(decision: &Decision) -> Self {
        Self {
            reviewer: decision.reviewer.clone(),
            verdict: decision.verdict.name(),
            right: decision.right().map(str::to_string),
            at: decision.at,
            all: decision.scope == Scope::All,
            settles: decision.settles,
        }
    }
}

/// A suggestion with its rule, its evidence and its history.
pub(crate) async fn suggestion(
    State(room): State<Arc<Room>>,
    Query(asked): Query<Which>,
) -> Answer<Detail> {
    at_desk(room, move |room| {
        let desk = room.desk();
        let record = desk.proof.suggestions().get(asked.index).ok_or_else(missing)?;
        let (text, number) = number_of(&desk, asked.index);
        let source = &desk.texts[text].source;
        let finding = &desk.texts[text].suggestions[number].finding;
        let alike = desk.proof.same_slip(asked.index);
        let others = alike.iter().filter(|other| **other != asked.index);
        let conflict = match desk.proof.state(asked.index) {
            Standing::Conflict(last) => last.into_iter().map(Said::from).collect(),
            _ => Vec::new(),
        };
        let clue = |evidence: &kanwu::finding::Evidence| Clue {
            message: evidence.message.clone(),
            place: evidence.span.map(|span| CluePlace {
                block: room.sheet.block_at(text, span.start),
                line: source.position(span.start).line,
                words: span.of(source.text()).to_string(),
            }),
        };
        let offered = |choice: &kanwu::Choice| Offered {
            right: choice.right.clone(),
            confidence: choice.confidence,
            acts: !choice.edits.is_empty(),
        };
        let page = record.layout.as_ref().map_or(1, |place| place.page);
        let size = source.layout().and_then(|layout| layout.pages().get(page - 1)?.size);
        Ok(Detail {
            row: row(room, &desk, asked.index),
            id: record.id.clone(),
            column: record.column,
            confidence: record.confidence,
            rule: manual(finding.rule),
            message: finding.message.clone(),
            choices: record.choices.iter().map(offered).collect(),
            evidence: finding.evidence.iter().map(clue).collect(),
            alike: alike.len() - 1,
            alike_open: desk.proof.open_alike(asked.index).count(),
            alike_rows: others.take(8).map(|other| row(room, &desk, *other)).collect(),
            history: desk.proof.standing().history(&record.id).map(Said::from).collect(),
            conflict,
            place: record.layout.clone(),
            size,
            scan: room.scans.get(text, page).map(|_| format!("/scan/{text}/{page}")),
        })
    })
    .await
}

fn manual(rule: &'static rules::Rule) -> RuleManual {
    RuleManual {
        id: rule.id,
        name: rule.name.into(),
        summary: rule.summary.into(),
        why: rule.why.into(),
        standard: rule.standard,
        examples: rule.examples,
        silent_on: rule.silent_on,
    }
}

/// The places a decision would reach.
#[derive(Serialize)]
pub(crate) struct Alike {
    count: usize,
    rows: Vec<Row>,
}

/// The open places of the same slip, the one asked about first.
pub(crate) async fn alike(
    State(room): State<Arc<Room>>,
    Query(asked): Query<Which>,
) -> Answer<Alike> {
    at_desk(room, move |room| {
        let desk = room.desk();
        desk.proof.suggestions().get(asked.index).ok_or_else(missing)?;
        let others: Vec<usize> = desk.proof.open_alike(asked.index).collect();
        let first = std::iter::once(&asked.index).chain(&others).take(ALIKE);
        let rows = first.map(|index| row(room, &desk, *index)).collect();
        Ok(Alike { count: others.len() + 1, rows })
    })
    .await
}

/// Who listens.
#[derive(Deserialize)]
pub(crate) struct Listener {
    #[serde(default)]
    reviewer: String,
}

/// Decisions as they are made, and who is there.
pub(crate) async fn events(
    State(room): State<Arc<Room>>,
    Query(listener): Query<Listener>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let reviewer = name(&listener.reviewer).unwrap_or_default().to_string();
    room.live.listen(reviewer)
}

/// The scan of a page.
pub(crate) async fn scan(
    State(room): State<Arc<Room>>,
    Path((text, page)): Path<(usize, usize)>,
) -> Result<Response, Refused> {
    let found = room.scans.get(text, page).cloned().ok_or_else(missing)?;
    let read = tokio::task::spawn_blocking(move || {
        std::fs::read(&found.path).map(|bytes| (found.kind, bytes))
    });
    let (kind, bytes) = read.await.map_err(|_| missing())?.map_err(|_| missing())?;
    // A scan does not change while it is looked at.
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=3600")];
    Ok((headers, bytes).into_response())
}
