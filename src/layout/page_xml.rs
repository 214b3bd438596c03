//! PAGE XML: `TextRegion` / `TextLine` / `TextEquiv` / `Unicode`, in the order of `ReadingOrder`.
//!
//! The text may be given for regions, lines, words and glyphs. That of lines counts, or where
//! lines have none that of their words, and so on down; the other levels are kept the same as long
//! as they say the same.

use rustc_hash::FxHashMap;

use super::draft::{Block, Copy, Draft, Field, Line, Page};
use super::xml::{Element, Handler, walk};
use super::{Limits, Problem, Rect, RegionKind};

/// Reads a PAGE file.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Draft, Problem> {
    let mut reader = Reader::default();
    walk(text, false, limits, &mut reader)?;
    Ok(reader.draft)
}

/// A region, line, word or glyph while it is open.
#[derive(Default)]
struct Part {
    level: Level,
    id: Option<String>,
    kind: Option<RegionKind>,
    bounds: Option<Rect>,
    /// Its text, with the index of the reading it is.
    text: Option<(i64, Vec<Field>)>,
    /// What is within it.
    inner: Vec<Part>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    #[default]
    Region,
    Line,
    Word,
    Glyph,
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    open: Vec<Part>,
    /// The regions of the page, those within others behind them.
    regions: Vec<Part>,
    /// The index of the reading that is open, and its text so far.
    reading: Option<(i64, Vec<Field>)>,
    in_text: bool,
    /// Points of an element of the 2010 version.
    points: Vec<(f32, f32)>,
    order: Order,
}

impl Handler for Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Problem> {
        match element.name().as_str() {
            "Page" => {
                let size = element.number("imageWidth")?.zip(element.number("imageHeight")?);
                let id = element.attribute("imageFilename")?;
                self.draft.pages.push(Page { id, size, blocks: Vec::new() });
            }
            "TextRegion" => self.open(Level::Region, element)?,
            "TextLine" => self.open(Level::Line, element)?,
            "Word" => self.open(Level::Word, element)?,
            "Glyph" => self.open(Level::Glyph, element)?,
            "Coords" => {
                if let (Some(part), Some(points)) =
                    (self.open.last_mut(), element.attribute("points")?)
                {
                    part.bounds = Rect::around_points(points.split_whitespace().filter_map(point));
                }
                self.points.clear();
            }
            "Point" => {
                self.points.extend(element.number("x")?.zip(element.number("y")?));
            }
            "TextEquiv" => {
                let index = element.attribute("index")?.and_then(|index| index.trim().parse().ok());
                self.reading = Some((index.unwrap_or(0), Vec::new()));
            }
            "Unicode" => self.in_text = true,
            name => self.order.start(name, element)?,
        }
        Ok(())
    }

    fn text(&mut self, field: Field) {
        if let Some((_, fields)) = self.reading.as_mut().filter(|_| self.in_text) {
            fields.push(field);
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "Unicode" => self.in_text = false,
            "TextEquiv" => {
                let reading = self.reading.take();
                if let (Some((index, fields)), Some(part)) = (reading, self.open.last_mut())
                    && part.text.as_ref().is_none_or(|(known, _)| index < *known)
                {
                    part.text = Some((index, fields));
                }
            }
            "Coords" => {
                let points = std::mem::take(&mut self.points);
                if let Some(part) = self.open.last_mut().filter(|_| !points.is_empty()) {
                    part.bounds = Rect::around_points(points);
                }
            }
            "TextRegion" | "TextLine" | "Word" | "Glyph" => self.close(),
            "Page" => self.close_page(),
            name => self.order.end(name),
        }
    }
}

impl Reader {
    fn open(&mut self, level: Level, element: &Element<'_>) -> Result<(), Problem> {
        let id = element.attribute("id")?;
        let kind = element.attribute("type")?.and_then(|kind| region_kind(&kind));
        self.open.push(Part { level, id, kind, ..Part::default() });
        Ok(())
    }

    fn close(&mut self) {
        let Some(part) = self.open.pop() else { return };
        match (part.level, self.open.last_mut()) {
            (Level::Region, _) | (_, None) => self.regions.push(part),
            (_, Some(outer)) => outer.inner.push(part),
        }
    }

    fn close_page(&mut self) {
        let order = std::mem::take(&mut self.order);
        let mut regions = std::mem::take(&mut self.regions);
        let places = order.places();
        let place = |part: &Part| part.id.as_deref().and_then(|id| places.get(id)).copied();
        // Stable: regions that are not named come behind, as they stand in the file.
        regions.sort_by_key(|part| place(part).unwrap_or(usize::MAX));
        let blocks: Vec<Block> =
            regions.into_iter().map(|region| block(&mut self.draft, region)).collect();
        if let Some(page) = self.draft.pages.last_mut() {
            page.blocks.extend(blocks);
        }
    }
}

fn region_kind(name: &str) -> Option<RegionKind> {
    match name {
        "heading" => Some(RegionKind::Heading),
        "caption" => Some(RegionKind::Caption),
        "header" | "footer" => Some(RegionKind::RunningHead),
        "page-number" => Some(RegionKind::PageNumber),
        _ => None,
    }
}

fn point(pair: &str) -> Option<(f32, f32)> {
    let (x, y) = pair.split_once(',')?;
    let number = |text: &str| text.parse().ok().filter(|n: &f32| n.is_finite());
    Some((number(x)?, number(y)?))
}

fn block(draft: &mut Draft, region: Part) -> Block {
    let Part { id, kind, bounds, text, inner, .. } = region;
    let own = text.map(|(_, fields)| fields).unwrap_or_default();
    let mut block = Block { id, bounds, kind, lines: Vec::new() };
    for part in inner {
        block.lines.push(line(draft, part));
    }
    if block.numbers().is_empty() {
        // Text for the region alone: its lines are those of the text, and have no boxes.
        for field in own.into_iter().flat_map(Field::lines) {
            let mut line = Line::default();
            draft.push(&mut line, field, None);
            block.lines.push(line);
        }
    } else if !own.is_empty() {
        let copy = Copy { fields: own, of: block.numbers() };
        draft.copies.push(copy);
    }
    block
}

/// A line with its own text, or that of its words; the level that does not count is a copy.
fn line(draft: &mut Draft, part: Part) -> Line {
    let mut line = Line { id: part.id, bounds: part.bounds, ..Line::default() };
    let own = part.text.map(|(_, fields)| fields).unwrap_or_default();
    for field in own {
        draft.push(&mut line, field, None);
    }
    let levels = [texts(&part.inner, Level::Word), texts(&part.inner, Level::Glyph)];
    for words in levels.into_iter().filter(|words| !words.is_empty()) {
        if line.words.is_empty() {
            for (field, bounds) in words {
                line.add_space();
                draft.push(&mut line, field, bounds);
            }
        } else {
            let fields = words.into_iter().map(|(field, _)| field).collect();
            draft.copies.push(Copy { fields, of: line.numbers() });
        }
    }
    line.cover_words();
    line
}

/// The texts of all parts of a level within others. Words are parted by spaces.
fn texts(parts: &[Part], level: Level) -> Vec<(Field, Option<Rect>)> {
    let mut found = Vec::new();
    for part in parts {
        if part.level == level {
            let fields = part.text.iter().flat_map(|(_, fields)| fields);
            found.extend(fields.map(|field| (field.clone(), part.bounds)));
        } else {
            found.extend(texts(&part.inner, level));
        }
    }
    found
}

/// The reading order: groups within groups, each in the order of its indices or of the file.
#[derive(Default)]
struct Order {
    open: Vec<Group>,
    done: Vec<Entry>,
}

struct Group {
    index: i64,
    entries: Vec<Entry>,
    sorted: bool,
}

/// A region or group by its index in the group around it.
struct Entry {
    index: i64,
    regions: Vec<String>,
}

impl Order {
    fn start(&mut self, name: &str, element: &Element<'_>) -> Result<(), Problem> {
        let index = || -> Result<i64, Problem> {
            let index = element.attribute("index")?;
            Ok(index.and_then(|index| index.trim().parse().ok()).unwrap_or(i64::MAX))
        };
        match name {
            "OrderedGroup" | "OrderedGroupIndexed" => {
                self.open.push(Group { index: index()?, entries: Vec::new(), sorted: true });
            }
            "UnorderedGroup" | "UnorderedGroupIndexed" => {
                self.open.push(Group { index: index()?, entries: Vec::new(), sorted: false });
            }
            "RegionRef" | "RegionRefIndexed" => {
                let region = element.attribute("regionRef")?.unwrap_or_default();
                let entry = Entry { index: index()?, regions: vec![region] };
                if let Some(group) = self.open.last_mut() {
                    group.entries.push(entry);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        if !name.contains("orderedGroup") && !name.contains("OrderedGroup") {
            return;
        }
        let Some(mut group) = self.open.pop() else { return };
        if group.sorted {
            group.entries.sort_by_key(|entry| entry.index);
        }
        let regions = group.entries.into_iter().flat_map(|entry| entry.regions).collect();
        let entry = Entry { index: group.index, regions };
        match self.open.last_mut() {
            Some(outer) => outer.entries.push(entry),
            None => self.done.push(entry),
        }
    }

    /// The place of each region.
    fn places(&self) -> FxHashMap<&str, usize> {
        let regions = self.done.iter().flat_map(|entry| &entry.regions);
        let mut places = FxHashMap::default();
        for (place, region) in regions.enumerate() {
            places.entry(region.as_str()).or_insert(place);
        }
        places
    }
}
