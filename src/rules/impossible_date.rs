//! N101: dates and times that do not exist.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Match, Regex};

use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::lexicon::Lexicon;
use crate::marks::{char_after, char_before};
use crate::numerals::{HAN, han_value, to_han};

pub(super) static RULE: Rule = Rule {
    id: "N101",
    name: Manual { zh: "不存在的日期时间", en: "impossible date or time" },
    summary: Manual {
        zh: "日期或时刻不存在：2月30日、13月、25时、平年的2月29日，或者星期与日期不符。",
        en: "A date or time that does not exist: 30 February, month 13, 25 o'clock, 29 February of \
             a common year, or a weekday that is not the date's.",
    },
    why: Manual {
        zh: "按公历核对月、日、时、分和星期；农历日期、比分、时长不查。错在哪一位看不出来，所以列出几种\
             相近的写法，须查原件。",
        en: "Months, days, hours, minutes and weekdays are checked by the calendar; lunar dates, \
             scores and durations are not. Which digit is wrong cannot be seen: near values are \
             offered, and the original must be consulted.",
    },
    standard: Some("GB/T 15835—2011 5.1.4、5.1.5"),
    examples: &[
        ("会议定于9月31日召开。", "会议定于9月30日召开。"),
        ("展览将于2月30日开幕。", "展览将于2月29日开幕。"),
        ("他生于2025年2月29日。", "他生于2025年2月28日。"),
        ("该项目于2024年13月完工。", "该项目于2024年12月完工。"),
        ("列车将于5日25时30分到达。", "列车将于5日15时30分到达。"),
        ("会议上午9时72分结束。", "会议上午9时52分结束。"),
        ("2025年10月29日（星期二）", "2025年10月29日（星期三）"),
        ("展期为4月28日至31日。", "展期为4月28日至30日。"),
    ],
    silent_on: &[
        "2024年2月29日是星期四。",
        "2月29日他过了一个生日。",
        "农历二月三十日那天下了雨。",
        "中国队以25:23、26:24赢了两局。",
        "他连续工作了36小时，跑了25时区中的一段。",
        "营业到24时，当日24:00闭馆。",
        "10月31日晚上8点59分",
        "2025年10月29日（星期三）",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_: &Lexicon| Box::new(ImpossibleDate)),
};

/// A day, with a second day of the same month behind it or a weekday.
static DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?(?:(?:[日号]|[至到—～~-])(?:至|到|—|～|~|-)?(?P<until>\d{1,2})[日号])?",
    )
});

/// A month with its year, or as 12月份.
static MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:(?P<year>\d{4})年(?P<month>\d{1,2})月|(?P<alone>\d{1,2})月份)"));

/// A day in Chinese with a year before it: without one it may be lunar.
static HAN_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?P<year>[一二]?[〇零一二三四五六七八九]{{3,4}})年(?P<month>{HAN})月(?P<day>{HAN})日"))
});

/// The weekday of a date.
static WEEKDAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日[ （(　]{0,2}(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])",
    )
});

/// A time of day: hours and minutes, or an hour behind a word that says it is one.
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?P<word>日|今天|昨天|明天|上午|下午|凌晨|中午|晚上|晚|清晨|早上|夜里)?(?P<hour>\d{1,2})(?:[时点](?P<minute>\d{1,2})分|时|[:：](?P<m>\d{2}))",
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is right")
}

struct ImpossibleDate;

impl Detector for ImpossibleDate {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        // Every pattern has one of these; most paragraphs have none.
        if !text.contains(['月', '时', '点', ':', '：']) {
            return;
        }
        for found in DAY.captures_iter(text).filter(|found| stands_alone(text, found)) {
            hits.extend(check_day(text, &found));
        }
        for found in MONTH.captures_iter(text).filter(|found| stands_alone(text, found)) {
            hits.extend(check_month(text, &found));
        }
        for found in HAN_DAY.captures_iter(text) {
            hits.extend(check_han_day(&found));
        }
        for found in WEEKDAY.captures_iter(text).filter(|found| stands_alone(text, found)) {
            hits.extend(check_weekday(&found));
        }
        for found in TIME.captures_iter(text).filter(|found| stands_alone(text, found)) {
            hits.extend(check_time(text, &found));
        }
    }
}

/// No digit or decimal point before the match: 12025年 and 3.14月 are no dates.
fn stands_alone(text: &str, found: &Captures<'_>) -> bool {
    found.get(0).is_some_and(|whole| {
        let in_number = |c: char| c.is_ascii_digit() || c == '.';
        !whole.as_str().starts_with(in_number)
            || char_before(text, whole.start()).is_none_or(|c| !in_number(c))
    })
}

fn number(found: &Captures<'_>, name: &str) -> Option<u32> {
    found.name(name)?.as_str().parse().ok()
}

fn check_day(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let whole = found.get(0)?;
    let (month, day) = (number(found, "month")?, number(found, "day")?);
    let dated = whole.as_str().ends_with(['日', '号']);
    // 农历2月30日
    let lunar = ["农历", "阴历", "旧历"].iter().any(|word| text[..whole.start()].ends_with(word));
    if !dated || lunar {
        return None;
    }
    if !(1..=12).contains(&month) {
        return Some(wrong_number(whole.range(), found.name("month")?, 12, 12, "没有这个月份", "There is no such month"));
    }
    let last = days_in(month, number(found, "year"));
    let zh = "这个月没有这一天";
    let en = "The month has no such day";
    if !(1..=last).contains(&day) {
        return Some(wrong_number(whole.range(), found.name("day")?, last, last, zh, en));
    }
    let until = found.name("until")?;
    let beyond = !(1..=last).contains(&until.as_str().parse::<u32>().ok()?);
    beyond.then(|| wrong_number(whole.range(), until, last, last, zh, en))
}

/// Days of a month; February has 29 where the year is not known.
fn days_in(month: u32, year: Option<u32>) -> u32 {
    let leap = year.is_none_or(|year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn check_month(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let whole = found.get(0)?;
    let month = found.name("month").or(found.name("alone"))?;
    // With a day behind it the date is checked as a whole.
    let with_day = char_after(text, whole.end()).is_some_and(|c| c.is_ascii_digit());
    let exists = (1..=12).contains(&month.as_str().parse::<u32>().ok()?);
    (!with_day && !exists)
        .then(|| wrong_number(whole.range(), month, 12, 12, "没有这个月份", "There is no such month"))
}

fn check_han_day(found: &Captures<'_>) -> Option<Hit> {
    let value = |name| han_value(found.name(name)?.as_str());
    let (year, month, day) = (value("year")?, value("month")?, value("day")?);
    let whole = found.get(0)?.range();
    let (range, last, zh, en) = if !(1..=12).contains(&month) {
        (found.name("month")?.range(), 12, "没有这个月份", "There is no such month")
    } else if day > days_in(month, Some(year)) {
        let last = days_in(month, Some(year));
        (found.name("day")?.range(), last, "这个月没有这一天", "The month has no such day")
    } else {
        return None;
    };
    Some(Hit::new(whole, "date", Message::new(zh, en)).fix(range, to_han(last)?, 1.0))
}

fn check_weekday(found: &Captures<'_>) -> Option<Hit> {
    const NAMES: [&str; 7] = ["日", "一", "二", "三", "四", "五", "六"];
    let (year, month, day) = (number(found, "year")?, number(found, "month")?, number(found, "day")?);
    let said = found.name("weekday")?;
    if !(1..=12).contains(&month) || !(1..=days_in(month, Some(year))).contains(&day) {
        return None;
    }
    let right = NAMES[weekday(year, month, day)];
    if said.as_str() == right || (said.as_str() == "天" && right == "日") {
        return None;
    }
    let message = Message::new(
        format!("这一天是星期{right}，日期和星期有一处错"),
        "The weekday is not that of the date: one of the two is wrong",
    );
    Some(Hit::new(found.get(0)?.range(), "weekday", message).fix(said.range(), right, 1.0))
}

/// Days from Sunday, by Zeller's congruence.
fn weekday(year: u32, month: u32, day: u32) -> usize {
    let (year, month) = if month < 3 { (year - 1, month + 12) } else { (year, month) };
    let from_saturday = day + 13 * (month + 1) / 5 + year + year / 4 - year / 100 + year / 400;
    ((from_saturday + 6) % 7) as usize
}

fn check_time(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let whole = found.get(0)?;
    // 以25:23战胜, 25时区
    let behind = &text[whole.end()..];
    if ["战", "胜", "负", "击", "赢", "区", "比", "间"].iter().any(|word| behind.starts_with(word)) {
        return None;
    }
    // 满60时, 25:23: without minutes or a word before it a number is no time.
    let hour = found.name("hour")?;
    let minute = found.name("minute").or(found.name("m"));
    found.name("minute").or(found.name("word"))?;
    if hour.as_str().parse::<u32>().ok()? > 24 {
        return Some(wrong_number(whole.range(), hour, 23, 0, "没有这个钟点", "There is no such hour"));
    }
    let minute = minute.filter(|minute| minute.as_str().parse::<u32>().is_ok_and(|m| m > 59))?;
    Some(wrong_number(whole.range(), minute, 59, 0, "没有这个分钟数", "There is no such minute"))
}

/// A hit for a number above `most`, with near values that exist. `likely` is offered first when
/// it is not 0: the last day of the month stands where one too many was counted.
fn wrong_number(
    whole: Range<usize>,
    number: Match<'_>,
    most: u32,
    likely: u32,
    zh: &str,
    en: &str,
) -> Hit {
    let mut hit = Hit::new(whole, "date", Message::new(zh, en));
    let mut values = near_values(number.as_str(), most);
    values.retain(|value| *value != likely);
    if likely > 0 {
        values.insert(0, likely);
    }
    // Nothing says which: the weights only keep the order.
    for (rank, value) in values.into_iter().take(4).enumerate() {
        let new = format!("{value:0width$}", width = if number.as_str().starts_with('0') { 2 } else { 1 });
        hit = hit.fix(number.range(), new, 1.0 / (1.0 + 0.1 * rank as f64));
    }
    hit
}

/// Values from 1 to `most` that one misread digit or one digit too many would explain.
fn near_values(number: &str, most: u32) -> Vec<u32> {
    let mut values = Vec::new();
    for (at, digit) in number.char_indices() {
        let with = |new: &str| format!("{}{new}{}", &number[..at], &number[at + 1..]);
        let smaller = ('1'..digit).rev().filter(|_| at == 0);
        values.extend(smaller.map(|new| with(&new.to_string())));
    }
    values.extend((0..number.len()).map(|at| format!("{}{}", &number[..at], &number[at + 1..])));
    let mut seen = Vec::new();
    for value in values.iter().filter_map(|value| value.parse::<u32>().ok()) {
        if (1..=most).contains(&value) && !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}
