//! The list of errata as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel reads it as
//! UTF-8).

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::table::{Row, headings};
use crate::finding::{Language, Suggestion};
use crate::source::Source;

/// Writes the byte order mark and the headings of the list.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_headings(language: Language, out: &mut dyn Write) -> io::Result<()> {
    write_table(&[headings(language)], out)
}

/// Writes the byte order mark and the rows of any table.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_table<R: AsRef<[S]>, S: AsRef<str>>(
    rows: &[R],
    out: &mut dyn Write,
) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut table = table(out);
    for row in rows {
        let cells = row.as_ref().iter().map(|cell| harmless(cell.as_ref()));
        table.write_record(cells).map_err(cause)?;
    }
    table.flush()
}

/// Writes a row for each suggestion about `source`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_rows(
    source: &Source,
    suggestions: &[&Suggestion],
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut table = table(out);
    for suggestion in suggestions {
        let row = Row::new(source, suggestion, language);
        let [before, slip, after] = row.context;
        let cells = [
            row.file,
            row.place,
            row.wrong,
            row.right,
            row.reason,
            row.rule,
            row.level.to_string(),
            format!("{:.0}%", (row.confidence * 100.0).floor()),
            format!("{before}【{slip}】{after}"),
        ];
        table.write_record(cells.iter().map(|cell| harmless(cell))).map_err(cause)?;
    }
    table.flush()
}

fn table(out: &mut dyn Write) -> Writer<&mut dyn Write> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out)
}

/// What the operating system said: a closed pipe must be known for one.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A cell that no spreadsheet takes for a formula: one that starts like a formula (with full-width
/// signs, too, which Excel in East Asian languages reads as their ASCII forms) gets an apostrophe
/// in front. One that starts with an apostrophe gets another, so that taking one away always gives
/// the text back.
pub fn harmless(cell: &str) -> String {
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\''];
    if cell.starts_with(starts) { format!("'{cell}") } else { cell.to_string() }
}
