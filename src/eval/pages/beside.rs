//! A page as read laid beside the page as printed, to judge suggestions one by one.

use std::ops::Range;

use super::units::Comparison;
use crate::apply::apply;
use crate::eval::{Judgement, corners, distance, is_space};
use crate::finding::{Choice, Edit, Report};
use crate::source::Source;

/// So many characters that follow one another must agree on both sides of a suggestion.
const ANCHOR: usize = 3;

/// So far from it they are looked for.
const REACH: usize = 40;

/// The two texts, without white space.
pub(super) struct Beside<'s> {
    source: &'s Source,
    read: Vec<char>,
    /// Where the characters of `read` start, in bytes of the source.
    starts: Vec<usize>,
    printed: Vec<char>,
    /// For each character of `read`, the equal character of `printed` it is laid on.
    equal: Vec<Option<usize>>,
}

impl<'s> Beside<'s> {
    pub(super) fn new(source: &'s Source, printed: &str) -> Self {
        let seen = source.text().char_indices().filter(|(_, character)| !is_space(*character));
        let (starts, read): (Vec<usize>, Vec<char>) = seen.unzip();
        let printed = Comparison::Strict.characters(printed);
        let way = corners(&read, &printed);
        let mut equal = vec![None; read.len()];
        for (&(i, j), &(k, l)) in way.iter().zip(&way[1..]) {
            if k > i && l > j && read[i] == printed[j] {
                equal[i] = Some(j);
            }
        }
        Self { source, read, starts, printed, equal }
    }

    /// The judgements on the suggestions of `report` whose place is found in the printed text.
    pub(super) fn judge(&self, report: &Report) -> Vec<Judgement> {
        let judged = report.suggestions.iter().filter_map(|suggestion| {
            let right = self.brings_nearer(suggestion.finding.choices.first()?)?;
            Some(Judgement::new(suggestion, right))
        });
        judged.collect()
    }

    /// Whether `choice` brings the text nearer to what is printed; `None` where nothing but white
    /// space changes, something is moved, or the place cannot be found.
    fn brings_nearer(&self, choice: &Choice) -> Option<bool> {
        let bytes = touched(choice)?;
        let start = self.starts.partition_point(|at| *at < bytes.start);
        let end = self.starts.partition_point(|at| *at < bytes.end);
        let (window, printed) = self.window(start..end)?;
        let after = apply(self.source.text(), &[&choice.edits]).text;
        let after = Comparison::Strict.characters(&after);
        let after = &after[window.start..window.end + after.len() - self.read.len()];
        let (before, printed) = (&self.read[window], &self.printed[printed]);
        let unlike = distance(before, printed);
        // A running head is not in the truth at all: what is printed around it is no measure.
        let found = 3 * unlike <= before.len();
        (found && after != before).then(|| distance(after, printed) < unlike)
    }

    /// `range` of the text as read with anchors on both sides, and what is printed there.
    fn window(&self, range: Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let first = range.start.saturating_sub(REACH);
        let (start, from) = (first..(range.start + 1).saturating_sub(ANCHOR))
            .rev()
            .find_map(|start| Some((start, self.anchor(start)?)))
            .or((range.start < REACH).then_some((0, 0)))?;
        let ends = (self.read.len(), self.printed.len());
        let (end, to) = (range.end + ANCHOR..=(range.end + REACH).min(ends.0))
            .find_map(|end| Some((end, self.anchor(end - ANCHOR)? + ANCHOR)))
            .or((range.end + REACH > ends.0).then_some(ends))?;
        Some((start..end, from..to))
    }

    /// Where in the printed text the anchor stands that starts at `start`, if there is one.
    fn anchor(&self, start: usize) -> Option<usize> {
        let on = self.equal[start]?;
        let holds = (1..ANCHOR).all(|step| self.equal[start + step] == Some(on + step));
        holds.then_some(on)
    }
}

/// The bytes a choice touches; `None` for a question, or where something is moved.
fn touched(choice: &Choice) -> Option<Range<usize>> {
    let moves = choice.edits.iter().any(|edit| matches!(edit, Edit::Move { .. }));
    let spans = || choice.edits.iter().map(Edit::span);
    let (start, end) = (spans().map(|span| span.start).min()?, spans().map(|span| span.end).max()?);
    (!moves).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    /// 通 is read 迪, the head of the page stands between two lines.
    const READ: &str =
        "项目近日已经全部迪过验收。\n江城晨刊二〇二六年一月三日\n两岸道路宽阔，互联互。\n";
    const PRINTED: &str = "项目近日已经全部通过验收。两岸道路宽阔，互联互通。";

    /// The verdict on `new` for `old`.
    fn verdict(old: &str, new: &str) -> Option<bool> {
        let source = Source::new("page", READ);
        let start = READ.find(old).expect("the text is there");
        let span = Span::new(start, start + old.len());
        let edits = vec![Edit::Replace { span, old: old.to_string(), new: new.to_string() }];
        let choice = Choice { right: new.to_string(), confidence: 0.9, edits };
        Beside::new(&source, PRINTED).brings_nearer(&choice)
    }

    #[test]
    fn what_brings_a_text_nearer_is_right() {
        assert_eq!(verdict("迪", "通"), Some(true));
        assert_eq!(verdict("迪", "油"), Some(false));
        assert_eq!(verdict("近日", "昨日"), Some(false));
        assert_eq!(verdict("互。", "互通。"), Some(true));
    }

    #[test]
    fn the_start_of_a_page_is_an_anchor() {
        assert_eq!(verdict("项目", "顷目"), Some(false));
    }

    #[test]
    fn line_ends_and_furniture_are_not_judged() {
        assert_eq!(verdict("。\n江城", "。江城"), None);
        assert_eq!(verdict("晨刊", "晚刊"), None);
    }
}
