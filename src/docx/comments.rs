//! A file given to an editor: every suggestion a comment, and where it proposes something, a
//! tracked change.

use std::sync::Arc;

use super::carried::{Carried, CarriedSlip};
use super::plan::Plan;
use super::write::{Ink, Note, Pen, Revisions, taken_ids, text_elements};
use super::xml::{Tree, escaped};
use super::{AUTHOR, Changed, Docx, MAIN, Problem, related, relations, relations_name, resolved};
use crate::emit::words;
use crate::error::Result;
use crate::finding::{Edit, Language, Suggestion};
use crate::source::Source;
use crate::span::Span;

/// A suggestion for the editor.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// The suggestion.
    pub suggestion: &'a Suggestion,
    /// Which of its choices is to be a tracked change, from 0; `None` for a comment alone.
    pub choice: Option<usize>,
}

/// Before the id in a comment.
const ID: &str = "kanwu:";

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const COMMENTS_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml";
const PROPERTIES_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.customXmlProperties+xml";

impl Docx {
    /// The file with a comment for each suggestion and a tracked change for each choice that is to
    /// be one and has a place in the file. `date` is that of all of them, as
    /// `2026-01-02T03:04:05Z`: the same text and date give the same bytes.
    ///
    /// # Errors
    /// [`crate::Error::Docx`] when a part of the package is damaged.
    pub fn mark(
        &self,
        source: &Source,
        marks: &[Mark<'_>],
        language: Language,
        date: &str,
    ) -> Result<Vec<u8>> {
        let marked = self.mark_parts(source, marks, language, date);
        let bytes = marked.and_then(|changed| self.package.with(&changed));
        bytes.map_err(|problem| problem.of_file(source.name()))
    }

    fn mark_parts(
        &self,
        source: &Source,
        marks: &[Mark<'_>],
        language: Language,
        date: &str,
    ) -> std::result::Result<Changed, Problem> {
        let text = source.text();
        let groups: Vec<&[Edit]> = marks.iter().map(Mark::edits).collect();
        let plan = self.plan(text, &groups);
        let unfit = |number: usize| plan.refused.iter().any(|(refused, _)| *refused == number);
        let main = self.parts[0].name.clone();
        let comments = related(&self.package, &main, "comments")?.into_iter().next();
        let old = comments.as_ref().map(|name| self.package.part(name)).transpose()?;
        let mut texts: Vec<&str> = self.parts.iter().map(|part| &*part.text).collect();
        texts.extend(old.as_deref());
        let mut revisions = Revisions { taken: taken_ids(&texts), next: 0, date: date.to_string() };
        let (mut notes, mut written, mut slips) = (Vec::new(), String::new(), Vec::new());
        for (number, mark) in marks.iter().enumerate() {
            let tracked = mark.choice.is_some_and(|choice| {
                !unfit(number) && !mark.suggestion.finding.choices[choice].edits.is_empty()
            });
            let id = revisions.id();
            let edits = if tracked { mark.edits() } else { &[] };
            let range = self.range(text, mark.suggestion, edits);
            let (anchor, place) = self.anchor(&plan, range);
            notes.extend(place_comment(id, place, edits));
            let explained = explain(source, mark.suggestion, tracked, language);
            written.push_str(&comment(id, date, &explained));
            slips.push(slip(mark, tracked, anchor));
        }
        let mut pen = Pen::new(self, text, &plan, Ink::Tracked, revisions);
        let mut changed = pen.parts(&notes);
        if !marks.is_empty() {
            self.add_comments(&main, comments.zip(old), &written, &mut changed)?;
        }
        self.carry(&main, &Carried::about(source, slips), &mut changed)?;
        Ok(changed)
    }

    /// What the comment on a suggestion stands at: of a join the seam, else what is wrong.
    fn range(&self, text: &str, suggestion: &Suggestion, edits: &[Edit]) -> Span {
        let finding = &suggestion.finding;
        let edited = edits.iter().map(Edit::span);
        let edited = edited.reduce(|a, b| Span::new(a.start.min(b.start), a.end.max(b.end)));
        match edited {
            Some(seam) if finding.rule.family() == "S" => {
                let before = text[..seam.start].chars().next_back().filter(|c| *c != '\n');
                let behind = text[seam.end..].chars().next().filter(|c| *c != '\n');
                let (before, behind) =
                    (before.map_or(0, char::len_utf8), behind.map_or(0, char::len_utf8));
                Span::new(seam.start - before, seam.end + behind)
            }
            Some(edited) => {
                Span::new(finding.span.start.min(edited.start), finding.span.end.max(edited.end))
            }
            None => finding.span,
        }
    }

    /// The range a comment can stand at: Word has none in headers, footers, notes and text boxes,
    /// and one that begins in a moved passage must end there. With `true` it is the range asked for.
    fn anchor(&self, plan: &Plan, range: Span) -> (Option<Span>, Span) {
        let (first, last) = (self.paragraph_at(range.start), self.paragraph_at(range.end));
        let fits = |number: usize| self.paragraphs.get(number).is_some_and(|p| p.commentable);
        let moved = |number: usize| plan.moved(number).map(|moved| moved.first);
        if fits(first) && fits(last) && moved(first) == moved(last) {
            return (Some(range), range);
        }
        if fits(first) && fits(last) {
            let at = if moved(first).is_none() { range.start } else { range.end };
            return (None, Span::at(at));
        }
        let before = (0..first.min(self.paragraphs.len())).rev().find(|number| fits(*number));
        let other = before.or_else(|| (0..self.paragraphs.len()).find(|number| fits(*number)));
        let at = other.map_or(range.start, |number| self.paragraphs[number].text.end);
        (None, Span::at(at))
    }

    fn add_comments(
        &self,
        main: &str,
        old: Option<(String, String)>,
        written: &str,
        changed: &mut Changed,
    ) -> std::result::Result<(), Problem> {
        if let Some((name, old)) = old {
            let text = with_last(&old, written)?;
            changed.insert(name, text);
            return Ok(());
        }
        let name = self.free_name("word/comments", ".xml");
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:comments \
             xmlns:w=\"{MAIN}\">{written}</w:comments>"
        );
        changed.insert(name.clone(), text);
        self.declare(&name, COMMENTS_TYPE, changed)?;
        self.relate(main, &format!("{OFFICE}/comments"), &name, changed)
    }

    fn carry(
        &self,
        main: &str,
        carried: &Carried,
        changed: &mut Changed,
    ) -> std::result::Result<(), Problem> {
        if let Ok(Some((name, _))) = Carried::find(&self.package, main) {
            changed.insert(name, carried.part());
            return Ok(());
        }
        let name = self.free_name("customXml/item", ".xml");
        let number = name.trim_start_matches("customXml/item").trim_end_matches(".xml");
        let properties = format!("customXml/itemProps{number}.xml");
        changed.insert(name.clone(), carried.part());
        changed.insert(properties.clone(), ITEM_PROPERTIES.to_string());
        self.declare(&properties, PROPERTIES_TYPE, changed)?;
        self.relate(&name, &format!("{OFFICE}/customXmlProps"), &properties, changed)?;
        self.relate(main, &format!("{OFFICE}/customXml"), &name, changed)
    }

    /// A name that no part has.
    fn free_name(&self, start: &str, end: &str) -> String {
        let name = |number: usize| format!("{start}{number}{end}");
        let bare = format!("{start}{end}");
        if start.starts_with("word/") && !self.package.has(&bare) {
            return bare;
        }
        let free = (1..).map(name).find(|name| !self.package.has(name));
        free.unwrap_or_default()
    }

    /// Adds a part to the list of contents.
    fn declare(
        &self,
        name: &str,
        kind: &str,
        changed: &mut Changed,
    ) -> std::result::Result<(), Problem> {
        let list = "[Content_Types].xml";
        let old = match changed.get(list) {
            Some(text) => text.clone(),
            None => self.package.part(list)?,
        };
        let entry = format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
        changed.insert(list.to_string(), with_last(&old, &entry)?);
        Ok(())
    }

    /// Adds a relationship of a part to another.
    fn relate(
        &self,
        part: &str,
        kind: &str,
        target: &str,
        changed: &mut Changed,
    ) -> std::result::Result<(), Problem> {
        let list = relations_name(part);
        let empty = concat!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
            "</Relationships>"
        );
        let old = match changed.get(&list) {
            Some(text) => text.clone(),
            None if self.package.has(&list) => self.package.part(&list)?,
            None => empty.to_string(),
        };
        let known: Vec<String> =
            relations(&self.package, part)?.into_iter().map(|relation| relation.id).collect();
        let free = (1..).map(|number| format!("kanwu{number}"));
        let id = free
            .into_iter()
            .find(|id| !known.contains(id) && !old.contains(&format!("\"{id}\"")))
            .unwrap_or_default();
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let target = match target.strip_prefix(&format!("{folder}/")) {
            Some(beside) => beside.to_string(),
            None => format!("/{target}"),
        };
        debug_assert!(!resolved(folder, &target).is_empty());
        let entry = format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>");
        changed.insert(list, with_last(&old, &entry)?);
        Ok(())
    }
}

const ITEM_PROPERTIES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n",
    "<ds:datastoreItem ds:itemID=\"{6B616E77-7520-4E00-8000-E58B98E8AFAF}\" ",
    "xmlns:ds=\"http://schemas.openxmlformats.org/officeDocument/2006/customXml\">",
    "<ds:schemaRefs><ds:schemaRef ds:uri=\"urn:kanwu:review:1\"/></ds:schemaRefs>",
    "</ds:datastoreItem>",
);

impl Mark<'_> {
    fn edits(&self) -> &[Edit] {
        let choices = &self.suggestion.finding.choices;
        let choice = self.choice.and_then(|choice| choices.get(choice));
        choice.map_or(&[], |choice| choice.edits.as_slice())
    }
}

/// Where a comment starts and ends among what goes in at the same places: around its own changes,
/// and not around those of its neighbours.
fn place_comment(id: u32, range: Span, edits: &[Edit]) -> [Note; 2] {
    let puts_in_at = |at: usize| {
        let insertion = |edit: &Edit| {
            matches!(edit, Edit::Replace { span, new, .. } if span.is_empty() && !new.is_empty())
                && edit.span().start == at
        };
        edits.iter().any(insertion)
    };
    let start = if puts_in_at(range.start) { 2 } else { 5 };
    let end = match (puts_in_at(range.end), range.is_empty()) {
        (true, _) => 4,
        (false, true) => 6,
        (false, false) => 1,
    };
    [
        Note { at: range.start, rank: start, xml: format!("<w:commentRangeStart w:id=\"{id}\"/>") },
        Note {
            at: range.end,
            rank: end,
            xml: format!(
                "<w:commentRangeEnd w:id=\"{id}\"/><w:r><w:commentReference w:id=\"{id}\"/></w:r>"
            ),
        },
    ]
}

fn slip(mark: &Mark<'_>, tracked: bool, anchor: Option<Span>) -> CarriedSlip {
    let Suggestion { id, finding, .. } = mark.suggestion;
    CarriedSlip {
        id: id.clone(),
        rule: finding.rule.id.to_string(),
        wrong: finding.wrong.clone(),
        start: finding.span.start,
        end: finding.span.end,
        choices: finding.choices.clone(),
        tracked: if tracked { mark.choice.map_or(0, |choice| choice + 1) } else { 0 },
        anchor: anchor.map(|span| (span.start, span.end)),
    }
}

/// The lines of a comment.
fn explain(
    source: &Source,
    suggestion: &Suggestion,
    tracked: bool,
    language: Language,
) -> Vec<String> {
    let finding = &suggestion.finding;
    let name = finding.rule.name.get(language);
    let level = words::level(suggestion.level, language);
    let sure = percent(finding.confidence);
    let mut lines = vec![format!("{} {name} {level} {sure}", finding.rule.id)];
    lines.push(finding.message.get(language).to_string());
    let choices: Vec<String> = finding
        .choices
        .iter()
        .map(|choice| format!("{} {}", choice.right, percent(choice.confidence)))
        .collect();
    match (choices.as_slice(), tracked) {
        ([], _) => lines.push(format!("{}：{}", words::asks(language), finding.wrong)),
        ([_], true) => {}
        ([_, others @ ..], true) => lines.push(words::other_candidates(others, language)),
        (all, false) => lines.push(words::candidates(&finding.wrong, all, language)),
    }
    for evidence in &finding.evidence {
        let place = evidence.span.map(|span| source.position(span.start).line);
        let place = place.map(|line| words::at_line(line, language) + ": ");
        lines.push(format!("{}{}", place.unwrap_or_default(), evidence.message.get(language)));
    }
    lines.push(format!("{ID}{}", suggestion.id));
    lines
}

fn percent(confidence: f64) -> String {
    format!("{:.0}%", confidence * 100.0)
}

fn comment(id: u32, date: &str, lines: &[String]) -> String {
    let paragraphs: String = lines
        .iter()
        .map(|line| format!("<w:p><w:r>{}</w:r></w:p>", text_elements(&line.replace('\n', "⏎"))))
        .collect();
    let author = escaped(AUTHOR);
    format!(
        "<w:comment w:id=\"{id}\" w:author=\"{author}\" w:date=\"{date}\" w:initials=\"勘误\">\
         {paragraphs}</w:comment>"
    )
}

/// The id a comment tells.
pub(super) fn told_id(text: &str) -> Option<String> {
    let rest = &text[text.rfind(ID)? + ID.len()..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    let id = &rest[..end.unwrap_or(rest.len())];
    (!id.is_empty()).then(|| id.to_string())
}

/// A part with something put behind all that stands in its root.
fn with_last(text: &str, last: &str) -> std::result::Result<String, Problem> {
    let text: Arc<str> = text.into();
    let tree = Tree::read(&text)?;
    let root = &tree.elements[0];
    if !root.closes_itself() {
        let at = root.content.end;
        return Ok(format!("{}{last}{}", &text[..at], &text[at..]));
    }
    let tag = tree.slice(root.tag).trim_end_matches('>').trim_end_matches('/').trim_end();
    let (before, behind) = (&text[..root.span.start], &text[root.span.end..]);
    Ok(format!("{before}{tag}>{last}</{}>{behind}", tree.name(0)))
}
