//! ALTO: `TextBlock` / `TextLine` / `String@CONTENT`, with `SP` where the print has a space and
//! `HYP` where it parts a word.

use rustc_hash::FxHashMap;

use super::draft::{Block, Copy, Draft, Field, Line, Page};
use super::xml::{Element, Handler, walk};
use super::{Limits, Problem, Rect};

/// Reads an ALTO file.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Draft, Problem> {
    let mut reader = Reader::default();
    walk(text, false, limits, &mut reader)?;
    let Reader { mut draft, order, next, .. } = reader;
    for page in &mut draft.pages {
        sort(&mut page.blocks, &order, &next);
    }
    Ok(draft)
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    block: Option<Block>,
    line: Option<Line>,
    /// The string being read, until it is known whether it has glyphs of its own.
    glyphs: Vec<Field>,
    string: Option<usize>,
    /// The first half of a word parted by a hyphen, and what the whole is said to be.
    parted: Option<(usize, Field)>,
    in_unit: bool,
    /// Ids in the order the file's ReadingOrder names them.
    order: Vec<String>,
    /// The block that each block names as the next.
    next: FxHashMap<String, String>,
}

impl Handler for Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Problem> {
        match element.name().as_str() {
            "MeasurementUnit" => self.in_unit = true,
            "ElementRef" => {
                let ids = element.attribute("REF")?.unwrap_or_default();
                self.order.extend(ids.split_whitespace().map(str::to_string));
            }
            "Page" => {
                let (width, height) = (element.number("WIDTH")?, element.number("HEIGHT")?);
                let id = element.attribute("ID")?;
                let size = width.zip(height);
                self.draft.pages.push(Page { id, size, blocks: Vec::new() });
            }
            "TextBlock" => {
                let id = element.attribute("ID")?;
                if let (Some(id), Some(next)) = (&id, element.attribute("IDNEXT")?) {
                    self.next.insert(id.clone(), next);
                }
                let bounds = bounds(element)?;
                self.block = Some(Block { id, bounds, ..Block::default() });
            }
            "TextLine" => {
                let (id, bounds) = (element.attribute("ID")?, bounds(element)?);
                self.line = Some(Line { id, bounds, ..Line::default() });
            }
            "String" => self.string(element)?,
            "SP" => {
                if let Some(line) = &mut self.line {
                    line.add_space();
                }
            }
            "HYP" => {
                if let (Some(line), Some(field)) = (&mut self.line, element.field("CONTENT")?) {
                    self.draft.push(line, field, bounds(element)?);
                }
            }
            "Glyph" if self.string.is_some() => self.glyphs.extend(element.field("CONTENT")?),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, field: Field) {
        if self.in_unit {
            let unit: String = field.letters.iter().map(|letter| letter.character).collect();
            self.draft.unit = Some(unit.trim().to_string()).filter(|unit| !unit.is_empty());
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "MeasurementUnit" => self.in_unit = false,
            "String" => {
                let fields = std::mem::take(&mut self.glyphs);
                if let Some(number) = self.string.take().filter(|_| !fields.is_empty()) {
                    self.draft.copies.push(Copy { fields, of: vec![number] });
                }
            }
            "TextLine" => {
                if let (Some(mut line), Some(block)) = (self.line.take(), &mut self.block) {
                    line.cover_words();
                    block.lines.push(line);
                }
            }
            "TextBlock" => {
                if let (Some(block), Some(page)) = (self.block.take(), self.draft.pages.last_mut())
                {
                    page.blocks.push(block);
                }
            }
            _ => {}
        }
    }
}

impl Reader {
    fn string(&mut self, element: &Element<'_>) -> Result<(), Problem> {
        let (Some(line), Some(field)) = (&mut self.line, element.field("CONTENT")?) else {
            return Ok(());
        };
        let words = line.words.len();
        self.draft.push(line, field, bounds(element)?);
        if line.words.len() == words {
            return Ok(());
        }
        let number = line.words[words].number;
        self.string = Some(number);
        let whole = element.field("SUBS_CONTENT")?;
        match (element.attribute("SUBS_TYPE")?.as_deref(), whole) {
            (Some("HypPart1"), Some(whole)) => self.parted = Some((number, whole)),
            (Some("HypPart2"), Some(whole)) => {
                // Both halves repeat the whole word.
                if let Some((first, said)) = self.parted.take() {
                    for field in [said, whole] {
                        let copy = Copy { fields: vec![field], of: vec![first, number] };
                        self.draft.copies.push(copy);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn bounds(element: &Element<'_>) -> Result<Option<Rect>, Problem> {
    let (x, y) = (element.number("HPOS")?, element.number("VPOS")?);
    let (width, height) = (element.number("WIDTH")?, element.number("HEIGHT")?);
    let (Some(left), Some(top), Some(width), Some(height)) = (x, y, width, height) else {
        return Ok(None);
    };
    let (width, height) = (width.max(0.0), height.max(0.0));
    Ok(Some(Rect { left, top, right: left + width, bottom: top + height }))
}

/// Puts blocks into the order the file gives: that of its ReadingOrder, else along IDNEXT, else
/// as they stand.
fn sort(blocks: &mut Vec<Block>, order: &[String], next: &FxHashMap<String, String>) {
    if !order.is_empty() {
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        for (place, id) in order.iter().enumerate() {
            places.entry(id).or_insert(place);
        }
        // Stable: blocks that are not named stay behind those that are, as they stand.
        blocks.sort_by_key(|block| {
            let lines = block.lines.iter().filter_map(|line| line.id.as_deref());
            let ids = block.id.as_deref().into_iter().chain(lines);
            ids.filter_map(|id| places.get(id).copied()).min().unwrap_or(usize::MAX)
        });
    } else if !next.is_empty() {
        follow(blocks, next);
    }
}

/// Chains of blocks by IDNEXT, each where its first block stands.
fn follow(blocks: &mut Vec<Block>, next: &FxHashMap<String, String>) {
    let mut waiting: Vec<Option<Block>> = std::mem::take(blocks).into_iter().map(Some).collect();
    let mut numbers: FxHashMap<String, usize> = FxHashMap::default();
    for (number, block) in waiting.iter().enumerate() {
        if let Some(id) = block.as_ref().and_then(|block| block.id.clone()) {
            numbers.insert(id, number);
        }
    }
    let mut led: Vec<bool> = vec![false; waiting.len()];
    for target in next.values().filter_map(|id| numbers.get(id)) {
        led[*target] = true;
    }
    let heads = (0..waiting.len()).filter(|i| !led[*i]);
    // Blocks of a ring have no head; they come last.
    for head in heads.chain(0..waiting.len()).collect::<Vec<_>>() {
        let mut at = Some(head);
        while let Some(block) = at.and_then(|number| waiting[number].take()) {
            let behind = block.id.as_ref().and_then(|id| next.get(id));
            at = behind.and_then(|id| numbers.get(id)).copied();
            blocks.push(block);
        }
    }
}
