//! `kanwu review`: decide on suggestions.

mod desk;

use super::Exit;
use super::args::ReviewArgs;
use super::console::Console;
use desk::Desk;
use kanwu::{Error, Result};

/// Runs the command.
pub(crate) fn run(args: &ReviewArgs, console: &mut Console) -> Result<Exit> {
    let _desk = Desk::open(args, console)?;
    Err(Error::Usage("there is no view".to_string()))
}
