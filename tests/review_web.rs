//! `kanwu review --web` as a client meets it: who is let in, and what is on the disk when an answer
//! comes.

#![cfg(feature = "web")]

mod desk;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use desk::Desk;
use serde_json::{Value, json};

const PAGE: &str = "传统发展难以以为继。\n昨日，居民⼀致赞成。\n今日，居民⼀致赞成。\n";

/// A running server, ended with the test.
struct Server {
    child: Child,
    port: u16,
    token: String,
    desk: Desk,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Server {
    fn start(args: &[&str]) -> Self {
        Self::on(Desk::with(&[("page.txt", PAGE)]), args)
    }

    fn on(desk: Desk, args: &[&str]) -> Self {
        let all = [&["review", "--web", "--port", "0", "--reviewer", "赵"], args, &["page.txt"]];
        let mut command = desk.command(env!("CARGO_BIN_EXE_kanwu"), &all.concat());
        let spawned = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.as_mut().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("an address");
        let (address, token) = line.trim().split_once("/?token=").expect("an address with a token");
        let port = address.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        Self { child, port, token: token.to_string(), desk }
    }

    /// Sends bytes as they are, and reads until the server closes.
    fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers and closes");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_string() }
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn cookie(&self) -> String {
        format!("Cookie: kanwu_{}={}\r\n", self.port, self.token)
    }

    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let (host, length) = (self.host(), body.len());
        self.raw(&format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    fn get(&self, path: &str) -> Value {
        let answer = self.send("GET", path, &self.cookie(), "");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).expect("an answer in JSON")
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        let (cookie, host) = (self.cookie(), self.host());
        let headers =
            format!("{cookie}Origin: http://{host}\r\nContent-Type: application/json\r\n");
        self.send("POST", path, &headers, &body.to_string())
    }

    fn decide(&self, reviewer: &str, index: usize, verdict: Value) -> Value {
        let body = json!({ "reviewer": reviewer, "index": index, "verdict": verdict });
        let answer = self.post("/api/decide", &body);
        assert_eq!(answer.status, 200, "{}", answer.body);
        serde_json::from_str(&answer.body).expect("an answer in JSON")
    }

    fn states(&self) -> String {
        self.get("/api/states").as_str().expect("letters").to_string()
    }

    fn log(&self) -> Vec<Value> {
        let text = self.desk.get(".kanwu/decisions.jsonl");
        text.lines().map(|line| serde_json::from_str(line).expect("a decision")).collect()
    }

    /// The indices of the suggestions by the characters that are wrong.
    fn about(&self, wrong: &str) -> Vec<usize> {
        let rows = self.get("/api/rows?of=0,1,2,3,4,5");
        let rows = rows.as_array().expect("rows").iter();
        let about = rows.filter(|row| row["wrong"] == wrong);
        about.map(|row| row["index"].as_u64().expect("a number") as usize).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn accept() -> Value {
    json!({ "verdict": "accept", "choice": 1 })
}

#[test]
fn only_who_has_the_token_gets_in() {
    let server = Server::start(&[]);
    for path in ["/", "/api/desk", "/api/blocks?from=0&count=1", "/api/events", "/scan/0/1"] {
        let answer = server.send("GET", path, "", "");
        assert_eq!(answer.status, 401, "{path}");
        assert!(!answer.body.contains("难以"), "{path}");
    }
    let wrong = format!("Cookie: kanwu_{}={}\r\n", server.port, "0".repeat(64));
    assert_eq!(server.send("GET", "/api/desk", &wrong, "").status, 401);
    assert_eq!(server.send("GET", "/?token=no", "", "").status, 401);

    let answer = server.send("GET", &format!("/?token={}", server.token), "", "");
    assert_eq!(answer.status, 200);
    for part in ["httponly", "samesite=strict", "refresh: 0; url=/"] {
        assert!(answer.head.contains(part), "{part} in {}", answer.head);
    }
    assert_eq!(server.send("GET", "/", &server.cookie(), "").status, 200);
}

#[test]
fn every_answer_keeps_the_page_to_itself() {
    let server = Server::start(&[]);
    for (path, cookie) in [("/", server.cookie()), ("/nothing", String::new())] {
        let head = server.send("GET", path, &cookie, "").head;
        assert!(head.contains("content-security-policy: default-src 'none'; script-src 'self'"));
        assert!(!head.contains("unsafe"), "{head}");
        for header in ["nosniff", "no-referrer", "x-frame-options: deny", "no-store"] {
            assert!(head.contains(header), "{header} in {head}");
        }
    }
    // Nothing in the page is loaded from elsewhere or written between its tags.
    let page = server.send("GET", "/", &server.cookie(), "").body;
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("style="));
}

#[test]
fn another_name_is_not_this_server() {
    let server = Server::start(&[]);
    let (port, cookie) = (server.port, server.cookie());
    for host in ["evil.example".to_string(), format!("evil.example:{port}"), "127.0.0.1:1".into()] {
        let answer = server.raw(&format!(
            "GET /api/desk HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{cookie}\r\n"
        ));
        assert_eq!(answer.status, 421, "{host}");
    }
    let none = server.raw(&format!("GET /api/desk HTTP/1.0\r\n{cookie}\r\n"));
    assert_eq!(none.status, 421);
    let local = server.raw(&format!(
        "GET /api/desk HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n{cookie}\r\n"
    ));
    assert_eq!(local.status, 200);
}

#[test]
fn another_page_cannot_decide() {
    let server = Server::start(&[]);
    let body = json!({ "reviewer": "王", "index": 0, "verdict": accept() }).to_string();
    let json = "Content-Type: application/json\r\n";
    let (cookie, host) = (server.cookie(), server.host());
    let origins = [
        String::new(),
        "Origin: http://evil.example\r\n".to_string(),
        "Origin: null\r\n".to_string(),
        format!("Origin: https://{host}\r\n"),
        format!("Origin: http://localhost:{}\r\n", server.port),
    ];
    for origin in origins {
        let answer = server.send("POST", "/api/decide", &format!("{cookie}{json}{origin}"), &body);
        assert_eq!(answer.status, 403, "{origin}");
    }
    let own = format!("Origin: http://{host}\r\n");
    let form = "Content-Type: text/plain\r\n";
    let answer = server.send("POST", "/api/decide", &format!("{cookie}{form}{own}"), &body);
    assert_eq!(answer.status, 415, "a form of another page cannot send JSON");
    let answer = server.send("POST", "/api/decide", &format!("{json}{own}"), &body);
    assert_eq!(answer.status, 401, "without the cookie");
    let read = format!("{cookie}Origin: http://evil.example\r\n");
    assert_eq!(server.send("GET", "/api/desk", &read, "").status, 403);
    let read = format!("{cookie}Sec-Fetch-Site: cross-site\r\n");
    assert_eq!(server.send("GET", "/api/desk", &read, "").status, 403);
    assert_eq!(server.log(), Vec::<Value>::new());
}

#[test]
fn what_is_no_request_is_refused_and_decides_nothing() {
    let server = Server::start(&[]);
    let (cookie, host) = (server.cookie(), server.host());
    let own = format!("{cookie}Origin: http://{host}\r\n");
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        assert_eq!(server.send(method, "/api/decide", &own, "").status, 405, "{method}");
    }
    assert_eq!(server.send("GET", "/api/decide", &cookie, "").status, 405);
    let bodies = [
        "",
        "{",
        r#"{"reviewer":"王","index":0}"#,
        r#"{"reviewer":"王","index":-1,"verdict":{"verdict":"reject"}}"#,
        r#"{"reviewer":"王","index":0,"verdict":{"verdict":"burn"}}"#,
        r#"{"reviewer":"王","index":0,"verdict":{"verdict":"applied"}}"#,
        r#"{"reviewer":" ","index":0,"verdict":{"verdict":"reject"}}"#,
        r#"{"reviewer":"a\nb","index":0,"verdict":{"verdict":"reject"}}"#,
        r#"{"reviewer":"王","index":0,"verdict":{"verdict":"accept","choice":0}}"#,
        r#"{"reviewer":"王","index":0,"verdict":{"verdict":"accept","choice":99}}"#,
        r#"{"reviewer":"王","index":999999,"verdict":{"verdict":"reject"}}"#,
    ];
    let json = format!("{own}Content-Type: application/json\r\n");
    for body in bodies {
        let answer = server.send("POST", "/api/decide", &json, body);
        assert!((400..=422).contains(&answer.status), "{body}: {}", answer.status);
    }
    let long = json!({ "reviewer": "王".repeat(400_000), "index": 0 }).to_string();
    assert_eq!(server.send("POST", "/api/decide", &json, &long).status, 413);
    for path in ["/api/suggestion?index=99", "/api/alike?index=99", "/scan/0/1", "/scan/9/0"] {
        assert_eq!(server.send("GET", path, &cookie, "").status, 404, "{path}");
    }
    assert_eq!(server.send("GET", "/page/..%2fmod.rs", &cookie, "").status, 404);

    // A body that ends in the middle: the client has gone.
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
    let torn = format!(
        "POST /api/decide HTTP/1.1\r\nHost: {host}\r\nContent-Length: 400\r\n{json}\r\n\
         {{\"reviewer\":\"王\",\"index\":0,\"verdict\":{{\"verdict\":\"reject\"}}}}"
    );
    stream.write_all(torn.as_bytes()).expect("it reads");
    drop(stream);
    assert!(server.states().bytes().all(|state| state == b'o'));
    assert_eq!(server.log(), Vec::<Value>::new());
}

#[test]
fn a_decision_is_on_the_disk_when_it_is_answered_and_after_a_kill() {
    let mut server = Server::start(&[]);
    let doubled = server.about("以以")[0];
    let answer = server.decide("王", doubled, accept());
    let log = server.log();
    assert_eq!(log.len(), 1);
    assert_eq!((&log[0]["reviewer"], &log[0]["right"]), (&json!("王"), &json!("以")));
    assert_eq!(answer["changes"]["states"], json!([[doubled, "a"]]));
    let runs = answer["block"]["runs"].as_array().expect("runs");
    assert!(runs.iter().any(|run| run[1] == 1 && run[2] == doubled), "{runs:?}");

    server.child.kill().expect("it runs");
    server.child.wait().expect("it ends");
    let again = Server::on(std::mem::replace(&mut server.desk, Desk::new()), &[]);
    assert_eq!(again.states().as_bytes()[doubled], b'a');
    assert_ne!(again.token, server.token);
    let old = format!("Cookie: kanwu_{}={}\r\n", again.port, server.token);
    assert_eq!(again.send("GET", "/api/desk", &old, "").status, 401);
}

#[test]
fn all_alike_are_decided_but_those_left_out_and_taken_back_at_one_stroke() {
    let server = Server::start(&[]);
    let alike = server.about("⼀");
    assert_eq!(alike.len(), 2);
    let shown = server.get(&format!("/api/alike?index={}", alike[0]));
    assert_eq!(shown["count"], 2);
    assert_eq!(shown["rows"][1]["index"], alike[1]);
    let mut body = json!({ "reviewer": "王", "index": alike[0], "verdict": accept(), "all": true });
    assert_eq!(server.post("/api/decide", &body).status, 200);
    let letters = || -> String {
        let states = server.states();
        alike.iter().map(|index| states.as_bytes()[*index] as char).collect()
    };
    assert_eq!(letters(), "aa");
    assert_eq!(server.post("/api/undo", &json!({ "reviewer": "李" })).status, 200);
    assert_eq!(letters(), "aa", "李 has said nothing");
    assert_eq!(server.post("/api/undo", &json!({ "reviewer": "王" })).status, 200);
    assert_eq!(letters(), "oo");
    body["except"] = json!([alike[1]]);
    assert_eq!(server.post("/api/decide", &body).status, 200);
    assert_eq!(letters(), "ao");
}

#[test]
fn two_reviewers_hear_of_each_other_and_settle() {
    let server = Server::start(&[]);
    let doubled = server.about("以以")[0];
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
    let (host, cookie) = (server.host(), server.cookie());
    let request =
        format!("GET /api/events?reviewer=%E6%9D%8E HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut news = BufReader::new(stream);
    let mut hear = |words: &str| {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(news.read_line(&mut line).expect("news in time"), 0);
        }
    };
    hear("李");
    let start = Instant::now();
    server.decide("王", doubled, accept());
    hear(&format!("\"states\":[[{doubled},\"a\"]]"));
    // Somebody at a terminal writes into the same log.
    let id = server.get(&format!("/api/suggestion?index={doubled}"))["id"].clone();
    let line =
        json!({ "id": id, "verdict": "reject", "reviewer": "孙", "at": "2100-01-01T00:00:00Z" });
    let path = server.desk.path(".kanwu/decisions.jsonl");
    let mut log = fs::OpenOptions::new().append(true).open(path).expect("the log");
    writeln!(log, "{line}").expect("it can be written to");
    hear(&format!("\"by\":\"孙\",\"count\":1,\"states\":[[{doubled},\"c\"]]"));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());

    let detail = server.get(&format!("/api/suggestion?index={doubled}"));
    assert_eq!(detail["conflict"].as_array().map(Vec::len), Some(2));
    let body = json!({
        "reviewer": "李", "index": doubled, "verdict": { "verdict": "reject" }, "settles": true,
    });
    assert_eq!(server.post("/api/decide", &body).status, 200);
    hear(&format!("[[{doubled},\"r\"]]"));
    assert_eq!(server.states().as_bytes()[doubled], b'r');
}

#[test]
fn what_is_decided_in_the_browser_is_applied() {
    let server = Server::start(&[]);
    let own = json!({ "verdict": "replace", "text": "难以" });
    server.decide("王", server.about("以以")[0], own);
    let alike = server.about("⼀");
    server.decide("王", alike[0], accept());
    server.decide("王", alike[1], json!({ "verdict": "reject" }));
    let views = ["before", "after", "marked"].map(|view| {
        let blocks = server.get(&format!("/api/blocks?from=0&count=9&view={view}"));
        let runs = blocks.as_array().expect("blocks").iter().flat_map(|block| {
            let runs = block["runs"].as_array().expect("runs").clone();
            runs.into_iter().map(|run| (run[0].as_str().expect("text").to_string(), run[1].clone()))
        });
        runs.filter(|(_, kind)| view == "marked" || *kind != 1).map(|(text, _)| text).collect()
    });
    let [before, after, _]: [String; 3] = views;
    assert_eq!(before, PAGE);
    let run = server.desk.kanwu(&["apply", "-o", "out.txt"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let applied = server.desk.get("out.txt");
    assert_eq!(applied, after, "the page shows what apply writes");
    assert_eq!(applied, "传统发展难难以为继。\n昨日，居民一致赞成。\n今日，居民⼀致赞成。\n");
}

#[test]
fn a_word_is_always_allowed() {
    let server = Server::start(&[]);
    let doubled = server.about("以以")[0];
    let answer = server.post("/api/allow", &json!({ "reviewer": "王", "index": doubled }));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(server.desk.get(".kanwu/house.txt").contains("以以=以以"));
    assert_eq!(server.states().as_bytes()[doubled], b'r');
}

#[test]
fn words_are_found_across_lines() {
    let server = Server::start(&[]);
    assert_eq!(server.get("/api/search?words=%E4%BC%A0%E7%BB%9F"), json!([0]));
    let none = server.send("GET", "/api/search?words=", &server.cookie(), "");
    assert_eq!(none.status, 400);
    let queue = server.get("/api/queue?rule=C103");
    assert_eq!(queue, json!(server.about("以以")));
    assert_eq!(server.get("/api/queue?state=ar"), json!([]));
}

#[test]
fn a_password_opens_the_door_and_a_wrong_one_takes_its_time() {
    let desk =
        Desk::with(&[("page.txt", PAGE), ("secret", "correct horse\n"), ("short", "1234\n")]);
    let short = desk.kanwu(&["review", "--web", "--password-file", "short", "page.txt"]);
    assert_eq!(short.code, 2, "{}", short.err);
    let server = Server::on(desk, &["--password-file", "secret"]);
    let answer = server.send("GET", "/", "", "");
    assert!(answer.status == 401 && answer.body.contains("type=\"password\""));
    let log_in = |words: &str| {
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let headers = format!("{form}Origin: http://{}\r\n", server.host());
        server.send("POST", "/login", &headers, &format!("password={words}"))
    };
    let start = Instant::now();
    assert_eq!(log_in("wrong").status, 401);
    assert!(start.elapsed() >= Duration::from_secs(1));
    let answer = log_in("correct+horse");
    assert!(answer.status == 200 && answer.head.contains("set-cookie: kanwu_"), "{}", answer.head);
    let foreign =
        "Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://evil.example\r\n";
    assert_eq!(server.send("POST", "/login", foreign, "password=correct+horse").status, 403);
}

#[test]
fn another_address_says_what_it_means() {
    let mut server = Server::start(&["--listen", "0.0.0.0"]);
    assert_eq!(server.states().len(), server.get("/api/queue").as_array().map_or(0, Vec::len));
    server.child.kill().expect("it runs");
    let mut said = String::new();
    let err = server.child.stderr.as_mut().expect("it is piped");
    err.read_to_string(&mut said).expect("UTF-8");
    assert!(
        said.contains("other machines can connect") && said.contains("not encrypted"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn it_ends_cleanly_while_pages_are_open() {
    let mut server = Server::start(&[]);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
    let (host, cookie) = (server.host(), server.cookie());
    let request = format!("GET /api/events HTTP/1.1\r\nHost: {host}\r\n{cookie}\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    BufReader::new(&stream).read_line(&mut String::new()).expect("an answer");
    let id = server.child.id().to_string();
    let killed = std::process::Command::new("kill").args(["-INT", &id]).status();
    assert!(killed.expect("kill runs").success());
    let start = Instant::now();
    let status = server.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert!(start.elapsed() < Duration::from_secs(5));
    let mut said = String::new();
    server.child.stderr.as_mut().expect("it is piped").read_to_string(&mut said).expect("UTF-8");
    assert!(said.contains("of 3 suggestions are decided on"), "{said}");
}
