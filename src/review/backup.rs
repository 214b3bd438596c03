//! What files were before decisions were applied to them, so that this can be undone.
//!
//! ```text
//! .kanwu/applied/2026-01-02T08-30-00.000000001Z/
//!     files.jsonl     one line for each file, written before the file is changed
//!     0, 1, …         their old bytes
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::apply::write_atomically;
use crate::batch::{Digest, hash, hash_file};
use crate::error::{Error, Result};

/// The list of files in the folder of a backup.
const LIST: &str = "files.jsonl";

/// What follows the name of a backup that was put back.
const UNDONE: &str = ".undone";

/// A file whose old bytes are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// The file, as it was named to kanwu.
    pub path: PathBuf,
    /// Name of the old bytes in the folder.
    kept: String,
    /// Hash of the old bytes.
    before: Digest,
    /// Hash of the new ones.
    after: Digest,
    /// Identities of the suggestions carried out.
    pub ids: Vec<String>,
}

/// A backup that is being made.
pub struct Backup {
    folder: PathBuf,
    at: Timestamp,
    list: Mutex<List>,
}

struct List {
    file: File,
    kept: usize,
}

impl Backup {
    /// Begins a backup in a new folder below `root`, called after the time.
    ///
    /// # Errors
    /// [`Error::Io`] with the folder.
    pub fn begin(root: &Path, at: Timestamp) -> Result<Self> {
        let folder = root.join(at.to_string().replace(':', "-"));
        fs::create_dir_all(&folder).map_err(|cause| Error::io(&folder, cause))?;
        let path = folder.join(LIST);
        let file = OpenOptions::new().append(true).create_new(true).open(&path);
        let file = file.map_err(|cause| Error::io(&path, cause))?;
        Ok(Self { folder, at, list: Mutex::new(List { file, kept: 0 }) })
    }

    /// When it was begun.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Keeps the `old` bytes of a file that is about to become `new`; returns when they are on the
    /// disk.
    ///
    /// # Errors
    /// [`Error::Io`] with the file that cannot be written; then the file itself must stay as it is.
    ///
    /// # Panics
    /// When a thread has panicked here before.
    pub fn keep(&self, path: &Path, old: &[u8], new: &[u8], ids: Vec<String>) -> Result<()> {
        let mut list = self.list.lock().expect("no thread panics while it holds the list");
        let kept = list.kept.to_string();
        write_atomically(&self.folder.join(&kept), old)?;
        let (path, before, after) = (path.to_path_buf(), hash(old), hash(new));
        let mut line = serde_json::to_vec(&KeptFile { path, kept, before, after, ids })
            .map_err(|error| Error::Apply(error.to_string()))?;
        line.push(b'\n');
        let written = list.file.write_all(&line).and_then(|()| list.file.sync_data());
        written.map_err(|cause| Error::io(self.folder.join(LIST), cause))?;
        list.kept += 1;
        Ok(())
    }

    /// Ends it. One in which nothing is kept leaves nothing behind.
    ///
    /// # Errors
    /// [`Error::Io`] with the folder.
    ///
    /// # Panics
    /// When a thread has panicked in [`Self::keep`].
    pub fn end(self) -> Result<()> {
        let list = self.list.into_inner().expect("no thread panics while it holds the list");
        if list.kept > 0 {
            return Ok(());
        }
        fs::remove_dir_all(&self.folder).map_err(|cause| Error::io(&self.folder, cause))
    }
}

/// A backup that can be put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    folder: PathBuf,
    /// When it was made.
    pub at: Timestamp,
    /// Its files, in the order they were changed.
    pub files: Vec<KeptFile>,
}

/// What has become of a file that was to be put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restored {
    /// Its old bytes stand there again.
    Done,
    /// They still stood there.
    Unchanged,
    /// It has been changed since, and stays as it is.
    Changed,
}

impl Kept {
    /// The last backup below `root` that was not put back.
    ///
    /// # Errors
    /// [`Error::Io`] with the path, [`Error::Table`] for a list with a mistake.
    pub fn last(root: &Path) -> Result<Option<Self>> {
        let entries = match fs::read_dir(root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io(root, error)),
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let last = names.filter_map(|name| Some((time(&name)?, name))).max();
        let Some((at, name)) = last else { return Ok(None) };
        let folder = root.join(name);
        let path = folder.join(LIST);
        let text = fs::read_to_string(&path).map_err(|cause| Error::io(&path, cause))?;
        let mut files = Vec::new();
        for (number, line) in (1..).zip(text.split_inclusive('\n')) {
            match serde_json::from_str(line) {
                Ok(file) => files.push(file),
                // A line that was not finished: its file was not changed yet.
                Err(_) if !line.ends_with('\n') => {}
                Err(error) => {
                    let name = path.display().to_string();
                    return Err(Error::table(name, number, error.to_string()));
                }
            }
        }
        Ok(Some(Self { folder, at, files }))
    }

    /// Puts a file back, unless it has been changed since.
    ///
    /// # Errors
    /// [`Error::Io`] with the path, [`Error::Apply`] when the old bytes are not what was kept.
    pub fn restore(&self, file: &KeptFile) -> Result<Restored> {
        let now = hash_file(&file.path)?;
        if now == file.before {
            return Ok(Restored::Unchanged);
        }
        if now != file.after {
            return Ok(Restored::Changed);
        }
        let kept = self.folder.join(&file.kept);
        let old = fs::read(&kept).map_err(|cause| Error::io(&kept, cause))?;
        if hash(&old) != file.before {
            let problem = "it is not what was kept of the file";
            return Err(Error::Apply(format!("{}: {problem}", kept.display())));
        }
        write_atomically(&file.path, &old)?;
        Ok(Restored::Done)
    }

    /// Marks the backup as put back; its files stay.
    ///
    /// # Errors
    /// [`Error::Io`] with the folder.
    pub fn close(self) -> Result<()> {
        let mut name = self.folder.clone().into_os_string();
        name.push(UNDONE);
        fs::rename(&self.folder, name).map_err(|cause| Error::io(&self.folder, cause))
    }
}

/// The time a folder is called after; `None` for another, or one that was put back.
fn time(name: &str) -> Option<Timestamp> {
    let (day, hours) = name.split_once('T')?;
    format!("{day}T{}", hours.replace('-', ":")).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::new(second, 5).expect("within the range of times")
    }

    #[test]
    fn the_last_backup_is_put_back_and_what_was_changed_since_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = folder.path().join("applied");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        for (second, old, new) in [(1, "a", "b"), (2, "b", "c")] {
            let backup = Backup::begin(&root, at(second)).expect("a new folder");
            for path in [&one, &two] {
                let (old, new) = (old.as_bytes(), new.as_bytes());
                backup.keep(path, old, new, vec!["x".to_string()]).expect("it can be written");
                fs::write(path, new).expect("it can be written");
            }
            backup.end().expect("something is kept");
        }
        let backup = Backup::begin(&root, at(3)).expect("a new folder");
        backup.end().expect("nothing is left of it");

        fs::write(&two, "edited").expect("it can be written");
        let kept = Kept::last(&root).expect("it can be read").expect("there is one");
        assert_eq!(kept.at, at(2));
        let restored: Vec<Restored> =
            kept.files.iter().map(|file| kept.restore(file).expect("it can be")).collect();
        assert_eq!(restored, [Restored::Done, Restored::Changed]);
        assert_eq!(kept.restore(&kept.files[0]).expect("once more"), Restored::Unchanged);
        kept.close().expect("it can be renamed");
        assert_eq!(fs::read_to_string(&one).expect("it is there"), "b");
        assert_eq!(fs::read_to_string(&two).expect("it is there"), "edited");
        let before = Kept::last(&root).expect("it can be read").expect("there is one more");
        assert_eq!(before.at, at(1));
    }

    #[test]
    fn a_line_that_was_not_finished_is_no_file() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(Kept::last(&folder.path().join("none")).expect("nothing"), None);
        let backup = Backup::begin(folder.path(), at(1)).expect("a new folder");
        backup.keep(Path::new("one"), b"a", b"b", Vec::new()).expect("it can be written");
        let list = backup.folder.join(LIST);
        let whole = fs::read(&list).expect("it is there");
        fs::write(&list, [whole.as_slice(), b"{\"path\":\"tw"].concat()).expect("it can be");
        let kept = Kept::last(folder.path()).expect("it can be read").expect("there is one");
        assert_eq!(kept.files.len(), 1);
    }
}
