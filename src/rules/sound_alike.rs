//! C102: a character typed for one that sounds like it.

use super::misread::{Kind, Misread};
use super::{Manual, Rule};
use crate::finding::Level;

/// C102.
pub(super) static RULE: Rule = Rule {
    id: "C102",
    name: Manual { zh: "音同音近误字", en: "Sound-alike" },
    summary: Manual {
        zh: "打成了音同或音近的另一个字。",
        en: "A character typed for one that sounds the same or nearly so.",
    },
    why: Manual {
        zh: "语言模型对这个字十分意外，换成一个音同或音近（平翘舌、前后鼻音、n和l）而字形不像的字就通顺。",
        en: "The language model is much surprised by the character and is at ease with one that \
             sounds the same or nearly so (zh and z, in and ing, n and l) but looks different.",
    },
    standard: None,
    examples: &[
        ("要坚持稳中求进工作总基掉。", "要坚持稳中求进工作总基调。"),
        ("全面推进乡村振新，加快农业农村现代化。", "全面推进乡村振兴，加快农业农村现代化。"),
    ],
    silent_on: &["要坚持稳中求进工作总基调。", "全面推进乡村振兴，加快农业农村现代化。"],
    statistical: true,
    level: Level::Auto,
    build: Some(|_| Box::new(Misread(Kind::Sound))),
};
