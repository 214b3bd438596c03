//! The texts a command reads.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_128;

use kanwu::{Encoding, Error, Result, Source};

/// Files of a folder that are texts. Any file can be named outright.
const TEXT_EXTENSIONS: [&str; 3] = ["txt", "text", "md"];

/// What a folder may hold to say which of its files are not read, besides .gitignore and .ignore.
const IGNORE_FILE: &str = ".kanwuignore";

/// Which texts a command reads.
#[derive(Debug, Args)]
pub(crate) struct Paths {
    /// Files and folders; `-` is standard input. In folders, .txt, .text and .md files are read,
    /// but none that are hidden or that .gitignore, .ignore or .kanwuignore name
    #[arg(required_unless_present = "file_list", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Read also the files and folders that FILE names, one a line, or with NUL between them as
    /// `find -print0` prints them; `-` is standard input
    #[arg(long, value_name = "FILE")]
    file_list: Option<PathBuf>,

    /// In folders, pass over what this pattern of .gitignore matches, as `draft-*` or `old/`
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// In folders, read files of these extensions and no others, as md or html
    #[arg(long = "type", value_name = "EXT", value_delimiter = ',')]
    extensions: Vec<String>,

    /// Name for standard input in messages
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    stdin_filename: String,
}

/// A text to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// The file; `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    root: Root,
}

/// What an output folder mirrors of an input's path. An archive has many inputs and few roots.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Root {
    /// The path below the folder the file was found in.
    Folder(Arc<Path>),
    /// The name of the file, which was named outright.
    Name,
    /// The whole path as a list gave it.
    List,
    /// Standard input, under a name.
    Stdin(String),
}

impl Input {
    /// A file that is mirrored by its whole path.
    pub(crate) fn listed(path: PathBuf) -> Self {
        Self { path: Some(path), root: Root::List }
    }

    /// The name messages use.
    pub(crate) fn name(&self) -> String {
        match (&self.path, &self.root) {
            (Some(path), _) => path.display().to_string(),
            (None, Root::Stdin(name)) => name.clone(),
            (None, _) => String::new(),
        }
    }

    /// The path under an output folder.
    pub(crate) fn mirror(&self) -> PathBuf {
        let path = self.path.as_deref().unwrap_or(Path::new(""));
        match &self.root {
            Root::Folder(folder) => path.strip_prefix(folder).unwrap_or(path).to_path_buf(),
            Root::Name => path.file_name().map(PathBuf::from).unwrap_or_default(),
            Root::List => {
                path.components().filter(|part| matches!(part, Component::Normal(_))).collect()
            }
            Root::Stdin(name) => Path::new(name).file_name().unwrap_or(OsStr::new("stdin")).into(),
        }
    }

    /// The bytes of the text. The file is opened for reading only.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>> {
        match &self.path {
            Some(path) => fs::read(path).map_err(|cause| Error::io(path, cause)),
            None => read_stdin(&self.name()),
        }
    }

    /// Reads the text, in `encoding` or in what it is found to be in.
    pub(crate) fn read(&self, encoding: Option<Encoding>) -> Result<Source> {
        self.source(self.bytes()?, encoding)
    }

    /// The text that `bytes`, those of the file, are.
    pub(crate) fn source(&self, bytes: Vec<u8>, encoding: Option<Encoding>) -> Result<Source> {
        match encoding {
            Some(encoding) => Source::decode(self.name(), bytes, encoding),
            None => Source::from_bytes(self.name(), bytes),
        }
    }

    /// Bytes of the file, as far as they are known before it is read.
    pub(crate) fn size(&self) -> u64 {
        let metadata = self.path.as_deref().and_then(|path| fs::metadata(path).ok());
        metadata.map_or(0, |metadata| metadata.len())
    }

    /// The path a diff names.
    pub(crate) fn diff_path(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(|| PathBuf::from(self.name()))
    }

    /// True unless the file was found in a folder.
    pub(crate) fn is_named(&self) -> bool {
        !matches!(self.root, Root::Folder(_))
    }
}

/// The texts found.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// Sorted by path, standard input first, none twice.
    pub(crate) texts: Vec<Input>,
    /// Paths that could not be read.
    pub(crate) errors: Vec<Error>,
    /// The folders that were walked.
    pub(crate) folders: Vec<PathBuf>,
    /// Paths that were named, folders included.
    pub(crate) named: usize,
}

impl Paths {
    /// Finds the texts behind the paths.
    ///
    /// # Errors
    /// When the list of files cannot be read, or a pattern is none.
    pub(crate) fn gather(&self) -> Result<Inputs> {
        let mut inputs = Inputs::default();
        let listed = self.listed()?;
        inputs.named = self.paths.len() + listed.len();
        for (path, root) in self
            .paths
            .iter()
            .map(|path| (path, Root::Name))
            .chain(listed.iter().map(|path| (path, Root::List)))
        {
            if path.as_os_str() == "-" && root == Root::Name {
                let root = Root::Stdin(self.stdin_filename.clone());
                inputs.texts.push(Input { path: None, root });
            } else if path.is_dir() {
                self.walk(path, &mut inputs)?;
            } else {
                inputs.texts.push(Input { path: Some(path.clone()), root });
            }
        }
        inputs.texts.sort_by(|a, b| a.path.cmp(&b.path));
        // A single folder holds nothing twice, for links in it are not followed.
        if inputs.named > 1 {
            let mut seen = FxHashSet::default();
            inputs.texts.retain(|input| seen.insert(input.path.as_deref().map(identity)));
        }
        Ok(inputs)
    }

    /// The paths of `--file-list`.
    fn listed(&self) -> Result<Vec<PathBuf>> {
        let Some(list) = &self.file_list else { return Ok(Vec::new()) };
        let bytes = if list.as_os_str() != "-" {
            fs::read(list).map_err(|cause| Error::io(list, cause))?
        } else if self.paths.iter().any(|path| path.as_os_str() == "-") {
            let problem = "standard input cannot be both a text and the list of files";
            return Err(Error::Usage(problem.to_string()));
        } else {
            read_stdin("<stdin>")?
        };
        let separator = if bytes.contains(&0) { 0 } else { b'\n' };
        let lines = bytes.split(|byte| *byte == separator);
        let lines = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        lines.filter(|line| !line.is_empty()).map(|line| path_of(list, line)).collect()
    }

    /// Adds the texts of a folder. Links are not followed.
    fn walk(&self, folder: &Path, inputs: &mut Inputs) -> Result<()> {
        let before = inputs.texts.len() + inputs.errors.len();
        let root = Root::Folder(Arc::from(folder));
        let mut walker = WalkBuilder::new(folder);
        walker.require_git(false).add_custom_ignore_filename(IGNORE_FILE);
        walker.overrides(self.excluded(folder)?);
        for entry in walker.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    if self.is_text(entry.path()) {
                        let path = Some(entry.into_path());
                        inputs.texts.push(Input { path, root: root.clone() });
                    }
                }
                Ok(_) => {}
                Err(error) => inputs.errors.push(Error::io(folder, io::Error::other(error))),
            }
        }
        if inputs.texts.len() + inputs.errors.len() == before {
            let kinds = match self.extensions.as_slice() {
                [] => ".txt, .text or .md".to_string(),
                extensions => format!(".{}", extensions.join(", .")),
            };
            let problem = format!("{}: no {kinds} files in it", folder.display());
            inputs.errors.push(Error::Usage(problem));
        }
        inputs.folders.push(folder.to_path_buf());
        Ok(())
    }

    fn excluded(&self, folder: &Path) -> Result<Override> {
        let mut patterns = OverrideBuilder::new(folder);
        for glob in &self.exclude {
            let problem = |error| Error::Usage(format!("--exclude {glob}: {error}"));
            patterns.add(&format!("!{glob}")).map_err(problem)?;
        }
        patterns.build().map_err(|error| Error::Usage(format!("--exclude: {error}")))
    }

    fn is_text(&self, path: &Path) -> bool {
        let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
        let is = |wanted: &str| extension.eq_ignore_ascii_case(wanted.trim_start_matches('.'));
        if self.extensions.is_empty() {
            TEXT_EXTENSIONS.into_iter().any(is)
        } else {
            self.extensions.iter().any(|wanted| is(wanted))
        }
    }
}

fn read_stdin(name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(|cause| Error::io(name, cause))?;
    Ok(bytes)
}

/// The path a line of a list is. Where the system's paths are bytes any bytes will do.
fn path_of(list: &Path, line: &[u8]) -> Result<PathBuf> {
    #[cfg(unix)]
    let path = Some(std::os::unix::ffi::OsStrExt::from_bytes(line)).map(OsStr::to_os_string);
    #[cfg(not(unix))]
    let path = std::str::from_utf8(line).ok().map(OsString::from);
    let path: Option<OsString> = path;
    path.map(PathBuf::from).ok_or_else(|| {
        let line = String::from_utf8_lossy(line);
        Error::Usage(format!("{}: {line:?} is no path", list.display()))
    })
}

/// What tells files apart, whatever they are called. A hash, because an archive has many.
fn identity(path: &Path) -> u128 {
    xxh3_128(canonical(path).as_os_str().as_encoded_bytes())
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
