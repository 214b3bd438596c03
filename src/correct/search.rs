//! From a paragraph to the places where another character reads much better.

use std::ops::Range;

use super::{Corrector, Similar, SuspectKind, UNSEEN};
use crate::han::is_han;
use crate::lexicon::Sound;
use crate::model::{Mixture, Surprises, Window, symbol};
use crate::rules::Context;
use crate::segment::BlockKind;

/// A place where something else may have been printed.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) kind: SuspectKind,
    /// Bytes of the paragraph's text; empty where something was lost.
    pub(super) range: Range<usize>,
    /// What reads better, the best first.
    pub(super) candidates: Vec<Candidate>,
}

impl Place {
    /// True where the best candidate is hard to resist, whatever the rest of the page is like.
    pub(super) fn is_strong(&self) -> bool {
        self.candidates.first().is_some_and(|best| best.score >= STRONG)
    }
}

/// Score from which a place counts among the doubtful ones of a document.
const STRONG: f32 = 16.0;

/// Something that may have been printed at a place.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The characters; empty where nothing was printed.
    pub(super) new: String,
    /// How much more probable it makes the paragraph, in nats.
    pub(super) gain: f32,
    /// Cosine of the shapes of both characters.
    pub(super) likeness: f32,
    pub(super) sound: Sound,
    /// ln P(what was read | this was printed).
    pub(super) channel: f32,
    /// Gain and likeness in one number, to choose what is looked at more closely.
    pub(super) score: f32,
}

impl Candidate {
    /// Two neighbours that are tried together; the gain of each is that of both.
    fn and(self, next: Self) -> Self {
        Self {
            new: self.new + &next.new,
            gain: self.gain,
            likeness: self.likeness.min(next.likeness),
            sound: self.sound.min(next.sound),
            channel: self.channel.min(next.channel),
            score: (self.score + next.score) / 2.0,
        }
    }

    /// Any candidate, to learn the names of features.
    pub(super) fn example() -> Self {
        mark_candidate(String::new(), 0.0, UNSEEN)
    }
}

/// ln p of a character after those to its left, below which something else is tried. Of real
/// misreadings that a fix is accepted for, 99 in a hundred lie below -6.
const GATE: f32 = -5.5;
/// The same for marks: the model is never sure of them, and there are few to try.
const MARK_GATE: f32 = -3.0;
/// Gain below which a candidate is dropped.
const LEAST_GAIN: f32 = 4.0;
const LEAST_MARK_GAIN: f32 = 0.0;
/// ln p of two characters together, below which both are changed at once, and the gain below which
/// that is given up: twice what one must gain.
const PAIR_GATE: f32 = -14.0;
const LEAST_PAIR_GAIN: f32 = 12.0;
/// Characters tried because the model expects them between the neighbours.
const EXPECTED: usize = 24;
/// Candidates kept for a place.
const KEPT: usize = 3;

/// The places of a paragraph where another reading is better.
pub(super) fn places(context: &Context<'_>, corrector: &Corrector) -> Vec<Place> {
    if context.paragraph.kind == BlockKind::Table {
        return Vec::new();
    }
    let text = context.text();
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let surprises = context.facts.surprises(context.index);
    let mut places = Vec::new();
    for (i, (&(at, character), &(_, surprise))) in
        characters.iter().zip(surprises.each()).enumerate()
    {
        if surprise > MARK_GATE || symbol(character).is_none() {
            continue;
        }
        let around = Around { characters: &characters, i, at, character };
        if surprise <= GATE && is_han(character) {
            places.extend(misread_character(context, corrector, &around));
        }
        if around.next_is_doubtful(surprise, surprises) {
            places.extend(misread_pair(context, corrector, &around));
        }
        if surprise <= GATE || is_sign(character) {
            places.extend(misread_mark(context, corrector, &around));
        }
        if surprise <= GATE {
            places.extend(lost_mark(context, corrector, at));
        }
    }
    if context.paragraph.kind.is_text() && !context.paragraph.ends_cut {
        places.extend(lost_mark(context, corrector, text.len()));
    }
    places
}

/// A character and its neighbours.
struct Around<'a> {
    characters: &'a [(usize, char)],
    i: usize,
    at: usize,
    character: char,
}

impl Around<'_> {
    fn range(&self) -> Range<usize> {
        self.at..self.at + self.character.len_utf8()
    }

    /// True where this character and the next are Chinese and so surprising together that both
    /// may have been misread.
    fn next_is_doubtful(&self, surprise: f32, surprises: &Surprises) -> bool {
        let Some(&(at, next)) = self.characters.get(self.i + 1) else { return false };
        is_han(self.character) && is_han(next) && surprise + surprises.at(at) <= PAIR_GATE
    }

    fn before(&self) -> Option<char> {
        let before = self.characters[..self.i].iter().rev();
        before.map(|(_, c)| *c).find(|c| symbol(*c).is_some())
    }

    fn behind(&self) -> Option<char> {
        let behind = self.characters[self.i + 1..].iter();
        behind.map(|(_, c)| *c).find(|c| symbol(*c).is_some())
    }
}

/// A Chinese character that may have been printed as another.
fn misread_character(
    context: &Context<'_>,
    corrector: &Corrector,
    around: &Around<'_>,
) -> Option<Place> {
    let (model, lexicon) = (context.lexicon.mixed_model(), context.lexicon);
    let (before, behind) = (around.before(), around.behind());
    let neighbours = lexicon.neighbours();
    let mut tried = neighbours.between(model, before, behind, EXPECTED);
    let Similar { shapes, sounds } = corrector.similar(around.character, lexicon);
    let gap = neighbours.gap(before, behind);
    tried.extend(shapes.iter().chain(sounds).filter(|c| gap.takes(**c)));
    tried.sort_unstable();
    tried.dedup();

    tried.retain(|c| *c != around.character);
    let tried: Vec<[char; 1]> = tried.into_iter().map(|c| [c]).collect();

    let gains = window(context, around.range()).gains(&tried, LEAST_GAIN);
    let judge = |([new], gain): ([char; 1], f32)| {
        candidate(context, corrector, around.character, new, gain)
    };
    let candidates = gains.into_iter().map(judge).collect();
    place(SuspectKind::Character, around.range(), candidates)
}

/// Two Chinese characters side by side that may both have been printed as others: as long as one
/// of them is wrong, putting the other right gains too little to be seen.
fn misread_pair(
    context: &Context<'_>,
    corrector: &Corrector,
    around: &Around<'_>,
) -> Option<Place> {
    let (lexicon, neighbours) = (context.lexicon, context.lexicon.neighbours());
    let (at, second) = around.characters[around.i + 1];
    let (first, range) = (around.character, around.at..at + second.len_utf8());
    let next = Around { i: around.i + 1, at, character: second, ..*around };
    let left = neighbours.gap(around.before(), None);
    let right = neighbours.gap(None, next.behind());
    let (firsts, seconds) = (corrector.similar(first, lexicon), corrector.similar(second, lexicon));
    let mut tried: Vec<[char; 2]> = Vec::new();
    // An engine misreads both by their shapes, a typist takes both for others by their sounds.
    for (firsts, seconds) in [(&firsts.shapes, &seconds.shapes), (&firsts.sounds, &seconds.sounds)]
    {
        let seconds: Vec<char> = seconds.iter().copied().filter(|c| right.takes(*c)).collect();
        for a in firsts.iter().copied().filter(|c| left.takes(*c)) {
            let gap = neighbours.gap(Some(a), None);
            tried.extend(seconds.iter().filter(|b| gap.takes(**b)).map(|b| [a, *b]));
        }
    }
    tried.sort_unstable();
    tried.dedup();
    let gains = window(context, range.clone()).gains(&tried, LEAST_PAIR_GAIN);
    let candidates = gains.into_iter().map(|(new, gain)| {
        let first = candidate(context, corrector, first, new[0], gain);
        let second = candidate(context, corrector, second, new[1], gain);
        first.and(second)
    });
    place(SuspectKind::Character, range, candidates.collect())
}

/// A place of the paragraph for the language model.
fn window<'a>(context: &Context<'a>, range: Range<usize>) -> Window<'a, Mixture> {
    let surprises = context.facts.surprises(context.index);
    surprises.window(context.lexicon.mixed_model(), &context.paragraph.text, range)
}

fn candidate(
    context: &Context<'_>,
    corrector: &Corrector,
    read: char,
    printed: char,
    gain: f32,
) -> Candidate {
    let likeness = context.lexicon.glyphs().likeness(read, printed);
    let sound = context.lexicon.readings().likeness(read, printed);
    let channel = corrector.channel.ln_probability(Some(printed), Some(read));
    let sounds = match sound {
        Sound::Same => 4.0,
        Sound::Similar => 2.0,
        Sound::Different => 0.0,
    };
    let looks = 20.0 * (likeness - 0.55).max(0.0);
    let learnt = 0.8 * (channel - UNSEEN);
    let score = gain + looks.max(sounds).max(learnt);
    Candidate { new: printed.to_string(), gain, likeness, sound, channel, score }
}

fn place(kind: SuspectKind, range: Range<usize>, mut candidates: Vec<Candidate>) -> Option<Place> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.new.cmp(&b.new)));
    candidates.truncate(KEPT);
    (!candidates.is_empty()).then_some(Place { kind, range, candidates })
}

/// A sign in place of another, or one that was never printed; or a Chinese character in place of
/// a sign (一 for —).
fn misread_mark(
    context: &Context<'_>,
    corrector: &Corrector,
    around: &Around<'_>,
) -> Option<Place> {
    let read = around.character;
    let printed = corrector.channel.printed_for(read).iter().copied();
    let range = around.range();
    let pieces = &context.paragraph.pieces;
    let at_edge = || pieces.iter().any(|p| p.at == range.start || p.at + p.span.len() == range.end);
    let printed = printed.filter(|printed| match printed {
        Some(printed) => is_sign(*printed) && symbol(*printed) != symbol(read),
        // Specks at the edge of a line are read as characters too (和, 人); elsewhere a character
        // nobody printed is a neighbour's part, and C103's.
        None => is_sign(read) || at_edge(),
    });
    let printed: Vec<Option<char>> = printed.take(MARKS).collect();
    if printed.is_empty() {
        return None;
    }
    let window = window(context, around.range());
    let signs: Vec<[char; 1]> = printed.iter().flatten().map(|sign| [*sign]).collect();
    let mut gains: Vec<(Option<char>, f32)> = window
        .gains(&signs, LEAST_MARK_GAIN)
        .into_iter()
        .map(|([sign], gain)| (Some(sign), gain))
        .collect();
    if printed.contains(&None) {
        gains.extend(window.gain("", LEAST_MARK_GAIN).map(|gain| (None, gain)));
    }
    let candidates = gains.into_iter().map(|(printed, gain)| {
        let channel = corrector.channel.ln_probability(printed, Some(read));
        mark_candidate(printed.map_or(String::new(), String::from), gain, channel)
    });
    place(SuspectKind::Mark, around.range(), candidates.collect())
}

/// A sign lost at byte `at` of the text.
fn lost_mark(context: &Context<'_>, corrector: &Corrector, at: usize) -> Option<Place> {
    let range = at..at;
    let lost = corrector.channel.lost().iter().copied().filter(|c| is_sign(*c));
    let lost: Vec<[char; 1]> = lost.take(LOST_MARKS).map(|sign| [sign]).collect();
    let gains = window(context, range.clone()).gains(&lost, LEAST_MARK_GAIN);
    let candidates = gains.into_iter().map(|([printed], gain)| {
        let channel = corrector.channel.ln_probability(Some(printed), None);
        mark_candidate(printed.to_string(), gain, channel)
    });
    place(SuspectKind::Mark, range, candidates.collect())
}

/// Signs tried at a place at most.
const MARKS: usize = 64;
/// Signs tried where one may have been lost: ，。、“” and — are nearly all that are.
const LOST_MARKS: usize = 6;

fn mark_candidate(new: String, gain: f32, channel: f32) -> Candidate {
    let score = gain + 0.8 * (channel - UNSEEN);
    Candidate { new, gain, likeness: 0.0, sound: Sound::Different, channel, score }
}

/// True for what is neither a Chinese character nor a letter or digit, nor white space.
pub(super) fn is_sign(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace() && !is_han(c)
}
