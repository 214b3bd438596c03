//! `kanwu fix ARCHIVE -o CLEAN`: a run over many files that may be cut off, and nothing is lost.

// A skipped test says so, and seeds are shown when a test fails.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod desk;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use desk::{Desk, Run};

const KANWU: &str = env!("CARGO_BIN_EXE_kanwu");

/// Rules that need no models: a run over small texts is short.
const LIGHT: [&str; 3] = ["--no-general", "--select", "S106,W,P,C107"];

/// A desk with an archive on it.
trait Archive {
    /// Corrects it, with a report.
    fn fix(&self, args: &[&str]) -> Run;
    /// The visible files below a folder with their bytes.
    fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>>;
    fn report(&self) -> Vec<serde_json::Value>;
    /// The records of a type in the report.
    fn records(&self, kind: &str) -> Vec<serde_json::Value>;
}

impl Archive for Desk {
    fn fix(&self, args: &[&str]) -> Run {
        self.kanwu(
            &[&["fix", "in", "-o", "out", "--report", "report.jsonl"], &LIGHT[..], args].concat(),
        )
    }

    fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(name), Path::new(""), &mut files);
        files
    }

    fn report(&self) -> Vec<serde_json::Value> {
        let lines = self.get("report.jsonl");
        lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
    }

    fn records(&self, kind: &str) -> Vec<serde_json::Value> {
        let mut records = self.report();
        records.retain(|record| record["type"] == kind);
        records
    }
}

fn collect(folder: &Path, below: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let entries = fs::read_dir(folder).into_iter().flatten();
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let name = below.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() != ".kanwu" {
                collect(&entry.path(), &name, files);
            }
        } else {
            files.insert(name, fs::read(entry.path()).expect("a file can be read"));
        }
    }
}

/// A text with slips that light rules find, different for each number.
fn text(number: usize, edition: usize) -> String {
    let spaced = "同 志 们 再 接 再 厉 ， 夺 取 更 大 胜 利 。\n";
    let idiom = "同志们再接再励，夺取更大的胜利。\n";
    let right = "今天天气很好，大家都很高兴。\n";
    let lines = [spaced, idiom, right];
    let body: String = (0..3 + number % 5).map(|line| lines[(number + line) % 3]).collect();
    format!("第{number}号，第{edition}版。\n{body}")
}

/// A small generator of numbers that anybody can follow: SplitMix64.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }
}

/// The seed in KANWU_TEST_SEED, else one nobody has chosen; it is printed.
fn dice(test: &str) -> Dice {
    let chosen = std::env::var("KANWU_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = chosen.unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        now.map_or(0, |now| now.as_nanos() as u64)
    });
    println!("{test}: KANWU_TEST_SEED={seed}");
    Dice(seed)
}

#[test]
fn an_archive_is_mirrored_and_accounted_for() {
    let desk = Desk::with(&[
        ("in/1998/a.txt", &text(1, 1)),
        ("in/1998/b.txt", "今天天气很好。\n"),
        ("in/1999/c.md", &text(2, 1)),
        ("in/1999/picture.png", "\0"),
    ]);
    let run = desk.fix(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    let names: Vec<PathBuf> = desk.tree("out").into_keys().collect();
    assert_eq!(names, ["1998/a.txt", "1998/b.txt", "1999/c.md"].map(PathBuf::from));
    assert!(desk.get("out/1998/a.txt").contains("再接再厉"));
    assert_eq!(desk.get("out/1998/b.txt"), "今天天气很好。\n");
    let files = desk.records("file");
    let status: Vec<&str> = files.iter().map(|f| f["status"].as_str().expect("a status")).collect();
    assert_eq!(status, ["changed", "unchanged", "changed"]);
    let last = desk.report().pop().expect("a last line");
    assert_eq!((last["type"].as_str(), last["files"].as_u64()), (Some("run"), Some(3)));
    let applied: u64 = files.iter().map(|f| f["applied"].as_u64().expect("a count")).sum();
    assert_eq!(last["applied"].as_u64(), Some(applied));
    assert!(desk.records("suggestion").iter().all(|s| s["applied"].is_boolean()));
    assert!(run.err.contains("3 files: 2 changed, 0 done before, 0 failed"), "{}", run.err);
    // A report can be handed on: it is read as suggestions.
    desk.put("decisions.jsonl", b"");
    let run = desk.kanwu(&["apply", "report.jsonl", "--decisions", "decisions.jsonl", "--diff"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn what_is_done_is_not_done_again() {
    let desk = Desk::new();
    for number in 0..12 {
        desk.put(&format!("in/{number:02}.txt"), text(number, 1).as_bytes());
    }
    desk.fix(&[]);
    let (tree, report) = (desk.tree("out"), desk.get("report.jsonl"));
    let skipped = |run: &Run| -> u64 {
        assert_eq!(run.code, 0, "{run:?}");
        let summary: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        summary["skipped"].as_u64().expect("a count")
    };
    let json = ["--summary", "json"];
    assert_eq!(skipped(&desk.fix(&json)), 12);
    assert_eq!((desk.tree("out"), desk.get("report.jsonl")), (tree.clone(), report.clone()));

    // A changed input, a damaged output, a lost output, a lost report.
    desk.put("in/03.txt", text(3, 2).as_bytes());
    desk.put("out/05.txt", b"scribbled");
    fs::remove_file(desk.path("out/06.txt")).expect("it is there");
    fs::remove_file(desk.path("report.jsonl")).expect("it is there");
    assert_eq!(skipped(&desk.fix(&json)), 9);
    assert!(desk.get("out/03.txt").starts_with("第3号，第2版。"));
    assert_eq!(desk.get("out/05.txt").as_bytes(), tree[Path::new("05.txt")]);
    desk.put("in/03.txt", text(3, 1).as_bytes());
    assert_eq!(skipped(&desk.fix(&json)), 11);
    assert_eq!((desk.tree("out"), desk.get("report.jsonl")), (tree, report));

    // Other settings, and a text more.
    assert_eq!(skipped(&desk.fix(&[&json[..], &["--level", "review"]].concat())), 0);
    desk.put("in/99.txt", text(99, 1).as_bytes());
    assert_eq!(skipped(&desk.fix(&[&json[..], &["--level", "review"]].concat())), 12);
}

#[test]
fn any_number_of_threads_writes_the_same() {
    let desk = Desk::new();
    for number in 0..40 {
        desk.put(&format!("in/{}/{number}.txt", number % 3), text(number, 1).as_bytes());
    }
    desk.put("in/bad.txt", b"\xff\xfe\xff");
    let mut seen = Vec::new();
    for jobs in ["1", "2", "7"] {
        assert_eq!(desk.fix(&["--jobs", jobs]).code, 2);
        seen.push((desk.tree("out"), desk.get("report.jsonl")));
        fs::remove_dir_all(desk.path("out")).expect("it is there");
        fs::remove_file(desk.path("report.jsonl")).expect("it is there");
    }
    assert!(seen[0] == seen[1] && seen[1] == seen[2]);
    let names: Vec<String> = seen[0]
        .1
        .lines()
        .filter(|line| line.starts_with("{\"type\":\"f"))
        .map(String::from)
        .collect();
    assert_eq!(names.len(), 41);
}

/// kill -9, fifty times: what is visible is whole at every moment, and in the end the tree and the
/// report are those of a run nobody disturbed.
#[test]
fn killed_at_any_moment_nothing_is_lost() {
    const TEXTS: usize = 40;
    const KILLS: usize = 50;
    let mut dice = dice("killed_at_any_moment_nothing_is_lost");
    let desk = Desk::new();
    let write_inputs = |edition: usize| {
        for number in 0..TEXTS {
            // The second edition changes every third text.
            let edition = if number % 3 == 0 { edition } else { 1 };
            desk.put(
                &format!("in/{}/{number:02}.txt", number % 4),
                text(number, edition).as_bytes(),
            );
        }
        desk.put("in/2/undecodable.txt", b"\xe4\xbb\x8a\xff\xe5\xa4\xa9");
    };
    let mut expected = Vec::new();
    let mut duration = Duration::ZERO;
    for edition in 1..=2 {
        write_inputs(edition);
        let begun = Instant::now();
        assert_eq!(desk.fix(&[]).code, 2);
        duration = duration.max(begun.elapsed());
        expected.push((desk.tree("out"), desk.get("report.jsonl")));
        fs::remove_dir_all(desk.path("out")).expect("it is there");
        fs::remove_file(desk.path("report.jsonl")).expect("it is there");
    }
    assert_ne!(expected[0], expected[1]);

    let (mut edition, mut cut_off) = (2, 0);
    for kill in 0..KILLS {
        match dice.throw(3) {
            0 => drop(fs::remove_dir_all(desk.path("out"))),
            1 => {
                edition = 3 - edition;
                write_inputs(edition);
            }
            _ => {}
        }
        let args = ["fix", "in", "-o", "out", "--report", "report.jsonl", "-q"];
        let mut command = desk.command(KANWU, &[&args[..], &LIGHT].concat());
        let mut child = command.stderr(Stdio::null()).spawn().expect("kanwu starts");
        thread::sleep(duration.mul_f64(dice.throw(1000) as f64 / 1000.0));
        cut_off += usize::from(matches!(child.try_wait(), Ok(None)));
        child.kill().expect("it is ours to kill");
        child.wait().expect("it has ended");
        for (name, bytes) in desk.tree("out") {
            let whole = expected.iter().any(|(tree, _)| tree.get(&name) == Some(&bytes));
            assert!(whole, "after kill {kill}, {} is no output", name.display());
        }
        if let Ok(report) = fs::read_to_string(desk.path("report.jsonl")) {
            assert!(expected.iter().any(|(_, whole)| *whole == report), "after kill {kill}");
        }
        if dice.throw(2) == 0 || kill + 1 == KILLS {
            assert_eq!(desk.fix(&[]).code, 2);
            let (tree, report) = &expected[edition - 1];
            assert!(desk.tree("out") == *tree, "the tree after kill {kill}");
            assert!(desk.get("report.jsonl") == *report, "the report after kill {kill}");
            let drafts = fs::read_dir(desk.path("out/.kanwu/drafts")).expect("a folder");
            assert_eq!(drafts.count(), 0, "no draft is left after kill {kill}");
        }
    }
    println!("{cut_off} of {KILLS} runs were cut off");
    assert!(cut_off > KILLS / 4, "{cut_off} runs were cut off: the others had ended before");
}

#[test]
fn two_runs_into_one_folder_are_one_too_many() {
    let desk = Desk::with(&[("in/a.txt", &text(1, 1)), ("in/b.txt", &text(2, 1))]);
    assert_eq!(desk.fix(&[]).code, 0);
    let lock = fs::File::options().write(true).open(desk.path("out/.kanwu/lock")).expect("a lock");
    lock.lock().expect("nobody else has it");
    let run = desk.fix(&[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("another run of kanwu is writing to out; stopped"), "{}", run.err);
    drop(lock);
    assert_eq!(desk.fix(&[]).code, 0);
}

#[test]
fn one_bad_file_never_stops_the_run() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let desk = Desk::with(&[("in/a.txt", &text(1, 1)), ("in/z.txt", &text(2, 1))]);
    desk.put("in/b.txt", b"\xe4\xbb\x8a\xff\xe5\xa4\xa9");
    desk.put("in/c.txt", b"secret");
    desk.put("elsewhere.txt", text(5, 1).as_bytes());
    symlink(desk.path("elsewhere.txt"), desk.path("in/link.txt")).expect("a link");
    let closed = fs::Permissions::from_mode(0o000);
    fs::set_permissions(desk.path("in/c.txt"), closed).expect("the file is ours");
    // Root reads everything.
    let readable = fs::read(desk.path("in/c.txt")).is_ok();
    let run = desk.fix(&[]);
    assert_eq!(run.code, 2);
    let failures = desk.records("failure");
    assert_eq!(failures[0]["file"], "in/b.txt");
    assert_eq!(failures[0]["kind"], "undecodable");
    assert_eq!(failures[0]["byte"], 3);
    if readable {
        eprintln!("skipped: this user reads files without permission");
    } else {
        assert_eq!(failures[1]["kind"], "unreadable");
    }
    let named = run.err.lines().any(|line| line.starts_with("  in/b.txt: not UTF-8"));
    assert!(named, "the summary names it: {}", run.err);
    assert!(desk.path("out/z.txt").exists() && !desk.path("out/b.txt").exists());
    assert!(!desk.path("out/link.txt").exists(), "links in a folder are not followed");
    // Put right, it is done; the others are not done again.
    desk.put("in/b.txt", text(3, 1).as_bytes());
    desk.fix(&[]);
    assert!(desk.path("out/b.txt").exists());
    // Spoilt again, its old output does not stay.
    desk.put("in/b.txt", b"\xff");
    assert_eq!(desk.fix(&[]).code, 2);
    assert!(!desk.path("out/b.txt").exists());
}

#[test]
fn a_target_that_cannot_be_written_is_reported() {
    let desk = Desk::with(&[("in/a.txt", &text(1, 1)), ("in/b.txt", &text(2, 1))]);
    desk.put("out/a.txt/occupied", b"");
    let run = desk.fix(&[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(desk.records("failure")[0]["kind"], "unwritable");
    assert!(desk.path("out/b.txt").exists());
}

/// A file system of half a megabyte, where one may be had.
#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let desk = Desk::new();
    for number in 0..40 {
        desk.put(&format!("in/{number:02}.txt"), text(number, 1).repeat(100).as_bytes());
    }
    fs::create_dir(desk.path("out")).expect("a folder");
    let mount = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=600k", "tmpfs"])
        .arg(desk.path("out"))
        .stderr(Stdio::null())
        .status();
    if !mount.is_ok_and(|status| status.success()) {
        eprintln!("skipped: this user cannot mount a small file system");
        return;
    }
    let run = desk.fix(&["--no-archive-evidence"]);
    let written = desk.tree("out");
    let unmounted = Command::new("umount").arg(desk.path("out")).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("No space left on device"), "{}", run.err);
    assert!(run.err.contains("run the same command again"), "{}", run.err);
    assert!(!desk.path("report.jsonl").exists());
    desk.fix(&["--no-archive-evidence"]);
    let whole = desk.tree("out");
    assert!(!written.is_empty() && written.len() < whole.len());
    for (name, bytes) in written {
        assert!(whole[&name] == bytes, "{} is whole", name.display());
    }
}

/// Truncations, bit flips and foreign encodings: no panic, and every text in the report.
#[test]
fn a_thousand_corrupted_texts_are_all_accounted_for() {
    let mut dice = dice("a_thousand_corrupted_texts_are_all_accounted_for");
    let desk = Desk::new();
    let page = include_str!("../samples/tianjin_daily.txt");
    let lines: Vec<&str> = page.lines().collect();
    for number in 0..1000 {
        let start = dice.throw(lines.len() as u64 - 4) as usize;
        let mut bytes = lines[start..start + 4].join("\n").into_bytes();
        match number % 4 {
            0 => bytes.truncate(dice.throw(bytes.len() as u64 + 1) as usize),
            1 => {
                for _ in 0..=dice.throw(4) {
                    let bit = dice.throw(8 * bytes.len() as u64) as usize;
                    bytes[bit / 8] ^= 1 << (bit % 8);
                }
            }
            2 => {
                let text = String::from_utf8(bytes).expect("lines of a text");
                bytes = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            }
            _ => {
                let noise: Vec<u8> = (0..64).map(|_| dice.throw(256) as u8).collect();
                let at = dice.throw(bytes.len() as u64) as usize;
                bytes.splice(at..at, noise);
            }
        }
        desk.put(&format!("in/{number:04}.txt"), &bytes);
    }
    let args = ["fix", "in", "-o", "out", "--report", "report.jsonl", "--no-general"];
    let run = desk.kanwu(&[&args[..], &["--ignore", "C101"]].concat());
    assert!(run.code == 0 || run.code == 2, "{run:?}");
    assert!(!run.err.contains("panicked"), "{}", run.err);
    let records = desk.report();
    let of = |kind: &str| records.iter().filter(|record| record["type"] == kind).count();
    assert_eq!(of("file") + of("failure"), 1000);
    assert_eq!(desk.tree("out").len(), of("file"));
    let panics = records.iter().filter(|record| record["kind"] == "panic").count();
    assert_eq!(panics, 0, "a panic is reported, and a mistake");
}

// evidence

#[test]
fn the_evidence_of_an_archive_is_kept() {
    let desk = Desk::new();
    let page = "聚源广场位于河畔，焕然一新。\n";
    for number in 0..8 {
        desk.put(&format!("in/{number}.txt"), page.as_bytes());
    }
    desk.put("in/9.txt", "入夜，市民来到聚溽广场散步。\n".as_bytes());
    let rules = ["--no-general", "--select", "K101", "--summary", "json"];
    let fix = |args: &[&str]| -> serde_json::Value {
        let run = desk.kanwu(&[&["fix", "in", "-o", "out"], &rules[..], args].concat());
        assert_eq!(run.code, 0, "{run:?}");
        serde_json::from_str(&run.out).expect("a summary is JSON")
    };
    let without = fix(&["--no-archive-evidence"]);
    assert!(without["findings"].get("K101").is_none(), "{without}");
    let with = fix(&[]);
    assert_eq!(with["findings"]["K101"]["hint"], 1, "{with}");
    assert_eq!(with["skipped"], 0, "evidence is part of what a result depends on");
    let index = fs::read(desk.path("out/.kanwu/index")).expect("an index");

    // A new file is judged by the evidence as it is; the others stay done.
    desk.put("in/new.txt", "入夜，聚溽广场灯火通明。\n".as_bytes());
    let more = fix(&[]);
    assert_eq!((more["skipped"].as_u64(), &more["findings"]["K101"]["hint"]), (Some(9), &2.into()));
    assert_eq!(fs::read(desk.path("out/.kanwu/index")).expect("an index"), index);
    // Counted anew, 聚溽广场 is a form of two pages.
    let anew = fix(&["--reindex"]);
    assert_eq!(anew["skipped"], 0);
    assert!(anew["findings"].get("K101").is_none(), "{anew}");

    let run = desk.kanwu(&["index", "in", "-o", "archive.index"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.starts_with("10 documents counted"), "{}", run.err);
    let named = fix(&["--index", "archive.index"]);
    assert_eq!(named["skipped"], 10, "it says the same as what was counted");
    desk.put("in/bad.index", b"text");
    assert_eq!(desk.kanwu(&["check", "--index", "in/bad.index", "in/9.txt"]).code, 2);
}

// inputs

#[test]
fn a_list_names_the_files() {
    let desk = Desk::with(&[
        ("in/a/1.txt", &text(1, 1)),
        ("in/b/1.txt", &text(2, 1)),
        ("in/b/2.txt", &text(3, 1)),
        ("list", "in/a/1.txt\r\n\nin/b\n"),
    ]);
    let fix =
        |list: &str| desk.kanwu(&[&["fix", "--file-list", list, "-o", "out"], &LIGHT[..]].concat());
    assert_eq!(fix("list").code, 0);
    let names: Vec<PathBuf> = desk.tree("out").into_keys().collect();
    // A listed file keeps its path, a listed folder is mirrored from its root.
    assert_eq!(names, ["1.txt", "2.txt", "in/a/1.txt"].map(PathBuf::from));
    desk.put("list0", b"in/a/1.txt\0in/b/2.txt\0");
    fs::remove_dir_all(desk.path("out")).expect("it is there");
    assert_eq!(fix("list0").code, 0);
    assert_eq!(desk.tree("out").len(), 2);
    assert_eq!(fix("absent").code, 2);
}

#[test]
fn folders_say_what_is_not_read() {
    let desk = Desk::with(&[
        ("in/a.txt", &text(1, 1)),
        ("in/draft-b.txt", &text(2, 1)),
        ("in/c.html", &text(3, 1)),
        ("in/old/d.txt", &text(4, 1)),
        ("in/no/e.txt", &text(5, 1)),
        ("in/.kanwuignore", "no/\n"),
    ]);
    let files = |args: &[&str]| -> Vec<PathBuf> {
        drop(fs::remove_dir_all(desk.path("out")));
        desk.fix(args);
        desk.tree("out").into_keys().collect()
    };
    let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
    assert_eq!(files(&[]), paths(&["a.txt", "draft-b.txt", "old/d.txt"]));
    assert_eq!(files(&["--exclude", "draft-*", "--exclude", "old/"]), paths(&["a.txt"]));
    assert_eq!(files(&["--type", "html,md"]), paths(&["c.html"]));
    assert_eq!(
        desk.fix(&["--type", "xml"]).err.lines().next(),
        Some("kanwu: in: no .xml files in it")
    );
}
