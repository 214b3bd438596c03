//! Word files: the text of their paragraphs checked, and the file given back with tracked changes
//! and comments, or with corrections made.
//!
//! ```text
//! bytes ─ package ─ xml ─ story ─▶ Docx + plain text ─▶ Source
//!                                    │
//! plain text ─ blank ────────────────┤
//!                                    ├─ plan ─ write ─▶ bytes with corrections made
//!                                    └─ plan ─ write, comments, carried ─▶ bytes with tracked changes
//!                                                                             │ (an editor)
//!                         decisions ◀─ outcome ◀─ reviewed ◀──────────────────┘
//! ```
//!
//! A [`Docx`] belongs to a [`Source`]: the source holds the plain text, a line for each paragraph,
//! and the file knows the bytes behind every character of it. A part of the package that is not
//! changed is written back as the packed bytes it was, and of a part that is changed nothing is
//! written anew but the runs that changes touch.

mod blank;
mod carried;
mod comments;
mod outcome;
mod package;
mod plan;
mod reviewed;
mod story;
mod write;
mod xml;

pub use carried::{Carried, CarriedSlip};
pub use comments::Mark;
pub use outcome::{Elsewhere, Outcome, Review};
pub use reviewed::{Reviewed, read_reviewed};
pub use write::Corrected;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::container::{Container, ContainerLimits};
use crate::error::{Error, Result};
use crate::finding::{Edit, Finding};
use crate::source::Source;
use crate::span::{Position, Span};
use package::Package;
use story::{Item, Paragraph};
use xml::Tree;

/// Who the tracked changes and comments are by.
pub const AUTHOR: &str = "kanwu 勘误";

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Problem(String);

impl Problem {
    fn of(what: &str) -> Self {
        Self(what.to_string())
    }

    fn of_file(self, name: &str) -> Error {
        Error::Docx { name: name.to_string(), problem: self.0 }
    }
}

/// The namespace of the elements kanwu knows.
const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A Word file whose text is checked.
#[derive(Clone)]
pub struct Docx {
    package: Package,
    parts: Vec<Part>,
    /// In the order of the plain text.
    paragraphs: Vec<Paragraph>,
}

/// A part of the package that holds text; the first is the main one.
#[derive(Clone)]
struct Part {
    name: String,
    text: Arc<str>,
}

impl std::fmt::Debug for Docx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Docx").field("paragraphs", &self.paragraphs.len()).finish_non_exhaustive()
    }
}

/// True for bytes that can be nothing but a Word file, whole or damaged: a ZIP file, or one of the
/// kind that Word once wrote and in which it still hides files with a password.
pub fn recognise(bytes: &[u8]) -> bool {
    matches!(Container::of(bytes), Some(Container::Zip)) || bytes.starts_with(&COMPOUND)
}

/// The first bytes of a compound file.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Reads the Word file called `name`: its plain text, a line for each paragraph, those of tables,
/// text boxes, footnotes, headers and footers among them. Text in tracked changes is read as if all
/// of them were accepted.
///
/// # Errors
/// [`Error::Docx`] when the file is damaged, encrypted, in the strict variant of the format, or has
/// what is refused: parts that unpack to more than `limits` allow, declarations and entities of its
/// own, elements nested deeper than 200.
pub fn read(name: &str, bytes: Vec<u8>, limits: ContainerLimits) -> Result<Source> {
    let docx = open(bytes.into(), limits).and_then(Docx::open);
    let (docx, text) = docx.map_err(|problem| problem.of_file(name))?;
    Ok(Source::new(name, text).with_docx(Arc::new(docx)))
}

fn open(bytes: Arc<[u8]>, limits: ContainerLimits) -> std::result::Result<Package, Problem> {
    if bytes.starts_with(&COMPOUND) {
        return Err(Problem::of(
            "an old Word file (.doc) or one with a password; save it as .docx without a password",
        ));
    }
    Package::open(bytes, limits)
}

impl Docx {
    fn open(package: Package) -> std::result::Result<(Self, String), Problem> {
        let main = main_part(&package)?;
        let mut names = vec![main.clone()];
        for kind in ["footnotes", "endnotes", "header", "footer"] {
            let related = related(&package, &main, kind)?;
            names.extend(related.into_iter().filter(|name| package.has(name)));
        }
        let (mut parts, mut paragraphs): (Vec<Part>, Vec<Paragraph>) = (Vec::new(), Vec::new());
        for name in names {
            let text: Arc<str> = package.part(&name)?.into();
            {
                let tree = Tree::read(&text)?;
                check_namespace(&tree, &name)?;
                paragraphs.extend(story::paragraphs(&tree, parts.len(), parts.is_empty()));
            }
            parts.push(Part { name, text });
        }
        let text = lay_out(&mut paragraphs);
        Ok((Self { package, parts, paragraphs }, text))
    }

    /// The file as it was read.
    pub fn bytes(&self) -> &[u8] {
        self.package.bytes()
    }

    /// Paragraph (from 1, in the order of the text) and column (in characters from 1) of byte `at`
    /// of the plain text.
    pub fn position(&self, text: &str, at: usize) -> Position {
        let number = self.paragraph_at(at);
        let start = self.paragraphs.get(number).map_or(0, |paragraph| paragraph.text.start.min(at));
        Position { line: number + 1, column: text[start..at].chars().count() + 1 }
    }

    /// The number of the paragraph that holds byte `at`; a line break belongs to the one it ends.
    fn paragraph_at(&self, at: usize) -> usize {
        let number = self.paragraphs.partition_point(|paragraph| paragraph.end <= at);
        number.min(self.paragraphs.len().saturating_sub(1))
    }

    /// False for a finding that joins or moves what does not stand together on paper: a table cell
    /// to the next, the text to a footnote.
    pub(crate) fn stands_together(&self, finding: &Finding) -> bool {
        let parted = |at: usize| {
            let paragraph = &self.paragraphs[self.paragraph_at(at)];
            paragraph.end > at && paragraph.text.end <= at && !paragraph.joins_next
        };
        let breaks = |span: Span| {
            let first = self.paragraph_at(span.start);
            let inside = self.paragraphs[first..].iter().take_while(|p| p.text.end < span.end);
            inside.map(|paragraph| paragraph.text.end).filter(|at| *at >= span.start).collect()
        };
        let edits = finding.choices.iter().flat_map(|choice| &choice.edits);
        let mut broken = edits.flat_map(|edit| -> Vec<usize> {
            match edit {
                Edit::Replace { span, .. } => breaks(*span),
                Edit::Move { .. } => breaks(edit.reach()),
            }
        });
        self.paragraphs.is_empty() || !broken.any(parted)
    }
}

/// Gives every paragraph, run and child its place in the plain text, and makes that.
fn lay_out(paragraphs: &mut [Paragraph]) -> String {
    let mut text = String::new();
    for paragraph in paragraphs {
        let start = text.len();
        for item in &mut paragraph.items {
            let Item::Run(run) = item else { continue };
            let start = text.len();
            for child in &mut run.children {
                let start = text.len();
                if !run.status.deleted {
                    text.push_str(&child.content);
                }
                child.text = Span::new(start, text.len());
            }
            run.text = Span::new(start, text.len());
        }
        paragraph.text = Span::new(start, text.len());
        // The mark of a paragraph that is to be joined to the next is gone when that is accepted.
        if !paragraph.mark.deleted {
            text.push('\n');
        }
        paragraph.end = text.len();
    }
    text
}

/// The name of the part that holds the main text.
fn main_part(package: &Package) -> std::result::Result<String, Problem> {
    if !package.has("[Content_Types].xml") || !package.has("_rels/.rels") {
        return Err(Problem::of("no Word file: its list of contents is missing"));
    }
    let strict = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument";
    for relation in relations(package, "")? {
        if relation.kind == strict {
            return Err(Problem::of(
                "a file of the strict variant of the format; save it as an ordinary Word document",
            ));
        }
        if relation.kind.ends_with("/officeDocument") && relation.target.starts_with("word/") {
            return Ok(relation.target);
        }
    }
    Err(Problem::of("no Word file: it has no main text"))
}

/// The parts of a kind that a part refers to.
fn related(package: &Package, part: &str, kind: &str) -> std::result::Result<Vec<String>, Problem> {
    let relations = relations(package, part)?.into_iter();
    let of_kind = relations.filter(|relation| relation.kind.rsplit('/').next() == Some(kind));
    Ok(of_kind.map(|relation| relation.target).collect())
}

/// A relationship of a part to another.
struct Relation {
    id: String,
    kind: String,
    /// The name of the other part.
    target: String,
}

/// The relationships of a part, or of the package itself for the empty name, to parts of the
/// package.
fn relations(package: &Package, part: &str) -> std::result::Result<Vec<Relation>, Problem> {
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
    let rels = relations_name(part);
    if !package.has(&rels) {
        return Ok(Vec::new());
    }
    let text = package.part(&rels)?;
    let tree = Tree::read(&text)?;
    let mut found = Vec::new();
    for child in tree.children(0) {
        let attribute = |name| tree.attribute(child, name).unwrap_or_default();
        if attribute("TargetMode") != "External" {
            let target = resolved(folder, &attribute("Target"));
            found.push(Relation { id: attribute("Id"), kind: attribute("Type"), target });
        }
    }
    Ok(found)
}

/// The name of the part that lists the relationships of another.
fn relations_name(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}

/// A target as the name of a part.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_string();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.join("/")
}

/// Elements are known by their names with the prefix every program writes.
fn check_namespace(tree: &Tree<'_>, part: &str) -> std::result::Result<(), Problem> {
    if tree.attribute(0, "xmlns:w").as_deref() != Some(MAIN) {
        return Err(Problem(format!(
            "{part}: the prefix w does not stand for Word's own elements"
        )));
    }
    Ok(())
}

/// Changed parts by name.
type Changed = BTreeMap<String, String>;
