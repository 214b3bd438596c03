//! A file as it comes back from an editor: its text before and after the tracked changes still in
//! it, and where the comments of kanwu stand.

use super::carried::Carried;
use super::comments::told_id;
use super::package::Package;
use super::story::{Item, Status, paragraphs};
use super::xml::Tree;
use super::{Problem, check_namespace, main_part, open, related};
use crate::container::ContainerLimits;
use crate::error::Result;

/// A file that comes back.
#[derive(Clone, Debug)]
pub struct Reviewed {
    pub(super) tokens: Vec<Token>,
    /// What kanwu gave it to carry, where no program has dropped it.
    pub carried: Option<Carried>,
}

/// A character, or an end of what a comment stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) what: What,
    pub(super) status: Status,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A character; every end of a line or paragraph is a line feed.
    Character(char),
    /// The comment on the suggestion with this id starts here.
    Start(String),
    /// It ends here.
    End(String),
}

/// Reads the file called `name` as it comes back.
///
/// # Errors
/// As [`super::read`].
pub fn read_reviewed(name: &str, bytes: &[u8], limits: ContainerLimits) -> Result<Reviewed> {
    read(bytes, limits).map_err(|problem| problem.of_file(name))
}

fn read(bytes: &[u8], limits: ContainerLimits) -> std::result::Result<Reviewed, Problem> {
    let package = open(bytes.into(), limits)?;
    let main = main_part(&package)?;
    let ids = comment_ids(&package, &main)?;
    let mut names = vec![main.clone()];
    for kind in ["footnotes", "endnotes", "header", "footer"] {
        let related = related(&package, &main, kind)?;
        names.extend(related.into_iter().filter(|name| package.has(name)));
    }
    let mut tokens = Vec::new();
    for (part, name) in names.iter().enumerate() {
        let text = package.part(name)?;
        let tree = Tree::read(&text)?;
        check_namespace(&tree, name)?;
        for paragraph in paragraphs(&tree, part, part == 0) {
            for item in &paragraph.items {
                read_item(item, &ids, &mut tokens);
            }
            tokens.push(Token { what: What::Character('\n'), status: paragraph.mark });
        }
    }
    let carried = Carried::find(&package, &main)?.map(|(_, carried)| carried);
    Ok(Reviewed { tokens, carried })
}

/// The ids of suggestions by those of the comments on them.
type Ids = std::collections::BTreeMap<String, String>;

fn comment_ids(package: &Package, main: &str) -> std::result::Result<Ids, Problem> {
    let mut ids = Ids::new();
    for name in related(package, main, "comments")? {
        if !package.has(&name) {
            continue;
        }
        let text = package.part(&name)?;
        let tree = Tree::read(&text)?;
        for comment in tree.children(0) {
            let inside = comment..tree.elements[comment].end;
            let texts = inside.filter(|element| tree.name(*element) == "w:t");
            let said: String = texts.map(|element| tree.text_of(element)).collect();
            if let (Some(number), Some(id)) = (tree.attribute(comment, "w:id"), told_id(&said)) {
                ids.insert(number, id);
            }
        }
    }
    Ok(ids)
}

fn read_item(item: &Item, ids: &Ids, tokens: &mut Vec<Token>) {
    let mark = |what| Token { what, status: Status::default() };
    match item {
        Item::Run(run) => {
            let characters = run.children.iter().flat_map(|child| child.content.chars());
            let status = run.status;
            tokens.extend(characters.map(|c| Token { what: What::Character(c), status }));
        }
        Item::CommentStart(id) => {
            tokens.extend(ids.get(id).map(|id| mark(What::Start(id.clone()))));
        }
        Item::CommentEnd(id) => tokens.extend(ids.get(id).map(|id| mark(What::End(id.clone())))),
    }
}

impl Reviewed {
    /// The text as it is when all tracked changes are accepted, a line for each paragraph.
    pub fn accepted(&self) -> String {
        self.text(|status| !status.deleted)
    }

    /// The text as it is when all of them are rejected.
    pub fn rejected(&self) -> String {
        self.text(|status| !status.inserted)
    }

    fn text(&self, stays: impl Fn(Status) -> bool) -> String {
        let tokens = self.tokens.iter().filter(|token| stays(token.status));
        let characters = tokens.filter_map(|token| match token.what {
            What::Character(character) => Some(character),
            _ => None,
        });
        characters.collect()
    }
}
