//! The files of the page, which are part of the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// The page.
const INDEX: &str = include_str!("page/index.html");

/// What is shown for the moment in which the token is exchanged for the cookie.
pub(crate) const ENTER: &str = include_str!("page/enter.html");

/// What stands before the desk, around what a [`Door`] says.
const DOOR: &str = include_str!("page/door.html");

/// Why somebody stands before the desk.
#[derive(Clone, Copy)]
pub(crate) enum Door {
    /// The token is missing.
    Locked,
    /// There is a password to give.
    Password,
    /// The password given was another.
    WrongPassword,
}

impl Door {
    /// What is shown.
    pub(crate) fn page(self) -> Html<String> {
        let inside = match self {
            Self::Locked => include_str!("page/locked.html"),
            Self::Password => include_str!("page/login.html"),
            Self::WrongPassword => {
                concat!(include_str!("page/wrong.html"), include_str!("page/login.html"))
            }
        };
        Html(DOOR.replacen("{inside}", inside.trim_end(), 1))
    }
}

/// The other files, by name.
const FILES: [(&str, &str); 15] = [
    ("api.js", include_str!("page/api.js")),
    ("bulk.js", include_str!("page/bulk.js")),
    ("change.js", include_str!("page/change.js")),
    ("desk.js", include_str!("page/desk.js")),
    ("detail.js", include_str!("page/detail.js")),
    ("dialogs.js", include_str!("page/dialogs.js")),
    ("dom.js", include_str!("page/dom.js")),
    ("filters.js", include_str!("page/filters.js")),
    ("icon.svg", include_str!("page/icon.svg")),
    ("keys.js", include_str!("page/keys.js")),
    ("main.js", include_str!("page/main.js")),
    ("queue.js", include_str!("page/queue.js")),
    ("sheet.js", include_str!("page/sheet.js")),
    ("style.css", include_str!("page/style.css")),
    ("words.js", include_str!("page/words.js")),
];

/// True for the path of a file that says nothing of the texts.
pub(crate) fn is_open(path: &str) -> bool {
    path.starts_with("/page/")
}

/// The page.
pub(crate) async fn index() -> Html<&'static str> {
    Html(INDEX)
}

/// One of its files.
pub(crate) async fn file(Path(name): Path<String>) -> Response {
    let Some((name, text)) = FILES.iter().find(|(known, _)| *known == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        _ => "text/javascript",
    };
    ([(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))], *text).into_response()
}
