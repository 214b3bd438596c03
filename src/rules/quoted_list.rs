//! P106: 、 between quoted items or book titles that stand side by side.

use super::{Context, Detector, Fix, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::lexicon::Lexicon;
use crate::marks::{Pair, PairKind, pair_up};

pub(super) static RULE: Rule = Rule {
    id: "P106",
    name: Manual { zh: "引号、书名号之间的顿号", en: "comma between quoted items" },
    summary: Manual {
        zh: "标有引号或书名号的并列成分之间用了顿号。",
        en: "The pause mark 、 stands between quoted items or titles of a list.",
    },
    why: Manual {
        zh: "并列的引号之间、书名号之间通常不用顿号。有其他成分插在中间，或者并列项并非都有\
             引号或书名号时，仍用顿号。各报做法不一，所以只作提示。",
        en: "Between quoted items or titles that stand side by side 、 is usually left out. It stays \
             where something else stands between them or where not all items are quoted. House \
             styles differ, so this is a hint.",
    },
    standard: Some("GB/T 15834—2011 4.5.3.5"),
    examples: &[
        ("店里有“红旗”、“奔驰”两种车。", "店里有“红旗”“奔驰”两种车。"),
        ("他读过《呐喊》、《彷徨》、《野草》。", "他读过《呐喊》《彷徨》《野草》。"),
    ],
    silent_on: &[
        "店里有“红旗”“奔驰”两种车。",
        "他读过《呐喊》、《彷徨》和一些杂文。",
        "办公室订有《人民日报》（海外版）、《光明日报》和《时代周刊》等报刊。",
    ],
    statistical: false,
    level: Level::Hint,
    build: Some(|_: &Lexicon| Box::new(QuotedList)),
};

struct QuotedList;

impl Detector for QuotedList {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        let mut pairs = pair_up(text).pairs;
        pairs.retain(|pair| matches!(pair.kind, PairKind::Quote | PairKind::Book));
        pairs.sort_by_key(|pair| pair.open.start);
        hits.extend(lists(text, &pairs).into_iter().filter_map(|list| judge(text, list)));
    }
}

/// Chains of pairs of one kind with nothing but 、 between them.
fn lists<'a>(text: &str, pairs: &'a [Pair]) -> Vec<Vec<&'a Pair>> {
    let mut lists: Vec<Vec<&Pair>> = Vec::new();
    for pair in pairs {
        let open = lists.iter_mut().rev().find(|list| {
            list.last().is_some_and(|last| {
                last.kind == pair.kind
                    && last.close.end <= pair.open.start
                    && &text[last.close.end..pair.open.start] == "、"
            })
        });
        match open {
            Some(list) => list.push(pair),
            None => lists.push(vec![pair]),
        }
    }
    lists
}

fn judge(text: &str, list: Vec<&Pair>) -> Option<Hit> {
    let (first, last) = (list.first()?, list.last()?);
    let goes_on = text[last.close.end..].starts_with('、') || text[..first.open.start].ends_with('、');
    if list.len() < 2 || goes_on {
        return None;
    }
    let message = Message::new(
        "并列的引号或书名号之间通常不用顿号",
        "Between quoted items or titles side by side 、 is usually left out",
    );
    let replacements = list
        .windows(2)
        .map(|pair| (pair[0].close.end..pair[1].open.start, String::new()))
        .collect();
    let mut hit = Hit::new(first.close.start..last.open.end, "listed", message);
    hit.fixes.push(Fix { replacements, weight: 1.0 });
    Some(hit)
}
