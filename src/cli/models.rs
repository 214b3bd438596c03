//! Which language models are mixed in, and where they are found.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use kanwu::batch::hash_file;
use kanwu::correct::{ChannelCounts, Engine};
use kanwu::lexicon::Lexicon;
use kanwu::model::NgramModel;
use kanwu::{Error, Result};

/// The model of general language: too large, and under another licence, to be part of the
/// program. It is used where it is found.
const GENERAL: &str = "general.lm";

/// The share of a model that says none.
pub(crate) const DEFAULT_SHARE: f32 = 0.3;

#[derive(Clone, Debug, Args)]
pub(crate) struct Models {
    /// Mix in a language model of the house (`kanwu train lm`), with a share from 0 to 1 of the
    /// whole [default SHARE: what `kanwu train mixture` recorded in the file, else 0.3]
    #[arg(long = "model", global = true, value_name = "FILE[=SHARE]", value_parser = parse_model)]
    house: Vec<Model>,

    /// Do not mix in general.lm, even where it is found
    #[arg(long, global = true)]
    no_general: bool,

    /// What read the pages: paddle (PP-OCR, RapidOCR), tesseract, or a table of its misreadings
    /// (`kanwu train channel`) [default: generic, the mean of both]
    #[arg(long, global = true, value_name = "NAME|FILE")]
    pub(crate) engine: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    path: PathBuf,
    share: Option<f32>,
}

impl Models {
    /// What tells these models from others, in bytes.
    pub(crate) fn fingerprint(&self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let general =
            general().filter(|_| !self.no_general).map(|path| Model { path, share: None });
        for Model { path, share } in general.iter().chain(&self.house) {
            bytes.extend(hash_file(path)?.0.to_le_bytes());
            bytes.extend(format!("{share:?}").into_bytes());
        }
        Ok(bytes)
    }

    /// kanwu's own dictionaries, with these models mixed in.
    pub(crate) fn lexicon(&self) -> Result<Lexicon> {
        let mut lexicon = Lexicon::builtin()?;
        if let Some(path) = general().filter(|_| !self.no_general) {
            mix(&mut lexicon, &path, None)?;
        }
        for Model { path, share } in &self.house {
            mix(&mut lexicon, path, *share)?;
        }
        Ok(lexicon)
    }

    /// These models with what an editor's settings say: models in the form of `--model`, with
    /// paths relative to `folder`; whether to mix in general.lm; and the engine.
    ///
    /// # Errors
    /// [`Error::Usage`] when a share is none.
    #[cfg(feature = "lsp")]
    pub(crate) fn over(
        self,
        models: Option<&[String]>,
        general: Option<bool>,
        engine: Option<&str>,
        folder: &Path,
    ) -> Result<Self> {
        let house = match models {
            Some(models) => models
                .iter()
                .map(|model| {
                    let model = parse_model(model).map_err(Error::Usage)?;
                    Ok(Model { path: folder.join(&model.path), ..model })
                })
                .collect::<Result<_>>()?,
            None => self.house,
        };
        let engine = engine.map(|engine| match ENGINES.contains(&engine) {
            true => engine.to_string(),
            false => folder.join(engine).display().to_string(),
        });
        let no_general = general.map_or(self.no_general, |general| !general);
        Ok(Self { house, no_general, engine: engine.or(self.engine) })
    }

    /// The engine that was named, else any.
    pub(crate) fn engine(&self) -> Result<Engine> {
        self.engine.as_deref().map_or(Ok(Engine::Generic), engine)
    }
}

/// Names of engines; anything else is a file.
pub(crate) const ENGINES: [&str; 3] = ["generic", "paddle", "tesseract"];

/// The engine of that name, or whose misreadings stand in that file.
pub(crate) fn engine(name: &str) -> Result<Engine> {
    match name {
        "generic" => Ok(Engine::Generic),
        "paddle" => Ok(Engine::Paddle),
        "tesseract" => Ok(Engine::Tesseract),
        path => {
            let text = fs::read_to_string(path).map_err(|cause| match cause.kind() {
                ErrorKind::NotFound => Error::Usage(format!(
                    "engine {path}: this is neither generic, paddle or tesseract nor a file"
                )),
                _ => Error::io(path, cause),
            })?;
            Ok(Engine::Counted(Arc::new(ChannelCounts::parse(path, &text)?)))
        }
    }
}

fn mix(lexicon: &mut Lexicon, path: &Path, share: Option<f32>) -> Result<()> {
    let model = read(path)?;
    let share = share.or(model.share()).unwrap_or(DEFAULT_SHARE);
    lexicon.mix(model, share)
}

/// Reads a model's file.
pub(crate) fn read(path: &Path) -> Result<NgramModel> {
    let bytes = fs::read(path).map_err(|cause| Error::io(path, cause))?;
    NgramModel::new(&path.display().to_string(), bytes)
}

/// Where the model of general language lies: beside the program; in the `dictionaries/models` of
/// the checkout it was built in (as `target/release/kanwu`); in the user's data folder.
fn general() -> Option<PathBuf> {
    let program = env::current_exe().and_then(fs::canonicalize).ok();
    let beside = program.as_deref().and_then(Path::parent);
    let checkout = beside
        .and_then(|folder| folder.ancestors().nth(2))
        .map(|checkout| checkout.join("dictionaries/models"));
    let data = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let data = data.or_else(|| Some(env::home_dir()?.join(".local/share")));
    [beside.map(Path::to_path_buf), checkout, data.map(|data| data.join("kanwu"))]
        .into_iter()
        .flatten()
        .map(|folder| folder.join(GENERAL))
        .find(|path| path.is_file())
}

fn parse_model(model: &str) -> std::result::Result<Model, String> {
    let Some((path, share)) = model.rsplit_once('=') else {
        return Ok(Model { path: model.into(), share: None });
    };
    match share.parse() {
        Ok(share) if share > 0.0 && share < 1.0 => {
            Ok(Model { path: path.into(), share: Some(share) })
        }
        _ => Err("SHARE is a number between 0 and 1".to_string()),
    }
}
