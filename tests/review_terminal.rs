//! `kanwu review` as a proofreader meets it: in a terminal, with keys.
#![cfg(all(unix, feature = "tui"))]

mod desk;
#[path = "desk/picture.rs"]
mod picture;
#[path = "desk/terminal.rs"]
mod terminal;

use std::fs;

use desk::Desk;
use terminal::Terminal;

/// The page of the README.
const PAGE: &str = "samples/tianjin_daily.txt";

/// What its clean text keeps: the quotation marks of a headline.
const RIGHT: &str = "K102";

fn with_the_page() -> Desk {
    let desk = Desk::new();
    desk.put("page.txt", &fs::read(PAGE).expect("the sample page"));
    desk
}

fn review(desk: &Desk, args: &[&str], columns: u16, rows: u16) -> Terminal {
    let args = [&["review", "page.txt", "--reviewer", "王"], args].concat();
    Terminal::start(desk.folder.path(), &args, columns, rows)
}

/// How many suggestions there are, from the first line of the screen.
fn count(terminal: &Terminal) -> usize {
    terminal.wait_for(" decided");
    let line = &terminal.lines()[0];
    let digits = line.split('/').nth(1).and_then(|rest| rest.split(' ').next());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("no count: {line}"))
}

/// The line of the list in work.
fn in_work(terminal: &Terminal) -> String {
    let lines = terminal.lines();
    let line = lines.iter().find(|line| line.starts_with('▶'));
    let line = line.unwrap_or_else(|| panic!("no line is in work:\n{}", lines.join("\n")));
    line.split('│').next().unwrap_or_default().to_string()
}

fn decided(terminal: &Terminal, number: usize, all: usize) {
    terminal.wait_for(&format!(" {number}/{all} decided"));
}

fn leave(mut terminal: Terminal) {
    terminal.type_keys("Q");
    assert_eq!(terminal.end(), 0);
}

fn paragraphs(text: &str) -> Vec<&str> {
    text.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect()
}

#[test]
fn the_sample_page_is_reviewed_and_applied() {
    let desk = with_the_page();
    let mut terminal = review(&desk, &[], 100, 30);
    let all = count(&terminal);
    for number in 1..=all {
        let key = if in_work(&terminal).contains(RIGHT) { "r" } else { "a" };
        terminal.type_keys(key);
        decided(&terminal, number, all);
    }
    terminal.wait_for(&format!("all {all} decided"));
    leave(terminal);
    let run = desk.kanwu(&["apply", "-o", "clean.txt"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let clean = fs::read_to_string("samples/tianjin_daily.clean.txt").expect("the clean text");
    assert_eq!(paragraphs(&desk.get("clean.txt")), paragraphs(&clean));
    assert_eq!(desk.get("page.txt").as_bytes(), fs::read(PAGE).expect("the sample page"));
}

#[test]
fn what_is_shown_as_decided_survives_a_power_cut() {
    let desk = with_the_page();
    let mut terminal = review(&desk, &[], 100, 30);
    let all = count(&terminal);
    terminal.type_keys("a");
    decided(&terminal, 1, all);
    terminal.type_keys("r");
    decided(&terminal, 2, all);
    let next = in_work(&terminal);
    terminal.kill();
    assert_eq!(desk.get(".kanwu/decisions.jsonl").lines().count(), 2);
    let terminal = review(&desk, &[], 100, 30);
    decided(&terminal, 2, all);
    assert_eq!(in_work(&terminal), next);
    leave(terminal);
}

#[test]
fn decisions_are_taken_back_and_wordings_typed_and_pasted() {
    let desk = with_the_page();
    let mut terminal = review(&desk, &[], 100, 30);
    let all = count(&terminal);
    terminal.type_keys("a");
    decided(&terminal, 1, all);
    terminal.type_keys("u");
    decided(&terminal, 0, all);
    terminal.type_keys("/托幼\r");
    // The missing character is explained by the place that has it.
    terminal.wait("the evidence", |lines| {
        lines.iter().any(|line| line.contains("· line ") && line.contains("托幼一体化"))
    });
    terminal.type_keys("/以以\r");
    terminal.wait("the slip", |_| in_work(&terminal).contains("以以"));
    terminal.type_keys("e");
    terminal.wait_for("Reword: 以");
    // Home, Delete, a pasted text, End, Backspace, Enter.
    terminal.type_keys("\x1b[H\x1b[3~\x1b[200~以此\x1b[201~\x1b[Fx\x7f");
    terminal.wait_for("Reword: 以此");
    terminal.type_keys("\r");
    decided(&terminal, 1, all);
    let log = desk.get(".kanwu/decisions.jsonl");
    let last = log.lines().last().expect("a decision");
    assert!(last.contains(r#""verdict":"replace","text":"以此""#), "{last}");
    leave(terminal);
}

#[test]
fn the_window_can_be_given_any_size() {
    let desk = with_the_page();
    let mut terminal = review(&desk, &[], 100, 30);
    let all = count(&terminal);
    terminal.resize(40, 12);
    terminal.wait("list above text", |lines| {
        lines.len() == 12 && lines[0].contains("decided") && !lines[1].contains('│')
    });
    terminal.type_keys("a");
    decided(&terminal, 1, all);
    terminal.resize(30, 8);
    terminal.wait_for("window too small");
    terminal.resize(120, 40);
    terminal.wait("list beside text", |lines| lines[1].contains('│'));
    decided(&terminal, 1, all);
    leave(terminal);
}

#[test]
fn without_colour_brackets_mark_the_change_and_the_terminal_is_given_back() {
    let desk = with_the_page();
    let mut terminal = review(&desk, &["--color", "never"], 100, 30);
    count(&terminal);
    terminal.wait_for("[-⏎-]");
    terminal.type_keys("\x03");
    assert_eq!(terminal.end(), 0);
    let written = terminal.written();
    for colour in ["\x1b[31m", "\x1b[32m", "\x1b[38;5;1m", "\x1b[38;5;2m"] {
        assert!(!written.contains(colour), "{colour:?}");
    }
    assert!(written.contains("\x1b[?1049l") && written.contains("\x1b[?2004l"));
}

#[test]
fn others_decisions_appear() {
    let desk = with_the_page();
    let mut mine = review(&desk, &[], 100, 30);
    let all = count(&mine);
    let args = ["review", "page.txt", "--reviewer", "李"];
    let mut theirs = Terminal::start(desk.folder.path(), &args, 100, 30);
    decided(&theirs, 0, all);
    theirs.type_keys("a");
    decided(&mine, 1, all);
    mine.type_keys("r");
    theirs.wait_for("1 in conflict");
    leave(mine);
    leave(theirs);
}

#[test]
fn without_a_terminal_the_other_ways_are_named() {
    let desk = with_the_page();
    let run = desk.kanwu(&["review", "page.txt"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("check --format") && run.err.contains("--web"), "{}", run.err);
}

#[test]
fn nothing_to_review_is_said() {
    let desk = Desk::with(&[("page.txt", "今天天气很好，大家都很高兴。\n")]);
    let mut terminal = review(&desk, &[], 100, 30);
    assert_eq!(terminal.end(), 0);
    terminal.wait_for("nothing to review in 1 file");
}

/// Makes the pictures of the READMEs anew:
/// `cargo test --test review_terminal -- --ignored pictures`.
#[test]
#[ignore = "writes docs/images"]
fn pictures_for_the_readmes() {
    for (language, name) in [("en", "review-terminal"), ("zh", "review-terminal.zh-CN")] {
        let desk = Desk::new();
        desk.put("tianjin_daily.txt", &fs::read(PAGE).expect("the sample page"));
        let args = ["review", "tianjin_daily.txt", "--reviewer", "王", "--lang", language];
        let mut terminal = Terminal::start(desk.folder.path(), &args, 108, 28);
        terminal.wait_for("0/");
        // The first is accepted, the quotation marks rejected, the missing character looked at.
        terminal.type_keys("aajr");
        terminal.wait_for("3/");
        terminal.type_keys("/托幼\r");
        terminal.wait("the missing character", |_| in_work(&terminal).contains("托幼"));
        let picture =
            terminal.look(|screen| picture::draw(screen, "kanwu review tianjin_daily.txt"));
        fs::create_dir_all("docs/images").expect("a folder");
        fs::write(format!("docs/images/{name}.svg"), picture).expect("it can be written");
        leave(terminal);
    }
}
