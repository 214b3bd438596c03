//! The log of decisions: lines of JSON that are only ever added to.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::decision::Decision;
use crate::error::{Error, Result};

/// Digits of an identity.
const ID_DIGITS: usize = 16;

/// What stands in a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// The decisions, in the order of their lines.
    pub decisions: Vec<Decision>,
    /// Lines that are no decisions.
    pub damaged: Vec<DamagedLine>,
}

/// A line of a log that cannot be read, as a power cut leaves one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedLine {
    /// Its number, from 1.
    pub number: usize,
    /// What of it is text.
    pub text: String,
}

impl Log {
    /// Reads lines of JSON. Blank lines are passed over; one that is no decision hides no other.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut log = Self::default();
        log.add(bytes, 1);
        log
    }

    /// Adds the lines of `bytes`, the first of which has the number `first`. Gives the number of
    /// the line behind them.
    fn add(&mut self, bytes: &[u8], first: usize) -> usize {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut number = first;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = line.trim_ascii();
            if !line.is_empty() {
                match serde_json::from_slice(line) {
                    Ok(decision) => self.decisions.push(decision),
                    Err(_) => self.damaged.push(DamagedLine {
                        number,
                        text: String::from_utf8_lossy(line).into_owned(),
                    }),
                }
            }
            number += 1;
        }
        number
    }

    /// The identities that damaged lines name. What was decided on them there cannot be known, so
    /// that nothing of what was decided before should be carried out.
    pub fn doubtful(&self) -> BTreeSet<&str> {
        self.damaged.iter().flat_map(|line| identities(&line.text)).collect()
    }
}

/// The runs of hexadecimal digits that are as long as an identity.
fn identities(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|character: char| !matches!(character, '0'..='9' | 'a'..='f'));
    runs.filter(|run| run.len() == ID_DIGITS)
}

/// Reads the log at `path`; one that is not there is empty.
///
/// # Errors
/// [`Error::Io`] with the path.
pub fn read_log(path: &Path) -> Result<Log> {
    match fs::read(path) {
        Ok(bytes) => Ok(Log::parse(&bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Log::default()),
        Err(error) => Err(Error::io(path, error)),
    }
}

/// A log that is being added to, by this program and perhaps by others.
#[derive(Debug)]
pub struct DecisionLog {
    path: PathBuf,
    file: File,
    /// Bytes and lines read so far.
    read: u64,
    line: usize,
}

impl DecisionLog {
    /// Opens the log at `path`, and makes it with its folder where there is none.
    ///
    /// # Errors
    /// [`Error::Io`] with the path.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|cause| Error::io(folder, cause))?;
        }
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = file.map_err(|cause| Error::io(path, cause))?;
        let mut log = Self { path: path.to_path_buf(), file, read: 0, line: 1 };
        log.append(&[])?;
        Ok(log)
    }

    /// Adds decisions, and returns when they are on the disk. A line that an earlier program did
    /// not finish is ended first, so that it spoils no other.
    ///
    /// # Errors
    /// [`Error::Io`] with the path; then a part of them may be there.
    pub fn append(&mut self, decisions: &[Decision]) -> Result<()> {
        let lines = lines(decisions);
        self.file.lock().map_err(|cause| Error::io(&self.path, cause))?;
        let written = self.ends_torn().and_then(|torn| {
            let bytes = if torn { [b"\n", lines.as_slice()].concat() } else { lines };
            if bytes.is_empty() {
                return Ok(());
            }
            self.file.write_all(&bytes)?;
            self.file.sync_data()
        });
        let unlocked = self.file.unlock();
        written.and(unlocked).map_err(|cause| Error::io(&self.path, cause))
    }

    fn ends_torn(&mut self) -> std::io::Result<bool> {
        if self.file.seek(SeekFrom::End(0))? == 0 {
            return Ok(false);
        }
        self.file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        self.file.read_exact(&mut last)?;
        Ok(last[0] != b'\n')
    }

    /// What has been added since the last call, whoever added it; at first, all there is. A last
    /// line without an end is still being written.
    ///
    /// # Errors
    /// [`Error::Io`] with the path.
    pub fn read_new(&mut self) -> Result<Log> {
        let mut bytes = Vec::new();
        let read = self.file.seek(SeekFrom::Start(self.read));
        let read = read.and_then(|_| self.file.read_to_end(&mut bytes));
        read.map_err(|cause| Error::io(&self.path, cause))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let mut log = Log::default();
        self.line = log.add(&bytes[..whole], self.line);
        self.read += whole as u64;
        Ok(log)
    }
}

/// Decisions as lines of JSON.
pub fn lines(decisions: &[Decision]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for decision in decisions {
        serde_json::to_writer(&mut bytes, decision).expect("a decision is plain data");
        bytes.push(b'\n');
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Verdict;

    fn decision(id: &str) -> Decision {
        Decision::new(id, Verdict::Reject)
    }

    #[test]
    fn a_torn_line_spoils_no_other() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("desk/decisions.jsonl");
        let mut log = DecisionLog::open(&path).expect("a new log");
        log.append(&[decision("a"), decision("b")]).expect("it can be written to");
        let mut whole = fs::read(&path).expect("it is there");
        whole.extend(br#"{"id":"0123456789abcdef","verd"#);
        fs::write(&path, &whole).expect("it can be written to");
        log.append(&[decision("c")]).expect("it can be written to");

        let read = read_log(&path).expect("it is there");
        assert_eq!(read.decisions, ["a", "b", "c"].map(decision));
        assert_eq!(read.damaged[0].number, 3);
        assert_eq!(read.doubtful(), BTreeSet::from(["0123456789abcdef"]));
    }

    #[test]
    fn what_others_add_is_seen_line_by_line() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("decisions.jsonl");
        let mut mine = DecisionLog::open(&path).expect("a new log");
        let mut theirs = DecisionLog::open(&path).expect("the same");
        theirs.append(&[decision("a")]).expect("it can be written to");
        assert_eq!(mine.read_new().expect("it is there").decisions, ["a"].map(decision));
        let half = br#"{"id":"b","verdict":"#;
        theirs.file.write_all(half).expect("it can be written to");
        assert_eq!(mine.read_new().expect("it is there"), Log::default());
        theirs.file.write_all(b"\"reject\"}\n").expect("it can be written to");
        mine.append(&[decision("c")]).expect("it can be written to");
        assert_eq!(mine.read_new().expect("it is there").decisions, ["b", "c"].map(decision));
    }

    #[test]
    fn any_bytes_are_a_log() {
        let bytes = b"\xef\xbb\xbf{\"id\":\"a\",\"verdict\":\"reject\"}\r\n\r\n\xff\xfe\n[1]\n{}";
        let log = Log::parse(bytes);
        assert_eq!(log.decisions, ["a"].map(decision));
        assert_eq!(log.damaged.iter().map(|line| line.number).collect::<Vec<_>>(), [3, 4, 5]);
    }
}
