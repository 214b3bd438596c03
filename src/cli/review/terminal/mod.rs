//! A review in the terminal.
//!
//! ```text
//! key ─ update ─▶ Session, and a Request ─ carried out on the desk ─▶ Session ─ view ─▶ screen
//! ```
//!
//! What is shown as decided is on the disk: a request is carried out before the next frame.

mod canvas;
mod context;
mod filter;
mod screen;
mod session;
#[cfg(test)]
mod tests;
mod update;
mod view;
mod words;

use std::io::{IsTerminal, stdout};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use ratatui::crossterm::event::{self, Event, KeyEventKind};

use super::desk::Desk;
use crate::cli::Exit;
use crate::cli::console::Console;
use kanwu::{Error, Language, Result};
use screen::Screen;
use session::{Request, Session};

/// How often is looked for what others have decided.
const REFRESH: Duration = Duration::from_secs(1);

/// Says what to do instead where there is no terminal.
///
/// # Errors
/// [`Error::Usage`] when standard output is none.
pub(super) fn demand_terminal(language: Language) -> Result<()> {
    match stdout().is_terminal() {
        true => Ok(()),
        false => Err(Error::Usage(words::no_terminal(language).to_string())),
    }
}

/// Reviews what lies on the desk.
pub(super) fn run(mut desk: Desk, console: &mut Console) -> Result<Exit> {
    let language = desk.language;
    if desk.proof.suggestions().is_empty() {
        console.note(&words::nothing_found(desk.texts.len(), language));
        return Ok(Exit::Done);
    }
    let mut session = Session::new(&desk);
    let mut screen = Screen::open(console.colour)?;
    let reviewed = review(&mut desk, &mut session, &mut screen);
    drop(screen);
    console.note(&words::left(&session.all(), language));
    reviewed.map(|()| Exit::Done)
}

/// Takes keys until the reviewer leaves.
fn review(desk: &mut Desk, session: &mut Session, screen: &mut Screen) -> Result<()> {
    let terminal = |cause| Error::io("<terminal>", cause);
    let mut refreshed = Instant::now();
    loop {
        screen.draw(session, desk).map_err(terminal)?;
        let mut wait = REFRESH.saturating_sub(refreshed.elapsed());
        // Keys that have come meanwhile are all taken before the next frame.
        while event::poll(wait).map_err(terminal)? {
            let asked = take(event::read().map_err(terminal)?, desk, session);
            if asked == Some(Request::Leave) {
                return Ok(());
            }
            if let Some(request) = asked {
                carry_out(&request, desk, session);
            }
            wait = Duration::ZERO;
        }
        if refreshed.elapsed() >= REFRESH {
            match desk.proof.refresh() {
                Ok(touched) => session.note(&touched, desk),
                Err(error) => session.complain(error.to_string()),
            }
            refreshed = Instant::now();
        }
    }
}

/// Takes what the terminal reports.
fn take(event: Event, desk: &Desk, session: &mut Session) -> Option<Request> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => session.press(key, desk),
        Event::Paste(text) => {
            session.paste(&text);
            None
        }
        _ => None,
    }
}

/// Carries out a request. What cannot be done is said on the screen, and nothing was decided.
fn carry_out(request: &Request, desk: &mut Desk, session: &mut Session) {
    let (now, who) = (Timestamp::now(), desk.reviewer.clone());
    let done = match request.clone() {
        Request::Decide { index, verdict, scope } => {
            desk.proof.decide(&who, now, index, verdict, scope)
        }
        Request::Settle { index, verdict } => desk.proof.settle(&who, now, index, verdict),
        Request::Undo => desk.proof.undo(&who, now),
        Request::Allow { index } => desk.always_allow(&who, index),
        Request::Leave => return,
    };
    match done {
        Ok(touched) => session.carried_out(request, &touched, desk),
        Err(error) => session.complain(error.to_string()),
    }
}
