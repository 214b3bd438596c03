//! Standard output and standard error, in the reader's language and with or without colour.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{Colour, Look, Tongue};
use kanwu::emit::json::FileRecord;
use kanwu::emit::palette::Paint;
use kanwu::emit::{Palette, words};
use kanwu::review::Log;
use kanwu::{Error, Language, Report, Result, Source};

/// Files from which a progress bar is worth its line.
const MANY_FILES: usize = 8;

/// Where commands print.
pub(crate) struct Console {
    out: Box<dyn Write>,
    /// Colours of standard output.
    pub(crate) palette: Palette,
    /// Whether there is colour at all.
    #[cfg(feature = "tui")]
    pub(crate) colour: bool,
    /// Language of messages.
    pub(crate) language: Language,
    /// No summary and no progress bar.
    pub(crate) quiet: bool,
    /// A line for each file.
    pub(crate) verbose: bool,
}

impl Console {
    /// The console of this process.
    pub(crate) fn open(look: &Look) -> Self {
        let choice = match look.color {
            Colour::Auto => AutoStream::choice(&io::stdout()),
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        // Without colour nothing may come between: texts and diffs go out byte for byte.
        let out: Box<dyn Write> = match choice {
            ColorChoice::Never => Box::new(BufWriter::new(io::stdout())),
            _ => Box::new(BufWriter::new(AutoStream::new(io::stdout(), choice))),
        };
        let palette = if choice == ColorChoice::Never { Palette::default() } else { colours() };
        Self {
            out,
            palette,
            #[cfg(feature = "tui")]
            colour: choice != ColorChoice::Never,
            language: language(look.lang),
            quiet: look.quiet,
            verbose: look.verbose,
        }
    }

    /// Standard output.
    pub(crate) fn out(&mut self) -> &mut dyn Write {
        &mut *self.out
    }

    /// Prints through `print`, naming standard output when that fails.
    pub(crate) fn print(
        &mut self,
        print: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        print(&mut *self.out).map_err(|cause| Error::io("<stdout>", cause))
    }

    /// Sends what is still in the buffer.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(|cause| Error::io("<stdout>", cause))
    }

    /// Prints an error to standard error.
    pub(crate) fn error(&self, error: &Error) {
        self.note(&format!("kanwu: {error}"));
    }

    /// Tells the lines of a log of decisions that cannot be read.
    pub(crate) fn damaged(&self, path: &Path, log: &Log) {
        for line in &log.damaged {
            let (path, number) = (path.display(), line.number);
            self.note(&format!("kanwu: {path}:{number}: {}", words::damaged(self.language)));
        }
    }

    /// Prints a line to standard error, whatever `--quiet` says.
    pub(crate) fn note(&self, line: &str) {
        // There is nowhere left to complain to.
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Prints the mistakes in the switches of a text.
    pub(crate) fn mistakes(&self, source: &Source, report: &Report) {
        for (line, problem) in &report.mistakes {
            self.note(&format!("kanwu: {}:{line}: {problem}", source.name()));
        }
    }

    /// Prints a line of summary to standard error.
    pub(crate) fn summary(&self, line: &str) {
        if !self.quiet {
            self.note(line);
        }
    }

    /// Says what was done with a file, to those who want to see each.
    pub(crate) fn file(&self, record: &FileRecord, skipped: bool) {
        if self.verbose {
            self.note(&words::file_done(record, skipped, self.language));
        }
    }

    /// A progress bar over so many steps, each with a line that says what it is: on a terminal.
    pub(crate) fn steps(&self, steps: usize) -> ProgressBar {
        if self.quiet || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        match ProgressStyle::with_template("{bar:40} {pos}/{len}  {elapsed}  {msg}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// A progress bar over so many files: on a terminal only, and not where output scrolls by.
    pub(crate) fn progress(&self, files: usize) -> ProgressBar {
        let seen = io::stderr().is_terminal() && !io::stdout().is_terminal();
        if self.quiet || !seen || files <= MANY_FILES {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
        match ProgressStyle::with_template("{bar:40} {pos}/{len}  {eta}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }
}

/// The language asked for, else that of the locale.
fn language(asked: Option<Tongue>) -> Language {
    match asked {
        Some(Tongue::Zh) => Language::Chinese,
        Some(Tongue::En) => Language::English,
        None => match sys_locale::get_locale() {
            Some(locale) if locale.starts_with("zh") => Language::Chinese,
            _ => Language::English,
        },
    }
}

/// Red for what goes, green for what comes, as in every diff.
fn colours() -> Palette {
    let paint = |style: Style| Paint {
        on: style.render().to_string(),
        off: style.render_reset().to_string(),
    };
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    Palette {
        place: paint(Style::new().bold()),
        rule: paint(colour(AnsiColor::Cyan)),
        wrong: paint(colour(AnsiColor::Red)),
        right: paint(colour(AnsiColor::Green)),
        wrong_characters: paint(colour(AnsiColor::Red).bold().invert()),
        right_characters: paint(colour(AnsiColor::Green).bold().invert()),
        faint: paint(Style::new().dimmed()),
    }
}
