//! P104: …… and —— written too short, too long or with other signs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::han::is_han;
use crate::lexicon::Lexicon;
use crate::marks::{char_after, char_before, closed_by, opened_by, pauses};

pub(super) static RULE: Rule = Rule {
    id: "P104",
    name: Manual { zh: "省略号和破折号", en: "dots and dashes" },
    summary: Manual {
        zh: "省略号不是六个点（……），破折号不是两字长（——），或者用别的符号代替。",
        en: "An ellipsis that is not …… or a dash that is not ——, or other signs in their place.",
    },
    why: Manual {
        zh: "省略号是六个连点，占两个字；破折号是两字长的横线。识别软件常丢一半，或者写成句点、连字符。\
             一字长的“—”可以是连接号，所以只作提示。",
        en: "The ellipsis has six dots and is two characters long, and so is the dash. OCR loses one \
             half, or writes stops and hyphens. A single — may be a connector: that is a hint.",
    },
    standard: Some("GB/T 15834—2011 4.10.2、4.11.2"),
    examples: &[
        ("他想了想...又摇了摇头。", "他想了想……又摇了摇头。"),
        ("他想了想…又摇了摇头。", "他想了想……又摇了摇头。"),
        ("他想了想。。。又摇了摇头。", "他想了想……又摇了摇头。"),
        ("他想了想···又摇了摇头。", "他想了想……又摇了摇头。"),
        ("这是他的第一部作品--长篇小说。", "这是他的第一部作品——长篇小说。"),
        ("这就是我们今天要去的地方—全市最大的粮食仓库。", "这就是我们今天要去的地方——全市最大的粮食仓库。"),
        ("桃花、杏花、梨花……等都开了。", "桃花、杏花、梨花……都开了。"),
    ],
    silent_on: &[
        "他想了想……又摇了摇头。",
        "这是他的第一部作品——长篇小说。",
        "北京—上海的列车今天开通。",
        "规划期为2026—2030年。",
        "车站外人山人海……等了一个小时他才上车。",
        "请运行ls ..再看结果。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_: &Lexicon| Box::new(DotsAndDashes)),
};

/// Runs of signs that stand for …… or ——.
static SIGNS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\.{3,}|。{3,}|[·・]{3,}|．{3,}|…+|-{2,}|—+|－+").expect("the pattern is right")
});

struct DotsAndDashes;

impl Detector for DotsAndDashes {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        for sign in SIGNS.find_iter(text) {
            hits.extend(judge(text, sign.range()));
        }
        hits.extend(dots_and_so_on(text));
    }
}

fn judge(text: &str, range: Range<usize>) -> Option<Hit> {
    let signs = &text[range.clone()];
    let first = signs.chars().next()?;
    let length = signs.chars().count();
    let (grade, new) = match (first, length) {
        ('…', 1) | ('.' | '·' | '・' | '．', _) => ("dots", "……"),
        // Twelve dots stand for a whole paragraph left out.
        ('…', 2 | 4) | ('—' | '－', 2) => return None,
        ('…', _) => ("long", "……"),
        // Three stops are a habit of informal writing as well as a misread ellipsis.
        ('。', _) => ("stops", "……"),
        ('-', _) => ("hyphens", "——"),
        ('—', 1) if lone_dash(text, &range) => ("short_dash", "——"),
        ('—', 3..) => ("long", "——"),
        _ => return None,
    };
    let in_chinese = beside_chinese(char_before(text, range.start))
        && char_after(text, range.end).is_none_or(|c| beside_chinese(Some(c)));
    let message = match new {
        "……" => Message::new("省略号应为“……”（六个点，占两字）", "An ellipsis is written ……"),
        _ => Message::new("破折号应为“——”（占两字）", "A dash is written ——"),
    };
    in_chinese.then(|| Hit::new(range.clone(), grade, message).fix(range, new, 1.0))
}

/// A Chinese character or one of the marks beside it.
fn beside_chinese(c: Option<char>) -> bool {
    c.is_some_and(|c| {
        is_han(c)
            || matches!(c, '。' | '！' | '？')
            || (!c.is_ascii() && (pauses(c) || opened_by(c).is_some() || closed_by(c).is_some()))
    })
}

/// A one-character dash before a whole clause: no other such dash stands near (北京—天津—上海),
/// and neither side is short enough for the end of a range or route.
fn lone_dash(text: &str, range: &Range<usize>) -> bool {
    let clause = |c: char| !is_han(c);
    let before = text[..range.start].chars().rev().take_while(|c| !clause(*c)).count();
    let after = text[range.end..].chars().take_while(|c| !clause(*c)).count();
    // With eight, clean_news has two such names left (of a fair held with a forum of two countries):
    // a hint.
    before >= 8 && after >= 8
}

/// “……等”: both say that there is more.
fn dots_and_so_on(text: &str) -> Vec<Hit> {
    let followed = |at: usize| {
        char_after(text, at).is_none_or(|c| pauses(c) || c == '。' || matches!(c, '都' | '均' | '也'))
    };
    text.match_indices("……等")
        .filter(|(at, signs)| followed(at + signs.len()))
        .map(|(at, signs)| {
            let so_on = at + "……".len()..at + signs.len();
            let message = Message::new(
                "省略号和“等”都表示列举未尽，只用一个",
                "…… and 等 both say that the list goes on: one is enough",
            );
            Hit::new(at..so_on.end, "dots_and_so_on", message).fix(so_on, "", 1.0)
        })
        .collect()
}
