//! From evidence to confidence: what each grade of each rule was worth on dev data.

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::lexicon::Table;

/// The table `dictionaries/calibration.tsv`.
///
/// A row gives, for one grade of one rule, how many of its findings were right and wrong when it
/// was measured (`kanwu eval` counts them), and the confidence that follows.
pub struct Calibration {
    confidence: FxHashMap<(String, String), f64>,
}

/// Confidence of a grade nobody has measured: a hint, no more.
const UNMEASURED: f64 = 0.3;

impl Calibration {
    /// Parses the table called `name`: columns rule, grade, confidence and three more that
    /// document the measurement.
    ///
    /// # Errors
    /// [`crate::Error::Table`] naming the line of a mistake.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let mut confidence = FxHashMap::default();
        for (line, row) in table.rows() {
            let value: f64 = row[2]
                .parse()
                .ok()
                .filter(|value| (0.0..=1.0).contains(value))
                .ok_or_else(|| table.error(line, "the confidence is no number from 0 to 1"))?;
            confidence.insert((row[0].to_string(), row[1].to_string()), value);
        }
        Ok(Self { confidence })
    }

    /// The probability that a finding of `rule` at `grade` is right.
    pub fn confidence(&self, rule: &str, grade: &str) -> f64 {
        self.confidence.get(&(rule.to_string(), grade.to_string())).copied().unwrap_or(UNMEASURED)
    }
}
