//! N103: slips in ranges, units and approximate numbers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::lexicon::Lexicon;
use crate::marks::{char_after, char_before};
use crate::numerals::arabic_value;

pub(super) static RULE: Rule = Rule {
    id: "N103",
    name: Manual { zh: "数值范围和单位", en: "ranges and units" },
    summary: Manual {
        zh: "数值范围前大后小或省去了会引起歧义的单位，单位重复，概数词叠用。",
        en: "A range that runs backwards or lacks a unit it needs, a unit written twice, or two \
             words for “about”.",
    },
    why: Manual {
        zh: "范围由小到大写；5%～10%、3万～5万元的前一个“%”“万”不能省，省了就有歧义；5%%、100多余人\
             是多字；“大约”和“左右”、“超过”和“多”意思重复。除单位重复外多为体例问题，作提示。",
        en: "Ranges run from small to large; the first % or 万 of 5%～10% and 3万～5万元 may not be \
             left out; 5%% and 100多余人 have a character too many; 大约 with 左右 says “about” \
             twice. Most of these are matters of style and hints.",
    },
    standard: Some("GB/T 15835—2011 5.1.3、5.2.1、5.3"),
    examples: &[
        ("同比增长5-10%。", "同比增长5%-10%。"),
        ("每亩增收3～5万元。", "每亩增收3万～5万元。"),
        ("规划期为2030—2026年。", "规划期为2026—2030年。"),
        ("同比增长5%%。", "同比增长5%。"),
        ("现场来了100多余人。", "现场来了100多人。"),
        ("大约10个左右的村民参加。", "大约10个的村民参加。"),
        ("超过100多人报名。", "超过100人报名。"),
        ("每户补助3至5百元。", "每户补助300至500元。"),
        ("苗高50cm厘米。", "苗高50cm。"),
    ],
    silent_on: &[
        "同比增长5%—10%。",
        "规划期为2026—2030年。",
        "全长100多公里，余下的路段明年开工。",
        "价格由10元降到5元。",
        "大约100人参加，其中左右两队各50人。",
        "3千克苹果和5千米长跑",
        "1998—99赛季结束了。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_: &Lexicon| Box::new(RangeAndUnit)),
};

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is right")
}

/// 5-10%, 3～5万元: the sign or multiplier stands behind the second number only.
static SHARED_UNIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?P<from>\d+(?:\.\d+)?)(?:[-—～~至])(?P<to>\d+(?:\.\d+)?)(?P<unit>%|‰|万|亿)")
});

/// 2030—2026年
static YEARS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?P<from>\d{4})年?(?:[-—～~]|——)(?P<to>\d{4})年"));

/// A unit sign written twice; units in characters are C103's.
static DOUBLED_SIGN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\d[%％‰℃](?P<again>[%％‰℃])"));

/// A unit in letters and again in Chinese.
static TWO_UNITS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\d(?:km|cm|mm|kg|kW)(?P<again>公里|千米|厘米|毫米|公斤|千克|千瓦)")
});

/// 100多余人: two words for “and more” in a row.
static MORE_TWICE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\d[万亿百千]?多(?P<again>余)[人名个家次件元万亿吨公户位项种]"));

/// 大约10个左右
static ABOUT_TWICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:大约|大概|约)(?P<number>\d+(?:\.\d+)?[万亿]?)(?:\p{Han}{0,3}?|%)(?P<again>左右|上下)")
});

/// 超过100多人, 近100余人
static OVER_TWICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:超过|逾|突破|近|将近)\d+(?:\.\d+)?[万亿]?(?P<again>[多余])[人名个家次件元万亿吨公户位项种]")
});

/// 3至5百元, 5百元: 百 and 千 do not stand behind Arabic numerals.
static HUNDREDS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:(?P<from>\d)(?P<dash>[-—～~至]))?(?P<to>\d)(?P<unit>[百千])"));

struct RangeAndUnit;

impl Detector for RangeAndUnit {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return;
        }
        hits.extend(SHARED_UNIT.captures_iter(text).filter_map(|found| shared_unit(text, &found)));
        hits.extend(YEARS.captures_iter(text).filter_map(|found| years(text, &found)));
        hits.extend(HUNDREDS.captures_iter(text).filter_map(|found| hundreds(text, &found)));
        said_twice(&DOUBLED_SIGN, text, "doubled_unit", "单位符号写了两次", "The sign is doubled", hits);
        said_twice(&TWO_UNITS, text, "unit_twice", "同一单位写了两次", "The unit is given twice", hits);
        let (zh, en) = ("“多”和“余”意思重复", "多 and 余 say the same");
        said_twice(&MORE_TWICE, text, "more_twice", zh, en, hits);
        let (zh, en) = ("“约”和“左右”意思重复", "“About” is said twice");
        said_twice(&ABOUT_TWICE, text, "about_twice", zh, en, hits);
        let (zh, en) = ("“超过”“近”和“多”“余”意思重复或矛盾", "“More than” is said twice, or contradicted");
        said_twice(&OVER_TWICE, text, "over_twice", zh, en, hits);
    }
}

/// Each match of `pattern`, with what says the same again taken out.
fn said_twice(
    pattern: &Regex,
    text: &str,
    grade: &'static str,
    zh: &str,
    en: &str,
    hits: &mut Vec<Hit>,
) {
    for found in pattern.captures_iter(text) {
        if let (Some(whole), Some(again)) = (found.get(0), found.name("again")) {
            let hit = Hit::new(whole.range(), grade, Message::new(zh, en));
            hits.push(hit.fix(again.range(), "", 1.0));
        }
    }
}

fn in_longer_number(text: &str, range: &Range<usize>) -> bool {
    let joined = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '—' | '～' | '~');
    char_before(text, range.start).is_some_and(joined)
        || char_after(text, range.end).is_some_and(|c| c.is_ascii_digit())
}

fn shared_unit(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let (whole, from, to) = (found.get(0)?, found.name("from")?, found.name("to")?);
    let unit = found.name("unit")?.as_str();
    let low = arabic_value(from.as_str())?;
    // 2至10亿: the smaller number comes first, or the numbers are no range.
    if in_longer_number(text, &whole.range()) || low >= arabic_value(to.as_str())? {
        return None;
    }
    let message = Message::new(
        format!("数值范围里前一个数的“{unit}”不应省略"),
        format!("The first number of the range needs its {unit} too"),
    );
    Some(Hit::new(whole.range(), "shared_unit", message).fix(from.end()..from.end(), unit, 1.0))
}

fn years(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let (whole, from, to) = (found.get(0)?, found.name("from")?, found.name("to")?);
    let backwards = from.as_str() > to.as_str() && !in_longer_number(text, &whole.range());
    let message = Message::new("起止年份颠倒", "The years of the range are reversed");
    backwards.then(|| {
        let turned = format!(
            "{}{}{}",
            to.as_str(),
            &text[from.end()..to.start()],
            from.as_str()
        );
        Hit::new(whole.range(), "years_reversed", message).fix(from.start()..to.end(), turned, 1.0)
    })
}

fn hundreds(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let (whole, to, unit) = (found.get(0)?, found.name("to")?, found.name("unit")?);
    // 3千克, 5千米, 3百分, 2千瓦, 5百万, 3千多万: the character belongs to a unit or a number.
    let behind = char_after(text, whole.end());
    if in_longer_number(text, &whole.range())
        || behind.is_some_and(|c| "克米分瓦卡伏帕赫焦吨兆安升字年万亿佳货姓".contains(c))
        || text[whole.end()..].starts_with("多万")
    {
        return None;
    }
    let zeros = if unit.as_str() == "百" { "00" } else { "000" };
    let from = found.name("from").zip(found.name("dash"));
    let new = match from {
        Some((from, dash)) => {
            format!("{}{zeros}{}{}{zeros}", from.as_str(), dash.as_str(), to.as_str())
        }
        None => format!("{}{zeros}", to.as_str()),
    };
    let message = Message::new(
        "阿拉伯数字后只用“万”“亿”，不用“百”“千”",
        "Behind Arabic numerals stand 万 and 亿 only",
    );
    Some(Hit::new(whole.range(), "hundreds", message).fix(whole.range(), new, 1.0))
}
