//! Where marks of pairs stand: how telling a context is for “ ” 《 》 （ ）.

use rustc_hash::FxHashMap;

use crate::error::Result;

use super::Table;

/// What of a place is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceContext {
    /// Up to [`LONGEST_CONTEXT`] characters before it; `^` stands before a text.
    Before,
    /// As many behind it; `$` stands behind a text.
    After,
    /// How long the text between the marks would be: a number no shorter than it in characters.
    Size,
    /// What marks the text between would hold.
    Shape,
    /// The text between.
    Phrase,
}

/// The longest context before or behind a place, in characters.
pub const LONGEST_CONTEXT: usize = 3;

/// The table `dictionaries/pair_places.tsv`.
pub struct PairPlaces {
    weights: FxHashMap<(char, PlaceContext), FxHashMap<String, f64>>,
}

impl PairPlaces {
    /// Parses the table called `name`: columns mark, kind of context, context, log odds times 100.
    ///
    /// # Errors
    /// [`crate::Error::Table`] naming the line of a mistake.
    pub fn parse((name, text): (&str, &str)) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let mut weights: FxHashMap<_, FxHashMap<String, f64>> = FxHashMap::default();
        for (line, row) in table.rows() {
            let mark = row[0].chars().next().ok_or_else(|| table.error(line, "no mark"))?;
            let kind = match row[1] {
                "before" => PlaceContext::Before,
                "after" => PlaceContext::After,
                "size" => PlaceContext::Size,
                "shape" => PlaceContext::Shape,
                "phrase" => PlaceContext::Phrase,
                _ => return Err(table.error(line, format!("no kind of context: {}", row[1]))),
            };
            let hundredths: f64 =
                row[3].parse().map_err(|_| table.error(line, "the weight is no number"))?;
            weights.entry((mark, kind)).or_default().insert(row[2].to_string(), hundredths / 100.0);
        }
        Ok(Self { weights })
    }

    /// How telling `context` is for `mark` (“ ” 《 》 （ ）), as a difference of log odds.
    pub fn weight(&self, mark: char, kind: PlaceContext, context: &str) -> Option<f64> {
        self.weights.get(&(mark, kind))?.get(context).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# t\n# source: s\n# licence: l\n# columns: mark\tkind\tcontext\tweight\n";

    #[test]
    fn contexts_are_weighed_by_mark() {
        let places = PairPlaces::parse(("p.tsv", &format!("{HEAD}“\tbefore\t称为\t150\n")))
            .expect("the table is right");
        assert_eq!(places.weight('“', PlaceContext::Before, "称为"), Some(1.5));
        assert_eq!(places.weight('”', PlaceContext::Before, "称为"), None);
        assert!(PairPlaces::parse(("p.tsv", &format!("{HEAD}“\tbehind\t称为\t150\n"))).is_err());
    }
}
