//! One text of a run: checked, corrected, and put on record.

use std::any::Any;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::apply::{Applied, Written, apply_within};
use crate::emit::Tally;
use crate::emit::json::{Record, SuggestionRecord, write_line};
use crate::emit::markdown::to_markdown;
use crate::finding::{Edit, Language, Level, Report, Suggestion};
use crate::pipeline::{Pipeline, Reading};
use crate::segment::segment;
use crate::source::Source;
use crate::span::Span;

/// How texts are corrected unasked.
#[derive(Clone, Copy)]
pub struct Fix<'a> {
    /// What checks them.
    pub pipeline: &'a Pipeline,
    /// What of a text is a document.
    pub reading: Reading,
    /// Suggestions of this level or above are applied.
    pub level: Level,
    /// And of those the choices that are at least so sure.
    pub min_confidence: f64,
    /// What is written of a text.
    pub form: Form,
    /// The encoding texts are written in.
    pub written: Written,
    /// Language of the records.
    pub language: Language,
}

/// What is written of a text that was corrected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Form {
    /// The same as was read: a text, or a layout or Word file with the corrections in it.
    #[default]
    Same,
    /// The text, also of a layout or Word file.
    Text,
    /// The text as Markdown, headlines marked.
    Markdown,
}

impl Fix<'_> {
    /// Writes the corrected text of `source` to `text`, and to `records` a line for each suggestion
    /// a proofreader would be shown or that was applied. Applied repairs of structure, of which a
    /// page has hundreds, are counted only. Of a long text no more than a few documents are in work
    /// at a time; a layout or Word file, and what becomes Markdown, is made as a whole. With the counts come
    /// what the user must be told: changes the encoding cannot hold, and mistakes in the switches
    /// of the text.
    ///
    /// # Errors
    /// When one of the two cannot be written to.
    pub fn write(
        &self,
        source: &Source,
        text: &mut dyn Write,
        records: &mut dyn Write,
    ) -> io::Result<(Tally, Vec<String>)> {
        let mut desk = Accounts { tally: Tally::default(), notes: Vec::new(), records };
        let rewrites = self.form == Form::Same && !source.is_plain();
        if !rewrites && self.form != Form::Markdown {
            self.pipeline.check_parts(source, self.reading, |part| {
                let (chosen, others) = self.choose(&part.report);
                let corrected = self.correct(source, part.span, &chosen);
                text.write_all(&corrected.made.bytes(source, self.written))?;
                desk.enter(self, source, &part.report, (chosen, others), corrected)
            })?;
            return Ok((desk.tally, desk.notes));
        }
        let report = match self.reading {
            Reading::Whole => self.pipeline.check(source),
            Reading::Lines => self.pipeline.check_lines(source),
        };
        let (chosen, others) = self.choose(&report);
        let whole = Span::new(0, source.text().len());
        let mut corrected = self.correct(source, whole, &chosen);
        if rewrites {
            text.write_all(&corrected.rewrite(source).map_err(io::Error::other)?)?;
        } else {
            let lines = 0..source.lines().len();
            let blocks = segment(source, lines, self.pipeline.lexicon()).blocks;
            text.write_all(to_markdown(source, &blocks, &corrected.groups()).as_bytes())?;
        }
        desk.enter(self, source, &report, (chosen, others), corrected)?;
        Ok((desk.tally, desk.notes))
    }

    /// The suggestions that are to be applied where one can choose, and the others.
    fn choose<'a>(&self, report: &'a Report) -> (Vec<&'a Suggestion>, Vec<&'a Suggestion>) {
        report.suggestions.iter().partition(|suggestion| suggestion.level >= self.level)
    }

    fn correct<'a>(&self, source: &Source, part: Span, chosen: &[&'a Suggestion]) -> Corrected<'a> {
        let margin = self.pipeline.config().margin;
        correct(source, part, chosen, margin, self.min_confidence, self.written)
    }
}

/// What is put on record about a text.
struct Accounts<'a> {
    tally: Tally,
    notes: Vec<String>,
    records: &'a mut dyn Write,
}

impl Accounts<'_> {
    /// Enters what became of the suggestions about a part of a text.
    fn enter(
        &mut self,
        fix: &Fix<'_>,
        source: &Source,
        report: &Report,
        (chosen, others): (Vec<&Suggestion>, Vec<&Suggestion>),
        corrected: Corrected<'_>,
    ) -> io::Result<()> {
        let mistakes = report.mistakes.iter();
        let note = |(line, text): &(usize, String)| format!("{}:{line}: {text}", source.name());
        self.notes.extend(mistakes.map(note));
        self.tally.characters += report.characters as u64;
        self.tally.applied += corrected.applied() as u64;
        self.tally.left += corrected.left() as u64;
        self.tally.kept += corrected.kept as u64;
        self.notes.extend(corrected.refused);
        let others = others.into_iter().map(|suggestion| (suggestion, false));
        let mut all: Vec<_> = chosen.into_iter().zip(corrected.done).chain(others).collect();
        all.sort_by_key(|(suggestion, _)| suggestion.finding.span);
        for (suggestion, applied) in all {
            self.tally.count(suggestion);
            let join = applied && suggestion.finding.rule.family() == "S";
            if suggestion.level >= Level::Review && !join {
                let mut record = SuggestionRecord::new(source, suggestion, fix.language);
                record.applied = Some(applied);
                write_line(&Record::Suggestion(Box::new(record)), self.records)?;
            }
        }
        Ok(())
    }
}

/// A part of a text with suggestions applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected<'a> {
    /// The new part.
    pub made: Applied,
    /// The edits of the choices taken, by number of the suggestion.
    taken: Vec<(usize, &'a [Edit])>,
    /// Changes that could not be made, each with its place and the reason.
    pub refused: Vec<String>,
    /// For each suggestion, whether it was applied.
    pub done: Vec<bool>,
    /// Suggestions that only concern the flow of the text, which a layout file does not have.
    pub kept: usize,
}

impl Corrected<'_> {
    /// The edits of each suggestion that was applied.
    pub fn groups(&self) -> Vec<&[Edit]> {
        let done = self.taken.iter().filter(|(number, _)| self.done[*number]);
        done.map(|(_, edits)| *edits).collect()
    }

    /// The file of `source` in its own format with the corrections in it. What has no place there
    /// counts as kept, what could not be written is left.
    fn rewrite(&mut self, source: &Source) -> crate::Result<Vec<u8>> {
        let Some(written) = source.rewrite(&self.groups())? else { return Ok(Vec::new()) };
        let done: Vec<usize> =
            self.taken.iter().map(|(number, _)| *number).filter(|n| self.done[*n]).collect();
        for number in &written.kept {
            self.done[done[*number]] = false;
        }
        self.kept = written.kept.len();
        for (number, reason) in &written.refused {
            self.done[done[*number]] = false;
            self.refused.push(format!("{}: {reason}", source.name()));
        }
        Ok(written.bytes)
    }

    /// Suggestions that were applied.
    pub fn applied(&self) -> usize {
        self.done.iter().filter(|done| **done).count()
    }

    /// Suggestions none of whose choices could be applied unasked.
    pub fn left(&self) -> usize {
        self.done.len() - self.applied() - self.kept
    }
}

/// Applies to a part of a source of each suggestion about it the best choice, if it leads the
/// second by `margin` and is at least so sure.
pub fn correct<'a>(
    source: &Source,
    part: Span,
    suggestions: &[&'a Suggestion],
    margin: f64,
    min_confidence: f64,
    written: Written,
) -> Corrected<'a> {
    let mut done = vec![false; suggestions.len()];
    let mut taken: Vec<(usize, &[Edit])> = Vec::new();
    for (number, suggestion) in suggestions.iter().enumerate() {
        let choice = suggestion.clear_choice(margin);
        if let Some(choice) = choice.filter(|choice| choice.confidence >= min_confidence) {
            done[number] = true;
            taken.push((number, &choice.edits));
        }
    }
    let clear: Vec<&[Edit]> = taken.iter().map(|(_, edits)| *edits).collect();
    let made = apply_within(source, part, written, &clear);
    let mut refused = Vec::new();
    for (number, reason) in &made.refused {
        let number = taken[*number].0;
        done[number] = false;
        let finding = &suggestions[number].finding;
        let (line, wrong) = (source.position(finding.span.start).line, &finding.wrong);
        let right = suggestions[number].clear_choice(margin).map_or("", |choice| &choice.right);
        refused.push(format!("{}:{line}: {wrong} → {right}: {reason}", source.name()));
    }
    Corrected { made, taken, refused, done, kept: 0 }
}

/// Does `work` on a text; a mistake in kanwu that panics costs this text and no other. The error
/// is what the panic said.
///
/// # Errors
/// The message of the panic.
pub fn survive<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| message(&*panic))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_string());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "it did not say why".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn pipeline() -> Pipeline {
        Pipeline::new(Config { select: vec!["S".into(), "W".into()], ..Config::default() })
            .expect("the shipped dictionaries are right")
    }

    #[test]
    fn a_long_text_is_corrected_in_parts() {
        let pipeline = pipeline();
        let fix = Fix {
            pipeline: &pipeline,
            reading: Reading::Whole,
            level: Level::Review,
            min_confidence: 0.0,
            form: Form::Same,
            written: Written::AsRead,
            language: Language::English,
        };
        let wrong = "　　同志们再接再励，夺取更大的胜利。\n".repeat(6000);
        let right = wrong.replace("再接再励", "再接再厉");
        let source = Source::new("long", wrong);
        assert!(crate::document::documents(&source).count() > 2);
        let (mut text, mut records) = (Vec::new(), Vec::new());
        let (tally, _) =
            fix.write(&source, &mut text, &mut records).expect("a Vec takes everything");
        assert_eq!(String::from_utf8(text).expect("text"), right);
        assert_eq!(tally.applied, 6000);
        let records = String::from_utf8(records).expect("records are text");
        let records = crate::emit::json::read_lines("records", &records).expect("records");
        assert_eq!(records.len(), 6000);
        let last = &records[5999];
        assert_eq!((last.line, last.column), (6000, 6));
        assert_eq!(&source.text()[last.start_byte..last.end_byte], "再接再励");
        assert_eq!(last.applied, Some(true));
        let ids: std::collections::BTreeSet<&str> = records.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids.len(), 6000, "ids are unique in the file");
    }

    #[test]
    fn parts_of_lines_are_the_lines() {
        let pipeline = pipeline();
        let text = "再接再励。\r\n".repeat(20_000);
        let source = Source::new("long", text.as_str());
        let mut end = 0;
        let whole = pipeline.check_parts(&source, Reading::Lines, |part| {
            assert_eq!(part.span.start, end);
            end = part.span.end;
            if part.span.of(&text).starts_with("再") { Ok(()) } else { Err(part.span) }
        });
        assert_eq!((whole, end), (Ok(()), text.len()));
    }

    #[test]
    fn a_panic_is_survived() {
        assert_eq!(survive(|| 1), Ok(1));
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let torn = survive(|| -> usize { panic!("page {}", 3) });
        std::panic::set_hook(hook);
        assert_eq!(torn, Err("page 3".to_string()));
    }
}
