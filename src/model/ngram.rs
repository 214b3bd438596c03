//! A character n-gram model with back-off, looked up in the bytes of its file.

use std::borrow::Cow;

use super::format::{
    EDGE, FIRST, Layout, MAX_ORDER, MIDDLE_P, MIDDLE_P_BITS, UNKNOWN, f32_at, share, u32_at,
};
use super::slots::{extend, look_up};
use super::{LanguageModel, symbol};
use crate::error::Result;

/// A model read from the bytes of a model file.
pub struct NgramModel {
    bytes: Cow<'static, [u8]>,
    layout: Layout,
    /// Ids by code point, for the basic plane.
    ids: Vec<u16>,
    /// Ids of characters beyond it, by code point.
    rare: Vec<(u32, u16)>,
}

/// The characters an [`NgramModel`] remembers, the last one first.
#[derive(Clone, Copy, Debug)]
pub struct NgramState {
    ids: [u16; MAX_ORDER - 1],
    /// ln back-off of the last character, of the last two, and so on.
    back_offs: [f32; MAX_ORDER - 1],
    length: usize,
}

impl NgramState {
    pub(super) const BLANK: Self =
        Self { ids: [0; MAX_ORDER - 1], back_offs: [0.0; MAX_ORDER - 1], length: 0 };
}

impl NgramModel {
    /// The model in `bytes`, the content of the file called `name`.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when they are no model of this version, or damaged.
    pub fn new(name: &str, bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self> {
        let bytes = bytes.into();
        let layout = Layout::read(name, &bytes)?;
        let mut ids = vec![UNKNOWN; 1 << 16];
        let mut rare = Vec::new();
        for (i, at) in layout.characters.clone().step_by(4).enumerate() {
            let (character, id) = (u32_at(&bytes, at), FIRST + i as u16);
            match ids.get_mut(character as usize) {
                Some(place) => *place = id,
                None => rare.push((character, id)),
            }
        }
        Ok(Self { bytes, layout, ids, rare })
    }

    /// The longest n-gram it knows.
    pub fn order(&self) -> usize {
        self.layout.order
    }

    /// The share of a mixture that was measured to suit it, if it was.
    pub fn share(&self) -> Option<f32> {
        share(&self.bytes)
    }

    /// The characters it knows, by code point.
    pub fn characters(&self) -> impl Iterator<Item = char> + '_ {
        let places = self.layout.characters.clone().step_by(4);
        places.filter_map(|at| char::from_u32(u32_at(&self.bytes, at)))
    }

    fn id(&self, symbol: char) -> u16 {
        let code = u32::from(symbol);
        match self.ids.get(code as usize) {
            Some(id) => *id,
            None => self
                .rare
                .binary_search_by_key(&code, |(character, _)| *character)
                .map_or(UNKNOWN, |i| self.rare[i].1),
        }
    }

    /// ln p and ln back-off of a single id.
    fn unigram(&self, id: u16) -> (f32, f32) {
        let at = self.layout.unigrams.start + 8 * usize::from(id);
        (f32_at(&self.bytes, at), f32_at(&self.bytes, at + 4))
    }

    /// ln p and ln back-off of the n-gram of length `n` with this hash.
    fn ngram(&self, n: usize, hash: u64) -> Option<(f32, f32)> {
        let value = usize::from(look_up(&self.bytes[self.layout.tables[n - 2].clone()], hash)?);
        let list = self.layout.lists[n - 2].start;
        let number = |i: usize| f32_at(&self.bytes, list + 4 * i);
        Some(if n == self.layout.order {
            (number(value), 0.0)
        } else {
            (number(value % MIDDLE_P), number(MIDDLE_P + (value >> MIDDLE_P_BITS)))
        })
    }

    /// Reads what [`symbol`] made of a character.
    pub(super) fn read_symbol(&self, state: &mut NgramState, symbol: char) -> f32 {
        self.read_id(state, self.id(symbol))
    }

    fn read_id(&self, state: &mut NgramState, id: u16) -> f32 {
        let mut next = NgramState::BLANK;
        let (mut p, back_off) = self.unigram(id);
        next.ids[0] = id;
        next.back_offs[0] = back_off;
        next.length = 1;
        let mut found = 1;
        let mut hash = extend(0, id);
        for n in 2..=self.layout.order.min(state.length + 1) {
            hash = extend(hash, state.ids[n - 2]);
            let Some((longer, back_off)) = self.ngram(n, hash) else { break };
            p = longer;
            found = n;
            if n < self.layout.order {
                next.ids[n - 1] = state.ids[n - 2];
                next.back_offs[n - 1] = back_off;
                next.length = n;
            }
        }
        p += state.back_offs[found - 1..state.length.max(found - 1)].iter().sum::<f32>();
        *state = next;
        p.min(0.0)
    }
}

impl LanguageModel for NgramModel {
    type State = NgramState;

    fn start(&self) -> NgramState {
        let mut state = NgramState::BLANK;
        state.ids[0] = EDGE;
        state.back_offs[0] = self.unigram(EDGE).1;
        state.length = 1;
        state
    }

    fn blank(&self) -> NgramState {
        NgramState::BLANK
    }

    fn read(&self, state: &mut NgramState, character: char) -> f32 {
        symbol(character).map_or(0.0, |symbol| self.read_symbol(state, symbol))
    }

    fn end(&self, state: &NgramState) -> f32 {
        self.read_id(&mut state.clone(), EDGE)
    }

    fn reach(&self) -> usize {
        self.layout.order - 1
    }
}
