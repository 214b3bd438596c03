//! The language model: how likely a character is where it stands.
//!
//! Rules ask three things of it: how surprising a character is after what stands before it, how
//! probable a string is in its context, and how much more probable a place becomes by an edit.
//! All scores are natural logarithms of probabilities, so a gain of 7 means “a thousand times
//! more likely”.

mod format;
mod mixture;
mod neighbours;
mod ngram;
mod pairs;
mod slots;
mod symbols;
#[cfg(feature = "train")]
pub mod train;

pub use mixture::{MOST_MODELS, Mixture, MixtureState};
pub use neighbours::Neighbours;
pub use ngram::{NgramModel, NgramState};
pub use symbols::symbol;

use std::ops::Range;

/// A model that reads a text from left to right and says how likely each character was.
///
/// White space is not seen: it costs nothing and leaves the state as it is, because line ends
/// and stray spaces of a scan say nothing about the words.
pub trait LanguageModel: Sized + Send + Sync {
    /// What the model remembers of the characters read so far.
    type State: Copy;

    /// The state at the start of a paragraph.
    fn start(&self) -> Self::State;

    /// The state when nothing is known of what stands before.
    fn blank(&self) -> Self::State;

    /// Reads `character`: its natural log probability after what was read so far.
    fn read(&self, state: &mut Self::State, character: char) -> f32;

    /// Reads a character in each of several states, `characters[i]` in `states[i]`, and puts its
    /// natural log probability into `log_p[i]`: the same as one [`LanguageModel::read`] after the
    /// other, but what they wait for is waited for together.
    fn read_each(&self, states: &mut [Self::State], characters: &[char], log_p: &mut [f32]) {
        for ((state, character), log_p) in states.iter_mut().zip(characters).zip(log_p) {
            *log_p = self.read(state, *character);
        }
    }

    /// Reads `character`, number `count` of those read since [`LanguageModel::blank`], and tells what
    /// its natural log probability does not exceed, whatever stands before the first of them.
    fn read_at_most(&self, state: &mut Self::State, character: char, count: usize) -> f32 {
        let _ = count;
        self.read(state, character);
        0.0
    }

    /// The natural log probability that the paragraph ends here.
    fn end(&self, state: &Self::State) -> f32;

    /// How many of the characters read last the model has a count of as a string, up to
    /// [`LanguageModel::reach`]: 0 or 1 where it has never seen them together.
    fn known(&self, state: &Self::State) -> usize;

    /// How many characters to the left the model looks at.
    fn reach(&self) -> usize;

    /// The state after `left`, the text of a paragraph from its start.
    fn after(&self, left: &str) -> Self::State {
        let (mut state, from) = match last_seen(left, self.reach()) {
            Some(from) => (self.blank(), from),
            None => (self.start(), 0),
        };
        for character in left[from..].chars() {
            self.read(&mut state, character);
        }
        state
    }

    /// The natural log probability of `character` after `left`, the text of a paragraph from its
    /// start.
    fn log_probability(&self, left: &str, character: char) -> f32 {
        self.read(&mut self.after(left), character)
    }

    /// The natural log probability of each character of a paragraph, in order; 0 for white space.
    fn log_probabilities(&self, text: &str) -> Vec<f32> {
        let mut state = self.start();
        text.chars().map(|character| self.read(&mut state, character)).collect()
    }

    /// Reads a paragraph.
    fn surprises(&self, text: &str) -> Surprises {
        let places = text.char_indices().map(|(at, _)| at);
        let log_p = places.zip(self.log_probabilities(text)).collect();
        Surprises { log_p, end: self.end(&self.after(text)), length: text.len() }
    }

    /// The natural log probability of `range` of a paragraph's text together with the characters
    /// behind it that depend on it.
    fn score(&self, text: &str, range: Range<usize>) -> f32 {
        self.window(text, range).score
    }

    /// Prepares to try edits of `range` of a paragraph's text.
    fn window<'a>(&'a self, text: &'a str, range: Range<usize>) -> Window<'a, Self> {
        let state = self.after(&text[..range.start]);
        let mut window = Window::unscored(self, state, text, &range);
        window.score = window.read(&text[range], f32::NEG_INFINITY).unwrap_or(f32::NEG_INFINITY);
        window
    }

    /// How much more probable the paragraph becomes when `new` stands at `range`, as a difference
    /// of natural logarithms; `None` when it is less than `least`.
    fn gain(&self, text: &str, range: Range<usize>, new: &str, least: f32) -> Option<f32> {
        self.window(text, range).gain(new, least)
    }
}

/// How surprising the characters of a paragraph are where they stand.
#[derive(Clone, Debug)]
pub struct Surprises {
    /// Where in the text each character starts, in bytes, and its natural log probability after
    /// what stands before it; 0 for white space.
    log_p: Vec<(usize, f32)>,
    /// The natural log probability that the paragraph ends where it does.
    end: f32,
    /// Bytes of the text.
    length: usize,
}

impl Surprises {
    /// ln p of the character at byte `at`, or of the end; 0 where no character starts.
    pub fn at(&self, at: usize) -> f32 {
        match self.log_p.binary_search_by_key(&at, |(at, _)| *at) {
            Ok(index) => self.log_p[index].1,
            Err(_) if at == self.length => self.end,
            Err(_) => 0.0,
        }
    }

    /// ln p of each character with its byte, in order.
    pub fn each(&self) -> &[(usize, f32)] {
        &self.log_p
    }

    /// The window of `range` of `text`, a paragraph that `model` has read to these surprises.
    pub fn window<'a, M: LanguageModel>(
        &self,
        model: &'a M,
        text: &'a str,
        range: Range<usize>,
    ) -> Window<'a, M> {
        self.window_after(model, model.after(&text[..range.start]), text, range)
    }

    /// The same where `state` is that of `model` before `range`.
    pub fn window_after<'a, M: LanguageModel>(
        &self,
        model: &'a M,
        state: M::State,
        text: &'a str,
        range: Range<usize>,
    ) -> Window<'a, M> {
        let mut window = Window::unscored(model, state, text, &range);
        let place = |at: usize| self.log_p.partition_point(|(start, _)| *start < at);
        let reached = place(range.start)..place(range.end + window.behind.text.len());
        window.score = self.log_p[reached].iter().map(|(_, log_p)| log_p).sum();
        if window.behind.ends {
            window.score += self.end;
        }
        window
    }
}

/// A place of a paragraph where several edits are tried.
pub struct Window<'a, M: LanguageModel> {
    model: &'a M,
    state: M::State,
    behind: Behind<'a>,
    /// The natural log probability of the place as it stands.
    pub score: f32,
}

/// The characters behind a place whose probability depends on it.
struct Behind<'a> {
    text: &'a str,
    /// The paragraph ends with them.
    ends: bool,
}

impl<'a, M: LanguageModel> Window<'a, M> {
    fn unscored(model: &'a M, state: M::State, text: &'a str, range: &Range<usize>) -> Self {
        let behind = &text[range.end..];
        let reached = first_seen(behind, model.reach());
        let behind =
            Behind { text: &behind[..reached.unwrap_or(behind.len())], ends: reached.is_none() };
        Self { model, state, behind, score: 0.0 }
    }

    /// How much more probable the paragraph becomes when `new` stands here; `None` when it is
    /// less than `least`. Reading stops as soon as that is certain.
    pub fn gain(&self, new: &str, least: f32) -> Option<f32> {
        self.read(new, self.score + least).map(|score| score - self.score)
    }

    /// What is gained when the characters of each trial stand here, as [`Window::gain`] tells it,
    /// for those of `trials` that gain what they must, in their order.
    pub fn gains<const N: usize>(&self, trials: &[Trial<N>]) -> Vec<([char; N], f32)> {
        let behind: Vec<char> = self.behind.text.chars().filter(|c| symbol(*c).is_some()).collect();
        let at_most = match trials.len() {
            ..=FEW => vec![0.0; behind.len() + 1],
            _ => self.at_most(&behind),
        };
        let needed = |rest: usize| self.score - at_most[rest] - ROUNDING;
        let mut left = Tried::after_first(self.model, self.state, trials, needed(0));
        for place in 1..N {
            left.read(self.model, needed(0), |new| new[place]);
        }
        for (i, next) in behind.iter().enumerate() {
            left.read(self.model, needed(i + 1), |_| *next);
        }
        if self.behind.ends {
            for (state, score) in left.states.iter().zip(&mut left.scores) {
                *score += self.model.end(state);
            }
        }
        let scored = left.trials.into_iter().zip(left.scores);
        scored
            .filter(|(trial, score)| *score >= self.score + trial.least)
            .map(|(trial, score)| (trial.new, score - self.score))
            .collect()
    }

    /// What the ln p of the characters `behind` the place do not exceed together, from each of them
    /// on, whatever is put in.
    fn at_most(&self, behind: &[char]) -> Vec<f32> {
        let mut state = self.model.blank();
        let each = behind.iter().zip(1..);
        let each = each.map(|(c, count)| self.model.read_at_most(&mut state, *c, count));
        let mut at_most: Vec<f32> = each.chain([0.0]).collect();
        for i in (0..behind.len()).rev() {
            at_most[i] += at_most[i + 1];
        }
        at_most
    }

    /// The score with `new` in the place, `None` when it falls below `least`. Log probabilities
    /// are never positive, so a sum once below stays below.
    fn read(&self, new: &str, least: f32) -> Option<f32> {
        let mut state = self.state;
        let mut score = 0.0;
        for character in new.chars().chain(self.behind.text.chars()) {
            score += self.model.read(&mut state, character);
            if score < least {
                return None;
            }
        }
        if self.behind.ends {
            score += self.model.end(&state);
        }
        (score >= least).then_some(score)
    }
}

/// Where no more are tried than this, it does not pay to work out what cannot be reached. Set by hand.
const FEW: usize = 2;

/// Sums of the same log probabilities in another order differ by less.
const ROUNDING: f32 = 0.01;

/// Characters that are tried in a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial<const N: usize> {
    /// The characters.
    pub new: [char; N],
    /// The gain, as a difference of natural logarithms, below which they are given up.
    pub least: f32,
}

/// What is tried in a place, and how far each has been read.
struct Tried<S, const N: usize> {
    trials: Vec<Trial<N>>,
    states: Vec<S>,
    scores: Vec<f32>,
    /// Room for what is being read.
    next: Vec<char>,
    log_p: Vec<f32>,
}

impl<S: Copy, const N: usize> Tried<S, N> {
    /// Reads the first character of each; of several side by side that are the same only one. Given
    /// up are those whose score is less than `needed` and what they must gain; log probabilities
    /// are never positive, so a score never rises.
    fn after_first<M>(model: &M, state: S, trials: &[Trial<N>], needed: f32) -> Self
    where
        M: LanguageModel<State = S>,
    {
        let mut trials = trials.to_vec();
        trials.retain(|trial| needed + trial.least <= 0.0);
        let mut firsts: Vec<char> = trials.iter().map(|trial| trial.new[0]).collect();
        firsts.dedup();
        let (mut states, mut scores) = (vec![state; firsts.len()], vec![0.0; firsts.len()]);
        model.read_each(&mut states, &firsts, &mut scores);
        let most = trials.len();
        let mut read = Self {
            trials: Vec::with_capacity(most),
            states: Vec::with_capacity(most),
            scores: Vec::with_capacity(most),
            next: Vec::with_capacity(most),
            log_p: vec![0.0; most],
        };
        let alike = trials.chunk_by(|a, b| a.new[0] == b.new[0]);
        for ((alike, state), score) in alike.zip(states).zip(scores) {
            let hopeful = alike.iter().filter(|trial| score >= needed + trial.least);
            read.trials.extend(hopeful);
            read.states.resize(read.trials.len(), state);
            read.scores.resize(read.trials.len(), score);
        }
        read
    }

    /// Reads the `next` character of each; those that can no longer gain enough are given up.
    fn read<M>(&mut self, model: &M, needed: f32, next: impl Fn(&[char; N]) -> char)
    where
        M: LanguageModel<State = S>,
    {
        self.next.clear();
        self.next.extend(self.trials.iter().map(|trial| next(&trial.new)));
        model.read_each(&mut self.states, &self.next, &mut self.log_p);
        let mut kept = 0;
        for i in 0..self.trials.len() {
            let score = self.scores[i] + self.log_p[i];
            if score >= needed + self.trials[i].least {
                self.states[kept] = self.states[i];
                self.trials[kept] = self.trials[i];
                self.scores[kept] = score;
                kept += 1;
            }
        }
        self.states.truncate(kept);
        self.trials.truncate(kept);
        self.scores.truncate(kept);
    }
}

/// Where the last `count` visible characters of `text` start; `None` when it has fewer.
fn last_seen(text: &str, count: usize) -> Option<usize> {
    let mut seen = text.char_indices().rev().filter(|(_, c)| symbol(*c).is_some());
    match count.checked_sub(1) {
        None => Some(text.len()),
        Some(before) => seen.nth(before).map(|(at, _)| at),
    }
}

/// Where the first `count` visible characters of `text` end; `None` when it has no more than them.
fn first_seen(text: &str, count: usize) -> Option<usize> {
    text.char_indices().filter(|(_, c)| symbol(*c).is_some()).nth(count).map(|(at, _)| at)
}

/// Nats per character a model needs for the lines of `text`, line ends included; the perplexity
/// is e to that power.
pub fn nats_per_character(model: &impl LanguageModel, text: &str) -> f64 {
    let mut nats = 0.0;
    let mut characters = 0usize;
    for line in text.lines() {
        let mut state = model.start();
        for character in line.chars().filter(|c| symbol(*c).is_some()) {
            nats -= f64::from(model.read(&mut state, character));
            characters += 1;
        }
        nats -= f64::from(model.end(&state));
        characters += 1;
    }
    nats / characters.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn lexicon() -> Lexicon {
        Lexicon::builtin().expect("the shipped dictionaries are right")
    }

    #[test]
    fn news_is_more_likely_than_its_slips() {
        let lexicon = lexicon();
        let model = lexicon.language_model();
        for (wrong, range, right) in [
            ("经济持续续健康发展", 12..15, ""),
            ("召开全体议会", 12..18, "会议"),
            ("人民政俯工作报告", 9..12, "府"),
        ] {
            let gain = model.gain(wrong, range, right, 5.0);
            assert!(gain.is_some(), "{wrong}");
        }
        assert_eq!(model.gain("人民政府工作报告", 9..12, "俯", 0.0), None);
    }

    #[test]
    fn a_gain_is_the_difference_of_whole_texts() {
        let lexicon = lexicon();
        let model = lexicon.language_model();
        let whole = |text: &str| -> f32 {
            let sum: f32 = model.log_probabilities(text).iter().sum();
            sum + model.end(&model.after(text))
        };
        let text = "记者从市教 委获悉，今年将新增１万个学位。";
        let places: Vec<usize> =
            text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for pair in places.windows(2) {
            for new in ["", "新", "的增"] {
                let edited = format!("{}{new}{}", &text[..pair[0]], &text[pair[1]..]);
                let gain = model.gain(text, pair[0]..pair[1], new, f32::NEG_INFINITY);
                let gain = gain.expect("nothing is less than that");
                assert!((gain - (whole(&edited) - whole(text))).abs() < 1e-3, "{edited}");
            }
        }
    }

    #[test]
    fn a_window_of_a_text_that_was_read_has_its_score() {
        let lexicon = lexicon();
        let model = lexicon.language_model();
        let text = "记者从市教 委获悉，今年将新增１万个学位。";
        let surprises = model.surprises(text);
        for (at, character) in text.char_indices() {
            for range in [at..at, at..at + character.len_utf8(), at..text.len()] {
                let read = surprises.window(model, text, range.clone()).score;
                assert!((read - model.score(text, range)).abs() < 1e-3, "{character}");
            }
        }
    }

    fn alone<const N: usize>(
        window: &Window<'_, NgramModel>,
        trials: &[Trial<N>],
    ) -> Vec<([char; N], f32)> {
        let gain = |trial: &Trial<N>| {
            Some((trial.new, window.gain(&String::from_iter(trial.new), trial.least)?))
        };
        trials.iter().filter_map(gain).collect()
    }

    /// Each of `tried` with another least gain around `least`.
    fn trials<const N: usize>(tried: &[[char; N]], least: f32) -> Vec<Trial<N>> {
        let each = tried.iter().zip([0.0, 3.0, -2.0].into_iter().cycle());
        each.map(|(new, more)| Trial { new: *new, least: least + more }).collect()
    }

    #[test]
    fn several_characters_gain_what_each_does_alone() {
        let lexicon = lexicon();
        let model = lexicon.language_model();
        let text = "人民政俯工作 报告";
        let tried: Vec<[char; 1]> = "府俯会务治，𠀀府a".chars().map(|c| [c]).collect();
        let pairs = ["府会", "务会", "府a", "，报"].map(|pair| pair.chars().collect::<Vec<_>>());
        let pairs = pairs.map(|pair| [pair[0], pair[1]]);
        for (at, character) in text.char_indices() {
            let range = at..at + character.len_utf8();
            let window = model.window(text, range);
            for least in [f32::NEG_INFINITY, -3.0, 4.0] {
                let tried = trials(&tried, least);
                assert_eq!(window.gains(&tried), alone(&window, &tried), "{character}");
                let pairs = trials(&pairs, least);
                assert_eq!(window.gains(&pairs), alone(&window, &pairs), "{character}");
            }
        }
    }

    #[test]
    fn damaged_files_are_refused() {
        let bytes = include_bytes!("../../dictionaries/models/news.lm");
        let mut damaged = bytes.to_vec();
        damaged[100_000] ^= 1;
        assert!(NgramModel::new("news.lm", damaged).is_err());
        assert!(NgramModel::new("news.lm", bytes[..1000].to_vec()).is_err());
        assert!(NgramModel::new("news.lm", b"kanwu-lm".to_vec()).is_err());
    }
}
