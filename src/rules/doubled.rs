//! C103: a character or a word that stands twice in a row.

use std::ops::Range;

use super::doubt::{
    Changed, Doubt, PARTICLES, all_han, is_short_name, length, may_be_meant, word_at,
};
use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::marks::{char_after, char_before};
use crate::han::is_han_numeral;
use crate::model::LanguageModel;

/// C103.
pub(super) static RULE: Rule = Rule {
    id: "C103",
    name: Manual { zh: "重字衍文", en: "Doubled text" },
    summary: Manual {
        zh: "一个字或一个词连写了两遍。",
        en: "A character or a word written twice in a row.",
    },
    why: Manual {
        zh: "删去一遍后，多出的单字归入词里，整句通顺得多，就是衍文。叠词（缓缓、一处处、高高兴兴）、\
             两个词首尾相接（商务局局长、学习学习再学习）、人名、诗句，以及文中出现两次以上的写法不算。",
        en: "Without one copy the stray character falls into a word and the sentence reads far \
             more like news. Reduplications, words that meet with the same character (局|局长), \
             names, verse, and forms used twice in the document are left alone.",
    },
    standard: None,
    examples: &[
        ("这种靠补贴过日子的做法难以以为继。", "这种靠补贴过日子的做法难以为继。"),
        ("以色色列和约旦两国外长昨天举行会晤。", "以色列和约旦两国外长昨天举行会晤。"),
        ("今年各项工作任务任务已经完成，生活不断改善。", "今年各项工作任务已经完成，生活不断改善。"),
        ("这批新型客车将在下周全部交付付。", "这批新型客车将在下周全部交付。"),
        ("火箭弹火箭弹击中了一座民房。", "火箭弹击中了一座民房。"),
        ("我我国粮食生产再获丰收。", "我国粮食生产再获丰收。"),
        ("受灾民众众已经得到妥善安置。", "受灾民众已经得到妥善安置。"),
    ],
    silent_on: &[
        "这条5公里里程碑式的道路昨天通车。",
        "编制好“十五五”规划，为商务局局长提供依据。",
        "一处处工地热火朝天，一台台电视机送进千家万户。",
        "强强联合，学习学习再学习，把政策讲得清清楚楚。",
        "宝宝缓缓睁开了眼睛，大家高高兴兴地唱起了歌。",
        "中央政治局进行第三次集体学习，集体学习学习贯彻党的精神。",
        "会谈于3日日本时间上午举行，ABB公司派人参加。",
        "他一粒一粒把石子捡平，一步一步向前走。",
        "行行重行行，与君生别离。",
        "大家一起研究研究、讨论讨论这个方案。",
        "纳纳姆表示，两国青年多多来往。",
    ],
    statistical: false,
    level: Level::Auto,
    build: Some(|_| Box::new(Doubled)),
};

struct Doubled;

/// Something that stands twice in a row, in bytes of the text.
struct Repeat {
    start: usize,
    /// Where the second copy starts.
    middle: usize,
    end: usize,
}

/// The longest repetition looked for, in characters.
const LONGEST: usize = 8;

impl Detector for Doubled {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let repeats = repeats(context.text());
        if repeats.is_empty() {
            return;
        }
        let Some(doubt) = Doubt::of(context) else { return };
        for repeat in repeats {
            if let Some(grade) = judge(context, &doubt, &repeat) {
                hits.push(hit(context, &repeat, grade));
            }
        }
    }
}

/// All repetitions of Chinese characters, none overlapping another. Of 任务任务 the whole is one.
fn repeats(text: &str) -> Vec<Repeat> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let place = |index: usize| characters.get(index).map_or(text.len(), |(at, _)| *at);
    let mut found = Vec::new();
    let mut index = 0;
    while index < characters.len() {
        let longest = LONGEST.min((characters.len() - index) / 2);
        let again = |length: &usize| characters[index].1 == characters[index + length].1;
        let length = (1..=longest).rev().filter(again).find(|length| {
            let pairs = (index..index + length).zip(index + length..);
            pairs.into_iter().all(|(a, b)| characters[a].1 == characters[b].1)
                && all_han(&text[place(index)..place(index + length)])
        });
        if let Some(length) = length {
            let [start, middle, end] = [0, 1, 2].map(|copies| place(index + copies * length));
            found.push(Repeat { start, middle, end });
            index += 2 * length;
        } else {
            index += 1;
        }
    }
    found
}

/// The grade of a repetition, `None` where it is right.
fn judge(context: &Context<'_>, doubt: &Doubt<'_>, repeat: &Repeat) -> Option<&'static str> {
    let text = context.text();
    let whole = repeat.start..repeat.end;
    let seen_again = length(&text[whole.clone()]) <= crate::analyze::LONGEST_COUNTED
        && context.facts.count(&text[whole.clone()]) > 1;
    if seen_again || is_reduplication(context, repeat) || doubt.spares(text, &whole) {
        return None;
    }
    let model = context.lexicon.language_model();
    let gain = model.gain(text, repeat.middle..repeat.end, "", LEAST_GAIN)?;
    let grade = match length(&text[repeat.start..repeat.middle]) {
        1 => judge_character(context, repeat, gain),
        _ => judge_word(context, repeat, gain),
    }?;
    Some(match may_be_meant(text, &whole) {
        true if gain >= CERTAIN_GAIN => "quoted clear",
        true => "quoted",
        false => grade,
    })
}

/// No doubled character of the planted errors gains less when one copy is taken out
/// (synthetic.dev, 666 errors: 2 below).
const LEAST_GAIN: f32 = 4.0;

/// Grades a doubled character by the words it stands in.
fn judge_character(context: &Context<'_>, repeat: &Repeat, gain: f32) -> Option<&'static str> {
    let text = context.text();
    let character = text[repeat.middle..repeat.end].chars().next()?;
    let first = length(&text[word_at(context, repeat.start).range.clone()]);
    let second = length(&text[word_at(context, repeat.middle).range.clone()]);
    let without = Changed::new(text, &(repeat.start..repeat.end), &text[repeat.middle..repeat.end], context.lexicon);
    let particle = PARTICLES.contains(character);
    let in_word = length(without.word()) > 1;
    Some(match (first, second) {
        // 难以|以为|继: the words on both sides were cut out of a longer one, 难以为继.
        (2.., 2..) if length(without.word()) >= IDIOM && gain >= CLEAR_GAIN => "idiom",
        // 股份|份额: one word ends as the next begins.
        (2.., 2..) if gain >= CERTAIN_GAIN => "seam clear",
        (2.., 2..) => "seam",
        (1, 1) if particle && gain >= PARTICLE_GAIN => "particle",
        // 饱和|和, 有|有效: a particle may stand beside a word with the same character.
        _ if particle => "beside",
        _ if !in_word => "alone",
        _ if gain >= CLEAR_GAIN && !joins_words(context, repeat) => "clear",
        _ if gain >= CHARACTER_GAIN => "character",
        _ => "weak",
    })
}

/// 税务|务实, 京沪|沪昆: a word on either side, each with its own copy, or short names of places.
fn joins_words(context: &Context<'_>, repeat: &Repeat) -> bool {
    let text = context.text();
    let before = char_before(text, repeat.start).map_or(0, char::len_utf8);
    let behind = char_after(text, repeat.end).map_or(0, char::len_utf8);
    let sides = [
        &text[repeat.start - before..repeat.middle],
        &text[repeat.middle..repeat.end + behind],
    ];
    let is_word = |word: &str| length(word) > 1 && context.lexicon.jieba().has_word(word);
    let are_names = |word: &str| length(word) > 1 && word.chars().all(is_short_name);
    sides.into_iter().all(is_word) || sides.into_iter().any(are_names)
}

/// From this length on a word found by taking one copy out is no accident (激光|光束 hides 激光束).
const IDIOM: usize = 4;

/// Measured on the clean texts: 和和, 在在 and 为为 below it are names and old verse.
const PARTICLE_GAIN: f32 = 7.0;
/// Measured on the even paragraphs of the clean texts.
const CHARACTER_GAIN: f32 = 8.0;
const CLEAR_GAIN: f32 = 9.0;
/// No right seam or quotation gains so much: on the clean texts the most is 9.5.
const CERTAIN_GAIN: f32 = 10.0;

/// Grades a doubled word by its edges.
fn judge_word(context: &Context<'_>, repeat: &Repeat, gain: f32) -> Option<&'static str> {
    let text = context.text();
    let first = &word_at(context, repeat.start).range;
    let second = &word_at(context, repeat.middle).range;
    let last = &word_at(context, repeat.end - 1).range;
    let aligned = first.start == repeat.start && second.start == repeat.middle && last.end == repeat.end;
    // 支队|支队长: the second copy belongs to a longer word.
    if !aligned {
        return Some("unaligned");
    }
    let single_words = first.end == repeat.middle && second.end == repeat.end;
    let long = length(&text[repeat.start..repeat.middle]) > 2;
    if !single_words && !long || gain < WORD_GAIN {
        return Some("loose");
    }
    // A verb is doubled to soften it, at the end of its clause: 大家一起动作动作。
    let clause_ends = !text[repeat.end..].chars().next().is_some_and(crate::han::is_han);
    Some(if clause_ends && !long { "closing word" } else { "word" })
}

const WORD_GAIN: f32 = 6.5;

/// True for forms the language doubles.
fn is_reduplication(context: &Context<'_>, repeat: &Repeat) -> bool {
    let text = context.text();
    let (copy, whole) = (&text[repeat.start..repeat.middle], &text[repeat.start..repeat.end]);
    let table = context.lexicon.reduplications();
    let word = &word_at(context, repeat.start).range;
    let one_word = word.start <= repeat.start && word.end >= repeat.end && context.lexicon.jieba().has_word(&text[word.clone()]);
    if one_word || table.is_word(whole) || REPEATABLE.contains(&copy) {
        return true;
    }
    let before = text[..repeat.start].chars().next_back();
    let after = text[repeat.end..].chars().next();
    // 一粒一粒, 三三两两; 一处处.
    let counted = |c: char| c == '一' || c == '每';
    if copy.chars().all(is_han_numeral) || copy.starts_with(counted) || before.is_some_and(counted) && length(copy) == 1 {
        return true;
    }
    length(copy) == 1 && (beside_another(text, repeat) || after == Some('地') || is_seam(context, before, whole, after))
}

/// Doubled to leave open what exactly (如何如何, 多少多少), to insist (千万千万), or first the
/// object and then the verb of what follows (集体学习|学习贯彻).
const REPEATABLE: &[&str] =
    &["如何", "多少", "什么", "怎样", "怎么", "哪里", "千万", "太多", "学习"];

/// 桩桩件件: doubled characters come in pairs.
fn beside_another(text: &str, repeat: &Repeat) -> bool {
    let doubled = |mut characters: Box<dyn Iterator<Item = char> + '_>| {
        let pair = (characters.next(), characters.next());
        pair.0.is_some_and(crate::han::is_han) && pair.0 == pair.1
    };
    doubled(Box::new(text[..repeat.start].chars().rev()))
        || doubled(Box::new(text[repeat.end..].chars()))
}

/// 纳税|税率: known to meet so.
fn is_seam(context: &Context<'_>, before: Option<char>, whole: &str, after: Option<char>) -> bool {
    let table = context.lexicon.reduplications();
    let with = |before: Option<char>, after: Option<char>| {
        let window: String = before.into_iter().chain(whole.chars()).chain(after).collect();
        table.is_seam(&window)
    };
    with(before, None) || with(None, after) || with(before, after)
}

fn hit(context: &Context<'_>, repeat: &Repeat, grade: &'static str) -> Hit {
    let copy = &context.text()[repeat.start..repeat.middle];
    let message = Message::new(
        format!("“{copy}”连写了两遍，疑衍其一"),
        format!("“{copy}” stands twice in a row; one copy is probably a slip"),
    );
    let place: Range<usize> = repeat.start..repeat.end;
    Hit::new(place, grade, message).fix(repeat.middle..repeat.end, "", 1.0)
}
