//! Suggestions as JSON: one record a line, or one document with all of them. `docs/output.md`
//! describes the format for its readers.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::{Summary, Tally};
use crate::error::{Error, Result};
use crate::finding::{Choice, Edit, Language, Level, Suggestion};
use crate::review::Verdict;
use crate::source::{Encoding, Source};
use crate::span::Span;

/// Characters of the file kept on each side of a suggestion, to find its place again when the
/// file has changed. Twice what the identity hashes, so that a change of a near neighbour leaves
/// enough.
pub(crate) const CONTEXT: usize = 12;

/// A line of JSON output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Record {
    /// A suggestion.
    Suggestion(Box<SuggestionRecord>),
    /// The closing counts.
    Summary(Summary),
    /// In the report of `kanwu fix`: a text and what became of it, behind the suggestions about it.
    File(FileRecord),
    /// A text that could not be read, understood or written.
    Failure(FailureRecord),
    /// The closing counts of such a report.
    Run(RunRecord),
}

/// A text of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// The file as it was named to kanwu.
    pub file: String,
    /// Whether anything was changed.
    pub status: Status,
    /// Bytes of the file.
    pub bytes: u64,
    /// What was found in it.
    #[serde(flatten)]
    pub tally: Tally,
}

/// Whether a text was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The output differs from the input.
    Changed,
    /// It does not.
    Unchanged,
}

/// A text that was not corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureRecord {
    /// The file as it was named to kanwu.
    pub file: String,
    /// What kind of failure.
    pub kind: FailureKind,
    /// What went wrong, with the name of the file.
    pub message: String,
    /// Offset in bytes of what cannot be understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
}

/// Why a text was not corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FailureKind {
    /// The file or folder could not be read.
    Unreadable,
    /// It is no text in an encoding or format kanwu knows.
    Undecodable,
    /// kanwu has a mistake that this text brings to light.
    Panic,
    /// The output could not be written.
    Unwritable,
}

impl FailureRecord {
    /// The record of what went wrong with `file` before it was written.
    pub fn new(file: &str, error: &Error) -> Self {
        let (kind, byte) = match error {
            Error::Io { .. } => (FailureKind::Unreadable, None),
            Error::Undecodable { offset, .. } | Error::UnknownEncoding { offset, .. } => {
                (FailureKind::Undecodable, Some(*offset as u64))
            }
            Error::Panic { .. } => (FailureKind::Panic, None),
            _ => (FailureKind::Undecodable, None),
        };
        Self { file: file.to_string(), kind, message: error.to_string(), byte }
    }

    /// The record of a text whose output could not be written.
    pub fn unwritable(file: &str, error: &Error) -> Self {
        Self { kind: FailureKind::Unwritable, ..Self::new(file, error) }
    }

    /// The record of a path that led to no text.
    pub fn of_path(error: &Error) -> Self {
        let file = match error {
            Error::Io { path, .. } => path.display().to_string(),
            _ => String::new(),
        };
        Self { kind: FailureKind::Unreadable, ..Self::new(&file, error) }
    }
}

/// The closing counts of a run over many texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Texts, those that failed included.
    pub files: u64,
    /// Texts whose output differs from the input.
    pub changed: u64,
    /// Texts that could not be read, understood or written.
    pub failed: u64,
    /// Bytes of the texts that did not fail.
    pub bytes: u64,
    /// What was found in them.
    #[serde(flatten)]
    pub tally: Tally,
}

impl RunRecord {
    /// Counts a text.
    pub fn add(&mut self, record: &FileRecord) {
        self.files += 1;
        self.changed += u64::from(record.status == Status::Changed);
        self.bytes += record.bytes;
        self.tally.add(&record.tally);
    }

    /// Counts a failure.
    pub fn add_failure(&mut self) {
        self.files += 1;
        self.failed += 1;
    }
}

/// A suggestion with everything needed to show it, to decide on it and to apply it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuggestionRecord {
    /// Identity without offsets; see [`crate::rank`].
    pub id: String,
    /// The file as it was named to kanwu.
    pub file: String,
    /// Its encoding; absent for UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    /// Rule id.
    pub rule: String,
    /// How far it may go without a proofreader.
    pub level: Level,
    /// Probability (0 to 1) that something is wrong here.
    pub confidence: f64,
    /// Line of the first wrong character, from 1.
    pub line: usize,
    /// Column of the first wrong character, in characters from 1.
    pub column: usize,
    /// Where the wrong text starts, in bytes of the file.
    pub start_byte: usize,
    /// One past its last byte.
    pub end_byte: usize,
    /// Where the wrong text starts, in characters of the file.
    pub start_char: usize,
    /// One past its last character.
    pub end_char: usize,
    /// The wrong text as a reader reads it, line breaks inside it left out.
    pub wrong: String,
    /// Ways to put it right, best first. Edits are in bytes of the file, whatever its encoding.
    pub choices: Vec<Choice>,
    /// Why, in the language chosen.
    pub message: String,
    /// What supports it.
    pub evidence: Vec<EvidenceRecord>,
    /// The text around, to find the place again in a changed file.
    pub context: Context,
    /// Where it stands on the page, for a layout file; all other positions are those of its plain
    /// text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<LayoutPlace>,
    /// In the report of `kanwu fix`: whether it was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<bool>,
    /// What the proofreader decided, when the line was handed on with a decision on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Verdict>,
}

/// A piece of evidence, with its place where it stands in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceRecord {
    /// What is found there, in the language chosen.
    pub message: String,
    /// Where it stands; absent when the evidence is in a dictionary or in another file.
    #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// A place on a page. A finding that reaches over several lines has the place of the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayoutPlace {
    /// Format of the file: hocr, alto, page, paddle, rapid or umi.
    pub format: String,
    /// Page of the file, from 1.
    pub page: usize,
    /// Block of the page, from 1, in reading order.
    pub block: usize,
    /// Line of the block, from 1.
    pub line: usize,
    /// Id of the block, where the file has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_id: Option<String>,
    /// Id of the line, where the file has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_id: Option<String>,
    /// Left, top, right and bottom edge of the line, or of its block when lines have no boxes.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f32; 4]>,
    /// Unit of the box: pixel, mm10 or inch1200.
    pub unit: String,
    /// Where the wrong text starts in the layout file, in bytes; absent for a place between words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_byte: Option<usize>,
    /// One past its last byte there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_byte: Option<usize>,
}

impl LayoutPlace {
    /// The place of `span` of the plain text; `None` for a source that is no layout file.
    pub fn of(source: &Source, span: Span) -> Option<Self> {
        let layout = source.layout()?;
        let line = layout.line(source.line_at(span.start))?;
        let bounds = line.bounds.or(line.block_bounds);
        // The bytes of the first line: reading order may put the next anywhere in the file.
        let end = source.lines()[source.line_at(span.start)].span.end;
        let file = layout.file_span(Span::new(span.start, span.end.min(end).max(span.start)));
        Some(Self {
            format: layout.format().name().to_string(),
            page: line.page,
            block: line.block,
            line: line.line,
            block_id: line.block_id.clone(),
            line_id: line.line_id.clone(),
            bounds: bounds.map(|bounds| [bounds.left, bounds.top, bounds.right, bounds.bottom]),
            unit: layout.unit().to_string(),
            start_byte: file.map(|span| span.start),
            end_byte: file.map(|span| span.end),
        })
    }
}

/// A place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// First byte.
    pub start_byte: usize,
    /// One past the last byte.
    pub end_byte: usize,
}

/// The original text a suggestion touches and what stands on either side of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// Where `text` starts, in bytes of the file.
    pub start_byte: usize,
    /// What stands before it, at most twelve characters.
    pub before: String,
    /// The file from the first to the last byte the suggestion shows, changes or moves across.
    pub text: String,
    /// What stands behind it, at most twelve characters.
    pub after: String,
}

impl SuggestionRecord {
    /// The record of a suggestion about `source`, with messages in `language`.
    pub fn new(source: &Source, suggestion: &Suggestion, language: Language) -> Self {
        let finding = &suggestion.finding;
        let Span { start, end } = finding.span;
        let position = source.position(start);
        let in_file = |choice: &Choice| Choice {
            right: choice.right.clone(),
            confidence: round(choice.confidence),
            edits: choice
                .edits
                .iter()
                .map(|edit| edit.with_bytes(|at| source.file_byte(at)))
                .collect(),
        };
        let around = Context::around(source.text(), reach(suggestion));
        let encoding = Some(source.encoding()).filter(|encoding| *encoding != Encoding::Utf8);
        let evidence = finding.evidence.iter().map(|evidence| EvidenceRecord {
            message: evidence.message.get(language).to_string(),
            place: evidence.span.map(|span| Place::of(source, span)),
        });
        Self {
            id: suggestion.id.clone(),
            file: source.name().to_string(),
            encoding,
            rule: finding.rule.id.to_string(),
            level: suggestion.level,
            confidence: round(finding.confidence),
            line: position.line,
            column: position.column,
            start_byte: source.file_byte(start),
            end_byte: source.file_byte(end),
            start_char: source.char_offset(start),
            end_char: source.char_offset(end),
            wrong: finding.wrong.clone(),
            choices: finding.choices.iter().map(in_file).collect(),
            message: finding.message.get(language).to_string(),
            evidence: evidence.collect(),
            context: Context { start_byte: source.file_byte(around.start_byte), ..around },
            layout: LayoutPlace::of(source, finding.span),
            applied: None,
            decision: None,
        }
    }
}

impl Place {
    fn of(source: &Source, span: Span) -> Self {
        let position = source.position(span.start);
        Self {
            line: position.line,
            column: position.column,
            start_byte: source.file_byte(span.start),
            end_byte: source.file_byte(span.end),
        }
    }
}

impl Context {
    /// The context of `span` of `text`, with its start in bytes of the text.
    pub fn around(text: &str, span: Span) -> Self {
        Self {
            start_byte: span.start,
            before: before(text, span.start).to_string(),
            text: span.of(text).to_string(),
            after: after(text, span.end).to_string(),
        }
    }
}

/// The last [`CONTEXT`] characters of `text` before byte `at`.
fn before(text: &str, at: usize) -> &str {
    let head = &text[..at];
    let start = head.char_indices().rev().take(CONTEXT).last().map_or(at, |(start, _)| start);
    &head[start..]
}

/// The first [`CONTEXT`] characters of `text` from byte `at`.
fn after(text: &str, at: usize) -> &str {
    let tail = &text[at..];
    let end = tail.char_indices().nth(CONTEXT).map_or(tail.len(), |(end, _)| end);
    &tail[..end]
}

/// From the first to the last byte a suggestion shows, changes or moves across.
pub(super) fn reach(suggestion: &Suggestion) -> Span {
    let finding = &suggestion.finding;
    let edits = finding.choices.iter().flat_map(|choice| &choice.edits);
    edits.map(Edit::reach).fold(finding.span, |reach, edit| {
        Span::new(reach.start.min(edit.start), reach.end.max(edit.end))
    })
}

/// Four places are more than calibration can tell apart.
fn round(confidence: f64) -> f64 {
    (confidence * 10_000.0).round() / 10_000.0
}

/// Writes `record` as one line.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_line(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record)?;
    writeln!(out)
}

/// Writes one JSON document record by record, so that a whole archive need not be held.
#[derive(Debug, Default)]
pub struct DocumentWriter {
    begun: bool,
}

impl DocumentWriter {
    /// Writes the next suggestion.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn suggestion(&mut self, record: SuggestionRecord, out: &mut dyn Write) -> io::Result<()> {
        let lead = if self.begun { "," } else { "{\"suggestions\":[" };
        self.begun = true;
        writeln!(out, "{lead}")?;
        Ok(serde_json::to_writer(out, &Record::Suggestion(Box::new(record)))?)
    }

    /// Closes the document.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn close(self, summary: Summary, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{}],\n\"summary\":", if self.begun { "\n" } else { "{\"suggestions\":[" })?;
        serde_json::to_writer(&mut *out, &Record::Summary(summary))?;
        writeln!(out, "}}")
    }
}

/// Reads the suggestions of JSON lines called `name`. Other records and blank lines are passed over.
///
/// # Errors
/// [`Error::Table`] naming the line that is no record.
pub fn read_lines(name: &str, text: &str) -> Result<Vec<SuggestionRecord>> {
    let mut records = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let record = serde_json::from_str(line)
            .map_err(|error| Error::table(name, number + 1, error.to_string()))?;
        if let Record::Suggestion(record) = record {
            records.push(*record);
        }
    }
    Ok(records)
}
