//! A screen as a drawing in SVG.

use std::fmt::Write;

use avt::{Color, Pen, Vt};

/// Pixels of a cell, and of the letters in it.
const CELL: (usize, usize) = (9, 21);
const LETTER: usize = 15;

/// Pixels around the screen, and of the bar above it.
const MARGIN: usize = 14;
const BAR: usize = 30;

const PAPER: &str = "#1c2029";
const INK: &str = "#d9dee8";
const FONTS: &str = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Noto Sans Mono CJK SC',\
                     'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',monospace";

/// The colours of a terminal by their numbers; those that are bright look like those that are not.
const COLOURS: [&str; 8] =
    [PAPER, "#f2777a", "#90d067", "#efc164", "#6fa8f5", "#d39be3", "#67c8d6", INK];

/// Draws the screen as a window.
pub(crate) fn draw(screen: &Vt, title: &str) -> String {
    let (columns, rows) = screen.size();
    let (width, height) = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + BAR + MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FONTS}\" font-size=\"{LETTER}\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"9\" fill=\"{PAPER}\"/>\n"
    );
    for (number, colour) in ["#f2777a", "#efc164", "#90d067"].iter().enumerate() {
        let x = MARGIN + 6 + 20 * number;
        let _ = writeln!(svg, "<circle cx=\"{x}\" cy=\"15\" r=\"5.5\" fill=\"{colour}\"/>");
    }
    let (x, grey) = (width / 2, "#8a93a5");
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"20\" fill=\"{grey}\" font-size=\"13\" text-anchor=\"middle\">{}</text>",
        escaped(title)
    );
    for (y, line) in screen.view().enumerate() {
        let mut x = 0;
        for cells in line.cells().chunk_by(|one, two| one.pen() == two.pen()) {
            let columns: usize = cells.iter().map(|cell| usize::from(cell.width())).sum();
            let letters: Vec<(char, usize)> =
                cells.iter().map(|cell| (cell.char(), cell.width().into())).collect();
            stretch(&mut svg, x, y, columns, &letters, cells[0].pen());
            x += columns;
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Draws letters of one look, with the columns each takes.
fn stretch(
    svg: &mut String,
    column: usize,
    row: usize,
    columns: usize,
    letters: &[(char, usize)],
    pen: &Pen,
) {
    let (left, top) = (MARGIN + column * CELL.0, BAR + row * CELL.1);
    let width = columns * CELL.0;
    let (mut ink, mut paper) = (colour(pen.foreground(), INK), colour(pen.background(), PAPER));
    if pen.is_inverse() {
        (ink, paper) = (paper, ink);
    }
    if paper != PAPER {
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{}\" fill=\"{paper}\"/>",
            CELL.1
        );
    }
    let opacity = if pen.is_faint() { " opacity=\"0.6\"" } else { "" };
    let mut line = |y: usize| {
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{y}\" width=\"{width}\" height=\"1.4\" fill=\"{ink}\"{opacity}/>"
        );
    };
    if pen.is_underline() {
        line(top + CELL.1 - 3);
    }
    if pen.is_strikethrough() {
        line(top + CELL.1 / 2);
    }
    let (mut text, mut places, mut x) = (String::new(), Vec::new(), left);
    for (letter, width) in letters {
        let mut block = |x: usize, y: usize, width: usize, height: usize, more: &str| {
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{ink}\"{more}/>"
            );
        };
        match letter {
            '│' => block(x + CELL.0 / 2, top, 1, CELL.1, opacity),
            '─' => block(x, top + CELL.1 / 2, CELL.0, 1, opacity),
            '█' => block(x, top + 5, CELL.0, CELL.1 - 10, ""),
            '░' => block(x, top + 5, CELL.0, CELL.1 - 10, " opacity=\"0.25\""),
            ' ' => {}
            _ if *width > 0 => {
                text.push_str(&escaped(&letter.to_string()));
                places.push(x.to_string());
            }
            _ => {}
        }
        x += width * CELL.0;
    }
    if !places.is_empty() {
        let weight = if pen.is_bold() { " font-weight=\"bold\"" } else { "" };
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" fill=\"{ink}\"{weight}{opacity}>{text}</text>",
            places.join(" "),
            top + 16
        );
    }
}

fn colour(colour: Option<Color>, usual: &str) -> String {
    match colour {
        Some(Color::Indexed(number @ 0..=15)) => COLOURS[usize::from(number) % 8].to_string(),
        Some(Color::RGB(rgb)) => format!("#{:02x}{:02x}{:02x}", rgb.r, rgb.g, rgb.b),
        _ => usual.to_string(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
