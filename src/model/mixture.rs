//! Several models read as one.

use std::sync::Arc;

use super::{LanguageModel, NgramModel, NgramState, symbol};
use crate::error::{Error, Result};

/// The most models a mixture holds: what shipped with kanwu, general language, and two of the
/// house's own.
pub const MOST_MODELS: usize = 4;

/// Models whose probabilities are added up, each with its weight.
#[derive(Clone)]
pub struct Mixture {
    models: Vec<Arc<NgramModel>>,
    /// They sum to 1.
    weights: Vec<f32>,
}

/// What the models of a [`Mixture`] remember of the characters read so far.
#[derive(Clone, Copy, Debug)]
pub struct MixtureState([NgramState; MOST_MODELS]);

impl Mixture {
    /// A mixture of one.
    pub fn alone(model: Arc<NgramModel>) -> Self {
        Self { models: vec![model], weights: vec![1.0] }
    }

    /// Puts a model in. It takes its share, more than 0 and less than 1, from the models that are
    /// there already.
    ///
    /// # Errors
    /// [`Error::Usage`] for a share that is none, or when there are too many models.
    pub fn add(&mut self, model: Arc<NgramModel>, share: f32) -> Result<()> {
        if self.models.len() == MOST_MODELS {
            let problem = format!("no more than {MOST_MODELS} language models can be mixed");
            return Err(Error::Usage(problem));
        }
        if !(share > 0.0 && share < 1.0) {
            let problem = "the share of a language model is more than 0 and less than 1";
            return Err(Error::Usage(problem.to_string()));
        }
        self.weights.iter_mut().for_each(|weight| *weight *= 1.0 - share);
        self.models.push(model);
        self.weights.push(share);
        Ok(())
    }

    fn states(&self, of: impl Fn(&NgramModel) -> NgramState) -> MixtureState {
        let mut states = [NgramState::BLANK; MOST_MODELS];
        for (state, model) in states.iter_mut().zip(&self.models) {
            *state = of(model);
        }
        MixtureState(states)
    }

    /// The models with their weights.
    pub fn models(&self) -> impl Iterator<Item = (&NgramModel, f32)> {
        self.models.iter().map(|model| &**model).zip(self.weights.iter().copied())
    }
}

impl Mixture {
    /// The characters whose natural log probability, nothing being known of their context, is
    /// `least` or more, by code point.
    pub fn frequent_characters(&self, least: f32) -> Vec<char> {
        let mut characters: Vec<char> =
            self.models.iter().flat_map(|model| model.characters()).collect();
        characters.sort_unstable();
        characters.dedup();
        characters.retain(|character| self.read(&mut self.blank(), *character) >= least);
        characters
    }

    /// The pairs of characters that one of the models keeps a count of, some of them twice.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (char, char)> + '_ {
        self.models.iter().flat_map(|model| model.pairs())
    }

    /// ln p of the second character of each pair behind the first, by the model surest of it; minus
    /// infinity where none keeps a count of the pair.
    pub(super) fn of_pairs(&self, pairs: &[(char, char)]) -> Vec<f32> {
        let mut log_p = vec![f32::NEG_INFINITY; pairs.len()];
        self.models.iter().for_each(|model| model.raise_to_pairs(pairs, &mut log_p));
        log_p
    }

    /// ln p of `character` when nothing is known of its context.
    pub fn frequency(&self, character: char) -> f32 {
        self.read(&mut self.blank(), character)
    }

    /// The logarithm of the weighted sum of the probabilities whose logarithms these are.
    fn sum(&self, mut log_p: impl FnMut(usize, &NgramModel) -> f32) -> f32 {
        // With one model nothing is lost by going there and back.
        if let [model] = &*self.models {
            return log_p(0, model);
        }
        let weighed = self.models.iter().zip(&self.weights).enumerate();
        let sum: f32 = weighed.map(|(i, (model, weight))| weight * log_p(i, model).exp()).sum();
        sum.clamp(f32::MIN_POSITIVE, 1.0).ln()
    }
}

impl LanguageModel for Mixture {
    type State = MixtureState;

    fn start(&self) -> MixtureState {
        self.states(NgramModel::start)
    }

    fn blank(&self) -> MixtureState {
        self.states(NgramModel::blank)
    }

    fn read(&self, state: &mut MixtureState, character: char) -> f32 {
        match symbol(character) {
            Some(symbol) => self.sum(|i, model| model.read_symbol(&mut state.0[i], symbol)),
            None => 0.0,
        }
    }

    fn read_at_most(&self, state: &mut MixtureState, character: char, count: usize) -> f32 {
        self.sum(|i, model| model.read_at_most(&mut state.0[i], character, count))
    }

    /// One model after the other, as in [`Mixture::log_probabilities`].
    fn read_each(&self, states: &mut [MixtureState], characters: &[char], log_p: &mut [f32]) {
        let mut own_log_p = vec![0.0; states.len()];
        let mixed = self.models.len() > 1;
        log_p[..states.len()].fill(0.0);
        for (i, (model, weight)) in self.models().enumerate() {
            model.read_each_in(states, |state| &mut state.0[i], characters, &mut own_log_p);
            for (sum, log_p) in log_p.iter_mut().zip(&own_log_p) {
                *sum += if mixed { weight * log_p.exp() } else { *log_p };
            }
        }
        if mixed {
            for sum in &mut log_p[..states.len()] {
                *sum = sum.clamp(f32::MIN_POSITIVE, 1.0).ln();
            }
        }
    }

    fn end(&self, state: &MixtureState) -> f32 {
        self.sum(|i, model| model.end(&state.0[i]))
    }

    /// One model after the other: each has the caches to itself.
    fn log_probabilities(&self, text: &str) -> Vec<f32> {
        let [first, others @ ..] = &*self.models else { return Vec::new() };
        let mut mixed = first.log_probabilities(text);
        if others.is_empty() {
            return mixed;
        }
        mixed.iter_mut().for_each(|log_p| *log_p = self.weights[0] * log_p.exp());
        for (model, weight) in others.iter().zip(&self.weights[1..]) {
            for (sum, log_p) in mixed.iter_mut().zip(model.log_probabilities(text)) {
                *sum += weight * log_p.exp();
            }
        }
        // The weights of white space, which costs nothing, need not add up to 1 to the last bit.
        for (character, sum) in text.chars().zip(&mut mixed) {
            *sum = symbol(character).map_or(0.0, |_| sum.clamp(f32::MIN_POSITIVE, 1.0).ln());
        }
        mixed
    }

    fn known(&self, state: &MixtureState) -> usize {
        let known = self.models.iter().zip(&state.0).map(|(model, state)| model.known(state));
        known.max().unwrap_or(0)
    }

    fn reach(&self) -> usize {
        self.models.iter().map(|model| model.reach()).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Trial;

    fn news() -> Arc<NgramModel> {
        let bytes = include_bytes!("../../dictionaries/models/news.lm");
        Arc::new(NgramModel::new("news.lm", &bytes[..]).expect("the shipped model is right"))
    }

    const TEXT: &str = "本报讯 记者从市教委获悉，今年将新增１万个学位。";

    #[test]
    fn one_model_is_a_mixture_of_itself() {
        let news = news();
        let mut mixture = Mixture::alone(Arc::clone(&news));
        assert_eq!(mixture.log_probabilities(TEXT), news.log_probabilities(TEXT));
        mixture.add(Arc::clone(&news), 0.3).expect("there is room");
        mixture.add(Arc::clone(&news), 0.5).expect("there is room");
        let weights: Vec<f32> = mixture.models().map(|(_, weight)| weight).collect();
        assert_eq!(weights, [0.35, 0.15, 0.5]);
        for (mixed, alone) in
            mixture.log_probabilities(TEXT).iter().zip(news.log_probabilities(TEXT))
        {
            assert!((mixed - alone).abs() < 1e-4, "{mixed} {alone}");
        }
        assert_eq!(mixture.frequent_characters(-9.0), news_frequent(&news));
    }

    fn news_frequent(news: &NgramModel) -> Vec<char> {
        let log_p = |c: &char| news.read(&mut news.blank(), *c);
        news.characters().filter(|c| log_p(c) >= -9.0).collect()
    }

    #[test]
    fn a_text_reads_the_same_whole_and_by_characters() {
        let news = news();
        let mut mixture = Mixture::alone(Arc::clone(&news));
        for _ in 0..2 {
            let mut state = mixture.start();
            let read = TEXT.chars().map(|c| mixture.read(&mut state, c));
            for (whole, single) in mixture.log_probabilities(TEXT).into_iter().zip(read) {
                assert!((whole - single).abs() < 1e-5, "{whole} {single}");
            }
            mixture.add(Arc::clone(&news), 0.4).expect("there is room");
        }
    }

    #[test]
    fn a_gain_of_a_mixture_is_the_difference_of_whole_texts() {
        let news = news();
        let mut mixture = Mixture::alone(Arc::clone(&news));
        mixture.add(Arc::clone(&news), 0.4).expect("there is room");
        let whole = |text: &str| mixture.score(text, 0..text.len());
        let gain = mixture.gain(TEXT, 0..3, "日", f32::NEG_INFINITY).expect("nothing is less");
        let edited = TEXT.replacen('本', "日", 1);
        assert!((gain - (whole(&edited) - whole(TEXT))).abs() < 1e-3);
    }

    #[test]
    fn trials_are_given_up_only_where_they_gain_too_little() {
        let news = news();
        let mut mixture = Mixture::alone(Arc::clone(&news));
        mixture.add(Arc::clone(&news), 0.4).expect("there is room");
        for (at, character) in TEXT.char_indices() {
            let window = mixture.window(TEXT, at..at + character.len_utf8());
            for least in [-8.0, -2.0, 1.0] {
                let tried = "报日校今市各府国会人民，".chars();
                let tried: Vec<Trial<1>> = tried.map(|c| Trial { new: [c], least }).collect();
                let gains = window.gains(&tried);
                for Trial { new, .. } in tried {
                    let gain = window.gain(&String::from(new[0]), f32::NEG_INFINITY);
                    let gain = gain.expect("nothing is less");
                    let found = gains.iter().find(|(found, _)| *found == new).map(|(_, g)| *g);
                    let right = match found {
                        Some(found) => (found - gain).abs() < 1e-3,
                        None => gain < least + 1e-3,
                    };
                    assert!(right, "{character} {new:?} {least}: {found:?} for {gain}");
                }
            }
        }
    }

    #[test]
    fn shares_that_are_none_are_refused() {
        let news = news();
        let mut mixture = Mixture::alone(Arc::clone(&news));
        for share in [0.0, 1.0, -1.0, f32::NAN] {
            assert!(mixture.add(Arc::clone(&news), share).is_err(), "{share}");
        }
        for _ in 1..MOST_MODELS {
            mixture.add(Arc::clone(&news), 0.5).expect("there is room");
        }
        assert!(mixture.add(news, 0.5).is_err());
    }
}
