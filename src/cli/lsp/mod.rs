//! `kanwu lsp`: suggestions in an editor, over the Language Server Protocol.
//!
//! ```text
//! standard input ─ transport ─▶ Session ◀─ client, wishes (what the editor can and wants)
//!                                 │  ▲
//!      Draft (the text as typed) ─┤  │ Checked
//!                                 ▼  │
//!                               Queue ─ check ─▶ the same line as `kanwu check`
//!                                 │
//!                  show, actions ─┴─ transport ─▶ standard output
//! ```

mod actions;
mod check;
mod client;
mod draft;
mod place;
mod queue;
mod ruler;
mod session;
mod show;
mod transport;
mod wishes;
mod words;

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::channel;

use clap::Args;
use lsp_server::Message;

use super::Exit;
use super::args::{Opening, Texts, parse_level};
use super::console::Console;
use super::input::Input;
use super::settings::{Rejected, Settings};
use check::{Checked, Task};
use kanwu::{Error, Level, Result};
use session::Session;

/// What `kanwu lsp` is told on the command line; the settings of the editor count before it.
#[derive(Clone, Debug, Args)]
pub(crate) struct LspArgs {
    #[command(flatten)]
    texts: Texts,

    #[command(flatten)]
    opening: Opening,

    /// Show suggestions of this level or above: auto, review or hint
    #[arg(long, value_name = "LEVEL", default_value = "review", value_parser = parse_level)]
    level: Level,

    /// Talk over standard input and output, as is done anyway: some editors say so
    #[arg(long)]
    stdio: bool,
}

/// What happens to a session.
enum Event {
    /// The editor says something.
    Message(Message),
    /// It says something nobody understands.
    Garbage(String),
    /// It will say nothing more.
    End,
    /// A text was checked: `None` when that was given up, or what a panic said.
    Checked(Box<Task>, std::result::Result<Result<Option<Box<Checked>>>, String>),
}

/// Runs the command. `spoken` tells that the language of `console` was asked for.
pub(crate) fn run(args: &LspArgs, spoken: bool, console: &mut Console) -> Result<Exit> {
    if args.texts.show_settings {
        let here = Input::listed(PathBuf::from("<editor>"), args.opening);
        let settings = Settings::new(&args.texts, std::slice::from_ref(&here), Rejected::Quiet)?;
        console.print(|out| settings.show(out))?;
        return Ok(Exit::Done);
    }
    let (events, happened) = channel();
    let (sender, writer) = transport::speak();
    let mut session = Session::new(args, (console.language, spoken), sender, events.clone());
    transport::listen(events);
    let exit = happened.into_iter().find_map(|event| session.take(event));
    // What was said last is to be heard; a check still in work is not waited for.
    drop(session);
    if writer.join().is_err() {
        return Err(Error::io("<stdout>", io::Error::other("it cannot be written to")));
    }
    Ok(exit.unwrap_or(Exit::Deserted))
}
