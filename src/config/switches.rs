//! Switches in the text itself, in comments of Markdown and HTML that no reader sees:
//!
//! ```text
//! <!-- kanwu: off C103 P --> … <!-- kanwu: on -->   these rules are silent in between, or all
//! <!-- kanwu: allow 聚原广场 再接再励 -->             these words are right in this document
//! <!-- kanwu: table 聚原广场=聚源广场 -->             a row of a table for this document
//! <!-- kanwu: date 2015-03-02 -->                   the date of the page
//! ```
//!
//! Other comments are text like any other.

use std::sync::LazyLock;

use regex::Regex;

use super::House;
use crate::finding::{Edit, Finding};
use crate::lexicon::{Date, parse_date};
use crate::rules::{self, Rule};
use crate::source::Source;
use crate::span::Span;

static COMMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<!--[ \t]*kanwu:[ \t]*([^\r\n]*?)[ \t]*-->").expect("a fixed pattern")
});

/// A place where rules are switched off or on.
#[derive(Clone, Debug)]
struct Turn {
    /// The byte of the text from which it holds.
    at: usize,
    off: bool,
    /// Rules and families; none means all.
    names: Vec<String>,
}

/// The switches of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Switches {
    /// Where the comments stand, in bytes of the text.
    pub(crate) comments: Vec<Span>,
    /// What is switched where, in the order of the text.
    turns: Vec<Turn>,
    /// The words of the document.
    pub(crate) house: House,
    /// The date of the page.
    pub(crate) date: Option<Date>,
    /// Switches that say nothing kanwu knows, with their line.
    pub(crate) mistakes: Vec<(usize, String)>,
}

impl Switches {
    /// Reads the switches of a source.
    pub(crate) fn read(source: &Source) -> Self {
        let mut switches = Self::default();
        let text = source.text();
        if !text.contains("<!--") {
            return switches;
        }
        for found in COMMENT.captures_iter(text) {
            let (whole, said) = (found.get_match(), &found[1]);
            switches.comments.push(Span::new(whole.start(), whole.end()));
            let line = source.position(whole.start()).line;
            let (command, rest) = said.split_once([' ', '\t']).unwrap_or((said, ""));
            let words: Vec<&str> = rest.split_whitespace().collect();
            let done = match command {
                "off" | "on" => names(&words).map(|names| {
                    switches.turns.push(Turn { at: whole.end(), off: command == "off", names });
                }),
                "allow" | "table" if words.is_empty() => Err("it names no word".to_string()),
                "allow" => {
                    let place = |_: &&str| format!("{}:{line}", source.name());
                    words.iter().for_each(|word| switches.house.allow(word, place(word)));
                    Ok(())
                }
                "table" => words.iter().try_for_each(|row| {
                    let place = format!("{}:{line}", source.name());
                    switches.house.add_word(row, "", place).map(drop)
                }),
                "date" => match parse_date(rest.trim()) {
                    Some(date) => {
                        switches.date = Some(date);
                        Ok(())
                    }
                    None => Err(format!("{:?} is no date", rest.trim())),
                },
                _ => Err("it is one of off, on, allow, table, date".to_string()),
            };
            if let Err(problem) = done {
                switches.mistakes.push((line, format!("kanwu: {said}: {problem}")));
            }
        }
        switches
    }

    /// True where the last switch about the rule has it silent.
    fn silences(&self, rule: &Rule, at: usize) -> bool {
        let about = |turn: &&Turn| {
            turn.at <= at
                && (turn.names.is_empty() || turn.names.iter().any(|name| is_named(rule, name)))
        };
        self.turns.iter().rev().find(about).is_some_and(|turn| turn.off)
    }

    /// True for a finding that may be shown: it touches no switch and its rule is not silent there.
    pub(crate) fn let_pass(&self, finding: &Finding) -> bool {
        let edits = || finding.choices.iter().flat_map(|choice| &choice.edits).map(Edit::span);
        let touches = |comment: &Span| {
            comment.overlaps(finding.span) || edits().any(|edit| comment.overlaps(edit))
        };
        !self.silences(finding.rule, finding.span.start) && !self.comments.iter().any(touches)
    }
}

fn is_named(rule: &Rule, name: &str) -> bool {
    name.eq_ignore_ascii_case(rule.id) || name.eq_ignore_ascii_case(rule.family())
}

/// The names of rules and families, all of which must be known.
fn names(words: &[&str]) -> Result<Vec<String>, String> {
    let all = rules::all();
    words
        .iter()
        .flat_map(|word| word.split(','))
        .filter(|name| !name.is_empty())
        .map(|name| match all.iter().any(|rule| is_named(rule, name)) {
            true => Ok(name.to_ascii_uppercase()),
            false => Err(format!("there is no rule or family {name:?}")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_read() {
        let text = "一\n<!-- kanwu: off c103 P -->二<!-- kanwu: on P -->三\n<!--kanwu:on-->四\n\
                    <!-- kanwu: allow 甲乙 丙 -->\n<!-- kanwu: date 2015-03-02 -->\n<!-- 注 -->";
        let switches = Switches::read(&Source::new("t", text));
        assert_eq!(switches.comments.len(), 5);
        assert!(switches.mistakes.is_empty(), "{:?}", switches.mistakes);
        assert_eq!(switches.date, Some((2015, 3, 2)));
        assert_eq!(switches.house.len(), (2, 0));
        let at = |wanted: &str| text.find(wanted).expect("it stands there");
        let silent = |at: usize| {
            let rules = ["C103", "P101", "P102", "W101"].map(|id| rules::find(id).expect("a rule"));
            rules.map(|rule| switches.silences(rule, at))
        };
        assert_eq!(silent(at("一")), [false; 4]);
        assert_eq!(silent(at("二")), [true, true, true, false]);
        assert_eq!(silent(at("三")), [true, false, false, false]);
        assert_eq!(silent(at("四")), [false; 4]);
    }

    #[test]
    fn mistakes_name_the_line() {
        let text =
            "一\n<!-- kanwu: of C103 -->\n<!-- kanwu: off C999 -->\n<!-- kanwu: table 甲 -->";
        let switches = Switches::read(&Source::new("t", text));
        let lines: Vec<usize> = switches.mistakes.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4]);
    }
}
