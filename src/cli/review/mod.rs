//! `kanwu review`: decide on suggestions.

mod desk;
#[cfg(feature = "tui")]
mod terminal;

use super::Exit;
use super::args::ReviewArgs;
use super::console::Console;
use desk::Desk;
use kanwu::Result;

/// Runs the command.
pub(crate) fn run(args: &ReviewArgs, console: &mut Console) -> Result<Exit> {
    in_terminal(args, console)
}

#[cfg(feature = "tui")]
fn in_terminal(args: &ReviewArgs, console: &mut Console) -> Result<Exit> {
    terminal::demand_terminal(console.language)?;
    terminal::run(Desk::open(args, console)?, console)
}

#[cfg(not(feature = "tui"))]
fn in_terminal(_: &ReviewArgs, _: &mut Console) -> Result<Exit> {
    Err(kanwu::Error::Usage("this kanwu was built without the review in the terminal".to_string()))
}
