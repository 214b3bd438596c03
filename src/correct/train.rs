//! Learning to rank: from lines as read and as printed to the forests of [`Ranker`].

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::features::Scene;
use super::search::{Bounds, Place};
use super::{Channel, ChannelCounts, Corrector, Doubtfulness, Ranker, SuspectKind, context};
use crate::analyze::Facts;
use crate::apply::apply;
use crate::learn::{Curve, Forest, Growth, Row, Sample, grow_calibrated};
use crate::lexicon::Lexicon;
use crate::repair::repair;
use crate::segment::segment;
use crate::source::Source;

/// How the forest of either kind grows. With 240 trees of 20 leaves `ecspell_odw` and `ecspell_law`
/// lose a point of F1; scans are read as well by both.
const GROWTH: Growth = Growth { trees: 400, leaves: 24, rate: 0.07, least: 12.0 };

/// How much a candidate in clean text counts beside one on a scan. There are twenty times as many,
/// and none with a misread mark: with their full weight the trees would learn little else.
const OF_TEXT: f32 = 0.4;

/// Parts the pages are split into, so that no page is judged by a forest that has seen it.
pub const FOLDS: u32 = 4;

/// A page as lines that were read and what was printed there.
#[derive(Clone, Debug)]
pub struct PairedPage {
    /// What it is called; pages of one name are readings of the same page and stay together.
    pub name: String,
    /// Lines as read and as printed.
    pub lines: Vec<(String, String)>,
    /// What it was read from decides what may be learnt from it.
    pub origin: Origin,
}

/// Where a page comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A printed page read by an engine: its error rate is real, so confidence is measured on it.
    Scan,
    /// Clean text, with or without planted slips: it teaches what to leave alone.
    Text,
}

impl PairedPage {
    /// The part of the data it belongs to.
    pub fn fold(&self) -> u32 {
        fold_of(&self.name)
    }
}

/// The part of the data, from 0, that the readings of the page called `name` belong to.
pub fn fold_of(name: &str) -> u32 {
    // Names end in a number or differ in their letters; any mixture of all bytes does.
    name.bytes().fold(7u32, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into())) % FOLDS
}

/// Reads pages from lines `read<TAB>printed<TAB>engine<TAB>level<TAB>page`; lines of one page and
/// engine that follow one another are one page. Lines of two columns are pages of their own.
pub fn read_pages(text: &str, origin: Origin) -> Vec<PairedPage> {
    let mut pages: Vec<PairedPage> = Vec::new();
    let mut last = None;
    for (number, line) in text.lines().enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        if fields.len() < 2 || line.starts_with("ocr_line\t") {
            continue;
        }
        let name = fields.get(4).map_or_else(|| format!("line {number}"), ToString::to_string);
        let key = Some((name.clone(), fields.get(2).map(ToString::to_string)));
        if key != last {
            pages.push(PairedPage { name, lines: Vec::new(), origin });
            last = key;
        }
        if let Some(page) = pages.last_mut() {
            page.lines.push((fields[0].to_string(), fields[1].to_string()));
        }
    }
    pages
}

/// A candidate with its features and the answer.
struct Judged {
    kind: SuspectKind,
    origin: Origin,
    sample: Sample,
}

/// Suggestions of a confidence and how many of them were right, by forests that had not seen
/// their page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reliability {
    /// Suggestions on scans.
    pub suggestions: usize,
    /// Of these, right ones.
    pub right: usize,
    /// Suggestions on clean text.
    pub alarms: usize,
}

/// A trained ranker and how far it can be believed.
pub struct TrainedRanker {
    /// The forests.
    pub ranker: Ranker,
    /// By kind and tenth of probability.
    pub reliability: BTreeMap<(SuspectKind, u32), Reliability>,
}

/// Trains the ranker on pages, each set with the lexicon whose language model has not seen it.
/// The channel of a page is learnt from `simulated` counts and the scans of other parts.
pub fn train(
    sets: &[(&Lexicon, Vec<PairedPage>)],
    simulated: &[ChannelCounts],
    progress: &mut dyn FnMut(&str),
) -> TrainedRanker {
    let mut judged: Vec<Judged> = Vec::new();
    for fold in 0..FOLDS {
        progress(&format!("measuring candidates, part {} of {FOLDS}", fold + 1));
        let channel = channel_without(sets, simulated, fold);
        for (lexicon, pages) in sets {
            let corrector = Corrector::new(lexicon, channel.clone());
            let pages: Vec<&PairedPage> = pages.iter().filter(|p| p.fold() == fold).collect();
            judged.par_extend(pages.par_iter().flat_map_iter(|p| judge(p, lexicon, &corrector)));
        }
    }
    let mut reliability = BTreeMap::new();
    progress(&format!("growing trees on {} candidates", judged.len()));
    let mut forest = |kind| {
        let of_kind: Vec<&Judged> = judged.iter().filter(|j| j.kind == kind).collect();
        let (forest, unseen) = grow_forest(&of_kind);
        for (judged, score) in of_kind.iter().zip(unseen) {
            let probability = forest.curve().at(score);
            count(reliability.entry((kind, (10.0 * probability) as u32)).or_default(), judged);
        }
        forest
    };
    let character = forest(SuspectKind::Character);
    let mark = forest(SuspectKind::Mark);
    TrainedRanker { ranker: Ranker::new(character, mark), reliability }
}

fn count(bin: &mut Reliability, judged: &Judged) {
    match judged.origin {
        Origin::Scan => {
            bin.suggestions += 1;
            bin.right += usize::from(judged.sample.yes);
        }
        Origin::Text => bin.alarms += usize::from(!judged.sample.yes),
    }
}

/// What the engines misread, as counted outside one part of the scans.
fn channel_without(
    sets: &[(&Lexicon, Vec<PairedPage>)],
    simulated: &[ChannelCounts],
    fold: u32,
) -> Channel {
    let mut scans = ChannelCounts::default();
    let pages = sets.iter().flat_map(|(_, pages)| pages);
    for page in pages.filter(|page| page.origin == Origin::Scan && page.fold() != fold) {
        for (read, printed) in &page.lines {
            scans.add_line(read, printed);
        }
    }
    let both: Vec<ChannelCounts> = simulated
        .iter()
        .map(|counts| {
            let mut sum = scans.clone();
            sum.add(counts);
            sum
        })
        .collect();
    Channel::mean(&both.iter().collect::<Vec<_>>())
}

/// The forest of one kind, its curve fitted to scans only: clean text teaches what to leave
/// alone, and would make every probability on a scanned page too small.
fn grow_forest(judged: &[&Judged]) -> (Forest, Vec<f32>) {
    let samples: Vec<Sample> = judged.iter().map(|judged| judged.sample.clone()).collect();
    let (forest, unseen) = grow_calibrated(&samples, GROWTH);
    let scans = judged.iter().zip(&unseen).filter(|(judged, _)| judged.origin == Origin::Scan);
    let scored = scans.map(|(judged, score)| (*score, judged.sample.yes, 1.0)).collect();
    (forest.with_curve(Curve::fit(scored)), unseen)
}

/// All candidates of a page with their features and whether they are right.
fn judge(page: &PairedPage, lexicon: &Lexicon, corrector: &Corrector) -> Vec<Judged> {
    let text: String = page.lines.iter().map(|(read, _)| format!("{read}\n")).collect();
    let source = Source::new("page", text);
    let segmented = segment(&source, 0..source.lines().len(), lexicon);
    let facts = Facts::gather(repair(&source, &segmented, lexicon).paragraphs, lexicon);
    let places = corrector.places(&facts, lexicon, Bounds::NARROW);
    let doubtful = Doubtfulness::of(&facts, &places);
    let mut judged = Vec::new();
    for (index, places) in places.iter().enumerate() {
        let context = context(&facts, lexicon, index);
        let scene = Scene::new(&context, places, &doubtful);
        for place in places {
            for candidate in 0..place.candidates.len() {
                let mut row = Row::default();
                scene.measure(&mut row, place, candidate);
                let yes = is_right(page, &source, &facts, index, place, candidate);
                let weight = if page.origin == Origin::Text { OF_TEXT } else { 1.0 };
                let sample =
                    Sample { values: row.values().to_vec(), yes, weight, group: page.fold() };
                judged.push(Judged { kind: place.kind, origin: page.origin, sample });
            }
        }
    }
    judged
}

/// True when the candidate brings its line nearer to what was printed by every character it
/// changes.
fn is_right(
    page: &PairedPage,
    source: &Source,
    facts: &Facts,
    paragraph: usize,
    place: &Place,
    candidate: usize,
) -> bool {
    let new = &place.candidates[candidate].new;
    let edits = facts.paragraphs[paragraph].edits(place.range.clone(), new);
    let Some(first) = edits.first() else { return false };
    let line = source.line_at(first.span().start);
    let Some((read, printed)) = page.lines.get(line) else { return false };
    if read == printed {
        return false;
    }
    let span = source.lines()[line].span;
    let changed = apply(source.text(), &[&edits]).text;
    let longer = changed.len() as isize - source.text().len() as isize;
    let after = &changed[span.start..(span.end as isize + longer) as usize];
    let edits = new.chars().count().max(1);
    distance(after, printed) + edits == distance(read, printed)
}

/// Edit distance in characters, white space left out.
fn distance(a: &str, b: &str) -> usize {
    let visible = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    strsim::levenshtein(&visible(a), &visible(b))
}
