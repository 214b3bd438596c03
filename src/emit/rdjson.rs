//! The JSON lines of the Reviewdog Diagnostic Format (rdjsonl).
//!
//! Lines are those of git (LF ends one), columns count bytes of UTF-8 from 1, and an end is one
//! past the last byte. Each choice is one suggestion, a single replacement from the first to the
//! last byte it touches: reviewdog offers suggestions one by one. Left out are suggestions for
//! layout files, whose edits are not made in the file itself, and for files that are not UTF-8,
//! in which reviewdog would splice UTF-8.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::frame::visible;
use super::region::{LineEnds, Opened, Region, Spot, as_one};
use super::words;
use crate::finding::{Choice, Language, Level, Suggestion};
use crate::source::{Encoding, Source};

/// Writes a line for each suggestion about one file.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_diagnostics(
    source: &Source,
    suggestions: &[&Suggestion],
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let file = Opened::new(source, LineEnds::Lf);
    for suggestion in suggestions {
        serde_json::to_writer(&mut *out, &diagnostic(source, &file, suggestion, language))?;
        writeln!(out)?;
    }
    Ok(())
}

fn diagnostic(
    source: &Source,
    file: &Opened<'_>,
    suggestion: &Suggestion,
    language: Language,
) -> Value {
    let finding = &suggestion.finding;
    let mut location = json!({ "path": source.name() });
    if let Some(region) = file.region(finding.span) {
        location["range"] = range(&region);
    }
    let mut diagnostic = json!({
        "message": visible(&words::with_choices(finding, language)),
        "location": location,
        "severity": if suggestion.level == Level::Hint { "INFO" } else { "WARNING" },
        "source": { "name": "kanwu" },
        "code": { "value": finding.rule.id },
    });
    let edited = |choice: &Choice| replacement(source, file, choice);
    let suggestions: Vec<Value> = finding.choices.iter().filter_map(edited).collect();
    if !suggestions.is_empty() {
        diagnostic["suggestions"] = Value::Array(suggestions);
    }
    diagnostic
}

fn replacement(source: &Source, file: &Opened<'_>, choice: &Choice) -> Option<Value> {
    if source.layout().is_some() || source.encoding() != Encoding::Utf8 {
        return None;
    }
    let (span, new) = as_one(source.text(), &choice.edits)?;
    Some(json!({ "range": range(&file.region(span)?), "text": new }))
}

fn range(region: &Region) -> Value {
    let spot = |spot: &Spot| json!({ "line": spot.line, "column": spot.byte_column });
    json!({ "start": spot(&region.start), "end": spot(&region.end) })
}
