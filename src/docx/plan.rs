//! What changes of the plain text come to in a Word file: text deleted, put in and moved, checked
//! against what the file can hold.

use super::Docx;
use super::story::{Kind, Paragraph, Run};
use crate::apply::apply;
use crate::finding::Edit;
use crate::span::Span;

/// Changes that fit together and into the file. Places are bytes of the plain text.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// In the order of the text; they do not overlap.
    pub(super) deletions: Vec<Span>,
    /// In the order of the text.
    pub(super) insertions: Vec<Insertion>,
    /// In the order of the text.
    pub(super) moves: Vec<Moved>,
    /// Groups that have no place in the file, with the reason, by number in the list given.
    pub(super) refused: Vec<(usize, String)>,
}

/// Text put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Insertion {
    pub(super) at: usize,
    /// Line breaks are new paragraphs.
    pub(super) text: String,
    /// It takes the place of deleted text that ends there.
    pub(super) replaces: bool,
}

/// Whole paragraphs moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moved {
    /// Number of the first paragraph.
    pub(super) first: usize,
    /// Number of the last.
    pub(super) last: usize,
    /// Number of the paragraph they are put behind.
    pub(super) behind: usize,
}

/// Why a group has no place in the file.
type Refusal = String;

impl Plan {
    /// The move that takes a paragraph away.
    pub(super) fn moved(&self, paragraph: usize) -> Option<&Moved> {
        self.moves.iter().find(|moved| (moved.first..=moved.last).contains(&paragraph))
    }

    /// True when the line break behind a paragraph is deleted.
    pub(super) fn breaks_no_more(&self, paragraph: &Paragraph) -> bool {
        paragraph.end > paragraph.text.end
            && self.within(Span::new(paragraph.text.end, paragraph.end)).next().is_some()
    }

    /// The deleted parts of a span.
    pub(super) fn within(&self, span: Span) -> impl Iterator<Item = Span> + '_ {
        let first = self.deletions.partition_point(|deleted| deleted.end <= span.start);
        let inside = self.deletions[first..].iter().take_while(move |d| d.start < span.end);
        inside.map(move |d| Span::new(d.start.max(span.start), d.end.min(span.end)))
    }

    fn sort(&mut self) {
        self.deletions.sort();
        self.deletions.dedup();
        self.insertions.sort_by_key(|insertion| (insertion.at, !insertion.replaces));
        self.insertions.dedup();
        self.moves.sort_by_key(|moved| moved.first);
        self.moves.dedup();
    }
}

impl Docx {
    /// What groups of edits of the plain text come to, each whole or refused.
    pub(super) fn plan(&self, text: &str, groups: &[&[Edit]]) -> Plan {
        let mut plan = Plan::default();
        let mut fitting: Vec<(usize, Plan)> = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            match self.plan_group(text, group) {
                Ok(part) => fitting.push((number, part)),
                Err(reason) => plan.refused.push((number, reason)),
            }
        }
        let edits: Vec<&[Edit]> = fitting.iter().map(|(number, _)| groups[*number]).collect();
        let mut clashes = apply(text, &edits).refused.into_iter().peekable();
        for (index, (number, part)) in fitting.into_iter().enumerate() {
            if let Some((_, reason)) = clashes.next_if(|(clash, _)| *clash == index) {
                plan.refused.push((number, reason));
            } else if self.parts_a_move(&plan, &part) {
                let reason = "it would join text to a passage that is moved".to_string();
                plan.refused.push((number, reason));
            } else {
                plan.deletions.extend(part.deletions);
                plan.insertions.extend(part.insertions);
                plan.moves.extend(part.moves);
            }
        }
        plan.sort();
        plan.refused.sort();
        plan
    }

    fn plan_group(&self, text: &str, group: &[Edit]) -> Result<Plan, Refusal> {
        let mut plan = Plan::default();
        for edit in group {
            if let Edit::Replace { span, old, new } = edit {
                if text.get(span.start..span.end) != Some(old) {
                    return Err(format!("bytes {}..{} are not {old:?}", span.start, span.end));
                }
                let (deleted, new) = changed(*span, old, new);
                if !deleted.is_empty() {
                    plan.deletions.push(deleted);
                }
                if !new.is_empty() {
                    let replaces = !deleted.is_empty();
                    let text = new.replace("\r\n", "\n").replace('\r', "\n");
                    plan.insertions.push(Insertion { at: deleted.end, text, replaces });
                }
            }
        }
        for edit in group {
            if let Edit::Move { span, to } = edit {
                self.plan_move(text, *span, *to, &mut plan)?;
            }
        }
        for deleted in &plan.deletions {
            self.check_deletion(*deleted)?;
        }
        for insertion in &plan.insertions {
            self.check_insertion(insertion)?;
        }
        Ok(plan)
    }

    /// A move takes the line break before a passage along and leaves the one behind it to be
    /// deleted. On paper it is the other way round: whole paragraphs move, each with the mark
    /// behind it, and the mark before them goes.
    fn plan_move(&self, text: &str, span: Span, to: usize, plan: &mut Plan) -> Result<(), Refusal> {
        let unfit = || Err("only whole paragraphs of text can be moved".to_string());
        let before = self.paragraph_at(span.start);
        let last = self.paragraph_at(span.end);
        let behind = self.paragraph_at(to);
        let ends = |at: usize, paragraph: &Paragraph| {
            at <= paragraph.text.end && text[at..paragraph.text.end].trim().is_empty()
        };
        let paragraphs = &self.paragraphs;
        let whole = last > before
            && ends(span.start, &paragraphs[before])
            && ends(span.end, &paragraphs[last])
            && ends(to, &paragraphs[behind])
            && !(before..=last).contains(&behind);
        if !whole {
            return unfit();
        }
        let (from, until) = (before.min(behind), last.max(behind));
        let together = paragraphs[from..until].iter().all(|paragraph| paragraph.joins_next);
        let plain = |paragraph: &Paragraph| paragraph.plain && !paragraph.tracked;
        if !together || !paragraphs[before + 1..=last].iter().all(plain) {
            return unfit();
        }
        // What follows the passage must begin with the line break that is to go.
        let mark = Span::new(paragraphs[last].text.end, paragraphs[last].end);
        let gap = plan.deletions.iter().position(|gap| gap.contains(mark) && !mark.is_empty());
        let Some(gap) = gap else { return unfit() };
        let gap = plan.deletions.swap_remove(gap);
        let parts = [
            Span::new(gap.start, mark.start),
            Span::new(mark.end, gap.end),
            Span::new(span.start, paragraphs[before].end),
        ];
        plan.deletions.extend(parts.into_iter().filter(|part| !part.is_empty()));
        plan.moves.push(Moved { first: before + 1, last, behind });
        Ok(())
    }

    /// True when two groups together would run a moved passage into other text.
    fn parts_a_move(&self, plan: &Plan, part: &Plan) -> bool {
        let moves = || plan.moves.iter().chain(&part.moves);
        let deletions = || plan.deletions.iter().chain(&part.deletions);
        moves().any(|moved| {
            [moved.last, moved.behind].into_iter().any(|number| {
                let paragraph = &self.paragraphs[number];
                let mark = Span::new(paragraph.text.end, paragraph.end);
                !mark.is_empty() && deletions().any(|deleted| deleted.overlaps(mark))
            })
        })
    }

    fn check_deletion(&self, deleted: Span) -> Result<(), Refusal> {
        let first = self.paragraph_at(deleted.start);
        let reached = self.paragraphs[first..].iter().take_while(|p| p.text.start < deleted.end);
        for (number, paragraph) in reached.enumerate() {
            if paragraph.tracked {
                return Err("somebody's tracked changes are in that paragraph".to_string());
            }
            let mark = Span::new(paragraph.text.end, paragraph.end);
            if !mark.is_empty() && deleted.overlaps(mark) {
                let next = self.paragraphs.get(first + number + 1);
                if !paragraph.joins_next || next.is_none_or(|next| next.tracked) {
                    return Err("these paragraphs cannot be joined".to_string());
                }
            }
            for run in paragraph.runs() {
                check_run(run, deleted)?;
            }
        }
        Ok(())
    }

    fn check_insertion(&self, insertion: &Insertion) -> Result<(), Refusal> {
        let Some(paragraph) = self.paragraphs.get(self.paragraph_at(insertion.at)) else {
            return Err("there is no paragraph".to_string());
        };
        if paragraph.tracked {
            return Err("somebody's tracked changes are in that paragraph".to_string());
        }
        let run = home(paragraph, insertion.at);
        let inside = run.filter(|run| run.text.start < insertion.at && insertion.at < run.text.end);
        if inside.is_some_and(Run::is_fixed) || inside.is_some_and(|r| in_fixed(r, insertion.at)) {
            return Err("that text cannot be changed".to_string());
        }
        let splits = insertion.text.contains('\n');
        if splits && (run.is_some_and(|r| !r.direct) || !paragraph.properties.section.is_empty()) {
            return Err("that paragraph cannot be split".to_string());
        }
        Ok(())
    }
}

fn check_run(run: &Run, deleted: Span) -> Result<(), Refusal> {
    for child in &run.children {
        let changes = match child.kind {
            Kind::Text | Kind::Sign => run.is_fixed() && child.text.overlaps(deleted),
            Kind::Fixed => !child.text.is_empty() && child.text.overlaps(deleted),
            Kind::Other => deleted.start < child.text.start && child.text.start < deleted.end,
        };
        if changes {
            return Err("a picture, a note or the like stands in that text".to_string());
        }
    }
    Ok(())
}

fn in_fixed(run: &Run, at: usize) -> bool {
    let inside = |text: Span| text.start < at && at < text.end;
    run.children.iter().any(|child| child.kind == Kind::Fixed && inside(child.text))
}

/// The run what stands at byte `at` goes to: the one that ends there or goes on there, at the start
/// of a paragraph the first. Runs without text are passed over.
pub(super) fn home(paragraph: &Paragraph, at: usize) -> Option<&Run> {
    let mut runs = paragraph.runs().filter(|run| !run.text.is_empty());
    if at == paragraph.text.start {
        return runs.next();
    }
    runs.find(|run| run.text.start < at && at <= run.text.end)
}

/// What is left of a replacement without what both texts begin and end with: what is deleted, and
/// what is put in at its end.
fn changed<'a>(span: Span, old: &str, new: &'a str) -> (Span, &'a str) {
    let same = |(a, b): &(char, char)| a == b;
    let head: usize =
        old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (&old[head..], &new[head..]);
    let pairs = old.chars().rev().zip(new.chars().rev());
    let tail: usize = pairs.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    (Span::new(span.start + head, span.end - tail), &new[..new.len() - tail])
}
