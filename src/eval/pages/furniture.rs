//! Running heads and page numbers that are still in a text.

use super::counts::PageCounts;
use super::record::{PageRecord, TruthKind};
use super::units::Comparison;
use crate::eval::{distance, find};

/// Takes the furniture out of `units` and counts what was there.
pub(super) fn take_out(
    record: &PageRecord,
    comparison: Comparison,
    units: &mut Vec<Vec<char>>,
    counts: &mut PageCounts,
) {
    for block in &record.blocks {
        let count = match block.kind {
            TruthKind::RunningHead => &mut counts.running_heads,
            TruthKind::PageNumber => &mut counts.page_numbers,
            _ => continue,
        };
        let forms = comparison.forms(&block.text, block.ocr.as_deref());
        count.all += 1;
        if take_line(&forms, units) {
            count.left += 1;
        } else if take_part(forms, units) {
            count.left += 1;
            count.leaked += 1;
        }
    }
}

/// Takes out the first line that is one of `forms`, three characters in ten aside.
fn take_line(forms: &[Vec<char>], units: &mut Vec<Vec<char>>) -> bool {
    let is_form = |unit: &Vec<char>| {
        forms.iter().any(|form| {
            let length = form.len() as f64;
            let like = || distance(form, unit) as f64 <= 0.3 * length;
            let as_long = unit.len().abs_diff(form.len()) as f64 <= 0.35 * length;
            unit == form || (form.len() >= 4 && as_long && like())
        })
    };
    let found = units.iter().position(is_form);
    if let Some(number) = found {
        units.remove(number);
    }
    found.is_some()
}

/// Takes out the part of a line that resembles the longest of `forms`, or else the next. Shorter
/// ones than six characters are found in any text.
fn take_part(mut forms: Vec<Vec<char>>, units: &mut Vec<Vec<char>>) -> bool {
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    for form in forms.iter().filter(|form| form.len() >= 6) {
        let places = units.iter().enumerate().map(|(number, unit)| (find(form, unit), number));
        if let Some((place, number)) = places.min()
            && place.distance as f64 <= 0.25 * form.len() as f64
        {
            units[number].drain(place.start..place.end);
            if units[number].is_empty() {
                units.remove(number);
            }
            return true;
        }
    }
    false
}
