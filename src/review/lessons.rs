//! What decisions teach: words that reviewers have put right, or let stand, again and again, as
//! lines of a table of the house for somebody to look at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use jieba_rs::Jieba;

use super::decision::{Decision, Verdict};
use super::standing::Standing;
use crate::han::is_han;

/// The shortest word a lesson is about, in characters: a single one stands in too many right words.
const SHORTEST: usize = 2;

/// A line proposed for a table of the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The word as it was found.
    pub wrong: String,
    /// What it became; the same word where it was let stand.
    pub right: String,
    /// How many suggestions were decided on so.
    pub times: usize,
    /// The rules that made them.
    pub rules: BTreeSet<String>,
    /// True when the word as it was found is a word of its own: then the line would change right
    /// texts, too.
    pub doubtful: bool,
}

/// What reviewers did with a word.
#[derive(Default)]
struct Tally {
    /// By what it became.
    accepted: BTreeMap<String, usize>,
    let_stand: usize,
    rules: BTreeSet<String>,
}

/// What `standing` teaches: the same word put right in the same way in at least `times`
/// suggestions and never let stand, or let stand in so many and never put right. A suggestion on
/// which reviewers differ, or on which one has a question, speaks against both.
///
/// A decision on less than a word is taken to be about the word it stands in, as `jieba` cuts the
/// text once it is right.
pub fn lessons(standing: &Standing, jieba: &Jieba, times: usize) -> Vec<Lesson> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for id in standing.ids() {
        let words = standing.last_words(id);
        let Some(first) = words.first() else { continue };
        let agreed = words.iter().all(|other| other.agrees(first));
        let Some((wrong, right)) = in_words(first, jieba) else { continue };
        let tally = tallies.entry(wrong).or_default();
        tally.rules.insert(first.slip.rule.clone());
        match &first.verdict {
            Verdict::Accept { .. } | Verdict::Replace { .. } if agreed => {
                *tally.accepted.entry(right).or_default() += 1;
            }
            Verdict::Reject if agreed => tally.let_stand += 1,
            _ => {
                // Both at once: no lesson.
                *tally.accepted.entry(right).or_default() += 1;
                tally.let_stand += 1;
            }
        }
    }
    tallies.into_iter().filter_map(|(wrong, tally)| tally.lesson(wrong, jieba, times)).collect()
}

impl Tally {
    fn lesson(self, wrong: String, jieba: &Jieba, times: usize) -> Option<Lesson> {
        let (right, count) = match (self.accepted.iter().next(), self.let_stand) {
            (None, count) => (wrong.clone(), count),
            (Some((right, count)), 0) if self.accepted.len() == 1 => (right.clone(), *count),
            _ => return None,
        };
        let doubtful = right != wrong && jieba.has_word(&wrong);
        (count >= times).then_some(Lesson {
            wrong,
            right,
            times: count,
            rules: self.rules,
            doubtful,
        })
    }
}

/// The wrong text and what it becomes, each widened to whole words; `None` where they are too
/// short or hold anything but Han characters.
fn in_words(decision: &Decision, jieba: &Jieba) -> Option<(String, String)> {
    let wrong = decision.slip.wrong.as_str();
    let right = decision.right().or(decision.slip.right.as_deref()).unwrap_or(wrong);
    let (before, after) = (last_han(&decision.before), first_han(&decision.after));
    let text = format!("{before}{right}{after}");
    let (start, end) = (before.len(), before.len() + right.len());
    let (mut from, mut to, mut at) = (start, end, 0);
    for word in jieba.cut(&text, false) {
        let stop = at + word.word.len();
        if at < end && start < stop {
            (from, to) = (from.min(at), to.max(stop));
        }
        at = stop;
    }
    let (lead, tail) = (&text[from..start], &text[end..to]);
    let (wrong, right) = (format!("{lead}{wrong}{tail}"), text[from..to].to_string());
    let fits = |word: &str| word.chars().count() >= SHORTEST && word.chars().all(is_han);
    (fits(&wrong) && fits(&right)).then_some((wrong, right))
}

fn last_han(text: &str) -> &str {
    text.rsplit(|character| !is_han(character)).next().unwrap_or_default()
}

fn first_han(text: &str) -> &str {
    text.split(|character| !is_han(character)).next().unwrap_or_default()
}

/// Writes lessons as lines of a table. What is doubtful is commented out.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_lessons(lessons: &[Lesson], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "# Proposed by kanwu learn: look at each line, then name this table in kanwu.toml."
    )?;
    for lesson in lessons {
        let Lesson { wrong, right, times, rules, doubtful } = lesson;
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        let what = if wrong == right { "let stand" } else { "put right" };
        let (lead, own) = if *doubtful { ("# ", "; a word of its own") } else { ("", "") };
        writeln!(out, "{lead}{wrong}={right} # {what} {times} times: {}{own}", rules.join(", "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::House;
    use crate::review::Slip;

    fn said(id: &str, parts: [&str; 4], verdict: Verdict) -> Decision {
        let [before, wrong, right, after] = parts.map(str::to_string);
        let slip = Slip { rule: "C101".to_string(), wrong, right: Some(right) };
        Decision { slip, before, after, ..Decision::new(id, verdict) }
    }

    #[test]
    fn a_character_is_learnt_in_its_word() {
        let accept = || Verdict::Accept { choice: 1 };
        let place = ["他们在", "圈", "图", "书馆看"];
        let standing = Standing::of([
            said("a", place, accept()),
            said("b", place, accept()),
            said("c", ["聚", "原", "源", "广"], Verdict::Reject),
        ]);
        let learnt = lessons(&standing, &Jieba::new(), 2);
        let words: Vec<(&str, &str)> =
            learnt.iter().map(|lesson| (lesson.wrong.as_str(), lesson.right.as_str())).collect();
        assert_eq!(words, [("圈书馆", "图书馆")]);
        let mut table = Vec::new();
        write_lessons(&learnt, &mut table).expect("a Vec takes everything");
        let table = String::from_utf8(table).expect("it is text");
        let mut house = House::default();
        house.add_table("learnt", &table).expect("what is proposed can be read");
        assert_eq!(house.len().0, 1);
    }

    #[test]
    fn whoever_differs_teaches_nothing() {
        let word = |id, verdict| said(id, ["", "聚原广场", "聚源广场", ""], verdict);
        let mut standing = Standing::of([word("a", Verdict::Reject), word("b", Verdict::Reject)]);
        let learnt = lessons(&standing, &Jieba::new(), 2);
        assert_eq!(learnt[0].right, "聚原广场");
        standing.add(word("c", Verdict::Query));
        assert_eq!(lessons(&standing, &Jieba::new(), 2), []);
    }

    #[test]
    fn a_line_that_would_change_right_words_is_commented_out() {
        let place = ["", "权力", "权利", ""];
        let standing = Standing::of([said("a", place, Verdict::Accept { choice: 1 })]);
        let learnt = lessons(&standing, &Jieba::new(), 1);
        let mut table = Vec::new();
        write_lessons(&learnt, &mut table).expect("a Vec takes everything");
        let table = String::from_utf8(table).expect("it is text");
        assert!(table.lines().all(|line| line.starts_with('#')), "{table}");
    }
}
