//! An archive as evidence: on how many of its pages a form stands.
//!
//! A name that stands on many pages is right, and one that stands on a single page, a look-alike
//! character away from it, is probably misread. Within a document [`crate::analyze::Facts`] counts;
//! here a whole archive is counted, in memory that does not grow with it.
//!
//! Counted are, once for each document: all stretches of four Chinese characters, stretches of two
//! and three that begin with a surname, and the titles in 《》. Line breaks and spaces are passed
//! over. The counts stand in a table of fixed size (a count-min sketch of two rows), in which forms
//! may share a cell. How much too high a count is because of that is measured when the table is
//! complete, with forms that no text has, and recorded with it: [`ArchiveIndex::pages`] takes off
//! the usual excess, [`ArchiveIndex::surely`] the most.

use std::io::{self, BufRead, Read, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed};

use crate::batch::Digest;
use crate::error::{Error, Result};
use crate::han::is_han;
use crate::lexicon::Names;

/// Length in characters of the stretches that are counted wherever they stand.
pub const STRETCH: usize = 4;

/// Shortest and longest title that is counted, in characters.
const TITLES: Range<usize> = 3..17;

/// Rows of the table: a form has a cell in each.
const ROWS: usize = 2;

/// Bytes of a table that a whole archive gets at most, unless more is asked for.
pub const LARGEST_TABLE: usize = 16 << 20;
const SMALLEST_TABLE: usize = 64 << 10;

/// Bytes of a table for so many bytes of text: four each, which keeps shared cells rare, up to
/// [`LARGEST_TABLE`].
pub fn table_size(text_bytes: u64) -> usize {
    let wanted = usize::try_from(4 * text_bytes).unwrap_or(LARGEST_TABLE);
    wanted.clamp(SMALLEST_TABLE, LARGEST_TABLE).next_power_of_two()
}

/// A table that documents are counted in, by many threads at a time. The result does not depend
/// on their order.
pub struct IndexBuilder {
    cells: Vec<AtomicU16>,
    documents: AtomicU32,
}

impl IndexBuilder {
    /// An empty table of so many bytes, rounded up to a power of two.
    pub fn new(bytes: usize) -> Self {
        let cells = (bytes / size_of::<u16>()).next_power_of_two().max(2 * ROWS);
        let cells = (0..cells).map(|_| AtomicU16::new(0)).collect();
        Self { cells, documents: AtomicU32::new(0) }
    }

    /// Counts the forms of a document, each once.
    pub fn add(&self, text: &str, names: &Names) {
        self.documents.fetch_add(1, Ordering::Relaxed);
        let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut seen = FxHashSet::default();
        each_form(&characters, names, |form| {
            if seen.insert(key(form)) {
                for cell in places(key(form), self.cells.len()) {
                    let add = |count: u16| count.checked_add(1);
                    // A cell that is full stays full.
                    let _ =
                        self.cells[cell].fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
                }
            }
        });
    }

    /// The complete table.
    pub fn finish(self) -> ArchiveIndex {
        let cells: Vec<u16> = self.cells.into_iter().map(AtomicU16::into_inner).collect();
        let documents = self.documents.into_inner();
        let (usual_excess, most_excess) = excess(&cells);
        let header = Header { kanwu_index: VERSION, documents, usual_excess, most_excess };
        ArchiveIndex::of(header, cells)
    }
}

/// Calls `take` with each form of a text that is counted.
fn each_form(characters: &[char], names: &Names, mut take: impl FnMut(&[char])) {
    for start in 0..characters.len() {
        let rest = &characters[start..];
        let han = rest.iter().take(STRETCH).take_while(|c| is_han(**c)).count();
        if han == STRETCH {
            take(&rest[..STRETCH]);
        }
        if han >= 2 && begins_with_surname(&rest[..han], names) {
            (2..=han.min(STRETCH - 1)).for_each(|length| take(&rest[..length]));
        }
        if let Some(title) = title_at(rest) {
            take(title);
        }
    }
}

fn begins_with_surname(characters: &[char], names: &Names) -> bool {
    let text: String = characters.iter().take(2).collect();
    names.surname_at_start(&text).is_some()
}

/// The text of the 《》 that opens here, if it is all Chinese.
fn title_at(rest: &[char]) -> Option<&[char]> {
    let inside = rest.strip_prefix(&['《'])?;
    let length = inside.iter().take(TITLES.end).take_while(|c| is_han(**c)).count();
    let closed = inside.get(length) == Some(&'》');
    // One of four is counted as a stretch.
    (closed && TITLES.contains(&length) && length != STRETCH).then_some(&inside[..length])
}

/// A 64-bit hash stands for the form.
fn key(form: &[char]) -> u64 {
    let mut hasher = Xxh3::new();
    for character in form {
        hasher.update(&u32::from(*character).to_le_bytes());
    }
    hasher.digest()
}

/// The cells of a form, one in each row.
fn places(key: u64, cells: usize) -> [usize; ROWS] {
    let width = cells / ROWS;
    std::array::from_fn(|row| {
        let hash = xxh3_64_with_seed(&key.to_le_bytes(), row as u64);
        row * width + (hash as usize & (width - 1))
    })
}

fn lowest(cells: &[u16], key: u64) -> u16 {
    places(key, cells.len()).map(|cell| cells[cell]).into_iter().min().unwrap_or(0)
}

/// The median and the 99th percentile of what the table says of forms that no text has.
fn excess(cells: &[u16]) -> (u16, u16) {
    let absent = |probe: u32| key(&['\u{10fffd}', char::from_u32(0x4e00 + probe).unwrap_or('?')]);
    let mut counts: Vec<u16> = (0..PROBES).map(|probe| lowest(cells, absent(probe))).collect();
    counts.sort_unstable();
    let at = |share: usize| counts[counts.len() * share / 100];
    (at(50), at(99))
}

const PROBES: u32 = 10_000;

/// The first line of an index file; the cells follow, two bytes each, the lower first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    /// Version of the format.
    kanwu_index: u32,
    documents: u32,
    usual_excess: u16,
    most_excess: u16,
}

const VERSION: u32 = 1;

/// What an archive says about forms.
pub struct ArchiveIndex {
    header: Header,
    cells: Vec<u16>,
    digest: Digest,
}

impl ArchiveIndex {
    fn of(header: Header, cells: Vec<u16>) -> Self {
        let mut hasher = Xxh3::new();
        hasher.update(format!("{header:?}").as_bytes());
        for cell in &cells {
            hasher.update(&cell.to_le_bytes());
        }
        Self { header, cells, digest: Digest(hasher.digest128()) }
    }

    /// Documents counted.
    pub fn documents(&self) -> u32 {
        self.header.documents
    }

    /// By how many pages the count of a form is too high in half of all cases, and in one of a
    /// hundred, because it shares its cells with others.
    pub fn excess(&self) -> (u16, u16) {
        (self.header.usual_excess, self.header.most_excess)
    }

    /// Bytes of the table.
    pub fn size(&self) -> usize {
        self.cells.len() * size_of::<u16>()
    }

    /// Hash of everything the index says.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// On how many pages `form` stands, about: it may be more by what [`ArchiveIndex::excess`]
    /// says. 0 for forms that are not counted.
    pub fn pages(&self, form: &[char]) -> u32 {
        u32::from(lowest(&self.cells, key(form)).saturating_sub(self.header.usual_excess))
    }

    /// On how many pages `form` stands at least, in 99 of 100 cases.
    pub fn surely(&self, form: &[char]) -> u32 {
        u32::from(lowest(&self.cells, key(form)).saturating_sub(self.header.most_excess))
    }

    /// Writes the index.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &self.header)?;
        writeln!(out)?;
        for cells in self.cells.chunks(1 << 15) {
            let bytes: Vec<u8> = cells.iter().flat_map(|cell| cell.to_le_bytes()).collect();
            out.write_all(&bytes)?;
        }
        Ok(())
    }

    /// Reads the index called `name`.
    ///
    /// # Errors
    /// [`Error::Table`] when it is none, [`Error::Io`] when it cannot be read.
    pub fn read(name: &str, mut from: impl BufRead) -> Result<Self> {
        let fail = |cause| Error::io(name, cause);
        let mut line = Vec::new();
        from.by_ref().take(1 << 10).read_until(b'\n', &mut line).map_err(fail)?;
        let none = |problem: &str| Error::table(name, 1, problem);
        let header: Header = serde_json::from_slice(&line)
            .map_err(|_| none("this is no index that `kanwu index` has written"))?;
        if header.kanwu_index != VERSION {
            return Err(none("this index is of another version; count anew with `kanwu index`"));
        }
        let mut cells = Vec::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            let mut filled = 0;
            while filled < piece.len() {
                match from.read(&mut piece[filled..]) {
                    Ok(0) => break,
                    Ok(length) => filled += length,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(fail(error)),
                }
            }
            cells.extend(piece[..filled].chunks(2).map(|cell| match *cell {
                [low, high] => u16::from_le_bytes([low, high]),
                _ => 0,
            }));
            if filled < piece.len() {
                break;
            }
        }
        if !cells.len().is_power_of_two() || cells.len() < 2 * ROWS {
            return Err(none("the file is cut off"));
        }
        Ok(Self::of(header, cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::builtin().expect("the shipped dictionaries are right")
    }

    fn form(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn pages_are_counted_not_places() {
        let (names, builder) = (names(), IndexBuilder::new(1 << 20));
        builder.add("聚源广场很大，聚源\n广场很新。", &names);
        builder.add("李大钊在聚源广\n　　场。《龙江颂》上演。", &names);
        builder.add("别的。", &names);
        let index = builder.finish();
        assert_eq!(index.documents(), 3);
        assert_eq!(index.pages(&form("聚源广场")), 2);
        assert_eq!(index.pages(&form("李大钊")), 1);
        assert_eq!(index.pages(&form("龙江颂")), 1);
        assert_eq!(index.pages(&form("聚溽广场")), 0);
    }

    #[test]
    fn the_order_of_documents_does_not_matter() {
        let names = names();
        let texts = ["聚源广场焕然一新。", "经济持续健康发展。", "聚源广场灯火通明。"];
        let count = |texts: &[&str]| {
            let builder = IndexBuilder::new(1 << 12);
            texts.iter().for_each(|text| builder.add(text, &names));
            builder.finish().digest()
        };
        let mut turned = texts;
        turned.reverse();
        assert_eq!(count(&texts), count(&turned));
        assert_ne!(count(&texts), count(&texts[1..]));
    }

    #[test]
    fn a_full_table_knows_its_error() {
        let (names, builder) = (names(), IndexBuilder::new(1 << 10));
        let common = "经济持续健康发展";
        for page in 0..400u32 {
            let other: String = (0..60)
                .filter_map(|i| char::from_u32(0x4e00 + (page * 61 + i * 7) % 20_000))
                .collect();
            builder.add(&format!("{common}。{other}"), &names);
        }
        let index = builder.finish();
        let (usual, most) = index.excess();
        assert!(usual > 10 && most >= usual, "{usual} {most}");
        let pages = index.pages(&form("持续健康"));
        assert!((300..500).contains(&pages), "{pages}");
        assert!(index.surely(&form("持续健康")) <= 400);
    }

    #[test]
    fn an_index_is_read_as_it_was_written() {
        let (names, builder) = (names(), IndexBuilder::new(1 << 17));
        builder.add("聚源广场焕然一新。", &names);
        let index = builder.finish();
        let mut bytes = Vec::new();
        index.write(&mut bytes).expect("a Vec takes everything");
        let read = ArchiveIndex::read("index", bytes.as_slice()).expect("it is an index");
        assert_eq!(read.digest(), index.digest());
        assert_eq!(read.pages(&form("聚源广场")), 1);
        assert!(ArchiveIndex::read("index", &bytes[..bytes.len() - 3]).is_err());
        assert!(ArchiveIndex::read("index", &b"text"[..]).is_err());
    }
}
