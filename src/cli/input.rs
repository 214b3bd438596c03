//! The texts a command reads.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use rustc_hash::FxHashSet;

use kanwu::{Encoding, Error, Result, Source};

/// Files of a folder that are texts. Any file can be named outright.
const TEXT_EXTENSIONS: [&str; 3] = ["txt", "text", "md"];

/// A text to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// The file; `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    /// The name messages use.
    pub(crate) name: String,
    /// The path under an output folder: below the folder it was found in, else the file's name.
    pub(crate) mirror: PathBuf,
}

impl Input {
    /// Reads the text, in `encoding` or in what it is found to be in.
    pub(crate) fn read(&self, encoding: Option<Encoding>) -> Result<Source> {
        let bytes = match &self.path {
            Some(path) => fs::read(path).map_err(|cause| Error::io(path, cause))?,
            None => {
                let mut bytes = Vec::new();
                io::stdin()
                    .lock()
                    .read_to_end(&mut bytes)
                    .map_err(|cause| Error::io(&self.name, cause))?;
                bytes
            }
        };
        match encoding {
            Some(encoding) => Source::decode(&self.name, bytes, encoding),
            None => Source::from_bytes(&self.name, bytes),
        }
    }

    /// The path a diff names.
    pub(crate) fn diff_path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(&self.name))
    }

    fn stdin(name: &str) -> Self {
        let mirror = Path::new(name).file_name().unwrap_or(OsStr::new("stdin"));
        Self { path: None, name: name.to_string(), mirror: PathBuf::from(mirror) }
    }

    fn file(path: PathBuf, root: Option<&Path>) -> Self {
        let below = root.and_then(|root| path.strip_prefix(root).ok()).map(Path::to_path_buf);
        let name = || path.file_name().map(PathBuf::from).unwrap_or_default();
        let mirror = below.unwrap_or_else(name);
        Self { name: path.display().to_string(), mirror, path: Some(path) }
    }
}

/// The texts found.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Sorted by path, standard input first, none twice.
    pub(crate) texts: Vec<Input>,
    /// Paths that could not be read.
    pub(crate) errors: Vec<Error>,
}

/// Finds the texts behind `paths`.
pub(crate) fn gather(paths: &[PathBuf], stdin_name: &str) -> Inputs {
    let mut inputs = Inputs::default();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.texts.push(Input::stdin(stdin_name));
        } else if path.is_dir() {
            walk(path, &mut inputs);
        } else {
            inputs.texts.push(Input::file(path.clone(), None));
        }
    }
    inputs.texts.sort_by(|a, b| a.path.cmp(&b.path));
    let mut seen = FxHashSet::default();
    inputs.texts.retain(|input| seen.insert(input.path.as_deref().map(canonical)));
    inputs
}

/// Adds the texts of a folder. What .gitignore and .ignore name is passed over, hidden files too.
fn walk(folder: &Path, inputs: &mut Inputs) {
    let before = inputs.texts.len() + inputs.errors.len();
    for entry in WalkBuilder::new(folder).require_git(false).build() {
        match entry {
            Ok(entry) if is_text(entry.path()) && entry.path().is_file() => {
                inputs.texts.push(Input::file(entry.into_path(), Some(folder)));
            }
            Ok(_) => {}
            Err(error) => inputs.errors.push(Error::io(folder, io::Error::other(error))),
        }
    }
    if inputs.texts.len() + inputs.errors.len() == before {
        let problem = format!("{}: no .txt, .text or .md files in it", folder.display());
        inputs.errors.push(Error::Usage(problem));
    }
}

fn is_text(path: &Path) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    TEXT_EXTENSIONS.iter().any(|text| extension.eq_ignore_ascii_case(text))
}

/// The one name of a file, or as much of it as exists.
pub(crate) fn canonical(path: &Path) -> PathBuf {
    if let Ok(path) = fs::canonicalize(path) {
        return path;
    }
    let parent = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return path.to_path_buf(),
    };
    match path.file_name() {
        Some(name) => canonical(parent).join(name),
        None => path.to_path_buf(),
    }
}
