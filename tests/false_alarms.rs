//! Budgets of false alarms on clean news, for all rules together and for each.
//!
//! The texts lie beside the project and are not part of it; where they are absent the tests say
//! so and pass.

// A skipped test says so, and figures are shown with --nocapture.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use kanwu::eval::{CleanScore, score_clean};
use kanwu::lexicon::Table;
use kanwu::rules;
use kanwu::{Config, Level, Pipeline};

/// The clean texts, with the alarms of `review` or above per 10,000 characters that all rules
/// together may raise. The second is of other years and registers than the model's news.
const CLEAN: [(&str, f64); 2] = [("clean_news.dev.txt", 1.0), ("clean_newspaper.dev.txt", 1.5)];

/// The same for the rules that do not rest on statistics alone, in either text.
const KNOWN_BUDGET: f64 = 0.4;

/// Alarms of `auto` in both texts together.
const AUTO_BUDGET: usize = 2;

/// The scores by file and document size; `None` where the data are absent.
static SCORES: LazyLock<Option<BTreeMap<(&str, usize), CleanScore>>> = LazyLock::new(|| {
    let pipeline = Pipeline::new(Config::default()).expect("the shipped dictionaries are right");
    let mut scores = BTreeMap::new();
    for (name, _) in CLEAN {
        let path = format!("{}/../shared/eval/{name}", env!("CARGO_MANIFEST_DIR"));
        let Ok(text) = fs::read_to_string(&path) else {
            eprintln!("skipped: {path} is not there");
            return None;
        };
        for lines in [1, 20] {
            scores.insert((name, lines), score_clean(&pipeline, &text, lines));
        }
    }
    Some(scores)
});

fn alarms(score: &CleanScore, level: Level) -> String {
    let shown = score.alarms.iter().filter(|alarm| alarm.voice.level >= level);
    let lines: Vec<String> = shown
        .map(|a| format!("{}: {} {} → {}", a.line, a.voice.rule, a.excerpt, a.right))
        .collect();
    lines.join("\n")
}

#[test]
fn all_rules_together_stay_within_the_budget() {
    let Some(scores) = SCORES.as_ref() else { return };
    for ((name, lines), score) in scores {
        let rate = score.rate(Level::Review);
        println!("{name}, documents of {lines}: {rate:.3} per 10,000");
        let budget = CLEAN.iter().find(|(text, _)| text == name).expect("it was read").1;
        assert!(rate <= budget, "{name}: {rate:.3}\n{}", alarms(score, Level::Review));
        let known = score.alarms.iter().filter(|alarm| {
            let rule = rules::find(alarm.voice.rule).expect("a rule spoke");
            alarm.voice.level >= Level::Review && !rule.statistical
        });
        let known = known.count() as f64 * 10_000.0 / score.characters as f64;
        assert!(known <= KNOWN_BUDGET, "{name}: {known:.3}\n{}", alarms(score, Level::Review));
    }
}

#[test]
fn hardly_anything_is_changed_unattended() {
    let Some(scores) = SCORES.as_ref() else { return };
    for lines in [1, 20] {
        let of_size: Vec<_> = scores.iter().filter(|((_, size), _)| *size == lines).collect();
        let count: usize = of_size.iter().map(|(_, score)| score.at_least(Level::Auto)).sum();
        let shown: Vec<_> = of_size.iter().map(|(_, score)| alarms(score, Level::Auto)).collect();
        assert!(count <= AUTO_BUDGET, "{count} at auto:\n{}", shown.join("\n"));
    }
}

#[test]
fn each_rule_stays_within_its_own_budget() {
    let Some(scores) = SCORES.as_ref() else { return };
    let text = include_str!("budgets.tsv");
    let table = Table::parse("budgets.tsv", text).expect("the budgets are a table");
    let budgets: BTreeMap<&str, f64> =
        table.rows().map(|(_, row)| (row[0], row[1].parse().expect("a number"))).collect();
    for rule in rules::all() {
        let budget = *budgets.get(rule.id).unwrap_or_else(|| panic!("{} has no budget", rule.id));
        for ((name, lines), score) in scores {
            let count = score
                .voices()
                .into_iter()
                .filter(|(voice, _)| voice.rule == rule.id && voice.level >= Level::Review)
                .map(|(_, count)| count)
                .sum::<usize>();
            let rate = count as f64 * 10_000.0 / score.characters as f64;
            assert!(rate <= budget, "{} on {name}, {lines} lines: {rate:.3} > {budget}", rule.id);
        }
    }
}
