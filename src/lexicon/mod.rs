//! Everything read from `dictionaries/`: parsed once, then immutable and passed as `&Lexicon`.

mod code_points;
mod confusions;
mod folding;
mod glyphs;
mod lookalikes;
mod names;
mod page_patterns;
mod pair_places;
mod phrases;
mod protected_phrases;
mod readings;
mod reduplications;
mod table;
mod traditional;
mod variant_words;

pub use code_points::{CodePoint, CodePointClass};
pub use confusions::Confusion;
pub use folding::{Folding, LONGEST_FOLDED};
pub use glyphs::Glyphs;
pub use lookalikes::Lookalike;
pub use names::Names;
pub use page_patterns::{Mark, Marks, PagePatterns, compact};
pub use pair_places::{LONGEST_CONTEXT, PairPlaces, PlaceContext};
pub use phrases::Phrases;
pub use protected_phrases::{Date, FoundPart, ProtectedPhrase, ProtectedPhrases, parse_date};
pub use readings::{Readings, Sound};
pub use reduplications::Reduplications;
pub use table::Table;
pub use traditional::{Traditional, TraditionalUse};
pub use variant_words::{VariantUse, VariantWord};

use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;
use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::model::{Mixture, Neighbours, NgramModel};
use crate::segment::{LayoutModel, StructureModel};

/// The name of a shipped table and those of its lines that `$keep` wants.
macro_rules! shipped {
    ($name:literal, $keep:expr) => {
        ($name, &*kept($name, include_str!(concat!("../../dictionaries/", $name)), $keep))
    };
}

/// The header of a table and the rows `keep` wants.
fn kept(name: &str, text: &'static str, keep: &dyn Fn(&str, &str) -> bool) -> String {
    let wanted = |line: &&str| line.starts_with('#') || keep(name, line.trim_end_matches('\n'));
    text.split_inclusive('\n').filter(wanted).collect()
}

/// The bytes of a model, laid out so that no bucket of it lies across two cache lines.
#[repr(align(64))]
struct Aligned<T: ?Sized>(T);

static NEWS: &Aligned<[u8]> = &Aligned(*include_bytes!("../../dictionaries/models/news.lm"));

/// The dictionaries, ready for use.
pub struct Lexicon {
    /// Takes longer to load than all the rest, so it is loaded beside it.
    jieba: Arc<OnceLock<Jieba>>,
    code_points: FxHashMap<char, CodePoint>,
    confusions: Phrases<Confusion>,
    glyphs: Glyphs,
    lookalikes: Phrases<Vec<Lookalike>>,
    traditional: FxHashMap<char, Traditional>,
    folding: Folding,
    variant_words: Phrases<VariantWord>,
    protected_phrases: ProtectedPhrases,
    names: Names,
    readings: Readings,
    reduplications: Reduplications,
    page_patterns: PagePatterns,
    pair_places: PairPlaces,
    structure: StructureModel,
    layout_model: LayoutModel,
    news: Arc<NgramModel>,
    mixed: Arc<Mixture>,
    neighbours: Arc<OnceLock<Neighbours>>,
}

impl Names {
    /// The names kanwu ships with, without the other dictionaries.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a shipped table has a mistake.
    pub fn builtin() -> Result<Self> {
        Self::shipped(&|_, _| true)
    }

    fn shipped(keep: &dyn Fn(&str, &str) -> bool) -> Result<Self> {
        Self::parse(
            shipped!("surnames.tsv", keep),
            shipped!("titles.tsv", keep),
            shipped!("organisations.tsv", keep),
        )
    }
}

impl Lexicon {
    /// The dictionaries kanwu ships with.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a shipped table has a mistake.
    pub fn builtin() -> Result<Self> {
        Self::builtin_where(&|_, _| true)
    }

    /// The same with only those rows that `keep`, given the table's name and a row, wants: to see
    /// what a text owes to single rows.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a shipped table has a mistake.
    pub fn builtin_where(keep: &dyn Fn(&str, &str) -> bool) -> Result<Self> {
        let mut lexicon = Self::without_layout_where(keep)?;
        lexicon.layout_model = LayoutModel::parse(
            "layout.txt",
            include_str!("../../dictionaries/models/layout.txt"),
            &lexicon,
        )?;
        Ok(lexicon)
    }

    /// The dictionaries without what was trained on layout files, to train it.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a shipped table has a mistake.
    pub fn without_layout() -> Result<Self> {
        Self::without_layout_where(&|_, _| true)
    }

    fn without_layout_where(keep: &dyn Fn(&str, &str) -> bool) -> Result<Self> {
        let mut lexicon = Self::tables(keep)?;
        lexicon.structure = StructureModel::parse(
            "structure.txt",
            include_str!("../../dictionaries/models/structure.txt"),
            &lexicon,
        )?;
        Ok(lexicon)
    }

    /// The dictionaries without what was trained on pages, to train it.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a shipped table has a mistake.
    pub fn untrained() -> Result<Self> {
        Self::tables(&|_, _| true)
    }

    fn tables(keep: &dyn Fn(&str, &str) -> bool) -> Result<Self> {
        let jieba = Arc::new(OnceLock::new());
        let loading = Arc::clone(&jieba);
        rayon::spawn(move || {
            loading.get_or_init(Jieba::new);
        });
        let news = Arc::new(NgramModel::new("models/news.lm", &NEWS.0)?);
        let traditional = traditional::parse(shipped!("traditional.tsv", keep))?;
        Ok(Self {
            jieba,
            folding: Folding::parse(
                shipped!("folding.tsv", keep),
                shipped!("unfolding.tsv", keep),
                &traditional,
            )?,
            traditional,
            mixed: Arc::new(Mixture::alone(Arc::clone(&news))),
            neighbours: Arc::default(),
            news,
            code_points: code_points::parse(shipped!("code_points.tsv", keep))?,
            confusions: confusions::parse(shipped!("confusions.tsv", keep))?,
            glyphs: Glyphs::parse(shipped!("models/glyphs.tsv", keep))?,
            lookalikes: lookalikes::parse(shipped!("lookalikes.tsv", keep))?,
            variant_words: variant_words::parse(shipped!("variant_words.tsv", keep))?,
            protected_phrases: ProtectedPhrases::parse(shipped!("protected_phrases.tsv", keep))?,
            names: Names::shipped(keep)?,
            page_patterns: PagePatterns::parse(shipped!("page_patterns.tsv", keep))?,
            pair_places: PairPlaces::parse(shipped!("pair_places.tsv", keep))?,
            readings: Readings::parse(shipped!("readings.tsv", keep))?,
            reduplications: Reduplications::parse(shipped!("reduplications.tsv", keep))?,
            structure: StructureModel::default(),
            layout_model: LayoutModel::default(),
        })
    }

    /// The word segmenter and its dictionary.
    pub fn jieba(&self) -> &Jieba {
        self.jieba.get_or_init(Jieba::new)
    }

    /// The language model of Chinese news text: what was trained with it must be used with it.
    pub fn language_model(&self) -> &NgramModel {
        &self.news
    }

    /// Puts another model of news in, in the place of all that were mixed.
    pub fn set_language_model(&mut self, model: NgramModel) {
        self.news = Arc::new(model);
        self.mixed = Arc::new(Mixture::alone(Arc::clone(&self.news)));
        self.neighbours = Arc::default();
    }

    /// The same mixed with the models that were put in: what reads sentences.
    pub fn mixed_model(&self) -> &Mixture {
        &self.mixed
    }

    /// Which characters the mixture has seen beside which.
    pub fn neighbours(&self) -> &Neighbours {
        self.neighbours.get_or_init(|| Neighbours::new(&self.mixed))
    }

    /// Begins to gather the neighbours, so that they are there when a text asks for them.
    pub(crate) fn gather_neighbours(&self) {
        let (neighbours, mixed) = (Arc::clone(&self.neighbours), Arc::clone(&self.mixed));
        rayon::spawn(move || {
            neighbours.get_or_init(|| Neighbours::new(&mixed));
        });
    }

    /// Puts a language model in, with its share of the mixture.
    ///
    /// # Errors
    /// See [`Mixture::add`].
    pub fn mix(&mut self, model: NgramModel, share: f32) -> Result<()> {
        self.neighbours = Arc::default();
        Arc::make_mut(&mut self.mixed).add(Arc::new(model), share)
    }

    /// What is known about `character` if its code is wrong in a Chinese text.
    pub fn code_point(&self, character: char) -> Option<&CodePoint> {
        self.code_points.get(&character)
    }

    /// Words often written wrong, by their wrong form.
    pub fn confusions(&self) -> &Phrases<Confusion> {
        &self.confusions
    }

    /// How alike characters look.
    pub fn glyphs(&self) -> &Glyphs {
        &self.glyphs
    }

    /// What OCR writes for another sign, by the wrong form.
    pub fn lookalikes(&self) -> &Phrases<Vec<Lookalike>> {
        &self.lookalikes
    }

    /// The simplified forms of `character` if simplified text does not use it.
    pub fn traditional(&self, character: char) -> Option<&Traditional> {
        self.traditional.get(&character)
    }

    /// Between traditional and simplified script.
    pub fn folding(&self) -> &Folding {
        &self.folding
    }

    /// Words with two written forms, by the one that is not recommended.
    pub fn variant_words(&self) -> &Phrases<VariantWord> {
        &self.variant_words
    }

    /// Phrases that must stand exactly so.
    pub fn protected_phrases(&self) -> &ProtectedPhrases {
        &self.protected_phrases
    }

    /// Names of people and institutions.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// How characters sound.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// Doubled characters that are right.
    pub fn reduplications(&self) -> &Reduplications {
        &self.reduplications
    }

    /// The patterns of captions, bylines and page furniture.
    pub fn page_patterns(&self) -> &PagePatterns {
        &self.page_patterns
    }

    /// Where marks of pairs stand.
    pub fn pair_places(&self) -> &PairPlaces {
        &self.pair_places
    }

    /// What was learnt about the structure of pages.
    pub fn structure(&self) -> &StructureModel {
        &self.structure
    }

    /// What was learnt about the boxes of layout files.
    pub fn layout_model(&self) -> &LayoutModel {
        &self.layout_model
    }

    /// Puts another model of boxes in.
    pub fn set_layout_model(&mut self, model: LayoutModel) {
        self.layout_model = model;
    }

    /// Puts another model of structure in.
    pub fn set_structure(&mut self, structure: StructureModel) {
        self.structure = structure;
    }
}
