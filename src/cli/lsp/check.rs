//! One text of the editor, checked as `kanwu check` checks it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gen_lsp_types::Uri;

use super::queue::Job;
use super::ruler::{Columns, Ruler};
use super::wishes::Setup;
use crate::cli::args::{Opening, Texts};
use crate::cli::input::{Input, canonical};
use crate::cli::settings::{ALLOWED, Rejected, Settings};
use kanwu::apply::{Written, apply_within};
use kanwu::batch::correct;
use kanwu::{Edit, Encoding, Level, Pipeline, Report, Result, Source, Span, Suggestion};

/// Name of a text that was never saved, in the folder of the editor.
const NAMELESS: &str = "<untitled>";

/// A state of a text that is to be checked.
pub(super) struct Task {
    pub(super) uri: Uri,
    pub(super) version: i32,
    /// The number of the state (see [`super::draft::Draft`]).
    pub(super) state: u64,
    pub(super) text: Arc<String>,
    /// The file, where there is one.
    pub(super) path: Option<PathBuf>,
    /// The folder of the editor's that it belongs to.
    pub(super) folder: PathBuf,
    pub(super) setup: Arc<Setup>,
    /// Counts how often settings have changed: what was read of them before is read again.
    pub(super) settings: u64,
    pub(super) columns: Columns,
}

impl Job for Task {
    fn text(&self) -> &str {
        &self.uri.0
    }
}

/// A state of a text with what was found in it.
pub(super) struct Checked {
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) state: u64,
    /// The text of the editor. All spans given out are its bytes.
    pub(super) text: Arc<String>,
    pub(super) ruler: Ruler,
    /// What was read; of a layout file its plain text, in which the suggestions stand.
    pub(super) source: Source,
    /// The suggestions that are shown.
    pub(super) suggestions: Vec<Suggestion>,
    /// Mistakes in the switches of the text, with their lines, from 1.
    pub(super) mistakes: Vec<(usize, String)>,
    pub(super) pipeline: Arc<Pipeline>,
    /// The table for a word that is right: the nearest of the settings, else that of the reviewers,
    /// which need not be there yet.
    pub(super) table: PathBuf,
    pub(super) path: Option<PathBuf>,
    pub(super) folder: PathBuf,
    pub(super) setup: Arc<Setup>,
}

/// Whoever checks: the settings of each folder, read once.
pub(super) struct Checker {
    opening: Opening,
    /// A pipeline with the dictionaries, models and counts that `loaded` names.
    known: Option<Arc<Pipeline>>,
    loaded: String,
    setup: Option<Arc<Setup>>,
    settings: u64,
    of_folder: HashMap<PathBuf, Settings>,
}

impl Checker {
    pub(super) fn new(opening: Opening) -> Self {
        let loaded = String::new();
        Self { opening, known: None, loaded, setup: None, settings: 0, of_folder: HashMap::new() }
    }

    /// Checks a text; `None` when it is given up.
    ///
    /// # Errors
    /// A mistake in a `kanwu.toml`, a table or a model, or in a layout file.
    pub(super) fn check(&mut self, task: &Task, stop: &AtomicBool) -> Result<Option<Checked>> {
        let path = task.path.clone().unwrap_or_else(|| task.folder.join(NAMELESS));
        let input = Input::listed(path, self.opening);
        let settings = self.settings(task, &input)?;
        let pipeline = settings.pipeline(&input)?;
        let table = settings.tables(&input).last().map(|table| canonical(table));
        let table = table.unwrap_or_else(|| task.folder.join(ALLOWED));
        let source = input.source(task.text.as_bytes().to_vec(), Some(Encoding::Utf8))?;
        let texts = &task.setup.texts;
        let mut report = Report::default();
        let whole = pipeline.check_parts(&source, texts.reading(), |part| {
            report.suggestions.extend(part.report.suggestions);
            report.mistakes.extend(part.report.mistakes);
            if stop.load(Ordering::Relaxed) { Err(()) } else { Ok(()) }
        });
        if whole.is_err() {
            return Ok(None);
        }
        report.suggestions.retain(|suggestion| {
            suggestion.level >= task.setup.level
                && suggestion.finding.confidence >= texts.min_confidence
        });
        Ok(Some(Checked {
            uri: task.uri.clone(),
            version: task.version,
            state: task.state,
            ruler: Ruler::new(&task.text, task.columns),
            text: Arc::clone(&task.text),
            source,
            suggestions: report.suggestions,
            mistakes: report.mistakes,
            pipeline,
            table,
            path: task.path.clone(),
            folder: task.folder.clone(),
            setup: Arc::clone(&task.setup),
        }))
    }

    /// The settings of the folder of a text. What is known of all folders is forgotten when one may
    /// have changed; the dictionaries only when others are named.
    fn settings(&mut self, task: &Task, input: &Input) -> Result<&Settings> {
        if self.settings != task.settings {
            self.of_folder.clear();
            self.settings = task.settings;
        }
        if !self.setup.as_ref().is_some_and(|setup| Arc::ptr_eq(setup, &task.setup)) {
            self.of_folder.clear();
            let texts = &task.setup.texts;
            let loaded = format!("{:?} {:?}", texts.models, texts.index);
            if self.loaded != loaded {
                (self.known, self.loaded) = (None, loaded);
            }
            self.setup = Some(Arc::clone(&task.setup));
        }
        let folder = input.path.as_deref().and_then(Path::parent).unwrap_or(&task.folder);
        if !self.of_folder.contains_key(folder) {
            let inputs = std::slice::from_ref(input);
            // As if kanwu had been started in the folder of the editor.
            let texts = Texts { home: task.folder.clone(), ..task.setup.texts.clone() };
            let known = self.known.as_deref();
            let settings = Settings::beside(known, &texts, inputs, Rejected::Quiet)?;
            if self.known.is_none() {
                self.known = Some(settings.pipeline(input)?);
            }
            self.of_folder.insert(folder.to_path_buf(), settings);
        }
        Ok(&self.of_folder[folder])
    }
}

/// A change of the editor's text.
pub(super) type Replacement = (Span, String);

impl Checked {
    /// Where a span of what was read stands in the editor's text; `None` for one that stands between
    /// the words of a layout file.
    pub(super) fn place(&self, span: Span) -> Option<Span> {
        match self.source.layout() {
            Some(layout) => layout.file_span(span),
            None => Some(span),
        }
    }

    /// The suggestions that touch a span of the editor's text.
    pub(super) fn around(&self, span: Span) -> impl Iterator<Item = &Suggestion> {
        self.suggestions.iter().filter(move |suggestion| {
            let place = self.place(suggestion.finding.span);
            place.is_some_and(|place| place.start <= span.end && span.start <= place.end)
        })
    }

    /// The suggestion with an identity.
    pub(super) fn suggestion(&self, id: &str) -> Option<&Suggestion> {
        self.suggestions.iter().find(|suggestion| suggestion.id == id)
    }

    /// What the edits of a choice come to in the editor's text; nothing where they have no place.
    pub(super) fn replacements(&self, edits: &[Edit]) -> Vec<Replacement> {
        match self.source.layout() {
            Some(layout) => {
                one_replacement(&self.text, &layout.write(self.source.text(), &[edits]).file)
            }
            None => {
                let reaches = edits.iter().map(Edit::reach);
                let reach = reaches
                    .reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)))
                    .unwrap_or_default();
                let made = apply_within(&self.source, reach, Written::AsRead, &[edits]);
                made.replacements(self.source.text())
            }
        }
    }

    /// What everything certain comes to in the editor's text, as `kanwu fix` does it.
    pub(super) fn certain(&self) -> Vec<Replacement> {
        let (source, margin) = (&self.source, self.pipeline.config().margin);
        let certain: Vec<&Suggestion> =
            self.suggestions.iter().filter(|s| s.level == Level::Auto).collect();
        let whole = Span::new(0, source.text().len());
        let corrected = correct(source, whole, &certain, margin, 0.0, Written::AsRead);
        match source.layout() {
            Some(layout) => {
                one_replacement(&self.text, &layout.write(source.text(), &corrected.groups()).file)
            }
            None => corrected.made.replacements(source.text()),
        }
    }
}

/// The shortest replacement that makes `new` of `old`; none where they are equal.
fn one_replacement(old: &str, new: &str) -> Vec<Replacement> {
    if old == new {
        return Vec::new();
    }
    let equal = |(a, b): &(char, char)| a == b;
    let length = |(a, _): (char, char)| a.len_utf8();
    let start: usize = old.chars().zip(new.chars()).take_while(equal).map(length).sum();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let rests = old_rest.chars().rev().zip(new_rest.chars().rev());
    let end: usize = rests.take_while(equal).map(length).sum();
    let span = Span::new(start, old.len() - end);
    vec![(span, new[start..new.len() - end].to_string())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replacement_is_no_longer_than_it_must_be() {
        let one = |old, new| one_replacement(old, new);
        assert!(one("甲乙", "甲乙").is_empty());
        assert_eq!(one("甲乙丙", "甲丁丙"), [(Span::new(3, 6), "丁".to_string())]);
        assert_eq!(one("以以为", "以为"), [(Span::new(3, 6), String::new())]);
        assert_eq!(one("以为", "以以为"), [(Span::at(3), "以".to_string())]);
        assert_eq!(one("", "甲"), [(Span::at(0), "甲".to_string())]);
    }
}
