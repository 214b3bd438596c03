//! What holds of all that was decided: the last word of each reviewer, and where they differ.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use super::decision::{Decision, Verdict};
use crate::emit::json::SuggestionRecord;

/// Decisions by suggestion. The order they are added in does not matter as long as they carry
/// their times; one without a time follows the one added before it.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    decisions: FxHashMap<String, Vec<Dated>>,
    /// What each reviewer said at a time, by identity.
    strokes: FxHashMap<String, BTreeMap<Timestamp, Vec<String>>>,
    latest: Option<Timestamp>,
    added: usize,
}

/// A decision with its place among all.
#[derive(Clone, Debug)]
struct Dated {
    at: Option<Timestamp>,
    number: usize,
    decision: Decision,
}

/// What holds of a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State<'a> {
    /// Nothing has been decided, or all was taken back.
    Open,
    /// This was decided last, and nobody differs. The verdict is none of
    /// [`Verdict::Withdraw`] and [`Verdict::Applied`].
    Decided(&'a Decision),
    /// Reviewers differ; the last word of each. Until it is settled it counts as open.
    Conflict(Vec<&'a Decision>),
}

impl Standing {
    /// What holds of `decisions`.
    pub fn of(decisions: impl IntoIterator<Item = Decision>) -> Self {
        let mut standing = Self::default();
        standing.extend(decisions);
        standing
    }

    /// Adds a decision. The same one twice counts once.
    pub fn add(&mut self, decision: Decision) {
        let at = decision.at.or(self.latest);
        self.latest = at;
        let known = self.decisions.entry(decision.id.clone()).or_default();
        if decision.at.is_some() && known.iter().any(|other| other.decision == decision) {
            return;
        }
        if let Some(at) = decision.at
            && !matches!(decision.verdict, Verdict::Withdraw { .. } | Verdict::Applied)
        {
            let strokes = self.strokes.entry(decision.reviewer.clone()).or_default();
            strokes.entry(at).or_default().push(decision.id.clone());
        }
        known.push(Dated { at, number: self.added, decision });
        self.added += 1;
        known.sort_by(Dated::in_time);
    }

    /// What holds of the suggestion `id`.
    pub fn state(&self, id: &str) -> State<'_> {
        let Some(known) = self.decisions.get(id) else { return State::Open };
        let last = last_words(standing(known));
        match last.as_slice() {
            [] => State::Open,
            [first, rest @ ..] if rest.iter().all(|other| other.agrees(first)) => {
                State::Decided(last[last.len() - 1])
            }
            _ => State::Conflict(last),
        }
    }

    /// The last word of each reviewer on a suggestion, also after it has been carried out: what
    /// can be counted, and learnt from.
    pub fn last_words(&self, id: &str) -> Vec<&Decision> {
        self.decisions.get(id).map_or_else(Vec::new, |known| last_words(not_withdrawn(known)))
    }

    /// The identities somebody has decided on, sorted.
    pub fn ids(&self) -> Vec<&str> {
        let mut ids: Vec<&str> = self.decisions.keys().map(String::as_str).collect();
        ids.sort_unstable();
        ids
    }

    /// What was decided on a suggestion, whether it holds or not, in the order of time.
    pub fn history(&self, id: &str) -> impl Iterator<Item = &Decision> {
        self.decisions.get(id).into_iter().flatten().map(|dated| &dated.decision)
    }

    /// The identities of what was rejected, and so is not to be suggested again.
    pub fn rejected(&self) -> impl Iterator<Item = &str> {
        let ids = self.decisions.keys().map(String::as_str);
        ids.filter(|id| match self.state(id) {
            State::Decided(decision) => decision.verdict == Verdict::Reject,
            _ => false,
        })
    }

    /// The time of the last stroke of `reviewer` of which something still holds, and the
    /// identities of what holds of it.
    pub fn last_stroke(&self, reviewer: &str) -> Option<(Timestamp, Vec<String>)> {
        self.strokes.get(reviewer)?.iter().rev().find_map(|(at, ids)| {
            let holds = |id: &&String| {
                let mut standing = standing(&self.decisions[*id]).into_iter();
                standing.any(|decision| decision.reviewer == reviewer && decision.at == Some(*at))
            };
            let ids: Vec<String> = ids.iter().filter(holds).cloned().collect();
            (!ids.is_empty()).then_some((*at, ids))
        })
    }

    /// When the last of all decisions was made.
    pub fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    /// What is to be done about a suggestion that stands in `record`; `None` where nothing holds.
    ///
    /// A choice is known by what it makes of the text, not by its number alone: a new run, or a
    /// retrained model, may offer the choices in another order.
    ///
    /// # Errors
    /// Why what was decided cannot be carried out.
    pub fn verdict(&self, record: &SuggestionRecord) -> Result<Option<Verdict>, String> {
        match self.state(&record.id) {
            State::Open => Ok(None),
            State::Decided(decision) => on(decision, record).map(Some),
            State::Conflict(last) => {
                let words = last.iter().map(|decision| {
                    let name = if decision.reviewer.is_empty() { "?" } else { &decision.reviewer };
                    format!("{name}: {}", decision.verdict.name())
                });
                let words: Vec<String> = words.collect();
                Err(format!("reviewers differ ({}); settle it first", words.join(", ")))
            }
        }
    }
}

impl Extend<Decision> for Standing {
    fn extend<T: IntoIterator<Item = Decision>>(&mut self, decisions: T) {
        decisions.into_iter().for_each(|decision| self.add(decision));
    }
}

impl Dated {
    fn in_time(&self, other: &Self) -> Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// The last decision of each reviewer; one that settles is the only one.
fn last_words<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Vec<&'a Decision> {
    let mut last: Vec<&Decision> = Vec::new();
    for decision in decisions.into_iter().filter(|other| other.verdict != Verdict::Applied) {
        last.retain(|other| other.reviewer != decision.reviewer && !decision.settles);
        last.push(decision);
    }
    last
}

/// The decisions on one suggestion that were neither taken back nor carried out.
fn standing(known: &[Dated]) -> Vec<&Decision> {
    let mut left = not_withdrawn(known);
    let applied = left.iter().rposition(|decision| decision.verdict == Verdict::Applied);
    left.drain(..applied.map_or(0, |last| last + 1));
    left
}

/// The decisions on one suggestion that were not taken back.
fn not_withdrawn(known: &[Dated]) -> Vec<&Decision> {
    let struck: FxHashSet<(&str, Timestamp)> = known
        .iter()
        .filter_map(|dated| match dated.decision.verdict {
            Verdict::Withdraw { of: Some(of) } => Some((dated.decision.reviewer.as_str(), of)),
            _ => None,
        })
        .collect();
    let mut left: Vec<&Decision> = Vec::new();
    for Dated { decision, .. } in known {
        match decision.verdict {
            Verdict::Withdraw { of: Some(_) } => {}
            Verdict::Withdraw { of: None } => {
                left.retain(|other| other.reviewer != decision.reviewer);
            }
            _ => left.push(decision),
        }
    }
    let holds = |decision: &&Decision| {
        decision.at.is_none_or(|at| !struck.contains(&(decision.reviewer.as_str(), at)))
    };
    left.retain(holds);
    left
}

/// The verdict of `decision` with the number its choice has in `record`.
fn on(decision: &Decision, record: &SuggestionRecord) -> Result<Verdict, String> {
    let (Verdict::Accept { choice }, Some(right)) = (&decision.verdict, &decision.slip.right)
    else {
        return Ok(decision.verdict.clone());
    };
    let makes = |number: usize| {
        number.checked_sub(1).and_then(|index| record.choices.get(index)).map(|c| &c.right)
    };
    if makes(*choice) == Some(right) {
        return Ok(decision.verdict.clone());
    }
    let other = record.choices.iter().position(|offered| offered.right == *right);
    let other = other.ok_or_else(|| format!("{right} is no longer among the choices"))?;
    Ok(Verdict::Accept { choice: other + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::decision::Slip;
    use crate::review::record;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("within the range of times")
    }

    fn says(reviewer: &str, second: i64, verdict: Verdict) -> Decision {
        let (reviewer, at) = (reviewer.to_string(), Some(at(second)));
        Decision { reviewer, at, ..Decision::new("a", verdict) }
    }

    fn verdict(standing: &Standing) -> Option<&Verdict> {
        match standing.state("a") {
            State::Decided(decision) => Some(&decision.verdict),
            _ => None,
        }
    }

    #[test]
    fn the_last_word_of_a_reviewer_counts_in_any_order() {
        let said = [says("王", 1, Verdict::Reject), says("王", 2, Verdict::Query)];
        let [first, second] = said.clone();
        let backwards = [second.clone(), first, second];
        for decisions in [said.to_vec(), backwards.to_vec()] {
            assert_eq!(verdict(&Standing::of(decisions)), Some(&Verdict::Query));
        }
    }

    #[test]
    fn who_differs_must_settle() {
        let accept = Verdict::Accept { choice: 1 };
        let mut standing =
            Standing::of([says("王", 1, accept.clone()), says("李", 2, accept.clone())]);
        assert_eq!(verdict(&standing), Some(&accept));
        standing.add(says("李", 3, Verdict::Reject));
        let State::Conflict(last) = standing.state("a") else { panic!("they differ") };
        assert_eq!(last.len(), 2);
        standing.add(Decision { settles: true, ..says("赵", 4, Verdict::Reject) });
        assert_eq!(verdict(&standing), Some(&Verdict::Reject));
        standing.add(says("王", 5, accept));
        assert!(matches!(standing.state("a"), State::Conflict(_)), "a new word opens it again");
    }

    #[test]
    fn strokes_are_taken_back_one_by_one() {
        let mut standing = Standing::of([
            says("王", 1, Verdict::Reject),
            says("王", 2, Verdict::Accept { choice: 1 }),
            says("李", 3, Verdict::Accept { choice: 1 }),
        ]);
        assert_eq!(standing.last_stroke("王"), Some((at(2), vec!["a".to_string()])));
        standing.add(says("王", 4, Verdict::Withdraw { of: Some(at(2)) }));
        assert_eq!(standing.last_stroke("王"), Some((at(1), vec!["a".to_string()])));
        assert!(matches!(standing.state("a"), State::Conflict(_)), "rejected by 王 again");
        standing.add(says("王", 5, Verdict::Withdraw { of: Some(at(1)) }));
        assert_eq!(standing.last_stroke("王"), None);
        assert_eq!(verdict(&standing), Some(&Verdict::Accept { choice: 1 }));
    }

    #[test]
    fn what_is_applied_is_open_again_until_that_is_undone() {
        let mut standing = Standing::of([
            says("王", 1, Verdict::Accept { choice: 1 }),
            says("", 2, Verdict::Applied),
        ]);
        assert_eq!(standing.state("a"), State::Open);
        standing.add(says("", 3, Verdict::Withdraw { of: Some(at(2)) }));
        assert_eq!(verdict(&standing), Some(&Verdict::Accept { choice: 1 }));
    }

    #[test]
    fn decisions_without_times_count_in_the_order_of_their_lines() {
        let say = |verdict| Decision::new("a", verdict);
        let standing = Standing::of([say(Verdict::Reject), say(Verdict::Query)]);
        assert_eq!(verdict(&standing), Some(&Verdict::Query));
        assert_eq!(standing.rejected().count(), 0);
        let standing = Standing::of([say(Verdict::Query), say(Verdict::Reject)]);
        assert_eq!(standing.rejected().collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn a_choice_is_known_by_what_it_makes() {
        let mut record = record("a", "以以", &["甲", "以"]);
        let slip = Slip { right: Some("以".to_string()), ..Slip::default() };
        let accepted = Decision { slip, ..Decision::new("a", Verdict::Accept { choice: 1 }) };
        let standing = Standing::of([accepted]);
        assert_eq!(standing.verdict(&record), Ok(Some(Verdict::Accept { choice: 2 })));
        record.choices.pop();
        assert!(standing.verdict(&record).is_err());
    }
}
