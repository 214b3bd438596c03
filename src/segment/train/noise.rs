//! Noisy copies of pages, so that nothing is learnt that only one generator of pages does.

use super::labels::{Labelled, LabelledSeam, PageRecord, label};
use super::page_of;
use crate::lexicon::Lexicon;
use crate::segment::page::{Edge, Page, PageLine, Shape};
use crate::segment::roles::Role;
use crate::source::Source;

/// A stream of numbers that look random and are always the same.
struct Noise(u64);

impl Noise {
    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        // Knuth's linear congruential generator; the high bits are the good ones.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// A copy whose lines are up to two characters wider or narrower, that has lost some final marks,
/// and that has blank lines everywhere or indents where paragraphs start.
pub(super) fn copy(labelled: &Labelled) -> Labelled {
    let mut noise = Noise(u64::from(labelled.group).wrapping_add(labelled.page.lines.len() as u64));
    let mut page = Page {
        lines: labelled.page.lines.clone(),
        column: labelled.page.column.clone(),
        ..labelled.page
    };
    let blank_lines = noise.below(2) == 0;
    let indents = noise.below(2) == 0;
    let mut goes_on = vec![false; page.lines.len()];
    for seam in labelled.seams.iter().filter(|seam| seam.joins) {
        goes_on[seam.behind] = true;
    }
    for (line, goes_on) in page.lines.iter_mut().zip(goes_on) {
        line.width = (line.width + noise.below(9) as f32 / 2.0 - 2.0).max(0.5);
        if blank_lines {
            line.blank_before = 1;
        }
        // One indent in eight is lost, one line in thirty gets one.
        line.indent = match (indents, goes_on) {
            (true, false) if noise.below(8) > 0 => 2.0,
            (true, true) if noise.below(30) == 0 => 2.0,
            _ => 0.0,
        };
        if line.last() == Edge::Stop && noise.below(12) == 0 {
            line.chars.pop();
        }
    }
    let count = page.lines.len().max(1) as f32;
    if blank_lines {
        page.blank_share = 1.0;
    }
    page.indent_share = page.lines.iter().filter(|line| line.indent > 0.0).count() as f32 / count;
    let shape = page.shape;
    page.weigh_widths();
    page.shape = shape;
    Labelled {
        page,
        roles: labelled.roles.clone(),
        captions: labelled.captions.clone(),
        seams: labelled.seams.iter().map(|seam| half(*seam)).collect(),
        closures: Vec::new(),
        group: labelled.group,
        weight: 0.5 * labelled.weight,
    }
}

fn half(seam: LabelledSeam) -> LabelledSeam {
    LabelledSeam { weight: 0.5 * seam.weight, ..seam }
}

/// A copy with the page furniture `furniture` in the middle of the text: the text runs on over a
/// page turn.
pub(super) fn turn_page(labelled: Labelled, furniture: &[PageLine]) -> Labelled {
    let beside = |seam: &&LabelledSeam| seam.behind == seam.before + 1;
    let places: Vec<usize> = labelled.seams.iter().filter(beside).map(|s| s.behind).collect();
    if places.is_empty() || furniture.is_empty() {
        return labelled;
    }
    let mut noise = Noise(u64::from(labelled.group).wrapping_add(7));
    let place = places[noise.below(places.len() as u64) as usize];
    insert(labelled, place, furniture, Role::Furniture)
}

/// Names of columns and sections, as they stand in a line of their own above or below a headline.
const COLUMN_NAMES: &str = "时评\n快评\n短评\n社论\n声音\n观察\n热点\n关注\n特写\n侧记\n访谈\n人物\n\
    今日谈\n快讯\n微评\n一线见闻\n记者手记\n新闻链接\n延伸阅读\n图片新闻\n民生话题\n相关新闻\n数读\n";

/// The lines [`name_column`] draws from.
pub(super) fn column_names(lexicon: &Lexicon) -> Vec<PageLine> {
    page_of(COLUMN_NAMES, Shape::Blocks, lexicon).lines
}

/// A copy with the name of a column below one of its headlines: a short line there need not be the
/// end of the headline.
pub(super) fn name_column(labelled: Labelled, names: &[PageLine]) -> Labelled {
    let roles = &labelled.roles;
    let title = |i: usize| roles.get(i) == Some(&Some(Role::Title));
    let places: Vec<usize> = (1..roles.len()).filter(|i| title(i - 1) && !title(*i)).collect();
    if places.is_empty() {
        return labelled;
    }
    let mut noise = Noise(u64::from(labelled.group).wrapping_add(23));
    let place = places[noise.below(places.len() as u64) as usize];
    let name = noise.below(names.len() as u64) as usize;
    insert(labelled, place, &names[name..=name], Role::Title)
}

/// A copy with `lines` of `role` before line `place`, which belong to nothing around them.
fn insert(labelled: Labelled, place: usize, lines: &[PageLine], role: Role) -> Labelled {
    let Labelled { mut page, mut roles, captions, seams, group, weight, .. } = labelled;
    let count = lines.len();
    page.lines.splice(place..place, lines.iter().cloned());
    roles.splice(place..place, vec![Some(role); count]);
    page.count_repeats();
    let shape = page.shape;
    page.weigh_widths();
    page.shape = shape;
    let moved = |i: usize| if i >= place { i + count } else { i };
    let mut seams: Vec<LabelledSeam> = seams
        .iter()
        .map(|s| LabelledSeam { before: moved(s.before), behind: moved(s.behind), ..*s })
        .collect();
    for (before, behind) in [(place - 1, place), (place + count - 1, place + count)] {
        seams.push(LabelledSeam { before, behind, joins: false, weight: 0.5 * weight });
    }
    let captions = captions
        .into_iter()
        .filter(|run| !(run.start < place && place < run.end))
        .map(|run| moved(run.start)..moved(run.end - 1) + 1)
        .collect();
    Labelled { page, roles, captions, seams, closures: Vec::new(), group, weight }
}

/// The furniture at the bottom of a page, then that at its top: what stands at a page turn.
pub(super) fn furniture(labelled: &Labelled) -> Vec<PageLine> {
    let lines = labelled.page.lines.iter().zip(&labelled.roles);
    let (top, bottom): (Vec<_>, Vec<_>) = lines
        .enumerate()
        .filter(|(_, (_, role))| **role == Some(Role::Furniture))
        .partition(|(i, _)| *i < labelled.page.lines.len() / 2);
    bottom.into_iter().chain(top).map(|(_, (line, _))| line.clone()).collect()
}

/// The text of a printed page whose line ends were moved by up to `by` characters wherever a
/// paragraph goes on in the next line: what ragged columns look like.
pub fn ragged(record: &PageRecord, by: usize, lexicon: &Lexicon) -> String {
    let labelled = label(record, Shape::Printed, lexicon);
    let source = Source::new(&record.id, record.ocr(Shape::Printed));
    let mut noise = Noise(u64::from(labelled.group));
    let number = |line: usize| labelled.page.lines[line].number;
    let mut lines: Vec<Vec<char>> =
        source.lines().iter().map(|line| line.span.of(source.text()).chars().collect()).collect();
    for seam in labelled.seams.iter().filter(|seam| seam.joins) {
        let (before, behind) = (number(seam.before), number(seam.behind));
        if behind != before + 1 {
            continue;
        }
        let moved = noise.below(2 * by as u64 + 1) as usize;
        if moved < by {
            let pulled = (by - moved).min(lines[behind].len().saturating_sub(1));
            let pulled: Vec<char> = lines[behind].drain(..pulled).collect();
            lines[before].extend(pulled);
        } else {
            let kept = lines[before].len() - (moved - by).min(lines[before].len() - 1);
            let pushed = lines[before].split_off(kept);
            lines[behind].splice(..0, pushed);
        }
    }
    let lines: Vec<String> = lines.into_iter().map(String::from_iter).collect();
    lines.join("\n") + "\n"
}

/// A few lines out of the middle of a page, as a proofreader pastes them.
pub(super) fn excerpt(labelled: &Labelled) -> Labelled {
    let count = labelled.page.lines.len();
    let mut noise = Noise(u64::from(labelled.group).wrapping_add(99));
    let length = (2 + noise.below(7) as usize).min(count);
    let first = noise.below((count - length + 1) as u64) as usize;
    let lines = first..first + length;
    let mut page = Page {
        lines: labelled.page.lines[lines.clone()].to_vec(),
        column: Vec::new(),
        ..labelled.page
    };
    for line in &mut page.lines {
        line.repeats = 0;
    }
    page.weigh_widths();
    page.shape = labelled.page.shape;
    let within =
        |seam: &&LabelledSeam| lines.contains(&seam.before) && lines.contains(&seam.behind);
    let moved = |seam: &LabelledSeam| LabelledSeam {
        before: seam.before - first,
        behind: seam.behind - first,
        ..*seam
    };
    Labelled {
        page,
        roles: labelled.roles[lines.clone()].to_vec(),
        captions: labelled
            .captions
            .iter()
            .filter(|run| run.start >= lines.start && run.end <= lines.end)
            .map(|run| run.start - first..run.end - first)
            .collect(),
        seams: labelled.seams.iter().filter(within).map(moved).collect(),
        closures: labelled.closures.iter().filter(within).map(moved).collect(),
        group: labelled.group,
        weight: labelled.weight,
    }
}
