//! `kanwu review`: decide on suggestions.

mod desk;
#[cfg(feature = "tui")]
mod terminal;
#[cfg(feature = "web")]
pub(crate) mod web;

use super::Exit;
use super::args::ReviewArgs;
use super::console::Console;
use desk::Desk;
use kanwu::Result;

/// Runs the command.
pub(crate) fn run(args: &ReviewArgs, console: &mut Console) -> Result<Exit> {
    #[cfg(feature = "web")]
    if args.web.web {
        return web::run(Desk::open(args, console)?, &args.web, console);
    }
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
