//! The truth about the lines of a page, found by laying the OCR text beside the printed one.

use std::ops::Range;

use serde::Deserialize;

use super::{FOLDS, page_of};
use crate::learn::{Row, Sample};
use crate::lexicon::{Lexicon, Mark};
use crate::segment::page::{Page, Shape};
use crate::segment::roles::Role;

/// A page with its OCR text and its truth.
#[derive(Clone, Debug, Deserialize)]
pub struct PageRecord {
    /// Name of the record.
    pub id: String,
    /// Name of the page; several engines may have read it.
    pub page: String,
    /// OCR text with a line for each printed line.
    pub ocr_hard: String,
    /// OCR text with a line for each column block.
    pub ocr_para: String,
    /// What is printed, in reading order; furniture at the end.
    pub blocks: Vec<TruthBlock>,
}

/// A piece of the printed page.
#[derive(Clone, Debug, Deserialize)]
pub struct TruthBlock {
    /// headline, byline, subhead, body, caption, jump, running_head or page_number.
    pub kind: String,
    /// What is printed.
    pub text: String,
    /// What the engine read there; only for pieces outside the text flow.
    #[serde(default)]
    pub ocr: Option<String>,
}

impl PageRecord {
    /// The OCR text of `shape`.
    pub fn ocr(&self, shape: Shape) -> &str {
        match shape {
            Shape::Printed => &self.ocr_hard,
            Shape::Blocks => &self.ocr_para,
        }
    }

    /// The part of the pages it belongs to in cross-validation.
    pub fn fold(&self) -> u32 {
        self.group() % FOLDS
    }

    /// A number that all readings of the page share.
    pub fn group(&self) -> u32 {
        // Half the hash is more than enough to part a few hundred pages.
        xxhash_rust::xxh3::xxh3_64(self.page.as_bytes()) as u32
    }
}

impl TruthBlock {
    fn role(&self) -> Role {
        match self.kind.as_str() {
            "headline" | "subhead" => Role::Title,
            "byline" => Role::Byline,
            "caption" => Role::Caption,
            "running_head" | "page_number" => Role::Furniture,
            _ => Role::Text,
        }
    }

    fn flows(&self) -> bool {
        matches!(self.kind.as_str(), "byline" | "subhead" | "body")
    }
}

/// A page and the truth about its lines.
pub struct Labelled {
    /// The page.
    pub page: Page,
    /// The role of each line; `None` where the truth is not clear.
    pub roles: Vec<Option<Role>>,
    /// The runs of lines that are captions.
    pub captions: Vec<Range<usize>>,
    /// Seams a paragraph goes on over, or not.
    pub seams: Vec<LabelledSeam>,
    /// Seams that would be there if lines were taken out that must stay.
    pub closures: Vec<LabelledSeam>,
    /// Readings of one page share it.
    pub group: u32,
    /// How much its lines count.
    pub weight: f32,
}

/// A seam and the truth about it.
#[derive(Clone, Copy, Debug)]
pub struct LabelledSeam {
    /// The line before it.
    pub before: usize,
    /// The line behind it.
    pub behind: usize,
    /// A paragraph goes on over it.
    pub joins: bool,
    /// How much it counts.
    pub weight: f32,
}

impl Labelled {
    pub(super) fn sample(&self, row: &Row, yes: bool, weight: f32) -> Sample {
        Sample { values: row.values().to_vec(), yes, weight, group: self.group }
    }
}

/// What a line of the OCR text is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Truth {
    /// A line of a piece outside the flow, by its number in the record.
    Apart(usize),
    /// A line of the flow, by the number of its piece.
    Flow(usize),
    Unclear,
}

/// Finds the truth about the lines of `record` in `shape`.
pub fn label(record: &PageRecord, shape: Shape, lexicon: &Lexicon) -> Labelled {
    label_page(record, page_of(record.ocr(shape), shape, lexicon))
}

/// Finds the truth about the lines of `page`, a reading of `record`.
pub(super) fn label_page(record: &PageRecord, page: Page) -> Labelled {
    let mut truth = claim_apart(record, &page);
    let flow = Flow::align(record, &page, &truth);
    for (i, line) in &flow.lines {
        truth[*i] = line.map_or(Truth::Unclear, Truth::Flow);
    }
    let role = |truth: &Truth| match truth {
        Truth::Apart(block) | Truth::Flow(block) => {
            let block = &record.blocks[*block];
            (block.kind != "jump").then(|| block.role())
        }
        Truth::Unclear => None,
    };
    let roles = truth.iter().map(role).collect();
    let seams = label_seams(record, &page, &truth, &flow);
    let closures = label_closures(&truth);
    let captions = captions(record, &truth);
    Labelled { page, roles, captions, seams, closures, group: record.group(), weight: 1.0 }
}

/// The runs of lines that are one caption of the record each.
fn captions(record: &PageRecord, truth: &[Truth]) -> Vec<Range<usize>> {
    let numbers = (0..record.blocks.len()).filter(|i| record.blocks[*i].kind == "caption");
    numbers
        .filter_map(|number| {
            let of_caption = |truth: &Truth| *truth == Truth::Apart(number);
            let first = truth.iter().position(of_caption)?;
            let lines = truth[first..].iter().take_while(|truth| of_caption(truth)).count();
            Some(first..first + lines)
        })
        .collect()
}

/// Claims the lines whose texts make up what the engine read at a piece outside the flow.
fn claim_apart(record: &PageRecord, page: &Page) -> Vec<Truth> {
    let mut truth = vec![Truth::Unclear; page.lines.len()];
    for (number, block) in record.blocks.iter().enumerate().filter(|(_, block)| !block.flows()) {
        let text = block.ocr.as_deref().unwrap_or_default();
        let read: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        if read.is_empty() {
            continue;
        }
        for first in 0..page.lines.len() {
            let mut rest = read.as_slice();
            let run =
                page.lines[first..].iter().zip(&truth[first..]).take_while(|(line, truth)| {
                    let fits = **truth == Truth::Unclear && !rest.is_empty();
                    match rest.strip_prefix(line.chars.as_slice()).filter(|_| fits) {
                        Some(behind) => {
                            rest = behind;
                            true
                        }
                        None => false,
                    }
                });
            let run = run.count();
            if run > 0 && rest.is_empty() {
                truth[first..first + run].fill(Truth::Apart(number));
                break;
            }
        }
    }
    truth
}

/// The text flow of the OCR text laid beside the printed one.
struct Flow {
    /// Lines of the flow with the number of their piece, where it is clear.
    lines: Vec<(usize, Option<usize>)>,
    /// For the end of each of these lines: a paragraph ends there in print.
    ends: Vec<bool>,
}

impl Flow {
    fn align(record: &PageRecord, page: &Page, truth: &[Truth]) -> Self {
        let numbers: Vec<usize> =
            (0..page.lines.len()).filter(|i| truth[*i] == Truth::Unclear).collect();
        let read: Vec<char> =
            numbers.iter().flat_map(|i| page.lines[*i].chars.iter().map(|c| fold(*c))).collect();
        let mut printed: Vec<char> = Vec::new();
        let mut pieces: Vec<(usize, usize)> = Vec::new();
        for (number, block) in record.blocks.iter().enumerate().filter(|(_, block)| block.flows()) {
            printed.extend(block.text.chars().filter(|c| !c.is_whitespace()).map(fold));
            pieces.push((printed.len(), number));
        }
        let beside = align(&read, &printed);
        let mut lines = Vec::new();
        let mut ends: Vec<Option<End>> = Vec::new();
        let mut start = 0;
        for i in numbers {
            let end = start + page.lines[i].chars.len();
            let middle = (beside[start].1 + beside[end].0) / 2;
            let piece = pieces.partition_point(|(end, _)| *end <= middle);
            let covered = beside[end].0.saturating_sub(beside[start].1);
            // A line that lies beside less than half its length was read from somewhere else.
            let clear = 2 * covered >= end - start;
            lines.push((i, pieces.get(piece).filter(|_| clear).map(|(_, number)| *number)));
            let (low, high) = beside[end];
            let distance = |piece: usize| low.saturating_sub(piece).max(piece.saturating_sub(high));
            let piece = pieces.iter().map(|(end, _)| *end).min_by_key(|end| distance(*end));
            let found = piece.map(|piece| End { piece, distance: distance(piece) });
            ends.push(found.filter(|found| found.distance <= 1));
            start = end;
        }
        Self { lines, ends: nearest(&ends) }
    }
}

/// The end of a piece that the end of a line lies beside.
#[derive(Clone, Copy)]
struct End {
    piece: usize,
    distance: usize,
}

/// Which lines end a piece. Of two lines beside the same end, as where the last line has one
/// character, the nearer one does, and the later of two as near.
fn nearest(ends: &[Option<End>]) -> Vec<bool> {
    let beaten = |end: End, other: Option<&Option<End>>, or_equal: bool| {
        other.copied().flatten().is_some_and(|other| {
            other.piece == end.piece
                && (other.distance < end.distance || or_equal && other.distance == end.distance)
        })
    };
    let wins = |(i, end): (usize, &Option<End>)| {
        end.is_some_and(|end| {
            let before = i.checked_sub(1).and_then(|before| ends.get(before));
            !beaten(end, before, false) && !beaten(end, ends.get(i + 1), true)
        })
    };
    ends.iter().enumerate().map(wins).collect()
}

/// Characters that engines exchange without harm.
fn fold(c: char) -> char {
    match c {
        '（' => '(',
        '）' => ')',
        '，' => ',',
        '：' => ':',
        '；' => ';',
        '！' => '!',
        '？' => '?',
        '“' | '”' => '"',
        c => c,
    }
}

/// For each place of `read` (0 to its length) the first and last place of `printed` beside it, on
/// a path of least edit distance.
fn align(read: &[char], printed: &[char]) -> Vec<(usize, usize)> {
    let (rows, columns) = (read.len() + 1, printed.len() + 1);
    let mut steps = vec![0u8; rows * columns];
    let mut above: Vec<u32> = (0..columns as u32).collect();
    for step in &mut steps[1..columns] {
        *step = 2;
    }
    for i in 1..rows {
        let mut here = vec![i as u32; columns];
        steps[i * columns] = 1;
        for j in 1..columns {
            let same = above[j - 1] + u32::from(read[i - 1] != printed[j - 1]);
            let (up, left) = (above[j] + 1, here[j - 1] + 1);
            let (cost, step) = [(same, 0), (up, 1), (left, 2)]
                .into_iter()
                .min_by_key(|(cost, _)| *cost)
                .unwrap_or((same, 0));
            here[j] = cost;
            steps[i * columns + j] = step;
        }
        above = here;
    }
    let mut beside = vec![(usize::MAX, 0); rows];
    let (mut i, mut j) = (rows - 1, columns - 1);
    loop {
        beside[i] = (beside[i].0.min(j), beside[i].1.max(j));
        if i == 0 && j == 0 {
            return beside;
        }
        match steps[i * columns + j] {
            0 => (i, j) = (i - 1, j - 1),
            1 => i -= 1,
            _ => j -= 1,
        }
    }
}

/// How much a seam beside a caption or a headline counts: both sides show what they are.
const BESIDE_APART: f32 = 0.5;

fn label_seams(
    record: &PageRecord,
    page: &Page,
    truth: &[Truth],
    flow: &Flow,
) -> Vec<LabelledSeam> {
    let mut seams = Vec::new();
    for before in 0..truth.len().saturating_sub(1) {
        let behind = before + 1;
        let seam = |joins, weight| LabelledSeam { before, behind, joins, weight };
        match (truth[before], truth[behind]) {
            (Truth::Apart(a), Truth::Apart(b)) if a == b => {
                let kind = record.blocks[a].kind.as_str();
                let remnant = page.lines[behind].is_remnant_of(&page.lines[before]);
                let credit = page.lines[behind].marks.has(Mark::Credit);
                match kind {
                    "caption" => seams.push(seam(!credit, 1.0)),
                    "headline" if page.shape == Shape::Printed && !remnant => {
                        seams.push(seam(true, 0.5));
                    }
                    _ => {}
                }
            }
            (Truth::Apart(_), Truth::Apart(_) | Truth::Flow(_))
            | (Truth::Flow(_), Truth::Apart(_)) => seams.push(seam(false, BESIDE_APART)),
            _ => {}
        }
    }
    for (k, pair) in flow.lines.windows(2).enumerate() {
        let ((before, Some(_)), (behind, Some(_))) = (pair[0], pair[1]) else { continue };
        let interruption = |truth: &Truth| match truth {
            Truth::Apart(block) => {
                matches!(record.blocks[*block].role(), Role::Caption | Role::Furniture)
            }
            _ => false,
        };
        if truth[before + 1..behind].iter().all(interruption) {
            seams.push(LabelledSeam { before, behind, joins: !flow.ends[k], weight: 1.0 });
        }
    }
    seams
}

/// How much a seam over text that must stay counts in the draft.
const WRONG_CLOSURE: f32 = 0.3;

/// Seams over lines of the flow: text does not go on there.
fn label_closures(truth: &[Truth]) -> Vec<LabelledSeam> {
    let flows = |i: usize| matches!(truth[i], Truth::Flow(_));
    let mut closures = Vec::new();
    for before in 0..truth.len() {
        for behind in (before + 2..before + 4).filter(|behind| *behind < truth.len()) {
            if (before..=behind).all(flows) {
                let weight = WRONG_CLOSURE;
                closures.push(LabelledSeam { before, behind, joins: false, weight });
            }
        }
    }
    closures
}

/// The printed text itself, a line for each paragraph: nothing joins.
pub(super) fn label_truth(record: &PageRecord, lexicon: &Lexicon) -> Labelled {
    let blocks: Vec<&TruthBlock> = record
        .blocks
        .iter()
        .filter(|block| block.role() != Role::Furniture && block.role() != Role::Caption)
        .filter(|block| !block.text.trim().is_empty())
        .collect();
    let lines: Vec<String> =
        blocks.iter().map(|block| block.text.replace('\n', " ").trim().to_string()).collect();
    let page = page_of(&lines.join("\n\n"), Shape::Blocks, lexicon);
    let role = |block: &&TruthBlock| (block.kind != "jump").then(|| block.role());
    let roles = blocks.iter().map(role).collect();
    // Two parts of a page count as one page.
    apart(page, roles, record.group(), 0.5)
}

/// Paragraphs of clean text: nothing joins.
pub(super) fn label_clean(lines: &[String], group: u32, lexicon: &Lexicon) -> Labelled {
    let page = page_of(&lines.join("\n"), Shape::Blocks, lexicon);
    let roles = vec![Some(Role::Text); page.lines.len()];
    apart(page, roles, group, 1.0)
}

fn apart(page: Page, roles: Vec<Option<Role>>, group: u32, weight: f32) -> Labelled {
    let seams = (1..page.lines.len())
        .map(|behind| LabelledSeam { before: behind - 1, behind, joins: false, weight })
        .collect();
    Labelled { page, roles, captions: Vec::new(), seams, closures: Vec::new(), group, weight }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misread_and_lost_characters_keep_their_place() {
        let read: Vec<char> = "天地X和".chars().collect();
        let printed: Vec<char> = "天地人人和".chars().collect();
        let beside = align(&read, &printed);
        assert_eq!(beside[2], (2, 3));
        assert_eq!(beside[4], (5, 5));
    }
}
