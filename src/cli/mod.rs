//! The command line: the only part that prints, exits and reads the environment.

mod apply;
mod archive;
mod args;
mod batch;
mod check;
mod console;
mod decisions;
#[cfg(feature = "docx")]
mod decisions_import;
mod destination;
mod eval;
mod fix;
mod index;
mod init;
mod input;
#[cfg(feature = "lsp")]
mod lsp;
mod manual;
mod models;
mod printing;
mod progress;
mod report;
#[cfg(any(feature = "tui", feature = "web"))]
mod review;
mod settings;
mod shell;
mod stats;
mod stream;
mod train_layout;
mod train_lm;
mod train_mixture;
mod train_rank;
mod train_structure;
#[cfg(feature = "docx")]
mod word;

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command, Model};
use console::Console;
use kanwu::{Error, Result};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Done; nothing to report.
    Done,
    /// Findings are left for somebody to look at.
    Findings,
    /// The editor has left its language server without a goodbye, which is to end with 1.
    #[cfg(feature = "lsp")]
    Deserted,
    /// Something could not be read, written or understood.
    Trouble,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => ExitCode::SUCCESS,
            Exit::Findings => ExitCode::from(1),
            #[cfg(feature = "lsp")]
            Exit::Deserted => ExitCode::from(1),
            Exit::Trouble => ExitCode::from(2),
        }
    }
}

/// Reads the arguments; on a mistake in them prints it and exits with 2.
pub(crate) fn parse() -> Arguments {
    Arguments::parse()
}

/// Runs a command and reports what stopped it.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let mut console = Console::open(&arguments.look);
    if !console.verbose {
        keep_panics_quiet();
    }
    let ended = dispatch(arguments, &mut console).and_then(|exit| console.flush().map(|()| exit));
    match ended {
        Ok(exit) => exit.into(),
        // The reader of a pipe has seen enough, as in `kanwu check . | head -1`.
        Err(Error::Io { cause, .. }) if cause.kind() == ErrorKind::BrokenPipe => Exit::Done.into(),
        Err(error) => {
            console.error(&error);
            Exit::Trouble.into()
        }
    }
}

fn dispatch(arguments: Arguments, console: &mut Console) -> Result<Exit> {
    use_threads(arguments.jobs)?;
    match arguments.command {
        Command::Check(args) => check::run(&args, console),
        Command::Fix(args) => fix::run(&args, console),
        #[cfg(any(feature = "tui", feature = "web"))]
        Command::Review(args) => review::run(&args, console),
        Command::Apply(args) => apply::run(&args, console),
        Command::Decisions(command) => decisions::run(&command, console),
        Command::Learn(args) => decisions::learn(&args, console),
        Command::Stats(args) => stats::run(&args, console),
        Command::Index(args) => index::run(&args, console),
        Command::Stream(args) => stream::run(&args, console),
        #[cfg(feature = "lsp")]
        Command::Lsp(args) => lsp::run(&args, arguments.look.lang.is_some(), console),
        Command::Init(args) => init::run(&args, console),
        Command::Rules(args) => manual::list(&args, console),
        Command::Explain(args) => manual::explain(&args, console),
        Command::Completions(args) => shell::completions(&args, console),
        Command::Man(args) => shell::man(&args, console),
        Command::Eval(args) => {
            eval::run(&args, console)?;
            Ok(Exit::Done)
        }
        Command::Train(Model::Structure(args)) => {
            train_structure::run(&args, console.out())?;
            Ok(Exit::Done)
        }
        Command::Train(Model::Layout(args)) => {
            train_layout::run(&args, console.out())?;
            Ok(Exit::Done)
        }
        Command::Train(Model::Channel(args)) => {
            train_rank::channel(&args, console.out())?;
            Ok(Exit::Done)
        }
        Command::Train(Model::Rank(args)) => {
            train_rank::rank(&args, console.out())?;
            Ok(Exit::Done)
        }
        Command::Train(Model::Lm(args)) => {
            train_lm::run(&args, console)?;
            Ok(Exit::Done)
        }
        Command::Train(Model::Mixture(args)) => {
            train_mixture::run(&args, console.out())?;
            Ok(Exit::Done)
        }
    }
}

/// A text that brings a mistake in kanwu to light is reported by its name; what the panic itself
/// prints is of use to nobody but developers. Texts are never in work on the main thread.
fn keep_panics_quiet() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some("main") {
            print(panic);
        }
    }));
}

/// Sets the number of threads for the whole run; 0 takes one for each core.
fn use_threads(jobs: usize) -> Result<()> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build_global()
        .map_err(|error| Error::Usage(error.to_string()))
}
