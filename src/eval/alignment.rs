//! Edit distance and alignment of texts, 64 cells of the table at a time (Hyyrö 2003).
//!
//! The table is never written out: a column is a pattern laid along the bits of machine words,
//! which say how each cell differs from its neighbours. That is enough to walk back through it.

use rustc_hash::FxHashMap;

/// A character put in, taken out or put in place of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CharEdit {
    /// First character of the source concerned, from 0.
    pub start: usize,
    /// One past the last: `start` for an insertion, else `start + 1`.
    pub end: usize,
    /// What is to stand there; `None` for a deletion.
    pub new: Option<char>,
}

/// The fewest edits that take `from` to `to`, in the order of the text. Of equally short ways the
/// one is taken that, from the end, has substitutions before insertions before deletions.
pub fn edits(from: &[char], to: &[char]) -> Vec<CharEdit> {
    // Equal tails are matched anyway. Equal heads are not: 好 becomes 好好 by an insertion before
    // the first 好, since the walk comes from the end.
    let tail = common_tail(from, to);
    let (from, to) = (&from[..from.len() - tail], &to[..to.len() - tail]);
    let table = Table::fill(from, to);
    let (mut i, mut j) = (from.len(), to.len());
    let mut edits = Vec::new();
    while i > 0 || j > 0 {
        let insertion = CharEdit { start: i, end: i, new: j.checked_sub(1).map(|j| to[j]) };
        let deletion = || CharEdit { start: i - 1, end: i, new: None };
        if j == 0 {
            edits.push(deletion());
            i -= 1;
        } else if i == 0 {
            edits.push(insertion);
            j -= 1;
        } else if from[i - 1] == to[j - 1] {
            (i, j) = (i - 1, j - 1);
        } else if !table.level(i, j) {
            // The cell costs one more than its diagonal neighbour: a substitution is among the
            // cheapest ways.
            edits.push(CharEdit { start: i - 1, end: i, new: Some(to[j - 1]) });
            (i, j) = (i - 1, j - 1);
        } else if table.falls(i, j - 1) {
            edits.push(insertion);
            j -= 1;
        } else {
            edits.push(deletion());
            i -= 1;
        }
    }
    edits.reverse();
    edits
}

/// The edit distance of two texts.
pub(super) fn distance(a: &[char], b: &[char]) -> usize {
    let tail = common_tail(a, b);
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    if short.is_empty() {
        return long.len();
    }
    last_row(short, long, true).last().copied().unwrap_or(short.len())
}

/// The corners of a cheapest way from the start of both texts to their ends: pairs of places, of
/// which neighbours differ by at most one character in each text. Of equally short ways the one
/// is taken that, from the end, passes over characters of `a` first, then of `b`.
pub(super) fn corners(a: &[char], b: &[char]) -> Vec<(usize, usize)> {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let tail = common_tail(&a[head..], &b[head..]);
    let (a, b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let table = Table::fill(a, b);
    let (mut i, mut j) = (a.len(), b.len());
    let mut way = vec![(i, j)];
    while i > 0 || j > 0 {
        if j == 0 || (i > 0 && table.rises(i, j)) {
            i -= 1;
        } else if i == 0 || table.falls(i, j - 1) {
            j -= 1;
        } else {
            (i, j) = (i - 1, j - 1);
        }
        way.push((i, j));
    }
    let before = (0..head).map(|k| (k, k));
    let between = way.into_iter().rev().map(|(i, j)| (head + i, head + j));
    let behind = (1..=tail).map(|k| (head + a.len() + k, head + b.len() + k));
    before.chain(between).chain(behind).collect()
}

/// A place in a text that resembles a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    /// Edit distance of the pattern and the text there.
    pub(super) distance: usize,
    /// First character.
    pub(super) start: usize,
    /// One past the last.
    pub(super) end: usize,
}

/// The place in `text` that resembles `pattern` most.
pub(super) fn find(pattern: &[char], text: &[char]) -> Match {
    if pattern.is_empty() || text.is_empty() {
        return Match { distance: pattern.len(), start: 0, end: 0 };
    }
    if let Some(start) = text.windows(pattern.len()).position(|window| window == pattern) {
        return Match { distance: 0, start, end: start + pattern.len() };
    }
    let row = last_row(pattern, text, false);
    let least = row.iter().copied().min().unwrap_or(pattern.len());
    let first = row.iter().position(|d| *d == least).map_or(0, |at| at + 1);
    // Of ends that follow one another and are as good, the first and the last are tried.
    let last = first + row[first..].iter().take_while(|d| **d == least).count();
    let from = |end: usize| {
        let start = end.saturating_sub(2 * pattern.len() + 2);
        let backwards: Vec<char> = text[start..end].iter().rev().copied().collect();
        let pattern: Vec<char> = pattern.iter().rev().copied().collect();
        let row = last_row(&pattern, &backwards, true);
        let (at, distance) = first_least(&row);
        Match { distance, start: end - 1 - at, end }
    };
    let unlike =
        |found: &Match| (found.distance, (found.end - found.start).abs_diff(pattern.len()));
    let (one, other) = (from(first), from(last));
    if unlike(&other) < unlike(&one) { other } else { one }
}

/// Place and value of the first of the least.
fn first_least(row: &[usize]) -> (usize, usize) {
    let least = row.iter().enumerate().min_by_key(|(_, distance)| **distance);
    least.map_or((0, 0), |(at, distance)| (at, *distance))
}

fn common_tail(a: &[char], b: &[char]) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count()
}

/// The distance of `pattern` to `text` up to and with each of its characters; if not `anchored`,
/// to the best part of the text that ends there. The pattern must not be empty.
fn last_row(pattern: &[char], text: &[char], anchored: bool) -> Vec<usize> {
    let mut column = Column::before_first(pattern.len(), anchored);
    let masks = Masks::of(pattern);
    text.iter().map(|character| column.step(masks.get(*character))).collect()
}

const BITS: usize = u64::BITS as usize;

/// Where each character stands in a pattern, a bit a place.
struct Masks {
    places: FxHashMap<char, Vec<u64>>,
    nowhere: Vec<u64>,
}

impl Masks {
    fn of(pattern: &[char]) -> Self {
        let words = pattern.len().div_ceil(BITS);
        let nowhere = vec![0; words];
        let mut places: FxHashMap<char, Vec<u64>> = FxHashMap::default();
        for (at, character) in pattern.iter().enumerate() {
            let mask = places.entry(*character).or_insert_with(|| nowhere.clone());
            mask[at / BITS] |= 1 << (at % BITS);
        }
        Self { places, nowhere }
    }

    fn get(&self, character: char) -> &[u64] {
        self.places.get(&character).unwrap_or(&self.nowhere)
    }
}

/// A column of the table. Bits above the pattern's length hold nothing of use and touch nothing:
/// sums carry and shifts go upwards only.
struct Column {
    /// Cells one greater than the cell above.
    rises: Vec<u64>,
    /// Cells one less than the cell above.
    falls: Vec<u64>,
    /// Cells equal to their diagonal neighbour.
    level: Vec<u64>,
    /// The lowest cell.
    lowest: usize,
    length: usize,
    anchored: bool,
}

impl Column {
    fn before_first(length: usize, anchored: bool) -> Self {
        let words = length.div_ceil(BITS);
        Self {
            rises: vec![u64::MAX; words],
            falls: vec![0; words],
            level: vec![0; words],
            lowest: length,
            length,
            anchored,
        }
    }

    /// Goes on by a character that stands in the pattern at `places`; gives the lowest cell.
    fn step(&mut self, places: &[u64]) -> usize {
        let mut carry = false;
        let (mut greater_in, mut less_in) = (u64::from(self.anchored), 0);
        let lowest_bit = 1 << ((self.length - 1) % BITS);
        let last = places.len() - 1;
        for (word, &here) in places.iter().enumerate() {
            let (rises, falls) = (self.rises[word], self.falls[word]);
            let (sum, over) = (here & rises).overflowing_add(rises);
            let (sum, over_too) = sum.overflowing_add(u64::from(carry));
            carry = over || over_too;
            let level = (sum ^ rises) | here | falls;
            // Cells greater and less than their left neighbours.
            let (greater, less) = (falls | !(level | rises), level & rises);
            if word == last {
                self.lowest += usize::from(greater & lowest_bit != 0);
                self.lowest -= usize::from(less & lowest_bit != 0);
            }
            let greater_above = greater << 1 | greater_in;
            let less_above = less << 1 | less_in;
            (greater_in, less_in) = (greater >> (BITS - 1), less >> (BITS - 1));
            self.rises[word] = less_above | !(level | greater_above);
            self.falls[word] = greater_above & level;
            self.level[word] = level;
        }
        self.lowest
    }
}

/// All columns of the table of two texts, to walk back through. Rows and columns count from 1 as
/// in the books; row 0 and column 0 are the empty texts.
struct Table {
    words: usize,
    rises: Vec<u64>,
    falls: Vec<u64>,
    level: Vec<u64>,
}

impl Table {
    fn fill(rows: &[char], columns: &[char]) -> Self {
        let words = rows.len().div_ceil(BITS);
        let mut table = Self { words, rises: Vec::new(), falls: Vec::new(), level: Vec::new() };
        if rows.is_empty() {
            return table;
        }
        let masks = Masks::of(rows);
        let mut column = Column::before_first(rows.len(), true);
        for character in columns {
            column.step(masks.get(*character));
            table.rises.extend(&column.rises);
            table.falls.extend(&column.falls);
            table.level.extend(&column.level);
        }
        table
    }

    /// True when cell (i, j) is one greater than the cell above it; j is not 0.
    fn rises(&self, i: usize, j: usize) -> bool {
        self.bit(&self.rises, i, j)
    }

    /// True when cell (i, j) is one less than the cell above it; column 0 only rises.
    fn falls(&self, i: usize, j: usize) -> bool {
        j > 0 && self.bit(&self.falls, i, j)
    }

    /// True when cell (i, j) equals its diagonal neighbour; j is not 0.
    fn level(&self, i: usize, j: usize) -> bool {
        self.bit(&self.level, i, j)
    }

    fn bit(&self, bits: &[u64], i: usize, j: usize) -> bool {
        bits[(j - 1) * self.words + (i - 1) / BITS] >> ((i - 1) % BITS) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn edit(start: usize, end: usize, new: &str) -> CharEdit {
        CharEdit { start, end, new: new.chars().next() }
    }

    /// The table of the books.
    fn by_the_book(a: &[char], b: &[char]) -> Vec<Vec<usize>> {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = match (i, j) {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => (table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]))
                        .min(table[i - 1][j] + 1)
                        .min(table[i][j - 1] + 1),
                };
            }
        }
        table
    }

    /// The edits found by walking back through that table.
    fn edits_by_the_book(a: &[char], b: &[char]) -> Vec<CharEdit> {
        let table = by_the_book(a, b);
        let (mut i, mut j, mut edits) = (a.len(), b.len(), Vec::new());
        while i > 0 || j > 0 {
            let cost = |i: Option<usize>, j: Option<usize>| match (i, j) {
                (Some(i), Some(j)) => table[i][j],
                _ => usize::MAX,
            };
            let (up, left) = (i.checked_sub(1), j.checked_sub(1));
            let (both, put, take) = (cost(up, left), cost(Some(i), left), cost(up, Some(j)));
            if i > 0 && j > 0 && a[i - 1] == b[j - 1] {
                (i, j) = (i - 1, j - 1);
            } else if both <= put && both <= take && both != usize::MAX {
                edits.push(CharEdit { start: i - 1, end: i, new: Some(b[j - 1]) });
                (i, j) = (i - 1, j - 1);
            } else if put <= take {
                edits.push(CharEdit { start: i, end: i, new: Some(b[j - 1]) });
                j -= 1;
            } else {
                edits.push(CharEdit { start: i - 1, end: i, new: None });
                i -= 1;
            }
        }
        edits.reverse();
        edits
    }

    #[test]
    fn ties_are_broken_from_the_end() {
        let edits = |a: &str, b: &str| edits(&chars(a), &chars(b));
        assert_eq!(edits("天气很好", "天气很好"), []);
        assert_eq!(edits("天汽很好", "天气很好"), [edit(1, 2, "气")]);
        assert_eq!(edits("天很好", "天气很好"), [edit(1, 1, "气")]);
        assert_eq!(edits("天气气很好", "天气很好"), [edit(1, 2, "")]);
        assert_eq!(edits("", "好"), [edit(0, 0, "好")]);
        assert_eq!(edits("好", ""), [edit(0, 1, "")]);
        assert_eq!(edits("五味陈杂", "五味杂陈"), [edit(2, 3, "杂"), edit(3, 4, "陈")]);
    }

    #[test]
    fn the_best_place_is_found() {
        let find = |pattern: &str, text: &str| {
            let found = find(&chars(pattern), &chars(text));
            (found.distance, found.start, found.end)
        };
        assert_eq!(find("展厅", "航运中心展厅。"), (0, 4, 6));
        // Of starts that are as good the last is taken.
        assert_eq!(find("航运中心", "旺海杭运中心展厅"), (1, 3, 6));
        assert_eq!(find("航运", ""), (2, 0, 0));
        assert_eq!(find("", "航运"), (0, 0, 0));
    }

    /// Short texts of few characters have many ties, long ones need more than one machine word.
    fn texts() -> impl Strategy<Value = (Vec<char>, Vec<char>)> {
        let few = || prop::collection::vec(prop::sample::select(vec!['甲', '乙', '丙']), 0..8);
        let many = || prop::collection::vec(prop::sample::select(chars("天地人和日月")), 50..150);
        prop_oneof![(few(), few()), (many(), many()), (few(), many()), (many(), few())]
    }

    proptest! {
        #[test]
        fn the_table_of_bits_is_that_of_the_books((a, b) in texts()) {
            let table = by_the_book(&a, &b);
            prop_assert_eq!(distance(&a, &b), table[a.len()][b.len()]);
            prop_assert_eq!(edits(&a, &b), edits_by_the_book(&a, &b));

            let way = corners(&a, &b);
            prop_assert_eq!(way[0], (0, 0));
            prop_assert_eq!(way[way.len() - 1], (a.len(), b.len()));
            let mut cost = 0;
            for (&(i, j), &(k, l)) in way.iter().zip(&way[1..]) {
                prop_assert!(k - i <= 1 && l - j <= 1 && (k, l) != (i, j));
                cost += usize::from(k == i || l == j || a[i] != b[j]);
            }
            prop_assert_eq!(cost, table[a.len()][b.len()]);
        }

        #[test]
        fn nothing_resembles_more_than_what_is_found((a, b) in texts()) {
            prop_assume!(b.len() < 14);
            let found = find(&a, &b);
            if !b.is_empty() {
                prop_assert_eq!(distance(&a, &b[found.start..found.end]), found.distance);
            }
            let places = (0..=b.len()).flat_map(|x| (x..=b.len()).map(move |y| (x, y)));
            let least = places.map(|(x, y)| distance(&a, &b[x..y])).min();
            prop_assert_eq!(Some(found.distance), least);
        }
    }
}
