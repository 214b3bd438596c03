//! Who may come in: the access token or the password, the cookie they are exchanged for, and the
//! checks that keep other web pages out.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Form, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use tokio::sync::Mutex;

use super::Room;
use super::page::{self, Door};
use kanwu::{Error, Result};

/// Bytes of a token.
const TOKEN: usize = 32;

/// How long a wrong password holds up the next try.
const PAUSE: Duration = Duration::from_secs(1);

/// Headers of every answer: the page runs its own scripts and nobody else's, shows itself in no
/// other page, and tells no other site where it is.
const HEADERS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// What opens the door.
pub(crate) struct Guard {
    /// Where the server listens.
    address: SocketAddr,
    token: String,
    password: Option<String>,
    /// Held while a wrong password is waited for.
    tries: Mutex<()>,
}

impl Guard {
    /// A guard with a fresh token.
    pub(crate) fn new(address: SocketAddr, password: Option<String>) -> Result<Self> {
        let mut bytes = [0; TOKEN];
        getrandom::fill(&mut bytes)
            .map_err(|error| Error::Usage(format!("there are no random numbers: {error}")))?;
        let token = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { address, token, password, tries: Mutex::default() })
    }

    /// The address to open in a browser.
    pub(crate) fn url(&self) -> String {
        let ip = match self.address.ip() {
            ip if !ip.is_unspecified() => ip,
            IpAddr::V4(_) => IpAddr::from([127, 0, 0, 1]),
            IpAddr::V6(_) => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
        };
        format!("http://{}/?token={}", SocketAddr::new(ip, self.address.port()), self.token)
    }

    /// The name of the cookie; servers on other ports have theirs.
    fn cookie_name(&self) -> String {
        format!("kanwu_{}", self.address.port())
    }

    fn cookie(&self) -> Response {
        let name = self.cookie_name();
        let cookie = format!("{name}={}; HttpOnly; SameSite=Strict; Path=/", self.token);
        // The browser goes on by itself, so that the token leaves the address bar. Were it sent on
        // by a redirect, it would keep back a strict cookie where it came from another site.
        let headers = [(header::SET_COOKIE, cookie), (header::REFRESH, "0; url=/".to_string())];
        (headers, Html(page::ENTER)).into_response()
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let name = self.cookie_name();
        let cookies = headers.get_all(header::COOKIE).iter();
        let mut values = cookies
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(known, _)| *known == name);
        values.any(|(_, value)| same(value, &self.token))
    }

    /// True for a request that names this server as its host. A page of another site whose name
    /// was turned to this address names its own.
    fn is_host(&self, host: &str) -> bool {
        let Ok(host) = host.parse::<axum::http::uri::Authority>() else { return false };
        if host.port_u16().unwrap_or(80) != self.address.port() || host.as_str().contains('@') {
            return false;
        }
        let name = host.host().trim_start_matches('[').trim_end_matches(']');
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        let Ok(ip) = name.parse::<IpAddr>() else { return false };
        // Behind an address for all networks any number may stand, but no name.
        self.address.ip().is_unspecified() || ip == self.address.ip()
    }
}

/// True when both are the same; how long that takes tells nothing but their lengths.
fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Lets a request through, or says why not.
pub(crate) async fn check(
    State(room): State<Arc<Room>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let mut response = match admit(&room.guard, &request) {
        Admitted::In => next.run(request).await,
        Admitted::Answered(response) => response,
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Whether a request is let in.
enum Admitted {
    In,
    Answered(Response),
}

fn admit(guard: &Guard, request: &Request<Body>) -> Admitted {
    let (headers, path) = (request.headers(), request.uri().path());
    let refused = |status: StatusCode, why: &'static str| {
        Admitted::Answered((status, format!("{why}\n")).into_response())
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host.filter(|host| guard.is_host(host)) else {
        return refused(StatusCode::MISDIRECTED_REQUEST, "this server has another name");
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let origin = headers.get(header::ORIGIN);
    let own = origin.is_some_and(|origin| origin.as_bytes() == format!("http://{host}").as_bytes());
    if !own && (origin.is_some() || !reads) {
        return refused(StatusCode::FORBIDDEN, "the request comes from another page");
    }
    let from = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let beside = matches!(from, Some(b"cross-site" | b"same-site"));
    if beside && path.starts_with("/api") {
        return refused(StatusCode::FORBIDDEN, "the request comes from another page");
    }
    if path == "/login" || page::is_open(path) {
        return Admitted::In;
    }
    if path == "/"
        && reads
        && let Some(token) = token(request.uri())
        && same(token, &guard.token)
    {
        return Admitted::Answered(guard.cookie());
    }
    if guard.knows(headers) {
        return Admitted::In;
    }
    if path == "/" && reads {
        let door = if guard.password.is_some() { Door::Password } else { Door::Locked };
        return Admitted::Answered((StatusCode::UNAUTHORIZED, door.page()).into_response());
    }
    refused(StatusCode::UNAUTHORIZED, "open the address that kanwu printed")
}

/// The token in the address.
fn token(uri: &Uri) -> Option<&str> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("token="))
}

/// The form of the page that asks for the password.
#[derive(Deserialize)]
pub(crate) struct Login {
    password: String,
}

/// Exchanges the password for the cookie. Wrong ones are answered one after the other, slowly.
pub(crate) async fn log_in(State(room): State<Arc<Room>>, Form(login): Form<Login>) -> Response {
    let guard = &room.guard;
    let Some(password) = &guard.password else { return StatusCode::NOT_FOUND.into_response() };
    let _one_at_a_time = guard.tries.lock().await;
    if same(&login.password, password) {
        return guard.cookie();
    }
    tokio::time::sleep(PAUSE).await;
    (StatusCode::UNAUTHORIZED, Door::WrongPassword.page()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(address: &str) -> Guard {
        Guard::new(address.parse().expect("an address"), None).expect("random numbers")
    }

    #[test]
    fn only_names_of_this_server_are_hosts() {
        let local = guard("127.0.0.1:4815");
        for host in ["127.0.0.1:4815", "localhost:4815", "LOCALHOST:4815"] {
            assert!(local.is_host(host), "{host}");
        }
        let others = [
            "127.0.0.1",
            "127.0.0.1:80",
            "evil.example:4815",
            "localhost.evil.example:4815",
            "192.168.1.2:4815",
            "a@127.0.0.1:4815",
            "",
            "127.0.0.1:4815, evil.example",
        ];
        for host in others {
            assert!(!local.is_host(host), "{host}");
        }
        let open = guard("0.0.0.0:80");
        assert!(open.is_host("192.168.1.2") && open.is_host("192.168.1.2:80"));
        assert!(!open.is_host("evil.example"));
        assert!(guard("[::1]:4815").is_host("[::1]:4815"));
    }

    #[test]
    fn tokens_differ_and_are_long() {
        let (one, other) = (guard("127.0.0.1:1"), guard("127.0.0.1:1"));
        assert_eq!(one.token.len(), 64);
        assert_ne!(one.token, other.token);
        assert!(one.url().starts_with("http://127.0.0.1:1/?token="));
    }
}
