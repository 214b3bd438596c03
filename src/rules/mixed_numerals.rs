//! N102: Chinese and Arabic numerals mixed in one number, one date or one text.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Context, Detector, Hit, Manual, Rule};
use crate::analyze::Facts;
use crate::finding::{Level, Message};
use crate::lexicon::Lexicon;
use crate::marks::{char_after, char_before};
use crate::numerals::{HAN, han_value, to_han};

pub(super) static RULE: Rule = Rule {
    id: "N102",
    name: Manual { zh: "数字形式混用", en: "mixed numerals" },
    summary: Manual {
        zh: "同一个日期或数目里汉字数字和阿拉伯数字混用，或者全文日期写法不一。",
        en: "Chinese and Arabic numerals in one date or number, or dates written both ways in one \
             text.",
    },
    why: Manual {
        zh: "同一场合的数字应统一用一种形式：3月5日或三月五日，不写三月5日；25或二十五，不写二十5。\
             农历日期、“十月革命”之类的专名用汉字数字，不查。",
        en: "Numbers in one place take one form: 3月5日 or 三月五日, not 三月5日. Lunar dates and \
             names such as 十月革命 keep Chinese numerals.",
    },
    standard: Some("GB/T 15835—2011 4.3、5.2.5"),
    examples: &[
        ("大会将于三月5日开幕，3月12日闭幕。", "大会将于3月5日开幕，3月12日闭幕。"),
        ("大会将于5月三日开幕。", "大会将于5月3日开幕。"),
        ("全村共有二十5户。", "全村共有25户。"),
        ("工程于2025年十月完工。", "工程于2025年10月完工。"),
    ],
    silent_on: &[
        "大会将于3月5日开幕。",
        "大会将于三月五日开幕。",
        "1917年十月革命取得胜利。",
        "2025年八月十五，月亮特别圆。",
        "他今年二十5月出国。",
        "第二十1班的同学",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_: &Lexicon| Box::new(MixedNumerals)),
};

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is right")
}

/// 三月5日
static HAN_MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?P<han>{HAN})月(?P<arabic>\d{{1,2}})[日号]")));

/// 5月三日
static HAN_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?P<arabic>\d{{1,2}})月(?P<han>{HAN})[日号]")));

/// 2025年十月, not 2025年十月革命 and not a lunar 2025年八月十五
static YEAR_MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\d{{4}}年(?P<han>{HAN})月")));

/// 二十5
static TENS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<tens>[二三四五六七八九]十)(?P<ones>[1-9])"));

/// A date all in Chinese, and one all in Arabic numerals.
static HAN_DATE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?P<month>{HAN})月(?P<day>{HAN})日")));
static ARABIC_DATE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d{1,2}月\d{1,2}日"));

struct MixedNumerals;

impl Detector for MixedNumerals {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        for found in HAN_MONTH.captures_iter(text).chain(HAN_DAY.captures_iter(text)) {
            hits.extend(mixed_date(text, &found));
        }
        hits.extend(YEAR_MONTH.captures_iter(text).filter_map(|found| year_and_month(text, &found)));
        hits.extend(TENS.captures_iter(text).filter_map(|found| tens(text, &found)));
    }

    fn check_document(&self, facts: &Facts, _lexicon: &Lexicon, hits: &mut Vec<(usize, Hit)>) {
        hits.extend(other_style(facts));
    }
}

/// Puts the Chinese number of the match into Arabic numerals.
fn to_arabic(found: &Captures<'_>, grade: &'static str, message: Message) -> Option<Hit> {
    let (whole, han) = (found.get(0)?, found.name("han")?);
    Some(Hit::new(whole.range(), grade, message).fix(
        han.range(),
        han_value(han.as_str())?.to_string(),
        3.0,
    ))
}

fn mixed_date(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let whole = found.get(0)?;
    // 二〇二五年三月5日 may be meant to be Chinese throughout, 第三月5日 is none.
    let before = char_before(text, whole.start());
    if before.is_some_and(|c| c.is_ascii_digit() || c == '第') {
        return None;
    }
    let message = Message::new(
        "同一日期里汉字数字和阿拉伯数字混用",
        "Chinese and Arabic numerals are mixed in one date",
    );
    let arabic = found.name("arabic")?;
    let in_han = to_han(arabic.as_str().parse().ok()?)?;
    Some(to_arabic(found, "one_date", message)?.fix(arabic.range(), in_han, 1.0))
}

fn year_and_month(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let whole = found.get(0)?;
    let behind = &text[whole.end()..];
    let name = ["革命", "怀胎", "会议", "政变", "围城"].iter().any(|word| behind.starts_with(word));
    // A lunar day follows without 日: 八月十五, 八月初三.
    let day_behind = char_after(text, whole.end())
        .is_some_and(|c| c == '初' || crate::han::is_han_numeral(c) || c.is_ascii_digit());
    let message = Message::new(
        "年份用阿拉伯数字，月份却用汉字数字",
        "The year is in Arabic numerals, the month in Chinese",
    );
    if name || day_behind { None } else { to_arabic(found, "year_month", message) }
}

fn tens(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let (whole, ones) = (found.get(0)?, found.name("ones")?);
    let behind = char_after(text, whole.end());
    let before = char_before(text, whole.start());
    // 二十5月 parts before the month; 二十10 leaves no telling; 第二十1班 is a name of its own.
    if behind.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '月' | '日' | '班' | '.'))
        || before.is_some_and(|c| c == '第' || crate::han::is_han_numeral(c))
    {
        return None;
    }
    let tens = han_value(found.name("tens")?.as_str())?;
    let value = tens + ones.as_str().parse::<u32>().ok()?;
    let message = Message::new(
        "同一数目里汉字数字和阿拉伯数字混用",
        "Chinese and Arabic numerals are mixed in one number",
    );
    Some(
        Hit::new(whole.range(), "one_number", message)
            .fix(whole.range(), value.to_string(), 1.1)
            .fix(whole.range(), to_han(value)?, 1.0),
    )
}

/// Dates in Chinese numerals where the text writes dates in Arabic.
fn other_style(facts: &Facts) -> Vec<(usize, Hit)> {
    let of = |pattern: &Regex| -> usize {
        facts.paragraphs.iter().map(|paragraph| pattern.find_iter(&paragraph.text).count()).sum()
    };
    let (han, arabic) = (of(&HAN_DATE), of(&ARABIC_DATE));
    // One in six: a text with that many of both kinds has a reason, such as a quoted decree.
    if han == 0 || arabic < 5 * han {
        return Vec::new();
    }
    let mut hits = Vec::new();
    for (index, paragraph) in facts.paragraphs.iter().enumerate() {
        for found in HAN_DATE.captures_iter(&paragraph.text) {
            hits.extend(in_arabic(&paragraph.text, &found).map(|hit| (index, hit)));
        }
    }
    hits
}

fn in_arabic(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let whole = found.get(0)?;
    let before = &text[..whole.start()];
    let lunar = ["农历", "阴历", "旧历", "年"].iter().any(|word| before.ends_with(word));
    let value = |name| han_value(found.name(name)?.as_str());
    let message = Message::new(
        "本文日期多用阿拉伯数字，这里用了汉字数字",
        "Dates are in Arabic numerals elsewhere in this text",
    );
    let new = format!("{}月{}日", value("month")?, value("day")?);
    (!lunar).then(|| Hit::new(whole.range(), "other_style", message).fix(whole.range(), new, 1.0))
}
