//! A character n-gram model with back-off, looked up in the bytes of its file.

use std::borrow::Cow;

use super::format::{
    EDGE, FIRST, Layout, MAX_ORDER, MIDDLE_P, MIDDLE_P_BITS, UNKNOWN, f32_at, share, u32_at,
};
use super::slots::{BUCKET, Place, extend, find_place, look_up};
use super::{LanguageModel, pairs, symbol};
use crate::error::Result;

/// A model read from the bytes of a model file.
pub struct NgramModel {
    bytes: Cow<'static, [u8]>,
    /// Where in them the file starts.
    start: usize,
    layout: Layout,
    /// What the value bytes of each order stand for, from bigrams on.
    numbers: Vec<Numbers>,
    /// Ids by code point, for the basic plane.
    ids: Vec<u16>,
    /// Ids of characters beyond it, by code point.
    rare: Vec<(u32, u16)>,
    /// What a longer context that is not seen before a character can add to its ln p: nothing, unless
    /// a back-off is positive.
    most_back_off: f32,
}

/// ln p and ln back-off by value byte.
type Numbers = [(f32, f32); 256];

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
        let (bytes, start) = aligned(bytes.into());
        let file = &bytes[start..];
        let layout = Layout::read(name, file)?;
        let mut ids = vec![UNKNOWN; 1 << 16];
        let mut rare = Vec::new();
        for (i, at) in layout.characters.clone().step_by(4).enumerate() {
            let (character, id) = (u32_at(file, at), FIRST + i as u16);
            match ids.get_mut(character as usize) {
                Some(place) => *place = id,
                None => rare.push((character, id)),
            }
        }
        let numbers: Vec<Numbers> = (2..=layout.order).map(|n| numbers(file, &layout, n)).collect();
        let unigrams = layout.unigrams.clone().step_by(8).map(|at| f32_at(file, at + 4));
        let back_offs = unigrams.chain(numbers.iter().flatten().map(|(_, back_off)| *back_off));
        let most_back_off = layout.order as f32 * back_offs.fold(0.0, f32::max);
        Ok(Self { bytes, start, layout, numbers, ids, rare, most_back_off })
    }

    /// The longest n-gram it knows.
    pub fn order(&self) -> usize {
        self.layout.order
    }

    /// The share of a mixture that was measured to suit it, if it was.
    pub fn share(&self) -> Option<f32> {
        share(self.bytes())
    }

    /// The characters it knows, by code point.
    pub fn characters(&self) -> impl Iterator<Item = char> + '_ {
        let places = self.layout.characters.clone().step_by(4);
        places.filter_map(|at| char::from_u32(u32_at(self.bytes(), at)))
    }

    /// The pairs of characters it keeps a count of, by the ids of the first and then of the
    /// second.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (char, char)> + '_ {
        let characters: Vec<char> = self.characters().collect();
        let character = move |id: u16| {
            let place = usize::from(id).checked_sub(usize::from(FIRST))?;
            characters.get(place).copied()
        };
        let pairs = pairs::read(&self.bytes()[self.layout.pairs.clone()]);
        pairs.filter_map(move |(first, second)| Some((character(first)?, character(second)?)))
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Raises the numbers in `log_p`, one for each pair, to ln p of the second character behind the
    /// first where the model keeps a count of the pair.
    pub(super) fn raise_to_pairs(&self, pairs: &[(char, char)], log_p: &mut [f32]) {
        let table = self.table(2);
        let hash = |(first, second): &(char, char)| {
            let (first, second) = (symbol(*first)?, symbol(*second)?);
            Some(extend(extend(0, self.id(second)), self.id(first)))
        };
        for (pairs, log_p) in pairs.chunks(TOGETHER).zip(log_p.chunks_mut(TOGETHER)) {
            let mut places = [None; TOGETHER];
            for (place, pair) in places.iter_mut().zip(pairs) {
                *place = hash(pair).map(|hash| find_place(table, hash));
            }
            for (log_p, place) in log_p.iter_mut().zip(places) {
                if let Some(value) = place.and_then(|place| look_up(table, place)) {
                    *log_p = log_p.max(self.ngram(2, value).0);
                }
            }
        }
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
        (f32_at(self.bytes(), at), f32_at(self.bytes(), at + 4))
    }

    /// The table of the n-grams of length `n`.
    fn table(&self, n: usize) -> &[u8] {
        &self.bytes()[self.layout.tables[n - 2].clone()]
    }

    /// ln p and ln back-off of an n-gram of length `n` for which `value` is stored.
    fn ngram(&self, n: usize, value: u8) -> (f32, f32) {
        self.numbers[n - 2][usize::from(value)]
    }

    /// Reads what [`symbol`] made of a character.
    pub(super) fn read_symbol(&self, state: &mut NgramState, symbol: char) -> f32 {
        self.read_id(state, self.id(symbol))
    }

    fn read_id(&self, state: &mut NgramState, id: u16) -> f32 {
        let mut values = Values::default();
        let mut hash = extend(0, id);
        for n in 2..=self.layout.order.min(state.length + 1) {
            hash = extend(hash, state.ids[n - 2]);
            let table = self.table(n);
            values[n - 2] = look_up(table, find_place(table, hash));
            if values[n - 2].is_none() {
                break;
            }
        }
        self.step(state, id, &values)
    }

    /// What is stored for the n-grams that end with each of the ids from `from` on, no more than
    /// [`TOGETHER`] of them. `found` holds for each id the length of the longest of its n-grams.
    ///
    /// One order is looked up for all of them before the next, so many look-ups wait for memory
    /// at the same time. An n-gram is there only when both its parts are, all but its first and
    /// all but its last character.
    fn values(&self, ids: &[u16], from: usize, found: &mut [u8]) -> [Values; TOGETHER] {
        let mut values = [Values::default(); TOGETHER];
        let mut hashes = [0; TOGETHER];
        for (hash, id) in hashes.iter_mut().zip(&ids[from..]) {
            *hash = extend(0, *id);
        }
        let count = ids.len().min(from + TOGETHER) - from;
        found[from..from + count].fill(1);
        for n in 2..=self.layout.order {
            let hopeful = |i: &usize| {
                let parts = found[from + i].min(found[from + i - 1]);
                usize::from(parts) + 1 >= n
            };
            let hopeful = Together::<TOGETHER>::of((0..count).filter(hopeful));
            let left = |i: usize| ids[from + i + 1 - n];
            self.look_up_each(n, &hopeful, left, &mut hashes, &mut values);
            for i in hopeful.iter() {
                found[from + i] += u8::from(values[i][n - 2].is_some());
            }
        }
        values
    }

    /// Looks up the n-grams of length `n` of the `hopeful`, whose shorter ones have these
    /// `hashes`; `left` is the id that each is longer by.
    fn look_up_each<const N: usize>(
        &self,
        n: usize,
        hopeful: &Together<N>,
        mut left: impl FnMut(usize) -> u16,
        hashes: &mut [u64; N],
        values: &mut [Values; N],
    ) {
        let table = self.table(n);
        let mut places = [Place::default(); N];
        for i in hopeful.iter() {
            hashes[i] = extend(hashes[i], left(i));
            places[i] = find_place(table, hashes[i]);
        }
        for i in hopeful.iter() {
            values[i][n - 2] = look_up(table, places[i]);
        }
    }

    /// As [`LanguageModel::read_each`], where the states are parts of others: `own` tells which.
    pub(super) fn read_each_in<S>(
        &self,
        states: &mut [S],
        own: impl Fn(&mut S) -> &mut NgramState,
        characters: &[char],
        log_p: &mut [f32],
    ) {
        let mut ids = [UNKNOWN; TOGETHER];
        let together = states.chunks_mut(TOGETHER).zip(characters.chunks(TOGETHER));
        for ((states, characters), log_p) in together.zip(log_p.chunks_mut(TOGETHER)) {
            for (id, character) in ids.iter_mut().zip(characters) {
                *id = symbol(*character).map_or(UNKNOWN, |symbol| self.id(symbol));
            }
            let ids = &ids[..states.len()];
            match ids.len() {
                ..=FEW => self.read_together::<S, FEW>(states, &own, ids, log_p),
                _ => self.read_together::<S, TOGETHER>(states, &own, ids, log_p),
            }
        }
    }

    /// Reads an id in each of up to `N` states.
    fn read_together<S, const N: usize>(
        &self,
        states: &mut [S],
        own: impl Fn(&mut S) -> &mut NgramState,
        ids: &[u16],
        log_p: &mut [f32],
    ) {
        let mut values = [Values::default(); N];
        let mut hashes = [0; N];
        for (hash, id) in hashes.iter_mut().zip(ids) {
            *hash = extend(0, *id);
        }
        for n in 2..=self.layout.order {
            let hopeful = |i: &usize| {
                let known = n == 2 || values[*i][n - 3].is_some();
                known && own(&mut states[*i]).length + 1 >= n
            };
            let hopeful = Together::<N>::of((0..ids.len()).filter(hopeful));
            let left = |i: usize| own(&mut states[i]).ids[n - 2];
            self.look_up_each(n, &hopeful, left, &mut hashes, &mut values);
        }
        for (i, state) in states.iter_mut().enumerate() {
            log_p[i] = self.step(own(state), ids[i], &values[i]);
        }
    }

    /// Goes on to `id`, for whose n-grams `values` are stored.
    fn step(&self, state: &mut NgramState, id: u16, values: &Values) -> f32 {
        let mut next = NgramState::BLANK;
        let (mut p, back_off) = self.unigram(id);
        next.ids[0] = id;
        next.back_offs[0] = back_off;
        next.length = 1;
        let mut found = 1;
        for n in 2..=self.layout.order.min(state.length + 1) {
            let Some(value) = values[n - 2] else { break };
            let (longer, back_off) = self.ngram(n, value);
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

/// What is stored for the n-grams that end with a character, from bigrams on.
type Values = [Option<u8>; MAX_ORDER - 1];

/// Characters whose n-grams are looked up together: enough to keep memory busy, few enough for
/// their buckets to stay in the first cache until they are read.
const TOGETHER: usize = 64;

/// Where no more are looked up together, there is no need to make room for so many. Set by hand.
const FEW: usize = 12;

/// Up to `N` numbers below `N`.
struct Together<const N: usize> {
    numbers: [u8; N],
    count: usize,
}

impl<const N: usize> Together<N> {
    fn of(numbers: impl Iterator<Item = usize>) -> Self {
        let mut together = Self { numbers: [0; N], count: 0 };
        for number in numbers {
            together.numbers[together.count] = number as u8;
            together.count += 1;
        }
        together
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.numbers[..self.count].iter().map(|number| usize::from(*number))
    }
}

/// What the value bytes of the n-grams of length `n` stand for.
fn numbers(file: &[u8], layout: &Layout, n: usize) -> Numbers {
    let list = layout.lists[n - 2].start;
    let number = |i: usize| f32_at(file, list + 4 * i);
    std::array::from_fn(|value| {
        if n == layout.order {
            (number(value), 0.0)
        } else {
            (number(value % MIDDLE_P), number(MIDDLE_P + (value >> MIDDLE_P_BITS)))
        }
    })
}

/// The bytes, and where in them the file starts, so that no bucket lies across two cache lines.
fn aligned(bytes: Cow<'static, [u8]>) -> (Cow<'static, [u8]>, usize) {
    if bytes.as_ptr().align_offset(BUCKET) == 0 {
        return (bytes, 0);
    }
    let mut moved: Vec<u8> = Vec::with_capacity(bytes.len() + BUCKET);
    let start = moved.as_ptr().align_offset(BUCKET).min(BUCKET);
    moved.resize(start, 0);
    moved.extend_from_slice(&bytes);
    (Cow::Owned(moved), start)
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

    /// Where not all that was read since the start is known together, what stands before it changes
    /// nothing but the back-offs of contexts that are not seen.
    fn read_at_most(&self, state: &mut NgramState, character: char, count: usize) -> f32 {
        let log_p = self.read(state, character);
        if state.length < count { log_p + self.most_back_off } else { 0.0 }
    }

    fn read_each(&self, states: &mut [NgramState], characters: &[char], log_p: &mut [f32]) {
        self.read_each_in(states, |state| state, characters, log_p);
    }

    fn end(&self, state: &NgramState) -> f32 {
        self.read_id(&mut state.clone(), EDGE)
    }

    fn known(&self, state: &NgramState) -> usize {
        state.length
    }

    fn reach(&self) -> usize {
        self.layout.order - 1
    }

    fn log_probabilities(&self, text: &str) -> Vec<f32> {
        let mut ids = vec![EDGE];
        ids.extend(text.chars().filter_map(symbol).map(|symbol| self.id(symbol)));
        let mut found = vec![1; ids.len()];
        let mut read = Vec::with_capacity(ids.len());
        let mut state = self.start();
        for from in (1..ids.len()).step_by(TOGETHER) {
            let values = self.values(&ids, from, &mut found);
            let together = ids[from..].iter().zip(&values);
            read.extend(together.map(|(id, values)| self.step(&mut state, *id, values)));
        }
        let mut read = read.into_iter();
        let seen = |character| symbol(character).is_some();
        text.chars().map(|c| seen(c).then(|| read.next()).flatten().unwrap_or(0.0)).collect()
    }
}
