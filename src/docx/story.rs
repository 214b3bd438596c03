//! The paragraphs of a part: what a reader sees of it, and the bytes behind it.
//!
//! A [`Paragraph`] is a list of runs, a [`Run`] a list of children. Of text with tracked changes
//! both states are here; [`Status`] tells which text is in which.

use super::xml::Tree;
use crate::span::Span;

/// A paragraph. Spans called `text` are bytes of the plain text, all others bytes of the part.
#[derive(Clone, Debug)]
pub(super) struct Paragraph {
    /// Number of the part.
    pub(super) part: usize,
    /// The whole element.
    pub(super) element: Span,
    /// Its start tag.
    pub(super) tag: Span,
    /// What stands behind its properties; empty, at the end, in an element of one tag.
    pub(super) content: Span,
    pub(super) properties: Properties,
    /// What became of the mark that ends it.
    pub(super) mark: Status,
    pub(super) items: Vec<Item>,
    /// The text without the line break behind it.
    pub(super) text: Span,
    /// One past that line break.
    pub(super) end: usize,
    /// The next paragraph stands right behind this one, so that the two can become one.
    pub(super) joins_next: bool,
    /// Somebody's tracked changes are in it.
    pub(super) tracked: bool,
    /// It stands in the main text, where Word allows comments.
    pub(super) commentable: bool,
    /// Nothing but runs of text is in it, so that it can be moved as a whole.
    pub(super) plain: bool,
}

/// What stands in the properties of a paragraph, in the order the format asks for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Properties {
    /// All that goes before the properties of the mark.
    pub(super) head: Span,
    /// The content of the properties of the mark.
    pub(super) mark: Span,
    /// The section that ends here.
    pub(super) section: Span,
    /// A tracked change of the properties.
    pub(super) change: Span,
}

/// Whether a text stands in the document before and after tracked changes are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    /// It comes in with a tracked change.
    pub(super) inserted: bool,
    /// It goes out with a tracked change.
    pub(super) deleted: bool,
}

impl Status {
    fn with(self, other: Self) -> Self {
        Self { inserted: self.inserted || other.inserted, deleted: self.deleted || other.deleted }
    }

    pub(super) fn is_tracked(self) -> bool {
        self.inserted || self.deleted
    }
}

/// What stands in a paragraph, in its order.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Run(Run),
    /// A comment with this id starts here.
    CommentStart(String),
    /// A comment ends here.
    CommentEnd(String),
}

/// A stretch of text of one format.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) element: Span,
    pub(super) tag: Span,
    /// Its properties, empty where it has none.
    pub(super) properties: Span,
    pub(super) status: Status,
    /// It stands directly in the paragraph, not in a link or a field.
    pub(super) direct: bool,
    /// It holds paragraphs of its own, as a text box.
    pub(super) holds_paragraphs: bool,
    pub(super) children: Vec<Child>,
    pub(super) text: Span,
}

/// A child of a run.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub(super) kind: Kind,
    pub(super) element: Span,
    /// What a reader reads.
    pub(super) content: String,
    pub(super) text: Span,
}

/// Kinds of children of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// A tab or a line break: one character, written as an element.
    Sign,
    /// Text that cannot be changed: a page break, a phonetic guide.
    Fixed,
    /// A picture, a reference to a footnote, a mark of a field: no text.
    Other,
}

impl Paragraph {
    /// The runs of the text as accepted, in order.
    pub(super) fn runs(&self) -> impl Iterator<Item = &Run> {
        self.items.iter().filter_map(|item| match item {
            Item::Run(run) if !run.status.deleted => Some(run),
            _ => None,
        })
    }
}

impl Run {
    /// True when nothing can be changed in it.
    pub(super) fn is_fixed(&self) -> bool {
        self.holds_paragraphs || self.status.is_tracked()
    }
}

/// All paragraphs below an element of a part, in the order a reader meets them: those of a text box
/// behind the paragraph it hangs on. Texts have no place yet.
pub(super) fn paragraphs(tree: &Tree<'_>, part: usize, main: bool) -> Vec<Paragraph> {
    let mut reader = Reader { tree, part, paragraphs: Vec::new() };
    reader.blocks(0, main);
    reader.paragraphs
}

struct Reader<'a> {
    tree: &'a Tree<'a>,
    part: usize,
    paragraphs: Vec<Paragraph>,
}

impl Reader<'_> {
    /// Reads what stands in an element that holds paragraphs, tables and the like.
    fn blocks(&mut self, parent: usize, commentable: bool) {
        // The number of the paragraph before, as long as nothing parts it from the next.
        let mut before: Option<usize> = None;
        for child in self.tree.children(parent) {
            let name = self.tree.name(child);
            match name {
                "w:p" => {
                    let number = self.paragraphs.len();
                    self.paragraph(child, commentable);
                    // Behind one with a text box the paragraphs of the box come first.
                    if let Some(before) = before.filter(|before| before + 1 == number) {
                        let ends_section = !self.paragraphs[before].properties.section.is_empty();
                        self.paragraphs[before].joins_next = !ends_section;
                    }
                    before = Some(number);
                }
                // The other form of what stands in mc:Choice.
                "mc:Fallback" => {}
                "w:footnote" | "w:endnote" => {
                    let kind = self.tree.attribute(child, "w:type");
                    if kind.is_none_or(|kind| kind == "normal") {
                        self.blocks(child, commentable);
                    }
                }
                _ if is_between(name) => {}
                _ => {
                    before = None;
                    self.blocks(child, commentable);
                }
            }
        }
    }

    fn paragraph(&mut self, number: usize, commentable: bool) {
        let element = &self.tree.elements[number];
        let properties = self.tree.child(number, "w:pPr");
        let mut content = element.content;
        if let Some(properties) = properties {
            content.start = self.tree.elements[properties].span.end;
        }
        let mut paragraph = Paragraph {
            part: self.part,
            element: element.span,
            tag: element.tag,
            content,
            properties: properties.map_or_else(Properties::default, |p| self.properties(p)),
            mark: properties.map_or_else(Status::default, |p| self.mark(p)),
            items: Vec::new(),
            text: Span::default(),
            end: 0,
            joins_next: false,
            tracked: false,
            commentable,
            plain: true,
        };
        let mut boxes = Vec::new();
        self.inline(number, Status::default(), true, &mut paragraph, &mut boxes);
        let tracked = |item: &Item| matches!(item, Item::Run(run) if run.status.is_tracked());
        paragraph.tracked = paragraph.mark.is_tracked() || paragraph.items.iter().any(tracked);
        self.paragraphs.push(paragraph);
        for text_box in boxes {
            self.blocks(text_box, false);
        }
    }

    fn properties(&self, number: usize) -> Properties {
        let element = &self.tree.elements[number];
        let span = |name| {
            let child = self.tree.child(number, name);
            child.map_or(Span::default(), |child| self.tree.elements[child].span)
        };
        let (section, change) = (span("w:sectPr"), span("w:pPrChange"));
        let mark = self.tree.child(number, "w:rPr").map(|mark| &self.tree.elements[mark]);
        let whole = mark.map_or(Span::default(), |mark| mark.span);
        let behind = [whole, section, change].into_iter().filter(|span| !span.is_empty());
        let end = behind.map(|span| span.start).min().unwrap_or(element.content.end);
        Properties {
            head: Span::new(element.content.start.min(end), end),
            mark: mark.map_or(Span::default(), |mark| mark.content),
            section,
            change,
        }
    }

    /// What became of the mark, by the properties of the paragraph.
    fn mark(&self, properties: usize) -> Status {
        let Some(mark) = self.tree.child(properties, "w:rPr") else { return Status::default() };
        let statuses = self.tree.children(mark).map(|child| status_of(self.tree.name(child)));
        statuses.fold(Status::default(), Status::with)
    }

    /// Reads what stands in a paragraph, or in a link, a field or a change in it.
    fn inline(
        &self,
        parent: usize,
        status: Status,
        direct: bool,
        paragraph: &mut Paragraph,
        boxes: &mut Vec<usize>,
    ) {
        for child in self.tree.children(parent) {
            let name = self.tree.name(child);
            let id = || self.tree.attribute(child, "w:id").unwrap_or_default();
            match name {
                "w:pPr" => {}
                "w:r" => {
                    let run = self.run(child, status, direct, boxes);
                    let of_text = |child: &Child| matches!(child.kind, Kind::Text | Kind::Sign);
                    paragraph.plain &= direct && run.children.iter().all(of_text);
                    paragraph.items.push(Item::Run(run));
                }
                "w:commentRangeStart" => paragraph.items.push(Item::CommentStart(id())),
                "w:commentRangeEnd" => paragraph.items.push(Item::CommentEnd(id())),
                "w:proofErr" => {}
                "mc:Fallback" => paragraph.plain = false,
                _ => {
                    paragraph.plain = false;
                    let status = status.with(status_of(name));
                    self.inline(child, status, false, paragraph, boxes);
                }
            }
        }
    }

    fn run(&self, number: usize, status: Status, direct: bool, boxes: &mut Vec<usize>) -> Run {
        let element = &self.tree.elements[number];
        let mut properties = Span::at(element.content.start);
        let mut children = Vec::new();
        let boxes_before = boxes.len();
        for child in self.tree.children(number) {
            let name = self.tree.name(child);
            if name == "w:rPr" {
                properties = self.tree.elements[child].span;
                continue;
            }
            let (kind, content) = self.content(child, name);
            if kind == Kind::Other {
                self.text_boxes(child, boxes);
            }
            let element = self.tree.elements[child].span;
            children.push(Child { kind, element, content, text: Span::default() });
        }
        Run {
            element: element.span,
            tag: element.tag,
            properties,
            status,
            direct,
            holds_paragraphs: boxes.len() > boxes_before,
            children,
            text: Span::default(),
        }
    }

    fn content(&self, child: usize, name: &str) -> (Kind, String) {
        let sign = |sign: &str| (Kind::Sign, sign.to_string());
        match name {
            "w:t" | "w:delText" => {
                let text = self.tree.text_of(child).replace(['\n', '\r', '\t'], " ");
                let kept = self.tree.attribute(child, "xml:space").as_deref() == Some("preserve");
                (Kind::Text, if kept { text } else { text.trim_matches(' ').to_string() })
            }
            "w:tab" => sign("\t"),
            "w:cr" => sign("\n"),
            "w:noBreakHyphen" => sign("\u{2011}"),
            "w:br" => match self.tree.attribute(child, "w:type").as_deref() {
                None | Some("textWrapping") => sign("\n"),
                _ => (Kind::Fixed, "\n".to_string()),
            },
            "w:ruby" => (Kind::Fixed, self.ruby(child)),
            _ => (Kind::Other, String::new()),
        }
    }

    /// The text that a phonetic guide stands over.
    fn ruby(&self, number: usize) -> String {
        let Some(base) = self.tree.child(number, "w:rubyBase") else { return String::new() };
        let inside = base + 1..self.tree.elements[base].end;
        let texts = inside.filter(|element| self.tree.name(*element) == "w:t");
        texts.map(|text| self.tree.text_of(text)).collect()
    }

    /// The elements below one that hold paragraphs of their own.
    fn text_boxes(&self, number: usize, boxes: &mut Vec<usize>) {
        for child in self.tree.children(number) {
            match self.tree.name(child) {
                "w:txbxContent" => boxes.push(child),
                "mc:Fallback" => {}
                _ => self.text_boxes(child, boxes),
            }
        }
    }
}

/// What an element around runs, or in the properties of a mark, makes of them.
fn status_of(name: &str) -> Status {
    Status {
        inserted: matches!(name, "w:ins" | "w:moveTo"),
        deleted: matches!(name, "w:del" | "w:moveFrom"),
    }
}

/// Elements that may stand between two paragraphs without parting them.
pub(super) fn is_between(name: &str) -> bool {
    matches!(
        name,
        "w:bookmarkStart"
            | "w:bookmarkEnd"
            | "w:proofErr"
            | "w:permStart"
            | "w:permEnd"
            | "w:commentRangeStart"
            | "w:commentRangeEnd"
            | "w:moveFromRangeStart"
            | "w:moveFromRangeEnd"
            | "w:moveToRangeStart"
            | "w:moveToRangeEnd"
    )
}
