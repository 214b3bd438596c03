//! `kanwu eval` gives the figures of the two scorers the project measured itself with before.
//!
//! The scorers and their data lie beside the project and are not part of it; where they or Python
//! are absent the tests say so and pass.

// A skipped test says so.
#![allow(clippy::print_stderr)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// The data, if the tests can run.
fn shared() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let wanted = ["eval/score.py", "eval/synthetic.dev.tsv", "eval/ecspell_odw.dev.tsv"];
    let wanted = wanted.into_iter().chain(["ocr/score_pages.py", "ocr/pages.dev.jsonl"]);
    if let Some(missing) = wanted.map(|name| shared.join(name)).find(|path| !path.is_file()) {
        eprintln!("skipped: {} is not there", missing.display());
        return None;
    }
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("skipped: python3 is not there");
        return None;
    }
    Some(shared)
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(path: &Path, lines: &[&str]) {
    fs::write(path, lines.join("\n") + "\n").expect("the folder can be written to");
}

/// Every `step`th line of a file.
fn slice(path: &Path, step: usize) -> String {
    text(path).lines().step_by(step).map(|line| line.to_string() + "\n").collect()
}

/// What a command printed.
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the program runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

fn kanwu(arguments: &[&str]) -> String {
    output(Command::new(env!("CARGO_BIN_EXE_kanwu")).args(arguments))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("output is JSON")
}

fn name(path: &Path) -> &str {
    path.to_str().expect("paths of tests are UTF-8")
}

/// Both numbers, or both nothing.
fn assert_same(ours: &Value, theirs: &Value, what: &str) {
    match (ours.as_f64(), theirs.as_f64()) {
        (Some(ours), Some(theirs)) => {
            assert!((ours - theirs).abs() < 1e-9, "{what}: {ours}, the scorer says {theirs}");
        }
        _ => assert!(ours.is_null() && theirs.is_null(), "{what}: {ours}, not {theirs}"),
    }
}

/// Figures of sentences, ours and the scorer's.
fn assert_same_figures(ours: &Value, theirs: &Value, what: &str) {
    for (our, their) in [
        ("sentences", "sentences"),
        ("positive", "positive"),
        ("changed", "changed"),
        ("accuracy", "accuracy"),
        ("false_positive_rate", "fpr"),
        ("false_edits_per_10k", "fp_per_10k_chars"),
    ] {
        assert_same(&ours[our], &theirs[their], &format!("{what} {our}"));
    }
    for (our, their) in [
        ("sentence_detection", "sent_detection"),
        ("sentence_correction", "sent_correction"),
        ("sentence_detection_sighan", "sent_detection_sighan"),
        ("sentence_correction_sighan", "sent_correction_sighan"),
        ("sentence_detection_loose", "sent_detection_loose"),
        ("edit_detection", "edit_detection"),
        ("edit_correction", "edit_correction"),
    ] {
        for (rate, known) in [
            ("precision", "P"),
            ("recall", "R"),
            ("f1", "F1"),
            ("f05", "F0.5"),
            ("right", "tp"),
            ("made", "pred"),
            ("due", "gold"),
        ] {
            // The scorer gives F0.5 for edits only.
            if let Some(known) = theirs[their].get(known) {
                assert_same(&ours[our][rate], known, &format!("{what} {our} {rate}"));
            }
        }
    }
}

#[test]
fn every_kind_of_data_makes_one_json_document() {
    let desk = TempDir::new().expect("a folder");
    let (clean, pairs) = (desk.path().join("clean.txt"), desk.path().join("pairs.tsv"));
    write(&clean, &["今天天气很好，大家都很高兴。", "传统发展难以以为继。"]);
    write(&pairs, &["传统发展难以以为继。\t传统发展难以为继。\tdouble", "今天天气很好。"]);
    let (clean, pairs) = (name(&clean), name(&pairs));

    let measured = json(&kanwu(&["eval", "clean", "--json", "--show", "review", clean, clean]));
    let texts = list(&measured["texts"]);
    assert_eq!(texts.len(), 4, "two files, documents of 1 and of 20 lines");
    assert_eq!((&texts[0]["characters"], &texts[1]["document_lines"]), (&24.into(), &20.into()));
    assert_eq!(texts[0]["alarms"][0]["line"], 2);
    assert_eq!(texts[0]["voices"][0]["rule"], "C103");

    let arguments = ["eval", "--json", "pairs", "--best-threshold", pairs];
    let measured = json(&kanwu(&arguments));
    let set = &measured["sets"][0];
    assert_eq!(set["all"]["sentence_correction"]["right"], 1);
    assert_eq!(set["kinds"]["double"]["sentences"], 1);
    assert_eq!(set["voices"][0]["right"], 1);
    assert_eq!(set["best_threshold"]["odd_lines"]["sentences"], 1);

    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/dictionaries/models/rank.txt");
    let ranked = json(&kanwu(&[&arguments[..], &["--ranker", shipped]].concat()));
    assert_eq!(ranked, measured, "the shipped ranker changes nothing");
    let refused = Command::new(env!("CARGO_BIN_EXE_kanwu"))
        .args(["eval", "pairs", pairs, "--ranker", clean])
        .output()
        .expect("the program runs");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("clean.txt"));
}

#[test]
fn pairs_are_scored_as_by_score_py() {
    let Some(shared) = shared() else { return };
    let desk = TempDir::new().expect("a folder");
    let path = |file: &str| desk.path().join(file);
    fs::create_dir(path("sources")).expect("a folder");
    let sets = [("synthetic.dev.tsv", 20, None), ("ecspell_odw.dev.tsv", 1, Some("--fold"))];
    for (set, step, _) in sets {
        let pairs = slice(&shared.join("eval").join(set), step);
        let sources: Vec<&str> =
            pairs.lines().map(|line| line.split('\t').next().unwrap_or(line)).collect();
        fs::write(path(set), &pairs).expect("the folder can be written to");
        write(&path("sources").join(format!("{set}.txt")), &sources);
    }
    let (sources, fixed) = (path("sources"), path("fixed"));
    kanwu(&["fix", "--quiet", "--lines", "--level", "review", name(&sources), "-o", name(&fixed)]);
    for (set, _, fold) in sets {
        let theirs = json(&output(
            Command::new("python3")
                .arg(shared.join("eval/score.py"))
                .arg("--json")
                .args(fold)
                .arg(path(set))
                .arg(fixed.join(format!("{set}.txt"))),
        ));
        let file = path(set);
        let arguments = ["eval", "pairs", "--json", name(&file)];
        let arguments: Vec<&str> = arguments.into_iter().chain(fold).collect();
        let ours = &json(&kanwu(&arguments))["sets"][0];
        assert_same_figures(&ours["all"], &theirs["all"], set);
        let kinds = theirs["types"].as_object().expect("figures by type");
        assert_eq!(ours["kinds"].as_object().map_or(0, |kinds| kinds.len()), kinds.len());
        for (kind, theirs) in kinds {
            assert_same_figures(&ours["kinds"][kind], theirs, kind);
        }
    }
}

/// Counts of a page, ours by their path, and the scorer's.
const PAGE_COUNTS: [(&str, &str); 29] = [
    ("/errors", "err"),
    ("/characters", "len"),
    ("/strict_errors", "serr"),
    ("/strict_characters", "slen"),
    ("/flow_characters", "flow_len"),
    ("/breaks_due", "brk_true"),
    ("/breaks_made", "brk_got"),
    ("/breaks_right", "brk_ok"),
    ("/body_breaks_due", "bb_true"),
    ("/body_breaks_right", "bb_ok"),
    ("/captions/all", "n_caption"),
    ("/captions/found", "found_caption"),
    ("/captions/own", "own_caption"),
    ("/captions/extracted", "extracted_caption"),
    ("/mid_captions", "n_cap_mid"),
    ("/mid_captions_extracted", "extracted_cap_mid"),
    ("/headlines/all", "n_headline"),
    ("/headlines/found", "found_headline"),
    ("/headlines/own", "own_headline"),
    ("/headlines/extracted", "extracted_headline"),
    ("/jump_lines/all", "n_jump"),
    ("/jump_lines/found", "found_jump"),
    ("/jump_lines/own", "own_jump"),
    ("/running_heads/all", "furn_running_head"),
    ("/running_heads/left", "furn_running_head_left"),
    ("/running_heads/leaked", "furn_running_head_leaked"),
    ("/page_numbers/all", "furn_page_number"),
    ("/page_numbers/left", "furn_page_number_left"),
    ("/page_numbers/leaked", "furn_page_number_leaked"),
];

#[test]
fn pages_are_scored_as_by_score_pages_py() {
    let Some(shared) = shared() else { return };
    let desk = TempDir::new().expect("a folder");
    let path = |file: &str| desk.path().join(file);
    let pages = slice(&shared.join("ocr/pages.dev.jsonl"), 21);
    fs::write(path("pages.jsonl"), &pages).expect("the folder can be written to");
    for variant in ["hard", "para"] {
        fs::create_dir_all(path("read").join(variant)).expect("a folder");
        for page in pages.lines().map(json) {
            let file = format!("{}.txt", page["id"].as_str().expect("an id"));
            let read = page[format!("ocr_{variant}")].as_str().expect("a text");
            fs::write(path("read").join(variant).join(file), read).expect("a file");
        }
    }
    let (read, repaired) = (path("read"), path("repaired"));
    kanwu(&["fix", "--quiet", "--level", "review", name(&read), "-o", name(&repaired)]);
    for variant in ["hard", "para"] {
        let file = path("pages.jsonl");
        let ours = json(&kanwu(&["eval", "pages", "--json", "--variant", variant, name(&file)]));
        let ours = &ours["files"][0];
        let counts = path("counts.json");
        output(
            Command::new("python3")
                .arg(shared.join("ocr/score_pages.py"))
                .arg(&file)
                .arg(repaired.join(variant))
                .args(["--variant", variant, "--json"])
                .arg(&counts),
        );
        let theirs = json(&text(&counts));
        let (pages, known) = (list(&ours["pages"]), list(&theirs));
        assert_eq!(pages.len(), known.len());
        for (page, known) in pages.iter().zip(known) {
            assert_eq!(page["id"], known["id"]);
            assert_same_page(page, known, &format!("{variant} {}", page["id"]));
        }
        assert_sums(ours);
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// A count of the scorer's, which leaves out what is 0.
fn count(counts: &Value, name: &str) -> u64 {
    counts.get(name).map_or(0, |count| count.as_u64().expect("a count"))
}

fn assert_same_page(ours: &Value, theirs: &Value, what: &str) {
    for side in ["before", "after"] {
        for (path, name) in PAGE_COUNTS {
            let our = ours[side].pointer(path).and_then(Value::as_u64);
            assert_eq!(our, Some(count(&theirs[side], name)), "{what} {side} {path}");
        }
    }
    for part in ["wrong", "fixed", "broken"] {
        let theirs = count(&theirs["after"], part);
        assert_eq!(ours["repairs"][part].as_u64(), Some(theirs), "{what} {part}");
    }
}

/// The figures of each group are those of its pages.
fn assert_sums(measured: &Value) {
    let groups = list(&measured["groups"]);
    assert!(groups.len() > 1, "an engine for each group");
    for group in groups {
        let pages: Vec<&Value> = list(&measured["pages"])
            .iter()
            .filter(|page| group["engine"].is_null() || page["engine"] == group["engine"])
            .collect();
        let sum = |path: &str| -> u64 {
            pages.iter().filter_map(|page| page.pointer(path).and_then(Value::as_u64)).sum()
        };
        assert_eq!(group["pages"].as_u64(), Some(pages.len() as u64));
        for side in ["before", "after"] {
            for (path, _) in PAGE_COUNTS {
                let path = format!("/{side}{path}");
                assert_eq!(
                    group.pointer(&path).and_then(Value::as_u64),
                    Some(sum(&path)),
                    "{path}"
                );
            }
        }
        let rate = sum("/after/errors") as f64 / sum("/after/characters") as f64;
        assert_same(&group["after"]["error_rate"], &rate.into(), "error rate");
    }
}

#[test]
fn the_parts_of_the_pages_are_all_of_them() {
    let pages = |part: &[&str]| -> Vec<String> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/pages/pages.jsonl");
        let measured = kanwu(&[&["eval", "--json", "--no-general", "pages", file], part].concat());
        let pages = json(&measured)["files"][0]["pages"].as_array().expect("pages").clone();
        pages.iter().map(|page| page["id"].as_str().expect("an id").to_string()).collect()
    };
    let all = pages(&[]);
    let mut parts: Vec<String> =
        ["0", "1", "2", "3"].iter().flat_map(|part| pages(&["--part", part])).collect();
    parts.sort_by_key(|id| all.iter().position(|other| other == id));
    assert_eq!(parts, all);
    let readings = pages(&["--part", "0"]).len();
    assert!(readings % 2 == 0 && readings < all.len(), "both readings of a page stay together");
}
