//! A part of the package as a tree of elements that know their bytes, and everything refused that
//! a file from elsewhere could do harm with.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::Problem;
use crate::span::Span;
use crate::xml_character::{is_allowed, referenced};

/// Elements within one another before a part is refused. Tables within tables within text boxes
/// come to some forty.
const DEPTH: usize = 200;

/// Elements of one part before it is refused: a book of a thousand pages has some two million.
const ELEMENTS: usize = 20_000_000;

/// The elements of a part in the order of the file.
pub(super) struct Tree<'a> {
    pub(super) text: &'a str,
    pub(super) elements: Vec<Element>,
}

/// An element of a part. All spans are bytes of the part.
pub(super) struct Element {
    /// The whole element.
    pub(super) span: Span,
    /// Its start tag; all of it for one that closes itself.
    pub(super) tag: Span,
    /// What stands between the tags; empty, at the end, for one that closes itself.
    pub(super) content: Span,
    /// One past the number of its last descendant.
    pub(super) end: usize,
    /// Pieces of text directly in it.
    pub(super) texts: Vec<Text>,
}

/// Text between tags.
pub(super) struct Text {
    pub(super) text: String,
}

impl Element {
    /// True for an element of one tag, as `<w:p/>`.
    pub(super) fn closes_itself(&self) -> bool {
        self.tag == self.span
    }
}

impl<'a> Tree<'a> {
    /// Reads a part.
    ///
    /// # Errors
    /// [`Problem`] for damage, and for declarations and entities of the file's own.
    pub(super) fn read(text: &'a str) -> Result<Self, Problem> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut elements: Vec<Element> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event().map_err(|error| Problem(error.to_string()))?;
            let end = reader.buffer_position() as usize;
            match event {
                Event::Start(tag) => {
                    check(&tag)?;
                    open.push(elements.len());
                    if open.len() > DEPTH {
                        return Err(Problem(format!("elements are nested more than {DEPTH} deep")));
                    }
                    elements.push(Element::new(start, end));
                }
                Event::Empty(tag) => {
                    check(&tag)?;
                    elements.push(Element::new(start, end));
                }
                Event::End(_) => {
                    let number = open.pop().ok_or_else(|| Problem::of("a tag closes nothing"))?;
                    let count = elements.len();
                    let element = &mut elements[number];
                    element.span.end = end;
                    element.content.end = start;
                    element.end = count;
                }
                Event::Text(data) => add(&mut elements, &open, &data),
                Event::CData(data) => add(&mut elements, &open, &data),
                Event::GeneralRef(name) => {
                    let character = resolve(&name)?;
                    add(&mut elements, &open, character.encode_utf8(&mut [0; 4]));
                }
                Event::DocType(_) => return Err(Problem::of("a DOCTYPE is refused")),
                Event::Decl(declared) => {
                    if let Some(Ok(name)) = declared.encoding()
                        && !["utf-8", "utf8"].contains(&&*name.to_ascii_lowercase())
                    {
                        return Err(Problem(format!("a part calls itself {name}, not UTF-8")));
                    }
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
            if elements.len() > ELEMENTS {
                return Err(Problem(format!("more than {ELEMENTS} elements")));
            }
        }
        if !open.is_empty() || elements.is_empty() {
            return Err(Problem::of("a part ends inside an element"));
        }
        // Those that close themselves have no descendants.
        for (number, element) in elements.iter_mut().enumerate() {
            element.end = element.end.max(number + 1);
        }
        Ok(Self { text, elements })
    }

    /// The name of an element with its prefix, as `w:p`.
    pub(super) fn name(&self, number: usize) -> &'a str {
        let tag = &self.text[self.elements[number].tag.start + 1..];
        let end = tag.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>');
        &tag[..end.unwrap_or(tag.len())]
    }

    /// The numbers of the elements directly in another.
    pub(super) fn children(&self, number: usize) -> impl Iterator<Item = usize> + '_ {
        let last = self.elements[number].end;
        let mut at = number + 1;
        std::iter::from_fn(move || {
            let child = (at < last).then_some(at)?;
            at = self.elements[child].end;
            Some(child)
        })
    }

    /// The first element of that name directly in another.
    pub(super) fn child(&self, number: usize, name: &str) -> Option<usize> {
        self.children(number).find(|child| self.name(*child) == name)
    }

    /// The bytes of a span.
    pub(super) fn slice(&self, span: Span) -> &'a str {
        &self.text[span.start..span.end]
    }

    /// The value of an attribute, by its name with prefix.
    pub(super) fn attribute(&self, number: usize, name: &str) -> Option<String> {
        let tag = self.slice(self.elements[number].tag);
        let inner = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
        let tag = BytesStart::from_content(inner, self.name(number).len());
        let mut attributes = tag.attributes();
        let mut known = attributes.with_checks(false).flatten();
        unescaped(&known.find(|attribute| attribute.key.as_ref() == name)?.value)
    }

    /// All text directly in an element.
    pub(super) fn text_of(&self, number: usize) -> String {
        self.elements[number].texts.iter().map(|text| text.text.as_str()).collect()
    }
}

impl Element {
    fn new(start: usize, end: usize) -> Self {
        let tag = Span::new(start, end);
        Self { span: tag, tag, content: Span::at(end), end: 0, texts: Vec::new() }
    }
}

/// Attributes must be well formed: they are written back as they are.
fn check(tag: &BytesStart<'_>) -> Result<(), Problem> {
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| Problem(format!("attribute: {error}")))?;
        if unescaped(&attribute.value).is_none() {
            return Err(Problem::of("an attribute with an entity of its own is refused"));
        }
    }
    Ok(())
}

fn add(elements: &mut [Element], open: &[usize], text: &str) {
    let Some(number) = open.last() else { return };
    let texts = &mut elements[*number].texts;
    match texts.last_mut() {
        Some(last) => last.text.push_str(text),
        None => texts.push(Text { text: text.to_string() }),
    }
}

fn unescaped(raw: &str) -> Option<String> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';')? + at;
        out.push(resolve(&rest[at + 1..end]).ok()?);
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Some(out)
}

/// The character behind the reference `&name;`.
fn resolve(name: &str) -> Result<char, Problem> {
    referenced(name).ok_or_else(|| Problem(format!("the entity &{name}; is refused")))
}

/// `text` as XML writes it, between tags and in double quotes. What XML cannot hold becomes the
/// replacement character.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\r' => out.push_str("&#13;"),
            '\t' => out.push_str("&#9;"),
            _ if is_allowed(character) => out.push(character),
            _ => out.push('\u{fffd}'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_know_their_bytes() {
        let text = "<?xml version=\"1.0\"?><a x='1'><b/>甲&amp;乙<c y=\"&lt;\">丙</c></a>";
        let tree = Tree::read(text).expect("well formed");
        assert_eq!(tree.name(0), "a");
        let children: Vec<&str> = tree.children(0).map(|child| tree.name(child)).collect();
        assert_eq!(children, ["b", "c"]);
        assert_eq!(tree.text_of(0), "甲&乙");
        assert_eq!(tree.attribute(2, "y").as_deref(), Some("<"));
        assert_eq!(tree.slice(tree.elements[2].content), "丙");
        assert!(tree.elements[1].closes_itself());
    }

    #[test]
    fn hostile_parts_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
        for text in [
            "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
            "<a>&b;</a>",
            "<a b=\"&c;\"/>",
            "<a><b></a></b>",
            "<a>",
            "",
            "<?xml version=\"1.0\" encoding=\"GBK\"?><a/>",
            "<a>&#0;</a>",
            deep.as_str(),
        ] {
            assert!(Tree::read(text).is_err(), "{text}");
        }
    }
}
