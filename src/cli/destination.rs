//! Where a changed text goes.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::args::Output;
use super::input::{Input, Inputs, canonical};
use kanwu::apply::write_atomically;
use kanwu::batch::Place;
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
    /// The one text is written to this file.
    File(PathBuf),
    /// Each text is written below this folder.
    Folder(PathBuf),
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
    /// The destination `output` names for the texts.
    ///
    /// # Errors
    /// [`Error::Usage`] when nothing is named, or when a text would overwrite an input or
    /// another text.
    pub(crate) fn new(output: &Output, inputs: &Inputs) -> Result<Self> {
        let stdin = inputs.texts.iter().any(|input| input.path.is_none());
        let target = if let Some(out) = &output.output {
            target(out, inputs)?
        } else if output.in_place {
            if stdin {
                return refuse("standard input cannot be changed in place; use --stdout or -o");
            }
            if let Some(input) = inputs.texts.iter().find(|input| input.member.is_some()) {
                let problem = format!("{} is in an archive; use --stdout or -o", input.name());
                return refuse(&problem);
            }
            Target::Originals { backup: output.backup }
        } else if output.stdout || (stdin && !output.diff) {
            if inputs.texts.len() > 1 {
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

    /// The folder below which an archive is written; `None` where texts go elsewhere too, or where
    /// there is but one.
    pub(crate) fn tree(&self, inputs: &Inputs) -> Option<&Path> {
        let many = !inputs.folders.is_empty() || inputs.named > 1;
        match &self.target {
            Target::Folder(folder) if many && !self.diff => Some(folder),
            _ => None,
        }
    }

    /// True when texts or diffs are printed.
    pub(crate) fn prints(&self) -> bool {
        self.diff || matches!(self.target, Target::Stdout)
    }

    /// Writes the new bytes of `input`, and tells what is to be printed.
    pub(crate) fn write(&self, input: &Input, old: &[u8], new: &[u8]) -> Result<Shown> {
        let target = match (&self.target, &input.path) {
            (Target::Stdout, _) => return Ok(Shown::File(new.to_vec())),
            (Target::Originals { backup }, Some(path)) if old != new => {
                if *backup {
                    keep(path)?;
                }
                write_atomically(path, new)?;
                None
            }
            (Target::File(file), _) => Some(file.clone()),
            (Target::Folder(folder), _) => Some(folder.join(input.mirror())),
            _ => None,
        };
        if let Some(target) = target {
            make_folder(&target)?;
            write_atomically(&target, new)?;
            copy_permissions(input.path.as_deref(), &target)?;
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
            Self::Diff => write_diff(&input.diff_path(), old, new, palette, out),
        }
    }
}

fn refuse<T>(problem: &str) -> Result<T> {
    Err(Error::Usage(problem.to_string()))
}

/// `out` itself for one named file, else a folder.
fn target(out: &Path, inputs: &Inputs) -> Result<Target> {
    let place = canonical(out);
    if let Some(folder) = inputs.folders.iter().find(|f| place.starts_with(canonical(f))) {
        let (out, folder) = (out.display(), folder.display());
        return refuse(&format!("{out} lies in {folder}, which is read; choose another place"));
    }
    let single = inputs.named == 1 && inputs.folders.is_empty();
    let target = if single && !out.is_dir() && !ends_with_slash(out) {
        Target::File(out.to_path_buf())
    } else {
        Target::Folder(out.to_path_buf())
    };
    let file = |input: &Input| match &target {
        Target::File(file) => file.clone(),
        _ => out.join(input.mirror()),
    };
    spare_inputs(&place, inputs, &file)?;
    spare_outputs(inputs, &file)?;
    Ok(target)
}

/// Refuses to write over an input. Where no input lies below the output folder nothing can be
/// written over: then an archive need not be looked at file by file.
fn spare_inputs(place: &Path, inputs: &Inputs, file: &dyn Fn(&Input) -> PathBuf) -> Result<()> {
    let below = |path: &Path| canonical(path).starts_with(place);
    let folder = inputs.folders.iter().any(|folder| below(folder));
    let named = inputs.texts.iter().filter(|input| input.is_named());
    if !folder && !named.filter_map(|input| input.path.as_deref()).any(below) {
        return Ok(());
    }
    let originals: FxHashMap<PathBuf, &Input> = inputs
        .texts
        .iter()
        .filter_map(|input| Some((canonical(input.path.as_deref()?), input)))
        .collect();
    for target in inputs.texts.iter().map(file) {
        if let Some(original) = originals.get(&canonical(&target)) {
            return refuse(&format!(
                "{} would overwrite {}; use --in-place to change files themselves",
                target.display(),
                original.name()
            ));
        }
    }
    Ok(())
}

/// Refuses to write two texts to one file, which files of one folder never are.
fn spare_outputs(inputs: &Inputs, file: &dyn Fn(&Input) -> PathBuf) -> Result<()> {
    if inputs.named == 1 {
        return Ok(());
    }
    let mut places = FxHashSet::default();
    for target in inputs.texts.iter().map(file) {
        if !places.insert(Place::of(&target)) {
            let target = target.display();
            return refuse(&format!("two texts would be written to {target}"));
        }
    }
    Ok(())
}

fn ends_with_slash(path: &Path) -> bool {
    path.to_string_lossy().ends_with(std::path::is_separator)
}

/// Makes the folder of a file.
pub(crate) fn make_folder(target: &Path) -> Result<()> {
    match target.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(|cause| Error::io(folder, cause)),
        None => Ok(()),
    }
}

/// Gives a new file the permissions of its original.
pub(crate) fn copy_permissions(original: Option<&Path>, target: &Path) -> Result<()> {
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
