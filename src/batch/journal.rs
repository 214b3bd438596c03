//! What a run has done, kept beside its output, so that the next run goes on from there.
//!
//! The folder of the journal holds
//! - `lock`: held by the run that writes there; the system lets go of it when the process dies;
//! - `journal.jsonl`: a header, then an [`Entry`] a line, in the order in which texts were done;
//!   of two entries about the same text the later counts;
//! - `records-N.jsonl`: the lines of the report of each text; the header says which file it is;
//! - `drafts`: files being written. What a killed run left there is removed.
//!
//! An output is on the disk before its records are written, and its records before its entry. An
//! entry therefore never promises what is not there, and what stands behind the last whole entry
//! when a run was cut off is cut off too: it is done again, with the same result.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

use crate::apply::Draft;
use crate::emit::json::{FailureRecord, FileRecord};
use crate::error::{Error, Result};

/// A hash of 128 bits (XXH3), 32 hexadecimal digits in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Digest(pub u128);

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, out: S) -> std::result::Result<S::Ok, S::Error> {
        out.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(input: D) -> std::result::Result<Self, D::Error> {
        let digits = String::deserialize(input)?;
        u128::from_str_radix(&digits, 16).map(Self).map_err(serde::de::Error::custom)
    }
}

/// The hash of some bytes.
pub fn hash(bytes: &[u8]) -> Digest {
    Digest(xxh3_128(bytes))
}

/// The hash of a file, read in pieces.
///
/// # Errors
/// [`Error::Io`] when it cannot be read.
pub fn hash_file(path: &Path) -> Result<Digest> {
    let fail = |cause| Error::io(path, cause);
    let mut file = File::open(path).map_err(fail)?;
    let mut piece = vec![0; 1 << 16];
    let mut hasher = Xxh3::new();
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(Digest(hasher.digest128())),
            Ok(length) => hasher.update(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(fail(error)),
        }
    }
}

/// Which text of an output tree an entry is about: a hash of its path in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place(u64);

impl Place {
    /// The place of the text at `path`, below the root of the tree.
    pub fn of(path: &Path) -> Self {
        Self(xxh3_64(path.as_os_str().as_encoded_bytes()))
    }
}

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It was corrected and written.
    Done(FileRecord),
    /// It could not be; the next run tries again.
    Failed(FailureRecord),
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where the text stands in the output tree.
    pub place: Place,
    /// Hash of all else that the result depends on: settings, dictionaries, models, evidence.
    pub key: Digest,
    /// Hash of the input; that of nothing where it could not be read.
    pub input: Digest,
    /// Hash of the output; `None` where nothing was written.
    pub output: Option<Digest>,
    /// What became of it.
    pub outcome: Outcome,
    /// Where its lines stand in the file of records.
    records: Stretch,
}

/// Bytes of the file of records, with their hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stretch {
    start: u64,
    bytes: u64,
    hash: Digest,
}

impl Entry {
    /// An entry; its records are added when it is written.
    pub fn new(
        place: Place,
        key: Digest,
        input: Digest,
        output: Option<Digest>,
        outcome: Outcome,
    ) -> Self {
        Self { place, key, input, output, outcome, records: Stretch::default() }
    }

    /// The file as it was named to kanwu.
    pub fn file(&self) -> &str {
        match &self.outcome {
            Outcome::Done(record) => &record.file,
            Outcome::Failed(record) => &record.file,
        }
    }

    /// Hash of its records.
    pub fn records_hash(&self) -> Digest {
        self.records.hash
    }
}

/// The first line of a journal.
#[derive(Serialize, Deserialize)]
struct Header {
    /// Version of the format.
    kanwu_journal: u32,
    /// Name of the file of records.
    records: String,
}

const VERSION: u32 = 1;
const JOURNAL: &str = "journal.jsonl";
const LOCK: &str = "lock";
const DRAFTS: &str = "drafts";

/// Where a line of the journal stands.
#[derive(Clone, Copy)]
struct Line {
    start: u64,
    bytes: u32,
}

/// What earlier runs did. It does not change while a run goes on.
pub struct Past {
    path: PathBuf,
    journal: Mutex<File>,
    lines: FxHashMap<Place, Line>,
}

impl Past {
    /// The latest entry about a text.
    ///
    /// # Errors
    /// [`Error::Io`] when the journal cannot be read.
    pub fn find(&self, place: Place) -> Result<Option<Entry>> {
        let Some(line) = self.lines.get(&place) else { return Ok(None) };
        let mut bytes = vec![0; line.bytes as usize];
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        read_at(&mut journal, line.start, &mut bytes).map_err(|e| Error::io(&self.path, e))?;
        Ok(serde_json::from_slice(&bytes).ok())
    }
}

/// The journal of an output folder, open for a run.
pub struct Journal {
    folder: PathBuf,
    /// Held as long as the journal is.
    _lock: File,
    journal: Appended,
    records: Appended,
    /// Number of the file of records.
    number: u32,
    /// Lines written by this run.
    lines: Vec<(Place, Line)>,
    written: Instant,
}

/// A file that grows at its end, with what is not yet in it.
struct Appended {
    path: PathBuf,
    file: File,
    /// Bytes of the file, those not yet in it included.
    length: u64,
    /// Of those, the ones that are on the disk for certain.
    settled: u64,
    waiting: Vec<u8>,
}

impl Appended {
    fn open(path: PathBuf, length: u64) -> Result<Self> {
        let fail = |cause| Error::io(&path, cause);
        let mut file = OpenOptions::new();
        let mut file =
            file.read(true).write(true).create(true).truncate(false).open(&path).map_err(fail)?;
        file.set_len(length).map_err(fail)?;
        file.seek(SeekFrom::End(0)).map_err(fail)?;
        Ok(Self { path, file, length, settled: length, waiting: Vec::new() })
    }

    /// Adds what `bytes` holds and says where it stands.
    fn add(&mut self, mut bytes: impl Read) -> Result<Stretch> {
        let start = self.length;
        let mut out = Hashed::new(&mut *self);
        let copied = io::copy(&mut bytes, &mut out);
        let hash = out.digest();
        let bytes = copied.map_err(|cause| Error::io(&self.path, cause))?;
        Ok(Stretch { start, bytes, hash })
    }

    /// Bytes that are not on the disk for certain.
    fn unsettled(&self) -> u64 {
        self.length - self.settled
    }

    /// Returns when everything is on the disk.
    fn settle(&mut self) -> Result<()> {
        if self.unsettled() == 0 {
            return Ok(());
        }
        let synced = self.flush().and_then(|()| self.file.sync_data());
        synced.map_err(|cause| Error::io(&self.path, cause))?;
        self.settled = self.length;
        Ok(())
    }
}

impl Write for Appended {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        self.length += bytes.len() as u64;
        if self.waiting.len() >= FLUSH_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

/// Writes and hashes.
pub struct Hashed<W> {
    out: W,
    hasher: Xxh3,
}

impl<W: Write> Hashed<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, hasher: Xxh3::new() }
    }

    /// The hash of what was written.
    pub fn digest(&self) -> Digest {
        Digest(self.hasher.digest128())
    }

    /// What was written to.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.out.write(bytes)?;
        self.hasher.update(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Entries wait so long at most, and so many bytes of records, before they are written: a disk
/// that turns round takes a hundredth of a second for each time it must be sure.
const FLUSH_AFTER: Duration = Duration::from_millis(500);
const FLUSH_BYTES: usize = 1 << 20;

impl Journal {
    /// Opens the journal in `folder`, which is made if it is not there, and heals what a run that
    /// was cut off left behind.
    ///
    /// # Errors
    /// [`Error::Usage`] when another run has it open, [`Error::Table`] when it is of another
    /// version, [`Error::Io`] when it cannot be read or written.
    pub fn open(folder: &Path) -> Result<(Past, Self)> {
        let drafts = folder.join(DRAFTS);
        fs::create_dir_all(&drafts).map_err(|cause| Error::io(&drafts, cause))?;
        let lock = lock(folder)?;
        for entry in fs::read_dir(&drafts).map_err(|cause| Error::io(&drafts, cause))?.flatten() {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
        let path = folder.join(JOURNAL);
        let found = Found::read(folder, &path)?;
        remove_other_records(folder, found.number);
        let name = records_name(found.number);
        let records = Appended::open(folder.join(&name), found.records_end)?;
        let mut journal = Appended::open(path.clone(), found.end)?;
        if found.end == 0 {
            journal.add(&*header(&name))?;
            journal.settle()?;
        }
        let read = File::open(&path).map_err(|cause| Error::io(&path, cause))?;
        let past = Past { path, journal: Mutex::new(read), lines: found.lines };
        let folder = folder.to_path_buf();
        let (lines, written, number) = (Vec::new(), Instant::now(), found.number);
        Ok((past, Self { folder, _lock: lock, journal, records, number, lines, written }))
    }

    /// The folder where files of the output tree are drafted.
    pub fn drafts(&self) -> PathBuf {
        self.folder.join(DRAFTS)
    }

    /// Adds an entry, with the lines it has in the report.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk takes no more, or `records` cannot be read.
    pub fn add(&mut self, mut entry: Entry, records: impl Read) -> Result<()> {
        entry.records = self.records.add(records)?;
        let line = line(&entry);
        let start = self.journal.add(&*line)?.start;
        self.lines.push((entry.place, Line { start, bytes: line.len() as u32 }));
        let full = self.records.unsettled() + self.journal.unsettled() >= FLUSH_BYTES as u64;
        if full || self.written.elapsed() >= FLUSH_AFTER { self.flush() } else { Ok(()) }
    }

    /// Returns when all entries are on the disk.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk takes no more.
    pub fn flush(&mut self) -> Result<()> {
        self.records.settle()?;
        self.journal.settle()?;
        self.written = Instant::now();
        Ok(())
    }

    /// Writes everything to the disk; what this run did belongs to the past then.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk takes no more.
    pub fn settle(&mut self, past: &mut Past) -> Result<()> {
        self.flush()?;
        past.lines.extend(self.lines.drain(..));
        Ok(())
    }

    /// Copies the records of an entry to `out`.
    ///
    /// # Errors
    /// [`Error::Table`] when they are not what was written, which is known only when they are
    /// copied; [`Error::Io`] when they cannot be.
    pub fn copy_records(&mut self, entry: &Entry, out: &mut dyn Write) -> Result<()> {
        let fail = |cause| Error::io(&self.records.path, cause);
        let Stretch { start, bytes, hash: written } = entry.records;
        let file = &mut self.records.file;
        file.seek(SeekFrom::Start(start)).map_err(fail)?;
        let mut out = Hashed::new(out);
        let copied = io::copy(&mut file.take(bytes), &mut out);
        copied.map_err(|cause| Error::io("<report>", cause))?;
        file.seek(SeekFrom::End(0)).map_err(fail)?;
        if out.digest() != written {
            let name = self.records.path.display().to_string();
            let problem = format!("the lines about {} are damaged; remove the file", entry.file());
            return Err(Error::table(name, 0, problem));
        }
        Ok(())
    }

    /// Writes journal and records anew without what later entries have replaced, when that is
    /// more than the rest. Call it when everything has settled.
    ///
    /// # Errors
    /// [`Error::Io`] when the disk takes no more; the old journal holds then.
    pub fn compact(&mut self, past: &mut Past) -> Result<()> {
        let live: u64 = past.lines.values().map(|line| u64::from(line.bytes)).sum();
        if self.journal.length < 2 * live + SMALL {
            return Ok(());
        }
        let mut places: Vec<(Place, Line)> = past.lines.iter().map(|(p, l)| (*p, *l)).collect();
        places.sort_by_key(|(_, line)| line.start);
        let name = records_name(self.number + 1);
        let path = self.folder.join(&name);
        let mut records = BufWriter::new(File::create(&path).map_err(|e| Error::io(&path, e))?);
        let mut journal = Draft::within(&self.drafts())?;
        let fail = |cause| Error::io(&path, cause);
        let mut end = 0;
        let header = header(&name);
        journal.write_all(&header).map_err(fail)?;
        let mut lines = FxHashMap::default();
        let mut journal_end = header.len() as u64;
        for (place, _) in places {
            let Some(mut entry) = past.find(place)? else { continue };
            self.copy_records(&entry, &mut records)?;
            entry.records.start = end;
            end += entry.records.bytes;
            let line = line(&entry);
            journal.write_all(&line).map_err(fail)?;
            lines.insert(place, Line { start: journal_end, bytes: line.len() as u32 });
            journal_end += line.len() as u64;
        }
        let records = records.into_inner().map_err(|error| fail(error.into_error()))?;
        records.sync_all().map_err(fail)?;
        journal.put(&past.path)?;
        self.number += 1;
        self.records = Appended::open(path, end)?;
        self.journal = Appended::open(past.path.clone(), journal_end)?;
        let read = File::open(&past.path).map_err(|cause| Error::io(&past.path, cause))?;
        past.journal = Mutex::new(read);
        past.lines = lines;
        remove_other_records(&self.folder, self.number);
        Ok(())
    }
}

/// A journal of so many bytes is not worth compacting.
const SMALL: u64 = 1 << 16;

/// Takes the lock, or says who has it.
fn lock(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|cause| Error::io(&path, cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let folder = folder.parent().unwrap_or(folder).display();
            Err(Error::Usage(format!("another run of kanwu is writing to {folder}; stopped")))
        }
        Err(TryLockError::Error(cause)) => Err(Error::io(&path, cause)),
    }
}

/// A journal as a run finds it.
struct Found {
    /// Bytes up to the end of the last whole entry.
    end: u64,
    lines: FxHashMap<Place, Line>,
    /// The same in the file of records.
    records_end: u64,
    number: u32,
}

impl Found {
    fn read(folder: &Path, path: &Path) -> Result<Self> {
        let mut found = Self { end: 0, lines: FxHashMap::default(), records_end: 0, number: 1 };
        let fail = |cause| Error::io(path, cause);
        let mut journal = match File::open(path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(fail(error)),
        };
        let mut line = Vec::new();
        journal.read_until(b'\n', &mut line).map_err(fail)?;
        let header: Header = match serde_json::from_slice(&line) {
            Ok(header) if line.ends_with(b"\n") => header,
            // The run was cut off before it had done anything.
            _ => return Ok(found),
        };
        if header.kanwu_journal != VERSION {
            let problem = "written by another version of kanwu; choose another output folder, or \
                           remove the file to do everything anew";
            return Err(Error::table(path.display().to_string(), 1, problem));
        }
        found.number = number_of(&header.records).unwrap_or(1);
        found.end = line.len() as u64;
        let records = fs::metadata(folder.join(&header.records)).map_or(0, |m| m.len());
        loop {
            line.clear();
            journal.read_until(b'\n', &mut line).map_err(fail)?;
            let Some(entry) = whole_entry(&line, records) else { return Ok(found) };
            let bytes = line.len() as u32;
            found.lines.insert(entry.place, Line { start: found.end, bytes });
            found.end += line.len() as u64;
            found.records_end = found.records_end.max(entry.records.start + entry.records.bytes);
        }
    }
}

/// The entry on a line that was written to its end, and its records too.
fn whole_entry(line: &[u8], records: u64) -> Option<Entry> {
    let line = line.strip_suffix(b"\n")?;
    let entry: Entry = serde_json::from_slice(line).ok()?;
    (entry.records.start.checked_add(entry.records.bytes)? <= records).then_some(entry)
}

fn header(records: &str) -> Vec<u8> {
    line(&Header { kanwu_journal: VERSION, records: records.to_string() })
}

fn line(value: &impl Serialize) -> Vec<u8> {
    let mut line = serde_json::to_vec(value).expect("strings and numbers can always be written");
    line.push(b'\n');
    line
}

fn records_name(number: u32) -> String {
    format!("records-{number}.jsonl")
}

fn number_of(name: &str) -> Option<u32> {
    name.strip_prefix("records-")?.strip_suffix(".jsonl")?.parse().ok()
}

/// Removes files of records that the journal does not name: of a run that was cut off while it
/// wrote them anew.
fn remove_other_records(folder: &Path, number: u32) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let other = entry.file_name().to_str().and_then(number_of).is_some_and(|n| n != number);
        if other {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn read_at(file: &mut File, start: u64, bytes: &mut [u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::Tally;
    use crate::emit::json::Status;

    fn entry(name: &str, version: u8) -> Entry {
        let record = FileRecord {
            file: name.to_string(),
            status: Status::Changed,
            bytes: u64::from(version),
            tally: Tally::default(),
        };
        let place = Place::of(Path::new(name));
        let output = Some(hash(&[version, 1]));
        Entry::new(place, hash(b"key"), hash(&[version]), output, Outcome::Done(record))
    }

    fn records(name: &str, version: u8) -> io::Cursor<String> {
        io::Cursor::new(format!("{name} {version}\n").repeat(3))
    }

    fn report(journal: &mut Journal, past: &mut Past, names: &[&str]) -> String {
        journal.settle(past).expect("the disk takes it");
        let mut out = Vec::new();
        for name in names {
            let entry = past.find(Place::of(Path::new(name))).expect("the journal can be read");
            journal.copy_records(&entry.expect("it is there"), &mut out).expect("records");
        }
        String::from_utf8(out).expect("records are text")
    }

    #[test]
    fn the_latest_entry_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut past, mut journal) = Journal::open(folder.path()).expect("a new journal");
        journal.add(entry("a", 1), records("a", 1)).expect("added");
        journal.add(entry("b", 1), records("b", 1)).expect("added");
        assert_eq!(report(&mut journal, &mut past, &["b", "a"]), "b 1\nb 1\nb 1\na 1\na 1\na 1\n");
        drop(journal);
        let (mut past, mut journal) = Journal::open(folder.path()).expect("the same journal");
        journal.add(entry("a", 2), records("a", 2)).expect("added");
        assert_eq!(report(&mut journal, &mut past, &["a", "b"]), "a 2\na 2\na 2\nb 1\nb 1\nb 1\n");
    }

    #[test]
    fn a_journal_cut_anywhere_is_healed() {
        let whole = tempfile::tempdir().expect("a folder");
        let (_, mut journal) = Journal::open(whole.path()).expect("a new journal");
        for version in 1..4 {
            journal.add(entry("a", version), records("a", version)).expect("added");
        }
        journal.flush().expect("the disk takes it");
        drop(journal);
        let bytes = |name: &str| fs::read(whole.path().join(name)).expect("it is there");
        let (lines, stretch) = (bytes(JOURNAL), bytes("records-1.jsonl"));
        for cut in 0..=lines.len() {
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join(JOURNAL), &lines[..cut]).expect("written");
            fs::write(folder.path().join("records-1.jsonl"), &stretch).expect("written");
            let (mut past, mut journal) = Journal::open(folder.path()).expect("it is healed");
            for version in 1..4 {
                journal.add(entry("a", version), records("a", version)).expect("added");
            }
            assert_eq!(report(&mut journal, &mut past, &["a"]), "a 3\na 3\na 3\n");
        }
        // The records may be shorter than what the entries promise.
        for cut in 0..=stretch.len() {
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join(JOURNAL), &lines).expect("written");
            fs::write(folder.path().join("records-1.jsonl"), &stretch[..cut]).expect("written");
            let (mut past, mut journal) = Journal::open(folder.path()).expect("it is healed");
            journal.add(entry("a", 9), records("a", 9)).expect("added");
            assert_eq!(report(&mut journal, &mut past, &["a"]), "a 9\na 9\na 9\n");
        }
    }

    #[test]
    fn long_records_do_not_wait_in_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let (_, mut journal) = Journal::open(folder.path()).expect("a new journal");
        let line = "a line of the report\n";
        let long = line.repeat(3 * FLUSH_BYTES / line.len());
        let before_entry = journal.records.add(long.as_bytes()).expect("the disk takes it");
        assert!(journal.records.waiting.len() < FLUSH_BYTES);
        assert_eq!(before_entry.bytes, long.len() as u64);
        drop(journal);
        // Records without an entry are those of a run that was cut off: they are cut off too.
        let (mut past, mut journal) = Journal::open(folder.path()).expect("it is healed");
        assert_eq!(journal.records.length, 0);
        journal.add(entry("a", 1), long.as_bytes()).expect("added");
        drop(journal.settle(&mut past));
        drop((journal, past));
        let (mut past, mut journal) = Journal::open(folder.path()).expect("the same journal");
        assert_eq!(report(&mut journal, &mut past, &["a"]), long);
    }

    #[test]
    fn damaged_records_are_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut past, mut journal) = Journal::open(folder.path()).expect("a new journal");
        journal.add(entry("a", 1), records("a", 1)).expect("added");
        journal.settle(&mut past).expect("the disk takes it");
        fs::write(folder.path().join("records-1.jsonl"), b"a 1\na 2\na 1\n").expect("written");
        let entry = past.find(Place::of(Path::new("a"))).expect("read").expect("it is there");
        assert!(journal.copy_records(&entry, &mut Vec::new()).is_err());
    }

    #[test]
    fn a_second_run_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = Journal::open(folder.path()).expect("a new journal");
        assert!(matches!(Journal::open(folder.path()), Err(Error::Usage(_))));
        drop(held);
        assert!(Journal::open(folder.path()).is_ok());
    }

    #[test]
    fn what_was_replaced_is_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut past, mut journal) = Journal::open(folder.path()).expect("a new journal");
        for version in 0..255 {
            journal.add(entry("a", version), records("a", version)).expect("added");
            journal.add(entry("b", version), records("b", version)).expect("added");
        }
        journal.add(entry("c", 1), records("c", 1)).expect("added");
        let before = report(&mut journal, &mut past, &["a", "b", "c"]);
        journal.compact(&mut past).expect("the disk takes it");
        let size = fs::metadata(folder.path().join(JOURNAL)).expect("it is there").len();
        assert!(size < 2000, "{size}");
        assert!(!folder.path().join("records-1.jsonl").exists());
        assert_eq!(report(&mut journal, &mut past, &["a", "b", "c"]), before);
        journal.add(entry("b", 7), records("b", 7)).expect("added");
        drop(journal.settle(&mut past));
        drop((journal, past));
        let (mut past, mut journal) = Journal::open(folder.path()).expect("the same journal");
        let after = report(&mut journal, &mut past, &["a", "b", "c"]);
        assert_eq!(after, before.replace("b 254", "b 7"));
    }
}
