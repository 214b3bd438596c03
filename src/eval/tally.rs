//! Counts over sentences, and the figures made of them.
//!
//! A sentence is positive when its target differs from it. The figures are those of the
//! literature on Chinese spelling correction: the strict ones are of simple-csc, FASPell and
//! LEMON, the SIGHAN ones of pycorrector and PaddleNLP, the loose one of LEMON.

use serde::Serialize;

use super::alignment::CharEdit;

/// Counts over sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    sentences: usize,
    positive: usize,
    changed: usize,
    /// Positive, and changed at just the right places.
    detected: usize,
    /// Positive, and now right.
    corrected: usize,
    /// Positive, and changed in any way.
    noticed: usize,
    /// Right before, and changed.
    spoilt: usize,
    /// Characters of the sentences that were right.
    clean_characters: usize,
    /// Edits made in them.
    clean_edits: usize,
    edits_due: usize,
    edits_made: usize,
    /// Edits at a right place.
    edits_placed: usize,
    /// Edits at a right place with the right character.
    edits_right: usize,
}

impl Tally {
    /// Adds a sentence of so many characters to which the edits `due` should and the edits `made`
    /// were made.
    pub fn add(&mut self, characters: usize, due: &[CharEdit], made: &[CharEdit]) {
        let places = |edits: &[CharEdit]| -> Vec<_> {
            edits.iter().map(|edit| (edit.start, edit.end)).collect()
        };
        let (due_places, made_places) = (places(due), places(made));
        self.sentences += 1;
        self.changed += usize::from(!made.is_empty());
        self.edits_due += due.len();
        self.edits_made += made.len();
        self.edits_placed += common(&due_places, &made_places);
        self.edits_right += common(due, made);
        if due.is_empty() {
            self.spoilt += usize::from(!made.is_empty());
            self.clean_characters += characters;
            self.clean_edits += made.len();
        } else {
            self.positive += 1;
            self.noticed += usize::from(!made.is_empty());
            self.detected += usize::from(due_places == made_places);
            self.corrected += usize::from(due == made);
        }
    }

    /// The figures.
    pub fn figures(&self) -> Figures {
        let clean = self.sentences - self.positive;
        let left_right = self.corrected + clean - self.spoilt;
        let per = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
        let of_changed = |right| Rates::new(right, self.changed, self.positive);
        let sighan = |right| Rates::new(right, right + self.spoilt, self.positive);
        let of_edits = |right| Rates::new(right, self.edits_made, self.edits_due);
        Figures {
            sentences: self.sentences,
            positive: self.positive,
            changed: self.changed,
            accuracy: per(left_right, self.sentences),
            false_positive_rate: per(self.spoilt, clean),
            false_edits_per_10k: per(10_000 * self.clean_edits, self.clean_characters),
            sentence_detection: of_changed(self.detected),
            sentence_correction: of_changed(self.corrected),
            sentence_detection_sighan: sighan(self.detected),
            sentence_correction_sighan: sighan(self.corrected),
            sentence_detection_loose: of_changed(self.noticed),
            edit_detection: of_edits(self.edits_placed),
            edit_correction: of_edits(self.edits_right),
        }
    }
}

/// How many members two lists have in common, each counted as often as it stands in both.
fn common<T: Ord + Copy>(a: &[T], b: &[T]) -> usize {
    let sorted = |list: &[T]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list.into_iter().peekable()
    };
    let (mut a, mut b) = (sorted(a), sorted(b));
    let mut count = 0;
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let order = x.cmp(y);
        count += usize::from(order.is_eq());
        if order.is_le() {
            a.next();
        }
        if order.is_ge() {
            b.next();
        }
    }
    count
}

/// What a tally comes to. Shares are from 0 to 1, and absent where there is nothing to share out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Sentences.
    pub sentences: usize,
    /// Sentences with an error.
    pub positive: usize,
    /// Sentences changed.
    pub changed: usize,
    /// Sentences that are right afterwards.
    pub accuracy: Option<f64>,
    /// Right sentences that were changed.
    pub false_positive_rate: Option<f64>,
    /// Edits in right sentences per 10,000 of their characters.
    pub false_edits_per_10k: Option<f64>,
    /// Changed at just the right places, of the sentences changed and of those with an error.
    pub sentence_detection: Rates,
    /// Changed into the target, of the sentences changed and of those with an error.
    pub sentence_correction: Rates,
    /// The same, but a wrong change of a wrong sentence is no false alarm.
    pub sentence_detection_sighan: Rates,
    /// The same, but a wrong change of a wrong sentence is no false alarm.
    pub sentence_correction_sighan: Rates,
    /// Changed in any way.
    pub sentence_detection_loose: Rates,
    /// Characters changed at a right place.
    pub edit_detection: Rates,
    /// Characters changed at a right place into the right one.
    pub edit_correction: Rates,
}

/// Precision and recall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rates {
    /// `right` of `made`.
    pub precision: f64,
    /// `right` of `due`.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// The same with twice the weight on precision.
    pub f05: f64,
    /// What was right.
    pub right: usize,
    /// What was done.
    pub made: usize,
    /// What was to be done.
    pub due: usize,
}

impl Rates {
    /// The rates for `right` of `made` where `due` were to be found.
    pub fn new(right: usize, made: usize, due: usize) -> Self {
        let share = |whole: usize| if whole == 0 { 0.0 } else { right as f64 / whole as f64 };
        let (precision, recall) = (share(made), share(due));
        let mean = |beta: f64| {
            let weight = beta * beta;
            if precision + recall == 0.0 {
                0.0
            } else {
                (1.0 + weight) * precision * recall / (weight * precision + recall)
            }
        };
        Self { precision, recall, f1: mean(1.0), f05: mean(0.5), right, made, due }
    }
}

#[cfg(test)]
mod tests {
    use super::super::alignment::edits;
    use super::*;

    fn tally(rows: &[(&str, &str, &str)]) -> Figures {
        let mut tally = Tally::default();
        for (source, target, made) in rows {
            let chars = |text: &str| -> Vec<char> { text.chars().collect() };
            let (source, target, made) = (chars(source), chars(target), chars(made));
            tally.add(source.len(), &edits(&source, &target), &edits(&source, &made));
        }
        tally.figures()
    }

    fn triple(rates: Rates) -> (usize, usize, usize) {
        (rates.right, rates.made, rates.due)
    }

    #[test]
    fn every_outcome_is_counted() {
        let figures = tally(&[
            ("甲已丙", "甲乙丙", "甲乙丙"), // put right
            ("甲已丙", "甲乙丙", "甲丁丙"), // found, wrong character
            ("甲已丙", "甲乙丙", "甲已丙"), // missed
            ("甲已丙", "甲乙丙", "丁已丙"), // changed elsewhere
            ("甲丙", "甲乙丙", "甲乙丙"),   // put right
            ("甲乙丙", "甲乙丙", "甲乙丙"), // left alone
            ("甲乙丙", "甲乙丙", "甲乙丁"), // spoilt
        ]);
        assert_eq!((figures.sentences, figures.positive, figures.changed), (7, 5, 5));
        assert_eq!(triple(figures.sentence_detection), (3, 5, 5));
        assert_eq!(triple(figures.sentence_correction), (2, 5, 5));
        assert_eq!(triple(figures.sentence_detection_sighan), (3, 4, 5));
        assert_eq!(triple(figures.sentence_correction_sighan), (2, 3, 5));
        assert_eq!(triple(figures.sentence_detection_loose), (4, 5, 5));
        assert_eq!(triple(figures.edit_detection), (3, 5, 5));
        assert_eq!(triple(figures.edit_correction), (2, 5, 5));
        assert_eq!(figures.accuracy, Some(3.0 / 7.0));
        assert_eq!(figures.false_positive_rate, Some(0.5));
        assert_eq!(figures.false_edits_per_10k, Some(1e4 / 6.0));
    }

    #[test]
    fn half_of_the_edits_is_no_detection() {
        let figures = tally(&[("己甲己", "已甲已", "已甲己")]);
        assert_eq!(triple(figures.sentence_detection), (0, 1, 1));
        assert_eq!(triple(figures.edit_correction), (1, 1, 2));
        assert_eq!(figures.edit_correction.f1, 2.0 / 3.0);
    }

    #[test]
    fn insertions_at_one_place_are_matched_one_to_one() {
        let figures = tally(&[("甲", "甲乙丙", "甲乙乙乙")]);
        assert_eq!(triple(figures.edit_detection), (2, 3, 2));
        assert_eq!(triple(figures.edit_correction), (1, 3, 2));
    }

    #[test]
    fn nothing_to_do_is_no_division_by_zero() {
        let figures = tally(&[("甲", "甲", "甲")]);
        assert_eq!(figures.sentence_correction.f1, 0.0);
        assert_eq!(figures.accuracy, Some(1.0));
        assert_eq!(tally(&[]).accuracy, None);
    }
}
