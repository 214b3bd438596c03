//! The n-grams of one order: a hash table of fingerprints in buckets of one cache line.
//!
//! ```text
//! bucket, 64 bytes:  21 fingerprints of 16 bits | 21 values of 8 bits | slots used, spill flag
//! ```
//! A bucket that is full spills into the next one and says so in its last byte. An n-gram that
//! is not in the table is taken for one that is in about one look-up of a thousand.

/// Bytes of a bucket: one cache line.
pub(super) const BUCKET: usize = 64;

/// N-grams a bucket holds.
const SLOTS: usize = 21;

const VALUES: usize = 2 * SLOTS;
const USED: usize = BUCKET - 1;
const SPILLED: u8 = 0x80;

/// N-grams a bucket is planned for. Beyond nine in ten slots the chains of spilling buckets grow.
#[cfg(feature = "train")]
const PLANNED: usize = 19;

/// Adds the character to the left to the hash of an n-gram; the hash of one character starts
/// from 0.
pub(super) fn extend(hash: u64, id: u16) -> u64 {
    (hash.rotate_left(23) ^ (u64::from(id) + 1)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The bucket and the fingerprint of a hash.
fn place(hash: u64, buckets: usize) -> (usize, u16) {
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bucket = ((mixed >> 32) * buckets as u64) >> 32;
    // Fingerprints start from 1, so an empty slot matches nothing.
    let fingerprint = ((mixed >> 13) as u16).max(1);
    (bucket as usize, fingerprint)
}

/// Where an n-gram stands if it is in a table.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    bucket: u32,
    fingerprint: u16,
    /// The last byte of the bucket.
    used: u8,
}

/// Looks where the n-gram with this hash would stand in `table`, a row of buckets.
///
/// This is where the bucket comes from memory. Nothing branches on what is in it, so as many
/// buckets as are asked for one after the other are waited for together; what is found decides
/// nothing before [`look_up`].
pub(super) fn find_place(table: &[u8], hash: u64) -> Place {
    let (buckets, _) = table.as_chunks::<BUCKET>();
    let (bucket, fingerprint) = place(hash, buckets.len());
    let used = buckets.get(bucket).map_or(0, |bucket| bucket[USED]);
    Place { bucket: bucket as u32, fingerprint, used }
}

/// The value stored for an n-gram in `table`.
pub(super) fn look_up(table: &[u8], place: Place) -> Option<u8> {
    let (buckets, _) = table.as_chunks::<BUCKET>();
    let Place { bucket: mut index, fingerprint, mut used } = place;
    loop {
        let bucket = buckets.get(index as usize)?;
        let slot = find(bucket, fingerprint);
        if slot != NOWHERE {
            return Some(bucket[VALUES + slot]);
        }
        if used & SPILLED == 0 {
            return None;
        }
        index = (index + 1) % buckets.len() as u32;
        used = buckets[index as usize][USED];
    }
}

/// The slot of no n-gram.
const NOWHERE: usize = u32::BITS as usize;

/// All slots are compared before any is chosen: without branches this is a few vector
/// instructions.
fn find(bucket: &[u8; BUCKET], fingerprint: u16) -> usize {
    let mut matches = 0u32;
    for slot in 0..SLOTS {
        let stored = u16::from_le_bytes([bucket[2 * slot], bucket[2 * slot + 1]]);
        matches |= u32::from(stored == fingerprint) << slot;
    }
    matches.trailing_zeros() as usize
}

/// Builds a table from hashes and values. Hashes that share bucket and fingerprint keep the
/// first value given; the number of those dropped is returned too.
#[cfg(feature = "train")]
pub(super) fn build(entries: impl ExactSizeIterator<Item = (u64, u8)>) -> (Vec<u8>, usize) {
    let buckets = entries.len().div_ceil(PLANNED).max(1);
    let mut table = vec![0u8; buckets * BUCKET];
    let mut dropped = 0;
    for (hash, value) in entries {
        if !insert(&mut table, buckets, hash, value) {
            dropped += 1;
        }
    }
    (table, dropped)
}

#[cfg(feature = "train")]
fn insert(table: &mut [u8], buckets: usize, hash: u64, value: u8) -> bool {
    let (mut index, fingerprint) = place(hash, buckets);
    loop {
        let bucket = &mut table[index * BUCKET..][..BUCKET];
        let used = usize::from(bucket[USED] & !SPILLED);
        let known =
            (0..used).any(|slot| bucket[2 * slot..2 * slot + 2] == fingerprint.to_le_bytes());
        if known {
            return false;
        }
        if used < SLOTS {
            bucket[2 * used..2 * used + 2].copy_from_slice(&fingerprint.to_le_bytes());
            bucket[VALUES + used] = value;
            bucket[USED] += 1;
            return true;
        }
        bucket[USED] |= SPILLED;
        index = (index + 1) % buckets;
    }
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_little_else() {
        let hash = |i: u32| extend(extend(0, i as u16), (i >> 16) as u16);
        let (table, dropped) = build((0..200_000u32).map(|i| (hash(i), i as u8)));
        assert!(dropped < 200, "{dropped}");
        let kept = (0..200_000u32)
            .filter(|i| look_up(&table, find_place(&table, hash(*i))) == Some(*i as u8))
            .count();
        assert!(kept + 2 * dropped + 200 >= 200_000, "{kept}");
        let ghosts = (200_000..400_000u32)
            .filter(|i| look_up(&table, find_place(&table, hash(*i))).is_some())
            .count();
        assert!(ghosts < 400, "{ghosts}");
    }
}
