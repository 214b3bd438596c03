//! Rules: values that describe themselves, and pure functions of a paragraph that find slips.
//!
//! A new rule is one file and one word in the list below: the `rules` command, `docs/rules.md`,
//! the configuration keys and the example tests all derive from its [`Rule`].

mod archive_doubt;
pub(crate) mod doubt;
mod enclosure;
mod hit;
mod misread;
mod partner;
mod right_words;
mod sign_context;

pub use hit::{Clue, Fix, Hit};
pub(crate) use right_words::RightWords;

use std::ops::Range;

use crate::analyze::{Facts, Token};
use crate::correct::Suspect;
use crate::finding::{Language, Level};
use crate::lexicon::Lexicon;
use crate::repair::Paragraph;

/// A text of the manual, in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manual {
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Manual {
    /// The text in `language`.
    pub fn get(&self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

/// What a rule is: its name, its manual, its tests and how to build it.
#[derive(Debug)]
pub struct Rule {
    /// Family letter and number, as `C103`.
    pub id: &'static str,
    /// The name, two or three words.
    pub name: Manual,
    /// What it finds, one sentence.
    pub summary: Manual,
    /// Why that is a slip and how the rule tells, a short paragraph.
    pub why: Manual,
    /// The standard and clause it rests on, where there is one.
    pub standard: Option<&'static str>,
    /// Texts that must be caught, with the text they must become.
    pub examples: &'static [(&'static str, &'static str)],
    /// Right texts that look like slips; no rule may say anything about them.
    pub silent_on: &'static [&'static str],
    /// It rests on statistics alone, so that it must be surer before it is shown.
    pub statistical: bool,
    /// The highest level its suggestions may reach, whatever their confidence.
    pub level: Level,
    /// Builds the detector. `None` for the structure rules, which repair itself reports.
    pub build: Option<Build>,
}

/// Builds the detector of a rule from the dictionaries.
pub type Build = fn(&Lexicon) -> Box<dyn Detector>;

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Rule {
    /// The family letter: S, C, P, N, W, V or K.
    pub fn family(&self) -> &'static str {
        &self.id[..1]
    }
}

/// The behaviour of a rule. Detectors hold no state that changes; facts about the whole document
/// come from [`Facts`].
pub trait Detector: Send + Sync {
    /// True for a detector that reads [`Context::suspects`]: they are looked for only where one
    /// asks.
    fn asks_suspects(&self) -> bool {
        false
    }

    /// Reports the slips of one paragraph.
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        let _ = (context, hits);
    }

    /// Reports slips that only the whole document shows, each with the number of its paragraph
    /// in [`Facts::paragraphs`].
    fn check_document(&self, facts: &Facts, lexicon: &Lexicon, hits: &mut Vec<(usize, Hit)>) {
        let _ = (facts, lexicon, hits);
    }
}

/// What a detector may look at.
pub struct Context<'a> {
    /// Number of the paragraph in [`Facts::paragraphs`].
    pub index: usize,
    /// The paragraph to check.
    pub paragraph: &'a Paragraph,
    /// Its words.
    pub tokens: &'a [Token],
    /// What was probably misread in it.
    pub suspects: &'a [Suspect],
    /// The document it stands in.
    pub facts: &'a Facts,
    /// What the dictionaries know.
    pub lexicon: &'a Lexicon,
}

impl<'a> Context<'a> {
    /// The text of the paragraph.
    pub fn text(&self) -> &'a str {
        &self.paragraph.text
    }

    /// The tokens that overlap `range` of the text.
    pub fn tokens_in(&self, range: Range<usize>) -> &'a [Token] {
        let from = self.tokens.partition_point(|token| token.range.end <= range.start);
        let to = self.tokens.partition_point(|token| token.range.start < range.end);
        &self.tokens[from..to.max(from)]
    }

    /// True unless `range` cuts through a word of two or more characters at either edge.
    pub fn is_word_aligned(&self, range: &Range<usize>) -> bool {
        self.tokens_in(range.clone()).iter().all(|token| {
            range.start <= token.range.start && token.range.end <= range.end
                || token.range.start <= range.start && range.end <= token.range.end
        })
    }
}

/// Declares the module of each rule and lists its `RULE`.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// All rules with a detector, in the order of their ids.
        static DETECTING: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    confused_word,
    contradiction,
    dots_and_dashes,
    doubled,
    doubled_marks,
    house_word,
    impossible_date,
    look_alike,
    lookalike_sign,
    misread_mark,
    missing,
    missing_stop,
    mixed_numerals,
    mixed_style,
    near_name,
    nesting,
    protected_phrase,
    quoted_list,
    range_and_unit,
    sound_alike,
    swapped,
    traditional_form,
    unpaired,
    variant_word,
    width,
    wrong_code_point,
}

/// The families of the design; a family may have no rule yet.
const FAMILIES: [&str; 7] = ["S", "C", "P", "N", "W", "V", "K"];

/// Refuses a name that is no rule and no family.
///
/// # Errors
/// What to tell the user, with the nearest name there is.
pub fn check_name(name: &str) -> Result<(), String> {
    let mut known: Vec<&str> = all().iter().map(|rule| rule.id).collect();
    known.extend(FAMILIES);
    if known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    let wanted = name.to_ascii_uppercase();
    let nearest = known.into_iter().min_by_key(|known| strsim::osa_distance(known, &wanted));
    // C13 is one character from C103; two of four would make any id of the family a guess.
    let nearest = nearest.filter(|known| strsim::osa_distance(known, &wanted) == 1);
    Err(match nearest {
        Some(nearest) => format!("there is no rule or family {name:?}; did you mean {nearest}?"),
        None => format!("there is no rule or family {name:?}; `kanwu rules` lists them"),
    })
}

/// The rule about stray traditional forms, which has nothing to say about a traditional text.
pub(crate) const TRADITIONAL_FORM: &str = traditional_form::RULE.id;

/// All rules: those repair reports, then those with a detector, by id.
pub fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> =
        crate::repair::RULES.iter().chain(DETECTING).copied().collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// The rule called `id` (case does not matter).
pub fn find(id: &str) -> Option<&'static Rule> {
    all().into_iter().find(|rule| rule.id.eq_ignore_ascii_case(id))
}
