//! hOCR: HTML whose classes say what an element is and whose titles say where it stands.

use super::draft::{Block, Draft, Field, Line, Page};
use super::xml::{Element, Handler, walk};
use super::{Limits, Problem, Rect, RegionKind};

/// Reads an hOCR file.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Draft, Problem> {
    let mut reader = Reader::default();
    walk(text, true, limits, &mut reader)?;
    reader.close_block();
    Ok(reader.draft)
}

/// What an element of the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Page,
    Area,
    Paragraph,
    Line,
    Word,
    /// Markup without a class of its own.
    Other,
}

impl Part {
    /// By the first class that is known.
    fn of(classes: &str) -> Self {
        let known = classes.split_whitespace().map(|class| match class {
            "ocr_page" => Self::Page,
            "ocr_carea" | "ocr_column" => Self::Area,
            "ocr_par" => Self::Paragraph,
            "ocr_line" | "ocrx_line" | "ocr_header" | "ocr_footer" | "ocr_caption"
            | "ocr_textfloat" => Self::Line,
            "ocrx_word" | "ocr_word" => Self::Word,
            _ => Self::Other,
        });
        known.into_iter().find(|part| *part != Self::Other).unwrap_or(Self::Other)
    }
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    /// The open elements and, for words, their boxes.
    open: Vec<(Part, Option<Rect>)>,
    block: Option<Block>,
    line: Option<Line>,
}

impl Handler for Reader {
    fn start(&mut self, element: &Element<'_>) -> Result<(), Problem> {
        let part = Part::of(&element.attribute("class")?.unwrap_or_default());
        let title = element.attribute("title")?.unwrap_or_default();
        let (bounds, id) = (property(&title, "bbox").and_then(rect), element.attribute("id")?);
        match part {
            Part::Page => {
                self.close_block();
                let size = bounds.map(|bounds| (bounds.width(), bounds.height()));
                self.draft.pages.push(Page { id, size, blocks: Vec::new() });
            }
            // Tesseract puts paragraphs into areas; other programs have only one of the two.
            Part::Area => self.open_block(id, bounds),
            Part::Paragraph if !self.within(Part::Area) => self.open_block(id, bounds),
            Part::Line if self.line.is_none() => {
                self.line = Some(Line { id, bounds, ..Line::default() });
            }
            _ => {}
        }
        self.open.push((part, bounds));
        Ok(())
    }

    fn text(&mut self, field: Field) {
        let word = self.open.iter().rev().find(|(part, _)| *part == Part::Word);
        let bounds = word.and_then(|(_, bounds)| *bounds);
        if let Some(line) = &mut self.line {
            self.draft.push(line, field, bounds);
        }
    }

    fn end(&mut self, _name: &str) {
        let Some((part, _)) = self.open.pop() else { return };
        match part {
            Part::Line if !self.within(Part::Line) => self.close_line(),
            Part::Area | Part::Page => self.close_block(),
            Part::Paragraph if !self.within(Part::Area) => self.close_block(),
            _ => {}
        }
    }
}

impl Reader {
    fn within(&self, part: Part) -> bool {
        self.open.iter().any(|(open, _)| *open == part)
    }

    fn open_block(&mut self, id: Option<String>, bounds: Option<Rect>) {
        self.close_block();
        self.block = Some(Block { id, bounds, kind: None::<RegionKind>, lines: Vec::new() });
    }

    fn close_line(&mut self) {
        if let Some(mut line) = self.line.take() {
            line.cover_words();
            self.block.get_or_insert_default().lines.push(line);
        }
    }

    fn close_block(&mut self) {
        if let Some(block) = self.block.take().filter(|block| !block.lines.is_empty()) {
            if self.draft.pages.is_empty() {
                self.draft.pages.push(Page::default());
            }
            if let Some(page) = self.draft.pages.last_mut() {
                page.blocks.push(block);
            }
        }
    }
}

/// A property of a title: `bbox 10 20 30 40; x_wconf 93`.
fn property<'a>(title: &'a str, name: &str) -> Option<&'a str> {
    let properties = title.split(';').map(str::trim);
    properties.filter_map(|property| property.strip_prefix(name)).find(|rest| rest.starts_with(' '))
}

fn rect(numbers: &str) -> Option<Rect> {
    let mut numbers = numbers.split_whitespace().map(|n| n.parse::<f32>().ok());
    let mut next = || numbers.next().flatten().filter(|n| n.is_finite());
    let (a, b, c, d) = (next()?, next()?, next()?, next()?);
    Rect::around_points([(a, b), (c, d)])
}
