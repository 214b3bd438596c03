//! The command as a user meets it: standard output, standard error, exit status, files.

mod desk;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use desk::{Desk, Run};

/// Spaces between all characters: S106 takes them out, at any level.
const SPACED: &str = "同 志 们 再 接 再 厉 ， 夺 取 更 大 胜 利 。";
const UNSPACED: &str = "同志们再接再厉，夺取更大胜利。";

/// 协同 is split by a line break: S102 joins the lines, at level review.
const SPLIT: &str = "会议指出，要部门联动、城乡一体、有效协\n\n同的救助网络进一步织密，各乡镇困难家庭\
                     情况全面摸清，全年任务圆满完成。\n";
const JOINED: &str = "会议指出，要部门联动、城乡一体、有效协同的救助网络进一步织密，各乡镇困难家庭\
                      情况全面摸清，全年任务圆满完成。\n";

/// Nothing to say about it.
const RIGHT: &str = "今天天气很好，大家都很高兴。\n";

const KANWU: &str = env!("CARGO_BIN_EXE_kanwu");

fn finish(mut command: Command) -> Run {
    let output = command.output().expect("the program starts");
    Run::of(output)
}

fn feed(mut command: Command, input: &[u8]) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(input).expect("the program reads its input");
    drop(stdin);
    Run::of(child.wait_with_output().expect("the program ends"))
}

fn permissions(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).expect("the file is there").permissions().mode() & 0o777
}

// check

#[test]
fn right_text_ends_with_0() {
    let desk = Desk::with(&[("a.txt", RIGHT)]);
    let run = desk.kanwu(&["check", "a.txt"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(run.out, "0 suggestions in 1 file, 14 characters, 0.00 per 10,000\n");
    let run = desk.kanwu(&["check", "--lang", "zh", "a.txt"]);
    assert_eq!(run.out, "未发现问题：1 个文件，14 字\n");
}

#[test]
fn findings_end_with_1() {
    let desk = Desk::with(&[("a.txt", SPLIT)]);
    let run = desk.kanwu(&["check", "a.txt"]);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert!(run.out.starts_with("a.txt:1:"), "{}", run.out);
    assert_eq!(desk.kanwu(&["check", "--exit-zero", "a.txt"]).code, 0);
    assert_eq!(desk.kanwu(&["check", "--ignore", "S", "a.txt"]).code, 0);
    assert_eq!(desk.kanwu(&["check", "--select", "S102", "a.txt"]).code, 1);
    assert_eq!(desk.kanwu(&["check", "--min-confidence", "1", "a.txt"]).code, 0);
}

#[test]
fn the_locale_chooses_the_language() {
    let desk = Desk::with(&[("a.txt", RIGHT)]);
    let mut command = desk.command(KANWU, &["check", "a.txt"]);
    command.env("LANG", "zh_CN.UTF-8");
    assert!(finish(command).out.starts_with("未发现问题"));
}

#[test]
fn a_bad_file_does_not_stop_the_others() {
    let desk = Desk::with(&[("c.txt", RIGHT)]);
    desk.put("a.txt", "今天".repeat(3).as_bytes());
    desk.put("b.txt", b"\xe4\xbb\x8a\xff\xe5\xa4\xa9");
    let run = desk.kanwu(&["check", "missing.txt", "c.txt", "b.txt", "a.txt"]);
    assert_eq!(run.code, 2);
    let errors: Vec<&str> = run.err.lines().collect();
    assert_eq!(
        errors[0],
        "kanwu: b.txt: not UTF-8: byte 0xFF at offset 3; the encoding is uncertain, name it with \
         --encoding"
    );
    assert!(errors[1].starts_with("kanwu: missing.txt: "), "{}", errors[1]);
    assert!(run.out.contains(" in 2 files, "), "{}", run.out);
    assert!(run.out.ends_with("2 files could not be read\n"), "{}", run.out);
}

#[test]
fn folders_are_walked_in_order() {
    let desk = Desk::with(&[
        ("in/b.txt", SPLIT),
        ("in/a/z.TXT", SPLIT),
        ("in/a.md", SPLIT),
        ("in/picture.png", "\0"),
        ("in/.hidden.txt", SPLIT),
        ("in/old/c.txt", SPLIT),
        ("in/.gitignore", "old/\n"),
    ]);
    let files = |jobs: &str| -> Vec<String> {
        let run = desk.kanwu(&["check", "-q", "-j", jobs, "in", "in/b.txt"]);
        run.out
            .lines()
            .filter(|line| line.starts_with("in/"))
            .map(|line| line.split(':').next().expect("a name").to_string())
            .collect()
    };
    assert_eq!(files("1"), ["in/a/z.TXT", "in/a.md", "in/b.txt"]);
    assert_eq!(files("1"), files("4"));
    let run = desk.kanwu(&["check", "in/old/../../in/a/.."]);
    assert_eq!(run.code, 1);
}

#[test]
fn a_folder_without_texts_is_trouble() {
    let desk = Desk::with(&[("in/picture.png", "\0")]);
    let run = desk.kanwu(&["check", "in"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.err, "kanwu: in: no text or layout files in it\n");
}

#[test]
fn standard_input_has_a_name() {
    let desk = Desk::new();
    let run = feed(desk.command(KANWU, &["check", "-q", "-"]), SPLIT.as_bytes());
    assert!(run.code == 1 && run.out.starts_with("<stdin>:1:"), "{run:?}");
    let args = ["check", "-q", "--stdin-filename", "要闻.txt", "-"];
    let run = feed(desk.command(KANWU, &args), SPLIT.as_bytes());
    assert!(run.out.starts_with("要闻.txt:1:"), "{run:?}");
}

#[test]
fn empty_texts_and_marks_are_fine() {
    let desk =
        Desk::with(&[("empty.txt", ""), ("mark.txt", "\u{feff}"), ("lines.txt", "\n\r\n\r")]);
    for format in ["text", "diff", "json", "jsonl"] {
        let run = desk.kanwu(&["check", "--format", format, "."]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
    }
    let run = desk.kanwu(&["fix", "--stdout", "mark.txt"]);
    assert_eq!(run.out, "\u{feff}");
}

#[test]
fn equal_findings_are_counted() {
    let text = format!("同志们再接再励，夺取更大胜利。\n{RIGHT}").repeat(12);
    let desk = Desk::with(&[("a.txt", text.as_str())]);
    let check = |args: &[&str]| {
        let all = [&["check", "-q", "--lines", "--select", "W101", "a.txt"], args].concat();
        desk.kanwu(&all).out
    };
    let places = |out: &str| out.lines().filter(|line| line.starts_with("a.txt:")).count();
    assert_eq!(places(&check(&[])), 1);
    assert!(check(&[]).contains("  … and 11 more of 再接再励"), "{}", check(&[]));
    assert!(check(&[]).contains("(lines 3, 5, 7, 9, 11, 13, 15, 17…)"), "{}", check(&[]));
    assert_eq!(places(&check(&["--all"])), 12);
}

#[test]
fn colour_is_for_those_who_ask() {
    let desk = Desk::with(&[("a.txt", SPLIT)]);
    assert!(!desk.kanwu(&["check", "a.txt"]).out.contains('\u{1b}'));
    assert!(desk.kanwu(&["check", "--color", "always", "a.txt"]).out.contains("\u{1b}[31m"));
    let diff = ["fix", "--level", "review", "--diff", "--color", "always", "a.txt"];
    assert!(desk.kanwu(&diff).out.contains("\u{1b}["));
}

#[test]
fn a_reader_who_has_seen_enough_is_no_trouble() {
    let desk = Desk::with(&[("a.txt", &format!("{SPACED}\n").repeat(500))]);
    let args = ["check", "--lines", "--format", "jsonl", "a.txt"];
    let mut command = desk.command(KANWU, &args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("kanwu starts");
    let mut line = String::new();
    let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
    reader.read_line(&mut line).expect("a line");
    drop(reader);
    let run = Run::of(child.wait_with_output().expect("kanwu ends"));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn unknown_rules_are_refused() {
    let desk = Desk::with(&[("a.txt", RIGHT)]);
    let run = desk.kanwu(&["check", "--select", "S1022", "a.txt"]);
    assert_eq!(run.code, 2);
    assert_eq!(run.err, "kanwu: there is no rule or family \"S1022\"; did you mean S102?\n");
    let run = desk.kanwu(&["explain", "spelling"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("`kanwu rules` lists them"), "{}", run.err);
    let run = desk.kanwu(&["explain", "S"]);
    assert!(run.code == 2 && run.err.contains("S is a family"), "{}", run.err);
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let desk = Desk::with(&[("a.txt", SPLIT)]);
    desk.put("old.jsonl", desk.kanwu(&["check", "--format", "jsonl", "a.txt"]).out.as_bytes());
    let check = ["check", "--baseline", "old.jsonl", "--format", "jsonl", "a.txt"];
    assert_eq!(desk.kanwu(&check).code, 0);
    // The known finding has moved; a new one stands before it.
    desk.put("a.txt", format!("{SPACED}\n\n{RIGHT}\n{SPLIT}").as_bytes());
    let run = desk.kanwu(&check);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("S106") && !run.out.contains("S102"), "{}", run.out);
}

#[test]
fn line_by_line_no_line_is_joined() {
    let desk = Desk::with(&[("a.txt", SPLIT)]);
    assert_eq!(desk.kanwu(&["check", "--lines", "--select", "S101,S102", "a.txt"]).code, 0);
    let text = format!("{SPACED}\n\n{SPLIT}{SPACED}");
    let run = feed(desk.command(KANWU, &["fix", "--lines", "--stdout", "-"]), text.as_bytes());
    assert_eq!(run.out, format!("{UNSPACED}\n\n{SPLIT}{UNSPACED}"));
}

// fix

#[test]
fn nothing_is_written_unasked() {
    let desk = Desk::with(&[("a.txt", SPLIT)]);
    let run = desk.kanwu(&["fix", "--level", "review", "a.txt"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    for way in ["-o OUT", "--in-place", "--stdout", "--diff"] {
        assert!(run.err.contains(way), "{}", run.err);
    }
    assert_eq!(desk.get("a.txt"), SPLIT);
    assert_eq!(desk.kanwu(&["fix", "--level", "hint", "--stdout", "a.txt"]).code, 2);
}

#[test]
fn a_fixed_text_goes_to_standard_output() {
    let desk = Desk::with(&[("a.txt", SPLIT)]);
    let run = desk.kanwu(&["fix", "--level", "review", "--stdout", "a.txt"]);
    assert_eq!((run.code, run.out.as_str()), (0, JOINED));
    assert_eq!(run.err, "1 change in 1 file\n");
    assert_eq!(desk.get("a.txt"), SPLIT);
    let run = feed(desk.command(KANWU, &["fix", "--level", "review", "-q", "-"]), SPLIT.as_bytes());
    assert_eq!((run.out.as_str(), run.err.as_str()), (JOINED, ""));
}

#[test]
fn only_what_is_sure_is_fixed_unasked() {
    let desk = Desk::with(&[("a.txt", SPLIT)]);
    let run =
        desk.kanwu(&["fix", "--min-confidence", "1", "--level", "review", "--stdout", "a.txt"]);
    assert_eq!(run.out, SPLIT);
}

#[test]
fn line_ends_marks_and_last_lines_stay() {
    let spaced = format!("\u{feff}{RIGHT}{SPACED}\r\n{SPACED}\r{SPACED}");
    let desk = Desk::with(&[("a.txt", spaced.as_str())]);
    let run = desk.kanwu(&["fix", "--lines", "--level", "review", "--stdout", "a.txt"]);
    assert_eq!(run.out, format!("\u{feff}{RIGHT}{UNSPACED}\r\n{UNSPACED}\r{UNSPACED}"));
}

#[test]
fn folders_are_mirrored() {
    let desk = Desk::with(&[("in/a.txt", SPLIT), ("in/sub/文 件.txt", RIGHT), ("b.txt", SPLIT)]);
    let run = desk.kanwu(&["fix", "--level", "review", "in", "b.txt", "-o", "out"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    assert_eq!(desk.get("out/a.txt"), JOINED);
    assert_eq!(desk.get("out/b.txt"), JOINED);
    assert_eq!(desk.get("out/sub/文 件.txt"), RIGHT);
    assert_eq!(desk.get("in/a.txt"), SPLIT);
}

#[test]
fn one_text_goes_to_one_file() {
    let desk = Desk::with(&[("a.txt", SPLIT)]);
    assert_eq!(desk.kanwu(&["fix", "--level", "review", "a.txt", "-o", "new/b.txt"]).code, 0);
    assert_eq!(desk.get("new/b.txt"), JOINED);
    assert_eq!(desk.kanwu(&["fix", "--level", "review", "a.txt", "-o", "new"]).code, 0);
    assert_eq!(desk.get("new/a.txt"), JOINED);
}

#[test]
fn no_output_lands_on_an_input() {
    let desk = Desk::with(&[("in/a.txt", SPLIT), ("b/a.txt", SPLIT)]);
    let refused = |args: &[&str]| {
        let run = desk.kanwu(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        run.err
    };
    assert!(refused(&["fix", "in", "-o", "in/out"]).contains("lies in in"));
    assert!(refused(&["fix", "in", "-o", "in"]).contains("lies in in"));
    assert!(refused(&["fix", "in/a.txt", "-o", "in/../in/a.txt"]).contains("would overwrite"));
    assert!(refused(&["fix", "in/a.txt", "-o", "in"]).contains("would overwrite"));
    assert!(refused(&["fix", "in", "b", "-o", "out"]).contains("two texts would be written"));
    assert!(refused(&["fix", "in", "b", "--stdout"]).contains("--stdout takes one text"));
    assert!(refused(&["fix", "-", "--in-place"]).contains("cannot be changed in place"));
    assert!(!desk.path("out").exists() && !desk.path("in/out").exists());
    assert_eq!(desk.get("in/a.txt"), SPLIT);
}

#[test]
fn files_are_changed_in_place() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(&[("a.txt", SPLIT), ("b.txt", RIGHT)]);
    let mode = fs::Permissions::from_mode(0o640);
    fs::set_permissions(desk.path("a.txt"), mode).expect("the file is ours");
    let run = desk.kanwu(&["fix", "--level", "review", "-i", "--backup", "a.txt", "b.txt"]);
    assert_eq!((run.code, run.err.as_str()), (0, "1 change in 1 file\n"));
    assert_eq!(desk.get("a.txt"), JOINED);
    assert_eq!(permissions(&desk.path("a.txt")), 0o640);
    assert_eq!(desk.get("a.txt.bak"), SPLIT);
    assert!(!desk.path("b.txt.bak").exists());
    // A second run has its own backup: the first one is the text as it was scanned.
    desk.put("a.txt", format!("{SPACED}\n").as_bytes());
    desk.kanwu(&["fix", "--level", "review", "-i", "--backup", "a.txt"]);
    assert_eq!(desk.get("a.txt.bak"), SPLIT);
    assert_eq!(desk.get("a.txt.bak2"), format!("{SPACED}\n"));
}

#[test]
fn mirrored_files_keep_their_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with(&[("in/a.txt", SPLIT)]);
    let mode = fs::Permissions::from_mode(0o600);
    fs::set_permissions(desk.path("in/a.txt"), mode).expect("the file is ours");
    desk.kanwu(&["fix", "in", "-o", "out"]);
    assert_eq!(permissions(&desk.path("out/a.txt")), 0o600);
}

// diff

/// Texts that are hard on a diff: joins, CRLF, no last line end, names to quote.
fn hard_texts() -> Vec<(&'static str, String)> {
    let lines: String = (1..30).map(|n| format!("第{n}行没有错误。\n")).collect();
    vec![
        ("plain.txt", format!("{lines}{SPLIT}{lines}{SPACED}\n")),
        ("sub/with space.txt", format!("{SPACED}\n")),
        ("sub/要闻 一.txt", format!("{RIGHT}{SPACED}")),
        ("crlf.txt", format!("{lines}{SPLIT}{SPACED}\n{lines}").replace('\n', "\r\n")),
        ("mark.txt", format!("\u{feff}{SPACED}\n{SPLIT}")),
        ("cut.txt", format!("{lines}{}", SPLIT.trim_end())),
    ]
}

/// Both diffs, fed to `program`, must make every text what `fix` makes it.
fn check_patch(program: &str, args: &[&str]) {
    for command in [&["fix", "--diff"][..], &["check", "--format", "diff"]] {
        let desk = Desk::new();
        let mut fixed = Vec::new();
        for (name, text) in hard_texts() {
            desk.put(name, text.as_bytes());
            let run = desk.kanwu(&["fix", "--level", "review", "--stdout", name]);
            assert_ne!(run.out, text, "{name}");
            fixed.push((name, run.out));
        }
        let diff = desk.kanwu(&[command, &["--level", "review", "."]].concat()).out;
        let run = feed(desk.command(program, args), diff.as_bytes());
        assert_eq!(run.code, 0, "{run:?}\n{diff}");
        for (name, text) in fixed {
            assert_eq!(desk.get(name), text, "{name}");
        }
    }
}

#[test]
fn patch_takes_the_diff() {
    check_patch("patch", &["-p1", "--binary"]);
}

#[test]
fn git_takes_the_diff() {
    check_patch("git", &["apply", "-"]);
}

// apply

/// A desk with a checked text, its suggestions saved, and their ids.
fn checked() -> (Desk, Vec<String>) {
    let desk = Desk::with(&[("a.txt", &format!("{SPACED}\n\n{RIGHT}\n{SPLIT}"))]);
    let run = desk.kanwu(&["check", "--save", "-q", "a.txt"]);
    assert_eq!(run.code, 1);
    let ids = desk.get(".kanwu/suggestions.jsonl").lines().map(id).collect();
    (desk, ids)
}

fn id(line: &str) -> String {
    let record: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
    record["id"].as_str().expect("a record has an id").to_string()
}

#[test]
fn only_what_was_decided_is_applied() {
    let (desk, ids) = checked();
    assert_eq!(ids.len(), 2);
    let decide = |lines: &[String]| desk.put(".kanwu/decisions.jsonl", lines.join("\n").as_bytes());
    let accept = |id: &str| format!(r#"{{"id":"{id}","verdict":"accept","choice":1}}"#);
    let reject = |id: &str| format!(r#"{{"id":"{id}","verdict":"reject"}}"#);
    let before = desk.get("a.txt");

    decide(&[reject(&ids[0]), accept(&ids[1])]);
    let run = desk.kanwu(&["apply", "--stdout"]);
    assert_eq!((run.code, run.err.as_str()), (0, "1 change in 1 file\n"));
    assert_eq!(run.out, format!("{SPACED}\n\n{RIGHT}\n{JOINED}"));
    assert_eq!(desk.get("a.txt"), before);

    // The later decision on a suggestion counts.
    decide(&[reject(&ids[0]), accept(&ids[1]), accept(&ids[0])]);
    assert_eq!(desk.kanwu(&["apply"]).code, 2, "nothing is written unasked");
    let run = desk.kanwu(&["apply", "--in-place", "--backup"]);
    assert_eq!((run.code, run.err.as_str()), (0, "2 changes in 1 file\n"));
    assert_eq!(desk.get("a.txt"), format!("{UNSPACED}\n\n{RIGHT}\n{JOINED}"));
    assert_eq!(desk.get("a.txt.bak"), before);

    let run = desk.kanwu(&["apply", "--in-place"]);
    assert_eq!((run.code, run.err.as_str()), (0, "0 changes in 0 files\n"));
}

#[test]
fn suggestions_may_carry_their_decisions() {
    let (desk, ids) = checked();
    let lines = desk.get(".kanwu/suggestions.jsonl");
    let lines: Vec<String> = lines
        .lines()
        .map(|line| {
            let verdict = if id(line) == ids[1] { "accept" } else { "query" };
            let decision = format!(r#","decision":{{"verdict":"{verdict}"}}}}"#);
            line.strip_suffix('}').expect("an object").to_string() + &decision
        })
        .collect();
    desk.put("decided.jsonl", lines.join("\n").as_bytes());
    let run = desk.kanwu(&["apply", "decided.jsonl", "-o", "b.txt"]);
    assert_eq!((run.code, run.err.as_str()), (0, "1 change in 1 file\n"));
    assert_eq!(desk.get("b.txt"), format!("{SPACED}\n\n{RIGHT}\n{JOINED}"));
}

#[test]
fn what_is_gone_is_refused_by_name() {
    let (desk, ids) = checked();
    let line = format!(r#"{{"id":"{}","verdict":"accept"}}"#, ids[0]);
    desk.put("d.jsonl", format!("{line}\n{}", line.replace(&ids[0], "0000")).as_bytes());
    desk.put("a.txt", SPLIT.as_bytes());
    let run = desk.kanwu(&["apply", "--decisions", "d.jsonl", "--diff"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("1 decision on none of these suggestions"), "{}", run.err);
    let refused = format!("({}): the text is no longer there\n", ids[0]);
    assert!(run.err.contains("kanwu: a.txt:1: 同 志 们"), "{}", run.err);
    assert!(run.err.contains(&refused), "{}", run.err);
    assert!(run.err.ends_with("1 decision refused\n"), "{}", run.err);
}

// the manual

#[test]
fn the_manual_comes_from_the_rules() {
    let desk = Desk::new();
    let run = desk.kanwu(&["rules", "s"]);
    assert!(run.code == 0 && run.out.lines().all(|line| line.starts_with('S')), "{run:?}");
    let run = desk.kanwu(&["explain", "s102", "--lang", "zh"]);
    assert!(run.code == 0 && run.out.contains("\n理由\n"), "{run:?}");
    assert!(desk.kanwu(&["man"]).out.contains(".TH kanwu 1"));
    assert!(desk.kanwu(&["man", "check"]).out.contains("baseline"));
    assert!(desk.kanwu(&["completions", "bash"]).out.contains("_kanwu"));
    assert_eq!(desk.kanwu(&[]).code, 2);
}

#[test]
fn the_printed_rules_are_those_of_the_command() {
    let printed = include_str!("../docs/rules.md");
    let run = Desk::new().kanwu(&["rules", "--markdown"]);
    assert_eq!(run.out, printed, "`kanwu rules --markdown > docs/rules.md` renews it");
}
