//! `kanwu lsp`, driven over standard input and output as an editor drives it.

mod desk;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use lsp_server::{Message, Notification, Request, Response};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use desk::Desk;

/// How long an answer may take: a debug build on a busy machine loads its dictionaries first.
const PATIENCE: Duration = Duration::from_secs(120);

/// An editor with kanwu as its language server.
struct Editor {
    desk: Desk,
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Message>,
    asked: i32,
    /// Requests of the server and its notifications that nobody has looked at yet.
    requests: Vec<Request>,
    told: Vec<Notification>,
    /// What it is told when it asks for settings.
    settings: Value,
}

/// What an editor of today can do.
fn able() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "workspace": {
            "applyEdit": true,
            "configuration": true,
            "workspaceEdit": { "documentChanges": true },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "didChangeConfiguration": { "dynamicRegistration": true },
        },
        "textDocument": {
            "publishDiagnostics": { "versionSupport": true, "relatedInformation": true },
            "codeAction": { "codeActionLiteralSupport": {
                "codeActionKind": { "valueSet": ["quickfix", "source"] }
            } },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "diagnostic": {},
        },
    })
}

impl Editor {
    /// Starts the server in the folder of `desk`; nothing is said yet.
    fn start(desk: Desk, args: &[&str]) -> Self {
        let args: Vec<&str> = ["lsp", "--no-general"].iter().chain(args).copied().collect();
        let mut command = desk.command(env!("CARGO_BIN_EXE_kanwu"), &args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().expect("the server starts");
        let output = server.stdout.take().expect("a pipe");
        let (sender, messages) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Ok(Some(message)) = Message::read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = server.stdin.take();
        let (requests, told) = (Vec::new(), Vec::new());
        let settings = Value::Null;
        Self { desk, server, input, messages, asked: 0, requests, told, settings }
    }

    /// An editor that has introduced itself, in Chinese.
    fn open(files: &[(&str, &str)], capabilities: Value, options: Value) -> Self {
        let mut editor = Self::start(Desk::with(files), &[]);
        let folder = editor.uri("");
        let folder = folder.trim_end_matches('/');
        let result = editor.ask(
            "initialize",
            json!({
                "processId": null,
                "rootUri": folder,
                "workspaceFolders": [{ "uri": folder, "name": "desk" }],
                "locale": "zh-cn",
                "capabilities": capabilities,
                "initializationOptions": options,
            }),
        );
        assert_eq!(result["serverInfo"]["name"], "kanwu");
        editor.tell("initialized", json!({}));
        editor
    }

    /// The same on the sample page.
    fn on_page() -> (Self, String) {
        let page = fs::read_to_string("samples/tianjin_daily.txt").expect("the sample page");
        let mut editor = Self::open(&[("page.txt", &page)], able(), Value::Null);
        editor.open_text("page.txt", 1, &page);
        (editor, page)
    }

    fn uri(&self, name: &str) -> String {
        let path = self.desk.folder.path().canonicalize().expect("a folder");
        format!("file://{}/{name}", path.display())
    }

    fn send(&mut self, message: impl Into<Message>) {
        let input = self.input.as_mut().expect("it is still open");
        message.into().write(input).expect("the server listens");
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(Notification { method: method.to_string(), params });
    }

    /// Sends a request and does not wait for the answer.
    fn begin(&mut self, method: &str, params: Value) -> i32 {
        self.asked += 1;
        self.send(Request { id: self.asked.into(), method: method.to_string(), params });
        self.asked
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        match self.answer(id).response_result {
            Ok(result) => result,
            Err(error) => panic!("{method}: {error:?}"),
        }
    }

    fn ask_in_vain(&mut self, method: &str, params: Value) -> i32 {
        let id = self.begin(method, params);
        self.answer(id).response_result.expect_err("it is refused").code
    }

    fn answer(&mut self, id: i32) -> Response {
        loop {
            match self.next("an answer") {
                Message::Response(response) if response.id == id.into() => return response,
                Message::Response(response) => panic!("nobody asked for {response:?}"),
                other => self.keep(other),
            }
        }
    }

    fn next(&mut self, what: &str) -> Message {
        self.messages.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Keeps a message for later; questions are answered at once.
    fn keep(&mut self, message: Message) {
        match message {
            Message::Request(request) => {
                let result = match request.method.as_str() {
                    "workspace/configuration" => json!([self.settings]),
                    "workspace/applyEdit" => json!({ "applied": true }),
                    _ => Value::Null,
                };
                self.send(Response { id: request.id.clone(), response_result: Ok(result) });
                self.requests.push(request);
            }
            Message::Notification(told) => self.told.push(told),
            Message::Response(response) => panic!("nobody asked for {response:?}"),
        }
    }

    /// The next notification of that kind for which `wanted` holds.
    fn told(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let known = |told: &Notification| told.method == method && wanted(&told.params);
            if let Some(index) = self.told.iter().position(known) {
                return self.told.remove(index).params;
            }
            let message = self.next(method);
            self.keep(message);
        }
    }

    fn asked_for(&mut self, method: &str) -> Value {
        loop {
            if let Some(index) = self.requests.iter().position(|asked| asked.method == method) {
                return self.requests.remove(index).params;
            }
            let message = self.next(method);
            self.keep(message);
        }
    }

    fn open_text(&mut self, name: &str, version: i32, text: &str) {
        let item = json!({
            "uri": self.uri(name), "languageId": "plaintext", "version": version, "text": text,
        });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }

    fn change(&mut self, name: &str, version: i32, changes: Value) {
        let text = json!({ "uri": self.uri(name), "version": version });
        let params = json!({ "textDocument": text, "contentChanges": changes });
        self.tell("textDocument/didChange", params);
    }

    /// The marks of a version of a text.
    fn marks(&mut self, name: &str, version: i32) -> Vec<Value> {
        let uri = self.uri(name);
        let told = self.told("textDocument/publishDiagnostics", |params| {
            params["uri"] == uri.as_str() && params["version"] == version
        });
        told["diagnostics"].as_array().expect("a list").clone()
    }

    fn actions(&mut self, name: &str, range: &Value, only: Value) -> Vec<Value> {
        let params = json!({
            "textDocument": { "uri": self.uri(name) },
            "range": range,
            "context": { "diagnostics": [], "only": only },
        });
        match self.ask("textDocument/codeAction", params) {
            Value::Array(actions) => actions,
            Value::Null => Vec::new(),
            other => panic!("{other}"),
        }
    }

    fn execute(&mut self, command: &Value) {
        let params = json!({ "command": command["command"], "arguments": command["arguments"] });
        self.ask("workspace/executeCommand", params);
    }

    /// Says goodbye; gives the exit status.
    fn leave(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        self.ended()
    }

    fn ended(&mut self) -> i32 {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.server.try_wait().expect("it is a child") {
                return status.code().expect("no signal");
            }
            assert!(begun.elapsed() < PATIENCE, "the server does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // It has ended where the test got that far.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A text as an editor with UTF-16 holds it. It shares no code with the server.
#[derive(Clone, PartialEq, Debug)]
struct Sheet(Vec<u16>);

impl Sheet {
    fn of(text: &str) -> Self {
        Self(text.encode_utf16().collect())
    }

    fn text(&self) -> String {
        String::from_utf16(&self.0).expect("no character is cut")
    }

    /// Where the lines start.
    fn starts(&self) -> Vec<usize> {
        let mut starts = vec![0];
        for (at, unit) in self.0.iter().enumerate() {
            let next = self.0.get(at + 1);
            if *unit == 10 || *unit == 13 && next != Some(&10) {
                starts.push(at + 1);
            }
        }
        starts
    }

    fn unit(&self, position: &Value) -> usize {
        let number = |key: &str| position[key].as_u64().expect("a number") as usize;
        self.starts()[number("line")] + number("character")
    }

    fn position(&self, unit: usize) -> Value {
        let starts = self.starts();
        let line = starts.iter().rposition(|start| *start <= unit).expect("the first is 0");
        json!({ "line": line, "character": unit - starts[line] })
    }

    fn range(&self, from: usize, to: usize) -> Value {
        json!({ "start": self.position(from), "end": self.position(to) })
    }

    fn at(&self, range: &Value) -> String {
        let (start, end) = (self.unit(&range["start"]), self.unit(&range["end"]));
        String::from_utf16(&self.0[start..end]).expect("no character is cut")
    }

    /// The text with edits made, all of them in the text as it was.
    fn edited(&self, edits: &[Value]) -> String {
        let mut edits: Vec<(usize, usize, Vec<u16>)> = edits
            .iter()
            .map(|edit| {
                let (range, new) = (&edit["range"], edit["newText"].as_str().expect("text"));
                let (start, end) = (self.unit(&range["start"]), self.unit(&range["end"]));
                (start, end, new.encode_utf16().collect())
            })
            .collect();
        edits.sort_by_key(|(start, end, _)| (*start, *end));
        assert!(edits.windows(2).all(|pair| pair[0].1 <= pair[1].0), "edits overlap: {edits:?}");
        let mut units = self.0.clone();
        for (start, end, new) in edits.into_iter().rev() {
            units.splice(start..end, new);
        }
        Self(units).text()
    }
}

/// The edits of an action for one text, in a version of it.
fn edits_of<'a>(action: &'a Value, uri: &str, version: i32) -> &'a [Value] {
    let change = &action["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": uri, "version": version }), "{action}");
    change["edits"].as_array().expect("a list")
}

fn with_code<'a>(marks: &'a [Value], code: &str) -> Vec<&'a Value> {
    marks.iter().filter(|mark| mark["code"] == code).collect()
}

#[test]
fn the_slips_of_the_page_are_marked_and_put_right() {
    let (mut editor, page) = Editor::on_page();
    let (uri, sheet) = (editor.uri("page.txt"), Sheet::of(&page));
    let marks = editor.marks("page.txt", 1);
    for (code, line, column, text, severity) in [
        ("C104", 26, 95, "幼", 2),
        ("C103", 55, 40, "以以", 2),
        ("P101", 87, 77, "靠磨破嘴皮、踏破门槛”", 2),
        ("S102", 16, 18, "", 3),
    ] {
        let mark = with_code(&marks, code).first().copied().cloned().expect("it is found");
        assert_eq!(mark["range"]["start"], json!({ "line": line, "character": column }), "{code}");
        assert!(sheet.at(&mark["range"]).starts_with(text), "{mark}");
        assert_eq!(mark["severity"], severity, "{mark}");
        assert_eq!(mark["source"], "kanwu");
        assert_eq!(mark["data"]["id"].as_str().map(str::len), Some(16));
        assert!(mark["message"].as_str().is_some_and(|message| !message.is_ascii()));
    }

    // One action for each choice; the clear one is preferred.
    let doubled = with_code(&marks, "C103")[0]["range"].clone();
    let actions = editor.actions("page.txt", &doubled, json!(["quickfix"]));
    let preferred: Vec<&Value> = actions.iter().filter(|a| a["isPreferred"] == true).collect();
    assert_eq!(preferred.len(), 1);
    assert_eq!(preferred[0]["title"], "以以 → 以");
    assert_eq!(preferred[0]["diagnostics"][0]["code"], "C103");
    let fixed = sheet.edited(edits_of(preferred[0], &uri, 1));
    assert_eq!(fixed, page.replacen("难以以为继", "难以为继", 1));
    let unpaired = with_code(&marks, "P101")[0]["range"].clone();
    let actions = editor.actions("page.txt", &unpaired, json!(["quickfix"]));
    let of_choices = actions.iter().filter(|a| a["diagnostics"][0]["code"] == "P101");
    let of_choices: Vec<&Value> = of_choices.filter(|a| a.get("edit").is_some()).collect();
    assert!(of_choices.len() >= 3, "{of_choices:#?}");
    let fixed = sheet.edited(edits_of(of_choices[0], &uri, 1));
    assert!(fixed.contains("硬是靠“磨破嘴皮、踏破门槛”的韧劲"));

    // A caption is moved out of its sentence by taking it away and putting it in.
    let cut = with_code(&marks, "S103")[0]["range"].clone();
    let actions = editor.actions("page.txt", &cut, json!(["quickfix"]));
    let join = actions.iter().find(|a| a["diagnostics"][0]["code"] == "S103").expect("a join");
    let fixed = sheet.edited(edits_of(join, &uri, 1));
    assert!(fixed.contains("“这样的位置，必须释放"), "{join}");
    let sorted = |text: &str| {
        let mut characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
        characters.sort_unstable();
        characters
    };
    assert_eq!(sorted(&fixed), sorted(&page), "no character is lost");
    assert_eq!(editor.leave(), 0);
}

#[test]
fn accepting_everything_gives_the_clean_text() {
    let (mut editor, page) = Editor::on_page();
    let (uri, mut text) = (editor.uri("page.txt"), page);
    let mut version = 1;
    let mut all = editor.actions(
        "page.txt",
        &json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } }),
        json!(["source.fixAll"]),
    );
    assert_eq!((all.len(), &all[0]["kind"]), (1, &json!("source.fixAll.kanwu")));
    text = Sheet::of(&text).edited(edits_of(&all[0], &uri, 1));
    assert!(text.contains("有效协同的工作机制"), "what is certain is joined");
    // Then one by one, the first choice of whatever the proofreader of the answers marks.
    let wanted = ["S101", "S103", "S104", "C103", "C104", "P101"];
    loop {
        version += 1;
        editor.change("page.txt", version, json!([{ "text": text }]));
        let marks = editor.marks("page.txt", version);
        let Some(mark) = marks.iter().find(|m| wanted.iter().any(|code| m["code"] == *code)) else {
            break;
        };
        assert!(version < 20, "it does not end: {mark}");
        all = editor.actions("page.txt", &mark["range"], json!(["quickfix"]));
        let id = &mark["data"]["id"];
        let first = all.iter().find(|a| &a["diagnostics"][0]["data"]["id"] == id);
        let first = first.unwrap_or_else(|| panic!("no action for {mark}"));
        text = Sheet::of(&text).edited(edits_of(first, &uri, version));
    }
    let clean = fs::read_to_string("samples/tianjin_daily.clean.txt").expect("the clean text");
    let paragraphs = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_string()).filter(|line| !line.is_empty()).collect()
    };
    assert_eq!(paragraphs(&text), paragraphs(&clean));
    assert_eq!(editor.leave(), 0);
}

/// What an editor types, and what stands in its window then.
#[derive(Clone, Debug)]
enum Typed {
    Part(usize, usize, String),
    Whole(String),
}

fn typed() -> impl Strategy<Value = Typed> {
    let piece = prop::sample::select(vec![
        "再接再励。",
        "𠮷野家",
        "😀",
        "👨‍👩‍👧",
        "e\u{301}",
        "\r\n",
        "\n",
        "\r",
        "甲",
        "，",
        "a",
        "",
    ]);
    let text = prop::collection::vec(piece, 0..6).prop_map(|parts| parts.concat());
    prop_oneof![
        8 => (any::<usize>(), any::<usize>(), text.clone()).prop_map(|(a, b, t)| Typed::Part(a, b, t)),
        1 => text.prop_map(Typed::Whole),
    ]
}

/// After any changes a mark stands where the window has the slip, and everything that the window has
/// is marked: the server holds the text of the editor.
#[test]
fn positions_stay_right_while_somebody_types() {
    let options = json!({ "select": ["W101"], "debounce": 0, "lines": true });
    let desk = RefCell::new((Editor::open(&[], able(), options), 0));
    let mut runner =
        TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let strategy = prop::collection::vec(typed(), 1..8);
    let outcome = runner.run(&strategy, |steps| {
        let (editor, version) = &mut *desk.borrow_mut();
        *version += 1;
        let start = "同志们再接再励。\r\n𠮷😀再接再励，二。\r";
        let mut sheet = Sheet::of(start);
        editor.open_text("a.txt", *version, start);
        let mut changes = Vec::new();
        for step in steps {
            match step {
                Typed::Whole(text) => {
                    sheet = Sheet::of(&text);
                    changes.push(json!({ "text": text }));
                }
                Typed::Part(a, b, text) => {
                    let place = |n: usize| {
                        let mut at = n % (sheet.0.len() + 1);
                        let cut = |at: usize| {
                            let (before, here) = (at.checked_sub(1), sheet.0.get(at));
                            let before = before.and_then(|at| sheet.0.get(at));
                            here.is_some_and(|unit| (0xdc00..0xe000).contains(unit))
                                || (before, here) == (Some(&13), Some(&10))
                        };
                        while cut(at) {
                            at -= 1;
                        }
                        at
                    };
                    let (a, b) = (place(a), place(b));
                    let (from, to) = (a.min(b), a.max(b));
                    changes.push(json!({ "range": sheet.range(from, to), "text": text }));
                    sheet.0.splice(from..to, text.encode_utf16());
                }
            }
            // Some changes come alone, some together.
            if changes.len() > 1 {
                *version += 1;
                editor.change("a.txt", *version, json!(changes));
                changes.clear();
            }
        }
        // At last something to find, behind whatever stands there.
        let end = sheet.0.len();
        let line = "\n𠮷同志们再接再励。";
        changes.push(json!({ "range": sheet.range(end, end), "text": line }));
        sheet.0.extend(line.encode_utf16());
        *version += 1;
        editor.change("a.txt", *version, json!(changes));
        let marks = editor.marks("a.txt", *version);
        for mark in &marks {
            prop_assert_eq!(sheet.at(&mark["range"]), "再接再励");
        }
        let last = sheet.unit(&marks[marks.len() - 1]["range"]["start"]);
        prop_assert_eq!(last, sheet.0.len() - "再接再励。".encode_utf16().count());
        let uri = editor.uri("a.txt");
        editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
        Ok(())
    });
    outcome.expect("positions are right");
    assert_eq!(desk.into_inner().0.leave(), 0);
}

#[test]
fn columns_are_those_agreed_on() {
    for (offered, agreed, column) in [
        (json!(["utf-32", "utf-16", "utf-8"]), "utf-8", 8),
        (json!(["utf-32"]), "utf-32", 2),
        (json!([]), "utf-16", 4),
    ] {
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = offered;
        let mut editor = Editor::start(Desk::new(), &[]);
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities });
        let result = editor.ask("initialize", params);
        assert_eq!(result["capabilities"]["positionEncoding"], agreed);
        editor.tell("initialized", json!({}));
        editor.open_text("a.txt", 7, "𠮷😀再接再励。");
        let marks = editor.marks("a.txt", 7);
        let start = &with_code(&marks, "W101")[0]["range"]["start"];
        assert_eq!(start, &json!({ "line": 0, "character": column }), "{agreed}");
        assert_eq!(editor.leave(), 0);
    }
}

#[test]
fn settings_are_those_of_the_nearest_file_and_follow_it() {
    let text = "同志们再接再励。";
    let mut editor = Editor::open(
        &[("old/kanwu.toml", "[rules]\nW101 = \"off\"\n"), ("kanwu.toml", "")],
        able(),
        Value::Null,
    );
    editor.open_text("a.txt", 1, text);
    editor.open_text("old/b.txt", 1, text);
    assert_eq!(with_code(&editor.marks("a.txt", 1), "W101").len(), 1);
    assert!(editor.marks("old/b.txt", 1).is_empty());
    let watched: Vec<String> = (0..2)
        .flat_map(|_| {
            let params = editor.asked_for("client/registerCapability");
            let watchers = &params["registrations"][0]["registerOptions"]["watchers"];
            watchers.as_array().cloned().unwrap_or_default()
        })
        .map(|watcher| watcher["globPattern"].as_str().expect("a glob").to_string())
        .collect();
    assert!(watched.contains(&"**/kanwu.toml".to_string()), "{watched:?}");

    // The file changes, then has a mistake, then is gone.
    let changed = |editor: &mut Editor| {
        let change = json!({ "uri": editor.uri("old/kanwu.toml"), "type": 2 });
        editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    };
    editor.desk.put("old/kanwu.toml", b"[rules]\nW101 = \"hint\"\n");
    changed(&mut editor);
    assert!(editor.marks("old/b.txt", 1).is_empty());
    editor.desk.put("old/kanwu.toml", b"[rules]\n\nC13 = \"hint\"\n");
    changed(&mut editor);
    let said = editor.told("window/showMessage", |_| true);
    assert!(said["message"].as_str().is_some_and(|m| m.contains("C103")), "{said}");
    let toml = editor.uri("old/kanwu.toml");
    let told = editor.told("textDocument/publishDiagnostics", |p| p["uri"] == toml.as_str());
    assert_eq!(told["diagnostics"].as_array().map(Vec::len), Some(1), "{told}");
    assert!(editor.marks("old/b.txt", 1).is_empty());
    editor.told.clear();
    fs::remove_file(editor.desk.path("old/kanwu.toml")).expect("it is there");
    changed(&mut editor);
    assert_eq!(with_code(&editor.marks("old/b.txt", 1), "W101").len(), 1);
    let told = editor.told("textDocument/publishDiagnostics", |p| p["uri"] == toml.as_str());
    assert_eq!(told["diagnostics"], json!([]));

    // The settings of the editor count before all files.
    editor.settings = json!({ "lang": "en", "level": "hint", "severity": { "auto": "error" } });
    editor.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    editor.told.clear();
    editor.told("textDocument/publishDiagnostics", |params| {
        let marks = params["diagnostics"].as_array().expect("a list");
        let is_english = |mark: &Value| {
            mark["message"].as_str().is_some_and(|m| m.contains("the word is written"))
        };
        marks.iter().any(|mark| is_english(mark) && mark["severity"] == 1)
    });
    editor.settings = json!({ "level": "all" });
    editor.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    let said = editor.told("window/showMessage", |_| true);
    assert!(said["message"].as_str().is_some_and(|m| m.contains("all")), "{said}");
    assert_eq!(editor.leave(), 0);
}

#[test]
fn a_word_is_allowed_in_a_table() {
    let files = [("kanwu.toml", "tables = [\"house.txt\"]\n"), ("house.txt", "# 本报用语")];
    let mut editor = Editor::open(&files, able(), Value::Null);
    editor.open_text("a.txt", 1, "这家商店就叫再接再励饭店。");
    let allow = |editor: &mut Editor| -> Vec<Value> {
        let marks = editor.marks("a.txt", 1);
        let mark = with_code(&marks, "W101").first().copied().cloned().expect("it is found");
        let actions = editor.actions("a.txt", &mark["range"], Value::Null);
        let is_allow = |action: &Value| action["command"]["command"] == "kanwu.allow";
        actions.into_iter().filter(is_allow).collect()
    };
    let actions = allow(&mut editor);
    assert_eq!(actions.len(), 2, "{actions:#?}");
    assert_eq!(actions[0]["title"], "一律不改：再接再励（写入 house.txt）");
    assert_eq!(actions[1]["title"], "一律不改：再接再励（写入 a.txt.kanwu）");
    assert_eq!(editor.desk.get("house.txt"), "# 本报用语", "nothing is written unasked");
    editor.told.clear();
    editor.execute(&actions[0]["command"]);
    assert_eq!(editor.desk.get("house.txt"), "# 本报用语\n再接再励=再接再励\n");
    let said = editor.told("window/showMessage", |_| true);
    assert!(said["message"].as_str().is_some_and(|m| m.contains("再接再励=再接再励")));
    assert!(with_code(&editor.marks("a.txt", 1), "W101").is_empty());

    // Where the house has no table of its own it is that of the reviewers.
    editor.desk.put("kanwu.toml", b"");
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    let actions = allow(&mut editor);
    editor.execute(&actions[0]["command"]);
    assert!(editor.desk.get(".kanwu/house.txt").ends_with("\n再接再励=再接再励\n"));
    assert!(with_code(&editor.marks("a.txt", 1), "W101").is_empty());
    assert_eq!(editor.leave(), 0);
}

#[test]
fn a_rejection_is_entered_and_holds() {
    let text = "同志们再接再励，夺取胜利。商店叫再接再励。";
    let options = json!({ "reviewer": "王" });
    let mut editor = Editor::open(&[("版/a.txt", text)], able(), options);
    editor.open_text("版/a.txt", 1, text);
    let marks = editor.marks("版/a.txt", 1);
    let found = with_code(&marks, "W101");
    assert_eq!(found.len(), 2);
    let actions = editor.actions("版/a.txt", &found[0]["range"], json!(["quickfix"]));
    let is_reject = |action: &&Value| action["command"]["command"] == "kanwu.reject";
    let reject = actions.iter().find(is_reject).expect("an action").clone();
    editor.told.clear();
    editor.execute(&reject["command"]);
    let left = editor.marks("版/a.txt", 1);
    assert_eq!(with_code(&left, "W101").len(), 1);
    assert_eq!(left[0]["data"]["id"], found[1]["data"]["id"]);
    let log = editor.desk.get(".kanwu/decisions.jsonl");
    let decision: Value = serde_json::from_str(&log).expect("one line of JSON");
    assert_eq!(decision["id"], found[0]["data"]["id"]);
    for (key, value) in [
        ("verdict", "reject"),
        ("reviewer", "王"),
        ("file", "版/a.txt"),
        ("rule", "W101"),
        ("wrong", "再接再励"),
    ] {
        assert_eq!(decision[key], value, "{log}");
    }
    // It also holds for `kanwu check`, and what is gone cannot be rejected again.
    let check = editor.desk.kanwu(&["check", "--no-general", "--format", "jsonl", "版"]);
    assert_eq!((check.code, check.err.as_str()), (1, ""));
    assert_eq!(check.out.matches("\"rule\":\"W101\"").count(), 1, "{}", check.out);
    let refused = json!({
        "command": "kanwu.reject", "arguments": reject["command"]["arguments"],
    });
    assert_eq!(editor.ask_in_vain("workspace/executeCommand", refused), -32803);
    assert_eq!(editor.desk.get(".kanwu/decisions.jsonl"), log);
    assert_eq!(editor.leave(), 0);
}

#[test]
fn the_manual_is_told_where_the_slip_is() {
    let (mut editor, _) = Editor::on_page();
    let hover = |editor: &mut Editor, line: u32, character: u32| {
        let position = json!({ "line": line, "character": character });
        let params =
            json!({ "textDocument": { "uri": editor.uri("page.txt") }, "position": position });
        editor.ask("textDocument/hover", params)
    };
    let told = hover(&mut editor, 55, 41);
    assert_eq!(told["contents"]["kind"], "markdown");
    let text = told["contents"]["value"].as_str().expect("text");
    for part in ["**C103 重字衍文**", "87%", "- 以以 → **以**", "*理由*"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(told["range"]["start"], json!({ "line": 55, "character": 40 }));
    assert_eq!(hover(&mut editor, 0, 0), Value::Null);
    assert_eq!(editor.leave(), 0);
}

/// Thirty thousand characters of one line: a debug build is at work for a while.
fn long_text() -> String {
    "同志们再接再厉，夺取更大的胜利。".repeat(4000)
}

#[test]
fn a_slow_check_holds_nothing_up() {
    let mut editor = Editor::open(&[], able(), json!({ "debounce": 0 }));
    editor.open_text("a.txt", 1, "再接再励。");
    editor.marks("a.txt", 1);
    editor.open_text("long.txt", 1, &long_text());
    let begun = Instant::now();
    let params = json!({
        "textDocument": { "uri": editor.uri("long.txt") },
        "position": { "line": 0, "character": 1 },
    });
    let waits = editor.begin("textDocument/hover", params.clone());
    editor.tell("$/cancelRequest", json!({ "id": waits }));
    let canceled = editor.answer(waits).response_result.expect_err("it is canceled");
    assert_eq!(canceled.code, -32800);
    // What waits for a text that changes is given up.
    let waits = editor.begin("textDocument/hover", params.clone());
    editor.change("long.txt", 2, json!([{ "text": long_text() + "二" }]));
    let modified = editor.answer(waits).response_result.expect_err("it is of no use");
    assert_eq!(modified.code, -32801);
    // What waits at the end is told so.
    let waits = editor.begin("textDocument/hover", params);
    let goodbye = editor.begin("shutdown", Value::Null);
    assert!(editor.answer(waits).response_result.is_err());
    assert!(editor.answer(goodbye).response_result.is_ok());
    editor.tell("exit", Value::Null);
    assert_eq!(editor.ended(), 0);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    let stale = |told: &Notification| {
        told.method.ends_with("publishDiagnostics") && told.params["version"] == 1
    };
    let long = editor.uri("long.txt");
    assert!(!editor.told.iter().any(|told| stale(told) && told.params["uri"] == long.as_str()));
}

#[test]
fn while_somebody_types_nothing_old_is_shown() {
    let mut editor = Editor::open(&[], able(), json!({ "debounce": 150 }));
    editor.open_text("a.txt", 1, "");
    editor.marks("a.txt", 1);
    for version in 2..=20 {
        editor.change("a.txt", version, json!([{ "text": "再接再励。".repeat(version as usize) }]));
        thread::sleep(Duration::from_millis(5));
    }
    let marks = editor.marks("a.txt", 20);
    assert!(!marks.is_empty());
    let shown = editor.told.iter().filter(|told| told.method.ends_with("publishDiagnostics"));
    assert!(shown.count() <= 1, "hardly anything between is checked: {:?}", editor.told);
    assert_eq!(editor.leave(), 0);
}

#[test]
fn an_editor_may_ask_for_marks() {
    let mut editor = Editor::open(&[], able(), json!({ "pull": true }));
    editor.open_text("a.txt", 1, "再接再励。");
    let params = json!({ "textDocument": { "uri": editor.uri("a.txt") } });
    let report = editor.ask("textDocument/diagnostic", params.clone());
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"][0]["code"], "W101");
    let unknown = json!({ "textDocument": { "uri": "file:///nowhere" } });
    assert_eq!(editor.ask("textDocument/diagnostic", unknown)["items"], json!([]));
    let published = |told: &Notification| told.method == "textDocument/publishDiagnostics";
    assert!(!editor.told.iter().any(published));
    assert_eq!(editor.leave(), 0);
}

#[test]
fn everything_certain_is_put_right_by_a_command() {
    let mut editor = Editor::open(&[], json!({ "workspace": { "applyEdit": true } }), Value::Null);
    let text = "同志们再接再励，夺取更大的胜利。";
    editor.open_text("a.txt", 1, text);
    let nowhere =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let actions = editor.actions("a.txt", &nowhere, Value::Null);
    // This editor knows commands only.
    let command = actions.iter().find(|a| a["command"] == "kanwu.fixAll").expect("a command");
    editor.execute(&command.clone());
    let asked = editor.asked_for("workspace/applyEdit");
    let edits = asked["edit"]["changes"][editor.uri("a.txt").as_str()].as_array();
    assert_eq!(Sheet::of(text).edited(edits.expect("edits")), text.replace("励", "厉"));
    let code = editor.ask_in_vain(
        "workspace/executeCommand",
        json!({ "command": "kanwu.fixAll", "arguments": [{ "uri": "file:///nowhere" }] }),
    );
    assert_eq!(code, -32803);
    assert_eq!(editor.leave(), 0);
}

#[test]
fn a_layout_file_is_marked_in_its_own_words() {
    let hocr = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">\
        <head><title></title><meta name=\"ocr-system\" content=\"tesseract 5\"/></head>\n\
        <body><div class=\"ocr_page\" title=\"bbox 0 0 900 900\"><p class=\"ocr_par\" title=\"bbox 0 0 900 60\">\
        <span class=\"ocr_line\" title=\"bbox 10 10 890 50\">\
        <span class=\"ocrx_word\" title=\"bbox 10 10 890 50\">同志们再接再励。</span>\
        </span></p></div></body></html>\n";
    let mut editor = Editor::open(&[], able(), Value::Null);
    editor.open_text("page.hocr", 1, hocr);
    let marks = editor.marks("page.hocr", 1);
    let mark = with_code(&marks, "W101").first().copied().cloned().expect("it is found");
    let sheet = Sheet::of(hocr);
    assert_eq!(sheet.at(&mark["range"]), "再接再励");
    let actions = editor.actions("page.hocr", &mark["range"], json!(["quickfix"]));
    let fixed = sheet.edited(edits_of(&actions[0], &editor.uri("page.hocr"), 1));
    assert_eq!(fixed, hocr.replace("再接再励", "再接再厉"));
    assert_eq!(editor.leave(), 0);
}

#[test]
fn garbage_does_no_harm() {
    let mut editor = Editor::start(Desk::new(), &["--stdio"]);
    let early = json!({ "textDocument": { "uri": "file:///a" } });
    assert_eq!(editor.ask_in_vain("textDocument/hover", early), -32002);
    for noise in
        ["Content-Length: 9\r\n\r\n{\"a\": [1,", "nonsense\r\n\r\n", "Content-Length: x\r\n\r\n"]
    {
        let input = editor.input.as_mut().expect("it is open");
        input.write_all(noise.as_bytes()).expect("the server listens");
    }
    assert_eq!(editor.ask_in_vain("initialize", json!([])), -32602);
    let capabilities = able();
    let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities,
        "initializationOptions": ["what"] });
    editor.ask("initialize", params.clone());
    assert_eq!(editor.ask_in_vain("initialize", params), -32600);
    editor.told("window/showMessage", |_| true);
    editor.tell("initialized", json!({}));
    assert_eq!(editor.ask_in_vain("textDocument/rename", json!({})), -32601);
    let broken: BTreeMap<&str, Value> = BTreeMap::from([
        ("textDocument/didOpen", json!({ "textDocument": { "uri": 3 } })),
        ("textDocument/didChange", json!(null)),
        ("textDocument/didClose", json!({ "textDocument": { "uri": "file:///b" } })),
        ("$/cancelRequest", json!({ "id": [] })),
        ("$/whatever", json!({})),
        ("workspace/didChangeConfiguration", json!({ "settings": 3 })),
        ("workspace/didChangeWatchedFiles", json!({ "changes": 3 })),
    ]);
    for (method, params) in broken {
        editor.tell(method, params);
    }
    assert_eq!(editor.ask_in_vain("workspace/executeCommand", json!({ "command": "rm" })), -32602);
    assert_eq!(editor.ask_in_vain("textDocument/codeAction", json!({})), -32602);
    editor.open_text("a.txt", 1, "再接再励。");
    let far = u32::MAX;
    let range = json!({ "start": { "line": far, "character": far }, "end": { "line": 0, "character": far } });
    editor.change("a.txt", 2, json!([{ "range": range, "text": "再接再励。" }]));
    assert_eq!(with_code(&editor.marks("a.txt", 2), "W101").len(), 2);
    // A text that was never saved is checked as well.
    let item = json!({ "uri": "untitled:Untitled-1", "languageId": "plaintext", "version": 1,
        "text": "再接再励。" });
    editor.tell("textDocument/didOpen", json!({ "textDocument": item }));
    editor.told("textDocument/publishDiagnostics", |p| p["uri"] == "untitled:Untitled-1");
    assert_eq!(editor.leave(), 0);
}

#[test]
fn leaving_without_goodbye_ends_with_one() {
    let mut editor = Editor::open(&[], able(), Value::Null);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.ended(), 1);
    let mut editor = Editor::open(&[], able(), Value::Null);
    editor.input = None;
    assert_eq!(editor.ended(), 1);
    let mut editor = Editor::open(&[], able(), Value::Null);
    editor.ask("shutdown", Value::Null);
    assert_eq!(editor.ask_in_vain("shutdown", Value::Null), -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.ended(), 0);
}
