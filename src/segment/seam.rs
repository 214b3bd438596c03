//! What can be measured on the seam between two lines.

use rustc_hash::FxHashMap;

use super::language::{self, LineEdges};
use super::page::{Edge, Page, PageLine, Shape};
use super::roles::{Role, Roles};
use crate::learn::Row;
use crate::lexicon::{Lexicon, Mark};

/// How likely a text goes on over a seam: logarithms of odds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Odds {
    /// By all that shows on the lines.
    pub(super) lines: f32,
    /// By the characters around the seam alone.
    pub(super) text: f32,
}

impl Odds {
    /// Of the seam over a run of lines, what it has before the seams into and out of it.
    pub(super) fn gain(over: Self, into: Self, out_of: Self) -> Self {
        Self {
            lines: over.lines - into.lines - out_of.lines,
            text: over.text - into.text - out_of.text,
        }
    }
}

/// The seams of a page.
pub struct Seams<'a> {
    page: &'a Page,
    lexicon: &'a Lexicon,
    /// How often each string of two and of four characters stands inside a line of the document.
    twos: FxHashMap<[char; 2], u32>,
    fours: FxHashMap<[char; 4], u32>,
    /// What the language model reads at the edges of each line: a line has many seams.
    edges: Vec<LineEdges>,
}

/// Characters on each side of a seam that are looked at for a word over it.
const REACH: usize = 6;

/// Longest part of a sentence in characters that is told from longer ones. Set by hand.
const LONGEST_PART: usize = 40;

/// Marks that tell something about a line at a seam.
const MARKS: [(Mark, &str); 12] = [
    (Mark::Byline, "byline"),
    (Mark::Caption, "caption_mark"),
    (Mark::Credit, "credit"),
    (Mark::Date, "date"),
    (Mark::Heading, "heading"),
    (Mark::Hotline, "hotline"),
    (Mark::JumpFrom, "jump_from"),
    (Mark::JumpTo, "jump_to"),
    (Mark::Lead, "lead"),
    (Mark::List, "list"),
    (Mark::PageNumber, "page_number"),
    (Mark::Subtitle, "subtitle"),
];

impl<'a> Seams<'a> {
    /// Gets ready to look at the seams of `page`.
    pub fn new(page: &'a Page, lexicon: &'a Lexicon) -> Self {
        let mut twos = FxHashMap::default();
        let mut fours = FxHashMap::default();
        for line in &page.lines {
            for two in line.chars.windows(2) {
                *twos.entry([two[0], two[1]]).or_insert(0) += 1;
            }
            for four in line.chars.windows(4) {
                *fours.entry([four[0], four[1], four[2], four[3]]).or_insert(0) += 1;
            }
        }
        let edges = page.lines.iter().map(|line| LineEdges::of(line, lexicon)).collect();
        Self { page, lexicon, twos, fours, edges }
    }

    /// Measures the seam from line `before` to line `behind` as if nothing stood between them.
    /// Returns what the language model gains by reading over it.
    pub(super) fn measure(&self, before: usize, behind: usize, row: &mut Row) -> f32 {
        let (a, b) = (&self.page.lines[before], &self.page.lines[behind]);
        self.widths(before, behind, row);
        for (side, line) in [("a", a), ("b", b)] {
            row.push_of(side, "stops", line.stops.min(9) as f32);
            row.push_of(side, "commas", line.commas.min(9) as f32);
            row.push_of(side, "marks", (line.commas + line.stops) as f32 / line.width.max(1.0));
            row.push_of(side, "first", line.first() as u8 as f32);
            row.push_of(side, "last", line.last_clean() as u8 as f32);
            row.push_of(side, "ends", f32::from(line.ends_sentence()));
            row.push_of(side, "gaps", line.gaps.min(9) as f32);
            row.push_of(side, "repeats", line.repeats.min(3) as f32);
            for (mark, name) in MARKS {
                row.push_of(side, name, f32::from(line.marks.has(mark)));
            }
        }
        // A sentence that has just begun goes on, and dust behind a full stop hides it.
        row.push("a.behind_stop", a.behind_stop().min(LONGEST_PART) as f32);
        row.push("a.behind_clause", a.behind_clause().min(LONGEST_PART) as f32);
        row.push("b.before_stop", b.before_stop().min(LONGEST_PART) as f32);
        row.push("b.before_clause", b.before_clause().min(LONGEST_PART) as f32);
        row.push("a.last_raw", a.last() as u8 as f32);
        row.push("a.tail", a.tail as u8 as f32);
        row.push("b.head", b.head as u8 as f32);
        row.push("paired", a.opened.min(b.closed).min(2) as f32);
        row.push("a.opened", a.opened.min(3) as f32);
        row.push("b.closed", b.closed.min(3) as f32);
        row.push("word", self.word_over(before, behind) as f32);
        self.repeated(a, b, row);
        row.flag("digits", a.last() == Edge::Digit && b.first() == Edge::Digit);
        row.flag("measure", a.last() == Edge::Digit && b.first() == Edge::Han);
        row.flag("latin", a.last() == Edge::Latin && b.first() == Edge::Latin);
        let edges = |i: usize| &self.edges[i];
        language::measure(self.lexicon, (a, edges(before)), (b, edges(behind)), row)
    }

    /// Widths, indents and blank lines.
    fn widths(&self, before: usize, behind: usize, row: &mut Row) {
        let page = self.page;
        let (a, b) = (&page.lines[before], &page.lines[behind]);
        let width = |i: Option<usize>| i.and_then(|i| page.lines.get(i)).map_or(0.0, |l| l.width);
        let widest = |n: usize| {
            (before.saturating_sub(n)..before).map(|i| page.lines[i].width).fold(0.0, f32::max)
        };
        row.push("a.width", a.width);
        row.push("b.width", b.width);
        row.push("a.short", page.column[before] - a.width);
        row.push("b.short", page.column[behind] - b.width);
        row.push("a.than_previous", width(before.checked_sub(1)) - a.width);
        row.push("a.than_widest", widest(3) - a.width);
        row.push("b.than_a", a.width - b.width);
        row.push("b.than_next", width(Some(behind + 1)) - b.width);
        row.push("column", page.column[before]);
        row.push("full_share", page.full_share);
        row.push("a.indent", a.indent);
        row.push("b.indent", b.indent - if page.indent_share > 0.6 { 2.0 } else { 0.0 });
        row.push("indent_share", page.indent_share);
        // A blank line says something only where not every line has one.
        let blanks = if page.blank_share < 0.7 { b.blank_before.min(3) } else { 1 };
        row.push("blank", blanks as f32);
        row.push("between", (behind - before - 1).min(9) as f32);
        row.push("lines", page.lines.len().min(40) as f32);
        row.push("from_end", (page.lines.len() - behind).min(9) as f32);
        row.push("from_start", before.min(9) as f32);
    }

    /// How often the characters around the seam stand together elsewhere in the document.
    fn repeated(&self, a: &PageLine, b: &PageLine, row: &mut Row) {
        let (mut two, mut four) = (0, 0);
        if let ([.., x], [y, ..]) = (a.chars.as_slice(), b.chars.as_slice()) {
            two = self.twos.get(&[*x, *y]).copied().unwrap_or(0);
        }
        if let ([.., w, x], [y, z, ..]) = (a.chars.as_slice(), b.chars.as_slice()) {
            four = self.fours.get(&[*w, *x, *y, *z]).copied().unwrap_or(0);
        }
        row.push("seen_two", two.min(5) as f32);
        row.push("seen_four", four.min(3) as f32);
    }

    /// True when a word of the dictionary reaches over the seam; `before` and `behind` are indices into
    /// [`Page::lines`].
    pub fn splits_word(&self, before: usize, behind: usize) -> bool {
        self.dictionary_word_over(before, behind) >= 2
    }

    /// Characters of the word that reaches over the seam, one of the dictionary or four
    /// characters the document has elsewhere twice; 0 for none. `before` and `behind` are indices
    /// into [`Page::lines`].
    pub fn word_over(&self, before: usize, behind: usize) -> usize {
        let word = self.dictionary_word_over(before, behind);
        let (a, b) = (&self.page.lines[before], &self.page.lines[behind]);
        match (a.chars.as_slice(), b.chars.as_slice()) {
            _ if word > 0 || a.last() != Edge::Han || b.first() != Edge::Han => word,
            ([.., w, x], [y, z, ..]) => {
                let seen = self.fours.get(&[*w, *x, *y, *z]).copied().unwrap_or(0);
                if seen >= 2 { 4 } else { 0 }
            }
            _ => 0,
        }
    }

    /// Characters of the word of the dictionary that reaches over the seam; 0 for none.
    fn dictionary_word_over(&self, before: usize, behind: usize) -> usize {
        let (a, b) = (&self.page.lines[before], &self.page.lines[behind]);
        if a.last() != Edge::Han || b.first() != Edge::Han {
            return 0;
        }
        let tail = &a.chars[a.chars.len().saturating_sub(REACH)..];
        let head = &b.chars[..b.chars.len().min(REACH)];
        let text: String = tail.iter().chain(head).collect();
        let seam: usize = tail.iter().map(|c| c.len_utf8()).sum();
        let words = self.lexicon.jieba().cut(&text, false);
        let over = words.iter().find(|word| word.byte_start < seam && seam < word.byte_end);
        over.map_or(0, |word| word.word.chars().count())
    }

    /// How likely the text goes on over the seam, judged without the roles of the lines.
    pub(super) fn draft(&self, before: usize, behind: usize, row: &mut Row) -> Odds {
        row.clear();
        let text = self.measure(before, behind, row);
        Odds { lines: self.lexicon.structure().of(self.page.shape).draft.score(row.values()), text }
    }

    /// Probability that a paragraph goes on over the seam; `before` and `behind` are indices into
    /// [`Page::lines`].
    pub fn join(&self, before: usize, behind: usize, roles: &[Roles]) -> f64 {
        let mut row = Row::default();
        self.measure_with_roles(before, behind, roles, &mut row);
        f64::from(self.lexicon.structure().of(self.page.shape).seam.probability(row.values()))
    }

    /// The sum of the forest behind [`Seams::join`].
    pub(super) fn score(&self, before: usize, behind: usize, roles: &[Roles]) -> f32 {
        let mut row = Row::default();
        self.measure_with_roles(before, behind, roles, &mut row);
        self.lexicon.structure().of(self.page.shape).seam.score(row.values())
    }

    /// The dictionaries the seams are looked at with.
    pub(crate) fn lexicon(&self) -> &'a Lexicon {
        self.lexicon
    }

    /// The page whose seams they are.
    pub(super) fn page(&self) -> &Page {
        self.page
    }

    /// What [`Seams::join`] decides on.
    pub(super) fn measure_with_roles(
        &self,
        before: usize,
        behind: usize,
        roles: &[Roles],
        row: &mut Row,
    ) {
        self.measure(before, behind, row);
        measure_roles(before, behind, roles, row);
    }

    /// The features of a seam, by name.
    pub(super) fn names(lexicon: &Lexicon, with_roles: bool) -> Vec<String> {
        let page = Page::example(lexicon);
        let seams = Seams::new(&page, lexicon);
        let mut row = Row::named();
        match with_roles {
            true => seams.measure_with_roles(0, 1, &[], &mut row),
            false => {
                seams.measure(0, 1, &mut row);
            }
        }
        row.names().to_vec()
    }

    /// How the lines of the page came about.
    pub fn shape(&self) -> Shape {
        self.page.shape
    }
}

/// Measures the roles of the lines at a seam.
pub(super) fn measure_roles(before: usize, behind: usize, roles: &[Roles], row: &mut Row) {
    for (side, i) in [("a", before), ("b", behind), ("c", behind + 1)] {
        for (role, name) in Role::ALL.iter().zip(Role::NAMES) {
            row.push_of(side, name, roles.get(i).map_or(0.0, |roles| roles.of(*role)));
        }
    }
}
