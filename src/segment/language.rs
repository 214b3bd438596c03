//! What the language model says about a seam.

use super::page::{Edge, PageLine};
use crate::learn::Row;
use crate::lexicon::Lexicon;
use crate::model::{LanguageModel, NgramModel, NgramState};

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
    fn gain(&self) -> f32 {
        self.on - self.end - self.start
    }
}

/// How much likelier two lines are as one text than as an end and a start.
pub(crate) fn seam_gain(lexicon: &Lexicon, a: &PageLine, b: &PageLine) -> f32 {
    let model = lexicon.language_model();
    let (before, behind) = around(a, b);
    let tail = Tail::behind(model, model.blank(), before);
    let start = log_probability(model, model.start(), behind);
    Reading { on: tail.on(model, behind), end: tail.end, start }.gain()
}

/// ln p of `text` in the state before it.
fn log_probability(model: &NgramModel, mut state: NgramState, text: &[char]) -> f32 {
    text.iter().map(|c| model.read(&mut state, *c)).sum()
}

/// What the language model reads at the edges of a line, whatever line stands beside it.
pub(super) struct LineEdges {
    /// Behind its last characters, behind those without the dust, and behind a full stop that may
    /// have been lost there.
    tail: Tail,
    clean_tail: Tail,
    stopped: Tail,
    /// ln p of its first characters as the start of a paragraph, with the dust and without.
    start: f32,
    clean_start: f32,
}

/// Where the text before a seam ends.
#[derive(Clone, Copy)]
struct Tail {
    state: NgramState,
    /// A paragraph ends here.
    end: f32,
}

impl Tail {
    fn behind(model: &NgramModel, mut state: NgramState, text: &[char]) -> Self {
        for c in text {
            model.read(&mut state, *c);
        }
        Self { state, end: model.end(&state) }
    }

    /// ln p of `behind` as what the text goes on with.
    fn on(&self, model: &NgramModel, behind: &[char]) -> f32 {
        log_probability(model, self.state, behind)
    }
}

impl LineEdges {
    pub(super) fn of(line: &PageLine, lexicon: &Lexicon) -> Self {
        let model = lexicon.language_model();
        let (last, first) = around(line, line);
        let (clean_last, clean_first) = (without_specks_behind(last), without_specks_before(first));
        let tail = Tail::behind(model, model.blank(), last);
        Self {
            tail,
            clean_tail: Tail::behind(model, model.blank(), clean_last),
            stopped: Tail::behind(model, tail.state, &['。']),
            start: log_probability(model, model.start(), first),
            clean_start: log_probability(model, model.start(), clean_first),
        }
    }
}

/// Measures what the language model says about the seam between two lines with these edges, and
/// returns how much likelier they are as one text.
pub(super) fn measure(
    lexicon: &Lexicon,
    (a, a_edges): (&PageLine, &LineEdges),
    (b, b_edges): (&PageLine, &LineEdges),
    row: &mut Row,
) -> f32 {
    let model = lexicon.language_model();
    let (before, behind) = around(a, b);
    let (tail, start) = (&a_edges.tail, b_edges.start);
    let reading = Reading { on: tail.on(model, behind), end: tail.end, start };
    row.push("text.gain", reading.gain());
    row.push("text.on", reading.on);
    row.push("text.end", reading.end);
    row.push("text.start", reading.start);
    // Dust at the edges is read as signs: without them the words may meet.
    let clean_behind = without_specks_before(behind);
    let no_dust =
        without_specks_behind(before).len() == before.len() && clean_behind.len() == behind.len();
    let clean_tail = &a_edges.clean_tail;
    let on = if no_dust { reading.on } else { clean_tail.on(model, clean_behind) };
    let clean = Reading { on, end: clean_tail.end, start: b_edges.clean_start };
    row.push("text.clean_gain", clean.gain());
    // A lost full stop: the sentence ends, the paragraph may.
    row.push("text.stopped_end", a_edges.stopped.end);
    row.push("text.stopped_on", a_edges.stopped.on(model, behind) - reading.on);
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
