//! Draws a review.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};
use tui_input::Input;

use super::canvas::{Canvas, Columns, Piece, wrap};
use super::context::{Look, Paragraph, around};
use super::filter::Menu;
use super::session::{Mode, Outcome, Row, Session};
use super::words;
use crate::cli::review::desk::Desk;
use kanwu::emit::frame::visible;
use kanwu::emit::json::{EvidenceRecord, SuggestionRecord};
use kanwu::emit::words as common;
use kanwu::review::State;
use kanwu::{Language, Source, Span};

/// The smallest screen a review fits on.
const LEAST: (u16, u16) = (40, 12);

/// Columns from which the list stands beside the text, and not above it.
const BESIDE: u16 = 80;

/// Columns of the bar that shows progress.
const BAR: usize = 16;

/// How the screen looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dress {
    /// Whether there is colour. Without it what goes and comes is put into brackets.
    pub(super) colour: bool,
    pub(super) columns: Columns,
}

impl Dress {
    /// Backgrounds are never set: the terminal's own, light or dark, is the reader's choice.
    fn colour(self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }

    fn faint(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    fn wrong(self) -> Style {
        self.colour(Color::Red).add_modifier(Modifier::CROSSED_OUT)
    }

    fn right(self) -> Style {
        self.colour(Color::Green).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    fn look(self, look: Look) -> Style {
        match look {
            Look::Plain => Style::new(),
            Look::Gone => self.wrong(),
            Look::New => self.right(),
            Look::Moved => self.colour(Color::Cyan),
            Look::Asked => {
                self.colour(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
            }
            Look::Other => self.colour(Color::Yellow).add_modifier(Modifier::UNDERLINED),
            Look::Decided => self.colour(Color::Green),
            Look::Faint => self.faint(),
        }
    }

    /// The brackets that tell looks apart without colour.
    fn brackets(self, look: Look) -> (&'static str, &'static str) {
        match look {
            _ if self.colour => ("", ""),
            Look::Gone => ("[-", "-]"),
            Look::New => ("{+", "+}"),
            Look::Moved => ("{>", "<}"),
            Look::Asked => ("[?", "?]"),
            _ => ("", ""),
        }
    }

    fn outcome(self, outcome: Outcome) -> (char, Style) {
        match outcome {
            Outcome::Open => (' ', Style::new()),
            Outcome::Conflict => ('!', self.colour(Color::Magenta).add_modifier(Modifier::BOLD)),
            Outcome::Accepted => ('+', self.colour(Color::Green)),
            Outcome::Rejected => ('-', self.colour(Color::Red)),
            Outcome::Reworded => ('~', self.colour(Color::Cyan)),
            Outcome::Queried => ('?', self.colour(Color::Yellow)),
        }
    }

    /// A character of one column in this terminal, of which the first is the better looking.
    fn sign(self, first: char, second: char) -> char {
        if self.columns.of_character(first) == 1 { first } else { second }
    }

    fn arrow(self) -> String {
        format!(" {} ", self.sign('→', '>'))
    }
}

/// Draws `session` on all of a frame, and tells it how much of the list is in sight.
pub(super) fn draw(frame: &mut Frame<'_>, session: &mut Session, desk: &Desk, dress: Dress) {
    let area = frame.area();
    let mut canvas = Canvas { cells: frame.buffer_mut(), columns: dress.columns };
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let message = words::too_small(area.width, area.height, desk.language);
        let lines = wrap(&[(message, Style::new())], area.width.into(), dress.columns);
        for (y, line) in lines.iter().enumerate() {
            canvas.write_pieces(area, 0, y, line);
        }
        return;
    }
    let parts = Parts::of(area, session.rows.len());
    session.page = usize::from(parts.list.height).saturating_sub(1).max(1);
    let mut view = View { canvas, session, desk, dress };
    view.header(parts.header);
    view.list(parts.list);
    if let Some(rule) = parts.rule {
        let sign = dress.sign('│', '|').to_string();
        for y in 0..usize::from(rule.height) {
            view.canvas.write(rule, 0, y, &sign, dress.faint());
        }
    }
    view.suggestion(parts.text);
    match &view.session.mode {
        Mode::Help(scrolled) => view.help(parts.body, *scrolled),
        Mode::Filter(menu) => view.menu(parts.body, menu),
        _ => {}
    }
    if let Some(cursor) = view.footer(parts.footer) {
        frame.set_cursor_position(cursor);
    }
}

/// What stands where on the screen.
struct Parts {
    header: Rect,
    body: Rect,
    list: Rect,
    /// The line between list and text, where they stand side by side.
    rule: Option<Rect>,
    text: Rect,
    footer: Rect,
}

impl Parts {
    fn of(area: Rect, rows: usize) -> Self {
        let header = Rect { height: 1, ..area };
        let footer = Rect { y: area.bottom() - 1, height: 1, ..area };
        let body = Rect { y: area.y + 1, height: area.height - 2, ..area };
        if area.width >= BESIDE {
            let list = Rect { width: (area.width * 2 / 5).clamp(32, 46), ..body };
            let rule = Rect { x: list.right(), width: 1, ..body };
            let text = Rect { x: rule.right() + 1, width: area.width - list.width - 2, ..body };
            return Self { header, body, list, rule: Some(rule), text, footer };
        }
        let least = (body.height / 3).max(3);
        let list = Rect { height: least.min(rows.max(1) as u16), ..body };
        let text = Rect { y: list.bottom(), height: body.height - list.height, ..body };
        Self { header, body, list, rule: None, text, footer }
    }
}

struct View<'a> {
    canvas: Canvas<'a>,
    session: &'a Session,
    desk: &'a Desk,
    dress: Dress,
}

impl View<'_> {
    /// Who reviews what, and how far that is.
    fn header(&mut self, area: Rect) {
        let bar = Style::new().add_modifier(Modifier::REVERSED);
        self.canvas.fill(area, 0, ' ', bar);
        let language = self.desk.language;
        let all = self.session.all();
        let strong = bar.add_modifier(Modifier::BOLD);
        let mut x = self.canvas.write(area, 1, 0, words::title(language), strong) + 2;
        x = self.canvas.write(area, x, 0, &words::progress(&all, language), bar) + 2;
        let done = BAR * all.decided / all.suggestions.max(1);
        if x + BAR + 6 < usize::from(area.width) {
            let (full, empty) = (self.dress.sign('█', '#'), self.dress.sign('░', '.'));
            let bar_text = full.to_string().repeat(done) + &empty.to_string().repeat(BAR - done);
            x = self.canvas.write(area, x, 0, &bar_text, bar) + 1;
            let percent = 100 * all.decided / all.suggestions.max(1);
            x = self.canvas.write(area, x, 0, &format!("{percent}%"), bar) + 2;
        }
        let facets = self.session.filter.facets();
        let names: Vec<String> = facets.iter().map(|f| words::facet(f, self.desk)).collect();
        let reviewer = visible(&self.desk.reviewer);
        let right = match self.session.filter.is_empty() {
            true => format!("{reviewer} "),
            false => format!("[{}] {reviewer} ", names.join(" + ")),
        };
        let right = self.dress.columns.cut(&right, usize::from(area.width).saturating_sub(x));
        self.canvas.write_right(area, x, 0, &right, bar);
    }

    /// The part of the list around the suggestion in work.
    fn list(&mut self, area: Rect) {
        if self.session.rows.is_empty() {
            let pieces = [(words::empty_list(self.desk.language).to_string(), self.dress.faint())];
            for (y, line) in wrap(&pieces, area.width.into(), self.dress.columns).iter().enumerate()
            {
                self.canvas.write_pieces(area, 1, y, line);
            }
            return;
        }
        let height = usize::from(area.height);
        let cursor = self.session.cursor.unwrap_or(0);
        let last_top = self.session.rows.len().saturating_sub(height);
        let top = cursor.saturating_sub(height / 2).min(last_top);
        for (y, row) in self.session.rows[top..].iter().take(height).enumerate() {
            let line = Rect { y: area.y + y as u16, height: 1, ..area };
            match *row {
                Row::Text(number) => self.text_row(line, number),
                Row::Suggestion(index) => self.suggestion_row(line, index, top + y == cursor),
            }
        }
    }

    /// The name of a text, and how far it is.
    fn text_row(&mut self, area: Rect, number: usize) {
        let progress = self.session.progress[number];
        let count = format!("{}/{} ", progress.decided, progress.suggestions);
        let room = usize::from(area.width).saturating_sub(self.dress.columns.of(&count) + 2);
        let name = visible(self.desk.texts[number].source.name());
        let strong = Style::new().add_modifier(Modifier::BOLD);
        let x = self.canvas.write(area, 0, 0, &self.ending(&name, room), strong);
        self.canvas.write_right(area, x, 0, &count, self.dress.faint());
    }

    /// The end of a name, which tells more than its start.
    fn ending(&self, name: &str, room: usize) -> String {
        let columns = self.dress.columns;
        if columns.of(name) <= room {
            return name.to_string();
        }
        let mut width = 2;
        let fits = |character: &char| {
            width += columns.of_character(*character);
            width <= room
        };
        let kept: Vec<char> = name.chars().rev().take_while(fits).collect();
        format!("..{}", kept.into_iter().rev().collect::<String>())
    }

    fn suggestion_row(&mut self, area: Rect, index: usize, is_in_work: bool) {
        let record = &self.desk.proof.suggestions()[index];
        let (sign, sign_style) = self.dress.outcome(self.session.outcomes[index]);
        // Colours would become blocks of colour in a reversed line.
        let on = |style: Style| match is_in_work {
            true => Style::new().add_modifier(Modifier::REVERSED),
            false => style,
        };
        let faded = match self.session.outcomes[index].is_undecided() || is_in_work {
            true => Style::new(),
            false => self.dress.faint(),
        };
        self.canvas.fill(area, 0, ' ', on(Style::new()));
        let pointer = if is_in_work { self.dress.sign('▶', '>') } else { ' ' };
        self.canvas.write(area, 0, 0, &pointer.to_string(), on(Style::new()));
        self.canvas.write(area, 2, 0, &sign.to_string(), on(sign_style));
        let line = format!("{:>4} ", record.line);
        let x = self.canvas.write(area, 4, 0, &line, on(self.dress.faint()));
        let end = usize::from(area.width).saturating_sub(record.rule.len() + 1);
        let room = end.saturating_sub(x + 1);
        let (wrong, right) = brief(record, room, self.dress, self.desk.language);
        let x = match right {
            Some(right) => {
                let x = self.canvas.write(
                    area,
                    x,
                    0,
                    &wrong,
                    on(self.dress.colour(Color::Red).patch(faded)),
                );
                let x = self.canvas.write(area, x, 0, &self.dress.arrow(), on(faded));
                let style = self.dress.colour(Color::Green).patch(faded);
                self.canvas.write(area, x, 0, &right, on(style))
            }
            None => {
                let style = self.dress.colour(Color::Yellow).patch(faded);
                self.canvas.write(area, x, 0, &wrong, on(style))
            }
        };
        self.canvas.write_right(
            area,
            x + 1,
            0,
            &format!("{} ", record.rule),
            on(self.dress.faint()),
        );
    }

    /// The suggestion in work: what it is, the text, and why.
    fn suggestion(&mut self, area: Rect) {
        let Some(index) = self.session.index() else { return };
        let record = &self.desk.proof.suggestions()[index];
        let (columns, width) = (self.dress.columns, usize::from(area.width));
        self.title(Rect { height: 1, ..area }, record);
        let details: Vec<Vec<Piece>> = self
            .details(index, record)
            .into_iter()
            .flat_map(|(indent, pieces)| {
                let lines = wrap(&pieces, width.saturating_sub(indent + 1).max(8), columns);
                let indented = move |(number, mut line): (usize, Vec<Piece>)| {
                    if number > 0 && indent > 0 {
                        line.insert(0, (" ".repeat(indent), Style::new()));
                    }
                    line
                };
                lines.into_iter().enumerate().map(indented)
            })
            .collect();
        let left = usize::from(area.height) - 1;
        // The text gets at least half of what there is.
        let below = details.len().min(left.saturating_sub((left / 2).max(3)));
        let is_cut = below < details.len();
        let rule = usize::from(left > 8);
        let text = Rect { y: area.y + 1, height: (left - below - rule) as u16, ..area };
        self.context(text, index);
        if rule > 0 {
            let sign = self.dress.sign('─', '-');
            self.canvas.fill(
                Rect { width: area.width - 1, ..area },
                1 + text.height as usize,
                sign,
                self.dress.faint(),
            );
        }
        let y = 1 + usize::from(text.height) + rule;
        for (number, line) in details.iter().take(below).enumerate() {
            self.canvas.write_pieces(area, 0, y + number, line);
        }
        if is_cut && below > 0 {
            self.canvas.write_right(area, 0, y + below - 1, " .. ", self.dress.faint());
        }
    }

    /// The rule, the level, the confidence and the place.
    fn title(&mut self, area: Rect, record: &SuggestionRecord) {
        let language = self.desk.language;
        let strong = self.dress.colour(Color::Cyan).add_modifier(Modifier::BOLD);
        let rule = words::rule(&record.rule, language);
        let mut x = self.canvas.write(area, 0, 0, &rule, strong) + 1;
        let level = common::level(record.level, language);
        let sure = format!("{level} {}", percent(record.confidence));
        x = self.canvas.write(area, x + 1, 0, &sure, Style::new()) + 2;
        let room = usize::from(area.width).saturating_sub(x + 1);
        let place = match &record.layout {
            Some(place) => {
                format!("{}/{}/{}:{}", place.page, place.block, place.line, record.column)
            }
            None => format!("{}:{}", record.line, record.column),
        };
        let name = room.saturating_sub(place.len() + 1);
        let place = format!("{}:{place}", self.ending(&visible(&record.file), name.max(4)));
        self.canvas.write_right(area, x, 0, &format!("{place} "), self.dress.faint());
    }

    /// The text, so that the change is in sight.
    fn context(&mut self, area: Rect, index: usize) {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let room = (width * height / 2).max(80);
        let paragraphs = around(self.desk, self.session, index, room);
        let last = paragraphs.iter().map(|paragraph| paragraph.line).max().unwrap_or(0);
        let gutter = if area.width >= 48 { last.to_string().len() + 2 } else { 0 };
        let mut lines: Vec<(String, Vec<(String, Look)>)> = Vec::new();
        let mut focus = None;
        for paragraph in &paragraphs {
            let stretches = self.bracketed(paragraph);
            let wrapped = wrap(&stretches, width.saturating_sub(gutter + 1), self.dress.columns);
            for (number, line) in wrapped.into_iter().enumerate() {
                if focus.is_none() && line.iter().any(|(_, look)| look.is_change()) {
                    focus = Some(lines.len());
                }
                let label = match number {
                    0 if gutter > 0 => format!("{:>1$} ", paragraph.line, gutter - 1),
                    _ => " ".repeat(gutter),
                };
                lines.push((label, line));
            }
        }
        let focus = focus.unwrap_or(lines.len() / 2);
        let most = lines.len().saturating_sub(height) as isize;
        let top = focus.saturating_sub(height / 3) as isize;
        let top = (top.min(most) + self.session.scroll).clamp(0, most.max(0)) as usize;
        for (y, (label, line)) in lines.iter().skip(top).take(height).enumerate() {
            self.canvas.write(area, 0, y, label, self.dress.faint());
            line.iter().fold(gutter, |x, (text, look)| {
                self.canvas.write(area, x, y, text, self.dress.look(*look))
            });
        }
    }

    /// The stretches of a paragraph, in brackets where there is no colour.
    fn bracketed(&self, paragraph: &Paragraph) -> Vec<(String, Look)> {
        let stretch = |(text, look): &(String, Look)| {
            let (open, close) = self.dress.brackets(*look);
            (format!("{open}{text}{close}"), *look)
        };
        paragraph.stretches.iter().map(stretch).collect()
    }

    /// Why, which choices there are, and what was decided: paragraphs, each with its indent.
    fn details(&self, index: usize, record: &SuggestionRecord) -> Vec<(usize, Vec<Piece>)> {
        let (language, dress) = (self.desk.language, self.dress);
        let plain = Style::new();
        let mut lines: Vec<(usize, Vec<Piece>)> = Vec::new();
        lines.push((0, vec![(visible(&record.message), plain.add_modifier(Modifier::BOLD))]));
        lines.extend(self.choices(record));
        let source = &self.desk.text_of(index).0.source;
        for evidence in &record.evidence {
            lines.push((2, self.evidence(source, evidence)));
        }
        lines.extend(self.elsewhere(source, record).map(|pieces| (2, pieces)));
        let alike = self.desk.proof.same_slip(index);
        if alike.len() > 1 {
            let open = alike.iter().filter(|i| self.session.outcomes[**i].is_undecided()).count();
            lines.push((0, vec![(words::alike(alike.len(), open, language), plain)]));
        }
        match self.desk.proof.state(index) {
            State::Open => {}
            State::Decided(decision) => {
                let (sign, style) = dress.outcome(self.session.outcomes[index]);
                let words = visible(&words::decision(decision, language));
                lines.push((2, vec![(format!("{sign} {words}"), style)]));
            }
            State::Conflict(last) => {
                let style = dress.colour(Color::Magenta).add_modifier(Modifier::BOLD);
                lines.push((0, vec![(words::differ(language).to_string(), style)]));
                for decision in last {
                    let words = visible(&words::decision(decision, language));
                    lines.push((4, vec![(format!("  ! {words}"), dress.colour(Color::Magenta))]));
                }
            }
        }
        lines
    }

    /// The choices with their numbers; the one the text shows has a pointer.
    fn choices(&self, record: &SuggestionRecord) -> Vec<(usize, Vec<Piece>)> {
        let dress = self.dress;
        let text = |text: &str| match text.is_empty() {
            true => common::nothing(self.desk.language).to_string(),
            false => visible(text),
        };
        if record.choices.is_empty() {
            let asks = format!("{} ? {}", text(&record.wrong), common::asks(self.desk.language));
            return vec![(2, vec![(format!("  {asks}"), dress.colour(Color::Yellow))])];
        }
        let mut lines = Vec::new();
        for (number, choice) in record.choices.iter().enumerate() {
            let is_shown = number == self.session.choice;
            let pointer = if is_shown { dress.sign('▶', '>') } else { ' ' };
            let mut style = dress.colour(Color::Green);
            if is_shown {
                style = style.add_modifier(Modifier::BOLD);
            }
            lines.push((
                5,
                vec![
                    (format!("{pointer} {} ", number + 1), Style::new()),
                    (text(&record.wrong), dress.colour(Color::Red)),
                    (dress.arrow(), dress.faint()),
                    (text(&choice.right), style),
                    (format!("  {}", percent(choice.confidence)), dress.faint()),
                ],
            ));
        }
        lines
    }

    /// What supports the suggestion; where that stands in the text, the text there.
    fn evidence(&self, source: &Source, evidence: &EvidenceRecord) -> Vec<Piece> {
        let dot = self.dress.sign('·', '*');
        let message = visible(&evidence.message);
        let Some(place) = &evidence.place else {
            return vec![(format!("{dot} {message}"), Style::new())];
        };
        let mut pieces = self.at_line(place.line);
        pieces.push((format!("{message}  "), Style::new()));
        let bytes = (source.text_byte(place.start_byte), source.text_byte(place.end_byte));
        if let (Some(start), Some(end)) = bytes {
            pieces.extend(self.excerpt(source, Span::new(start, end)));
        }
        pieces
    }

    /// Where the text has the choice shown in another place, which is what explains a missing
    /// character best.
    fn elsewhere(&self, source: &Source, record: &SuggestionRecord) -> Option<Vec<Piece>> {
        let right = &record.choices.get(self.session.choice)?.right;
        let start = source.text().find(right.as_str())?;
        let shown = right.chars().count() > record.wrong.chars().count().max(1);
        if !shown || record.evidence.iter().any(|evidence| evidence.place.is_some()) {
            return None;
        }
        let mut pieces = self.at_line(source.position(start).line);
        pieces.extend(self.excerpt(source, Span::new(start, start + right.len())));
        Some(pieces)
    }

    fn at_line(&self, number: usize) -> Vec<Piece> {
        let (dot, language) = (self.dress.sign('·', '*'), self.desk.language);
        let line = common::at_line(number, language);
        vec![(format!("{dot} {line}{}", words::colon(language)), self.dress.faint())]
    }

    /// A place of the text with a few characters of its line on either side.
    fn excerpt(&self, source: &Source, span: Span) -> Vec<Piece> {
        const AROUND: usize = 10;
        let (head, tail) = (&source.text()[..span.start], &source.text()[span.end..]);
        let before = head.chars().rev().take_while(|character| *character != '\n').take(AROUND);
        let before: Vec<char> = before.collect();
        let before: String = before.into_iter().rev().collect();
        let after = tail.chars().take_while(|character| *character != '\n').take(AROUND);
        let after: String = after.collect();
        let mark = self.dress.colour(Color::Green).add_modifier(Modifier::UNDERLINED);
        vec![
            (visible(&before), self.dress.faint()),
            (visible(span.of(source.text())), mark),
            (visible(&after), self.dress.faint()),
        ]
    }

    /// What is being typed, or has happened, or can be done. Gives the place of the cursor.
    fn footer(&mut self, area: Rect) -> Option<Position> {
        let language = self.desk.language;
        let notice = self.session.notice.as_ref();
        match &self.session.mode {
            Mode::Edit { input, settles } if notice.is_none() => {
                return Some(self.input(area, words::prompt_edit(*settles, language), input));
            }
            Mode::Search(input) => {
                return Some(self.input(area, words::prompt_search(language), input));
            }
            Mode::Allow => {
                let index = self.session.index();
                let word = index.map_or("", |i| self.desk.proof.suggestions()[i].wrong.as_str());
                let strong = Style::new().add_modifier(Modifier::BOLD);
                let question = words::allow(&visible(word), language);
                self.canvas.write(area, 1, 0, &question, strong);
            }
            _ => match notice {
                Some(notice) => {
                    let style = match notice.is_error {
                        true => self.dress.colour(Color::Red).add_modifier(Modifier::BOLD),
                        false => self.dress.colour(Color::Green),
                    };
                    self.canvas.write(area, 1, 0, &visible(&notice.text), style);
                }
                None => {
                    let keys = match self.session.mode {
                        Mode::Settle => words::settle_keys(language),
                        _ => words::keys(language),
                    };
                    self.keys(area, keys);
                }
            },
        }
        None
    }

    /// As many keys as fit.
    fn keys(&mut self, area: Rect, keys: &[(&str, &str)]) {
        let mut x = 1;
        for (key, what) in keys {
            let width = self.dress.columns.of(key) + 1 + self.dress.columns.of(what);
            if x + width > usize::from(area.width) {
                continue;
            }
            let strong = Style::new().add_modifier(Modifier::BOLD);
            x = self.canvas.write(area, x, 0, key, strong);
            let space = usize::from(!key.is_empty());
            x = self.canvas.write(area, x + space, 0, what, self.dress.faint()) + 2;
        }
    }

    /// A line that is being typed, with as much of it as leaves the cursor in sight.
    fn input(&mut self, area: Rect, prompt: &str, input: &Input) -> Position {
        let strong = Style::new().add_modifier(Modifier::BOLD);
        let x = self.canvas.write(area, 1, 0, prompt, strong);
        let columns = self.dress.columns;
        let room = usize::from(area.width).saturating_sub(x + 1);
        let before: Vec<char> = input.value().chars().take(input.cursor()).collect();
        let mut width = 0;
        let fits = |character: &&char| {
            width += columns.of_character(**character);
            width <= room
        };
        let shown = before.iter().rev().take_while(fits).count();
        let text: String = input.value().chars().skip(before.len() - shown).collect();
        let shown: String = before[before.len() - shown..].iter().collect();
        self.canvas.write(area, x, 0, &text, Style::new().add_modifier(Modifier::UNDERLINED));
        Position::new(area.x + (x + columns.of(&shown)) as u16, area.y)
    }

    /// A box over the middle of `area`, emptied. Gives what is inside.
    fn popup(&mut self, area: Rect, title: &str, width: usize, height: usize) -> Rect {
        let width = (width + 4).min(area.width.into()) as u16;
        let height = (height + 2).min(area.height.into()) as u16;
        let (x, y) = (area.x + (area.width - width) / 2, area.y + (area.height - height) / 2);
        let outer = Rect { x, y, width, height };
        for position in outer.positions() {
            self.canvas.cells[position].reset();
        }
        // What is cut in two by the left edge must go as a whole.
        if x > 0 {
            for y in outer.top()..outer.bottom() {
                let cell = &mut self.canvas.cells[(x - 1, y)];
                if self.dress.columns.of(cell.symbol()) > 1 {
                    cell.reset();
                }
            }
        }
        let style = Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD);
        self.canvas.fill(outer, 0, ' ', style);
        self.canvas.write(outer, 2, 0, title, style);
        let faint = Style::new().add_modifier(Modifier::REVERSED);
        self.canvas.fill(outer, usize::from(height) - 1, ' ', faint);
        Rect { x: x + 2, y: y + 1, width: width - 4, height: height - 2 }
    }

    fn help(&mut self, area: Rect, scrolled: usize) {
        let language = self.desk.language;
        let keys = words::help(language);
        let columns = self.dress.columns;
        let first = keys.iter().map(|(key, _)| columns.of(key)).max().unwrap_or(0) + 2;
        let width = keys.iter().map(|(_, what)| columns.of(what)).max().unwrap_or(0) + first;
        let inside = self.popup(area, words::help_title(language), width, keys.len());
        let top = scrolled.min(keys.len().saturating_sub(inside.height.into()));
        for (y, (key, what)) in keys.iter().skip(top).take(inside.height.into()).enumerate() {
            let strong = Style::new().add_modifier(Modifier::BOLD);
            self.canvas.write(inside, 0, y, key, strong);
            self.canvas.write(inside, first, y, what, Style::new());
        }
    }

    fn menu(&mut self, area: Rect, menu: &Menu) {
        let language = self.desk.language;
        let entries = menu.shown();
        let height = usize::from(area.height).saturating_sub(4).min(entries.len() + 1);
        let inside = self.popup(area, words::filter_title(language), 44, height);
        let typed = visible(menu.typed.value());
        let x = self.canvas.write(inside, 0, 0, "> ", self.dress.faint());
        self.canvas.write(inside, x, 0, &typed, Style::new().add_modifier(Modifier::UNDERLINED));
        let rows = usize::from(inside.height).saturating_sub(1);
        let top = menu.cursor.saturating_sub(rows / 2).min(entries.len().saturating_sub(rows));
        let active = self.session.filter.facets();
        for (y, (facet, name, count)) in entries.iter().skip(top).take(rows).enumerate() {
            let is_in_work = top + y == menu.cursor;
            let style = match is_in_work {
                true => Style::new().add_modifier(Modifier::REVERSED),
                false => Style::new(),
            };
            self.canvas.fill(inside, y + 1, ' ', style);
            let sign = if active.contains(facet) { "* " } else { "  " };
            let x = self.canvas.write(inside, 0, y + 1, sign, style);
            let count = common::grouped(*count as u64);
            let room = usize::from(inside.width).saturating_sub(x + count.len() + 2);
            let x = self.canvas.write(inside, x, y + 1, &self.ending(&visible(name), room), style);
            self.canvas.write_right(inside, x, y + 1, &format!("{count} "), style);
        }
    }
}

/// What a suggestion changes, in at most `room` columns: all of it, else the part that differs
/// with a character on either side. The second is `None` where it only asks.
fn brief(
    record: &SuggestionRecord,
    room: usize,
    dress: Dress,
    language: Language,
) -> (String, Option<String>) {
    let columns = dress.columns;
    let wrong = visible(&record.wrong);
    let Some(choice) = record.choices.first() else {
        return (columns.cut(&format!("{wrong} ?"), room), None);
    };
    let right = match choice.right.is_empty() {
        true => common::nothing(language).to_string(),
        false => visible(&choice.right),
    };
    let room = room.saturating_sub(columns.of(&dress.arrow()));
    if columns.of(&wrong) + columns.of(&right) <= room {
        return (wrong, Some(right));
    }
    let (wrong, right) = differing(&wrong, &right);
    let half = (room / 2).max(room.saturating_sub(columns.of(&right)));
    let wrong = columns.cut(&wrong, half);
    let right = columns.cut(&right, room.saturating_sub(columns.of(&wrong)));
    (wrong, Some(right))
}

/// The parts of two texts that differ, with a character on either side.
fn differing(one: &str, two: &str) -> (String, String) {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    let start = one.iter().zip(&two).take_while(|(a, b)| a == b).count();
    let most = one.len().min(two.len()) - start;
    let end = one.iter().rev().zip(two.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let part = |text: &[char]| -> String {
        let (from, to) = (start.saturating_sub(1), (text.len() - end + 1).min(text.len()));
        text[from..to].iter().collect()
    };
    (part(&one), part(&two))
}

fn percent(confidence: f64) -> String {
    // 99.6 % must not be shown as certainty.
    format!("{}%", (confidence * 100.0).floor() as usize)
}
