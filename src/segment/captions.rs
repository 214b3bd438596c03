//! Which runs of lines are captions: decided for whole captions, since half of one taken out of
//! a sentence leaves it worse than before.

use std::ops::Range;

use super::page::{Page, PageLine};
use super::roles::{Closure, Closures, Role, Roles};
use super::seam::Seams;
use crate::learn::Row;
use crate::lexicon::{Lexicon, Mark};

/// A run is looked at when one of its lines is that likely part of a caption. 96 of 100 captions
/// of the dev pages have such a line.
const WORTH_A_LOOK: f32 = 0.04;
/// Or when the text reads that much better without it: some captions look like text.
const WORTH_CLOSING: f32 = 2.0;
/// Probability from which a run that ends with its photographer is taken for a caption.
const CREDITED: f32 = 0.3;
/// The same for other runs: text that is moved away is worse than a caption that stays. On the pages
/// of `pages.dev.jsonl`, by forests that had not seen them, 0.65 finds fewer captions and breaks
/// more characters, 0.4 finds more and breaks more in column blocks.
const UNCREDITED: f32 = 0.5;
/// So much likelier than a run without its first lines a run must be: the last line of the text
/// that a caption breaks looks like the first of the caption. On the pages of `pages.dev.jsonl`, by
/// three trainings, 0.2 breaks none to 28 characters fewer than 0.12.
const LONGER: f32 = 0.2;

/// The runs worth a look.
pub(super) fn candidates<'a>(
    page: &'a Page,
    closures: &'a Closures,
    roles: &'a [Roles],
) -> impl Iterator<Item = &'a Closure> {
    let likely = |closure: &Closure| {
        closure.gain.lines > WORTH_CLOSING
            || closure.run().any(|i| roles[i].of(Role::Caption) > WORTH_A_LOOK)
    };
    let text = |run: Range<usize>| page.opens_story(run.clone()) || page.ends_quotation(run);
    closures.all().iter().filter(move |closure| !text(closure.run()) && likely(closure))
}

/// Lines before a run in which a quotation that ends in the run may have been opened.
const LONGEST_QUOTATION: usize = 12;

impl Page {
    /// True when a line of the run opens a story or sends the reader to another page: no caption
    /// does.
    fn opens_story(&self, run: Range<usize>) -> bool {
        self.lines[run].iter().any(|line| line.marks.any(&[Mark::Lead, Mark::JumpTo]))
    }

    /// True when the run closes a quote or bracket that the text before it opened: taken out of
    /// there, both would stay alone.
    fn ends_quotation(&self, run: Range<usize>) -> bool {
        let before = run.start.saturating_sub(LONGEST_QUOTATION)..run.start;
        let (_, open) = unpaired(&self.lines[before]);
        let (closed, _) = unpaired(&self.lines[run]);
        open > 0 && closed > 0
    }
}

/// How many quotes and brackets these lines close without having opened them, and how many they
/// leave open.
fn unpaired(lines: &[PageLine]) -> (usize, usize) {
    lines.iter().fold((0, 0), |(closed, open), line| {
        let paired = line.closed.min(open);
        (closed + line.closed - paired, open - paired + line.opened)
    })
}

/// How likely a paragraph goes on over a run, into it and out of it, the roles of the lines known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    over: f32,
    into: f32,
    out_of: f32,
    /// From the first line of the run over all others: high where it is the last of the paragraph
    /// that the caption breaks.
    past_first: f32,
}

impl Bounds {
    /// `score` gives the sum of the seam forest for two lines; both must exist.
    pub(super) fn weigh(
        page: &Page,
        closure: &Closure,
        mut score: impl FnMut(usize, usize) -> f32,
    ) -> Self {
        let run = closure.run();
        let before = run.start.checked_sub(1);
        let behind = Some(run.end).filter(|i| *i < page.lines.len());
        let mut of = |before: Option<usize>, behind: Option<usize>| match (before, behind) {
            (Some(before), Some(behind)) => score(before, behind),
            _ => NO_BOUND,
        };
        Self {
            over: of(before, behind),
            into: of(before, Some(run.start)),
            out_of: of(Some(run.end - 1), behind),
            past_first: of(Some(run.start).filter(|first| first + 1 < run.end), behind),
        }
    }
}

/// Score where there is no line to go on in.
const NO_BOUND: f32 = -20.0;

/// Measures a run as a caption.
pub(super) fn measure(
    page: &Page,
    roles: &[Roles],
    closure: &Closure,
    bounds: Bounds,
    row: &mut Row,
) {
    let run = closure.run();
    let lines = &page.lines[run.clone()];
    let caption = |i: usize| roles.get(i).map_or(0.0, |roles| roles.of(Role::Caption));
    let text = |i: usize| roles.get(i).map_or(0.0, |roles| roles.of(Role::Text));
    let furniture = |i: usize| roles.get(i).map_or(0.0, |roles| roles.of(Role::Furniture));
    let count = lines.len() as f32;
    let odds = [closure.gain, closure.over, closure.into, closure.out_of];
    for (odds, name) in odds.iter().zip(["gain", "over", "into", "out_of"]) {
        row.push(name, odds.lines);
        row.push_of("text", name, odds.text);
    }
    row.push_of("bounds", "gain", bounds.over - bounds.into.max(bounds.out_of));
    row.push_of("bounds", "over", bounds.over);
    row.push_of("bounds", "into", bounds.into);
    row.push_of("bounds", "out_of", bounds.out_of);
    row.push_of("bounds", "past_first", bounds.past_first);
    row.push("lines", count);
    row.flag("credited", closure.credited);
    row.flag(
        "credit_before_end",
        lines[..lines.len() - 1].iter().any(|l| l.marks.has(Mark::Credit)),
    );
    row.flag("signed", is_signed(&lines[lines.len() - 1]));
    row.flag("signed_behind", page.lines.get(run.end).is_some_and(is_signed));
    row.flag("opens", lines[0].marks.has(Mark::Caption));
    row.flag("opens_later", lines[1..].iter().any(|l| l.marks.has(Mark::Caption)));
    row.push("least", run.clone().map(caption).fold(1.0, f32::min));
    row.push("most", run.clone().map(caption).fold(0.0, f32::max));
    row.push("mean", run.clone().map(caption).sum::<f32>() / count);
    row.push("text", run.clone().map(text).fold(0.0, f32::max));
    row.push("furniture", run.clone().map(furniture).fold(0.0, f32::max));
    row.push("first", caption(run.start));
    row.push("last", caption(run.end - 1));
    row.push("before", run.start.checked_sub(1).map_or(0.0, caption));
    row.push("behind", caption(run.end));
    row.push("chars", lines.iter().map(|l| l.width).sum::<f32>());
    row.push("widest", lines.iter().map(|l| l.width).fold(0.0, f32::max));
    row.push("column", page.column[run.start]);
    row.push("stops", lines.iter().map(|l| l.stops).sum::<usize>() as f32);
    row.push("commas", lines.iter().map(|l| l.commas).sum::<usize>() as f32);
    row.flag("ends", lines[lines.len() - 1].ends_sentence());
    row.flag("ends_before_credit", lines.len() >= 2 && lines[lines.len() - 2].ends_sentence());
    row.flag("text_ends", run.start.checked_sub(1).is_none_or(|i| page.lines[i].ends_sentence()));
    let blank = |line: Option<&PageLine>| line.map_or(1, |line| line.blank_before.min(3)) as f32;
    row.push("blank", blank(lines.first()));
    row.push("blank_behind", blank(page.lines.get(run.end)));
    row.push(
        "blank_inside",
        lines[1..].iter().map(|l| l.blank_before).sum::<usize>().min(3) as f32,
    );
    row.push("blank_share", page.blank_share);
}

/// True for a credit, and for one whose 摄 is misread: it looks like a byline.
fn is_signed(line: &PageLine) -> bool {
    line.marks.any(&[Mark::Credit, Mark::Byline])
}

/// The captions of a page in its order.
pub(super) fn choose(
    page: &Page,
    closures: &Closures,
    roles: &[Roles],
    lexicon: &Lexicon,
) -> Vec<Range<usize>> {
    let forest = &lexicon.structure().of(page.shape).caption;
    let seams = Seams::new(page, lexicon);
    choose_by(page, closures, roles, |closure, row| {
        let bounds = Bounds::weigh(page, closure, |a, b| seams.score(a, b, roles));
        measure(page, roles, closure, bounds, row);
        forest.opinion(row.values())
    })
}

/// The captions of a page in its order; `judge` gives the probability that a run is one. Where runs
/// overlap the likeliest is taken. A run is left out before that when one without its first lines is
/// nearly as likely, or when the line behind it is signed and the run with that line is likely enough
/// to be a caption at all, however much less: this may leave a place without a caption.
pub(super) fn choose_by(
    page: &Page,
    closures: &Closures,
    roles: &[Roles],
    mut judge: impl FnMut(&Closure, &mut Row) -> f32,
) -> Vec<Range<usize>> {
    let mut row = Row::default();
    let mut runs: Vec<(f32, Range<usize>)> = Vec::new();
    for closure in candidates(page, closures, roles) {
        row.clear();
        let probability = judge(closure, &mut row);
        let least = if closure.credited { CREDITED } else { UNCREDITED };
        if probability >= least {
            runs.push((probability, closure.run()));
        }
    }
    let all = runs.clone();
    runs.retain(|(probability, run)| {
        !all.iter().any(|(other, r)| {
            let text_before = r.end == run.end && r.start > run.start;
            let credit_behind = r.start == run.start && r.end == run.end + 1;
            text_before && *other >= probability - LONGER
                || credit_behind && is_signed(&page.lines[run.end])
        })
    });
    runs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.start.cmp(&b.1.start)));
    let mut taken = vec![false; page.lines.len()];
    let mut chosen = Vec::new();
    for (_, run) in runs {
        if taken[run.clone()].iter().any(|taken| *taken) {
            continue;
        }
        taken[run.clone()].fill(true);
        chosen.push(run);
    }
    chosen.sort_by_key(|run| run.start);
    chosen
}

/// The features of a run, by name.
pub(super) fn names(lexicon: &Lexicon) -> Vec<String> {
    let page = Page::example(lexicon);
    let mut row = Row::named();
    let closures = Closures::find(&page, lexicon);
    if let Some(closure) = closures.all().first() {
        measure(&page, &[], closure, Bounds::weigh(&page, closure, |_, _| 0.0), &mut row);
    }
    row.names().to_vec()
}
