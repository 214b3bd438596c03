//! A new Word file of a plain text, a paragraph for each line.

use std::sync::Arc;

use super::package::Package;
use super::story::Item;
use super::write::text_elements;
use super::{Docx, Problem};
use crate::error::Result;
use crate::source::Source;
use crate::span::Span;
use crate::xml_character::is_allowed;

const CONTENT_TYPES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
    "<Default Extension=\"rels\" ",
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/",
    "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>",
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/",
    "vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>",
    "</Types>",
);

const PACKAGE_RELATIONS: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/",
    "relationships/officeDocument\" Target=\"word/document.xml\"/>",
    "</Relationships>",
);

const DOCUMENT_RELATIONS: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/",
    "relationships/styles\" Target=\"styles.xml\"/>",
    "</Relationships>",
);

/// The language is named, and no font: the house's own template decides.
const STYLES: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">",
    "<w:docDefaults><w:rPrDefault><w:rPr>",
    "<w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/>",
    "</w:rPr></w:rPrDefault></w:docDefaults>",
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">",
    "<w:name w:val=\"Normal\"/></w:style>",
    "</w:styles>",
);

const DOCUMENT_START: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n",
    "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">",
    "<w:body>",
);

impl Docx {
    /// A new file of a text, a paragraph for each line. Form feeds become page breaks, other
    /// characters that XML cannot hold the replacement character.
    ///
    /// # Errors
    /// [`crate::Error::Docx`] when the text is too large for a file.
    pub fn of_text(source: &Source) -> Result<Self> {
        Self::make(source).map_err(|problem| problem.of_file(source.name()))
    }

    fn make(source: &Source) -> std::result::Result<Self, Problem> {
        let mut document = DOCUMENT_START.to_string();
        for line in source.lines() {
            document.push_str(&paragraph(line.span.of(source.text())));
        }
        if source.lines().is_empty() {
            document.push_str("<w:p/>");
        }
        document.push_str("</w:body></w:document>");
        let package = Package::of(&[
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", PACKAGE_RELATIONS),
            ("word/document.xml", &document),
            ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS),
            ("word/styles.xml", STYLES),
        ])?;
        let part = super::Part { name: "word/document.xml".to_string(), text: document.into() };
        let mut docx = Self { package, parts: vec![part], paragraphs: Vec::new() };
        docx.paragraphs = {
            let text = Arc::clone(&docx.parts[0].text);
            super::story::paragraphs(&super::xml::Tree::read(&text)?, 0, true)
        };
        docx.place(source);
        Ok(docx)
    }

    /// Gives what was made of each line the place of the line in its text: character by character,
    /// for each stands for one.
    fn place(&mut self, source: &Source) {
        let lines = source.lines();
        for (paragraph, line) in self.paragraphs.iter_mut().zip(lines) {
            let mut at = line.span.start;
            for item in &mut paragraph.items {
                let Item::Run(run) = item else { continue };
                let start = at;
                for child in &mut run.children {
                    let start = at;
                    let count = child.content.chars().count();
                    let characters = source.text()[at..line.span.end].chars();
                    at += characters.take(count).map(char::len_utf8).sum::<usize>();
                    child.text = Span::new(start, at);
                }
                run.text = Span::new(start, at);
            }
            paragraph.text = line.span;
            paragraph.end = line.end;
        }
    }
}

fn paragraph(line: &str) -> String {
    if line.is_empty() {
        return "<w:p/>".to_string();
    }
    let mut content = String::new();
    for (number, page) in line.split('\u{c}').enumerate() {
        if number > 0 {
            content.push_str("<w:br w:type=\"page\"/>");
        }
        for (number, part) in page.split('\u{b}').enumerate() {
            if number > 0 {
                content.push_str("<w:br/>");
            }
            content.push_str(&text_elements(part));
        }
    }
    format!("<w:p><w:r>{content}</w:r></w:p>")
}

/// A character of a text as it is read back from the file made of it.
pub(super) fn as_written(character: char) -> char {
    match character {
        '\u{b}' | '\u{c}' => '\n',
        '\t' => '\t',
        _ if is_allowed(character) => character,
        _ => '\u{fffd}',
    }
}
