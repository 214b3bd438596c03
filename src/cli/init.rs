//! `kanwu init`: write a `kanwu.toml` that tells what can be set.

use super::Exit;
use super::apply::write_new;
use super::args::InitArgs;
use super::console::Console;
use super::settings::NAME;
use kanwu::config::{Profile, TEMPLATE};
use kanwu::emit::words;
use kanwu::{Error, Result};

/// Runs the command.
pub(crate) fn run(args: &InitArgs, console: &mut Console) -> Result<Exit> {
    let path = args.folder.join(NAME);
    let name = path.display().to_string();
    if path.exists() {
        return Err(Error::Usage(format!("{name} is there already")));
    }
    let named = Profile::ALL.into_iter().find(|(_, profile)| Some(*profile) == args.profile);
    let text = match named {
        Some((profile, _)) => {
            TEMPLATE.replace("#profile = \"newspaper\"", &format!("profile = {profile:?}"))
        }
        None => TEMPLATE.to_string(),
    };
    write_new(&path, text.as_bytes())?;
    console.summary(&words::written(&name, console.language));
    Ok(Exit::Done)
}
