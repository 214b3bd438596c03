//! Tables of the house: words it corrects, keeps and bans, phrases it protects.
//!
//! ```text
//! # one line each; what follows " # " says why
//! 聚原广场=聚源广场 # the name of the square
//! 某某小镇=某某小镇
//! 闹市区=
//! !新时代文明实践中心 2018-07-06..
//! !市长=张三 2013-03-15..2018-03-17
//! ```

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::lexicon::{Date, Folding, Phrases, ProtectedPhrase, ProtectedPhrases, parse_date};

/// The shortest wrong form, in characters: a single one stands in too many right words.
const SHORTEST_WRONG: usize = 2;

/// What the house says about a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HouseWord {
    /// It is written so, whatever any rule says.
    Right,
    /// It is written otherwise.
    Wrong {
        /// The right form.
        right: String,
    },
    /// It is not to be used.
    Banned,
}

/// A word of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseEntry {
    /// What the house says.
    pub word: HouseWord,
    /// Why, as the table has it; may be empty.
    pub why: String,
    /// The table and the line, as `house.txt:3`.
    pub place: String,
}

/// Somebody in a post for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The post.
    pub post: String,
    /// Who holds it.
    pub holder: String,
    /// When.
    pub term: ProtectedPhrase,
}

/// The tables of a house, of all layers: what a later one says about a word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct House {
    words: BTreeMap<String, HouseEntry>,
    phrases: Vec<ProtectedPhrase>,
    posts: Vec<Post>,
}

impl House {
    /// True when no table says anything.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty()
    }

    /// How many words, and how many phrases, the tables have.
    pub fn len(&self) -> (usize, usize) {
        (self.words.len(), self.phrases.len())
    }

    /// Adds the table called `name`, over those there are.
    ///
    /// # Errors
    /// [`Error::Table`] naming the line with a mistake.
    pub fn add_table(&mut self, name: &str, text: &str) -> Result<()> {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (number, line) in (1..).zip(text.lines()) {
            let (row, why) = parted(line);
            if row.is_empty() {
                continue;
            }
            let error = |problem: String| Error::table(name, number, problem);
            if let Some(phrase) = row.strip_prefix(['!', '！']) {
                self.add_phrase(phrase.trim()).map_err(error)?;
                continue;
            }
            let place = format!("{name}:{number}");
            let word = self.add_word(row, why, place).map_err(error)?;
            if let Some(before) = lines.insert(word.clone(), number) {
                return Err(error(format!("{word} stands in line {before} already")));
            }
        }
        Ok(())
    }

    /// Adds one row about a word: `错=正`, `词=词` or `词=`. Gives the word.
    ///
    /// # Errors
    /// What is wrong with the row.
    pub(crate) fn add_word(
        &mut self,
        row: &str,
        why: &str,
        place: String,
    ) -> std::result::Result<String, String> {
        let (word, right) = row.split_once(['=', '＝']).ok_or_else(|| {
            format!("{row:?} is no row: write 错=正, 词=词, 词= or !表述 from..to")
        })?;
        let (word, right) = (word.trim(), right.trim());
        if word.is_empty() {
            return Err("there is no word before the =".to_string());
        }
        if right.contains(['=', '＝']) {
            return Err(format!("{row:?} has more than one ="));
        }
        let said = match right {
            "" => HouseWord::Banned,
            right if right == word => HouseWord::Right,
            right => HouseWord::Wrong { right: right.to_string() },
        };
        if matches!(said, HouseWord::Wrong { .. }) && word.chars().count() < SHORTEST_WRONG {
            return Err(format!("{word}: a wrong form has two characters or more"));
        }
        let entry = HouseEntry { word: said, why: why.to_string(), place };
        self.words.insert(word.to_string(), entry);
        Ok(word.to_string())
    }

    /// Keeps a word as it is.
    pub(crate) fn allow(&mut self, word: &str, place: String) {
        let entry = HouseEntry { word: HouseWord::Right, why: String::new(), place };
        self.words.insert(word.to_string(), entry);
    }

    /// Adds `表述 from..to` or `post=holder from..to`.
    fn add_phrase(&mut self, row: &str) -> std::result::Result<(), String> {
        let (phrase, time) = row.split_once(char::is_whitespace).unwrap_or((row, ""));
        let (from, to) = parse_time(time.trim())?;
        let (post, holder) = phrase.split_once(['=', '＝']).unwrap_or(("", ""));
        let phrase = if holder.is_empty() { phrase.to_string() } else { format!("{post}{holder}") };
        if phrase.contains(['=', '＝']) {
            return Err(format!("{row:?} names no post or no person"));
        }
        if phrase.chars().count() < ProtectedPhrases::SHORTEST {
            return Err(format!("{phrase}: a protected phrase has three characters or more"));
        }
        let term = ProtectedPhrase { phrase, from, to };
        if !holder.is_empty() {
            let (post, holder) = (post.to_string(), holder.to_string());
            self.posts.push(Post { post, holder, term: term.clone() });
        }
        self.phrases.push(term);
        Ok(())
    }

    /// These tables under others that count before them.
    pub(crate) fn under(&self, others: &Self) -> Self {
        let mut whole = self.clone();
        whole.words.extend(others.words.clone());
        whole.phrases.extend(others.phrases.iter().cloned());
        whole.posts.extend(others.posts.iter().cloned());
        whole
    }

    /// The tables ready to look words up, with every word folded where the text is.
    ///
    /// # Errors
    /// [`Error::Table`] when the tables are too large.
    pub(crate) fn compile(&self, folding: Option<&Folding>) -> Result<HouseIndex> {
        let fold = |text: &str| folding.map_or_else(|| text.to_string(), |f| f.fold(text));
        let said = |entry: &HouseEntry| match &entry.word {
            HouseWord::Wrong { right } => {
                HouseEntry { word: HouseWord::Wrong { right: fold(right) }, ..entry.clone() }
            }
            _ => entry.clone(),
        };
        let words = self.words.iter().map(|(word, entry)| (fold(word), said(entry)));
        let phrase = |p: &ProtectedPhrase| ProtectedPhrase { phrase: fold(&p.phrase), ..p.clone() };
        let post =
            |p: &Post| Post { post: fold(&p.post), holder: fold(&p.holder), term: phrase(&p.term) };
        Ok(HouseIndex {
            words: Phrases::new("house tables", words)?,
            phrases: ProtectedPhrases::of(
                "house tables",
                self.phrases.iter().map(phrase).collect(),
            )?,
            posts: self.posts.iter().map(post).collect(),
        })
    }
}

/// The tables of a house, ready to be looked up in a text.
pub struct HouseIndex {
    /// What is said about words; the longest word that stands in a place counts.
    pub words: Phrases<HouseEntry>,
    /// Phrases that must stand exactly so.
    pub phrases: ProtectedPhrases,
    /// Who held which post when.
    pub posts: Vec<Post>,
}

/// A row, and what stands behind its ` # `.
fn parted(line: &str) -> (&str, &str) {
    let line = line.trim();
    if line.starts_with('#') {
        return ("", "");
    }
    let comment =
        line.match_indices('#').find(|(at, _)| line[..*at].ends_with(char::is_whitespace));
    match comment {
        Some((at, _)) => (line[..at].trim_end(), line[at + 1..].trim()),
        None => (line, ""),
    }
}

/// `from..to`, either of which may be left out; nothing at all is any time.
fn parse_time(time: &str) -> std::result::Result<(Option<Date>, Option<Date>), String> {
    if time.is_empty() {
        return Ok((None, None));
    }
    let (from, to) = time
        .split_once("..")
        .ok_or_else(|| format!("{time:?} is no time: write 2013-03-15..2018-03-17"))?;
    let date = |text: &str| match text.trim() {
        "" => Ok(None),
        text => parse_date(text).map(Some).ok_or_else(|| format!("{text:?} is no date")),
    };
    let (from, to) = (date(from)?, date(to)?);
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(format!("{time:?} ends before it begins")),
        times => Ok(times),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn house(text: &str) -> Result<House> {
        let mut house = House::default();
        house.add_table("h.txt", text)?;
        Ok(house)
    }

    fn mistake(text: &str) -> String {
        house(text).expect_err("the table has a mistake").to_string()
    }

    #[test]
    fn every_kind_of_row_is_read() {
        let text = "\u{feff}# title\n\n聚原=聚源 # why\n某镇 = 某镇\n闹市区=\n\
                    !新时代文明实践 2018-07-06..\n！市长=张三 2013-03-15..2018-03-17 # x\n";
        let house = house(text).expect("a table");
        assert_eq!(house.len(), (3, 2));
        let wrong = HouseWord::Wrong { right: "聚源".to_string() };
        let (why, place) = ("why".to_string(), "h.txt:3".to_string());
        assert_eq!(house.words["聚原"], HouseEntry { word: wrong, why, place });
        assert_eq!(house.words["某镇"].word, HouseWord::Right);
        assert_eq!(house.words["闹市区"].word, HouseWord::Banned);
        assert_eq!(house.phrases[0].from, Some((2018, 7, 6)));
        assert_eq!(house.posts[0].term.phrase, "市长张三");
    }

    #[test]
    fn later_tables_count() {
        let mut house = house("聚原=聚源\n").expect("a table");
        house.add_table("document", "聚原=聚原\n").expect("a table");
        assert_eq!(house.words["聚原"].word, HouseWord::Right);
    }

    #[test]
    fn mistakes_name_the_line() {
        assert!(mistake("a=b\n聚原").starts_with("h.txt:1: "), "one character is too short");
        assert!(mistake("# x\n聚原聚源\n").starts_with("h.txt:2: \"聚原聚源\" is no row"));
        assert!(mistake("甲乙=丙=丁").contains("more than one ="));
        assert!(mistake("=丙").contains("no word before"));
        assert_eq!(mistake("甲乙=丙丁\n甲乙=\n"), "h.txt:2: 甲乙 stands in line 1 already");
        assert!(mistake("!甲乙丙 2013-13-15..").contains("\"2013-13-15\" is no date"));
        assert!(mistake("!甲乙丙 2014-01-02..2013-01-02").contains("ends before it begins"));
        assert!(mistake("!甲乙丙 2014").contains("is no time"));
        assert!(mistake("!甲乙").contains("three characters"));
    }
}
