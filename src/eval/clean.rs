//! False alarms on clean text.

use rayon::prelude::*;
use serde::Serialize;

use super::{Voice, Voices};
use crate::finding::Level;
use crate::pipeline::Pipeline;
use crate::source::Source;

/// Something said about clean text.
#[derive(Clone, Debug, Serialize)]
pub struct Alarm {
    /// Line of the file, from 1.
    pub line: usize,
    /// Who said it.
    #[serde(flatten)]
    pub voice: Voice,
    /// Confidence of the suggestion.
    pub confidence: f64,
    /// Characters around the place, the place itself in ⟦ ⟧.
    pub excerpt: String,
    /// What was proposed; empty for a question.
    pub right: String,
}

/// The false alarms of a clean text.
#[derive(Clone, Debug, Default)]
pub struct CleanScore {
    /// Characters checked, white space left out.
    pub characters: usize,
    /// Every suggestion made, of any level.
    pub alarms: Vec<Alarm>,
}

impl CleanScore {
    /// Alarms of `level` or above.
    pub fn at_least(&self, level: Level) -> usize {
        self.alarms.iter().filter(|alarm| alarm.voice.level >= level).count()
    }

    /// Alarms of `level` or above per 10,000 characters.
    pub fn rate(&self, level: Level) -> f64 {
        self.at_least(level) as f64 * 10_000.0 / self.characters.max(1) as f64
    }

    /// Alarms by rule, grade and level.
    pub fn voices(&self) -> Voices<usize> {
        let mut voices = Voices::new();
        for alarm in &self.alarms {
            *voices.entry(alarm.voice.clone()).or_insert(0) += 1;
        }
        voices
    }
}

/// Checks the lines of `text`, each `lines_per_document` of them as one document (1: line by
/// line; more, so that structure and consistency rules speak too).
pub fn score_clean(pipeline: &Pipeline, text: &str, lines_per_document: usize) -> CleanScore {
    let size = lines_per_document.max(1);
    let lines: Vec<&str> = text.lines().collect();
    let documents: Vec<(usize, String)> = lines
        .chunks(size)
        .enumerate()
        .map(|(number, chunk)| (number * size, chunk.join("\n") + "\n"))
        .collect();
    let scores: Vec<CleanScore> = documents
        .into_par_iter()
        .map(|(first_line, text)| check_document(pipeline, first_line, text))
        .collect();
    scores.into_iter().fold(CleanScore::default(), |mut sum, score| {
        sum.characters += score.characters;
        sum.alarms.extend(score.alarms);
        sum
    })
}

fn check_document(pipeline: &Pipeline, first_line: usize, text: String) -> CleanScore {
    let source = Source::new("clean", text);
    let report = pipeline.check(&source);
    let alarms = report
        .suggestions
        .iter()
        .map(|suggestion| {
            let finding = &suggestion.finding;
            let text = source.text();
            let before: Vec<char> = text[..finding.span.start].chars().rev().take(12).collect();
            let before: String = before.into_iter().rev().collect();
            let after: String = text[finding.span.end..].chars().take(12).collect();
            Alarm {
                line: first_line + source.position(finding.span.start).line,
                voice: Voice::of(suggestion),
                confidence: finding.confidence,
                excerpt: format!("{before}⟦{}⟧{after}", finding.span.of(text)).replace('\n', "⏎"),
                right: finding.choices.first().map_or(String::new(), |choice| choice.right.clone()),
            }
        })
        .collect();
    CleanScore { characters: report.characters, alarms }
}
