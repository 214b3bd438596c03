//! Corrections of the plain text, written into the file they came from.

use std::borrow::Cow;
use std::ops::Range;

use super::{Escape, Layout, Piece};
use crate::apply::apply;
use crate::finding::Edit;
use crate::span::Span;

/// A layout file with corrections in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file. What no correction touches is there byte for byte.
    pub file: String,
    /// Groups that only concern the flow of the text and have no place in a layout file: joined
    /// lines, moved captions, running heads taken out. By number in the list given.
    pub kept: Vec<usize>,
    /// Groups that could not be written, with the reason, by number in the list given.
    pub refused: Vec<(usize, String)>,
}

impl Layout {
    /// Writes corrections of the plain text `text` into the file, each group whole or not at all.
    ///
    /// A correction goes into the words and lines it stands in: of equal length it is dealt out
    /// character by character, any other goes to the first word it touches. Lines stay lines.
    pub fn write(&self, text: &str, groups: &[&[Edit]]) -> Written {
        let mut kept: Vec<usize> = Vec::new();
        let mut refused: Vec<(usize, String)> = Vec::new();
        let mut numbers: Vec<usize> = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            if group.iter().any(|edit| changes_flow(text, edit)) {
                kept.push(number);
            } else {
                numbers.push(number);
            }
        }
        let inside: Vec<&[Edit]> = numbers.iter().map(|number| groups[*number]).collect();
        let fits = apply(text, &inside).refused;
        let mut edits: Vec<(Span, &str, &str)> = Vec::new();
        for (i, number) in numbers.iter().enumerate() {
            if let Some((_, reason)) = fits.iter().find(|(refused, _)| *refused == i) {
                refused.push((*number, reason.clone()));
                continue;
            }
            let replacements = inside[i].iter().filter_map(|edit| match edit {
                Edit::Replace { span, old, new } => Some((*span, old.as_str(), new.as_str())),
                Edit::Move { .. } => None,
            });
            let replacements: Vec<_> = replacements.collect();
            let homeless = |(span, _, new): &&(Span, &str, &str)| {
                !new.is_empty() && fields(&self.layers[0], *span, new).is_empty()
            };
            match replacements.iter().find(homeless) {
                Some((span, ..)) => {
                    let place = format!("no word stands at bytes {}..{}", span.start, span.end);
                    refused.push((*number, place));
                }
                None => edits.extend(replacements),
            }
        }
        edits.sort();
        edits.dedup();
        let mut patches: Vec<(Span, String)> = Vec::new();
        for layer in &self.layers {
            for (span, old, new) in &edits {
                self.patch(layer, *span, old, new, &mut patches);
            }
        }
        patches.sort_by_key(|(span, _)| *span);
        Written { file: self.splice(&patches), kept, refused }
    }

    /// Adds what the change of `span` from `old` to `new` comes to in the fields of a layer.
    fn patch(
        &self,
        layer: &[Piece],
        span: Span,
        old: &str,
        new: &str,
        patches: &mut Vec<(Span, String)>,
    ) {
        let parts = fields(layer, span, new);
        for (pieces, share) in deal(layer, &parts, span, old, new) {
            let (first, last) = (&layer[pieces.start], &layer[pieces.end - 1]);
            // Of a character that is written as a reference, all or nothing is replaced.
            let file = if span.is_empty() {
                Span::at(place(layer, pieces.clone(), span.start))
            } else {
                Span::new(first.part(span).start, last.part(span).end)
            };
            patches.push((file, escaped(&share, first.escape)));
        }
    }

    fn splice(&self, patches: &[(Span, String)]) -> String {
        let mut file = String::with_capacity(self.original.len());
        let mut at = 0;
        for (span, new) in patches.iter().filter(|(span, _)| span.end <= self.original.len()) {
            // Fields do not overlap, and in one field edits do not.
            if span.start < at {
                continue;
            }
            file.push_str(&self.original[at..span.start]);
            file.push_str(new);
            at = span.end;
        }
        file.push_str(&self.original[at..]);
        file
    }
}

/// True for an edit that a layout file has no place for: lines stay lines, and none goes.
fn changes_flow(text: &str, edit: &Edit) -> bool {
    let Edit::Replace { span, old, new } = edit else { return true };
    let ends_line =
        |at: usize| text.get(at..).is_none_or(|rest| rest.is_empty() || rest.starts_with('\n'));
    let starts_line = text.get(..span.start).is_some_and(|t| t.is_empty() || t.ends_with('\n'));
    let whole_line = new.is_empty() && !old.is_empty() && starts_line && ends_line(span.end);
    old.contains('\n') || new.contains(['\n', '\r']) || whole_line
}

/// Runs of pieces, by number in the layer, each of one field.
type Runs = Vec<Range<usize>>;

/// The fields a change of `span` touches. A place between two words belongs to the one before it,
/// or if `new` is a mark that opens, to the one behind.
fn fields(layer: &[Piece], span: Span, new: &str) -> Runs {
    if span.is_empty() {
        return home(layer, span.start, new).into_iter().collect();
    }
    let first = layer.partition_point(|piece| piece.text.end <= span.start);
    let count = layer[first..].iter().take_while(|piece| piece.text.start < span.end).count();
    let mut runs: Runs = Vec::new();
    for i in first..first + count {
        match runs.last_mut() {
            Some(run) if layer[run.start].field == layer[i].field => run.end = i + 1,
            _ => runs.push(i..i + 1),
        }
    }
    if runs.is_empty() {
        // Only a space between two words stands there, and it is not written in the file.
        return match new {
            "" => Vec::new(),
            _ => home(layer, span.start, new).into_iter().collect(),
        };
    }
    runs
}

/// The piece an insertion at byte `at` goes to.
fn home(layer: &[Piece], at: usize, new: &str) -> Option<Range<usize>> {
    let behind = layer.partition_point(|piece| piece.text.start < at);
    let ends = behind.checked_sub(1).filter(|i| layer[*i].text.end >= at);
    let starts = Some(behind).filter(|i| layer.get(*i).is_some_and(|p| p.text.start == at));
    let opens = new.starts_with(['“', '‘', '（', '《', '〈', '「', '『', '【', '(', '[']);
    let piece = match (ends, starts) {
        (Some(before), Some(behind)) if layer[before].field != layer[behind].field && opens => {
            behind
        }
        (Some(piece), _) | (None, Some(piece)) => piece,
        (None, None) => return None,
    };
    Some(piece..piece + 1)
}

/// Byte of the file where an insertion at byte `at` of the text goes.
fn place(layer: &[Piece], pieces: Range<usize>, at: usize) -> usize {
    let piece = &layer[pieces.start];
    if at <= piece.text.start {
        piece.file.start
    } else if at >= piece.text.end {
        piece.file.end
    } else {
        piece.file.start + (at - piece.text.start)
    }
}

/// Deals `new` out to the fields. What both texts have in common at either end keeps its place.
fn deal(
    layer: &[Piece],
    parts: &Runs,
    span: Span,
    old: &str,
    new: &str,
) -> Vec<(Range<usize>, String)> {
    let bounds = |run: &Range<usize>| {
        let start = layer[run.start].text.start.max(span.start);
        let end = layer[run.end - 1].text.end.min(span.end);
        start - span.start..end - span.start
    };
    match parts.as_slice() {
        [] => Vec::new(),
        [only] if span.is_empty() => vec![(only.clone(), new.to_string())],
        [only] => {
            // A space the file does not write may stand at either end of the old text.
            let own = bounds(only);
            let kept = new.strip_prefix(&old[..own.start]).unwrap_or(new);
            let kept = kept.strip_suffix(&old[own.end..]).unwrap_or(kept);
            vec![(only.clone(), kept.to_string())]
        }
        several if old.chars().count() == new.chars().count() => {
            let share = |run: &Range<usize>| {
                let own = bounds(run);
                let before = old[..own.start].chars().count();
                let count = old[own].chars().count();
                new.chars().skip(before).take(count).collect::<String>()
            };
            several.iter().map(|run| (run.clone(), share(run))).collect()
        }
        several => deal_unequal(several, &bounds, old, new),
    }
}

/// The fields in front that `new` starts with and those at the end it ends with stay; of the rest
/// the first gets what is left and the others nothing.
fn deal_unequal(
    parts: &[Range<usize>],
    bounds: &dyn Fn(&Range<usize>) -> Range<usize>,
    old: &str,
    new: &str,
) -> Vec<(Range<usize>, String)> {
    let (mut first, mut last) = (0, parts.len());
    let mut rest = new;
    while first + 1 < last {
        let from = if first == 0 { 0 } else { bounds(&parts[first]).start };
        let until = bounds(&parts[first + 1]).start;
        match rest.strip_prefix(&old[from..until]) {
            Some(behind) => rest = behind,
            None => break,
        }
        first += 1;
    }
    while first + 1 < last {
        let from = bounds(&parts[last - 2]).end;
        let until = if last == parts.len() { old.len() } else { bounds(&parts[last - 1]).end };
        match rest.strip_suffix(&old[from..until]) {
            Some(before) => rest = before,
            None => break,
        }
        last -= 1;
    }
    let mut shares = vec![(parts[first].clone(), rest.trim().to_string())];
    shares.extend(parts[first + 1..last].iter().map(|run| (run.clone(), String::new())));
    shares
}

/// `new` as the file writes it.
fn escaped(new: &str, escape: Escape) -> String {
    let mut out = String::with_capacity(new.len());
    for character in new.chars() {
        match written(character, escape) {
            Some(text) => out.push_str(&text),
            None => out.push(character),
        }
    }
    match escape {
        Escape::Cdata => out.replace("]]>", "]]]]><![CDATA[>"),
        // Behind "]]" that stands in the file already, as well.
        Escape::Text => out.replace('>', "&gt;"),
        _ => out,
    }
}

/// What stands for a character that the field cannot hold as it is.
fn written(character: char, escape: Escape) -> Option<Cow<'static, str>> {
    let text = match (escape, character) {
        (Escape::Text | Escape::Attribute { .. }, '&') => "&amp;",
        (Escape::Text | Escape::Attribute { .. }, '<') => "&lt;",
        (Escape::Attribute { single: false }, '"') => "&quot;",
        (Escape::Attribute { single: true }, '\'') => "&apos;",
        (Escape::Json { .. }, '"') => "\\\"",
        (Escape::Json { .. }, '\\') => "\\\\",
        (Escape::Json { .. }, '\0'..='\u{1f}') => {
            return Some(Cow::Owned(format!("\\u{:04x}", character as u32)));
        }
        (Escape::Json { ascii: true }, '\u{80}'..) => {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units);
            let text = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            return Some(Cow::Owned(text));
        }
        _ => return None,
    };
    Some(Cow::Borrowed(text))
}
