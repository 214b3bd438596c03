//! Pages small enough to be scored by hand.

use super::*;

const FIRST: &str = "晨雾散去，忙完地里的活计，他来到合作社，按下开关，冷库里的大灯全都亮起。";
const SECOND: &str =
    "石桥东头的老供销社紧靠大路，本是热闹地方，可后来一直关着门，村民看着都觉得可惜。";
const CAPTION: &str = "清河镇农产品展销中心一角。\n记者 沈岚 摄";

fn record() -> PageRecord {
    let block = |kind, text: &str, ocr: Option<&str>| TruthBlock {
        kind,
        text: text.to_string(),
        ocr: ocr.map(str::to_string),
        interrupts: (kind == TruthKind::Caption).then_some(5),
    };
    PageRecord {
        id: "p1".to_string(),
        page: "d1".to_string(),
        engine: "rapid".to_string(),
        ocr_hard: String::new(),
        ocr_para: String::new(),
        truth_text: format!("■记者 林向东\n{FIRST}\n{CAPTION}\n山村冷链促增收\n{SECOND}"),
        blocks: vec![
            block(TruthKind::Headline, "把闲置房屋变成致富仓库", Some("把闲置房屋变成致富仓库")),
            block(TruthKind::Byline, "■记者 林向东", None),
            block(TruthKind::Body, FIRST, None),
            block(TruthKind::Caption, CAPTION, Some("清河镇农产品展销中心一角。\n记者沈岚摄")),
            block(TruthKind::Subhead, "山村冷链促增收", None),
            block(TruthKind::Body, SECOND, None),
            block(TruthKind::Jump, "（下转第2版）", Some("(下转第2版)")),
            block(TruthKind::RunningHead, "滨海日报 2026年1月3日", Some("滨海日报2026年1月3日")),
            block(TruthKind::PageNumber, "2版", Some("2版")),
        ],
    }
}

/// The page as it should come out.
fn right(record: &PageRecord) -> String {
    let kept = record.blocks[..7].iter().map(|block| block.text.as_str());
    kept.collect::<Vec<_>>().join("\n\n")
}

/// Breaks right, made and due.
fn breaks(counts: &PageCounts) -> (usize, usize, usize) {
    (counts.breaks_right, counts.breaks_made, counts.breaks_due)
}

#[test]
fn a_right_page_is_right() {
    let record = record();
    let counts = score_text(&record, &right(&record));
    assert_eq!((counts.errors, counts.strict_errors), (0, 0));
    assert_eq!(breaks(&counts), (3, 3, 3));
    assert_eq!((counts.captions.extracted, counts.mid_captions_extracted), (1, 1));
    assert_eq!((counts.running_heads.left, counts.page_numbers.left), (0, 0));
    assert_eq!(counts.headlines.found, 1);
}

#[test]
fn a_page_as_it_was_read_is_counted() {
    let record = record();
    let first: Vec<char> = FIRST.chars().collect();
    let part = |range: std::ops::Range<usize>| first[range].iter().collect::<String>();
    let (head, mid, tail) = (part(0..12), part(12..20), part(20..first.len()));
    let text = format!(
        "滨海日报2026年1月3日\n把闲置房屋变成致富仓库\n■记者林向东\n{head}\n{mid}\n\
         清河镇农产品展销中心一角。\n记者沈岚摄\n{}\n山村冷链促增收\n{SECOND}\n(下转第2版)\n2版\n",
        tail.replace('亮', "高")
    );
    let counts = score_text(&record, &text);
    assert_eq!(counts.errors, 1);
    assert_eq!(breaks(&counts), (3, 5, 3));
    assert_eq!((counts.captions.own, counts.captions.extracted), (1, 0));
    assert_eq!((counts.running_heads.left, counts.page_numbers.left), (1, 1));
    assert_eq!(counts.jump_lines.found, 1);
}

#[test]
fn a_caption_inside_a_sentence_is_found_there() {
    let (head, tail) = FIRST.split_at("晨雾散去，忙完地里的活计，他来到合作社，".len());
    let text = format!(
        "■记者林向东\n{head}清河镇农产品展销中心一角。记者沈岚摄{tail}\n山村冷链促增收\n{SECOND}\n\
         把闲置房屋变成致富仓库"
    );
    let counts = score_text(&record(), &text);
    assert_eq!((counts.errors, breaks(&counts)), (0, (3, 3, 3)));
    assert_eq!((counts.captions.found, counts.captions.own), (1, 0));
}

#[test]
fn what_is_lost_costs_its_length() {
    let record = record();
    let text = right(&record).replace(&format!("{CAPTION}\n\n"), "");
    let counts = score_text(&record, &text);
    assert_eq!(counts.errors, "清河镇农产品展销中心一角。记者沈岚摄".chars().count());
    assert_eq!((counts.captions.found, counts.mid_captions), (0, 1));
    let nothing = score_text(&record, "");
    assert_eq!(nothing.errors, nothing.characters);
}

#[test]
fn furniture_may_leak_into_a_line() {
    let record = record();
    let text = right(&record) + "\n滨海日报2026年1月3日然后接着再写一些别的字";
    let heads = score_text(&record, &text).running_heads;
    assert_eq!((heads.left, heads.leaked), (1, 1));
}

#[test]
fn width_counts_strictly_only() {
    let record = record();
    let text = right(&record).replace('，', ",");
    let counts = score_text(&record, &text);
    let commas = (FIRST.to_string() + SECOND).matches('，').count();
    assert_eq!((counts.errors, counts.strict_errors), (0, commas));
}

#[test]
fn fixed_and_broken_are_counted_by_character() {
    let repairs = Repairs::between(&[true, false, false, true], &[true, true, false, false]);
    assert_eq!((repairs.wrong, repairs.fixed, repairs.broken), (2, 1, 1));
    assert_eq!(repairs.ratio(), Some(1.0));
    assert_eq!(Repairs::default().ratio(), None);
    let [before, after] = [[false, false, true, true], [true, false, false, true]];
    let kinds = RepairsByKind::between(&['天', '。', '津', '1'], &before, &after);
    let counts = |kind: Repairs| (kind.wrong, kind.fixed, kind.broken);
    assert_eq!((counts(kinds.chinese), counts(kinds.others)), ((1, 1, 1), (1, 0, 0)));
}
