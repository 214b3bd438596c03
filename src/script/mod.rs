//! Traditional script. Dictionaries and models know simplified characters only; so a traditional
//! text is read in simplified script, and what is found is told in its own.
//!
//! Folding keeps every byte where it is: a span of the folded text is one of the file's text.

mod unfold;

pub use unfold::Unfolding;

use std::sync::LazyLock;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::lexicon::Lexicon;

/// The two scripts of Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// 简体
    Simplified,
    /// 繁體
    Traditional,
}

/// Frequent characters that exist in simplified text only.
const SIMPLIFIED_ONLY: &str = "国这个来对们时会说过发经产业动学现实进应当问题间将还从东车马门见长为无与书专开关员\
                               济务农义议队场区报级计设认让边达运选连远记论该调资费质输项顺须领导师总战结给统";

/// Least share of the characters of one script, of all that tell one, in a text of that script.
const MOSTLY: f64 = 0.8;

/// Fewer traditional characters may be a quotation, a name, or misread.
const LEAST_TRADITIONAL: usize = 8;

/// The script of a text: traditional where there is no doubt.
pub fn script_of(text: &str, lexicon: &Lexicon) -> Script {
    let forms = Forms::count(text, lexicon);
    if forms.traditional >= LEAST_TRADITIONAL && forms.share(forms.traditional) >= MOSTLY {
        Script::Traditional
    } else {
        Script::Simplified
    }
}

/// How many characters of a text are of one script only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Forms {
    pub(crate) simplified: usize,
    pub(crate) traditional: usize,
}

impl Forms {
    pub(crate) fn count(text: &str, lexicon: &Lexicon) -> Self {
        static SIMPLIFIED: LazyLock<FxHashSet<char>> =
            LazyLock::new(|| SIMPLIFIED_ONLY.chars().collect());
        text.chars().filter(|c| !c.is_ascii()).fold(Self::default(), |mut forms, c| {
            if SIMPLIFIED.contains(&c) {
                forms.simplified += 1;
            } else if lexicon.traditional(c).is_some() {
                forms.traditional += 1;
            }
            forms
        })
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            simplified: self.simplified + other.simplified,
            traditional: self.traditional + other.traditional,
        }
    }

    /// True for a text that is not traditional, and in which a traditional form has strayed.
    pub(crate) fn is_simplified(self) -> bool {
        self.simplified as f64 >= MOSTLY * (self.simplified + self.traditional) as f64
    }

    fn share(self, of: usize) -> f64 {
        of as f64 / (self.simplified + self.traditional).max(1) as f64
    }
}
