//! XML read event by event, with the byte of the file behind every character, and everything
//! refused that a file from elsewhere could do harm with.

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::draft::{Escape, Field, Letter};
use super::{Limits, Problem};
use crate::span::Span;
use crate::xml_character::referenced;

/// What a format does with the elements of a file.
pub(super) trait Handler {
    /// An element starts. Its end follows, also for an empty one.
    fn start(&mut self, element: &Element<'_>) -> Result<(), Problem>;
    /// Text between tags; `field` is one run without any markup in it.
    fn text(&mut self, field: Field);
    /// The element called `name` ends.
    fn end(&mut self, name: &str);
}

/// A start tag.
pub(super) struct Element<'a> {
    whole: &'a str,
    tag: BytesStart<'a>,
    /// First byte of the tag.
    at: usize,
}

impl Element<'_> {
    /// The name without its prefix.
    pub(super) fn name(&self) -> String {
        self.tag.local_name().as_ref().to_string()
    }

    /// The value of an attribute, references resolved.
    pub(super) fn attribute(&self, name: &str) -> Result<Option<String>, Problem> {
        let field = self.field(name)?;
        Ok(field.map(|field| field.letters.iter().map(|letter| letter.character).collect()))
    }

    /// A number in an attribute; `None` where it is missing or no finite number.
    pub(super) fn number(&self, name: &str) -> Result<Option<f32>, Problem> {
        let value = self.attribute(name)?;
        Ok(value.and_then(|value| value.trim().parse().ok()).filter(|n: &f32| n.is_finite()))
    }

    /// The value of an attribute with the places of its characters.
    pub(super) fn field(&self, name: &str) -> Result<Option<Field>, Problem> {
        // What is doubled or malformed is no matter as long as the one asked for can be read.
        for attribute in self.tag.attributes().with_checks(false) {
            let attribute =
                attribute.map_err(|error| Problem::new(self.at, format!("attribute: {error}")))?;
            if attribute.key.local_name().as_ref() != name {
                continue;
            }
            let start = offset(self.whole, &attribute.value).unwrap_or(self.at);
            let quote = self.whole.as_bytes().get(start.wrapping_sub(1));
            let escape = Escape::Attribute { single: quote == Some(&b'\'') };
            return Ok(Some(decode(&attribute.value, start, escape)?));
        }
        Ok(None)
    }
}

/// Elements HTML leaves open.
const VOID: [&str; 8] = ["meta", "br", "hr", "img", "link", "input", "col", "wbr"];

/// Reads `text`, the whole file. With `html`, elements that HTML never closes may stand open.
pub(super) fn walk(
    text: &str,
    html: bool,
    limits: &Limits,
    handler: &mut impl Handler,
) -> Result<(), Problem> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut open: Vec<String> = Vec::new();
    let mut run = Run::default();
    let mut roots = 0;
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader
            .read_event()
            .map_err(|error| Problem::new(reader.error_position() as usize, error.to_string()))?;
        if !matches!(event, Event::Text(_) | Event::GeneralRef(_)) {
            run.flush(handler);
        }
        match event {
            Event::Start(tag) => {
                let element = Element { whole: text, tag, at };
                let name = element.name();
                handler.start(&element)?;
                if html && VOID.iter().any(|void| name.eq_ignore_ascii_case(void)) {
                    handler.end(&name);
                } else {
                    roots += usize::from(open.is_empty());
                    open.push(name);
                }
                if open.len() > limits.depth {
                    let problem = format!("elements are nested more than {} deep", limits.depth);
                    return Err(Problem::new(at, problem));
                }
            }
            Event::Empty(tag) => {
                let element = Element { whole: text, tag, at };
                handler.start(&element)?;
                handler.end(&element.name());
            }
            Event::End(tag) => {
                let name = tag.local_name().as_ref().to_string();
                match open.pop() {
                    Some(start) if start == name => handler.end(&name),
                    Some(start) => {
                        return Err(Problem::new(at, format!("</{name}> closes <{start}>")));
                    }
                    None => return Err(Problem::new(at, format!("</{name}> closes nothing"))),
                }
            }
            Event::Text(_) => {
                let end = reader.buffer_position() as usize;
                run.add_verbatim(text, at, end);
            }
            Event::GeneralRef(reference) => {
                let end = reader.buffer_position() as usize;
                let character = resolve(&reference, at)?;
                run.letters.push(Letter { character, span: Span::new(at, end) });
            }
            Event::CData(data) => {
                let start = offset(text, &data).unwrap_or(at);
                let letters = verbatim(&text[start..start + data.len()], start).collect();
                handler.text(Field { letters, escape: Escape::Cdata });
            }
            Event::DocType(declared) if declared.contains('[') => {
                return Err(Problem::new(at, "a DOCTYPE with declarations of its own is refused"));
            }
            Event::Decl(declared) => check_encoding(declared.encoding(), at)?,
            Event::DocType(_) | Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match open.last() {
        Some(name) => Err(Problem::new(text.len(), format!("the file ends inside <{name}>"))),
        None if roots == 0 => Err(Problem::new(text.len(), "no element in the file")),
        None => Ok(()),
    }
}

/// Text that is being gathered: entities cut it into several events.
#[derive(Default)]
struct Run {
    letters: Vec<Letter>,
}

impl Run {
    fn add_verbatim(&mut self, text: &str, start: usize, end: usize) {
        self.letters.extend(verbatim(&text[start..end], start));
    }

    fn flush(&mut self, handler: &mut impl Handler) {
        if !self.letters.is_empty() {
            let letters = std::mem::take(&mut self.letters);
            handler.text(Field { letters, escape: Escape::Text });
        }
    }
}

type Declared<'a> =
    Option<Result<std::borrow::Cow<'a, str>, quick_xml::events::attributes::AttrError>>;

/// The bytes are known to be UTF-8; a file that says otherwise would be written back wrong.
fn check_encoding(declared: Declared<'_>, at: usize) -> Result<(), Problem> {
    match declared {
        None => Ok(()),
        Some(Err(error)) => Err(Problem::new(at, error.to_string())),
        Some(Ok(name)) if ["utf-8", "utf8", "us-ascii"].contains(&&*name.to_ascii_lowercase()) => {
            Ok(())
        }
        Some(Ok(name)) => {
            let problem = format!("the file calls itself {name}; layout files are read as UTF-8");
            Err(Problem::new(at, problem))
        }
    }
}

/// The characters of `part`, whose first byte is byte `start` of the file.
pub(super) fn verbatim(part: &str, start: usize) -> impl Iterator<Item = Letter> + '_ {
    part.char_indices().map(move |(at, character)| {
        let at = start + at;
        Letter { character, span: Span::new(at, at + character.len_utf8()) }
    })
}

/// Resolves the references in `raw`, an attribute's value that starts at byte `start`.
fn decode(raw: &str, start: usize, escape: Escape) -> Result<Field, Problem> {
    let mut letters = Vec::new();
    let mut at = 0;
    while let Some(found) = raw[at..].find('&') {
        letters.extend(verbatim(&raw[at..at + found], start + at));
        at += found;
        let length = raw[at..]
            .find(';')
            .ok_or_else(|| Problem::new(start + at, "a reference without its semicolon"))?;
        let span = Span::new(start + at, start + at + length + 1);
        let character = resolve(&raw[at + 1..at + length], span.start)?;
        letters.push(Letter { character, span });
        at += length + 1;
    }
    letters.extend(verbatim(&raw[at..], start + at));
    Ok(Field { letters, escape })
}

/// The character behind the reference `&name;`.
fn resolve(name: &str, at: usize) -> Result<char, Problem> {
    referenced(name).ok_or_else(|| Problem::new(at, format!("the entity &{name}; is refused")))
}

/// Where `part` lies in `whole`; `None` when it does not.
fn offset(whole: &str, part: &str) -> Option<usize> {
    let at = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    (whole.get(at..at + part.len()) == Some(part)).then_some(at)
}
