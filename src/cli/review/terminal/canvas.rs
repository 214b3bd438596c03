//! Text on the cells of a screen: how wide it is there, how it is broken into lines, and how it is
//! written.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_linebreak::linebreaks;
use unicode_width::UnicodeWidthChar;

/// How wide the terminal shows characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// True when it gives two columns to characters of ambiguous width, as “ and …, which a
    /// terminal set up for Chinese may do.
    pub(super) ambiguous_are_wide: bool,
}

impl Columns {
    pub(super) fn of_character(self, character: char) -> usize {
        let width = if self.ambiguous_are_wide { character.width_cjk() } else { character.width() };
        width.unwrap_or(0)
    }

    pub(super) fn of(self, text: &str) -> usize {
        text.chars().map(|character| self.of_character(character)).sum()
    }

    /// The start of `text` that fits into `room`, with a mark where it was cut.
    pub(super) fn cut(self, text: &str, room: usize) -> String {
        if self.of(text) <= room {
            return text.to_string();
        }
        let mut left = room.saturating_sub(2);
        let fits = |character: &char| {
            let width = self.of_character(*character);
            let fits = width <= left;
            left = left.saturating_sub(width);
            fits
        };
        let kept: String = text.chars().take_while(fits).collect();
        kept + &".."[..room.min(2)]
    }
}

/// A stretch of text in one style.
pub(super) type Piece = (String, Style);

/// Breaks `pieces` into lines of at most `room` columns, as Unicode breaks lines: not before a
/// closing mark, not within a word of letters.
pub(super) fn wrap<T: Copy>(
    pieces: &[(String, T)],
    room: usize,
    columns: Columns,
) -> Vec<Vec<(String, T)>> {
    let text: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
    let mut ends: Vec<usize> = Vec::new();
    let (mut used, mut start) = (0, 0);
    for (end, _) in linebreaks(&text) {
        let unit = &text[start..end];
        // A space at the end of a line needs no room.
        let width = columns.of(unit.trim_end());
        if used + width > room && used > 0 {
            ends.push(start);
            used = 0;
        }
        if width > room {
            for (at, character) in unit.char_indices() {
                let width = columns.of_character(character);
                if used + width > room && used > 0 {
                    ends.push(start + at);
                    used = 0;
                }
                used += width;
            }
        } else {
            used += columns.of(unit);
        }
        start = end;
    }
    ends.push(text.len());
    split(pieces, &ends)
}

/// The pieces between the ends of lines, in bytes of all their text.
fn split<T: Copy>(pieces: &[(String, T)], ends: &[usize]) -> Vec<Vec<(String, T)>> {
    let mut lines = vec![Vec::new()];
    let (mut at, mut ends) = (0, ends.iter().copied().peekable());
    for (text, style) in pieces {
        let mut rest = text.as_str();
        while let Some(end) = ends.peek().copied().filter(|end| *end < at + rest.len()) {
            let (head, tail) = rest.split_at(end - at);
            if let Some(line) = lines.last_mut().filter(|_| !head.is_empty()) {
                line.push((head.to_string(), *style));
            }
            lines.push(Vec::new());
            (at, rest) = (end, tail);
            ends.next();
        }
        at += rest.len();
        if let Some(line) = lines.last_mut().filter(|_| !rest.is_empty()) {
            line.push((rest.to_string(), *style));
        }
    }
    lines
}

/// The cells of a screen.
pub(super) struct Canvas<'a> {
    pub(super) cells: &'a mut Buffer,
    pub(super) columns: Columns,
}

impl Canvas<'_> {
    /// Writes `text` from column `x` of `area` in its line `y`; what does not fit is left out.
    /// Gives the column behind it.
    pub(super) fn write(
        &mut self,
        area: Rect,
        x: usize,
        y: usize,
        text: &str,
        style: Style,
    ) -> usize {
        if y >= usize::from(area.height) {
            return x;
        }
        let mut at = x;
        let mut last: Option<Position> = None;
        for character in text.chars() {
            let width = self.columns.of_character(character);
            if at + width > usize::from(area.width) {
                break;
            }
            if width == 0 {
                // A combining mark belongs to the character before it.
                if let Some(position) = last {
                    let symbol = format!("{}{character}", self.cells[position].symbol());
                    self.set(position, &symbol, None);
                }
                continue;
            }
            let position = Position::new(area.x + at as u16, area.y + y as u16);
            self.cells[position].set_style(style);
            self.set(position, character.encode_utf8(&mut [0; 4]), Some(width));
            for behind in 1..width as u16 {
                let cell = &mut self.cells[(position.x + behind, position.y)];
                cell.reset();
                cell.set_style(style);
            }
            last = Some(position);
            at += width;
        }
        at
    }

    /// Puts a symbol into a cell. Where the terminal shows it wider than is usual, that is said.
    fn set(&mut self, position: Position, symbol: &str, width: Option<usize>) {
        let cell = &mut self.cells[position];
        cell.set_symbol(symbol);
        let width = width.and_then(|width| NonZeroU16::new(width as u16));
        if let Some(width) = width.filter(|width| width.get() != symbol.cell_width()) {
            cell.set_diff_option(CellDiffOption::ForcedWidth(width));
        }
    }

    /// Writes pieces one behind the other.
    pub(super) fn write_pieces(
        &mut self,
        area: Rect,
        x: usize,
        y: usize,
        pieces: &[Piece],
    ) -> usize {
        pieces.iter().fold(x, |x, (text, style)| self.write(area, x, y, text, *style))
    }

    /// Fills a line with a character of one column.
    pub(super) fn fill(&mut self, area: Rect, y: usize, character: char, style: Style) {
        let each = self.columns.of_character(character).max(1);
        let line = character.to_string().repeat(usize::from(area.width) / each);
        self.write(area, 0, y, &line, style);
    }

    /// Writes `text` so that it ends with the area; nothing when that would reach column `from`.
    pub(super) fn write_right(
        &mut self,
        area: Rect,
        from: usize,
        y: usize,
        text: &str,
        style: Style,
    ) {
        let width = self.columns.of(text);
        if let Some(x) = usize::from(area.width).checked_sub(width).filter(|x| *x >= from) {
            self.write(area, x, y, text, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Columns = Columns { ambiguous_are_wide: false };
    const WIDE: Columns = Columns { ambiguous_are_wide: true };

    fn wrapped(text: &str, room: usize, columns: Columns) -> Vec<String> {
        let lines = wrap(&[(text.to_string(), Style::new())], room, columns);
        lines.into_iter().map(|line| line.into_iter().map(|(text, _)| text).collect()).collect()
    }

    #[test]
    fn lines_are_broken_as_chinese_and_english_break_them() {
        assert_eq!(
            wrapped("传统发展难以为继，是的", 10, USUAL),
            ["传统发展难", "以为继，是", "的"]
        );
        assert_eq!(wrapped("传统发展难，是的", 10, USUAL), ["传统发展", "难，是的"]);
        assert_eq!(wrapped("one copy is a slip", 9, USUAL), ["one copy ", "is a slip"]);
        assert_eq!(wrapped("abcdefghijkl", 5, USUAL), ["abcde", "fghij", "kl"]);
        assert_eq!(wrapped("", 5, USUAL), [""]);
    }

    #[test]
    fn ambiguous_characters_take_what_the_terminal_gives_them() {
        assert_eq!(USUAL.of("“好”"), 4);
        assert_eq!(WIDE.of("“好”"), 6);
        assert_eq!(wrapped("好……好", 6, WIDE), ["好……", "好"]);
    }

    #[test]
    fn pieces_keep_their_styles_over_line_ends() {
        let (one, two) = (Style::new(), Style::new().bold());
        let lines = wrap(&[("甲乙".to_string(), one), ("丙丁".to_string(), two)], 6, USUAL);
        let first = vec![("甲乙".to_string(), one), ("丙".to_string(), two)];
        assert_eq!(lines, [first, vec![("丁".to_string(), two)]]);
    }

    #[test]
    fn a_wide_character_is_not_cut_in_two() {
        let area = Rect::new(0, 0, 5, 1);
        let mut cells = Buffer::empty(area);
        let mut canvas = Canvas { cells: &mut cells, columns: USUAL };
        assert_eq!(canvas.write(area, 0, 0, "甲乙丙", Style::new()), 4);
        assert_eq!(USUAL.cut("甲乙丙", 5), "甲..");
    }

    #[test]
    fn the_cell_behind_an_ambiguous_character_is_left_to_it() {
        let area = Rect::new(0, 0, 4, 1);
        let (empty, mut cells) = (Buffer::empty(area), Buffer::empty(area));
        Canvas { cells: &mut cells, columns: WIDE }.write(area, 0, 0, "“a", Style::new());
        let drawn: Vec<u16> = empty.diff(&cells).into_iter().map(|(x, ..)| x).collect();
        assert_eq!(drawn, [0, 2]);
    }
}
