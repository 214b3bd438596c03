//! C108: a traditional, variant or Japanese form in a simplified text.

use std::ops::Range;

use super::enclosure::in_short_quotation;
use super::{Detector, Hit, Manual, Rule};
use crate::analyze::Facts;
use crate::finding::{Level, Message};
use crate::lexicon::{Lexicon, Traditional, TraditionalUse};
use crate::script::Forms;

/// C108.
pub(super) static RULE: Rule = Rule {
    id: "C108",
    name: Manual { zh: "繁体异体字", en: "Traditional form" },
    summary: Manual {
        zh: "简体文本里夹杂的繁体字、异体字、日本新字体。",
        en: "Traditional, variant or Japanese forms strayed into a simplified text.",
    },
    why: Manual {
        zh: "先看全篇：以繁体为主的文本不提。简体文本里零星的繁体字多半是识别错误。人名、题名、\
             短引文和成段的引用可能有意保留，只作提示；一个繁体字对应几个简体字的，列出各种可能。",
        en: "The document as a whole decides: a traditional one is left alone. In a simplified \
             text a single traditional form is most likely misread. Names, titles, short \
             quotations and whole passages may keep theirs on purpose and are only hinted at; \
             where one form has several simplified ones, all are offered.",
    },
    standard: Some("《通用规范汉字表》"),
    examples: &[
        ("他说，这是中國经济发展的机会。", "他说，这是中国经济发展的机会。"),
        ("各级政府对学校的经费投入還要增加。", "各级政府对学校的经费投入还要增加。"),
        ("我们来到车間，看见工人正在开机器。", "我们来到车间，看见工人正在开机器。"),
        ("这些问题说明，実现目标还有困难。", "这些问题说明，实现目标还有困难。"),
    ],
    silent_on: &[
        "中國經濟發展的機會來了，這是對我們的考驗，國家將會增加經費。",
        "这里说的是对联“會稽郡壁”四字。",
        "《乾隆大藏经》展出，记者金堃、李喆报道，瞭望塔下著名学者来了。",
        "我们国家的经济发展了。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_| Box::new(TraditionalForms)),
};

struct TraditionalForms;

impl Detector for TraditionalForms {
    fn check_document(&self, facts: &Facts, lexicon: &Lexicon, hits: &mut Vec<(usize, Hit)>) {
        let texts = || facts.paragraphs.iter().map(|paragraph| paragraph.text.as_str());
        if !texts().any(|text| text.chars().any(|c| lexicon.traditional(c).is_some())) {
            return;
        }
        let counts = texts().map(|text| Forms::count(text, lexicon));
        let all = counts.fold(Forms::default(), |sum, forms| sum.plus(forms));
        if !all.is_simplified() {
            return;
        }
        for (index, paragraph) in facts.paragraphs.iter().enumerate() {
            let text = paragraph.text.as_str();
            let names = &facts.names[index];
            for (at, character) in text.char_indices() {
                let Some(form) = lexicon.traditional(character) else { continue };
                let range = at..at + character.len_utf8();
                let grade = grade(text, &range, form, names, lexicon);
                hits.push((index, hit(range, character, form, grade)));
            }
        }
    }
}

fn grade(
    text: &str,
    range: &Range<usize>,
    form: &Traditional,
    names: &[Range<usize>],
    lexicon: &Lexicon,
) -> &'static str {
    let in_name = names.iter().any(|name| name.start <= range.start && range.end <= name.end);
    if form.usage == TraditionalUse::Name || in_name {
        return "name";
    }
    if in_short_quotation(text, range) {
        return "quoted";
    }
    if Forms::count(clause(text, range), lexicon).traditional > 1 {
        return "passage";
    }
    if form.simplified.len() > 1 { "choice" } else { "stray" }
}

/// The text around `range` up to the next marks.
fn clause<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    let is_mark = |c: char| "，。；：！？“”‘’《》（）、".contains(c);
    let start = text[..range.start].rfind(is_mark).map_or(0, |at| at);
    let end = text[range.end..].find(is_mark).map_or(text.len(), |at| range.end + at);
    &text[start..end]
}

fn hit(range: Range<usize>, character: char, form: &Traditional, grade: &'static str) -> Hit {
    let forms = form.simplified.join("”或“");
    let message = Message::new(
        format!("“{character}”不是通用规范字，应为“{forms}”"),
        format!("{character} is no standard form; {} is", form.simplified.join(" or ")),
    );
    let hit = Hit::new(range.clone(), grade, message);
    form.simplified.iter().fold(hit, |hit, right| hit.fix(range.clone(), right.as_str(), 1.0))
}
