//! The talk with the editor: what it says, in its order, and what comes of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Duration;

use gen_lsp_types::{
    ApplyWorkspaceEditParams, CodeActionParams, ConfigurationItem, ConfigurationParams,
    DiagnosticServerCancellationData, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWatchedFilesRegistrationOptions,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, DocumentDiagnosticParams, DocumentDiagnosticReport,
    ExecuteCommandParams, FileSystemWatcher, FullDocumentDiagnosticReport, HoverParams,
    InitializeParams, LogMessageParams, LspNotificationMethod as Told, LspRequestMethod as Asked,
    MessageType, Position, PublishDiagnosticsParams, Registration, RegistrationParams,
    RelatedFullDocumentDiagnosticReport, ShowMessageParams, Uri, WorkspaceEdit,
};
use jiff::Timestamp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::actions::{self, ALLOW, CHECK, Entry, FIX_ALL, REJECT, Rejection, Whole};
use super::check::{Checked, Checker, Replacement, Task};
use super::client::Client;
use super::draft::Draft;
use super::place::{folder_around, path_of, uri_of};
use super::queue::Queue;
use super::wishes::{SECTION, Setup, Wishes};
use super::{Event, LspArgs, show, words};
use crate::cli::Exit;
use crate::cli::apply::DECISIONS;
use crate::cli::input::canonical;
use crate::cli::settings::NAME;
use kanwu::batch::{hash, survive};
use kanwu::emit::json::SuggestionRecord;
use kanwu::review::{Proof, Scope, Verdict, allow};
use kanwu::{Error, Language};

/// Files that change what is found, wherever they lie. Tables are added as they come into use.
const WATCHED: [&str; 3] = ["**/kanwu.toml", "**/*.kanwu", "**/.kanwu/decisions.jsonl"];

/// The answer to a request, or why there is none.
type Answer = Result<Value, ResponseError>;

/// A session with one editor, from its first message to its last.
pub(super) struct Session {
    args: LspArgs,
    /// The language of the command line, and whether it was asked for.
    language: (Language, bool),
    out: Sender<Message>,
    queue: Queue<Task>,
    /// The editor, once it has introduced itself.
    client: Option<Client>,
    /// What it said then about settings.
    first_wishes: Value,
    setup: Arc<Setup>,
    /// Whether the editor was told to ask for diagnostics.
    pulls: bool,
    texts: BTreeMap<String, Draft>,
    /// Requests about texts that are being checked.
    waiting: Vec<Waiting>,
    /// Counts the states of all texts.
    states: u64,
    /// Counts changes of settings.
    settings: u64,
    /// Counts the requests to the editor.
    asked: i32,
    /// The request for settings that was sent last.
    asked_settings: Option<RequestId>,
    watched: BTreeSet<String>,
    /// Mistakes the user was told: each is told once until it is put right.
    told: HashSet<String>,
    /// Settings and tables in which a mistake is marked.
    marked: BTreeSet<String>,
    /// The editor has said goodbye.
    closing: bool,
}

/// A request that is answered when its text has been checked.
struct Waiting {
    id: RequestId,
    uri: String,
    question: Question,
}

/// What is asked about a text.
enum Question {
    Actions(Box<CodeActionParams>),
    Hover(Position),
    Diagnostics,
}

impl Session {
    pub(super) fn new(
        args: &LspArgs,
        language: (Language, bool),
        out: Sender<Message>,
        events: Sender<Event>,
    ) -> Self {
        let mut checker = Checker::new(args.opening);
        let queue = Queue::new(
            move |task: &Task, stop| Ok(checker.check(task, stop)?.map(Box::new)),
            // When nobody takes it the session is over.
            move |task, result| drop(events.send(Event::Checked(Box::new(task), result))),
        );
        let args = args.clone();
        Self {
            setup: Arc::new(Setup::of(&args, language.0)),
            args,
            language,
            out,
            queue,
            client: None,
            first_wishes: Value::Null,
            pulls: false,
            texts: BTreeMap::new(),
            waiting: Vec::new(),
            states: 0,
            settings: 0,
            asked: 0,
            asked_settings: None,
            watched: BTreeSet::new(),
            told: HashSet::new(),
            marked: BTreeSet::new(),
            closing: false,
        }
    }

    /// Takes what happened; gives how the session ended when it did.
    pub(super) fn take(&mut self, event: Event) -> Option<Exit> {
        match event {
            Event::End => return Some(Exit::Deserted),
            Event::Garbage(problem) => self.log(MessageType::Warning, problem),
            Event::Checked(task, result) => self.checked(&task, result),
            Event::Message(Message::Response(response)) => self.response(response),
            Event::Message(Message::Request(request)) => self.request(request),
            Event::Message(Message::Notification(told)) => {
                if told.method == Told::Exit.as_str() {
                    return Some(if self.closing { Exit::Done } else { Exit::Deserted });
                }
                let method = told.method.clone();
                if let Err(panic) = survive(|| self.notification(told)) {
                    self.log(MessageType::Error, format!("{method}: {panic}"));
                }
            }
        }
        None
    }

    // What the editor asks.

    fn request(&mut self, request: Request) {
        let (id, method) = (request.id.clone(), request.method.clone());
        let answer = survive(|| self.answer(request)).unwrap_or_else(|panic| {
            self.log(MessageType::Error, format!("{method}: {panic}"));
            Err(refusal(ErrorCode::InternalError, panic))
        });
        match answer {
            Ok(Some(result)) => self.reply(id, Ok(result)),
            // It waits for its text.
            Ok(None) => {}
            Err(error) => self.reply(id, Err(error)),
        }
    }

    /// Answers a request; `None` when it waits.
    fn answer(&mut self, request: Request) -> Result<Option<Value>, ResponseError> {
        let Request { id, method, params } = request;
        let method = Asked::from(method.as_str());
        if self.closing {
            return Err(refusal(ErrorCode::InvalidRequest, "after shutdown"));
        }
        match (&self.client, &method) {
            (None, Asked::Initialize) => return self.initialize(parsed(params)?).map(Some),
            (Some(_), Asked::Initialize) => {
                return Err(refusal(ErrorCode::InvalidRequest, "initialized already"));
            }
            (None, _) => {
                return Err(refusal(ErrorCode::ServerNotInitialized, "initialize comes first"));
            }
            (Some(_), _) => {}
        }
        match method {
            Asked::Shutdown => {
                self.closing = true;
                for waiting in std::mem::take(&mut self.waiting) {
                    let error = refusal(ErrorCode::RequestCanceled, "shutdown");
                    self.reply(waiting.id, Err(error));
                }
                self.texts.keys().for_each(|uri| self.queue.forget(uri));
                Ok(Some(Value::Null))
            }
            Asked::TextDocumentCodeAction => {
                let params: CodeActionParams = parsed(params)?;
                let uri = params.text_document.uri.0.clone();
                Ok(self.about(id, uri, Question::Actions(Box::new(params))))
            }
            Asked::TextDocumentHover => {
                let params: HoverParams = parsed(params)?;
                let params = params.text_document_position_params;
                let uri = params.text_document.uri.0;
                Ok(self.about(id, uri, Question::Hover(params.position)))
            }
            Asked::TextDocumentDiagnostic => {
                let params: DocumentDiagnosticParams = parsed(params)?;
                Ok(self.about(id, params.text_document.uri.0, Question::Diagnostics))
            }
            Asked::WorkspaceExecuteCommand => self.execute(parsed(params)?).map(Some),
            other => Err(refusal(ErrorCode::MethodNotFound, other.as_str())),
        }
    }

    fn initialize(&mut self, params: InitializeParams) -> Answer {
        let client = Client::of(&params);
        self.client = Some(client.clone());
        self.first_wishes = params.initialization_options.unwrap_or_default();
        self.wish(&Value::Null);
        self.pulls = client.pulls && self.setup.pull;
        Ok(json!(client.answer(self.pulls)))
    }

    /// Answers a question about a text from what was found in it, or lets it wait for that.
    fn about(&mut self, id: RequestId, uri: String, question: Question) -> Option<Value> {
        match self.texts.get(&uri) {
            Some(draft) if draft.failed != Some(draft.state) => match draft.fresh() {
                Some(checked) => Some(self.said(checked, &question)),
                None => {
                    self.waiting.push(Waiting { id, uri, question });
                    None
                }
            },
            _ => Some(nothing(&question)),
        }
    }

    /// The answer to a question about a text that has been checked.
    fn said(&self, checked: &Checked, question: &Question) -> Value {
        let Some(client) = &self.client else { return Value::Null };
        match question {
            Question::Actions(params) => json!(actions::actions(checked, client, params)),
            Question::Hover(position) => json!(show::hover(checked, client, *position)),
            Question::Diagnostics => json!(report(show::diagnostics(checked, client))),
        }
    }

    fn execute(&mut self, params: ExecuteCommandParams) -> Answer {
        let told = params.arguments.unwrap_or_default().into_iter().next().unwrap_or_default();
        match params.command.as_str() {
            CHECK => {
                self.look_again();
                Ok(Value::Null)
            }
            FIX_ALL => self.fix_all(&parsed(told)?),
            ALLOW => self.allow(&parsed(told)?),
            REJECT => self.reject(&parsed(told)?),
            other => Err(refusal(ErrorCode::InvalidParams, other)),
        }
    }

    fn fix_all(&mut self, whole: &Whole) -> Answer {
        let checked = self.found_in(&whole.uri)?;
        if !self.client.as_ref().is_some_and(|client| client.applies) {
            let words = words::no_edits(self.setup.language);
            return Err(refusal(ErrorCode::RequestFailed, words));
        }
        let replacements = checked.certain();
        if !replacements.is_empty() {
            let edit = self.edit_of(&checked, replacements);
            self.ask_for_edit(words::fix_all(self.setup.language), edit);
        }
        Ok(Value::Null)
    }

    /// Puts a word into a table.
    fn allow(&mut self, entry: &Entry) -> Answer {
        let Entry { word, table } = entry;
        allow(table, word).map_err(|error| failed(&error))?;
        let name = table.display().to_string();
        let words = words::allowed(&format!("{word}={word}"), &name, self.setup.language);
        self.say(MessageType::Info, words);
        self.look_again();
        Ok(Value::Null)
    }

    /// Enters into the log of decisions that a suggestion was rejected.
    fn reject(&mut self, rejection: &Rejection) -> Answer {
        let checked = self.found_in(&rejection.uri)?;
        let language = self.setup.language;
        let gone = || refusal(ErrorCode::RequestFailed, words::gone(language));
        let suggestion = checked.suggestion(&rejection.id).ok_or_else(gone)?;
        let mut record = SuggestionRecord::new(&checked.source, suggestion, language);
        // Named as from the folder in which the log lies, like the files of `kanwu check`.
        let file = Path::new(&record.file);
        record.file = file.strip_prefix(&checked.folder).unwrap_or(file).display().to_string();
        let hashes = [(record.file.clone(), hash(checked.text.as_bytes()))].into();
        let log = match &checked.setup.texts.decisions {
            Some(log) => log.clone(),
            None => checked.folder.join(DECISIONS),
        };
        let mut proof = Proof::open(vec![record], hashes, &log).map_err(|error| failed(&error))?;
        let (reviewer, now) = (&self.setup.reviewer, Timestamp::now());
        let decided = proof.decide(reviewer, now, 0, Verdict::Reject, Scope::Place);
        decided.map_err(|error| failed(&error))?;
        self.look_again();
        Ok(Value::Null)
    }

    /// What was found in a text as it stands now.
    fn found_in(&self, uri: &str) -> Result<Arc<Checked>, ResponseError> {
        let language = self.setup.language;
        let no = |why: &str| refusal(ErrorCode::RequestFailed, why);
        let draft = self.texts.get(uri).ok_or_else(|| no(words::not_open(language)))?;
        draft.fresh().cloned().ok_or_else(|| no(words::gone(language)))
    }

    fn edit_of(&self, checked: &Checked, replacements: Vec<Replacement>) -> WorkspaceEdit {
        match &self.client {
            Some(client) => actions::edit(checked, client, replacements),
            None => WorkspaceEdit::default(),
        }
    }

    // What the editor tells.

    fn notification(&mut self, told: Notification) {
        let Notification { method, params } = told;
        let method = Told::from(method.as_str());
        if self.client.is_none() || self.closing {
            return;
        }
        let understood = match &method {
            Told::Initialized => {
                self.register();
                self.ask_for_settings();
                Ok(())
            }
            Told::TextDocumentDidOpen => parsed(params).map(|params| self.open(params)),
            Told::TextDocumentDidChange => parsed(params).map(|params| self.change(params)),
            Told::TextDocumentDidSave => parsed(params).map(|params| self.save(&params)),
            Told::TextDocumentDidClose => parsed(params).map(|params| self.close(params)),
            Told::WorkspaceDidChangeConfiguration => {
                parsed(params).map(|params| self.change_settings(params))
            }
            Told::WorkspaceDidChangeWatchedFiles => {
                parsed(params).map(|_: DidChangeWatchedFilesParams| self.look_again())
            }
            Told::WorkspaceDidChangeWorkspaceFolders => {
                parsed(params).map(|params| self.change_folders(params))
            }
            Told::CancelRequest => {
                self.cancel(&params);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(error) = understood {
            self.log(MessageType::Warning, format!("{}: {}", method.as_str(), error.message));
        }
    }

    fn open(&mut self, params: DidOpenTextDocumentParams) {
        let draft = Draft::new(params.text_document, self.next_state());
        let uri = draft.uri.0.clone();
        self.texts.insert(uri.clone(), draft);
        self.check(&uri, Duration::ZERO);
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.text_document_identifier.uri.0;
        let state = self.next_state();
        let columns = self.client.as_ref().map(|client| client.columns);
        let (Some(draft), Some(columns)) = (self.texts.get_mut(&uri), columns) else { return };
        draft.change(params.content_changes, params.text_document.version, columns);
        draft.state = state;
        self.give_up_waiting(&uri);
        self.check(&uri, self.setup.debounce);
    }

    /// A table or settings that were open in the editor have become what counts.
    fn save(&mut self, params: &DidSaveTextDocumentParams) {
        let Some(path) = path_of(&params.text_document.uri) else { return };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        if name == NAME || name.ends_with(".kanwu") || self.watched.contains(&format!("**/{name}"))
        {
            self.look_again();
        }
    }

    fn close(&mut self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        self.queue.forget(&uri.0);
        self.give_up_waiting(&uri.0);
        if self.texts.remove(&uri.0).is_some() && !self.pulls {
            self.publish(uri, None, Vec::new());
        }
    }

    fn change_folders(&mut self, params: DidChangeWorkspaceFoldersParams) {
        let Some(client) = &mut self.client else { return };
        let paths = |folders: Vec<gen_lsp_types::WorkspaceFolder>| {
            folders.into_iter().filter_map(|folder| path_of(&folder.uri)).collect::<Vec<_>>()
        };
        let removed = paths(params.event.removed);
        client.folders.retain(|folder| !removed.contains(folder));
        client.folders.extend(paths(params.event.added));
        self.look_again();
    }

    fn cancel(&mut self, params: &Value) {
        let id = params.get("id").cloned().and_then(|id| serde_json::from_value(id).ok());
        let Some(id): Option<RequestId> = id else { return };
        if let Some(index) = self.waiting.iter().position(|waiting| waiting.id == id) {
            self.waiting.remove(index);
            self.reply(id, Err(refusal(ErrorCode::RequestCanceled, "canceled")));
        }
    }

    // Settings.

    /// An editor that can be asked for settings is; another one has sent them.
    fn change_settings(&mut self, params: DidChangeConfigurationParams) {
        if self.client.as_ref().is_some_and(|client| client.configuration) {
            self.ask_for_settings();
        } else if let Some(section) = params.settings.get(SECTION) {
            self.wish(section);
            self.look_again();
        }
    }

    fn ask_for_settings(&mut self) {
        if self.client.as_ref().is_some_and(|client| client.configuration) {
            let item = ConfigurationItem { scope_uri: None, section: Some(SECTION.to_string()) };
            let params = ConfigurationParams { items: vec![item] };
            self.asked_settings = Some(self.ask(&Asked::WorkspaceConfiguration, &params));
        }
    }

    fn response(&mut self, response: Response) {
        if self.asked_settings.as_ref() != Some(&response.id) {
            return;
        }
        self.asked_settings = None;
        let section = match response.response_result {
            Ok(Value::Array(sections)) => sections.into_iter().next().unwrap_or_default(),
            _ => Value::Null,
        };
        // The settings of most editors are empty, and what was begun need not begin again.
        if section.as_object().is_some_and(|section| !section.is_empty()) {
            self.wish(&section);
            self.look_again();
        }
    }

    /// Takes the editor's settings, over those it sent at first.
    fn wish(&mut self, section: &Value) {
        let Some(client) = &self.client else { return };
        let (asked, is_asked) = self.language;
        let spoken = client.language.filter(|_| !is_asked).unwrap_or(asked);
        let folder = self.folder();
        let both = over(&self.first_wishes, section);
        let setup = Wishes::read(both).and_then(|(wishes, unknown)| {
            let setup = wishes.over(&self.args, spoken, &folder);
            setup.map(|setup| (setup, unknown)).map_err(|error| error.to_string())
        });
        match setup {
            Ok((setup, unknown)) => {
                if !unknown.is_empty() {
                    let words = words::unknown_keys(&unknown, setup.language);
                    self.say_once(MessageType::Warning, words);
                }
                self.setup = Arc::new(setup);
            }
            Err(problem) => {
                Arc::make_mut(&mut self.setup).language = spoken;
                self.say_once(MessageType::Error, words::bad_settings(&problem, spoken));
            }
        }
    }

    /// Reads all settings again, and checks all texts.
    fn look_again(&mut self) {
        self.settings += 1;
        self.told.clear();
        for uri in std::mem::take(&mut self.marked) {
            self.publish(Uri(uri), None, Vec::new());
        }
        let uris: Vec<String> = self.texts.keys().cloned().collect();
        for uri in uris {
            let state = self.next_state();
            if let Some(draft) = self.texts.get_mut(&uri) {
                draft.state = state;
            }
            self.check(&uri, Duration::ZERO);
        }
    }

    /// Asks the editor to tell of changed settings and files.
    fn register(&mut self) {
        let Some(client) = self.client.clone() else { return };
        if client.tells_settings {
            let method = Told::WorkspaceDidChangeConfiguration;
            self.ask_to_tell("settings", &method, json!({ "section": SECTION }));
        }
        self.watch(WATCHED.iter().map(|glob| (*glob).to_string()).collect());
    }

    /// Asks the editor to watch files, those that it does not watch yet.
    fn watch(&mut self, globs: BTreeSet<String>) {
        let new: Vec<String> = globs.difference(&self.watched).cloned().collect();
        if new.is_empty() {
            return;
        }
        self.watched.extend(new.iter().cloned());
        if self.client.as_ref().is_some_and(|client| client.watches) {
            let watcher =
                |glob: String| FileSystemWatcher { glob_pattern: glob.into(), kind: None };
            let watchers = new.into_iter().map(watcher).collect();
            let options = DidChangeWatchedFilesRegistrationOptions { watchers };
            let id = format!("files {}", self.watched.len());
            self.ask_to_tell(&id, &Told::WorkspaceDidChangeWatchedFiles, json!(options));
        }
    }

    fn ask_to_tell(&mut self, id: &str, method: &Told<'_>, options: Value) {
        let registration = Registration {
            id: id.to_string(),
            method: method.as_str().to_string(),
            register_options: Some(options),
        };
        let params = RegistrationParams { registrations: vec![registration] };
        self.ask(&Asked::ClientRegisterCapability, &params);
    }

    // Checking.

    fn next_state(&mut self) -> u64 {
        self.states += 1;
        self.states
    }

    /// The folder of the editor.
    fn folder(&self) -> PathBuf {
        let folders = self.client.as_ref().map_or(&[][..], |client| &client.folders);
        folders.first().cloned().or_else(|| env::current_dir().ok()).unwrap_or_default()
    }

    /// Puts a text into the queue.
    fn check(&mut self, uri: &str, delay: Duration) {
        let (Some(draft), Some(client)) = (self.texts.get(uri), &self.client) else { return };
        let path = path_of(&draft.uri);
        let around = path.as_deref().and_then(|path| folder_around(path, &client.folders));
        let beside = path.as_deref().and_then(Path::parent);
        let folder = around.or(beside).map_or_else(|| self.folder(), Path::to_path_buf);
        let task = Task {
            uri: draft.uri.clone(),
            version: draft.version,
            state: draft.state,
            text: Arc::clone(&draft.text),
            path,
            folder,
            setup: Arc::clone(&self.setup),
            settings: self.settings,
            columns: client.columns,
        };
        self.queue.put(task, delay);
    }

    /// Takes what was found in a text, unless the text or the settings have changed meanwhile.
    fn checked(
        &mut self,
        task: &Task,
        result: Result<kanwu::Result<Option<Box<Checked>>>, String>,
    ) {
        let Some(draft) = self.texts.get_mut(&task.uri.0) else { return };
        if draft.state != task.state {
            return;
        }
        let found = match result {
            Ok(Ok(Some(checked))) => {
                draft.checked = Some(Arc::from(checked));
                draft.checked.clone()
            }
            // It was given up for a newer state, whose turn comes.
            Ok(Ok(None)) => return,
            Ok(Err(error)) => {
                draft.failed = Some(task.state);
                self.say_once(MessageType::Error, format!("kanwu: {error}"));
                self.mark_mistake(&error);
                None
            }
            Err(panic) => {
                draft.failed = Some(task.state);
                let language = self.setup.language;
                let name = &task.uri.0;
                self.log(MessageType::Error, words::panicked(name, &panic, language));
                None
            }
        };
        if let Some(name) = found.as_ref().and_then(|checked| checked.table.file_name()) {
            self.watch([format!("**/{}", name.to_string_lossy())].into());
        }
        self.show(task, found.as_deref());
        let (of_text, others) =
            std::mem::take(&mut self.waiting).into_iter().partition(|w| w.uri == task.uri.0);
        self.waiting = others;
        let of_text: Vec<Waiting> = of_text;
        for Waiting { id, question, .. } in of_text {
            let answer = match &found {
                Some(checked) => survive(|| self.said(checked, &question))
                    .map_err(|panic| refusal(ErrorCode::InternalError, panic)),
                None => Ok(nothing(&question)),
            };
            self.reply(id, answer);
        }
    }

    /// Marks a mistake in settings or in a table where it stands.
    fn mark_mistake(&mut self, error: &Error) {
        let Error::Table { name, line, problem } = error else { return };
        let path = canonical(Path::new(name));
        if path.is_file() {
            let uri = uri_of(&path);
            self.marked.insert(uri.0.clone());
            self.publish(uri, None, vec![show::mistake(line.saturating_sub(1), problem)]);
        }
    }

    /// Sends what was found, unless the editor asks for it.
    fn show(&mut self, task: &Task, found: Option<&Checked>) {
        let Some(client) = &self.client else { return };
        if !self.pulls {
            let found = found.map(|checked| show::diagnostics(checked, client));
            self.publish(task.uri.clone(), Some(task.version), found.unwrap_or_default());
        } else if client.refreshes && !self.waiting.iter().any(|w| w.uri == task.uri.0) {
            // Nobody has asked: the text was checked again because settings have changed.
            self.ask(&Asked::WorkspaceDiagnosticRefresh, &Value::Null);
        }
    }

    fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<gen_lsp_types::Diagnostic>) {
        let versioned = self.client.as_ref().is_some_and(|client| client.versioned_diagnostics);
        let version = version.filter(|_| versioned);
        let params = PublishDiagnosticsParams { uri, version, diagnostics };
        self.tell(&Told::TextDocumentPublishDiagnostics, &params);
    }

    /// What was asked about a text that is another now is of no use to anybody.
    fn give_up_waiting(&mut self, uri: &str) {
        let (old, others): (Vec<Waiting>, Vec<Waiting>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|w| w.uri == uri);
        self.waiting = others;
        for Waiting { id, question, .. } in old {
            let error = match question {
                Question::Diagnostics => {
                    let again = DiagnosticServerCancellationData { retrigger_request: true };
                    let error = refusal(ErrorCode::ServerCancelled, "the text has changed");
                    ResponseError { data: Some(json!(again)), ..error }
                }
                _ => refusal(ErrorCode::ContentModified, "the text has changed"),
            };
            self.reply(id, Err(error));
        }
    }

    // What the editor is told.

    /// Sends a message. When nobody takes it any more, the end of the session follows.
    fn send(&self, message: impl Into<Message>) {
        drop(self.out.send(message.into()));
    }

    fn reply(&self, id: RequestId, answer: Answer) {
        self.send(Response { id, response_result: answer });
    }

    fn tell(&self, method: &Told<'_>, params: &impl Serialize) {
        let method = method.as_str().to_string();
        self.send(Notification { method, params: json!(params) });
    }

    fn ask(&mut self, method: &Asked<'_>, params: &impl Serialize) -> RequestId {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        let method = method.as_str().to_string();
        self.send(Request { id: id.clone(), method, params: json!(params) });
        id
    }

    fn ask_for_edit(&mut self, label: &str, edit: WorkspaceEdit) {
        let label = Some(label.to_string());
        let params = ApplyWorkspaceEditParams { label, edit, metadata: None };
        self.ask(&Asked::WorkspaceApplyEdit, &params);
    }

    fn log(&self, kind: MessageType, message: String) {
        self.tell(&Told::WindowLogMessage, &LogMessageParams { kind, message });
    }

    fn say(&self, kind: MessageType, message: String) {
        self.tell(&Told::WindowShowMessage, &ShowMessageParams { kind, message });
    }

    fn say_once(&mut self, kind: MessageType, message: String) {
        if self.told.insert(message.clone()) {
            self.say(kind, message);
        }
    }
}

/// One section of settings over another, key by key.
fn over(under: &Value, section: &Value) -> Value {
    let mut both = under.as_object().cloned().unwrap_or_else(Map::new);
    if let Some(section) = section.as_object() {
        let said = section.iter().filter(|(_, value)| !value.is_null());
        both.extend(said.map(|(key, value)| (key.clone(), value.clone())));
    }
    match under {
        Value::Object(_) | Value::Null => Value::Object(both),
        other => other.clone(),
    }
}

/// The answer about a text of which nothing is known.
fn nothing(question: &Question) -> Value {
    match question {
        Question::Diagnostics => json!(report(Vec::new())),
        Question::Actions(_) | Question::Hover(_) => Value::Null,
    }
}

fn report(items: Vec<gen_lsp_types::Diagnostic>) -> DocumentDiagnosticReport {
    let full = FullDocumentDiagnosticReport { result_id: None, items };
    RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: full,
    }
    .into()
}

fn parsed<T: DeserializeOwned>(params: Value) -> Result<T, ResponseError> {
    serde_json::from_value(params)
        .map_err(|error| refusal(ErrorCode::InvalidParams, error.to_string()))
}

fn refusal(code: ErrorCode, message: impl Into<String>) -> ResponseError {
    ResponseError { code: code as i32, message: message.into(), data: None }
}

fn failed(error: &Error) -> ResponseError {
    refusal(ErrorCode::RequestFailed, error.to_string())
}
