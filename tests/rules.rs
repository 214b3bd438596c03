//! Every rule's examples: what must be caught, and what must be left alone.

use kanwu::apply::apply;
use kanwu::rules::{self, Rule};
use kanwu::{Config, Edit, Level, Pipeline, Source};

fn pipeline() -> Pipeline {
    Pipeline::new(Config::default()).expect("the shipped dictionaries are right")
}

/// The text after applying the best choice of everything `rule` says, whatever its level.
fn corrected(pipeline: &Pipeline, rule: &Rule, text: &str) -> String {
    let source = Source::new("example", text);
    let report = pipeline.check(&source);
    let edits: Vec<&[Edit]> = report
        .suggestions
        .iter()
        .filter(|suggestion| suggestion.finding.rule == rule)
        .filter_map(|suggestion| suggestion.finding.choices.first())
        .map(|choice| choice.edits.as_slice())
        .collect();
    apply(source.text(), &edits).text
}

#[test]
fn every_example_is_caught() {
    let pipeline = pipeline();
    let mut missed = Vec::new();
    for rule in rules::all() {
        assert!(!rule.examples.is_empty(), "{} has no example", rule.id);
        for (wrong, right) in rule.examples {
            let got = corrected(&pipeline, rule, wrong);
            // A rule that only asks has `wrong == right` and must still speak.
            let source = Source::new("example", *wrong);
            let spoke = pipeline
                .check(&source)
                .suggestions
                .iter()
                .any(|suggestion| suggestion.finding.rule == rule);
            if got != *right || !spoke {
                missed.push(format!("{}: {wrong}\n  expected {right}\n  got      {got}", rule.id));
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn no_rule_speaks_about_right_text() {
    let pipeline = pipeline();
    let mut alarms = Vec::new();
    for rule in rules::all() {
        assert!(!rule.silent_on.is_empty(), "{} names no right text", rule.id);
        let right_sides = rule.examples.iter().filter(|(wrong, right)| wrong != right);
        let right_sides = right_sides.map(|(_, right)| *right);
        for text in rule.silent_on.iter().copied().chain(right_sides) {
            let source = Source::new("right", text);
            for suggestion in pipeline.check(&source).at_least(Level::Review) {
                let finding = &suggestion.finding;
                alarms.push(format!(
                    "{} of {} on {text}: {} {}",
                    finding.rule.id, rule.id, finding.wrong, finding.message.zh
                ));
            }
        }
    }
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}

#[test]
fn ids_are_unique_and_well_formed() {
    let rules = rules::all();
    for pair in rules.windows(2) {
        assert_ne!(pair[0].id, pair[1].id);
    }
    for rule in rules {
        assert!(rule.id.len() == 4 && rule.id[1..].chars().all(|c| c.is_ascii_digit()));
        assert!("SCPNWVK".contains(rule.family()), "{}", rule.id);
        for manual in [rule.name, rule.summary, rule.why] {
            assert!(!manual.zh.is_empty() && !manual.en.is_empty(), "{}", rule.id);
        }
    }
}

#[test]
fn words_that_meet_are_never_cut_unasked() {
    let source = Source::new("page", "沿京广京沪沪昆等铁路干线，客流持续增长。");
    let report = pipeline().check(&source);
    assert_eq!(report.at_least(Level::Auto).count(), 0);
}

#[test]
fn a_credit_is_left_alone() {
    let text = "春节期间，市民在公园里赏花，孩子们在湖边放风筝。\n\n新华社发（文英摄）\n";
    let report = pipeline().check(&Source::new("page", text));
    assert!(report.suggestions.iter().all(|s| s.finding.rule.id != "C105"));
}
