//! C109: letters, digits and signs read for one another.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::partner::match_partners;
use super::sign_context::{fits, spells_foreign_name};
use super::{Context, Detector, Hit, Manual, Rule};
use crate::analyze::Facts;
use crate::finding::{Level, Message};
use crate::han::is_han;
use crate::lexicon::{Lexicon, Lookalike};

/// C109.
pub(super) static RULE: Rule = Rule {
    id: "C109",
    name: Manual { zh: "形近符号", en: "Look-alike sign" },
    summary: Manual {
        zh: "字母、数字、符号互相误认：1O0、二O二六年、一一（——）、丶（、）、国本报记者（■本报记者）。",
        en: "Letters, digits and signs read for one another: 1O0, 二O二六年, 一一 for ——, 丶 for 、.",
    },
    why: Manual {
        zh: "同形的字母、数字、符号，要看前后文才分得清。词表写明每个误认形式出现在什么位置：\
             数字之间、年份里、两词之间、署名行首、句末；不在那个位置就不提。一一列举、唯一一次、\
             一一九、H2O、4S店、外国人名里的间隔号都不算。",
        en: "Only the context tells signs of one shape apart. A table says where each misreading \
             occurs: in figures, in years, between words, at the head of a byline, at the end of \
             a sentence. 一一列举, 唯一一次, H2O, 4S店 and the · of foreign names are left alone.",
    },
    standard: None,
    examples: &[
        ("全长1O0米，投资2O26万元。", "全长100米，投资2026万元。"),
        ("二O二六年春，二〇二五年冬。", "二〇二六年春，二〇二五年冬。"),
        ("他捐出l5万元，用时3O天。", "他捐出15万元，用时30天。"),
        ("他提出一个目标一一“三年见成效”。", "他提出一个目标——“三年见成效”。"),
        ("在“花园之乡”一一云南采访。", "在“花园之乡”——云南采访。"),
        ("品种有苹果丶梨和桃。", "品种有苹果、梨和桃。"),
        ("国本报记者沈岚", "■本报记者沈岚"),
        ("性别：口男 口女", "性别：□男 □女"),
        ("工程将于2023一2035年实施。", "工程将于2023—2035年实施。"),
        ("这是大会第—次全体会议。", "这是大会第一次全体会议。"),
        ("大会于2026午5月8日闭幕。", "大会于2026年5月8日闭幕。"),
        ("各处工地今年都有新进展·", "各处工地今年都有新进展。"),
        ("本报讯《记者 马晓冬）日前，新港开航。", "本报讯（记者 马晓冬）日前，新港开航。"),
        ("新航站楼今天〈3月14日)启用。", "新航站楼今天（3月14日）启用。"),
        ("这座エ厂占地宽广。", "这座工厂占地宽广。"),
        ("（F转第3版）", "（下转第3版）"),
    ],
    silent_on: &[
        "他把问题一一列举出来，数据一一对应，领导同志同大家一一握手。",
        "这是全市唯一一座展馆，第一一直坚持。火警电话一一九。",
        "水的分子式是H2O，汽车开进4S店，5G个人用户增加，买了3D打印机。",
        "作家加夫列尔·加西亚·马尔克斯的书展，主题是“海河·乐动华章”。",
        "二〇二六年三月，全长100米，增长2.5%。",
        "国内记者到会，图书馆开放，口岸通关。",
        "面积120㎡，气温24℃，“3·15”晚会举行。",
        "（下转第3版）",
        "日本动画《エヴァ》上映。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_| Box::new(LookalikeSigns)),
};

struct LookalikeSigns;

/// A document with so many different · between words was read by an engine that takes stops for
/// dots; a brand or a title alone (一冷·天音) does not come near.
const DOTS: usize = 4;

impl Detector for LookalikeSigns {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        hits.extend(misread_signs(context).filter(|hit| hit.grade != "clause"));
        hits.extend(edge_specks(context));
    }

    fn check_document(&self, facts: &Facts, lexicon: &Lexicon, hits: &mut Vec<(usize, Hit)>) {
        let mut dots: Vec<(usize, Hit)> = Vec::new();
        let mut different: FxHashSet<&str> = FxHashSet::default();
        for (index, paragraph) in facts.paragraphs.iter().enumerate() {
            if !paragraph.text.contains('·') {
                continue;
            }
            let tokens = &facts.tokens[index];
            let context = Context { index, paragraph, tokens, suspects: &[], facts, lexicon };
            for hit in misread_signs(&context).filter(|hit| hit.grade == "clause") {
                different.insert(neighbours(&paragraph.text, &hit.range));
                dots.push((index, hit));
            }
        }
        let throughout = different.len() >= DOTS;
        hits.extend(dots.into_iter().map(|(index, mut hit)| {
            hit.grade = if throughout { "clauses" } else { "clause" };
            (index, hit)
        }));
    }
}

fn misread_signs<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Hit> + 'a {
    let signs = context.lexicon.lookalikes().find_in(context.text());
    signs.filter_map(|(range, readings)| misread(context, range, readings))
}

/// A sign with the character on either side.
fn neighbours<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    let before = text[..range.start].chars().next_back().map_or(0, char::len_utf8);
    let after = text[range.end..].chars().next().map_or(0, char::len_utf8);
    &text[range.start - before..range.end + after]
}

/// A hit when at least one reading of the sign fits where it stands.
fn misread(context: &Context<'_>, range: Range<usize>, readings: &[Lookalike]) -> Option<Hit> {
    let mut fitting: Vec<&Lookalike> =
        readings.iter().filter(|reading| fits(context, &range, &reading.context)).collect();
    let first = *fitting.first()?;
    fitting.retain(|reading| reading.context == first.context || reading.right != first.right);
    let sign = &context.text()[range.clone()];
    let grade = grade(sign, first);
    let rights: Vec<&str> = fitting.iter().map(|reading| reading.right.as_str()).collect();
    let message = Message::new(
        format!("“{sign}”疑为“{}”误认", rights.join("”或“")),
        format!("{sign} may be a misread {}", rights.join(" or ")),
    );
    let mut hit = Hit::new(range.clone(), grade, message);
    for right in rights {
        let weight = if grade == "clause" { stop_weight(right) } else { 1.0 };
        let right = if grade == "byline_start" { byline_mark(context, right) } else { right };
        hit = hit.fix(range.clone(), right, weight);
    }
    Some(match_partners(context, hit))
}

/// The evidence is the context, but some signs are doubtful where others are plain.
fn grade(sign: &str, reading: &Lookalike) -> &'static str {
    match (reading.context.as_str(), sign) {
        ("cn_year" | "cn_number", "○" | "◯" | "零") => "circle",
        ("cn_year", "人" | "入" | "大" | "口") => "cn_year han",
        ("sentence_end", "·") => "sentence_end",
        ("sentence_end", _) => "sentence_end sign",
        ("clause" | "clause_end" | "list", _) => "clause",
        ("any", _) => "any",
        ("digits", _) => "digits",
        ("cn_year" | "cn_number", _) => "cn_year",
        ("unit", _) => "unit",
        ("date", _) => "date",
        ("range", _) => "range",
        ("percent", _) => "percent",
        ("dash", _) => "dash",
        ("after_quote", _) => "after_quote",
        ("line_start", _) => "line_start",
        ("ordinal", _) => "ordinal",
        ("foreign_letter" | "between_han", _) => "foreign_letter",
        ("latin", _) => "latin",
        ("term", _) => "term",
        ("byline_start", _) => "byline_start",
        ("credit", _) => "credit",
        ("jump", _) => "jump",
        ("bracket", _) => "bracket",
        ("title_mark", _) => "title_mark",
        ("blank", _) => "blank",
        _ => "unknown",
    }
}

/// How often each mark was what stood where PP-OCR read · on the dev pages: of 208, 139 were full
/// stops.
fn stop_weight(mark: &str) -> f64 {
    match mark {
        "。" => 139.0,
        "，" => 35.0,
        "、" => 30.0,
        _ => 4.0,
    }
}

/// The mark the document's other bylines open with, else the one of the table.
fn byline_mark<'a>(context: &Context<'_>, right: &'a str) -> &'a str {
    let opens = |mark: char| context.facts.paragraphs.iter().any(|p| p.text.starts_with(mark));
    match (opens('■'), opens('□')) {
        (true, false) => "■",
        (false, true) => "□",
        _ => right,
    }
}

/// Signs that dust and column rules leave at the edge of a printed line.
const SPECKS: &str = "-_*^`|·.•";

/// Specks at the edges of printed lines: before a line break within the paragraph or at its end.
fn edge_specks(context: &Context<'_>) -> Vec<Hit> {
    let text = context.text();
    let mut hits = Vec::new();
    for range in &context.paragraph.lines {
        let (line, end) = (&text[range.clone()], range.end);
        let Some(speck) = line.chars().next_back().filter(|c| SPECKS.contains(*c)) else { continue };
        let at = end - speck.len_utf8();
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        let settled = before.is_some_and(|c| is_han(c) || "，。、；：！？”".contains(c));
        // At the end of the paragraph . and · rather stand for a full stop.
        let stop = after.is_none() && ".·•*".contains(speck) && before.is_some_and(is_han);
        let in_a_name = speck == '·' && spells_foreign_name(before, after);
        let lone = settled && !stop && !in_a_name;
        if line.chars().count() > 2 && lone && after.is_none_or(is_han) {
            let message =
                Message::new("行末污点，疑为多余符号", "a speck at the end of a printed line");
            hits.push(Hit::new(at..end, "speck", message).fix(at..end, "", 1.0));
        }
    }
    hits
}
