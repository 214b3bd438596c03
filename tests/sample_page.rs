//! The real newspaper page in `samples/` and what a careful proofreader marks on it.

use std::collections::HashSet;
use std::fs;

use kanwu::apply::apply;
use kanwu::lexicon::Lexicon;
use kanwu::{Config, Edit, Level, Pipeline, Report, Source, Suggestion};
use serde_json::Value;

struct Page {
    source: Source,
    gold: Value,
    report: Report,
}

fn page(pipeline: &Pipeline) -> Page {
    let source = Source::read("samples/tianjin_daily.txt".as_ref()).expect("the page is there");
    let gold = fs::read_to_string("samples/tianjin_daily.gold.json").expect("its answers too");
    let gold = serde_json::from_str(&gold).expect("the answers are JSON");
    let report = pipeline.check(&source);
    Page { source, gold, report }
}

impl Page {
    fn lines(&self, suggestion: &Suggestion) -> (u64, u64) {
        let span = suggestion.finding.span;
        let line = |at| self.source.position(at).line as u64;
        (line(span.start), line(span.end))
    }

    fn shown(&self) -> impl Iterator<Item = &Suggestion> {
        self.report.at_least(Level::Review)
    }

    /// The suggestion that repairs a `must_find` entry with its best choice.
    fn found(&self, slip: &Value) -> Option<&Suggestion> {
        let wrong = slip["wrong"].as_str().expect("text");
        let right = slip["right"][0].as_str().expect("text");
        let line = slip["line"].as_u64().expect("number") as usize;
        let whole = self.source.lines()[line - 1].span.of(self.source.text());
        self.shown().find(|suggestion| {
            suggestion.finding.choices.first().is_some_and(|choice| {
                let line_after = self.line_with(&choice.edits, line);
                line_after.as_deref() == Some(whole.replacen(wrong, right, 1).as_str())
            })
        })
    }

    /// Line `line` after applying edits that all lie in it.
    fn line_with(&self, edits: &[Edit], line: usize) -> Option<String> {
        let span = self.source.lines()[line - 1].span;
        let inside = edits.iter().all(|edit| span.contains(edit.span()));
        inside.then(|| {
            let text = apply(self.source.text(), &[edits]).text;
            text[span.start..].lines().next().unwrap_or_default().to_string()
        })
    }

    fn joined(&self, join: &Value) -> Option<&Suggestion> {
        let from = join["from_line"].as_u64().expect("number");
        let to = join["to_line"].as_u64().expect("number");
        self.shown().find(|suggestion| {
            ["S101", "S102", "S103"].contains(&suggestion.finding.rule.id)
                && self.lines(suggestion) == (from, to)
        })
    }
}

fn entries<'a>(gold: &'a Value, key: &str) -> &'a [Value] {
    gold[key].as_array().expect("a list")
}

fn texts(values: &Value) -> impl Iterator<Item = &str> {
    values.as_array().expect("a list").iter().map(|value| value.as_str().expect("text"))
}

/// The non-blank lines.
fn paragraphs(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

fn check_bars(pipeline: &Pipeline) {
    let page = page(pipeline);
    for slip in entries(&page.gold, "must_find") {
        assert!(page.found(slip).is_some(), "not found: {slip}");
    }
    for join in entries(&page.gold, "must_join") {
        assert!(page.joined(join).is_some(), "not joined: {join}");
    }

    for suggestion in page.shown() {
        let join = ["S101", "S102", "S103"].contains(&suggestion.finding.rule.id);
        let (from, to) = page.lines(suggestion);
        let wanted = |join: &Value| join["from_line"] == from && join["to_line"] == to;
        let right = entries(&page.gold, "must_join").iter().any(wanted);
        assert!(!join || right, "lines {from} and {to} are joined");
    }

    let text = page.source.text();
    for trap in texts(&page.gold["must_not_flag"]) {
        for (at, _) in text.match_indices(trap) {
            let trap_span = kanwu::Span::new(at, at + trap.len());
            for suggestion in page.shown() {
                // A join lies over all between its lines; what it changes are line ends.
                let family = suggestion.finding.rule.family();
                let flagged = family != "S" && trap_span.overlaps(suggestion.finding.span);
                assert!(!flagged, "{trap} is flagged: {:?}", suggestion.finding);
            }
        }
    }
    for trap in entries(&page.gold, "must_not_flag_at") {
        let line = trap["line"].as_u64().expect("number");
        for suggestion in page.shown() {
            let (first, last) = page.lines(suggestion);
            let flagged = suggestion.finding.rule.id == trap["rule"].as_str().expect("text")
                && (first..=last).contains(&line);
            assert!(!flagged, "{trap}: {:?}", suggestion.finding);
        }
    }

    let others = other_findings(&page);
    assert!(others.len() <= 3, "{} other findings: {others:#?}", others.len());
    accepting_gives_the_clean_text(&page);
}

/// Findings of `review` or above that the answers do not know.
fn other_findings(page: &Page) -> Vec<String> {
    let gold = &page.gold;
    let mut known: HashSet<&str> = HashSet::new();
    known.extend(
        entries(gold, "must_find").iter().filter_map(|s| page.found(s)).map(|s| s.id.as_str()),
    );
    known.extend(
        entries(gold, "must_join").iter().filter_map(|j| page.joined(j)).map(|s| s.id.as_str()),
    );
    let structure: HashSet<u64> = ["jump_lines", "page_furniture", "bylines"]
        .iter()
        .flat_map(|key| entries(gold, key))
        .chain(entries(gold, "captions").iter().flat_map(|c| c.as_array().expect("a list")))
        .map(|line| line.as_u64().expect("number"))
        .collect();
    let queried: HashSet<u64> = entries(gold, "may_find")
        .iter()
        .flat_map(|entry| {
            let more = entry["also_lines"].as_array().into_iter().flatten();
            more.chain([&entry["line"]]).filter_map(Value::as_u64).collect::<Vec<_>>()
        })
        .collect();
    page.shown()
        .filter(|suggestion| !known.contains(suggestion.id.as_str()))
        .filter(|suggestion| {
            let (first, last) = page.lines(suggestion);
            let family = suggestion.finding.rule.family();
            // S104 takes the line break before its line as well.
            let layout = family == "S" && (first..=last).any(|line| structure.contains(&line));
            let query = ["P", "K"].contains(&family) && queried.contains(&first);
            !layout && !query
        })
        .map(|s| {
            format!("{} {} {:?}", s.finding.rule.id, s.finding.wrong, s.finding.choices.first())
        })
        .collect()
}

fn accepting_gives_the_clean_text(page: &Page) {
    let gold = &page.gold;
    let slips = entries(gold, "must_find").iter().filter_map(|slip| page.found(slip));
    let joins = entries(gold, "must_join").iter().filter_map(|join| page.joined(join));
    let furniture = page.shown().filter(|suggestion| suggestion.finding.rule.id == "S104");
    let edits: Vec<&[Edit]> = slips
        .chain(joins)
        .chain(furniture)
        .map(|suggestion| suggestion.finding.choices[0].edits.as_slice())
        .collect();
    let applied = apply(page.source.text(), &edits);
    assert!(applied.refused.is_empty(), "{:?}", applied.refused);
    let clean = fs::read_to_string("samples/tianjin_daily.clean.txt").expect("the clean text");
    assert_eq!(paragraphs(&applied.text), paragraphs(&clean));
}

#[test]
fn every_slip_is_shown_and_nothing_else_is_disturbed() {
    check_bars(&Pipeline::new(Config::default()).expect("the shipped dictionaries are right"));
}

/// The bars hold without every row that shares three or more characters with the page's slips or
/// traps: nothing was put into the tables for this page.
#[test]
fn nothing_leans_on_this_page() {
    let gold = fs::read_to_string("samples/tianjin_daily.gold.json").expect("the answers");
    let gold: Value = serde_json::from_str(&gold).expect("the answers are JSON");
    let mut phrases: Vec<HashSet<char>> = Vec::new();
    for slip in entries(&gold, "must_find") {
        phrases.extend(texts(&slip["right"]).chain(slip["wrong"].as_str()).map(han));
    }
    phrases.extend(texts(&gold["must_not_flag"]).map(han));
    let lexicon = Lexicon::builtin_where(&|_, row| {
        let row = han(row);
        phrases.iter().all(|phrase| phrase.intersection(&row).count() < 3)
    });
    let lexicon = lexicon.expect("fewer rows make a table as well");
    check_bars(&Pipeline::with_lexicon(lexicon, Config::default()).expect("calibration is right"));
}

fn han(text: &str) -> HashSet<char> {
    text.chars().filter(|c| kanwu::han::is_han(*c)).collect()
}
