//! Where a changed text goes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::args::Output;
use super::input::{Input, canonical};
use kanwu::apply::write_atomically;
use kanwu::emit::Palette;
use kanwu::emit::diff::write_diff;
use kanwu::{Error, Result};

/// Where the texts of a run go, found fit before the first is written.
pub(crate) struct Destination {
    target: Target,
    diff: bool,
}

enum Target {
    /// Nothing is written.
    Nowhere,
    /// The one text is printed.
    Stdout,
    /// The inputs themselves.
    Originals { backup: bool },
    /// The file of each input, by its path under the output folder.
    Files(FxHashMap<PathBuf, PathBuf>),
}

/// What is left to print for a text once it is written.
pub(crate) enum Shown {
    /// Nothing.
    Silent,
    /// The new file.
    File(Vec<u8>),
    /// The diff.
    Diff,
}

impl Destination {
    /// The destination `output` names for the texts behind `paths`.
    ///
    /// # Errors
    /// [`Error::Usage`] when nothing is named, or when a text would overwrite an input or
    /// another text.
    pub(crate) fn new(output: &Output, paths: &[PathBuf], inputs: &[Input]) -> Result<Self> {
        let stdin = inputs.iter().any(|input| input.path.is_none());
        let target = if let Some(out) = &output.output {
            Target::Files(targets(out, paths, inputs)?)
        } else if output.in_place {
            if stdin {
                return refuse("standard input cannot be changed in place; use --stdout or -o");
            }
            if let Some(input) = inputs.iter().find(|input| input.member.is_some()) {
                let problem = format!("{} is in an archive; use --stdout or -o", input.name);
                return refuse(&problem);
            }
            Target::Originals { backup: output.backup }
        } else if output.stdout || (stdin && !output.diff) {
            if inputs.len() > 1 {
                return refuse("--stdout takes one text; use -o FOLDER for several");
            }
            Target::Stdout
        } else if output.diff {
            Target::Nowhere
        } else {
            return refuse(
                "say where the text is to go: -o OUT, --in-place (with --backup to keep the old \
                 file), --stdout, or --diff to only see the changes",
            );
        };
        Ok(Self { target, diff: output.diff })
    }

    /// Writes the new bytes of `input`, and tells what is to be printed.
    pub(crate) fn write(&self, input: &Input, old: &[u8], new: &[u8]) -> Result<Shown> {
        match (&self.target, &input.path) {
            (Target::Stdout, _) => return Ok(Shown::File(new.to_vec())),
            (Target::Originals { backup }, Some(path)) if old != new => {
                if *backup {
                    keep(path)?;
                }
                write_atomically(path, new)?;
            }
            (Target::Files(targets), _) => {
                let target = &targets[&input.mirror];
                make_folder(target)?;
                write_atomically(target, new)?;
                copy_permissions(input.path.as_deref(), target)?;
            }
            _ => {}
        }
        Ok(if self.diff { Shown::Diff } else { Shown::Silent })
    }
}

impl Shown {
    /// Prints what is to be printed; `old` and `new` are the texts.
    pub(crate) fn show(
        &self,
        input: &Input,
        old: &str,
        new: &str,
        palette: &Palette,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Silent => Ok(()),
            Self::File(bytes) => out.write_all(bytes),
            Self::Diff => write_diff(input.diff_path(), old, new, palette, out),
        }
    }
}

fn refuse<T>(problem: &str) -> Result<T> {
    Err(Error::Usage(problem.to_string()))
}

/// The file each input is written to: `out` itself for one named file, else below the folder
/// `out`.
fn targets(out: &Path, paths: &[PathBuf], inputs: &[Input]) -> Result<FxHashMap<PathBuf, PathBuf>> {
    let place = canonical(out);
    for folder in paths.iter().filter(|path| path.is_dir()) {
        if place.starts_with(canonical(folder)) {
            let (out, folder) = (out.display(), folder.display());
            return refuse(&format!("{out} lies in {folder}, which is read; choose another place"));
        }
    }
    let single = paths.len() == 1 && !paths[0].is_dir() && !out.is_dir() && !ends_with_slash(out);
    let originals: FxHashMap<PathBuf, &Input> = inputs
        .iter()
        .filter_map(|input| Some((canonical(input.path.as_deref()?), input)))
        .collect();
    let mut targets = FxHashMap::default();
    for input in inputs {
        let target = if single { out.to_path_buf() } else { out.join(&input.mirror) };
        if let Some(original) = originals.get(&canonical(&target)) {
            return refuse(&format!(
                "{} would overwrite {}; use --in-place to change files themselves",
                target.display(),
                original.name
            ));
        }
        if targets.insert(input.mirror.clone(), target.clone()).is_some() {
            let target = target.display();
            return refuse(&format!("two texts would be written to {target}"));
        }
    }
    Ok(targets)
}

fn ends_with_slash(path: &Path) -> bool {
    path.to_string_lossy().ends_with(std::path::is_separator)
}

fn make_folder(target: &Path) -> Result<()> {
    match target.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(|cause| Error::io(folder, cause)),
        None => Ok(()),
    }
}

fn copy_permissions(original: Option<&Path>, target: &Path) -> Result<()> {
    let Some(original) = original else { return Ok(()) };
    let permissions = fs::metadata(original).map_err(|e| Error::io(original, e))?.permissions();
    fs::set_permissions(target, permissions).map_err(|cause| Error::io(target, cause))
}

/// Copies a file to `NAME.bak` beside it, or `NAME.bak2` and so on: the first backup is the text
/// as it was scanned, and no later one may take its place.
fn keep(path: &Path) -> Result<()> {
    let name = |number: usize| {
        let mut name = path.as_os_str().to_os_string();
        name.push(".bak");
        if number > 1 {
            name.push(number.to_string());
        }
        PathBuf::from(name)
    };
    let free = (1..).map(name).find(|name| !name.exists());
    let backup = free.expect("numbers do not end");
    fs::copy(path, &backup).map_err(|cause| Error::io(&backup, cause))?;
    Ok(())
}
