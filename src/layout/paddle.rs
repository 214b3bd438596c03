//! The JSON of PaddleOCR, RapidOCR and Umi-OCR: lists of boxes with texts, in the many shapes their
//! versions and services wrap them in.
//!
//! | shape | written by |
//! |---|---|
//! | `[[box, [text, score]], …]`, a list of these for each page | PaddleOCR 2 |
//! | `{"rec_texts": […], "rec_polys": […]}`, also in `{"res": …}` | PaddleOCR 3 |
//! | `[{"type": …, "bbox": …, "res": [{"text", "text_region"}, …]}, …]` | PP-Structure 2 |
//! | `[[box, text, score], …]`, `[{"box", "txt", "score"}, …]` | RapidOCR |
//! | `{"0": {"rec_txt", "dt_boxes"}, …}` | rapidocr_api |
//! | `{"code": 100, "data": [{"text", "box", "score", "end"}, …]}` | Umi-OCR, PaddleOCR-json |

use super::draft::{Block, Draft, Line, Page};
use super::json::Value;
use super::{Format, Problem, Rect, RegionKind, order};

/// Reads a file of one of the JSON formats and tells which; `None` when it has none of the shapes.
pub(super) fn read(file: &str) -> Result<Option<(Format, Draft)>, Problem> {
    let mut reader = Reader::default();
    // Umi-OCR saves a batch as one value a line.
    let values = match Value::of_file(file) {
        Ok(value) => vec![value],
        Err(problem) => match Value::of_lines(file) {
            Ok(values) if values.len() > 1 => values,
            _ => return Err(problem),
        },
    };
    let mut known = false;
    for value in values {
        known |= reader.document(value, 0)?;
    }
    Ok(reader.format.filter(|_| known).map(|format| (format, reader.draft)))
}

/// Objects and lists around the pages that are looked into.
const WRAPPERS: [&str; 8] =
    ["res", "result", "results", "overall_ocr_res", "ocrResults", "prunedResult", "data", "pages"];
/// How deep those are nested in any of the shapes.
const DEPTH: usize = 6;

const TEXTS: [&str; 5] = ["text", "txt", "rec_txt", "transcription", "rec_text"];
const BOXES: [&str; 7] =
    ["box", "text_region", "dt_boxes", "points", "text_box_position", "bbox", "poly"];

#[derive(Default)]
struct Reader {
    draft: Draft,
    format: Option<Format>,
}

type Members<'a> = Vec<(String, Value<'a>)>;

fn member<'a>(members: &Members<'a>, names: &[&str]) -> Option<Value<'a>> {
    names
        .iter()
        .find_map(|name| members.iter().find(|(known, _)| known == name))
        .map(|(_, value)| *value)
}

impl Reader {
    /// Reads a page or what holds pages; false when it is neither.
    fn document(&mut self, value: Value<'_>, depth: usize) -> Result<bool, Problem> {
        if depth > DEPTH {
            return Ok(false);
        }
        if let Some(members) = value.members()? {
            return self.object(&members, depth);
        }
        let Some(elements) = value.elements()? else { return Ok(false) };
        if elements.is_empty() {
            return Ok(false);
        }
        if let Some(lines) = self.lines(&elements)? {
            self.page(order::blocks(lines));
            return Ok(true);
        }
        if let Some(blocks) = self.regions(&elements)? {
            self.page(blocks);
            return Ok(true);
        }
        let mut known = false;
        for element in elements {
            known |= self.document(element, depth + 1)?;
        }
        Ok(known)
    }

    fn object(&mut self, members: &Members<'_>, depth: usize) -> Result<bool, Problem> {
        if let Some(texts) = member(members, &["rec_texts"]) {
            let boxes = member(members, &["rec_polys", "rec_boxes", "dt_polys"]);
            let lines = self.parallel(texts, boxes)?;
            self.known(Format::Paddle);
            self.page(order::blocks(lines));
            return Ok(true);
        }
        if let (Some(_), Some(data)) = (member(members, &["code"]), member(members, &["data"])) {
            self.known(Format::Umi);
            // Of a picture without text, `data` is a message.
            let elements = data.elements()?.unwrap_or_default();
            let Some(lines) = self.lines(&elements)? else {
                self.page(Vec::new());
                return Ok(true);
            };
            // Umi-OCR has put the lines into reading order.
            let bounds = Rect::around(lines.iter().filter_map(|line| line.bounds));
            self.page(vec![Block { bounds, lines, ..Block::default() }]);
            return Ok(true);
        }
        if members.first().is_some_and(|(name, _)| name == "0") {
            let elements: Vec<Value<'_>> = members.iter().map(|(_, value)| *value).collect();
            if let Some(lines) = self.lines(&elements)? {
                self.format = Some(Format::Rapid);
                self.page(order::blocks(lines));
                return Ok(true);
            }
        }
        match member(members, &WRAPPERS) {
            Some(inner) => self.document(inner, depth + 1),
            None => Ok(false),
        }
    }

    fn known(&mut self, format: Format) {
        self.format.get_or_insert(format);
    }

    fn page(&mut self, blocks: Vec<Block>) {
        self.draft.pages.push(Page { blocks, ..Page::default() });
    }

    /// Texts and boxes in two lists.
    fn parallel(
        &mut self,
        texts: Value<'_>,
        boxes: Option<Value<'_>>,
    ) -> Result<Vec<Line>, Problem> {
        let not_a_list = || Problem::new(texts.at(), "rec_texts is no list");
        let texts = texts.elements()?.ok_or_else(not_a_list)?;
        let boxes = match boxes {
            Some(boxes) => boxes.elements()?.unwrap_or_default(),
            None => Vec::new(),
        };
        // Boxes of something else must not be taken for those of the texts.
        let fits = boxes.len() == texts.len();
        let mut lines = Vec::new();
        for (i, text) in texts.iter().enumerate() {
            let bounds = match boxes.get(i).filter(|_| fits) {
                Some(value) => rect(*value)?,
                None => None,
            };
            lines.extend(self.line(*text, bounds)?);
        }
        Ok(lines)
    }

    /// The lines of a page; `None` when one of the elements is none.
    fn lines(&mut self, elements: &[Value<'_>]) -> Result<Option<Vec<Line>>, Problem> {
        let mut lines = Vec::new();
        for element in elements {
            let Some((format, text, bounds)) = parts(*element)? else { return Ok(None) };
            self.known(format);
            lines.extend(self.line(text, bounds)?);
        }
        Ok((!elements.is_empty()).then_some(lines))
    }

    fn line(&mut self, text: Value<'_>, bounds: Option<Rect>) -> Result<Option<Line>, Problem> {
        let Some(field) = text.field()? else { return Ok(None) };
        let mut line = Line { bounds, ..Line::default() };
        self.draft.push(&mut line, field, bounds);
        Ok((!line.words.is_empty()).then_some(line))
    }

    /// The regions of PP-Structure; `None` when an element is none.
    fn regions(&mut self, elements: &[Value<'_>]) -> Result<Option<Vec<Block>>, Problem> {
        let mut blocks = Vec::new();
        for element in elements {
            let Some(members) = element.members()? else { return Ok(None) };
            let (Some(kind), Some(res)) = (member(&members, &["type"]), member(&members, &["res"]))
            else {
                return Ok(None);
            };
            let bounds = member(&members, &["bbox"]).map(rect).transpose()?.flatten();
            let kind = kind.string().and_then(|name| region_kind(&name));
            let lines = match res.elements()? {
                Some(elements) => self.lines(&elements)?.unwrap_or_default(),
                // Of a table the result is an object with its HTML.
                None => Vec::new(),
            };
            blocks.push(Block { id: None, bounds, kind, lines });
        }
        self.known(Format::Paddle);
        Ok(Some(blocks))
    }
}

/// The format that writes a line so, its text, and its box.
type Parts<'a> = (Format, Value<'a>, Option<Rect>);

/// A line in any of the shapes; `None` for what is none.
fn parts(value: Value<'_>) -> Result<Option<Parts<'_>>, Problem> {
    if let Some(members) = value.members()? {
        let Some(text) = member(&members, &TEXTS).filter(Value::is_string) else {
            return Ok(None);
        };
        let bounds = member(&members, &BOXES).map(rect).transpose()?.flatten();
        let rapid = member(&members, &["txt", "rec_txt"]).is_some();
        let format = if rapid { Format::Rapid } else { Format::Paddle };
        return Ok(Some((format, text, bounds)));
    }
    let Some(elements) = value.elements()? else { return Ok(None) };
    let [first, second, ..] = elements.as_slice() else { return Ok(None) };
    let Some(bounds) = rect(*first)? else { return Ok(None) };
    if second.is_string() {
        return Ok(Some((Format::Rapid, *second, Some(bounds))));
    }
    match second.elements()?.as_deref() {
        Some([text, ..]) if text.is_string() => Ok(Some((Format::Paddle, *text, Some(bounds)))),
        _ => Ok(None),
    }
}

/// A box: four numbers from left to bottom, or the points of a polygon.
fn rect(value: Value<'_>) -> Result<Option<Rect>, Problem> {
    let Some(elements) = value.elements()? else { return Ok(None) };
    let numbers: Vec<f32> = elements.iter().filter_map(Value::number).collect();
    if let ([left, top, right, bottom], 4) = (numbers.as_slice(), elements.len()) {
        return Ok(Rect::around_points([(*left, *top), (*right, *bottom)]));
    }
    let mut points = Vec::new();
    for element in elements {
        let Some(pair) = element.elements()? else { return Ok(None) };
        let [x, y] = pair.as_slice() else { return Ok(None) };
        let (Some(x), Some(y)) = (x.number(), y.number()) else { return Ok(None) };
        points.push((x, y));
    }
    // Two points are a line, or text that happens to look like it.
    Ok(if points.len() >= 3 { Rect::around_points(points) } else { None })
}

/// The names of PP-Structure's layout models.
fn region_kind(name: &str) -> Option<RegionKind> {
    match name {
        "title" | "doc_title" | "paragraph_title" => Some(RegionKind::Heading),
        "figure_caption" | "table_caption" | "figure_title" => Some(RegionKind::Caption),
        "header" | "footer" => Some(RegionKind::RunningHead),
        "number" => Some(RegionKind::PageNumber),
        _ => None,
    }
}
