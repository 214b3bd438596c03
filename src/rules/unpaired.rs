//! P101: quotation marks, brackets and book marks without a partner.

mod places;

use std::ops::Range;

use super::partner::{in_house_width, is_too_narrow};
use super::{Context, Detector, Fix, Hit, Manual, Rule};
use crate::analyze::Facts;
use crate::finding::{Level, Message};
use crate::lexicon::Lexicon;
use crate::marks::{Lone, PairKind, ends_sentence, pair_up, pauses};
use crate::segment::BlockKind;
use places::{Place, own_score, places, within_a_word};

pub(super) static RULE: Rule = Rule {
    id: "P101",
    name: Manual { zh: "引号、括号、书名号不成对", en: "unpaired marks" },
    summary: Manual {
        zh: "引号、括号或书名号只有一半，或者一半写反、写错了。",
        en: "One half of a pair of quotation marks, brackets or book marks is missing, turned the \
             wrong way or of another kind.",
    },
    why: Manual {
        zh: "引号、括号、书名号总是成对使用。检查在修复后的段落里进行；引文分成几段时，每段开头用前引号、\
             只在最后一段末尾用后引号，是对的；转版处断开的段落和“1）”之类的序号不查。缺的那一半放在\
             哪里，看上下文：什么词常在引号前后，引的是什么，本文别处是否引过同样的话。几处都有可能时，\
             都列出来。",
        en: "These marks come in pairs. They are paired in repaired paragraphs; a quotation of several \
             paragraphs opens each of them and closes once, which is right, and paragraphs cut by a \
             jump line and list numbers such as 1） are left alone. Where the missing half belongs is \
             told by context: what usually stands around such marks, what is quoted, and whether the \
             text quotes it elsewhere. Where several places are likely, all are offered.",
    },
    standard: Some("GB/T 15834—2011 4.8、4.9、4.15"),
    examples: &[
        (
            "展望“十五五时期我省农业发展，前景十分广阔。",
            "展望“十五五”时期我省农业发展，前景十分广阔。",
        ),
        (
            "各国企业踊跃参与共建一带一路”，合作的前景广阔。",
            "各国企业踊跃参与共建“一带一路”，合作的前景广阔。",
        ),
        (
            "他们就是凭翻山越岭、走村串户”的劲头，把药送到每家每户。",
            "他们就是凭“翻山越岭、走村串户”的劲头，把药送到每家每户。",
        ),
        ("意见》部署了十项重点任务。", "《意见》部署了十项重点任务。"),
        ("今天（5月8日，新一轮降雨开始影响我市。", "今天（5月8日），新一轮降雨开始影响我市。"),
        ("我们要谋划好”十五五”时期的发展。", "我们要谋划好“十五五”时期的发展。"),
        ("这就是有名的“小巨人“企业。", "这就是有名的“小巨人”企业。"),
        ("消息刊登在本报“大地”副刊（第8版》。", "消息刊登在本报“大地”副刊（第8版）。"),
        ("昨天(5月8日，新一轮降雨影响我市。", "昨天（5月8日），新一轮降雨影响我市。"),
        ("大会《第三次全体会议)昨天召开。", "大会（第三次全体会议）昨天召开。"),
        (
            "我市推进“三馆一站”建设。市民说，三馆一站”就在家门口。",
            "我市推进“三馆一站”建设。市民说，“三馆一站”就在家门口。",
        ),
    ],
    silent_on: &[
        "他说：“大家都叫我‘老黄牛’，我很高兴。”",
        "“今年的收成不错。\n“明年会更好。”他说。",
        "主要任务：1）增产；2）增收。",
        "这首歌叫Don’t Cry，’98年很流行。",
        "（一）会议(第三次全体会议)昨天召开。",
        "《读〈呐喊〉有感》刊登在“大地”副刊（第8版）。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_: &Lexicon| Box::new(Unpaired)),
};

/// A place within a word or a number loses so much. On synthetic.dev.tsv -3 and -5 place the same
/// marks; without it they come to stand within figures.
const WITHIN_A_WORD: f64 = -5.0;

/// What a place gains that makes a quotation the document has elsewhere between the same marks.
/// Set by hand: about the gain of the commonest phrases in `pair_places.tsv`.
const QUOTED_ELSEWHERE: f64 = 4.0;

/// From this share of the odds on, a mark that stands there turned round is the partner. Set by
/// hand: the dev pages have two turned marks.
const TURNED_FROM: f64 = 0.25;

/// Offered are at most so many places, each with at least this share of the odds.
const MOST_PLACES: usize = 4;
const LEAST_SHARE: f64 = 0.03;

/// The odds that a lone mark is to be taken away, against 1 for all places together: so much,
/// or at the edge of a scanned line, where OCR invents marks, so much, for a mark that stands as
/// well as any character could, and less the better it stands. On the dev pages the first choice
/// was right for 66 quotation marks of 124 with it and for 29 of 130 without.
const TAKE_AWAY: f64 = 0.5;
const TAKE_AWAY_AT_EDGE: f64 = 2.0;

/// The same for a closing mark that heads a printed line: no compositor puts one there (避头, GB/T
/// 15834—2011 5.1.3). Of what is shown at line edges of the dev pages 39 of 39 first choices are right
/// (`line_edge` in docs/accuracy.md).
const TAKE_AWAY_AT_HEAD: f64 = 20.0;

/// Log odds for the round bracket of two marks that are no pair: Tesseract reads （ as 《 〈 [,
/// and hardly ever ） as anything but ) (42 of 46 such pairs on the dev pages).
const ROUND_MISREAD: f64 = 3.0;

/// From this share of the odds on a place is taken for the edge of a quoted phrase even in a
/// sentence that stands by itself: with 0.5 the sentences of `clean_newspaper` cut out of longer
/// speeches are left at hint, and of the marks dropped in synthetic.dev.tsv 94 % are shown.
const STANDS_OUT: f64 = 0.5;

/// So many paragraphs on the other half of a quotation is looked for.
const SPREAD: usize = 12;

struct Unpaired;

impl Detector for Unpaired {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        if !is_paired(context.paragraph.kind) {
            return;
        }
        let mut lone = pair_up(context.text()).lone;
        lone.retain(|mark| !goes_on_elsewhere(context, mark));
        let mut rest = lone.as_slice();
        while let Some((mark, others)) = rest.split_first() {
            let together = others.first().and_then(|other| one_slip(context, mark, other));
            rest = if together.is_some() { &others[1..] } else { others };
            hits.push(together.unwrap_or_else(|| missing_partner(context, mark)));
        }
    }
}

/// Kinds of text in which marks must be paired within the paragraph.
fn is_paired(kind: BlockKind) -> bool {
    !kind.is_furniture() && !matches!(kind, BlockKind::Table | BlockKind::Verse)
}

/// True when the partner is likely to stand in another paragraph.
fn goes_on_elsewhere(context: &Context<'_>, mark: &Lone) -> bool {
    let paragraph = context.paragraph;
    if (mark.opens && paragraph.ends_cut) || (!mark.opens && paragraph.starts_cut) {
        return true;
    }
    (mark.kind.quotes() && mark.opens && next_paragraph_opens_again(context, mark))
        || other_half_nearby(context, mark)
}

/// A quotation in several paragraphs: each opens with “, only the last closes.
fn next_paragraph_opens_again(context: &Context<'_>, mark: &Lone) -> bool {
    let next = context.facts.paragraphs[context.index + 1..]
        .iter()
        .find(|paragraph| paragraph.kind.is_text());
    next.is_some_and(|next| next.text.starts_with(mark.kind.opening()))
}

/// The other half stands alone in a paragraph nearby, and either this paragraph is broken off in
/// mid-sentence or the marks enclose speech of several paragraphs.
fn other_half_nearby(context: &Context<'_>, mark: &Lone) -> bool {
    let paragraphs = &context.facts.paragraphs;
    let ended = |index: usize| {
        paragraphs[index].text.trim_end().chars().rev().find(|c| c.is_alphanumeric() || ends_sentence(*c)).is_some_and(ends_sentence)
    };
    let partner_in = |index: usize| {
        let lone = pair_up(&paragraphs[index].text).lone;
        let of_kind = |other: &&Lone| other.kind == mark.kind;
        match mark.opens {
            true => lone.iter().find(of_kind).is_some_and(|other| !other.opens),
            false => lone.iter().rev().find(of_kind).is_some_and(|other| other.opens),
        }
    };
    let speech = |index: usize, at: usize| {
        let before = paragraphs[index].text[..at].chars().next_back();
        before.is_none_or(|c| matches!(c, '：' | ':'))
    };
    let opening_of = |index: usize| {
        let lone = pair_up(&paragraphs[index].text).lone;
        lone.iter().rev().find(|other| other.kind == mark.kind).map_or(0, |other| other.range.start)
    };
    let here = context.index;
    if mark.opens {
        (here + 1..paragraphs.len().min(here + 1 + SPREAD))
            .find(|index| partner_in(*index))
            .is_some_and(|index| (index == here + 1 && !ended(here)) || speech(here, mark.range.start))
    } else {
        (here.saturating_sub(SPREAD)..here)
            .rev()
            .find(|index| partner_in(*index))
            .is_some_and(|index| (index + 1 == here && !ended(index)) || speech(index, opening_of(index)))
    }
}

/// Two lone marks that are one slip: the second or the first is turned the wrong way, or they
/// are of two kinds.
fn one_slip(context: &Context<'_>, first: &Lone, second: &Lone) -> Option<Hit> {
    match (first.opens, second.opens) {
        (true, false) if first.kind != second.kind => Some(of_two_kinds(context, first, second)),
        (true, true) if first.kind == second.kind => turned(context, first, second),
        (false, false) if first.kind == second.kind => turned(context, second, first),
        _ => None,
    }
}

/// `wrong` is turned round when its place is where the partner of `right` belongs.
fn turned(context: &Context<'_>, right: &Lone, wrong: &Lone) -> Option<Hit> {
    let text = context.text();
    let without = format!("{}{}", &text[..wrong.range.start], &text[wrong.range.end..]);
    let shift = if wrong.range.start < right.range.start { wrong.range.len() } else { 0 };
    let range = right.range.start - shift..right.range.end - shift;
    let right_without = Lone { range, ..right.clone() };
    let found = places(&without, &right_without, context.lexicon.pair_places());
    let share = shares(&found)
        .into_iter()
        .find(|(place, _)| place.at == wrong.range.start)
        .map_or(0.0, |(_, share)| share);
    let new = if wrong.opens { wrong.kind.closing() } else { wrong.kind.opening() };
    let message = Message::new(
        format!("“{}”方向反了，应为“{new}”", &text[wrong.range.clone()]),
        format!("{} is turned the wrong way: {new}", &text[wrong.range.clone()]),
    );
    let whole = first_to_last(&right.range, &wrong.range);
    (share >= TURNED_FROM)
        .then(|| Hit::new(whole, "turned", message).fix(wrong.range.clone(), new, 1.0))
}

/// 《……）: either mark may be the wrong one; what suits the place better is the likelier.
fn of_two_kinds(context: &Context<'_>, open: &Lone, close: &Lone) -> Hit {
    let text = context.text();
    let message = Message::new(
        format!("“{}”和“{}”不是一对", &text[open.range.clone()], &text[close.range.clone()]),
        format!("{} and {} are no pair", &text[open.range.clone()], &text[close.range.clone()]),
    );
    let fits = |kind: PairKind| {
        let as_kind = Lone { kind, ..open.clone() };
        let found = places(text, &as_kind, context.lexicon.pair_places());
        let place = found.iter().find(|place| place.at == close.range.start);
        place.map_or(-10.0, |place| place.score)
    };
    let misread = |kind| if kind == PairKind::Round { ROUND_MISREAD } else { 0.0 };
    let better = (fits(open.kind) - fits(close.kind)).clamp(-2.0, 2.0);
    let odds = (better + misread(open.kind) - misread(close.kind)).exp();
    let pair = |kind: PairKind| {
        let marks = [(open, kind.opening()), (close, kind.closing())].into_iter();
        let changed = marks.filter(|(mark, _)| mark.kind != kind || is_too_narrow(context, &mark.range));
        let written = |new| in_house_width(context, new).to_string();
        changed.map(|(mark, new)| (mark.range.clone(), written(new))).collect()
    };
    Hit::new(open.range.start..close.range.end, "two_kinds", message)
        .fix_all(pair(open.kind), odds)
        .fix_all(pair(close.kind), 1.0)
}

/// The places where the partner could stand, best first.
fn missing_partner(context: &Context<'_>, mark: &Lone) -> Hit {
    let text = context.text();
    let missing = if mark.opens { mark.kind.closing() } else { mark.kind.opening() };
    let missing = in_house_width(context, missing);
    let message = Message::new(
        format!("有 {} 而缺与之配对的 {missing}", &text[mark.range.clone()]),
        format!("{} has no matching {missing}", &text[mark.range.clone()]),
    );
    let mut ranked = shares(&weighed_places(context, mark));
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.at.cmp(&b.0.at)));
    ranked.truncate(MOST_PLACES);
    ranked.retain(|(_, share)| *share >= LEAST_SHARE);

    let mut whole = mark.range.clone();
    let mut fixes = Vec::new();
    for (place, share) in &ranked {
        let new = straight_quote(text, mark, place.at).unwrap_or(place.at..place.at);
        whole = first_to_last(&whole, &new);
        let mut replacements = vec![(new, missing.to_string())];
        if is_too_narrow(context, &mark.range) {
            let own = if mark.opens { mark.kind.opening() } else { mark.kind.closing() };
            replacements.push((mark.range.clone(), own.to_string()));
            replacements.sort_by_key(|(range, _)| range.start);
        }
        fixes.push(Fix { replacements, weight: *share });
    }
    let heads = heads_line(context, mark);
    let edge = heads || at_line_edge(context, mark);
    let invented = if edge { TAKE_AWAY_AT_EDGE } else { TAKE_AWAY };
    let away = invented * (-own_score(text, mark, context.lexicon.pair_places())).exp();
    let away = if heads { TAKE_AWAY_AT_HEAD } else { away.clamp(0.02, 20.0) };
    fixes.push(Fix { replacements: vec![(mark.range.clone(), String::new())], weight: away });
    let best = ranked.first().copied();
    let mut hit = Hit::new(whole, if edge { "line_edge" } else { grade(text, mark, best) }, message);
    hit.fixes = fixes;
    hit
}

/// True for an opening mark at the start and a closing one at the end of a line of a page.
fn at_line_edge(context: &Context<'_>, mark: &Lone) -> bool {
    let page = context.facts.paragraphs.len() > 1;
    page && mark.kind.quotes()
        && context.paragraph.lines.iter().any(|line| match mark.opens {
            true => line.start == mark.range.start,
            false => line.end == mark.range.end,
        })
}

/// True for a closing quotation mark with which a printed line begins.
fn heads_line(context: &Context<'_>, mark: &Lone) -> bool {
    let starts = |line: &Range<usize>| line.start == mark.range.start;
    !mark.opens && mark.kind.quotes() && context.paragraph.lines.iter().any(starts)
}

/// What is known about a lone mark: its kind, or that its partner may stand in a sentence that
/// is not here.
fn grade(text: &str, mark: &Lone, best: Option<(Place, f64)>) -> &'static str {
    let says = |part: &str| part.contains(char::is_alphanumeric);
    let at_edge = if mark.opens {
        !says(&text[mark.range.end..])
    } else {
        !says(&text[..mark.range.start])
    };
    match mark.kind {
        _ if at_edge => "stray",
        _ if best.is_none() => "nowhere",
        _ if best.is_some_and(|best| is_speech(text, mark, best)) => "speech",
        kind if kind.quotes() => "quote",
        PairKind::Book | PairKind::InnerBook => "title",
        _ => "bracket",
    }
}

/// The paragraph is broken off, or a single sentence that may be part of a longer quotation: the
/// mark opens or closes a speech, or no place stands out.
fn is_speech(text: &str, mark: &Lone, (best, share): (Place, f64)) -> bool {
    let says = |part: &str| part.contains(char::is_alphanumeric);
    if !mark.kind.quotes() {
        return false;
    }
    if mark.opens && text.trim_end().ends_with(pauses) {
        return true;
    }
    let single = text.split(ends_sentence).filter(|part| says(part)).count() < 2;
    let to_the_edge = match mark.opens {
        true => !says(&text[best.at..]),
        false => {
            !says(&text[mark.range.end..])
                && text[..mark.range.start].ends_with(ends_sentence)
                && !text[..best.at].ends_with('：')
        }
    };
    // The papers that use 「 」 and 『 』 put whole speeches between them.
    let corners = matches!(mark.kind, PairKind::Corner | PairKind::WhiteCorner);
    single && (to_the_edge || corners || share < STANDS_OUT)
}

/// A straight quotation mark at `at` on the side away from the text between: it is the partner.
fn straight_quote(text: &str, mark: &Lone, at: usize) -> Option<Range<usize>> {
    let quote = matches!(mark.kind, PairKind::Quote);
    let range = if mark.opens { at..at + 1 } else { at.checked_sub(1)?..at };
    (quote && text.get(range.clone()) == Some("\"")).then_some(range)
}

/// The places with what the document says about them.
fn weighed_places(context: &Context<'_>, mark: &Lone) -> Vec<Place> {
    let text = context.text();
    let mut found = places(text, mark, context.lexicon.pair_places());
    for place in &mut found {
        if within_a_word(context.tokens, text, place.at) {
            place.score += WITHIN_A_WORD;
        }
        let inside = match mark.opens {
            true => mark.range.end..place.at,
            false => place.at..mark.range.start,
        };
        if quoted_elsewhere(context.facts, mark.kind, &text[inside]) {
            place.score += QUOTED_ELSEWHERE;
        }
        if straight_quote(text, mark, place.at).is_some() {
            place.score += QUOTED_ELSEWHERE;
        }
    }
    found
}

fn quoted_elsewhere(facts: &Facts, kind: PairKind, inside: &str) -> bool {
    // Longer quotations do not come twice; the limit keeps the search short.
    if inside.chars().count() > 20 {
        return false;
    }
    let quoted = format!("{}{inside}{}", kind.opening(), kind.closing());
    facts.paragraphs.iter().any(|paragraph| paragraph.text.contains(&quoted))
}

/// Each place with its share of the odds.
fn shares(places: &[Place]) -> Vec<(Place, f64)> {
    let top = places.iter().map(|place| place.score).fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = places.iter().map(|place| (place.score - top).exp()).sum();
    places.iter().map(|place| (*place, (place.score - top).exp() / sum)).collect()
}

fn first_to_last(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}
