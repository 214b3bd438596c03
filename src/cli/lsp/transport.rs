//! Messages over standard input and output.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use lsp_server::Message;

use super::Event;

/// The longest message that is read, in bytes: a text of that size is no page any more.
const LONGEST: usize = 1 << 30;

/// The longest line of a header.
const LONGEST_HEADER: u64 = 4096;

/// What one message of the other side came to.
enum Heard {
    Message(Message),
    /// It could not be understood; the next one can.
    Garbage(String),
    /// There is nothing more to hear.
    End,
}

/// Reads standard input until it ends, on a thread of its own that nobody waits for.
pub(super) fn listen(events: Sender<Event>) {
    thread::spawn(move || {
        let mut input = BufReader::new(io::stdin());
        loop {
            let event = match read(&mut input) {
                Heard::Message(message) => Event::Message(message),
                Heard::Garbage(problem) => Event::Garbage(problem),
                Heard::End => Event::End,
            };
            let ended = matches!(event, Event::End);
            if events.send(event).is_err() || ended {
                return;
            }
        }
    });
}

/// Writes to standard output what is sent to it, on a thread of its own: an editor that does not
/// read for a while stops nothing. The thread ends when nobody can send any more.
pub(super) fn speak() -> (Sender<Message>, JoinHandle<()>) {
    let (sender, messages): (Sender<Message>, Receiver<Message>) = channel();
    let writer = thread::spawn(move || {
        let mut output = io::stdout().lock();
        for message in messages {
            // When nobody listens, the end of standard input follows.
            if message.write(&mut output).is_err() {
                return;
            }
        }
    });
    (sender, writer)
}

/// Reads one message. Of what is none so much is passed over that the next one is found.
fn read(input: &mut impl BufRead) -> Heard {
    match read_body(input) {
        Ok(Some(body)) => match serde_json::from_slice(&body) {
            Ok(message) => Heard::Message(message),
            Err(error) => Heard::Garbage(error.to_string()),
        },
        Ok(None) => Heard::End,
        Err(error) if error.kind() == ErrorKind::InvalidData => Heard::Garbage(error.to_string()),
        Err(_) => Heard::End,
    }
}

/// Reads a header and as many bytes as it says; `None` at the end.
fn read_body(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let invalid = |problem: String| io::Error::new(ErrorKind::InvalidData, problem);
    let mut length = None;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            break;
        }
        match text.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                let value = value.trim().parse().ok().filter(|length| *length <= LONGEST);
                length = Some(value.ok_or_else(|| invalid(format!("{text:?} is no length")))?);
            }
            Some(_) => {}
            None => return Err(invalid(format!("{text:?} is no header"))),
        }
    }
    let length = length.ok_or_else(|| invalid("a header without Content-Length".to_string()))?;
    let mut body = Vec::new();
    // Read as it comes, so that a length that is a lie takes no memory.
    input.by_ref().take(length as u64).read_to_end(&mut body)?;
    if body.len() < length { Ok(None) } else { Ok(Some(body)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is heard of `bytes`: methods of messages, `?` for garbage.
    fn heard(bytes: &[u8]) -> Vec<String> {
        let (mut input, mut heard) = (bytes, Vec::new());
        loop {
            heard.push(match read(&mut input) {
                Heard::Message(Message::Notification(message)) => message.method,
                Heard::Message(message) => format!("{message:?}"),
                Heard::Garbage(_) => "?".to_string(),
                Heard::End => return heard,
            });
        }
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn behind_garbage_the_next_message_is_heard() {
        let good = framed("{\"jsonrpc\":\"2.0\",\"method\":\"好\"}");
        assert_eq!(heard(good.as_bytes()), ["好"]);
        let broken = framed("{\"method\":");
        assert_eq!(heard((broken + &good).as_bytes()), ["?", "好"]);
        let noise = "hello\r\nContent-Length: -1\r\n".to_string() + &good;
        assert_eq!(heard(noise.as_bytes()), ["?", "?", "好"]);
        let lowercase = good.replace("Content-Length", "Content-Type: x\r\ncontent-length");
        assert_eq!(heard(lowercase.as_bytes()), ["好"]);
        let nameless = "\r\n".to_string() + &good;
        assert_eq!(heard(nameless.as_bytes()), ["?", "好"]);
        let mut bytes = framed("1234").into_bytes();
        bytes.extend([0xff, 0xfe, b'\n']);
        bytes.extend(good.as_bytes());
        assert_eq!(heard(&bytes), ["?", "?", "好"]);
    }

    #[test]
    fn what_is_cut_short_is_the_end() {
        assert!(heard(b"").is_empty());
        assert!(heard(b"Content-Length: 5\r\n\r\n{}").is_empty());
        assert!(heard(b"Content-Length: 1000000000\r\n\r\n{}").is_empty());
        assert_eq!(heard(b"Content-Length: 99999999999999999999\r\n\r\n"), ["?", "?"]);
    }
}
