//! What C101, C102 and P108 share: suspects of the language model and the error channel as hits.

use std::ops::Range;

use super::archive_doubt::is_usual;
use super::doubt::Doubt;
use super::partner::match_partners;
use super::{Context, Detector, Fix, Hit};
use crate::config::Config;
use crate::correct::{Suspect, SuspectKind};
use crate::finding::{Level, Message};
use crate::han::is_han_numeral;
use crate::lexicon::Sound;
use crate::marks::{char_after, char_before};
use crate::person_name::may_be_listed_name;

/// What a misreading is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A character that looks like the right one, or that the context does not expect.
    Look,
    /// A character that sounds like the right one and looks different.
    Sound,
    /// A mark.
    Mark,
}

/// Shows the suspects of one kind.
pub(super) struct Misread(pub(super) Kind);

/// Probability below which a reading is not shown beside a better one.
const LEAST: f32 = 0.1;
/// Characters at least so alike are taken for a slip of the eye, not of the ear.
const ALIKE: f32 = 0.6;

impl Detector for Misread {
    fn asks_suspects(&self) -> bool {
        true
    }

    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let own = context.suspects.iter().filter(|suspect| kind(context, suspect) == self.0);
        let doubtful = own.filter(|suspect| !is_usual_hint(context, suspect));
        hits.extend(doubtful.map(|suspect| match_partners(context, hit(context, suspect))));
    }
}

/// True for a suspect nobody would be shown unasked and that the archive knows as it is.
fn is_usual_hint(context: &Context<'_>, suspect: &Suspect) -> bool {
    suspect.kind == SuspectKind::Character
        && f64::from(suspect.readings[0].probability) < Config::default().suspect_review_from
        && is_usual(context, &suspect.range, &suspect.readings[0].new)
}

fn kind(context: &Context<'_>, suspect: &Suspect) -> Kind {
    if suspect.kind == SuspectKind::Mark {
        return Kind::Mark;
    }
    let lexicon = context.lexicon;
    let sound = |(old, new)| lexicon.readings().likeness(old, new) != Sound::Different;
    let look = |(old, new)| lexicon.glyphs().likeness(old, new) >= ALIKE;
    let sounds = characters(context, suspect).all(sound);
    if sounds && !characters(context, suspect).all(look) { Kind::Sound } else { Kind::Look }
}

/// What stands there and what was probably printed, character by character.
fn characters<'a>(
    context: &'a Context<'_>,
    suspect: &'a Suspect,
) -> impl Iterator<Item = (char, char)> + 'a {
    context.text()[suspect.range.clone()].chars().zip(suspect.readings[0].new.chars())
}

fn hit(context: &Context<'_>, suspect: &Suspect) -> Hit {
    let old = &context.text()[suspect.range.clone()];
    let best = &suspect.readings[0];
    let mut hit = Hit::new(suspect.range.clone(), "ranked", message(old, &best.new));
    let number =
        characters(context, suspect).any(|(old, new)| is_han_numeral(old) || is_han_numeral(new));
    let (text, names) = (context.text(), context.lexicon.names());
    let name = Doubt::of(context).is_none_or(|names| names.spares(text, &suspect.range))
        || may_be_listed_name(text, &suspect.range, names);
    hit.confidence = Some(f64::from(best.probability));
    if number || name || is_in_number(text, suspect) {
        hit.highest = Level::Review;
    }
    if connects_numbers(text, &suspect.range) {
        hit.highest = Level::Hint;
    }
    hit.fixes = suspect
        .readings
        .iter()
        .filter(|reading| reading.probability >= LEAST.min(best.probability))
        .map(|reading| Fix {
            replacements: vec![(suspect.range.clone(), reading.new.clone())],
            weight: f64::from(reading.probability),
        })
        .collect();
    hit
}

/// True for a mark taken away before a digit: of -2% and .27 nobody can tell what is left.
fn is_in_number(text: &str, suspect: &Suspect) -> bool {
    suspect.readings[0].new.is_empty()
        && char_after(text, suspect.range.end).is_some_and(|c| c.is_ascii_digit())
}

/// True for the hyphen of 10月1日-7日: many papers print it so, and what it should be is a matter of
/// style.
fn connects_numbers(text: &str, range: &Range<usize>) -> bool {
    let counts = |c: char| c.is_ascii_digit() || "年月日时".contains(c);
    &text[range.clone()] == "-"
        && char_before(text, range.start).is_some_and(counts)
        && char_after(text, range.end).is_some_and(|c| c.is_ascii_digit())
}

fn message(old: &str, new: &str) -> Message {
    let [old_zh, new_zh] =
        [old, new].map(|text| named(text).map_or(format!("“{text}”"), |n| n.0.into()));
    let [old_en, new_en] =
        [old, new].map(|text| named(text).map_or(format!("“{text}”"), |n| n.1.into()));
    match (old, new) {
        ("", _) => Message::new(format!("疑漏{new_zh}"), format!("{new_en} was probably lost")),
        (_, "") => Message::new(
            format!("{old_zh}疑为污点误认"),
            format!("{old_en} was probably never printed"),
        ),
        _ => Message::new(
            format!("{old_zh}疑为{new_zh}误认"),
            format!("{old_en} was probably read for {new_en}"),
        ),
    }
}

/// Quotation marks by their names: in quotation marks nobody could tell them apart.
fn named(mark: &str) -> Option<(&'static str, &'static str)> {
    match mark {
        "“" => Some(("前引号", "an opening quotation mark")),
        "”" => Some(("后引号", "a closing quotation mark")),
        "‘" => Some(("前单引号", "an opening single quotation mark")),
        "’" => Some(("后单引号", "a closing single quotation mark")),
        "\"" => Some(("直引号", "a straight quotation mark")),
        "'" => Some(("直单引号", "a straight single quotation mark")),
        _ => None,
    }
}
