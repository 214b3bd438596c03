//! Reading order of lines of which only the boxes are known: engines list them from the top of the
//! page to the bottom, across all columns.
//!
//! Lines that stand below one another make a block; blocks are put in order by two rules, after
//! Breuel, High Performance Document Layout Analysis (2003): of two blocks above one another the
//! upper comes first; of two beside one another the left one, unless a headline stands between.

use super::Rect;
use super::draft::{Block, Line};

/// Lines of a page beyond which the order of the file is kept: no printed page has so many.
const MOST_LINES: usize = 5_000;
/// The same for blocks.
const MOST_BLOCKS: usize = 1_000;
/// Widest gap inside a line, in line heights: engines part a line at a wide space. Columns stand
/// further apart.
const GAP_IN_LINE: f32 = 1.0;
/// Widest gap between two lines of a block, in line heights.
const GAP_IN_BLOCK: f32 = 1.3;
/// A line this much higher than most is a headline.
const TITLE: f32 = 1.25;
/// Lines shorter than this, in line heights, are taken to be so long.
const SHORT: f32 = 5.0;
/// How far right of its caption a credit may start, in line heights.
const CREDIT_REACH: f32 = 25.0;
/// Two lines stand above one another when they share this part of the narrower one's width.
const SHARED: f32 = 0.3;

/// Puts lines into blocks and these into reading order. Lines without a box come last.
pub(super) fn blocks(lines: Vec<Line>) -> Vec<Block> {
    let (placed, lost): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| line.bounds.is_some());
    let mut blocks = if placed.len() > MOST_LINES {
        vec![Block { lines: placed, ..Block::default() }]
    } else {
        order_blocks(placed)
    };
    if !lost.is_empty() {
        blocks.push(Block { lines: lost, ..Block::default() });
    }
    for block in &mut blocks {
        block.bounds = Rect::around(block.lines.iter().filter_map(|line| line.bounds));
    }
    blocks
}

fn order_blocks(lines: Vec<Line>) -> Vec<Block> {
    let upright = is_upright(&lines);
    let lines = merge_rows(lines, upright);
    let boxes: Vec<Rect> = lines.iter().map(|line| turned(line, upright)).collect();
    let em = median(boxes.iter().map(|line| line.height()));
    let groups = chains(&boxes.iter().map(|line| widened(*line, em)).collect::<Vec<_>>(), em);
    let opens: Vec<bool> = lines.iter().map(opens_continuation).collect();
    let groups = parted(adopt(groups, &boxes, em), &opens);
    let order = if groups.len() > MOST_BLOCKS {
        (0..groups.len()).collect()
    } else {
        let outlines: Vec<Outline> =
            groups.iter().map(|group| Outline::of(group, &boxes, em)).collect();
        let continued: Vec<usize> = (0..groups.len()).filter(|i| opens[groups[*i][0]]).collect();
        sort(&headed(spread(outlines, &boxes), &continued, em))
    };
    let mut lines: Vec<Option<Line>> = lines.into_iter().map(Some).collect();
    let mut take = |group: &Vec<usize>| Block {
        lines: group.iter().filter_map(|line| lines[*line].take()).collect(),
        ..Block::default()
    };
    order.into_iter().map(|number| take(&groups[number])).collect()
}

/// True when most characters stand in lines that run from top to bottom.
fn is_upright(lines: &[Line]) -> bool {
    let letters = |line: &Line| line.words.iter().map(|w| w.field.letters.len()).sum::<usize>();
    let long = lines.iter().filter(|line| letters(line) > 2);
    let (mut down, mut across) = (0, 0);
    for line in long {
        match line.bounds.is_some_and(Rect::is_upright) {
            true => down += letters(line),
            false => across += letters(line),
        }
    }
    down > across
}

/// The box of a line, the page turned so that upright lines run across and follow from the top.
fn turned(line: &Line, upright: bool) -> Rect {
    let bounds = line.bounds.unwrap_or(Rect { left: 0.0, top: 0.0, right: 0.0, bottom: 0.0 });
    if !upright {
        return bounds;
    }
    let Rect { left, top, right, bottom } = bounds;
    Rect { left: top, top: -right, right: bottom, bottom: -left }
}

fn median(numbers: impl Iterator<Item = f32>) -> f32 {
    let mut numbers: Vec<f32> = numbers.collect();
    numbers.sort_by(f32::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(1.0).max(f32::MIN_POSITIVE)
}

/// Puts boxes of one printed line together and sorts lines from the top.
fn merge_rows(mut lines: Vec<Line>, upright: bool) -> Vec<Line> {
    lines.sort_by(|a, b| {
        let (a, b) = (turned(a, upright), turned(b, upright));
        a.left.total_cmp(&b.left).then(a.top.total_cmp(&b.top))
    });
    let mut merged: Vec<Line> = Vec::new();
    for mut line in lines {
        let own = turned(&line, upright);
        let before = merged.iter_mut().rev().find(|before| {
            let other = turned(before, upright);
            same_row(other, own) && {
                let gap = (own.left - other.right) / own.height().min(other.height());
                (-0.5..=GAP_IN_LINE).contains(&gap)
            }
        });
        match before {
            Some(before) => {
                line.words.first_mut().into_iter().for_each(|word| word.spaced = true);
                before.words.append(&mut line.words);
                before.bounds = Rect::around(before.bounds.into_iter().chain(line.bounds));
            }
            None => merged.push(line),
        }
    }
    merged.sort_by(|a, b| {
        let (a, b) = (turned(a, upright), turned(b, upright));
        a.top.total_cmp(&b.top).then(a.left.total_cmp(&b.left))
    });
    merged
}

fn same_row(a: Rect, b: Rect) -> bool {
    let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
    low > 0.0 && high < 1.5 * low && a.bottom.min(b.bottom) - a.top.max(b.top) > 0.6 * low
}

/// The last line of a paragraph may be one character, which stands over the indent of the next.
fn widened(line: Rect, em: f32) -> Rect {
    Rect { right: line.right.max(line.left + SHORT * em), ..line }
}

/// The last line of a paragraph takes up its row, however short it is: no line further down follows
/// the one above it.
fn full(line: Rect, above: Rect, em: f32) -> Rect {
    match (line.left - above.left).abs() < em && line.right < above.right && alike(above, line, em)
    {
        true => Rect { right: above.right, ..line },
        false => line,
    }
}

/// Part of the narrower width that two boxes share.
fn shared(a: Rect, b: Rect) -> f32 {
    (a.right.min(b.right) - a.left.max(b.left)) / a.width().min(b.width()).max(f32::MIN_POSITIVE)
}

/// Lines that follow one another down a column; `boxes` are sorted from the top.
fn chains(boxes: &[Rect], em: f32) -> Vec<Vec<usize>> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); boxes.len()];
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); boxes.len()];
    for (i, line) in boxes.iter().enumerate() {
        let next = neighbours_below(boxes, i, line, em);
        for j in &next {
            above[*j].push(i);
        }
        below[i] = next;
    }
    let follows = |i: usize| match below[i].as_slice() {
        [j] if above[*j].len() == 1 && alike(boxes[i], boxes[*j], em) => Some(*j),
        _ => None,
    };
    let mut led = vec![false; boxes.len()];
    (0..boxes.len()).filter_map(follows).for_each(|j| led[j] = true);
    let heads = (0..boxes.len()).filter(|i| !led[*i]);
    let chain = |head| std::iter::successors(Some(head), |i| follows(*i)).collect();
    heads.map(chain).collect()
}

/// The credit of a picture stands at the right end under its caption, with nothing above it in its
/// own column: such a line just below a short block belongs to it.
fn adopt(mut groups: Vec<Vec<usize>>, boxes: &[Rect], em: f32) -> Vec<Vec<usize>> {
    let bounds = |group: &Vec<usize>| Rect::around(group.iter().map(|line| boxes[*line]));
    for i in (0..groups.len()).rev() {
        let [line] = groups[i].as_slice() else { continue };
        let own = boxes[*line];
        let covers = |other: &Rect| {
            let gap = own.top - other.bottom;
            (-0.5 * em..2.0 * em).contains(&gap) && shared(own, *other) > SHARED
        };
        let belongs = |group: &Vec<usize>| {
            let (Some(bounds), Some(last)) = (bounds(group), group.last()) else { return false };
            let last = boxes[*last];
            let near = group.len() < 4
                && (-0.3 * em..0.6 * em).contains(&(own.top - last.bottom))
                && (bounds.left - 0.5 * em..=bounds.right + CREDIT_REACH * em).contains(&own.left)
                && alike(last, own, em);
            let others = || (0..boxes.len()).filter(|other| !group.contains(other));
            let alone = || !others().any(|other| covers(&boxes[other]));
            near && (own.right <= bounds.right + 0.5 * em || alone())
        };
        let above = groups.iter().position(belongs);
        if let Some(above) = above.filter(|above| *above != i) {
            let line = groups[i][0];
            groups[above].push(line);
            groups.remove(i);
        }
    }
    groups
}

/// The lines just below a line: nothing stands between.
fn neighbours_below(boxes: &[Rect], i: usize, line: &Rect, em: f32) -> Vec<usize> {
    let reach = line.bottom + (GAP_IN_BLOCK + 2.0) * em;
    let mut next: Vec<usize> = Vec::new();
    let behind = boxes.iter().enumerate().skip(i + 1);
    for (j, other) in behind.take_while(|(_, other)| other.top <= reach) {
        let lower = other.middle() > line.bottom.min(other.bottom) && other.top > line.middle();
        let hidden = next.iter().any(|k| {
            let between = full(boxes[*k], *line, em);
            between.middle() < other.top.max(between.bottom - 0.3 * em)
                && shared(between, *other) > SHARED
        });
        if lower && !hidden && shared(*line, *other) > SHARED {
            next.push(j);
        }
    }
    next
}

/// True for two lines of one block: close, and of about one height.
fn alike(a: Rect, b: Rect, em: f32) -> bool {
    let (low, high) = (a.height().min(b.height()), a.height().max(b.height()));
    b.top - a.bottom < GAP_IN_BLOCK * em && (high < 1.35 * low || high < 1.15 * em)
}

/// True for the line （上接第1版） at the head of a story that began on another page, also where an
/// engine has misread the first character. (Files are read before the dictionaries, which know it too.)
fn opens_continuation(line: &Line) -> bool {
    let letters = line.words.iter().flat_map(|word| &word.field.letters);
    let start: Vec<char> = letters.map(|letter| letter.character).take(12).collect();
    let turn = start.windows(2).position(|two| matches!(two, ['上' | '士' | '土' | '止', '接']));
    turn.is_some_and(|turn| turn <= 2 && start[turn..].iter().any(|c| matches!(c, '版' | '板')))
}

/// Groups with each line that `opens` a story in one of its own.
fn parted(groups: Vec<Vec<usize>>, opens: &[bool]) -> Vec<Vec<usize>> {
    let parts = |group: Vec<usize>| -> Vec<Vec<usize>> {
        group.chunk_by(|a, b| !opens[*a] && !opens[*b]).map(<[usize]>::to_vec).collect()
    };
    groups.into_iter().flat_map(parts).collect()
}

/// A block as the rules of order see it.
#[derive(Clone, Copy)]
struct Outline {
    bounds: Rect,
    title: bool,
    /// Lines of the block.
    lines: usize,
    zone: Zone,
}

/// Running heads stand above all columns, and feet below them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Zone {
    Head,
    Columns,
    Foot,
}

impl Outline {
    fn of(group: &[usize], boxes: &[Rect], em: f32) -> Self {
        let lines = group.iter().map(|line| boxes[*line]);
        let bounds = Rect::around(lines.clone()).unwrap_or(boxes[group[0]]);
        let title = median(lines.map(Rect::height)) > TITLE * em;
        Self { bounds, title, lines: group.len(), zone: Zone::Columns }
    }
}

/// A headline or single line that stands alone in its rows parts the whole page; a caption under a
/// wide picture does not part the columns it spans, and belongs to the first of them.
fn spread(mut outlines: Vec<Outline>, boxes: &[Rect]) -> Vec<Outline> {
    let Some(page) = Rect::around(boxes.iter().copied()) else { return outlines };
    let columns: Vec<Rect> = outlines
        .iter()
        .filter(|block| !block.title && block.lines >= 4)
        .map(|block| block.bounds)
        .collect();
    let column = median(columns.iter().map(|column| column.width()));
    let blocks = outlines.iter().filter(|block| !block.title && block.lines >= 3);
    let inner = Rect::around(blocks.map(|block| block.bounds));
    for outline in outlines.iter_mut().filter(|block| block.lines <= 2) {
        outline.zone = match inner {
            Some(inner) if outline.bounds.bottom < inner.top => Zone::Head,
            Some(inner) if outline.bounds.top > inner.bottom => Zone::Foot,
            _ => Zone::Columns,
        };
    }
    for i in 0..outlines.len() {
        let own = outlines[i];
        let beside = |(j, other): (usize, &Outline)| {
            j != i && other.bounds.top < own.bounds.bottom && own.bounds.top < other.bounds.bottom
        };
        let alone = !outlines.iter().enumerate().any(beside);
        if alone && (own.title || own.lines == 1) {
            (outlines[i].bounds.left, outlines[i].bounds.right) = (page.left, page.right);
            outlines[i].title = true;
        } else if !own.title && own.bounds.width() > 1.2 * column && column > 1.0 {
            outlines[i].bounds.right = own.bounds.left + column;
        }
    }
    outlines
}

/// The line above a continued story, one of the blocks `continued`, parts the page as a headline
/// does, over all columns that break off above it.
fn headed(mut outlines: Vec<Outline>, continued: &[usize], em: f32) -> Vec<Outline> {
    for i in continued {
        let own = outlines[*i].bounds;
        let above = own.top - 0.8 * em;
        let crossing = outlines.iter().map(|other| other.bounds);
        let crossing = crossing.filter(|other| other.top < above && other.bottom > above);
        let (before, behind): (Vec<Rect>, Vec<Rect>) =
            crossing.partition(|other| other.centre() < own.centre());
        let page = Rect::around(outlines.iter().map(|other| other.bounds)).unwrap_or(own);
        let left = before.iter().map(|other| other.right).fold(page.left, f32::max);
        let right = behind.iter().map(|other| other.left).fold(page.right, f32::min);
        let headline = &mut outlines[*i];
        (headline.bounds.left, headline.bounds.right) = (left.min(own.left), right.max(own.right));
        headline.title = true;
    }
    outlines
}

/// Numbers of the blocks in reading order.
fn sort(blocks: &[Outline]) -> Vec<usize> {
    let count = blocks.len();
    let mut waits: Vec<usize> = vec![0; count];
    let mut frees: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (i, a) in blocks.iter().enumerate() {
        for (j, b) in blocks.iter().enumerate() {
            if i != j && comes_before(a, b, blocks) {
                frees[i].push(j);
                waits[j] += 1;
            }
        }
    }
    let mut order = Vec::with_capacity(count);
    let mut waiting: Vec<usize> = (0..count).collect();
    waiting.sort_by(|a, b| {
        let (a, b) = (blocks[*a].bounds, blocks[*b].bounds);
        a.top.total_cmp(&b.top).then(a.left.total_cmp(&b.left))
    });
    while !waiting.is_empty() {
        // Where the rules run in a circle, the uppermost block breaks it.
        let next = waiting.iter().position(|block| waits[*block] == 0).unwrap_or(0);
        let block = waiting.remove(next);
        for freed in std::mem::take(&mut frees[block]) {
            waits[freed] = waits[freed].saturating_sub(1);
        }
        order.push(block);
    }
    order
}

fn comes_before(a: &Outline, b: &Outline, blocks: &[Outline]) -> bool {
    let (own, other) = (a.bounds, b.bounds);
    if a.zone != b.zone {
        return a.zone < b.zone;
    }
    if shared(own, other) > 0.2 {
        return own.middle() < other.middle();
    }
    let parts = |c: &&Outline| {
        let between = |upper: Rect, lower: Rect| {
            upper.middle() < c.bounds.middle()
                && c.bounds.middle() < lower.middle()
                && upper.top < c.bounds.top
                && c.bounds.bottom < lower.bottom
        };
        c.title
            && shared(own, c.bounds) > SHARED
            && shared(other, c.bounds) > SHARED
            && (between(own, other) || between(other, own))
    };
    own.centre() < other.centre() && !blocks.iter().any(|c| parts(&c))
}
