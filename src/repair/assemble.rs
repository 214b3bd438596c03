//! Which blocks make up a paragraph.

use super::glued::ends_in_jump;
use crate::lexicon::{Lexicon, Mark};
use crate::segment::{BlockKind, Edge, Seams, Segmented, Shape, text_gain};

/// The paragraphs of a document, as numbers of its blocks.
pub(super) struct Layout {
    /// In the order of their first blocks.
    pub(super) paragraphs: Vec<Parts>,
    /// Seams that were joined, and those that are worth a question, in the order of the file.
    pub(super) joins: Vec<Join>,
}

/// The blocks of one paragraph.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parts {
    /// In the order of the file; captions that stand between them are not among them.
    pub(super) blocks: Vec<usize>,
    /// A 上接 line stands before it.
    pub(super) starts_cut: bool,
    /// A 下转 line stands behind it, or the file ends in mid-sentence.
    pub(super) ends_cut: bool,
}

/// A seam between two blocks of one paragraph.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Join {
    /// The block before the seam.
    pub(super) before: usize,
    /// The block behind it; the blocks between the two are captions and furniture.
    pub(super) behind: usize,
    /// Probability that the paragraph goes on.
    pub(super) probability: f64,
    /// A word of the dictionary reaches over the seam.
    pub(super) mid_word: bool,
    /// A word does, or characters that stand together elsewhere in the document.
    pub(super) goes_on: bool,
    /// The last block of the paragraph: what interrupts it is put behind that.
    pub(super) paragraph_end: usize,
}

/// Probability from which blocks are joined in the view and the join is shown.
const JOIN: f64 = 0.5;
/// The same for a seam beside a headline: joining two headlines makes nonsense, leaving one in two
/// lines does no harm. Against 0.9 it gives 0.6 points more break F1 on pages.dev.jsonl (ocr_para).
const TITLE_JOIN: f64 = 0.65;
/// The same for a short line below a headline that does not plainly read on: it may be left of a
/// headline the column broke, or the name of a column or section. `tests/structure.rs` counts how
/// many such names are joined.
const REMNANT_JOIN: f64 = 0.98;
/// Gain in nats from which a short line below a headline plainly reads on. It gives half a point of
/// break F1 on pages.dev.jsonl (ocr_para).
const REMNANT_READS_ON: f32 = 8.0;
/// Probability from which a seam that was not joined is worth a hint.
const ASK: f64 = 0.25;
/// Highest probability of a join that is not to be made: a hint.
const DOUBTED: f64 = 0.4;
/// Most lines that may interrupt a paragraph: a caption of five lines, a page turn of three.
const LONGEST_INTERRUPTION: usize = 8;

/// Goes through the blocks once. A caption or furniture leaves the paragraph before it open.
pub(super) fn assemble(segmented: &Segmented, lexicon: &Lexicon) -> Layout {
    let seams = Seams::new(&segmented.page, lexicon);
    let mut layout = Layout { paragraphs: Vec::new(), joins: Vec::new() };
    let mut open: Option<usize> = None;
    let mut starts_cut = false;
    for (i, block) in segmented.blocks.iter().enumerate() {
        if interrupts(block.kind) {
            layout.add_interruption(segmented, &seams, i);
            continue;
        }
        let before = open.map(|paragraph| (paragraph, layout.paragraphs[paragraph].last()));
        open = None;
        if block.kind == BlockKind::Jump {
            let jumps_to = segmented.page.lines[i].marks.has(Mark::JumpTo);
            if let Some((paragraph, _)) = before.filter(|_| jumps_to) {
                layout.paragraphs[paragraph].ends_cut = true;
            }
            starts_cut = !jumps_to;
            layout.start(i);
            continue;
        }
        if let Some((paragraph, last)) = before
            && i - last - 1 <= LONGEST_INTERRUPTION
            && may_join(segmented, last, i)
        {
            let seam = judge(segmented, &seams, last, i);
            let seam = doubt_titles(segmented, &seams, seam);
            if seam.probability >= JOIN {
                layout.joins.push(seam);
                layout.paragraphs[paragraph].blocks.push(i);
                open = Some(paragraph);
                continue;
            }
            let undisturbed =
                layout.joins.last().is_none_or(|j| j.behind != last || j.behind == j.before + 1);
            if seam.probability >= ASK && i == last + 1 && undisturbed {
                layout.joins.push(seam);
            }
        }
        let paragraph = layout.start(i);
        layout.paragraphs[paragraph].starts_cut = std::mem::take(&mut starts_cut);
        open = Some(paragraph);
    }
    layout.finish(segmented);
    layout
}

/// The seam between two blocks; what stands between them is left out.
fn judge(segmented: &Segmented, seams: &Seams<'_>, before: usize, behind: usize) -> Join {
    Join {
        before,
        behind,
        probability: segmented.join(seams, before, behind, seams.lexicon()),
        mid_word: seams.splits_word(before, behind),
        goes_on: seams.word_over(before, behind) >= 2,
        paragraph_end: behind,
    }
}

/// Where lines are blocks, a headline of two lines looks just like two headlines, and a headline is
/// hardly ever interrupted: they are joined only where a word is split or little doubt is left. So
/// are a byline and what is none: 本报记者王洋通讯员 | 刘茜.
fn doubt_titles(segmented: &Segmented, seams: &Seams<'_>, seam: Join) -> Join {
    let title =
        |i: usize| matches!(segmented.blocks[i].kind, BlockKind::Headline | BlockKind::Subhead);
    let either = title(seam.before) || title(seam.behind);
    let lines = &segmented.page.lines;
    let (before, behind) = (&lines[seam.before], &lines[seam.behind]);
    let remnant = title(seam.before) && behind.is_remnant_of(before);
    let reads_on = || text_gain(seams.lexicon(), before, behind) >= REMNANT_READS_ON;
    let least = if remnant && !reads_on() { REMNANT_JOIN } else { TITLE_JOIN };
    let doubtful = !seam.goes_on && seam.probability < least;
    let across = title(seam.before) && seam.behind > seam.before + 1;
    let byline = |i: usize| segmented.blocks[i].kind == BlockKind::Byline;
    let half_byline = byline(seam.before) != byline(seam.behind);
    let blocks = segmented.page.shape == Shape::Blocks && either;
    if (blocks || across || half_byline) && doubtful {
        return Join { probability: seam.probability.min(DOUBTED), ..seam };
    }
    seam
}

/// True for what can stand in the middle of a paragraph without belonging to it.
fn interrupts(kind: BlockKind) -> bool {
    kind == BlockKind::Caption || kind.is_furniture()
}

/// Seams no score may join.
fn may_join(segmented: &Segmented, before: usize, behind: usize) -> bool {
    let (a, b) = (segmented.blocks[before].kind, segmented.blocks[behind].kind);
    let (line_a, line_b) = (&segmented.page.lines[before], &segmented.page.lines[behind]);
    let alone = |kind| matches!(kind, BlockKind::Table | BlockKind::Verse | BlockKind::Jump);
    let byline = |kind| kind == BlockKind::Byline;
    let opens = line_b.first() == Edge::Bullet
        || line_b.marks.any(&[Mark::Lead, Mark::DateLine, Mark::Heading])
        || line_b.marks.has(Mark::Subtitle) && segmented.page.shape == Shape::Blocks
        || b == BlockKind::ListItem;
    !(alone(a) || alone(b) || opens || line_a.marks.has(Mark::DateLine))
        && (byline(a) || !byline(b))
        && !(byline(a) && behind > before + 1)
}

impl Parts {
    fn last(&self) -> usize {
        *self.blocks.last().expect("a paragraph has a block")
    }
}

impl Layout {
    /// Begins a paragraph and returns its number.
    fn start(&mut self, block: usize) -> usize {
        self.paragraphs.push(Parts { blocks: vec![block], starts_cut: false, ends_cut: false });
        self.paragraphs.len() - 1
    }

    /// The wrapped lines of a caption make one paragraph; its credit stays a line of its own.
    fn add_interruption(&mut self, segmented: &Segmented, seams: &Seams<'_>, block: usize) {
        let caption = |i: usize| segmented.blocks[i].kind == BlockKind::Caption;
        if let Some(paragraph) = self.paragraphs.last_mut()
            && paragraph.last() + 1 == block
            && caption(block)
            && caption(block - 1)
            && !segmented.page.lines[block].marks.has(Mark::Credit)
        {
            let seam = judge(segmented, seams, block - 1, block);
            if seam.probability >= JOIN {
                self.joins.push(seam);
                paragraph.blocks.push(block);
                return;
            }
        }
        self.start(block);
    }

    /// Fills in what is known only at the end.
    fn finish(&mut self, segmented: &Segmented) {
        let mut end_of = vec![0; segmented.blocks.len()];
        for paragraph in &self.paragraphs {
            for block in &paragraph.blocks {
                end_of[*block] = paragraph.last();
            }
        }
        for join in &mut self.joins {
            join.paragraph_end = end_of[join.behind];
        }
        for paragraph in &mut self.paragraphs {
            let last: String = segmented.page.lines[paragraph.last()].chars.iter().collect();
            paragraph.ends_cut |= ends_in_jump(&last);
        }
        let text = |p: &&mut Parts| segmented.blocks[p.blocks[0]].kind.is_text();
        if let Some(last) = self.paragraphs.iter_mut().rev().find(text) {
            let line = &segmented.page.lines[last.last()];
            last.ends_cut |= !line.ends_sentence() && line.last_clean() == Edge::Comma;
        }
    }
}
