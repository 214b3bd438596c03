//! `kanwu stream`: JSON lines in, JSON lines out.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};

fn start(args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kanwu"));
    command.args(["stream", "--no-general", "--select", "W,S106", "--lang", "en"]).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("kanwu starts")
}

/// The answers to lines that are sent all at once.
fn answers(args: &[&str], lines: &[u8]) -> Vec<Value> {
    let mut child = start(args);
    let mut stdin = child.stdin.take().expect("a pipe");
    let lines = lines.to_vec();
    let writer = thread::spawn(move || stdin.write_all(&lines));
    let output = child.wait_with_output().expect("kanwu ends");
    writer.join().expect("the writer ends").expect("kanwu reads everything");
    assert_eq!(output.status.code(), Some(0));
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    out.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

#[test]
fn each_record_has_its_answer_in_order() {
    let records: String = (0..300)
        .map(|number| {
            let text = if number % 7 == 0 { "再接再励。" } else { "天气很好。" };
            json!({"id": {"page": number}, "text": text.repeat(1 + number % 40)}).to_string() + "\n"
        })
        .collect();
    let one = answers(&["-j", "1"], records.as_bytes());
    assert_eq!(one.len(), 300);
    for (number, answer) in one.iter().enumerate() {
        assert_eq!(answer["id"], json!({"page": number}));
        assert_eq!(answer["changed"], number % 7 == 0);
        let count = answer["suggestions"].as_array().expect("a list").len();
        assert_eq!(count, if number % 7 == 0 { 1 + number % 40 } else { 0 });
        assert!(!answer["text"].as_str().expect("a text").contains('励'));
    }
    assert_eq!(one, answers(&["-j", "4"], records.as_bytes()));
}

#[test]
fn a_bad_record_gets_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("a.txt"), "再接再励。\r\n").expect("written");
    fs::write(path("bad.txt"), b"\xe4\xbb\x8a\xff").expect("written");
    let mut lines = Vec::new();
    for line in [
        json!({"id": 1, "path": path("a.txt")}).to_string(),
        json!({"id": 2, "path": path("bad.txt")}).to_string(),
        json!({"id": 3, "path": path("absent.txt")}).to_string(),
        "{\"id\": 4, ".to_string(),
        json!({"id": 5}).to_string(),
        json!({"id": 6, "text": "一", "path": "b"}).to_string(),
        json!({"text": "再接再励。"}).to_string(),
        format!("{{\"id\": 8, \"text\": \"{}\"}}", "长".repeat(400_000)),
        String::new(),
        json!({"id": 10, "text": ""}).to_string(),
    ] {
        lines.extend(line.into_bytes());
        lines.push(b'\n');
    }
    lines.extend(b"{\"id\": 11, \"text\": \"\xff\"}\n");
    lines.extend(b"{\"id\": 12, \"text\": \"last\"}");
    let found = answers(&["--longest-record", "1"], &lines);
    let errors: Vec<Option<&str>> =
        found.iter().map(|answer| answer["error"]["kind"].as_str()).collect();
    let (bad, none) = (Some("undecodable"), Some("unreadable"));
    assert_eq!(errors, [None, bad, none, bad, bad, bad, None, bad, None, bad, None]);
    assert_eq!(found[0]["text"], "再接再厉。\r\n");
    assert_eq!((&found[1]["id"], &found[1]["error"]["byte"]), (&json!(2), &json!(3)));
    assert_eq!((&found[3]["id"], &found[3]["error"]["line"]), (&Value::Null, &json!(4)));
    assert_eq!(found[6]["text"], "再接再厉。");
    assert_eq!(found[8]["id"], 10);
    assert_eq!(found[10]["text"], "last");
}

/// Who waits for an answer before asking again gets it.
#[test]
fn an_answer_does_not_wait_for_the_next_question() {
    let mut child = start(&["--quiet"]);
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    for number in 0..20 {
        writeln!(stdin, "{}", json!({"id": number, "text": "再接再励。"})).expect("it is read");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("an answer");
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&answer["id"], &answer["applied"]), (&json!(number), &json!(1)));
    }
    drop(stdin);
    assert_eq!(child.wait().expect("kanwu ends").code(), Some(0));
}

/// A reader that does not read holds the writer back: questions are not piled up in memory.
#[test]
fn a_slow_reader_holds_the_writer_back() {
    let mut child = start(&["-j", "1", "--quiet"]);
    let mut stdin = child.stdin.take().expect("a pipe");
    let line = json!({"id": 0, "text": "天气很好。".repeat(20_000)}).to_string() + "\n";
    let (sent, received) = std::sync::mpsc::channel();
    let writer = thread::spawn(move || {
        for number in 0..60 {
            stdin.write_all(line.as_bytes()).expect("kanwu reads");
            sent.send(number).expect("the test listens");
        }
    });
    let mut last = 0;
    while let Ok(number) = received.recv_timeout(std::time::Duration::from_secs(3)) {
        last = number;
    }
    assert!(last < 40, "{last} records were taken and none was read");
    let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    assert_eq!(stdout.lines().count(), 60);
    writer.join().expect("the writer ends");
    assert_eq!(child.wait().expect("kanwu ends").code(), Some(0));
}
