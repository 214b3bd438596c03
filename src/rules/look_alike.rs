//! C101: a character read for one that looks like it.

use super::misread::{Kind, Misread};
use super::{Manual, Rule};
use crate::finding::Level;

/// C101.
pub(super) static RULE: Rule = Rule {
    id: "C101",
    name: Manual { zh: "形近误认", en: "Misread character" },
    summary: Manual {
        zh: "字认错了，换成另一个字整句通顺得多。",
        en: "A character read for another one; with the other the sentence reads far better.",
    },
    why: Manual {
        zh: "语言模型对这个字十分意外，换成形近的、引擎常混的或上下文所期待的字就通顺。\
             可信度在真实扫描件上校准过。人名、数字里的字只提请核对，不自动改。",
        en: "The language model is much surprised by the character and is at ease with one that \
             looks like it, that engines mistake for it, or that the context expects. Confidence \
             was calibrated on real scans. In names and numbers it only asks.",
    },
    standard: None,
    examples: &[
        ("全市经济杜会发展取得新成效。", "全市经济社会发展取得新成效。"),
        ("人民生活水平不断提高，收人分配改革稳步推进。", "人民生活水平不断提高，收入分配改革稳步推进。"),
        ("公安机关交通管理部门加强誓务指挥。", "公安机关交通管理部门加强警务指挥。"),
    ],
    silent_on: &[
        "全市经济社会发展取得新成效。",
        "记者王洋从市教委获悉，清髓后的患者进入移植仓。",
        "党的十四大报告指出，巧妇能难为之事还有很多。",
        "今年春天，雨水偏多，田里的墒情好于往年。",
    ],
    statistical: true,
    level: Level::Auto,
    build: Some(|_| Box::new(Misread(Kind::Look))),
};
