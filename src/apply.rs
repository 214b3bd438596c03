//! The only writer: applies edits to a text, makes the file's bytes of it, and puts a file in its
//! place atomically.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::finding::Edit;
use crate::source::{Encoding, Source};
use crate::span::Span;

/// A text with edits made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The new text. What no edit touches is there byte for byte.
    pub text: String,
    /// Edits that could not be made, with the reason, by number in the list given.
    pub refused: Vec<(usize, String)>,
    /// What the new text is made of, in its order.
    parts: Vec<Part>,
    /// The part of the old text that became it.
    within: Span,
    /// The spans of it that were moved, in their order.
    moved: Vec<Span>,
}

/// A part of a new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Bytes of the old text.
    Kept(Span),
    /// What an edit has put in.
    New {
        /// The bytes of the old text it replaces.
        old: Span,
        /// What stands there now.
        new: String,
    },
}

/// The encoding a changed file is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Written {
    /// That of the file read, byte for byte where no edit touches it.
    #[default]
    AsRead,
    /// UTF-8, without the byte order mark of another encoding.
    Utf8,
}

impl Written {
    fn encoding(self, source: &Source) -> Encoding {
        match self {
            Self::AsRead => source.encoding(),
            Self::Utf8 => Encoding::Utf8,
        }
    }
}

/// Makes `edits` in `text`, each group of them whole or not at all.
///
/// A group (the edits of one choice) is refused when an `old` is not what stands in the text, or
/// when it overlaps a group before it. Edits that touch do not overlap.
pub fn apply(text: &str, groups: &[&[Edit]]) -> Applied {
    apply_part(text, Span::new(0, text.len()), groups)
}

/// Makes edits that lie within a part of a text and gives back that part alone.
pub(crate) fn apply_part(text: &str, part: Span, groups: &[&[Edit]]) -> Applied {
    make(text, part, groups, |_| Ok(()))
}

/// The same for a file: a group that puts in a character its encoding has no bytes for is refused,
/// too. [`Applied::bytes`] gives the new file.
pub fn apply_to(source: &Source, written: Written, groups: &[&[Edit]]) -> Applied {
    apply_within(source, Span::new(0, source.text().len()), written, groups)
}

/// Makes edits that lie within a part of a file and gives back that part alone, as [`apply_to`]
/// does the whole.
pub fn apply_within(source: &Source, part: Span, written: Written, groups: &[&[Edit]]) -> Applied {
    let encoding = written.encoding(source);
    make(source.text(), part, groups, |group| fits(source, encoding, group))
}

fn make(
    text: &str,
    part: Span,
    groups: &[&[Edit]],
    fits: impl Fn(&[Edit]) -> std::result::Result<(), Refusal>,
) -> Applied {
    let mut plan = Plan::default();
    let mut refused = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        if let Err(reason) = fits(group).and_then(|()| plan.add(text, group)) {
            refused.push((number, reason));
        }
    }
    let parts = plan.parts(part);
    let written = parts.iter().map(|part| match part {
        Part::Kept(span) => span.of(text),
        Part::New { new, .. } => new.as_str(),
    });
    let (within, moved) = (part, plan.moves.keys().copied().collect());
    Applied { text: written.collect(), refused, parts, within, moved }
}

/// Refuses edits that the file's encoding cannot hold or has no place for.
fn fits(source: &Source, encoding: Encoding, group: &[Edit]) -> std::result::Result<(), Refusal> {
    for edit in group {
        if let Edit::Replace { new, .. } = edit
            && let Some(character) = encoding.lacks(new)
        {
            return Err(format!("{encoding} has no {character:?}"));
        }
        let target = if let Edit::Move { to, .. } = edit { *to } else { edit.span().end };
        let mut edges = [edit.span().start, edit.span().end, target].into_iter();
        if encoding == source.encoding()
            && !edges.all(|at| source.text_byte(source.file_byte(at)) == Some(at))
        {
            return Err(format!("it would part one character of {encoding}"));
        }
    }
    Ok(())
}

impl Applied {
    /// What the new text is made of, in its order.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The new file, written as [`apply_to`] was asked for. As it was read, the bytes that no edit
    /// touches are those of the old file, also where a character has several codes.
    pub fn bytes(&self, source: &Source, written: Written) -> Cow<'_, [u8]> {
        match (source.encoding(), written) {
            (Encoding::Utf8, _) => Cow::Borrowed(self.text.as_bytes()),
            (_, Written::Utf8) => {
                Cow::Borrowed(self.text.strip_prefix('\u{feff}').unwrap_or(&self.text).as_bytes())
            }
            (_, Written::AsRead) => Cow::Owned(self.splice(source)),
        }
    }

    /// The same as replacements of spans of the old text `text`, for those who know no moves: in its
    /// order, without overlaps, and none touches another. A moved text is taken away in one place
    /// and put in, with its corrections, in another.
    pub fn replacements(&self, text: &str) -> Vec<(Span, String)> {
        let mut replacements = Vec::new();
        let mut new = String::new();
        let mut at = self.within.start;
        let mut close = |gap: Span, new: &mut String| {
            if !gap.is_empty() || !new.is_empty() {
                replacements.push((gap, std::mem::take(new)));
            }
        };
        for part in &self.parts {
            match part {
                Part::New { new: put, .. } => new.push_str(put),
                // Between edits that touch nothing is kept: they are one replacement.
                Part::Kept(span) if span.is_empty() => {}
                Part::Kept(span) if self.is_moved(*span) => new.push_str(span.of(text)),
                Part::Kept(span) => {
                    close(Span::new(at, span.start), &mut new);
                    at = span.end;
                }
            }
        }
        close(Span::new(at, self.within.end), &mut new);
        replacements
    }

    /// True for bytes of the old text that now stand in another place.
    fn is_moved(&self, span: Span) -> bool {
        let before = self.moved.partition_point(|moved| moved.start <= span.start);
        before > 0 && self.moved[before - 1].contains(span)
    }

    fn splice(&self, source: &Source) -> Vec<u8> {
        let old = source.bytes();
        let mut bytes = Vec::with_capacity(old.len());
        for part in &self.parts {
            match part {
                Part::Kept(span) => {
                    let span = source.file_span(*span);
                    bytes.extend(&old[span.start..span.end]);
                }
                Part::New { new, .. } => {
                    for character in new.chars() {
                        let written = source.encoding().put(character, &mut bytes);
                        debug_assert!(written, "what the encoding lacks was refused");
                    }
                }
            }
        }
        bytes
    }
}

/// Edits that fit together. What is claimed never overlaps, so that only the neighbours of a new
/// span can be in its way.
#[derive(Default)]
struct Plan<'a> {
    replacements: BTreeMap<Span, &'a str>,
    /// Moved spans and their targets; no target lies inside a moved span.
    moves: BTreeMap<Span, usize>,
    /// The same by target.
    targets: BTreeSet<(usize, Span)>,
}

/// Why an edit cannot be made.
type Refusal = String;

impl<'a> Plan<'a> {
    /// Adds a group of edits, all of them or none.
    fn add(&mut self, text: &str, group: &'a [Edit]) -> std::result::Result<(), Refusal> {
        let mut added: Vec<&Edit> = Vec::new();
        for edit in group {
            let result = match edit {
                Edit::Replace { span, old, new } => self.replace(text, *span, old, new),
                Edit::Move { span, to } => self.move_text(text, *span, *to),
            };
            match result {
                Ok(true) => added.push(edit),
                // Another group asks for the very same change.
                Ok(false) => {}
                Err(refusal) => {
                    added.into_iter().for_each(|edit| self.remove(edit));
                    return Err(refusal);
                }
            }
        }
        Ok(())
    }

    fn remove(&mut self, edit: &Edit) {
        match edit {
            Edit::Replace { span, .. } => {
                self.replacements.remove(span);
            }
            Edit::Move { span, to } => {
                self.moves.remove(span);
                self.targets.remove(&(*to, *span));
            }
        }
    }

    /// Adds a replacement; `false` if it is there already.
    fn replace(
        &mut self,
        text: &str,
        span: Span,
        old: &str,
        new: &'a str,
    ) -> std::result::Result<bool, Refusal> {
        if text.get(span.start..span.end) != Some(old) {
            return Err(format!("bytes {}..{} are not {old:?}", span.start, span.end));
        }
        if self.replacements.get(&span) == Some(&new) {
            return Ok(false);
        }
        if let Some(other) = neighbours(&self.replacements, span).find(|o| o.overlaps(span)) {
            return Err(format!("overlaps a change of bytes {}..{}", other.start, other.end));
        }
        if let Some(moved) = neighbours(&self.moves, span).find(|m| straddles(*m, span)) {
            return Err(format!("crosses the edge of moved bytes {}..{}", moved.start, moved.end));
        }
        self.replacements.insert(span, new);
        Ok(true)
    }

    /// Adds a move; `false` if it is there already.
    fn move_text(
        &mut self,
        text: &str,
        span: Span,
        to: usize,
    ) -> std::result::Result<bool, Refusal> {
        let named = format!("bytes {}..{}", span.start, span.end);
        if text.get(span.start..span.end).is_none() || !text.is_char_boundary(to) {
            return Err(format!("{named} or place {to} are not in the text"));
        }
        if self.moves.get(&span) == Some(&to) {
            return Ok(false);
        }
        if span.start < to && to < span.end {
            return Err(format!("{named} cannot move into themselves"));
        }
        let in_the_way = neighbours(&self.moves, span)
            .find(|other| other.overlaps(span))
            .or_else(|| neighbours(&self.moves, Span::at(to)).find(|o| o.start < to && to < o.end))
            .or_else(|| {
                let inside = (span.start + 1, Span::at(0))..(span.end, Span::at(0));
                self.targets.range(inside).next().map(|(_, other)| *other)
            });
        if let Some(other) = in_the_way {
            return Err(format!("overlaps the move of bytes {}..{}", other.start, other.end));
        }
        let edges = [Span::at(span.start), Span::at(span.end)];
        let mut near = edges.iter().flat_map(|edge| neighbours(&self.replacements, *edge));
        if let Some(other) = near.find(|other| straddles(span, *other)) {
            return Err(format!("an edge lies in a change of {}..{}", other.start, other.end));
        }
        self.moves.insert(span, to);
        self.targets.insert((to, span));
        Ok(true)
    }

    /// What a part of a text is made of once the edits are made.
    fn parts(&self, part: Span) -> Vec<Part> {
        let mut out = Vec::new();
        let mut at = part.start;
        let mut moves = self.moves.keys().copied().peekable();
        let mut targets = self.targets.iter().copied().peekable();
        // Walk over the places where the order of the text changes.
        loop {
            let next_move = moves.peek().map_or(usize::MAX, |span| span.start);
            let next_target = targets.peek().map_or(usize::MAX, |(to, _)| *to);
            if next_target <= next_move && next_target != usize::MAX {
                let (to, span) = targets.next().expect("peeked");
                if to > at {
                    self.write_range(Span::new(at, to), part.start, &mut out);
                    at = to;
                }
                self.write_range(span, part.start, &mut out);
            } else if next_move != usize::MAX {
                let span = moves.next().expect("peeked");
                self.write_range(Span::new(at, span.start), part.start, &mut out);
                at = span.end;
            } else {
                self.write_range(Span::new(at, part.end), part.start, &mut out);
                return out;
            }
        }
    }

    /// Writes `range` with its replacements. An insertion at an edge belongs to the range that
    /// ends there; at the start of what is written, `first`, to the first range.
    fn write_range(&self, range: Span, first: usize, out: &mut Vec<Part>) {
        let mut at = range.start;
        for (span, new) in self.replacements.range(Span::at(range.start)..) {
            if span.start > range.end || span.end > range.end {
                break;
            }
            let at_left_edge = span.is_empty() && span.start == range.start && range.start > first;
            let behind = !span.is_empty() && span.start == range.end;
            if at_left_edge || behind {
                continue;
            }
            out.push(Part::Kept(Span::new(at, span.start)));
            out.push(Part::New { old: *span, new: new.to_string() });
            at = span.end;
        }
        out.push(Part::Kept(Span::new(at, range.end)));
    }
}

/// The keys of `map` that could overlap `span`, given that they do not overlap one another: those
/// that start within it, and the last two that start before it (an insertion may touch a span).
fn neighbours<T>(map: &BTreeMap<Span, T>, span: Span) -> impl Iterator<Item = Span> + '_ {
    let behind = map.range(..Span::at(span.start)).rev().take(2);
    let ahead = map.range(Span::at(span.start)..Span::at(span.end + 1));
    behind.chain(ahead).map(|(key, _)| *key)
}

/// True when `span` lies partly inside and partly outside `moved`.
fn straddles(moved: Span, span: Span) -> bool {
    moved.overlaps(span) && !moved.contains(span)
}

/// Writes `bytes` to `path` so that a reader, or a power cut, sees either the old file or the
/// new one whole: a temporary file beside it, fsync, permissions of the old file, rename.
///
/// # Errors
/// [`Error::Io`] with the path; the old file is untouched then.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut draft = Draft::beside(path)?;
    draft.write_all(bytes).map_err(|cause| Error::io(path, cause))?;
    draft.put(path)
}

/// A file that nobody sees until it is complete. Dropped before that, it is gone.
pub struct Draft {
    file: tempfile::NamedTempFile,
}

impl Draft {
    /// A draft in the folder of the file at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] with the path.
    pub fn beside(path: &Path) -> Result<Self> {
        Self::create(folder_of(&followed(path)), path)
    }

    /// A draft in `folder`, which should lie on the file system of what the draft is to become.
    ///
    /// # Errors
    /// [`Error::Io`] with the folder.
    pub fn within(folder: &Path) -> Result<Self> {
        Self::create(folder, folder)
    }

    fn create(folder: &Path, named: &Path) -> Result<Self> {
        let file = tempfile::Builder::new().prefix(".kanwu-").tempfile_in(folder);
        Ok(Self { file: file.map_err(|cause| Error::io(named, cause))? })
    }

    /// Puts the draft in the place of the file at `path`, with the permissions of the old one, and
    /// returns when it is on the disk.
    ///
    /// # Errors
    /// [`Error::Io`] with the path; the old file is untouched then.
    pub fn put(self, path: &Path) -> Result<()> {
        let target = followed(path);
        let fail = |cause| Error::io(path, cause);
        match fs::metadata(&target) {
            Ok(old) => self.file.as_file().set_permissions(old.permissions()).map_err(fail)?,
            Err(_) => set_default_permissions(self.file.as_file()).map_err(fail)?,
        }
        self.file.as_file().sync_all().map_err(fail)?;
        if let Err(error) = self.file.persist(&target) {
            // A folder of the output may be another file system than the one drafts are in.
            if error.error.kind() != std::io::ErrorKind::CrossesDevices {
                return Err(fail(error.error));
            }
            let mut beside = Self::beside(&target)?;
            let mut written = error.file.reopen().map_err(fail)?;
            std::io::copy(&mut written, &mut beside).map_err(fail)?;
            return beside.put(&target);
        }
        // The rename itself must reach the disk; not every system lets a folder be opened for
        // that.
        if let Ok(folder) = fs::File::open(folder_of(&target)) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// The file behind `path`: a link is followed, so that the file it names is replaced and not the
/// link.
fn followed(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Temporary files are private; a new file gets what a newly written file usually has.
#[cfg(unix)]
fn set_default_permissions(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_default_permissions(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(start: usize, end: usize, old: &str, new: &str) -> Edit {
        Edit::Replace { span: Span::new(start, end), old: old.into(), new: new.into() }
    }

    fn moved(start: usize, end: usize, to: usize) -> Edit {
        Edit::Move { span: Span::new(start, end), to }
    }

    #[test]
    fn nothing_accepted_changes_nothing() {
        assert_eq!(apply("甲\r\n乙", &[]).text, "甲\r\n乙");
    }

    #[test]
    fn replacements_travel_with_a_moved_caption() {
        // "ab" goes on behind the caption "CAP"; the caption loses a letter, the seam closes.
        let text = "ab\nCAP\ncd\nef";
        let join = [moved(2, 6, 9), replace(6, 7, "\n", "")];
        let slip = [replace(4, 5, "A", "")];
        let applied = apply(text, &[&join, &slip]);
        assert_eq!(applied.text, "abcd\nCP\nef");
        assert!(applied.refused.is_empty());
        assert_eq!(apply(text, &[&slip, &join]).text, "abcd\nCP\nef");
    }

    /// The text with replacements made, from the last to the first.
    fn replaced(text: &str, replacements: &[(Span, String)]) -> String {
        let mut new = text.to_string();
        for (span, put) in replacements.iter().rev() {
            new.replace_range(span.start..span.end, put);
        }
        new
    }

    #[test]
    fn edits_are_replacements_too() {
        let text = "ab\nCAP\ncd\nef";
        let join = [moved(2, 6, 9), replace(6, 7, "\n", "")];
        let slip = [replace(4, 5, "A", ""), replace(1, 2, "b", "B")];
        let applied = apply(text, &[&join, &slip]);
        let replacements = applied.replacements(text);
        let expected = [(Span::new(1, 7), "B".to_string()), (Span::at(9), "\nCP".to_string())];
        assert_eq!(replacements, expected);
        assert_eq!(replaced(text, &replacements), applied.text);
        // Backward, to the start and to the end, and with nothing left in between.
        for group in [
            vec![moved(9, 12, 0)],
            vec![moved(0, 3, 12), replace(11, 12, "f", "")],
            vec![moved(10, 12, 3), replace(12, 12, "", "!"), replace(0, 1, "a", "")],
            vec![replace(0, 12, text, "")],
        ] {
            let applied = apply(text, &[&group]);
            assert!(applied.refused.is_empty(), "{:?}", applied.refused);
            assert_eq!(replaced(text, &applied.replacements(text)), applied.text, "{group:?}");
        }
        assert!(apply(text, &[]).replacements(text).is_empty());
    }

    #[test]
    fn an_insertion_at_the_target_stays_before_the_moved_text() {
        let join = [moved(2, 6, 9), replace(6, 7, "\n", "")];
        let stop = [replace(9, 9, "", ".")];
        assert_eq!(apply("ab\nCAP\ncd\nef", &[&join, &stop]).text, "abcd.\nCAP\nef");
    }

    #[test]
    fn overlaps_are_refused_whole() {
        let first = [replace(0, 2, "ab", "x")];
        let second = [replace(3, 4, "d", "y"), replace(1, 3, "bc", "z")];
        let applied = apply("abcd", &[&first, &second]);
        assert_eq!(applied.text, "xcd");
        assert_eq!(applied.refused.len(), 1);
    }

    #[test]
    fn touching_edits_are_fine() {
        let (a, b, c) =
            ([replace(0, 1, "a", "x")], [replace(1, 2, "b", "y")], [replace(1, 1, "", "-")]);
        assert_eq!(apply("ab", &[&a, &b, &c]).text, "x-y");
    }

    #[test]
    fn what_no_longer_matches_is_refused() {
        let applied = apply("abc", &[&[replace(0, 1, "z", "x")]]);
        assert_eq!(applied.text, "abc");
        assert!(applied.refused[0].1.contains("are not \"z\""));
    }
}
