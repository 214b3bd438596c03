//! Word files: marked, edited by somebody, read back; own formatting kept; hostile ones refused.

#![cfg(feature = "docx")]

mod desk;
mod editor;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use editor::{Act, comment_ids, edit, package, part, parts, with_part};
use kanwu::apply::{Written, apply};
use kanwu::batch::correct;
use kanwu::container::ContainerLimits;
use kanwu::docx::{Carried, Docx, Mark, Review, read, read_reviewed};
use kanwu::emit::json::read_lines;
use kanwu::review::Verdict;
use kanwu::{
    Choice, Config, Edit, Finding, Language, Level, Message, Pipeline, Source, Span, Suggestion,
};
use proptest::prelude::*;

const DATE: &str = "2026-01-02T03:04:05Z";

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Config::default()).expect("the shipped dictionaries are right"));

fn sample() -> Source {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/tianjin_daily.txt");
    Source::new("tianjin_daily.txt", fs::read_to_string(path).expect("the sample page"))
}

/// The text as paragraphs, whatever ends its lines.
fn paper(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    if text.ends_with('\n') { text } else { text + "\n" }
}

/// The suggestions of the sample page as `check --format docx` marks them.
fn marks<'a>(suggestions: &[&'a Suggestion]) -> Vec<Mark<'a>> {
    let margin = PIPELINE.config().margin;
    let choice =
        |s: &Suggestion| s.clear_choice(margin).filter(|_| s.level >= Level::Review).map(|_| 0);
    suggestions.iter().map(|s| Mark { suggestion: s, choice: choice(s) }).collect()
}

fn marked(source: &Source, marks: &[Mark<'_>]) -> Vec<u8> {
    let docx = Docx::of_text(source).expect("a new file");
    docx.mark(source, marks, Language::Chinese, DATE).expect("a marked file")
}

fn review(bytes: &[u8]) -> (String, String, Review) {
    let back = read_reviewed("back.docx", bytes, ContainerLimits::default()).expect("a file");
    let carried = back.carried.as_ref().expect("it carries the suggestions");
    (back.accepted(), back.rejected(), back.review(carried))
}

fn verdicts(review: &Review) -> Vec<(String, Option<Verdict>)> {
    let verdict = |o: &kanwu::docx::Outcome| o.decision.as_ref().map(|d| d.verdict.clone());
    review.outcomes.iter().map(|outcome| (outcome.id.clone(), verdict(outcome))).collect()
}

#[test]
fn the_sample_page_goes_to_an_editor_and_back() {
    let source = sample();
    let report = PIPELINE.check(&source);
    let shown: Vec<&Suggestion> = report.at_least(Level::Review).collect();
    let marks = marks(&shown);
    let file = marked(&source, &marks);
    assert_eq!(file, marked(&source, &marks), "the same input gives the same bytes");
    let whole = Span::new(0, source.text().len());
    let margin = PIPELINE.config().margin;
    let fixed = correct(&source, whole, &shown, margin, 0.0, Written::AsRead);
    let (accepted, rejected, open) = review(&file);
    assert_eq!(accepted.trim_end(), paper(&fixed.made.text).trim_end());
    assert_eq!(rejected, paper(source.text()));
    assert!(open.outcomes.iter().all(|o| o.decision.is_none()), "{open:?}");
    assert_eq!(open.elsewhere, []);
    let tracked: BTreeSet<&str> = marks
        .iter()
        .filter(|mark| mark.choice.is_some())
        .map(|mark| mark.suggestion.id.as_str())
        .collect();
    for comments in [true, false] {
        for act in [Act::Accept, Act::Reject] {
            let back = edit(&file, &|_| act.clone(), comments);
            let (text, again, review) = review_of(&back);
            assert_eq!(text, again, "nothing is tracked any more");
            let wanted = if act == Act::Accept { &accepted } else { &rejected };
            assert_eq!(&text, wanted);
            assert_eq!(review.elsewhere, []);
            for (id, verdict) in verdicts(&review) {
                let wanted = match act {
                    _ if !tracked.contains(id.as_str()) => None,
                    Act::Accept => Some(Verdict::Accept { choice: 1 }),
                    _ => Some(Verdict::Reject),
                };
                assert_eq!(verdict, wanted, "{id} {act:?} {comments}");
            }
        }
    }
}

fn review_of(bytes: &[u8]) -> (String, String, Review) {
    review(bytes)
}

#[test]
fn a_moved_caption_is_one_move() {
    let source = sample();
    let report = PIPELINE.check(&source);
    let shown: Vec<&Suggestion> = report.at_least(Level::Review).collect();
    let document = part(&marked(&source, &marks(&shown)), "word/document.xml");
    let moves = document.matches("<w:moveFromRangeStart ").count();
    assert!(moves > 0, "the page has captions in its sentences");
    for name in ["moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd"] {
        assert_eq!(document.matches(&format!("<w:{name} ")).count(), moves, "{name}");
    }
    assert!(document.contains("<w:moveFrom ") && document.contains("<w:moveTo "));
}

#[test]
fn captions_are_moved_anywhere_and_back() {
    let moved = |text: &str, from: &str, to: usize, gap: &str| {
        let start = text.find(from).expect("the caption");
        let end = start + from.len();
        let caption = Edit::Move { span: Span::new(start, end), to };
        assert!(text[end..].starts_with(gap));
        vec![caption, replace(text, end, end + gap.len(), "")]
    };
    for (text, from, gap, behind) in [
        ("甲乙\n图一\n丙丁\n戊己\n", "\n图一", "\n", "丙丁"),
        ("甲乙\n图一\n丙丁\n", "\n图一", "\n", "丙丁"),
        ("甲乙\n图一\n丙丁", "\n图一", "\n", "丙丁"),
        ("甲乙\n\n图一\n\n摄影\n\n丙丁\n\n戊己", "\n\n图一\n\n摄影", "\n\n", "丙丁"),
        ("甲乙\r\n图一\r\n　　丙丁\r\n", "\r\n图一", "\r\n　　", "丙丁"),
        ("甲乙 \n图一 \n丙丁\n戊", " \n图一", " \n", "丙丁"),
    ] {
        let to = text.find(behind).expect("the paragraph") + behind.len();
        let edits = moved(text, from, to, gap);
        let seam = Span::new(3, to - behind.len() + 3);
        let slip = suggestion(text, 1, "S103", seam, vec![edits.clone()]);
        let source = Source::new("page.txt", text);
        let file = marked(&source, &[Mark { suggestion: &slip, choice: Some(0) }]);
        check_package(&file);
        let fixed = paper(&apply(text, &[&edits]).text);
        let lines = |text: &str| -> Vec<String> {
            text.trim_end().lines().map(|line| line.trim_end().to_string()).collect()
        };
        let (accepted, rejected, _) = review(&file);
        assert_eq!((lines(&accepted), rejected), (lines(&fixed), paper(text)), "{text}");
        for (act, text, verdict) in [
            (Act::Accept, fixed, Verdict::Accept { choice: 1 }),
            (Act::Reject, paper(text), Verdict::Reject),
        ] {
            let (back, _, review) = review_of(&edit(&file, &|_| act.clone(), true));
            assert_eq!(lines(&back), lines(&text), "{act:?}");
            assert_eq!(verdicts(&review)[0].1, Some(verdict), "{text}");
        }
        // In a file of somebody's own the paragraphs themselves are moved.
        let own = Docx::of_text(&source).expect("a file").bytes().to_vec();
        let own = read("own.docx", own, ContainerLimits::default()).expect("a Word file");
        if own.text() == text {
            let file = corrected(&own, &edits);
            let back = read("x", file, ContainerLimits::default()).expect("a Word file");
            assert_eq!(lines(back.text()), lines(&apply(text, &[&edits]).text), "{text}");
        }
    }
}

/// A suggestion about `span` with these edits for its choices.
fn suggestion(
    text: &str,
    number: usize,
    rule: &str,
    span: Span,
    choices: Vec<Vec<Edit>>,
) -> Suggestion {
    let rule = kanwu::rules::all().into_iter().find(|r| r.id == rule).expect("a rule");
    let choices: Vec<Choice> = choices
        .into_iter()
        .enumerate()
        .map(|(i, edits)| {
            let right = apply(text, &[&edits]).text;
            let behind = text.len() - span.end;
            let right = right[span.start..right.len() - behind].to_string();
            Choice { right, confidence: 0.9 - i as f64 / 2.0, edits }
        })
        .collect();
    Suggestion {
        id: format!("{number:016x}"),
        level: Level::Review,
        finding: Finding {
            rule,
            grade: "",
            span,
            wrong: span.of(text).replace('\n', ""),
            confidence: 0.9,
            highest: Level::Auto,
            choices,
            message: Message::new("有误", "wrong"),
            evidence: Vec::new(),
        },
    }
}

fn replace(text: &str, start: usize, end: usize, new: &str) -> Edit {
    let span = Span::new(start, end);
    Edit::Replace { span, old: span.of(text).to_string(), new: new.to_string() }
}

/// What happens at a place of a random text.
#[derive(Clone, Debug)]
enum Slip {
    Changed(&'static str, &'static str),
    Missing(&'static str),
    TooMuch,
    Split,
    Joined,
    Asked,
}

#[derive(Clone, Debug)]
struct Planned {
    gap: usize,
    length: usize,
    slip: Slip,
    act: Act,
}

fn planned() -> impl Strategy<Value = Planned> {
    let word = || prop::sample::select(vec!["春", "秋", "冬雨", "夏", "\t", "“"]);
    let slip = prop_oneof![
        4 => (word(), word()).prop_map(|(a, b)| Slip::Changed(a, b)),
        2 => word().prop_map(Slip::Missing),
        2 => Just(Slip::TooMuch),
        1 => Just(Slip::Split),
        2 => Just(Slip::Joined),
        1 => Just(Slip::Asked),
    ];
    let act = prop_oneof![
        3 => Just(Act::Accept),
        3 => Just(Act::Reject),
        2 => Just(Act::Leave),
        1 => prop::sample::select(vec!["own", "x y", "<&>", ""]).prop_map(|s| Act::Write(s.into())),
    ];
    (4usize..9, 1usize..4, slip, act).prop_map(|(gap, length, slip, act)| Planned {
        gap,
        length,
        slip,
        act,
    })
}

fn text() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "天", "地", "人", "山", "水", "火", "风", "，", "。", "\n", "\r\n", "\n\n", " ", "\t",
        "ab", "<", "&", "𠀀", "\u{3000}", "\u{c}", "\u{1}", "天天", "“",
    ]);
    (prop::bool::ANY, prop::collection::vec(scrap, 1..160)).prop_map(|(mark, scraps)| {
        let mark = if mark { "\u{feff}" } else { "" };
        format!("{mark}{}", scraps.concat())
    })
}

/// The plans that fit into a text, one behind the other, as suggestions with what the editor does.
fn place(text: &str, plans: &[Planned]) -> Vec<(Suggestion, Act)> {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut placed = Vec::new();
    let mut at = usize::from(text.starts_with('\u{feff}'));
    for plan in plans {
        at += plan.gap;
        let (Some(&start), Some(&end)) = (bounds.get(at), bounds.get(at + plan.length)) else {
            break;
        };
        let wrong = &text[start..end];
        let breaks = |text: &str| text.contains(['\n', '\r', '\u{c}']);
        let number = placed.len();
        let span = Span::new(start, end);
        let whole = |new: &str| vec![replace(text, start, end, new)];
        let made = match plan.slip {
            Slip::Joined => {
                // The next line break, with nothing of a pair cut.
                let Some(found) = text[start..].find(['\n', '\r']).map(|found| start + found)
                else {
                    continue;
                };
                if text[..found].ends_with('\r') && text[found..].starts_with('\n') {
                    continue;
                }
                let length = if text[found..].starts_with("\r\n") { 2 } else { 1 };
                let end = found + length;
                // No paragraph follows on the last.
                if end == text.len() {
                    continue;
                }
                at = bounds.partition_point(|bound| *bound < end);
                let join = vec![replace(text, found, end, "")];
                suggestion(text, number, "S101", Span::new(found, end), vec![join])
            }
            _ if breaks(wrong) => continue,
            Slip::Changed(a, b) if a != b && wrong != a && wrong != b => {
                suggestion(text, number, "C101", span, vec![whole(a), whole(b)])
            }
            Slip::Changed(..) => continue,
            Slip::Missing(new) => {
                let insertion = vec![replace(text, start, start, new)];
                suggestion(text, number, "C104", span, vec![insertion])
            }
            Slip::TooMuch => suggestion(text, number, "C103", span, vec![whole("")]),
            Slip::Split => {
                let split = vec![replace(text, start, start, "\n")];
                suggestion(text, number, "S107", span, vec![split])
            }
            Slip::Asked => suggestion(text, number, "N104", span, Vec::new()),
        };
        at = at.max(bounds.partition_point(|bound| *bound < made.finding.span.end));
        let act = match (&plan.act, made.finding.rule.id.starts_with('S')) {
            (Act::Write(_), true) => Act::Leave,
            (act, _) => act.clone(),
        };
        placed.push((made, act));
    }
    placed
}

/// What the editor's act is to be read as.
fn wanted(suggestion: &Suggestion, act: &Act) -> Option<Verdict> {
    let asks = suggestion.finding.choices.is_empty();
    match act {
        Act::Leave => None,
        Act::Accept | Act::Reject if asks => None,
        Act::Accept => Some(Verdict::Accept { choice: 1 }),
        Act::Reject => Some(Verdict::Reject),
        Act::Write(text) => {
            let proposed = suggestion.finding.choices.iter().position(|c| c.right == *text);
            match proposed {
                Some(choice) => Some(Verdict::Accept { choice: choice + 1 }),
                None => Some(Verdict::Replace { text: text.clone() }),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn decisions_come_back_exactly(
        text in text(),
        plans in prop::collection::vec(planned(), 1..12),
    ) {
        let placed = place(&text, &plans);
        let source = Source::new("page.txt", text.as_str());
        let marks: Vec<Mark<'_>> = placed
            .iter()
            .map(|(s, _)| Mark { suggestion: s, choice: (!s.finding.choices.is_empty()).then_some(0) })
            .collect();
        let file = marked(&source, &marks);
        let (accepted, rejected, open) = review(&file);
        let written = |text: &str| {
            paper(text).replace('\u{c}', "\n").replace('\u{1}', "\u{fffd}")
        };
        let groups: Vec<&[Edit]> = placed
            .iter()
            .filter_map(|(s, _)| Some(s.finding.choices.first()?.edits.as_slice()))
            .collect();
        prop_assert_eq!(&rejected, &written(&text));
        let fixed = written(&apply(&text, &groups).text);
        prop_assert_eq!(accepted.trim_end_matches('\n'), fixed.trim_end_matches('\n'));
        prop_assert!(open.outcomes.iter().all(|o| o.decision.is_none()), "{:?}", open);
        prop_assert_eq!(&open.elsewhere, &[]);
        let acts: HashMap<String, Act> = {
            let mut ids = comment_ids_or_none(&file, &placed);
            placed.iter().filter_map(|(s, act)| Some((ids.remove(&s.id)?, act.clone()))).collect()
        };
        let act = |id: &str| acts.get(id).cloned().unwrap_or(Act::Leave);
        let back = edit(&file, &act, true);
        let (_, _, review) = review_of(&back);
        for ((suggestion, act), (id, verdict)) in placed.iter().zip(verdicts(&review)) {
            prop_assert_eq!(&suggestion.id, &id);
            prop_assert_eq!(verdict, wanted(suggestion, act), "{:?}", suggestion.finding);
        }
        prop_assert_eq!(&review.elsewhere, &[]);
        // Where the editor deleted all comments the text tells; where it is the same for two ways
        // to read it, either will do, but it must be explained.
        let bare = edit(&file, &act, false);
        let (text_back, _, bare_review) = review_of(&bare);
        let carried = read_reviewed("b", &bare, ContainerLimits::default()).expect("a file");
        let made = carry_out(&source, carried.carried.as_ref().expect("carried"), &bare_review);
        if bare_review.elsewhere.is_empty() && placed.iter().all(|(_, a)| *a != Act::Leave) {
            prop_assert_eq!(made.trim_end_matches('\n'), text_back.trim_end_matches('\n'));
        }
    }

    #[test]
    fn damaged_files_are_refused_and_do_no_harm(
        at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..9),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let source = Source::new("page.txt", "难以以为继。\n第二行。\n");
        let mut file = Docx::of_text(&source).expect("a file").bytes().to_vec();
        for (index, byte) in at {
            let index = index.index(file.len());
            file[index] = byte;
        }
        if !whole {
            file.truncate(cut.index(file.len()));
        }
        if let Ok(source) = read("x.docx", file.clone(), ContainerLimits::default()) {
            let docx = source.docx().expect("a Word file");
            let _ = docx.correct(source.text(), &[]);
        }
        let _ = read_reviewed("x.docx", &file, ContainerLimits::default());
    }
}

fn comment_ids_or_none(file: &[u8], placed: &[(Suggestion, Act)]) -> HashMap<String, String> {
    if placed.is_empty() { HashMap::new() } else { comment_ids(file) }
}

/// The text with the decisions carried out, as paper has it.
fn carry_out(source: &Source, carried: &Carried, review: &Review) -> String {
    let mut groups: Vec<Vec<Edit>> = Vec::new();
    for (slip, outcome) in carried.slips.iter().zip(&review.outcomes) {
        match outcome.decision.as_ref().map(|decision| &decision.verdict) {
            Some(Verdict::Accept { choice }) => groups.push(slip.choices[choice - 1].edits.clone()),
            Some(Verdict::Replace { text }) => {
                groups.push(vec![replace(source.text(), slip.start, slip.end, text)]);
            }
            _ => {}
        }
    }
    let groups: Vec<&[Edit]> = groups.iter().map(Vec::as_slice).collect();
    paper(&apply(source.text(), &groups).text).replace('\u{c}', "\n").replace('\u{1}', "\u{fffd}")
}

#[test]
fn a_file_without_what_it_carried_is_read_with_saved_suggestions() {
    let source = sample();
    let report = PIPELINE.check(&source);
    let shown: Vec<&Suggestion> = report.at_least(Level::Review).collect();
    let file = marked(&source, &marks(&shown));
    let names: Vec<String> = parts(&file).into_iter().map(|(name, _)| name).collect();
    let mut bare = edit(&file, &|_| Act::Accept, false);
    for name in names.iter().filter(|name| name.starts_with("customXml/")) {
        bare = with_part(&bare, name, None);
    }
    let back = read_reviewed("back.docx", &bare, ContainerLimits::default()).expect("a file");
    assert!(back.carried.is_none());
    let record =
        |s: &&Suggestion| kanwu::emit::json::SuggestionRecord::new(&source, s, Language::English);
    let records: Vec<_> = shown.iter().map(record).collect();
    let carried = Carried::of_records(&source, &records, PIPELINE.config().margin);
    assert!(back.is_about(&carried));
    let review = back.review(&carried);
    let accepted = verdicts(&review).into_iter().filter(|(_, verdict)| verdict.is_some());
    assert!(accepted.clone().count() > 5);
    assert!(accepted.into_iter().all(|(_, v)| v == Some(Verdict::Accept { choice: 1 })));
    assert_eq!(review.elsewhere, []);
    let other = Source::new("other.txt", "完全是另一篇文章。\n".repeat(90));
    assert!(!back.is_about(&Carried::of_records(&other, &[], 0.0)));
}

#[test]
fn what_an_editor_changes_elsewhere_is_told() {
    let text = "难以以为继。\n第二行没有错误。\n";
    let slip = suggestion(text, 1, "C103", Span::new(3, 9), vec![vec![replace(text, 6, 9, "")]]);
    let source = Source::new("page.txt", text);
    let file = marked(&source, &[Mark { suggestion: &slip, choice: Some(0) }]);
    let back = edit(&file, &|_| Act::Accept, true);
    let document = part(&back, "word/document.xml").replace("没有错误", "几乎没有错误");
    let (_, _, review) = review(&with_part(&back, "word/document.xml", Some(&document)));
    assert_eq!(
        review.outcomes[0].decision.as_ref().map(|d| &d.verdict),
        Some(&Verdict::Accept { choice: 1 })
    );
    let told: Vec<_> =
        review.elsewhere.iter().map(|e| (e.paragraph, e.old.as_str(), e.new.as_str())).collect();
    assert_eq!(told, [(2, "", "几乎")]);
}

// Files of others.

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\"";

/// A file with this body, a header and a footnote.
fn own_file(body: &str) -> Vec<u8> {
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let of = |root: &str, content: &str| format!("{HEAD}<w:{root} {NAMES}>{content}</w:{root}>");
    let text = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
                 <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
                 </Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                 <Relationship Id=\"a\" Type=\"{rel}/officeDocument\" Target=\"word/document.xml\"/>\
                 </Relationships>"
            ),
        ),
        ("word/document.xml", of("document", &format!("<w:body>{body}<w:sectPr/></w:body>"))),
        (
            "word/_rels/document.xml.rels",
            format!(
                "{HEAD}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
                 <Relationship Id=\"kanwu1\" Type=\"{rel}/header\" Target=\"header1.xml\"/>\
                 <Relationship Id=\"b\" Type=\"{rel}/footnotes\" Target=\"/word/footnotes.xml\"/>\
                 <Relationship Id=\"c\" Type=\"{rel}/hyperlink\" Target=\"https://example.org/\" TargetMode=\"External\"/>\
                 </Relationships>"
            ),
        ),
        ("word/header1.xml", of("hdr", &text("报眉难以以为继"))),
        (
            "word/footnotes.xml",
            of(
                "footnotes",
                &format!(
                    "<w:footnote w:type=\"separator\" w:id=\"0\"><w:p/></w:footnote>\
                     <w:footnote w:id=\"1\">{}</w:footnote>",
                    text("脚注难以以为继")
                ),
            ),
        ),
        ("word/media/image1.png", "\u{1}not really\u{2}".to_string()),
    ];
    let parts = parts.map(|(name, content)| (name.to_string(), content.into_bytes()));
    package(&parts)
}

const BODY: &str = concat!(
    "<w:p w14:paraId=\"1A\"><w:pPr><w:pStyle w:val=\"a\"/><w:rPr><w:b/></w:rPr></w:pPr>",
    "<w:r w:rsidR=\"01\"><w:rPr><w:b/></w:rPr><w:t>难以</w:t></w:r>",
    "<w:r><w:rPr><w:i/></w:rPr><w:t xml:space=\"preserve\">以为 </w:t></w:r>",
    "<w:hyperlink r:id=\"c\"><w:r><w:t>继</w:t></w:r></w:hyperlink>",
    "<w:r><w:tab/><w:t>。</w:t><w:footnoteReference w:id=\"1\"/></w:r></w:p>",
    "<w:p><w:r><w:t>第一</w:t><w:br/><w:t>第二</w:t></w:r>",
    "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:txbxContent>",
    "<w:p><w:r><w:t>框中难以以为继</w:t></w:r></w:p></w:txbxContent></mc:Choice>",
    "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>框中难以以为继</w:t></w:r></w:p></w:txbxContent>",
    "</mc:Fallback></mc:AlternateContent></w:r></w:p>",
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>格一</w:t></w:r></w:p></w:tc>",
    "<w:tc><w:p><w:r><w:t>格二</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "<w:p><w:ins w:id=\"7\" w:author=\"王\"><w:r><w:t>新</w:t></w:r></w:ins>",
    "<w:del w:id=\"8\" w:author=\"王\"><w:r><w:delText>旧</w:delText></w:r></w:del>",
    "<w:r><w:t>改过难以以为继</w:t></w:r></w:p>",
    "<w:p><w:r><w:t>末段</w:t></w:r></w:p><w:bookmarkStart w:id=\"3\" w:name=\"x\"/>",
    "<w:p><w:r><w:t>再一段</w:t></w:r></w:p>",
);

fn own() -> Source {
    read("own.docx", own_file(BODY), ContainerLimits::default()).expect("a Word file")
}

fn corrected(source: &Source, edits: &[Edit]) -> Vec<u8> {
    let docx = source.docx().expect("a Word file");
    let corrected = docx.correct(source.text(), &[edits]).expect("a sound file");
    assert_eq!(corrected.refused, []);
    corrected.bytes
}

fn first(source: &Source, old: &str, new: &str) -> [Edit; 1] {
    let at = source.text().find(old).unwrap_or_else(|| panic!("{old} in {}", source.text()));
    [replace(source.text(), at, at + old.len(), new)]
}

#[test]
fn all_text_of_a_file_is_read() {
    let source = own();
    assert_eq!(
        source.text(),
        "难以以为 继\t。\n第一\n第二\n框中难以以为继\n格一\n格二\n新改过难以以为继\n末段\n再一段\n\
         脚注难以以为继\n报眉难以以为继\n"
    );
    let at = source.text().find("格二").expect("it is there");
    let position = source.position(at);
    assert_eq!((position.line, position.column), (5, 1), "paragraphs are counted, not lines");
    assert_eq!(source.file(), own_file(BODY));
}

#[test]
fn corrections_keep_the_format_of_the_text_they_stand_in() {
    let source = own();
    let whole = own_file(BODY);
    // Between two runs of different format: each keeps what is left of its own.
    let file = corrected(&source, &first(&source, "以以", "以"));
    let document = part(&file, "word/document.xml");
    let same = BODY.replacen(
        "<w:t xml:space=\"preserve\">以为 </w:t>",
        "<w:t xml:space=\"preserve\">为 </w:t>",
        1,
    );
    let other = BODY.replacen("<w:t>难以</w:t>", "<w:t xml:space=\"preserve\">难</w:t>", 1);
    assert!(document.contains(&same) || document.contains(&other), "{document}");
    for (name, content) in parts(&whole) {
        if name != "word/document.xml" {
            assert!(parts(&file).contains(&(name.clone(), content)), "{name}");
        }
    }
    // Every place, also in notes, headers and text boxes.
    for (old, new, name) in [
        ("脚注难以以", "脚注难以", "word/footnotes.xml"),
        ("报眉难以以", "报眉难以", "word/header1.xml"),
        ("框中难以以", "框中难以", "word/document.xml"),
        ("继\t", "继续\t", "word/document.xml"),
        ("\n第二", "第二", "word/document.xml"),
        ("末段\n", "末段", "word/document.xml"),
        ("再一段", "再\n一段", "word/document.xml"),
    ] {
        let file = corrected(&source, &first(&source, old, new));
        assert_ne!(part(&file, name), part(&whole, name));
        let back = read("x", file, ContainerLimits::default()).expect("a sound file");
        assert_eq!(back.text(), source.text().replacen(old, new, 1));
    }
    let joined = part(&corrected(&source, &first(&source, "末段\n", "末段")), "word/document.xml");
    assert!(joined.contains("<w:bookmarkStart w:id=\"3\""), "nothing between them is lost");
    assert_eq!(corrected(&source, &[]), whole, "without corrections, the same bytes");
}

#[test]
fn what_has_no_place_is_refused() {
    let source = own();
    let docx = source.docx().expect("a Word file");
    for (old, new) in [("格一\n", "格一"), ("改过难以以", "改过难以"), ("再一段\n", "再一段")]
    {
        let corrected = docx.correct(source.text(), &[&first(&source, old, new)]).expect("sound");
        assert_eq!(corrected.refused.len(), 1, "{old}");
        assert_eq!(corrected.bytes, own_file(BODY));
    }
    // Somebody's picture, note or field is never deleted with the text around it.
    let picture = "<w:p><w:r><w:t>图</w:t><w:drawing/><w:t>下</w:t></w:r></w:p>";
    let source = read("x", own_file(picture), ContainerLimits::default()).expect("a Word file");
    let docx = source.docx().expect("a Word file");
    let refused = docx.correct(source.text(), &[&first(&source, "图下", "上")]).expect("sound");
    assert_eq!(refused.refused.len(), 1);
}

#[test]
fn a_file_comes_back_marked_in_its_own_format() {
    let source = own();
    let docx = source.docx().expect("a Word file");
    let text = source.text();
    let place = |wrong: &str| text.find(wrong).expect("it is there");
    let slips: Vec<Suggestion> =
        [("难以以", 0), ("脚注难以以", 6), ("报眉难以以", 6), ("框中难以以", 6), ("改过难以以", 6)]
            .iter()
            .enumerate()
            .map(|(number, (wrong, offset))| {
                let at = place(wrong) + offset;
                let edits = vec![replace(text, at + 6, at + 9, "")];
                suggestion(text, number, "C103", Span::new(at, at + 9), vec![edits])
            })
            .collect();
    let marks: Vec<Mark<'_>> =
        slips.iter().map(|suggestion| Mark { suggestion, choice: Some(0) }).collect();
    let file = docx.mark(&source, &marks, Language::English, DATE).expect("a marked file");
    check_package(&file);
    let (accepted, _, review) = review(&file);
    // In the paragraph with tracked changes of somebody else nothing is changed.
    let fixed = text.replace("难以以", "难以").replace("改过难以为", "改过难以以为");
    assert_eq!(accepted, fixed);
    assert!(review.outcomes.iter().all(|outcome| outcome.decision.is_none()));
    let document = part(&file, "word/document.xml");
    assert!(
        document.contains("<w:rPr><w:i/></w:rPr><w:delText xml:space=\"preserve\">以</w:delText>")
    );
    // Word has comments in the main text only; those on other places stand there, too.
    for name in ["word/header1.xml", "word/footnotes.xml"] {
        let text = part(&file, name);
        assert!(text.contains("<w:del ") && !text.contains("comment"), "{name}");
    }
    assert_eq!(document.matches("<w:commentReference ").count(), slips.len());
    let back = read_reviewed("x", &edit(&file, &|_| Act::Accept, true), ContainerLimits::default());
    let back = back.expect("a file");
    let carried = back.carried.as_ref().expect("carried");
    let decided = verdicts(&back.review(carried));
    assert_eq!(decided[0].1, Some(Verdict::Accept { choice: 1 }));
}

#[test]
fn joins_across_cells_and_stories_are_not_suggested() {
    let body = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>我们要坚持以人民为中心的发展思想，</w:t></w:r></w:p></w:tc>\
                <w:tc><w:p><w:r><w:t>着力解决群众最关心的问题，努力让人民生活更加美好。</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let apart = read("x", own_file(body), ContainerLimits::default()).expect("a Word file");
    let joins = |source: &Source| {
        let report = PIPELINE.check(source);
        report.suggestions.iter().filter(|s| s.finding.rule.id.starts_with("S10")).count()
    };
    assert!(joins(&Source::new("x", apart.text())) > 0, "as plain text they would be joined");
    assert_eq!(joins(&apart), 0);
}

// What Word insists on.

#[test]
fn packages_are_what_word_insists_on() {
    let source = sample();
    let report = PIPELINE.check(&source);
    let all: Vec<&Suggestion> = report.at_least(Level::Hint).collect();
    check_package(&marked(&source, &marks(&all)));
    check_package(&marked(&Source::new("empty.txt", ""), &[]));
    check_package(Docx::of_text(&source).expect("a new file").bytes());
}

/// Content types, relationships, ids, pairs and the order of elements.
fn check_package(file: &[u8]) {
    let parts: BTreeMap<String, String> = parts(file)
        .into_iter()
        .filter_map(|(name, content)| Some((name, String::from_utf8(content).ok()?)))
        .collect();
    let types = &parts["[Content_Types].xml"];
    for (name, text) in &parts {
        let extension = name.rsplit('.').next().expect("an extension");
        let known = types.contains(&format!("PartName=\"/{name}\""))
            || types.contains(&format!("Extension=\"{extension}\""))
            || name == "[Content_Types].xml"
            || name.ends_with(".png");
        assert!(known, "{name} has no type");
        if name.ends_with(".rels") {
            let folder = name.split("_rels/").next().expect("a folder");
            let mut ids = BTreeSet::new();
            for relation in text.split("<Relationship ").skip(1) {
                let value = |key: &str| {
                    let rest = relation.split(&format!("{key}=\"")).nth(1).unwrap_or_default();
                    rest.split('"').next().unwrap_or_default().to_string()
                };
                assert!(ids.insert(value("Id")), "{name}: {} twice", value("Id"));
                if value("TargetMode") != "External" {
                    let target = value("Target");
                    let target = match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_string(),
                        None => format!("{folder}{target}"),
                    };
                    assert!(parts.contains_key(&target), "{name}: {target} is missing");
                }
            }
        }
    }
    let mut ids = BTreeSet::new();
    let ranges = [
        "commentRangeEnd",
        "commentReference",
        "moveFromRangeEnd",
        "moveToRangeEnd",
        "footnoteReference",
    ];
    for (name, text) in
        parts.iter().filter(|(name, _)| name.starts_with("word/") && name.ends_with(".xml"))
    {
        check_order(name, text);
        for (at, _) in text.match_indices("w:id=\"") {
            let tag = &text[text[..at].rfind('<').expect("a tag") + 1..];
            let tag = tag.split([' ', '>']).next().expect("a name").trim_start_matches("w:");
            let id = text[at + 6..].split('"').next().expect("an id");
            let annotation = [
                "ins",
                "del",
                "moveFrom",
                "moveTo",
                "moveFromRangeStart",
                "moveToRangeStart",
                "comment",
                "bookmarkStart",
            ];
            if annotation.contains(&tag) {
                assert!(ids.insert(id.to_string()), "{name}: id {id} twice");
            } else if !ranges.contains(&tag) && tag != "commentRangeStart" {
                assert!(["footnote"].contains(&tag), "{name}: {tag}");
            }
        }
    }
    let Some(comments) = parts.get("word/comments.xml") else { return };
    let document = &parts["word/document.xml"];
    for comment in comments.split("<w:comment ").skip(1) {
        for attribute in ["w:id=\"", "w:author=\"", "w:date=\"", "w:initials=\""] {
            assert!(comment.contains(attribute));
        }
        let id = comment.split("w:id=\"").nth(1).and_then(|c| c.split('"').next()).expect("an id");
        let place = |name: &str| {
            let tag = format!("<w:{name} w:id=\"{id}\"/>");
            assert_eq!(document.matches(&tag).count(), 1, "{tag}");
            document.find(&tag).expect("just counted")
        };
        let (start, end, reference) =
            (place("commentRangeStart"), place("commentRangeEnd"), place("commentReference"));
        assert!(start < end && end < reference, "comment {id}");
    }
}

/// The order of elements in the properties of runs and paragraphs, and where deleted text stands.
fn check_order(name: &str, text: &str) {
    for (at, _) in text.match_indices("<w:pPr>") {
        assert!(text[..at].ends_with('>') && text[..at].rfind("<w:p").is_some(), "{name}");
        let properties = text[at..].split("</w:pPr>").next().expect("it ends");
        if let Some(mark) = properties.find("<w:rPr>") {
            let changes = ["<w:ins ", "<w:del ", "<w:moveFrom ", "<w:moveTo "];
            let inside = &properties[mark + 7..];
            for change in changes.iter().filter(|change| inside.contains(**change)) {
                assert!(inside.starts_with(change), "{name}: {properties}");
            }
            for before in ["<w:pStyle", "<w:jc", "<w:spacing", "<w:ind", "<w:numPr"] {
                assert!(!properties[mark..].contains(before), "{name}: {properties}");
            }
        }
    }
    let mut deleted = false;
    for tag in text.split('<') {
        match tag.split([' ', '>']).next().expect("a name") {
            "w:del" if !tag.contains("/>") => deleted = true,
            "/w:del" => deleted = false,
            "w:t" => assert!(!deleted, "{name}: text in a deletion"),
            "w:delText" => assert!(deleted, "{name}: deleted text out of a deletion"),
            _ => {}
        }
    }
}

// Hostile files.

fn refusal(file: Vec<u8>) -> String {
    match read("x.docx", file, ContainerLimits::default()) {
        Err(error) => error.to_string(),
        Ok(source) => panic!("{:?}", source.text()),
    }
}

#[test]
fn hostile_files_are_refused() {
    let sound = own_file(BODY);
    let document = |text: &str| with_part(&sound, "word/document.xml", Some(text));
    let body =
        |body: &str| format!("{HEAD}<w:document {NAMES}><w:body>{body}</w:body></w:document>");
    let bomb = body(&format!("<w:p><w:r><w:t>{}</w:t></w:r></w:p>", "零".repeat(20 << 20)));
    assert!(refusal(document(&bomb)).contains("unpacks to more than"));
    let entities =
        body("<w:p/>").replace("<w:document", "<!DOCTYPE x [<!ENTITY a \"b\">]><w:document");
    assert!(refusal(document(&entities)).contains("DOCTYPE"));
    assert!(refusal(document(&body("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>"))).contains("entity"));
    let deep = format!("{}{}", "<w:sdt>".repeat(5000), "</w:sdt>".repeat(5000));
    assert!(refusal(document(&body(&deep))).contains("nested"));
    assert!(refusal(document("<w:document><w:body/></w:document>")).contains("prefix w"));
    assert!(refusal(document("<w:document")).starts_with("x.docx: "));
    assert!(refusal(with_part(&sound, "_rels/.rels", None)).contains("no Word file"));
    assert!(refusal(with_part(&sound, "../evil.xml", Some("<a/>"))).contains("leads out"));
    assert!(refusal(with_part(&sound, "WORD/document.xml", Some("<a/>"))).contains("twice"));
    let strict = part(&sound, "_rels/.rels").replace(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
        "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
    );
    assert!(refusal(with_part(&sound, "_rels/.rels", Some(&strict))).contains("strict"));
    let old = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 600]].concat();
    assert!(kanwu::docx::recognise(&old));
    assert!(refusal(old).contains("password"));
    let foreign = with_part(
        &sound,
        "customXml/item1.xml",
        Some(
            "<kanwu xmlns=\"urn:kanwu:review:1\">{\"file\":\"x\",\"text\":\"一\",\"slips\":[{\"id\":\"a\",\
         \"rule\":\"C101\",\"wrong\":\"一\",\"start\":0,\"end\":99,\"choices\":[]}]}</kanwu>",
        ),
    );
    assert!(read_reviewed("x", &foreign, ContainerLimits::default()).is_err());
}

// The command.

const SLIPS: &str = "本报讯 传统发展难以以为继。\n同志们再接再励，夺取更大的胜利。\n";

#[test]
fn the_command_marks_reads_back_and_applies() {
    let desk = desk::Desk::with(&[("in/page.txt", SLIPS)]);
    let run = desk.kanwu(&["check", "--format", "docx", "in/page.txt"]);
    assert_eq!((run.code, run.err.contains("-o OUT")), (2, true), "{run:?}");
    let run = desk.kanwu(&["check", "--format", "docx", "-o", "out", "--save", "in"]);
    assert_eq!(run.code, 1, "{run:?}");
    let file = fs::read(desk.path("out/page.docx")).expect("a file");
    desk.put("back.docx", &edit(&file, &|_| Act::Accept, true));
    let run = desk.kanwu(&["decisions", "import", "back.docx", "--reviewer", "王"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("2 accepted, 0 rejected, 0 worded anew, 0 open"), "{run:?}");
    let log = desk.get(".kanwu/decisions.jsonl");
    assert_eq!(log.matches("\"reviewer\":\"王\"").count(), 2, "{log}");
    let run = desk.kanwu(&["apply", "--in-place"]);
    assert_eq!(run.code, 0, "{run:?}");
    let right = SLIPS.replace("以以", "以").replace("再励", "再厉");
    assert_eq!(desk.get("in/page.txt"), right);
}

#[test]
fn the_sample_page_is_decided_in_word_and_comes_out_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let desk = desk::Desk::new();
    desk.put("page.txt", &fs::read(root.join("tianjin_daily.txt")).expect("the sample page"));
    let run = desk.kanwu(&["check", "--save", "--format", "docx", "-o", "page.docx", "page.txt"]);
    assert_eq!(run.code, 1, "{run:?}");
    let records = read_lines("saved", &desk.get(".kanwu/suggestions.jsonl")).expect("records");
    // The reader of the page lets the other quotation marks of a headline stand.
    let file = fs::read(desk.path("page.docx")).expect("a file");
    let comments = comment_ids(&file);
    let stays = records.iter().filter(|record| record.rule == "K102");
    let stays: Vec<&str> = stays.map(|record| comments[&record.id].as_str()).collect();
    assert_eq!(stays.len(), 1);
    let act = |comment: &str| if stays.contains(&comment) { Act::Reject } else { Act::Accept };
    desk.put("back.docx", &edit(&file, &act, true));
    let run = desk.kanwu(&["decisions", "import", "back.docx"]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = desk.kanwu(&["apply", "-o", "clean.txt"]);
    assert_eq!(run.code, 0, "{run:?}");
    let clean = fs::read_to_string(root.join("tianjin_daily.clean.txt")).expect("the clean text");
    let paragraphs = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| line.trim_end().to_string());
        lines.filter(|line| !line.is_empty()).collect()
    };
    assert_eq!(paragraphs(&desk.get("clean.txt")), paragraphs(&clean));
}

#[test]
fn a_word_file_is_checked_fixed_and_applied() {
    let desk = desk::Desk::with(&[("page.txt", SLIPS)]);
    let source = Source::new("page.txt", SLIPS);
    let file = Docx::of_text(&source).expect("a file").bytes().to_vec();
    desk.put("in/page.docx", &file);
    desk.put("in/~$page.docx", b"not for us");
    let run = desk.kanwu(&["check", "in"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("page.docx:1:") && run.out.contains("page.docx:2:"), "{}", run.out);
    let right = SLIPS.replace("以以", "以").replace("再励", "再厉");
    let text = |name: &str| {
        let bytes = fs::read(desk.path(name)).expect("a file");
        read(name, bytes, ContainerLimits::default()).expect("a Word file").text().to_string()
    };
    let run = desk.kanwu(&["fix", "--level", "review", "-o", "fixed.docx", "in/page.docx"]);
    assert_eq!((run.code, text("fixed.docx")), (0, right.clone()), "{run:?}");
    let run = desk.kanwu(&["fix", "--level", "review", "-o", "fixed", "in"]);
    assert_eq!((run.code, text("fixed/page.docx")), (0, right.clone()), "{run:?}");
    let run = desk.kanwu(&["fix", "--level", "review", "--diff", "in/page.docx"]);
    assert!(run.out.contains("+同志们再接再厉"), "{run:?}");
    let run = desk.kanwu(&["check", "--save", "in/page.docx"]);
    assert_eq!(run.code, 1, "{run:?}");
    let records = desk.get(".kanwu/suggestions.jsonl");
    let decided: String = records
        .lines()
        .map(|line| line.replacen('{', "{\"decision\":{\"verdict\":\"accept\"},", 1) + "\n")
        .collect();
    desk.put(".kanwu/suggestions.jsonl", decided.as_bytes());
    let run = desk.kanwu(&["apply", "--in-place"]);
    assert_eq!((run.code, text("in/page.docx")), (0, right), "{run:?}");
    let run = desk.kanwu(&["apply", "--undo"]);
    assert_eq!(
        (run.code, fs::read(desk.path("in/page.docx")).expect("a file")),
        (0, file),
        "{run:?}"
    );
    desk.put("broken.docx", b"PK\x03\x04 and no more");
    let run = desk.kanwu(&["check", "broken.docx"]);
    assert_eq!((run.code, run.err.contains("broken.docx: ")), (2, true), "{run:?}");
}
