//! C104: a character has been lost.

use std::ops::Range;

use super::doubt::{
    all_han, Changed, Doubt, PARTICLES, is_short_name, length, may_be_meant,
};
use super::{Context, Detector, Fix, Hit, Manual, Rule};
use crate::analyze::{LONGEST_COUNTED, Token};
use crate::correct::{Reading, SuspectKind};
use crate::finding::{Level, Message};
use crate::han::{is_han, is_han_numeral};
use crate::marks::{char_after, char_before, is_sign};
use crate::model::Trial;

/// C104.
pub(super) static RULE: Rule = Rule {
    id: "C104",
    name: Manual { zh: "脱字", en: "Missing character" },
    summary: Manual {
        zh: "词里漏了一个字，剩下的字不成词。",
        en: "A word has lost a character and what is left is no word.",
    },
    why: Manual {
        zh: "落单的字添上一个字就成词、整句通顺得多，而这个词本文别处用过，就是脱字；\
             有几种补法时一并列出，可信的在前。本文没有旁证的，要通顺得多得多才提出。",
        en: "With one character put in, the stray character becomes a word that this document uses \
             elsewhere, and the sentence reads far more like news. If several characters fit, all \
             are offered, best first. Without the document as a witness the gain must be far \
             larger still.",
    },
    standard: None,
    examples: &[
        (
            "发展普惠养老和医养结合服务。到明年底，基本建成覆盖城乡的养结合服务网络。",
            "发展普惠养老和医养结合服务。到明年底，基本建成覆盖城乡的医养结合服务网络。",
        ),
        (
            "乡村振兴战略深入实施。当地把特色产业作为村振兴的根本之策。",
            "乡村振兴战略深入实施。当地把特色产业作为乡村振兴的根本之策。",
        ),
        (
            "全市发展人工智能产业。去年，人智能企业新增两百家。",
            "全市发展人工智能产业。去年，人工智能企业新增两百家。",
        ),
        (
            "要持续优化营商环境。企业家说，这里的营环境越来越好。",
            "要持续优化营商环境。企业家说，这里的营商环境越来越好。",
        ),
        ("习近平总记发表重要讲话。", "习近平总书记发表重要讲话。"),
    ],
    silent_on: &[
        "发展普惠养老和医养结合服务，健全养老服务体系。",
        "美国总统发表讲话。美媒体报道称，美总统将于下周出访。",
        "该片总票房破5亿，观众超千万。",
        "党中央作出部署，党中央作了研究。",
        "人民群众对美好生活的向往，对美好生活新期待。",
        "相距约400米处也有发现，至今保存完好。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_| Box::new(Missing)),
};

struct Missing;

/// A character that may have been lost.
struct Restoration {
    /// Where it is put in, in bytes of the text.
    at: usize,
    character: char,
    /// How much more probable it makes the paragraph, in nats.
    gain: f32,
    /// Characters of the longest string with it that the document has elsewhere, 0 for none.
    seen: usize,
    /// Of the other places where the document has the stray character, the share in which this
    /// one stands beside it.
    share: f32,
}

impl Restoration {
    /// Orders restorations: a character of evidence in the document is worth three nats.
    fn weight(&self) -> f32 {
        self.gain + 3.0 * self.seen as f32
    }
}

/// A stray character and what may be put in beside it, best first.
struct Break {
    stray: Range<usize>,
    restorations: Vec<Restoration>,
}

impl Detector for Missing {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let Some(doubt) = Doubt::of(context) else { return };
        let breaks = stray_characters(context)
            .filter(|stray| !doubt.spares(context.text(), stray))
            .filter(|stray| !is_explained_otherwise(context, stray))
            .map(|stray| mend(context, stray))
            .filter(|found| found.restorations.first().is_some_and(|r| !is_misread(context, r)))
            .collect();
        let hits_found = best_of_neighbours(breaks).into_iter().map(|found| hit(context, found));
        hits.extend(hits_found.filter(|hit| hit.grade != "no gain"));
    }
}

/// Chinese characters left alone by the segmenter that are no words by themselves.
fn stray_characters<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Range<usize>> + 'a {
    let text = context.text();
    context.tokens.iter().map(|token| token.range.clone()).filter(move |range| {
        let mut characters = text[range.clone()].chars();
        let stray = |c: char| {
            is_han(c)
                && !is_han_numeral(c)
                && !is_short_name(c)
                && !PARTICLES.contains(c)
        };
        characters.next().is_some_and(stray) && characters.next().is_none()
    })
}

/// Characters that are often words by themselves: 票房破亿, 超千万, 作了部署.
const WORDS: &str = "破超达作没庆优至许些约是说看做使让令叫给比向往朝与同跟若如则因虽即便又再还只仅很太更最越较极挺颇\
    大小多少高低长短新旧老早晚快慢远近前后左右年月日时分秒号点个位名人家户条件项次场种类批片块张座台辆架艘头枝支股份套部本篇首幅层级度倍元角米吨斤克亩顷\
    去来走跑吃喝买卖打写读听问答想爱怕忙抓建办干管守护送接领带站住坐开关放收拿找用靠凭按据经随沿除被将着";

/// Stray characters that another slip explains: one of two in the wrong order (C105), or one
/// that stands twice (C103).
fn is_explained_otherwise(context: &Context<'_>, stray: &Range<usize>) -> bool {
    let text = context.text();
    let own = text[stray.clone()].chars().next();
    let before = text[..stray.start].chars().next_back().filter(|c| is_han(*c));
    let behind = text[stray.end..].chars().next().filter(|c| is_han(*c));
    if before == own || behind == own {
        return true;
    }
    let start = stray.start - before.map_or(0, char::len_utf8);
    let end = stray.end + behind.map_or(0, char::len_utf8);
    let model = context.lexicon.language_model();
    let surprises = context.facts.news_surprises(context.index);
    [start..stray.end, stray.start..end].into_iter().any(|pair| {
        let swapped: String = text[pair.clone()].chars().rev().collect();
        let window = || surprises.window(model, text, pair.clone());
        pair.len() > stray.len() && window().gain(&swapped, SWAP_GAIN).is_some()
    })
}

/// True where the character is not lost but misread, beside the gap: of 真布罗陀 the first for 直.
fn is_misread(context: &Context<'_>, restoration: &Restoration) -> bool {
    let Restoration { at, character, gain, .. } = *restoration;
    context.suspects.iter().any(|suspect| {
        let touches = suspect.range.start == at || suspect.range.end == at;
        let explains = |reading: &Reading| reading.new.contains(character) && reading.gain >= gain;
        touches && suspect.kind == SuspectKind::Character && suspect.readings.iter().any(explains)
    })
}

/// The gain from which C105 looks at a pair.
const SWAP_GAIN: f32 = 6.0;

/// How little probable the two characters behind a gap must be for a lost character to be looked
/// for: with a witness in the document, and without.
const SURPRISE: f32 = -8.0;
const GREAT_SURPRISE: f32 = -11.0;

/// Gains below which a restoration is not even a hint: with all other places of the document for
/// it (a term of the house, 托幼, need not be known to the model), with a witness, and without.
const LEAST_SOLE_GAIN: f32 = -6.0;
const LEAST_GAIN: f32 = 3.0;
const LEAST_OPEN_GAIN: f32 = 8.0;

/// Restorations offered at most.
const CHOICES: usize = 3;

/// Characters tried in a gap without a witness: those the model has seen most often between
/// the gap's neighbours.
const TRIED: usize = 100;

/// What may be put in before or behind a stray character.
fn mend(context: &Context<'_>, stray: Range<usize>) -> Break {
        let (text, lexicon) = (context.text(), context.lexicon);
        let surprises = context.facts.news_surprises(context.index);
        let mut restorations = Vec::new();
        let Some(own) = text[stray.clone()].chars().next() else {
            return Break { stray, restorations };
        };
        for (at, seen) in
            [(stray.start, context.facts.before(own)), (stray.end, context.facts.behind(own))]
        {
            let next = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
            let surprise = surprises.at(at) + surprises.at(next);
            if surprise <= SURPRISE {
                let characters = seen.iter().copied().filter(|c| is_han(*c)).collect();
                let alone = is_bound(context, own) && is_between_words(context, &stray);
                let least = if alone { LEAST_SOLE_GAIN } else { LEAST_GAIN };
                try_at(context, &stray, at, characters, least, &mut restorations);
            }
            if surprise <= GREAT_SURPRISE {
                let (before, behind) = (char_before(text, at), char_after(text, at));
                let gap = lexicon.neighbours().gap(lexicon.mixed_model(), before, behind);
                let between = gap.likeliest(TRIED);
                let characters = between.into_iter().filter(|c| !seen.contains(c)).collect();
                try_at(context, &stray, at, characters, LEAST_OPEN_GAIN, &mut restorations);
            }
        }
        restorations.retain(|r| !stands_beyond_marks(text, r));
        restorations.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
        restorations.truncate(CHOICES);
        Break { stray, restorations }
}

/// 气，候: the character is not lost, a mark was put before it.
fn stands_beyond_marks(text: &str, restoration: &Restoration) -> bool {
    let (before, behind) = text.split_at(restoration.at);
    let own = |side: &str, next: Option<char>| next == Some(restoration.character) && !side.is_empty();
    let ahead = behind.trim_start_matches(is_sign);
    let back = before.trim_end_matches(is_sign);
    let (over, under) = (&behind[..behind.len() - ahead.len()], &before[back.len()..]);
    own(over, ahead.chars().next()) || own(under, back.chars().next_back())
}

/// Tries characters at `at`, before or behind a stray character.
fn try_at(
    context: &Context<'_>,
    stray: &Range<usize>,
    at: usize,
    characters: Vec<char>,
    least: f32,
    found: &mut Vec<Restoration>,
) {
    let text = context.text();
    let surprises = context.facts.news_surprises(context.index);
    let window = surprises.window(context.lexicon.language_model(), text, at..at);
    let others = context.facts.count(&text[stray.clone()]).saturating_sub(1).max(1);
    let tried: Vec<Trial<1>> =
        characters.into_iter().map(|c| Trial { new: [c], least }).collect();
    for ([character], gain) in window.gains(&tried) {
        let mut buffer = [0; 4];
        let new = character.encode_utf8(&mut buffer);
        let own = &text[stray.clone()];
        let pair = if at == stray.start { format!("{new}{own}") } else { format!("{own}{new}") };
        let share = context.facts.count(&pair) as f32 / others as f32;
        let seen = if share > 0.0 { longest_seen(context, at, character) } else { 0 };
        found.push(Restoration { at, character, gain, seen, share });
    }
}

/// The length of the longest string that holds `character`, put in at `at`, and that the document
/// has elsewhere.
fn longest_seen(context: &Context<'_>, at: usize, character: char) -> usize {
    let text = context.text();
    let reach = LONGEST_COUNTED - 1;
    let mut around: Vec<char> = text[..at].chars().rev().take(reach).collect();
    around.reverse();
    let place = around.len();
    around.push(character);
    around.extend(text[at..].chars().take(reach));
    let strings = (0..=place).flat_map(|start| {
        let ends = place + 1..=around.len().min(start + LONGEST_COUNTED);
        ends.map(move |end| start..end)
    });
    strings
        .filter(|range| range.len() > 1 && around[range.clone()].iter().all(|c| is_han(*c)))
        .filter(|range| {
            let string: String = around[range.clone()].iter().collect();
            context.facts.count(&string) > 0
        })
        .map(|range| range.len())
        .max()
        .unwrap_or(0)
}

/// Breaks nearer than this in bytes, two Chinese characters, are one: only the best is kept.
const NEAR: usize = 6;

fn best_of_neighbours(mut breaks: Vec<Break>) -> Vec<Break> {
    breaks.sort_by(|a, b| b.restorations[0].weight().total_cmp(&a.restorations[0].weight()));
    let mut kept: Vec<Break> = Vec::new();
    for found in breaks {
        let apart = |other: &Break| {
            other.stray.end + NEAR < found.stray.start || found.stray.end + NEAR < other.stray.start
        };
        if kept.iter().all(apart) {
            kept.push(found);
        }
    }
    kept
}

/// What the best restoration rests on.
fn grade(context: &Context<'_>, stray: &Range<usize>, best: &Restoration) -> &'static str {
    let text = context.text();
    let new = best.character.to_string();
    let changed = Changed::new(text, &(best.at..best.at), &new, context.lexicon);
    let word = WORDS.contains(&text[stray.clone()]);
    let witnessed = match best.seen {
        0 | 1 => false,
        2 => !word && best.share >= 0.3 && best.gain >= 11.0,
        3.. if word => best.seen > 3 && best.share >= 0.5 && best.gain >= 6.0,
        3 => best.share >= 0.9 && best.gain >= 4.4 || best.gain >= 8.0,
        _ => best.gain >= if best.share >= 0.9 { 4.4 } else { 5.5 },
    };
    match () {
        () if may_be_meant(text, stray) => "quoted",
        () if best.gain < LEAST_GAIN && !(best.share >= 1.0 && is_word(context, stray, best)) => {
            "no gain"
        }
        () if best.gain < LEAST_GAIN => "sole witness",
        () if length(changed.word()) == 1 && best.seen <= 3 => "no word",
        () if witnessed => "document",
        () if best.seen > 1 && best.gain < CLEAR_GAIN => "document weak",
        () if word => "word",
        () if best.gain >= CLEAR_GAIN => "model",
        () if best.gain >= FAIR_GAIN => "model fair",
        () => "model weak",
    }
}

/// Gains that speak for themselves, and that hardly ever err (below, one restoration in seven does).
const CLEAR_GAIN: f32 = 11.0;
const FAIR_GAIN: f32 = 10.5;

/// True when the stray and the restored character are a word: 托幼.
fn is_word(context: &Context<'_>, stray: &Range<usize>, best: &Restoration) -> bool {
    let (own, new) = (&context.text()[stray.clone()], best.character);
    let pair = if best.at == stray.start { format!("{new}{own}") } else { format!("{own}{new}") };
    context.lexicon.jieba().has_word(&pair)
}

/// True for a character that is hardly ever a word by itself, as 幼 and 企 are not.
fn is_bound(context: &Context<'_>, character: char) -> bool {
    let mut buffer = [0; 4];
    context.lexicon.jieba().suggest_freq(character.encode_utf8(&mut buffer)) < RARELY_A_WORD
}

/// Counts of the segmenter's dictionary: 幼 856, 企 766, 检 651 against 院 6,957 and 派 21,853.
const RARELY_A_WORD: usize = 1000;

/// True for 健全|幼|服务: whole words on both sides, so that nothing but a lost character explains
/// why this one is alone. Of 船|企|国际 and 夜|滑|体验 the neighbour does.
fn is_between_words(context: &Context<'_>, stray: &Range<usize>) -> bool {
    let text = context.text();
    let index = context.tokens.partition_point(|token| token.range.end <= stray.start);
    let whole = |token: Option<&Token>| {
        token.map(|token| &text[token.range.clone()]).is_some_and(|w| all_han(w) && length(w) > 1)
    };
    whole(index.checked_sub(1).and_then(|before| context.tokens.get(before)))
        && whole(context.tokens.get(index + 1))
}

/// The word the restored character belongs to, for the message: 以色列, or at least 医养.
fn restored_word(context: &Context<'_>, stray: &Range<usize>, best: &Restoration) -> String {
    let (text, new) = (context.text(), best.character.to_string());
    let changed = Changed::new(text, &(best.at..best.at), &new, context.lexicon);
    match &text[stray.clone()] {
        _ if length(changed.word()) > 1 => changed.word().to_string(),
        own if best.at == stray.start => format!("{new}{own}"),
        own => format!("{own}{new}"),
    }
}

fn hit(context: &Context<'_>, found: Break) -> Hit {
    let Break { stray, restorations } = found;
    let best = &restorations[0];
    let new = restored_word(context, &stray, best);
    let (zh, en) = match best.seen {
        0 => ("", ""),
        _ => ("，本文别处有此写法", ", as written elsewhere in this document"),
    };
    let message = Message::new(
        format!("疑脱“{}”字，应为“{new}”{zh}", best.character),
        format!("“{}” is probably missing: “{new}”{en}", best.character),
    );
    let mut hit = Hit::new(stray.clone(), grade(context, &stray, best), message);
    let strongest = best.weight();
    hit.fixes = restorations
        .iter()
        .map(|restoration| Fix {
            replacements: vec![(restoration.at..restoration.at, restoration.character.to_string())],
            weight: f64::from((restoration.weight() - strongest).exp()),
        })
        .collect();
    hit
}
