//! Layout files: every format read and written back, nothing moved but what an edit touches.

#![cfg(feature = "layout")]

use std::fmt::Write as _;

use kanwu::layout::{Format, Limits, read};
use kanwu::{Config, Edit, Level, Pipeline, Source, Span};
use proptest::prelude::*;

/// The samples, whose text was written for them. Each has 难以以为继 in it.
const SAMPLES: [(&str, Format, &str); 7] = [
    ("page.alto.xml", Format::Alto, include_str!("layout/page.alto.xml")),
    ("page.page.xml", Format::Page, include_str!("layout/page.page.xml")),
    ("page.hocr", Format::Hocr, include_str!("layout/page.hocr")),
    ("paddle2.json", Format::Paddle, include_str!("layout/paddle2.json")),
    ("paddle3.json", Format::Paddle, include_str!("layout/paddle3.json")),
    ("rapid.json", Format::Rapid, include_str!("layout/rapid.json")),
    ("umi.json", Format::Umi, include_str!("layout/umi.json")),
];

fn sample(name: &str) -> Source {
    let (_, _, file) = SAMPLES.iter().find(|(known, ..)| *known == name).expect("a sample");
    open(name, file)
}

fn open(name: &str, file: &str) -> Source {
    let source = read(name, file.as_bytes(), None, &Limits::default());
    source.unwrap_or_else(|error| panic!("{error}")).unwrap_or_else(|| panic!("{name}: no layout"))
}

fn refusal(file: &str) -> String {
    match read("x", file.as_bytes(), None, &Limits::default()) {
        Err(error) => error.to_string(),
        Ok(source) => panic!("{:?}", source.map(|source| source.text().to_string())),
    }
}

/// An edit of the first place where `old` stands.
fn edit(source: &Source, old: &str, new: &str) -> [Edit; 1] {
    let at = source.text().find(old).unwrap_or_else(|| panic!("{old} in {}", source.text()));
    let span = Span::new(at, at + old.len());
    [Edit::Replace { span, old: old.to_string(), new: new.to_string() }]
}

/// The file after one edit.
fn edited(source: &Source, old: &str, new: &str) -> String {
    let edit = edit(source, old, new);
    let written = source.layout().expect("a layout").write(source.text(), &[&edit]);
    assert_eq!((written.kept, written.refused), (vec![], vec![]));
    written.file
}

#[test]
fn every_format_is_recognised_and_read() {
    for (name, format, file) in SAMPLES {
        let source = open(name, file);
        let layout = source.layout().expect("a layout");
        assert_eq!(layout.format(), format, "{name}");
        assert!(source.text().contains("难以以为继"), "{name}: {}", source.text());
        assert_eq!(layout.write(source.text(), &[]).file, file, "{name}");
        for line in layout.lines() {
            assert!(line.bounds.is_some(), "{name}");
            let span = source.lines()[line.number].span;
            assert!(!span.is_empty() && layout.file_span(span).is_some(), "{name}");
        }
    }
}

#[test]
fn plain_text_is_no_layout_file() {
    for text in
        ["", "[新华社]今天", "{“一”}", "<p>文字</p>", "1. 一", "{\"a\": 1}", "[[1, 2]]", "<"]
    {
        let read = read("x", text.as_bytes(), None, &Limits::default());
        assert!(matches!(read, Ok(None)), "{text}: {read:?}");
    }
}

#[test]
fn the_format_can_be_named() {
    let alto = SAMPLES[0].2.as_bytes();
    assert!(read("x", alto, Some(Format::Alto), &Limits::default()).is_ok());
    assert!(read("x", alto, Some(Format::Umi), &Limits::default()).is_err());
    assert!(read("x", b"{}", Some(Format::Rapid), &Limits::default()).is_err());
}

#[test]
fn alto_lines_are_those_of_the_print() {
    let text = "老码头变成新书房\n\n河边的旧仓库今年春天变成了一座书房，\n\
                居民下班以后常来这里坐坐，一杯茶一本书，\n\
                传统行业难以以为继的老街，又有了人气。A&B\n书店也开了三家。\n\
                管理员说，书房每天开到晚上十点，周末\n还请人来讲故事。\n";
    assert_eq!(sample("page.alto.xml").text(), text);
}

#[test]
fn hocr_words_are_parted_where_the_print_has_a_space() {
    let text = "传统行业难以以为继的老街，又有了人\n气。Wi Fi & 书\n";
    assert_eq!(sample("page.hocr").text(), text);
}

#[test]
fn page_regions_follow_the_reading_order() {
    let text = "老码头变成新书房 <一>\n\n传统行业难以以为继的老街，又有了人\n气。\n";
    assert_eq!(sample("page.page.xml").text(), text);
}

#[test]
fn columns_are_read_one_by_one() {
    let text = "老码头变成新书房\n\n传统行业难以以为继的\n老街，又有了人气，都很高兴\n\n\
                右栏的第一行文字在此\n右栏到这里就结束了。\n";
    assert_eq!(sample("paddle2.json").text(), text);
}

/// A PaddleOCR page of lines at (left, top), each character 20 wide and 20 high.
fn paddle_page(lines: &[(u32, u32, &str)]) -> Source {
    let entries = lines.iter().map(|(x, y, text)| {
        let (right, bottom) = (x + 20 * text.chars().count() as u32, y + 20);
        let corners = [[*x, *y], [right, *y], [right, bottom], [*x, bottom]];
        serde_json::json!([corners, [text, 0.99]])
    });
    let page = serde_json::json!([entries.collect::<Vec<_>>()]);
    open("page.json", &page.to_string())
}

#[test]
fn the_credit_at_the_right_follows_its_caption() {
    let page = paddle_page(&[
        (20, 20, "镇上的老人每天清早都要"),
        (300, 20, "也说这里比从前热闹得多"),
        (20, 50, "到桥头来买菜，外地的客"),
        (300, 50, "了，连隔壁镇的年轻人都"),
        (20, 80, "人听说以后也赶过来，逢"),
        (300, 80, "来找活干。"),
        (20, 300, "图为修复以后的石桥，桥"),
        (20, 325, "头茶馆。"),
        (160, 350, "林小雨摄"),
        (20, 400, "年过节人越来越多，店里"),
        (20, 430, "的伙计们忙不过来，阿婆"),
        (20, 460, "就来帮忙，她儿子儿媳妇"),
    ]);
    let text = "镇上的老人每天清早都要\n到桥头来买菜，外地的客\n人听说以后也赶过来，逢\n\n\
                图为修复以后的石桥，桥\n头茶馆。\n林小雨摄\n\n\
                年过节人越来越多，店里\n的伙计们忙不过来，阿婆\n就来帮忙，她儿子儿媳妇\n\n\
                也说这里比从前热闹得多\n了，连隔壁镇的年轻人都\n来找活干。\n";
    assert_eq!(page.text(), text);
}

#[test]
fn a_story_from_another_page_begins_below_all_columns_above_it() {
    let story = |head: &str| {
        paddle_page(&[
            (20, 20, "镇上的老人每天清早都要"),
            (300, 20, "人越来越多，店里的伙计"),
            (580, 20, "也说这里比从前热闹得多"),
            (20, 50, "到桥头来买菜，外地的客"),
            (300, 50, "们忙不过来，隔壁的阿婆"),
            (580, 50, "了。"),
            (20, 100, head),
            (20, 130, "修路的钱是大家一起凑出来的，去年"),
            (420, 130, "才通车。"),
        ])
    };
    let text = "镇上的老人每天清早都要\n到桥头来买菜，外地的客\n\n\
                人越来越多，店里的伙计\n们忙不过来，隔壁的阿婆\n\n\
                也说这里比从前热闹得多\n了。\n\n（上接第1版）\n\n\
                修路的钱是大家一起凑出来的，去年\n\n才通车。\n";
    assert_eq!(story("（上接第1版）").text(), text);
    let misread = story("（土接第1板）");
    assert_eq!(misread.text(), text.replace("（上接第1版）", "（土接第1板）"));
}

#[test]
fn a_correction_changes_its_word_alone() {
    for (name, _, file) in SAMPLES {
        let source = open(name, file);
        let fixed = edited(&source, "难以以为继", "难以为继");
        let (old, new) = match name {
            // Python's json writes other characters as escapes, and so does the correction.
            "umi.json" => ("\\u96be\\u4ee5\\u4ee5\\u4e3a\\u7ee7", "\\u96be\\u4ee5\\u4e3a\\u7ee7"),
            // The word, the line and the region say the same three times.
            "page.page.xml" => {
                let words = file.replace("难以以为继", "难以为继");
                assert_eq!(fixed, words.replace("难以以为<", "难以为<"));
                continue;
            }
            _ => ("难以以为继", "难以为继"),
        };
        assert_eq!(fixed, file.replace(old, new), "{name}");
    }
}

#[test]
fn corrections_are_escaped_as_the_file_does() {
    let alto = sample("page.alto.xml");
    let fixed = edited(&alto, "A&B", "<\"B&'>");
    assert!(fixed.contains("CONTENT=\"又有了人气。&lt;&quot;B&amp;'>\""), "{fixed}");
    let fixed = edited(&sample("page.hocr"), "& 书", "<好>");
    assert!(fixed.contains(">Fi &lt;好&gt;</span>"), "{fixed}");
    let fixed = edited(&sample("paddle3.json"), "\"好\"", "\\“好”");
    assert!(fixed.contains("又说\\\\“好”\""), "{fixed}");
    let fixed = edited(&sample("umi.json"), "𠀀", "\"𠀁");
    assert!(fixed.contains("\\\"\\ud840\\udc01"), "{fixed}");
    for (name, _, _) in SAMPLES {
        let source = sample(name);
        let fixed = edited(&source, "难以以为继", "<&\"'\\>");
        let text = open(name, &fixed).text().to_string();
        assert_eq!(text, source.text().replace("难以以为继", "<&\"'\\>"), "{name}");
    }
}

#[test]
fn a_correction_over_two_words_is_dealt_out() {
    let alto = sample("page.alto.xml");
    let fixed = edited(&alto, "春天变成", "秋天便成");
    assert!(fixed.contains("CONTENT=\"河边的旧仓库今年秋天\""), "{fixed}");
    assert!(fixed.contains("CONTENT=\"便成了一座书\""), "{fixed}");
    let fixed = edited(&alto, "春天变成", "变成");
    assert!(fixed.contains("CONTENT=\"河边的旧仓库今年\""), "{fixed}");
    assert!(fixed.contains("CONTENT=\"变成了一座书\""), "{fixed}");
    let place = alto.text().find("变成了一座").expect("it stands there");
    let layout = alto.layout().expect("a layout");
    let insert = |new: &str| {
        let edit = Edit::Replace { span: Span::at(place), old: String::new(), new: new.into() };
        layout.write(alto.text(), &[&[edit]]).file
    };
    assert!(insert("，").contains("CONTENT=\"河边的旧仓库今年春天，\""));
    assert!(insert("“").contains("CONTENT=\"“变成了一座书\""));
}

#[test]
fn lines_stay_lines() {
    let source = sample("page.alto.xml");
    let layout = source.layout().expect("a layout");
    let join = edit(&source, "周末\n还请", "周末还请");
    let gone = edit(&source, "书店也开了三家。", "");
    let moved = [Edit::Move { span: Span::new(0, 3), to: 30 }];
    let written = layout.write(source.text(), &[&join, &gone, &moved]);
    assert_eq!(written.kept, [0, 1, 2]);
    assert_eq!(written.file, SAMPLES[0].2);
}

#[test]
fn what_does_not_fit_is_refused() {
    let source = sample("page.alto.xml");
    let layout = source.layout().expect("a layout");
    let wrong = [Edit::Replace { span: Span::new(0, 3), old: "新".into(), new: "旧".into() }];
    let empty = source.text().find("\n\n").expect("blocks are apart") + 1;
    let homeless = [Edit::Replace { span: Span::at(empty), old: String::new(), new: "旧".into() }];
    let written = layout.write(source.text(), &[&wrong, &homeless]);
    assert_eq!(written.refused.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(written.file, SAMPLES[0].2);
}

#[test]
fn a_word_parted_by_a_hyphen_is_kept_whole_everywhere() {
    let file = "<alto><Layout><Page><PrintSpace><TextBlock ID=\"b\"><TextLine>\
                <String CONTENT=\"infor\" SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"informetion\"/>\
                <HYP CONTENT=\"-\"/></TextLine><TextLine>\
                <String CONTENT=\"metion\" SUBS_TYPE=\"HypPart2\" SUBS_CONTENT=\"informetion\">\
                <Glyph CONTENT=\"m\"/><Glyph CONTENT=\"e\"/><Glyph CONTENT=\"t\"/>\
                <Glyph CONTENT=\"i\"/><Glyph CONTENT=\"o\"/><Glyph CONTENT=\"n\"/></String>\
                </TextLine></TextBlock></PrintSpace></Page></Layout></alto>";
    let source = open("hyphen.xml", file);
    assert_eq!(source.text(), "infor-\nmetion\n");
    let fixed = edited(&source, "met", "mat");
    let expected = file.replace("metion", "mation").replacen("\"e\"", "\"a\"", 1);
    assert_eq!(fixed, expected);
}

#[test]
fn alto_follows_its_reading_order() {
    let block = |id: &str, next: &str| {
        format!(
            "<TextBlock ID=\"{id}\"{next}><TextLine><String CONTENT=\"{id}\"/></TextLine></TextBlock>"
        )
    };
    let page = |order: &str, blocks: &str| {
        format!(
            "<alto>{order}<Layout><Page><PrintSpace>{blocks}</PrintSpace></Page></Layout></alto>"
        )
    };
    let plain = [block("甲", ""), block("乙", ""), block("丙", "")].concat();
    let order = "<ReadingOrder><OrderedGroup ID=\"g\"><ElementRef ID=\"1\" REF=\"丙\"/>\
                 <ElementRef ID=\"2\" REF=\"甲\"/></OrderedGroup></ReadingOrder>";
    assert_eq!(open("x", &page(order, &plain)).text(), "丙\n\n甲\n\n乙\n");
    let next =
        [block("甲", " IDNEXT=\"丙\""), block("乙", ""), block("丙", " IDNEXT=\"乙\"")].concat();
    assert_eq!(open("x", &page("", &next)).text(), "甲\n\n丙\n\n乙\n");
    let ring = [block("甲", " IDNEXT=\"乙\""), block("乙", " IDNEXT=\"甲\"")].concat();
    assert_eq!(open("x", &page("", &ring)).text(), "甲\n\n乙\n");
}

#[test]
fn other_shapes_of_json_are_read() {
    let bounds = "[[0,0],[90,0],[90,10],[0,10]]";
    let shapes = [
        (Format::Rapid, format!("[{{\"box\": {bounds}, \"txt\": \"文字\", \"score\": 1}}]")),
        (Format::Rapid, format!("{{\"0\": {{\"rec_txt\": \"文字\", \"dt_boxes\": {bounds}}}}}")),
        (
            Format::Paddle,
            format!(
                "[{{\"type\": \"title\", \"bbox\": [0,0,90,10], \"res\": [{{\"text\": \"文字\", \
                 \"text_region\": {bounds}}}]}}]"
            ),
        ),
        (
            Format::Paddle,
            format!("{{\"results\": [[{{\"text\": \"文字\", \"text_region\": {bounds}}}]]}}"),
        ),
        (Format::Paddle, "{\"rec_texts\": [\"文字\"], \"rec_boxes\": [[0,0,90,10]]}".to_string()),
        (Format::Umi, "{\"code\": 101, \"data\": \"No text\", \"time\": 1}\n\
                       {\"code\": 100, \"data\": [{\"text\": \"文字\", \"box\": [[0,0],[9,0],[9,9]]}]}"
            .to_string()),
    ];
    for (format, file) in shapes {
        let source = open("x.json", &file);
        assert_eq!(source.text(), "文字\n", "{file}");
        assert_eq!(source.layout().map(|layout| layout.format()), Some(format), "{file}");
        assert_eq!(edited(&source, "字", "章"), file.replace("文字", "文章"));
    }
}

// What is refused

#[test]
fn entities_of_the_file_are_refused() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE alto [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\
                <alto><Layout/></alto>";
    assert!(refusal(bomb).contains("at byte 21"), "{}", refusal(bomb));
    let line = |content: &str| {
        format!(
            "<alto><Page><TextBlock><TextLine><String CONTENT=\"{content}\"/></TextLine></TextBlock></Page></alto>"
        )
    };
    for bad in ["&b;", "&#0;", "&#xD800;", "&#x110000;", "&amp", "&#99999999999999;"] {
        let problem = refusal(&line(bad));
        assert!(problem.starts_with("x: at byte "), "{bad}: {problem}");
    }
    assert_eq!(open("x", &line("&#x4e00;&#20108;&lt;")).text(), "一二<\n");
}

#[test]
fn deep_and_large_files_are_refused() {
    let deep = "<alto>".repeat(200_000);
    assert!(refusal(&deep).contains("nested more than 100 deep"));
    let deep = format!("{{\"rec_texts\": {}", "[".repeat(500_000));
    assert!(refusal(&deep).starts_with("x: at byte"));
    let small = Limits { bytes: 100, ..Limits::default() };
    let (_, _, alto) = SAMPLES[0];
    let error = read("x", alto.as_bytes(), None, &small).expect_err("it is larger");
    assert_eq!(error.to_string(), "x: at byte 100: the file has more than 100 bytes");
}

#[test]
fn a_truncated_file_is_an_error_with_its_place() {
    for (name, _, file) in &SAMPLES[..3] {
        let end = file.trim_end().len();
        let from = file.find("<String").or(file.find("<TextLine")).or(file.find("<span"));
        let from = from.expect("text is in it");
        for (at, _) in file.char_indices().filter(|(at, _)| (from..end - 1).contains(at)).step_by(7)
        {
            let problem = refusal(&file[..at]);
            assert!(problem.starts_with("x: at byte "), "{name} cut at {at}: {problem}");
        }
    }
    let (_, _, umi) = SAMPLES[6];
    assert!(refusal(&umi[..umi.len() / 2]).starts_with("x: at byte "));
    let half = "[[[[1,1],[9,1],[9,9],[1,9]], [\"\\ud840 一\", 1]]]";
    assert!(refusal(half).contains("half of a character"), "{}", refusal(half));
}

#[test]
fn other_encodings_are_refused() {
    let file = "<?xml version=\"1.0\" encoding=\"GB18030\"?><alto></alto>";
    assert!(refusal(file).contains("calls itself GB18030"));
    let bytes = b"<alto>\xb0\xa1</alto>";
    assert!(read("x", bytes, None, &Limits::default()).is_err());
}

// Findings

#[test]
fn findings_carry_page_block_line_and_box() {
    let config = Config { select: vec!["C103".into(), "S".into()], ..Config::default() };
    let pipeline = Pipeline::new(config).expect("the tables are right");
    let mut found = String::new();
    for (name, _, file) in SAMPLES {
        let source = open(name, file);
        for suggestion in &pipeline.check(&source).suggestions {
            let language = kanwu::Language::English;
            let record = kanwu::emit::json::SuggestionRecord::new(&source, suggestion, language);
            let place = record.layout.expect("a place on the page");
            let bytes = place.start_byte.zip(place.end_byte);
            let text = bytes.map_or("", |(start, end)| &file[start..end]);
            writeln!(
                found,
                "{name} {} {} {:?} {}/{}/{} {:?} {text}",
                record.rule,
                record.level.name(),
                record.wrong,
                place.page,
                place.block,
                place.line,
                place.bounds
            )
            .expect("a string takes all");
        }
    }
    insta::assert_snapshot!("findings_with_boxes", found);
}

#[test]
fn an_indent_shows_a_paragraph() {
    let config = Config { select: vec!["S".into()], ..Config::default() };
    let pipeline = Pipeline::new(config).expect("the tables are right");
    let source = sample("page.alto.xml");
    let repaired = pipeline.repaired_text(&source);
    let lines: Vec<&str> = repaired.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 3, "{repaired}");
    assert!(lines[1].starts_with("河边") && lines[1].ends_with("三家。"), "{repaired}");
    let review = pipeline.check(&source);
    let joins = review.at_least(Level::Review).filter(|s| s.finding.rule.id.starts_with("S10"));
    assert_eq!(joins.count(), 4);
}

// Laws

/// A change of one character or a few, somewhere in the text.
fn change() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    (any::<prop::sample::Index>(), 0usize..4, "[一-十a-c<&\"'\\\\，“]{0,3}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Edits land in the line they stand in, and what no edit touches stays byte for byte.
    #[test]
    fn edits_land_in_their_lines(
        number in 0..SAMPLES.len(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let (name, _, file) = SAMPLES[number];
        let source = open(name, file);
        let layout = source.layout().expect("a layout");
        let text = source.text();
        let mut edits: Vec<Edit> = Vec::new();
        let mut until = None;
        let mut spans: Vec<(usize, usize, String)> = changes
            .into_iter()
            .map(|(index, chars, new)| {
                let line = &layout.lines()[index.index(layout.lines().len())];
                let span = source.lines()[line.number].span;
                let ends: Vec<usize> = (span.start..=span.end)
                    .filter(|at| text.is_char_boundary(*at))
                    .collect();
                let first = index.index(ends.len());
                let last = (first + chars).min(ends.len() - 1);
                (ends[first], ends[last], new)
            })
            .collect();
        spans.sort();
        for (start, end, new) in spans {
            let old = &text[start..end];
            // Spaces between words are not in the file; lines must stay lines.
            if until.is_some_and(|until| start <= until) || old == new || old.contains(' ')
                || new.is_empty() && source.lines().iter().any(|line| line.span == Span::new(start, end))
                || new.trim().is_empty() && !new.is_empty()
            {
                continue;
            }
            until = Some(end);
            edits.push(Edit::Replace { span: Span::new(start, end), old: old.into(), new });
        }
        let groups: Vec<&[Edit]> = edits.iter().map(std::slice::from_ref).collect();
        let written = layout.write(text, &groups);
        prop_assert!(written.refused.is_empty() && written.kept.is_empty());
        let expected = kanwu::apply::apply(text, &groups).text;
        let again = read(name, written.file.as_bytes(), None, &Limits::default());
        let again = again.expect("it is well formed").expect("it is a layout file");
        let squeezed = |text: &str| text.replace(' ', "");
        prop_assert_eq!(squeezed(again.text()), squeezed(&expected));
        // Boxes, ids and all other markup are the same.
        let markup = |source: &Source| -> Vec<_> {
            let lines = source.layout().expect("a layout").lines().iter();
            lines.map(|line| (line.block_id.clone(), line.line_id.clone(), format!("{:?}", line.bounds)))
                .collect()
        };
        prop_assert_eq!(markup(&again), markup(&source));
    }

    /// Whatever becomes of a file, reading it gives a text or an error.
    #[test]
    fn no_damage_makes_it_panic(
        number in 0..SAMPLES.len(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..6),
    ) {
        let (name, format, file) = SAMPLES[number];
        let mut bytes = file.as_bytes().to_vec();
        for (index, byte, what) in damage {
            if bytes.is_empty() { break; }
            let at = index.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => _ = bytes.remove(at),
                _ => bytes.insert(at, byte),
            }
        }
        for format in [None, Some(format)] {
            if let Ok(Some(source)) = read(name, &bytes, format, &Limits::default()) {
                let layout = source.layout().expect("a layout");
                let written = layout.write(source.text(), &[]);
                prop_assert_eq!(written.file.as_bytes(), &bytes);
            }
        }
    }
}

/// 500 mutations of each sample, always the same.
#[test]
fn five_hundred_mutations_of_each_sample_are_survived() {
    let mut state = 7u64;
    let mut below = |bound: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let tokens = [
        "<",
        ">",
        "&",
        "\"",
        "'",
        "</TextLine>",
        "<String/>",
        "[[",
        "{",
        "]",
        "\\u",
        "]]>",
        "<![CDATA[",
        "<!--",
        "𠀀",
        "\0",
        "bbox 1e999 x",
        "points=\"1,1\"",
        "-1",
        "NaN",
    ];
    for (name, _, file) in SAMPLES {
        let mut read_well = 0;
        for _ in 0..500 {
            let mut bytes = file.as_bytes().to_vec();
            for _ in 0..1 + below(4) {
                let at = below(bytes.len());
                let until = (at + below(40)).min(bytes.len());
                match below(3) {
                    0 => drop(bytes.drain(at..until)),
                    1 => {
                        let token = tokens[below(tokens.len())].bytes();
                        drop(bytes.splice(at..at, token));
                    }
                    _ => bytes[at] = below(256) as u8,
                }
                if bytes.is_empty() {
                    bytes.push(b'<');
                }
            }
            read_well += usize::from(read(name, &bytes, None, &Limits::default()).is_ok());
        }
        assert!(read_well < 500, "{name}: damage must show");
    }
}

// The command

/// Runs kanwu in `folder`; gives the exit status, standard output and standard error.
fn kanwu(folder: &std::path::Path, args: &[&str]) -> (i32, String, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kanwu"))
        .args(args)
        .current_dir(folder)
        .env("XDG_DATA_HOME", folder)
        .env("LC_ALL", "en_US.UTF-8")
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

/// A folder with all samples and files that are none.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("pages");
    std::fs::create_dir(&pages).expect("a folder");
    for (name, _, file) in SAMPLES {
        std::fs::write(pages.join(name), file).expect("a file");
    }
    std::fs::write(pages.join("other.json"), "{\"a\": 1}").expect("a file");
    std::fs::write(pages.join("other.xml"), "<feed/>").expect("a file");
    folder
}

const FIX: [&str; 4] = ["fix", "--level", "review", "--select"];

#[test]
fn fix_writes_the_same_format_back() {
    let desk = desk();
    let args = [&FIX[..], &["C103", "pages", "-o", "out"]].concat();
    let (code, _, err) = kanwu(desk.path(), &args);
    assert_eq!(code, 0, "{err}");
    for (name, _, file) in SAMPLES {
        let fixed = std::fs::read_to_string(desk.path().join("out").join(name)).expect(name);
        let expected = match name {
            "umi.json" => file.replace("\\u4ee5\\u4ee5", "\\u4ee5"),
            _ => file.replace("以以", "以"),
        };
        assert_eq!(fixed, expected, "{name}");
    }
    assert!(!desk.path().join("out/other.json").exists());
    assert!(!desk.path().join("out/other.xml").exists());
}

#[test]
fn fix_writes_text_or_markdown_when_asked() {
    let desk = desk();
    let args = [&FIX[..], &["S", "--stdout", "pages/page.alto.xml"]].concat();
    let (_, same, err) = kanwu(desk.path(), &args);
    assert_eq!(same, SAMPLES[0].2);
    assert!(err.contains("4 changes of the text's flow"), "{err}");
    let (_, text, _) = kanwu(desk.path(), &[&args[..], &["--to", "text"]].concat());
    assert!(
        text.starts_with("老码头变成新书房\n\n河边的旧仓库今年春天变成了一座书房，居民下班"),
        "{text}"
    );
    let (_, markdown, _) = kanwu(desk.path(), &[&args[..], &["--to", "markdown"]].concat());
    assert!(markdown.starts_with("## 老码头变成新书房\n\n河边的旧仓库"), "{markdown}");
    let args = [&FIX[..], &["S", "pages/page.alto.xml", "--to", "text", "-o", "out/"]].concat();
    assert_eq!(kanwu(desk.path(), &args).0, 0);
    assert!(desk.path().join("out/page.alto.txt").exists());
}

#[test]
fn decisions_are_carried_out_in_the_layout_file() {
    let desk = desk();
    let check = ["check", "--select", "C103", "--save", "--exit-zero", "pages/page.hocr"];
    let (code, out, err) = kanwu(desk.path(), &check);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("pages/page.hocr:1/1/1:"), "{out}");
    let saved =
        std::fs::read_to_string(desk.path().join(".kanwu/suggestions.jsonl")).expect("saved");
    let id = saved.split("\"id\":\"").nth(1).expect("an id").split('"').next().expect("an id");
    let decision = format!("{{\"id\": \"{id}\", \"verdict\": \"accept\"}}\n");
    std::fs::write(desk.path().join(".kanwu/decisions.jsonl"), decision).expect("a file");
    let (code, fixed, err) = kanwu(desk.path(), &["apply", "--stdout"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(fixed, SAMPLES[2].2.replace("以以", "以"));
}

#[test]
fn check_shows_a_diff_of_the_layout_file() {
    let desk = desk();
    let args = ["check", "--select", "C103", "--format", "diff", "pages/page.alto.xml"];
    let (_, diff, _) = kanwu(desk.path(), &args);
    assert!(diff.contains("CONTENT=\"传统行业难以为继的老街，\""), "{diff}");
}

/// A zip file with these members.
fn zip(path: &std::path::Path, members: &[(&str, &[u8])]) {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
    for (name, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).expect("a member");
        zip.write_all(bytes).expect("a member");
    }
    zip.finish().expect("a zip file");
}

#[test]
fn archives_are_read_like_folders() {
    use std::io::Write;
    let desk = tempfile::tempdir().expect("a folder");
    let (alto, umi) = (SAMPLES[0].2, SAMPLES[6].2);
    zip(
        &desk.path().join("issue.zip"),
        &[
            ("1/page.xml", alto.as_bytes()),
            ("1/cover.png", b"\x89PNG"),
            ("2/page.json", umi.as_bytes()),
            ("notes.txt", "难以以为继".as_bytes()),
        ],
    );
    let packed = std::fs::File::create(desk.path().join("page.xml.gz")).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::default());
    packed.write_all(alto.as_bytes()).and_then(|()| packed.finish().map(drop)).expect("packed");
    let args = ["check", "--select", "C103", "--exit-zero", "--format", "jsonl", "."];
    let (code, out, err) = kanwu(desk.path(), &args);
    assert_eq!(code, 0, "{err}");
    for name in [
        "issue.zip!/1/page.xml",
        "issue.zip!/2/page.json",
        "issue.zip!/notes.txt",
        "page.xml.gz!/page.xml",
    ] {
        assert!(out.contains(&format!("/{name}\"")), "{name}: {out}");
    }
    let args = [&FIX[..], &["C103", "issue.zip", "page.xml.gz", "-o", "out"]].concat();
    let (code, _, err) = kanwu(desk.path(), &args);
    assert_eq!(code, 0, "{err}");
    let get = |name: &str| std::fs::read_to_string(desk.path().join("out").join(name)).expect(name);
    assert_eq!(get("issue.zip/1/page.xml"), alto.replace("以以", "以"));
    assert_eq!(get("issue.zip/2/page.json"), umi.replace("\\u4ee5\\u4ee5", "\\u4ee5"));
    assert_eq!(get("issue.zip/notes.txt"), "难以为继");
    assert_eq!(get("page.xml"), alto.replace("以以", "以"));
    let (code, _, err) = kanwu(desk.path(), &["fix", "--in-place", "issue.zip"]);
    assert_eq!(code, 2);
    assert!(err.contains("is in an archive"), "{err}");
}

#[test]
fn archives_that_do_harm_are_refused() {
    use std::io::Write;
    let desk = tempfile::tempdir().expect("a folder");
    let at = |name: &str| desk.path().join(name);
    zip(&at("out.zip"), &[("../evil.txt", b"a")]);
    zip(&at("root.zip"), &[("/evil.txt", b"a")]);
    zip(&at("bomb.zip"), &[("big.txt", &vec![b'a'; 8 << 20])]);
    let bomb = std::fs::File::create(at("bomb.txt.gz")).expect("a file");
    let mut bomb = flate2::write::GzEncoder::new(bomb, flate2::Compression::best());
    bomb.write_all(&vec![b'a'; 8 << 20]).and_then(|()| bomb.finish().map(drop)).expect("packed");
    std::fs::write(at("cut.txt.gz"), b"\x1f\x8b\x08\x00\x00").expect("a file");
    let mut tar = vec![0u8; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let packed = std::fs::File::create(at("a.txt.gz")).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::default());
    packed.write_all(&tar).and_then(|()| packed.finish().map(drop)).expect("packed");
    let cases = [
        ("out.zip", "leads out"),
        ("root.zip", "leads out"),
        ("bomb.zip", "unpacks to more than"),
        ("bomb.txt.gz", "unpacks to more than"),
        ("cut.txt.gz", "cut.txt.gz: "),
        ("a.txt.gz", "a tar archive"),
    ];
    for (name, problem) in cases {
        let (code, _, err) = kanwu(desk.path(), &["check", "--select", "C103", name]);
        assert_eq!(code, 2, "{name}: {err}");
        assert!(err.contains(problem), "{name}: {err}");
    }
    assert!(!desk.path().parent().expect("a parent").join("evil.txt").exists());
    let large = "难以以为继".repeat(100_000);
    std::fs::write(at("large.xml"), SAMPLES[0].2.replace("A&amp;B", &large)).expect("a file");
    let args = ["check", "--select", "C103", "--max-size", "1", "large.xml"];
    assert!(kanwu(desk.path(), &args).2.contains("more than 1048576 bytes"));
}
