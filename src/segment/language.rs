//! What the language model says about a seam.

use super::page::{Edge, PageLine};
use crate::learn::Row;
use crate::lexicon::Lexicon;
use crate::model::{LanguageModel, NgramModel};

/// Characters on each side of a seam that the language model reads.
const REACH: usize = 8;

/// How likely two texts are as one, and apart. All are natural logarithms of probabilities.
struct Reading {
    /// The text behind, as what the text before goes on with.
    on: f32,
    /// A paragraph ends behind the text before.
    end: f32,
    /// The text behind, as the start of a paragraph.
    start: f32,
}

impl Reading {
    fn of(model: &NgramModel, before: &[char], behind: &[char]) -> Self {
        let read = |state: &mut _| behind.iter().map(|c| model.read(state, *c)).sum();
        let mut state = model.blank();
        for c in before {
            model.read(&mut state, *c);
        }
        let end = model.end(&state);
        Self { on: read(&mut state), end, start: read(&mut model.start()) }
    }

    fn gain(&self) -> f32 {
        self.on - self.end - self.start
    }
}

/// How much likelier two lines are as one text than as an end and a start.
pub(crate) fn seam_gain(lexicon: &Lexicon, a: &PageLine, b: &PageLine) -> f32 {
    let (before, behind) = around(a, b);
    Reading::of(lexicon.language_model(), before, behind).gain()
}

/// Measures what the language model says about the seam between two lines, and returns how much
/// likelier they are as one text.
pub(super) fn measure(lexicon: &Lexicon, a: &PageLine, b: &PageLine, row: &mut Row) -> f32 {
    let model = lexicon.language_model();
    let (before, behind) = around(a, b);
    let reading = Reading::of(model, before, behind);
    row.push("text.gain", reading.gain());
    row.push("text.on", reading.on);
    row.push("text.end", reading.end);
    row.push("text.start", reading.start);
    // Dust at the edges is read as signs: without them the words may meet.
    let clean = Reading::of(model, without_specks_behind(before), without_specks_before(behind));
    row.push("text.clean_gain", clean.gain());
    // A lost full stop: the sentence ends, the paragraph may.
    let stopped: Vec<char> = before.iter().copied().chain(['。']).collect();
    let stopped = Reading::of(model, &stopped, behind);
    row.push("text.stopped_end", stopped.end);
    row.push("text.stopped_on", stopped.on - reading.on);
    clean.gain()
}

fn around<'a>(a: &'a PageLine, b: &'a PageLine) -> (&'a [char], &'a [char]) {
    (&a.chars[a.chars.len().saturating_sub(REACH)..], &b.chars[..b.chars.len().min(REACH)])
}

/// Signs that dust looks like; those that a sentence may end with are not among them.
fn speck(c: &char) -> bool {
    Edge::of(*c) == Edge::Speck || matches!(c, '.' | ',' | ':' | ';')
}

fn without_specks_behind(text: &[char]) -> &[char] {
    let kept = text.iter().rposition(|c| !speck(c)).map_or(0, |last| last + 1);
    &text[..kept]
}

fn without_specks_before(text: &[char]) -> &[char] {
    let first = text.iter().position(|c| !speck(c)).unwrap_or(text.len());
    &text[first..]
}
