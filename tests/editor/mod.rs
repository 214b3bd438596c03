//! An editor in Word: accepts and rejects tracked changes in a file, and writes over text, knowing
//! nothing of kanwu but where its comments stand.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};

use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// What the editor does with the changes under a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Accept,
    Reject,
    Leave,
    /// Write this in the place of everything the comment stands at.
    Write(String),
}

/// An element or a text.
#[derive(Clone, Debug)]
enum Node {
    Element { tag: String, children: Vec<Node> },
    Text(String),
}

/// The parts of a package, in the order of the file.
pub(crate) fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    (0..archive.len())
        .map(|number| {
            let mut part = archive.by_index(number).expect("a part");
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("it unpacks");
            (part.name().to_string(), content)
        })
        .collect()
}

/// A part as text.
pub(crate) fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(known, _)| known == name);
    let (_, content) = found.unwrap_or_else(|| panic!("no part {name}"));
    String::from_utf8(content).expect("parts are UTF-8")
}

/// A package of parts.
pub(crate) fn package(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name.as_str(), options).expect("a part");
        writer.write_all(content).expect("a Vec takes everything");
    }
    writer.finish().expect("a package").into_inner()
}

/// The package with another part of that name, or without it.
pub(crate) fn with_part(bytes: &[u8], name: &str, content: Option<&str>) -> Vec<u8> {
    let mut parts = parts(bytes);
    parts.retain(|(known, _)| known != name);
    parts.extend(content.map(|content| (name.to_string(), content.as_bytes().to_vec())));
    package(&parts)
}

/// The file after the editor has worked on it; `act` tells what is done by the id of the comment.
/// Without `comments`, the editor deletes them all.
pub(crate) fn edit(bytes: &[u8], act: &dyn Fn(&str) -> Act, comments: bool) -> Vec<u8> {
    let name = "word/document.xml";
    let document = part(bytes, name);
    let body_at = document.find("<w:body>").expect("a body") + "<w:body>".len();
    let end = document.rfind("</w:body>").expect("a body");
    let (moves, ahead) = (HashMap::new(), None);
    let mut editor = Editor { act, open: Vec::new(), moves, moving: None, ahead };
    let body = editor.body(read(&document[body_at..end]));
    let mut written = String::new();
    body.iter().for_each(|node| write(node, comments, &mut written));
    let document = format!("{}{written}{}", &document[..body_at], &document[end..]);
    let bytes = with_part(bytes, name, Some(&document));
    match comments {
        true => bytes,
        false => with_part(&bytes, "word/comments.xml", Some(NO_COMMENTS)),
    }
}

const NO_COMMENTS: &str =
    "<w:comments xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"/>";

/// The ids of the comments by the ids of the suggestions they tell.
pub(crate) fn comment_ids(bytes: &[u8]) -> HashMap<String, String> {
    let comments = part(bytes, "word/comments.xml");
    let each = comments.split("<w:comment ").skip(1);
    each.map(|comment| {
        let number = comment.split("w:id=\"").nth(1).expect("an id");
        let number = number.split('"').next().expect("an id").to_string();
        let id = comment.split("kanwu:").nth(1).expect("the id of a suggestion");
        (id.split('<').next().expect("an id").to_string(), number)
    })
    .collect()
}

struct Editor<'a> {
    act: &'a dyn Fn(&str) -> Act,
    /// Comments that have begun and not ended.
    open: Vec<String>,
    /// The comment a move belongs to, by its name.
    moves: HashMap<String, String>,
    moving: Option<String>,
    /// The comment of a passage that was moved to right behind the paragraph.
    ahead: Option<String>,
}

impl Editor<'_> {
    fn current(&self) -> Act {
        let id = self.moving.as_ref().or(self.open.last());
        id.map_or(Act::Leave, |id| (self.act)(id))
    }

    fn body(&mut self, nodes: Vec<Node>) -> Vec<Node> {
        let mut out: Vec<Node> = Vec::new();
        let mut joins = false;
        let mut nodes = nodes.into_iter().peekable();
        while let Some(node) = nodes.next() {
            match name(&node) {
                "w:p" => {
                    let next = nodes.peek().filter(|next| name(next) == "w:moveToRangeStart");
                    let passage = next.map(|next| attribute(next, "w:name"));
                    self.ahead = passage.and_then(|name| self.moves.get(&name).cloned());
                    let (paragraph, goes_on) = self.paragraph(node);
                    match out.iter_mut().rev().find(|node| name(node) == "w:p").filter(|_| joins) {
                        Some(before) => {
                            // The mark that is left is that of the last, with its properties.
                            let joined = children_mut(before);
                            joined.retain(|child| name(child) != "w:pPr");
                            joined.extend(children(paragraph));
                            joined.sort_by_key(|child| name(child) != "w:pPr");
                        }
                        None => out.push(paragraph),
                    }
                    joins = goes_on;
                }
                _ => out.extend(self.range(node)),
            }
        }
        out
    }

    /// An end of a range of moved text.
    fn range(&mut self, node: Node) -> Option<Node> {
        match name(&node) {
            "w:moveFromRangeStart" => {
                let comment = self.open.last().cloned().unwrap_or_default();
                self.moves.insert(attribute(&node, "w:name"), comment.clone());
                self.moving = Some(comment);
            }
            "w:moveToRangeStart" => {
                self.moving = self.moves.get(&attribute(&node, "w:name")).cloned();
            }
            "w:moveFromRangeEnd" | "w:moveToRangeEnd" => {
                let kept = (self.current() == Act::Leave).then_some(node);
                self.moving = None;
                return kept;
            }
            _ => return Some(node),
        }
        (self.current() == Act::Leave).then_some(node)
    }

    /// A paragraph, and whether the next goes on in it.
    fn paragraph(&mut self, node: Node) -> (Node, bool) {
        let Node::Element { tag, children } = node else { unreachable!("it is a paragraph") };
        let mut properties = None;
        let mut out = Vec::new();
        for child in children {
            match name(&child) {
                "w:pPr" => properties = Some(child),
                _ => self.inline(child, &mut out),
            }
        }
        let act = match &self.ahead {
            Some(comment) if self.open.is_empty() => (self.act)(comment),
            _ => self.current(),
        };
        let mut joins = false;
        if let Some(properties) = &mut properties {
            for mark in children_mut(properties).iter_mut().filter(|p| name(p) == "w:rPr") {
                children_mut(mark).retain(|change| match (name(change), &act) {
                    ("w:del" | "w:ins", Act::Leave) => true,
                    ("w:del", Act::Accept) | ("w:ins", Act::Reject) => {
                        joins = true;
                        false
                    }
                    ("w:del" | "w:ins", _) => false,
                    _ => true,
                });
            }
        }
        let children = properties.into_iter().chain(out).collect();
        (Node::Element { tag, children }, joins)
    }

    fn inline(&mut self, node: Node, out: &mut Vec<Node>) {
        let act = self.current();
        match name(&node) {
            "w:commentRangeStart" => {
                let id = attribute(&node, "w:id");
                self.open.push(id.clone());
                out.push(node);
                if let Act::Write(text) = (self.act)(&id) {
                    let text = text.replace('&', "&amp;").replace('<', "&lt;");
                    let text = Node::Text(text);
                    let tag = "<w:t xml:space=\"preserve\">".to_string();
                    let text = Node::Element { tag, children: vec![text] };
                    out.push(Node::Element { tag: "<w:r>".to_string(), children: vec![text] });
                }
            }
            "w:commentRangeEnd" => {
                let id = attribute(&node, "w:id");
                self.open.retain(|open| *open != id);
                out.push(node);
            }
            "w:moveFromRangeStart"
            | "w:moveFromRangeEnd"
            | "w:moveToRangeStart"
            | "w:moveToRangeEnd" => out.extend(self.range(node)),
            _ if matches!(act, Act::Write(_)) => {}
            "w:ins" | "w:moveTo" => match act {
                Act::Accept => out.extend(children(node)),
                Act::Reject => {}
                _ => out.push(node),
            },
            "w:del" | "w:moveFrom" => match act {
                Act::Accept => {}
                Act::Reject => out.extend(children(node).into_iter().map(restored)),
                _ => out.push(node),
            },
            _ => out.push(node),
        }
    }
}

/// A run whose deletion was rejected.
fn restored(node: Node) -> Node {
    match node {
        Node::Element { tag, children } => {
            let tag = tag.replace("<w:delText", "<w:t");
            Node::Element { tag, children: children.into_iter().map(restored).collect() }
        }
        text => text,
    }
}

fn name(node: &Node) -> &str {
    match node {
        Node::Element { tag, .. } => {
            tag[1..].split([' ', '>', '/']).next().expect("a tag has a name")
        }
        Node::Text(_) => "",
    }
}

fn attribute(node: &Node, name: &str) -> String {
    let Node::Element { tag, .. } = node else { return String::new() };
    let value = tag.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
    value.split('"').next().unwrap_or_default().to_string()
}

fn children(node: Node) -> Vec<Node> {
    match node {
        Node::Element { children, .. } => children,
        Node::Text(_) => Vec::new(),
    }
}

fn children_mut(node: &mut Node) -> &mut Vec<Node> {
    match node {
        Node::Element { children, .. } => children,
        Node::Text(_) => panic!("a text has no children"),
    }
}

/// The elements of a well-formed text.
fn read(text: &str) -> Vec<Node> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let mut stack: Vec<(String, Vec<Node>)> = vec![(String::new(), Vec::new())];
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader.read_event().expect("well formed");
        let raw = &text[start..reader.buffer_position() as usize];
        match event {
            Event::Start(_) => stack.push((raw.to_string(), Vec::new())),
            Event::Empty(_) => {
                let tag = format!("{}>", raw.trim_end_matches("/>"));
                let top = stack.last_mut().expect("never empty");
                top.1.push(Node::Element { tag, children: Vec::new() });
            }
            Event::End(_) => {
                let (tag, children) = stack.pop().expect("a start tag");
                let top = stack.last_mut().expect("a parent");
                top.1.push(Node::Element { tag, children });
            }
            Event::Eof => break,
            _ => stack.last_mut().expect("never empty").1.push(Node::Text(raw.to_string())),
        }
    }
    stack.pop().expect("the root").1
}

fn write(node: &Node, comments: bool, out: &mut String) {
    match node {
        Node::Text(text) => out.push_str(text),
        Node::Element { tag, children } => {
            let name = name(node).to_string();
            let of_comment = name.starts_with("w:comment")
                || children.first().is_some_and(|c| self::name(c) == "w:commentReference");
            if of_comment && !comments {
                return;
            }
            out.push_str(tag);
            children.iter().for_each(|child| write(child, comments, out));
            out.push_str(&format!("</{name}>"));
        }
    }
}
