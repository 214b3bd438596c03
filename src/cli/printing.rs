//! What `check` prints, in each of its formats, and where it goes.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::args::{CheckArgs, Format};
use super::console::Console;
use super::input::{Input, Inputs, canonical};
#[cfg(feature = "docx")]
use super::word::WordFiles;
use kanwu::apply::{Draft, Written};
use kanwu::batch::correct;
use kanwu::emit::csv;
use kanwu::emit::diff::write_diff;
use kanwu::emit::frame::{self, write_frames};
use kanwu::emit::github::write_commands;
use kanwu::emit::html::ReviewPage;
use kanwu::emit::json::{DocumentWriter, Record, SuggestionRecord, write_line};
use kanwu::emit::rdjson::write_diagnostics;
use kanwu::emit::sarif::SarifWriter;
use kanwu::emit::workbook::ErrataWorkbook;
use kanwu::emit::{Palette, Summary};
use kanwu::error_rate::{Standard, Weights};
use kanwu::{Error, Language, Report, Result, Source, Span, Suggestion};

/// A text that was checked, with what is shown of it.
pub(crate) struct Checked<'a> {
    pub(crate) input: &'a Input,
    pub(crate) source: &'a Source,
    pub(crate) report: &'a Report,
    /// The suggestions shown.
    pub(crate) suggestions: &'a [&'a Suggestion],
    /// How far the best choice must lead to be applied unasked.
    pub(crate) margin: f64,
}

/// A format that is being written.
enum Form {
    Text {
        all: bool,
    },
    Diff {
        min_confidence: f64,
    },
    Json(DocumentWriter),
    Jsonl,
    Csv,
    Xlsx(ErrataWorkbook),
    Html(Box<ReviewPage>),
    Sarif(SarifWriter),
    Rdjsonl,
    Github,
    #[cfg(feature = "docx")]
    Word(WordFiles),
}

/// Writes the suggestions of a run in one format, text by text, to standard output or to a file
/// that appears when it is complete.
pub(crate) struct Printing {
    form: Form,
    language: Language,
    palette: Palette,
    quiet: bool,
    file: Option<(PathBuf, BufWriter<Draft>)>,
}

impl Printing {
    /// Begins what the arguments ask for.
    ///
    /// # Errors
    /// [`Error::Usage`] when the file would take the place of a text that is read, or when a
    /// format needs a file and none is named.
    pub(crate) fn begin(args: &CheckArgs, inputs: &Inputs, console: &mut Console) -> Result<Self> {
        let language = console.language;
        let form = match args.format {
            Format::Text => Form::Text { all: args.all },
            Format::Diff => Form::Diff { min_confidence: args.texts.min_confidence },
            Format::Json => Form::Json(DocumentWriter::default()),
            Format::Jsonl => Form::Jsonl,
            Format::Csv => Form::Csv,
            Format::Xlsx => Form::Xlsx(ErrataWorkbook::new(language)),
            Format::Html => {
                let weights = Weights::shipped(Standard::Newspaper)?;
                Form::Html(Box::new(ReviewPage::new(language, weights)))
            }
            Format::Sarif => Form::Sarif(SarifWriter::new(language)),
            Format::Rdjsonl => Form::Rdjsonl,
            Format::Github => Form::Github,
            #[cfg(feature = "docx")]
            Format::Docx => Form::Word(WordFiles::new(args, inputs, language)?),
        };
        let file = match &args.output {
            // They are files of their own.
            #[cfg(feature = "docx")]
            Some(_) if matches!(form, Form::Word(_)) => None,
            Some(path) => {
                spare_inputs(path, inputs)?;
                Some((path.clone(), BufWriter::new(Draft::beside(path)?)))
            }
            None if matches!(form, Form::Xlsx(_)) => {
                let problem = "a workbook is no text; say where it is to go: -o FILE";
                return Err(Error::Usage(problem.to_string()));
            }
            None => None,
        };
        // A file has no colours.
        let palette = if file.is_some() { Palette::default() } else { console.palette.clone() };
        let mut printing = Self { form, language, palette, quiet: console.quiet, file };
        if matches!(printing.form, Form::Csv) {
            printing.write(console, |_, out| csv::write_headings(language, out))?;
        }
        Ok(printing)
    }

    /// Writes what is shown of one text.
    pub(crate) fn text(&mut self, checked: &Checked<'_>, console: &mut Console) -> Result<()> {
        #[cfg(feature = "docx")]
        if let Form::Word(word) = &self.form {
            return word.write(checked);
        }
        let (language, palette) = (self.language, self.palette.clone());
        let Checked { source, suggestions, .. } = checked;
        let record = |suggestion: &&Suggestion| SuggestionRecord::new(source, suggestion, language);
        self.write(console, |form, out| match form {
            Form::Text { all } => {
                let style = frame::Style { language, palette: &palette, all: *all };
                write_frames(source, suggestions, &style, out)
            }
            Form::Diff { min_confidence } => write_changes(checked, *min_confidence, &palette, out),
            Form::Json(document) => suggestions
                .iter()
                .try_for_each(|suggestion| document.suggestion(record(suggestion), out)),
            Form::Jsonl => suggestions.iter().try_for_each(|suggestion| {
                write_line(&Record::Suggestion(Box::new(record(suggestion))), out)
            }),
            Form::Csv => csv::write_rows(source, suggestions, language, out),
            Form::Xlsx(workbook) => {
                workbook.add(source, suggestions);
                Ok(())
            }
            Form::Html(page) => {
                page.add(source, checked.report.characters as u64, suggestions);
                Ok(())
            }
            Form::Sarif(log) => log.results(source, suggestions, out),
            Form::Rdjsonl => write_diagnostics(source, suggestions, language, out),
            Form::Github => write_commands(source, suggestions, language, out),
            #[cfg(feature = "docx")]
            Form::Word(_) => Ok(()),
        })
    }

    /// Writes what comes behind the last text, and puts the file in its place. Gives back the path
    /// of the file.
    pub(crate) fn close(
        mut self,
        summary: &Summary,
        console: &mut Console,
    ) -> Result<Option<PathBuf>> {
        let (language, palette, quiet) = (self.language, self.palette.clone(), self.quiet);
        self.write(console, |form, out| match form {
            Form::Text { .. } if !quiet => summary.write(language, &palette, out),
            #[cfg(feature = "docx")]
            Form::Word(_) if !quiet => summary.write(language, &palette, out),
            #[cfg(feature = "docx")]
            Form::Word(_) => Ok(()),
            Form::Text { .. } | Form::Diff { .. } | Form::Csv | Form::Rdjsonl | Form::Github => {
                Ok(())
            }
            Form::Json(document) => std::mem::take(document).close(summary.clone(), out),
            Form::Jsonl => write_line(&Record::Summary(summary.clone()), out),
            Form::Xlsx(workbook) => out.write_all(&workbook.bytes().map_err(io::Error::other)?),
            Form::Html(page) => page.write(out),
            Form::Sarif(log) => log.close(summary, out),
        })?;
        let Some((path, draft)) = self.file else { return Ok(None) };
        let draft = draft.into_inner().map_err(|error| Error::io(&path, error.into_error()))?;
        draft.put(&path)?;
        Ok(Some(path))
    }

    fn write(
        &mut self,
        console: &mut Console,
        print: impl FnOnce(&mut Form, &mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        let form = &mut self.form;
        match &mut self.file {
            Some((path, draft)) => print(form, draft).map_err(|cause| Error::io(&*path, cause)),
            None => console.print(|out| print(form, out)),
        }
    }
}

/// Writes what `fix` would change, as a diff of the file as it is.
fn write_changes(
    checked: &Checked<'_>,
    min_confidence: f64,
    palette: &Palette,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Checked { input, source, suggestions, margin, .. } = checked;
    let whole = Span::new(0, source.text().len());
    let corrected = correct(source, whole, suggestions, *margin, min_confidence, Written::AsRead);
    match source.layout() {
        Some(layout) => {
            let new = layout.write(source.text(), &corrected.groups()).file;
            write_diff(&input.diff_path(), layout.original(), &new, palette, out)
        }
        None => {
            let new = &corrected.made.text;
            write_diff(&input.diff_path(), source.text(), new, palette, out)
        }
    }
}

/// Refuses to write over a text that is read.
fn spare_inputs(output: &Path, inputs: &Inputs) -> Result<()> {
    let place = canonical(output);
    let mut read = inputs.texts.iter().filter_map(|input| input.path.as_deref());
    match read.find(|path| canonical(path) == place) {
        Some(_) => Err(Error::Usage(format!("{} is read; choose another file", output.display()))),
        None => Ok(()),
    }
}
