//! What an editor has decided, read off the text of the file that came back.
//!
//! The text is read twice: as it is when all tracked changes still in it are accepted, and when all
//! are rejected. In each, every suggestion is in a state: the old text stands there, a choice of
//! it, or words of the editor's own. Where the comment on a suggestion still stands in the file and
//! no other suggestion reaches into its place, that place is looked at; where not, or where a
//! program has dropped the comments, the states are those that come closest to the text of the
//! stretch between two places that are certain. Who a tracked change is by does not count, for
//! programs that make documents anonymous call everybody “Author”.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::blank::as_written;
use super::carried::{Carried, CarriedSlip};
use super::reviewed::{Reviewed, Token, What};
use super::story::Status;
use crate::apply::{Part, apply};
use crate::finding::Edit;
use crate::review::{AROUND, Decision, Slip, Verdict};
use crate::span::Span;

/// What came back of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// For each suggestion what became of it, in the order of the text.
    pub outcomes: Vec<Outcome>,
    /// What the editor changed where no suggestion is.
    pub elsewhere: Vec<Elsewhere>,
}

/// What became of a suggestion.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The decision, without a reviewer and a time; `None` while the tracked change still stands,
    /// and for a comment alone as long as nothing was changed at its place.
    pub decision: Option<Decision>,
    /// Identity of the suggestion.
    pub id: String,
}

/// A change where no suggestion is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The paragraph of the file that came back, from 1.
    pub paragraph: usize,
    /// What was given to the editor.
    pub old: String,
    /// What came back.
    pub new: String,
}

/// How a place reads.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    /// As it was.
    Old,
    /// As a choice proposes, from 1.
    Choice(usize),
    /// In words of the editor's own.
    Own(String),
}

/// The share of two texts, out of ten, that must be the same for them to be one.
const SAME_TEXT: usize = 5;

impl Reviewed {
    /// True when the file is likely to be that which was given the text to carry.
    pub fn is_about(&self, carried: &Carried) -> bool {
        let (text, _) = as_paper(&carried.text);
        let given: Vec<char> = text.chars().collect();
        let came_back: Vec<char> = self.accepted().chars().collect();
        let diff = capture_diff_slices(Algorithm::Myers, &given, &came_back);
        let different: usize = diff.iter().map(changed).sum();
        let all = given.len() + came_back.len();
        (all - different) * 10 >= all * SAME_TEXT
    }

    /// What became of the suggestions that were given to the editor.
    pub fn review(&self, carried: &Carried) -> Review {
        let ground = Ground::new(carried);
        let accepted = View::new(&self.tokens, |status| !status.deleted);
        let after = ground.states(&accepted);
        let before = match self.tokens.iter().any(|token| token.status.is_tracked()) {
            true => ground.states(&View::new(&self.tokens, |status| !status.inserted)),
            false => after.clone(),
        };
        let outcomes = carried.slips.iter().enumerate().map(|(number, slip)| {
            let verdict = verdict(&ground, number, &before[number], &after[number]);
            let decision = verdict.map(|verdict| decision(carried, slip, verdict));
            Outcome { decision, id: slip.id.clone() }
        });
        let outcomes = outcomes.collect();
        Review { outcomes, elsewhere: ground.elsewhere(&accepted, &after) }
    }
}

/// What a place says that reads `before` when the tracked changes still in the file are rejected,
/// and `after` when they are accepted.
fn verdict(ground: &Ground, number: usize, before: &State, after: &State) -> Option<Verdict> {
    let place = &ground.places[number];
    match (before, after) {
        // It is still a tracked change.
        (State::Old, State::Choice(choice)) if *choice == place.tracked => None,
        // A comment alone.
        (State::Old, State::Old) if place.tracked == 0 => None,
        (_, State::Old) => Some(Verdict::Reject),
        (_, State::Choice(choice)) => Some(Verdict::Accept { choice: *choice }),
        (_, State::Own(text)) => ground.own_words(number, text),
    }
}

fn decision(carried: &Carried, slip: &CarriedSlip, verdict: Verdict) -> Decision {
    let right = match &verdict {
        Verdict::Accept { choice } => slip.choices.get(choice - 1),
        _ => slip.choices.first(),
    };
    let before = carried.text[..slip.start].char_indices().rev().take(AROUND).last();
    let start = before.map_or(slip.start, |(at, _)| at);
    Decision {
        file: carried.file.clone(),
        file_hash: carried.file_hash,
        slip: Slip {
            rule: slip.rule.clone(),
            wrong: slip.wrong.clone(),
            right: right.map(|choice| choice.right.clone()),
        },
        before: carried.text[start..slip.start].to_string(),
        after: carried.text[slip.end..].chars().take(AROUND).collect(),
        ..Decision::new(slip.id.clone(), verdict)
    }
}

/// The text given to the editor as a Word file holds it: every line ends with a line feed.
struct Ground {
    text: String,
    characters: Vec<char>,
    /// Where each character starts, and where the text ends.
    offsets: Vec<usize>,
    places: Vec<Place>,
}

/// A suggestion on the ground.
struct Place {
    id: String,
    wrong: String,
    /// The wrong text.
    span: Span,
    /// What is looked at: what the comment stands at, or the wrong text and what changes.
    region: Span,
    /// The comment stands at the region.
    anchored: bool,
    /// All it shows, changes or moves across.
    reach: Span,
    /// The edits of the choices.
    choices: Vec<Vec<Edit>>,
    tracked: usize,
    /// It joins, splits or moves: no wording of it can be replaced.
    structural: bool,
}

impl Ground {
    fn new(carried: &Carried) -> Self {
        let (text, map) = as_paper(&carried.text);
        let place = |at: usize| {
            let index = map.partition_point(|(old, _)| *old < at).min(map.len() - 1);
            map[index].1
        };
        let span = |span: Span| Span::new(place(span.start), place(span.end));
        let places = carried.slips.iter().map(|slip| {
            let choices = slip.choices.iter().map(|choice| {
                let edits = choice.edits.iter().map(|edit| match edit {
                    Edit::Replace { span: old, new, .. } => {
                        let at = span(*old);
                        let (new, _) = lines_of_paper(new);
                        Edit::Replace { span: at, old: at.of(&text).to_string(), new }
                    }
                    Edit::Move { .. } => edit.with_bytes(place),
                });
                edits.collect::<Vec<Edit>>()
            });
            let choices: Vec<Vec<Edit>> = choices.collect();
            let wrong = span(Span::new(slip.start, slip.end));
            let with = |a: Span, b: Span| Span::new(a.start.min(b.start), a.end.max(b.end));
            let edited = choices.iter().flatten().map(Edit::reach).fold(wrong, with);
            let anchor = slip.anchor.map(|(start, end)| span(Span::new(start, end)));
            let structural = choices.iter().flatten().any(|edit| match edit {
                Edit::Replace { old, new, .. } => old.contains('\n') || new.contains('\n'),
                Edit::Move { .. } => true,
            });
            Place {
                id: slip.id.clone(),
                wrong: slip.wrong.clone(),
                span: wrong,
                region: anchor.unwrap_or(edited),
                anchored: anchor.is_some(),
                reach: anchor.map_or(edited, |anchor| with(anchor, edited)),
                choices,
                tracked: slip.tracked,
                structural,
            }
        });
        let places = places.collect();
        let characters = text.chars().collect();
        let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        Self { text, characters, offsets, places }
    }

    /// How every suggestion reads in a text.
    fn states(&self, view: &View) -> Vec<State> {
        let mut states: Vec<Option<State>> = vec![None; self.places.len()];
        for number in self.alone() {
            states[number] = self.look(view, number);
        }
        if states.iter().any(Option::is_none) {
            let diff = Diff::new(&self.characters, &view.characters);
            for window in self.windows(&diff, &states) {
                self.search(view, &window, &mut states);
            }
        }
        states.into_iter().map(|state| state.unwrap_or(State::Old)).collect()
    }

    /// The suggestions into whose region no other reaches.
    fn alone(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.places.len()).collect();
        order.sort_by_key(|number| self.places[*number].reach);
        let mut alone = Vec::new();
        let mut furthest = 0;
        for (index, number) in order.iter().enumerate() {
            let place = &self.places[*number];
            let before = index > 0 && furthest > place.reach.start;
            let next = order.get(index + 1).map(|next| self.places[*next].reach.start);
            let behind =
                next.is_some_and(|next| next < place.reach.end || next == place.reach.start);
            let same = index > 0 && self.places[order[index - 1]].reach.start == place.reach.start;
            let moves = place.choices.iter().flatten().any(|e| matches!(e, Edit::Move { .. }));
            if place.anchored && !before && !behind && !same && !moves {
                alone.push(*number);
            }
            furthest = furthest.max(place.reach.end);
        }
        alone
    }

    /// The state of a suggestion by what stands where its comment does.
    fn look(&self, view: &View, number: usize) -> Option<State> {
        let place = &self.places[number];
        let found = view.between(&place.id)?;
        if found == place.region.of(&self.text) {
            return Some(State::Old);
        }
        for (choice, edits) in place.choices.iter().enumerate() {
            if edits.is_empty() || !edits.iter().all(|edit| place.region.contains(edit.reach())) {
                continue;
            }
            let local: Vec<Edit> =
                edits.iter().map(|e| e.with_bytes(|at| at - place.region.start)).collect();
            if apply(place.region.of(&self.text), &[&local]).text == found {
                return Some(State::Choice(choice + 1));
            }
        }
        Some(State::Own(found))
    }

    /// Stretches of the ground, in characters, that hold all of the suggestions without a state,
    /// and of the text that came back, between places that are certain.
    fn windows(&self, diff: &Diff, states: &[Option<State>]) -> Vec<Window> {
        let index = |at: usize| self.offsets.partition_point(|offset| *offset < at);
        let mut reaches: Vec<(usize, usize)> =
            self.places.iter().map(|p| (index(p.reach.start), index(p.reach.end))).collect();
        let wanted: Vec<(usize, usize)> = (0..states.len())
            .filter(|number| states[*number].is_none())
            .map(|number| reaches[number])
            .collect();
        reaches.sort_unstable();
        let inside = |at: usize| {
            let before = reaches.partition_point(|(start, _)| *start < at);
            reaches[..before].iter().any(|(_, end)| at < *end)
        };
        let length = self.characters.len();
        let mut windows: Vec<(usize, usize)> = Vec::new();
        for (start, end) in wanted {
            let certain = |at: usize| diff.is_certain(at) && !inside(at);
            let start = (0..start).rev().find(|at| certain(*at)).unwrap_or(0);
            let end = (end + 1..length).find(|at| certain(*at)).unwrap_or(length);
            windows.push((start, end));
        }
        windows.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (start, end) in windows {
            match merged.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        let window = |(start, end): (usize, usize)| Window {
            ground: Span::new(self.offsets[start], self.offsets[end]),
            view: diff.before(start)..diff.behind(end),
        };
        merged
            .into_iter()
            .map(window)
            .filter(|window| window.view.start <= window.view.end)
            .collect()
    }

    /// Finds the states of the suggestions in a window that come closest to what came back.
    fn search(&self, view: &View, window: &Window, states: &mut [Option<State>]) {
        let came_back = &view.characters[window.view.clone()];
        let within = |number: &usize| window.ground.contains(self.places[*number].reach);
        let inside: Vec<usize> = (0..self.places.len()).filter(within).collect();
        let open: Vec<usize> =
            inside.iter().copied().filter(|number| states[*number].is_none()).collect();
        let mut current: Vec<(usize, State)> = inside
            .iter()
            .map(|number| (*number, states[*number].clone().unwrap_or(State::Old)))
            .collect();
        let mut cost = self.distance(window, &current, came_back);
        let mut improved = true;
        while improved && cost > 0 {
            improved = false;
            for index in 0..current.len() {
                let number = current[index].0;
                if !open.contains(&number) {
                    continue;
                }
                let choices = &self.places[number].choices;
                let changes = |choice: &usize| !choices[choice - 1].is_empty();
                let others = (1..=choices.len()).filter(changes).map(State::Choice);
                for state in [State::Old].into_iter().chain(others) {
                    let kept = std::mem::replace(&mut current[index].1, state);
                    let other = self.distance(window, &current, came_back);
                    if other < cost {
                        cost = other;
                        improved = true;
                    } else {
                        current[index].1 = kept;
                    }
                }
            }
        }
        if cost > 0 {
            self.find_own_words(window, &mut current, &open, came_back);
        }
        for (number, state) in current {
            states[number] = Some(state);
        }
    }

    /// How far a window with suggestions in these states is from what came back, in characters.
    fn distance(&self, window: &Window, states: &[(usize, State)], came_back: &[char]) -> usize {
        let (made, _) = self.made(window.ground, states);
        let made: Vec<char> = made.chars().collect();
        capture_diff_slices(Algorithm::Myers, &made, came_back).iter().map(changed).sum()
    }

    /// A stretch of the ground with suggestions in these states, and what it is made of.
    fn made(&self, stretch: Span, states: &[(usize, State)]) -> (String, Vec<Part>) {
        let groups: Vec<Vec<Edit>> = states
            .iter()
            .map(|(number, state)| {
                let edits = self.edits(*number, state);
                edits.iter().map(|edit| edit.with_bytes(|at| at - stretch.start)).collect()
            })
            .collect();
        let groups: Vec<&[Edit]> = groups.iter().map(Vec::as_slice).collect();
        let made = apply(stretch.of(&self.text), &groups);
        let parts = made.parts().to_vec();
        (made.text, parts)
    }

    /// The edits that bring a suggestion into a state.
    fn edits(&self, number: usize, state: &State) -> Vec<Edit> {
        let place = &self.places[number];
        match state {
            State::Old => Vec::new(),
            State::Choice(choice) => place.choices[choice - 1].clone(),
            State::Own(new) => {
                let (span, old) = (place.region, place.region.of(&self.text).to_string());
                vec![Edit::Replace { span, old, new: new.clone() }]
            }
        }
    }

    /// Where what came back is none of what was proposed, the region of the suggestion that is
    /// nearest reads as the editor wrote it.
    fn find_own_words(
        &self,
        window: &Window,
        current: &mut [(usize, State)],
        open: &[usize],
        came_back: &[char],
    ) {
        for index in 0..current.len() {
            let number = current[index].0;
            let place = &self.places[number];
            if !open.contains(&number) || place.structural {
                continue;
            }
            let (made, parts) = self.made(window.ground, current);
            let local = |span: Span| {
                Span::new(span.start - window.ground.start, span.end - window.ground.start)
            };
            let own = self.edits(number, &current[index].1);
            let own: Vec<Span> = own.iter().map(|edit| local(edit.span())).collect();
            let region = outcome_of(local(place.region), &own, &parts);
            let made: Vec<char> = made.chars().collect();
            let region = {
                let text: String = made.iter().collect();
                text[..region.start].chars().count()..text[..region.end].chars().count()
            };
            let diff = Diff::new(&made, came_back);
            let found = diff.before(region.start)..diff.behind(region.end);
            if found.start > found.end || came_back[found.clone()] == made[region] {
                continue;
            }
            let text: String = came_back[found].iter().collect();
            current[index].1 = match text == place.region.of(&self.text) {
                true => State::Old,
                false => State::Own(text),
            };
        }
    }

    /// The verdict of words of the editor's own.
    fn own_words(&self, number: usize, found: &str) -> Option<Verdict> {
        let place = &self.places[number];
        if place.structural {
            // What else was changed at the seam is told as a change elsewhere.
            let joined = !found.contains('\n');
            return Some(match joined && place.tracked > 0 {
                true => Verdict::Accept { choice: place.tracked },
                false => Verdict::Reject,
            });
        }
        let (span, region) = (place.span, place.region);
        let mut text = found.to_string();
        if region.start < span.start {
            let before = &self.text[region.start..span.start];
            text = text.strip_prefix(before).unwrap_or(&text).to_string();
        } else {
            text.insert_str(0, &self.text[span.start..region.start]);
        }
        if region.end > span.end {
            let behind = &self.text[span.end..region.end];
            text = text.strip_suffix(behind).unwrap_or(&text).to_string();
        } else {
            text.push_str(&self.text[region.end..span.end]);
        }
        let text = text.replace('\n', "");
        Some(match text == place.wrong {
            true => Verdict::Reject,
            false => Verdict::Replace { text },
        })
    }

    /// What came back and is explained by no suggestion.
    fn elsewhere(&self, view: &View, states: &[State]) -> Vec<Elsewhere> {
        let states: Vec<(usize, State)> = states
            .iter()
            .enumerate()
            .map(|(number, state)| {
                let structural = self.places[number].structural;
                match (state, structural.then(|| self.own_words(number, self.own(state))).flatten())
                {
                    (State::Own(_), Some(Verdict::Accept { choice })) => {
                        (number, State::Choice(choice))
                    }
                    (State::Own(_), Some(_)) => (number, State::Old),
                    (state, _) => (number, state.clone()),
                }
            })
            .collect();
        let (made, _) = self.made(Span::new(0, self.text.len()), &states);
        let made: Vec<char> = made.chars().collect();
        let mut found: Vec<Elsewhere> = Vec::new();
        let mut last = 0;
        for op in capture_diff_slices(Algorithm::Myers, &made, &view.characters) {
            if changed(&op) == 0 {
                continue;
            }
            let (old, new) = (op.old_range(), op.new_range());
            let paragraph = view.characters[..new.start].iter().filter(|c| **c == '\n').count() + 1;
            let text = |characters: &[char]| characters.iter().collect::<String>();
            let near = !found.is_empty() && old.start <= last + 1;
            if let Some(previous) = found.last_mut().filter(|_| near) {
                let between = text(&made[last..old.start]);
                previous.old.push_str(&format!("{between}{}", text(&made[old.clone()])));
                previous.new.push_str(&format!("{between}{}", text(&view.characters[new])));
            } else {
                let (old, new) = (text(&made[old.clone()]), text(&view.characters[new]));
                found.push(Elsewhere { paragraph, old, new });
            }
            last = op.old_range().end;
        }
        found
    }

    fn own<'s>(&self, state: &'s State) -> &'s str {
        match state {
            State::Own(text) => text,
            _ => "",
        }
    }
}

/// A stretch of the ground, in bytes, and of what came back, in characters.
struct Window {
    ground: Span,
    view: std::ops::Range<usize>,
}

/// One reading of the text that came back.
struct View {
    characters: Vec<char>,
    /// Where the comment on a suggestion starts and ends; `None` for one that does so twice.
    starts: HashMap<String, Option<usize>>,
    ends: HashMap<String, Option<usize>>,
}

impl View {
    fn new(tokens: &[Token], stays: impl Fn(Status) -> bool) -> Self {
        let mut view =
            Self { characters: Vec::new(), starts: HashMap::new(), ends: HashMap::new() };
        for token in tokens {
            let at = view.characters.len();
            let (marks, id) = match &token.what {
                What::Character(character) => {
                    if stays(token.status) {
                        view.characters.push(*character);
                    }
                    continue;
                }
                What::Start(id) => (&mut view.starts, id),
                What::End(id) => (&mut view.ends, id),
            };
            marks.entry(id.clone()).and_modify(|place| *place = None).or_insert(Some(at));
        }
        view
    }

    /// What stands where the comment on a suggestion does.
    fn between(&self, id: &str) -> Option<String> {
        let (start, end) = ((*self.starts.get(id)?)?, (*self.ends.get(id)?)?);
        Some(self.characters.get(start..end)?.iter().collect())
    }
}

/// A difference between two texts, in characters.
struct Diff {
    ops: Vec<DiffOp>,
}

/// Characters on both sides of a place that must be the same for it to be certain.
const CERTAIN: usize = 3;

impl Diff {
    fn new(old: &[char], new: &[char]) -> Self {
        Self { ops: capture_diff_slices(Algorithm::Myers, old, new) }
    }

    /// The stretch that is the same in both and holds character `at` of the old text.
    fn same(&self, at: usize) -> Option<(usize, usize, usize)> {
        let index = self.ops.partition_point(|op| op.old_range().end <= at);
        let op = self.ops[index..].iter().find(|op| op.old_range().contains(&at))?;
        match op {
            DiffOp::Equal { old_index, new_index, len } => Some((*old_index, *new_index, *len)),
            _ => None,
        }
    }

    /// True for a place well within such a stretch.
    fn is_certain(&self, at: usize) -> bool {
        self.same(at).is_some_and(|(old, _, len)| at >= old + CERTAIN && at + CERTAIN <= old + len)
    }

    /// Where in the new text the stretch begins that begins before character `at` of the old one:
    /// what was put in right there belongs to it.
    fn before(&self, at: usize) -> usize {
        let Some(previous) = at.checked_sub(1) else { return 0 };
        match self.same(previous) {
            Some((old, new, _)) => new + (previous - old) + 1,
            None => self.around(previous).map_or(0, |op| op.new_range().start),
        }
    }

    /// Where in the new text the stretch ends that ends before character `at` of the old one.
    fn behind(&self, at: usize) -> usize {
        match self.same(at) {
            Some((old, new, _)) => new + (at - old),
            None => match self.around(at) {
                Some(op) => op.new_range().end,
                None => self.ops.last().map_or(0, |op| op.new_range().end),
            },
        }
    }

    fn around(&self, at: usize) -> Option<&DiffOp> {
        self.ops.iter().find(|op| op.old_range().contains(&at))
    }
}

/// Characters of both texts that a step of a difference concerns.
fn changed(op: &DiffOp) -> usize {
    match op {
        DiffOp::Equal { .. } => 0,
        op => op.old_range().len() + op.new_range().len(),
    }
}

/// What becomes of `region` of an old text in the new one that `parts` make, in bytes of that.
/// `own` are the places of the edits that belong to the region, also at its edges.
fn outcome_of(region: Span, own: &[Span], parts: &[Part]) -> Span {
    let (mut at, mut start, mut end) = (0, None, 0);
    for part in parts {
        let (old, length) = match part {
            Part::Kept(span) => (*span, span.len()),
            Part::New { old, new } => (*old, new.len()),
        };
        let inside = match part {
            Part::Kept(_) => {
                let from = old.start.max(region.start);
                let to = old.end.min(region.end);
                (from < to).then(|| (at + from - old.start, at + to - old.start))
            }
            Part::New { .. } => {
                let within = region.contains(old) && (!old.is_empty() || own.contains(&old));
                within.then_some((at, at + length))
            }
        };
        if let Some((from, to)) = inside {
            start = Some(start.map_or(from, |start: usize| start.min(from)));
            end = end.max(to);
        } else if old.end <= region.start && start.is_none() {
            end = end.max(at + length);
        }
        at += length;
    }
    let start = start.unwrap_or(end);
    Span::new(start, end.max(start))
}

/// A text as a Word file holds it, and the places of the one in the other.
fn as_paper(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut paper, mut map) = lines_of_paper(text);
    if !text.ends_with(['\n', '\r']) {
        paper.push('\n');
    }
    if map.is_empty() {
        map.push((0, 0));
    }
    (paper, map)
}

/// The same without a line break at the end where there is none.
fn lines_of_paper(text: &str) -> (String, Vec<(usize, usize)>) {
    let (mut paper, mut map) = (String::with_capacity(text.len()), Vec::new());
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        map.push((at, paper.len()));
        match character {
            '\u{feff}' if at == 0 => {}
            '\r' if characters.next_if(|(_, next)| *next == '\n').is_some() => paper.push('\n'),
            '\r' => paper.push('\n'),
            character => paper.push(as_written(character)),
        }
    }
    map.push((text.len(), paper.len()));
    (paper, map)
}
