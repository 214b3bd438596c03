//! What lies on the desk when a review begins: the texts, what was found in them, and what was
//! decided before.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use crate::cli::apply::{DECISIONS, SUGGESTIONS, write_new};
use crate::cli::args::ReviewArgs;
use crate::cli::batch::in_order;
use crate::cli::check::check_text;
use crate::cli::console::Console;
use crate::cli::settings::{ALLOWED, Rejected, Settings};
use kanwu::batch::hash;
use kanwu::emit::json::{Record, SuggestionRecord, write_line};
use kanwu::review::{Proof, Verdict, allow};
use kanwu::{Error, Language, Report, Result, Source, Suggestion};

/// A review.
pub(crate) struct Desk {
    /// The suggestions, and what was decided on them.
    pub(crate) proof: Proof,
    /// The texts, in the order of their suggestions. One in which nothing was found is there too.
    pub(crate) texts: Vec<Text>,
    /// Who reviews.
    pub(crate) reviewer: String,
    /// Language of messages.
    pub(crate) language: Language,
    /// The table that words go to which the reviewer allows.
    house: PathBuf,
}

/// A text under review.
pub(crate) struct Text {
    /// The text.
    pub(crate) source: Source,
    /// The suggestions shown, in the order of the text.
    pub(crate) suggestions: Vec<Suggestion>,
    /// Their indices in [`Desk::proof`].
    pub(crate) indices: Range<usize>,
}

impl Desk {
    /// Checks the texts `args` names, saves what was found for `kanwu apply`, and reads what was
    /// decided before. A text that cannot be read is reported and left out.
    pub(crate) fn open(args: &ReviewArgs, console: &mut Console) -> Result<Self> {
        let inputs = args.paths.gather()?;
        let settings = Settings::new(&args.texts, &inputs.texts, Rejected::There)?;
        inputs.errors.iter().for_each(|error| console.error(error));
        let check = |input: &_| -> Result<(Source, Report)> {
            let pipeline = settings.pipeline(input)?;
            let source = input.read(pipeline.config().encoding)?;
            let report = check_text(&pipeline, &source, args.texts.reading());
            Ok((source, report))
        };
        let (mut texts, mut records, mut hashes) = (Vec::new(), Vec::new(), BTreeMap::new());
        let language = console.language;
        in_order(&inputs.texts, console, check, |_, checked, console| {
            let (source, report) = match checked {
                Ok(checked) => checked,
                Err(error) => {
                    console.error(&error);
                    return Ok(());
                }
            };
            console.mistakes(&source, &report);
            let shown = |s: &Suggestion| {
                s.level >= args.level && s.finding.confidence >= args.texts.min_confidence
            };
            let suggestions: Vec<Suggestion> =
                report.suggestions.into_iter().filter(shown).collect();
            let first = records.len();
            let record = |s: &Suggestion| SuggestionRecord::new(&source, s, language);
            records.extend(suggestions.iter().map(record));
            hashes.insert(source.name().to_string(), hash(source.bytes()));
            texts.push(Text { source, suggestions, indices: first..records.len() });
            Ok(())
        })?;
        save(&records)?;
        let log = args.texts.decisions.clone().unwrap_or_else(|| PathBuf::from(DECISIONS));
        let proof = Proof::open(records, hashes, &log)?;
        let house = args.allowed.clone().unwrap_or_else(|| PathBuf::from(ALLOWED));
        Ok(Self { proof, texts, reviewer: args.reviewer(), language, house })
    }

    /// A desk with these texts and suggestions, the decisions and the table of the house in
    /// `folder`.
    #[cfg(test)]
    pub(crate) fn laid(
        found: Vec<(Source, Vec<Suggestion>)>,
        folder: &std::path::Path,
        reviewer: &str,
        language: Language,
    ) -> Self {
        let (mut texts, mut records) = (Vec::new(), Vec::new());
        for (source, suggestions) in found {
            let first = records.len();
            let record = |s: &Suggestion| SuggestionRecord::new(&source, s, language);
            records.extend(suggestions.iter().map(record));
            texts.push(Text { source, suggestions, indices: first..records.len() });
        }
        let log = folder.join("decisions.jsonl");
        let proof = Proof::open(records, BTreeMap::new(), &log).expect("a log");
        let (reviewer, house) = (reviewer.to_string(), folder.join("house.txt"));
        Self { proof, texts, reviewer, language, house }
    }

    /// The text a suggestion is about, and its number there.
    pub(crate) fn text_of(&self, index: usize) -> (&Text, usize) {
        let number = self.texts.partition_point(|text| text.indices.end <= index);
        let text = &self.texts[number];
        (text, index - text.indices.start)
    }

    /// Writes the wrong text of a suggestion into the table of the house as right, and rejects
    /// every suggestion about it. Gives the indices of those decided on.
    pub(crate) fn always_allow(&mut self, reviewer: &str, index: usize) -> Result<Vec<usize>> {
        let word = self.proof.suggestions()[index].wrong.clone();
        allow(&self.house, &word)?;
        let now = jiff::Timestamp::now();
        self.proof.decide_about(reviewer, now, &word, &Verdict::Reject)
    }
}

/// Saves the suggestions under review, so that `kanwu apply` finds them.
fn save(records: &[SuggestionRecord]) -> Result<()> {
    let mut lines = Vec::new();
    for record in records {
        let record = Record::Suggestion(Box::new(record.clone()));
        write_line(&record, &mut lines).map_err(|cause| Error::io("<memory>", cause))?;
    }
    write_new(SUGGESTIONS.as_ref(), &lines)
}
