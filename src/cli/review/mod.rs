//! `kanwu review`: decide on suggestions.

mod desk;
#[cfg(feature = "web")]
pub(crate) mod web;

use super::Exit;
use super::args::ReviewArgs;
use super::console::Console;
use desk::Desk;
use kanwu::{Error, Result};

/// Runs the command.
pub(crate) fn run(args: &ReviewArgs, console: &mut Console) -> Result<Exit> {
    let desk = Desk::open(args, console)?;
    #[cfg(feature = "web")]
    if args.web.web {
        return web::run(desk, &args.web, console);
    }
    drop(desk);
    Err(Error::Usage("there is no view".to_string()))
}
