//! What the ranker looks at.

use std::ops::Range;

use super::search::{Candidate, Place};
use super::{Doubtfulness, SuspectKind};
use crate::analyze::{Facts, LONGEST_COUNTED};
use crate::han::{is_han, is_han_numeral};
use crate::learn::Row;
use crate::lexicon::{Lexicon, Sound};
use crate::marks::{char_after, char_before, is_sign, pair_up};
use crate::model::{LanguageModel, MixtureState, Surprises, symbol};
use crate::repair::Paragraph;
use crate::rules::Context;
use crate::rules::doubt::{Changed, Doubt, PARTICLES, is_short_name, may_be_meant};
use crate::segment::BlockKind;

/// A paragraph and what is measured once for all its places.
pub(super) struct Scene<'a> {
    context: &'a Context<'a>,
    doubtful: &'a Doubtfulness,
    /// Names; `None` in blocks that are nothing but names and numbers.
    names: Option<Doubt<'a>>,
    surprises: &'a Surprises,
    /// Places with a strong candidate, by byte.
    strong: Vec<usize>,
    /// Bytes of the text at which a printed line starts, and those at which one ends.
    starts: Vec<usize>,
    ends: Vec<usize>,
    /// Marks of pairs without their partners.
    unpaired: usize,
}

impl<'a> Scene<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        places: &[Place],
        doubtful: &'a Doubtfulness,
    ) -> Self {
        let text = context.text();
        let lines = &context.paragraph.lines;
        Self {
            names: Doubt::of(context),
            surprises: context.facts.surprises(context.index),
            strong: places.iter().filter(|p| p.is_strong()).map(|p| p.range.start).collect(),
            starts: lines.iter().map(|line| line.start).collect(),
            ends: lines.iter().map(|line| line.end).collect(),
            unpaired: pair_up(text).lone.len(),
            context,
            doubtful,
        }
    }

    /// Mean ln p of the visible characters around `range`, those that depend on it left out.
    fn mood(&self, range: &Range<usize>) -> f32 {
        let surprises = self.surprises.each();
        let before = surprises.partition_point(|(at, _)| *at < range.start);
        let behind = surprises.partition_point(|(at, _)| *at < range.end);
        let reach = self.context.lexicon.mixed_model().reach();
        let left = &surprises[before.saturating_sub(MOOD)..before];
        let from = (behind + reach).min(surprises.len());
        let right = &surprises[from..(from + MOOD).min(surprises.len())];
        let sum: f32 = left.iter().chain(right).map(|(_, p)| *p).sum();
        sum / (left.len() + right.len()).max(1) as f32
    }

    /// The names of the features of a kind of suspect.
    pub(super) fn names(kind: SuspectKind, lexicon: &Lexicon) -> Vec<String> {
        let paragraph = Paragraph {
            kind: BlockKind::Body,
            text: "例".to_string(),
            pieces: Vec::new(),
            lines: Vec::new(),
            starts_cut: false,
            ends_cut: false,
        };
        let facts = Facts::gather(vec![paragraph], lexicon);
        let context = super::context(&facts, lexicon, 0);
        let doubtful = Doubtfulness::of(&facts, &[]);
        let candidates = vec![Candidate::example()];
        let place = Place { kind, range: 0..facts.paragraphs[0].text.len(), candidates };
        let mut row = Row::named();
        Scene::new(&context, &[], &doubtful).measure(&mut row, &place, 0);
        row.names().to_vec()
    }

    /// Adds the features of a candidate.
    pub(super) fn measure(&self, row: &mut Row, place: &Place, index: usize) {
        let candidate = &place.candidates[index];
        self.measure_gain(row, place, index);
        self.measure_surroundings(row, place);
        match place.kind {
            SuspectKind::Character => self.measure_character(row, place, candidate),
            SuspectKind::Mark => self.measure_mark(row, place, candidate),
        }
    }

    /// What is left of a `probability` measured on scans where the document is no bad scan: what
    /// is misread is rarer there by far.
    pub(super) fn believe(&self, place: &Place, probability: f32) -> f32 {
        let (of_kind, rarer) = match place.kind {
            SuspectKind::Character => (self.doubtful.places, RARER),
            SuspectKind::Mark if self.is_strange(&place.range) => {
                (self.doubtful.marks, RARER_STRANGE)
            }
            SuspectKind::Mark => (self.doubtful.marks, RARER_MARKS),
        };
        let others = of_kind.saturating_sub(usize::from(place.is_strong()));
        let rate = 1000.0 * others as f32 / self.doubtful.characters.max(BAD_PAGE) as f32;
        if rate >= BAD_SCAN {
            return probability;
        }
        probability / (probability + (1.0 - probability) * rarer)
    }

    /// True for a sign that right text hardly ever has where this one stands (．for ，). Nearly all
    /// signs of clean text were printed as they were read; such a one is as likely misread as a
    /// Chinese character.
    fn is_strange(&self, range: &Range<usize>) -> bool {
        let sign = self.context.text()[range.clone()].chars().next();
        sign.is_some_and(is_sign) && self.surprises.at(range.start) <= STRANGE
    }

    /// Places for each thousand characters of the document. A short text counts as one of 200.
    fn per_thousand(&self, places: usize) -> f32 {
        1000.0 * places as f32 / self.doubtful.characters.max(200) as f32
    }

    /// What the model and the channel say.
    fn measure_gain(&self, row: &mut Row, place: &Place, index: usize) {
        let text = self.context.text();
        let candidate = &place.candidates[index];
        let model = self.context.lexicon.mixed_model();
        let left = &text[..place.range.start];
        let own = self.surprises.at(place.range.start);
        let next = self.surprises.at(place.range.end);
        let before = model.after(left);
        let known = self.known_behind(before, &text[place.range.clone()], place.range.end);
        let new = candidate.new.chars().next();
        let new_own = new.map_or(0.0, |new| model.read(&mut { before }, new));
        let new_known = self.known_behind(before, &candidate.new, place.range.end);
        let rival = place.candidates.iter().enumerate().filter(|(i, _)| *i != index);
        let rival = rival.map(|(_, c)| c.score).fold(0.0, f32::max);
        let others = place.candidates.iter().enumerate().filter(|(i, _)| *i != index);
        let best_gain = others.map(|(_, c)| c.gain).fold(0.0, f32::max);
        row.push("gain", candidate.gain);
        row.push("score", candidate.score);
        row.push("gain_lead", candidate.gain - best_gain);
        row.push("channel", candidate.resemblance.channel);
        row.push("own", own);
        row.push("next", next);
        row.push("new", new_own);
        row.push("gain_behind", candidate.gain - (new_own - own));
        row.push("lead", candidate.score - rival);
        row.push("rank", index as f32);
        row.push("mood", self.mood(&place.range));
        row.push("known", known[0]);
        row.push("next_known", known[1]);
        row.push("new_known", new_known[0]);
        row.push("new_next_known", new_known[1]);
    }

    /// How much of what it has read the model knows behind `place`, what stands there, and behind
    /// the character that follows at byte `end`; `before` is its state before the place.
    fn known_behind(&self, before: MixtureState, place: &str, end: usize) -> [f32; 2] {
        let model = self.context.lexicon.mixed_model();
        let mut state = before;
        let mut read = |text: &str| {
            text.chars().for_each(|c| {
                model.read(&mut state, c);
            });
            model.known(&state) as f32
        };
        let behind = &self.context.text()[end..];
        let next = behind.char_indices().find(|(_, c)| symbol(*c).is_some());
        [read(place), read(next.map_or("", |(at, c)| &behind[at..at + c.len_utf8()]))]
    }

    /// Where the place stands.
    fn measure_surroundings(&self, row: &mut Row, place: &Place) {
        let text = self.context.text();
        let range = &place.range;
        let near = self.strong.iter().filter(|at| at.abs_diff(range.start) <= NEAR);
        let kind = self.context.paragraph.kind;
        let own = usize::from(place.is_strong());
        let [characters, marks] = match place.kind {
            SuspectKind::Character => [own, 0],
            SuspectKind::Mark => [0, own],
        };
        row.push("doubtful", self.per_thousand(self.doubtful.places.saturating_sub(characters)));
        row.push("doubtful_marks", self.per_thousand(self.doubtful.marks.saturating_sub(marks)));
        row.push("near", near.count().saturating_sub(own) as f32);
        row.push("length", text.chars().count().min(200) as f32);
        row.flag("name", self.names.as_ref().is_none_or(|names| names.spares(text, range)));
        row.flag("meant", may_be_meant(text, range));
        row.flag("headline", matches!(kind, BlockKind::Headline | BlockKind::Subhead));
        row.flag("byline", kind == BlockKind::Byline);
        row.flag("caption", kind == BlockKind::Caption);
        row.flag("running", kind.is_text());
        row.flag("line_start", self.starts.binary_search(&range.start).is_ok());
        row.flag("line_end", self.ends.binary_search(&range.end).is_ok());
        row.push("listed", listed(text, range));
        row.push("before", class(char_before(text, range.start)));
        row.push("behind", class(char_after(text, range.end)));
    }

    /// What concerns a Chinese character read for another.
    fn measure_character(&self, row: &mut Row, place: &Place, candidate: &Candidate) {
        let (context, text, range) = (self.context, self.context.text(), &place.range);
        let model = context.lexicon.mixed_model();
        let old = text[range.clone()].chars().next().unwrap_or_default();
        let new = candidate.new.chars().next().unwrap_or_default();
        row.push("characters", candidate.new.chars().count() as f32);
        row.push("likeness", candidate.resemblance.likeness);
        row.push("sound", sound(candidate.resemblance.sound));
        row.push("frequency", model.frequency(old));
        row.push("new_frequency", model.frequency(new));
        row.push("seen", longest_seen(context, range, &text[range.clone()], 1));
        row.push("new_seen", longest_seen(context, range, &candidate.new, 0));
        let word = context.tokens_in(range.clone()).first();
        let word = word.map_or("", |token| &text[token.range.clone()]);
        let changed = Changed::new(text, range, &candidate.new, context.lexicon);
        let unchanged = Changed::new(text, range, &text[range.clone()], context.lexicon);
        row.push("word", word.chars().count() as f32);
        row.push("new_word", changed.word().chars().count() as f32);
        row.push("words", changed.words() as f32 - unchanged.words() as f32);
        let lexicon = context.lexicon;
        row.push("word_gain", changed.log_frequency(lexicon) - unchanged.log_frequency(lexicon));
        row.push("surname", surname(context, range.start));
        let again = |c: char| context.facts.count(&c.to_string()).min(9) as f32;
        row.push("again", again(old));
        row.push("new_again", again(new));
        row.flag("short_name", is_short_name(old));
        row.flag("new_short_name", is_short_name(new));
        row.flag("numeral", is_han_numeral(old));
        row.flag("new_numeral", is_han_numeral(new));
        row.flag("particle", PARTICLES.contains(old));
        row.flag("new_particle", PARTICLES.contains(new));
    }

    /// What concerns a sign.
    fn measure_mark(&self, row: &mut Row, place: &Place, candidate: &Candidate) {
        let (text, range) = (self.context.text(), &place.range);
        let old = text[range.clone()].chars().next();
        let new = candidate.new.chars().next();
        let changed = format!("{}{}{}", &text[..range.start], candidate.new, &text[range.end..]);
        let unpaired = pair_up(&changed).lone.len();
        row.push("sign", number(old));
        row.push("new_sign", number(new));
        row.push("pairs", unpaired as f32 - self.unpaired as f32);
        row.flag("last", text[range.end..].chars().all(char::is_whitespace));
        row.flag("first", text[..range.start].chars().all(char::is_whitespace));
        let again = |c: Option<char>| c.is_some() && (c == new || c == old);
        row.flag("doubled", again(char_before(text, range.start)));
        row.flag("doubles", again(char_after(text, range.end)));
    }
}

/// Other doubtful places of its kind for each thousand characters from which a document is a bad
/// scan, and the characters a shorter one counts as: a line with an odd name is none, and nor is a
/// page with a few slips.
const BAD_SCAN: f32 = 3.5;
const BAD_PAGE: usize = 1000;
/// How much rarer misreadings are elsewhere, as a ratio of odds: those of characters, of strange
/// signs, and of other marks. With it, clean news gets less than one false alarm in 10,000
/// characters at the confidence at which a scan gets a fix that is right more often than not.
const RARER: f32 = 3.4;
const RARER_STRANGE: f32 = 3.8;
const RARER_MARKS: f32 = 14.0;
/// ln p up to which a sign is one that right text hardly ever has there.
const STRANGE: f32 = -9.0;

/// Visible characters on each side that tell how well the model knows this kind of text.
const MOOD: usize = 12;
/// Bytes within which a strong candidate may explain the same surprise: three Chinese characters.
const NEAR: usize = 9;

/// Marks of enumeration among the characters around a place: brands and names stand in lists.
fn listed(text: &str, range: &Range<usize>) -> f32 {
    let before = text[..range.start].chars().rev().take(LIST);
    let behind = text[range.end..].chars().take(LIST);
    before.chain(behind).filter(|c| *c == '、').count() as f32
}

/// Characters on each side that may belong to the same list.
const LIST: usize = 6;

/// 1 behind a surname, 2 behind a surname and one character: where the given name stands.
fn surname(context: &Context<'_>, at: usize) -> f32 {
    let names = context.lexicon.names();
    let before = context.text()[..at].char_indices().rev().take(2);
    let is_surname = |from: usize| names.surname_at_start(&context.text()[from..at]).is_some();
    before.map(|(from, _)| from).position(is_surname).map_or(0.0, |behind| behind as f32 + 1.0)
}

fn sound(sound: Sound) -> f32 {
    match sound {
        Sound::Different => 0.0,
        Sound::Similar => 1.0,
        Sound::Same => 2.0,
    }
}

/// A class of characters as a number.
fn class(character: Option<char>) -> f32 {
    match character {
        None => 0.0,
        Some(c) if c.is_ascii_digit() => 1.0,
        Some(c) if c.is_ascii_alphabetic() => 2.0,
        Some(c) if is_han(c) => 3.0,
        Some(c) if is_sign(c) => {
            4.0 + SIGNS.chars().position(|s| s == c).unwrap_or(UNLISTED) as f32
        }
        Some(_) => 2.5,
    }
}

/// Signs with a number of their own, like beside like.
const SIGNS: &str = "。．.·•，,、丶；;：:！!？?…—-－–~～“”\"‘’'《》〈〉（）()「」『』【】[]■●◆□%％";

/// The number of all other signs: behind those with their own.
const UNLISTED: usize = 60;

/// A sign as a number; 0 for nothing.
fn number(sign: Option<char>) -> f32 {
    match sign {
        None => 0.0,
        Some(c) if is_han(c) => 1.0,
        Some(c) => 2.0 + SIGNS.chars().position(|s| s == c).unwrap_or(UNLISTED) as f32,
    }
}

/// The length in characters of the longest string with `place` in the place of `range` that the
/// document has more than `own` times.
fn longest_seen(context: &Context<'_>, range: &Range<usize>, place: &str, own: usize) -> f32 {
    let text = context.text();
    let reach = LONGEST_COUNTED - 1;
    let visible = |c: &char| symbol(*c).is_some();
    let mut around: Vec<char> =
        text[..range.start].chars().rev().filter(visible).take(reach).collect();
    around.reverse();
    let start = around.len();
    around.extend(place.chars());
    let end = around.len();
    around.extend(text[range.end..].chars().filter(visible).take(reach));
    let strings = (0..=start).flat_map(|start| {
        let ends = end..=around.len().min(start + LONGEST_COUNTED);
        ends.map(move |end| start..end)
    });
    strings
        .filter(|string| string.len() > 1 && around[string.clone()].iter().all(|c| is_han(*c)))
        .filter(|string| {
            let string: String = around[string.clone()].iter().collect();
            context.facts.count(&string) > own
        })
        .map(|string| string.len())
        .max()
        .unwrap_or(0) as f32
}
