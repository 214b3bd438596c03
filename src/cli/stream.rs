//! `kanwu stream`: texts in as JSON lines, corrected texts and findings out as JSON lines.

use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Exit;
use super::args::{Opening, StreamArgs};
use super::console::Console;
use super::input::Input;
use super::settings::{Rejected, Settings};
use kanwu::apply::Written;
use kanwu::batch::{self, Fix, Form, Window, survive};
use kanwu::emit::json::{FailureKind, FailureRecord};
use kanwu::emit::words;
use kanwu::{Error, Result, Source};

/// Name of texts that have none in messages.
const NAMELESS: &str = "<stream>";

/// A line that comes in: one of `text` and `path`.
#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    text: Option<String>,
    path: Option<PathBuf>,
}

/// A line that goes out.
#[derive(Serialize)]
struct Answer {
    /// What the line that came in was called, whatever that is.
    id: Value,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    Fixed {
        text: String,
        changed: bool,
        applied: u64,
        left: u64,
        /// Records as in the report of `kanwu fix`.
        suggestions: Vec<Value>,
        /// Mistakes in the switches of the text.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        notes: Vec<String>,
    },
    Failed {
        error: Failure,
    },
}

#[derive(Serialize)]
struct Failure {
    kind: FailureKind,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte: Option<u64>,
    /// Number of the line that came in, from 1.
    line: usize,
}

/// Runs the command.
pub(crate) fn run(args: &StreamArgs, console: &mut Console) -> Result<Exit> {
    // Records have no place of their own: the settings are those of the working folder.
    let here = Input::listed(PathBuf::from(NAMELESS), args.opening);
    let settings = Settings::new(&args.texts, std::slice::from_ref(&here), Rejected::Quiet)?;
    if args.texts.show_settings {
        console.print(|out| settings.show(out))?;
        return Ok(Exit::Done);
    }
    let pipeline = settings.pipeline(&here)?;
    let fix = Fix {
        pipeline: &pipeline,
        reading: args.texts.reading(),
        level: args.level,
        min_confidence: args.texts.min_confidence,
        form: Form::Same,
        written: Written::Utf8,
        language: console.language,
    };
    let longest = (args.longest_record as usize) << 20;
    let lines = Lines { input: BufReader::new(io::stdin()), longest, number: 0, ended: false };
    let (mut records, mut failed) = (0, 0);
    let answer = |line: Line| answer(&fix, args.opening, line);
    batch::in_order(lines, Window::of_threads(), answer, |answer| {
        records += 1;
        failed += usize::from(matches!(answer.outcome, Outcome::Failed { .. }));
        console.print(|out| {
            serde_json::to_writer(&mut *out, &answer)?;
            writeln!(out)
        })?;
        // Whoever sends the next text may be waiting for the answer to this one.
        console.flush()
    })?;
    console.summary(&words::streamed(records, failed, console.language));
    Ok(Exit::Done)
}

/// A line of the input.
struct Line {
    /// From 1.
    number: usize,
    /// The bytes, or why they are not there.
    bytes: std::result::Result<Vec<u8>, String>,
}

/// The lines of the input that are not empty. No more of a line is held than may be.
struct Lines<R> {
    input: R,
    longest: usize,
    number: usize,
    ended: bool,
}

impl<R: BufRead> Lines<R> {
    fn read(&mut self) -> io::Result<Option<std::result::Result<Vec<u8>, String>>> {
        let mut line = Vec::new();
        let limit = self.longest as u64 + 1;
        if self.input.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.len() > self.longest && !line.ends_with(b"\n") {
            self.input.skip_until(b'\n')?;
            return Ok(Some(Err(format!("the line is longer than {} bytes", self.longest))));
        }
        Ok(Some(Ok(line)))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = (u64, Line);

    fn next(&mut self) -> Option<(u64, Line)> {
        while !self.ended {
            self.number += 1;
            let bytes = self.read().unwrap_or_else(|error| {
                self.ended = true;
                Some(Err(format!("standard input: {error}")))
            })?;
            let weight = bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
            if bytes.as_ref().is_ok_and(|bytes| bytes.trim_ascii().is_empty()) {
                continue;
            }
            return Some((weight, Line { number: self.number, bytes }));
        }
        None
    }
}

fn answer(fix: &Fix<'_>, opening: Opening, line: Line) -> Answer {
    let number = line.number;
    let parsed = line.bytes.and_then(|bytes| {
        serde_json::from_slice::<Question>(&bytes).map_err(|error| error.to_string())
    });
    let question = match parsed {
        Ok(question) => question,
        Err(problem) => {
            let error = Error::table(NAMELESS, number, problem);
            return failed(Value::Null, number, &error);
        }
    };
    let id = question.id.clone();
    let fixed = survive(|| fixed(fix, opening, question, number));
    let name = id.as_str().unwrap_or(NAMELESS).to_string();
    match fixed.unwrap_or_else(|problem| Err(Error::Panic { name, problem })) {
        Ok(outcome) => Answer { id, outcome },
        Err(error) => failed(id, number, &error),
    }
}

fn fixed(fix: &Fix<'_>, opening: Opening, question: Question, number: usize) -> Result<Outcome> {
    let source = match (question.text, question.path) {
        (Some(text), None) => Source::new(question.id.as_str().unwrap_or(NAMELESS), text),
        (None, Some(path)) => Input::listed(path, opening).read(fix.pipeline.config().encoding)?,
        _ => {
            let problem = "a record has either \"text\" or \"path\"";
            return Err(Error::table(NAMELESS, number, problem));
        }
    };
    let (mut text, mut records) = (Vec::new(), Vec::new());
    let (tally, notes) =
        fix.write(&source, &mut text, &mut records).map_err(|e| Error::io("<memory>", e))?;
    let text = String::from_utf8(text).expect("a text corrected is a text");
    let lines = records.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let suggestions = lines.map(|line| serde_json::from_slice(line).expect("a record is JSON"));
    Ok(Outcome::Fixed {
        changed: tally.applied > 0,
        text,
        applied: tally.applied,
        left: tally.left,
        suggestions: suggestions.collect(),
        notes,
    })
}

fn failed(id: Value, line: usize, error: &Error) -> Answer {
    let FailureRecord { kind, message, byte, .. } = FailureRecord::new(NAMELESS, error);
    Answer { id, outcome: Outcome::Failed { error: Failure { kind, message, byte, line } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &str, longest: usize) -> Vec<(usize, std::result::Result<String, String>)> {
        let lines = Lines { input: input.as_bytes(), longest, number: 0, ended: false };
        let text = |bytes| String::from_utf8(bytes).expect("text").trim_end().to_string();
        lines.map(|(_, line)| (line.number, line.bytes.map(text))).collect()
    }

    #[test]
    fn a_line_too_long_is_passed_over() {
        let found = lines("一\n\n二二二二二\n三", 7);
        assert_eq!(found[0], (1, Ok("一".to_string())));
        assert!(found[1].0 == 3 && found[1].1.is_err());
        assert_eq!(found[2], (4, Ok("三".to_string())));
        assert_eq!(found.len(), 3);
    }
}
