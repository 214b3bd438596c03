//! The repaired text as Markdown: paragraphs apart, headlines marked.

use crate::apply::apply;
use crate::finding::Edit;
use crate::segment::{Block, BlockKind};
use crate::source::Source;
use crate::span::Span;

/// The text of `source` with `groups` of edits made, as Markdown. `blocks` are those of the source:
/// its headlines get `##`. Every line that is left is a paragraph of its own, captions too.
pub fn to_markdown(source: &Source, blocks: &[Block], groups: &[&[Edit]]) -> String {
    let marks: Vec<[Edit; 1]> = blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Headline && !is_joined(block, groups))
        .map(|block| [insert(block.span.start, "## ")])
        .collect();
    let all: Vec<&[Edit]> =
        groups.iter().copied().chain(marks.iter().map(<[Edit; 1]>::as_slice)).collect();
    let text = apply(source.text(), &all).text;
    let lines = text.lines().map(|line| line.trim().trim_start_matches('\u{feff}'));
    let paragraphs: Vec<String> =
        lines.filter(|line| !line.is_empty() && *line != "##").map(escaped).collect();
    paragraphs.join("\n\n") + if paragraphs.is_empty() { "" } else { "\n" }
}

/// True when an edit takes away what parts the block from the one before.
fn is_joined(block: &Block, groups: &[&[Edit]]) -> bool {
    let edits = groups.iter().flat_map(|group| group.iter());
    edits.into_iter().any(|edit| match edit {
        Edit::Replace { span, old, new } => {
            span.end == block.span.start && old.contains('\n') && !new.contains('\n')
        }
        Edit::Move { .. } => false,
    })
}

fn insert(at: usize, new: &str) -> Edit {
    Edit::Replace { span: Span::at(at), old: String::new(), new: new.to_string() }
}

/// A paragraph that Markdown would not take for anything else.
fn escaped(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = digits > 0 && line[digits..].starts_with(['.', ')']);
    if numbered {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    let own =
        !line.starts_with("## ") && line.starts_with(['#', '>', '+', '-', '*', '=', '|', '`', '~']);
    if own { format!("\\{line}") } else { line.to_string() }
}
