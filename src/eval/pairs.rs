//! Pairs of a wrong and a right sentence.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Voice, Voices};
use crate::apply::apply;
use crate::error::{Error, Result};
use crate::finding::Level;
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
    pub kind: String,
}

/// Reads pairs from lines `source<TAB>target[<TAB>kind]`.
///
/// # Errors
/// [`Error::Table`] naming the line that has no TAB.
pub fn read_pairs(name: &str, text: &str) -> Result<Vec<Pair>> {
    text.lines()
        .enumerate()
        .map(|(number, line)| {
            let mut fields = line.split('\t').map(str::to_string);
            match (fields.next(), fields.next()) {
                (Some(source), Some(target)) => {
                    Ok(Pair { source, target, kind: fields.next().unwrap_or_default() })
                }
                _ => Err(Error::table(name, number + 1, "no TAB between source and target")),
            }
        })
        .collect()
}

/// Suggestions of one voice, judged against the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// Its best choice brings the sentence nearer to the truth.
    pub right: usize,
    /// It does not, or it changes nothing.
    pub wrong: usize,
}

/// Errors of one kind and how many were put right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recall {
    /// Sentences with an error.
    pub sentences: usize,
    /// Of these, sentences equal to the truth after applying every clear choice of `review` or
    /// above.
    pub corrected: usize,
    /// Of these, sentences about which anything of `review` or above is said.
    pub noticed: usize,
}

/// How the rules do on pairs.
#[derive(Clone, Debug, Default)]
pub struct PairScore {
    /// Suggestions by rule, grade and level.
    pub voices: Voices<Verdicts>,
    /// Errors by kind.
    pub kinds: BTreeMap<String, Recall>,
}

/// Checks each pair's source as a document of its own and judges what is said.
pub fn score_pairs(pipeline: &Pipeline, pairs: &[Pair]) -> PairScore {
    let judged: Vec<_> = pairs.par_iter().map(|pair| judge(pipeline, pair)).collect();
    let mut score = PairScore::default();
    for (pair, (verdicts, corrected, noticed)) in pairs.iter().zip(judged) {
        for (voice, right) in verdicts {
            let entry = score.voices.entry(voice).or_default();
            if right {
                entry.right += 1;
            } else {
                entry.wrong += 1;
            }
        }
        if pair.source != pair.target {
            let recall = score.kinds.entry(pair.kind.clone()).or_default();
            recall.sentences += 1;
            recall.corrected += usize::from(corrected);
            recall.noticed += usize::from(noticed);
        }
    }
    score
}

/// The verdict on each suggestion, and whether the sentence was corrected and noticed.
fn judge(pipeline: &Pipeline, pair: &Pair) -> (Vec<(Voice, bool)>, bool, bool) {
    let source = Source::new("pair", pair.source.clone());
    let report = pipeline.check_lines(&source);
    let before = strsim::levenshtein(&pair.source, &pair.target);
    let verdicts = report
        .suggestions
        .iter()
        .map(|suggestion| {
            let right = suggestion.finding.choices.first().is_some_and(|choice| {
                let after = apply(source.text(), &[&choice.edits]).text;
                strsim::levenshtein(&after, &pair.target) < before
            });
            (Voice::of(suggestion), right)
        })
        .collect();
    let clear: Vec<&[_]> = report
        .at_least(Level::Review)
        .filter_map(|suggestion| suggestion.clear_choice(pipeline.config().margin))
        .map(|choice| choice.edits.as_slice())
        .collect();
    let corrected = apply(source.text(), &clear).text == pair.target;
    (verdicts, corrected, report.at_least(Level::Review).next().is_some())
}
