//! The list of errata as an Excel workbook: heading row frozen, filter, the slip in red inside its
//! context.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::table::{Row, headings};
use super::words;
use crate::finding::{Language, Suggestion};
use crate::source::Source;

/// Rows of a sheet, its heading included. A longer list goes on in a further sheet.
const SHEET_ROWS: u32 = 1 << 20;

/// Widths of the columns, in digits of the standard font.
const WIDTHS: [f64; 9] = [22.0, 20.0, 20.0, 24.0, 44.0, 20.0, 8.0, 9.0, 60.0];

/// The number of the column of confidences.
const CONFIDENCE: u16 = 7;

/// The list of a run, file by file. Excel reads it whole, so it is held until it is done.
#[derive(Debug)]
pub struct ErrataWorkbook {
    language: Language,
    rows: Vec<Row>,
    /// Data rows of a sheet.
    sheet_rows: usize,
}

impl ErrataWorkbook {
    /// An empty list with headings in `language`.
    pub fn new(language: Language) -> Self {
        Self { language, rows: Vec::new(), sheet_rows: SHEET_ROWS as usize - 1 }
    }

    /// The same with at most so many rows a sheet under its heading.
    #[must_use]
    pub fn with_sheet_rows(self, rows: usize) -> Self {
        Self { sheet_rows: rows.clamp(1, SHEET_ROWS as usize - 1), ..self }
    }

    /// Adds a row for each suggestion about `source`.
    pub fn add(&mut self, source: &Source, suggestions: &[&Suggestion]) {
        let language = self.language;
        self.rows.extend(suggestions.iter().map(|s| Row::new(source, s, language)));
    }

    /// The bytes of the workbook. Two runs on the same files make the same bytes.
    ///
    /// # Errors
    /// What the library refuses; no text of a page is known to be such.
    pub fn bytes(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties(self.language)?);
        let formats = Formats::new();
        let mut rest = self.rows.as_slice();
        let mut number = 1;
        loop {
            let (rows, further) = rest.split_at(self.sheet_rows.min(rest.len()));
            let sheet = workbook.add_worksheet();
            sheet.set_name(words::sheet(number, self.language))?;
            write_sheet(sheet, rows, self.language, &formats)?;
            rest = further;
            number += 1;
            if rest.is_empty() {
                return workbook.save_to_buffer();
            }
        }
    }
}

/// The time of making is left out of the file: the same list is the same file.
fn properties(language: Language) -> Result<DocProperties, XlsxError> {
    let never = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new()
        .set_title(words::sheet(1, language))
        .set_author("kanwu 勘误")
        .set_creation_datetime(&never))
}

struct Formats {
    heading: Format,
    cell: Format,
    percent: Format,
    plain: Format,
    slip: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Self {
            heading: cell.clone().set_bold().set_background_color(Color::RGB(0x00ED_EDED)),
            percent: cell.clone().set_num_format("0%"),
            cell,
            plain: Format::new(),
            slip: Format::new().set_bold().set_font_color(Color::RGB(0x00C0_0000)),
        }
    }
}

fn write_sheet(
    sheet: &mut Worksheet,
    rows: &[Row],
    language: Language,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let headings = headings(language);
    for ((column, heading), width) in (0..).zip(headings).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, heading, &formats.heading)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (number, row) in (1..).zip(rows) {
        write_row(sheet, number, row, formats)?;
    }
    sheet.autofilter(0, 0, rows.len() as u32, headings.len() as u16 - 1)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

/// Every text is written as a string cell: none can be a formula.
fn write_row(
    sheet: &mut Worksheet,
    number: u32,
    row: &Row,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let texts = [&row.file, &row.place, &row.wrong, &row.right, &row.reason, &row.rule, row.level];
    for (column, text) in (0..).zip(texts) {
        sheet.write_string_with_format(number, column, text, &formats.cell)?;
    }
    // Floored like everywhere: 99.6 % is no certainty.
    let confidence = (row.confidence * 100.0).floor() / 100.0;
    sheet.write_number_with_format(number, CONFIDENCE, confidence, &formats.percent)?;
    let [before, slip, after] = &row.context;
    let parts = [(&formats.plain, before), (&formats.slip, slip), (&formats.plain, after)];
    // A rich string may have no empty part and needs two.
    let parts: Vec<(&Format, &str)> =
        parts.iter().filter(|(_, text)| !text.is_empty()).map(|(f, t)| (*f, t.as_str())).collect();
    match parts.as_slice() {
        [] => {}
        [(_, only)] => {
            sheet.write_string_with_format(number, CONFIDENCE + 1, *only, &formats.cell)?;
        }
        several => {
            sheet.write_rich_string_with_format(number, CONFIDENCE + 1, several, &formats.cell)?;
        }
    }
    Ok(())
}
