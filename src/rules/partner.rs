//! The other half of a round bracket that a rule writes: a pair is printed in one width.

use std::ops::Range;

use super::{Context, Hit};
use crate::config::Brackets;
use crate::finding::Message;
use crate::marks::{PairKind, pair_up};

/// Where a fix of `hit` does nothing but write a round bracket, it comes in the width of the house,
/// and a half-width partner of a full-width one becomes full-width too: 〈张三) becomes （张三）.
pub(super) fn match_partners(context: &Context<'_>, mut hit: Hit) -> Hit {
    for number in 0..hit.fixes.len() {
        let [(range, new)] = hit.fixes[number].replacements.as_mut_slice() else { continue };
        *new = new.chars().map(|mark| in_house_width(context, mark)).collect();
        let Some((partner, wide)) = narrow_partner(context, range, new) else { continue };
        hit.range = hit.range.start.min(partner.start)..hit.range.end.max(partner.end);
        let place = Some((context.index, partner.clone()));
        let replacements = &mut hit.fixes[number].replacements;
        replacements.push((partner, wide.to_string()));
        replacements.sort_by_key(|(range, _)| range.start);
        if number == 0 {
            let message = Message::new(
                format!("与之成对的括号一并改为全角“{wide}”"),
                format!("The bracket it is paired with becomes full-width too: {wide}"),
            );
            hit = hit.because(place, message);
        }
    }
    hit
}

/// A round bracket in the width the house prints; any other mark as it is.
pub(super) fn in_house_width(context: &Context<'_>, mark: char) -> char {
    match (context.facts.page.punctuation.brackets, mark) {
        (Some(Brackets::Half), '（') => '(',
        (Some(Brackets::Half), '）') => ')',
        _ => mark,
    }
}

/// The half-width partner that `new` at `range` of the text would have, and its full-width form.
fn narrow_partner(
    context: &Context<'_>,
    range: &Range<usize>,
    new: &str,
) -> Option<(Range<usize>, char)> {
    if !matches!(new, "（" | "）") {
        return None;
    }
    let text = context.text();
    let changed = format!("{}{new}{}", &text[..range.start], &text[range.end..]);
    let written = range.start..range.start + new.len();
    let pair =
        pair_up(&changed).pairs.into_iter().find(|p| p.open == written || p.close == written)?;
    let (partner, wide) = match pair.open == written {
        true => (pair.close, PairKind::Round.closing()),
        false => (pair.open, PairKind::Round.opening()),
    };
    let behind = |at: usize| if at > range.start { at + range.len() - new.len() } else { at };
    let partner = behind(partner.start)..behind(partner.end);
    is_too_narrow(context, &partner).then_some((partner, wide))
}

/// True for a bracket that is half-width where its partner will be full-width.
pub(super) fn is_too_narrow(context: &Context<'_>, mark: &Range<usize>) -> bool {
    let house = context.facts.page.punctuation.brackets;
    context.text()[mark.clone()].is_ascii() && house != Some(Brackets::Half)
}
