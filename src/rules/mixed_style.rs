//! K102: quotation marks, brackets or byline marks of two styles in one document.

use std::ops::Range;

use super::enclosure::enclosure;
use super::{Detector, Hit, Manual, Rule};
use crate::analyze::Facts;
use crate::config::Quotes;
use crate::finding::{Level, Message};
use crate::han::is_han;
use crate::lexicon::Lexicon;
use crate::marks::{PairKind, pair_up};

/// K102.
pub(super) static RULE: Rule = Rule {
    id: "K102",
    name: Manual { zh: "体例不一", en: "Mixed style" },
    summary: Manual {
        zh: "同一篇里引号、括号或署名标记用了两种样式。",
        en: "Quotation marks, brackets or byline marks of two styles in one document.",
    },
    why: Manual {
        zh: "一篇之内体例应当一致。每种混用全篇只提一次，指在少数样式第一次出现的地方；\
             多数样式很多而少数样式只有一处的，当作误用。\
             设置里定了引号样式的，不合的每处都提。",
        en: "One document keeps to one style. Each mixture is mentioned once, at the first place \
             of the rarer style; a single stray among many is taken for a slip. Where the \
             house's quotation marks are set, every other one is mentioned.",
    },
    standard: Some("GB/T 15834—2011 4.8、4.9"),
    examples: &[
        (
            "他说“好”，又说“行”，再说“走”。她说“对”，也说“是”，却写「不」。",
            "他说“好”，又说“行”，再说“走”。她说“对”，也说“是”，却写“不”。",
        ),
        (
            "“一”“二”“三”“四”“五”，他说：“我读过「六」。”",
            "“一”“二”“三”“四”“五”，他说：“我读过‘六’。”",
        ),
        ("来自天津(北方)、北京(北方)的客人和来自广州（南方）的客人。", "来自天津(北方)、北京(北方)的客人和来自广州（南方）的客人。"),
        ("■记者 王平\n城市更新提速。\n□记者 李华\n春耕开始了。", "■记者 王平\n城市更新提速。\n□记者 李华\n春耕开始了。"),
    ],
    silent_on: &[
        "他说“好”，又说：“我读过‘六’。”",
        "函数f(x)和天津（北方）的客人。",
        "「生命起点」和「希望」，两处都用直角引号。",
        "■记者 王平\n城市更新提速。\n■记者 李华\n春耕开始了。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_| Box::new(MixedStyle)),
};

struct MixedStyle;

/// A style used once is a stray where the other is used at least so often. Clean news texts hold
/// no mixture at all, so this is a convention: five is more than one sentence would quote.
const MANY: usize = 5;

/// Where one style of a mark is used: paragraph and bytes of its text.
type Places = Vec<(usize, Range<usize>)>;

impl Detector for MixedStyle {
    fn check_document(&self, facts: &Facts, _lexicon: &Lexicon, hits: &mut Vec<(usize, Hit)>) {
        let house = facts.page.punctuation;
        match house.quotes {
            Some(style) => hits.extend(house_quotes(facts, style)),
            None => hits.extend(quotation_marks(facts)),
        }
        // Where the house prints one width, P102 asks for it.
        if house.brackets.is_none() {
            hits.extend(brackets(facts));
        }
        hits.extend(byline_marks(facts));
    }
}

/// The house's style is set: few texts quote a mark itself.
const HOUSE_STYLE: f64 = 0.95;

/// Quotations in the marks the house does not print.
fn house_quotes(facts: &Facts, style: Quotes) -> Vec<(usize, Hit)> {
    let of_house = |kind: PairKind| match (style, kind) {
        (Quotes::Curly, PairKind::Corner) => Some(PairKind::Quote),
        (Quotes::Curly, PairKind::WhiteCorner) => Some(PairKind::InnerQuote),
        (Quotes::Corner, PairKind::Quote) => Some(PairKind::Corner),
        (Quotes::Corner, PairKind::InnerQuote) => Some(PairKind::WhiteCorner),
        _ => None,
    };
    let mut hits = Vec::new();
    for (index, paragraph) in facts.paragraphs.iter().enumerate() {
        for pair in pair_up(&paragraph.text).pairs {
            let Some(right) = of_house(pair.kind) else { continue };
            let (open, close) = (right.opening(), right.closing());
            let message = Message::new(
                format!("本社引号用“{open}{close}”"),
                format!("the house prints {open} {close}"),
            );
            let marks = vec![(pair.open.clone(), open.into()), (pair.close.clone(), close.into())];
            let hit = Hit::new(pair.whole(), "house quotes", message).fix_all(marks, 1.0);
            hits.push((index, Hit { confidence: Some(HOUSE_STYLE), ..hit }));
        }
    }
    hits
}

fn quotation_marks(facts: &Facts) -> Option<(usize, Hit)> {
    let (curly, corner) = (places(facts, '“', |_| true), places(facts, '「', |_| true));
    let (rare, many) = if corner.len() <= curly.len() { (&corner, &curly) } else { (&curly, &corner) };
    let (index, range) = rare.first()?.clone();
    let message = Message::new(
        format!("全篇引号“ ”{}处、「 」{}处，体例不一", curly.len(), corner.len()),
        format!("{} quotations in “ ” and {} in 「 」", curly.len(), corner.len()),
    );
    if many.is_empty() {
        return None;
    }
    let text = &facts.paragraphs[index].text;
    let closing = if text[range.clone()] == *"「" { '」' } else { '”' };
    let end = text[range.end..].find(closing).map(|offset| range.end + offset);
    let (Some(end), 1, true) = (end, rare.len(), many.len() >= MANY) else {
        return Some((index, Hit::new(range, "mixed", message)));
    };
    let marks = match (closing, enclosure(text, &range).is_some_and(|e| e.is_quotation())) {
        ('」', false) => ("“", "”"),
        ('」', true) => ("‘", "’"),
        (_, false) => ("「", "」"),
        (_, true) => ("『", "』"),
    };
    let closing = end..end + closing.len_utf8();
    let hit = Hit::new(range.start..closing.end, "stray quote", message)
        .fix_all(vec![(range, marks.0.to_string()), (closing, marks.1.to_string())], 1.0);
    Some((index, hit))
}

fn brackets(facts: &Facts) -> Option<(usize, Hit)> {
    // f(x) and (a) are no Chinese brackets: those touch a Chinese character on the outside.
    let half = places(facts, '(', |before| before.is_some_and(is_han));
    let full = places(facts, '（', |_| true);
    let rare = if half.len() <= full.len() { &half } else { &full };
    let (index, range) = rare.first()?.clone();
    if half.is_empty() || full.is_empty() {
        return None;
    }
    let message = Message::new(
        format!("全篇括号全角{}处、半角{}处，体例不一", full.len(), half.len()),
        format!("{} full-width and {} half-width brackets", full.len(), half.len()),
    );
    Some((index, Hit::new(range, "mixed", message)))
}

fn byline_marks(facts: &Facts) -> Option<(usize, Hit)> {
    let bylines = |mark: char| -> Places {
        let opens = |text: &str| {
            let name = text.strip_prefix(mark).map(str::trim_start);
            name.is_some_and(|name| {
                ["记者", "本报记者", "通讯员", "实习生"].iter().any(|w| name.starts_with(w))
            })
        };
        let paragraphs = facts.paragraphs.iter().enumerate();
        paragraphs.filter(|(_, p)| opens(&p.text)).map(|(i, _)| (i, 0..mark.len_utf8())).collect()
    };
    let (black, white) = (bylines('■'), bylines('□'));
    let rare = if white.len() <= black.len() { &white } else { &black };
    let (index, range) = rare.first()?.clone();
    if black.is_empty() || white.is_empty() {
        return None;
    }
    let message = Message::new(
        format!("署名前■{}处、□{}处，体例不一", black.len(), white.len()),
        format!("{} bylines with ■ and {} with □", black.len(), white.len()),
    );
    Some((index, Hit::new(range, "mixed", message)))
}

/// The places of `mark` whose character before passes `counts`.
fn places(facts: &Facts, mark: char, counts: impl Fn(Option<char>) -> bool) -> Places {
    let mut places = Vec::new();
    for (index, paragraph) in facts.paragraphs.iter().enumerate() {
        for (at, _) in paragraph.text.match_indices(mark) {
            if counts(paragraph.text[..at].chars().next_back()) {
                places.push((index, at..at + mark.len_utf8()));
            }
        }
    }
    places
}
