//! Changes written into the parts of a Word file, as tracked changes or made.

use std::collections::BTreeMap;

use super::plan::{Insertion, Moved, Plan, home};
use super::story::{Child, Kind, Paragraph, Run};
use super::xml::escaped;
use super::{AUTHOR, Changed, Docx};
use crate::error::Result;
use crate::finding::Edit;
use crate::span::Span;

/// A Word file with corrections made in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// The file. Parts that no correction touches are the packed bytes they were.
    pub bytes: Vec<u8>,
    /// Groups that have no place in the file, with the reason, by number in the list given.
    pub refused: Vec<(usize, String)>,
}

impl Docx {
    /// Makes corrections of the plain text `text` in the file, each group whole or not at all, in
    /// the format of the text they stand in.
    ///
    /// # Errors
    /// [`crate::Error::Docx`] when a part of the package that is copied is damaged.
    pub fn correct(&self, text: &str, groups: &[&[Edit]]) -> Result<Corrected> {
        let plan = self.plan(text, groups);
        let refused = plan.refused.clone();
        let changed = Pen::new(self, text, &plan, Ink::Made, Revisions::default()).parts(&[]);
        let bytes = match changed.is_empty() {
            true => self.bytes().to_vec(),
            false => self.package.with(&changed).map_err(|problem| problem.of_file("docx"))?,
        };
        Ok(Corrected { bytes, refused })
    }
}

/// How changes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// As corrections made.
    Made,
    /// As tracked changes.
    Tracked,
    /// In the copy of a passage at the place it is moved to.
    Moved,
}

/// Numbers and date of tracked changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Revisions {
    /// Ids that are taken, sorted.
    pub(super) taken: Vec<u32>,
    pub(super) next: u32,
    /// As `2026-01-02T03:04:05Z`.
    pub(super) date: String,
}

impl Revisions {
    /// The next id that nothing in the file has.
    pub(super) fn id(&mut self) -> u32 {
        loop {
            self.next += 1;
            if self.taken.binary_search(&self.next).is_err() {
                return self.next;
            }
        }
    }

    /// The attributes every tracked change has.
    pub(super) fn attributes(&mut self) -> String {
        format!("w:id=\"{}\" w:author=\"{AUTHOR}\" w:date=\"{}\"", self.id(), self.date)
    }
}

/// Something that goes in at a place without being text of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) at: usize,
    /// Notes and insertions at one place go in by rank; see [`INSERTION`].
    pub(super) rank: u8,
    pub(super) xml: String,
}

/// The rank of an insertion that takes the place of deleted text, and of one that does not.
pub(super) const INSERTION: [u8; 2] = [0, 3];

/// What goes in at a place, in the order it goes in.
struct Event<'a> {
    at: usize,
    rank: u8,
    what: What<'a>,
}

enum What<'a> {
    Text(&'a str),
    Note(&'a str),
}

/// Bytes of a part and what takes their place.
struct Patch {
    span: Span,
    text: String,
}

/// Writes a plan into the parts.
pub(super) struct Pen<'a> {
    docx: &'a Docx,
    text: &'a str,
    plan: &'a Plan,
    ink: Ink,
    revisions: Revisions,
    /// The ids of the ranges moved passages are taken from, by their first paragraph.
    ranges: BTreeMap<usize, u32>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(
        docx: &'a Docx,
        text: &'a str,
        plan: &'a Plan,
        ink: Ink,
        revisions: Revisions,
    ) -> Self {
        Self { docx, text, plan, ink, revisions, ranges: BTreeMap::new() }
    }

    /// The parts that become others, with `notes` in them.
    pub(super) fn parts(&mut self, notes: &[Note]) -> Changed {
        let mut events: Vec<Event<'_>> = Vec::new();
        events.extend(self.plan.insertions.iter().map(|insertion| {
            let Insertion { at, text, replaces } = insertion;
            let rank = INSERTION[usize::from(!replaces)];
            Event { at: *at, rank, what: What::Text(text) }
        }));
        events.extend(notes.iter().map(|note| Event {
            at: note.at,
            rank: note.rank,
            what: What::Note(&note.xml),
        }));
        events.sort_by_key(|event| (event.at, event.rank));
        let mut patches: BTreeMap<usize, Vec<Patch>> = BTreeMap::new();
        for (number, paragraph) in self.docx.paragraphs.iter().enumerate() {
            let out = patches.entry(paragraph.part).or_default();
            match self.plan.moved(number) {
                Some(moved) if self.ink == Ink::Tracked => {
                    self.move_away(number, moved, out);
                }
                _ => self.paragraph(number, &events, out),
            }
        }
        for moved in &self.plan.moves {
            let part = self.docx.paragraphs[moved.first].part;
            let out = patches.entry(part).or_default();
            self.move_to(moved, &events, out);
        }
        let changed = patches.into_iter().filter(|(_, patches)| !patches.is_empty());
        changed
            .map(|(part, mut patches)| {
                patches.sort_by_key(|patch| (patch.span.start, patch.span.end));
                let part = &self.docx.parts[part];
                let whole = Span::new(0, part.text.len());
                (part.name.clone(), patched(&part.text, whole, &patches))
            })
            .collect()
    }

    /// The changes of a paragraph that stays where it is.
    fn paragraph(&mut self, number: usize, events: &[Event<'_>], out: &mut Vec<Patch>) {
        let docx = self.docx;
        let paragraph = &docx.paragraphs[number];
        let mine = self.events_of(number, events);
        let joined = self.plan.breaks_no_more(paragraph);
        let splits: usize = mine.iter().map(|event| event.what.breaks()).sum();
        let received = self.ink == Ink::Tracked && self.lengthens_the_end(number);
        let mark = if joined { Some("del") } else { received.then_some("ins") };
        let mut pages = Pages { left: splits, mark };
        if self.ink == Ink::Tracked && (splits > 0 || mark.is_some()) {
            let span = Span::new(paragraph.tag.end, paragraph.content.start);
            let properties = self.properties(paragraph, &mut pages, true);
            let span = self.behind_tag(paragraph, span, out);
            out.push(Patch { span, text: properties });
        } else if paragraph.closes_itself() && (!mine.is_empty() || joined) {
            self.behind_tag(paragraph, Span::default(), out);
        }
        for run in paragraph.runs() {
            let inside = mine.iter().filter(|e| is_home(paragraph, e.at, run));
            let inside: Vec<&Event<'_>> = inside.collect();
            let deleted = self.plan.within(run.text).next().is_some();
            if !inside.is_empty() || deleted {
                let text = self.run(paragraph, run, &inside, &mut pages);
                out.push(Patch { span: run.element, text });
            }
        }
        if paragraph.runs().all(|run| run.text.is_empty()) && !mine.is_empty() {
            let text = mine.iter().map(|event| self.event(event, paragraph, None, &mut pages));
            out.push(Patch { span: Span::at(paragraph.content.start), text: text.collect() });
        }
        if self.ink == Ink::Made && joined {
            self.join(number, out);
        }
        let opened = paragraph.closes_itself()
            && (!mine.is_empty()
                || self.ink == Ink::Tracked && mark.is_some()
                || self.is_joined(number));
        if opened && !(self.ink == Ink::Made && joined) {
            out.push(Patch { span: Span::at(paragraph.element.end), text: "</w:p>".to_string() });
        }
    }

    /// Where the properties of a paragraph go. An element of one tag is opened for that.
    fn behind_tag(&self, paragraph: &Paragraph, span: Span, out: &mut Vec<Patch>) -> Span {
        if !paragraph.closes_itself() {
            return span;
        }
        let tag = self.part(paragraph, paragraph.tag);
        let text = format!("{}>", tag.trim_end_matches('>').trim_end_matches('/').trim_end());
        out.push(Patch { span: paragraph.tag, text });
        Span::at(paragraph.element.end)
    }

    /// What goes in into a paragraph.
    fn events_of<'e>(&self, number: usize, events: &'e [Event<'e>]) -> &'e [Event<'e>] {
        let paragraph = &self.docx.paragraphs[number];
        let first = events.partition_point(|event| event.at < paragraph.text.start);
        // Behind a last line without a line break nothing else begins.
        let last = events.partition_point(|event| event.at <= paragraph.text.end);
        let own = |event: &&Event<'_>| self.docx.paragraph_at(event.at) == number;
        let count = events[first..last.max(first)].iter().take_while(own).count();
        &events[first..first + count]
    }

    /// True when a paragraph goes on the line before.
    fn is_joined(&self, number: usize) -> bool {
        let before = self.docx.paragraphs[..number].iter().enumerate().rev();
        let mut stay = before.filter(|(other, _)| self.plan.moved(*other).is_none());
        self.ink == Ink::Made
            && self.plan.moved(number).is_none()
            && stay.next().is_some_and(|(_, paragraph)| self.plan.breaks_no_more(paragraph))
    }

    /// Makes one paragraph of two: what ends the one and begins the other goes, and so does a
    /// passage between them that is moved.
    fn join(&self, number: usize, out: &mut Vec<Patch>) {
        let paragraphs = &self.docx.paragraphs;
        let of_move = |n: usize| self.plan.moved(n).map(|moved| moved.first);
        let mut next = number + 1;
        while of_move(next) != of_move(number) {
            next += 1;
        }
        let (paragraph, other) = (&paragraphs[number], &paragraphs[next]);
        let between = (number..next).map(|n| {
            let span = Span::new(paragraphs[n].element.end, paragraphs[n + 1].element.start);
            self.part(paragraph, span).trim()
        });
        let text = between.collect();
        let start = match paragraph.closes_itself() {
            true => paragraph.element.end,
            false => paragraph.content.end,
        };
        out.push(Patch { span: Span::new(start, other.content.start), text });
    }

    /// True when a passage is put behind a paragraph no other follows on. The mark of a last paragraph
    /// can never go: the one before it is new instead, and the passage ends with the old one.
    fn lengthens_the_end(&self, number: usize) -> bool {
        !self.docx.paragraphs[number].joins_next
            && self.plan.moves.iter().any(|moved| moved.behind == number)
    }

    /// The old place of a passage that is moved, in a file with tracked changes.
    fn move_away(&mut self, number: usize, moved: &Moved, out: &mut Vec<Patch>) {
        let docx = self.docx;
        let paragraph = &docx.paragraphs[number];
        // LibreOffice leaves the marks of moved paragraphs where they were, and not those of deleted
        // ones. Word takes either.
        let mut properties = {
            let attributes = self.revisions.attributes();
            self.properties_with(paragraph, &format!("<w:del {attributes}/>"), true)
        };
        if number == moved.first {
            let attributes = self.revisions.attributes();
            self.ranges.insert(moved.first, self.revisions.next);
            let name = name_of(moved);
            properties.push_str(&format!("<w:moveFromRangeStart {attributes} w:name=\"{name}\"/>"));
        }
        let span = Span::new(paragraph.tag.end, paragraph.content.start);
        let span = self.behind_tag(paragraph, span, out);
        out.push(Patch { span, text: properties });
        for run in paragraph.runs() {
            let attributes = self.revisions.attributes();
            let text = self.part(paragraph, run.element);
            let text = format!("<w:moveFrom {attributes}>{text}</w:moveFrom>");
            out.push(Patch { span: run.element, text });
        }
        let mut end = String::new();
        if paragraph.closes_itself() {
            end.push_str("</w:p>");
        }
        if number == moved.last {
            let id = self.ranges.get(&moved.first).copied().unwrap_or_default();
            end.push_str(&format!("<w:moveFromRangeEnd w:id=\"{id}\"/>"));
        }
        if !end.is_empty() {
            out.push(Patch { span: Span::at(paragraph.element.end), text: end });
        }
    }

    /// The new place of a passage that is moved.
    fn move_to(&mut self, moved: &Moved, events: &[Event<'_>], out: &mut Vec<Patch>) {
        let docx = self.docx;
        let behind = docx.paragraphs[moved.behind].element.end;
        let (first, last) = (&docx.paragraphs[moved.first], &docx.paragraphs[moved.last]);
        if self.ink == Ink::Made {
            out.sort_by_key(|patch| (patch.span.start, patch.span.end));
            let span = Span::new(first.element.start, last.element.end);
            let text = patched(&docx.parts[first.part].text, span, out);
            out.push(Patch { span: Span::at(behind), text });
            return;
        }
        let attributes = self.revisions.attributes();
        let range = self.revisions.next;
        let name = name_of(moved);
        let mut text = format!("<w:moveToRangeStart {attributes} w:name=\"{name}\"/>");
        self.ink = Ink::Moved;
        let mut open = false;
        for number in moved.first..=moved.last {
            let paragraph = &docx.paragraphs[number];
            if !open {
                text.push_str("<w:p>");
                let ends = self.lengthens_the_end(moved.behind)
                    && self.plan.moves.iter().rfind(|m| m.behind == moved.behind) == Some(moved)
                    && (number..moved.last).all(|n| self.plan.breaks_no_more(&docx.paragraphs[n]));
                text.push_str(&match ends {
                    true => self.properties_with(paragraph, "", false),
                    false => self.moved_properties(paragraph),
                });
            }
            let mine = self.events_of(number, events);
            let splits: usize = mine.iter().map(|event| event.what.breaks()).sum();
            let mut pages = Pages { left: splits, mark: None };
            for run in paragraph.runs() {
                let inside = mine.iter().filter(|e| is_home(paragraph, e.at, run));
                let inside: Vec<&Event<'_>> = inside.collect();
                text.push_str(&self.run(paragraph, run, &inside, &mut pages));
            }
            if paragraph.runs().all(|run| run.text.is_empty()) {
                let rest = mine.iter().map(|event| self.event(event, paragraph, None, &mut pages));
                text.push_str(&rest.collect::<String>());
            }
            open = self.plan.breaks_no_more(paragraph);
            if !open {
                text.push_str("</w:p>");
            }
        }
        self.ink = Ink::Tracked;
        text.push_str(&format!("<w:moveToRangeEnd w:id=\"{range}\"/>"));
        out.push(Patch { span: Span::at(behind), text });
    }

    fn moved_properties(&mut self, paragraph: &Paragraph) -> String {
        let attributes = self.revisions.attributes();
        self.properties_with(paragraph, &format!("<w:ins {attributes}/>"), false)
    }

    /// A run with what is deleted in it and what goes in.
    fn run(
        &mut self,
        paragraph: &Paragraph,
        run: &Run,
        events: &[&Event<'_>],
        pages: &mut Pages,
    ) -> String {
        let mut events = events.iter().copied().peekable();
        let mut out = String::new();
        if run.is_fixed() {
            while let Some(event) = events.next_if(|event| event.at < run.text.end) {
                out.push_str(&self.event(event, paragraph, Some(run), pages));
            }
            out.push_str(self.part(paragraph, run.element));
            for event in events {
                out.push_str(&self.event(event, paragraph, Some(run), pages));
            }
            return out;
        }
        let mut piece = Piece::default();
        for child in &run.children {
            for (span, deleted) in self.cut(child, &mut events.clone()) {
                while let Some(event) = events.next_if(|event| event.at <= span.start) {
                    self.close(&mut piece, paragraph, run, &mut out);
                    out.push_str(&self.event(event, paragraph, Some(run), pages));
                }
                if piece.deleted != deleted {
                    self.close(&mut piece, paragraph, run, &mut out);
                }
                piece.deleted = deleted;
                piece.content.push_str(&self.child(paragraph, child, span, deleted));
            }
        }
        self.close(&mut piece, paragraph, run, &mut out);
        for event in events {
            out.push_str(&self.event(event, paragraph, Some(run), pages));
        }
        out
    }

    /// A child in stretches that are deleted or stay, cut also where something goes in.
    fn cut<'e>(
        &self,
        child: &Child,
        events: &mut dyn Iterator<Item = &'e Event<'e>>,
    ) -> Vec<(Span, bool)> {
        if child.text.is_empty() || matches!(child.kind, Kind::Fixed | Kind::Other) {
            return vec![(child.text, false)];
        }
        let mut edges = vec![child.text.start, child.text.end];
        let inside = |at: &usize| child.text.start < *at && *at < child.text.end;
        edges.extend(events.map(|event| event.at).filter(inside));
        let deletions: Vec<Span> = self.plan.within(child.text).collect();
        edges.extend(deletions.iter().flat_map(|deleted| [deleted.start, deleted.end]));
        edges.sort_unstable();
        edges.dedup();
        let spans = edges.windows(2).map(|pair| Span::new(pair[0], pair[1]));
        spans.map(|span| (span, deletions.iter().any(|deleted| deleted.contains(span)))).collect()
    }

    /// A stretch of a child.
    fn child(&self, paragraph: &Paragraph, child: &Child, span: Span, deleted: bool) -> String {
        if span == child.text && !(deleted && child.kind == Kind::Text) {
            return self.part(paragraph, child.element).to_string();
        }
        text_element(span.of(self.text), deleted)
    }

    /// Ends a run that stays, or one that is deleted.
    fn close(&mut self, piece: &mut Piece, paragraph: &Paragraph, run: &Run, out: &mut String) {
        let Piece { content, deleted } = std::mem::take(piece);
        if content.is_empty() {
            return;
        }
        let (tag, properties) =
            (self.part(paragraph, run.tag), self.part(paragraph, run.properties));
        let run = format!("{tag}{properties}{content}</w:r>");
        match (self.ink, deleted) {
            (Ink::Made | Ink::Tracked, false) => out.push_str(&run),
            (Ink::Moved, false) => self.wrap("moveTo", &run, out),
            (Ink::Tracked, true) => self.wrap("del", &run, out),
            (Ink::Made | Ink::Moved, true) => {}
        }
    }

    fn wrap(&mut self, name: &str, run: &str, out: &mut String) {
        let attributes = self.revisions.attributes();
        out.push_str(&format!("<w:{name} {attributes}>{run}</w:{name}>"));
    }

    /// What goes in at a place, in the format of the run there.
    fn event(
        &mut self,
        event: &Event<'_>,
        paragraph: &Paragraph,
        run: Option<&Run>,
        pages: &mut Pages,
    ) -> String {
        let text = match event.what {
            What::Note(xml) => return xml.to_string(),
            What::Text(text) => text,
        };
        let mut out = String::new();
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                pages.left -= 1;
                out.push_str("</w:p><w:p>");
                out.push_str(&match self.ink {
                    Ink::Made => self.properties_with(paragraph, "", false),
                    Ink::Tracked => self.properties(paragraph, pages, false),
                    Ink::Moved => self.moved_properties(paragraph),
                });
            }
            if line.is_empty() {
                continue;
            }
            let properties = match run {
                Some(run) => self.part(paragraph, run.properties).to_string(),
                None => self.mark_format(paragraph),
            };
            let run = format!("<w:r>{properties}{}</w:r>", text_elements(line));
            match self.ink {
                Ink::Made => out.push_str(&run),
                Ink::Tracked => self.wrap("ins", &run, &mut out),
                Ink::Moved => self.wrap("moveTo", &run, &mut out),
            }
        }
        out
    }

    /// The format of the mark of an empty paragraph, as that of text put into it.
    fn mark_format(&self, paragraph: &Paragraph) -> String {
        let format = self.part(paragraph, paragraph.properties.mark);
        let tracked = ["<w:ins", "<w:del", "<w:move", "<w:rPrChange"];
        match format.is_empty() || tracked.iter().any(|tag| format.contains(tag)) {
            true => String::new(),
            false => format!("<w:rPr>{format}</w:rPr>"),
        }
    }

    /// The properties of a paragraph with what becomes of its mark: put in, as long as it is split
    /// once more, else deleted or as it was.
    fn properties(&mut self, paragraph: &Paragraph, pages: &mut Pages, first: bool) -> String {
        let mark = match (pages.left, pages.mark) {
            (1.., _) => format!("<w:ins {}/>", self.revisions.attributes()),
            (0, Some(name)) => format!("<w:{name} {}/>", self.revisions.attributes()),
            (0, None) => String::new(),
        };
        self.properties_with(paragraph, &mark, first)
    }

    /// The properties with `mark` before those of the mark; `whole` with the section that ends there
    /// and what was changed of them.
    fn properties_with(&self, paragraph: &Paragraph, mark: &str, whole: bool) -> String {
        let properties = &paragraph.properties;
        let head = self.part(paragraph, properties.head);
        let format = self.part(paragraph, properties.mark);
        let mark = match mark.is_empty() && format.is_empty() {
            true => String::new(),
            false => format!("<w:rPr>{mark}{format}</w:rPr>"),
        };
        let rest = match whole {
            true => [properties.section, properties.change].map(|s| self.part(paragraph, s)),
            false => [""; 2],
        };
        let content = format!("{head}{mark}{}", rest.concat());
        if content.is_empty() { content } else { format!("<w:pPr>{content}</w:pPr>") }
    }

    /// Bytes of the part a paragraph stands in.
    fn part(&self, paragraph: &Paragraph, span: Span) -> &'a str {
        let docx: &'a Docx = self.docx;
        &docx.parts[paragraph.part].text[span.start..span.end]
    }
}

/// The paragraphs one becomes by being split.
struct Pages {
    /// Breaks that are still to come.
    left: usize,
    /// What becomes of the mark of the last, as the name of an element.
    mark: Option<&'static str>,
}

/// Content of a run that is not closed yet.
#[derive(Default)]
struct Piece {
    content: String,
    deleted: bool,
}

impl What<'_> {
    /// Line breaks in it.
    fn breaks(&self) -> usize {
        match self {
            Self::Text(text) => text.matches('\n').count(),
            Self::Note(_) => 0,
        }
    }
}

impl Paragraph {
    pub(super) fn closes_itself(&self) -> bool {
        self.tag == self.element
    }
}

/// True when what goes in at byte `at` goes into that run.
fn is_home(paragraph: &Paragraph, at: usize, run: &Run) -> bool {
    home(paragraph, at).is_some_and(|home| home.element == run.element)
}

/// The name that ties the two places of a move together.
fn name_of(moved: &Moved) -> String {
    format!("kanwu{}", moved.first + 1)
}

/// Text as a child of a run.
fn text_element(text: &str, deleted: bool) -> String {
    let name = if deleted { "delText" } else { "t" };
    format!("<w:{name} xml:space=\"preserve\">{}</w:{name}>", escaped(text))
}

/// Text as children of a run: tabs are elements.
pub(super) fn text_elements(text: &str) -> String {
    let parts = text.split('\t').map(|part| match part {
        "" => String::new(),
        part => text_element(part, false),
    });
    parts.collect::<Vec<_>>().join("<w:tab/>")
}

/// A span of a part with those patches that lie in it, which are sorted. Of patches that overlap,
/// the first counts: what stands between two joined paragraphs goes as a whole.
fn patched(text: &str, span: Span, patches: &[Patch]) -> String {
    let mut out = String::with_capacity(span.len());
    let mut at = span.start;
    for patch in patches.iter().filter(|patch| span.contains(patch.span)) {
        if patch.span.start < at {
            continue;
        }
        out.push_str(&text[at..patch.span.start]);
        out.push_str(&patch.text);
        at = patch.span.end;
    }
    out.push_str(&text[at..span.end]);
    out
}

/// The ids of comments, tracked changes and bookmarks in the parts, sorted.
pub(super) fn taken_ids(texts: &[&str]) -> Vec<u32> {
    let mut taken: Vec<u32> = texts
        .iter()
        .flat_map(|text| {
            text.match_indices("w:id=\"").map(move |(at, key)| &text[at + key.len()..])
        })
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect();
    taken.sort_unstable();
    taken.dedup();
    taken
}
