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
        let looks = 20.0 * (self.likeness - LOOKS_FROM).max(0.0);
        let learnt = LEARNT * (self.channel - UNSEEN);
        looks.max(sounds).max(learnt)
    }
}

/// A character that may have been printed where another was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alike {
    pub(super) character: char,
    /// Its number among the neighbours of the language model.
    pub(super) place: Option<u16>,
    /// [`Resemblance::nats`] of both.
    pub(super) nats: f32,
}

/// What a character may be mistaken for, or may have been mistaken for it.
pub(super) struct Similar {
    /// What looks like it, or an engine reads as it.
    pub(super) shapes: Vec<Alike>,
    /// What sounds like it.
    pub(super) sounds: Vec<Alike>,
    /// All of them, by code point.
    characters: Vec<char>,
    /// [`Resemblance::nats`] is nothing for any other character of the language model.
    complete: bool,
}

impl Similar {
    /// True for one of those it holds.
    pub(super) fn holds(&self, character: char) -> bool {
        self.characters.binary_search(&character).is_ok()
    }

    /// The most that speaks for a character it does not hold.
    pub(super) fn most_beside(&self) -> f32 {
        if self.complete { 0.0 } else { MOST_NATS }
    }
}

/// Likeness from which shapes speak for one another, and the weight of what the channel knows.
const LOOKS_FROM: f32 = 0.55;
const LEARNT: f32 = 0.8;

/// What [`Resemblance::nats`] never exceeds: that of a misreading that is certain. Equal shapes and
/// sounds say less.
const MOST_NATS: f32 = -LEARNT * UNSEEN;

/// Likeness of the least like of the nearest shapes up to which all others say nothing for
/// themselves; the difference is for rounding.
const SAYS_NOTHING: f32 = LOOKS_FROM - 0.001;

impl Corrector {
    /// The characters that `observed`, a Chinese one, may have been printed as.
    pub(super) fn similar(&self, observed: char, lexicon: &Lexicon) -> &Similar {
        static NONE: Similar = Similar {
            shapes: Vec::new(),
            sounds: Vec::new(),
            characters: Vec::new(),
            complete: false,
        };
        let Some(similar) = self.similar.get(&observed) else { return &NONE };
        similar.get_or_init(|| {
            let known = |c: &char| *c != observed && self.similar.contains_key(c);
            let alike = |c| self.alike(observed, c, lexicon);
            let read = self.channel.printed_for(observed).iter().flatten().copied();
            let nearest = lexicon.glyphs().nearest(observed, NEAREST);
            let last = nearest.last().map(|last| lexicon.glyphs().likeness(observed, *last));
            let complete = last.is_none_or(|least| least < SAYS_NOTHING);
            let mut seen = FxHashSet::default();
            let shapes = read.chain(nearest).filter(known).filter(|c| seen.insert(*c));
            let shapes: Vec<Alike> = shapes.map(alike).collect();
            let sounds = lexicon.readings().alike(observed).filter(known);
            let sounds: Vec<Alike> = sounds.map(alike).collect();
            let mut characters: Vec<char> =
                shapes.iter().chain(&sounds).map(|alike| alike.character).collect();
            characters.sort_unstable();
            characters.dedup();
            Similar { shapes, sounds, characters, complete }
        })
    }

    /// A character of the language model that the text leads to expect, beside what was read and what
    /// is `similar` to that; `None` for one that is among the similar ones anyway.
    pub(super) fn expected(
        &self,
        read: char,
        printed: char,
        similar: &Similar,
        lexicon: &Lexicon,
    ) -> Option<Alike> {
        if printed == read || similar.holds(printed) {
            return None;
        }
        // Nearly all that is expected looks and sounds like nothing that was read.
        if similar.complete {
            let place = lexicon.neighbours().place(printed);
            return Some(Alike { character: printed, place, nats: 0.0 });
        }
        Some(self.alike(read, printed, lexicon))
    }

    /// `printed` beside what was read for it.
    fn alike(&self, read: char, printed: char, lexicon: &Lexicon) -> Alike {
        let resemblance = Resemblance::of(read, printed, &self.channel, lexicon);
        let place = lexicon.neighbours().place(printed);
        Alike { character: printed, place, nats: resemblance.nats() }
    }
}

/// Characters of like shape that are tried: they hold the printed character in 83 % (PP-OCR) and
/// 38 % (Tesseract) of real misreadings.
const NEAREST: usize = 64;
