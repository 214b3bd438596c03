//! C105: two neighbouring characters in the wrong order.

use std::ops::Range;

use super::doubt::{Changed, Doubt, is_short_name, may_be_meant};
use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::han::{is_han, is_han_numeral};
use crate::model::LanguageModel;

/// C105.
pub(super) static RULE: Rule = Rule {
    id: "C105",
    name: Manual { zh: "字序颠倒", en: "Swapped characters" },
    summary: Manual {
        zh: "相邻两字颠倒。",
        en: "Two neighbouring characters in the wrong order.",
    },
    why: Manual {
        zh: "两个字原来各自落单，对调之后合成一个词，整句通顺得多，就是颠倒。国名地名简称（韩中）、\
             人名、引语和文中出现两次以上的写法不算。",
        en: "Each of the two characters stood alone; exchanged they make one word and the sentence \
             reads far more like news. Short names of countries, names of people, quotations and \
             forms used twice in the document are left alone.",
    },
    standard: None,
    examples: &[
        ("双方坚持平等互利、开放作合，扩大经贸往来。", "双方坚持平等互利、开放合作，扩大经贸往来。"),
        ("生日晚会有满满的式仪感。", "生日晚会有满满的仪式感。"),
        ("规模上以企业去年招收了大批工人。", "规模以上企业去年招收了大批工人。"),
        ("这里的游旅资源丰富，吸引大批客人。", "这里的旅游资源丰富，吸引大批客人。"),
        ("这个县的经济实力近年续持增强。", "这个县的经济实力近年持续增强。"),
    ],
    silent_on: &[
        "双方愿扩大韩中经贸往来，办好柬中文化交流活动。",
        "党的十二大报告提出了新的任务。",
        "元宵佳节，形圆意满，人们呼老唤幼，欢聚一堂。",
        "要善于化危为机，扩而大之。",
        "多献点爱心，政策要及时兑了现。",
        "他挑好大梁，带领乡亲们致富。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_| Box::new(Swapped)),
};

struct Swapped;

impl Detector for Swapped {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let Some(doubt) = Doubt::of(context) else { return };
        for pair in broken_pairs(context) {
            if let Some((grade, right)) = judge(context, &doubt, &pair) {
                hits.push(hit(context, pair, grade, &right));
            }
        }
    }
}

/// Neighbouring Chinese characters that are words of one character each, and where the model is
/// surprised. Bytes of the text.
fn broken_pairs(context: &Context<'_>) -> Vec<Range<usize>> {
    let text = context.text();
    let alone = |range: &Range<usize>| {
        let mut characters = text[range.clone()].chars();
        characters.next().filter(|c| is_han(*c) && characters.next().is_none())
    };
    let surprises = context.facts.news_surprises(context.index);
    let pairs = context.tokens.windows(2).filter(|pair| {
        let (Some(first), Some(second)) = (alone(&pair[0].range), alone(&pair[1].range)) else {
            return false;
        };
        first != second
            && !(is_han_numeral(first) && is_han_numeral(second))
            && !(is_short_name(first) && is_short_name(second))
            && surprises.at(pair[0].range.start) + surprises.at(pair[1].range.start) <= SURPRISE
    });
    pairs.map(|pair| pair[0].range.start..pair[1].range.end).collect()
}

/// ln p of both characters together. All but 3 of the 616 swaps found in synthetic.dev lie below.
const SURPRISE: f32 = -9.0;

/// The grade of a pair and its characters in the other order, `None` where the order is right.
fn judge(context: &Context<'_>, doubt: &Doubt<'_>, pair: &Range<usize>) -> Option<(&'static str, String)> {
    let text = context.text();
    let right: String = text[pair.clone()].chars().rev().collect();
    let gain = context.lexicon.language_model().gain(text, pair.clone(), &right, LEAST_GAIN)?;
    if context.facts.count(&text[pair.clone()]) > 1 || doubt.spares(text, pair) {
        return None;
    }
    let changed = Changed::new(text, pair, &right, context.lexicon);
    let grade = match () {
        () if may_be_meant(text, pair) && gain >= CLEAR_GAIN => "quoted clear",
        () if may_be_meant(text, pair) => "quoted",
        () if !changed.is_one_word() => "loose",
        () if gain >= CLEAR_GAIN => "clear",
        () if in_set_phrase(text, pair) => "set phrase",
        () if gain >= WORD_GAIN => "word",
        () => "weak",
    };
    Some((grade, right))
}

/// True in a clause of four characters (形圆意满，人间团圆): such clauses are built, not said.
fn in_set_phrase(text: &str, pair: &Range<usize>) -> bool {
    let before = text[..pair.start].chars().rev().take_while(|c| is_han(*c)).take(4).count();
    let after = text[pair.end..].chars().take_while(|c| is_han(*c)).take(4).count();
    before + after == 2
}

const LEAST_GAIN: f32 = 6.0;
/// Measured on the even paragraphs of the clean texts.
const WORD_GAIN: f32 = 8.0;
const CLEAR_GAIN: f32 = 11.0;

fn hit(context: &Context<'_>, pair: Range<usize>, grade: &'static str, right: &str) -> Hit {
    let wrong = &context.text()[pair.clone()];
    let message = Message::new(
        format!("“{wrong}”疑为“{right}”颠倒"),
        format!("“{wrong}” is probably “{right}” in the wrong order"),
    );
    Hit::new(pair.clone(), grade, message).fix(pair, right, 1.0)
}
