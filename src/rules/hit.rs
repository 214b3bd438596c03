//! What a detector returns, in offsets of the paragraph's text.

use std::ops::Range;

use crate::finding::{Level, Message};

/// A slip in a paragraph. All ranges are bytes of the paragraph's text.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What the proofreader is shown as wrong; all replacements lie within it.
    pub range: Range<usize>,
    /// How strong the rule's evidence is: a name the rule chooses. What it is worth was measured
    /// and stands in `dictionaries/calibration.tsv`.
    pub grade: &'static str,
    /// The probability that the rule is right, where a ranker has measured it for this very hit;
    /// otherwise that of its grade counts.
    pub confidence: Option<f64>,
    /// The highest level it may reach, whatever its confidence.
    pub highest: Level,
    /// Ways to put it right. Empty when the rule only asks.
    pub fixes: Vec<Fix>,
    /// Why, in both languages.
    pub message: Message,
    /// Places and facts that support it.
    pub evidence: Vec<Clue>,
}

/// One way to put a hit right.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Ranges of the text and what is to stand there, in order, not overlapping.
    pub replacements: Vec<(Range<usize>, String)>,
    /// Weight among the fixes of its hit (any positive unit; only the ratio counts).
    pub weight: f64,
}

/// A piece of evidence.
#[derive(Clone, Debug)]
pub struct Clue {
    /// Number of a paragraph and a range of its text; `None` when it stands in a dictionary.
    pub place: Option<(usize, Range<usize>)>,
    /// What is found there.
    pub message: Message,
}

impl Hit {
    /// A hit with no fix yet.
    pub fn new(range: Range<usize>, grade: &'static str, message: Message) -> Self {
        Self {
            range,
            grade,
            confidence: None,
            highest: Level::Auto,
            fixes: Vec::new(),
            message,
            evidence: Vec::new(),
        }
    }

    /// Adds the fix that writes `new` at `range`.
    pub fn fix(mut self, range: Range<usize>, new: impl Into<String>, weight: f64) -> Self {
        self.fixes.push(Fix { replacements: vec![(range, new.into())], weight });
        self
    }

    /// Adds the fix that makes all of `replacements`, which are in order and do not overlap.
    pub fn fix_all(mut self, replacements: Vec<(Range<usize>, String)>, weight: f64) -> Self {
        self.fixes.push(Fix { replacements, weight });
        self
    }

    /// Adds a piece of evidence.
    pub fn because(mut self, place: Option<(usize, Range<usize>)>, message: Message) -> Self {
        self.evidence.push(Clue { place, message });
        self
    }
}

impl Fix {
    /// The text of `range` with the replacements made.
    pub fn apply(&self, text: &str, range: Range<usize>) -> String {
        let mut out = String::new();
        let mut at = range.start;
        for (place, new) in &self.replacements {
            out.push_str(&text[at..place.start]);
            out.push_str(new);
            at = place.end;
        }
        out.push_str(&text[at..range.end]);
        out
    }
}
