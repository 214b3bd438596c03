//! Which settings hold for which text: those of the nearest `kanwu.toml` upward from it, then
//! those of the command line.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::apply::DECISIONS;
use super::args::{Texts, check_rule_name};
use super::index;
use super::input::{Input, canonical};
use super::models::{self, ENGINES};
use kanwu::archive::ArchiveIndex;
use kanwu::batch::{Digest, hash, hash_file};
use kanwu::config::{ConfigFile, House};
use kanwu::correct::Engine;
use kanwu::review::{Log, Standing, read_log};
use kanwu::{Config, Error, Pipeline, Result};

/// The name of the file settings are looked for in.
pub(crate) const NAME: &str = "kanwu.toml";

/// What follows the name of a text in the name of its own table.
const DOCUMENT_TABLE: &str = ".kanwu";

/// The table that words go to which reviewers allow; it counts after those a `kanwu.toml` names.
pub(crate) const ALLOWED: &str = ".kanwu/house.txt";

/// Whether what was rejected is suggested again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// It is left out.
    Quiet,
    /// It is there, for somebody who may think again.
    There,
}

/// The settings of a run, all read before the first text is: a mistake in one stops it.
pub(crate) struct Settings {
    /// Each `kanwu.toml` in use, in the order of the texts, with what it comes to.
    groups: Vec<Group>,
    /// The number of the group of each folder.
    of_folder: FxHashMap<PathBuf, usize>,
}

/// Texts with the same settings.
struct Group {
    /// The `kanwu.toml`; `None` where there is none.
    path: Option<PathBuf>,
    layers: Layers,
    pipeline: Arc<Pipeline>,
    /// Hash of the settings.
    digest: Digest,
    /// The first text, and how many there are.
    first: String,
    texts: usize,
}

/// A `kanwu.toml` and what it extends, the more general ones first.
#[derive(Default)]
struct Layers {
    paths: Vec<PathBuf>,
    files: Vec<ConfigFile>,
    tables: Vec<PathBuf>,
    /// The engine, by its name or its file.
    engine: Option<String>,
}

impl Settings {
    /// Finds and reads the settings of all `inputs`.
    ///
    /// # Errors
    /// [`Error::Table`] with file and line of a mistake in a `kanwu.toml` or a table,
    /// [`Error::Io`] for one that cannot be read.
    pub(crate) fn new(texts: &Texts, inputs: &[Input], rejected: Rejected) -> Result<Self> {
        Self::beside(None, texts, inputs, rejected)
    }

    /// The same with the dictionaries, models and counts of `known`, a pipeline for which `texts`
    /// named the same ones: that costs next to nothing.
    ///
    /// # Errors
    /// As [`Settings::new`].
    pub(crate) fn beside(
        known: Option<&Pipeline>,
        texts: &Texts,
        inputs: &[Input],
        rejected: Rejected,
    ) -> Result<Self> {
        for name in texts.select.iter().chain(&texts.ignore) {
            check_rule_name(name)?;
        }
        let archive = match known {
            Some(_) => None,
            None => texts.index.as_deref().map(index::read).transpose()?,
        };
        let mut settings = Self { groups: Vec::new(), of_folder: FxHashMap::default() };
        let rejected = match rejected {
            Rejected::Quiet => Arc::new(texts.rejected()?),
            Rejected::There => Arc::default(),
        };
        let mut lexicon = known.is_none().then(|| texts.models.lexicon()).transpose()?;
        let mut of_path: FxHashMap<Option<PathBuf>, usize> = FxHashMap::default();
        for input in inputs {
            let folder = folder(input);
            if let Some(group) = settings.of_folder.get(&folder) {
                settings.groups[*group].texts += 1;
                continue;
            }
            let path = match (&texts.config, texts.isolated) {
                (Some(path), _) => Some(path.clone()),
                (None, true) => None,
                (None, false) => nearest(&folder),
            };
            let group = match of_path.get(&path) {
                Some(group) => *group,
                None => {
                    let mut layers = path.as_deref().map_or(Ok(Layers::default()), Layers::read)?;
                    layers.engine = texts.models.engine.clone().or(layers.engine);
                    let config = texts.over(layers.config(texts)?);
                    let config = Config { rejected: Arc::clone(&rejected), ..config };
                    let other = settings.groups.first().map(|group| &*group.pipeline);
                    let pipeline = match (known.or(other), lexicon.take()) {
                        (Some(other), _) => other.with_config(config)?,
                        (None, Some(lexicon)) => Pipeline::with_lexicon(lexicon, config)?,
                        (None, None) => Pipeline::new(config)?,
                    };
                    let pipeline = match known {
                        Some(_) => pipeline,
                        None => pipeline.with_archive(archive.clone()),
                    };
                    let digest = hash(format!("{:?}", pipeline.config()).as_bytes());
                    let (first, pipeline) = (input.name(), Arc::new(pipeline));
                    settings.groups.push(Group {
                        path: path.clone(),
                        layers,
                        pipeline,
                        digest,
                        first,
                        texts: 0,
                    });
                    settings.groups.len() - 1
                }
            };
            settings.groups[group].texts += 1;
            of_path.insert(path, group);
            settings.of_folder.insert(folder, group);
        }
        Ok(settings)
    }

    /// The pipeline of a text. Where a table of its own lies beside it, as `要闻.txt.kanwu`, that
    /// counts before all others.
    ///
    /// # Errors
    /// [`Error::Table`] and [`Error::Io`] about that table.
    pub(crate) fn pipeline(&self, input: &Input) -> Result<Arc<Pipeline>> {
        let group = &self.groups[self.of_folder[&folder(input)]];
        let Some(table) = document_table(input) else { return Ok(Arc::clone(&group.pipeline)) };
        let config = group.pipeline.config();
        let mut house = House::clone(&config.house);
        add_table(&mut house, &table)?;
        let config = Config { house: Arc::new(house), ..config.clone() };
        Ok(Arc::new(group.pipeline.with_config(config)?))
    }

    /// The tables that hold for a text, the nearest last.
    #[cfg(feature = "lsp")]
    pub(crate) fn tables(&self, input: &Input) -> &[PathBuf] {
        &self.groups[self.of_folder[&folder(input)]].layers.tables
    }

    /// The same settings, with the evidence of an archive.
    pub(crate) fn with_archive(mut self, archive: Option<&Arc<ArchiveIndex>>) -> Self {
        self.change_pipelines(|pipeline| pipeline.with_archive(archive.cloned()));
        self
    }

    /// Changes every pipeline; none of them is in use yet.
    pub(crate) fn change_pipelines(&mut self, mut change: impl FnMut(Pipeline) -> Pipeline) {
        for mut group in std::mem::take(&mut self.groups) {
            group.pipeline = match Arc::try_unwrap(group.pipeline) {
                Ok(pipeline) => Arc::new(change(pipeline)),
                Err(used) => used,
            };
            self.groups.push(group);
        }
    }

    /// What tells the settings of a text from others, in bytes.
    ///
    /// # Errors
    /// [`Error::Io`] when its own table cannot be read.
    pub(crate) fn fingerprint(&self, input: &Input) -> Result<Vec<u8>> {
        let group = &self.groups[self.of_folder[&folder(input)]];
        let mut bytes = group.digest.0.to_le_bytes().to_vec();
        if let Some(table) = document_table(input) {
            bytes.extend(hash_file(&table)?.0.to_le_bytes());
        }
        Ok(bytes)
    }

    /// Prints what holds for the texts, in the form of a `kanwu.toml`.
    pub(crate) fn show(&self, out: &mut dyn Write) -> io::Result<()> {
        for (number, group) in self.groups.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            let more = match group.texts {
                0 | 1 => String::new(),
                texts => format!(" and {} more", texts - 1),
            };
            writeln!(out, "# {}{more}", group.first)?;
            match group.path {
                Some(_) => {
                    for path in group.layers.paths.iter().rev() {
                        writeln!(out, "# from {}", path.display())?;
                    }
                }
                None => writeln!(out, "# from no {NAME}")?,
            }
            let config = group.pipeline.config();
            for (what, names) in [("only", &config.select), ("not", &config.ignore)] {
                if !names.is_empty() {
                    writeln!(out, "# {what} {}", names.join(", "))?;
                }
            }
            let (words, phrases) = config.house.len();
            if !config.house.is_empty() {
                writeln!(out, "# {words} words and {phrases} phrases in tables")?;
            }
            let tables = group.layers.tables.iter().map(|path| path.display().to_string());
            let mut file = ConfigFile { tables: tables.collect(), ..ConfigFile::of(config) };
            file.engine = file.engine.or_else(|| group.layers.engine.clone());
            write!(out, "{}", file.to_toml())?;
        }
        Ok(())
    }
}

impl Layers {
    fn read(path: &Path) -> Result<Self> {
        let mut layers = Self::default();
        layers.add(path)?;
        Ok(layers)
    }

    /// Adds a file behind those it extends.
    fn add(&mut self, path: &Path) -> Result<()> {
        let text = read(path)?;
        let name = path.display().to_string();
        let file = ConfigFile::parse(&name, &text)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        // The path is told before what it extends is read, so that a circle is seen.
        let known = self.paths.iter().any(|other| canonical(other) == canonical(path));
        if known {
            return Err(Error::table(name, 0, "it extends itself"));
        }
        self.paths.insert(0, path.to_path_buf());
        if let Some(extended) = &file.extend {
            self.add(&folder.join(extended))?;
        }
        if let Some(engine) = &file.engine {
            let named = ENGINES.contains(&engine.as_str());
            let path = || folder.join(engine).display().to_string();
            self.engine = Some(if named { engine.clone() } else { path() });
        }
        self.tables.extend(file.tables.iter().map(|table| folder.join(table)));
        self.files.push(file);
        Ok(())
    }

    /// What the files and tables come to, with the profile of the command line.
    fn config(&self, texts: &Texts) -> Result<Config> {
        let mut files = self.files.clone();
        files.extend(
            texts.profile.map(|p| ConfigFile { profile: Some(p), ..ConfigFile::default() }),
        );
        let mut house = House::default();
        self.tables.iter().try_for_each(|table| add_table(&mut house, table))?;
        let allowed = texts.home.join(ALLOWED);
        if !texts.isolated && allowed.is_file() {
            add_table(&mut house, &allowed)?;
        }
        let engine = self.engine.as_deref().map_or(Ok(Engine::Generic), models::engine)?;
        Ok(Config { engine, house: Arc::new(house), ..Config::default().with(&files)? })
    }
}

impl Texts {
    /// The identities of what reviewers have rejected. Whoever has decided is told by `review` and
    /// `apply` of lines that cannot be read.
    fn rejected(&self) -> Result<BTreeSet<String>> {
        let log = match &self.decisions {
            Some(path) => Log::parse(&fs::read(path).map_err(|cause| Error::io(path, cause))?),
            None if self.isolated => Log::default(),
            None => read_log(&self.home.join(DECISIONS))?,
        };
        let standing = Standing::of(log.decisions);
        Ok(standing.rejected().map(str::to_string).collect())
    }

    /// What the command line says, over `config`.
    fn over(&self, config: Config) -> Config {
        // Whoever asks for less confidence than a hint has asks for what is no hint.
        let asked = Some(self.min_confidence).filter(|asked| *asked > 0.0).unwrap_or(1.0);
        Config {
            suspect_hint_from: config.suspect_hint_from.min(asked),
            select: self.select.clone(),
            ignore: self.ignore.clone(),
            encoding: self.encoding.or(config.encoding),
            date: self.date.or(config.date),
            ..config
        }
    }
}

fn add_table(house: &mut House, path: &Path) -> Result<()> {
    house.add_table(&path.display().to_string(), &read(path)?)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| Error::io(path, cause))
}

/// The folder of a text; for standard input that of the name it was given, or the working one.
fn folder(input: &Input) -> PathBuf {
    let name = input.name();
    let path = input.path.as_deref().unwrap_or(Path::new(&name));
    path.parent().unwrap_or(Path::new("")).to_path_buf()
}

/// The table of a text's own.
fn document_table(input: &Input) -> Option<PathBuf> {
    let mut name = input.path.as_deref()?.as_os_str().to_os_string();
    name.push(DOCUMENT_TABLE);
    Some(PathBuf::from(name)).filter(|path| path.is_file())
}

/// The `kanwu.toml` in a folder or in the nearest one above it, named from the working folder where
/// it lies in that.
fn nearest(folder: &Path) -> Option<PathBuf> {
    let here = env::current_dir().ok().map(|folder| canonical(&folder));
    let folder = match &here {
        Some(here) if folder.as_os_str().is_empty() => here.clone(),
        _ => canonical(folder),
    };
    let found = folder.ancestors().map(|above| above.join(NAME)).find(|path| path.is_file())?;
    let below = here.and_then(|here| found.strip_prefix(here).ok().map(Path::to_path_buf));
    Some(below.unwrap_or(found))
}
