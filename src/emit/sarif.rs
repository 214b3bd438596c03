//! SARIF 2.1.0, for code hosts and editors that show the results of checkers.
//!
//! Lines count from 1, columns from 1 in characters (`columnKind`), bytes from 0 in the file as it
//! is. Each choice is a fix. Fixes of layout files are left out: their edits are made in the plain
//! text, and kanwu alone knows how to write them back.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::Summary;
use super::frame::visible;
use super::json::LayoutPlace;
use super::region::{LineEnds, Opened, Region, as_one};
use super::words;
use crate::finding::{Choice, Edit, Language, Level, Suggestion};
use crate::rules::{self, Rule};
use crate::source::Source;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The name of the identity of a suggestion among its fingerprints.
const FINGERPRINT: &str = "kanwuSuggestion/v1";

/// Writes one SARIF log result by result, so that a whole archive need not be held.
#[derive(Debug)]
pub struct SarifWriter {
    language: Language,
    rules: Vec<&'static Rule>,
    begun: bool,
}

impl SarifWriter {
    /// A log with messages in `language`.
    pub fn new(language: Language) -> Self {
        Self { language, rules: rules::all(), begun: false }
    }

    /// Writes the results about one file.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn results(
        &mut self,
        source: &Source,
        suggestions: &[&Suggestion],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let file = Opened::new(source, LineEnds::Any);
        for suggestion in suggestions {
            let lead = if self.begun { ",\n" } else { OPENING };
            self.begun = true;
            out.write_all(lead.as_bytes())?;
            serde_json::to_writer(&mut *out, &self.result(source, &file, suggestion))?;
        }
        Ok(())
    }

    /// Closes the log with the manual of the rules.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn close(&self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        if !self.begun {
            out.write_all(OPENING.as_bytes())?;
        }
        let driver = json!({
            "name": "kanwu",
            "fullName": "kanwu 勘误",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "language": if self.language == Language::Chinese { "zh-CN" } else { "en-US" },
            "rules": self.rules.iter().map(|rule| self.rule(rule)).collect::<Vec<Value>>(),
        });
        let run = json!([
            { "executionSuccessful": summary.unreadable == 0 }
        ]);
        write!(out, "\n],\n\"invocations\":{run},\n\"tool\":{{\"driver\":")?;
        serde_json::to_writer(&mut *out, &driver)?;
        writeln!(out, "}}}}],\n\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\"}}")
    }

    fn result(&self, source: &Source, file: &Opened<'_>, suggestion: &Suggestion) -> Value {
        let finding = &suggestion.finding;
        let mut result = json!({
            "ruleId": finding.rule.id,
            "level": level(suggestion.level),
            "rank": (finding.confidence * 1000.0).round() / 10.0,
            "message": { "text": message(&words::with_choices(finding, self.language)) },
            "locations": [self.location(source, file, suggestion)],
            "partialFingerprints": { FINGERPRINT: suggestion.id },
            "properties": { "level": suggestion.level.name() },
        });
        if let Some(index) = self.rules.iter().position(|rule| *rule == finding.rule) {
            result["ruleIndex"] = json!(index);
        }
        let evidence = finding.evidence.iter().filter_map(|evidence| {
            let region = file.region(evidence.span?)?;
            let mut place = json!({ "physicalLocation": physical(source, file, &region) });
            place["message"] = json!({ "text": message(evidence.message.get(self.language)) });
            Some(place)
        });
        let evidence: Vec<Value> = evidence.collect();
        if !evidence.is_empty() {
            result["relatedLocations"] = Value::Array(evidence);
        }
        let fixes: Vec<Value> =
            finding.choices.iter().filter_map(|choice| fix(source, file, choice)).collect();
        if !fixes.is_empty() {
            result["fixes"] = Value::Array(fixes);
        }
        result
    }

    fn location(&self, source: &Source, file: &Opened<'_>, suggestion: &Suggestion) -> Value {
        let span = suggestion.finding.span;
        let physical = match file.region(span) {
            Some(region) => physical(source, file, &region),
            None => json!({ "artifactLocation": artifact(source) }),
        };
        let mut location = json!({ "physicalLocation": physical });
        if let Some(place) = LayoutPlace::of(source, span) {
            let name = format!("{}/{}/{}", place.page, place.block, place.line);
            location["logicalLocations"] =
                json!([{ "fullyQualifiedName": name, "kind": "page/block/line" }]);
        }
        location
    }

    /// A page of the manual. Both languages are in it: a log outlives the reader it was made for.
    fn rule(&self, rule: &Rule) -> Value {
        let languages = match self.language {
            Language::Chinese => [Language::Chinese, Language::English],
            Language::English => [Language::English, Language::Chinese],
        };
        let both = |text: &rules::Manual, between: &str| {
            literal(languages.map(|language| text.get(language)).join(between))
        };
        let mut help = [both(&rule.summary, "\n"), both(&rule.why, "\n\n")].join("\n\n");
        if let Some(standard) = rule.standard {
            help += &format!("\n\n{standard}");
        }
        json!({
            "id": rule.id,
            "name": rule.name.en,
            "shortDescription": { "text": both(&rule.name, " · ") },
            "fullDescription": { "text": both(&rule.summary, "\n") },
            "help": { "text": help },
            "defaultConfiguration": { "level": level(rule.level) },
            "properties": { "tags": [rule.family()] },
        })
    }
}

const OPENING: &str = "{\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\
\"newlineSequences\":[\"\\r\\n\",\"\\n\",\"\\r\"],\"results\":[\n";

fn level(level: Level) -> &'static str {
    match level {
        Level::Auto | Level::Review => "warning",
        Level::Hint => "note",
    }
}

fn physical(source: &Source, file: &Opened<'_>, region: &Region) -> Value {
    let mut shown = bounds(region);
    shown["snippet"] = json!({ "text": file.text_of(region) });
    json!({ "artifactLocation": artifact(source), "region": shown })
}

fn bounds(region: &Region) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column,
        "endLine": region.end.line,
        "endColumn": region.end.column,
        "byteOffset": region.bytes.start,
        "byteLength": region.bytes.len(),
    })
}

/// A choice as replacements of the file, those of a choice that moves text as one.
fn fix(source: &Source, file: &Opened<'_>, choice: &Choice) -> Option<Value> {
    if source.layout().is_some() || choice.edits.is_empty() {
        return None;
    }
    let moves = choice.edits.iter().any(|edit| matches!(edit, Edit::Move { .. }));
    let replaced = if moves {
        vec![as_one(source.text(), &choice.edits)?]
    } else {
        let replaced = choice.edits.iter().filter_map(|edit| match edit {
            Edit::Replace { span, new, .. } => Some((*span, new.clone())),
            Edit::Move { .. } => None,
        });
        replaced.collect()
    };
    let replacements = replaced.into_iter().map(|(span, new)| {
        let mut replacement = Map::new();
        replacement.insert("deletedRegion".to_string(), bounds(&file.region(span)?));
        if !new.is_empty() {
            replacement.insert("insertedContent".to_string(), json!({ "text": new }));
        }
        Some(Value::Object(replacement))
    });
    let replacements: Vec<Value> = replacements.collect::<Option<_>>()?;
    let change = json!({ "artifactLocation": artifact(source), "replacements": replacements });
    let description = json!({ "text": message(&choice.right) });
    Some(json!({ "description": description, "artifactChanges": [change] }))
}

fn artifact(source: &Source) -> Value {
    json!({ "uri": uri(source.name()) })
}

/// The name of a file as a URI reference: relative as it was given, or absolute with its scheme.
fn uri(name: &str) -> String {
    let name = if cfg!(windows) { name.replace('\\', "/") } else { name.to_string() };
    let mut uri = String::from(if name.starts_with('/') { "file://" } else { "" });
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'!' => {
                uri.push(byte as char);
            }
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

/// A text of the page as a message, what cannot be seen shown.
fn message(text: &str) -> String {
    literal(visible(text))
}

/// A message none of whose braces is a placeholder, and none of whose brackets a link (SARIF 3.11.5
/// and 3.11.6).
fn literal(text: String) -> String {
    let text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") {
        return text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_uri_references() {
        assert_eq!(uri("a b/要.txt"), "a%20b/%E8%A6%81.txt");
        assert_eq!(uri("/a%.txt"), "file:///a%25.txt");
        assert_eq!(uri("c:x.zip!/y"), "c%3Ax.zip!/y");
    }

    #[test]
    fn messages_hold_no_placeholder_and_no_link() {
        assert_eq!(message("{0} [一]"), "{{0}} [一]");
        assert_eq!(message("[一](1)"), "\\[一\\](1)");
    }
}
