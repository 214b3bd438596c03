//! What each key does.

use super::filter::Menu;
use super::session::{Mode, Outcome, Request, Row, Session};
use super::words;
use crate::cli::review::desk::Desk;
use kanwu::emit::json::SuggestionRecord;
use kanwu::review::{Scope, State, Verdict, reworded};
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

/// Lines of the menu and the help a page leads.
const PAGE: usize = 10;

impl Session {
    /// Takes a key. Gives what it asks for beyond the screen.
    pub(super) fn press(&mut self, key: KeyEvent, desk: &Desk) -> Option<Request> {
        self.notice = None;
        if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
            return Some(Request::Leave);
        }
        match std::mem::replace(&mut self.mode, Mode::Browse) {
            Mode::Browse => self.browse(key, desk),
            Mode::Settle => self.settle(key, desk),
            Mode::Edit { input, settles } => self.edit(input, settles, key, desk),
            Mode::Search(input) => {
                self.type_search(input, key, desk);
                None
            }
            Mode::Filter(menu) => {
                self.choose_filter(menu, key, desk);
                None
            }
            Mode::Allow => self.answer(key),
            Mode::Help(scrolled) => {
                self.mode = help(scrolled, key);
                None
            }
        }
    }

    /// Takes text that was pasted: into what is being typed, else nowhere.
    pub(super) fn paste(&mut self, text: &str) {
        let input = match &mut self.mode {
            Mode::Edit { input, .. } | Mode::Search(input) => input,
            Mode::Filter(menu) => &mut menu.typed,
            _ => return,
        };
        for character in text.chars().filter(|character| !character.is_control()) {
            input.handle(InputRequest::InsertChar(character));
        }
    }

    fn browse(&mut self, key: KeyEvent, desk: &Desk) -> Option<Request> {
        let row = self.cursor.unwrap_or(0);
        let last = self.rows.len().saturating_sub(1);
        match key.code {
            KeyCode::Char('j') | KeyCode::Down => self.go_to(self.next_row(row + 1, true), desk),
            KeyCode::Char('k') | KeyCode::Up => {
                self.go_to(row.checked_sub(1).and_then(|row| self.next_row(row, false)), desk);
            }
            KeyCode::PageDown => {
                let row = (row + self.page).min(last);
                self.go_to(self.next_row(row, true), desk);
            }
            KeyCode::PageUp => {
                let row = row.saturating_sub(self.page);
                self.go_to(self.next_row(row, false).or_else(|| self.next_row(0, true)), desk);
            }
            KeyCode::Home => self.go_to(self.next_row(0, true), desk),
            KeyCode::End => self.go_to(self.next_row(last, false), desk),
            KeyCode::Tab => self.go_to_undecided(desk),
            KeyCode::Char('g') => self.go_to_next_text(desk),
            KeyCode::Char('J') => self.scroll += 1,
            KeyCode::Char('K') => self.scroll -= 1,
            KeyCode::Left | KeyCode::Char('h') => self.choice = self.choice.saturating_sub(1),
            KeyCode::Right | KeyCode::Char('l') => {
                let choices = self.record(desk).map_or(0, |record| record.choices.len());
                self.choice = (self.choice + 1).min(choices.saturating_sub(1));
            }
            KeyCode::Char('n') => self.find(true, desk),
            KeyCode::Char('N') => self.find(false, desk),
            KeyCode::Char('/') => self.mode = Mode::Search(Input::default()),
            KeyCode::Char('f') => self.mode = Mode::Filter(Menu::new(desk, &self.outcomes)),
            KeyCode::Char('?') => self.mode = Mode::Help(0),
            KeyCode::Char('Q') => return Some(Request::Leave),
            KeyCode::Char('u') => return Some(Request::Undo),
            KeyCode::Char('i') if self.index().is_some() => self.mode = Mode::Allow,
            KeyCode::Char('e') => self.begin_edit(false, desk),
            KeyCode::Char('s') => match self.index().map(|index| self.outcomes[index]) {
                Some(Outcome::Conflict) => self.mode = Mode::Settle,
                _ => self.complain(words::no_conflict(desk.language)),
            },
            KeyCode::Char('A') => return self.decide('a', Scope::All, desk),
            KeyCode::Char('R') => return self.decide('r', Scope::All, desk),
            KeyCode::Char(key) => return self.decide(key, Scope::Place, desk),
            _ => {}
        }
        None
    }

    fn record<'a>(&self, desk: &'a Desk) -> Option<&'a SuggestionRecord> {
        Some(&desk.proof.suggestions()[self.index()?])
    }

    /// The verdict a key stands for.
    fn verdict(&mut self, key: char, desk: &Desk) -> Option<Verdict> {
        let record = self.record(desk)?;
        let number = match key {
            'a' => self.choice + 1,
            '1'..='9' => key as usize - '0' as usize,
            'r' => return Some(Verdict::Reject),
            'q' => return Some(Verdict::Query),
            _ => return None,
        };
        let chosen = number.checked_sub(1).and_then(|index| record.choices.get(index));
        if chosen.is_some_and(|chosen| !chosen.edits.is_empty()) {
            return Some(Verdict::Accept { choice: number });
        }
        self.complain(match record.choices.is_empty() {
            true => words::nothing_to_accept(desk.language),
            false => words::no_choice(number, desk.language),
        });
        None
    }

    fn decide(&mut self, key: char, scope: Scope, desk: &Desk) -> Option<Request> {
        let verdict = self.verdict(key, desk)?;
        Some(Request::Decide { index: self.index()?, verdict, scope })
    }

    fn settle(&mut self, key: KeyEvent, desk: &Desk) -> Option<Request> {
        match key.code {
            KeyCode::Esc => None,
            KeyCode::Char('e') => {
                self.begin_edit(true, desk);
                None
            }
            KeyCode::Char(key) => match self.verdict(key, desk) {
                Some(verdict) => Some(Request::Settle { index: self.index()?, verdict }),
                None => {
                    self.mode = Mode::Settle;
                    None
                }
            },
            _ => {
                self.mode = Mode::Settle;
                None
            }
        }
    }

    /// Begins with what was written before, else with the choice shown.
    fn begin_edit(&mut self, settles: bool, desk: &Desk) {
        let Some(index) = self.index() else { return };
        if let Err(reason) = self.check_wording(index, "", desk) {
            self.complain(reason);
            return;
        }
        let record = &desk.proof.suggestions()[index];
        let wording = match desk.proof.state(index) {
            State::Decided(decision) => match &decision.verdict {
                Verdict::Replace { text } => Some(text.clone()),
                _ => None,
            },
            _ => None,
        };
        let offered = || record.choices.get(self.choice).map(|choice| choice.right.clone());
        let wording = wording.or_else(offered).unwrap_or_else(|| record.wrong.clone());
        self.mode = Mode::Edit { input: Input::new(wording), settles };
    }

    /// Why a wording cannot stand there.
    fn check_wording(&self, index: usize, wording: &str, desk: &Desk) -> Result<(), String> {
        let (text, number) = desk.text_of(index);
        let cannot = |_| words::cannot_reword(desk.language);
        reworded(text.source.text(), &text.suggestions[number], wording).map_err(cannot)?;
        match text.source.encoding().lacks(wording) {
            Some(character) => {
                Err(words::lacks(text.source.encoding().name(), character, desk.language))
            }
            None => Ok(()),
        }
    }

    fn edit(
        &mut self,
        mut input: Input,
        settles: bool,
        key: KeyEvent,
        desk: &Desk,
    ) -> Option<Request> {
        let index = self.index()?;
        match key.code {
            KeyCode::Esc => None,
            KeyCode::Enter => match self.check_wording(index, input.value(), desk) {
                Ok(()) => {
                    let verdict = Verdict::Replace { text: input.value().to_string() };
                    Some(match settles {
                        true => Request::Settle { index, verdict },
                        false => Request::Decide { index, verdict, scope: Scope::Place },
                    })
                }
                Err(reason) => {
                    self.complain(reason);
                    self.mode = Mode::Edit { input, settles };
                    None
                }
            },
            _ => {
                type_key(&mut input, key);
                self.mode = Mode::Edit { input, settles };
                None
            }
        }
    }

    fn type_search(&mut self, mut input: Input, key: KeyEvent, desk: &Desk) {
        match key.code {
            KeyCode::Esc => {}
            KeyCode::Enter => {
                if !input.value().is_empty() {
                    self.search = input.value().to_string();
                }
                self.find(true, desk);
            }
            _ => {
                type_key(&mut input, key);
                self.mode = Mode::Search(input);
            }
        }
    }

    /// Goes to the next suggestion, or the one before, in which what was searched for stands.
    fn find(&mut self, down: bool, desk: &Desk) {
        if self.search.is_empty() || self.rows.is_empty() {
            return;
        }
        let (count, at) = (self.rows.len(), self.cursor.unwrap_or(0));
        let step = |by: usize| if down { (at + by) % count } else { (at + count - by) % count };
        let holds = |row: &usize| match self.rows[*row] {
            Row::Suggestion(index) => holds(&desk.proof.suggestions()[index], &self.search),
            Row::Text(_) => false,
        };
        match (1..=count).map(step).find(holds) {
            Some(row) => self.go_to(Some(row), desk),
            None => self.complain(words::not_found(&self.search, desk.language)),
        }
    }

    fn choose_filter(&mut self, mut menu: Menu, key: KeyEvent, desk: &Desk) {
        let last = menu.shown().len().saturating_sub(1);
        match key.code {
            KeyCode::Esc => return,
            KeyCode::Enter => {
                if let Some(facet) = menu.chosen() {
                    self.filter.toggle(facet);
                    self.list(desk);
                }
                return;
            }
            KeyCode::Down => menu.cursor = (menu.cursor + 1).min(last),
            KeyCode::Up => menu.cursor = menu.cursor.saturating_sub(1),
            KeyCode::PageDown => menu.cursor = (menu.cursor + PAGE).min(last),
            KeyCode::PageUp => menu.cursor = menu.cursor.saturating_sub(PAGE),
            _ => {
                type_key(&mut menu.typed, key);
                menu.cursor = 0;
            }
        }
        self.mode = Mode::Filter(menu);
    }

    fn answer(&mut self, key: KeyEvent) -> Option<Request> {
        let yes = matches!(key.code, KeyCode::Char('y' | 'Y') | KeyCode::Enter);
        yes.then_some(Request::Allow { index: self.index()? })
    }

    fn go_to_undecided(&mut self, desk: &Desk) {
        match self.next_undecided(self.cursor) {
            Some(row) => self.go_to(Some(row), desk),
            None => self.say(words::none_open(desk.language)),
        }
    }

    /// Goes to the next text in the list, behind the last to the first; there to what is
    /// undecided.
    fn go_to_next_text(&mut self, desk: &Desk) {
        let is_text = |row: &usize| matches!(self.rows[*row], Row::Text(_));
        let from = self.cursor.map_or(0, |row| row + 1);
        let next = (from..self.rows.len()).find(is_text);
        let Some(text) = next.or_else(|| (0..from).find(is_text)) else {
            return self.say(words::only_text(desk.language));
        };
        let end = (text + 1..self.rows.len()).find(is_text).unwrap_or(self.rows.len());
        let open = self.next_undecided(Some(text)).filter(|row| (text..end).contains(row));
        self.go_to(open.or(Some(text + 1)), desk);
    }
}

/// True when `wanted` stands in what the screen tells of a suggestion.
fn holds(record: &SuggestionRecord, wanted: &str) -> bool {
    let context = &record.context;
    record.wrong.contains(wanted)
        || record.choices.iter().any(|choice| choice.right.contains(wanted))
        || record.rule.eq_ignore_ascii_case(wanted)
        || record.message.contains(wanted)
        || record.file.contains(wanted)
        || format!("{}{}{}", context.before, context.text, context.after).contains(wanted)
}

fn help(scrolled: usize, key: KeyEvent) -> Mode {
    match key.code {
        KeyCode::Char('j') | KeyCode::Down => Mode::Help(scrolled + 1),
        KeyCode::Char('k') | KeyCode::Up => Mode::Help(scrolled.saturating_sub(1)),
        KeyCode::PageDown => Mode::Help(scrolled + PAGE),
        KeyCode::PageUp => Mode::Help(scrolled.saturating_sub(PAGE)),
        _ => Mode::Browse,
    }
}

/// Types a key into a line.
fn type_key(input: &mut Input, key: KeyEvent) {
    let with = |modifier| key.modifiers.contains(modifier);
    let request = match key.code {
        KeyCode::Left if with(KeyModifiers::CONTROL) => InputRequest::GoToPrevWord,
        KeyCode::Right if with(KeyModifiers::CONTROL) => InputRequest::GoToNextWord,
        KeyCode::Left => InputRequest::GoToPrevChar,
        KeyCode::Right => InputRequest::GoToNextChar,
        KeyCode::Home => InputRequest::GoToStart,
        KeyCode::End => InputRequest::GoToEnd,
        KeyCode::Backspace => InputRequest::DeletePrevChar,
        KeyCode::Delete => InputRequest::DeleteNextChar,
        KeyCode::Char(letter) if with(KeyModifiers::CONTROL) => match letter {
            'a' => InputRequest::GoToStart,
            'e' => InputRequest::GoToEnd,
            'h' => InputRequest::DeletePrevChar,
            'd' => InputRequest::DeleteNextChar,
            'w' => InputRequest::DeletePrevWord,
            'u' => InputRequest::DeleteLine,
            'k' => InputRequest::DeleteTillEnd,
            _ => return,
        },
        KeyCode::Char(letter) if !with(KeyModifiers::ALT) => InputRequest::InsertChar(letter),
        _ => return,
    };
    input.handle(request);
}
