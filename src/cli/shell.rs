//! `kanwu completions` and `kanwu man`.

use clap::CommandFactory;

use super::Exit;
use super::args::{Arguments, CompletionsArgs, ManArgs};
use super::console::Console;
use kanwu::{Error, Result};

/// Prints a completion script.
pub(crate) fn completions(args: &CompletionsArgs, console: &mut Console) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "kanwu", &mut script);
    console.print(|out| out.write_all(&script))?;
    Ok(Exit::Done)
}

/// Prints a manual page for `man -l`.
pub(crate) fn man(args: &ManArgs, console: &mut Console) -> Result<Exit> {
    let mut command = Arguments::command();
    command.build();
    if let Some(name) = &args.command {
        let found = command.find_subcommand(name).cloned();
        command = found.ok_or_else(|| Error::Usage(format!("there is no command {name:?}")))?;
        command = command.display_name(format!("kanwu-{name}"));
    }
    let page = clap_mangen::Man::new(command);
    console.print(|out| page.render(&mut &mut *out))?;
    Ok(Exit::Done)
}
