//! Suggestions as other programs read them: each format on slips made by hand, on the sample page
//! and on hostile text, read back by another reader than the one that wrote it.
#![cfg(feature = "cli")]

mod desk;
mod slips;

use std::fs;
use std::path::Path;

use desk::Desk;
use kanwu::apply::apply;
use kanwu::emit::Summary;
use kanwu::emit::csv::{harmless, write_headings, write_rows};
use kanwu::emit::github::write_commands;
use kanwu::emit::html::ReviewPage;
use kanwu::emit::rdjson::write_diagnostics;
use kanwu::emit::sarif::SarifWriter;
use kanwu::emit::workbook::ErrataWorkbook;
use kanwu::error_rate::{Standard, Weights};
use kanwu::finding::{Evidence, Finding};
use kanwu::{
    Choice, Config, Edit, Encoding, Language, Level, Message, Pipeline, Source, Span, Suggestion,
};
use proptest::prelude::*;
use serde_json::Value;
use slips::{DOUBLED, source, suggestions};

const SAMPLE: &str = include_str!("../samples/tianjin_daily.txt");

/// What stands at the start of a cell that a spreadsheet would compute.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What `write` writes.
fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("the formats are UTF-8")
}

fn csv(source: &Source, suggestions: &[Suggestion], language: Language) -> String {
    let shown: Vec<&Suggestion> = suggestions.iter().collect();
    written(|out| {
        write_headings(language, out)?;
        write_rows(source, &shown, language, out)
    })
}

fn sarif(source: &Source, suggestions: &[Suggestion], language: Language) -> Value {
    let shown: Vec<&Suggestion> = suggestions.iter().collect();
    let text = written(|out| {
        let mut log = SarifWriter::new(language);
        log.results(source, &shown, out)?;
        log.close(&Summary::default(), out)
    });
    serde_json::from_str(&text).expect("a log is JSON")
}

fn diagnostics(source: &Source, suggestions: &[Suggestion]) -> String {
    let shown: Vec<&Suggestion> = suggestions.iter().collect();
    written(|out| write_diagnostics(source, &shown, Language::Chinese, out))
}

fn commands(source: &Source, suggestions: &[Suggestion]) -> String {
    let shown: Vec<&Suggestion> = suggestions.iter().collect();
    written(|out| write_commands(source, &shown, Language::Chinese, out))
}

fn page(source: &Source, suggestions: &[Suggestion]) -> String {
    let shown: Vec<&Suggestion> = suggestions.iter().collect();
    let weights = Weights::shipped(Standard::Newspaper).expect("the table is right");
    written(|out| {
        let mut page = ReviewPage::new(Language::Chinese, weights);
        page.add(source, 48, &shown);
        page.write(out)
    })
}

/// What the script of a page reads.
fn page_data(page: &str) -> Value {
    let (_, data) = page.split_once("id=\"data\">").expect("the data");
    let (data, _) = data.split_once("</script>").expect("its end");
    serde_json::from_str(data).expect("JSON")
}

/// The slips made by hand, and a caption that is moved.
fn slips_and_a_move() -> (Source, Vec<Suggestion>) {
    let (source, mut slips) = (source(), suggestions());
    let at = |text: &str| source.text().find(text).expect("it stands in the page");
    let (name, end) = (at("王洋"), at("，\u{200b}"));
    let mut moved = slips[0].clone();
    moved.id = "m".to_string();
    moved.finding.span = Span::new(name, name + "王洋".len());
    moved.finding.wrong = "王洋".to_string();
    moved.finding.choices[0].right = String::new();
    moved.finding.choices[0].edits = vec![Edit::Move { span: moved.finding.span, to: end }];
    slips.insert(2, moved);
    (source, slips)
}

#[test]
fn errata_in_chinese() {
    let (source, slips) = slips_and_a_move();
    insta::assert_snapshot!(csv(&source, &slips, Language::Chinese));
}

#[test]
fn errata_in_english() {
    let (source, slips) = slips_and_a_move();
    insta::assert_snapshot!(csv(&source, &slips, Language::English));
}

#[test]
fn sarif_results() {
    let (source, slips) = slips_and_a_move();
    insta::assert_json_snapshot!(sarif(&source, &slips, Language::Chinese)["runs"][0]["results"]);
}

#[test]
fn reviewdog_lines() {
    let (source, slips) = slips_and_a_move();
    insta::assert_snapshot!(diagnostics(&source, &slips));
}

#[test]
fn github_commands() {
    let (source, slips) = slips_and_a_move();
    insta::assert_snapshot!(commands(&source, &slips));
}

#[test]
fn review_page_data() {
    let (source, slips) = slips_and_a_move();
    insta::assert_json_snapshot!(page_data(&page(&source, &slips)));
}

#[test]
fn the_review_page_stands_alone() {
    let (source, slips) = slips_and_a_move();
    let page = page(&source, &slips);
    assert!(!page.contains("http:") && !page.contains("https:"), "nothing is fetched");
    assert!(!page.contains("{{"), "every place of the template is filled");
    assert!(page.contains("default-src 'none'") && !page.contains("unsafe"));
    for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
        assert!(!page.contains(way), "{way}");
    }
}

/// The mistakes of a log against the schema of the standard.
fn schema_mistakes(log: &Value) -> Vec<String> {
    // The schema of the standard closes a bracket that it has not opened, which only forgiving
    // readers of regular expressions take.
    let schema = include_str!("schemas/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    validator.iter_errors(log).map(|error| error.to_string()).collect()
}

#[test]
fn sarif_is_valid_on_the_sample_page_and_in_both_languages() {
    let pipeline = Pipeline::new(Config::default()).expect("the dictionaries are right");
    let source = Source::new("samples/tianjin_daily.txt", SAMPLE);
    let report = pipeline.check(&source);
    assert!(report.suggestions.len() > 5);
    for language in [Language::Chinese, Language::English] {
        let log = sarif(&source, &report.suggestions, language);
        assert_eq!(schema_mistakes(&log), Vec::<String>::new());
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        for result in log["runs"][0]["results"].as_array().expect("results") {
            let index = result["ruleIndex"].as_u64().expect("a rule of the manual") as usize;
            assert_eq!(rules[index]["id"], result["ruleId"]);
            let manual = kanwu::rules::find(rules[index]["id"].as_str().expect("an id"));
            let manual = manual.expect("a rule").why;
            let help = rules[index]["help"]["text"].as_str().expect("a manual");
            assert!(help.contains(manual.zh) && help.contains(manual.en), "{help}");
        }
        let empty = sarif(&source, &[], language);
        assert_eq!(schema_mistakes(&empty), Vec::<String>::new());
    }
    let broken = serde_json::json!({ "version": "2.1.0", "runs": [{ "results": 3 }] });
    assert!(!schema_mistakes(&broken).is_empty(), "the schema must refuse something");
}

/// A text with line ends of all kinds, wide and narrow characters, and signs formats trip over.
fn hostile() -> impl Strategy<Value = String> {
    let signs = [
        "一",
        "难以以为继",
        "𠀀",
        "=1+1",
        "+",
        "-",
        "@",
        "\t",
        "\"",
        "'",
        ",",
        ";",
        ":",
        "::",
        "%",
        "%0A",
        "\r\n",
        "\n",
        "\r",
        "<script>alert(1)</script>",
        "</script>",
        "<!--",
        "]]>",
        "&amp;",
        "{0}",
        "[一](1)",
        "\\",
        "\u{200b}",
        "\u{202e}",
        "\u{0}",
        "\u{1b}[31m",
        "\u{2028}",
        "＝",
        "；",
    ];
    prop::collection::vec(prop::sample::select(signs.to_vec()), 1..24)
        .prop_map(|parts| parts.concat())
}

/// A suggestion about any part of a text, with edits of that part, one of them perhaps a move.
fn about(text: &str, picks: [prop::sample::Index; 4], new: &str, moves: bool) -> Suggestion {
    let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut places = picks.map(|pick| edges[pick.index(edges.len())]);
    places.sort_unstable();
    let [a, b, c, d] = places;
    let replace = |from, to| {
        let span = Span::new(from, to);
        Edit::Replace { span, old: span.of(text).to_string(), new: new.to_string() }
    };
    let edits = if moves && a < b {
        vec![Edit::Move { span: Span::new(a, b), to: d }, replace(b, c)]
    } else {
        let mut edits = vec![replace(a, b), replace(c, d)];
        edits.dedup();
        edits
    };
    let right = new.to_string();
    let finding = Finding {
        rule: &DOUBLED,
        grade: "word",
        span: Span::new(a, d),
        wrong: text[a..d].to_string(),
        confidence: 0.5,
        highest: Level::Auto,
        choices: vec![Choice { right, confidence: 0.5, edits }],
        message: Message::new(text, text),
        evidence: vec![Evidence { span: Some(Span::new(a, b)), message: Message::new(new, new) }],
    };
    Suggestion { id: "x".to_string(), level: Level::Review, finding }
}

/// The byte of a place a reader of `text` finds by line and column, both from 1.
fn place(text: &str, line: &Value, column: &Value, any_end: bool, bytes: bool) -> usize {
    let (line, column) = (line.as_u64().expect("a line"), column.as_u64().expect("a column"));
    let mut start = 0;
    for _ in 1..line {
        let rest = &text[start..];
        let lf = rest.find('\n').map(|at| at + 1);
        let cr = rest
            .find('\r')
            .map(|at| if rest[at + 1..].starts_with('\n') { at + 2 } else { at + 1 });
        let end = if any_end { lf.into_iter().chain(cr).min() } else { lf };
        start += end.expect("the line is there");
    }
    let mark = if text[start..].starts_with('\u{feff}') && !bytes { 3 } else { 0 };
    let line = &text[start + mark..];
    let column = column as usize - 1;
    if bytes {
        return start + column;
    }
    let at = line.char_indices().nth(column).map_or(line.len(), |(at, _)| at);
    start + mark + at
}

fn applied(text: &str, suggestion: &Suggestion) -> Option<String> {
    let made = apply(text, &[&suggestion.finding.choices[0].edits]);
    made.refused.is_empty().then_some(made.text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_cell_is_a_formula_and_every_row_comes_back(
        text in hostile(), new in hostile(), picks: [prop::sample::Index; 4], moves: bool,
    ) {
        let suggestion = about(&text, picks, &new, moves);
        let source = Source::new(text.clone(), text.clone());
        let table = csv(&source, &[suggestion.clone(), suggestion], Language::Chinese);
        let table = table.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(table.as_bytes());
        let rows: Vec<::csv::StringRecord> =
            reader.records().collect::<Result<_, _>>().expect("RFC 4180");
        prop_assert_eq!(rows.len(), 3);
        for cell in rows.iter().flatten() {
            prop_assert!(!cell.starts_with(FORMULA), "{:?}", cell);
        }
        prop_assert_eq!(rows[1].len(), 9);
        prop_assert_eq!(&rows[1], &rows[2]);
    }

    #[test]
    fn an_apostrophe_can_be_taken_away(cell in hostile()) {
        let safe = harmless(&cell);
        prop_assert_eq!(safe.strip_prefix('\'').unwrap_or(&safe), cell.as_str());
    }

    #[test]
    fn reviewdog_makes_the_same_text(
        text in hostile(), new in hostile(), picks: [prop::sample::Index; 4], moves: bool,
        mark: bool,
    ) {
        let text = if mark { format!("\u{feff}{text}") } else { text };
        let suggestion = about(&text, picks, &new, moves);
        let source = Source::new("a", text.clone());
        let lines = diagnostics(&source, std::slice::from_ref(&suggestion));
        prop_assert_eq!(lines.matches('\n').count(), 1);
        let line: Value = serde_json::from_str(&lines).expect("JSON");
        let offered = &line["suggestions"][0];
        let Some(wanted) = applied(&text, &suggestion) else {
            prop_assert!(offered.is_null());
            return Ok(());
        };
        let at = |end: &str| {
            let spot = &offered["range"][end];
            place(&text, &spot["line"], &spot["column"], false, true)
        };
        let new = offered["text"].as_str().expect("a text");
        let made = format!("{}{new}{}", &text[..at("start")], &text[at("end")..]);
        prop_assert_eq!(made, wanted);
    }

    #[test]
    fn sarif_makes_the_same_text_by_columns_and_by_bytes(
        text in hostile(), new in hostile(), picks: [prop::sample::Index; 4], moves: bool,
        mark: bool,
    ) {
        let text = if mark { format!("\u{feff}{text}") } else { text };
        let suggestion = about(&text, picks, &new, moves);
        let log = sarif(&Source::new("a", text.clone()), std::slice::from_ref(&suggestion), Language::English);
        let offered = &log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
        let Some(wanted) = applied(&text, &suggestion) else { return Ok(()) };
        let replacements = offered["replacements"].as_array().expect("replacements");
        let (mut by_column, mut by_byte) = (text.clone(), text.clone());
        for replacement in replacements.iter().rev() {
            let region = &replacement["deletedRegion"];
            let new = replacement["insertedContent"]["text"].as_str().unwrap_or("");
            // A place before the mark cannot be told by columns, which leave it out.
            let start = region["byteOffset"].as_u64().expect("an offset") as usize;
            let end = start + region["byteLength"].as_u64().expect("a length") as usize;
            by_byte.replace_range(start..end, new);
            let at = |line: &str, column: &str| {
                place(&text, &region[line], &region[column], true, false)
            };
            if !mark || start > 0 {
                by_column.replace_range(at("startLine", "startColumn")..at("endLine", "endColumn"), new);
            } else {
                by_column.clone_from(&by_byte);
            }
        }
        prop_assert_eq!(&by_byte, &wanted);
        if !mark {
            prop_assert_eq!(&by_column, &wanted);
        }
    }

    #[test]
    fn no_text_leaves_the_data_of_the_page(
        text in hostile(), new in hostile(), name in hostile(), picks: [prop::sample::Index; 4],
        moves: bool,
    ) {
        let suggestion = about(&text, picks, &new, moves);
        let (wrong, span) = (suggestion.finding.wrong.clone(), suggestion.finding.span);
        let html = page(&Source::new(name.clone(), text.clone()), &[suggestion]);
        // As many elements as in a page about nothing.
        let empty = page(&Source::new("a", ""), &[]);
        for sign in ["<script", "</script", "<!--", "<img", "<style"] {
            prop_assert_eq!(html.matches(sign).count(), empty.matches(sign).count(), "{}", sign);
        }
        let data = page_data(&html);
        prop_assert_eq!(&data["files"][0]["name"], &name);
        let item = &data["suggestions"][0];
        prop_assert_eq!(&item["wrong"], &wrong);
        // The offsets of the script, in UTF-16 units, name the same text.
        let number = item["chunk"].as_u64().expect("a number") as usize;
        let chunk = data["files"][0]["chunks"][number]["text"].as_str().expect("a text");
        let units: Vec<u16> = chunk.encode_utf16().collect();
        let at = |name: &str| item[name].as_u64().expect("an offset") as usize;
        let shown = String::from_utf16(&units[at("from")..at("to")]).expect("whole characters");
        prop_assert_eq!(shown.as_str(), span.of(&text));
    }

    #[test]
    fn github_commands_hold_their_line(
        text in hostile(), new in hostile(), name in hostile(), picks: [prop::sample::Index; 4],
    ) {
        let suggestion = about(&text, picks, &new, false);
        let source = Source::new(name.clone(), text);
        let lines = commands(&source, &[suggestion.clone(), suggestion]);
        prop_assert_eq!(lines.split(['\n', '\r']).count(), 3);
        for line in lines.lines() {
            let (properties, _) = line.strip_prefix("::warning ").expect("a command")
                .split_once("::").expect("a message");
            let file = properties.split(',').next().and_then(|p| p.strip_prefix("file="));
            let read = file.expect("a file").replace("%2C", ",").replace("%3A", ":")
                .replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
            prop_assert_eq!(&read, &name);
            let names: Vec<&str> =
                properties.split(',').map(|p| p.split('=').next().unwrap_or("")).collect();
            let known = ["file", "line", "col", "endLine", "endColumn", "title"];
            prop_assert!(names.iter().all(|name| known.contains(name)), "{:?}", names);
        }
    }
}

proptest! {
    // The schema is large: a validation takes milliseconds.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn sarif_is_valid_whatever_the_text(
        text in hostile(), new in hostile(), name in hostile(), picks: [prop::sample::Index; 4],
        moves: bool,
    ) {
        let suggestion = about(&text, picks, &new, moves);
        let log = sarif(&Source::new(name, text), &[suggestion], Language::Chinese);
        prop_assert_eq!(schema_mistakes(&log), Vec::<String>::new());
    }
}

#[test]
fn bytes_are_those_of_the_file_in_its_encoding() {
    let text = "传统发展难以以为继，空间有限，不等于发展无路，市民认真学习有关精神。\n";
    let bytes = Encoding::Gbk.encode(text).expect("GBK holds it");
    let source = Source::decode("a", bytes.clone(), Encoding::Gbk).expect("it is GBK");
    let at = text.find("以以").expect("it stands there");
    let span = Span::new(at, at + "以以".len());
    let mut slip = suggestions().remove(0);
    slip.finding.span = span;
    slip.finding.choices[0].edits =
        vec![Edit::Replace { span, old: "以以".to_string(), new: "以".to_string() }];
    let log = sarif(&source, std::slice::from_ref(&slip), Language::Chinese);
    let region = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    let start = region["byteOffset"].as_u64().expect("an offset") as usize;
    let wanted = Encoding::Gbk.encode("以以").expect("GBK holds it");
    assert_eq!(&bytes[start..start + 4], wanted.as_slice());
    let line: Value = serde_json::from_str(&diagnostics(&source, &[slip])).expect("JSON");
    assert!(line["suggestions"].is_null(), "UTF-8 must not be spliced into GBK");
}

#[test]
fn of_a_layout_file_the_place_in_the_file_is_told_and_no_fix() {
    let desk = Desk::new();
    let page = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layout/page.alto.xml"));
    let page = String::from_utf8(page.expect("a page")).expect("UTF-8");
    desk.put("page.xml", page.as_bytes());
    let run = desk.kanwu(&["check", "--format", "sarif", "--level", "hint", "page.xml"]);
    let log: Value = serde_json::from_str(&run.out).expect("a log");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert!(!results.is_empty());
    let mut told = 0;
    for result in results {
        assert!(result["fixes"].is_null());
        let location = &result["locations"][0];
        assert!(location["logicalLocations"][0]["fullyQualifiedName"].is_string());
        let Some(snippet) = location["physicalLocation"]["region"]["snippet"]["text"].as_str()
        else {
            continue;
        };
        let region = &location["physicalLocation"]["region"];
        let start = place(&page, &region["startLine"], &region["startColumn"], true, false);
        assert!(page[start..].starts_with(snippet), "{snippet}");
        told += 1;
    }
    assert!(told > 0, "some slip stands in a word of the file");
}

#[test]
fn a_workbook_is_the_same_each_time_and_goes_on_in_a_further_sheet() {
    let (source, slips) = slips_and_a_move();
    let shown: Vec<&Suggestion> = slips.iter().collect();
    let workbook = |rows: usize| {
        let mut workbook = ErrataWorkbook::new(Language::Chinese).with_sheet_rows(rows);
        workbook.add(&source, &shown);
        workbook.bytes().expect("a workbook")
    };
    assert_eq!(workbook(100), workbook(100));
    assert!(workbook(100).starts_with(b"PK"));
    assert!(workbook(2).len() > workbook(100).len(), "four sheets are larger than one");
}

#[test]
fn output_goes_to_a_file_and_never_over_a_text() {
    let desk = Desk::with(&[("a.txt", "这种做法难以以为继。\n")]);
    let run = desk.kanwu(&["check", "--format", "csv", "-o", "out.csv", "a.txt"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    assert!(run.err.contains("saved to out.csv"), "{}", run.err);
    let printed = desk.kanwu(&["check", "--format", "csv", "a.txt"]);
    assert_eq!(desk.get("out.csv"), printed.out);
    for format in ["csv", "xlsx", "sarif", "text"] {
        let run = desk.kanwu(&["check", "--format", format, "-o", "a.txt", "a.txt"]);
        assert_eq!(run.code, 2);
        assert!(run.err.contains("a.txt is read"), "{}", run.err);
    }
    assert_eq!(desk.get("a.txt"), "这种做法难以以为继。\n");
    let run = desk.kanwu(&["check", "--format", "xlsx", "a.txt"]);
    assert!(run.code == 2 && run.err.contains("-o FILE"), "{}", run.err);
    let run = desk.kanwu(&["check", "--format", "xlsx", "-o", "no/such/folder.xlsx", "a.txt"]);
    assert_eq!(run.code, 2);
}

#[test]
fn stats_count_before_and_after_decisions() {
    let desk = Desk::with(&[(
        "a.txt",
        "这种做法难以以为继。\n记者昨日从从市政府获悉，全市经济稳定发展。\n",
    )]);
    let run = desk.kanwu(&["check", "--save", "--format", "jsonl", "--select", "C103", "a.txt"]);
    let ids: Vec<String> = run
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|record| record["type"] == "suggestion")
        .map(|record| record["id"].as_str().expect("an id").to_string())
        .collect();
    assert_eq!(ids.len(), 2, "{}", run.out);
    let decisions = format!(
        "{{\"id\":\"{}\",\"verdict\":\"accept\"}}\n{{\"id\":\"{}\",\"verdict\":\"reject\"}}\n",
        ids[0], ids[1]
    );
    desk.put("d.jsonl", decisions.as_bytes());
    let stats = |more: &[&str]| {
        let args = ["stats", "--format", "json", "--select", "C103", "a.txt"];
        let run = desk.kanwu(&[&args, more].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        serde_json::from_str::<Value>(&run.out).expect("JSON")["total"].clone()
    };
    let before = stats(&[]);
    assert_eq!(before["characters"], 31);
    assert_eq!((&before["open"], &before["errors_before"]), (&2.into(), &2.0.into()));
    assert_eq!(before["rate_before"], 645.1613);
    let after = stats(&["--decisions", "d.jsonl", "--characters", "10000"]);
    assert_eq!((&after["corrected"], &after["rejected"]), (&1.into(), &1.into()));
    assert_eq!((&after["errors_before"], &after["rate_before"]), (&2.0.into(), &2.0.into()));
    assert_eq!((&after["errors_after"], &after["open"]), (&0.0.into(), &0.into()));
    let table = "# source: s\n# licence: l\n# columns: a\tb\tc\td\te\tf\tg\n\
                 newspaper\tC103\t0.5\t1\t-\tno\t\nnewspaper\tlimit\t3\t-\t-\tno\t\n";
    desk.put("weights.tsv", table.as_bytes());
    assert_eq!(stats(&["--weights", "weights.tsv"])["errors_before"], 1.0);
    desk.put("weights.tsv", table.replace("0.5", "half").as_bytes());
    let run = desk.kanwu(&["stats", "--weights", "weights.tsv", "a.txt"]);
    assert!(run.code == 2 && run.err.contains("weights.tsv:4: "), "{}", run.err);
    for (lang, note) in [("zh", "疑似差错"), ("en", "only likely errors")] {
        let run = desk.kanwu(&["stats", "--lang", lang, "a.txt"]);
        assert!(run.out.contains(note), "{}", run.out);
    }
    let run = desk.kanwu(&["stats", "--format", "csv", "a.txt"]);
    assert!(run.out.starts_with("\u{feff}kind,,characters,"), "{}", run.out);
}
