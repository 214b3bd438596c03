//! C104 on sentences of one construction: a term stands whole in the first sentence and has lost
//! a character in a later one.

use kanwu::apply::apply;
use kanwu::{Config, Level, Pipeline, Source};

/// The first sentence; the second up to the term; the term as it stands, as it should stand; the
/// rest.
const TEXTS: [(&str, &str, &str, &str, &str); 20] = [
    ("发展普惠养老和医养结合服务。", "今年要健全", "养结合", "医养结合", "服务体系。"),
    ("社区开办了公办托育机构。", "家长们说，", "育机构", "托育机构", "就在楼下，接送很方便。"),
    ("推动数字经济和实体经济深度融合。", "去年全省", "字经济", "数字经济", "规模突破万亿元。"),
    ("志愿者走进社区开展服务。", "春节期间，", "愿者", "志愿者", "们为独居老人送去了饺子。"),
    ("乡村振兴战略深入实施。", "当地把产业发展作为", "村振兴", "乡村振兴", "的根本之策。"),
    ("社区配备了专职网格员。", "每天早上，", "网员", "网格员", "都要上门走访。"),
    ("稳妥推进碳达峰碳中和。", "省里印发了", "碳峰", "碳达峰", "实施方案。"),
    ("镇上新建了一所养老院。", "院长介绍，", "养院", "养老院", "目前入住老人六十多位。"),
    ("全市大力发展人工智能产业。", "去年，", "人智能", "人工智能", "企业新增两百家。"),
    (
        "坚持把高质量发展作为首要任务。",
        "要以改革推动",
        "高量发展",
        "高质量发展",
        "，不断取得新成效。",
    ),
    ("新能源汽车产销两旺。", "前三季度，", "新源汽车", "新能源汽车", "出口增长一倍。"),
    ("严守生态环境保护红线。", "几年来，流域", "生环境", "生态环境", "持续改善。"),
    ("加强应急救援队伍建设。", "汛期将至，各地", "应救援", "应急救援", "力量已提前部署到位。"),
    ("农户学会了直播带货。", "如今，村里的", "直带货", "直播带货", "已成为销售主渠道。"),
    ("住房公积金缴存人数稳步增加。", "职工可以在网上办理", "公金", "公积金", "贷款业务。"),
    ("家庭医生签约服务全面铺开。", "村民有了自己的", "家医生", "家庭医生", "，看病更加方便。"),
    ("区里新建了一座体育馆。", "市民可以到", "育馆", "体育馆", "里打羽毛球。"),
    ("持续优化营商环境。", "企业负责人说，这里的", "营环境", "营商环境", "越来越好。"),
    ("冷链物流基地建成投用。", "有了", "冷物流", "冷链物流", "，荔枝当天就能运到北京。"),
    ("基层治理水平稳步提升。", "要坚持党建引领", "基治理", "基层治理", "，办好民生实事。"),
];

#[test]
fn a_term_of_the_document_is_restored() {
    let pipeline = Pipeline::new(Config::default()).expect("the shipped dictionaries are right");
    let mut missed = Vec::new();
    for (first, before, wrong, right, after) in TEXTS {
        let source = Source::new("wrong", format!("{first}{before}{wrong}{after}"));
        let expected = format!("{first}{before}{right}{after}");
        let report = pipeline.check(&source);
        let restored = report.at_least(Level::Review).any(|suggestion| {
            let best = suggestion.finding.choices.first();
            suggestion.finding.rule.id == "C104"
                && best.is_some_and(|c| apply(source.text(), &[&c.edits]).text == expected)
        });
        if !restored {
            missed.push(wrong);
        }
    }
    assert!(missed.len() <= 8, "{} of 20 missed: {missed:?}", missed.len());
}

#[test]
fn nothing_is_said_about_the_whole_terms() {
    let pipeline = Pipeline::new(Config::default()).expect("the shipped dictionaries are right");
    for (first, before, _, right, after) in TEXTS {
        let source = Source::new("right", format!("{first}{before}{right}{after}"));
        for suggestion in pipeline.check(&source).suggestions {
            let rule = suggestion.finding.rule.id;
            assert_ne!(rule, "C104", "{right}: {}", suggestion.finding.message.zh);
        }
    }
}

#[test]
fn a_misread_character_is_not_put_in_as_well() {
    let pipeline = Pipeline::new(Config::default()).expect("the shipped dictionaries are right");
    let text = "摩洛哥港务局负责人介绍，直布罗陀海峡一直正常通航。\n\
                几家公司正在商量经由真布罗陀海峡运货的办法。\n";
    let report = pipeline.check(&Source::new("page", text));
    let edits: Vec<_> = report
        .at_least(Level::Review)
        .filter_map(|suggestion| suggestion.clear_choice(0.0))
        .map(|choice| choice.edits.as_slice())
        .collect();
    assert_eq!(apply(text, &edits).text, text.replace("真布罗陀", "直布罗陀"));
}

#[test]
fn a_character_beyond_a_stray_mark_is_not_missing() {
    let pipeline = Pipeline::new(Config::default()).expect("the shipped dictionaries are right");
    let text = "各地把应对气候变化放在重要位置。气候变化影响粮食生产。\n\
                专家介绍，应对气，候变化要靠大家。\n";
    let report = pipeline.check(&Source::new("page", text));
    let spoke: Vec<&str> = report.suggestions.iter().map(|s| s.finding.rule.id).collect();
    assert!(!spoke.contains(&"C104"), "{spoke:?}");
}
