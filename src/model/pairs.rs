//! Which ids were seen behind which: the bigrams by name, where their table knows fingerprints only.
//!
//! ```text
//! for each id: the gaps between the ids seen behind it, in order, the first one counted from -1;
//!              then 0
//! gap: seven bits a byte, the lowest first, the highest bit set while more follow
//! ```

/// Pairs of ids, by their first and then by their second id, as bytes.
#[cfg(feature = "train")]
pub(super) fn write(ids: usize, pairs: impl Iterator<Item = (u16, u16)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut pairs = pairs.peekable();
    for first in 0..ids {
        let mut next = 0;
        while let Some((_, second)) = pairs.next_if(|(id, _)| usize::from(*id) == first) {
            push(&mut bytes, u32::from(second) + 1 - next);
            next = u32::from(second) + 1;
        }
        bytes.push(0);
    }
    bytes
}

#[cfg(feature = "train")]
fn push(bytes: &mut Vec<u8>, mut gap: u32) {
    while gap >= 0x80 {
        bytes.push(gap as u8 | 0x80);
        gap >>= 7;
    }
    bytes.push(gap as u8);
}

/// The pairs in `bytes`, by their first and then by their second id.
pub(super) fn read(bytes: &[u8]) -> impl Iterator<Item = (u16, u16)> + '_ {
    let (mut first, mut next) = (0u16, 0u32);
    let mut bytes = bytes.iter();
    std::iter::from_fn(move || {
        loop {
            let (mut gap, mut shift) = (0, 0);
            loop {
                let byte = *bytes.next()?;
                gap |= u32::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    break;
                }
                shift = (shift + 7).min(28);
            }
            if gap > 0 {
                next = next.wrapping_add(gap);
                return Some((first, next.wrapping_sub(1) as u16));
            }
            (first, next) = (first.wrapping_add(1), 0);
        }
    })
}

#[cfg(all(test, feature = "train"))]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_as_they_were_written() {
        let pairs = [(0, 0), (0, 1), (0, 7130), (2, 129), (2, 130), (7, 3)];
        let bytes = write(9, pairs.into_iter());
        assert_eq!(read(&bytes).collect::<Vec<_>>(), pairs);
        assert_eq!(read(&write(9, std::iter::empty())).count(), 0);
    }
}
