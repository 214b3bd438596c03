//! What keys do, and what the screen shows, without a terminal.

use std::path::Path;
use std::time::Instant;

use insta::{assert_snapshot, with_settings};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tempfile::TempDir;

use super::canvas::Columns;
use super::session::{Mode, Outcome, Request, Session};
use super::view::{Dress, draw};
use super::{carry_out, take};
use crate::cli::review::desk::Desk;
use kanwu::finding::Evidence;
use kanwu::review::{Scope, Verdict};
use kanwu::{Choice, Edit, Encoding, Finding, Language, Level, Message, Source, Span, Suggestion};
use ratatui::crossterm::event::Event;

/// A page with a slip of each kind.
const PAGE: &str = "完善生育支持政策，加强托幼机构建设。\n\
                    作出健全幼服务体系的部署，上下联动、有效协\n\
                    \n\
                    同的工作机制进一步完善。传统发展难以以为继，硬是靠磨破嘴皮”的韧劲打开局面。\n\
                    聚原广场昨日开业，聚原广场人潮涌动。何时竣工尚未可知。\n";

const OTHER_PAGE: &str = "空间有限，不等于发展无路；难以以为继的，是旧路。\n";

/// A review without a terminal.
struct Review {
    desk: Desk,
    session: Session,
    _folder: Option<TempDir>,
}

impl Review {
    fn new(language: Language) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let review = Self::in_folder(folder.path(), "王", language);
        Self { _folder: Some(folder), ..review }
    }

    fn in_folder(folder: &Path, reviewer: &str, language: Language) -> Self {
        let found = vec![page(), other_page()];
        let desk = Desk::laid(found, folder, reviewer, language);
        Self { session: Session::new(&desk), desk, _folder: None }
    }

    /// Presses a key, and carries out what it asks for.
    fn press(&mut self, code: KeyCode) -> Option<Request> {
        let asked = self.session.press(KeyEvent::new(code, KeyModifiers::NONE), &self.desk);
        if let Some(request) = &asked {
            carry_out(request, &mut self.desk, &mut self.session);
        }
        asked
    }

    fn keys(&mut self, keys: &str) {
        for key in keys.chars() {
            self.press(KeyCode::Char(key));
        }
    }

    fn paste(&mut self, text: &str) {
        take(Event::Paste(text.to_string()), &self.desk, &mut self.session);
    }

    fn wrong(&self) -> &str {
        let index = self.session.index().expect("a suggestion is in work");
        &self.desk.proof.suggestions()[index].wrong
    }

    /// The outcomes of the suggestions, a sign each.
    fn outcomes(&self) -> String {
        let sign = |outcome: &Outcome| match outcome {
            Outcome::Open => '.',
            Outcome::Conflict => '!',
            Outcome::Accepted => '+',
            Outcome::Rejected => '-',
            Outcome::Reworded => '~',
            Outcome::Queried => '?',
        };
        self.session.outcomes.iter().map(sign).collect()
    }

    fn notice(&self) -> &str {
        self.session.notice.as_ref().map_or("", |notice| &notice.text)
    }

    /// The screen, without colour.
    fn screen(&mut self, width: u16, height: u16) -> String {
        self.dressed(width, height, Columns::default())
    }

    fn dressed(&mut self, width: u16, height: u16, columns: Columns) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("no terminal");
        let dress = Dress { colour: false, columns };
        terminal
            .draw(|frame| draw(frame, &mut self.session, &self.desk, dress))
            .expect("nothing is written");
        let cells = terminal.backend().buffer();
        let line = |y: u16| -> String {
            let mut line = String::new();
            let mut x = 0;
            while x < width {
                let symbol = cells[(x, y)].symbol();
                line.push_str(symbol);
                x += columns.of(symbol).max(1) as u16;
            }
            line.trim_end().to_string()
        };
        (0..height).map(line).collect::<Vec<_>>().join("\n")
    }
}

fn page() -> (Source, Vec<Suggestion>) {
    let both = |zh: &str, en: &str| Message::new(zh, en);
    let mut missing = of("C104", "幼服务", &["托幼服务"], 0.55);
    missing.finding.message = both("疑脱“托”字，应为“托幼”", "“托” is probably missing: “托幼”");
    missing.finding.evidence = vec![Evidence {
        message: both("本文此处作“托幼”", "this document has “托幼”"),
        span: Some(place("托幼", 0)),
    }];
    let mut join = of("S102", "有效协|同的工作", &["有效协同的工作"], 0.99);
    join.level = Level::Auto;
    join.finding.span = Span::new(place("有效协", 0).start, place("同的工作", 0).end);
    let gap = place("\n\n", 0);
    let edit = Edit::Replace { span: gap, old: "\n\n".to_string(), new: String::new() };
    join.finding.choices[0].edits = vec![edit];
    join.finding.message = both("换行把一个词拆开，应接排", "a line end cuts a word");
    let mut doubled = of("C103", "以以", &["以"], 0.87);
    doubled.finding.message = both("“以”连写了两遍，疑衍其一", "“以” stands twice in a row");
    let quotes = ["靠“磨破嘴皮”", "靠磨破嘴皮"];
    let mut unpaired = of("P101", "靠磨破嘴皮”", &quotes, 0.99);
    unpaired.finding.message = both("有 ” 而缺与之配对的 “", "a ” without its “");
    let mut names = [of("K101", "聚原", &["聚源"], 0.8), of("K101", "聚原", &["聚源"], 0.8)];
    names[1].id = "聚原 2".to_string();
    names[1].finding.span = place("聚原", 1);
    names[1].finding.choices[0].edits =
        vec![Edit::Replace {
            span: place("聚原", 1), old: "聚原".into(), new: "聚源".into()
        }];
    for name in &mut names {
        name.finding.message = both("全篇别处作“聚源”", "elsewhere “聚源”");
    }
    let mut asked = of("N104", "何时", &[], 0.6);
    asked.finding.message = both("请核对时间", "check the time");
    let [first, second] = names;
    let suggestions = vec![missing, join, doubled, unpaired, first, second, asked];
    (Source::new("要闻.txt", PAGE), suggestions)
}

fn other_page() -> (Source, Vec<Suggestion>) {
    let mut doubled = of("C103", "以以", &["以"], 0.87);
    doubled.id = "以以 2".to_string();
    let start = OTHER_PAGE.find("以以").expect("it is there");
    let span = Span::new(start, start + "以以".len());
    doubled.finding.span = span;
    doubled.finding.choices[0].edits =
        vec![Edit::Replace { span, old: "以以".into(), new: "以".into() }];
    (Source::new("副刊.txt", OTHER_PAGE), vec![doubled])
}

/// Where `text` stands in the page for the `number`th time, from 0.
fn place(text: &str, number: usize) -> Span {
    let (at, _) = PAGE.match_indices(text).nth(number).expect("it is there");
    Span::new(at, at + text.len())
}

fn of(rule: &str, wrong: &str, rights: &[&str], confidence: f64) -> Suggestion {
    let span = PAGE.find(wrong).map_or(Span::at(0), |at| Span::new(at, at + wrong.len()));
    let edits =
        |right: &str| vec![Edit::Replace { span, old: wrong.to_string(), new: right.to_string() }];
    let choice = |(number, right): (usize, &&str)| Choice {
        right: right.to_string(),
        confidence: confidence / (number + 1) as f64,
        edits: edits(right),
    };
    let finding = Finding {
        rule: kanwu::rules::find(rule).expect("a rule"),
        grade: "",
        span,
        wrong: wrong.to_string(),
        confidence,
        highest: Level::Auto,
        choices: rights.iter().enumerate().map(choice).collect(),
        message: Message::new("", ""),
        evidence: Vec::new(),
    };
    Suggestion { id: format!("{rule} {wrong}"), level: Level::Review, finding }
}

#[test]
fn keys_decide_and_lead_on_to_what_is_undecided() {
    let mut review = Review::new(Language::English);
    assert_eq!(review.wrong(), "幼服务");
    review.keys("ar");
    assert_eq!((review.outcomes().as_str(), review.wrong()), ("+-......", "以以"));
    review.keys("q2");
    assert_eq!((review.outcomes().as_str(), review.wrong()), ("+-?+....", "聚原"));
    let standing = review.desk.proof.standing();
    let chosen = standing.verdict(&review.desk.proof.suggestions()[3]);
    assert_eq!(chosen, Ok(Some(Verdict::Accept { choice: 2 })));
    review.keys("uu");
    assert_eq!((review.outcomes().as_str(), review.wrong()), ("+-......", "以以"));
}

#[test]
fn one_key_decides_on_all_that_are_alike() {
    let mut review = Review::new(Language::English);
    review.keys("jjjj");
    assert_eq!(review.wrong(), "聚原");
    review.keys("A");
    assert_eq!(review.outcomes(), "....++..");
    assert_eq!(review.notice(), "2 accepted · u takes it back");
    review.keys("u");
    assert_eq!(review.outcomes(), "........");
    review.keys("R");
    assert_eq!(review.outcomes(), "....--..");
}

#[test]
fn what_only_asks_cannot_be_accepted() {
    let mut review = Review::new(Language::English);
    review.press(KeyCode::End);
    review.keys("k");
    assert_eq!(review.wrong(), "何时");
    review.keys("a");
    assert_eq!(review.outcomes(), "........");
    assert!(review.notice().contains("only asks"), "{}", review.notice());
    review.keys("k3");
    assert_eq!(review.notice(), "there is no choice 3");
}

#[test]
fn own_words_are_typed_pasted_and_given_up() {
    let mut review = Review::new(Language::English);
    review.keys("e");
    review.press(KeyCode::Home);
    review.press(KeyCode::Delete);
    review.keys("婴");
    review.press(KeyCode::End);
    review.paste("体\n系");
    review.press(KeyCode::Backspace);
    let screen = review.screen(100, 30);
    assert!(screen.contains("Reword: 婴幼服务体"), "{screen}");
    review.press(KeyCode::Enter);
    assert_eq!(review.outcomes(), "~.......");
    review.keys("k");
    let screen = review.screen(100, 30);
    assert!(screen.contains("健全[-幼服务-]{+婴幼服务体+}体系"), "{screen}");
    review.keys("je");
    assert!(review.notice().contains("layout"), "a join has no wording: {}", review.notice());
    review.keys("je甲");
    review.press(KeyCode::Esc);
    assert_eq!(review.outcomes(), "~.......");
}

#[test]
fn what_the_encoding_lacks_cannot_be_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bytes = Encoding::Gbk.encode(PAGE).expect("GBK has it all");
    let source = Source::decode("要闻.txt", bytes, Encoding::Gbk).expect("it is GBK");
    let desk = Desk::laid(vec![(source, page().1)], folder.path(), "王", Language::English);
    let mut review = Review { session: Session::new(&desk), desk, _folder: Some(folder) };
    review.keys("e🙂");
    review.press(KeyCode::Enter);
    assert!(review.notice().contains("has no “🙂”"), "{}", review.notice());
    assert!(matches!(review.session.mode, Mode::Edit { .. }), "the wording is still there");
    review.press(KeyCode::Backspace);
    review.press(KeyCode::Enter);
    assert_eq!(review.outcomes(), "~......");
}

#[test]
fn search_and_filter_lead_to_what_is_wanted() {
    let mut review = Review::new(Language::Chinese);
    review.keys("/聚原");
    review.press(KeyCode::Enter);
    let first = review.session.index();
    review.keys("n");
    assert_ne!(review.session.index(), first);
    review.keys("N");
    assert_eq!(review.session.index(), first);
    review.keys("/没有的");
    review.press(KeyCode::Enter);
    assert_eq!((review.session.index(), review.notice()), (first, "列表中没有“没有的”"));

    review.keys("fC103");
    review.press(KeyCode::Enter);
    assert_eq!(review.session.rows.len(), 4, "two texts with a suggestion each");
    review.keys("a");
    review.keys("f未定");
    review.press(KeyCode::Enter);
    assert_eq!(review.session.rows.len(), 2);
    assert_eq!(review.wrong(), "以以");
    review.keys("a");
    review.keys("f全部");
    review.press(KeyCode::Enter);
    assert_eq!(review.session.rows.len(), 10);
    assert_eq!(review.outcomes(), "..+....+");
}

#[test]
fn a_filter_that_lets_nothing_through_is_survived() {
    let mut review = Review::new(Language::English);
    review.keys("aaaaaa");
    review.keys("frejected");
    review.press(KeyCode::Enter);
    review.keys("fundecided");
    review.press(KeyCode::Enter);
    review.keys("f副刊");
    review.press(KeyCode::Enter);
    review.keys("a");
    review.keys("fin conflict");
    review.press(KeyCode::Enter);
    review.keys("fundecided");
    review.press(KeyCode::Enter);
    for code in [KeyCode::Down, KeyCode::PageUp, KeyCode::End, KeyCode::Tab] {
        review.press(code);
        review.screen(100, 30);
    }
    review.keys("areqisAR1gnNJK");
    review.screen(40, 12);
}

#[test]
fn files_are_gone_through_in_a_circle() {
    let mut review = Review::new(Language::English);
    review.keys("g");
    assert_eq!(review.session.index(), Some(7));
    review.keys("g");
    assert_eq!(review.session.index(), Some(0));
    review.keys("ag");
    review.keys("g");
    assert_eq!(review.session.index(), Some(1), "what is decided is passed over");
}

#[test]
fn a_word_is_allowed_for_ever_when_that_is_confirmed() {
    let mut review = Review::new(Language::English);
    review.keys("jjjjin");
    assert_eq!(review.outcomes(), "........");
    review.keys("iy");
    assert_eq!(review.outcomes(), "....--..");
    let folder = review._folder.as_ref().expect("its own folder").path();
    let table = std::fs::read_to_string(folder.join("house.txt")).expect("it was written");
    assert!(table.ends_with("\n聚原=聚原\n"), "{table}");
}

#[test]
fn who_differ_see_each_other_and_settle() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut mine = Review::in_folder(folder.path(), "王", Language::English);
    let mut theirs = Review::in_folder(folder.path(), "李", Language::English);
    mine.keys("a");
    theirs.keys("k");
    theirs.keys("r");
    let touched = mine.desk.proof.refresh().expect("the log is there");
    mine.session.note(&touched, &mine.desk);
    assert_eq!(mine.outcomes(), "!.......");
    mine.press(KeyCode::Home);
    let screen = mine.screen(100, 30);
    assert!(screen.contains("Reviewers differ"), "{screen}");
    assert!(screen.contains("李 rejected"), "{screen}");
    mine.keys("s");
    mine.press(KeyCode::Esc);
    assert_eq!(mine.outcomes(), "!.......");
    mine.keys("sr");
    assert_eq!(mine.outcomes(), "-.......");
    mine.keys("s");
    assert_eq!(mine.notice(), "nobody differs here");
}

#[test]
fn a_review_goes_on_where_it_was_left() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut first = Review::in_folder(folder.path(), "王", Language::English);
    first.keys("jja");
    first.press(KeyCode::Home);
    first.keys("a");
    drop(first);
    let again = Review::in_folder(folder.path(), "王", Language::English);
    assert_eq!((again.outcomes().as_str(), again.session.index()), ("+.+.....", Some(1)));
}

#[test]
fn leaving_is_asked_for_from_anywhere() {
    for keys in ["", "f", "/", "e", "?", "i"] {
        let mut review = Review::new(Language::English);
        review.keys(keys);
        let control_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(review.session.press(control_c, &review.desk), Some(Request::Leave));
    }
}

#[test]
fn screens_in_both_languages() {
    for (language, name) in [(Language::Chinese, "zh"), (Language::English, "en")] {
        for (width, height) in [(100, 30), (40, 12)] {
            let mut review = Review::new(language);
            review.keys("jaj");
            review.session.notice = None;
            let missing = {
                review.press(KeyCode::Home);
                review.screen(width, height)
            };
            review.keys("jjj");
            let unpaired = review.screen(width, height);
            review.keys("j");
            let alike = review.screen(width, height);
            with_settings!({ snapshot_suffix => format!("{name}_{width}x{height}") }, {
                assert_snapshot!("missing", missing);
                assert_snapshot!("unpaired", unpaired);
                assert_snapshot!("alike", alike);
            });
        }
        let mut review = Review::new(language);
        review.keys("?");
        let help = review.screen(100, 30);
        review.press(KeyCode::Esc);
        review.keys("f");
        let filter = review.screen(100, 30);
        with_settings!({ snapshot_suffix => name }, {
            assert_snapshot!("help", help);
            assert_snapshot!("filter", filter);
            assert_snapshot!("too_small", review.screen(30, 8));
        });
    }
}

#[test]
fn nothing_sticks_out_at_any_size() {
    let wide = Columns { ambiguous_are_wide: true };
    for columns in [Columns::default(), wide] {
        let mut review = Review::new(Language::Chinese);
        for keys in ["", "?", "x", "f", "\u{1b}e"] {
            for key in keys.chars() {
                review.press(if key == '\u{1b}' { KeyCode::Esc } else { KeyCode::Char(key) });
            }
            for (width, height) in
                [(1, 1), (40, 12), (41, 13), (79, 12), (80, 12), (81, 40), (300, 90)]
            {
                let screen = review.dressed(width, height, columns);
                for line in screen.lines() {
                    assert!(columns.of(line) <= width.into(), "{width}: {line}");
                }
            }
        }
    }
}

#[test]
fn a_hundred_thousand_suggestions_scroll_without_delay() {
    const COUNT: usize = 100_000;
    let line = "传统发展难以以为继。\n";
    let text = line.repeat(COUNT);
    let suggestion = |number: usize| {
        let mut suggestion = of("C103", "以以", &["以"], 0.87);
        let at = number * line.len() + "传统发展难".len();
        let span = Span::new(at, at + 6);
        suggestion.id = format!("{number:016x}");
        suggestion.finding.span = span;
        suggestion.finding.choices[0].edits =
            vec![Edit::Replace { span, old: "以以".into(), new: "以".into() }];
        suggestion
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let found = vec![(Source::new("a", text), (0..COUNT).map(suggestion).collect())];
    let desk = Desk::laid(found, folder.path(), "王", Language::English);
    let mut review = Review { session: Session::new(&desk), desk, _folder: Some(folder) };
    let mut terminal = Terminal::new(TestBackend::new(160, 50)).expect("no terminal");
    let dress = Dress { colour: true, columns: Columns::default() };
    let mut times = Vec::new();
    let moves = [KeyCode::Down, KeyCode::PageDown, KeyCode::End, KeyCode::Home, KeyCode::Tab];
    let codes = moves.into_iter().chain([KeyCode::Char('a')]);
    for code in codes.cycle().take(120) {
        let begun = Instant::now();
        review.press(code);
        terminal
            .draw(|frame| draw(frame, &mut review.session, &review.desk, dress))
            .expect("nothing is written");
        times.push(begun.elapsed());
    }
    times.sort();
    let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
    // A machine with other work takes several times as long as one without.
    assert!(median.as_millis() < 50, "median {median:?}, slowest {slowest:?}");
    assert_eq!(review.session.all().decided, 20);
    let request = Request::Decide { index: 0, verdict: Verdict::Reject, scope: Scope::All };
    carry_out(&request, &mut review.desk, &mut review.session);
    assert_eq!(review.session.all().decided, COUNT);
}
