//! How far a run over an archive is, on standard error: a bar on a terminal, else a line every ten
//! seconds.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::console::Console;
use kanwu::emit::json::FileRecord;
use kanwu::emit::words;
use kanwu::{Language, Level};

/// Time between two lines where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);
/// The same on a terminal.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// The progress of a run; dropped, it is wiped off the terminal.
pub(crate) struct Progress {
    shown: Arc<Shown>,
    /// The thread that shows it, and what ends it.
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

struct Shown {
    bar: ProgressBar,
    begun: Instant,
    counts: Mutex<words::Progress>,
    language: Language,
}

impl Progress {
    /// The progress of a run over so many texts, named by `what` on the terminal.
    pub(crate) fn start(console: &Console, all: usize) -> Self {
        let terminal = io::stderr().is_terminal();
        let bar = match (console.quiet, terminal) {
            (false, true) => bar(all),
            _ => ProgressBar::hidden(),
        };
        let counts = words::Progress { all: all as u64, ..words::Progress::default() };
        let (begun, counts) = (Instant::now(), Mutex::new(counts));
        let shown = Arc::new(Shown { bar, begun, counts, language: console.language });
        let every = if terminal { DRAW_EVERY } else { LINE_EVERY };
        let ticker = (!console.quiet).then(|| tick(Arc::clone(&shown), every));
        Self { shown, ticker }
    }

    /// Counts a text that was corrected, now or by an earlier run.
    pub(crate) fn done(&self, record: &FileRecord) {
        self.count(|counts| {
            counts.bytes += record.bytes;
            let levels = [Level::Auto, Level::Review, Level::Hint];
            for (sum, level) in counts.levels.iter_mut().zip(levels) {
                *sum += record.tally.of_level(level);
            }
        });
    }

    /// Counts a text of so many bytes that was read.
    pub(crate) fn read(&self, bytes: u64) {
        self.count(|counts| counts.bytes += bytes);
    }

    /// Counts a failure.
    pub(crate) fn failed(&self) {
        self.count(|counts| counts.failed += 1);
    }

    /// Prints something without tearing the bar.
    pub(crate) fn beside(&self, print: impl FnOnce()) {
        self.shown.bar.suspend(print);
    }

    fn count(&self, count: impl FnOnce(&mut words::Progress)) {
        let mut counts = self.shown.counts.lock().unwrap_or_else(PoisonError::into_inner);
        count(&mut counts);
        counts.done += 1;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((end, ticker)) = self.ticker.take() {
            drop(end);
            // The thread only prints; what it may have tripped over is no loss.
            let _ = ticker.join();
        }
        self.shown.bar.finish_and_clear();
    }
}

impl Shown {
    fn show(&self) {
        let mut counts = *self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.seconds = self.begun.elapsed().as_secs_f64();
        let line = words::progress(&counts, self.language);
        if self.bar.is_hidden() {
            let _ = writeln!(io::stderr().lock(), "{line}");
        } else {
            self.bar.set_position(counts.done);
            self.bar.set_message(line);
        }
    }
}

fn bar(all: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{bar:24} {wide_msg}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn tick(shown: Arc<Shown>, every: Duration) -> (Sender<()>, JoinHandle<()>) {
    let (end, ended) = mpsc::channel::<()>();
    let ticker = thread::spawn(move || {
        while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
            shown.show();
        }
    });
    (end, ticker)
}
