//! `kanwu review --web`: the desk in a browser.
//!
//! ```text
//! browser ─▶ guard (host, origin, cookie) ─┬▶ ask ────▶ Desk
//!    ▲                                      └▶ decide ─▶ Desk ─▶ log of decisions
//!    └───────────── live (events) ◀──────────────┘
//! ```

mod answer;
mod ask;
mod decide;
mod guard;
mod live;
mod page;
mod scans;
mod sheet;
mod words;

use std::fs;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use clap::Args;
use tokio::net::TcpListener;

use super::desk::Desk;
use crate::cli::Exit;
use crate::cli::console::Console;
use guard::Guard;
use kanwu::review::{State, Verdict};
use kanwu::{Error, Result};
use live::Live;
use scans::Scans;
use sheet::Sheet;

/// The port tried first, so that a browser knows the page again.
const PORT: u16 = 8634;

/// Bytes of the longest request.
const LONGEST: usize = 256 * 1024;

/// How long answers under way are waited for at the end.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
#[command(next_help_heading = "In the browser")]
pub(crate) struct WebArgs {
    /// Review in the browser
    #[arg(long)]
    pub(crate) web: bool,

    /// The port; 0 takes a free one [default: 8634, or a free one]
    #[arg(long, value_name = "N", requires = "web")]
    port: Option<u16>,

    /// Open the page in the browser of this machine
    #[arg(long, requires = "web")]
    open: bool,

    /// The address to listen at; others than this machine get in with the token or the password
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), requires = "web")]
    listen: IpAddr,

    /// Let in whoever knows the password in the first line of FILE
    #[arg(long, value_name = "FILE", requires = "web")]
    password_file: Option<PathBuf>,

    /// Look for page images in DIR, not beside the texts
    #[arg(long, value_name = "DIR", requires = "web")]
    images: Option<PathBuf>,
}

/// What all requests share.
pub(crate) struct Room {
    desk: Mutex<Desk>,
    sheet: Sheet,
    scans: Scans,
    live: Live,
    guard: Guard,
}

impl Room {
    /// The desk, for one request at a time.
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// What holds of a suggestion, as a letter: open, accepted, rejected, edited (in the reviewer's
    /// own words), queried, or in conflict.
    fn letter(&self, index: usize) -> char {
        match self.proof.state(index) {
            State::Open => 'o',
            State::Conflict(_) => 'c',
            State::Decided(decision) => match decision.verdict {
                Verdict::Accept { .. } => 'a',
                Verdict::Replace { .. } => 'e',
                Verdict::Query => 'q',
                _ => 'r',
            },
        }
    }

    /// Who had the last word on a suggestion.
    fn last_reviewer(&self, index: usize) -> String {
        let id = &self.proof.suggestions()[index].id;
        let last = self.proof.standing().history(id).last();
        last.map(|decision| decision.reviewer.clone()).unwrap_or_default()
    }
}

/// Serves the desk until it is stopped.
pub(crate) fn run(desk: Desk, args: &WebArgs, console: &mut Console) -> Result<Exit> {
    let password = args.password_file.as_deref().map(read_password).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|cause| Error::io("<server>", cause))?;
    let listener = runtime.block_on(listen(args))?;
    let signals = runtime.block_on(async { StopSignals::listen() });
    let signals = signals.map_err(|cause| Error::io("<server>", cause))?;
    let address = listener.local_addr().map_err(|cause| Error::io("<server>", cause))?;
    let guard = Guard::new(address, password)?;
    let url = guard.url();
    let sheet = Sheet::cut(&desk);
    let scans = Scans::find(&desk, args.images.as_deref());
    let language = desk.language;
    let (desk, live) = (Mutex::new(desk), Live::new());
    let room = Arc::new(Room { desk, sheet, scans, live, guard });

    if !args.listen.is_loopback() {
        let warned = words::listens(args.listen, args.password_file.is_some(), language);
        console.note(&warned);
    }
    console.print(|out| writeln!(out, "{url}"))?;
    console.flush()?;
    console.summary(&words::stop(language));
    if args.open
        && let Err(cause) = open::that_detached(&url)
    {
        console.error(&Error::io("<browser>", cause));
    }
    runtime.block_on(serve(listener, signals, Arc::clone(&room)))?;
    // What is being written to the log is written before the runtime ends.
    drop(runtime);
    let (decided, all) = progress(&room.desk());
    console.summary(&words::ended(decided, all, language));
    Ok(Exit::Done)
}

/// The first line of the file.
fn read_password(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).map_err(|cause| Error::io(path, cause))?;
    let line = text.lines().next().unwrap_or_default().trim_end();
    if line.chars().count() < 8 {
        let path = path.display();
        return Err(Error::Usage(format!("{path}: a password of 8 characters or more is needed")));
    }
    Ok(line.to_string())
}

async fn listen(args: &WebArgs) -> Result<TcpListener> {
    let at = |port| SocketAddr::new(args.listen, port);
    let named = |port: u16| move |cause: std::io::Error| Error::io(at(port).to_string(), cause);
    if let Some(port) = args.port {
        return TcpListener::bind(at(port)).await.map_err(named(port));
    }
    match TcpListener::bind(at(PORT)).await {
        Err(cause) if cause.kind() == ErrorKind::AddrInUse => {
            TcpListener::bind(at(0)).await.map_err(named(0))
        }
        listener => listener.map_err(named(PORT)),
    }
}

async fn serve(listener: TcpListener, mut signals: StopSignals, room: Arc<Room>) -> Result<()> {
    let watch = tokio::spawn(live::watch(Arc::clone(&room)));
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let server = axum::serve(listener, routes(Arc::clone(&room)));
    let server = server.with_graceful_shutdown(async {
        let _ = stopped.await;
    });
    let mut server = tokio::spawn(server.into_future());
    tokio::select! {
        ended = &mut server => {
            if let Ok(Err(cause)) = ended {
                return Err(Error::io("<server>", cause));
            }
        }
        () = signals.asked() => {
            room.live.end();
            let _ = stop.send(());
            let _ = tokio::time::timeout(LAST_ANSWERS, server).await;
        }
    }
    watch.abort();
    Ok(())
}

/// What asks the program to stop, the user or the system, heard from when this is made: made later
/// than the first answer, it would leave a moment in which the program is killed in its work.
struct StopSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

#[cfg(unix)]
impl StopSignals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self { interrupt, terminate: signal(SignalKind::terminate())? })
    }

    /// Returns at the first signal.
    async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
impl StopSignals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { ctrl_c: tokio::signal::windows::ctrl_c()? })
    }

    /// Returns at the first signal.
    async fn asked(&mut self) {
        self.ctrl_c.recv().await;
    }
}

fn routes(room: Arc<Room>) -> Router {
    Router::new()
        .route("/", get(page::index))
        .route("/page/{name}", get(page::file))
        .route("/login", post(guard::log_in))
        .route("/scan/{text}/{page}", get(ask::scan))
        .route("/api/desk", get(ask::desk))
        .route("/api/states", get(ask::states))
        .route("/api/blocks", get(ask::blocks))
        .route("/api/queue", get(ask::queue))
        .route("/api/rows", get(ask::rows))
        .route("/api/search", get(ask::search))
        .route("/api/suggestion", get(ask::suggestion))
        .route("/api/alike", get(ask::alike))
        .route("/api/decide", post(decide::decide))
        .route("/api/allow", post(decide::allow))
        .route("/api/undo", post(decide::undo))
        .route("/api/events", get(ask::events))
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&room), guard::check))
        .with_state(room)
}

/// How many suggestions are decided on, and how many there are.
fn progress(desk: &Desk) -> (usize, usize) {
    let files = desk.proof.progress();
    (files.values().map(|file| file.decided).sum(), desk.proof.suggestions().len())
}
