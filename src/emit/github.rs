//! Workflow commands of GitHub Actions: a suggestion becomes an annotation beside the line.
//!
//! `::warning file=a.txt,line=3,col=5,endColumn=6,title=C103 重字衍文::以以 → 以：…`

use std::io::{self, Write};

use super::frame::visible;
use super::region::{LineEnds, Opened};
use super::words;
use crate::finding::{Language, Level, Suggestion};
use crate::source::Source;

/// Writes a command for each suggestion about one file.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_commands(
    source: &Source,
    suggestions: &[&Suggestion],
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let file = Opened::new(source, LineEnds::Lf);
    for suggestion in suggestions {
        let finding = &suggestion.finding;
        let name = if suggestion.level == Level::Hint { "notice" } else { "warning" };
        write!(out, "::{name} file={}", property(source.name()))?;
        if let Some(region) = file.region(finding.span) {
            let (start, end) = (region.start, region.end);
            write!(out, ",line={}", start.line)?;
            // Columns are only allowed within one line. Both ends belong to what is marked.
            if start.line == end.line {
                let last = (end.column - 1).max(start.column);
                write!(out, ",col={},endColumn={last}", start.column)?;
            } else {
                write!(out, ",endLine={}", end.line)?;
            }
        }
        let title = format!("{} {}", finding.rule.id, finding.rule.name.get(language));
        let message = visible(&words::with_choices(finding, language));
        writeln!(out, ",title={}::{}", property(&title), data(&message))?;
    }
    Ok(())
}

/// A text as the message of a command, which ends with the line.
pub fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as the value of a property, which ends at a comma or a colon.
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
