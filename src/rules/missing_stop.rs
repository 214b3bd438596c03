//! P107: a paragraph that ends without a final mark.

use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::han::is_han;
use crate::lexicon::Lexicon;
use crate::marks::{closed_by, ends_sentence, pauses};
use crate::repair::Paragraph;
use crate::segment::BlockKind;

pub(super) static RULE: Rule = Rule {
    id: "P107",
    name: Manual { zh: "段末缺标点", en: "missing final mark" },
    summary: Manual {
        zh: "正文段落的末尾没有句号、问号或叹号。",
        en: "A paragraph of running text ends without a stop, question or exclamation mark.",
    },
    why: Manual {
        zh: "段落是完整的句子，末尾应有标点；识别软件常丢行末的句号。标题、署名、图片说明、条目、诗行\
             和转版处不查。上下各段都有句末标点时更可信；一句独立成文的，只作最弱的提示。",
        en: "A paragraph is made of whole sentences and ends in a mark; OCR often loses the stop at a \
             line's end. Headlines, bylines, captions, list items, verse and jumps are left alone. \
             Where the other paragraphs end in marks the finding is surer; of a sentence that stands \
             alone it is hardly believed.",
    },
    standard: Some("GB/T 15834—2011 4.1.1"),
    examples: &[
        (
            "今年以来，全市粮食播种面积稳中有增。专家认为，这为全年丰收打下了基础",
            "今年以来，全市粮食播种面积稳中有增。专家认为，这为全年丰收打下了基础。",
        ),
        (
            "记者在现场看到，工人们正在加紧施工，整个工程预计下个月就可以全部完工",
            "记者在现场看到，工人们正在加紧施工，整个工程预计下个月就可以全部完工。",
        ),
    ],
    silent_on: &[
        "我市粮食生产喜获丰收",
        "今年以来，全市粮食播种面积稳中有增。",
        "记者 王小明 李小红",
        "会议要求做好以下几项工作，确保全年目标如期实现：",
        "他在信的末尾写道：“祝你们一切都好，盼早日团聚……”",
    ],
    // On the dev pages only half of the open ends lack a mark; the others go on behind a column
    // break or photo that repair did not bridge.
    statistical: false,
    level: Level::Hint,
    build: Some(|_: &Lexicon| Box::new(MissingStop)),
};

/// Chinese characters a paragraph must have to be taken for sentences. With 30 no line of the
/// two clean dev texts is taken for an open sentence.
const SHORTEST: usize = 30;

/// Paragraphs of running text that must stand beside it, all but one in ten with a final mark.
/// Set by hand: a column of a page has about five.
const NEIGHBOURS: usize = 5;

struct MissingStop;

impl Detector for MissingStop {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        if !is_open_sentence(context.paragraph) {
            return;
        }
        let end = context.text().trim_end().len();
        let last = context.text()[..end].char_indices().next_back().map_or(end, |(at, _)| at);
        let grade = match habit(context) {
            Habit::Ended => "among_ended",
            Habit::Mixed => "alone",
            Habit::Unknown => "sole",
        };
        let message = Message::new(
            "段落末尾缺少句末标点",
            "The paragraph ends without a final mark",
        );
        hits.push(Hit::new(last..end, grade, message).fix(end..end, "。", 1.0));
    }
}

/// Running text, long enough, with clauses, that stops after a Chinese character.
fn is_open_sentence(paragraph: &Paragraph) -> bool {
    let text = paragraph.text.trim_end();
    running(paragraph)
        && !paragraph.ends_cut
        && text.chars().next_back().is_some_and(is_han)
        && text.chars().filter(|c| is_han(*c)).count() >= SHORTEST
        && text.chars().any(|c| c == '，' || c == '。' || c == ',')
        && !ends_like_a_credit(text)
}

fn running(paragraph: &Paragraph) -> bool {
    matches!(paragraph.kind, BlockKind::Body | BlockKind::Lead)
}

/// 记者王明摄, 新华社发, 本报记者 王明: what closes a caption or a report.
fn ends_like_a_credit(text: &str) -> bool {
    let tail = text.rsplit(['。', '！', '？', ' ', '\u{3000}']).next().unwrap_or(text);
    let credits = ["摄", "供图", "图", "文", "发", "报道"];
    let names = ["记者", "通讯员", "本报", "新华社"];
    credits.iter().any(|credit| text.ends_with(credit))
        || (tail.len() < text.len() && names.iter().any(|name| tail.starts_with(name)))
}

/// How the other paragraphs of running text of a document end.
enum Habit {
    /// There are many, nearly all with a final mark.
    Ended,
    /// There are few, or many end without.
    Mixed,
    /// There are none: a sentence on its own, as of a list or a table, may do without a mark.
    Unknown,
}

fn habit(context: &Context<'_>) -> Habit {
    let others = context.facts.paragraphs.iter().enumerate().filter(|(index, paragraph)| {
        *index != context.index
            && running(paragraph)
            && paragraph.text.chars().filter(|c| is_han(*c)).count() >= SHORTEST
    });
    let (mut ended, mut all) = (0, 0);
    for (_, paragraph) in others {
        all += 1;
        ended += usize::from(
            paragraph.text.trim_end().chars().next_back().is_some_and(|c| {
                ends_sentence(c) || pauses(c) || closed_by(c).is_some()
            }),
        );
    }
    match all {
        0 => Habit::Unknown,
        NEIGHBOURS.. if ended * 10 >= all * 9 => Habit::Ended,
        _ => Habit::Mixed,
    }
}
