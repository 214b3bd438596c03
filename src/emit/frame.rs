//! Code frames: a suggestion with the line it stands in, for a person at a terminal.
//!
//! ```text
//! 要闻.txt:12:10 C103 重字衍文 待审 87%
//!   12 │ …带动旅游业，难以以为继，原因…
//!      │                 ^^^^
//!     以以 → 以
//!     “以”连写了两遍，疑衍其一
//! ```

use std::io::{self, Write};
use std::ops::Range;

use rustc_hash::FxHashMap;
use unicode_width::UnicodeWidthChar;

use super::{Palette, words};
use crate::finding::{Choice, Language, Level, Suggestion};
use crate::source::{Line, Source};
use crate::span::Span;

/// Columns of a line that are shown around the slip: a frame fits a terminal of 80 columns.
const LINE_COLUMNS: usize = 68;

/// Columns of the wrong and of the right text. A moved caption is longer; its ends suffice.
const TEXT_COLUMNS: usize = 60;

/// Places of equal findings that are listed by line number.
const LISTED_PLACES: usize = 8;

/// Frames of routine suggestions that are shown for each rule before the rest is only counted.
const ROUTINE_SHOWN: usize = 3;

/// True for layout that is put right unasked: a page with a line for each printed line has a
/// hundred joins nobody needs to read.
fn is_routine(suggestion: &Suggestion) -> bool {
    suggestion.level == Level::Auto && suggestion.finding.rule.family() == "S"
}

/// How frames look.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// Language of messages and labels.
    pub language: Language,
    /// Colours.
    pub palette: &'a Palette,
    /// Show every finding, also those equal to one before in the same file.
    pub all: bool,
}

/// Writes a frame for each suggestion. Those that say the same (rule, wrong text, choices) as one
/// before, and layout put right unasked after the first few, are only counted under it, unless
/// [`Style::all`] is set.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_frames(
    source: &Source,
    suggestions: &[&Suggestion],
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for group in groups(suggestions, style.all) {
        write_frame(source, group[0], style, out)?;
        if group.len() > 1 {
            write_count(source, &group, style, out)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Suggestions that say the same, each group in the place of its first.
fn groups<'a>(suggestions: &[&'a Suggestion], all: bool) -> Vec<Vec<&'a Suggestion>> {
    let mut groups: Vec<Vec<&Suggestion>> = Vec::new();
    let mut known: FxHashMap<_, usize> = FxHashMap::default();
    let mut routine: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for &suggestion in suggestions {
        if is_routine(suggestion) && !all {
            let shown = routine.entry(suggestion.finding.rule.id).or_default();
            match shown.last() {
                Some(&last) if shown.len() == ROUTINE_SHOWN => groups[last].push(suggestion),
                _ => {
                    shown.push(groups.len());
                    groups.push(vec![suggestion]);
                }
            }
            continue;
        }
        let finding = &suggestion.finding;
        let rights: Vec<&str> = finding.choices.iter().map(|c| c.right.as_str()).collect();
        let key = (finding.rule.id, suggestion.level, finding.wrong.as_str(), rights);
        match known.get(&key) {
            Some(&group) if !all => groups[group].push(suggestion),
            _ => {
                known.insert(key, groups.len());
                groups.push(vec![suggestion]);
            }
        }
    }
    groups
}

fn write_frame(
    source: &Source,
    suggestion: &Suggestion,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Style { language, palette, .. } = style;
    let finding = &suggestion.finding;
    let place = place(source, finding.span.start);
    let rows = rows(source, finding.span);
    let gutter = rows.iter().map(|row| row.number.to_string().len()).max().unwrap_or(1) + 2;
    writeln!(
        out,
        "{} {} {} {} {}",
        palette.place.over(&format!("{}:{place}", source.name())),
        palette.rule.over(finding.rule.id),
        finding.rule.name.get(*language),
        palette.rule.over(words::level(suggestion.level, *language)),
        percent(finding.confidence)
    )?;
    for row in &rows {
        let number = palette.faint.over(&format!("{:>gutter$} │", row.number));
        let below = palette.faint.over(&format!("{:>gutter$} │", ""));
        let [before, marked, after] = &row.text;
        writeln!(out, "{number} {before}{}{after}", palette.wrong.over(marked))?;
        let marks = palette.wrong.over(&"^".repeat(row.marks.len()));
        writeln!(out, "{below} {:indent$}{marks}", "", indent = row.marks.start)?;
    }
    let indent = " ".repeat(gutter);
    write_choices(suggestion, &indent, style, out)?;
    writeln!(out, "{indent}{}", visible(finding.message.get(*language)))?;
    for evidence in &finding.evidence {
        let message = visible(evidence.message.get(*language));
        match evidence.span {
            Some(span) => {
                let line = words::at_line(source.position(span.start).line, *language);
                writeln!(out, "{indent}· {line}: {message}")?;
            }
            None => writeln!(out, "{indent}· {message}")?,
        }
    }
    Ok(())
}

/// `line:column`, or for a layout file `page/block/line:column`.
fn place(source: &Source, at: usize) -> String {
    let position = source.position(at);
    let line = source.layout().and_then(|layout| layout.line(position.line - 1));
    match line {
        Some(line) => format!("{}/{}/{}:{}", line.page, line.block, line.line, position.column),
        None => format!("{}:{}", position.line, position.column),
    }
}

fn write_choices(
    suggestion: &Suggestion,
    indent: &str,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let finding = &suggestion.finding;
    match finding.choices.as_slice() {
        [] => {
            let wrong = style.palette.wrong.over(&shown(&finding.wrong, style.language));
            writeln!(out, "{indent}{wrong} ? {}", words::asks(style.language))
        }
        [only] => writeln!(out, "{indent}{}", change(&finding.wrong, only, style)),
        several => {
            let wrong = style.palette.wrong.over(&shown(&finding.wrong, style.language));
            writeln!(out, "{indent}{wrong} →")?;
            for (number, choice) in several.iter().enumerate() {
                let right = style.palette.right.over(&shown(&choice.right, style.language));
                writeln!(out, "{indent}  {}. {right} {}", number + 1, percent(choice.confidence))?;
            }
            Ok(())
        }
    }
}

/// `wrong → right`, painted.
fn change(wrong: &str, choice: &Choice, style: &Style<'_>) -> String {
    let wrong = style.palette.wrong.over(&shown(wrong, style.language));
    let right = style.palette.right.over(&shown(&choice.right, style.language));
    format!("{wrong} → {right}")
}

fn write_count(
    source: &Source,
    group: &[&Suggestion],
    style: &Style<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let finding = &group[0].finding;
    let what = match finding.choices.first() {
        _ if is_routine(group[0]) => finding.rule.name.get(style.language).to_string(),
        Some(choice) => change(&finding.wrong, choice, style),
        None => style.palette.wrong.over(&shown(&finding.wrong, style.language)),
    };
    let rest = &group[1..];
    let lines: Vec<usize> = rest
        .iter()
        .take(LISTED_PLACES)
        .map(|suggestion| source.position(suggestion.finding.span.start).line)
        .collect();
    let lines = words::at_lines(&lines, rest.len() > LISTED_PLACES, style.language);
    writeln!(out, "  {}", words::and_more(rest.len(), &what, &lines, style.language))
}

fn percent(confidence: f64) -> String {
    // 99.6 % must not be shown as certainty.
    format!("{}%", (confidence * 100.0).floor() as usize)
}

/// A line of the file as the frame shows it.
struct Row {
    /// Number of the line, from 1.
    number: usize,
    /// Before, in and behind the marked part.
    text: [String; 3],
    /// Columns to underline, from 0.
    marks: Range<usize>,
}

/// The line of a finding; of one that reaches over a line end (a join, a moved caption) the first
/// and the last line, where the two ends can be read.
fn rows(source: &Source, span: Span) -> Vec<Row> {
    if source.lines().is_empty() {
        return Vec::new();
    }
    let (first, last) = (source.line_at(span.start), source.line_at(span.end));
    let mut rows = vec![row(source, first, span, first != last)];
    if last > first {
        rows.push(row(source, last, span, false));
    }
    rows
}

fn row(source: &Source, number: usize, span: Span, keep_end: bool) -> Row {
    let line = source.lines()[number];
    let text = line.span.of(source.text());
    let (text, marks) = window(text, within(line, span), keep_end);
    Row { number: number + 1, text, marks }
}

/// The part of `span` that lies in `line`, in bytes of the line.
fn within(line: Line, span: Span) -> Range<usize> {
    let clamp = |at: usize| at.clamp(line.span.start, line.span.end) - line.span.start;
    clamp(span.start)..clamp(span.end)
}

/// Cuts a line to what fits around `marked`, and tells the columns the marked part takes. Of a
/// marked part that is too long itself the start is kept, or with `keep_end` the end. Only what is
/// shown is looked at: a file may be one line.
fn window(line: &str, marked: Range<usize>, keep_end: bool) -> ([String; 3], Range<usize>) {
    let (before, after) = (&line[..marked.start], &line[marked.end..]);
    let inside = Fitted::new(&line[marked], LINE_COLUMNS, keep_end);
    let room = if inside.is_cut { 0 } else { LINE_COLUMNS - inside.columns };
    // Each side gets half; what the right side does not need goes to the left, and the reverse.
    let right = Fitted::new(after, room, false).columns;
    let left = Fitted::new(before, (room / 2).max(room - right), true);
    let right = Fitted::new(after, room - left.columns, false);
    let cut = |is_cut: bool| if is_cut { "…" } else { "" };
    let before = cut(left.is_cut || (inside.is_cut && keep_end)).to_string() + &left.text;
    let after = right.text + cut(right.is_cut || (inside.is_cut && !keep_end));
    let start = width(&before);
    // A place between two characters is marked by one caret under the character behind it.
    let end = start + inside.columns.max(1);
    ([before, inside.text, after], start..end)
}

/// As much of a text as fits into some columns.
struct Fitted {
    text: String,
    columns: usize,
    is_cut: bool,
}

impl Fitted {
    /// The start of `text`, or with `keep_end` its end.
    fn new(text: &str, room: usize, keep_end: bool) -> Self {
        let mut columns = 0;
        let fits = |cell: &String| {
            columns += width(cell);
            columns <= room
        };
        let (cells, bytes): (Vec<String>, usize) = if keep_end {
            let mut cells: Vec<String> =
                text.chars().rev().map(visible_character).take_while(fits).collect();
            let bytes = text.chars().rev().take(cells.len()).map(char::len_utf8).sum();
            cells.reverse();
            (cells, bytes)
        } else {
            let cells: Vec<String> = text.chars().map(visible_character).take_while(fits).collect();
            let bytes = text.chars().take(cells.len()).map(char::len_utf8).sum();
            (cells, bytes)
        };
        let shown = cells.concat();
        Self { columns: width(&shown), text: shown, is_cut: bytes < text.len() }
    }
}

/// A text of a finding on one line, the middle of a long one left out.
pub fn shown(text: &str, language: Language) -> String {
    if text.is_empty() {
        return words::nothing(language).to_string();
    }
    let text = visible(text);
    if width(&text) <= TEXT_COLUMNS {
        return text;
    }
    let head = Fitted::new(&text, TEXT_COLUMNS / 2, false).text;
    let tail = Fitted::new(&text, TEXT_COLUMNS / 2, true).text;
    format!("{head}…{tail}")
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// `text` with everything made visible that is not, so that a slip which is an invisible
/// character can be seen, and no escape sequence of the file reaches the terminal.
pub fn visible(text: &str) -> String {
    text.chars().map(visible_character).collect()
}

fn visible_character(character: char) -> String {
    match character {
        '\t' => " ".to_string(),
        '\n' => "⏎".to_string(),
        '\r' => String::new(),
        '\0'..='\u{1f}' => {
            // U+2400 and following are the pictures of the control characters.
            char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}').to_string()
        }
        '\u{7f}'..='\u{9f}'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{f0000}'..='\u{10ffff}' => format!("<U+{:04X}>", character as u32),
        _ => character.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_counts_double_width_characters_twice() {
        let line = "ab难以以为继，";
        let ([before, marked, after], marks) = window(line, 5..11, false);
        assert_eq!([before, marked, after], ["ab难", "以以", "为继，"]);
        assert_eq!(marks, 4..8);
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let line = "前".repeat(100) + "错" + &"后".repeat(100);
        let ([before, marked, after], marks) = window(&line, 300..303, false);
        assert_eq!(before, "…".to_string() + &"前".repeat(16));
        assert_eq!((marked.as_str(), marks), ("错", 33..35));
        assert_eq!(after, "后".repeat(17) + "…");
    }

    #[test]
    fn room_one_side_does_not_need_goes_to_the_other() {
        let line = "错".to_string() + &"后".repeat(100);
        let ([before, _, after], _) = window(&line, 0..3, false);
        assert_eq!((before.as_str(), after.chars().count()), ("", 34));
        let line = "前".repeat(100) + "错";
        let ([before, _, after], _) = window(&line, 300..303, false);
        assert_eq!((before.chars().count(), after.as_str()), (34, ""));
    }

    #[test]
    fn of_a_long_mark_one_end_is_kept() {
        let line = "甲".repeat(10) + &"乙".repeat(40) + &"丙".repeat(10);
        let shown = ["…".to_string(), "乙".repeat(34), "…".to_string()];
        assert_eq!(window(&line, 30..150, false), (shown.clone(), 1..69));
        assert_eq!(window(&line, 30..150, true), (shown, 1..69));
        let line = "乙".repeat(33) + "丙丁";
        assert_eq!(window(&line, 0..105, false).0[1].chars().last(), Some('丙'));
        assert_eq!(window(&line, 0..105, true).0[1].chars().last(), Some('丁'));
    }

    #[test]
    fn of_a_seam_both_ends_are_shown() {
        let source = Source::new("a", "有效协\n\n同的");
        let rows = rows(&source, Span::new(9, 11));
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].number, rows[0].text[0].as_str()), (1, "有效协"));
        assert_eq!(rows[0].marks, 6..7);
        assert_eq!((rows[1].number, rows[1].text[2].as_str()), (3, "同的"));
        assert_eq!(rows[1].marks, 0..1);
    }

    #[test]
    fn invisible_characters_are_shown() {
        assert_eq!(visible("a\u{200b}\u{1b}[31m\tb\r\n"), "a<U+200B>␛[31m b⏎");
    }

    #[test]
    fn of_a_long_text_the_ends_are_shown() {
        let text = "甲".repeat(50) + &"乙".repeat(50);
        let ends = "甲".repeat(15) + "…" + &"乙".repeat(15);
        assert_eq!(shown(&text, Language::Chinese), ends);
        assert_eq!(shown("", Language::English), "(nothing)");
    }
}
