//! Learning to read boxes: from layout files of pages with known truth to the forests of
//! [`LayoutModel`]. The forests that read text must not have seen the pages: what they say is
//! weighed here as it will be on pages that are new to all.

use rayon::prelude::*;

use super::labels::{Labelled, PageRecord, label_page};
use super::{CAPTION, RoleRow, role_forests, unseen_roles};
use crate::learn::{Growth, Row, Sample, grow, grow_calibrated};
use crate::lexicon::Lexicon;
use crate::segment::captions;
use crate::segment::geometry::Geometry;
use crate::segment::laid::{Laid, LayoutModel};
use crate::segment::page::{Page, Shape};
use crate::segment::roles::{self, Closures, Roles};
use crate::segment::seam::Seams;
use crate::source::Source;

/// The forest that decides; its features are few and strong.
const SEAM: Growth = Growth { trees: 160, leaves: 8, rate: 0.07, least: 6.0 };

/// Trains the forests on layout files, each with the truth about its page. Files without boxes are
/// left out.
pub fn train_layout(pages: &[(PageRecord, Source)], lexicon: &Lexicon) -> LayoutModel {
    let pages: Vec<Studied> = pages
        .par_iter()
        .filter_map(|(record, source)| Studied::new(record, source, lexicon))
        .collect();
    let rows: Vec<RoleRow> = pages.par_iter().flat_map_iter(Studied::role_rows).collect();
    let counts = pages.iter().map(|page| page.labelled.page.lines.len());
    let unseen = unseen_roles(counts, &rows);
    let of_pages = || pages.par_iter().zip(&unseen);
    let runs: Vec<Sample> =
        of_pages().flat_map_iter(|(page, roles)| page.caption_samples(roles, lexicon)).collect();
    let seams: Vec<Sample> =
        of_pages().flat_map_iter(|(page, roles)| page.seam_samples(roles, lexicon)).collect();
    LayoutModel {
        roles: role_forests(&rows.iter().collect::<Vec<_>>()),
        caption: grow(&runs.iter().collect::<Vec<_>>(), CAPTION),
        seam: grow_calibrated(&seams, SEAM).0,
    }
}

/// A page with its truth, its boxes, and what its text says.
struct Studied {
    labelled: Labelled,
    closures: Closures,
    laid: Laid,
}

impl Studied {
    fn new(record: &PageRecord, source: &Source, lexicon: &Lexicon) -> Option<Self> {
        let mut page = Page::measure(source, 0..source.lines().len(), lexicon);
        let geometry = Geometry::measure(&page, source.layout()?)?;
        if geometry.is_printed() {
            page.shape = Shape::Printed;
        }
        let closures = Closures::find(&page, lexicon);
        let laid = Laid::new(geometry, roles::weigh(&page, &closures, lexicon));
        Some(Self { labelled: label_page(record, page), closures, laid })
    }

    fn role_rows(&self) -> Vec<RoleRow> {
        let row = |i| {
            let mut row = Row::default();
            self.laid.measure_role(i, &self.labelled.page, &mut row);
            let sample = self.labelled.sample(&row, false, self.labelled.weight);
            RoleRow { sample, role: self.labelled.roles[i] }
        };
        (0..self.labelled.page.lines.len()).map(row).collect()
    }

    fn caption_samples(&self, roles: &[Roles], lexicon: &Lexicon) -> Vec<Sample> {
        let page = &self.labelled.page;
        let seams = Seams::new(page, lexicon);
        captions::candidates(page, &self.closures, roles)
            .map(|closure| {
                let mut row = Row::default();
                let text = lexicon.structure();
                let bounds = self.laid.bounds(&seams, closure);
                self.laid.measure_caption(page, roles, closure, bounds, text, &mut row);
                let yes = self.labelled.captions.contains(&closure.run());
                self.labelled.sample(&row, yes, self.labelled.weight)
            })
            .collect()
    }

    fn seam_samples(&self, roles: &[Roles], lexicon: &Lexicon) -> Vec<Sample> {
        let seams = Seams::new(&self.labelled.page, lexicon);
        let sample = |seam: &super::labels::LabelledSeam| {
            let mut row = Row::default();
            let text = self.laid.text_score(&seams, seam.before, seam.behind);
            self.laid.measure_seam(&seams, text, seam.before, seam.behind, roles, &mut row);
            self.labelled.sample(&row, seam.joins, seam.weight)
        };
        self.labelled.seams.iter().map(sample).collect()
    }
}
