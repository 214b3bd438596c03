//! Texts that are not UTF-8, and texts in traditional script: what is found is the same, and what
//! is not changed keeps its bytes.

// A skipped test says so, and figures are shown with --nocapture.
#![allow(clippy::print_stdout)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use kanwu::apply::{Written, apply, apply_to};
use kanwu::emit::json::SuggestionRecord;
use kanwu::review::{Verdict, resolve};
use kanwu::source::{ENCODINGS, Encoding};
use kanwu::{Config, Edit, Language, Level, Pipeline, Report, Source, Suggestion};
use proptest::prelude::*;
use tempfile::TempDir;

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Config::default()).expect("the shipped dictionaries are right"));

const WIDE: [Encoding; 3] = [Encoding::Gb18030, Encoding::Utf16Le, Encoding::Utf16Be];

fn sample() -> String {
    fs::read_to_string("samples/tianjin_daily.txt").expect("the page is there")
}

fn traditional() -> String {
    fs::read_to_string("samples/traditional_page.txt").expect("the page is there")
}

fn encoded(name: &str, text: &str, encoding: Encoding) -> Source {
    let bytes = encoding.encode(text).expect("the encoding holds the text");
    Source::decode(name, bytes, encoding).expect("what was encoded can be decoded")
}

/// What is found, without the places.
fn said(report: &Report) -> Vec<String> {
    let suggestion = |s: &Suggestion| {
        let rights: Vec<&str> = s.finding.choices.iter().map(|c| c.right.as_str()).collect();
        let (id, level, rule) = (&s.id, s.level.name(), s.finding.rule.id);
        format!("{id} {rule} {level} {} {rights:?}", s.finding.wrong)
    };
    report.suggestions.iter().map(suggestion).collect()
}

/// The edits of the best choices.
fn best(report: &Report, level: Level) -> Vec<&[Edit]> {
    let best = |s: &&Suggestion| !s.finding.choices.is_empty();
    report.at_least(level).filter(best).map(|s| s.finding.choices[0].edits.as_slice()).collect()
}

#[test]
fn a_page_says_the_same_in_every_encoding() {
    let text = sample();
    let plain = Source::new("page", text.as_str());
    let wanted = PIPELINE.check(&plain);
    let fixed = apply(&text, &best(&wanted, Level::Review)).text;
    assert_ne!(fixed, text);
    for encoding in WIDE {
        let source = encoded("page", &text, encoding);
        let found = Source::from_bytes("page", source.bytes().to_vec()).expect("it is plain");
        // Nothing on this page needs four bytes of GB18030.
        let guessed = if encoding == Encoding::Gb18030 { Encoding::Gbk } else { encoding };
        assert_eq!((found.encoding(), found.text()), (guessed, text.as_str()));
        let report = PIPELINE.check(&source);
        assert_eq!(said(&report), said(&wanted), "{encoding}");
        let made = apply_to(&source, Written::AsRead, &best(&report, Level::Review));
        assert_eq!(made.refused, []);
        let bytes = made.bytes(&source, Written::AsRead);
        assert_eq!(bytes.into_owned(), encoding.encode(&fixed).expect("it holds the text"));
        let bytes = made.bytes(&source, Written::Utf8);
        assert_eq!(bytes.into_owned(), fixed.as_bytes());
    }
}

#[test]
fn records_hold_bytes_of_the_file() {
    let text = sample();
    for encoding in WIDE {
        let source = encoded("page", &text, encoding);
        let report = PIPELINE.check(&source);
        let record = |s| SuggestionRecord::new(&source, s, Language::English);
        let records: Vec<SuggestionRecord> = report.suggestions.iter().map(record).collect();
        let edits = records.iter().flat_map(|r| &r.choices).flat_map(|choice| &choice.edits);
        for edit in edits {
            if let Edit::Replace { span, old, .. } = edit {
                let bytes = &source.bytes()[span.start..span.end];
                assert_eq!(bytes, encoding.encode(old).expect("it stands in the file"));
            }
        }
        // Decisions are carried out as those on the same text in UTF-8, also behind a new first
        // line.
        for head in ["", "新的一行。\n"] {
            let new = format!("{head}{text}");
            let moved =
                resolve(&encoded("page", &new, encoding), Written::AsRead, &accept(&source));
            let plain = Source::new("page", text.as_str());
            let wanted = resolve(&Source::new("page", new), Written::AsRead, &accept(&plain));
            assert_eq!((&moved.made.text, &moved.refused), (&wanted.made.text, &wanted.refused));
            assert!(moved.applied > 20 && moved.applied == wanted.applied, "{}", moved.applied);
        }
    }
}

/// Every suggestion about a source that proposes something, accepted.
fn accept(source: &Source) -> Vec<(SuggestionRecord, Option<Verdict>)> {
    let accepted = |suggestion: &Suggestion| {
        let record = SuggestionRecord::new(source, suggestion, Language::English);
        let changes = record.choices.first().is_some_and(|choice| !choice.edits.is_empty());
        (record, changes.then_some(Verdict::Accept { choice: 1 }))
    };
    PIPELINE.check(source).suggestions.iter().map(accepted).collect()
}

#[test]
fn what_the_encoding_lacks_is_refused_by_name() {
    let source = encoded("page", "他姓吉，叫吉。", Encoding::Gbk);
    let at = source.text().find('吉').expect("it stands there");
    let edit = |new: &str| {
        let span = kanwu::Span::new(at, at + 3);
        [Edit::Replace { span, old: "吉".to_string(), new: new.to_string() }]
    };
    let made = apply_to(&source, Written::AsRead, &[&edit("𠮷")]);
    assert_eq!(made.refused, [(0, "GBK has no '𠮷'".to_string())]);
    assert_eq!(&*made.bytes(&source, Written::AsRead), source.bytes());
    let made = apply_to(&source, Written::Utf8, &[&edit("𠮷")]);
    assert_eq!(&*made.bytes(&source, Written::Utf8), "他姓𠮷，叫吉。".as_bytes());
    let wide = encoded("page", source.text(), Encoding::Gb18030);
    let made = apply_to(&wide, Written::AsRead, &[&edit("𠮷")]);
    assert_eq!(made.refused, []);
}

#[test]
fn unusual_codes_are_kept() {
    // 0xA2E3 and 0x80 are both the euro sign; an encoder knows only one of them.
    let mut bytes = Encoding::Gb18030.encode("同志们再接再励，").expect("it holds all of Unicode");
    bytes.extend(b"\x80\xa2\xe3\n");
    let source = Source::decode("page", bytes.clone(), Encoding::Gb18030).expect("all characters");
    let report = PIPELINE.check(&source);
    let made = apply_to(&source, Written::AsRead, &best(&report, Level::Review));
    assert!(made.text.starts_with("同志们再接再厉，"), "{}", made.text);
    let head = Encoding::Gb18030.encode("同志们再接再厉，").expect("it holds all of Unicode");
    assert_eq!(made.bytes(&source, Written::AsRead)[head.len()..], bytes[head.len()..]);
    // One character of Big5 that is two of Unicode is not parted.
    let source = Source::decode("page", b"a\x88\x62b".to_vec(), Encoding::Big5).expect("Ê̄");
    let within = source.text().find('\u{304}').expect("the second of the two");
    let span = kanwu::Span::new(within, within + 2);
    let edit = [Edit::Replace { span, old: "\u{304}".to_string(), new: String::new() }];
    assert_eq!(apply_to(&source, Written::AsRead, &[&edit]).refused.len(), 1);
}

#[test]
fn a_traditional_page_finds_its_slips() {
    let slips = [
        ("難以以為繼", "難以為繼"),
        ("再接再勵", "再接再厲"),
        ("協\n\n同", "協同"),
        ("對末來", "對未來"),
        ("2月30日", ""),
        ("「我們", ""),
    ];
    let text = traditional();
    for encoding in [Encoding::Utf8, Encoding::Big5] {
        let source = encoded("page", &text, encoding);
        let found = Source::from_bytes("page", source.bytes().to_vec()).expect("it is plain");
        assert_eq!((found.encoding(), found.text()), (encoding, text.as_str()));
        let report = PIPELINE.check(&source);
        let said = said(&report);
        for (wrong, right) in slips {
            let start = text.find(wrong).expect("the slip is planted");
            let place = kanwu::Span::new(start, start + wrong.len());
            let shown = |s: &&Suggestion| s.finding.span.overlaps(place);
            let mut shown = report.at_least(Level::Review).filter(shown);
            let found = shown.next().unwrap_or_else(|| panic!("{wrong} is not found: {said:#?}"));
            if !right.is_empty() {
                let fixed = apply(&text, &[&found.finding.choices[0].edits]).text;
                assert_eq!(fixed, text.replacen(wrong, right, 1));
            }
        }
        // The running head is page furniture, and no slip.
        let shown = report.at_least(Level::Review).filter(|s| s.finding.rule.id != "S104");
        assert_eq!(shown.count(), slips.len(), "nothing else is shown: {said:#?}");
        assert!(report.suggestions.iter().all(|s| s.finding.rule.id != "C108"), "{said:#?}");
        let made = apply_to(&source, Written::AsRead, &best(&report, Level::Review));
        assert_eq!(made.refused, []);
        let bytes = made.bytes(&source, Written::AsRead).into_owned();
        assert_eq!(Ok(bytes), encoding.encode(&made.text));
    }
}

/// Clean lines of news, and the same in traditional script, cut to some characters: the encoding is
/// found out or is refused as doubtful, but never taken for another.
#[test]
fn a_guess_is_right_or_refused() {
    let path = "../shared/eval/clean_news.dev.txt";
    let Ok(news) = fs::read_to_string(path) else {
        println!("skipped: {path} is not there");
        return;
    };
    let folding = PIPELINE.lexicon().folding();
    let unfolded = |line: &str| -> String { line.chars().map(|c| folding.forms(c)[0]).collect() };
    let lines: Vec<(String, String)> =
        news.lines().take(1500).map(|line| (line.to_string(), unfolded(line))).collect();
    for length in [6, 12, 25, 50, 100] {
        let (mut tried, mut doubted) = (0, 0);
        for (simplified, traditional) in &lines {
            for encoding in [Encoding::Gbk, Encoding::Big5, Encoding::Utf16Le, Encoding::Utf16Be] {
                let line = if encoding == Encoding::Big5 { traditional } else { simplified };
                let text: String = line.chars().take(length).collect();
                let Ok(bytes) = encoding.encode(&text) else { continue };
                // What can be UTF-8 is UTF-8.
                if text.chars().count() < length || std::str::from_utf8(&bytes).is_ok() {
                    continue;
                }
                tried += 1;
                match Source::from_bytes("line", bytes) {
                    Ok(source) => assert_eq!(source.text(), text),
                    Err(_) => doubted += 1,
                }
            }
        }
        let share = f64::from(doubted) / f64::from(tried);
        println!("{length} characters: {tried} tried, {:.1} % doubtful", 100.0 * share);
        assert!(length < 25 || share < 0.05, "{length} characters: {share}");
    }
}

/// Lines with slips, and characters every encoding has.
fn page() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "同志再接再",
        "。。",
        "，，",
        "25日",
        "2月30日",
        "a1",
        "  ",
        "人民日",
        "本市",
        "（",
        "」",
        "—",
    ]);
    let ending = prop::sample::select(vec!["\n", "\r\n", "\r", ""]);
    let line = prop::collection::vec(scrap, 0..8).prop_map(|scraps| scraps.concat());
    prop::collection::vec((line, ending), 0..10).prop_map(|lines| {
        lines.into_iter().flat_map(|(line, end)| [line, end.to_string()]).collect()
    })
}

/// Valid characters of an encoding by its codes, the unusual ones too.
fn any_codes(encoding: Encoding) -> impl Strategy<Value = Vec<u8>> {
    let unit = match encoding {
        Encoding::Gb18030 | Encoding::Gbk => prop_oneof![
            (0x81..=0xfe_u8, 0x40..=0xfe_u8).prop_map(|(a, b)| vec![a, b]),
            (0x81..=0x84_u8, 0x30..=0x39_u8, 0x81..=0xfe_u8, 0x30..=0x39_u8)
                .prop_map(|(a, b, c, d)| vec![a, b, c, d]),
            (0x00..=0x80_u8).prop_map(|a| vec![a]),
        ]
        .boxed(),
        Encoding::Big5 | Encoding::Big5Hkscs => prop_oneof![
            (0x87..=0xfe_u8, 0x40..=0xfe_u8).prop_map(|(a, b)| vec![a, b]),
            (0x00..=0x7f_u8).prop_map(|a| vec![a]),
        ]
        .boxed(),
        _ => any::<char>()
            .prop_map(move |c| encoding.encode(&c.to_string()).expect("it holds all of Unicode"))
            .boxed(),
    };
    let unit = unit.prop_filter("a character", move |unit| {
        Source::decode("x", unit.clone(), encoding).is_ok()
    });
    prop::collection::vec(unit, 0..40).prop_map(|units| units.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn untouched_bytes_come_back(
        (encoding, bytes, picks) in prop::sample::select(ENCODINGS.to_vec()).prop_flat_map(|encoding| {
            let picks = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..6);
            (Just(encoding), any_codes(encoding), picks)
        })
    ) {
        let source = Source::decode("law", bytes.clone(), encoding).expect("valid characters");
        let nothing = apply_to(&source, Written::AsRead, &[]);
        prop_assert_eq!(nothing.bytes(&source, Written::AsRead).into_owned(), bytes.clone());
        // Single characters are taken out or doubled; what is left is that of the file, in order.
        let text = source.text();
        let places: Vec<(usize, char)> = text.char_indices().collect();
        let mut chosen: Vec<(usize, bool)> = Vec::new();
        for (index, doubled) in picks {
            if !places.is_empty() {
                chosen.push((index.index(places.len()), doubled));
            }
        }
        chosen.sort_unstable();
        chosen.dedup_by_key(|(place, _)| *place);
        let edit = |(place, doubled): &(usize, bool)| {
            let (at, c) = places[*place];
            let span = kanwu::Span::new(at, at + c.len_utf8());
            let new = if *doubled { format!("{c}{c}") } else { String::new() };
            vec![Edit::Replace { span, old: c.to_string(), new }]
        };
        let groups: Vec<Vec<Edit>> = chosen.iter().map(edit).collect();
        let groups: Vec<&[Edit]> = groups.iter().map(Vec::as_slice).collect();
        let made = apply_to(&source, Written::AsRead, &groups);
        let new = made.bytes(&source, Written::AsRead).into_owned();
        let refused: Vec<usize> = made.refused.iter().map(|(number, _)| *number).collect();
        let mut wanted = Vec::new();
        let mut at = 0;
        for (number, (place, doubled)) in chosen.iter().enumerate() {
            if refused.contains(&number) {
                continue;
            }
            let (start, c) = places[*place];
            let span = source.file_span(kanwu::Span::new(start, start + c.len_utf8()));
            wanted.extend(&bytes[at..span.start]);
            if *doubled {
                wanted.extend(source.encoding().encode(&format!("{c}{c}")).expect("not refused"));
            }
            at = span.end;
        }
        wanted.extend(&bytes[at..]);
        prop_assert_eq!(new, wanted);
    }

    #[test]
    fn fixing_touches_nothing_else(text in page(), encoding in prop::sample::select(ENCODINGS.to_vec())) {
        let source = encoded("law", &text, encoding);
        let report = PIPELINE.check(&source);
        let edits = best(&report, Level::Hint);
        let made = apply_to(&source, Written::AsRead, &edits);
        prop_assert_eq!(&made.text, &apply(&text, &edits.iter().enumerate()
            .filter(|(number, _)| made.refused.iter().all(|(refused, _)| refused != number))
            .map(|(_, edits)| *edits).collect::<Vec<_>>()).text);
        let bytes = made.bytes(&source, Written::AsRead).into_owned();
        prop_assert_eq!(Ok(bytes), encoding.encode(&made.text));
    }
}

/// A folder with a file in it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn with(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join(name), bytes).expect("a file is written");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn get(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("the file is there")
    }

    fn kanwu(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kanwu"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("XDG_DATA_HOME", self.folder.path()).env("LC_ALL", "en_US.UTF-8");
        command.output().expect("the program starts")
    }
}

fn gbk(text: &str) -> Vec<u8> {
    Encoding::Gbk.encode(text).expect("it holds the text")
}

const SLIP: &str = "同志们再接再励，夺取更大的胜利，建设我们的国家。\r\n";
const FIXED: &str = "同志们再接再厉，夺取更大的胜利，建设我们的国家。\r\n";

#[test]
fn a_file_keeps_its_encoding() {
    let desk = Desk::with("a.txt", &gbk(SLIP));
    let run = desk.kanwu(&["fix", "--level", "review", "--in-place", "a.txt"]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    assert_eq!(desk.get("a.txt"), gbk(FIXED));
    let run = desk.kanwu(&["fix", "--level", "review", "--to-utf8", "-o", "b.txt", "a.txt"]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    assert_eq!(desk.get("b.txt"), FIXED.as_bytes());
    let run = desk.kanwu(&["fix", "--level", "review", "--stdout", "a.txt"]);
    assert_eq!(run.stdout, gbk(FIXED));
}

#[test]
fn decisions_are_applied_in_the_encoding() {
    let desk = Desk::with("a.txt", &gbk(SLIP));
    let run = desk.kanwu(&["check", "--format", "jsonl", "--save", "a.txt"]);
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    let saved = String::from_utf8(desk.get(".kanwu/suggestions.jsonl")).expect("JSON is UTF-8");
    assert!(saved.contains("\"encoding\":\"GBK\""), "{saved}");
    assert!(saved.contains("\"start_byte\":12,\"end_byte\":14,\"old\":\"励\""), "{saved}");
    let accepted = saved.trim_end().strip_suffix('}').expect("one object").to_string()
        + ",\"decision\":{\"verdict\":\"accept\"}}\n";
    fs::write(desk.path("accepted.jsonl"), accepted).expect("a file is written");
    let run = desk.kanwu(&["apply", "accepted.jsonl", "--in-place"]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    assert_eq!(desk.get("a.txt"), gbk(FIXED));
}

#[test]
fn what_cannot_be_read_is_named() {
    let mut broken = gbk(&SLIP.repeat(3));
    broken[60] = 0xff;
    let desk = Desk::with("a.txt", &broken);
    let run = desk.kanwu(&["check", "a.txt"]);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(
        (run.status.code(), said.as_str()),
        (Some(2), "kanwu: a.txt: not GBK: byte 0xFF at offset 60\n")
    );
    let desk = Desk::with("a.txt", &gbk("要闻\n"));
    let run = desk.kanwu(&["check", "a.txt"]);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(
        said.contains("a.txt: not UTF-8: byte 0xCE at offset 2") && said.contains("--encoding"),
        "{said}"
    );
    assert_eq!(run.status.code(), Some(2));
    let run = desk.kanwu(&["check", "--encoding", "gb18030", "a.txt"]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
}
