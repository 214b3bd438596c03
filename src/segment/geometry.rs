//! What the boxes of a layout file show: indents, how full lines are, gaps, sizes of type.
//!
//! All lengths are in ems of the page's body text. Of upright text the page is turned, so that
//! lines run from left to right.

use super::page::{Page, PageLine};
use crate::layout::{Layout, LayoutLine, Rect, RegionKind};
use crate::learn::Row;

/// The boxes of a page's lines.
pub struct Geometry {
    lines: Vec<Option<Placed>>,
    /// Share of lines indented by about two characters.
    indent_share: f32,
    /// Each line is a printed line, not a block of them.
    printed: bool,
}

/// A line on the page.
#[derive(Clone, Copy, Debug)]
struct Placed {
    bounds: Rect,
    page: usize,
    block: usize,
    kind: Option<RegionKind>,
    /// Height, by that of most lines.
    height: f32,
    /// Width of a character in ems.
    advance: f32,
    /// From the left edge of the column.
    indent: f32,
    /// To the right edge of the column.
    fill: f32,
    /// Width of the column.
    column: f32,
    /// From the nearest line above to this one, by the distance of most lines.
    above: f32,
    /// To the nearest line below.
    below: f32,
    /// How far down the page it stands, from 0 to 1.
    depth: f32,
}

/// Share of lines with boxes from which they are used.
const KNOWN: f32 = 0.5;
/// Most lines of a file whose neighbours are looked for.
const MOST_LINES: usize = 20_000;
/// Lines on each side that make up the column of a line.
const NEIGHBOURHOOD: usize = 8;
/// Distance, in lines, that stands for "nothing there".
const FAR: f32 = 9.0;
/// A line higher than this many ems holds several printed lines.
const ONE_LINE: f32 = 1.8;

impl Geometry {
    /// Measures the boxes of the lines of `page`; `None` where the file has too few.
    pub fn measure(page: &Page, layout: &Layout) -> Option<Self> {
        let found: Vec<Option<&LayoutLine>> =
            page.lines.iter().map(|line| layout.line(line.number)).collect();
        let known = found.iter().flatten().filter(|line| line.bounds.is_some()).count();
        if (known as f32) < KNOWN * page.lines.len() as f32 || known == 0 || known > MOST_LINES {
            return None;
        }
        let boxes = turned(&found);
        let body = Body::of(page, &boxes);
        let lines: Vec<Option<Placed>> = (0..boxes.len())
            .map(|i| boxes[i].map(|bounds| place(page, &found, &boxes, &body, i, bounds)))
            .collect();
        let indented = lines.iter().flatten().filter(|line| is_indent(line.indent)).count();
        let heights = boxes.iter().flatten().map(|bounds| bounds.height() / body.em);
        let printed = median(heights).is_some_and(|height| height < ONE_LINE);
        Some(Self { lines, indent_share: indented as f32 / known as f32, printed })
    }

    /// True when each line is a printed line.
    pub(super) fn is_printed(&self) -> bool {
        self.printed
    }

    /// What the file takes a line for.
    pub(super) fn kind(&self, line: usize) -> Option<RegionKind> {
        self.lines.get(line).copied().flatten()?.kind
    }

    /// Measures a line as a neighbour called `side`.
    pub(super) fn measure_line(&self, side: &str, line: Option<usize>, row: &mut Row) {
        let placed = line.and_then(|line| self.lines.get(line)).copied().flatten();
        let of = |f: fn(&Placed) -> f32| placed.as_ref().map_or(0.0, f);
        row.push_of(side, "placed", f32::from(placed.is_some()));
        row.push_of(side, "height", of(|line| line.height));
        row.push_of(side, "advance", of(|line| line.advance));
        row.push_of(side, "indent", of(|line| line.indent));
        row.push_of(side, "fill", of(|line| line.fill));
        row.push_of(side, "off_centre", of(|line| line.indent - line.fill));
        row.push_of(side, "above", of(|line| line.above));
        row.push_of(side, "below", of(|line| line.below));
    }

    /// Measures where a line stands on the page, for its role.
    pub(super) fn measure_place(&self, line: usize, row: &mut Row) {
        let placed = self.lines[line];
        let of = |f: fn(&Placed) -> f32| placed.as_ref().map_or(0.0, f);
        row.push("column", of(|line| line.column));
        row.push("wide", of(|line| line.bounds.width()) / of(|line| line.bounds.height()).max(1.0));
        row.push("depth", of(|line| line.depth));
        let same = |other: Option<usize>| self.same_block(Some(line), other);
        row.flag("opens_block", !same(line.checked_sub(1)));
        row.flag("closes_block", !same(Some(line + 1)));
        row.push("indent_share", self.indent_share);
    }

    /// Measures two lines side by side: whether one stands below the other, and how alike they are.
    pub(super) fn measure_seam(&self, before: usize, behind: usize, row: &mut Row) {
        let (a, b) = (self.lines[before], self.lines[behind]);
        let (down, left, right, size) = match (a, b) {
            (Some(a), Some(b)) if a.page == b.page => {
                let em = a.bounds.height().max(b.bounds.height()).max(f32::MIN_POSITIVE);
                (
                    ((b.bounds.middle() - a.bounds.middle()) / em).clamp(-FAR, FAR),
                    ((b.bounds.left - a.bounds.left) / em).clamp(-FAR, FAR),
                    ((b.bounds.right - a.bounds.right) / em).clamp(-FAR, FAR),
                    b.height / a.height.max(0.1),
                )
            }
            _ => (-FAR, FAR, FAR, 1.0),
        };
        row.push("down", down);
        row.push("left", left);
        row.push("right", right);
        row.push("size", size);
        row.flag("same_block", self.same_block(Some(before), Some(behind)));
        row.push("indent_share", self.indent_share);
    }

    /// True when two lines stand in one block of the file.
    pub(super) fn same_block(&self, a: Option<usize>, b: Option<usize>) -> bool {
        let block = |line: Option<usize>| {
            let placed = self.lines.get(line?).copied().flatten()?;
            Some((placed.page, placed.block))
        };
        block(a).is_some() && block(a) == block(b)
    }

    /// Without boxes, to learn the names of features.
    pub(super) fn example(lines: usize) -> Self {
        Self { lines: vec![None; lines], indent_share: 0.0, printed: true }
    }
}

fn is_indent(indent: f32) -> bool {
    (1.4..2.6).contains(&indent)
}

/// The boxes, turned where most lines run from top to bottom.
fn turned(found: &[Option<&LayoutLine>]) -> Vec<Option<Rect>> {
    let boxes = found.iter().map(|line| line.and_then(|line| line.bounds));
    let upright = boxes.clone().flatten().filter(|bounds| bounds.is_upright()).count();
    let turn = 2 * upright > boxes.clone().flatten().count();
    let turned = |bounds: Rect| match turn {
        true => Rect {
            left: bounds.top,
            top: -bounds.right,
            right: bounds.bottom,
            bottom: -bounds.left,
        },
        false => bounds,
    };
    boxes.map(|bounds| bounds.map(turned)).collect()
}

/// The body text of a file: its measures are the yardstick.
struct Body {
    /// Width of a character in the unit of the file.
    em: f32,
    height: f32,
    /// From one line to the next.
    pitch: f32,
}

/// Shortest line in ems whose width tells that of a character.
const LONG: f32 = 6.0;

impl Body {
    fn of(page: &Page, boxes: &[Option<Rect>]) -> Self {
        let lines = || page.lines.iter().zip(boxes).filter_map(|(line, b)| Some((line, (*b)?)));
        let long = lines().filter(|(line, _)| line.width >= LONG);
        let height = median(lines().map(|(_, bounds)| bounds.height())).unwrap_or(1.0).max(1e-3);
        let em = median(long.map(|(line, bounds)| advance(line, bounds))).unwrap_or(height);
        let steps = boxes.windows(2).filter_map(|pair| {
            let (a, b) = (pair[0]?, pair[1]?);
            let down = b.middle() - a.middle();
            (down > 0.5 * height && down < 4.0 * height).then_some(down)
        });
        let pitch = median(steps).unwrap_or(1.5 * height);
        Self { em: em.max(1e-3), height, pitch: pitch.max(1e-3) }
    }
}

/// Width of a character. Half of the cell of a mark at either end is white.
fn advance(line: &PageLine, bounds: Rect) -> f32 {
    bounds.width() / (line.width - 0.25).max(0.5)
}

fn place(
    page: &Page,
    found: &[Option<&LayoutLine>],
    boxes: &[Option<Rect>],
    body: &Body,
    i: usize,
    bounds: Rect,
) -> Placed {
    let own = found[i];
    let number = own.map_or(0, |line| line.page);
    let (left, right) = column(found, boxes, body, i, bounds);
    let on_page = || {
        boxes.iter().enumerate().filter_map(move |(j, other)| {
            let same = found[j].is_some_and(|line| line.page == number);
            other.filter(|_| same && j != i)
        })
    };
    let near = || on_page().filter(|other| shared(bounds, *other) > 0.3);
    let nearest = |distances: &mut dyn Iterator<Item = f32>| {
        distances.filter(|d| *d > 0.3 * body.pitch).fold(f32::INFINITY, f32::min)
    };
    let above = nearest(&mut near().map(|other| bounds.middle() - other.middle()));
    let below = nearest(&mut near().map(|other| other.middle() - bounds.middle()));
    let all = Rect::around(on_page().chain([bounds])).unwrap_or(bounds);
    Placed {
        bounds,
        page: number,
        block: own.map_or(0, |line| line.block),
        kind: own.and_then(|line| line.kind),
        height: bounds.height() / body.height,
        advance: advance(&page.lines[i], bounds) / body.em,
        indent: ((bounds.left - left) / body.em).clamp(-FAR, 4.0 * FAR),
        fill: ((right - bounds.right) / body.em).clamp(-FAR, 4.0 * FAR),
        column: (right - left) / body.em,
        above: (above / body.pitch).min(FAR),
        below: (below / body.pitch).min(FAR),
        depth: (bounds.middle() - all.top) / all.height().max(1e-3),
    }
}

/// The edges of the column a line stands in: those of its neighbours in reading order that stand
/// above or below it and are of its size.
fn column(
    found: &[Option<&LayoutLine>],
    boxes: &[Option<Rect>],
    body: &Body,
    i: usize,
    bounds: Rect,
) -> (f32, f32) {
    let from = i.saturating_sub(NEIGHBOURHOOD);
    let to = (i + NEIGHBOURHOOD + 1).min(boxes.len());
    let page = found[i].map(|line| line.page);
    let alike = |j: &usize| {
        let Some(other) = boxes[*j] else { return false };
        let (low, high) =
            (bounds.height().min(other.height()), bounds.height().max(other.height()));
        found[*j].map(|line| line.page) == page
            && high < 1.3 * low.max(0.7 * body.height)
            && shared(bounds, other) > 0.3
            && other.width() < 1.5 * bounds.width().max(8.0 * body.em)
    };
    let lines: Vec<Rect> = (from..to).filter(alike).filter_map(|j| boxes[j]).collect();
    let mut left: Vec<f32> = lines.iter().map(|line| line.left).collect();
    let mut right: Vec<f32> = lines.iter().map(|line| line.right).collect();
    left.sort_by(f32::total_cmp);
    right.sort_by(f32::total_cmp);
    match (left.get(left.len() / 4), right.get(right.len() * 3 / 4)) {
        (Some(left), Some(right)) => (*left, *right),
        _ => (bounds.left, bounds.right),
    }
}

/// Part of the narrower width that two boxes share.
fn shared(a: Rect, b: Rect) -> f32 {
    (a.right.min(b.right) - a.left.max(b.left)) / a.width().min(b.width()).max(f32::MIN_POSITIVE)
}

fn median(numbers: impl Iterator<Item = f32>) -> Option<f32> {
    let mut numbers: Vec<f32> = numbers.collect();
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied()
}
