//! What the page decides. Everything is on the disk before it is answered.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Room;
use super::answer::{Answer, at_desk, bad, missing, name};
use super::ask::{ShownBlock, block_of, shown};
use super::live::{Changes, changes};
use super::sheet::View;
use kanwu::review::Verdict;

/// Characters of the longest wording.
const WORDING: usize = 20_000;

/// A decision to make.
#[derive(Deserialize)]
pub(crate) struct Decide {
    reviewer: String,
    index: usize,
    verdict: Verdict,
    /// On all open places of the same slip but these.
    #[serde(default)]
    all: bool,
    #[serde(default)]
    except: Vec<usize>,
    /// It ends a conflict.
    #[serde(default)]
    settles: bool,
    #[serde(default)]
    view: View,
}

/// What was decided, and how the block of the suggestion looks now.
#[derive(Serialize)]
pub(crate) struct Decided {
    changes: Changes,
    #[serde(skip_serializing_if = "Option::is_none")]
    block: Option<ShownBlock>,
}

/// Decides; what was decided is on the disk when the answer is sent.
pub(crate) async fn decide(
    State(room): State<Arc<Room>>,
    asked: Result<Json<Decide>, JsonRejection>,
) -> Answer<Decided> {
    let Json(asked) = asked?;
    at_desk(room, move |room| {
        let reviewer = name(&asked.reviewer)?;
        if matches!(asked.verdict, Verdict::Withdraw { .. } | Verdict::Applied) {
            return Err(bad("that is no decision"));
        }
        if matches!(&asked.verdict, Verdict::Replace { text } if text.chars().count() > WORDING) {
            return Err(bad("the wording is too long"));
        }
        let (index, verdict, now) = (asked.index, asked.verdict, Timestamp::now());
        let mut desk = room.desk();
        desk.proof.suggestions().get(index).ok_or_else(missing)?;
        let decided = if asked.settles {
            desk.proof.settle(reviewer, now, index, verdict)?
        } else {
            let except: BTreeSet<usize> = asked.except.into_iter().collect();
            let others: Vec<usize> = match asked.all {
                true => desk.proof.open_alike(index).filter(|i| !except.contains(i)).collect(),
                false => Vec::new(),
            };
            desk.proof.decide_among(reviewer, now, index, verdict, &others)?
        };
        drop(desk);
        Ok(tell(room, reviewer, &decided, Some((index, asked.view))))
    })
    .await
}

/// A word that is always right.
#[derive(Deserialize)]
pub(crate) struct Allow {
    reviewer: String,
    index: usize,
    #[serde(default)]
    view: View,
}

/// Writes the wrong text into the table of the house as right.
pub(crate) async fn allow(
    State(room): State<Arc<Room>>,
    asked: Result<Json<Allow>, JsonRejection>,
) -> Answer<Decided> {
    let Json(asked) = asked?;
    at_desk(room, move |room| {
        let reviewer = name(&asked.reviewer)?;
        let mut desk = room.desk();
        desk.proof.suggestions().get(asked.index).ok_or_else(missing)?;
        let decided = desk.always_allow(reviewer, asked.index)?;
        drop(desk);
        Ok(tell(room, reviewer, &decided, Some((asked.index, asked.view))))
    })
    .await
}

/// Whose last stroke is taken back.
#[derive(Deserialize)]
pub(crate) struct Undo {
    reviewer: String,
}

/// Takes back what the reviewer decided last.
pub(crate) async fn undo(
    State(room): State<Arc<Room>>,
    asked: Result<Json<Undo>, JsonRejection>,
) -> Answer<Decided> {
    let Json(asked) = asked?;
    at_desk(room, move |room| {
        let reviewer = name(&asked.reviewer)?;
        let undone = room.desk().proof.undo(reviewer, Timestamp::now())?;
        Ok(tell(room, reviewer, &undone, None))
    })
    .await
}

fn tell(room: &Room, by: &str, indices: &[usize], of: Option<(usize, View)>) -> Decided {
    let changes = changes(room, by, indices);
    if changes.count > 0 {
        room.live.decided(&changes);
    }
    let desk = room.desk();
    let block = of.map(|(index, view)| shown(room, &desk, block_of(room, &desk, index), view));
    Decided { changes, block }
}
