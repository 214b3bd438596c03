//! Jump lines and their other halves: S105.

use std::collections::HashSet;

use super::rules::S105;
use crate::finding::{Evidence, Finding, Level, Message};
use crate::lexicon::{Lexicon, Mark};
use crate::segment::{BlockKind, PageLine, Segmented, segment, text_gain};
use crate::source::Source;
use crate::span::Span;

/// A question for each jump line; where the other half is in the same file it is named.
pub(super) fn findings(source: &Source, segmented: &Segmented, lexicon: &Lexicon) -> Vec<Finding> {
    let halves = halves(0, source, segmented);
    let links = link(&halves, lexicon);
    let describe =
        |half: &Half| half.finding(links.iter().find_map(|l| l.other(half, &halves)), &[source]);
    halves.iter().map(describe).collect()
}

/// The jump lines of several sources, the pages of one paper, with their other halves: the number
/// of the source each finding belongs to, and the finding.
pub fn link_jumps(sources: &[Source], lexicon: &Lexicon) -> Vec<(usize, Finding)> {
    let mut all = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        let segmented = segment(source, 0..source.lines().len(), lexicon);
        all.extend(halves(number, source, &segmented));
    }
    let links = link(&all, lexicon);
    let sources: Vec<&Source> = sources.iter().collect();
    all.iter()
        .map(|half| {
            let other = links.iter().find_map(|link| link.other(half, &all));
            (half.source, half.finding(other, &sources))
        })
        .collect()
}

/// One side of a jump.
struct Half {
    /// Number of its source.
    source: usize,
    /// The jump line.
    line: Span,
    text: String,
    /// The text stops here and goes on elsewhere; otherwise it comes from elsewhere.
    stops: bool,
    /// The line of text that is cut.
    cut: PageLine,
    /// Strings of three characters of the story around it.
    threes: HashSet<[char; 3]>,
    /// Number of the page it names.
    named_page: String,
    /// Number of the page it stands on, where the file says so.
    own_page: Option<String>,
}

/// Lines of the story that are compared: a few paragraphs.
const STORY: usize = 12;

/// The jump lines of a document that have text on their side.
fn halves(number: usize, source: &Source, segmented: &Segmented) -> Vec<Half> {
    let page_number = |line: &PageLine| {
        line.chars
            .iter()
            .filter(|c| c.is_alphanumeric())
            .filter(|c| !"第版板下上转接".contains(**c))
            .collect::<String>()
    };
    // A file may hold several pages: the nearest number is that of the page.
    let own_page = |jump: usize| {
        let numbered = |i: &usize| segmented.blocks[*i].kind == BlockKind::PageNumber;
        let nearest =
            (0..segmented.blocks.len()).filter(numbered).min_by_key(|i| i.abs_diff(jump))?;
        Some(page_number(&segmented.page.lines[nearest]))
    };
    // Of a page with few lines text may pass for a headline: what is no text for certain is
    // skipped.
    let text = |i: &usize| {
        let kind = segmented.blocks[*i].kind;
        !kind.is_furniture()
            && !matches!(kind, BlockKind::Jump | BlockKind::Caption | BlockKind::Byline)
    };
    let mut halves = Vec::new();
    for (i, block) in segmented.blocks.iter().enumerate() {
        if block.kind != BlockKind::Jump {
            continue;
        }
        let line = &segmented.page.lines[i];
        let stops = line.marks.has(Mark::JumpTo);
        let cut = if stops {
            (0..i).rev().find(text)
        } else {
            (i + 1..segmented.blocks.len()).find(text)
        };
        let Some(cut) = cut else { continue };
        // Beyond another jump line another story begins.
        let same_story = |j: &usize| segmented.blocks[*j].kind != BlockKind::Jump;
        let story = if stops {
            let lines = (0..i).rev().take(STORY).take_while(same_story).count();
            i - lines..i
        } else {
            let behind = i + 1..segmented.blocks.len();
            behind.start..behind.start + behind.take(STORY).take_while(same_story).count()
        };
        let threes = segmented.page.lines[story]
            .iter()
            .flat_map(|line| line.chars.windows(3))
            .map(|three| [three[0], three[1], three[2]])
            .collect();
        halves.push(Half {
            source: number,
            line: block.span,
            text: block.span.of(source.text()).to_string(),
            stops,
            cut: segmented.page.lines[cut].clone(),
            threes,
            named_page: page_named(line),
            own_page: own_page(i),
        });
    }
    halves
}

/// The number between 第 and 版.
fn page_named(line: &PageLine) -> String {
    let after = line.chars.iter().skip_while(|c| !matches!(c, '转' | '接')).skip(1);
    after.take_while(|c| **c != '版').filter(|c| **c != '第').collect()
}

/// Two halves of one story, by their numbers.
struct Link {
    stop: usize,
    start: usize,
}

impl Link {
    fn other<'a>(&self, half: &Half, halves: &'a [Half]) -> Option<&'a Half> {
        let is = |number: usize| std::ptr::eq(&halves[number], half);
        match (is(self.stop), is(self.start)) {
            (true, _) => Some(&halves[self.start]),
            (_, true) => Some(&halves[self.stop]),
            _ => None,
        }
    }
}

/// Weight of page numbers that agree or not against nats of the language model.
const PAGE: f32 = 5.0;
/// Weight of the logarithm of the number of shared strings.
const SHARED: f32 = 2.0;

/// Pairs the halves, the surest first.
fn link(halves: &[Half], lexicon: &Lexicon) -> Vec<Link> {
    let mut scored: Vec<(f32, usize, usize)> = Vec::new();
    for (i, stop) in halves.iter().enumerate().filter(|(_, half)| half.stops) {
        for (j, start) in halves.iter().enumerate().filter(|(_, half)| !half.stops) {
            let shared = stop.threes.intersection(&start.threes).count() as f32;
            let pages = page_agrees(stop, start) + page_agrees(start, stop);
            let gain = text_gain(lexicon, &stop.cut, &start.cut);
            scored.push((gain + SHARED * shared.ln_1p() + PAGE * pages, i, j));
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut taken = vec![false; halves.len()];
    let mut links = Vec::new();
    for (score, stop, start) in scored {
        if score > 0.0 && !taken[stop] && !taken[start] {
            (taken[stop], taken[start]) = (true, true);
            links.push(Link { stop, start });
        }
    }
    links
}

/// 1 when `half` names the page `other` stands on, -1 when it names another.
fn page_agrees(half: &Half, other: &Half) -> f32 {
    match &other.own_page {
        Some(page) if *page == half.named_page => 1.0,
        Some(_) => -1.0,
        None => 0.0,
    }
}

impl Half {
    fn finding(&self, other: Option<&Half>, sources: &[&Source]) -> Finding {
        let evidence = other.map(|other| {
            let place = sources[other.source].position(other.line.start);
            let name = sources[other.source].name();
            Evidence {
                span: (other.source == self.source).then_some(other.line),
                message: Message::new(
                    format!("另一半在 {name} 第{}行：{}", place.line, other.text),
                    format!("the other half: {name}, line {}: {}", place.line, other.text),
                ),
            }
        });
        let message = if self.stops {
            Message::new(
                format!("下文转第{}版，此处句子、引号不全不是差错", self.named_page),
                format!(
                    "The text goes on on page {}: what is cut here is no slip",
                    self.named_page
                ),
            )
        } else {
            Message::new(
                format!("上文在第{}版，此处从半句开始不是差错", self.named_page),
                format!(
                    "The text comes from page {}: what is cut here is no slip",
                    self.named_page
                ),
            )
        };
        Finding {
            rule: &S105,
            grade: if other.is_some() { "linked" } else { "open" },
            span: self.line,
            wrong: self.text.clone(),
            confidence: 0.0,
            highest: Level::Auto,
            choices: Vec::new(),
            message,
            evidence: evidence.into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_other_half_is_found_on_another_page() {
        let lexicon = Lexicon::builtin().unwrap();
        let front = "江州地铁三号线昨天开通\n\n江州地铁三号线昨天开通试运营，全长三十二公里，设车站二十座。市民可以在首末班车\n\n（下转第3版）\n\n春耕全面展开\n\n农技人员走进田间地头，指导农民选种育苗、科学施肥，今年全市计划播种小麦\n\n（下转第3版）\n";
        let third = "（上接第1版）面积一百二十万亩。农技人员说，选种育苗是关键。\n\n（上接第1版）\n\n时间之内乘坐地铁三号线，江州地铁全网日均客流将超过百万人次。\n";
        let sources = [Source::new("1.txt", front), Source::new("3.txt", third)];
        let found = link_jumps(&sources, &lexicon);
        let metro =
            found.iter().find(|(source, f)| *source == 1 && f.wrong == "（上接第1版）").unwrap();
        assert!(metro.1.evidence[0].message.zh.contains("1.txt 第5行"), "{:?}", metro.1.evidence);
    }
}
