//! P102: half-width marks in Chinese text, full-width digits and letters.

use std::ops::Range;

use super::{Detector, Fix, Hit, Manual, Rule};
use crate::analyze::Facts;
use crate::config::Brackets;
use crate::finding::{Level, Message};
use crate::han::is_han;
use crate::lexicon::Lexicon;
use crate::marks::{Pair, PairKind, char_after, char_before, closed_by, opened_by, pair_up};

pub(super) static RULE: Rule = Rule {
    id: "P102",
    name: Manual { zh: "标点全角半角", en: "mark width" },
    summary: Manual {
        zh: "汉字之间用了半角的逗号、分号、冒号、问号、叹号、括号，或者数字、字母用了全角。",
        en: "A half-width comma, semicolon, colon, question or exclamation mark or bracket stands \
             among Chinese characters, or digits and letters are full-width.",
    },
    why: Manual {
        zh: "中文标点占一个字的位置。识别软件常把（）；：，写成半角：一篇里多处如此，是识别的毛病；\
             只有一处，可能是原文如此，只作提示，除非是逐行印出的版面，或者别处又用全角的断行版面。一对括号一半全角一半半角，一定有一个错。设置里定了括号宽度的，依设置。",
        en: "Chinese marks are as wide as a character. OCR often writes （）；：， half-width: where \
             that runs through a text it is the scanner's doing; a single one may be the author's and \
             is a hint, unless the text stands in printed lines, or is cut into lines and has the \
             mark full-width elsewhere. Of a bracket pair with one half-width mark, one is wrong for \
             certain. Where the house's brackets are set, that width is asked for.",
    },
    standard: Some("GB/T 15834—2011 5.1"),
    examples: &[
        ("会议(第三次全体会议）昨天召开。", "会议（第三次全体会议）昨天召开。"),
        ("会议(第三次全体会议)昨天召开。", "会议（第三次全体会议）昨天召开。"),
        ("他在家勤快肯干,大家都满意。", "他在家勤快肯干，大家都满意。"),
        ("你是怎么想的?大家都想知道。", "你是怎么想的？大家都想知道。"),
        ("他说:“今年是个好年景。”", "他说：“今年是个好年景。”"),
        ("同比增长5.2%,高于去年。", "同比增长5.2%，高于去年。"),
    ],
    silent_on: &[
        "比赛在19:30开始，门票1,200元。",
        "函数f(x)在这里取得最大值。",
        "请看网页http://www.example.cn/a?b=1。",
        "公司（Apple Inc.）昨天发布了新产品。",
        "他会唱Don't Cry, Baby这首歌。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_: &Lexicon| Box::new(Width)),
};

/// In so many paragraphs of a text half-width marks must stand before it is the scanner's doing;
/// for one full-width ：；？！（ there must be so many half-width ones, and for a half-width comma so
/// many full-width ones. Tesseract writes every one of the former half-width (316 of 316 on the dev
/// pages), and 74 of 3687 commas; the web news in `clean_newspaper` mixes both forms in every
/// document.
const PARAGRAPHS: usize = 2;
const HALF_FOR_ONE_FULL: usize = 5;
const FULL_COMMAS_FOR_ONE_HALF: usize = 4;

/// Characters of the longest line a newspaper prints: columns hold 10 to 30.
const PRINTED_LINE: usize = 40;

struct Width;

impl Detector for Width {
    fn check_document(&self, facts: &Facts, _lexicon: &Lexicon, hits: &mut Vec<(usize, Hit)>) {
        let mut found: Vec<(usize, Hit)> = Vec::new();
        for (index, paragraph) in facts.paragraphs.iter().enumerate() {
            let text = paragraph.text.as_str();
            if text.is_ascii() {
                continue;
            }
            let narrow = || half_width_brackets(text).into_iter().chain(lone_half_width_brackets(text));
            let brackets: Vec<Hit> = match facts.page.punctuation.brackets {
                None => narrow().collect(),
                Some(Brackets::Full) => narrow().map(of_house).collect(),
                Some(Brackets::Half) => full_width_brackets(text),
            };
            let marks = half_width_marks(text);
            found.extend(marks.into_iter().chain(brackets).map(|hit| (index, hit)));
        }
        let throughout = runs_through(facts, &found);
        let (in_lines, cut) = (is_set_in_lines(facts), is_cut(facts));
        for (_, hit) in found.iter_mut().filter(|(_, hit)| hit.grade == "single") {
            hit.grade = match () {
                () if throughout => "throughout",
                () if in_lines || cut && is_elsewhere_full(facts, hit) => "printed",
                () => "single",
            };
        }
        hits.extend(found);
        hits.extend(full_width_letters(facts));
    }
}

/// True when all but the commas are half-width throughout the text.
fn runs_through(facts: &Facts, found: &[(usize, Hit)]) -> bool {
    let mut paragraphs: Vec<usize> = found.iter().map(|(index, _)| *index).collect();
    paragraphs.dedup();
    let commas = found.iter().filter(|(_, hit)| hit.fixes[0].replacements[0].1 == "，").count();
    let others = found.len() - commas;
    let full: usize = ["：", "；", "？", "！", "（"].iter().map(|mark| facts.count(mark)).sum();
    paragraphs.len() >= PARAGRAPHS
        && others >= HALF_FOR_ONE_FULL * full
        && others > 0
        && facts.count("，") >= FULL_COMMAS_FOR_ONE_HALF * commas.max(1)
}

/// True for a text that was cut into lines: nobody has typed it.
fn is_cut(facts: &Facts) -> bool {
    in_several_lines(facts) >= PARAGRAPHS
}

/// True where of the paragraphs that are longer than a printed line most stand in several.
fn is_set_in_lines(facts: &Facts) -> bool {
    let in_one = facts.paragraphs.iter().filter(|paragraph| paragraph.lines.len() == 1);
    let long = in_one.filter(|paragraph| paragraph.text.chars().count() > PRINTED_LINE).count();
    is_cut(facts) && in_several_lines(facts) > long
}

fn in_several_lines(facts: &Facts) -> usize {
    facts.paragraphs.iter().filter(|paragraph| paragraph.lines.len() > 1).count()
}

/// True when the text has the marks of `hit` in full width elsewhere: a paper prints them in one.
fn is_elsewhere_full(facts: &Facts, hit: &Hit) -> bool {
    hit.fixes[0].replacements.iter().any(|(_, full)| facts.count(full) > 0)
}

/// Half-width , ; : ? ! with Chinese on both sides, between Chinese and a figure, or at the end of a
/// Chinese sentence.
fn half_width_marks(text: &str) -> Vec<Hit> {
    text.char_indices()
        .filter_map(|(at, c)| {
            let full = match c {
                ',' => '，',
                ';' => '；',
                ':' => '：',
                '?' => '？',
                '!' => '！',
                _ => return None,
            };
            let range = at..at + 1;
            let figure = char_before(text, at).is_some_and(is_han)
                && char_after(text, range.end).is_some_and(|c| c.is_ascii_digit());
            let fits = figure || chinese_before(text, at, c) && chinese_after(text, range.end);
            let message = Message::new(
                format!("中文里的“{c}”应用全角的“{full}”"),
                format!("In Chinese text {c} is written full-width: {full}"),
            );
            fits.then(|| Hit::new(range.clone(), "single", message).fix(range, full, 1.0))
        })
        .collect()
}

/// A Chinese character or closing mark; before a comma or semicolon a figure will do (5.2%,).
fn chinese_before(text: &str, at: usize, mark: char) -> bool {
    char_before(text, at).is_some_and(|c| {
        is_han(c)
            || (closed_by(c).is_some() && !c.is_ascii())
            || (matches!(mark, ',' | ';') && (c.is_ascii_digit() || c == '%'))
    })
}

/// A Chinese character, an opening mark or the end of the paragraph.
fn chinese_after(text: &str, at: usize) -> bool {
    let rest = text[at..].strip_prefix(' ').unwrap_or(&text[at..]);
    char_after(rest, 0).is_none_or(|c| {
        is_han(c)
            || (opened_by(c).is_some() && !c.is_ascii())
            || (closed_by(c).is_some() && !c.is_ascii())
    })
}

/// The house's style is set: few texts show a bracket itself.
const HOUSE_STYLE: f64 = 0.95;

fn of_house(hit: Hit) -> Hit {
    Hit { confidence: Some(HOUSE_STYLE), ..hit }
}

/// Pairs of brackets with a full-width mark, where the house prints half-width ones.
fn full_width_brackets(text: &str) -> Vec<Hit> {
    let pairs = pair_up(text).pairs.into_iter().filter(|pair| pair.kind == PairKind::Round);
    let wide = pairs.filter(|pair| {
        [&pair.open, &pair.close].iter().any(|mark| !text[Range::clone(mark)].is_ascii())
    });
    wide.map(|pair| {
        let message = Message::new("本社括号用半角", "The house prints half-width brackets");
        let replacements = [(&pair.open, "("), (&pair.close, ")")]
            .into_iter()
            .filter(|(mark, _)| !text[Range::clone(mark)].is_ascii())
            .map(|(mark, new)| (mark.clone(), new.to_string()))
            .collect();
        of_house(Hit::new(pair.whole(), "house brackets", message).fix_all(replacements, 1.0))
    })
    .collect()
}

/// Pairs of brackets with a half-width mark that stand beside Chinese or hold some.
fn half_width_brackets(text: &str) -> Vec<Hit> {
    let pairs = pair_up(text).pairs.into_iter().filter(|pair| pair.kind == PairKind::Round);
    pairs
        .filter_map(|pair| {
            let half = [&pair.open, &pair.close].map(|mark| text[mark.clone()].is_ascii());
            let grade = match half {
                [true, true] if belongs_to_chinese(text, &pair) => "single",
                // Editors of web pages set brackets off with spaces and care little for width.
                [true, false] | [false, true] if !set_off(text, &pair) => "mixed_pair",
                [true, false] | [false, true] => "single",
                _ => return None,
            };
            let message = match grade {
                "mixed_pair" => Message::new(
                    "一对括号一半全角、一半半角",
                    "One bracket of the pair is full-width, the other half-width",
                ),
                _ => Message::new(
                    "中文里的括号应用全角",
                    "In Chinese text brackets are written full-width",
                ),
            };
            let mut hit = Hit::new(pair.whole(), grade, message);
            let replacements = [(&pair.open, "（"), (&pair.close, "）")]
                .into_iter()
                .filter(|(mark, _)| text[Range::clone(mark)].is_ascii())
                .map(|(mark, new)| (mark.clone(), new.to_string()))
                .collect();
            hit.fixes.push(Fix { replacements, weight: 1.0 });
            Some(hit)
        })
        .collect()
}

/// Half-width round brackets between Chinese whose partners were lost or misread (《记者王芳)).
fn lone_half_width_brackets(text: &str) -> Vec<Hit> {
    let lone = pair_up(text).lone.into_iter().filter(|mark| mark.kind == PairKind::Round);
    lone.filter_map(|mark| {
        let half = text[mark.range.clone()].chars().next().filter(char::is_ascii)?;
        let full = if mark.opens { '（' } else { '）' };
        let (before, after) =
            (char_before(text, mark.range.start), char_after(text, mark.range.end));
        let [inside, outside] = if mark.opens { [after, before] } else { [before, after] };
        let fits = inside.is_some_and(is_han)
            && outside.is_none_or(|c| !c.is_ascii_alphabetic() && c != ' ');
        let message = Message::new(
            format!("中文里的“{half}”应用全角的“{full}”"),
            format!("In Chinese text {half} is written full-width: {full}"),
        );
        fits.then(|| Hit::new(mark.range.clone(), "single", message).fix(mark.range, full, 1.0))
    })
    .collect()
}

fn set_off(text: &str, pair: &Pair) -> bool {
    char_before(text, pair.open.start) == Some(' ')
        || char_after(text, pair.close.end) == Some(' ')
}

fn belongs_to_chinese(text: &str, pair: &Pair) -> bool {
    let inside = text[pair.inside()].chars().any(is_han);
    let beside = char_before(text, pair.open.start).is_some_and(is_han)
        && char_after(text, pair.close.end).is_none_or(|c| !c.is_ascii_alphanumeric());
    inside || beside
}

/// Full-width digits and letters, where the text otherwise writes them half-width.
fn full_width_letters(facts: &Facts) -> Vec<(usize, Hit)> {
    let is_wide = |c: char| matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '％' | '．');
    let mut narrow = 0;
    let mut found = Vec::new();
    for (index, paragraph) in facts.paragraphs.iter().enumerate() {
        let text = paragraph.text.as_str();
        narrow += text.chars().filter(char::is_ascii_alphanumeric).count();
        let mut at = 0;
        while let Some(start) = text[at..].find(is_wide).map(|found| at + found) {
            let end = text[start..].find(|c| !is_wide(c)).map_or(text.len(), |len| start + len);
            // A lone ． or ％ among half-width digits is an old habit of print.
            if text[start..end].contains(|c| is_wide(c) && !matches!(c, '％' | '．')) {
                found.push((index, start..end));
            }
            at = end;
        }
    }
    let wide: usize =
        found.iter().map(|(i, range)| facts.paragraphs[*i].text[range.clone()].chars().count()).sum();
    if wide >= narrow {
        return Vec::new();
    }
    found
        .into_iter()
        .map(|(index, range)| {
            let wide = &facts.paragraphs[index].text[range.clone()];
            let narrow: String = wide.chars().map(half_width).collect();
            let message = Message::new(
                "数字和字母的全角、半角与本文其他各处不一致",
                "Digits and letters are half-width elsewhere in this text",
            );
            (index, Hit::new(range.clone(), "wide_letters", message).fix(range, narrow, 1.0))
        })
        .collect()
}

/// The half-width form of a full-width ASCII sign.
fn half_width(c: char) -> char {
    u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::finding::Level;
    use crate::pipeline::Pipeline;
    use crate::source::Source;

    /// Half-width marks in two paragraphs, `wide` full-width commas beside a half-width one.
    fn levels(wide: usize) -> Vec<Level> {
        let pipeline = Pipeline::new(Config { select: vec!["P102".into()], ..Config::default() })
            .expect("the shipped dictionaries are right");
        let commas = "各地认真部署，".repeat(wide);
        let text = format!("　　会议(全体会议)昨天召开。\n　　{commas}抓好春耕,确保丰收。\n");
        let report = pipeline.check(&Source::new("page", text));
        report.suggestions.iter().map(|suggestion| suggestion.level).collect()
    }

    #[test]
    fn half_width_marks_throughout_are_the_scanners() {
        assert_eq!(levels(4), [Level::Review; 2]);
        assert_eq!(levels(3), [Level::Hint; 2]);
    }
}
