//! From decisions to edits.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::decision::Verdict;
use super::locate::{Lost, locate};
use crate::apply::{Applied, Written, apply, apply_to};
use crate::emit::json::{Context, SuggestionRecord};
use crate::finding::{Edit, Suggestion};
use crate::repair::{Paragraph, Piece};
use crate::segment::BlockKind;
use crate::source::{Encoding, Source};
use crate::span::Span;

/// The text of a file with its decisions carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The new text, and with [`Applied::bytes`] the new file.
    pub made: Applied,
    /// Decisions carried out.
    pub applied: usize,
    /// Decisions found carried out already.
    pub already: usize,
    /// Identities of the suggestions whose decisions have been carried out, now or before.
    pub carried: Vec<String>,
    /// Decisions that could not be carried out.
    pub refused: Vec<Refusal>,
    /// The edits of the decisions carried out, a group for each.
    pub edits: Vec<Vec<Edit>>,
}

/// A decision that could not be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The suggestion's identity.
    pub id: String,
    /// The line it was found in, from 1.
    pub line: usize,
    /// Its wrong text.
    pub wrong: String,
    /// Why.
    pub reason: String,
}

impl Refusal {
    /// The refusal of what was decided on the suggestion of `record`.
    pub fn new(record: &SuggestionRecord, reason: String) -> Self {
        Self { id: record.id.clone(), line: record.line, wrong: record.wrong.clone(), reason }
    }
}

/// Carries out the decisions on the suggestions of one file, which is now `source` and is to be
/// `written` in its encoding or as UTF-8.
///
/// All suggestions made about the file belong in the list: those without a decision, rejected and
/// queried ones change nothing, but help to tell equal places apart.
pub fn resolve(
    source: &Source,
    written: Written,
    suggestions: &[(SuggestionRecord, Option<Verdict>)],
) -> Resolved {
    let text = source.text();
    let equals = Equals::count(suggestions);
    let (mut carried, mut refused) = (Vec::new(), Vec::new());
    let mut accepted: Vec<(&SuggestionRecord, Vec<Edit>)> = Vec::new();
    for (index, (record, verdict)) in suggestions.iter().enumerate() {
        let Some(verdict) = verdict else { continue };
        let outcome = in_text(source, record).and_then(|of_text| {
            let edits = edits(&of_text, verdict)?;
            place(text, &of_text, edits, equals.places[index])
        });
        match outcome {
            Ok(Outcome::Nothing) => {}
            Ok(Outcome::Already) => carried.push(record.id.clone()),
            Ok(Outcome::Edits(edits)) => accepted.push((record, edits)),
            Err(reason) => refused.push(Refusal::new(record, reason)),
        }
    }
    let groups: Vec<&[Edit]> = accepted.iter().map(|(_, edits)| edits.as_slice()).collect();
    let made = apply_to(source, written, &groups);
    for (number, reason) in &made.refused {
        refused.push(Refusal::new(accepted[*number].0, reason.clone()));
    }
    let unfit: Vec<usize> = made.refused.iter().map(|(number, _)| *number).collect();
    let already = carried.len();
    let mut edits = Vec::new();
    for (number, (record, group)) in accepted.into_iter().enumerate() {
        if !unfit.contains(&number) {
            carried.push(record.id.clone());
            edits.push(group);
        }
    }
    Resolved { applied: edits.len(), already, carried, refused, made, edits }
}

/// The record with bytes of the text of its file instead of bytes of the file.
///
/// Where the file has not changed, the source tells where they stand. Where it has, only their
/// distance from the start of the context counts, and that is reckoned from the characters of the
/// context. Should one of them have had an unusual code, what is taken for the old text is not
/// the old text, and the decision is refused.
fn in_text<'a>(
    source: &Source,
    record: &'a SuggestionRecord,
) -> Result<Cow<'a, SuggestionRecord>, String> {
    let Some(encoding) = record.encoding else { return Ok(Cow::Borrowed(record)) };
    let context = &record.context;
    let same = Some(context.start_byte).filter(|_| source.encoding() == encoding);
    let start = same.and_then(|at| source.text_byte(at));
    let unchanged =
        start.filter(|start| source.text()[*start..].starts_with(context.text.as_str()));
    let base = start.unwrap_or(0);
    let offsets = offsets(encoding, &context.text);
    let place = |at: usize| match unchanged {
        Some(_) => source.text_byte(at),
        None => {
            let offset = at.checked_sub(context.start_byte)?;
            let known = offsets.binary_search_by_key(&offset, |(file, _)| *file).ok()?;
            Some(base + offsets[known].1)
        }
    };
    let broken = || "the record does not hold the text it edits".to_string();
    let choices = record.choices.iter().map(|choice| choice.placed(place)).collect();
    let (Some(start_byte), Some(end_byte), Some(choices)) =
        (place(record.start_byte), place(record.end_byte), choices)
    else {
        return Err(broken());
    };
    Ok(Cow::Owned(SuggestionRecord {
        encoding: None,
        start_byte,
        end_byte,
        choices,
        context: Context { start_byte: base, ..context.clone() },
        ..record.clone()
    }))
}

/// Where each character of `text` starts, and where it ends: in bytes of `encoding`, and of UTF-8.
fn offsets(encoding: Encoding, text: &str) -> Vec<(usize, usize)> {
    let mut bytes = Vec::new();
    let mut offsets = vec![(0, 0)];
    for (at, character) in text.char_indices() {
        encoding.put(character, &mut bytes);
        offsets.push((bytes.len(), at + character.len_utf8()));
    }
    offsets
}

/// What a decision comes to in the file as it is now.
enum Outcome {
    /// There is nothing to do.
    Nothing,
    /// It was done before.
    Already,
    /// Edits in bytes of the file as it is now.
    Edits(Vec<Edit>),
}

/// Finds the place of edits in the file as it is now. `equals` is the suggestion's number among
/// its equals, and how many they are.
fn place(
    text: &str,
    record: &SuggestionRecord,
    edits: Vec<Edit>,
    equals: (usize, usize),
) -> Result<Outcome, String> {
    if edits.is_empty() {
        return Ok(Outcome::Nothing);
    }
    let context = &record.context;
    let (start, (number, total)) = (context.start_byte, equals);
    let open = locate(text, context, number, total);
    let done = made(context, &edits).and_then(|done| locate(text, &done, number, total).ok());
    match (open, done) {
        // Where the fix puts something in, as a quotation mark before 他说, the wrong text stands
        // in the right one: the better fit tells which of the two is there.
        (Ok(open), Some(done)) if done.differences < open.differences => Ok(Outcome::Already),
        // In a long row of the same sign both fit anywhere; where nothing has moved, nothing was
        // done either.
        (Ok(open), Some(done)) if done.differences == open.differences && open.start != start => {
            Err("it cannot be told whether this was done before".to_string())
        }
        (Ok(open), _) => {
            Ok(Outcome::Edits(edits.iter().map(|edit| shift(edit, start, open.start)).collect()))
        }
        (Err(Lost::Gone), Some(_)) => Ok(Outcome::Already),
        (Err(Lost::Gone), None) => Err("the text is no longer there".to_string()),
        (Err(Lost::Ambiguous), _) => Err("several places fit, none of them best".to_string()),
    }
}

/// The context as it reads when the edits have been made.
fn made(context: &Context, edits: &[Edit]) -> Option<Context> {
    let local: Vec<Edit> = edits.iter().map(|edit| shift(edit, context.start_byte, 0)).collect();
    let done = apply(&context.text, &[&local]);
    done.refused.is_empty().then(|| Context { text: done.text, ..context.clone() })
}

/// The edits a verdict asks for, where the suggestion was made.
fn edits(record: &SuggestionRecord, verdict: &Verdict) -> Result<Vec<Edit>, String> {
    match verdict {
        Verdict::Reject | Verdict::Query | Verdict::Withdraw { .. } | Verdict::Applied => {
            Ok(Vec::new())
        }
        Verdict::Accept { choice } => {
            let chosen = choice.checked_sub(1).and_then(|index| record.choices.get(index));
            let chosen = chosen.ok_or_else(|| format!("there is no choice {choice}"))?;
            if chosen.edits.is_empty() {
                return Err(format!("choice {choice} changes nothing"));
            }
            // A record may come from anywhere: what it edits must be what it holds.
            let context = &record.context;
            let reach = Span::new(context.start_byte, context.start_byte + context.text.len());
            if !chosen.edits.iter().all(|edit| reach.contains(edit.reach())) {
                return Err("the record does not hold the text it edits".to_string());
            }
            Ok(chosen.edits.clone())
        }
        Verdict::Replace { text } => rewrite(record, text),
    }
}

/// The edits of the record's bytes that turn its wrong text into the proofreader's own wording.
fn rewrite(record: &SuggestionRecord, new: &str) -> Result<Vec<Edit>, String> {
    let context = &record.context;
    let shown = record
        .start_byte
        .checked_sub(context.start_byte)
        .and_then(|from| context.text.get(from..record.end_byte.checked_sub(context.start_byte)?));
    let shown = shown.ok_or("the record does not hold its own text")?;
    reword(shown, record.start_byte, &record.wrong, new)
}

/// The edits of `text` that turn the wrong text of `suggestion`, which is about it, into the
/// proofreader's own wording.
///
/// # Errors
/// Why the wording cannot be replaced.
pub fn reworded(text: &str, suggestion: &Suggestion, new: &str) -> Result<Vec<Edit>, String> {
    let finding = &suggestion.finding;
    reword(finding.span.of(text), finding.span.start, &finding.wrong, new)
}

/// The edits that make `new` of `wrong`, which is what the reader reads of `shown`; in the file
/// line breaks may stand inside it, and they stay. `shown` begins at byte `from`.
fn reword(shown: &str, from: usize, wrong: &str, new: &str) -> Result<Vec<Edit>, String> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut in_file = shown.char_indices();
    for (at, character) in wrong.char_indices() {
        let (offset, _) = in_file
            .find(|(_, other)| *other == character)
            .ok_or("its wording cannot be replaced: it does not stand in the file like that")?;
        let start = from + offset;
        let end = start + character.len_utf8();
        match pieces.last_mut() {
            Some(piece) if piece.span.end == start => piece.span.end = end,
            _ => pieces.push(Piece { at, span: Span::new(start, end) }),
        }
    }
    if pieces.is_empty() {
        let (span, new) = (Span::at(from), new.to_string());
        return Ok(vec![Edit::Replace { span, old: String::new(), new }]);
    }
    let paragraph = Paragraph {
        kind: BlockKind::Body,
        text: wrong.to_string(),
        pieces,
        lines: Vec::new(),
        starts_cut: false,
        ends_cut: false,
    };
    Ok(paragraph.edits(0..wrong.len(), new))
}

/// The same edit with the text of the suggestion at byte `to` instead of `from`.
fn shift(edit: &Edit, from: usize, to: usize) -> Edit {
    edit.with_bytes(|byte| byte - from + to)
}

/// Which suggestions have the same context, so that only their order tells them apart.
struct Equals {
    /// For each suggestion its number among its equals, and how many there are.
    places: Vec<(usize, usize)>,
}

impl Equals {
    fn count(suggestions: &[(SuggestionRecord, Option<Verdict>)]) -> Self {
        let mut order: Vec<usize> = (0..suggestions.len()).collect();
        order.sort_by_key(|index| suggestions[*index].0.context.start_byte);
        let mut groups: FxHashMap<(&str, &str, &str), Vec<usize>> = FxHashMap::default();
        for index in order {
            let Context { before, text, after, .. } = &suggestions[index].0.context;
            groups.entry((before, text, after)).or_default().push(index);
        }
        let mut places = vec![(0, 1); suggestions.len()];
        for group in groups.values() {
            for (number, index) in group.iter().enumerate() {
                places[*index] = (number, group.len());
            }
        }
        Self { places }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Choice;

    const PAGE: &str = "昨日，聚原广场开街，市民说：要有效协\n\n同推进各项工作。聚原广场人来人往，\
                        难以以为继。\n他说，这样很好。\n";

    fn at(text: &str, wrong: &str, nth: usize) -> usize {
        text.match_indices(wrong).nth(nth).expect("the text stands in the page").0
    }

    /// A suggestion about the `nth` place where `wrong` stands in the page, from 0.
    fn record(wrong: &str, nth: usize, edits: Vec<Edit>) -> SuggestionRecord {
        let start = at(PAGE, wrong, nth);
        let choices = vec![Choice { right: String::new(), confidence: 0.9, edits }];
        SuggestionRecord {
            start_byte: start,
            end_byte: start + wrong.len(),
            wrong: wrong.replace('\n', ""),
            choices,
            context: Context::around(PAGE, Span::new(start, start + wrong.len())),
            ..crate::review::record(&format!("{start}"), wrong, &[])
        }
    }

    fn replaced(wrong: &str, nth: usize, new: &str) -> SuggestionRecord {
        let start = at(PAGE, wrong, nth);
        let span = Span::new(start, start + wrong.len());
        record(wrong, nth, vec![Edit::Replace { span, old: wrong.into(), new: new.into() }])
    }

    fn accept(record: SuggestionRecord) -> (SuggestionRecord, Option<Verdict>) {
        (record, Some(Verdict::Accept { choice: 1 }))
    }

    fn reworded(record: SuggestionRecord, text: &str) -> Resolved {
        carry_out(PAGE, &[(record, Some(Verdict::Replace { text: text.to_string() }))])
    }

    fn carry_out(text: &str, all: &[(SuggestionRecord, Option<Verdict>)]) -> Resolved {
        resolve(&Source::new("page", text), Written::AsRead, all)
    }

    #[test]
    fn only_accepted_suggestions_change_the_text() {
        let all = [
            (replaced("聚原", 0, "聚源"), Some(Verdict::Reject)),
            (replaced("聚原", 1, "聚源"), None),
            (replaced("以以", 0, "以"), Some(Verdict::Query)),
        ];
        assert_eq!(carry_out(PAGE, &all).made.text, PAGE);
        let resolved = carry_out(PAGE, &[accept(replaced("聚原", 1, "聚源"))]);
        assert_eq!(resolved.made.text, PAGE.replace("聚原广场人", "聚源广场人"));
        assert_eq!((resolved.applied, resolved.refused.len()), (1, 0));
    }

    #[test]
    fn a_place_is_found_again_behind_other_changes() {
        let moved = format!(
            "新的一行。\n{}",
            PAGE.replace("以以", "以").replace("聚原广场开", "聚源广场开")
        );
        let resolved = carry_out(&moved, &[accept(replaced("聚原", 1, "聚源"))]);
        assert_eq!(resolved.made.text, moved.replace("聚原广场人", "聚源广场人"));
    }

    #[test]
    fn what_was_done_before_is_left_alone() {
        let slips = || {
            let insertion = Span::at(at(PAGE, "这样", 0));
            let quote = Edit::Replace { span: insertion, old: String::new(), new: "“".into() };
            vec![
                accept(replaced("聚原", 0, "聚源")),
                accept(replaced("协\n\n同", 0, "协同")),
                accept(replaced("以以", 0, "以")),
                accept(record("这样", 0, vec![quote])),
            ]
        };
        let once = carry_out(PAGE, &slips());
        assert_eq!((once.applied, once.already), (4, 0));
        assert!(once.made.text.contains("他说，“这样很好"), "{}", once.made.text);
        let twice = carry_out(&once.made.text, &slips());
        assert_eq!(twice.made.text, once.made.text);
        assert_eq!((twice.applied, twice.already, twice.refused.len()), (0, 4, 0));
        // One accepted neighbour after the other comes to the same text.
        let mut text = PAGE.to_string();
        for slip in slips() {
            text = carry_out(&text, &[slip]).made.text;
        }
        assert_eq!(text, once.made.text);
    }

    #[test]
    fn equal_places_are_told_apart_by_their_order() {
        let page = "广告：聚原广场欢迎您前来选购各类商品。\n".repeat(3);
        let records: Vec<SuggestionRecord> = page
            .match_indices("聚原")
            .map(|(start, wrong)| {
                let span = Span::new(start, start + wrong.len());
                let edit = Edit::Replace { span, old: wrong.into(), new: "聚源".into() };
                let context = Context {
                    // The same on all sides, as in a longer row of the same advertisement.
                    before: "来选购各类商品。\n广告：".to_string(),
                    ..Context::around(&page, span)
                };
                let choices =
                    vec![Choice { right: String::new(), confidence: 1.0, edits: vec![edit] }];
                SuggestionRecord { choices, context, ..record("聚原", 0, Vec::new()) }
            })
            .collect();
        let longer = format!("您前来选购各类商品。\n{page}广告：到此为止，谢谢大家来看。");
        let decide = |accepted: usize| -> Vec<_> {
            let verdict = |i| (i == accepted).then_some(Verdict::Accept { choice: 1 });
            records.iter().cloned().enumerate().map(|(i, r)| (r, verdict(i))).collect()
        };
        let resolved = carry_out(&longer, &decide(1));
        assert_eq!(resolved.refused, []);
        let changed = at(&resolved.made.text, "聚源", 0);
        assert_eq!(changed, at(&longer, "聚原", 1));
        let one_gone = longer.replacen("广告：聚原广场欢迎您前来选购各类商品。\n", "", 1);
        let refused = carry_out(&one_gone, &decide(1)).refused;
        assert_eq!(refused.len(), 1, "which of the two is left cannot be known");
    }

    #[test]
    fn what_is_gone_is_refused() {
        let resolved = carry_out("全是别的文字。", &[accept(replaced("聚原", 0, "聚源"))]);
        assert_eq!(resolved.made.text, "全是别的文字。");
        assert_eq!(resolved.refused[0].reason, "the text is no longer there");
        let none =
            carry_out(PAGE, &[(replaced("以以", 0, "以"), Some(Verdict::Accept { choice: 2 }))]);
        assert_eq!(none.refused[0].reason, "there is no choice 2");
    }

    #[test]
    fn clashing_decisions_are_refused_whole() {
        let clash = [accept(replaced("以以", 0, "以")), accept(replaced("难以以为", 0, "难为"))];
        let resolved = carry_out(PAGE, &clash);
        assert_eq!(resolved.made.text, PAGE.replace("以以", "以"));
        assert!(resolved.refused[0].reason.starts_with("overlaps"));
    }

    #[test]
    fn own_wording_keeps_the_line_breaks() {
        let resolved = reworded(replaced("协\n\n同", 0, ""), "协调");
        assert_eq!(resolved.made.text, PAGE.replace("协\n\n同", "协\n\n调"));
        let resolved = reworded(replaced("聚原广场", 1, ""), "聚源商业广场");
        assert_eq!(resolved.made.text, PAGE.replace("聚原广场人", "聚源商业广场人"));
        let resolved = reworded(replaced("以以", 0, ""), "");
        assert_eq!(resolved.made.text, PAGE.replace("以以", ""));
    }

    #[test]
    fn records_that_do_not_hold_together_are_refused() {
        let mut outside = replaced("以以", 0, "以");
        outside.context.start_byte += 300;
        assert_eq!(carry_out(PAGE, &[accept(outside)]).refused.len(), 1);
        let mut outside = replaced("以以", 0, "以");
        outside.start_byte = 0;
        assert_eq!(reworded(outside, "以").refused.len(), 1);
    }
}
