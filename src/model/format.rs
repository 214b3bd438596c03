//! The file of a model: read in place, never parsed.
//!
//! All numbers are little-endian.
//!
//! ```text
//!  0  "kanwu-lm"            magic
//!  8  u32                   version of the format
//! 12  u32                   order: the longest n-gram, 2 to 5
//! 16  u32                   characters in the vocabulary
//! 20  f32                   the share of a mixture that suits the model, 0 when not measured
//! 24  u64                   XXH3 of everything that follows
//! 32  u32 × (order - 1)     buckets of the tables of bigrams, trigrams, …
//!     u32                   bytes of the pairs
//!     u32 × vocabulary      the characters by code point; ids count from 2
//!     (f32, f32) × ids      ln p and ln back-off of each id: 0 edge, 1 unknown, then characters
//!     f32 × 40              per order but the first and last: 32 values of ln p, 8 of ln back-off
//!     f32 × 256             last order: values of ln p
//!     pairs                 which ids were seen behind which, see `pairs`
//!     0 …                   up to the next multiple of 64
//!     buckets × 64          the tables, see `slots`
//! ```
//! The value byte of an n-gram is an index into its order's list: three bits of back-off above
//! five of p, or eight bits of p in the last order.

use std::ops::Range;

use xxhash_rust::xxh3::xxh3_64;

use super::slots::BUCKET;
use crate::error::{Error, Result};

pub(super) const MAGIC: &[u8; 8] = b"kanwu-lm";
pub(super) const VERSION: u32 = 2;

/// The longest n-gram the format allows.
pub(super) const MAX_ORDER: usize = 5;

/// Id of the start and the end of a paragraph.
pub(super) const EDGE: u16 = 0;
/// Id of every character that is not in the vocabulary.
pub(super) const UNKNOWN: u16 = 1;
/// Id of the first character of the vocabulary.
pub(super) const FIRST: u16 = 2;

/// Values of ln p in the orders between the first and the last, and bits they take.
pub(super) const MIDDLE_P: usize = 32;
pub(super) const MIDDLE_P_BITS: u32 = 5;
/// Values of ln back-off.
pub(super) const MIDDLE_BACK_OFF: usize = 8;
/// Values of ln p in the last order.
pub(super) const LAST_P: usize = 256;

const CHECKED_FROM: usize = 32;

/// Where the parts of a file lie, in bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) order: usize,
    pub(super) characters: Range<usize>,
    pub(super) unigrams: Range<usize>,
    /// The lists of values, from bigrams on.
    pub(super) lists: Vec<Range<usize>>,
    pub(super) pairs: Range<usize>,
    /// The tables, from bigrams on.
    pub(super) tables: Vec<Range<usize>>,
}

impl Layout {
    pub(super) fn new(order: usize, vocabulary: usize, buckets: &[usize], pairs: usize) -> Self {
        let mut at = CHECKED_FROM + 4 * order;
        let mut part = |length: usize| {
            at += length;
            at - length..at
        };
        let characters = part(4 * vocabulary);
        let unigrams = part(8 * (vocabulary + usize::from(FIRST)));
        let lists: Vec<Range<usize>> = (2..=order)
            .map(|n| part(4 * if n < order { MIDDLE_P + MIDDLE_BACK_OFF } else { LAST_P }))
            .collect();
        let pairs = part(pairs);
        let end = pairs.end;
        part(end.next_multiple_of(BUCKET) - end);
        let tables = buckets.iter().map(|buckets| part(buckets * BUCKET)).collect();
        Self { order, characters, unigrams, lists, pairs, tables }
    }

    /// The layout of `bytes`, a model called `name`, after checking that they are one.
    pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Self> {
        let mistake = |problem: &str| Error::table(name, 0, problem);
        if bytes.len() < CHECKED_FROM + 4 * MAX_ORDER || &bytes[..8] != MAGIC {
            return Err(mistake("this is no language model"));
        }
        if u32_at(bytes, 8) != VERSION {
            return Err(mistake("a version of the format this kanwu does not know"));
        }
        let checksum = u64::from(u32_at(bytes, 24)) | u64::from(u32_at(bytes, 28)) << 32;
        if xxh3_64(&bytes[CHECKED_FROM..]) != checksum {
            return Err(mistake("the file is damaged"));
        }
        let order = u32_at(bytes, 12) as usize;
        let vocabulary = u32_at(bytes, 16) as usize;
        if !(2..=MAX_ORDER).contains(&order) || vocabulary > usize::from(u16::MAX - FIRST) {
            return Err(mistake("the header makes no sense"));
        }
        let buckets: Vec<usize> =
            (0..order - 1).map(|i| u32_at(bytes, CHECKED_FROM + 4 * i) as usize).collect();
        let pairs = u32_at(bytes, CHECKED_FROM + 4 * buckets.len()) as usize;
        let layout = Self::new(order, vocabulary, &buckets, pairs);
        match layout.tables.last() {
            Some(last) if last.end == bytes.len() => Ok(layout),
            _ => Err(mistake("the file is cut off")),
        }
    }
}

/// Writes a model file. `lists` and `tables` go from bigrams on.
#[cfg(feature = "train")]
pub(super) fn write(
    characters: &[char],
    unigrams: &[(f32, f32)],
    lists: &[Vec<f32>],
    pairs: &[u8],
    tables: &[Vec<u8>],
) -> Vec<u8> {
    let order = tables.len() + 1;
    let buckets: Vec<usize> = tables.iter().map(|table| table.len() / BUCKET).collect();
    let layout = Layout::new(order, characters.len(), &buckets, pairs.len());
    let mut bytes = Vec::with_capacity(layout.tables.last().map_or(0, |table| table.end));
    bytes.extend_from_slice(MAGIC);
    for number in [VERSION, order as u32, characters.len() as u32, 0, 0, 0] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    for count in buckets.iter().chain([&pairs.len()]) {
        bytes.extend_from_slice(&(*count as u32).to_le_bytes());
    }
    for character in characters {
        bytes.extend_from_slice(&u32::from(*character).to_le_bytes());
    }
    let numbers = unigrams.iter().flat_map(|(p, back_off)| [p, back_off]);
    for number in numbers.chain(lists.iter().flatten()) {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    bytes.extend_from_slice(pairs);
    bytes.resize(layout.tables[0].start, 0);
    for table in tables {
        bytes.extend_from_slice(table);
    }
    let checksum = xxh3_64(&bytes[CHECKED_FROM..]);
    bytes[24..32].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

const SHARE: Range<usize> = 20..24;

/// The share of a mixture a model's file asks for.
pub(super) fn share(bytes: &[u8]) -> Option<f32> {
    Some(f32_at(bytes, SHARE.start)).filter(|share| *share > 0.0 && *share < 1.0)
}

/// Writes that share. It may change without the model, so the checksum leaves it out.
#[cfg(feature = "train")]
pub(super) fn set_share(bytes: &mut [u8], share: f32) {
    bytes[SHARE].copy_from_slice(&share.to_le_bytes());
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

pub(super) fn f32_at(bytes: &[u8], at: usize) -> f32 {
    f32::from_bits(u32_at(bytes, at))
}
