//! The texts a command reads.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read};
#[cfg(unix)]
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_128;

use super::args::{Form, Opening, To};
use kanwu::batch::{Digest, hash, hash_file};
use kanwu::container::{self, Container, ContainerLimits};
use kanwu::layout::{self, Limits};
use kanwu::{Encoding, Error, Result, Source};

/// Files of a folder that are texts. Any file can be named outright.
const TEXT_EXTENSIONS: [&str; 3] = ["txt", "text", "md"];
/// Files of a folder that are Word files. They are archives, but none to look into.
const WORD_EXTENSIONS: [&str; 2] = ["docx", "docm"];
/// What Word calls a file beside one that is open, whose text is that of nobody.
const OPEN_IN_WORD: &str = "~$";
/// What every Word file has and no other archive.
const WORD_MEMBER: &str = "[Content_Types].xml";
/// Files of a folder that are looked into: they are read when they are layout files.
const LAYOUT_EXTENSIONS: [&str; 7] = ["xml", "hocr", "html", "htm", "xhtml", "json", "jsonl"];
/// Files of a folder that are opened like folders.
const ARCHIVE_EXTENSIONS: [&str; 2] = ["gz", "zip"];
/// Bytes that show whether a file is a layout file.
const HEAD: u64 = 16 << 10;

/// What a folder may hold to say which of its files are not read, besides .gitignore and .ignore.
const IGNORE_FILE: &str = ".kanwuignore";

/// Which texts a command reads.
#[derive(Debug, Args)]
pub(crate) struct Paths {
    /// Files and folders; `-` is standard input. In folders, .txt, .text and .md files are read,
    /// Word files, layout files of OCR programs (hOCR, ALTO, PAGE, JSON), and all in .gz and .zip
    /// files, but
    /// none that are hidden or that .gitignore, .ignore or .kanwuignore name
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

    #[command(flatten)]
    opening: Opening,
}

/// A text to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// The file; `None` is standard input.
    pub(crate) path: Option<PathBuf>,
    /// The file inside `path`, which is an archive then.
    pub(crate) member: Option<Member>,
    root: Root,
    opening: Opening,
    /// The extension of what is made of it, where that is another.
    extension: Option<&'static str>,
}

/// A file inside an archive.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Member {
    path: PathBuf,
    /// The archive holds nothing else and is called like it.
    alone: bool,
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

impl Opening {
    fn limits(&self) -> Limits {
        Limits { bytes: (self.max_size as usize) << 20, ..Limits::default() }
    }

    fn container(&self) -> ContainerLimits {
        ContainerLimits { member: u64::from(self.max_size) << 20, ..ContainerLimits::default() }
    }
}

impl Input {
    /// A file that is mirrored by its whole path.
    pub(crate) fn listed(path: PathBuf, opening: Opening) -> Self {
        Self { path: Some(path), member: None, root: Root::List, opening, extension: None }
    }

    /// The same by the name it has in a record.
    pub(crate) fn recorded(name: &str, opening: Opening) -> Self {
        // A member of an archive: its name was made by kanwu, and is checked when it is opened.
        match name.split_once("!/") {
            Some((path, member)) if !Path::new(name).exists() => {
                let path = PathBuf::from(path);
                let alone = matches!(Container::at(&path), Some(Container::Gzip));
                let member = Some(Member { path: PathBuf::from(member), alone });
                Self { member, ..Self::listed(path, opening) }
            }
            _ => Self::listed(PathBuf::from(name), opening),
        }
    }

    /// The name messages use.
    pub(crate) fn name(&self) -> String {
        match (&self.path, &self.root) {
            (Some(path), _) => match &self.member {
                Some(member) => format!("{}!/{}", path.display(), member.path.display()),
                None => path.display().to_string(),
            },
            (None, Root::Stdin(name)) => name.clone(),
            (None, _) => String::new(),
        }
    }

    /// The path under an output folder.
    pub(crate) fn mirror(&self) -> PathBuf {
        let path = self.path.as_deref().unwrap_or(Path::new(""));
        let mirror: PathBuf = match &self.root {
            Root::Folder(folder) => path.strip_prefix(folder).unwrap_or(path).to_path_buf(),
            Root::Name => path.file_name().map(PathBuf::from).unwrap_or_default(),
            Root::List => {
                path.components().filter(|part| matches!(part, Component::Normal(_))).collect()
            }
            Root::Stdin(name) => Path::new(name).file_name().unwrap_or(OsStr::new("stdin")).into(),
        };
        let mut mirror = match &self.member {
            Some(Member { path, alone: true }) => mirror.with_file_name(path),
            Some(Member { path, alone: false }) => mirror.join(path),
            None => mirror,
        };
        if let Some(extension) = self.extension {
            mirror.set_extension(extension);
        }
        mirror
    }

    /// The text of a layout file is no layout file: it gets a name that says so.
    pub(crate) fn write_as(&mut self, to: To) {
        self.extension = match to {
            To::Same => None,
            To::Text => Some("txt"),
            To::Markdown => Some("md"),
        };
    }

    /// The text becomes a Word file.
    #[cfg(feature = "docx")]
    pub(crate) fn write_as_word(&mut self) {
        let word = self.path.as_deref().is_some_and(|path| has_extension(path, WORD_EXTENSIONS));
        self.extension = (!word).then_some("docx");
    }

    /// The bytes of the text. The file is opened for reading only.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>> {
        match (&self.path, &self.member) {
            (Some(path), Some(member)) => {
                container::read_member(path, &member.path, &self.opening.container())
            }
            (Some(path), None) => fs::read(path).map_err(|cause| Error::io(path, cause)),
            (None, _) => read_stdin(&self.name()),
        }
    }

    /// Hash of those bytes, `None` for what cannot be read again.
    pub(crate) fn digest(&self) -> Option<Digest> {
        match (&self.path, &self.member) {
            (Some(path), None) => hash_file(path).ok(),
            (Some(_), Some(_)) => self.bytes().ok().map(|bytes| hash(&bytes)),
            (None, _) => None,
        }
    }

    /// Reads the text, in `encoding` or in what it is found to be in, or the plain text of a layout
    /// file.
    pub(crate) fn read(&self, encoding: Option<Encoding>) -> Result<Source> {
        self.source(self.bytes()?, encoding)
    }

    /// The text that `bytes`, those of the file, are.
    pub(crate) fn source(&self, bytes: Vec<u8>, encoding: Option<Encoding>) -> Result<Source> {
        let format = match self.opening.format_in {
            Some(Form::Layout(format)) => Some(format),
            _ => None,
        };
        if self.opening.format_in != Some(Form::Text)
            && let Some(source) =
                layout::read(&self.name(), &bytes, format, &self.opening.limits())?
        {
            return Ok(source);
        }
        #[cfg(feature = "docx")]
        if self.opening.format_in.is_none() && kanwu::docx::recognise(&bytes) {
            return kanwu::docx::read(&self.name(), bytes, self.opening.container());
        }
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
        match (&self.path, &self.member) {
            (Some(path), None) => path.clone(),
            (Some(_), Some(_)) => self.mirror(),
            (None, _) => PathBuf::from(self.name()),
        }
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
    /// How files are opened.
    pub(crate) fn opening(&self) -> Opening {
        self.opening
    }

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
                let opening = self.opening;
                inputs.texts.push(Input {
                    path: None,
                    member: None,
                    root,
                    opening,
                    extension: None,
                });
            } else if path.is_dir() {
                self.walk(path, &mut inputs)?;
            } else {
                self.add(path.clone(), root, &mut inputs);
            }
        }
        inputs.texts.sort_by(|a, b| (&a.path, &a.member).cmp(&(&b.path, &b.member)));
        // A single folder holds nothing twice, for links in it are not followed.
        if inputs.named > 1 {
            let mut seen = FxHashSet::default();
            let identity =
                |input: &Input| (input.path.as_deref().map(identity), input.member.clone());
            inputs.texts.retain(|input| seen.insert(identity(input)));
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
                    if self.is_wanted(entry.path()) {
                        self.add(entry.into_path(), root.clone(), inputs);
                    }
                }
                Ok(_) => {}
                Err(error) => inputs.errors.push(Error::io(folder, io::Error::other(error))),
            }
        }
        if inputs.texts.len() + inputs.errors.len() == before {
            let kinds = match self.extensions.as_slice() {
                [] => "text or layout".to_string(),
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

    /// Adds a file, or for an archive those of its members that would be read in a folder.
    fn add(&self, path: PathBuf, root: Root, inputs: &mut Inputs) {
        let opening = self.opening;
        // In a folder the name tells: a million texts are not opened to see what they are.
        let found = matches!(root, Root::Folder(_));
        let opened = (!found || has_extension(&path, ARCHIVE_EXTENSIONS)) && !is_word(&path);
        let text = |path: PathBuf, root: Root| {
            let path = Some(path);
            Input { path, member: None, root, opening, extension: None }
        };
        let Some(kind) = opened.then(|| Container::at(&path)).flatten() else {
            inputs.texts.push(text(path, root));
            return;
        };
        match container::members(&path, &opening.container()) {
            Ok(members) if cfg!(feature = "docx") && members.contains(&WORD_MEMBER.into()) => {
                inputs.texts.push(text(path, root));
            }
            Ok(members) => {
                let head = |member: &Path| container::peek_member(&path, member, HEAD);
                let wanted = members
                    .into_iter()
                    .filter(|member| self.is_text(member, || head(member).unwrap_or_default()));
                let alone = matches!(kind, Container::Gzip);
                inputs.texts.extend(wanted.map(|member| Input {
                    path: Some(path.clone()),
                    member: Some(Member { path: member, alone }),
                    root: root.clone(),
                    opening,
                    extension: None,
                }));
            }
            Err(error) => inputs.errors.push(error),
        }
    }

    /// True for a file of a folder that is read.
    fn is_wanted(&self, path: &Path) -> bool {
        let archive = self.extensions.is_empty() && has_extension(path, ARCHIVE_EXTENSIONS);
        archive || self.is_text(path, || head(path))
    }

    /// True for a file that is a text by its name, or by its name and its first bytes.
    fn is_text(&self, path: &Path, head: impl FnOnce() -> Vec<u8>) -> bool {
        if !self.extensions.is_empty() {
            return has_extension(path, self.extensions.iter().map(String::as_str));
        }
        has_extension(path, TEXT_EXTENSIONS)
            || is_word(path)
            || has_extension(path, LAYOUT_EXTENSIONS) && layout::recognise(&head()).is_some()
    }
}

/// True for a file that is a Word file by its name.
fn is_word(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    cfg!(feature = "docx")
        && has_extension(path, WORD_EXTENSIONS)
        && !name.starts_with(OPEN_IN_WORD)
}

fn head(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = fs::File::open(path) {
        // What cannot be read shows no format; the error comes up when it is named outright.
        let _ = file.take(HEAD).read_to_end(&mut bytes);
    }
    bytes
}

fn has_extension<'a>(path: &Path, extensions: impl IntoIterator<Item = &'a str>) -> bool {
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let is = |wanted: &str| extension.eq_ignore_ascii_case(wanted.trim_start_matches('.'));
    extensions.into_iter().any(is)
}

fn read_stdin(name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes).map_err(|cause| Error::io(name, cause))?;
    Ok(bytes)
}

/// The path a line of a list is. Where the system's paths are bytes any bytes will do.
fn path_of(list: &Path, line: &[u8]) -> Result<PathBuf> {
    #[cfg(unix)]
    let path = Some(OsString::from_vec(line.to_vec()));
    #[cfg(not(unix))]
    let path = std::str::from_utf8(line).ok().map(OsString::from);
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
