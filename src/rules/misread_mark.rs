//! P108: a mark misread, lost or invented.

use super::misread::{Kind, Misread};
use super::{Manual, Rule};
use crate::finding::Level;

/// P108.
pub(super) static RULE: Rule = Rule {
    id: "P108",
    name: Manual { zh: "标点误认", en: "Misread mark" },
    summary: Manual {
        zh: "标点认错、漏认，或把污点认成了标点。",
        en: "A mark misread, lost, or read from a speck.",
    },
    why: Manual {
        zh: "扫描件里标点的错比字还多：句号成了间隔号，分号成了冒号，行末的句号丢了，\
             行首行末的污点成了逗号短横。语言模型和引擎的误认统计一致时提出。",
        en: "Scans have more wrong marks than wrong characters: 。 read as ·, ； as ：, a 。 lost at \
             the end of a line, a speck read as a comma. It is shown where the language model \
             and the counts of what engines misread agree.",
    },
    standard: None,
    examples: &[
        ("他指出，要统筹发展和安全，切实维护社会大局稳定，不断增强人民群众获得感、幸福感、安全感．", "他指出，要统筹发展和安全，切实维护社会大局稳定，不断增强人民群众获得感、幸福感、安全感。"),
    ],
    silent_on: &[
        "会议强调，要加强组织领导。各地要结合实际抓好落实。",
        "美国总统唐纳德·特朗普和俄罗斯总统弗拉基米尔·普京举行会晤。",
    ],
    statistical: true,
    level: Level::Auto,
    build: Some(|_| Box::new(Misread(Kind::Mark))),
};
