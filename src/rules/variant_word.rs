//! W102: variant forms of words for which a standard recommends another form.

use super::enclosure::in_short_quotation;
use super::{Context, Detector, Hit, Manual, Rule};
use crate::finding::{Level, Message};
use crate::lexicon::VariantUse;

/// W102.
pub(super) static RULE: Rule = Rule {
    id: "W102",
    name: Manual { zh: "异形词", en: "Variant form" },
    summary: Manual {
        zh: "《第一批异形词整理表》不推荐的词形。",
        en: "Word forms for which the standard of variant words recommends another.",
    },
    why: Manual {
        zh: "同音同义而写法不同的词，国家标准推荐使用其中一形。推荐不是强制，一般只作提示；\
             新闻里几乎不用的词形（精采、喝采）请编辑过目。另有别义的词形（人材与人才之类以外，\
             如“份子”）只在要求时提示。",
        en: "Of words with the same sound and meaning and two written forms, the standard \
             recommends one. A recommendation is no rule, so most are hints; forms that edited \
             news practically never has are shown to the proofreader.",
    },
    standard: Some("GF 1001—2001《第一批异形词整理表》"),
    examples: &[
        ("观众齐声喝采。", "观众齐声喝彩。"),
        ("他一槌定音。", "他一锤定音。"),
        ("演出精采纷呈。", "演出精彩纷呈。"),
        ("大家的态度模胡。", "大家的态度模糊。"),
        ("要彻底铲除，不能澈底放任。", "要彻底铲除，不能彻底放任。"),
    ],
    silent_on: &[
        "观众齐声喝彩，演出精彩纷呈。",
        "他参与预算编制。",
        "氨基酸是蛋白质的组成成分。",
        "他是知识分子，也是单位的骨干与主力。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_| Box::new(VariantWords)),
};

struct VariantWords;

impl Detector for VariantWords {
    fn check_paragraph(&self, context: &Context<'_>, hits: &mut Vec<Hit>) {
        for (range, variant) in context.lexicon.variant_words().find_in(context.text()) {
            if !context.is_word_aligned(&range) {
                continue;
            }
            let quoted = in_short_quotation(context.text(), &range);
            let grade = match variant.usage {
                VariantUse::Both => "both",
                VariantUse::Rare if !quoted => "rare",
                VariantUse::Rare | VariantUse::Current => "variant",
            };
            let right = variant.recommended.as_str();
            let message = Message::new(
                format!("异形词，推荐使用“{right}”"),
                format!("a variant form; the standard recommends {right}"),
            );
            hits.push(Hit::new(range.clone(), grade, message).fix(range, right, 1.0));
        }
    }
}
