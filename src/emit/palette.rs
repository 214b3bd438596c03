//! Colours, as the escape sequences put around a part of the text.

/// The escape sequences around one kind of text. Both are empty in plain output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    /// What is written before.
    pub on: String,
    /// What is written behind.
    pub off: String,
}

impl Paint {
    /// `text` in this paint.
    pub fn over(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        format!("{}{text}{}", self.on, self.off)
    }
}

/// How each kind of text is painted. The default paints nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// File, line and column of a finding; the file names of a diff.
    pub place: Paint,
    /// Rule ids and levels.
    pub rule: Paint,
    /// What stands there and is wrong; a deleted line.
    pub wrong: Paint,
    /// What is to stand there; an added line.
    pub right: Paint,
    /// The changed characters of a deleted line.
    pub wrong_characters: Paint,
    /// The changed characters of an added line.
    pub right_characters: Paint,
    /// Line numbers, frames and hunk headers.
    pub faint: Paint,
}
