//! The desk a proofreader works at: the suggestions of a run, what holds of each, and what can be
//! done about them. The terminal and the browser are two views of it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;

use super::decision::{AROUND, Decision, Scope, Slip, Verdict};
use super::log::DecisionLog;
use super::standing::{Standing, State};
use crate::batch::Digest;
use crate::emit::json::SuggestionRecord;
use crate::error::{Error, Result};

/// The suggestions of a run with all that was decided on them. Suggestions are known by their
/// index, in the order of the files.
pub struct Proof {
    suggestions: Vec<SuggestionRecord>,
    /// Hashes of the files.
    hashes: BTreeMap<String, Digest>,
    /// Indices of the suggestions with an identity: files may hold the same words in the same
    /// surroundings.
    of_id: FxHashMap<String, Vec<usize>>,
    of_slip: FxHashMap<Slip, Vec<usize>>,
    log: DecisionLog,
    standing: Standing,
    /// What others decided that was read while a decision was written, for the next refresh.
    unreported: Vec<usize>,
}

/// How far the suggestions of a file are decided on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Suggestions.
    pub suggestions: usize,
    /// Those with a verdict.
    pub decided: usize,
    /// Those on which reviewers differ.
    pub conflicts: usize,
}

impl Proof {
    /// The suggestions of a run, and the log of decisions at `log`, which is made where there is
    /// none. `hashes` are those of the files, by the names the suggestions give them.
    ///
    /// # Errors
    /// [`Error::Io`] with the path of the log.
    pub fn open(
        suggestions: Vec<SuggestionRecord>,
        hashes: BTreeMap<String, Digest>,
        log: &Path,
    ) -> Result<Self> {
        let mut of_id: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut of_slip: FxHashMap<Slip, Vec<usize>> = FxHashMap::default();
        for (index, record) in suggestions.iter().enumerate() {
            of_id.entry(record.id.clone()).or_default().push(index);
            of_slip.entry(slip(record)).or_default().push(index);
        }
        let (log, standing) = (DecisionLog::open(log)?, Standing::default());
        let unreported = Vec::new();
        let mut proof = Self { suggestions, hashes, of_id, of_slip, log, standing, unreported };
        proof.read_new()?;
        Ok(proof)
    }

    /// The suggestions.
    pub fn suggestions(&self) -> &[SuggestionRecord] {
        &self.suggestions
    }

    /// What holds of a suggestion.
    pub fn state(&self, index: usize) -> State<'_> {
        self.standing.state(&self.suggestions[index].id)
    }

    /// All that was decided.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The suggestions with the same wrong text of the same rule and the same best choice, the one
    /// at `index` among them.
    pub fn same_slip(&self, index: usize) -> &[usize] {
        &self.of_slip[&slip(&self.suggestions[index])]
    }

    /// How far each file is decided on, by name.
    pub fn progress(&self) -> BTreeMap<&str, Progress> {
        let mut files: BTreeMap<&str, Progress> = BTreeMap::new();
        for (index, record) in self.suggestions.iter().enumerate() {
            let progress = files.entry(&record.file).or_default();
            progress.suggestions += 1;
            match self.state(index) {
                State::Open => {}
                State::Decided(_) => progress.decided += 1,
                State::Conflict(_) => progress.conflicts += 1,
            }
        }
        files
    }

    /// Decides on the suggestion at `index`, and, in the scope of all, on every open one with the
    /// same slip. `now` is the time; it is moved on where it is not later than the last decision.
    /// Gives the indices of what was decided on, once that is on the disk.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is no such choice, or the choice changes nothing, and
    /// [`Error::Io`] when the log cannot be written to; then nothing was decided.
    pub fn decide(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        index: usize,
        verdict: Verdict,
        scope: Scope,
    ) -> Result<Vec<usize>> {
        let others: Vec<usize> = match scope {
            Scope::Place => Vec::new(),
            Scope::All => self.open_alike(index).collect(),
        };
        self.decide_among(reviewer, now, index, verdict, &others)
    }

    /// The other suggestions with the same slip on which nothing is decided.
    pub fn open_alike(&self, index: usize) -> impl Iterator<Item = usize> {
        let open = move |other: &usize| *other != index && self.state(*other) == State::Open;
        self.same_slip(index).iter().copied().filter(open)
    }

    /// Decides on the suggestion at `index`, and on `others` with the same slip, at a stroke.
    ///
    /// # Errors
    /// As [`Self::decide`].
    pub fn decide_among(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        index: usize,
        verdict: Verdict,
        others: &[usize],
    ) -> Result<Vec<usize>> {
        let scope = if others.is_empty() { Scope::Place } else { Scope::All };
        let asked = self.decision(reviewer, index, &verdict, scope)?;
        let mut decisions = vec![asked.clone()];
        for other in others {
            // The choice is that with the same outcome, wherever it stands among the choices.
            let verdict = match (&verdict, &asked.slip.right) {
                (Verdict::Accept { .. }, Some(right)) => {
                    let choices = &self.suggestions[*other].choices;
                    let same = choices.iter().position(|choice| choice.right == *right);
                    same.map(|number| Verdict::Accept { choice: number + 1 })
                }
                _ => Some(verdict.clone()),
            };
            if let Some(verdict) = verdict {
                decisions.extend(self.decision(reviewer, *other, &verdict, scope));
            }
        }
        self.record(now, decisions)
    }

    /// Decides on every open suggestion whose wrong text is `word`, at a stroke.
    ///
    /// # Errors
    /// As [`Self::decide`].
    pub fn decide_about(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        word: &str,
        verdict: &Verdict,
    ) -> Result<Vec<usize>> {
        let about = |index: &usize| {
            self.suggestions[*index].wrong == word && self.state(*index) == State::Open
        };
        let indices = (0..self.suggestions.len()).filter(about);
        let decisions: Result<Vec<Decision>> =
            indices.map(|index| self.decision(reviewer, index, verdict, Scope::All)).collect();
        self.record(now, decisions?)
    }

    /// Settles what reviewers differ on.
    ///
    /// # Errors
    /// As [`Self::decide`].
    pub fn settle(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        index: usize,
        verdict: Verdict,
    ) -> Result<Vec<usize>> {
        let decision = self.decision(reviewer, index, &verdict, Scope::Place)?;
        self.record(now, vec![Decision { settles: true, ..decision }])
    }

    /// Takes back the last stroke of `reviewer` of which something still holds. Gives the indices
    /// of the suggestions it was about, none where there is nothing to take back.
    ///
    /// # Errors
    /// [`Error::Io`] when the log cannot be written to; then nothing was taken back.
    pub fn undo(&mut self, reviewer: &str, now: Timestamp) -> Result<Vec<usize>> {
        let Some((at, ids)) = self.standing.last_stroke(reviewer) else { return Ok(Vec::new()) };
        let withdraw = |id: String| Decision {
            reviewer: reviewer.to_string(),
            ..Decision::new(id, Verdict::Withdraw { of: Some(at) })
        };
        self.record(now, ids.into_iter().map(withdraw).collect())
    }

    /// Reads what others have added to the log. Gives the indices of the suggestions it is about.
    ///
    /// # Errors
    /// [`Error::Io`] with the path of the log.
    pub fn refresh(&mut self) -> Result<Vec<usize>> {
        let mut touched = self.read_new()?;
        touched.append(&mut self.unreported);
        touched.sort_unstable();
        touched.dedup();
        Ok(touched)
    }

    fn read_new(&mut self) -> Result<Vec<usize>> {
        let new = self.log.read_new()?.decisions;
        let mut touched: Vec<usize> = new
            .iter()
            .filter_map(|decision| self.of_id.get(&decision.id))
            .flatten()
            .copied()
            .collect();
        touched.sort_unstable();
        touched.dedup();
        self.standing.extend(new);
        Ok(touched)
    }

    fn decision(
        &self,
        reviewer: &str,
        index: usize,
        verdict: &Verdict,
        scope: Scope,
    ) -> Result<Decision> {
        let record = &self.suggestions[index];
        let mut slip = slip(record);
        if let Verdict::Accept { choice } = verdict {
            let chosen = choice.checked_sub(1).and_then(|index| record.choices.get(index));
            let chosen = chosen.filter(|chosen| !chosen.edits.is_empty());
            let problem = || Error::Usage(format!("{}: there is no choice {choice}", record.id));
            slip.right = Some(chosen.ok_or_else(problem)?.right.clone());
        }
        let before = record.context.before.chars();
        let skipped = before.clone().count().saturating_sub(AROUND);
        Ok(Decision {
            scope,
            reviewer: reviewer.to_string(),
            file: record.file.clone(),
            file_hash: self.hashes.get(&record.file).copied(),
            slip,
            before: before.skip(skipped).collect(),
            after: record.context.after.chars().take(AROUND).collect(),
            ..Decision::new(&record.id, verdict.clone())
        })
    }

    /// Writes decisions made at a stroke.
    fn record(&mut self, now: Timestamp, mut decisions: Vec<Decision>) -> Result<Vec<usize>> {
        let others = self.read_new()?;
        self.unreported.extend(others);
        let next = self.standing.latest().map(|latest| latest + SignedDuration::from_nanos(1));
        let at = next.map_or(now, |next| next.max(now));
        decisions.iter_mut().for_each(|decision| decision.at = Some(at));
        self.log.append(&decisions)?;
        self.read_new()
    }
}

/// The slip of a suggestion, as its best choice puts it right.
fn slip(record: &SuggestionRecord) -> Slip {
    Slip {
        rule: record.rule.clone(),
        wrong: record.wrong.clone(),
        right: record.choices.first().map(|choice| choice.right.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::record;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("within the range of times")
    }

    fn proof(folder: &Path) -> Proof {
        let suggestions = vec![
            record("a", "聚原", &["聚源", "聚园"]),
            record("b", "聚原", &["聚源"]),
            record("c", "以以", &["以"]),
            record("d", "何时", &[]),
        ];
        Proof::open(suggestions, BTreeMap::new(), &folder.join("decisions.jsonl")).expect("a log")
    }

    fn verdict(proof: &Proof, index: usize) -> Option<&Verdict> {
        match proof.state(index) {
            State::Decided(decision) => Some(&decision.verdict),
            _ => None,
        }
    }

    #[test]
    fn one_stroke_decides_on_all_that_are_alike_and_is_undone_at_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut proof = proof(folder.path());
        let accept = Verdict::Accept { choice: 1 };
        let decided = proof.decide("王", at(5), 0, accept.clone(), Scope::All).expect("it can be");
        assert_eq!(decided, [0, 1]);
        assert_eq!(verdict(&proof, 1), Some(&accept));
        assert_eq!(verdict(&proof, 2), None);
        proof.decide("王", at(5), 2, Verdict::Reject, Scope::Place).expect("it can be");
        assert_eq!(proof.undo("王", at(5)).expect("it can be"), [2]);
        assert_eq!(proof.undo("王", at(5)).expect("it can be"), [0, 1]);
        assert!(proof.undo("王", at(5)).expect("nothing is left").is_empty());
    }

    #[test]
    fn an_outcome_only_one_place_offers_is_chosen_there_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut proof = proof(folder.path());
        let second = Verdict::Accept { choice: 2 };
        assert_eq!(proof.decide("", at(1), 0, second, Scope::All).expect("it can be"), [0]);
    }

    #[test]
    fn a_question_cannot_be_accepted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut proof = proof(folder.path());
        let accept = Verdict::Accept { choice: 1 };
        assert!(proof.decide("", at(1), 3, accept, Scope::Place).is_err());
        assert!(proof.decide("", at(1), 3, Verdict::Reject, Scope::Place).is_ok());
    }

    #[test]
    fn two_desks_see_each_other_and_settle() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (mut mine, mut theirs) = (proof(folder.path()), proof(folder.path()));
        mine.decide("王", at(1), 2, Verdict::Reject, Scope::Place).expect("it can be");
        theirs.decide("李", at(1), 3, Verdict::Query, Scope::Place).expect("it can be");
        assert_eq!(theirs.refresh().expect("the log is there"), [2], "it was read in between");
        theirs.decide("李", at(1), 2, Verdict::Query, Scope::Place).expect("it can be");
        mine.refresh().expect("the log is there");
        assert_eq!(mine.progress()["page"], Progress { suggestions: 4, decided: 1, conflicts: 1 });
        mine.settle("王", at(1), 2, Verdict::Query).expect("it can be");
        theirs.refresh().expect("the log is there");
        assert_eq!(verdict(&theirs, 2), Some(&Verdict::Query));
    }
}
