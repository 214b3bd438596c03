//! Measuring: what kanwu finds in texts whose truth is known.
//!
//! Three kinds of data: pairs of a wrong and a right sentence, scanned pages with what is printed
//! on them, and clean text, where everything said is a false alarm. Sentences and pages are scored
//! as corrected unasked, suggestions one by one.

mod alignment;
mod clean;
mod pages;
mod pairs;
mod tally;
mod verdicts;

pub use alignment::{CharEdit, edits};
pub use clean::{Alarm, CleanScore, score_clean};
pub use pages::{
    FloatCounts, FurnitureCounts, PageCounts, PageFigures, PageRecord, PageScore, PagesScore,
    Repairs, RepairsByKind, TruthBlock, TruthKind, Variant, read_page_records, score_pages,
    score_text,
};
pub use pairs::{
    Ceiling, Pair, PairOptions, PairScore, Threshold, Thresholds, fold_width, read_pairs,
    score_pairs,
};
pub use tally::{Figures, Rates, Tally};
pub use verdicts::{Bin, Judgement, Reliability, Verdicts, VoiceVerdicts};

use std::collections::BTreeMap;

use alignment::{Match, corners, distance, find};

use crate::apply::apply;
use crate::finding::{Choice, Level, Report, Suggestion};
use crate::source::Source;

/// What a group of findings is counted under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Voice {
    /// Rule id.
    pub rule: &'static str,
    /// Grade of the evidence.
    pub grade: &'static str,
    /// Level given.
    pub level: Level,
}

impl Voice {
    fn of(suggestion: &Suggestion) -> Self {
        let finding = &suggestion.finding;
        Self { rule: finding.rule.id, grade: finding.grade, level: suggestion.level }
    }
}

/// Suggestions by rule, grade and level.
pub type Voices<T> = BTreeMap<Voice, T>;

/// Which suggestions are applied before a text is scored: of those of `level` or above that are
/// at least so sure, the choices that are clear, as `kanwu fix` does.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Applied {
    /// The lowest level.
    pub level: Level,
    /// The lowest confidence of the choice.
    pub min_confidence: f64,
}

impl Applied {
    fn choices(self, report: &Report, margin: f64) -> impl Iterator<Item = (&Suggestion, &Choice)> {
        report
            .at_least(self.level)
            .filter_map(move |suggestion| Some((suggestion, suggestion.clear_choice(margin)?)))
            .filter(move |(_, choice)| choice.confidence >= self.min_confidence)
    }

    /// The text of `source` with these suggestions of `report` applied.
    pub fn text(self, source: &Source, report: &Report, margin: f64) -> String {
        self.text_of(source, report, margin, |_| true)
    }

    /// The same with only those of them that are `wanted`.
    fn text_of(
        self,
        source: &Source,
        report: &Report,
        margin: f64,
        wanted: impl Fn(&Suggestion) -> bool,
    ) -> String {
        let wanted = self.choices(report, margin).filter(|(suggestion, _)| wanted(suggestion));
        let edits: Vec<_> = wanted.map(|(_, choice)| choice.edits.as_slice()).collect();
        apply(source.text(), &edits).text
    }
}

/// White space as Unicode has it, and the four separators of ASCII.
fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}
