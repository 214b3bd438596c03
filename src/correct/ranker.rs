//! From places to suspects: how probable each reading is.

use std::cmp::Ordering;

use super::features::Scene;
use super::search::Place;
use super::{Doubtfulness, Reading, Suspect, SuspectKind};
use crate::error::Result;
use crate::learn::{Forest, ForestFile, Row};
use crate::lexicon::Lexicon;
use crate::rules::Context;

/// Forests that weigh what speaks for a reading, one for characters and one for marks.
#[derive(Clone, Debug, Default)]
pub struct Ranker {
    character: Forest,
    mark: Forest,
}

impl Ranker {
    /// The ranker kanwu ships with: the one trained on news alone or on a mixture, as the language
    /// model of `lexicon` is.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when the shipped file has a mistake.
    pub fn builtin(lexicon: &Lexicon) -> Result<Self> {
        let (name, text) = if lexicon.mixed_model().models().count() > 1 {
            ("rank_mixed.txt", include_str!("../../dictionaries/models/rank_mixed.txt"))
        } else {
            ("rank.txt", include_str!("../../dictionaries/models/rank.txt"))
        };
        Self::parse(name, text, lexicon)
    }

    /// Reads the forests from the text of the file called `name`.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a forest is missing or was trained on other features.
    pub fn parse(name: &str, text: &str, lexicon: &Lexicon) -> Result<Self> {
        let mut file = ForestFile::parse(name, text)?;
        let mut forest = |name: &str, kind| file.take(name, &Scene::names(kind, lexicon));
        Ok(Self {
            character: forest("character", SuspectKind::Character)?,
            mark: forest("mark", SuspectKind::Mark)?,
        })
    }

    #[cfg(feature = "train")]
    pub(super) fn new(character: Forest, mark: Forest) -> Self {
        Self { character, mark }
    }

    /// The file that [`Ranker::parse`] reads. `notes` say what it was trained on.
    pub fn to_text(&self, lexicon: &Lexicon, notes: &[&str]) -> String {
        let mut file = ForestFile::default();
        for (name, kind) in [("character", SuspectKind::Character), ("mark", SuspectKind::Mark)] {
            file.add(name, Scene::names(kind, lexicon), self.forest(kind).clone());
        }
        file.to_text(notes)
    }

    fn forest(&self, kind: SuspectKind) -> &Forest {
        match kind {
            SuspectKind::Character => &self.character,
            SuspectKind::Mark => &self.mark,
        }
    }

    /// The suspects among the places of a paragraph that are at least as probable as `least`. Of
    /// places so near that one explains the surprise at the other only the more probable is kept.
    pub(super) fn rank(
        &self,
        context: &Context<'_>,
        places: Vec<Place>,
        doubtful: &Doubtfulness,
        least: f32,
    ) -> Vec<Suspect> {
        if places.is_empty() {
            return Vec::new();
        }
        let scene = Scene::new(context, &places, doubtful);
        let mut row = Row::default();
        let suspects = places.iter().map(|place| self.suspect(&scene, place, &mut row));
        most_probable(suspects.filter(|s| s.readings[0].probability >= least).collect())
    }

    fn suspect(&self, scene: &Scene<'_>, place: &Place, row: &mut Row) -> Suspect {
        let mut readings: Vec<Reading> = Vec::with_capacity(place.candidates.len());
        for (index, candidate) in place.candidates.iter().enumerate() {
            row.clear();
            scene.measure(row, place, index);
            let forest = self.forest(place.kind);
            let probability = scene.believe(place, forest.probability(row.values()));
            readings.push(Reading {
                new: candidate.new.clone(),
                probability,
                gain: candidate.gain,
            });
        }
        readings.sort_by(by_probability);
        Suspect { kind: place.kind, range: place.range.clone(), readings }
    }
}

/// Of suspects nearer than this in bytes, two Chinese characters, the most probable is kept.
const NEAR: usize = 6;

fn most_probable(mut suspects: Vec<Suspect>) -> Vec<Suspect> {
    suspects.sort_by(|a, b| by_probability(&a.readings[0], &b.readings[0]));
    let mut kept: Vec<Suspect> = Vec::new();
    for suspect in suspects {
        let apart = |other: &Suspect| {
            other.range.end + NEAR <= suspect.range.start
                || suspect.range.end + NEAR <= other.range.start
        };
        if kept.iter().all(apart) {
            kept.push(suspect);
        }
    }
    kept.sort_by_key(|suspect| suspect.range.start);
    kept
}

fn by_probability(a: &Reading, b: &Reading) -> Ordering {
    b.probability
        .total_cmp(&a.probability)
        .then(b.gain.total_cmp(&a.gain))
        .then_with(|| a.new.cmp(&b.new))
}
