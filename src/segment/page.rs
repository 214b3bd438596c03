//! What can be measured on the lines of a page: widths, signs, marks, repeats.

use std::ops::Range;

use jieba_rs::Tag;
use rustc_hash::FxHashMap;

use super::spaces::StraySpaces;
use crate::lexicon::{Lexicon, Marks, compact};
use crate::source::Source;
use crate::span::Span;

/// Kind of the character at the edge of a line, as far as it tells a sentence's end or start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// A Chinese character.
    Han,
    /// A Latin letter.
    Latin,
    /// A digit or a per cent sign.
    Digit,
    /// 。！？… and their half-width forms.
    Stop,
    /// ，、；
    Comma,
    /// ：
    Colon,
    /// “（《
    Open,
    /// ”）》
    Close,
    /// —— at the start of a subtitle or an aside.
    Dash,
    /// ■● and the like.
    Bullet,
    /// Anything else: specks read as signs.
    Speck,
}

impl Edge {
    /// The kind of `c`.
    pub fn of(c: char) -> Self {
        match c {
            '。' | '．' | '！' | '？' | '!' | '?' | '…' | '｡' => Self::Stop,
            '，' | '、' | '；' | ',' | ';' | '丶' => Self::Comma,
            '：' | ':' => Self::Colon,
            '“' | '‘' | '（' | '(' | '《' | '〈' | '「' | '『' | '【' | '[' | '〔' => {
                Self::Open
            }
            '”' | '’' | '）' | ')' | '》' | '〉' | '」' | '』' | '】' | ']' | '〕' => {
                Self::Close
            }
            '—' | '―' | '─' | '–' => Self::Dash,
            '■' | '●' | '◆' | '▲' | '□' | '★' | '※' | '◎' | '○' | '▪' | '►' | '▼' | '△' => {
                Self::Bullet
            }
            '0'..='9' | '０'..='９' | '%' | '％' => Self::Digit,
            'a'..='z' | 'A'..='Z' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => Self::Latin,
            c if is_han(c) => Self::Han,
            _ => Self::Speck,
        }
    }
}

/// True for Chinese characters.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// One non-blank line and what can be seen on it.
#[derive(Clone, Debug, Default)]
pub struct PageLine {
    /// Number of the line in the file, from 0.
    pub number: usize,
    /// Its text without surrounding white space, in bytes of the file.
    pub span: Span,
    /// Its characters without white space.
    pub chars: Vec<char>,
    /// Its printed width in ems: a Chinese character is 1, a digit one half.
    pub width: f32,
    /// White space before the text, in ems.
    pub indent: f32,
    /// Blank lines between it and the line before.
    pub blank_before: usize,
    /// What the page patterns say.
    pub marks: Marks,
    /// Runs of white space inside the line that mean something.
    pub gaps: usize,
    /// Full stops and the like inside the line, its last character left out.
    pub stops: usize,
    /// Commas and the like.
    pub commas: usize,
    /// Digits.
    pub digits: usize,
    /// Chinese characters.
    pub han: usize,
    /// How many other lines of the document read the same, digits aside.
    pub repeats: usize,
    /// Quotes and brackets opened here and not closed.
    pub opened: usize,
    /// Quotes and brackets closed here and not opened.
    pub closed: usize,
    /// Class of its first word.
    pub head: WordClass,
    /// Class of its last word.
    pub tail: WordClass,
}

/// Word classes, as far as they tell whether a sentence starts or ends beside the word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordClass {
    /// No word, or one the dictionary does not know.
    #[default]
    Unknown,
    /// 的 了 着: never opens a sentence.
    Particle,
    /// 和 在 对: never ends one.
    Link,
    /// 不 将 已
    Adverb,
    /// 推进 是
    Verb,
    /// 美丽
    Adjective,
    /// 三 个
    Number,
    /// 经济
    Noun,
    /// 日前 今年
    Time,
    /// 天津 王洋
    Name,
    /// 他 这
    Pronoun,
}

impl WordClass {
    /// From a tag of jieba's dictionary.
    fn of(tag: &str) -> Self {
        match tag.as_bytes() {
            [b'u' | b'y' | b'k' | b'f', ..] => Self::Particle,
            [b'c' | b'p', ..] => Self::Link,
            [b'd', ..] => Self::Adverb,
            [b'v', ..] => Self::Verb,
            [b'a' | b'b' | b'z', ..] => Self::Adjective,
            [b'm' | b'q', ..] => Self::Number,
            [b'n', b'r' | b's' | b't' | b'z', ..] => Self::Name,
            [b'n' | b'l' | b'i' | b'j' | b's', ..] => Self::Noun,
            [b't', ..] => Self::Time,
            [b'r', ..] => Self::Pronoun,
            _ => Self::Unknown,
        }
    }
}

/// Characters at either edge of a line in which its first and last word are looked for.
const WORD_REACH: usize = 6;

/// The classes of the first and the last word.
fn edge_words(chars: &[char], lexicon: &Lexicon) -> (WordClass, WordClass) {
    let class = |chars: &[char], word: fn(&[Tag<'_>]) -> Option<WordClass>| {
        // Signs are no words, and the segmenter takes its time to load.
        if !chars.iter().any(|c| c.is_alphanumeric()) {
            return WordClass::Unknown;
        }
        let text = String::from_iter(chars);
        word(&lexicon.jieba().tag(&text, false)).unwrap_or(WordClass::Unknown)
    };
    let head = &chars[..chars.len().min(WORD_REACH)];
    let tail = &chars[chars.len().saturating_sub(WORD_REACH)..];
    (
        class(head, |words| words.first().map(|word| WordClass::of(word.tag))),
        class(tail, |words| words.last().map(|word| WordClass::of(word.tag))),
    )
}

impl PageLine {
    /// Kind of its first character.
    pub fn first(&self) -> Edge {
        self.chars.first().map_or(Edge::Speck, |c| Edge::of(*c))
    }

    /// Kind of its last character.
    pub fn last(&self) -> Edge {
        self.chars.last().map_or(Edge::Speck, |c| Edge::of(*c))
    }

    /// Kind of the last character that is no speck: engines read dust at the edge of a line as
    /// `.` or `-`.
    pub fn last_clean(&self) -> Edge {
        self.chars
            .iter()
            .rev()
            .take(3)
            .map(|c| Edge::of(*c))
            .find(|edge| *edge != Edge::Speck)
            .unwrap_or(Edge::Speck)
    }

    /// True when the line is far shorter than `before`, the line before it. A headline that is broken
    /// where the column ends leaves such remnants; an editor breaks it into halves, and a short line
    /// below a headline is something else.
    pub(crate) fn is_remnant_of(&self, before: &Self) -> bool {
        3 * self.chars.len() < before.chars.len()
    }

    /// Characters behind its last full stop: a word of the next sentence, or dust read as signs.
    pub(super) fn behind_stop(&self) -> usize {
        self.chars.iter().rev().take_while(|c| Edge::of(**c) != Edge::Stop).count()
    }

    /// Characters before its first full stop.
    pub(super) fn before_stop(&self) -> usize {
        self.chars.iter().take_while(|c| Edge::of(**c) != Edge::Stop).count()
    }

    /// Characters behind its last sign that parts clauses.
    pub(super) fn behind_clause(&self) -> usize {
        self.chars.iter().rev().take_while(|c| !parts_clauses(**c)).count()
    }

    /// Characters before its first sign that parts clauses.
    pub(super) fn before_clause(&self) -> usize {
        self.chars.iter().take_while(|c| !parts_clauses(**c)).count()
    }

    /// True when a sentence ends with the line, quotes and brackets behind the stop included.
    pub fn ends_sentence(&self) -> bool {
        let behind_close = self.chars.iter().rev().take(3).map(|c| Edge::of(*c));
        behind_close.into_iter().find(|edge| *edge != Edge::Close) == Some(Edge::Stop)
    }
}

/// True for the signs clauses end with.
fn parts_clauses(c: char) -> bool {
    matches!(Edge::of(c), Edge::Stop | Edge::Comma | Edge::Colon)
}

/// How the lines of a text came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line for each printed line: widths tell where paragraphs end.
    Printed,
    /// One line for each block of a column or for each paragraph: widths tell nothing.
    Blocks,
}

impl Shape {
    /// The name models use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Printed => "printed",
            Self::Blocks => "blocks",
        }
    }
}

/// The non-blank lines of a document and what only their company shows.
pub struct Page {
    /// The lines in order.
    pub lines: Vec<PageLine>,
    /// Width of the column around each line, in ems: three quarters of the neighbouring lines
    /// are no wider.
    pub column: Vec<f32>,
    /// How the lines came about.
    pub shape: Shape,
    /// Share of lines that are as wide as their column.
    pub full_share: f32,
    /// Share of lines with a blank line before them.
    pub blank_share: f32,
    /// Share of lines indented by two characters.
    pub indent_share: f32,
    /// Where spaces mean nothing.
    pub stray: StraySpaces,
}

/// Lines on each side that make up the neighbourhood of a line.
const NEIGHBOURHOOD: usize = 10;
/// Two widths this close are the same column: one full-width sign misread as half-width and one
/// more character squeezed in.
pub(crate) const SAME_WIDTH: f32 = 1.5;
/// Share of lines as wide as their column from which the lines are printed lines. Of the dev
/// pages no page of printed lines is below 0.45, no page of blocks above 0.35.
const PRINTED_SHARE: f32 = 0.4;
/// The same where no line is much wider than its column: headlines and subheads take up much of
/// some pages. Dev pages of printed lines are all above 0.3.
const PRINTED_SHARE_LEVEL: f32 = 0.25;
/// Characters beyond the width of their column, by all characters. Dev pages of printed lines have
/// less, but for one in a hundred of blocks have more.
const LEVEL: f32 = 0.08;
/// Share of lines that end a sentence from which they are paragraphs, however even their widths.
/// Dev pages of printed lines have a quarter at most.
const PARAGRAPHS: f32 = 0.5;
/// The widest column of a printed page in ems; wider lines are whole paragraphs.
const WIDEST_COLUMN: f32 = 60.0;
/// Fewest lines whose widths say anything.
const FEWEST_PRINTED: usize = 6;

impl Page {
    /// Measures `lines` of a source.
    pub fn measure(source: &Source, lines: Range<usize>, lexicon: &Lexicon) -> Self {
        let stray = StraySpaces::find(source, lines.clone());
        let mut page_lines: Vec<PageLine> = Vec::new();
        let mut blank = 0;
        for number in lines {
            let whole = source.lines()[number].span;
            let text = whole.of(source.text());
            let trimmed = text.trim();
            if trimmed.is_empty() {
                blank += 1;
                continue;
            }
            let start = whole.start + (text.len() - text.trim_start().len());
            let span = Span::new(start, start + trimmed.len());
            let indent = &text[..start - whole.start];
            page_lines.push(measure_line(number, span, trimmed, indent, blank, lexicon, &stray));
            blank = 0;
        }
        let mut page = Self {
            column: Vec::new(),
            shape: Shape::Blocks,
            full_share: 0.0,
            blank_share: 0.0,
            indent_share: 0.0,
            lines: page_lines,
            stray,
        };
        page.count_repeats();
        page.weigh_widths();
        page
    }

    /// Running heads repeat from page to page, their digits aside.
    pub(super) fn count_repeats(&mut self) {
        let letters = |line: &PageLine| -> String {
            line.chars.iter().filter(|c| c.is_alphabetic()).collect()
        };
        let keys: Vec<String> = self.lines.iter().map(letters).collect();
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for key in &keys {
            *counts.entry(key).or_insert(0) += 1;
        }
        for (line, key) in self.lines.iter_mut().zip(&keys) {
            line.repeats = if key.is_empty() { 0 } else { counts[key.as_str()] - 1 };
        }
    }

    /// Works out what follows from the widths of the lines.
    pub(super) fn weigh_widths(&mut self) {
        let page_lines = &self.lines;
        let column = columns(page_lines);
        let count = page_lines.len().max(1) as f32;
        let share = |f: &dyn Fn(usize, &PageLine) -> bool| {
            page_lines.iter().enumerate().filter(|(i, line)| f(*i, line)).count() as f32 / count
        };
        let full = |i: usize, line: &PageLine| {
            (line.width - column[i]).abs() <= SAME_WIDTH && column[i] <= WIDEST_COLUMN
        };
        let full_share = share(&full);
        let blank_share = share(&|_, line| line.blank_before > 0);
        let indent_share = share(&|_, line| (1.5..=2.5).contains(&line.indent));
        let beyond: f32 = page_lines
            .iter()
            .zip(&column)
            .map(|(line, column)| line.width - column)
            .filter(|beyond| *beyond > SAME_WIDTH)
            .sum();
        let level = beyond <= LEVEL * page_lines.iter().map(|line| line.width).sum::<f32>();
        let share = if level { PRINTED_SHARE_LEVEL } else { PRINTED_SHARE };
        let ended = page_lines.iter().filter(|line| line.ends_sentence()).count() as f32 / count;
        let printed =
            page_lines.len() >= FEWEST_PRINTED && full_share >= share && ended < PARAGRAPHS;
        self.shape = if printed { Shape::Printed } else { Shape::Blocks };
        self.column = column;
        (self.full_share, self.blank_share, self.indent_share) =
            (full_share, blank_share, indent_share);
    }
}

fn measure_line(
    number: usize,
    span: Span,
    text: &str,
    indent: &str,
    blank_before: usize,
    lexicon: &Lexicon,
    stray: &StraySpaces,
) -> PageLine {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let count = |edge: Edge| chars.iter().filter(|c| Edge::of(**c) == edge).count();
    let inner = &chars[..chars.len().saturating_sub(1)];
    let (opened, closed) = unpaired(&chars);
    let (head, tail) = edge_words(&chars, lexicon);
    PageLine {
        number,
        span,
        width: width(&chars),
        indent: indent.chars().map(|c| if c == '\u{3000}' { 1.0 } else { 0.5 }).sum(),
        blank_before,
        marks: lexicon.page_patterns().marks(&compact(text)),
        gaps: stray.gaps_left(text, span.start),
        stops: inner.iter().filter(|c| Edge::of(**c) == Edge::Stop).count(),
        commas: count(Edge::Comma),
        digits: chars.iter().filter(|c| c.is_ascii_digit()).count(),
        han: count(Edge::Han),
        repeats: 0,
        opened,
        closed,
        head,
        tail,
        chars,
    }
}

/// Printed width in ems. A half-width sign between Chinese characters was a full-width one in
/// print: engines write `,` for `，`.
fn width(chars: &[char]) -> f32 {
    let mut width = 0.0;
    for (i, c) in chars.iter().enumerate() {
        let beside = |j: Option<usize>| {
            j.and_then(|j| chars.get(j)).is_some_and(|c| c.is_ascii_alphanumeric())
        };
        width += match c {
            c if c.is_ascii_alphanumeric() => 0.5,
            c if c.is_ascii() && beside(i.checked_sub(1)) && beside(Some(i + 1)) => 0.5,
            _ => 1.0,
        };
    }
    width
}

/// Quotes and brackets left open, and closed without having been opened. Straight quotes and
/// misread signs are left out: they say nothing.
fn unpaired(chars: &[char]) -> (usize, usize) {
    let (mut opened, mut closed) = (0, 0);
    for c in chars {
        match Edge::of(*c) {
            Edge::Open => opened += 1,
            Edge::Close if opened > 0 => opened -= 1,
            Edge::Close => closed += 1,
            _ => {}
        }
    }
    (opened, closed)
}

/// For each line the width that three quarters of its neighbours do not exceed.
fn columns(lines: &[PageLine]) -> Vec<f32> {
    (0..lines.len())
        .map(|i| {
            let from = i.saturating_sub(NEIGHBOURHOOD);
            let to = (i + NEIGHBOURHOOD + 1).min(lines.len());
            let mut widths: Vec<f32> = lines[from..to].iter().map(|line| line.width).collect();
            widths.sort_by(f32::total_cmp);
            widths[(widths.len() - 1) * 3 / 4]
        })
        .collect()
}
