//! What holds for every text.

use std::sync::LazyLock;

use kanwu::apply::{Written, apply};
use kanwu::emit::Palette;
use kanwu::emit::frame::{Style, write_frames};
use kanwu::emit::json::SuggestionRecord;
use kanwu::repair::repair;
use kanwu::review::{Verdict, resolve};
use kanwu::segment::segment;
use kanwu::{Config, Edit, Language, Level, Pipeline, Report, Source, Suggestion};
use proptest::prelude::*;

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Config::default()).expect("the shipped dictionaries are right"));

/// Lines of newspaper-like scraps: words that trigger rules, signs, spaces, all line ends,
/// characters of one to four bytes.
fn page() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "难以以为继",
        "新华社北京2月30日电",
        "本报讯（记者 马晓冬）",
        "“十五五”规划",
        "（下转第3版）",
        "记者 吴迪 摄",
        "有效协",
        "同的工作机制",
        "，",
        "。",
        "”",
        "“",
        "《",
        "》",
        "(",
        "）",
        "——",
        "一一",
        "  ",
        "\u{3000}\u{3000}",
        " ",
        "\t",
        "Wi-",
        "Fi",
        "the",
        "5-10%",
        "25时",
        "⼀",
        "國家",
        "𠀀𠮷",
        "\u{200b}",
        "e\u{301}",
        "👩\u{200d}👩",
        "3日日本",
        "二O二六年",
        "再接再励",
        "责任编辑：王洋",
        "A12 要闻",
        "2版",
        "。。",
        "，，",
        "聚源广场",
        "聚原广场",
        "经济发展",
        "人民",
        "的",
        "了",
        "\u{fffd}",
        "\u{feff}",
        "!",
        "?",
        "1",
        "2026年",
    ]);
    let ending = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", ""]);
    let line = prop::collection::vec(scrap, 0..12).prop_map(|scraps| scraps.concat());
    (any::<bool>(), prop::collection::vec((line, ending), 0..12)).prop_map(|(mark, lines)| {
        let mut text = String::from(if mark { "\u{feff}" } else { "" });
        for (line, ending) in lines {
            text.push_str(&line);
            text.push_str(ending);
        }
        text
    })
}

fn edits(report: &Report, level: Level) -> Vec<&[Edit]> {
    report
        .at_least(level)
        .filter_map(|suggestion| suggestion.finding.choices.first())
        .map(|choice| choice.edits.as_slice())
        .collect()
}

fn check_laws(text: &str) {
    let source = Source::new("law", text);
    let report = PIPELINE.check(&source);

    assert_eq!(apply(text, &[]).text, text, "nothing accepted changes nothing");

    let mut ids: Vec<&str> = report.suggestions.iter().map(|s| s.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "ids are unique");

    for suggestion in &report.suggestions {
        let finding = &suggestion.finding;
        assert!((0.0..=1.0).contains(&finding.confidence));
        assert!(text.get(finding.span.start..finding.span.end).is_some());
        for choice in &finding.choices {
            for edit in &choice.edits {
                match edit {
                    Edit::Replace { span, old, new } => {
                        assert_eq!(span.of(text), old, "an edit's old text stands in the source");
                        assert_ne!(old, new, "an edit changes something");
                    }
                    Edit::Move { span, to } => {
                        assert!(text.get(span.start..span.end).is_some());
                        assert!(text.is_char_boundary(*to));
                    }
                }
            }
            let alone = apply(text, &[&choice.edits]);
            assert!(alone.refused.is_empty(), "every choice can be applied: {:?}", alone.refused);
        }
    }

    let together = apply(text, &edits(&report, Level::Hint));
    assert!(together.refused.is_empty(), "best choices do not clash: {:?}", together.refused);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn laws_hold_on_newspaper_scraps(text in page()) {
        check_laws(&text);
    }

    #[test]
    fn laws_hold_on_any_unicode(text in "\\PC{0,80}(\n|\r\n|\r)?\\PC{0,80}") {
        check_laws(&text);
    }

    #[test]
    fn applying_all_comes_to_rest(text in page()) {
        let mut text = text;
        for _ in 0..10 {
            let source = Source::new("law", text.as_str());
            let report = PIPELINE.check(&source);
            let next = apply(&text, &edits(&report, Level::Review)).text;
            if next == text {
                return Ok(());
            }
            text = next;
        }
        prop_assert!(false, "still changing after ten rounds: {text:?}");
    }

    #[test]
    fn one_thread_finds_what_many_find(text in page()) {
        let source = Source::new("law", text.as_str());
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one");
        let many = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("a pool of four");
        let show = |report: Report| format!("{:?}", report.suggestions);
        prop_assert_eq!(
            show(one.install(|| PIPELINE.check(&source))),
            show(many.install(|| PIPELINE.check(&source)))
        );
    }

    #[test]
    fn the_view_leads_back_to_the_file(text in page()) {
        let source = Source::new("law", text.as_str());
        let lexicon = PIPELINE.lexicon();
        let blocks = segment(&source, 0..source.lines().len(), lexicon);
        for paragraph in repair(&source, &blocks, lexicon).paragraphs {
            let mut end = 0;
            for piece in &paragraph.pieces {
                prop_assert!(piece.at >= end, "pieces stand in order");
                let shown = &paragraph.text[piece.at..piece.at + piece.span.len()];
                prop_assert_eq!(shown, piece.span.of(&text));
                end = piece.at + piece.span.len();
            }
            for (at, character) in paragraph.text.char_indices() {
                let covered = paragraph.pieces.iter().any(|piece| {
                    piece.at <= at && at < piece.at + piece.span.len()
                });
                prop_assert!(covered || character == ' ', "only spaces are put in");
                if covered {
                    let span = paragraph.span(at..at + character.len_utf8());
                    prop_assert_eq!(span.of(&text), character.to_string());
                }
            }
        }
    }

    #[test]
    fn line_by_line_keeps_the_lines(text in page()) {
        let source = Source::new("law", text.as_str());
        let report = PIPELINE.check_lines(&source);
        let after = apply(&text, &edits(&report, Level::Hint)).text;
        prop_assert_eq!(Source::new("after", after).lines().len(), source.lines().len());
    }

    #[test]
    fn accepting_all_applies_all(text in page()) {
        let source = Source::new("law", text.as_str());
        let report = PIPELINE.check(&source);
        let accept = |suggestion: &Suggestion| {
            let record = SuggestionRecord::new(&source, suggestion, Language::English);
            let changes = record.choices.first().is_some_and(|choice| !choice.edits.is_empty());
            (record, changes.then_some(Verdict::Accept { choice: 1 }))
        };
        let decided: Vec<_> = report.suggestions.iter().map(accept).collect();
        let resolved = resolve(&source, Written::AsRead, &decided);
        prop_assert_eq!(resolved.refused, []);
        let wanted = apply(&text, &edits(&report, Level::Hint)).text;
        prop_assert_eq!(resolved.made.text, wanted);
    }

    #[test]
    fn everything_can_be_printed(text in page()) {
        let source = Source::new("law", text.as_str());
        let report = PIPELINE.check(&source);
        let shown: Vec<&Suggestion> = report.suggestions.iter().collect();
        let style = Style { language: Language::Chinese, palette: &Palette::default(), all: true };
        let mut out = Vec::new();
        write_frames(&source, &shown, &style, &mut out).expect("a Vec takes everything");
        let printed = String::from_utf8(out).expect("frames are UTF-8");
        prop_assert_eq!(printed.matches("law:").count(), shown.len());
        let unseen = printed.contains(['\r', '\t', '\u{200b}', '\u{feff}']);
        prop_assert!(!unseen, "what cannot be seen is shown as a code point");
    }
}
