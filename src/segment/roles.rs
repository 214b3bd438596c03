//! The role of a line on the page.

use std::ops::Range;

use super::block::BlockKind;
use super::page::{Edge, Page, PageLine, is_han};
use super::seam::{Odds, Seams};
use crate::learn::Row;
use crate::lexicon::{Lexicon, Mark};

/// What a line does on the page, as far as its looks and its neighbours tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Running text.
    Text,
    /// Headline, kicker, subhead.
    Title,
    /// 署名
    Byline,
    /// 图片说明
    Caption,
    /// 报眉、版次
    Furniture,
}

impl Role {
    /// All roles, in the order of [`Roles`].
    pub const ALL: [Role; 5] =
        [Role::Text, Role::Title, Role::Byline, Role::Caption, Role::Furniture];

    /// Their names in the model, in the same order.
    pub const NAMES: [&'static str; 5] = ["text", "title", "byline", "caption", "furniture"];
}

/// How likely a line plays each role; the five add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roles(pub [f32; 5]);

impl Roles {
    /// The probability of `role`.
    pub fn of(&self, role: Role) -> f32 {
        self.0[role as usize]
    }

    /// From the opinions of five forests, one against all others each.
    pub(super) fn from_opinions(opinions: [f32; 5]) -> Self {
        let sum: f32 = opinions.iter().sum();
        Self(opinions.map(|opinion| opinion / sum.max(f32::MIN_POSITIVE)))
    }

    /// The features of a line, by name.
    pub(super) fn names(lexicon: &Lexicon) -> Vec<String> {
        let page = Page::example(lexicon);
        let mut row = Row::named();
        measure(&page, &Closures::find(&page, lexicon), 0, &mut row);
        row.names().to_vec()
    }

    /// The most likely role.
    pub fn best(&self) -> Role {
        let best = |a: &&Role, b: &&Role| self.of(**a).total_cmp(&self.of(**b));
        *Role::ALL.iter().max_by(best).unwrap_or(&Role::Text)
    }
}

/// The roles of all lines.
pub(super) fn weigh(page: &Page, closures: &Closures, lexicon: &Lexicon) -> Vec<Roles> {
    let model = lexicon.structure().of(page.shape);
    let mut row = Row::default();
    (0..page.lines.len())
        .map(|i| {
            row.clear();
            measure(page, closures, i, &mut row);
            Roles::from_opinions(std::array::from_fn(|r| model.roles[r].opinion(row.values())))
        })
        .collect()
}

/// Longest caption in lines, of the dev pages and of the papers looked at.
pub(super) const LONGEST_CAPTION: usize = 5;

/// How well the text closes over runs of lines: what a caption in the middle of a sentence shows.
pub(super) struct Closures {
    /// Odds that text goes on from the line before to this one.
    into: Vec<Odds>,
    /// The best closure over each line.
    best: Vec<Closure>,
    all: Vec<Closure>,
}

/// A run of lines that could be taken out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closure {
    /// First line of the run.
    first: usize,
    /// Lines of the run.
    lines: usize,
    /// Odds of the seam over the run, less those of the seams into and out of it.
    pub(super) gain: Odds,
    /// Odds of the seam over the run.
    pub(super) over: Odds,
    /// Odds of the seam into the run.
    pub(super) into: Odds,
    /// Odds of the seam out of it.
    pub(super) out_of: Odds,
    /// The last line of the run is a credit.
    pub(super) credited: bool,
}

impl Closure {
    /// The lines of the run.
    pub(super) fn run(&self) -> Range<usize> {
        self.first..self.first + self.lines
    }
}

impl Closures {
    /// Tries all runs of up to [`LONGEST_CAPTION`] lines.
    pub(super) fn find(page: &Page, lexicon: &Lexicon) -> Self {
        let seams = Seams::new(page, lexicon);
        let mut row = Row::default();
        Self::weigh(page, |before, behind| seams.draft(before, behind, &mut row))
    }

    /// Tries all runs; `draft` gives the odds that text goes on from one line to another.
    pub(super) fn weigh(page: &Page, mut draft: impl FnMut(usize, usize) -> Odds) -> Self {
        let count = page.lines.len();
        let mut into = vec![NO_SEAM; count + 1];
        for (i, odds) in into.iter_mut().enumerate().take(count).skip(1) {
            *odds = draft(i - 1, i);
        }
        let mut all: Vec<Closure> = Vec::new();
        let mut best: Vec<Option<Closure>> = vec![None; count];
        for first in 0..count {
            for lines in 1..=LONGEST_CAPTION.min(count - first) {
                let behind = first + lines;
                let inside = first > 0 && behind < count;
                let over = if inside { draft(first - 1, behind) } else { NO_SEAM };
                let (into, out_of) = (into[first], into[behind]);
                let gain = if inside { Odds::gain(over, into, out_of) } else { NO_SEAM };
                let credited = page.lines[behind - 1].marks.has(Mark::Credit);
                let closure = Closure { first, lines, gain, over, into, out_of, credited };
                for line in &mut best[first..behind] {
                    if line.is_none_or(|line| closure.gain.lines > line.gain.lines) {
                        *line = Some(closure);
                    }
                }
                all.push(closure);
            }
        }
        into.truncate(count);
        Self { into, best: best.into_iter().flatten().collect(), all }
    }

    /// All runs, by first line, then length.
    pub(super) fn all(&self) -> &[Closure] {
        &self.all
    }
}

/// Odds where there is no seam.
const NO_SEAM: Odds = Odds { lines: -20.0, text: -20.0 };

/// Marks that tell something about the role of a line.
const OWN_MARKS: [(Mark, &str); 17] = Mark::ALL;

/// Measures what the role of line `i` shows in.
pub(super) fn measure(page: &Page, closures: &Closures, i: usize, row: &mut Row) {
    let line = &page.lines[i];
    row.push("width", line.width);
    row.push("short", page.column[i] - line.width);
    row.push("column", page.column[i]);
    row.push("full_share", page.full_share);
    row.push("indent", line.indent);
    row.push("gaps", line.gaps.min(9) as f32);
    row.push("digits", line.digits as f32 / line.chars.len().max(1) as f32);
    row.push("han", line.han as f32 / line.chars.len().max(1) as f32);
    row.push("repeats", line.repeats.min(3) as f32);
    row.push("opened", line.opened.min(3) as f32);
    row.push("closed", line.closed.min(3) as f32);
    row.push("from_start", i.min(20) as f32);
    row.push("from_end", (page.lines.len() - 1 - i).min(20) as f32);
    row.push("lines", page.lines.len().min(40) as f32);
    row.push("head", line.head as u8 as f32);
    row.push("tail", line.tail as u8 as f32);
    let says = |c: char| line.chars.contains(&c);
    row.flag("camera", says('摄') || says('图'));
    for (mark, name) in OWN_MARKS {
        row.flag(name, line.marks.has(mark));
    }
    let closure = closures.best[i];
    row.push("closure.gain", closure.gain.lines);
    row.push("closure.over", closure.over.lines);
    row.push("closure.text_gain", closure.gain.text);
    row.push("closure.text_over", closure.over.text);
    row.push("closure.lines", closure.lines as f32);
    row.flag("closure.credited", closure.credited);
    let out_of = closures.into.get(i + 1).copied().unwrap_or(NO_SEAM);
    row.push("into", closures.into[i].lines);
    row.push("out_of", out_of.lines);
    row.push("text_into", closures.into[i].text);
    row.push("text_out_of", out_of.text);
    row.flag("furniture", furniture_evidence(line));
    row.push("furniture_near", furniture_near(page, i));
    row.push("blank", line.blank_before.min(3) as f32);
    row.push("blank_behind", page.lines.get(i + 1).map_or(1, |l| l.blank_before.min(3)) as f32);
    row.push("blank_share", page.blank_share);
    measure_signs("own", line, row);
    for (side, offset) in [("p2", -2isize), ("p1", -1), ("n1", 1), ("n2", 2), ("n3", 3)] {
        measure_neighbour(page, i, offset, side, row);
    }
}

fn measure_signs(side: &str, line: &PageLine, row: &mut Row) {
    row.push_of(side, "first", line.first() as u8 as f32);
    row.push_of(side, "last", line.last_clean() as u8 as f32);
    row.push_of(side, "ends", f32::from(line.ends_sentence()));
    row.push_of(side, "stops", line.stops.min(9) as f32);
    row.push_of(side, "commas", line.commas.min(9) as f32);
}

fn measure_neighbour(page: &Page, i: usize, offset: isize, side: &str, row: &mut Row) {
    let blank = PageLine::default();
    let j = i.checked_add_signed(offset).filter(|j| *j < page.lines.len());
    let line = j.map_or(&blank, |j| &page.lines[j]);
    row.push_of(side, "width", line.width);
    row.push_of(side, "short", j.map_or(0.0, |j| page.column[j] - line.width));
    measure_signs(side, line, row);
    let marks = line.marks;
    row.push_of(side, "credit", f32::from(marks.has(Mark::Credit)));
    row.push_of(side, "caption", f32::from(marks.has(Mark::Caption)));
    row.push_of(side, "byline", f32::from(marks.any(&[Mark::Byline, Mark::Lead])));
    row.push_of(side, "jump", f32::from(marks.any(&[Mark::JumpTo, Mark::JumpFrom])));
    row.push_of(side, "furniture", f32::from(furniture_evidence(line)));
}

/// Lines to the nearest other line with a sign of page furniture: it comes in groups.
fn furniture_near(page: &Page, i: usize) -> f32 {
    let evidence = |line: Option<&PageLine>| line.is_some_and(furniture_evidence);
    let near = (1..=FURNITURE_REACH).find(|distance| {
        let before = i.checked_sub(*distance).and_then(|j| page.lines.get(j));
        evidence(before) || evidence(page.lines.get(i + distance))
    });
    near.unwrap_or(FURNITURE_REACH + 1) as f32
}

/// Lines on either side in which the rest of a running head is looked for.
const FURNITURE_REACH: usize = 5;

/// True when something on the line or its repeats speak for page furniture; no line is taken for
/// it on its looks alone.
fn furniture_evidence(line: &PageLine) -> bool {
    shows_furniture(line) || line.repeats > 0 && !line.ends_sentence()
}

/// True when something on the line speaks for page furniture. A date under a headline is none,
/// and what stands between two brackets or quotation marks belongs to the text.
pub(crate) fn shows_furniture(line: &PageLine) -> bool {
    let marks = line.marks;
    let named = marks.any(&[Mark::Paper, Mark::Staff, Mark::Section, Mark::Weekday]);
    let numbered = marks.has(Mark::PageNumber) && line.chars.len() <= 6;
    let dated = (marks.has(Mark::Date) || has_misread_date(&line.chars))
        && line.chars.len() <= LONGEST_DATED;
    let called = marks.has(Mark::Hotline);
    !marks.any(&[Mark::DateLine, Mark::Byline, Mark::Subtitle])
        && !line.ends_sentence()
        && (line.first() != Edge::Open || line.opened > 0)
        && (named || numbered || dated || called)
}

/// True for a date one of whose signs or whose day is misread: 2031年5月121, 2031作5月7.
fn has_misread_date(chars: &[char]) -> bool {
    let digit = |c: &char| c.is_ascii_digit();
    chars.windows(4).enumerate().any(|(at, year)| {
        let behind = &chars[at + 4..];
        let month = behind.iter().skip(1).take_while(|c| digit(c)).count();
        matches!(year, ['1' | '2', b, c, d] if [b, c, d].into_iter().all(digit))
            && behind.first().is_some_and(|c| is_han(*c))
            && (1..=2).contains(&month)
            && behind.get(month + 1) == Some(&'月')
            && behind.get(month + 2).is_some_and(digit)
    })
}

/// Probability from which a line is taken for furniture because it repeats: so do headlines of
/// columns.
const REPEATED_FURNITURE: f32 = 0.9;

/// Longest running head in characters that shows by its date alone: a full date, the name of a
/// page and its number. Sentences have dates as well.
const LONGEST_DATED: usize = 18;

/// The kinds of all lines.
pub(super) fn kinds(page: &Page, roles: &[Roles], captions: &[Range<usize>]) -> Vec<BlockKind> {
    let mut kinds: Vec<BlockKind> =
        page.lines.iter().zip(roles).map(|(line, roles)| kind(line, roles)).collect();
    for run in captions {
        kinds[run.clone()].fill(BlockKind::Caption);
    }
    mark_verse(page, &mut kinds);
    kinds
}

fn kind(line: &PageLine, roles: &Roles) -> BlockKind {
    let marks = line.marks;
    // Text may be glued to 上接第1版.
    let jump =
        marks.has(Mark::JumpTo) || marks.has(Mark::JumpFrom) && line.commas + line.stops == 0;
    if jump && line.chars.len() <= LONGEST_JUMP {
        return BlockKind::Jump;
    }
    let mut roles = *roles;
    let sure = roles.of(Role::Furniture) >= REPEATED_FURNITURE;
    if !(shows_furniture(line) || furniture_evidence(line) && sure) {
        roles.0[Role::Furniture as usize] = 0.0;
    }
    // Captions are chosen as a whole; what is left over is none, except a credit alone.
    if !marks.has(Mark::Credit) {
        roles.0[Role::Caption as usize] = 0.0;
    }
    match roles.best() {
        Role::Furniture if marks.has(Mark::PageNumber) && line.chars.len() <= 6 => {
            BlockKind::PageNumber
        }
        Role::Furniture => BlockKind::RunningHead,
        Role::Caption => BlockKind::Caption,
        Role::Byline => BlockKind::Byline,
        _ if line.gaps >= 3 && line.stops == 0 && line.commas == 0 && line.digits > 0 => {
            BlockKind::Table
        }
        Role::Title if marks.has(Mark::Subtitle) => BlockKind::Subhead,
        Role::Title => BlockKind::Headline,
        Role::Text if marks.any(&[Mark::List, Mark::Heading]) => BlockKind::ListItem,
        Role::Text if marks.has(Mark::Lead) => BlockKind::Lead,
        Role::Text => BlockKind::Body,
    }
}

/// Longest jump line in characters: 上接第1版 with the title of the story behind it.
const LONGEST_JUMP: usize = 24;

/// Fewest lines of verse.
const VERSE: usize = 4;

/// Verse: four lines or more of five or seven characters, each with a mark behind them. A
/// column of seven characters does not end all its lines with a mark.
fn mark_verse(page: &Page, kinds: &mut [BlockKind]) {
    let metre = |line: &PageLine| {
        let marked = matches!(line.last(), Edge::Comma | Edge::Stop);
        (marked && matches!(line.han, 5 | 7) && line.chars.len() == line.han + 1)
            .then_some(line.han)
    };
    let mut start = 0;
    while start < page.lines.len() {
        let own = metre(&page.lines[start]);
        let rest = page.lines[start..].iter();
        let run = rest.take_while(|line| own.is_some() && metre(line) == own).count();
        if run >= VERSE {
            kinds[start..start + run].fill(BlockKind::Verse);
        }
        start += run.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_shows_though_a_sign_of_it_is_misread() {
        let dated = |text: &str| has_misread_date(&text.chars().collect::<Vec<_>>());
        assert!(dated("晨报2031年5月121星期:"));
        assert!(dated("晨报2031作5月7是期:"));
        assert!(!dated("2031年一季度"));
        assert!(!dated("2031年5月起施行"));
        assert!(!dated("电话2031813月票"));
    }
}
