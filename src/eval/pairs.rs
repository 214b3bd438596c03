//! Pairs of a wrong and a right sentence.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use rayon::prelude::*;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::alignment::{CharEdit, distance, edits};
use super::{Applied, Figures, Judgement, Tally, Verdicts, is_space};
use crate::apply::apply;
use crate::error::{Error, Result};
use crate::finding::{Choice, Level, Report};
use crate::pipeline::Pipeline;
use crate::source::Source;

/// A sentence as it stands and as it should stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The sentence to check.
    pub source: String,
    /// The right sentence; equal to `source` where there is nothing to find.
    pub target: String,
    /// Kind of the error, where the data say so.
    pub kind: Option<String>,
}

/// Reads pairs from lines `source<TAB>target[<TAB>kind]`. A line without a TAB is right as it is.
///
/// # Errors
/// [`Error::Table`] naming the line that has more than three fields.
pub fn read_pairs(name: &str, text: &str) -> Result<Vec<Pair>> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    lines
        .enumerate()
        .map(|(number, line)| {
            let fields: Vec<&str> = line.trim_end_matches('\r').split('\t').collect();
            let pair = |target: &str, kind: Option<&str>| Pair {
                source: fields[0].to_string(),
                target: target.to_string(),
                kind: kind.map(str::to_string),
            };
            match fields[1..] {
                [] => Ok(pair(fields[0], None)),
                [target] => Ok(pair(target, None)),
                [target, kind] => Ok(pair(target, Some(kind))),
                _ => Err(Error::table(name, number + 1, "more than three fields")),
            }
        })
        .collect()
}

/// How pairs are scored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairOptions {
    /// What is applied to a sentence.
    pub applied: Applied,
    /// Leave width and white space out of the comparison.
    pub fold: bool,
    /// Also look for the best threshold.
    pub best_threshold: bool,
}

/// How kanwu does on pairs.
#[derive(Clone, Debug, Serialize)]
pub struct PairScore {
    /// Over all pairs.
    pub all: Figures,
    /// By kind of error, where the data name it.
    pub kinds: BTreeMap<String, Figures>,
    /// Suggestions of any level, judged one by one.
    #[serde(flatten)]
    pub verdicts: Verdicts,
    /// The best thresholds, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_threshold: Option<Thresholds>,
}

/// The least confidence, of suggestions of any level, from which to apply: chosen on half of the
/// lines, to be measured on the other.
#[derive(Clone, Debug, Serialize)]
pub struct Thresholds {
    /// Chosen on the even lines.
    #[serde(flatten)]
    pub of_even: Threshold,
    /// Chosen on the odd lines.
    pub of_odd: Threshold,
    /// What no threshold can better.
    pub ceiling: Ceiling,
    /// The same by kind of error.
    pub kinds: BTreeMap<String, Ceiling>,
}

/// A threshold and how kanwu does with it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Threshold {
    /// In thousandths: where the F1 of strict sentence correction is highest on the lines it was
    /// chosen on; of several that are as good the highest.
    pub min_confidence: f64,
    /// Figures on the even lines.
    pub even_lines: Figures,
    /// Figures on the odd lines.
    pub odd_lines: Figures,
}

/// How many of the edits that are due are among all that is offered, at any confidence: a better
/// threshold or order of the choices would find these and no others.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Ceiling {
    /// Edits due.
    pub due: usize,
    /// Of these, edits of a choice of some suggestion.
    pub offered: usize,
    /// Of these, edits of the first choice of some suggestion.
    pub first: usize,
}

impl AddAssign for Ceiling {
    fn add_assign(&mut self, other: Self) {
        self.due += other.due;
        self.offered += other.offered;
        self.first += other.first;
    }
}

/// Checks each pair's source as a document of its own and judges what is said.
pub fn score_pairs(pipeline: &Pipeline, pairs: &[Pair], options: PairOptions) -> PairScore {
    let checked: Vec<Checked> =
        pairs.par_iter().map(|pair| Checked::new(pipeline, pair, options)).collect();
    let mut verdicts = Verdicts::default();
    let (mut all, mut kinds) = (Tally::default(), BTreeMap::<String, Tally>::new());
    for (pair, checked) in pairs.iter().zip(&checked) {
        checked.judgements.iter().for_each(|judgement| verdicts.add(judgement));
        checked.count(&checked.made, &mut all);
        if let Some(kind) = &pair.kind {
            checked.count(&checked.made, kinds.entry(kind.clone()).or_default());
        }
    }
    PairScore {
        all: all.figures(),
        kinds: kinds.into_iter().map(|(kind, tally)| (kind, tally.figures())).collect(),
        verdicts,
        best_threshold: options.best_threshold.then(|| best_thresholds(pairs, &checked)),
    }
}

/// A pair after the check.
struct Checked {
    characters: usize,
    /// Edits from the source to the target.
    due: Vec<CharEdit>,
    /// Edits from the source to what kanwu makes of it.
    made: Vec<CharEdit>,
    judgements: Vec<Judgement>,
    /// The edits made when everything of a confidence or above is applied, from the highest
    /// confidence down; empty unless a threshold is looked for.
    steps: Vec<(f64, Vec<CharEdit>)>,
    /// Of the edits due, what is offered; empty unless a threshold is looked for.
    ceiling: Ceiling,
}

impl Checked {
    fn new(pipeline: &Pipeline, pair: &Pair, options: PairOptions) -> Self {
        let source = Source::new("pair", pair.source.clone());
        let report = pipeline.check_lines(&source);
        let margin = pipeline.config().margin;
        let chars = |text: &str| -> Vec<char> {
            if options.fold { fold_width(text).chars().collect() } else { text.chars().collect() }
        };
        let (from, target) = (chars(&pair.source), chars(&pair.target));
        let made = |applied: Applied| edits(&from, &chars(&applied.text(&source, &report, margin)));
        let due = edits(&from, &target);
        let judge = |after: &str| -> Option<bool> {
            let after = chars(after);
            (after != from).then(|| distance(&after, &target) < due.len())
        };
        let changed =
            |choice: &Choice| edits(&from, &chars(&apply(source.text(), &[&choice.edits]).text));
        Self {
            characters: from.len(),
            ceiling: match options.best_threshold {
                true => ceiling(&report, &due, changed),
                false => Ceiling::default(),
            },
            made: made(options.applied),
            judgements: judge_each(&source, &report, judge),
            steps: if options.best_threshold { steps(&report, margin, made) } else { Vec::new() },
            due,
        }
    }

    fn count(&self, made: &[CharEdit], tally: &mut Tally) {
        tally.add(self.characters, &self.due, made);
    }

    /// The edits made when everything of `confidence` or above is applied.
    fn made_from(&self, confidence: f64) -> &[CharEdit] {
        let applied = self.steps.iter().rev().find(|(step, _)| *step >= confidence);
        applied.map_or(&[], |(_, made)| made)
    }
}

/// Judges each suggestion by the text its best choice makes. `judge` says nothing of a text that
/// compares equal to the source: what folding hides is neither right nor wrong.
fn judge_each(
    source: &Source,
    report: &Report,
    judge: impl Fn(&str) -> Option<bool>,
) -> Vec<Judgement> {
    let judged = report.suggestions.iter().filter_map(|suggestion| {
        let right = match suggestion.finding.choices.first() {
            Some(choice) if !choice.edits.is_empty() => {
                judge(&apply(source.text(), &[&choice.edits]).text)?
            }
            _ => false,
        };
        Some(Judgement::new(suggestion, right))
    });
    judged.collect()
}

fn ceiling(
    report: &Report,
    due: &[CharEdit],
    changed: impl Fn(&Choice) -> Vec<CharEdit>,
) -> Ceiling {
    let among = |choices: usize| {
        let choices =
            report.suggestions.iter().flat_map(|s| s.finding.choices.iter().take(choices));
        let offered: Vec<CharEdit> = choices.flat_map(&changed).collect();
        due.iter().filter(|edit| offered.contains(edit)).count()
    };
    Ceiling { due: due.len(), offered: among(usize::MAX), first: among(1) }
}

fn steps(
    report: &Report,
    margin: f64,
    made: impl Fn(Applied) -> Vec<CharEdit>,
) -> Vec<(f64, Vec<CharEdit>)> {
    let anything = Applied { level: Level::Hint, min_confidence: 0.0 };
    let mut steps: Vec<f64> =
        anything.choices(report, margin).map(|(_, choice)| choice.confidence).collect();
    steps.sort_by(|a, b| b.total_cmp(a));
    steps.dedup();
    let step = |min_confidence| (min_confidence, made(Applied { min_confidence, ..anything }));
    steps.into_iter().map(step).collect()
}

fn best_thresholds(pairs: &[Pair], checked: &[Checked]) -> Thresholds {
    // Lines count from 1: the first is odd.
    const ODD: usize = 0;
    const EVEN: usize = 1;
    let figures = |from: usize, confidence: f64| {
        let mut tally = Tally::default();
        for checked in checked.iter().skip(from).step_by(2) {
            checked.count(checked.made_from(confidence), &mut tally);
        }
        tally.figures()
    };
    let chosen_on = |half: usize| {
        let thresholds = (0..=1000).map(|thousandths| f64::from(thousandths) / 1000.0);
        let scored = thresholds.map(|p| (p, figures(half, p).sentence_correction.f1));
        // Of equals `max_by` takes the last.
        let best = scored.max_by(|a, b| a.1.total_cmp(&b.1));
        let min_confidence = best.map_or(1.0, |(p, _)| p);
        let [even_lines, odd_lines] = [EVEN, ODD].map(|half| figures(half, min_confidence));
        Threshold { min_confidence, even_lines, odd_lines }
    };
    let (mut ceiling, mut kinds) = (Ceiling::default(), BTreeMap::<String, Ceiling>::new());
    for (pair, checked) in pairs.iter().zip(checked) {
        ceiling += checked.ceiling;
        if let Some(kind) = pair.kind.as_ref().filter(|_| checked.ceiling.due > 0) {
            *kinds.entry(kind.clone()).or_default() += checked.ceiling;
        }
    }
    Thresholds { of_even: chosen_on(EVEN), of_odd: chosen_on(ODD), ceiling, kinds }
}

/// The text with full and half width made one, and without white space.
pub fn fold_width(text: &str) -> String {
    text.nfkc().filter(|character| !is_space(*character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_be_left_out() {
        let pairs = read_pairs("x", "\u{feff}已\t己\tsub\r\n已\t己\n己\n").expect("three pairs");
        let kinds: Vec<_> = pairs.iter().map(|pair| pair.kind.as_deref()).collect();
        assert_eq!(kinds, [Some("sub"), None, None]);
        assert_eq!(pairs[0].source, "已");
        assert_eq!(pairs[2].source, pairs[2].target);
        assert!(read_pairs("x", "a\tb\tc\td").is_err());
    }

    #[test]
    fn width_and_white_space_are_folded() {
        assert_eq!(fold_width("ＡＢ，　好"), "AB,好");
    }

    #[test]
    fn a_threshold_chosen_on_half_of_the_lines_is_measured_on_the_other() {
        let right = CharEdit { start: 0, end: 1, new: Some('乙') };
        let wrong = CharEdit { new: Some('丙'), ..right };
        let line = |steps: &[(f64, CharEdit)]| Checked {
            characters: 1,
            due: vec![right],
            made: Vec::new(),
            judgements: Vec::new(),
            ceiling: Ceiling { due: 1, offered: 1, first: 0 },
            steps: steps.iter().map(|(p, edit)| (*p, vec![*edit])).collect(),
        };
        // Below 0.6 a wrong change is made in line 2 and a right one in line 3.
        let lines =
            [line(&[(0.9, right)]), line(&[(0.8, right), (0.6, wrong)]), line(&[(0.6, right)])];
        let pairs = read_pairs("x", "甲\t乙\tsub\n甲\t乙\tsub\n甲\t乙\n").expect("three pairs");
        let threshold = best_thresholds(&pairs, &lines);
        assert_eq!(threshold.of_even.min_confidence, 0.8);
        assert_eq!(threshold.of_even.even_lines.sentence_correction.right, 1);
        assert_eq!(threshold.of_even.odd_lines.sentence_correction.right, 1);
        assert_eq!(threshold.of_even.odd_lines.sentence_correction.due, 2);
        assert_eq!(threshold.of_odd.min_confidence, 0.6);
        assert_eq!(threshold.of_odd.odd_lines.sentence_correction.right, 2);
        assert_eq!(threshold.of_odd.even_lines.sentence_correction.right, 0);
        let counts = |ceiling: &Ceiling| (ceiling.due, ceiling.offered, ceiling.first);
        assert_eq!(counts(&threshold.ceiling), (3, 3, 0));
        assert_eq!(threshold.kinds.len(), 1);
        assert_eq!(counts(&threshold.kinds["sub"]), (2, 2, 0));
    }
}
