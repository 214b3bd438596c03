//! Suggestions judged one by one: by voice, and by how sure they were.

use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};

use super::{Voice, Voices};
use crate::finding::Suggestion;

/// A suggestion and whether it was right.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Who spoke.
    pub voice: Voice,
    /// Confidence of the best choice; absent for a question.
    pub confidence: Option<f64>,
    /// The best choice brings the text nearer to the truth. A question does not.
    pub right: bool,
}

impl Judgement {
    /// The judgement on `suggestion`.
    pub fn new(suggestion: &Suggestion, right: bool) -> Self {
        let best = suggestion.finding.choices.first();
        let confidence = best.map(|choice| choice.confidence);
        Self { voice: Voice::of(suggestion), confidence, right }
    }
}

/// How many suggestions of a voice were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoiceVerdicts {
    /// The best choice brings the text nearer to the truth.
    pub right: usize,
    /// It does not, or it changes nothing.
    pub wrong: usize,
}

/// Judgements by voice and by confidence.
#[derive(Clone, Debug, Default)]
pub struct Verdicts {
    /// By rule, grade and level.
    pub voices: Voices<VoiceVerdicts>,
    /// By confidence.
    pub reliability: Reliability,
}

impl Verdicts {
    /// Adds a judgement.
    pub fn add(&mut self, judgement: &Judgement) {
        let verdicts = self.voices.entry(judgement.voice.clone()).or_default();
        if judgement.right {
            verdicts.right += 1;
        } else {
            verdicts.wrong += 1;
        }
        if let Some(confidence) = judgement.confidence {
            self.reliability.add(confidence, judgement.right);
        }
    }
}

/// Lower ends of the bins. Above nine in ten every hundredth counts.
const FROM: [f64; 13] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

/// How often suggestions of each confidence were right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reliability {
    bins: [Bin; FROM.len()],
}

/// Suggestions of like confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub suggestions: usize,
    /// How many of them were right.
    pub right: usize,
    sum: f64,
}

impl Bin {
    /// Share of right suggestions; in a right calibration equal to the mean confidence.
    pub fn share(&self) -> f64 {
        self.right as f64 / self.suggestions as f64
    }

    /// Mean confidence.
    pub fn mean_confidence(&self) -> f64 {
        self.sum / self.suggestions as f64
    }
}

impl Reliability {
    /// Adds a suggestion.
    pub fn add(&mut self, confidence: f64, right: bool) {
        let bin = FROM.partition_point(|from| *from <= confidence).saturating_sub(1);
        let bin = &mut self.bins[bin];
        bin.suggestions += 1;
        bin.right += usize::from(right);
        bin.sum += confidence;
    }

    /// The bins that hold anything, with their ends.
    pub fn bins(&self) -> impl Iterator<Item = (f64, f64, Bin)> + '_ {
        let to = FROM.iter().skip(1).copied().chain([1.0]);
        let bins = FROM.iter().zip(to).zip(self.bins);
        bins.map(|((from, to), bin)| (*from, to, bin)).filter(|(_, _, bin)| bin.suggestions > 0)
    }
}

impl Serialize for Reliability {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Row {
            from: f64,
            to: f64,
            suggestions: usize,
            right: usize,
            share: f64,
            mean_confidence: f64,
        }
        out.collect_seq(self.bins().map(|(from, to, bin)| Row {
            from,
            to,
            suggestions: bin.suggestions,
            right: bin.right,
            share: bin.share(),
            mean_confidence: bin.mean_confidence(),
        }))
    }
}

impl Serialize for Verdicts {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        let mut fields = out.serialize_struct("Verdicts", 2)?;
        fields.serialize_field("voices", &VoiceRows(&self.voices))?;
        fields.serialize_field("reliability", &self.reliability)?;
        fields.end()
    }
}

/// Voices as a list: JSON has no keys of three parts.
struct VoiceRows<'a>(&'a Voices<VoiceVerdicts>);

impl Serialize for VoiceRows<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Row<'a> {
            #[serde(flatten)]
            voice: &'a Voice,
            right: usize,
            wrong: usize,
        }
        let mut rows = out.serialize_seq(Some(self.0.len()))?;
        for (voice, verdicts) in self.0 {
            let VoiceVerdicts { right, wrong } = *verdicts;
            rows.serialize_element(&Row { voice, right, wrong })?;
        }
        rows.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_holds_its_lower_end() {
        let mut reliability = Reliability::default();
        for (confidence, right) in [(0.9, true), (0.94, false), (0.95, true), (1.0, true)] {
            reliability.add(confidence, right);
        }
        let bins: Vec<_> = reliability
            .bins()
            .map(|(from, to, bin)| (from, to, bin.suggestions, bin.right))
            .collect();
        assert_eq!(bins, [(0.9, 0.95, 2, 1), (0.95, 0.98, 1, 1), (0.99, 1.0, 1, 1)]);
        let (_, _, bin) = reliability.bins().next().expect("a bin");
        assert!((bin.mean_confidence() - 0.92).abs() < 1e-9);
        assert_eq!(bin.share(), 0.5);
    }
}
