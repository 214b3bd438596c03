//! W104: words of the house's own tables.

use std::ops::Range;

use super::{Context, Detector, Hit, Manual, Rule};
use crate::config::{HouseEntry, HouseWord};
use crate::finding::{Level, Message};

/// W104.
pub(super) static RULE: Rule = Rule {
    id: "W104",
    name: Manual { zh: "本社用词", en: "House word" },
    summary: Manual {
        zh: "本社词表规定改写或禁用的词。",
        en: "A word that the house's tables correct or ban.",
    },
    why: Manual {
        zh: "词表（错=正、词=词、词=）由本社、项目和本篇自己给出，后者优先；取最长的一条。四字以下的错误\
             写法跨在两个词上的，请核对。禁用的词没有改法，只提请注意。词表里“词=词”的词，别的规则也不改。",
        en: "The house, the project and the document give tables of their own; the nearer one counts, \
             and of two entries the longer. A short wrong form that reaches over two words is a \
             question. A banned word has no correction. Words a table calls right are left alone by \
             every other rule.",
    },
    standard: None,
    examples: &[
        (
            "<!-- kanwu: table 聚原广场=聚源广场 -->\n昨天，聚原广场开街。",
            "<!-- kanwu: table 聚原广场=聚源广场 -->\n昨天，聚源广场开街。",
        ),
        (
            "<!-- kanwu: table 闹市区= -->\n商店开在闹市区里。",
            "<!-- kanwu: table 闹市区= -->\n商店开在闹市区里。",
        ),
    ],
    silent_on: &[
        "<!-- kanwu: table 聚原广场=聚源广场 -->\n昨天，聚源广场开街。",
        "<!-- kanwu: allow 再接再励 -->\n这家商店就叫“再接再励”。",
    ],
    statistical: false,
    level: Level::Auto,
    build: Some(|_| Box::new(HouseWords)),
};

struct HouseWords;

/// From this length in characters on, a wrong form is taken wherever it stands: shorter ones may
/// straddle two right words.
const STANDS_ALONE: usize = 4;

/// A table is right by definition; what straddles two words may be another word, and what is
/// banned may be quoted.
const CERTAIN: f64 = 1.0;
const STRADDLING: f64 = 0.5;
const BANNED: f64 = 0.9;

impl Detector for HouseWords {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        for (range, entry) in context.facts.page.words_in(context.text()) {
            hits.extend(hit(context, range, entry));
        }
    }
}

fn hit(context: &Context<'_>, range: Range<usize>, entry: &HouseEntry) -> Option<Hit> {
    let word = &context.text()[range.clone()];
    let because = |zh: String, en: String| match entry.why.as_str() {
        "" => Message::new(format!("{zh}（{}）", entry.place), format!("{en} ({})", entry.place)),
        why => Message::new(
            format!("{zh}：{why}（{}）", entry.place),
            format!("{en}: {why} ({})", entry.place),
        ),
    };
    let (hit, confidence) = match &entry.word {
        HouseWord::Right => return None,
        HouseWord::Wrong { right } => {
            let message = because(
                format!("本社词表作“{right}”"),
                format!("the house's tables have {right}"),
            );
            let hit = Hit::new(range.clone(), "house", message).fix(range.clone(), right, 1.0);
            let long = word.chars().count() >= STANDS_ALONE;
            let sure = long || context.is_word_aligned(&range);
            (hit, if sure { CERTAIN } else { STRADDLING })
        }
        HouseWord::Banned => {
            let message = because(
                format!("本社词表不用“{word}”"),
                format!("the house's tables ban {word}"),
            );
            (Hit::new(range, "house", message), BANNED)
        }
    };
    Some(Hit { confidence: Some(confidence), ..hit })
}
