//! What speaks for one character having been taken for another, whatever stands around it.

use rustc_hash::FxHashSet;

use super::{Channel, Corrector, UNSEEN};
use crate::lexicon::{Lexicon, Sound};

/// How like a character that may have been printed is to the one that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resemblance {
    /// Cosine of the shapes of both characters.
    pub(super) likeness: f32,
    pub(super) sound: Sound,
    /// ln P(what was read | what was printed).
    pub(super) channel: f32,
}

impl Resemblance {
    pub(super) fn of(read: char, printed: char, channel: &Channel, lexicon: &Lexicon) -> Self {
        Self {
            likeness: lexicon.glyphs().likeness(read, printed),
            sound: lexicon.readings().likeness(read, printed),
            channel: channel.ln_probability(Some(printed), Some(read)),
        }
    }

    /// What two pairs side by side have at least.
    pub(super) fn and(self, next: Self) -> Self {
        Self {
            likeness: self.likeness.min(next.likeness),
            sound: self.sound.min(next.sound),
            channel: self.channel.min(next.channel),
        }
    }

    /// In one number, to be added to what the text gains, in nats.
    pub(super) fn nats(self) -> f32 {
        let sounds = match self.sound {
            Sound::Same => 4.0,
            Sound::Similar => 2.0,
            Sound::Different => 0.0,
        };
        let looks = 20.0 * (self.likeness - 0.55).max(0.0);
        let learnt = 0.8 * (self.channel - UNSEEN);
        looks.max(sounds).max(learnt)
    }
}

/// A character that may have been printed where another was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alike {
    pub(super) character: char,
    /// [`Resemblance::nats`] of both.
    pub(super) nats: f32,
}

/// What a character may be mistaken for, or may have been mistaken for it.
pub(super) struct Similar {
    /// What looks like it, or an engine reads as it.
    pub(super) shapes: Vec<Alike>,
    /// What sounds like it.
    pub(super) sounds: Vec<Alike>,
}

impl Corrector {
    /// The characters that `observed`, a Chinese one, may have been printed as.
    pub(super) fn similar(&self, observed: char, lexicon: &Lexicon) -> &Similar {
        static NONE: Similar = Similar { shapes: Vec::new(), sounds: Vec::new() };
        let Some(similar) = self.similar.get(&observed) else { return &NONE };
        similar.get_or_init(|| {
            let known = |c: &char| *c != observed && self.similar.contains_key(c);
            let alike = |c| self.alike(observed, c, lexicon);
            let read = self.channel.printed_for(observed).iter().flatten().copied();
            let nearest = lexicon.glyphs().nearest(observed, NEAREST);
            let mut seen = FxHashSet::default();
            let shapes = read.chain(nearest).filter(known).filter(|c| seen.insert(*c));
            let sounds = lexicon.readings().alike(observed).filter(known);
            Similar { shapes: shapes.map(alike).collect(), sounds: sounds.map(alike).collect() }
        })
    }

    /// `printed` beside what was read for it.
    pub(super) fn alike(&self, read: char, printed: char, lexicon: &Lexicon) -> Alike {
        let resemblance = Resemblance::of(read, printed, &self.channel, lexicon);
        Alike { character: printed, nats: resemblance.nats() }
    }
}

/// Characters of like shape that are tried: they hold the printed character in 83 % (PP-OCR) and
/// 38 % (Tesseract) of real misreadings.
const NEAREST: usize = 64;
