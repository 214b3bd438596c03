//! Which structure suggestions for a page of known truth are right.

use super::labels::Labelled;
use crate::finding::{Finding, Suggestion};
use crate::segment::roles::Role;
use crate::source::Source;

/// A suggestion of a join or a removal, and whether it is right.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// Rule id.
    pub rule: &'static str,
    /// Grade of the evidence; empty for joins, whose confidence is their own.
    pub grade: &'static str,
    /// The confidence shown.
    pub confidence: f64,
    /// The printed page agrees.
    pub right: bool,
}

/// Verdicts on the joins (S101 to S103) and removals (S104) among `suggestions`; those about
/// lines whose truth is not clear are left out.
pub fn verdicts(labelled: &Labelled, source: &Source, suggestions: &[Suggestion]) -> Vec<Verdict> {
    let findings = suggestions.iter().map(|suggestion| &suggestion.finding);
    findings
        .filter_map(|finding| {
            let right = match finding.rule.id {
                "S101" | "S102" | "S103" => joins(labelled, source, finding)?,
                "S104" => {
                    let line = line_at(labelled, source, finding.span.start)?;
                    labelled.roles[line]? == Role::Furniture
                }
                _ => return None,
            };
            let (rule, grade) = (finding.rule.id, finding.grade);
            let verdict = Verdict { rule, grade, confidence: finding.confidence, right };
            Some(verdict)
        })
        .collect()
}

/// Whether the lines at both ends of the finding make one paragraph.
fn joins(labelled: &Labelled, source: &Source, finding: &Finding) -> Option<bool> {
    let before = line_at(labelled, source, finding.span.start)?;
    let behind = line_at(labelled, source, finding.span.end)?;
    let seam = labelled.seams.iter().find(|s| (s.before, s.behind) == (before, behind));
    match seam {
        Some(seam) => Some(seam.joins),
        // Joined over lines of the text.
        None if behind > before + 1 => Some(false),
        None => None,
    }
}

/// The line of the page that byte `at` of the file lies in.
fn line_at(labelled: &Labelled, source: &Source, at: usize) -> Option<usize> {
    let number = source.lines().partition_point(|line| line.span.end < at);
    labelled.page.lines.iter().position(|line| line.number == number)
}
