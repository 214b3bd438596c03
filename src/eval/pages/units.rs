//! Texts as they are compared: without white space, a unit a line.

use crate::eval::is_space;

/// What counts as equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Half and full width of ASCII marks, the shapes of quotation marks, dashes and bullets.
    Folded,
    /// Nothing.
    Strict,
}

/// A character and the characters that count as equal to it, full-width ASCII aside.
const EQUAL: [(char, &str); 6] = [
    ('"', "“”„〝〞＂『』「」"),
    ('\'', "‘’＇｀"),
    ('-', "—–―─－﹣‐‑"),
    ('·', "•・‧∙"),
    ('■', "●■□◆"),
    ('。', "。｡"),
];

impl Comparison {
    /// The characters of `text` that are compared.
    pub(super) fn characters(self, text: &str) -> Vec<char> {
        let characters = text.chars().filter(|character| !is_space(*character));
        match self {
            Self::Folded => characters.map(fold).collect(),
            Self::Strict => characters.collect(),
        }
    }

    /// The lines of `text` that hold anything.
    pub(super) fn units(self, text: &str) -> Vec<Vec<char>> {
        let lines = text.split('\n').map(|line| self.characters(&line.replace('\u{feff}', "")));
        lines.filter(|line| !line.is_empty()).collect()
    }

    /// What is printed of a piece and what the engine read of it, without doubles and empty ones.
    pub(super) fn forms(self, printed: &str, read: Option<&str>) -> Vec<Vec<char>> {
        let mut forms = vec![self.characters(printed), self.characters(read.unwrap_or_default())];
        forms.dedup();
        forms.retain(|form| !form.is_empty());
        forms
    }
}

fn fold(character: char) -> char {
    let full_width = ('\u{ff01}'..='\u{ff5e}').contains(&character);
    match EQUAL.iter().find(|(_, equal)| equal.contains(character)) {
        Some((one, _)) => *one,
        None if full_width => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        None => character,
    }
}
