//! `readings.tsv`: which characters sound alike.

use rustc_hash::FxHashMap;

use super::Table;
use crate::error::Result;

/// How alike two characters sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sound {
    /// They have no syllable in common.
    Different,
    /// They differ in what speakers of many regions do not tell apart: zh and z, n and l, in and
    /// ing.
    Similar,
    /// They have a syllable in common, whatever its tone.
    Same,
}

/// The syllables of the common characters.
pub struct Readings {
    syllables: FxHashMap<char, Vec<u16>>,
    /// The characters that may be read as a syllable or as one like it, by the blurred syllable.
    alike: FxHashMap<u16, Vec<char>>,
    /// The number of the blurred syllable, by the number of a syllable.
    blurred: Vec<u16>,
}

impl Readings {
    /// Parses the table: columns character and syllables.
    pub(super) fn parse((name, text): (&str, &str)) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let mut numbers: FxHashMap<String, u16> = FxHashMap::default();
        let mut readings = Self {
            syllables: FxHashMap::default(),
            alike: FxHashMap::default(),
            blurred: Vec::new(),
        };
        for (line, row) in table.rows() {
            let mut characters = row[0].chars();
            let (Some(character), None) = (characters.next(), characters.next()) else {
                return Err(table.error(line, "the first column is no single character"));
            };
            for syllable in row[1].split(' ') {
                let number = readings.number(&mut numbers, syllable);
                let blurred = readings.blurred[usize::from(number)];
                readings.syllables.entry(character).or_default().push(number);
                let alike = readings.alike.entry(blurred).or_default();
                if alike.last() != Some(&character) {
                    alike.push(character);
                }
            }
        }
        Ok(readings)
    }

    /// The number of a syllable; a new one is given to it and its blurred form.
    fn number(&mut self, numbers: &mut FxHashMap<String, u16>, syllable: &str) -> u16 {
        if let Some(&number) = numbers.get(syllable) {
            return number;
        }
        let number = self.blurred.len() as u16;
        numbers.insert(syllable.to_string(), number);
        self.blurred.push(number);
        let blurred = blur(syllable);
        if blurred != syllable {
            self.blurred[usize::from(number)] = self.number(numbers, &blurred);
        }
        number
    }

    /// How alike `a` and `b` sound in their most similar readings.
    pub fn likeness(&self, a: char, b: char) -> Sound {
        let (a, b) = (self.of(a), self.of(b));
        if a.iter().any(|syllable| b.contains(syllable)) {
            return Sound::Same;
        }
        let blurred = |syllable: &u16| self.blurred[usize::from(*syllable)];
        let similar = a.iter().any(|x| b.iter().any(|y| blurred(x) == blurred(y)));
        if similar { Sound::Similar } else { Sound::Different }
    }

    /// The characters that sound the same as `character` or similar, itself among them.
    pub fn alike(&self, character: char) -> impl Iterator<Item = char> + '_ {
        self.of(character).iter().flat_map(|syllable| {
            let blurred = self.blurred[usize::from(*syllable)];
            self.alike.get(&blurred).into_iter().flatten().copied()
        })
    }

    fn of(&self, character: char) -> &[u16] {
        self.syllables.get(&character).map_or(&[], Vec::as_slice)
    }
}

/// A syllable with the distinctions left out that many speakers do not make.
fn blur(syllable: &str) -> String {
    let mut blurred = syllable.to_string();
    for (from, to) in [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("h", "f")] {
        if let Some(rest) = blurred.strip_prefix(from) {
            // h and f are confused before u only: 湖南 and 福建 speakers' hui and fei.
            if from != "h" || rest.starts_with('u') {
                blurred = format!("{to}{rest}");
                break;
            }
        }
    }
    for nasal in ["ing", "eng", "ang"] {
        if let Some(stem) = blurred.strip_suffix(nasal) {
            blurred = format!("{stem}{}", &nasal[..2]);
        }
    }
    blurred
}
