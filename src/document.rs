//! What of a file is read as one document: all of it, or, where a file is longer than a document
//! may be, stretches of it.
//!
//! A document is its own dictionary, and what is known of it is held in memory: about 120 bytes
//! for each byte of text. A whole year of a newspaper in one file is therefore cut where nothing
//! runs on, far apart.

use crate::marks::{char_after, closed_by, ends_sentence};
use crate::source::{Line, Source};
use crate::span::Span;

/// The longest document in bytes: some ten pages of a newspaper.
pub const LONGEST_DOCUMENT: usize = 128 * 1024;

/// The spans of a file that are read as a document each, in order and without gaps: one for a file
/// of up to [`LONGEST_DOCUMENT`] bytes, none for an empty one.
///
/// A layout file is one document, because the boxes of its lines are those of whole pages. A longer
/// text is cut between lines in the second half of what may be a document: by preference
/// before a heading or a new page, behind more empty lines than usual, where a sentence is
/// finished and an indented line follows. A line that is too long itself is cut behind a sentence.
pub fn documents(source: &Source) -> Documents<'_> {
    Documents { source, at: 0 }
}

/// The spans [`documents`] finds.
pub struct Documents<'a> {
    source: &'a Source,
    at: usize,
}

impl Iterator for Documents<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let (start, length) = (self.at, self.source.text().len());
        if start == length {
            return None;
        }
        let end = if length - start <= LONGEST_DOCUMENT || self.source.layout().is_some() {
            length
        } else {
            let window = Span::new(start + LONGEST_DOCUMENT / 2, start + LONGEST_DOCUMENT);
            between_lines(self.source, window)
                .unwrap_or_else(|| inside_a_line(self.source.text(), window))
        };
        self.at = end;
        Some(Span::new(start, end))
    }
}

/// The best line start in `window`, the last among equals.
fn between_lines(source: &Source, window: Span) -> Option<usize> {
    let lines = source.lines();
    let first = lines.partition_point(|line| line.end <= window.start);
    let last = lines.partition_point(|line| line.end <= window.end);
    let usual = usual_gap(source, &lines[first..last]);
    let best = (first..last).max_by_key(|&line| fitness(source, line, usual))?;
    Some(lines[best].end)
}

/// Empty lines that most often stand between two lines: after a scan often one everywhere.
fn usual_gap(source: &Source, lines: &[Line]) -> usize {
    let mut counts = [0usize; MOST_EMPTY + 1];
    let mut empty = 0;
    for line in lines {
        if is_empty(source, line) {
            empty += 1;
        } else {
            counts[empty.min(MOST_EMPTY)] += 1;
            empty = 0;
        }
    }
    (0..=MOST_EMPTY).max_by_key(|gap| (counts[*gap], MOST_EMPTY - gap)).unwrap_or(0)
}

/// Empty lines beyond which more say nothing more.
const MOST_EMPTY: usize = 3;

/// How well the text can be cut behind line number `line`; of equals the later line is better.
fn fitness(source: &Source, line: usize, usual: usize) -> (usize, usize) {
    let lines = source.lines();
    let text_of = |line: &Line| line.span.of(source.text());
    let behind = lines.get(line + 1).map_or("", text_of);
    // A gap goes with what stands before it, so that each document starts with text.
    if behind.trim().is_empty() {
        return (0, line);
    }
    let gap = lines[..=line].iter().rev().take(MOST_EMPTY).take_while(|l| is_empty(source, l));
    let gap = gap.count();
    let before = lines[..=line].iter().rev().take(MOST_EMPTY + 1).find(|l| !is_empty(source, l));
    let before = before.map_or("", text_of).trim_end();
    let heading = behind.starts_with('#') || behind.starts_with('\u{c}');
    let indented = behind.starts_with("\u{3000}\u{3000}") || behind.starts_with("  ");
    let finished =
        before.chars().next_back().is_none_or(|c| ends_sentence(c) || closed_by(c).is_some());
    let fitness = 1
        + 8 * usize::from(heading)
        + 3 * gap.saturating_sub(usual)
        + 2 * usize::from(finished)
        + usize::from(finished && indented);
    (fitness, line)
}

fn is_empty(source: &Source, line: &Line) -> bool {
    line.span.of(source.text()).trim().is_empty()
}

/// The last end of a sentence in `window`, or else the last place between two characters.
fn inside_a_line(text: &str, window: Span) -> usize {
    let start = boundary(text, window.start);
    let end = boundary(text, window.end);
    let sentence = text[start..end].rfind(['。', '！', '？', '!', '?']).map(|at| start + at);
    let behind = |at: usize| at + char_after(text, at).map_or(0, char::len_utf8);
    // Nothing is cut between CR and LF, should they stand there.
    let place = sentence.map_or(end, behind);
    if text[..place].ends_with('\r') && text[place..].starts_with('\n') { place - 1 } else { place }
}

/// The last place between two characters up to byte `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str) -> Vec<Span> {
        documents(&Source::new("a", text)).collect()
    }

    #[test]
    fn short_files_are_one_document() {
        assert!(spans("").is_empty());
        assert_eq!(spans("一\n二"), [Span::new(0, 7)]);
    }

    #[test]
    fn long_files_are_cut_before_headings() {
        let article = format!("# 标题\n\n{}\n\n", "正文没有错误。\n\n".repeat(1500));
        let text = article.repeat(20);
        let spans = spans(&text);
        assert!(spans.len() > 4);
        assert_eq!(spans.iter().map(|span| span.len()).sum::<usize>(), text.len());
        for span in &spans {
            assert!(span.len() <= LONGEST_DOCUMENT);
            assert!(span.of(&text).starts_with("# 标题"));
        }
    }

    #[test]
    fn wrapped_lines_are_cut_where_a_sentence_is_finished() {
        let text = "　　这一段文字很长，\n分成几行，\n到这里结束。\n".repeat(4000);
        for span in spans(&text) {
            assert!(span.of(&text).starts_with("　　这"));
        }
    }

    #[test]
    fn a_line_without_end_is_cut_behind_a_sentence() {
        let text = "这一行没有尽头。".repeat(20_000);
        for span in spans(&text) {
            assert!(span.len() <= LONGEST_DOCUMENT && span.of(&text).ends_with('。'));
        }
        let text = "无".repeat(100_000);
        assert_eq!(spans(&text).iter().map(|span| span.len()).sum::<usize>(), text.len());
    }
}
