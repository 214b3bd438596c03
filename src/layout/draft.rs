//! What the readers of all formats hand over: pages, blocks, lines and words with the places of
//! their characters, and from it the plain text with its map.

use rustc_hash::FxHashMap;

pub(super) use super::Escape;
use super::{Format, Layout, LayoutLine, LayoutPage, Piece, Rect, RegionKind};
use crate::segment::is_han;
use crate::span::Span;

/// A character and the bytes of the file that stand for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Letter {
    pub(super) character: char,
    pub(super) span: Span,
}

/// A text field of the file: an attribute, a run between tags, a JSON string.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) letters: Vec<Letter>,
    pub(super) escape: Escape,
}

impl Field {
    /// Takes white space off both ends; true when some stood at the start, true when at the end.
    fn trim(&mut self) -> (bool, bool) {
        let space = |letter: &Letter| letter.character.is_whitespace();
        let kept = self.letters.iter().rposition(|letter| !space(letter)).map_or(0, |at| at + 1);
        let behind = kept < self.letters.len();
        self.letters.truncate(kept);
        let first = self.letters.iter().position(|letter| !space(letter)).unwrap_or(0);
        self.letters.drain(..first);
        (first > 0, behind)
    }

    fn is_blank(&self) -> bool {
        self.letters.iter().all(|letter| letter.character.is_whitespace())
    }

    /// Cuts at line breaks.
    pub(super) fn lines(self) -> Vec<Field> {
        let escape = self.escape;
        let breaks = |letter: &Letter| letter.character == '\n';
        let lines = self.letters.split(breaks).map(<[Letter]>::to_vec);
        lines.map(|letters| Field { letters, escape }).collect()
    }
}

/// A word, or whatever a line is cut into.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Its number in the file, whatever becomes of the order.
    pub(super) number: usize,
    pub(super) field: Field,
    pub(super) bounds: Option<Rect>,
    /// White space stands before it.
    pub(super) spaced: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) id: Option<String>,
    pub(super) bounds: Option<Rect>,
    pub(super) words: Vec<Word>,
    /// White space was read behind the last word.
    pub(super) space: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) id: Option<String>,
    pub(super) bounds: Option<Rect>,
    pub(super) kind: Option<RegionKind>,
    pub(super) lines: Vec<Line>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) id: Option<String>,
    pub(super) size: Option<(f32, f32)>,
    pub(super) blocks: Vec<Block>,
}

/// Fields that repeat what stands in words, as a line repeats its words.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    pub(super) fields: Vec<Field>,
    /// Numbers of the words, in order.
    pub(super) of: Vec<usize>,
}

/// A layout file as it was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) pages: Vec<Page>,
    pub(super) copies: Vec<Copy>,
    /// pixel, mm10 or inch1200.
    pub(super) unit: Option<String>,
    words: usize,
}

impl Line {
    /// White space stands before the next word.
    pub(super) fn add_space(&mut self) {
        self.space = true;
    }

    /// The box around its words.
    pub(super) fn cover_words(&mut self) {
        if self.bounds.is_none() {
            self.bounds = Rect::around(self.words.iter().filter_map(|word| word.bounds));
        }
    }

    pub(super) fn numbers(&self) -> Vec<usize> {
        self.words.iter().map(|word| word.number).collect()
    }
}

impl Block {
    pub(super) fn numbers(&self) -> Vec<usize> {
        self.lines.iter().flat_map(Line::numbers).collect()
    }
}

impl Draft {
    /// Adds a text field to the end of a line. White space at its ends only parts it from its
    /// neighbours.
    pub(super) fn push(&mut self, line: &mut Line, mut field: Field, bounds: Option<Rect>) {
        let blank = field.is_blank();
        let (before, behind) = field.trim();
        if blank {
            line.space |= before || behind;
            return;
        }
        let spaced = std::mem::take(&mut line.space) || before;
        line.words.push(Word { number: self.words, field, bounds, spaced });
        self.words += 1;
        line.space = behind;
    }

    /// The plain text, one line for each line of the page that has text, blocks apart by an empty
    /// line, and the map from it to the file.
    pub(super) fn finish(self, format: Format, original: std::sync::Arc<str>) -> (String, Layout) {
        let mut layer = LayerWriter::default();
        let mut lines = Vec::new();
        let mut pages = Vec::new();
        let mut placed: FxHashMap<usize, usize> = FxHashMap::default();
        let mut number = 0;
        for (page_number, page) in self.pages.iter().enumerate() {
            pages.push(LayoutPage { id: page.id.clone(), size: page.size });
            let full = page.blocks.iter().filter(|block| !block.numbers().is_empty());
            for (block_number, block) in full.enumerate() {
                if number > 0 {
                    layer.text.push('\n');
                    number += 1;
                }
                let full = block.lines.iter().filter(|line| !line.words.is_empty());
                for (line_number, line) in full.enumerate() {
                    layer.line(line, &mut placed);
                    lines.push(LayoutLine {
                        number,
                        page: page_number + 1,
                        block: block_number + 1,
                        line: line_number + 1,
                        block_id: block.id.clone(),
                        line_id: line.id.clone(),
                        bounds: line.bounds,
                        block_bounds: block.bounds,
                        kind: block.kind,
                    });
                    number += 1;
                }
            }
        }
        let LayerWriter { text, pieces, mut fields } = layer;
        let mut layers = vec![pieces];
        let words = WordsByNumber::new(&self);
        for copy in &self.copies {
            layers.extend(copy_layer(copy, &words, &placed, &mut fields));
        }
        let unit = self.unit.unwrap_or_else(|| "pixel".to_string());
        (text, Layout { format, original, unit, pages, lines, layers })
    }
}

/// Writes the plain text and its map.
#[derive(Default)]
struct LayerWriter {
    text: String,
    pieces: Vec<Piece>,
    /// Fields so far.
    fields: usize,
}

impl LayerWriter {
    fn line(&mut self, line: &Line, placed: &mut FxHashMap<usize, usize>) {
        let upright = line.bounds.is_some_and(Rect::is_upright);
        let mut before: Option<&Word> = None;
        for word in &line.words {
            if before.is_some_and(|before| parted(before, word, upright)) {
                self.text.push(' ');
            }
            placed.insert(word.number, self.text.len());
            self.field(&word.field);
            before = Some(word);
        }
        self.text.push('\n');
    }

    fn field(&mut self, field: &Field) {
        for letter in &field.letters {
            let character = one_line(letter.character);
            let at = self.text.len();
            self.text.push(character);
            let text = Span::new(at, self.text.len());
            let verbatim = character == letter.character && text.len() == letter.span.len();
            add(&mut self.pieces, text, letter.span, verbatim, self.fields, field.escape);
        }
        self.fields += 1;
    }
}

/// A line of the plain text is one line: breaks inside a field become spaces.
fn one_line(character: char) -> char {
    if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character }
}

/// Adds a character to the last piece, or begins a new one.
fn add(
    pieces: &mut Vec<Piece>,
    text: Span,
    file: Span,
    verbatim: bool,
    field: usize,
    escape: Escape,
) {
    if let Some(last) = pieces.last_mut()
        && verbatim
        && last.verbatim
        && last.field == field
        && last.text.end == text.start
        && last.file.end == file.start
    {
        last.text.end = text.end;
        last.file.end = file.end;
        return;
    }
    pieces.push(Piece { text, file, verbatim, field, escape });
}

/// Gap beside a Chinese character, in characters, from which the print has a space there.
const SPACE: f32 = 0.35;
/// The same beside a mark, whose ink fills half of its cell.
const SPACE_BESIDE_MARK: f32 = 0.85;

/// True when a space stands between two words. Engines that cut Chinese into words put one
/// between all of them; where boxes show that the print has none, none is written.
fn parted(before: &Word, word: &Word, upright: bool) -> bool {
    if !word.spaced {
        return false;
    }
    let (Some(last), Some(first)) = (before.field.letters.last(), word.field.letters.first())
    else {
        return false;
    };
    let (last, first) = (last.character, first.character);
    // Latin words are parted by less than a Chinese space.
    if !(is_wide(last) || is_wide(first)) {
        return true;
    }
    let (Some(a), Some(b)) = (before.bounds, word.bounds) else { return true };
    let advance = |bounds: Rect| if upright { bounds.height() } else { bounds.width() };
    let em = (advance(a) + advance(b)) / (ems(&before.field) + ems(&word.field));
    let gap = if upright { b.top - a.bottom } else { b.left - a.right };
    let mark = |c: char| is_wide(c) && !is_han(c);
    let limit = if !(mark(last) || mark(first)) { SPACE } else { SPACE_BESIDE_MARK };
    gap > limit * em
}

/// Width of a field in characters; Latin letters and digits are half as wide.
fn ems(field: &Field) -> f32 {
    field.letters.iter().map(|l| if is_wide(l.character) { 1.0 } else { 0.5 }).sum()
}

/// True for characters that are printed as wide as they are high.
fn is_wide(character: char) -> bool {
    is_han(character)
        || matches!(character, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff60}' | '“' | '”' | '‘'
            | '’' | '—' | '…' | '·' | '■' | '●')
}

/// The letters of all words, by the words' numbers.
struct WordsByNumber<'a>(FxHashMap<usize, &'a Field>);

impl<'a> WordsByNumber<'a> {
    fn new(draft: &'a Draft) -> Self {
        if draft.copies.is_empty() {
            return Self(FxHashMap::default());
        }
        let lines = draft.pages.iter().flat_map(|page| &page.blocks).flat_map(|block| &block.lines);
        let words = lines.flat_map(|line| &line.words);
        Self(words.map(|word| (word.number, &word.field)).collect())
    }
}

/// The map from the plain text to fields that say the same once more; `None` when they do not.
fn copy_layer(
    copy: &Copy,
    words: &WordsByNumber<'_>,
    placed: &FxHashMap<usize, usize>,
    fields: &mut usize,
) -> Option<Vec<Piece>> {
    let mut own: Vec<(char, Span)> = Vec::new();
    for number in &copy.of {
        let mut at = *placed.get(number)?;
        for letter in &words.0.get(number)?.letters {
            let character = one_line(letter.character);
            let end = at + character.len_utf8();
            own.push((character, Span::new(at, end)));
            at = end;
        }
    }
    own.retain(|(character, _)| !character.is_whitespace());
    let mut pieces = Vec::new();
    let mut rest = own.iter();
    for field in &copy.fields {
        for letter in field.letters.iter().filter(|l| !l.character.is_whitespace()) {
            let (character, text) = rest.next()?;
            if *character != letter.character {
                return None;
            }
            let verbatim = text.len() == letter.span.len();
            add(&mut pieces, *text, letter.span, verbatim, *fields, field.escape);
        }
        *fields += 1;
    }
    // Reading order may put lines elsewhere than the file does.
    pieces.sort_by_key(|piece| piece.text);
    rest.next().is_none().then_some(pieces)
}
