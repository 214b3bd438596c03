//! W103: a phrase that must stand exactly so, with one character missing, doubled, swapped or
//! replaced.

use std::ops::Range;

use regex::Regex;

use super::{Detector, Hit, Manual, Rule};
use crate::analyze::Facts;
use crate::config::Post;
use crate::finding::{Level, Message};
use crate::han::{is_han, is_han_numeral};
use crate::lexicon::{Date, FoundPart, Lexicon};

/// W103.
pub(super) static RULE: Rule = Rule {
    id: "W103",
    name: Manual { zh: "重要表述", en: "Protected phrase" },
    summary: Manual {
        zh: "与重要表述、机构名称只差一个字：漏字、重字、倒字、错字。",
        en: "One character away from a phrase or name that must stand exactly so.",
    },
    why: Manual {
        zh: "表中的表述和名称不容走样。与之只差一字，而那种写法既不是另一条表述，全篇也只出现一次的，\
             请核对。每条有起讫日期，只用见报时通行的条目：日期由设置给出，或取自报眉，或取文中第一个完整日期。\
             本社词表里有任职起讫的，姓名与当时任职者不符的也请核对。首尾一字之差\
             （生态环境部/生态环境厅）、数字之差（三中全会/四中全会）不算。",
        en: "The table holds phrases and names that must not be altered, each with the time it was \
             in use; the date of the page, given, in the running head or the first full one in the \
             text, decides which apply. Where the house's tables tell who held a post when, another \
             holder's name is a question too. A form one character away that \
             is no other phrase and occurs once should be checked. Differences in the first or \
             last character or in a numeral make another name and are left alone.",
    },
    standard: None,
    examples: &[
        ("2026年3月1日，推动构建人类命运同体。", "2026年3月1日，推动构建人类命运共同体。"),
        ("加快发展新质质生产力。", "加快发展新质生产力。"),
        ("深化供给侧结构改性革。", "深化供给侧结构性改革。"),
        ("国家金融监督官理总局发布公告。", "国家金融监督管理总局发布公告。"),
        ("推进粤港奥大湾区建设。", "推进粤港澳大湾区建设。"),
    ],
    silent_on: &[
        "推动构建人类命运共同体，加快发展新质生产力，深化供给侧结构性改革。",
        "省生态环境厅、市自然资源局、县农业农村局联合发布。",
        "二十届三中全会和二十届四中全会先后召开。",
        "1995年5月1日，国家旅游事业局发布消息。",
        "长江三角洲经济带和长江经济带。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_| {
        // A date as newspapers write it; the pattern is fixed and its test is the rule's examples.
        let date = Regex::new(r"(\d{4})年(\d{1,2})月(\d{1,2})日").expect("a fixed pattern");
        Box::new(ProtectedPhrases { date })
    }),
};

struct ProtectedPhrases {
    date: Regex,
}

/// Shorter phrases have too many neighbours.
const SHORTEST: usize = 5;

/// Characters that may be put into a phrase without making it wrong.
const FUNCTION_WORDS: &str = "的之和与及了、";

impl Detector for ProtectedPhrases {
    fn check_document(&self, facts: &Facts, lexicon: &Lexicon, hits: &mut Vec<(usize, Hit)>) {
        let date = self.date_of(facts);
        let house = facts.page.house.as_deref();
        for (index, paragraph) in facts.paragraphs.iter().enumerate() {
            if let (Some(house), Some(date)) = (house, date) {
                let text = paragraph.text.as_str();
                hits.extend(out_of_office(text, &house.posts, date).map(|hit| (index, hit)));
            }
            let of_house = house.into_iter().flat_map(|h| h.phrases.parts_in(&paragraph.text));
            let mut near: Vec<Near<'_>> = lexicon
                .protected_phrases()
                .parts_in(&paragraph.text)
                .chain(of_house)
                .filter(|part| date.is_none_or(|date| part.phrase.in_use(date)))
                .filter_map(|part| near_miss(&paragraph.text, &part))
                .filter(|near| !is_sound(near, &paragraph.text, facts, lexicon))
                .collect();
            near.sort_by_key(|near| (near.range.start, std::cmp::Reverse(near.range.end)));
            let mut end = 0;
            for near in near {
                if near.range.start >= end {
                    end = near.range.end;
                    hits.push((index, near.hit(facts, index)));
                }
            }
        }
    }
}

impl ProtectedPhrases {
    /// The date given for the page, else that of its running head, else its first full date.
    fn date_of(&self, facts: &Facts) -> Option<Date> {
        let heads = facts.paragraphs.iter().filter(|paragraph| paragraph.kind.is_furniture());
        let mut texts = heads.chain(&facts.paragraphs).map(|paragraph| paragraph.text.as_str());
        facts.page.date.or_else(|| texts.find_map(|text| self.date_in(text)))
    }

    fn date_in(&self, text: &str) -> Option<Date> {
        let found = self.date.captures(text)?;
        Some((found[1].parse().ok()?, found[2].parse().ok()?, found[3].parse().ok()?))
    }
}

/// Words before a post that somebody held at another time.
const FORMER: &[&str] = &["前", "原", "时任", "前任", "原任", "历任"];

/// A post with the name of somebody who held it at another time, where it is known who held it on
/// `date`.
fn out_of_office<'a>(
    text: &'a str,
    posts: &'a [Post],
    date: Date,
) -> impl Iterator<Item = Hit> + 'a {
    let others = posts.iter().filter(move |post| !post.term.in_use(date));
    others.flat_map(move |other| {
        let same = |post: &&Post| post.post == other.post && post.term.in_use(date);
        let now: Vec<&Post> = posts.iter().filter(same).collect();
        let places = text.match_indices(other.term.phrase.as_str());
        let places = places.filter(|(at, _)| !FORMER.iter().any(|word| text[..*at].ends_with(word)));
        places.filter_map(move |(at, phrase)| {
            let holder = now.first()?;
            let (year, month, day) = date;
            let message = Message::new(
                format!("{year}年{month}月{day}日，{}是{}", other.post, holder.holder),
                format!("on {year}-{month:02}-{day:02}, {} was {}", other.post, holder.holder),
            );
            let range = at..at + phrase.len();
            let fix = |hit: Hit, post: &&Post| hit.fix(range.clone(), &post.term.phrase, 1.0);
            let hit = Hit::new(range.clone(), "out of office", message);
            let hit = Hit { confidence: Some(OUT_OF_OFFICE), ..hit };
            Some(now.iter().fold(hit, fix))
        })
    })
}

/// The house's own table says so; a sentence may still speak of another time.
const OUT_OF_OFFICE: f64 = 0.8;

/// What happened to a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slip {
    Missing,
    Added,
    Swapped,
    Replaced,
}

/// A form one slip away from a phrase.
struct Near<'a> {
    phrase: &'a str,
    range: Range<usize>,
    slip: Slip,
    /// The characters that differ, in bytes of the text; empty where one is missing.
    differs: Range<usize>,
}

/// The form around a found part that is one slip away from the phrase, if there is one.
fn near_miss<'a>(text: &str, part: &FoundPart<'a>) -> Option<Near<'a>> {
    let phrase = part.phrase.phrase.as_str();
    let length = phrase.chars().count();
    if length < SHORTEST {
        return None;
    }
    let stretch = |count: usize| -> Option<Range<usize>> {
        if part.start {
            let rest = &text[part.range.start..];
            let end = rest.char_indices().map(|(at, c)| at + c.len_utf8()).nth(count - 1)?;
            Some(part.range.start..part.range.start + end)
        } else {
            let (start, _) = text[..part.range.end].char_indices().rev().nth(count - 1)?;
            Some(start..part.range.end)
        }
    };
    if stretch(length).is_some_and(|range| text[range] == *phrase) {
        return None;
    }
    // 新质生产产力 cut at the length of the phrase looks like 新质生产力 with another last
    // character, so the longer form is tried before.
    [length + 1, length, length - 1]
        .into_iter()
        .filter_map(stretch)
        .filter(|range| strsim::osa_distance(&text[range.clone()], phrase) == 1)
        .find_map(|range| Near::new(text, range, phrase))
}

impl<'a> Near<'a> {
    /// Tells what differs. `None` when it is the first or the last character alone: then the form
    /// is another name (生态环境厅) or part of a longer word.
    fn new(text: &str, range: Range<usize>, phrase: &'a str) -> Option<Self> {
        let form = &text[range.clone()];
        let same = |(a, b): &(char, char)| a == b;
        let before: usize =
            form.chars().zip(phrase.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        let behind: usize = form[before..]
            .chars()
            .rev()
            .zip(phrase[before..].chars().rev())
            .take_while(same)
            .map(|(c, _)| c.len_utf8())
            .sum();
        let (wrong, right) =
            (&form[before..form.len() - behind], &phrase[before..phrase.len() - behind]);
        let slip = match (wrong.chars().count(), right.chars().count()) {
            (0, 1) => Slip::Missing,
            (1, 0) => Slip::Added,
            (1, 1) => Slip::Replaced,
            _ => Slip::Swapped,
        };
        let all_han = wrong.chars().chain(right.chars()).all(is_han);
        let numeral = wrong.chars().chain(right.chars()).any(is_han_numeral);
        let function = wrong.chars().any(|c| FUNCTION_WORDS.contains(c));
        let differs = range.start + before..range.end - behind;
        let inside = before > 0 && behind > 0 || slip == Slip::Swapped;
        (inside && all_han && !numeral && !function).then_some(Self { phrase, range, slip, differs })
    }

    fn hit(&self, facts: &Facts, index: usize) -> Hit {
        let (zh, en) = match self.slip {
            Slip::Missing => ("漏字", "a character is missing"),
            Slip::Added => ("多字", "a character too many"),
            Slip::Swapped => ("字序颠倒", "two characters are swapped"),
            Slip::Replaced => ("错字", "a character is wrong"),
        };
        let message = Message::new(
            format!("重要表述“{}”，疑有{zh}", self.phrase),
            format!("the phrase is {}: {en}", self.phrase),
        );
        Hit::new(self.range.clone(), self.grade(facts, index), message).fix(
            self.range.clone(),
            self.phrase,
            1.0,
        )
    }

    /// Where the differing character is part of another word (京津冀协调发展), the form may be
    /// meant.
    fn grade(&self, facts: &Facts, index: usize) -> &'static str {
        let tokens = &facts.tokens[index];
        let in_word = tokens.iter().any(|token| {
            token.range.start <= self.differs.start
                && self.differs.end <= token.range.end
                && token.range.len() > self.differs.len()
        });
        match self.slip {
            Slip::Replaced if in_word => "another word",
            Slip::Replaced => "replaced",
            Slip::Missing => "missing",
            Slip::Added => "added",
            Slip::Swapped => "swapped",
        }
    }
}

/// True when the near form is right as it stands: another phrase, a word of the dictionary, or
/// a form the document uses more than once.
fn is_sound(near: &Near<'_>, text: &str, facts: &Facts, lexicon: &Lexicon) -> bool {
    let form = &text[near.range.clone()];
    let uses: usize = facts.paragraphs.iter().map(|p| p.text.matches(form).count()).sum();
    uses > 1 || lexicon.protected_phrases().contains(form) || lexicon.jieba().has_word(form)
}
