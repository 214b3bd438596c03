//! How a request is answered: JSON, or why not.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Room;
use kanwu::Error;

/// Characters of the longest name.
const NAME: usize = 60;

/// Why a request was not carried out.
pub(super) struct Refused(StatusCode, String);

pub(super) type Answer<T> = Result<Json<T>, Refused>;

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(serde_json::json!({ "error": self.1 }))).into_response()
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::Io { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self(status, error.to_string())
    }
}

impl From<JsonRejection> for Refused {
    fn from(rejection: JsonRejection) -> Self {
        Self(rejection.status(), rejection.body_text())
    }
}

pub(super) fn bad(why: &str) -> Refused {
    Refused(StatusCode::BAD_REQUEST, why.to_string())
}

pub(super) fn missing() -> Refused {
    Refused(StatusCode::NOT_FOUND, "there is no such thing".to_string())
}

/// Works at the desk on a thread that may wait for the disk.
pub(super) async fn at_desk<T: Send + 'static>(
    room: Arc<Room>,
    work: impl FnOnce(&Room) -> Result<T, Refused> + Send + 'static,
) -> Answer<T> {
    let worked = tokio::task::spawn_blocking(move || work(&room)).await;
    let failed = |_| Refused(StatusCode::INTERNAL_SERVER_ERROR, "kanwu has a mistake".to_string());
    worked.map_err(failed)?.map(Json)
}

/// The name of a reviewer, where it is one.
pub(super) fn name(reviewer: &str) -> Result<&str, Refused> {
    let reviewer = reviewer.trim();
    let plain = !reviewer.is_empty() && !reviewer.chars().any(char::is_control);
    if plain && reviewer.chars().count() <= NAME { Ok(reviewer) } else { Err(bad("who decides?")) }
}
