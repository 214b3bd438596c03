//! W101: words and idioms written with a wrong character.

use std::ops::Range;

use super::enclosure::in_short_quotation;
use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::lexicon::Confusion;

/// W101.
pub(super) static RULE: Rule = Rule {
    id: "W101",
    name: Manual { zh: "易错词语", en: "Confused word" },
    summary: Manual {
        zh: "成语和词语里常被写错、认错的字。",
        en: "Idioms and words often written with a wrong character.",
    },
    why: Manual {
        zh: "词表收录常见的错误写法，错误的写法本身不成词；查到即改，取最长的一条。\
             引号里可能是有意的谐音（广告语、标题），只作提示。",
        en: "A table lists wrong forms that are no words themselves; the longest entry counts. \
             Inside quotation marks it may be a pun, so there the rule only asks.",
    },
    standard: None,
    examples: &[
        ("同志们再接再励，夺取更大胜利。", "同志们再接再厉，夺取更大胜利。"),
        ("这里的风景令人留恋忘返。", "这里的风景令人流连忘返。"),
        ("各地防汛工作刻不容绶，必须未雨绸谬。", "各地防汛工作刻不容缓，必须未雨绸缪。"),
        ("他们戒骄戒燥，一股作气完成了任务。", "他们戒骄戒躁，一鼓作气完成了任务。"),
    ],
    silent_on: &[
        "同志们再接再厉，一鼓作气，夺取更大胜利。",
        "这里的风景令人流连忘返。",
        "他负责的部门厉行节约，反对浪费，鼓励大家励志图强。",
        "会议部署了防汛、抗旱两项工作，要求未雨绸缪、戒骄戒躁。",
    ],
    statistical: false,
    level: Level::Auto,
    build: Some(|_| Box::new(ConfusedWords)),
};

struct ConfusedWords;

/// From this length in characters on, a wrong form is taken wherever it stands: shorter ones may
/// straddle two right words.
const IDIOM: usize = 4;

impl Detector for ConfusedWords {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        for (range, confusion) in context.lexicon.confusions().find_in(context.text()) {
            let idiom = context.text()[range.clone()].chars().count() >= IDIOM;
            if idiom || context.is_word_aligned(&range) {
                hits.push(hit(context, range, confusion, idiom));
            }
        }
    }
}

fn hit(context: &Context<'_>, range: Range<usize>, confusion: &Confusion, idiom: bool) -> Hit {
    let grade = match (in_short_quotation(context.text(), &range), idiom) {
        (true, _) => "quoted",
        (false, true) => "idiom",
        (false, false) => "word",
    };
    let right = &confusion.right;
    let why = match confusion.why.as_str() {
        "" => String::new(),
        why => format!("：{why}"),
    };
    let message =
        Message::new(format!("应为“{right}”{why}"), format!("the word is written {right}"));
    Hit::new(range.clone(), grade, message).fix(range, right.as_str(), 1.0)
}
