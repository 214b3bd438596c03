//! Correction of misread characters: real characters in the wrong place, which no table lists.
//!
//! ```text
//! paragraph ─ gate ─▶ places ─ candidates ─▶ readings ─ rescore ─▶ features ─ rank ─▶ suspects
//! ```
//! The language model says where a text is surprising and how much better it reads with another
//! character; the error channel, the shapes and the sounds say what that character may have been
//! mistaken for; a forest of trees weighs all of it and was calibrated on OCR of printed pages.

mod channel;
mod engine;
mod features;
mod ranker;
mod resemblance;
mod search;
#[cfg(feature = "train")]
pub mod train;

pub use channel::{Channel, ChannelCounts, Confusion, UNSEEN};
pub use engine::Engine;
pub use ranker::Ranker;

use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use self::resemblance::Similar;
use self::search::{Bounds, Place};
use crate::analyze::Facts;
use crate::han::is_han;
use crate::lexicon::Lexicon;
use crate::rules::Context;

/// What kind of character a suspect is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuspectKind {
    /// A Chinese character read for another.
    Character,
    /// A mark misread, lost or invented.
    Mark,
}

/// A place of a paragraph that was probably misread.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// What kind of character it is about.
    pub kind: SuspectKind,
    /// Bytes of the paragraph's text; empty where something was lost.
    pub range: Range<usize>,
    /// What may have been printed there, the most probable first. Never empty.
    pub readings: Vec<Reading>,
}

/// What may have been printed at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The characters; empty where nothing was printed.
    pub new: String,
    /// The probability that it was printed there.
    pub probability: f32,
    /// How much more probable it makes the paragraph, in nats.
    pub gain: f32,
}

/// Finds what was misread. Built once from the dictionaries, then shared by all threads.
pub struct Corrector {
    channel: Channel,
    /// The signs that may have been lost anywhere.
    lost_signs: Vec<char>,
    /// What each Chinese character of the language model may be mistaken for.
    similar: FxHashMap<char, OnceLock<Similar>>,
    ranker: Ranker,
}

impl Corrector {
    /// A corrector that expects the errors of `channel`, without a ranker.
    pub fn new(lexicon: &Lexicon, channel: Channel) -> Self {
        let characters = lexicon.mixed_model().frequent_characters(f32::NEG_INFINITY);
        let characters = characters.into_iter().filter(|c| is_han(*c));
        let similar = characters.map(|c| (c, OnceLock::new())).collect();
        let lost_signs = search::lost_signs(&channel);
        Self { channel, lost_signs, similar, ranker: Ranker::default() }
    }

    /// The same, ranked by `ranker`.
    #[must_use]
    pub fn with_ranker(self, ranker: Ranker) -> Self {
        Self { ranker, ..self }
    }

    /// The suspects of each paragraph of a document whose best reading has a probability of
    /// `least` or more. For a `least` below [`USUAL`] is searched longer.
    pub fn suspects(&self, facts: &Facts, lexicon: &Lexicon, least: f32) -> Vec<Vec<Suspect>> {
        let bounds = if least < USUAL { Bounds::WIDE } else { Bounds::NARROW };
        let places = self.places(facts, lexicon, bounds);
        let doubtful = Doubtfulness::of(facts, &places);
        places
            .into_par_iter()
            .enumerate()
            .map(|(index, places)| {
                let context = context(facts, lexicon, index);
                self.ranker.rank(&context, places, &doubtful, least)
            })
            .collect()
    }

    /// The places of each paragraph where something else may have been printed, with what reads
    /// better there.
    fn places(&self, facts: &Facts, lexicon: &Lexicon, bounds: Bounds) -> Vec<Vec<Place>> {
        let paragraphs = (0..facts.paragraphs.len()).into_par_iter();
        paragraphs
            .map(|index| search::places(&context(facts, lexicon, index), self, bounds))
            .collect()
    }
}

/// The least probability of a suspect for which the search is as quick as it can be.
pub const USUAL: f32 = 0.1;

fn context<'a>(facts: &'a Facts, lexicon: &'a Lexicon, index: usize) -> Context<'a> {
    Context {
        index,
        paragraph: &facts.paragraphs[index],
        tokens: &facts.tokens[index],
        suspects: &[],
        facts,
        lexicon,
    }
}

/// How many places of a document look misread: a page full of them was scanned badly.
struct Doubtfulness {
    /// Characters of the document.
    characters: usize,
    /// Places whose best reading is far better.
    places: usize,
    /// Places with a mark among them.
    marks: usize,
}

impl Doubtfulness {
    fn of(facts: &Facts, places: &[Vec<Place>]) -> Self {
        let strong = || places.iter().flatten().filter(|place| place.is_strong());
        Self {
            characters: facts.paragraphs.iter().map(|p| p.text.chars().count()).sum(),
            places: strong().filter(|place| place.kind == SuspectKind::Character).count(),
            marks: strong().filter(|place| place.kind == SuspectKind::Mark).count(),
        }
    }
}
