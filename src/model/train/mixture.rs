//! How much each model of a mixture should weigh.

use super::super::format;
use super::super::{LanguageModel, NgramModel, symbol};

/// The weights that make `text`, a paragraph a line, most probable (expectation maximisation:
/// a model's weight becomes the part of the text it explains, until nothing changes).
pub fn fit_weights(models: &[&NgramModel], text: &str) -> Vec<f64> {
    let columns: Vec<Vec<f32>> = models.iter().map(|model| probabilities(model, text)).collect();
    let mut weights = vec![1.0 / models.len() as f64; models.len()];
    for _ in 0..ROUNDS {
        let mut explained = vec![0.0; models.len()];
        for at in 0..columns.first().map_or(0, Vec::len) {
            let parts =
                || weights.iter().zip(&columns).map(|(w, column)| w * f64::from(column[at]));
            let sum: f64 = parts().sum::<f64>().max(f64::MIN_POSITIVE);
            explained.iter_mut().zip(parts()).for_each(|(of, part)| *of += part / sum);
        }
        let all: f64 = explained.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        weights = explained.iter().map(|part| part / all).collect();
    }
    weights
}

/// More than enough: after thirty rounds no weight moves by a thousandth.
const ROUNDS: usize = 100;

/// The probability of each character of a text and of each paragraph's end.
fn probabilities(model: &NgramModel, text: &str) -> Vec<f32> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut state = model.start();
        for character in line.chars().filter(|c| symbol(*c).is_some()) {
            found.push(model.read(&mut state, character).exp());
        }
        found.push(model.end(&state).exp());
    }
    found
}

/// Writes into `bytes`, a model's file, the share of a mixture that suits it.
pub fn set_share(bytes: &mut [u8], share: f32) {
    format::set_share(bytes, share);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn the_model_that_knows_more_weighs_more() {
        let lexicon = Lexicon::builtin().expect("the shipped dictionaries are right");
        let news = lexicon.language_model();
        let weights = fit_weights(&[news, news], "本报讯");
        assert!((weights[0] - 0.5).abs() < 1e-9);
        assert_eq!(fit_weights(&[news], ""), [0.0]);
    }
}
