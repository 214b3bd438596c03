//! C107: characters whose code is not that of the character they seem to be.

use std::ops::Range;

use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::han::is_han;
use crate::lexicon::{CodePoint, CodePointClass};

/// C107.
pub(super) static RULE: Rule = Rule {
    id: "C107",
    name: Manual { zh: "错码字符", en: "Wrong code point" },
    summary: Manual {
        zh: "看上去对、编码不对的字符：部首区、兼容区、私用区的字，不可见字符，乱码符。",
        en: "Characters that look right and are coded wrong: radicals, compatibility and private \
             characters, invisible ones, replacement characters.",
    },
    why: Manual {
        zh: "从PDF或旧编码转来的文本里，⼀、⾦等部首区字符和一、金同形而不同码，检索和校对都会漏掉；\
             零宽空格之类看不见，却把词断开。对应的字由Unicode规定；私用区和乱码符原字不明，只作提示。\
             表情符号和外文里的连接符不动。",
        en: "Text taken from PDFs or old encodings holds radicals that look like 一 or 金 and are \
             not, so searching and proofreading miss them; zero-width characters cut words apart \
             unseen. Unicode itself says what stands for what; where the original is lost the \
             rule only asks. Joiners in emoji and in foreign scripts are left alone.",
    },
    standard: Some("GB 18030—2022"),
    examples: &[
        ("新华社北京⼀⽉⼆⽇电", "新华社北京一月二日电"),
        ("中国⼈⺠银⾏", "中国人民银行"),
        ("经济\u{200b}发展持续\u{feff}向好", "经济发展持续向好"),
        ("高质\u{ad}量发展", "高质量发展"),
        ("活动\u{f9dc}重举行。", "活动隆重举行。"),
        ("记者张\u{fffd}\u{fffd}报道", "记者张\u{fffd}\u{fffd}报道"),
        ("记者王\u{f8ff}报道", "记者王\u{f8ff}报道"),
    ],
    silent_on: &[
        "面积120㎡，气温24℃，见图①和第Ⅱ卷，约5㎏。",
        "一家人👨\u{200d}👩\u{200d}👧合影❤\u{fe0f}，按1\u{fe0f}\u{20e3}键。",
        "波斯语“می\u{200c}خواهم”意为“我要”。",
        "新华社北京一月二日电",
    ],
    statistical: false,
    level: Level::Auto,
    build: Some(|_| Box::new(WrongCodePoints)),
};

struct WrongCodePoints;

impl Detector for WrongCodePoints {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let text = context.text();
        // A line of nothing but such characters is not worth a word, and taking them all out would
        // leave its line ends to run together.
        let is_nothing = |c: char| context.lexicon.code_point(c).is_some_and(|p| p.right.is_empty());
        if text.chars().all(is_nothing) {
            return;
        }
        let mut at = 0;
        while at < text.len() {
            let Some((point, known)) = wrong_at(context, at) else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            };
            // Characters of the same kind that follow each other are one slip: ⼈⺠, a run of
            // lost characters, a string of joiners.
            let start = at;
            let mut right = String::new();
            while let Some((next, same)) = wrong_at(context, at) {
                if same.class != known.class || same.right.is_empty() != known.right.is_empty() {
                    break;
                }
                right.push_str(&same.right);
                at += next.len_utf8();
            }
            hits.push(hit(text, start..at, point, &known, right));
        }
    }
}

/// The wrong character at byte `at`, unless it is right where it stands.
fn wrong_at(context: &Context<'_>, at: usize) -> Option<(char, CodePoint)> {
    let text = context.text();
    let point = text[at..].chars().next()?;
    let known = match point {
        // Ideographic variation selectors: 240 of them, all alike.
        '\u{e0100}'..='\u{e01ef}' => {
            CodePoint { right: String::new(), class: CodePointClass::Invisible }
        }
        _ => match context.lexicon.code_point(point) {
            Some(known) => known.clone(),
            // What a private character shows, only the font of the original knew.
            None if is_private(point) => {
                CodePoint { right: String::new(), class: CodePointClass::Private }
            }
            None => return None,
        },
    };
    let before = text[..at].chars().next_back();
    let after = text[at + point.len_utf8()..].chars().next();
    (!belongs(text, point, before, after)).then_some((point, known))
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

/// True where an invisible character does its proper work.
fn belongs(text: &str, point: char, before: Option<char>, after: Option<char>) -> bool {
    let beside = |class: fn(char) -> bool| before.is_some_and(class) || after.is_some_and(class);
    match point {
        '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' => beside(is_pictograph) || beside(is_joining_letter),
        '\u{200c}' => beside(is_joining_letter),
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            text.chars().any(is_right_to_left)
        }
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => beside(is_hangul),
        '\u{ff61}'..='\u{ff65}' => beside(is_kana),
        _ => false,
    }
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{2bff}' | '\u{20e3}' | '©' | '®'
        | '\u{fe0f}' | '0'..='9' | '#' | '*' | '\u{3030}' | '\u{303d}' | '㊗' | '㊙')
}

/// A letter of a script whose letters join: Arabic, Mongolian and the scripts of India.
fn is_joining_letter(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{dff}' | '\u{1800}'..='\u{18af}' | '\u{fb50}'..='\u{fefc}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}')
}

fn hit(text: &str, range: Range<usize>, point: char, known: &CodePoint, right: String) -> Hit {
    let (zh, en) = class_name(known.class);
    let code = format!("U+{:04X}", u32::from(point));
    let asks = right.is_empty()
        && !matches!(known.class, CodePointClass::Invisible | CodePointClass::Other);
    if asks {
        let message = Message::new(
            format!("{zh}（{code}），原字不明，请核对原件"),
            format!("{en} ({code}): what it stood for is lost, see the original"),
        );
        return Hit::new(range, "lost", message);
    }
    let message = if right.is_empty() {
        Message::new(format!("{zh}（{code}），应删去"), format!("{en} ({code}) to be taken out"))
    } else {
        Message::new(
            format!("{zh}（{code}），应为“{right}”"),
            format!("{en} ({code}); it should be {right}"),
        )
    };
    let grade = grade(text, &range, point, known.class);
    Hit::new(range.clone(), grade, message).fix(range, right, 1.0)
}

fn grade(text: &str, range: &Range<usize>, point: char, class: CodePointClass) -> &'static str {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    match class {
        // “⺮”字头, ⼝部: the text speaks of the radical itself.
        CodePointClass::Radical
            if after.is_some_and(|c| "部旁字头底”’".contains(c))
                && before.is_none_or(|c| !is_han(c)) =>
        {
            "quoted radical"
        }
        CodePointClass::Radical => "radical",
        CodePointClass::Compatibility => "compatibility",
        CodePointClass::Private => "private",
        // A selector names one of several shapes of the character before, as families do.
        CodePointClass::Invisible
            if matches!(point, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') =>
        {
            "variation"
        }
        // Between Latin letters they mark where a word may be parted.
        CodePointClass::Invisible
            if [before, after].iter().flatten().all(char::is_ascii_alphabetic) =>
        {
            "in a foreign word"
        }
        CodePointClass::Invisible => "invisible",
        CodePointClass::Replacement => "lost",
        CodePointClass::HalfWidth | CodePointClass::Twin => "mark",
        CodePointClass::Other if range.len() == point.len_utf8() && point.is_control() => "control",
        CodePointClass::Other => "mark",
    }
}

fn class_name(class: CodePointClass) -> (&'static str, &'static str) {
    match class {
        CodePointClass::Radical => ("部首区字符", "a dictionary radical"),
        CodePointClass::Compatibility => ("兼容区汉字", "a compatibility ideograph"),
        CodePointClass::Private => ("私用区字符", "a private-use character"),
        CodePointClass::Invisible => ("不可见字符", "an invisible character"),
        CodePointClass::Replacement => ("乱码符", "a replacement character"),
        CodePointClass::HalfWidth => ("半角标点", "a half-width mark"),
        CodePointClass::Twin => ("形近符号", "a look-alike of a mark"),
        CodePointClass::Other => ("控制符或变形标点", "a control character or a presentation form"),
    }
}
