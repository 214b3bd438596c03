//! From findings to suggestions: merge what overlaps, give each an identity and a level.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use crate::config::Config;
use crate::finding::{Choice, Edit, Evidence, Finding, Level, Message, Suggestion};
use crate::han::is_han;
use crate::marks::{char_after, char_before, closed_by, is_sign, opened_by};
use crate::source::Source;
use crate::span::Span;

/// Characters of the original on either side that belong to a suggestion's identity.
const ID_CONTEXT: usize = 6;

/// Turns findings into suggestions, in the order of the file.
///
/// Findings whose edits get in each other's way become one suggestion: the most confident leads,
/// the others add their choices and their evidence. `seen` holds what was identified earlier in the
/// same file, when it is read in several documents.
pub fn rank(
    source: &Source,
    findings: Vec<Finding>,
    config: &Config,
    seen: &mut Seen,
) -> Vec<Suggestion> {
    let findings = merge(source.text(), findings, config);
    findings
        .into_iter()
        .map(|finding| {
            let level = level_of(&finding, config);
            Suggestion { id: identify(source, &finding, &mut seen.identities), level, finding }
        })
        .filter(|suggestion| !config.rejected.contains(&suggestion.id))
        .collect()
}

fn level_of(finding: &Finding, config: &Config) -> Level {
    config.level(finding.rule, finding.confidence).min(finding.highest)
}

/// How often each identity, its number left out, has been given in a file.
#[derive(Debug, Default)]
pub struct Seen {
    identities: FxHashMap<u64, u32>,
}

/// Merges findings that cannot both be applied. The result is sorted by place, then rule.
fn merge(text: &str, mut findings: Vec<Finding>, config: &Config) -> Vec<Finding> {
    weigh_other_readings(&mut findings);
    findings.sort_by(|a, b| {
        takes_line_out(b, config).cmp(&takes_line_out(a, config)).then(by_weight(a, b))
    });
    let mut taken = TakenSpans::default();
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let spans = occupied(text, &finding);
        match taken.first_overlap(&spans) {
            None => {
                taken.insert(&spans, kept.len());
                kept.push(finding);
            }
            Some(index) => join(&mut kept[index], finding, config),
        }
    }
    kept.sort_by(|a, b| {
        (a.span, a.rule.id).cmp(&(b.span, b.rule.id)).then_with(|| a.wrong.cmp(&b.wrong))
    });
    kept
}

/// What a grade of a rule is worth is an average; what statistics say is of this very place. Where
/// they read another sign (a half-width : that was a 。), the rule is right only if they are wrong.
fn weigh_other_readings(findings: &mut [Finding]) {
    let mut read: FxHashMap<Span, (f64, String)> = FxHashMap::default();
    for finding in findings.iter().filter(|finding| finding.rule.statistical) {
        let Some((span, new)) = replaced_signs(finding) else { continue };
        let surest = read.entry(span).or_default();
        if finding.confidence > surest.0 {
            *surest = (finding.confidence, new.to_string());
        }
    }
    for finding in findings.iter_mut().filter(|finding| !finding.rule.statistical) {
        let Some((span, new)) = replaced_signs(finding) else { continue };
        let other = read.get(&span).filter(|(_, read)| read != new);
        let weaker = other.map_or(1.0, |(confidence, _)| 1.0 - confidence);
        finding.confidence *= weaker;
        finding.choices.iter_mut().for_each(|choice| choice.confidence *= weaker);
    }
}

/// The signs the best choice of the finding replaces and what by, where it changes nothing else but
/// the width of their partner.
fn replaced_signs(finding: &Finding) -> Option<(Span, &str)> {
    let signs = |edit| match edit {
        &Edit::Replace { span, ref old, ref new } => {
            (!old.is_empty() && old.chars().all(is_sign)).then_some((span, old, new))
        }
        Edit::Move { .. } => None,
    };
    let edits = &finding.choices.first()?.edits;
    let mut replaced = edits.iter().map(signs).collect::<Option<Vec<_>>>()?;
    let pair = |mark: &str| mark.chars().next().and_then(|c| opened_by(c).or(closed_by(c)));
    if replaced.len() > 1 {
        replaced.retain(|(_, old, new)| pair(old) != pair(new));
    }
    match replaced[..] {
        [(span, _, new)] => Some((span, new)),
        _ => None,
    }
}

/// True for a line of furniture that is to be taken out: what is misread in it does not matter.
fn takes_line_out(finding: &Finding, config: &Config) -> bool {
    let gone = |choice: &Choice| choice.right.is_empty() && finding.rule.family() == "S";
    finding.choices.first().is_some_and(gone) && level_of(finding, config) >= Level::Review
}

/// Findings with edits come before questions, the more confident before the less.
fn by_weight(a: &Finding, b: &Finding) -> Ordering {
    a.choices
        .is_empty()
        .cmp(&b.choices.is_empty())
        .then(b.confidence.total_cmp(&a.confidence))
        .then_with(|| (a.span, a.rule.id).cmp(&(b.span, b.rule.id)))
}

/// The bytes a finding needs for itself: those its replacements rewrite, or for a question the
/// text it asks about. Moves give way to replacements inside them. What is put in needs its
/// neighbours, a Chinese character all and a mark the marks: where one of them is another, none was
/// lost (真布罗陀 for 直布罗陀).
fn occupied(text: &str, finding: &Finding) -> Vec<Span> {
    let mut spans: Vec<Span> = finding
        .choices
        .iter()
        .flat_map(|choice| &choice.edits)
        .filter(|edit| matches!(edit, Edit::Replace { .. }))
        .map(|edit| match edit {
            Edit::Replace { span, old, new } if old.is_empty() => beside(text, *span, new),
            _ => edit.span(),
        })
        .collect();
    if finding.choices.is_empty() {
        spans.push(finding.span);
    }
    spans.sort();
    spans.dedup_by(|next, span| {
        let one = next == span || next.overlaps(*span);
        span.end = if one { span.end.max(next.end) } else { span.end };
        one
    });
    spans
}

/// The neighbours of an empty span that `new` needs there.
fn beside(text: &str, gap: Span, new: &str) -> Span {
    let character = new.starts_with(is_han);
    let needed = |c: &char| is_sign(*c) || character && is_han(*c);
    let length = |c: Option<char>| c.filter(needed).map_or(0, char::len_utf8);
    let (before, behind) = (char_before(text, gap.start), char_after(text, gap.end));
    Span::new(gap.start - length(before), gap.end + length(behind))
}

/// Adds to `kept` what `other` says about the same place.
fn join(kept: &mut Finding, mut other: Finding, config: &Config) {
    if takes_line_out(kept, config) {
        return;
    }
    // What a table or the document knows is the better reason for the same change, unless it would
    // take away what the change is sure enough for.
    let allowed = level_of(kept, config) <= other.rule.level.min(other.highest);
    let better = kept.rule.statistical && !other.rule.statistical;
    if allowed && better && is_same_change(kept, &other) {
        let confidence = kept.confidence;
        let reached = level_of(kept, config).max(level_of(&other, config));
        std::mem::swap(kept, &mut other);
        kept.confidence = confidence;
        kept.highest = reached;
        kept.choices[0].confidence = confidence;
    }
    // An alternative must be readable beside the others: it shows the same text.
    if other.span == kept.span {
        for choice in other.choices {
            if kept.choices.iter().all(|known| known.edits != choice.edits) {
                kept.choices.push(choice);
            }
        }
    }
    // The level is that of the leading choice: no other may take its place.
    if let [_, others @ ..] = kept.choices.as_mut_slice() {
        others.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    }
    if other.rule != kept.rule {
        let message = Message::new(
            format!("{}：{}", other.rule.id, other.message.zh),
            format!("{}: {}", other.rule.id, other.message.en),
        );
        kept.evidence.push(Evidence { span: Some(other.span), message });
    }
    other.evidence.retain(|evidence| !kept.evidence.contains(evidence));
    kept.evidence.extend(other.evidence);
}

/// True when the best choices of both make the same edits.
fn is_same_change(a: &Finding, b: &Finding) -> bool {
    let best = |finding: &Finding| finding.choices.first().map(|choice| choice.edits.clone());
    best(a).is_some() && best(a) == best(b)
}

/// Spans already claimed, by start, with the finding that claims them. Claimed spans never
/// overlap one another, so the neighbours of a place decide.
#[derive(Default)]
struct TakenSpans {
    by_start: std::collections::BTreeMap<(usize, usize), usize>,
}

impl TakenSpans {
    fn insert(&mut self, spans: &[Span], index: usize) {
        for span in spans {
            self.by_start.insert((span.start, span.end), index);
        }
    }

    fn first_overlap(&self, spans: &[Span]) -> Option<usize> {
        spans.iter().find_map(|span| {
            let ahead = self.by_start.range((span.start, 0)..(span.end + 1, 0));
            let behind = self.by_start.range(..(span.start, 0)).rev().take(2);
            ahead
                .chain(behind)
                .find(|((start, end), _)| span.overlaps(Span::new(*start, *end)))
                .map(|(_, index)| *index)
        })
    }
}

/// Identity of a finding: rule family, wrong text, six characters of the original on each side,
/// and its number among equals. Never an offset and never the proposed fix, so that a decision
/// survives edits elsewhere and a retrained model.
fn identify(source: &Source, finding: &Finding, seen: &mut FxHashMap<u64, u32>) -> String {
    let text = source.text();
    let before: Vec<char> = text[..finding.span.start].chars().rev().take(ID_CONTEXT).collect();
    let after: String = text[finding.span.end..].chars().take(ID_CONTEXT).collect();
    let mut key = String::new();
    key.push_str(finding.rule.family());
    key.push('\0');
    key.extend(before.iter().rev());
    key.push('\0');
    key.push_str(finding.span.of(text));
    key.push('\0');
    key.push_str(&after);
    let hash = xxh3_64(key.as_bytes());
    let number = seen.entry(hash).or_insert(0);
    *number += 1;
    if *number > 1 {
        key.push('\0');
        key.push_str(&number.to_string());
    }
    format!("{:016x}", xxh3_64(key.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    const TEXT: &str = "会议闭幕:代表们返程。";

    /// `rule` reads `new` for the colon of the text.
    fn reading(rule: &str, new: &str, confidence: f64) -> Finding {
        let start = TEXT.find(':').expect("there is one");
        let span = Span::new(start, start + 1);
        let edits = vec![Edit::Replace { span, old: ":".into(), new: new.into() }];
        Finding {
            rule: rules::find(rule).expect("there is such a rule"),
            grade: "",
            span,
            wrong: ":".into(),
            confidence,
            highest: Level::Auto,
            choices: vec![Choice { right: new.into(), confidence, edits }],
            message: Message::new("", ""),
            evidence: Vec::new(),
        }
    }

    /// What leads where the width of the colon is in question and `marks` are read for it.
    fn leading(marks: &[(&str, f64)]) -> (String, f64) {
        let source = Source::new("page", TEXT);
        let marks = marks.iter().map(|(new, confidence)| reading("P108", new, *confidence));
        let findings = marks.chain([reading("P102", "：", 0.8)]).collect();
        let ranked = rank(&source, findings, &Config::default(), &mut Seen::default());
        let [suggestion] = &ranked[..] else { panic!("one place, one suggestion") };
        (suggestion.finding.choices[0].right.clone(), suggestion.finding.confidence)
    }

    #[test]
    fn another_reading_of_a_sign_weighs_against_its_width() {
        assert_eq!(leading(&[]), ("：".into(), 0.8));
        assert_eq!(leading(&[("：", 0.6)]), ("：".into(), 0.8));
        let (right, confidence) = leading(&[("。", 0.25)]);
        assert_eq!(right, "：");
        assert!((confidence - 0.6).abs() < 1e-9);
        assert_eq!(leading(&[("。", 0.6)]), ("。".into(), 0.6));
    }

    #[test]
    fn the_leading_choice_stays_in_front() {
        let source = Source::new("page", TEXT);
        let mut unsure = reading("P108", "。", 0.9);
        unsure.choices[0].confidence = 0.5;
        let findings = vec![unsure, reading("P102", "：", 0.8)];
        let ranked = rank(&source, findings, &Config::default(), &mut Seen::default());
        let choices = ranked[0].finding.choices.iter().map(|choice| choice.right.as_str());
        assert_eq!(choices.collect::<Vec<_>>(), ["。", "："]);
    }

    #[test]
    fn a_line_that_is_taken_out_needs_no_corrections() {
        let source = Source::new("page", TEXT);
        let mut line = reading("S104", "", 0.98);
        line.span = Span::new(0, TEXT.len());
        let edit = Edit::Replace { span: line.span, old: TEXT.into(), new: String::new() };
        line.choices[0].edits = vec![edit];
        let mut name = reading("K101", "会议闭幕", 0.67);
        name.span = line.span;
        let findings = vec![reading("P108", "。", 0.99), line, name];
        let ranked = rank(&source, findings, &Config::default(), &mut Seen::default());
        let [suggestion] = &ranked[..] else { panic!("one line, one suggestion") };
        assert_eq!(suggestion.finding.rule.id, "S104");
        assert_eq!(suggestion.finding.choices.len(), 1);
        assert_eq!(suggestion.finding.evidence, []);
    }

    #[test]
    fn what_is_put_in_needs_its_neighbours() {
        let source = Source::new("page", TEXT);
        let start = TEXT.find(':').expect("there is one");
        let put_in = |rule: &str, new: &str, at: usize| {
            let mut finding = reading(rule, new, 0.7);
            finding.span = Span::at(at);
            let edit = Edit::Replace { span: finding.span, old: String::new(), new: new.into() };
            finding.choices[0].edits = vec![edit];
            finding
        };
        let count = |finding: Finding| {
            let findings = vec![reading("P108", "“", 0.9), finding];
            rank(&source, findings, &Config::default(), &mut Seen::default()).len()
        };
        assert_eq!(count(put_in("P101", "“", start)), 1);
        assert_eq!(count(put_in("C104", "式", start)), 1);
        assert_eq!(count(put_in("P101", "“", start - "幕".len())), 2);
    }
}
