//! `models/glyphs.tsv`: how alike two characters look in print.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

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
        Ok(Self { shapes, places })
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
        let Some(shape) = self.shape(character) else { return Vec::new() };
        let mut nearest: BinaryHeap<Reverse<Alike>> = BinaryHeap::with_capacity(most + 1);
        for other in self.shapes.iter().filter(|other| other.character != character) {
            let last = nearest.peek().filter(|_| nearest.len() == most);
            let least = last.map_or(f32::NEG_INFINITY, |Reverse(last)| last.likeness);
            let leading = dot(&shape.leading, &other.leading);
            if shape.likeness_at_most(other, leading) < least {
                continue;
            }
            let likeness = (leading + dot(&shape.rest, &other.rest)) as f32 / other.length;
            if likeness >= least {
                nearest.push(Reverse(Alike { likeness, character: other.character }));
            }
            if nearest.len() > most {
                nearest.pop();
            }
        }
        let nearest = nearest.into_sorted_vec();
        nearest.into_iter().map(|Reverse(alike)| alike.character).collect()
    }
}

impl Shape {
    fn product(&self, other: &Self) -> i32 {
        dot(&self.leading, &other.leading) + dot(&self.rest, &other.rest)
    }

    /// What the likeness to `other` cannot exceed where the product of the leading numbers is
    /// `leading`, whatever the rest is (Cauchy and Schwarz). One in a thousand is for rounding.
    fn likeness_at_most(&self, other: &Self, leading: i32) -> f32 {
        (leading as f32 + 1.001 * self.rest_length * other.rest_length) / other.length
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
