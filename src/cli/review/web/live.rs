//! What every open page hears of at once: decisions, whoever makes them, and who is there.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use serde::Serialize;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::{Stream, StreamExt};

use super::Room;

/// Changes a page is told one by one; of more it is told to read all states again.
const FEW: usize = 2000;

/// How often the log is read for what others have added to it, a terminal say.
const LOOK: Duration = Duration::from_millis(500);

/// Items a page may fall behind before it must read all states again.
const BEHIND: usize = 256;

/// The channel to the open pages.
pub(crate) struct Live {
    news: broadcast::Sender<News>,
    people: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// Something to tell the pages.
#[derive(Clone, Debug)]
enum News {
    /// A message with its name and its JSON.
    Told(&'static str, String),
    /// The server ends.
    End,
}

/// What was decided.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Changes {
    /// Who decided.
    pub(crate) by: String,
    /// How many suggestions it is about.
    pub(crate) count: usize,
    /// Their indices with their new states; `None` where they are too many to name.
    pub(crate) states: Option<Vec<(usize, char)>>,
}

impl Live {
    pub(crate) fn new() -> Self {
        Self { news: broadcast::channel(BEHIND).0, people: Arc::default() }
    }

    /// Tells all pages of decisions.
    pub(crate) fn decided(&self, changes: &Changes) {
        self.tell("decided", changes);
    }

    /// Ends all streams, so that the server can end.
    pub(crate) fn end(&self) {
        let _ = self.news.send(News::End);
    }

    /// The stream of news for a page at which `reviewer` sits.
    pub(crate) fn listen(
        &self,
        reviewer: String,
    ) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
        let seat = Seat::take(self.news.clone(), Arc::clone(&self.people), reviewer);
        let news = BroadcastStream::new(seat.news.subscribe());
        let hello = Event::default().event("people").data(seat.people());
        seat.tell();
        let told = news.take_while(|news| !matches!(news, Ok(News::End))).map(move |news| {
            // The seat is given up with the stream.
            let _ = &seat;
            match news {
                Ok(News::Told(name, data)) => Event::default().event(name).data(data),
                _ => Event::default().event("behind").data("{}"),
            }
        });
        let stream = tokio_stream::once(hello).chain(told).map(Ok);
        Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
    }

    fn tell(&self, name: &'static str, data: &impl Serialize) {
        // Nobody may be listening.
        let _ = self.news.send(told(name, data));
    }
}

fn told(name: &'static str, data: &impl Serialize) -> News {
    News::Told(name, serde_json::to_string(data).expect("news is plain data"))
}

/// A reviewer at an open page.
struct Seat {
    news: broadcast::Sender<News>,
    taken: Arc<Mutex<BTreeMap<String, usize>>>,
    reviewer: String,
}

impl Seat {
    fn take(
        news: broadcast::Sender<News>,
        taken: Arc<Mutex<BTreeMap<String, usize>>>,
        reviewer: String,
    ) -> Self {
        let mut people = taken.lock().unwrap_or_else(PoisonError::into_inner);
        *people.entry(reviewer.clone()).or_default() += 1;
        drop(people);
        Self { news, taken, reviewer }
    }

    /// The names of all who are there, as JSON.
    fn people(&self) -> String {
        let people = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let names: Vec<&String> = people.keys().filter(|name| !name.is_empty()).collect();
        serde_json::to_string(&names).expect("names are plain data")
    }

    fn tell(&self) {
        let _ = self.news.send(News::Told("people", self.people()));
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut people = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = people.get_mut(&self.reviewer) {
            *count -= 1;
            if *count == 0 {
                people.remove(&self.reviewer);
            }
        }
        drop(people);
        self.tell();
    }
}

/// What has become of the suggestions at `indices`.
pub(crate) fn changes(room: &Room, by: &str, indices: &[usize]) -> Changes {
    let desk = room.desk();
    let states = || indices.iter().map(|index| (*index, desk.letter(*index))).collect();
    let states = (indices.len() <= FEW).then(states);
    Changes { by: by.to_string(), count: indices.len(), states }
}

/// Watches the log for decisions made elsewhere, for as long as the server runs.
pub(crate) async fn watch(room: Arc<Room>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let looking = Arc::clone(&room);
        // A log that cannot be read now is looked at again; whoever decides is told.
        let _ = tokio::task::spawn_blocking(move || look(&looking)).await;
    }
}

fn look(room: &Room) {
    let Ok(indices) = room.desk().proof.refresh() else { return };
    let Some(first) = indices.first() else { return };
    let by = room.desk().last_reviewer(*first);
    room.live.decided(&changes(room, &by, &indices));
}
