//! P103: marks doubled, or two marks where one belongs.

use std::ops::Range;

use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::lexicon::Lexicon;
use crate::marks::{char_after, char_before};

pub(super) static RULE: Rule = Rule {
    id: "P103",
    name: Manual { zh: "标点重复或冲突", en: "doubled or clashing marks" },
    summary: Manual {
        zh: "同一个标点连用两次，或者一处有两个互相冲突的标点。",
        en: "A mark stands twice, or two marks stand where one belongs.",
    },
    why: Manual {
        zh: "句号、逗号、顿号、分号、冒号表示一次停顿，不能连用；“。，”之类的两个标点只能留一个。\
             叹号和问号可以连用（！！ ？！），省略号和破折号本来就占两个字，都不算重复。",
        en: "A stop, comma, pause, semicolon or colon marks one pause and is never doubled; of two \
             such as 。， one must go. Exclamation and question marks may be combined, and …… and \
             —— are two characters long by nature.",
    },
    standard: Some("GB/T 15834—2011 4.1—4.7"),
    examples: &[
        ("他表示，，这项工作还要继续。", "他表示，这项工作还要继续。"),
        ("筑牢防灾减灾的第一道防线。。", "筑牢防灾减灾的第一道防线。"),
        ("苹果、、梨和葡萄都丰收了。", "苹果、梨和葡萄都丰收了。"),
        ("产量增加了，。", "产量增加了。"),
        ("这件事怎么办？。", "这件事怎么办？"),
        ("他说：“今年的收成很好。”。", "他说：“今年的收成很好。”"),
        ("来的人有老张，,还有老李。", "来的人有老张，还有老李。"),
    ],
    silent_on: &[
        "“太好了！！”大家齐声欢呼。",
        "难道这就是结果？！",
        "他想了想……又摇了摇头。",
        "他说了一句——谁也没听清。",
        "他问：“怎么办？”“等。”她说。",
        "Yahoo!、Google等网站",
        "网址是http://www.example.cn/，欢迎访问。",
    ],
    statistical: false,
    level: Level::Auto,
    build: Some(|_: &Lexicon| Box::new(DoubledMarks)),
};

struct DoubledMarks;

impl Detector for DoubledMarks {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        for run in runs(text) {
            hits.extend(judge(text, run));
        }
        hits.extend(stops_around_a_quote(text));
    }
}

/// Full-width form of a mark that ends or parts clauses.
fn full_width(c: char) -> Option<char> {
    match c {
        '。' | '，' | '、' | '；' | '：' | '！' | '？' => Some(c),
        ',' => Some('，'),
        ';' => Some('；'),
        ':' => Some('：'),
        '!' => Some('！'),
        '?' => Some('？'),
        _ => None,
    }
}

/// Stretches of two or more marks. Half-width marks alone (http:// ,, !!) say nothing: there
/// must be a full-width one among them.
fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for (at, c) in text.char_indices() {
        if full_width(c).is_some() {
            open.get_or_insert(at..at).end = at + c.len_utf8();
        } else {
            runs.extend(open.take());
        }
    }
    runs.extend(open);
    runs.retain(|run| {
        let marks = &text[run.clone()];
        // Yahoo!、: the sign belongs to the name.
        let of_a_name = marks.starts_with(|c: char| c.is_ascii())
            && char_before(text, run.start).is_some_and(|c| c.is_ascii_alphabetic());
        marks.chars().count() > 1 && !marks.is_ascii() && !of_a_name
    });
    runs
}

fn judge(text: &str, run: Range<usize>) -> Option<Hit> {
    let marks: Vec<char> = text[run.clone()].chars().filter_map(full_width).collect();
    let first = marks[0];
    // ！！ ？！ and the like, and three or more stops, which stand for …… (P104).
    let emphatic = marks.iter().all(|mark| matches!(mark, '！' | '？'));
    if emphatic || (marks.len() > 2 && marks.iter().all(|mark| *mark == '。')) {
        return None;
    }
    if marks.iter().all(|mark| *mark == first) {
        let message = Message::new(
            format!("“{first}”重复了，应删去多余的"),
            format!("{first} stands {} times: one is enough", marks.len()),
        );
        let grade = if marks.len() == 2 { "doubled" } else { "repeated" };
        return Some(Hit::new(run.clone(), grade, message).fix(run, first, 1.0));
    }
    let message = Message::new(
        format!("“{}”几个标点冲突，应只留一个", &text[run.clone()]),
        format!("{} clash: only one of them may stand", &text[run.clone()]),
    );
    let at_end = text[run.end..].chars().all(|c| matches!(c, '”' | '’' | '）' | ' '));
    let mut kept: Vec<char> = marks.clone();
    kept.sort_unstable();
    kept.dedup();
    let mut hit = Hit::new(run.clone(), "clash", message);
    for mark in kept {
        hit = hit.fix(run.clone(), mark, weight(mark, at_end));
    }
    Some(hit)
}

/// How likely a mark is the one that belongs there, relative to the others. A paragraph ends in
/// a stop; an emotion is hardly ever invented. Set by hand; right for 49 of 58 on the dev pages.
fn weight(mark: char, at_end: bool) -> f64 {
    match mark {
        '！' | '？' => 12.0,
        '。' if at_end => 8.0,
        '。' | '，' => 3.0,
        '；' => 2.0,
        _ => 1.0,
    }
}

/// 。”。: the sentence is ended twice, within the quotation and behind it.
fn stops_around_a_quote(text: &str) -> Vec<Hit> {
    text.match_indices("。”")
        .filter(|(at, marks)| char_after(text, at + marks.len()) == Some('。'))
        .map(|(at, marks)| {
            let outer = at + marks.len()..at + "。”。".len();
            let message = Message::new(
                "引文已用句号结束，后引号外不再加句号",
                "The quotation ends in a stop: no second stop behind the closing quotation mark",
            );
            Hit::new(at..outer.end, "stop_twice", message).fix(outer, "", 1.0)
        })
        .collect()
}
