//! N104: figures that contradict each other.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Context, Detector, Fix, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::lexicon::Lexicon;
use crate::marks::char_before;
use crate::numerals::{ARABIC, arabic_value};

pub(super) static RULE: Rule = Rule {
    id: "N104",
    name: Manual { zh: "数字前后矛盾", en: "contradictory figures" },
    summary: Manual {
        zh: "分项占比之和超过100%，“增长到”的数反而小，“下降到”的数反而大，或者分项与总数不合。",
        en: "Shares that add up to more than 100 %, a rise to less or a fall to more, or parts that \
             do not make the total.",
    },
    why: Manual {
        zh: "只查一句之内写明的数字：从甲增长到乙，乙应大于甲；分别占的比例之和不应超过100%；男女人数之和\
             应等于总数。哪个数错了，须查原始数据。",
        en: "Only figures that one sentence states are compared: what grows from A to B must end \
             larger, shares of one whole may not exceed 100 %, men and women make the total. Which \
             figure is wrong the source must tell.",
    },
    standard: None,
    examples: &[
        ("产量从80万吨增长到60万吨。", "产量从60万吨增长到80万吨。"),
        ("贫困人口由2万人下降到3万人。", "贫困人口由3万人下降到2万人。"),
        (
            "三类企业分别占60%、30%和25%。",
            "三类企业分别占60%、30%和25%。",
        ),
        ("全班共有50人，其中男生30人、女生25人。", "全班共有55人，其中男生30人、女生25人。"),
    ],
    silent_on: &[
        "产量从60万吨增长到80万吨。",
        "产量从80万吨增长到1.2亿吨。",
        "贫困人口由3万人下降到2万人。",
        "气温从零下5℃上升到零下2℃。",
        "三类企业分别占60%、30%和10%。",
        "全班共有55人，其中男生30人、女生25人。",
        "从2020年增长到60万吨。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_: &Lexicon| Box::new(Contradiction)),
};

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is right")
}

/// 从80万吨增长到60万吨, 由去年的2万人下降至3万人
static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
    let when = r"(?:(?:\d{4}年|上?[去前今]年|同期|此前|目前|过去|现在|年初|年底)(?:初|底|末)?的?)?";
    pattern(&format!(
        r"[从由]{when}(?P<from>{ARABIC})(?P<unit>\p{{Han}}{{1,3}}?|%|℃)?(?:左右|多)?(?P<verb>增长|增加|提高|提升|上升|上涨|扩大|攀升|增|升|涨|下降|降低|减少|缩短|缩小|压缩|回落|下跌|降|减|跌)(?:到了?|至|为){when}(?P<to>{ARABIC})(?P<same>\p{{Han}}{{1,3}}|%|℃)?"
    ))
});

/// 分别占60%、30%和25%
static SHARES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"分别占(?:[^，。；、\d]{0,12}?)(?P<list>\d+(?:\.\d+)?%(?:[、和，及与]{1,2}\d+(?:\.\d+)?%)+)")
});
static SHARE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d+(?:\.\d+)?"));

/// 共有50人，其中男生30人、女生25人
static SEXES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"共有?\p{Han}{0,4}?(?P<all>\d+)[人名]，其中，?男\p{Han}{0,2}(?P<men>\d+)[人名][，、]女\p{Han}{0,2}(?P<women>\d+)[人名]",
    )
});

struct Contradiction;

impl Detector for Contradiction {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return;
        }
        hits.extend(CHANGE.captures_iter(text).filter_map(|found| change(text, &found)));
        hits.extend(SHARES.captures_iter(text).filter_map(|found| shares(&found)));
        hits.extend(SEXES.captures_iter(text).filter_map(|found| sexes(&found)));
    }
}

/// Verbs of growth begin with one of these.
const RISING: [char; 5] = ['增', '提', '上', '扩', '攀'];

fn change(text: &str, found: &Captures<'_>) -> Option<Hit> {
    let (whole, from, to) = (found.get(0)?, found.name("from")?, found.name("to")?);
    let unit = found.name("unit").map_or("", |unit| unit.as_str());
    let same = found.name("same").map_or("", |unit| unit.as_str());
    // 从5%增长到30万吨 and 由3天缩短到20小时 compare nothing.
    if !(unit == same || (!unit.is_empty() && same.starts_with(unit))) {
        return None;
    }
    // 从第3位上升到第2位, 从零下5℃: no counts, and lower may be better.
    if char_before(text, from.start()) == Some('第') || ["位", "名", "级"].contains(&unit) {
        return None;
    }
    let verb = found.name("verb")?.as_str();
    let rises = verb.starts_with(RISING) || matches!(verb, "升" | "涨");
    let (low, high) = (arabic_value(from.as_str())?, arabic_value(to.as_str())?);
    if low == high || rises == (low < high) {
        return None;
    }
    let message = Message::new(
        format!("“{verb}”与前后数字的大小不符"),
        "The figures do not move the way the verb says",
    );
    let mut hit = Hit::new(whole.range(), "wrong_way", message);
    hit.fixes.push(Fix {
        replacements: vec![
            (from.range(), to.as_str().to_string()),
            (to.range(), from.as_str().to_string()),
        ],
        weight: 1.0,
    });
    let opposite = if rises { "下降" } else { "增长" };
    Some(hit.fix(found.name("verb")?.range(), opposite, 0.9))
}

fn shares(found: &Captures<'_>) -> Option<Hit> {
    let list = found.name("list")?;
    let sum: f64 = SHARE.find_iter(list.as_str()).filter_map(|n| n.as_str().parse::<f64>().ok()).sum();
    let message = Message::new(
        format!("各项占比相加为{sum:.1}%，超过100%"),
        format!("The shares add up to {sum:.1} %"),
    );
    // Rounding may add a tenth for each share.
    (sum > 100.5).then(|| Hit::new(list.range(), "over_100", message))
}

fn sexes(found: &Captures<'_>) -> Option<Hit> {
    let (all, men, women) = (found.name("all")?, found.name("men")?, found.name("women")?);
    let value = |text: &str| text.parse::<u64>().ok();
    let sum = value(men.as_str())?.checked_add(value(women.as_str())?)?;
    let message = Message::new(
        format!("男女人数相加为{sum}，与总数不合"),
        format!("Men and women add up to {sum}, which is not the total"),
    );
    (value(all.as_str())? != sum).then(|| {
        Hit::new(found.get(0).map_or(all.range(), |whole| whole.range()), "total", message)
            .fix(all.range(), sum.to_string(), 1.0)
    })
}
