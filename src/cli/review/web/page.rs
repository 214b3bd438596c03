//! The files of the page, which are part of the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// The page.
const INDEX: &str = include_str!("page/index.html");

/// What is shown for the moment in which the token is exchanged for the cookie.
pub(crate) const ENTER: &str = include_str!("page/enter.html");

/// What is shown without the token.
pub(crate) const LOCKED: &str = include_str!("page/locked.html");

/// The page that asks for the password, and asks again.
pub(crate) const LOGIN: &str = include_str!("page/login.html");
pub(crate) const LOGIN_AGAIN: &str = include_str!("page/login_again.html");

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
