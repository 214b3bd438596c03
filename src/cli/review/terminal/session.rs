//! What a proofreader has before them: the suggestions shown, the one in work, and what is being
//! typed. Nothing here knows of a terminal.

use super::filter::{Filter, Menu};
use super::words;
use crate::cli::review::desk::Desk;
use kanwu::review::{Progress, Scope, State, Verdict};
use tui_input::Input;

/// A review as the terminal shows it.
pub(super) struct Session {
    /// What has become of each suggestion.
    pub(super) outcomes: Vec<Outcome>,
    /// How far each text is, in the order of the desk.
    pub(super) progress: Vec<Progress>,
    /// The lines of the list.
    pub(super) rows: Vec<Row>,
    /// The line in work, always a suggestion; `None` when the filter lets none through.
    pub(super) cursor: Option<usize>,
    /// The choice that is shown of the suggestion in work, from 0.
    pub(super) choice: usize,
    /// Lines the text is scrolled by, from where the suggestion is in sight.
    pub(super) scroll: isize,
    /// Lines of the list that fit on the screen, which is how far a page leads.
    pub(super) page: usize,
    /// Which suggestions are in the list.
    pub(super) filter: Filter,
    /// What was searched for last.
    pub(super) search: String,
    /// What the keys mean now.
    pub(super) mode: Mode,
    /// What the last key led to.
    pub(super) notice: Option<Notice>,
}

/// What has become of a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Outcome {
    Open,
    Conflict,
    Accepted,
    Rejected,
    Reworded,
    Queried,
}

impl Outcome {
    fn of(state: &State<'_>) -> Self {
        match state {
            State::Open => Self::Open,
            State::Conflict(_) => Self::Conflict,
            State::Decided(decision) => match decision.verdict {
                Verdict::Accept { .. } => Self::Accepted,
                Verdict::Replace { .. } => Self::Reworded,
                Verdict::Query => Self::Queried,
                Verdict::Reject => Self::Rejected,
                Verdict::Withdraw { .. } | Verdict::Applied => Self::Open,
            },
        }
    }

    /// True while somebody has to look at it.
    pub(super) fn is_undecided(self) -> bool {
        matches!(self, Self::Open | Self::Conflict)
    }
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The name of a text, by its number.
    Text(usize),
    /// A suggestion, by its index.
    Suggestion(usize),
}

/// What the keys mean.
pub(super) enum Mode {
    /// They move and decide.
    Browse,
    /// The next verdict settles the conflict.
    Settle,
    /// They write the proofreader's own wording; with `settles` it ends the conflict.
    Edit { input: Input, settles: bool },
    /// They write what to search for.
    Search(Input),
    /// They choose what the list shows.
    Filter(Menu),
    /// They answer whether the word is always to be allowed.
    Allow,
    /// They scroll the help, by that many lines.
    Help(usize),
}

/// A line that tells what has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) text: String,
    pub(super) is_error: bool,
}

/// What a key asks for that reaches beyond the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Decide on a suggestion.
    Decide { index: usize, verdict: Verdict, scope: Scope },
    /// Settle a conflict about one.
    Settle { index: usize, verdict: Verdict },
    /// Take back what was decided last.
    Undo,
    /// Allow its wrong text for ever.
    Allow { index: usize },
    /// Stop.
    Leave,
}

impl Session {
    /// A review that goes on at the first suggestion nobody has decided on.
    pub(super) fn new(desk: &Desk) -> Self {
        let outcomes: Vec<Outcome> = (0..desk.proof.suggestions().len())
            .map(|i| Outcome::of(&desk.proof.state(i)))
            .collect();
        let mut session = Self {
            outcomes,
            progress: Vec::new(),
            rows: Vec::new(),
            cursor: None,
            choice: 0,
            scroll: 0,
            page: 1,
            filter: Filter::default(),
            search: String::new(),
            mode: Mode::Browse,
            notice: None,
        };
        session.progress =
            desk.texts.iter().map(|text| session.count(text.indices.clone())).collect();
        session.list(desk);
        session
    }

    fn count(&self, indices: std::ops::Range<usize>) -> Progress {
        let mut progress = Progress { suggestions: indices.len(), ..Progress::default() };
        for outcome in &self.outcomes[indices] {
            progress.conflicts += usize::from(*outcome == Outcome::Conflict);
            progress.decided += usize::from(!outcome.is_undecided());
        }
        progress
    }

    /// How far the whole review is.
    pub(super) fn all(&self) -> Progress {
        self.progress.iter().fold(Progress::default(), |sum, one| Progress {
            suggestions: sum.suggestions + one.suggestions,
            decided: sum.decided + one.decided,
            conflicts: sum.conflicts + one.conflicts,
        })
    }

    /// Makes the list of what the filter lets through, and stays at the suggestion in work if it
    /// is among that.
    pub(super) fn list(&mut self, desk: &Desk) {
        let at = self.index();
        self.rows.clear();
        for (number, text) in desk.texts.iter().enumerate() {
            let shown = |index: &usize| self.filter.shows(desk, number, *index, &self.outcomes);
            let mut shown = text.indices.clone().filter(shown).map(Row::Suggestion).peekable();
            if shown.peek().is_some() && desk.texts.len() > 1 {
                self.rows.push(Row::Text(number));
            }
            self.rows.extend(shown);
        }
        let same = at.and_then(|index| self.row_of(index));
        self.cursor = same.or_else(|| self.next_undecided(None)).or_else(|| self.next_row(0, true));
        if same.is_none() {
            self.settle_in(desk);
        }
    }

    /// The suggestion in work.
    pub(super) fn index(&self) -> Option<usize> {
        match self.rows.get(self.cursor?)? {
            Row::Suggestion(index) => Some(*index),
            Row::Text(_) => None,
        }
    }

    /// The line of a suggestion.
    fn row_of(&self, index: usize) -> Option<usize> {
        self.rows.iter().position(|row| *row == Row::Suggestion(index))
    }

    /// The suggestion nearest to line `row`, looked for downward or upward from it.
    pub(super) fn next_row(&self, row: usize, down: bool) -> Option<usize> {
        let is_suggestion = |row: &usize| matches!(self.rows.get(*row), Some(Row::Suggestion(_)));
        if down {
            (row..self.rows.len()).find(is_suggestion)
        } else {
            (0..=row.min(self.rows.len().checked_sub(1)?)).rev().find(is_suggestion)
        }
    }

    /// The next line behind `row` on which nothing is decided, and if there is none the first.
    pub(super) fn next_undecided(&self, row: Option<usize>) -> Option<usize> {
        let open = |row: &usize| match self.rows[*row] {
            Row::Suggestion(index) => self.outcomes[index].is_undecided(),
            Row::Text(_) => false,
        };
        let from = row.map_or(0, |row| row + 1);
        (from..self.rows.len()).find(open).or_else(|| (0..from.min(self.rows.len())).find(open))
    }

    /// Goes to a line.
    pub(super) fn go_to(&mut self, row: Option<usize>, desk: &Desk) {
        if row.is_some() && row != self.cursor {
            self.cursor = row;
            self.settle_in(desk);
        }
    }

    /// Shows the choice that was decided on, else the best one.
    fn settle_in(&mut self, desk: &Desk) {
        self.scroll = 0;
        self.choice = 0;
        let Some(index) = self.index() else { return };
        if let State::Decided(_) = desk.proof.state(index)
            && let Ok(Some(Verdict::Accept { choice })) =
                desk.proof.standing().verdict(&desk.proof.suggestions()[index])
        {
            self.choice = choice - 1;
        }
    }

    /// Takes note of what has been decided on, here or by others.
    pub(super) fn note(&mut self, touched: &[usize], desk: &Desk) {
        for index in touched {
            let new = Outcome::of(&desk.proof.state(*index));
            let old = std::mem::replace(&mut self.outcomes[*index], new);
            let number = desk.texts.partition_point(|text| text.indices.end <= *index);
            let progress = &mut self.progress[number];
            progress.decided -= usize::from(!old.is_undecided());
            progress.decided += usize::from(!new.is_undecided());
            progress.conflicts -= usize::from(old == Outcome::Conflict);
            progress.conflicts += usize::from(new == Outcome::Conflict);
        }
    }

    /// Goes on after `request` was carried out, which touched those suggestions.
    pub(super) fn carried_out(&mut self, request: &Request, touched: &[usize], desk: &Desk) {
        self.note(touched, desk);
        let language = desk.language;
        match request {
            Request::Undo => {
                self.say(words::undone(touched.len(), language));
                let first = touched.iter().find_map(|index| self.row_of(*index));
                self.go_to(first, desk);
                self.settle_in(desk);
            }
            Request::Decide { verdict, .. } | Request::Settle { verdict, .. } => {
                self.say(words::done(verdict, touched.len(), language));
                self.go_on(desk);
            }
            Request::Allow { index } => {
                let word = &desk.proof.suggestions()[*index].wrong;
                self.say(words::allowed(word, touched.len(), language));
                self.go_on(desk);
            }
            Request::Leave => {}
        }
    }

    /// Goes to the next suggestion nobody has decided on.
    fn go_on(&mut self, desk: &Desk) {
        match self.next_undecided(self.cursor) {
            Some(row) => self.go_to(Some(row), desk),
            None => {
                self.settle_in(desk);
                let all = self.all();
                if all.decided == all.suggestions {
                    self.say(words::all_done(all.suggestions, desk.language));
                }
            }
        }
    }

    pub(super) fn say(&mut self, text: String) {
        self.notice = Some(Notice { text, is_error: false });
    }

    pub(super) fn complain(&mut self, text: String) {
        self.notice = Some(Notice { text, is_error: true });
    }
}
