//! The texts a command reads.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use rustc_hash::FxHashSet;

use super::args::{Form, Reading};
use kanwu::container::{self, Container, ContainerLimits};
use kanwu::layout::{self, Limits};
use kanwu::{Encoding, Error, Result, Source};

/// Files of a folder that are texts. Any file can be named outright.
const TEXT_EXTENSIONS: [&str; 3] = ["txt", "text", "md"];
/// Files of a folder that are looked into: they are read when they are layout files.
const LAYOUT_EXTENSIONS: [&str; 7] = ["xml", "hocr", "html", "htm", "xhtml", "json", "jsonl"];
/// Files of a folder that are opened like folders.
const ARCHIVE_EXTENSIONS: [&str; 2] = ["gz", "zip"];
/// Bytes that show whether a file is a layout file.
const HEAD: u64 = 16 << 10;

/// A text to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// The file; `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    /// The name messages use.
    pub(crate) name: String,
    /// The path under an output folder: below the folder it was found in, else the file's name.
    pub(crate) mirror: PathBuf,
    /// The file inside `path`, which is an archive then.
    pub(crate) member: Option<PathBuf>,
}

impl Reading {
    fn limits(&self) -> Limits {
        Limits { bytes: (self.max_size as usize) << 20, ..Limits::default() }
    }

    fn container(&self) -> ContainerLimits {
        ContainerLimits { member: u64::from(self.max_size) << 20, ..ContainerLimits::default() }
    }
}

impl Input {
    /// Reads the text, in `encoding` or in what it is found to be in, or the plain text of a layout
    /// file.
    pub(crate) fn read(&self, encoding: Option<Encoding>, reading: &Reading) -> Result<Source> {
        let bytes = self.bytes(reading)?;
        let format = match reading.format_in {
            Some(Form::Layout(format)) => Some(format),
            _ => None,
        };
        if reading.format_in != Some(Form::Text)
            && let Some(source) = layout::read(&self.name, &bytes, format, &reading.limits())?
        {
            return Ok(source);
        }
        match encoding {
            Some(encoding) => Source::decode(&self.name, bytes, encoding),
            None => Source::from_bytes(&self.name, bytes),
        }
    }

    fn bytes(&self, reading: &Reading) -> Result<Vec<u8>> {
        match (&self.path, &self.member) {
            (Some(path), Some(member)) => {
                container::read_member(path, member, &reading.container())
            }
            (Some(path), None) => fs::read(path).map_err(|cause| Error::io(path, cause)),
            (None, _) => {
                let mut bytes = Vec::new();
                io::stdin()
                    .lock()
                    .read_to_end(&mut bytes)
                    .map_err(|cause| Error::io(&self.name, cause))?;
                Ok(bytes)
            }
        }
    }

    /// The path a diff names.
    pub(crate) fn diff_path(&self) -> &Path {
        match &self.member {
            Some(_) => &self.mirror,
            None => self.path.as_deref().unwrap_or(Path::new(&self.name)),
        }
    }

    fn stdin(name: &str) -> Self {
        let mirror = Path::new(name).file_name().unwrap_or(OsStr::new("stdin"));
        Self { path: None, name: name.to_string(), mirror: PathBuf::from(mirror), member: None }
    }

    fn file(path: PathBuf, root: Option<&Path>) -> Self {
        let below = root.and_then(|root| path.strip_prefix(root).ok()).map(Path::to_path_buf);
        let name = || path.file_name().map(PathBuf::from).unwrap_or_default();
        let mirror = below.unwrap_or_else(name);
        Self { name: path.display().to_string(), mirror, path: Some(path), member: None }
    }

    /// A file inside this one, an archive.
    fn within(&self, member: PathBuf, kind: Container) -> Self {
        let mirror = match kind {
            Container::Zip => self.mirror.join(&member),
            Container::Gzip => self.mirror.with_file_name(&member),
        };
        let name = format!("{}!/{}", self.name, member.display());
        Self { path: self.path.clone(), name, mirror, member: Some(member) }
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
pub(crate) fn gather(paths: &[PathBuf], stdin_name: &str, reading: &Reading) -> Inputs {
    let mut inputs = Inputs::default();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.texts.push(Input::stdin(stdin_name));
        } else if path.is_dir() {
            walk(path, &mut inputs, reading);
        } else {
            add(Input::file(path.clone(), None), &mut inputs, reading);
        }
    }
    inputs.texts.sort_by(|a, b| (&a.path, &a.member).cmp(&(&b.path, &b.member)));
    let mut seen = FxHashSet::default();
    let identity = |input: &Input| (input.path.as_deref().map(canonical), input.member.clone());
    inputs.texts.retain(|input| seen.insert(identity(input)));
    inputs
}

/// Adds the texts of a folder. What .gitignore and .ignore name is passed over, hidden files too.
fn walk(folder: &Path, inputs: &mut Inputs, reading: &Reading) {
    let before = inputs.texts.len() + inputs.errors.len();
    for entry in WalkBuilder::new(folder).require_git(false).build() {
        match entry {
            Ok(entry) if entry.path().is_file() && is_wanted(entry.path()) => {
                add(Input::file(entry.into_path(), Some(folder)), inputs, reading);
            }
            Ok(_) => {}
            Err(error) => inputs.errors.push(Error::io(folder, io::Error::other(error))),
        }
    }
    if inputs.texts.len() + inputs.errors.len() == before {
        let problem = format!("{}: no text or layout files in it", folder.display());
        inputs.errors.push(Error::Usage(problem));
    }
}

/// Adds a file, or for an archive those of its members that would be read in a folder.
fn add(input: Input, inputs: &mut Inputs, reading: &Reading) {
    let kind = input.path.as_deref().and_then(Container::at);
    let (Some(path), Some(kind)) = (&input.path, kind) else {
        inputs.texts.push(input);
        return;
    };
    match container::members(path, &reading.container()) {
        Ok(members) => {
            let wanted = members.into_iter().filter(|member| {
                let head = || container::peek_member(path, member, HEAD).unwrap_or_default();
                has_extension(member, &TEXT_EXTENSIONS)
                    || has_extension(member, &LAYOUT_EXTENSIONS)
                        && layout::recognise(&head()).is_some()
            });
            inputs.texts.extend(wanted.map(|member| input.within(member, kind)));
        }
        Err(error) => inputs.errors.push(error),
    }
}

/// True for a file of a folder that is read.
fn is_wanted(path: &Path) -> bool {
    has_extension(path, &TEXT_EXTENSIONS)
        || has_extension(path, &ARCHIVE_EXTENSIONS)
        || has_extension(path, &LAYOUT_EXTENSIONS) && layout::recognise(&head(path)).is_some()
}

fn head(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = fs::File::open(path) {
        // What cannot be read shows no format; the error comes up when it is named outright.
        let _ = file.take(HEAD).read_to_end(&mut bytes);
    }
    bytes
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    extensions.iter().any(|known| extension.eq_ignore_ascii_case(known))
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
