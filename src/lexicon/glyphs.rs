//! `models/glyphs.tsv`: how alike two characters look in print.

use rustc_hash::FxHashMap;

use super::Table;
use crate::error::Result;

/// Numbers that describe the shape of a character.
const DIMENSIONS: usize = 64;

/// The shape of a character, and the length of the vector that describes it. The numbers are those
/// of signed bytes; as wide as this, the processor multiplies eight at a time.
struct Shape {
    character: char,
    vector: [i16; DIMENSIONS],
    length: f32,
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
            (Some(a), Some(b)) => dot(&a.vector, &b.vector) as f32 / (a.length * b.length),
            _ => 0.0,
        }
    }

    fn shape(&self, character: char) -> Option<&Shape> {
        self.places.get(&character).map(|place| &self.shapes[usize::from(*place)])
    }

    /// The `most` characters that look most like `character`, the most alike first.
    pub fn nearest(&self, character: char, most: usize) -> Vec<char> {
        let Some(shape) = self.shape(character) else { return Vec::new() };
        let others = self.shapes.iter().filter(|other| other.character != character);
        let mut alike: Vec<(f32, char)> = others
            .map(|of| (dot(&shape.vector, &of.vector) as f32 / of.length, of.character))
            .collect();
        let by_likeness =
            |a: &(f32, char), b: &(f32, char)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if alike.len() > most {
            alike.select_nth_unstable_by(most, by_likeness);
            alike.truncate(most);
        }
        alike.sort_by(by_likeness);
        alike.into_iter().map(|(_, other)| other).collect()
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
    Some(Shape { character, vector, length: (dot(&vector, &vector) as f32).sqrt() })
}

fn dot(a: &[i16; DIMENSIONS], b: &[i16; DIMENSIONS]) -> i32 {
    a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum()
}
