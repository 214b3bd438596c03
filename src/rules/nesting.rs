//! P105: quotation marks and book marks nested the wrong way.

use super::{Context, Detector, Fix, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::config::Quotes;
use crate::lexicon::Lexicon;
use crate::marks::{Pair, PairKind, pair_up};

pub(super) static RULE: Rule = Rule {
    id: "P105",
    name: Manual { zh: "引号、书名号的套用", en: "nested marks" },
    summary: Manual {
        zh: "引号中的引号没有用单引号，书名号中的书名号没有用单书名号，或者前后交叉。",
        en: "A quotation within a quotation without ‘ ’, a title within a title without 〈 〉, or \
             marks closed in the wrong order.",
    },
    why: Manual {
        zh: "引号套用时，外面用双引号，里面用单引号；书名号套用时，外面用双书名号，里面用单书名号。\
             后开的先关，不能交叉。",
        en: "Outside stand “ ” and 《 》, within them ‘ ’ and 〈 〉; what was opened last is closed \
             first.",
    },
    standard: Some("GB/T 15834—2011 4.8.3.4、4.15.3.5"),
    examples: &[
        ("他说：“大家都叫我“老黄牛”，我很高兴。”", "他说：“大家都叫我‘老黄牛’，我很高兴。”"),
        ("他写了《读《呐喊》有感》一文。", "他写了《读〈呐喊〉有感》一文。"),
        ("会上宣读了“学习《决定”》的倡议。", "会上宣读了“学习《决定》”的倡议。"),
        ("这就是‘土特产’三个字。", "这就是“土特产”三个字。"),
    ],
    silent_on: &[
        "他说：“大家都叫我‘老黄牛’，我很高兴。”",
        "他写了《读〈呐喊〉有感》一文。",
        "“甲”“乙”和《丙》《丁》。",
        "他引了“《决定》”三个字。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_: &Lexicon| Box::new(Nesting)),
};

struct Nesting;

impl Detector for Nesting {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        let pairing = pair_up(text);
        // What stands in what is known only where every mark has its partner.
        if pairing.lone.is_empty() {
            let corner = context.facts.page.punctuation.quotes == Some(Quotes::Corner);
            hits.extend(pairing.pairs.iter().filter_map(|pair| wrong_level(pair, corner)));
        }
        for range in pairing.crossed {
            let message = Message::new(
                "两个后标点的次序颠倒，后开的应先关",
                "The closing marks are in the wrong order: what was opened last is closed first",
            );
            let swapped: String = text[range.clone()].chars().rev().collect();
            hits.push(Hit::new(range.clone(), "crossed", message).fix(range, swapped, 1.0));
        }
    }
}

/// `corner` where the house prints 「 」: then they are nested like “ ”.
fn wrong_level(pair: &Pair, corner: bool) -> Option<Hit> {
    use PairKind::{Book, Corner, InnerBook, InnerQuote, Quote, WhiteCorner};
    let around = |family: [PairKind; 2]| {
        pair.around.iter().rev().find(|kind| family.contains(kind)).copied()
    };
    let (grade, kind, zh, en) = match pair.kind {
        Quote if around([Quote, InnerQuote]) == Some(Quote) => {
            ("same_quotes", InnerQuote, "引号中的引号应用单引号", "Within “ ” quotations take ‘ ’")
        }
        Book if around([Book, InnerBook]) == Some(Book) => {
            ("same_titles", InnerBook, "书名号中的书名号应用单书名号", "Within 《 》 titles take 〈 〉")
        }
        Corner if corner && around([Corner, WhiteCorner]) == Some(Corner) => (
            "same_quotes",
            WhiteCorner,
            "引号中的引号应用双直角引号",
            "Within 「 」 quotations take 『 』",
        ),
        WhiteCorner if corner && pair.around.is_empty() => {
            ("single_alone", Corner, "『 』只用在「 」里面", "『 』 stand only within 「 」")
        }
        InnerQuote if pair.around.is_empty() => {
            ("single_alone", Quote, "单引号只用在双引号里面", "‘ ’ stand only within “ ”")
        }
        InnerBook if pair.around.is_empty() => {
            ("single_alone", Book, "单书名号只用在书名号里面", "〈 〉 stand only within 《 》")
        }
        _ => return None,
    };
    let mut hit = Hit::new(pair.whole(), grade, Message::new(zh, en));
    hit.fixes.push(Fix {
        replacements: vec![
            (pair.open.clone(), kind.opening().to_string()),
            (pair.close.clone(), kind.closing().to_string()),
        ],
        weight: 1.0,
    });
    Some(hit)
}
