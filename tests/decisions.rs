//! Decisions: the log, several reviewers, what is applied and undone, and what is learnt.

mod desk;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use desk::Desk;
use kanwu::apply::{Written, apply};
use kanwu::emit::json::{SuggestionRecord, read_lines};
use kanwu::review::{Decision, Log, Slip, Standing, Verdict, lines, resolve};
use kanwu::{Config, Edit, Language, Pipeline, Source};
use proptest::prelude::*;

const PAGE: &str = "本报讯（记者王明）昨天，企业负责人说，订单少了，难以以为继。\n\n\
                    街道今年要健全托幼服务体系。健全幼服务体系是一件大事。\n\n\
                    聚源广场昨天开街。聚源广场人来人往。聚原广场的商户说，生意很好。\n\n\
                    他说，，这样很好。\n";

/// A desk with the page checked and its suggestions saved.
fn checked() -> (Desk, Vec<SuggestionRecord>) {
    let desk = Desk::with(&[("a.txt", PAGE)]);
    assert_eq!(desk.kanwu(&["check", "--save", "-q", "a.txt"]).code, 1);
    let records = read_lines("saved", &desk.get(".kanwu/suggestions.jsonl")).expect("records");
    assert!(records.len() >= 3, "{records:?}");
    (desk, records)
}

fn said(record: &SuggestionRecord, reviewer: &str, second: i64, verdict: Verdict) -> Decision {
    let right = record.choices.first().map(|choice| choice.right.clone());
    let slip = Slip { rule: record.rule.clone(), wrong: record.wrong.clone(), right };
    let at = Some(jiff::Timestamp::from_second(1_700_000_000 + second).expect("a time"));
    Decision { reviewer: reviewer.to_string(), at, slip, ..Decision::new(&record.id, verdict) }
}

const ACCEPT: Verdict = Verdict::Accept { choice: 1 };

fn log(desk: &Desk, name: &str, decisions: &[Decision]) {
    desk.put(name, &lines(decisions));
}

// Later runs

#[test]
fn what_was_rejected_stays_quiet_also_when_the_text_changes_elsewhere() {
    let (desk, records) = checked();
    let rejected =
        records.iter().find(|record| record.wrong.contains("以以")).expect("it is found");
    log(&desk, ".kanwu/decisions.jsonl", &[said(rejected, "王", 1, Verdict::Reject)]);
    desk.put("a.txt", format!("天气很好。\n\n{PAGE}").as_bytes());
    let found = |args: &[&str]| {
        let run = desk.kanwu(&[&["check", "--format", "jsonl", "a.txt"], args].concat());
        let records = read_lines("printed", &run.out).expect("records");
        records.into_iter().any(|record| record.id == rejected.id)
    };
    assert!(!found(&[]));
    assert!(found(&["--isolated"]), "without the folder .kanwu it is suggested again");
    assert!(!found(&["--isolated", "--decisions", ".kanwu/decisions.jsonl"]));
    desk.kanwu(&["fix", "--level", "review", "-q", "-o", "b.txt", "a.txt"]);
    assert!(desk.get("b.txt").contains("难以以为继"), "what was rejected is not fixed either");
}

// Applied and undone

#[test]
fn what_was_applied_in_place_can_be_undone_and_applied_again() {
    let (desk, records) = checked();
    let all: Vec<Decision> = records.iter().map(|record| said(record, "王", 1, ACCEPT)).collect();
    log(&desk, ".kanwu/decisions.jsonl", &all);
    let run = desk.kanwu(&["apply", "--in-place"]);
    assert_eq!(run.code, 0, "{run:?}");
    let applied = desk.get("a.txt");
    assert!(applied.contains("难以为继") && !applied.contains("以以"));
    let listed = desk.kanwu(&["decisions", "list"]);
    assert_eq!(listed.out, "", "nothing is left to decide");

    let run = desk.kanwu(&["apply", "--undo"]);
    assert_eq!((run.code, run.err.as_str()), (0, "1 file restored\n"));
    assert_eq!(desk.get("a.txt"), PAGE);
    assert_eq!(desk.kanwu(&["decisions", "list"]).out.lines().count(), records.len());
    assert_eq!(desk.kanwu(&["apply", "--undo"]).code, 2, "there is nothing more to undo");

    assert_eq!(desk.kanwu(&["apply", "--in-place"]).code, 0);
    assert_eq!(desk.get("a.txt"), applied);
    desk.put("a.txt", format!("{applied}补记。\n").as_bytes());
    let run = desk.kanwu(&["apply", "--undo"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("a.txt: it has been changed since"), "{}", run.err);
    assert_eq!(desk.get("a.txt"), format!("{applied}补记。\n"));
}

#[test]
fn a_place_like_one_that_was_changed_must_be_decided_on_anew() {
    let line = "企业负责人说，订单少了，难以以为继。\n";
    let desk = Desk::with(&[("a.txt", line)]);
    desk.kanwu(&["check", "--save", "-q", "a.txt"]);
    let records = read_lines("saved", &desk.get(".kanwu/suggestions.jsonl")).expect("records");
    log(&desk, ".kanwu/decisions.jsonl", &[said(&records[0], "王", 1, ACCEPT)]);
    assert_eq!(desk.kanwu(&["apply", "--in-place"]).code, 0);
    // The same slip comes in again, in the same surroundings.
    desk.put("a.txt", line.as_bytes());
    desk.kanwu(&["check", "--save", "-q", "a.txt"]);
    desk.kanwu(&["apply", "--in-place"]);
    assert_eq!(desk.get("a.txt"), line, "nobody has decided on it");
}

#[test]
fn a_choice_that_is_no_longer_offered_is_not_replaced_by_another() {
    let (desk, records) = checked();
    let mut decision = said(&records[0], "王", 1, ACCEPT);
    decision.slip.right = Some("别的".to_string());
    log(&desk, ".kanwu/decisions.jsonl", &[decision]);
    let run = desk.kanwu(&["apply", "--in-place"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("别的 is no longer among the choices"), "{}", run.err);
    assert_eq!(desk.get("a.txt"), PAGE);
}

// Several reviewers

#[test]
fn two_logs_are_merged_and_what_differs_must_be_settled() {
    let (desk, records) = checked();
    let (first, second) = (&records[0], &records[1]);
    log(&desk, "wang.jsonl", &[said(first, "王", 1, ACCEPT), said(second, "王", 2, ACCEPT)]);
    log(&desk, "li.jsonl", &[said(first, "李", 3, ACCEPT), said(second, "李", 4, Verdict::Reject)]);
    let merge = || desk.kanwu(&["decisions", "merge", "wang.jsonl", "li.jsonl"]);
    let run = merge();
    assert_eq!((run.code, run.out.lines().count()), (1, 2), "{run:?}");
    assert!(run.err.contains("4 decisions added") && run.err.contains("1 conflict"), "{run:?}");
    assert!(merge().err.contains("0 decisions added"), "the same decisions count once");

    let run = desk.kanwu(&["apply", "--stdout"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("reviewers differ"), "{}", run.err);
    assert!(run.out.contains(&second.wrong), "what differs is left alone");

    let run = desk.kanwu(&["decisions", "settle", &second.id, "--as", "王", "--reviewer", "赵"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(desk.kanwu(&["decisions", "list", "--conflicts"]).code, 0);
    let run = desk.kanwu(&["apply", "--stdout"]);
    assert_eq!((run.code, run.err.as_str()), (0, "2 changes in 1 file\n"));
    assert_eq!(desk.kanwu(&["decisions", "settle", &second.id, "--reject"]).code, 2);
}

#[test]
fn two_reviewers_share_the_sample_page_and_settle_what_they_differ_on() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let desk = Desk::new();
    desk.put("page.txt", &fs::read(samples.join("tianjin_daily.txt")).expect("the sample page"));
    assert_eq!(desk.kanwu(&["check", "--save", "-q", "page.txt"]).code, 1);
    let records = read_lines("saved", &desk.get(".kanwu/suggestions.jsonl")).expect("records");
    let (mut wang, mut li) = (Vec::new(), Vec::new());
    let mut differs = String::new();
    for (number, record) in records.iter().enumerate() {
        let second = number as i64;
        if record.rule == "K102" {
            differs.clone_from(&record.id);
            wang.push(said(record, "王", second, ACCEPT));
            li.push(said(record, "李", second, Verdict::Reject));
        } else if number % 2 == 0 {
            wang.push(said(record, "王", second, ACCEPT));
        } else {
            li.push(said(record, "李", second, ACCEPT));
        }
    }
    log(&desk, "wang.jsonl", &wang);
    log(&desk, "li.jsonl", &li);
    let run = desk.kanwu(&["decisions", "merge", "wang.jsonl", "li.jsonl"]);
    assert_eq!((run.code, run.out.lines().count()), (1, 2), "{run:?}");
    assert_eq!(desk.kanwu(&["apply", "-o", "open.txt"]).code, 1, "the conflict is refused");
    let run = desk.kanwu(&["decisions", "settle", &differs, "--as", "李", "--reviewer", "王"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(desk.kanwu(&["apply", "-o", "clean.txt"]).code, 0);
    let clean = fs::read_to_string(samples.join("tianjin_daily.clean.txt")).expect("the text");
    let paragraphs = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| line.trim_end().to_string());
        lines.filter(|line| !line.is_empty()).collect()
    };
    assert_eq!(paragraphs(&desk.get("clean.txt")), paragraphs(&clean));
}

#[test]
fn decisions_are_listed_counted_and_undone() {
    let (desk, records) = checked();
    log(
        &desk,
        ".kanwu/decisions.jsonl",
        &[
            said(&records[0], "王", 1, ACCEPT),
            said(&records[1], "王", 2, Verdict::Replace { text: "甲".to_string() }),
            said(&records[1], "李", 3, Verdict::Replace { text: "甲".to_string() }),
        ],
    );
    let run = desk.kanwu(&["decisions", "list"]);
    assert_eq!((run.code, run.out.lines().count()), (0, 2));
    assert!(run.out.lines().all(|line| line.starts_with("2023-11-14 22:13:2")), "{}", run.out);
    let stats = desk.kanwu(&["decisions", "stats", "--json"]).out;
    let stats: serde_json::Value = serde_json::from_str(&stats).expect("JSON");
    assert_eq!((&stats["all"]["accept"], &stats["all"]["replace"]), (&1.into(), &2.into()));
    assert_eq!(stats["by_reviewer"]["李"]["replace"], 1);
    assert!(desk.kanwu(&["decisions", "stats", "--lang", "zh"]).out.contains("采纳"));

    let undo = || desk.kanwu(&["decisions", "undo", "--reviewer", "王"]);
    assert_eq!(undo().err, "1 decision taken back\n");
    assert_eq!(undo().err, "1 decision taken back\n");
    assert_eq!(undo().code, 2);
    let history = desk.kanwu(&["decisions", "list", "--history", "--jsonl"]).out;
    assert_eq!(Log::parse(history.as_bytes()).decisions.len(), 5);
}

// Learning

#[test]
fn what_is_learnt_is_proposed_and_can_be_used() {
    let desk = Desk::new();
    let (rule, wrong) = ("K101".to_string(), "聚原".to_string());
    let slip = Slip { rule, wrong, right: Some("聚源".to_string()) };
    let decision = Decision { slip, after: "广场".to_string(), ..Decision::new("", ACCEPT) };
    let ids = ["0000000000000001", "0000000000000002", "0000000000000003"];
    let decisions: Vec<Decision> =
        ids.iter().map(|id| Decision { id: id.to_string(), ..decision.clone() }).collect();
    log(&desk, "d.jsonl", &decisions);
    let before = fs::read_dir(desk.folder.path()).expect("a folder").count();
    let run = desk.kanwu(&["learn", "--decisions", "d.jsonl"]);
    assert!(run.out.contains("聚原") && run.out.contains("put right 3 times: K101"), "{run:?}");
    assert_eq!(fs::read_dir(desk.folder.path()).expect("a folder").count(), before);
    assert!(!desk.kanwu(&["learn", "--decisions", "d.jsonl", "--times", "4"]).out.contains("聚原"));

    desk.kanwu(&["learn", "--decisions", "d.jsonl", "-o", "house.txt"]);
    desk.put("kanwu.toml", b"tables = [\"house.txt\"]\n");
    desk.put("b.txt", "明天去聚原广场。\n".as_bytes());
    let run = desk.kanwu(&["check", "--format", "jsonl", "b.txt"]);
    assert!(run.out.contains("聚源"), "{run:?}");
}

// Damaged logs

static CHECKED: LazyLock<(Source, Vec<SuggestionRecord>)> = LazyLock::new(|| {
    let pipeline = Pipeline::new(Config::default()).expect("the shipped dictionaries are right");
    let source = Source::new("a.txt", PAGE);
    let report = pipeline.check(&source);
    let record = |suggestion| SuggestionRecord::new(&source, suggestion, Language::English);
    let records = report.suggestions.iter().map(record).collect();
    (source, records)
});

/// What one of three reviewers says at a time about one of the suggestions, or about none of them.
#[derive(Clone, Debug)]
struct Word {
    reviewer: usize,
    about: usize,
    verdict: usize,
}

/// What happens to a log on its way.
#[derive(Clone, Debug)]
enum Mishap {
    Torn { line: usize, share: f64 },
    Doubled { line: usize },
    Swapped { one: usize, other: usize },
    Foreign { line: usize, text: &'static str },
}

fn words() -> impl Strategy<Value = Vec<Word>> {
    let word = (0..3usize, 0..8usize, 0..6usize).prop_map(|(reviewer, about, verdict)| Word {
        reviewer,
        about,
        verdict,
    });
    prop::collection::vec(word, 0..24)
}

fn mishaps() -> impl Strategy<Value = Vec<Mishap>> {
    let foreign =
        prop::sample::select(vec!["", "{}", "[1,2]", "not JSON", "\u{feff}", "{\"id\":1}"]);
    let mishap = prop_oneof![
        (0..24usize, 0.0..1.0).prop_map(|(line, share)| Mishap::Torn { line, share }),
        (0..24usize).prop_map(|line| Mishap::Doubled { line }),
        (0..24usize, 0..24usize).prop_map(|(one, other)| Mishap::Swapped { one, other }),
        (0..24usize, foreign).prop_map(|(line, text)| Mishap::Foreign { line, text }),
    ];
    prop::collection::vec(mishap, 0..5)
}

/// The decision a word is, at its second. An identity no suggestion has stands for another run.
fn decision(word: &Word, second: usize) -> Decision {
    let records = &CHECKED.1;
    let foreign = SuggestionRecord { id: "f".repeat(16), ..records[0].clone() };
    let record = records.get(word.about).unwrap_or(&foreign);
    let verdict = match word.verdict {
        0 | 1 if !record.choices.is_empty() => ACCEPT,
        2 => Verdict::Replace { text: "改过".to_string() },
        3 => Verdict::Query,
        4 => Verdict::Withdraw { of: None },
        _ => Verdict::Reject,
    };
    said(record, ["王", "李", "赵"][word.reviewer], second as i64, verdict)
}

/// What is to be done by the whole decisions of a log, reckoned in the plainest way: in the order of
/// time, the last word of each reviewer, and nothing where they differ.
fn reckoned(decisions: &[Decision]) -> BTreeMap<String, Verdict> {
    let mut sorted = decisions.to_vec();
    sorted.sort_by_key(|decision| decision.at);
    let mut last: BTreeMap<(String, String), Verdict> = BTreeMap::new();
    for Decision { id, reviewer, verdict, .. } in sorted {
        match verdict {
            Verdict::Withdraw { .. } => drop(last.remove(&(id, reviewer))),
            verdict => drop(last.insert((id, reviewer), verdict)),
        }
    }
    let mut all: BTreeMap<String, Option<Verdict>> = BTreeMap::new();
    for ((id, _), verdict) in last {
        let known = all.entry(id).or_insert_with(|| Some(verdict.clone()));
        if *known != Some(verdict) {
            *known = None;
        }
    }
    all.into_iter().filter_map(|(id, verdict)| Some((id, verdict?))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    /// However a log was torn, doubled, put in another order or mixed with foreign lines: every
    /// whole line of it counts, and the text becomes what these decisions say and nothing else.
    #[test]
    fn no_log_loses_a_decision_or_applies_a_wrong_one(words in words(), mishaps in mishaps()) {
        let (source, records) = &*CHECKED;
        let decided: Vec<Decision> =
            words.iter().enumerate().map(|(second, word)| decision(word, second)).collect();
        let mut file: Vec<Vec<u8>> =
            decided.iter().map(|decision| lines(std::slice::from_ref(decision))).collect();
        for mishap in &mishaps {
            let length = file.len();
            match mishap {
                Mishap::Torn { line, share } if *line < length => {
                    let kept = (file[*line].len() as f64 * share) as usize;
                    file[*line].truncate(kept);
                    file[*line].push(b'\n');
                }
                Mishap::Doubled { line } if *line < length => file.push(file[*line].clone()),
                Mishap::Swapped { one, other } if *one < length && *other < length => {
                    file.swap(*one, *other);
                }
                Mishap::Foreign { line, text } => {
                    file.insert((*line).min(length), format!("{text}\n").into_bytes());
                }
                _ => {}
            }
        }
        let log = Log::parse(&file.concat());
        for (decision, line) in decided.iter().zip(decided.iter().map(|d| lines(std::slice::from_ref(d)))) {
            prop_assert_eq!(file.contains(&line), log.decisions.contains(decision));
        }

        let orders = reckoned(&log.decisions);
        let doubtful = log.doubtful();
        let standing = Standing::of(log.decisions.iter().cloned());
        let held: Vec<(SuggestionRecord, Option<Verdict>)> = records
            .iter()
            .map(|record| {
                let verdict = standing.verdict(record).ok().flatten();
                let verdict = verdict.filter(|_| !doubtful.contains(record.id.as_str()));
                (record.clone(), verdict)
            })
            .collect();
        for (record, verdict) in &held {
            let expected = orders.get(&record.id).filter(|_| !doubtful.contains(record.id.as_str()));
            prop_assert_eq!(verdict.as_ref(), expected);
        }
        let resolved = resolve(source, Written::AsRead, &held);
        let made: Vec<&[Edit]> = resolved.edits.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(&resolved.made.text, &apply(PAGE, &made).text);
        let accepted: Vec<&[Edit]> = held
            .iter()
            .filter(|(_, verdict)| *verdict == Some(ACCEPT))
            .map(|(record, _)| record.choices[0].edits.as_slice())
            .collect();
        let replaced = held.iter().any(|(_, verdict)| matches!(verdict, Some(Verdict::Replace { .. })));
        if !replaced {
            prop_assert_eq!(&resolved.made.text, &apply(PAGE, &accepted).text);
        }
    }
}
