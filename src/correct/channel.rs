//! The error channel: what an OCR engine reads where something else was printed.

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::error::Result;
use crate::lexicon::Table;

/// A printed character and what was read for it. `None` in the first place: nothing was printed
/// there; in the second: nothing was read.
pub type Confusion = (Option<char>, Option<char>);

/// Counts of what was printed and what was read for it.
#[derive(Clone, Debug, Default)]
pub struct ChannelCounts {
    confusions: FxHashMap<Confusion, u32>,
    /// How often each character was shown; `None`: how often nothing “was shown”, once beside
    /// every character.
    shown: FxHashMap<Option<char>, u32>,
}

impl ChannelCounts {
    /// Adds what the alignment of a line as it was read with the line as it was printed shows.
    pub fn add_line(&mut self, read: &str, printed: &str) {
        for character in printed.chars() {
            self.show(character, 1);
        }
        for confusion in confusions(read, printed) {
            *self.confusions.entry(confusion).or_insert(0) += 1;
        }
    }

    /// Adds counts from lines `printed<TAB>read<TAB>times` and `#seen<TAB>printed<TAB>times`,
    /// where the latter say how often a character was shown; empty stands for nothing.
    pub fn add_counts(&mut self, text: &str) {
        for line in text.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[..] {
                ["#seen", character, times] => {
                    if let (Some(c), Ok(times)) = (character.chars().next(), times.parse::<u32>()) {
                        self.show(c, times);
                    }
                }
                [printed, read, times] if !line.starts_with("# ") => {
                    let pair = (printed.chars().next(), read.chars().next());
                    if let Ok(times) = times.parse::<u32>() {
                        *self.confusions.entry(pair).or_insert(0) += times;
                    }
                }
                _ => {}
            }
        }
    }

    fn show(&mut self, character: char, times: u32) {
        for shown in [Some(character), None] {
            *self.shown.entry(shown).or_insert(0) += times;
        }
    }

    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        for (confusion, times) in &other.confusions {
            *self.confusions.entry(*confusion).or_insert(0) += times;
        }
        for (character, times) in &other.shown {
            *self.shown.entry(*character).or_insert(0) += times;
        }
    }

    /// Reads the table called `name`: columns printed, read, times, shown.
    ///
    /// # Errors
    /// [`crate::Error::Table`] with the line of the mistake.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let mut counts = Self::default();
        for (line, row) in table.rows() {
            let number = |i: usize| {
                row[i].parse::<u32>().map_err(|_| table.error(line, "a count is no number"))
            };
            let confusion = (parse_side(row[0]), parse_side(row[1]));
            counts.confusions.insert(confusion, number(2)?);
            counts.shown.insert(confusion.0, number(3)?);
        }
        Ok(counts)
    }

    /// The rows of the table, sorted.
    pub fn rows(&self) -> Vec<String> {
        let mut rows: Vec<String> = self
            .confusions
            .iter()
            .map(|(confusion, times)| {
                let (printed, read) = (side(confusion.0), side(confusion.1));
                format!("{printed}\t{read}\t{times}\t{}", self.shown(confusion.0).max(*times))
            })
            .collect();
        rows.sort_unstable();
        rows
    }

    fn shown(&self, printed: Option<char>) -> u32 {
        self.shown.get(&printed).copied().unwrap_or(0)
    }
}

/// Nothing, in a table whose cells are never empty.
const NOTHING: &str = "∅";

fn side(character: Option<char>) -> String {
    character.map_or(NOTHING.to_string(), String::from)
}

fn parse_side(cell: &str) -> Option<char> {
    if cell == NOTHING { None } else { cell.chars().next() }
}

/// The differences between a line as read and as printed.
fn confusions(read: &str, printed: &str) -> Vec<Confusion> {
    let read: Vec<char> = read.chars().filter(|c| !c.is_whitespace()).collect();
    let printed: Vec<char> = printed.chars().filter(|c| !c.is_whitespace()).collect();
    let mut found = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &printed, &read) {
        let (printed, read) = (&printed[op.old_range()], &read[op.new_range()]);
        match op.tag() {
            DiffTag::Equal => {}
            // Misreadings of several characters in a row are taken one by one; where their number
            // differs nobody knows which is which.
            DiffTag::Replace if printed.len() == read.len() => {
                found.extend(printed.iter().zip(read).map(|(p, r)| (Some(*p), Some(*r))));
            }
            _ => {
                found.extend(printed.iter().map(|p| (Some(*p), None)));
                found.extend(read.iter().map(|r| (None, Some(*r))));
            }
        }
    }
    found
}

/// Probabilities of misreadings, looked up from what was read.
#[derive(Clone, Debug, Default)]
pub struct Channel {
    /// ln P(read | printed).
    probabilities: FxHashMap<Confusion, f32>,
    /// What may have been printed, by what was read, the likeliest first.
    printed: FxHashMap<char, Vec<Option<char>>>,
    /// What may have been printed where nothing was read, the most often lost first.
    lost: Vec<char>,
}

/// ln of a probability no table has counted: less than once in a million.
pub const UNSEEN: f32 = -14.0;

impl Channel {
    /// The mean of several engines' channels. A character must have been shown about
    /// twenty times before its counts are believed.
    pub fn mean(engines: &[&ChannelCounts]) -> Self {
        let mut sums: FxHashMap<Confusion, f64> = FxHashMap::default();
        for counts in engines {
            for (confusion, times) in &counts.confusions {
                let shown = f64::from(counts.shown(confusion.0).max(*times));
                let rate = f64::from(*times) / (shown + DOUBT);
                *sums.entry(*confusion).or_insert(0.0) += rate / engines.len() as f64;
            }
        }
        let mut channel = Self { lost: lost_most_often(engines), ..Self::default() };
        let mut ordered: Vec<(Confusion, f64)> = sums.into_iter().collect();
        ordered.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        for (confusion, rate) in ordered {
            channel.probabilities.insert(confusion, (rate.ln() as f32).max(UNSEEN));
            if let (printed, Some(read)) = confusion {
                channel.printed.entry(read).or_default().push(printed);
            }
        }
        channel
    }

    /// ln P(`read` | `printed`), [`UNSEEN`] where it was never counted.
    pub fn ln_probability(&self, printed: Option<char>, read: Option<char>) -> f32 {
        self.probabilities.get(&(printed, read)).copied().unwrap_or(UNSEEN)
    }

    /// What may have been printed where `read` was read; `None`: nothing.
    pub fn printed_for(&self, read: char) -> &[Option<char>] {
        self.printed.get(&read).map_or(&[], Vec::as_slice)
    }

    /// What is lost in reading, the most often lost first.
    pub fn lost(&self) -> &[char] {
        &self.lost
    }
}

/// What engines lose, the most often lost first: a rare sign is lost more easily than a comma, but a
/// sign that was lost is a comma. The losses of each engine count the same, however many it has.
fn lost_most_often(engines: &[&ChannelCounts]) -> Vec<char> {
    let mut shares: FxHashMap<char, f64> = FxHashMap::default();
    for counts in engines {
        let losses = || {
            counts.confusions.iter().filter_map(|(confusion, times)| match confusion {
                (Some(printed), None) => Some((*printed, f64::from(*times))),
                _ => None,
            })
        };
        let all: f64 = losses().map(|(_, times)| times).sum();
        losses().for_each(|(printed, times)| *shares.entry(printed).or_insert(0.0) += times / all);
    }
    let mut lost: Vec<(char, f64)> = shares.into_iter().collect();
    lost.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    lost.into_iter().map(|(printed, _)| printed).collect()
}

/// Showings added to those counted, so that one misreading of a character shown once is no law.
const DOUBT: f64 = 20.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_teach_what_is_misread() {
        let mut counts = ChannelCounts::default();
        for _ in 0..100 {
            counts.add_line("日光下的月历．", "日光下的日历。");
            counts.add_line("的", "的，");
        }
        let channel = Channel::mean(&[&counts]);
        assert_eq!(channel.printed_for('月'), [Some('日')]);
        assert_eq!(channel.lost(), ['，']);
        let (once, twice) = (Some('．'), Some('月'));
        assert!(
            channel.ln_probability(Some('。'), once) > channel.ln_probability(Some('日'), twice)
        );
        assert_eq!(channel.ln_probability(Some('天'), Some('夫')), UNSEEN);
    }

    #[test]
    fn what_is_lost_most_often_comes_first() {
        let mut counts = ChannelCounts::default();
        for _ in 0..50 {
            counts.add_line("的", "的，");
            counts.add_line("的，的，的，", "的，的，的，");
        }
        for _ in 0..40 {
            counts.add_line("的", "的■");
        }
        let channel = Channel::mean(&[&counts]);
        let of = |printed| channel.ln_probability(Some(printed), None);
        assert!(of('■') > of('，'));
        assert_eq!(channel.lost(), ['，', '■']);
        let mut careful = ChannelCounts::default();
        careful.add_line("的", "的（");
        assert_eq!(Channel::mean(&[&counts, &careful]).lost(), ['（', '，', '■']);
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let mut counts = ChannelCounts::default();
        counts.add_line("月历", "日历。");
        counts.add_line("的的的·", "的的的");
        let header = "# source: x\n# licence: x\n# columns: printed\tread\ttimes\tshown\n";
        let text = format!("{header}{}\n", counts.rows().join("\n"));
        let again = ChannelCounts::parse("channel.tsv", &text).expect("it is a table");
        assert_eq!(again.rows(), counts.rows());
    }
}
