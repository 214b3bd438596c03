//! Learning to read a page: from pages with known truth to the forests of [`StructureModel`].
//!
//! Three stages, each judged by forests that had not seen the page: drafts of the seams, roles of
//! the lines (which look at the drafts), seams (which look at the roles).

mod labels;
mod noise;

pub use labels::{Labelled, PageRecord, TruthBlock};

use rayon::prelude::*;

use super::captions;
use super::model::StructureModel;
use super::page::{Page, Shape};
use super::roles::{self, Closures, Role, Roles};
use super::seam::Seams;
use crate::error::{Error, Result};
use crate::learn::{Forest, Growth, Row, Sample, grow, grow_calibrated};
use crate::lexicon::Lexicon;
use crate::source::Source;

/// Drafts only guide the roles.
const DRAFT: Growth = Growth { trees: 60, leaves: 10, rate: 0.15, least: 12.0 };
/// Five forests of this size.
const ROLE: Growth = Growth { trees: 60, leaves: 8, rate: 0.15, least: 8.0 };
/// Decides on whole captions.
const CAPTION: Growth = Growth { trees: 60, leaves: 8, rate: 0.12, least: 6.0 };
/// The forest that decides.
const SEAM: Growth = Growth { trees: 160, leaves: 14, rate: 0.08, least: 10.0 };

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

/// Trains the forests for both shapes on `records`, and on documents of `clean` paragraphs, where
/// every line end is the end of a paragraph. `progress` is told what is being done.
///
/// The lexicon must hold no structure model worth keeping: the trained one is put into it.
pub fn train(
    records: &[&PageRecord],
    clean: &[String],
    lexicon: &mut Lexicon,
    progress: &mut dyn FnMut(&str),
) {
    lexicon.set_structure(StructureModel::default());
    for shape in [Shape::Printed, Shape::Blocks] {
        progress(&format!("{}: reading pages", shape.name()));
        let pages = labelled(records, clean, shape, lexicon);
        train_shape(shape, &pages, lexicon, progress);
    }
}

/// The pages of one shape with their truth, and noisy copies of them.
fn labelled(
    records: &[&PageRecord],
    clean: &[String],
    shape: Shape,
    lexicon: &Lexicon,
) -> Vec<Labelled> {
    let mut pages: Vec<Labelled> = records
        .par_iter()
        .flat_map_iter(|record| {
            let page = labels::label(record, shape, lexicon);
            let noisy = noise::copy(&page);
            let blocks = shape == Shape::Blocks;
            let truth = blocks.then(|| labels::label_truth(record, lexicon));
            let excerpt = blocks.then(|| noise::excerpt(&page));
            [Some(page), Some(noisy), truth, excerpt].into_iter().flatten()
        })
        .collect();
    if shape == Shape::Blocks {
        pages.extend(clean_documents(clean, lexicon));
    }
    pages
}

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

fn train_shape(
    shape: Shape,
    pages: &[Labelled],
    lexicon: &mut Lexicon,
    progress: &mut dyn FnMut(&str),
) {
    progress(&format!("{}: drafts of seams, {} pages", shape.name(), pages.len()));
    let drafts = draft_samples(pages, lexicon);
    let closures = unseen_closures(pages, &drafts, shape, lexicon);
    lexicon.structure_mut().of_mut(shape).draft = grow(&drafts.iter().collect::<Vec<_>>(), DRAFT);

    progress(&format!("{}: roles", shape.name()));
    let rows = role_rows(pages, &closures);
    let page_roles = unseen_roles(pages, &rows);
    let forests = role_forests(&rows.iter().collect::<Vec<_>>());
    lexicon.structure_mut().of_mut(shape).roles = forests;
    let runs = caption_samples(pages, &closures, &page_roles);
    lexicon.structure_mut().of_mut(shape).caption = grow(&runs.iter().collect::<Vec<_>>(), CAPTION);

    progress(&format!("{}: seams", shape.name()));
    let seams = seam_samples(pages, &page_roles, lexicon);
    lexicon.structure_mut().of_mut(shape).seam = grow_calibrated(&seams, SEAM).0;
}

fn others(samples: &[Sample], fold: u32) -> Vec<&Sample> {
    samples.iter().filter(|sample| sample.group % FOLDS != fold).collect()
}

/// The closures of each page, by drafts that have not seen it.
fn unseen_closures(
    pages: &[Labelled],
    drafts: &[Sample],
    shape: Shape,
    lexicon: &mut Lexicon,
) -> Vec<Closures> {
    let mut found: Vec<(usize, Closures)> = Vec::new();
    for fold in 0..FOLDS {
        lexicon.structure_mut().of_mut(shape).draft = grow(&others(drafts, fold), DRAFT);
        let lexicon = &*lexicon;
        let of_fold = pages.par_iter().enumerate().filter(|(_, page)| page.group % FOLDS == fold);
        let closures = of_fold.map(|(i, page)| (i, Closures::find(&page.page, lexicon)));
        found.extend(closures.collect::<Vec<_>>());
    }
    found.sort_by_key(|(i, _)| *i);
    found.into_iter().map(|(_, closures)| closures).collect()
}

fn draft_samples(pages: &[Labelled], lexicon: &Lexicon) -> Vec<Sample> {
    pages
        .par_iter()
        .flat_map_iter(|labelled| {
            let seams = Seams::new(&labelled.page, lexicon);
            let all = labelled.seams.iter().chain(&labelled.closures);
            all.map(|seam| {
                let mut row = Row::default();
                seams.measure(seam.before, seam.behind, &mut row);
                labelled.sample(&row, seam.joins, seam.weight)
            })
            .collect::<Vec<_>>()
        })
        .collect()
}

/// A line with its features; the answer is its role.
struct RoleRow {
    sample: Sample,
    role: Option<Role>,
}

fn role_rows(pages: &[Labelled], closures: &[Closures]) -> Vec<RoleRow> {
    let of_page = |(labelled, closures): (&Labelled, &Closures)| {
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
    let forests: Vec<Forest> = Role::ALL
        .par_iter()
        .map(|role| {
            let samples: Vec<Sample> = rows
                .iter()
                .filter(|row| row.role.is_some())
                .map(|row| Sample { yes: row.role == Some(*role), ..row.sample.clone() })
                .collect();
            grow(&samples.iter().collect::<Vec<_>>(), ROLE)
        })
        .collect();
    forests.try_into().unwrap_or_default()
}

/// The roles of the lines of each page, by forests that have not seen it.
fn unseen_roles(pages: &[Labelled], rows: &[RoleRow]) -> Vec<Vec<Roles>> {
    let mut weighed: Vec<Roles> = vec![Roles([0.0; 5]); rows.len()];
    for fold in 0..FOLDS {
        let known: Vec<&RoleRow> =
            rows.iter().filter(|row| row.sample.group % FOLDS != fold).collect();
        let forests = role_forests(&known);
        for (roles, row) in weighed.iter_mut().zip(rows) {
            if row.sample.group % FOLDS == fold {
                let opinion = |r: usize| forests[r].opinion(&row.sample.values);
                *roles = Roles::from_opinions(std::array::from_fn(opinion));
            }
        }
    }
    let mut rest = weighed.as_slice();
    let mut pages_roles = Vec::new();
    for labelled in pages {
        let (own, behind) = rest.split_at(labelled.page.lines.len());
        pages_roles.push(own.to_vec());
        rest = behind;
    }
    pages_roles
}

fn caption_samples(pages: &[Labelled], closures: &[Closures], roles: &[Vec<Roles>]) -> Vec<Sample> {
    let mut samples = Vec::new();
    for ((labelled, closures), roles) in pages.iter().zip(closures).zip(roles) {
        for closure in captions::candidates(closures, roles) {
            let mut row = Row::default();
            captions::measure(&labelled.page, roles, closure, &mut row);
            let yes = labelled.captions.contains(&closure.run());
            samples.push(labelled.sample(&row, yes, labelled.weight));
        }
    }
    samples
}

fn seam_samples(pages: &[Labelled], roles: &[Vec<Roles>], lexicon: &Lexicon) -> Vec<Sample> {
    pages
        .par_iter()
        .zip(roles)
        .flat_map_iter(|(labelled, roles)| {
            let seams = Seams::new(&labelled.page, lexicon);
            labelled
                .seams
                .iter()
                .map(|seam| {
                    let mut row = Row::default();
                    seams.measure_with_roles(seam.before, seam.behind, roles, &mut row);
                    labelled.sample(&row, seam.joins, seam.weight)
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Measures a text as a page of `shape`, whatever its widths say.
fn page_of(text: &str, shape: Shape, lexicon: &Lexicon) -> Page {
    let source = Source::new("page", text);
    let mut page = Page::measure(&source, 0..source.lines().len(), lexicon);
    page.shape = shape;
    page
}
