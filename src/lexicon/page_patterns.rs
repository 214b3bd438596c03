//! The patterns by which a proofreader knows a caption, a byline or page furniture.

use regex::{Regex, RegexSet};

use super::Table;
use crate::error::Result;

/// What a pattern of `dictionaries/page_patterns.tsv` speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// 署名: ■记者 王洋.
    Byline,
    /// The opening of a caption: 图为….
    Caption,
    /// The credit that ends a caption: 记者 吴迪 摄.
    Credit,
    /// A full date anywhere in the line.
    Date,
    /// A date alone, as under the title of a document: （2025年10月29日）.
    DateLine,
    /// A numbered heading: 一、总体要求.
    Heading,
    /// Telephone numbers, addresses, registration numbers of the paper.
    Hotline,
    /// 上接第1版
    JumpFrom,
    /// 下转第3版
    JumpTo,
    /// 电头: 本报讯（记者 …）.
    Lead,
    /// A bullet or a number that opens an item.
    List,
    /// 版次、页码
    PageNumber,
    /// The name of a newspaper.
    Paper,
    /// The name of a page: 要闻, 科教卫生.
    Section,
    /// 责任编辑、校对
    Staff,
    /// A subtitle behind a dash: ——….
    Subtitle,
    /// A day of the week.
    Weekday,
}

impl Mark {
    /// All marks with their names in the table, in the order of the enum.
    pub const ALL: [(Mark, &'static str); 17] = [
        (Mark::Byline, "byline"),
        (Mark::Caption, "caption"),
        (Mark::Credit, "credit"),
        (Mark::Date, "date"),
        (Mark::DateLine, "date_line"),
        (Mark::Heading, "heading"),
        (Mark::Hotline, "hotline"),
        (Mark::JumpFrom, "jump_from"),
        (Mark::JumpTo, "jump_to"),
        (Mark::Lead, "lead"),
        (Mark::List, "list"),
        (Mark::PageNumber, "page_number"),
        (Mark::Paper, "paper"),
        (Mark::Section, "section"),
        (Mark::Staff, "staff"),
        (Mark::Subtitle, "subtitle"),
        (Mark::Weekday, "weekday"),
    ];

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of [`Mark`]s: what the patterns say about one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u32);

impl Marks {
    /// True when the set holds `mark`.
    pub fn has(self, mark: Mark) -> bool {
        self.0 & mark.bit() != 0
    }

    /// True when the set holds one of `marks`.
    pub fn any(self, marks: &[Mark]) -> bool {
        marks.iter().any(|mark| self.has(*mark))
    }

    fn add(&mut self, mark: Mark) {
        self.0 |= mark.bit();
    }
}

/// The table `dictionaries/page_patterns.tsv`, compiled.
///
/// Patterns see a line as [`compact`] leaves it.
pub struct PagePatterns {
    /// The patterns of each mark. All of them in one set would know so many states that most
    /// characters at the start of a line come to a new one, which takes a thousand times as long.
    sets: Vec<(Mark, RegexSet)>,
}

impl PagePatterns {
    /// Parses the table called `name`: columns kind, pattern (syntax of the regex crate), note.
    ///
    /// # Errors
    /// [`crate::Error::Table`] naming the line of an unknown kind or a bad pattern.
    pub fn parse((name, text): (&str, &str)) -> Result<Self> {
        let table = Table::parse(name, text)?;
        let mut patterns: Vec<(Mark, &str)> = Vec::new();
        for (line, row) in table.rows() {
            let mark = Mark::ALL
                .iter()
                .find(|(_, kind)| *kind == row[0])
                .map(|(mark, _)| *mark)
                .ok_or_else(|| table.error(line, format!("{:?} is no kind of pattern", row[0])))?;
            patterns.push((mark, row[1]));
        }
        patterns.sort_by_key(|(mark, _)| *mark);
        let of_marks = patterns.chunk_by(|a, b| a.0 == b.0);
        let sets = of_marks
            .map(|of_mark| Ok((of_mark[0].0, RegexSet::new(of_mark.iter().map(|(_, p)| p))?)))
            .collect::<std::result::Result<_, _>>();
        let sets = sets.map_err(|error: regex::Error| {
            // The set does not say which of its patterns is bad.
            let mut each = table.rows().map(|(line, row)| (line, Regex::new(row[1])));
            let bad = each.find_map(|(line, pattern)| Some((line, pattern.err()?)));
            let (line, error) = bad.unwrap_or((0, error));
            table.error(line, error.to_string())
        })?;
        Ok(Self { sets })
    }

    /// What the patterns say about a line in its [`compact`] form.
    pub fn marks(&self, compact: &str) -> Marks {
        let mut marks = Marks::default();
        for (mark, _) in self.sets.iter().filter(|(_, set)| set.is_match(compact)) {
            marks.add(*mark);
        }
        marks
    }
}

/// A line as the patterns see it: without white space, with full-width digits, letters and
/// colons as ASCII, so that one pattern serves 记者 吴迪 摄 and 记者吴迪摄, ２版 and 2版.
pub fn compact(line: &str) -> String {
    line.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
                char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
            }
            '：' => ':',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_page_are_known_by_their_marks() {
        let text = include_str!("../../dictionaries/page_patterns.tsv");
        let patterns =
            PagePatterns::parse(("page_patterns.tsv", text)).expect("the table is right");
        for (line, mark) in [
            ("（下转第3版）", Mark::JumpTo),
            ("(上接第１版)", Mark::JumpFrom),
            ("■记者 徐杨", Mark::Byline),
            ("记者 吴迪 摄", Mark::Credit),
            ("新华社发（吕兰 摄）", Mark::Credit),
            ("２版", Mark::PageNumber),
            ("15 国际新闻 滨海日报 2026年4月6日 星期一", Mark::Weekday),
            ("本报讯（记者 马晓冬）日前，", Mark::Lead),
            ("（2025年10月29日）", Mark::DateLine),
            ("一、总体要求", Mark::Heading),
        ] {
            assert!(patterns.marks(&compact(line)).has(mark), "{line} has no {mark:?}");
        }
    }

    #[test]
    fn a_bad_pattern_is_named() {
        let head = "# t\n# source: s\n# licence: l\n# columns: kind\tpattern\tnote\n";
        let parse = |row: &str| PagePatterns::parse(("p.tsv", &format!("{head}{row}\n")));
        assert!(parse("byline\t(\tx").is_err_and(|e| e.to_string().starts_with("p.tsv:5:")));
        assert!(parse("bylin\t.\tx").is_err());
    }
}
