//! The terminal: taken over when a review begins, and given back however it ends.

use std::io::{self, Write, stdout};

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::style::force_color_output;
use ratatui::crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::crossterm::{cursor, execute};

use super::canvas::Columns;
use super::session::Session;
use super::view::{Dress, draw};
use crate::cli::review::desk::Desk;
use kanwu::{Error, Result};

/// A terminal that shows a review.
pub(super) struct Screen {
    terminal: DefaultTerminal,
    dress: Dress,
}

impl Screen {
    /// Takes the terminal over. A panic gives it back before it prints.
    pub(super) fn open(colour: bool) -> Result<Self> {
        let failed = |cause| Error::io("<terminal>", cause);
        let terminal = ratatui::try_init().map_err(failed)?;
        let dress = Dress { colour, columns: Columns::default() };
        let mut screen = Self { terminal, dress };
        // Whether there is colour was settled before, by the options and the environment.
        force_color_output(colour);
        execute!(stdout(), EnableBracketedPaste).map_err(failed)?;
        let ambiguous_are_wide = ambiguous_are_wide().map_err(failed)?;
        screen.dress.columns = Columns { ambiguous_are_wide };
        screen.terminal.clear().map_err(failed)?;
        Ok(screen)
    }

    /// Draws a frame. A terminal that knows how shows it whole or not at all.
    pub(super) fn draw(&mut self, session: &mut Session, desk: &Desk) -> io::Result<()> {
        let dress = self.dress;
        execute!(stdout(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(|frame| draw(frame, session, desk, dress)).map(|_| ());
        execute!(stdout(), EndSynchronizedUpdate)?;
        drawn
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // There is nowhere left to complain to.
        let _ = execute!(stdout(), DisableBracketedPaste, cursor::Show);
        ratatui::restore();
    }
}

/// Asks the terminal how far a character of ambiguous width leads. One that does not answer shows
/// them like letters, as most do.
fn ambiguous_are_wide() -> io::Result<bool> {
    execute!(stdout(), cursor::MoveTo(0, 0))?;
    stdout().write_all("“".as_bytes())?;
    stdout().flush()?;
    Ok(cursor::position().is_ok_and(|(column, _)| column == 2))
}
