//! Punctuation marks: which open, which close, which pause and which end; and the pairs of a text.

use std::ops::Range;

use crate::han::is_han;

/// True for what is neither a Chinese character nor a letter or digit, nor white space.
pub(crate) fn is_sign(c: char) -> bool {
    !is_han(c) && !c.is_alphanumeric() && !c.is_whitespace()
}

/// A kind of mark that comes in pairs. Half- and full-width forms are one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PairKind {
    /// “ ”
    Quote,
    /// ‘ ’
    InnerQuote,
    /// 《 》
    Book,
    /// 〈 〉
    InnerBook,
    /// （ ） and ( )
    Round,
    /// 【 】
    Lenticular,
    /// 〔 〕
    Shell,
    /// ［ ］ and [ ]
    Square,
    /// 「 」
    Corner,
    /// 『 』
    WhiteCorner,
}

impl PairKind {
    /// The opening mark, full-width.
    pub fn opening(self) -> char {
        self.marks().0
    }

    /// The closing mark, full-width.
    pub fn closing(self) -> char {
        self.marks().1
    }

    /// True for quotation marks, single and corner marks included.
    pub fn quotes(self) -> bool {
        matches!(self, Self::Quote | Self::InnerQuote | Self::Corner | Self::WhiteCorner)
    }

    fn marks(self) -> (char, char) {
        match self {
            Self::Quote => ('“', '”'),
            Self::InnerQuote => ('‘', '’'),
            Self::Book => ('《', '》'),
            Self::InnerBook => ('〈', '〉'),
            Self::Round => ('（', '）'),
            Self::Lenticular => ('【', '】'),
            Self::Shell => ('〔', '〕'),
            Self::Square => ('［', '］'),
            Self::Corner => ('「', '」'),
            Self::WhiteCorner => ('『', '』'),
        }
    }
}

const KINDS: [PairKind; 10] = [
    PairKind::Quote,
    PairKind::InnerQuote,
    PairKind::Book,
    PairKind::InnerBook,
    PairKind::Round,
    PairKind::Lenticular,
    PairKind::Shell,
    PairKind::Square,
    PairKind::Corner,
    PairKind::WhiteCorner,
];

/// The kind of pair that `c` opens.
pub fn opened_by(c: char) -> Option<PairKind> {
    match c {
        // Nearly all that is asked about.
        c if is_han(c) => None,
        '(' => Some(PairKind::Round),
        '[' => Some(PairKind::Square),
        _ => KINDS.into_iter().find(|kind| kind.opening() == c),
    }
}

/// The kind of pair that `c` closes.
pub fn closed_by(c: char) -> Option<PairKind> {
    match c {
        // Nearly all that is asked about.
        c if is_han(c) => None,
        ')' => Some(PairKind::Round),
        ']' => Some(PairKind::Square),
        _ => KINDS.into_iter().find(|kind| kind.closing() == c),
    }
}

/// True for marks that end a sentence: 。！？ and the dots of ……, half-width ! and ? included.
pub fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '…' | '!' | '?')
}

/// True for marks that pause within a sentence: ，、；：, half-width , ; : included.
pub fn pauses(c: char) -> bool {
    matches!(c, '，' | '、' | '；' | '：' | ',' | ';' | ':')
}

/// The character that ends at byte `at` of `text`.
pub fn char_before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character that starts at byte `at` of `text`.
pub fn char_after(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// Two marks that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What they are.
    pub kind: PairKind,
    /// Bytes of the opening mark in the text.
    pub open: Range<usize>,
    /// Bytes of the closing mark in the text.
    pub close: Range<usize>,
    /// The kinds of the pairs this one stands in, outermost first.
    pub around: Vec<PairKind>,
}

impl Pair {
    /// The bytes between the marks.
    pub fn inside(&self) -> Range<usize> {
        self.open.end..self.close.start
    }

    /// The bytes of the pair, marks included.
    pub fn whole(&self) -> Range<usize> {
        self.open.start..self.close.end
    }
}

/// A mark of a pair whose partner is not in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lone {
    /// What it is.
    pub kind: PairKind,
    /// True for an opening mark.
    pub opens: bool,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

/// The marks of a text, paired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairing {
    /// The pairs, by their closing mark.
    pub pairs: Vec<Pair>,
    /// The marks without a partner, in the order of the text.
    pub lone: Vec<Lone>,
    /// Closing marks that stand in the wrong order: ”》 where 《 was opened last. Their pairs
    /// count as if they were in order.
    pub crossed: Vec<Range<usize>>,
}

/// Pairs the marks of `text`.
///
/// A closing mark takes the nearest opening mark of its kind; opening marks in between stay
/// alone. Apostrophes, and the brackets of list numbers (1） a) 三）), are no marks of pairs.
pub fn pair_up(text: &str) -> Pairing {
    let mut open: Vec<Lone> = Vec::new();
    let mut pairing = Pairing::default();
    for (at, c) in text.char_indices() {
        let range = at..at + c.len_utf8();
        if let Some(kind) = opened_by(c) {
            if !is_apostrophe(text, &range) {
                open.push(Lone { kind, opens: true, range });
            }
        } else if let Some(kind) = closed_by(c) {
            match open.iter().rposition(|mark| mark.kind == kind) {
                Some(partner) if crosses(text, &open, partner, &range) => {
                    let next = range.end + char_after(text, range.end).map_or(0, char::len_utf8);
                    pairing.crossed.push(range.start..next);
                    pair_off(&mut open, partner, range, &mut pairing.pairs);
                }
                Some(partner) => {
                    pairing.lone.extend(open.drain(partner + 1..));
                    pair_off(&mut open, partner, range, &mut pairing.pairs);
                }
                None if is_apostrophe(text, &range) || numbers_a_list_item(text, &range) => {}
                None => pairing.lone.push(Lone { kind, opens: false, range }),
            }
        }
    }
    pairing.lone.extend(open);
    pairing.lone.sort_by_key(|mark| mark.range.start);
    pairing
}

fn pair_off(open: &mut Vec<Lone>, partner: usize, close: Range<usize>, pairs: &mut Vec<Pair>) {
    let mark = open.remove(partner);
    let around = open[..partner].iter().map(|mark| mark.kind).collect();
    pairs.push(Pair { kind: mark.kind, open: mark.range, close, around });
}

/// True when the closing mark at `close` comes one place too early: “《甲”》.
fn crosses(text: &str, open: &[Lone], partner: usize, close: &Range<usize>) -> bool {
    let next = char_after(text, close.end).and_then(closed_by);
    partner + 2 == open.len() && next == Some(open[partner + 1].kind)
}

/// Don’t, players’, ’98: the sign stands beside a Latin letter, or before two digits.
fn is_apostrophe(text: &str, mark: &Range<usize>) -> bool {
    if !matches!(&text[mark.clone()], "‘" | "’") {
        return false;
    }
    let before = text[..mark.start].chars().next_back();
    let mut after = text[mark.end..].chars();
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let two_digits = after.clone().take(2).filter(char::is_ascii_digit).count() == 2;
    (letter(before) && &text[mark.clone()] == "’") || letter(after.next()) || two_digits
}

/// 1）, 12), a), 三）, ①）: a number of at most three characters at the head of a clause.
fn numbers_a_list_item(text: &str, mark: &Range<usize>) -> bool {
    if !matches!(&text[mark.clone()], ")" | "）") {
        return false;
    }
    let before = &text[..mark.start];
    let head = before.trim_end_matches(|c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '①'..='⑳') || crate::han::is_han_numeral(c)
    });
    let number = before[head.len()..].chars().count();
    let at_head = head.chars().next_back().is_none_or(|c| {
        c.is_whitespace() || ends_sentence(c) || pauses(c) || opened_by(c).is_some()
    });
    (1..=3).contains(&number) && at_head
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lone(text: &str) -> Vec<&str> {
        pair_up(text).lone.iter().map(|mark| &text[mark.range.clone()]).collect()
    }

    #[test]
    fn marks_in_order_leave_none_alone() {
        assert!(lone("他说：“读《〈呐喊〉自序》（节选)。”").is_empty());
        assert!(lone("“甲“乙”丙”").is_empty());
    }

    #[test]
    fn what_has_no_partner_is_left() {
        assert_eq!(lone("“甲（乙”丙"), ["（"]);
        assert_eq!(lone("甲”乙“丙"), ["”", "“"]);
        assert_eq!(lone("“甲“乙”丙"), ["“"]);
    }

    #[test]
    fn marks_in_the_wrong_order_are_crossed() {
        let text = "“读《书”》";
        let pairing = pair_up(text);
        assert!(pairing.lone.is_empty());
        let crossed = pairing.crossed.iter().map(|range| &text[range.clone()]);
        assert_eq!(crossed.collect::<Vec<_>>(), ["”》"]);
    }

    #[test]
    fn list_numbers_and_apostrophes_are_no_pairs() {
        assert!(lone("目标：1）增产；2）增收。a) 好").is_empty());
        assert!(lone("it’s the players’ ’98").is_empty());
        assert_eq!(lone("共有3）"), ["）"]);
    }

    #[test]
    fn a_pair_knows_what_it_stands_in() {
        let pairing = pair_up("“读《书》”");
        assert_eq!(pairing.pairs[0].around, [PairKind::Quote]);
        assert!(pairing.pairs[1].around.is_empty());
    }
}
