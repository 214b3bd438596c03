//! The 差错率 of a text: errors per 10,000 characters, weighed as the national regulations on the
//! quality of books, newspapers and periodicals weigh them.
//!
//! The weights are a table, `dictionaries/error_weights.tsv`, with the clause each row rests on.
//! What is counted are suggestions, which are only likely errors: a figure counts for something
//! once a proofreader has decided on them.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::finding::Edit;
use crate::lexicon::Table;

/// The table that comes with kanwu.
const SHIPPED: &str = include_str!("../dictionaries/error_weights.tsv");

/// Which regulation counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standard {
    /// 报纸期刊质量管理规定 (2020), newspapers.
    Newspaper,
    /// The same, periodicals.
    Periodical,
    /// 图书质量管理规定 (2005).
    Book,
}

impl Standard {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Newspaper, Self::Periodical, Self::Book];

    /// The name in tables and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Self::Newspaper => "newspaper",
            Self::Periodical => "periodical",
            Self::Book => "book",
        }
    }
}

/// What a slip of one rule counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// Errors for one slip.
    pub weight: f64,
    /// How often the same slip counts at most.
    pub times: Option<u32>,
    /// Errors of the rule at most.
    pub most: Option<f64>,
    /// True where a slip of several characters counts more.
    pub by_length: bool,
}

/// The weights of one standard.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Errors per 10,000 characters up to which a text passes.
    pub limit: f64,
    rules: BTreeMap<String, Weight>,
}

/// A slip to be counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountedSlip<'a> {
    /// Id of the rule.
    pub rule: &'a str,
    /// The wrong text.
    pub wrong: &'a str,
    /// The right one; `None` where it is not known.
    pub right: Option<&'a str>,
    /// Characters that are wrong, missing or too many.
    pub characters: usize,
}

/// What slips come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errors {
    /// How many slips there are.
    pub slips: usize,
    /// What they count, bounds kept.
    pub errors: f64,
}

impl Errors {
    /// Errors per 10,000 of so many characters.
    pub fn rate(&self, characters: u64) -> f64 {
        self.errors * 10_000.0 / characters.max(1) as f64
    }
}

impl Weights {
    /// The weights of a standard that come with kanwu.
    ///
    /// # Errors
    /// None that a test of the table would not have found.
    pub fn shipped(standard: Standard) -> Result<Self> {
        Self::parse("error_weights.tsv", SHIPPED, standard)
    }

    /// Reads the rows of one standard from the table called `name`.
    ///
    /// # Errors
    /// [`crate::Error::Table`] naming the line of a mistake, or the standard that has no limit.
    pub fn parse(name: &str, text: &str, standard: Standard) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let (mut limit, mut rules) = (None, BTreeMap::new());
        for (line, row) in table.rows() {
            let [of, rule, weight, times, most, length, _] = row else {
                return Err(table.error(line, "a row has seven columns"));
            };
            let number = |value: &str| {
                let number = value.parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
                number.ok_or_else(|| table.error(line, format!("{value:?} is no weight")))
            };
            let bound = |value: &str| (value != "-").then(|| number(value)).transpose();
            let by_length = match *length {
                "yes" => true,
                "no" => false,
                other => return Err(table.error(line, format!("{other:?} is neither yes nor no"))),
            };
            let weight = Weight {
                weight: number(weight)?,
                times: bound(times)?.map(|times| times as u32),
                most: bound(most)?,
                by_length,
            };
            if !Standard::ALL.iter().any(|standard| standard.name() == *of) {
                return Err(table.error(line, format!("there is no standard {of:?}")));
            }
            if *of != standard.name() {
                continue;
            }
            if *rule == "limit" {
                limit = Some(weight.weight);
            } else if rules.insert(rule.to_string(), weight).is_some() {
                return Err(table.error(line, format!("{rule} stands twice")));
            }
        }
        let missing = || table.error(0, format!("no row `{} limit`", standard.name()));
        Ok(Self { limit: limit.ok_or_else(missing)?, rules })
    }

    /// What a slip of `rule` counts: its own row, else that of its family, else one error.
    pub fn of(&self, rule: &str) -> Weight {
        let family = rule.get(..1).unwrap_or_default();
        let row = self.rules.get(rule).or_else(|| self.rules.get(family));
        row.copied().unwrap_or(Weight { weight: 1.0, times: None, most: None, by_length: false })
    }

    /// What one slip of `rule` counts that is so many characters long.
    pub fn of_slip(&self, rule: &str, characters: usize) -> f64 {
        let Weight { weight, by_length, .. } = self.of(rule);
        let factor = match characters {
            2..=5 if by_length => 2.0,
            6.. if by_length => 4.0,
            _ => 1.0,
        };
        weight * factor
    }

    /// Counts slips of one publication, whatever their order.
    pub fn count<'a>(&self, slips: impl IntoIterator<Item = CountedSlip<'a>>) -> Errors {
        let mut same: BTreeMap<CountedSlip<'_>, u32> = BTreeMap::new();
        let mut counted = Errors::default();
        for slip in slips {
            counted.slips += 1;
            *same.entry(slip).or_insert(0) += 1;
        }
        let mut rules: BTreeMap<&str, f64> = BTreeMap::new();
        for (slip, count) in same {
            let times = self.of(slip.rule).times.map_or(count, |times| times.min(count));
            let errors = self.of_slip(slip.rule, slip.characters) * f64::from(times);
            *rules.entry(slip.rule).or_insert(0.0) += errors;
        }
        let bounded = rules.iter().map(|(rule, errors)| match self.of(rule).most {
            Some(most) => errors.min(most),
            None => *errors,
        });
        // Tenths add up to noise in the last place, which nobody wants to read.
        counted.errors = (bounded.sum::<f64>() * 1e6).round() / 1e6;
        counted
    }
}

/// Characters a choice of these edits puts right: of each edit the longer of what goes and what
/// comes, without what both have at their ends.
pub fn characters_put_right(edits: &[Edit]) -> usize {
    let changed = edits.iter().map(|edit| match edit {
        Edit::Replace { old, new, .. } => {
            let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
            let shorter = old.len().min(new.len());
            let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
            let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
            old.len().max(new.len()) - (head + tail).min(shorter)
        }
        Edit::Move { .. } => 1,
    });
    changed.sum::<usize>().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;
    use crate::span::Span;

    fn slip<'a>(rule: &'a str, wrong: &'a str, characters: usize) -> CountedSlip<'a> {
        CountedSlip { rule, wrong, right: Some("正"), characters }
    }

    fn weights(standard: Standard) -> Weights {
        Weights::shipped(standard).expect("the table is right")
    }

    #[test]
    fn the_table_has_a_row_for_every_rule() {
        for standard in Standard::ALL {
            let weights = weights(standard);
            for rule in rules::all() {
                let own = weights.rules.contains_key(rule.id);
                assert!(own || weights.rules.contains_key(rule.family()), "{}", rule.id);
            }
        }
    }

    #[test]
    fn a_text_passes_up_to_its_limit() {
        let limits = Standard::ALL.map(|standard| weights(standard).limit);
        assert_eq!(limits, [3.0, 2.0, 1.0]);
    }

    #[test]
    fn slips_count_by_kind_and_length() {
        let paper = weights(Standard::Newspaper);
        let count = |slips: Vec<CountedSlip<'_>>| paper.count(slips).errors;
        assert_eq!(count(vec![slip("C101", "甲", 1)]), 1.0);
        assert_eq!(count(vec![slip("C104", "甲", 3)]), 2.0);
        assert_eq!(count(vec![slip("C103", "甲", 6)]), 4.0);
        assert_eq!(count(vec![slip("C105", "甲", 2)]), 1.0);
        assert_eq!(count(vec![slip("P101", "甲", 1), slip("P102", "乙", 1)]), 0.2);
        assert_eq!(count(vec![slip("S101", "甲", 1)]), 0.0);
        assert_eq!(count(vec![slip("N101", "甲", 1)]), 1.0);
        assert_eq!(weights(Standard::Book).count([slip("N101", "甲", 1)]).errors, 2.0);
    }

    #[test]
    fn the_same_slip_and_the_same_rule_have_bounds() {
        let paper = weights(Standard::Newspaper);
        let same = paper.count((0..9).map(|_| slip("C101", "甲", 1)));
        assert_eq!(same, Errors { slips: 9, errors: 3.0 });
        let names: Vec<String> = (0..30).map(|number| number.to_string()).collect();
        let styles = paper.count(names.iter().map(|name| slip("N102", name, 1)));
        assert_eq!(styles, Errors { slips: 30, errors: 1.0 });
        assert_eq!(styles.rate(20_000), 0.5);
    }

    #[test]
    fn what_is_put_right_is_counted_in_characters() {
        let edit = |old: &str, new: &str| {
            let (old, new) = (old.to_string(), new.to_string());
            [Edit::Replace { span: Span::at(0), old, new }]
        };
        assert_eq!(characters_put_right(&edit("幼", "托幼")), 1);
        assert_eq!(characters_put_right(&edit("以以", "以")), 1);
        assert_eq!(characters_put_right(&edit("再接再励", "再接再厉")), 1);
        assert_eq!(characters_put_right(&edit("", "一二三")), 3);
        assert_eq!(characters_put_right(&edit("甲乙", "乙甲")), 2);
    }

    #[test]
    fn mistakes_of_a_table_are_named() {
        let head = "# source: s\n# licence: l\n# columns: a\tb\tc\td\te\tf\tg\n";
        let parse = |rows: &str| {
            Weights::parse("w.tsv", &format!("{head}{rows}"), Standard::Book).map(|w| w.limit)
        };
        let error = |rows: &str| parse(rows).expect_err("a mistake").to_string();
        assert_eq!(parse("book\tlimit\t2\t-\t-\tno\t\n").expect("right"), 2.0);
        assert!(error("book\tlimit\tx\t-\t-\tno\t\n").starts_with("w.tsv:4: "));
        assert!(error("magazine\tC\t1\t-\t-\tno\t\n").contains("magazine"));
        assert!(error("book\tC\t1\t-\t-\tno\t\n").contains("limit"));
        assert!(error("book\tC\t1\t-\t-\tperhaps\t\n").contains("perhaps"));
    }
}
