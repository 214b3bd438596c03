//! C101, C102 and P108 with the language model that is part of the program.

use std::sync::LazyLock;

use kanwu::{Config, Level, Pipeline, Source};

static PIPELINE: LazyLock<Pipeline> =
    LazyLock::new(|| Pipeline::new(Config::default()).expect("the shipped dictionaries are right"));

/// The best fix of each suggestion of these rules: rule, wrong text, right text.
fn misread(text: &str) -> Vec<(String, String, String)> {
    let report = PIPELINE.check(&Source::new("page", text));
    let misread = report.suggestions.into_iter().filter(|s| s.finding.rule.statistical);
    misread
        .map(|suggestion| {
            let finding = suggestion.finding;
            (finding.rule.id.to_string(), finding.wrong, finding.choices[0].right.clone())
        })
        .collect()
}

#[test]
fn a_word_taken_for_another_of_the_same_sound_is_found() {
    let texts = [
        ("各地要采取有力错失，确保群众温暖过冬。", "错失", "措施"),
        ("各部门要密切陪和，形成工作合力。", "陪和", "配合"),
        ("要抓紧健全重大项目协调推进积制。", "积", "机"),
    ];
    for (text, wrong, right) in texts {
        let found = misread(text);
        assert!(
            found.contains(&("C102".into(), wrong.into(), right.into())),
            "{text} gives {found:?}"
        );
    }
}

#[test]
fn nothing_is_said_about_text_that_is_not_chinese() {
    let text = "The news was written for the tests (`text/*.md`); people and 公司 are invented.\n";
    assert_eq!(misread(text), []);
}

#[test]
fn the_partner_of_a_misread_bracket_comes_in_its_width() {
    let only = Config { select: vec!["P108".into()], ..Config::default() };
    let pipeline = Pipeline::new(only).expect("the shipped dictionaries are right");
    let best = |text: &str| {
        let report = pipeline.check(&Source::new("page", text));
        let suggestion = report.suggestions.into_iter().next().expect("the mark is misread");
        (suggestion.finding.wrong, suggestion.finding.choices[0].right.clone())
    };
    let fixed = ("〈3月14日)".to_string(), "（3月14日）".to_string());
    assert_eq!(best("新航站楼今天〈3月14日)正式启用，首批旅客顺利出行。"), fixed);
    let fixed = ("〈".to_string(), "（".to_string());
    assert_eq!(best("新航站楼今天〈3月14日）正式启用，首批旅客顺利出行。"), fixed);
}

#[test]
fn a_number_is_never_changed_unasked() {
    let text = "会议审议通过了党的二十届凹中全会公报。";
    let report = PIPELINE.check(&Source::new("page", text));
    let suggestion = report.suggestions.first().expect("the numeral is misread");
    assert!(suggestion.finding.confidence >= Config::default().suspect_auto_from);
    assert_eq!(suggestion.level, Level::Review);
}
