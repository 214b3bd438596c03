//! Words a reviewer always allows, in a table of the house.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::apply::write_atomically;
use crate::config::House;
use crate::error::{Error, Result};

/// What a table begins with that was made for a word.
const HEAD: &str = "# Words that reviewers allow, as kanwu review adds them: 词=词\n";

/// Adds `word` as right to the table at `path`, which is made where there is none. A table that has
/// the word in that form is left alone.
///
/// # Errors
/// [`Error::Table`] when the table says something else about the word or has a mistake,
/// [`Error::Usage`] when a table cannot hold the word, [`Error::Io`] with the path.
pub fn allow(path: &Path, word: &str) -> Result<()> {
    let name = path.display().to_string();
    let row = format!("{word}={word}");
    if word.contains(['=', '＝', '#', '\n', '\r'])
        || word.trim() != word
        || word.starts_with(['!', '！'])
    {
        return Err(Error::Usage(format!("a table of the house cannot hold {word:?}")));
    }
    let old = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => HEAD.to_string(),
        Err(error) => return Err(Error::io(path, error)),
    };
    if old.lines().any(|line| line.split(" # ").next().is_some_and(|old| old.trim() == row)) {
        return Ok(());
    }
    let end = if old.ends_with('\n') || old.is_empty() { "" } else { "\n" };
    let new = format!("{old}{end}{row}\n");
    // What would not be read again must not be written.
    House::default().add_table(&name, &new)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| Error::io(folder, cause))?;
    }
    write_atomically(path, new.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_added_once_behind_what_is_there() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("desk/house.txt");
        allow(&path, "聚原").expect("a new table");
        allow(&path, "以以").expect("a second word");
        allow(&path, "聚原").expect("it is there");
        let text = fs::read_to_string(&path).expect("it was written");
        assert_eq!(text, format!("{HEAD}聚原=聚原\n以以=以以\n"));
    }

    #[test]
    fn a_table_that_says_otherwise_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("house.txt");
        fs::write(&path, "聚原广场=聚源广场").expect("it can be written");
        assert!(allow(&path, "聚原广场").is_err());
        assert!(allow(&path, "a=b").is_err());
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "聚原广场=聚源广场");
    }
}
