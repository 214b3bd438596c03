//! What the statistical rules (C103 to C105) share: where they do not speak, and how a place
//! reads once it is changed.

use std::ops::Range;

use super::Context;
use super::enclosure::in_short_quotation;
use crate::analyze::{Token, tokenize};
use crate::han::is_han;
use crate::lexicon::Lexicon;
use crate::segment::BlockKind;

/// Characters on either side of a change that can alter how it is cut into words.
const REACH: usize = 8;

/// ln of all words the segmenter's dictionary has counted.
const ALL_WORDS: f32 = 17.9;

/// The places of a paragraph where a model of news text knows nothing: names of people.
pub(crate) struct Doubt<'a> {
    names: &'a [Range<usize>],
}

impl<'a> Doubt<'a> {
    /// The places of this paragraph, `None` where the model is not asked at all: bylines and
    /// tables are names and numbers, verse repeats and inverts as it likes.
    pub(crate) fn of(context: &Context<'a>) -> Option<Self> {
        let kind = context.paragraph.kind;
        let prose = !kind.is_furniture()
            && !matches!(
                kind,
                BlockKind::Byline | BlockKind::Jump | BlockKind::Table | BlockKind::Verse
            );
        prose.then(|| Self { names: &context.facts.names[context.index] })
    }

    /// True when `range` of the text touches a name, or the credit behind a caption or a report
    /// (记者 吴迪 摄).
    pub(crate) fn spares(&self, text: &str, range: &Range<usize>) -> bool {
        let touches = |name: &Range<usize>| name.start <= range.end && range.start <= name.end;
        self.names.iter().any(touches) || is_credit(text, range)
    }
}

/// Words that open a credit and characters that close one.
const CREDIT_OPENS: &[&str] = &["记者", "通讯员", "摄影", "社发"];
const CREDIT: usize = 12;

fn is_credit(text: &str, range: &Range<usize>) -> bool {
    let behind = &text[range.end..];
    let end = behind.char_indices().nth(CREDIT).map_or(behind.len(), |(at, _)| at);
    let behind = behind[..end].trim_end();
    if !["摄", "/摄", "／摄", "摄）"].iter().any(|end| behind.ends_with(end)) {
        return false;
    }
    let before = &text[..range.start];
    let start = before.char_indices().rev().take(CREDIT).last().map_or(before.len(), |(at, _)| at);
    CREDIT_OPENS.iter().any(|word| before[start..].contains(word))
}

/// True where an odd wording may be meant: in a slogan, a title, a quoted word.
pub(crate) fn may_be_meant(text: &str, range: &Range<usize>) -> bool {
    in_short_quotation(text, range)
}

/// The word that holds byte `at` of the text.
pub(crate) fn word_at<'a>(context: &'a Context<'_>, at: usize) -> &'a Token {
    let index = context.tokens.partition_point(|token| token.range.end <= at);
    &context.tokens[index]
}

/// A clause in which a place was changed, cut into words.
pub(crate) struct Changed {
    text: String,
    tokens: Vec<Token>,
    /// The new text of the place, in bytes of `text`.
    place: Range<usize>,
}

impl Changed {
    /// The neighbourhood of `range` with `new` in its place.
    pub(crate) fn new(text: &str, range: &Range<usize>, new: &str, lexicon: &Lexicon) -> Self {
        let before = text[..range.start].char_indices().rev().take(REACH).last();
        let start = before.map_or(range.start, |(at, _)| at);
        let behind = &text[range.end..];
        let end = behind.char_indices().nth(REACH).map_or(text.len(), |(at, _)| range.end + at);
        let changed = format!("{}{new}{}", &text[start..range.start], &text[range.end..end]);
        let place = range.start - start..range.start - start + new.len();
        Self { tokens: tokenize(&changed, lexicon), text: changed, place }
    }

    /// The word that holds all of the new text, or the first of it.
    pub(crate) fn word(&self) -> &str {
        let index = self.tokens.partition_point(|token| token.range.end <= self.place.start);
        self.tokens.get(index).map_or("", |token| &self.text[token.range.clone()])
    }

    /// How frequent its words are together: the sum of the logarithms of what the segmenter's
    /// dictionary counts of them, where a word it does not have counts once.
    pub(crate) fn log_frequency(&self, lexicon: &Lexicon) -> f32 {
        let words = self.tokens.iter().map(|token| &self.text[token.range.clone()]);
        words.map(|word| (lexicon.jieba().suggest_freq(word) as f32).ln() - ALL_WORDS).sum()
    }

    /// How many words the clause is cut into.
    pub(crate) fn words(&self) -> usize {
        self.tokens.len()
    }

    /// True when a single word holds all of the new text.
    pub(crate) fn is_one_word(&self) -> bool {
        let index = self.tokens.partition_point(|token| token.range.end <= self.place.start);
        self.tokens.get(index).is_some_and(|token| token.range.end >= self.place.end)
    }
}

/// Characters that are words by themselves and come to stand before or behind any other.
pub(crate) const PARTICLES: &str =
    "的地得了着过在和与及或是对从把被将为于也就都而但由向以到上下中里内外有会要能可不这那之其所等";

/// Countries and provinces by one character, put side by side in an order that is politics.
pub(crate) fn is_short_name(character: char) -> bool {
    "中美古俄英法德日韩朝加澳印巴柬越老泰缅蒙欧非亚拉阿埃土伊以乌波西意港台京津冀沪渝鲁晋陕甘宁青藏新粤桂琼闽浙苏皖赣湘鄂豫川贵云黑吉辽"
        .contains(character)
}

/// Characters of a string.
pub(crate) fn length(text: &str) -> usize {
    text.chars().count()
}

/// True when all characters are Chinese.
pub(crate) fn all_han(text: &str) -> bool {
    text.chars().all(is_han)
}
