//! What a marked file carries along for the way back: its text, and the suggestions in it.
//!
//! It stands in a custom XML part, which Word, WPS and LibreOffice keep, and the ids in the comments
//! too. Where a program has dropped the part, it is made anew from saved suggestions and the text
//! they are about.

use serde::{Deserialize, Serialize};

use super::package::Package;
use super::xml::{Tree, escaped};
use super::{Problem, relations};
use crate::batch::{Digest, hash};
use crate::emit::json::SuggestionRecord;
use crate::finding::{Choice, Level};
use crate::source::Source;

/// The namespace of the part.
const NAMESPACE: &str = "urn:kanwu:review:1";

/// The text of a file that was given to an editor, and the suggestions about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// The file as it was named to kanwu.
    pub file: String,
    /// The hash of the file as it was then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_hash: Option<Digest>,
    /// Its text.
    pub text: String,
    /// The suggestions shown, in the order of the text.
    pub slips: Vec<CarriedSlip>,
}

/// A suggestion given to an editor. Places are bytes of the text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarriedSlip {
    /// Identity of the suggestion.
    pub id: String,
    /// Rule id.
    pub rule: String,
    /// The wrong text as a reader reads it.
    pub wrong: String,
    /// Where the wrong text starts.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Ways to put it right, best first.
    pub choices: Vec<Choice>,
    /// The choice that stands in the file as a tracked change, from 1; 0 for a comment alone.
    #[serde(default)]
    pub tracked: usize,
    /// What the comment on it stands at; `None` where that is another place of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<(usize, usize)>,
}

impl Carried {
    /// The slips of suggestions saved about `source`. What was a tracked change is not known of
    /// them; it is taken to have been what leads by `margin` and is more than a hint.
    pub fn of_records(source: &Source, records: &[SuggestionRecord], margin: f64) -> Self {
        let slips = records.iter().filter_map(|record| {
            let place = |at: usize| source.text_byte(at);
            let choices: Option<Vec<Choice>> =
                record.choices.iter().map(|choice| choice.placed(place)).collect();
            let (start, end) = (place(record.start_byte)?, place(record.end_byte)?);
            Some(CarriedSlip {
                id: record.id.clone(),
                rule: record.rule.clone(),
                wrong: record.wrong.clone(),
                start,
                end,
                choices: choices?,
                tracked: usize::from(leads(record, margin)),
                anchor: None,
            })
        });
        Self::about(source, slips.collect())
    }

    pub(super) fn about(source: &Source, slips: Vec<CarriedSlip>) -> Self {
        let bytes = source.docx().map_or(source.bytes(), |docx| docx.bytes());
        Self {
            file: source.name().to_string(),
            file_hash: Some(hash(bytes)),
            text: source.text().to_string(),
            slips,
        }
    }

    /// The custom XML part.
    pub(super) fn part(&self) -> String {
        // A list of texts and numbers always has a form in JSON.
        let json = serde_json::to_string(self).unwrap_or_default();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<kanwu \
             xmlns=\"{NAMESPACE}\">{}</kanwu>",
            escaped(&json)
        )
    }

    /// Reads the part of a package back; `None` where there is none.
    pub(super) fn find(package: &Package, main: &str) -> Result<Option<(String, Self)>, Problem> {
        let related = relations(package, main)?.into_iter();
        let mut names: Vec<String> = related
            .filter(|relation| relation.kind.ends_with("/customXml"))
            .map(|relation| relation.target)
            .chain(package.names().iter().filter(|name| name.starts_with("customXml/")).cloned())
            .filter(|name| name.ends_with(".xml") && package.has(name))
            .collect();
        names.dedup();
        for name in names {
            // Parts of other programs need not be anything kanwu can read.
            let Ok(text) = package.part(&name) else { continue };
            let Ok(tree) = Tree::read(&text) else { continue };
            if tree.attribute(0, "xmlns").as_deref() != Some(NAMESPACE) {
                continue;
            }
            let slips: Self = serde_json::from_str(&tree.text_of(0))
                .map_err(|error| Problem(format!("{name}: {error}")))?;
            slips.check()?;
            return Ok(Some((name, slips)));
        }
        Ok(None)
    }

    /// Refuses places that are not in the text: the part may come from anywhere.
    fn check(&self) -> Result<(), Problem> {
        let held = |start: usize, end: usize| self.text.get(start..end).is_some();
        let edits = |slip: &CarriedSlip| {
            let mut edits = slip.choices.iter().flat_map(|choice| &choice.edits);
            edits.all(|edit| {
                held(edit.span().start, edit.span().end) && {
                    let reach = edit.reach();
                    held(reach.start, reach.end)
                }
            })
        };
        let anchor = |slip: &CarriedSlip| slip.anchor.is_none_or(|(start, end)| held(start, end));
        match self
            .slips
            .iter()
            .all(|slip| held(slip.start, slip.end) && edits(slip) && anchor(slip))
        {
            true => Ok(()),
            false => Err(Problem::of("the suggestions it carries are not about its text")),
        }
    }
}

/// True when the best choice would be applied unasked.
fn leads(record: &SuggestionRecord, margin: f64) -> bool {
    let second = record.choices.get(1).map_or(0.0, |choice| choice.confidence);
    record.level >= Level::Review
        && record
            .choices
            .first()
            .is_some_and(|best| best.confidence - second >= margin && !best.edits.is_empty())
}
