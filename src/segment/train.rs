//! Learning to read a page: from pages with known truth to the forests of [`crate::segment::StructureModel`].
//!
//! Four stages, each judged by forests that had not seen the page: drafts of the seams, roles of the
//! lines (which look at the drafts), seams (which look at the roles), captions (which look at the
//! roles and the seams).

mod labels;
mod laid;
mod noise;
mod verdict;

pub use labels::{Labelled, PageRecord, TruthBlock, label};
pub use laid::train_layout;
pub use noise::ragged;
pub use verdict::{Verdict, verdicts};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::captions::{self, Bounds};
use super::model::{ShapeModel, StructureModel};
use super::page::{Page, PageLine, Shape};
use super::roles::{self, Closures, LONGEST_CAPTION, Role, Roles};
use super::seam::{self, Odds, Seams};
use crate::error::{Error, Result};
use crate::learn::{Forest, Growth, Row, Sample, grow, grow_calibrated, grow_each};
use crate::lexicon::Lexicon;
use crate::source::Source;

/// Drafts only guide the roles.
const DRAFT: Growth = Growth { trees: 60, leaves: 10, rate: 0.15, least: 12.0 };
/// Five forests of this size.
const ROLE: Growth = Growth { trees: 100, leaves: 10, rate: 0.1, least: 3.0 };
/// Decides on whole captions. There are few of them: with a third of the trees, each three times as
/// strong, chance decided on more.
const CAPTION: Growth = Growth { trees: 360, leaves: 6, rate: 0.027, least: 3.0 };
/// The forest that decides.
const SEAM: Growth = Growth { trees: 320, leaves: 12, rate: 0.05, least: 8.0 };

/// Parts the pages are split into so that no page is judged by a forest that has seen it.
pub const FOLDS: u32 = 4;

/// Reads pages with their truth: one JSON record a line.
///
/// # Errors
/// [`Error::Table`] naming the line of a record that cannot be read.
pub fn read_pages(name: &str, text: &str) -> Result<Vec<PageRecord>> {
    text.lines()
        .enumerate()
        .map(|(number, line)| {
            serde_json::from_str(line)
                .map_err(|error| Error::table(name, number + 1, error.to_string()))
        })
        .collect()
}

/// Pages with the dictionaries they are read with: the language model among these must not have
/// seen the text of the pages, which would make the seams look too plain.
pub struct PageSet<'a> {
    /// The pages.
    pub records: Vec<PageRecord>,
    /// What they are read with.
    pub lexicon: &'a Lexicon,
}

/// Trains the forests for both shapes on `sets` of pages, and on documents of `clean` paragraphs,
/// where every line end is the end of a paragraph, read with `lexicon`. `progress` is told what is
/// being done.
pub fn train(
    sets: &[PageSet<'_>],
    clean: &[String],
    lexicon: &Lexicon,
    progress: &mut dyn FnMut(&str),
) -> StructureModel {
    let mut model = StructureModel::default();
    for shape in [Shape::Printed, Shape::Blocks] {
        progress(&format!("{}: measuring pages", shape.name()));
        let pages = study(sets, clean, shape, lexicon);
        progress(&format!("{}: growing forests on {} pages", shape.name(), pages.len()));
        *model.of_mut(shape) = train_shape(&pages.iter().collect::<Vec<_>>());
    }
    model
}

/// Trains a model for each of the [`FOLDS`] that has seen none of the pages whose
/// [`PageRecord::fold`] it is.
pub fn train_folds(
    sets: &[PageSet<'_>],
    clean: &[String],
    lexicon: &Lexicon,
    progress: &mut dyn FnMut(&str),
) -> Vec<StructureModel> {
    let mut models: Vec<StructureModel> = (0..FOLDS).map(|_| StructureModel::default()).collect();
    for shape in [Shape::Printed, Shape::Blocks] {
        progress(&format!("{}: measuring pages", shape.name()));
        let pages = study(sets, clean, shape, lexicon);
        for (fold, model) in (0..FOLDS).zip(&mut models) {
            progress(&format!("{}: growing forests without part {}", shape.name(), fold + 1));
            let seen: Vec<&Studied> = pages.iter().filter(|page| page.fold() != fold).collect();
            *model.of_mut(shape) = train_shape(&seen);
        }
    }
    models
}

/// A page with its truth, and all that does not change between forests.
struct Studied {
    labelled: Labelled,
    /// What [`Seams::measure`] measures on each pair of lines that is looked at, and returns.
    seams: FxHashMap<(usize, usize), (Vec<f32>, f32)>,
}

impl Studied {
    fn new(labelled: Labelled, lexicon: &Lexicon) -> Self {
        let measurer = Seams::new(&labelled.page, lexicon);
        let count = labelled.page.lines.len();
        let near = (0..count).flat_map(|before| {
            let last = (before + LONGEST_CAPTION + 1).min(count.saturating_sub(1));
            (before + 1..=last).map(move |behind| (before, behind))
        });
        let known = labelled.seams.iter().chain(&labelled.closures);
        let pairs = near.chain(known.map(|seam| (seam.before, seam.behind)));
        let mut seams = FxHashMap::default();
        let mut row = Row::default();
        for (before, behind) in pairs {
            seams.entry((before, behind)).or_insert_with(|| {
                row.clear();
                let text = measurer.measure(before, behind, &mut row);
                (row.values().to_vec(), text)
            });
        }
        Self { labelled, seams }
    }

    fn fold(&self) -> u32 {
        self.labelled.group % FOLDS
    }

    /// What [`Seams::measure_with_roles`] measures.
    fn seam_row(&self, before: usize, behind: usize, roles: &[Roles]) -> Row {
        let mut row = Row::default();
        row.extend(&self.seams[&(before, behind)].0);
        seam::measure_roles(before, behind, roles, &mut row);
        row
    }
}

/// The pages of one shape with their truth, noisy copies of them, and clean documents.
fn study(sets: &[PageSet<'_>], clean: &[String], shape: Shape, lexicon: &Lexicon) -> Vec<Studied> {
    let mut pages: Vec<Studied> = Vec::new();
    for set in sets {
        let labelled = label_all(&set.records, shape, set.lexicon);
        pages.par_extend(labelled.into_par_iter().map(|page| Studied::new(page, set.lexicon)));
    }
    if shape == Shape::Blocks {
        let documents = clean_documents(clean, lexicon).into_par_iter();
        pages.par_extend(documents.map(|page| Studied::new(page, lexicon)));
    }
    pages
}

/// The pages of one shape with their truth, and noisy copies of them.
fn label_all(records: &[PageRecord], shape: Shape, lexicon: &Lexicon) -> Vec<Labelled> {
    let blocks = shape == Shape::Blocks;
    let read: Vec<Labelled> =
        records.par_iter().map(|record| labels::label(record, shape, lexicon)).collect();
    // The page turns of a part are made of its own pages: the others must not see them.
    let furniture: Vec<(u32, Vec<PageLine>)> =
        read.iter().map(|page| (page.group % FOLDS, noise::furniture(page))).collect();
    let other_furniture = |number: usize| {
        let (fold, own) = &furniture[number];
        // Half of the pages turn to one of their own paper, whose running head repeats.
        if number % 4 < 2 {
            return own;
        }
        let (before, behind) = furniture.split_at(number + 1);
        // The next record may be the same page read by the other engine.
        let others = behind.iter().chain(before).filter(|(of, _)| of == fold).skip(2);
        others.map(|(_, lines)| lines).next().unwrap_or(own)
    };
    let names = noise::column_names(lexicon);
    let mut pages: Vec<Labelled> = records
        .par_iter()
        .zip(&read)
        .enumerate()
        .flat_map_iter(|(number, (record, page))| {
            let mut noisy = noise::copy(page);
            if blocks && number % NAMED == 0 {
                noisy = noise::name_column(noisy, &names);
            }
            let noisy = noise::turn_page(noisy, other_furniture(number));
            let truth = blocks.then(|| labels::label_truth(record, lexicon));
            let excerpt = blocks.then(|| noise::excerpt(page));
            [Some(noisy), truth, excerpt].into_iter().flatten()
        })
        .collect();
    pages.extend(read);
    pages
}

/// One page in so many has the name of a column below a headline. With one in two the joins of
/// headlines that wrap suffer: break F1 of column blocks falls by half a point.
const NAMED: usize = 4;

/// Paragraphs to a clean document, in turn: long ones, and the few lines somebody pastes.
const CLEAN_LINES: [usize; 5] = [20, 20, 1, 20, 3];

fn clean_documents(clean: &[String], lexicon: &Lexicon) -> Vec<Labelled> {
    let mut documents: Vec<&[String]> = Vec::new();
    let mut rest = clean;
    while !rest.is_empty() {
        let lines = CLEAN_LINES[documents.len() % CLEAN_LINES.len()].min(rest.len());
        let (document, behind) = rest.split_at(lines);
        documents.push(document);
        rest = behind;
    }
    documents
        .par_iter()
        .enumerate()
        .map(|(i, lines)| labels::label_clean(lines, i as u32, lexicon))
        .collect()
}

fn train_shape(pages: &[&Studied]) -> ShapeModel {
    let drafts = draft_samples(pages);
    let closures = unseen_closures(pages, &drafts);
    let rows = role_rows(pages, &closures);
    let counts = pages.iter().map(|page| page.labelled.page.lines.len());
    let roles = unseen_roles(counts, &rows);
    let seams = seam_samples(pages, &roles);
    let runs = caption_samples(pages, &closures, &roles, &unseen_seams(pages, &seams));
    ShapeModel {
        draft: grow(&drafts.iter().collect::<Vec<_>>(), DRAFT),
        roles: role_forests(&rows.iter().collect::<Vec<_>>()),
        caption: grow(&runs.iter().collect::<Vec<_>>(), CAPTION),
        seam: grow_calibrated(&seams, SEAM).0,
    }
}

/// The parts that hold one of the pages.
fn folds(pages: &[&Studied]) -> Vec<u32> {
    (0..FOLDS).filter(|fold| pages.iter().any(|page| page.fold() == *fold)).collect()
}

fn draft_samples(pages: &[&Studied]) -> Vec<Sample> {
    let of_page = |page: &&Studied| {
        let labelled = &page.labelled;
        let seams = labelled.seams.iter().chain(&labelled.closures);
        seams
            .map(|seam| {
                let values = page.seams[&(seam.before, seam.behind)].0.clone();
                Sample { values, yes: seam.joins, weight: seam.weight, group: labelled.group }
            })
            .collect::<Vec<_>>()
    };
    pages.par_iter().flat_map_iter(of_page).collect()
}

/// The closures of each page, by drafts that have not seen it.
fn unseen_closures(pages: &[&Studied], drafts: &[Sample]) -> Vec<Closures> {
    let mut found: Vec<(usize, Closures)> = Vec::new();
    for fold in folds(pages) {
        let others: Vec<&Sample> =
            drafts.iter().filter(|sample| sample.group % FOLDS != fold).collect();
        let draft = grow(&others, DRAFT);
        let of_fold = pages.par_iter().enumerate().filter(|(_, page)| page.fold() == fold);
        let closures = of_fold.map(|(i, page)| {
            let odds = |before, behind| {
                let (row, text) = &page.seams[&(before, behind)];
                Odds { lines: draft.score(row), text: *text }
            };
            (i, Closures::weigh(&page.labelled.page, odds))
        });
        found.extend(closures.collect::<Vec<_>>());
    }
    found.sort_by_key(|(i, _)| *i);
    found.into_iter().map(|(_, closures)| closures).collect()
}

/// A line with its features; the answer is its role.
struct RoleRow {
    sample: Sample,
    role: Option<Role>,
}

fn role_rows(pages: &[&Studied], closures: &[Closures]) -> Vec<RoleRow> {
    let of_page = |(page, closures): (&&Studied, &Closures)| {
        let labelled = &page.labelled;
        (0..labelled.page.lines.len())
            .map(|i| {
                let mut row = Row::default();
                roles::measure(&labelled.page, closures, i, &mut row);
                let sample = labelled.sample(&row, false, labelled.weight);
                RoleRow { sample, role: labelled.roles[i] }
            })
            .collect::<Vec<_>>()
    };
    pages.par_iter().zip(closures).flat_map_iter(of_page).collect()
}

fn role_forests(rows: &[&RoleRow]) -> [Forest; 5] {
    let clear: Vec<&RoleRow> = rows.iter().copied().filter(|row| row.role.is_some()).collect();
    let samples: Vec<&Sample> = clear.iter().map(|row| &row.sample).collect();
    let answers = Role::ALL.map(|role| clear.iter().map(|row| row.role == Some(role)).collect());
    grow_each(&samples, &answers, ROLE).try_into().unwrap_or_default()
}

/// The roles of the lines of each page, by forests that have not seen it. `rows` are the lines of
/// all pages, `counts` tells how many lines each page has.
fn unseen_roles(counts: impl Iterator<Item = usize>, rows: &[RoleRow]) -> Vec<Vec<Roles>> {
    let mut weighed: Vec<Roles> = vec![Roles([0.0; 5]); rows.len()];
    for fold in 0..FOLDS {
        let of_fold = |row: &RoleRow| row.sample.group % FOLDS == fold;
        if !rows.iter().any(of_fold) {
            continue;
        }
        let known: Vec<&RoleRow> = rows.iter().filter(|row| !of_fold(row)).collect();
        let forests = role_forests(&known);
        weighed.par_iter_mut().zip(rows).for_each(|(roles, row)| {
            if of_fold(row) {
                let opinion = |r: usize| forests[r].opinion(&row.sample.values);
                *roles = Roles::from_opinions(std::array::from_fn(opinion));
            }
        });
    }
    let mut rest = weighed.as_slice();
    let mut pages_roles = Vec::new();
    for count in counts {
        let (own, behind) = rest.split_at(count);
        pages_roles.push(own.to_vec());
        rest = behind;
    }
    pages_roles
}

/// For each part the forest of the seams that has seen none of its pages; empty where no page is
/// of the part.
fn unseen_seams(pages: &[&Studied], seams: &[Sample]) -> Vec<Forest> {
    let mut forests: Vec<Forest> = (0..FOLDS).map(|_| Forest::default()).collect();
    for fold in folds(pages) {
        let others: Vec<&Sample> =
            seams.iter().filter(|sample| sample.group % FOLDS != fold).collect();
        forests[fold as usize] = grow(&others, SEAM);
    }
    forests
}

fn caption_samples(
    pages: &[&Studied],
    closures: &[Closures],
    roles: &[Vec<Roles>],
    seams: &[Forest],
) -> Vec<Sample> {
    let of_page = |((page, closures), roles): ((&&Studied, &Closures), &Vec<Roles>)| {
        let labelled = &page.labelled;
        let seam = &seams[page.fold() as usize];
        let score = |before, behind| seam.score(page.seam_row(before, behind, roles).values());
        captions::candidates(&labelled.page, closures, roles)
            .map(|closure| {
                let mut row = Row::default();
                let bounds = Bounds::weigh(&labelled.page, closure, score);
                captions::measure(&labelled.page, roles, closure, bounds, &mut row);
                let yes = labelled.captions.contains(&closure.run());
                labelled.sample(&row, yes, labelled.weight)
            })
            .collect::<Vec<_>>()
    };
    pages.par_iter().zip(closures).zip(roles).flat_map_iter(of_page).collect()
}

fn seam_samples(pages: &[&Studied], roles: &[Vec<Roles>]) -> Vec<Sample> {
    let of_page = |(page, roles): (&&Studied, &Vec<Roles>)| {
        let seams = page.labelled.seams.iter();
        seams
            .map(|seam| {
                let row = page.seam_row(seam.before, seam.behind, roles);
                page.labelled.sample(&row, seam.joins, seam.weight)
            })
            .collect::<Vec<_>>()
    };
    pages.par_iter().zip(roles).flat_map_iter(of_page).collect()
}

/// Measures a text as a page of `shape`, whatever its widths say.
fn page_of(text: &str, shape: Shape, lexicon: &Lexicon) -> Page {
    let source = Source::new("page", text);
    let mut page = Page::measure(&source, 0..source.lines().len(), lexicon);
    page.shape = shape;
    page
}
