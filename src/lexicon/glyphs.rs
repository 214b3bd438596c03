//! `models/glyphs.tsv`: how alike two characters look in print.

use std::cmp::{Ordering, Reverse};

use rustc_hash::FxHashMap;

use super::Table;
use crate::error::Result;

/// Numbers that describe the shape of a character.
const DIMENSIONS: usize = 64;

/// The first half of them, in which shapes differ most: 81 % of the variance of all.
const LEADING: usize = DIMENSIONS / 2;

/// The shape of a character: a vector in two halves, its length and that of its second half. The
/// numbers are those of signed bytes; as wide as this, the processor multiplies eight at a time.
struct Shape {
    character: char,
    leading: [i16; LEADING],
    rest: [i16; LEADING],
    length: f32,
    rest_length: f32,
}

/// Shapes that are compared with another at the same time.
const BESIDE: usize = 32;

/// The leading numbers of several shapes: the first of each, the second of each, and so on. Whole
/// numbers this small are multiplied and added up without rounding.
struct Block {
    leading: [[f32; BESIDE]; LEADING],
    lengths: [f32; BESIDE],
    rest_lengths: [f32; BESIDE],
}

/// A character and how much it looks like another, up to a factor. The less alike comes first, of
/// two equals that with the higher code.
#[derive(PartialEq)]
struct Alike {
    likeness: f32,
    character: char,
}

impl Eq for Alike {}

impl PartialOrd for Alike {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Alike {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_likeness = self.likeness.total_cmp(&other.likeness);
        by_likeness.then_with(|| other.character.cmp(&self.character))
    }
}

/// The shapes of the common characters.
pub struct Glyphs {
    shapes: Vec<Shape>,
    /// The same shapes in the same order; the last block is filled up with zeros.
    blocks: Vec<Block>,
    places: FxHashMap<char, u16>,
}

impl Glyphs {
    /// Parses the table: columns character and shape.
    pub(super) fn parse((name, text): (&str, &str)) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let (mut shapes, mut places) = (Vec::new(), FxHashMap::default());
        for (line, row) in table.rows() {
            let mut characters = row[0].chars();
            let (Some(character), None) = (characters.next(), characters.next()) else {
                return Err(table.error(line, "the first column is no single character"));
            };
            let shape = parse_shape(character, row[1])
                .ok_or_else(|| table.error(line, "a shape is 64 bytes in hexadecimal"))?;
            places.insert(character, shapes.len() as u16);
            shapes.push(shape);
        }
        let blocks = shapes.chunks(BESIDE).map(Block::of).collect();
        Ok(Self { shapes, blocks, places })
    }

    /// The likeness of two characters: the cosine of their shapes, 1 for the same character
    /// (末 and 未 0.97, 源 and 原 0.72), about 0 for two that have nothing in common, and 0 when
    /// either is not known.
    pub fn likeness(&self, a: char, b: char) -> f32 {
        match (self.shape(a), self.shape(b)) {
            (Some(a), Some(b)) => a.product(b) as f32 / (a.length * b.length),
            _ => 0.0,
        }
    }

    fn shape(&self, character: char) -> Option<&Shape> {
        self.places.get(&character).map(|place| &self.shapes[usize::from(*place)])
    }

    /// The `most` characters that look most like `character`, the most alike first.
    pub fn nearest(&self, character: char, most: usize) -> Vec<char> {
        let Some(place) = self.places.get(&character) else { return Vec::new() };
        let place = usize::from(*place);
        let shape = &self.shapes[place];
        let own = shape.leading.map(f32::from);
        let mut nearest = Nearest::new(most);
        // Characters with a radical in common stand together: after them few come into question.
        let blocks = self.blocks.iter().zip(self.shapes.chunks(BESIDE));
        let before = blocks.clone().take(place / BESIDE);
        for (block, others) in blocks.skip(place / BESIDE).chain(before) {
            let leading = block.products(&own);
            let at_most = block.likeness_at_most(&leading, shape.rest_length);
            for ((other, leading), at_most) in others.iter().zip(&leading).zip(&at_most) {
                if *at_most >= nearest.least && other.character != character {
                    let product = *leading as i32 + dot(&shape.rest, &other.rest);
                    nearest.add(product as f32 / other.length, other.character);
                }
            }
        }
        nearest.in_order()
    }
}

/// The most alike of the characters that were added.
struct Nearest {
    most: usize,
    found: Vec<Reverse<Alike>>,
    /// Below this nothing needs to be added any more.
    least: f32,
}

impl Nearest {
    fn new(most: usize) -> Self {
        Self { most, found: Vec::with_capacity(2 * most + 1), least: f32::NEG_INFINITY }
    }

    fn add(&mut self, likeness: f32, character: char) {
        if likeness >= self.least {
            self.found.push(Reverse(Alike { likeness, character }));
        }
        // Those that are too many are sorted out together.
        if self.found.len() > 2 * self.most {
            let (_, last, _) = self.found.select_nth_unstable(self.most.saturating_sub(1));
            self.least = last.0.likeness;
            self.found.truncate(self.most);
        }
    }

    fn in_order(mut self) -> Vec<char> {
        self.found.sort_unstable();
        self.found.truncate(self.most);
        self.found.into_iter().map(|Reverse(alike)| alike.character).collect()
    }
}

impl Block {
    fn of(shapes: &[Shape]) -> Self {
        let number = |i: usize, beside: usize| shapes.get(beside).map_or(0, |s| s.leading[i]);
        let number = |i| std::array::from_fn(|beside| number(i, beside).into());
        let of_each = |length: fn(&Shape) -> f32| {
            std::array::from_fn(|beside| shapes.get(beside).map_or(1.0, length))
        };
        Self {
            leading: std::array::from_fn(number),
            lengths: of_each(|shape| shape.length),
            rest_lengths: of_each(|shape| shape.rest_length),
        }
    }

    /// The products of the leading numbers of each shape with those of another, `own`.
    fn products(&self, own: &[f32; LEADING]) -> [f32; BESIDE] {
        let mut products = [0.0; BESIDE];
        for (own, others) in own.iter().zip(&self.leading) {
            for (product, other) in products.iter_mut().zip(others) {
                *product += own * other;
            }
        }
        products
    }

    /// What the likeness of each shape to another cannot exceed where the products of the leading
    /// numbers are `leading`, and the length of the rest of the other is `rest`, whatever the rest is
    /// (Cauchy and Schwarz). One in a thousand is for rounding.
    fn likeness_at_most(&self, leading: &[f32; BESIDE], rest: f32) -> [f32; BESIDE] {
        std::array::from_fn(|i| {
            (leading[i] + 1.001 * rest * self.rest_lengths[i]) / self.lengths[i]
        })
    }
}

impl Shape {
    fn product(&self, other: &Self) -> i32 {
        dot(&self.leading, &other.leading) + dot(&self.rest, &other.rest)
    }
}

fn parse_shape(character: char, hexadecimal: &str) -> Option<Shape> {
    let mut vector = [0; DIMENSIONS];
    if hexadecimal.len() != 2 * DIMENSIONS || !hexadecimal.is_ascii() {
        return None;
    }
    for (i, value) in vector.iter_mut().enumerate() {
        *value = u8::from_str_radix(&hexadecimal[2 * i..2 * i + 2], 16).ok()?.cast_signed().into();
    }
    let (leading, rest) = vector.split_at(LEADING);
    let (leading, rest) = (leading.try_into().ok()?, rest.try_into().ok()?);
    let (of_leading, of_rest) = (dot(&leading, &leading), dot(&rest, &rest));
    let length = ((of_leading + of_rest) as f32).sqrt();
    Some(Shape { character, leading, rest, length, rest_length: (of_rest as f32).sqrt() })
}

fn dot(a: &[i16; LEADING], b: &[i16; LEADING]) -> i32 {
    a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum()
}

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;

    #[test]
    fn the_nearest_are_those_of_all() {
        let lexicon = Lexicon::builtin().expect("the shipped dictionaries are right");
        let glyphs = lexicon.glyphs();
        for character in ['末', '源', '一', '赢', '国'] {
            let mut all: Vec<(f32, char)> = glyphs
                .shapes
                .iter()
                .map(|other| (glyphs.likeness(character, other.character), other.character))
                .filter(|(_, other)| *other != character)
                .collect();
            all.sort_by(|a, b| b.0.total_cmp(&a.0));
            let nearest = glyphs.nearest(character, 64);
            let likeness = |c: &char| glyphs.likeness(character, *c);
            let found: Vec<f32> = nearest.iter().map(likeness).collect();
            assert_eq!(found.len(), 64);
            for (found, (wanted, _)) in found.iter().zip(&all) {
                assert!((found - wanted).abs() < 1e-5, "{character}: {found} {wanted}");
            }
        }
        assert_eq!(glyphs.nearest('a', 64), []);
    }
}
