//! What a training run has counted, kept in a folder until the model is written, so that a run
//! that was stopped goes on where it was.
//!
//! ```text
//! file:  u64 of inputs and recipe | u64 of the rest | the rest: numbers, little-endian
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::Recipe;
use super::count::Counts;
use crate::error::{Error, Result};

/// The folder of a training run.
pub(super) struct Work {
    folder: PathBuf,
    /// Says which recipe and which inputs the counts are of.
    key: u64,
}

impl Work {
    /// The work of a recipe in a folder. What counts do not depend on, as how often an n-gram must
    /// be seen to be kept, may change between runs.
    pub(super) fn open(folder: &Path, recipe: &Recipe) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|cause| Error::io(folder, cause))?;
        let mut hash = Xxh3::new();
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        let mut input = |kind: &str, path: &Path, number: f64| {
            let bytes = fs::read(path).map_err(|cause| Error::io(path, cause))?;
            hash.update(kind.as_bytes());
            hash.update(&number.to_le_bytes());
            hash.update(&xxh3_64(&bytes).to_le_bytes());
            Ok(())
        };
        for text in &recipe.texts {
            input("text", &text.path, text.share)?;
        }
        if let Some(words) = &recipe.words {
            input("words", words, 1.0)?;
        }
        for ngrams in &recipe.word_ngrams {
            input("word n-grams", &ngrams.path, ngrams.length)?;
        }
        Ok(Self { folder: folder.to_path_buf(), key: hash.digest() })
    }

    /// The vocabulary and the number of characters read, if they were kept.
    pub(super) fn text(&self) -> Option<(Vec<char>, usize)> {
        let bytes = self.read("text")?;
        let (characters, vocabulary) = bytes.split_first_chunk()?;
        let vocabulary = vocabulary.chunks_exact(4).map(|c| char::from_u32(u32_of(c)));
        Some((vocabulary.collect::<Option<_>>()?, u64::from_le_bytes(*characters) as usize))
    }

    pub(super) fn keep_text(&self, vocabulary: &[char], characters: usize) -> Result<()> {
        let mut bytes = (characters as u64).to_le_bytes().to_vec();
        bytes.extend(vocabulary.iter().flat_map(|c| u32::from(*c).to_le_bytes()));
        self.write("text", &bytes)
    }

    /// The n-grams of `n` characters, if they were kept.
    pub(super) fn counts(&self, n: usize) -> Option<Counts> {
        let bytes = self.read(&format!("counts-{n}"))?;
        let (keys, counts) = bytes.split_at(bytes.len() / 12 * 8);
        let key_of = |c: &[u8]| u64::from(u32_of(c)) | u64::from(u32_of(&c[4..])) << 32;
        let keys = keys.chunks_exact(8).map(key_of).collect();
        Some(Counts { keys, counts: counts.chunks_exact(4).map(u32_of).collect() })
    }

    pub(super) fn keep_counts(&self, n: usize, counts: &Counts) -> Result<()> {
        let mut bytes = Vec::with_capacity(12 * counts.keys.len());
        bytes.extend(counts.keys.iter().flat_map(|key| key.to_le_bytes()));
        bytes.extend(counts.counts.iter().flat_map(|count| count.to_le_bytes()));
        self.write(&format!("counts-{n}"), &bytes)
    }

    /// Removes what was kept.
    pub(super) fn close(self) -> Result<()> {
        fs::remove_dir_all(&self.folder).map_err(|cause| Error::io(&self.folder, cause))
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = fs::read(self.folder.join(name)).ok()?;
        let (key, rest) = bytes.split_first_chunk()?;
        let (sum, rest) = rest.split_first_chunk()?;
        let whole = u64::from_le_bytes(*key) == self.key;
        let whole = whole && u64::from_le_bytes(*sum) == xxh3_64(rest);
        whole.then(|| bytes.split_off(16))
    }

    /// A file that is cut off has another sum than it says, and is not read.
    fn write(&self, name: &str, rest: &[u8]) -> Result<()> {
        let path = self.folder.join(name);
        let head = [self.key.to_le_bytes(), xxh3_64(rest).to_le_bytes()].concat();
        fs::write(&path, [&head, rest].concat()).map_err(|cause| Error::io(&path, cause))
    }
}

fn u32_of(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::super::{Recipe, Stage, Text, train};
    use super::*;

    #[test]
    fn a_run_that_was_stopped_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("text.txt");
        fs::write(&path, "本报讯记者获悉\n本报记者报道\n".repeat(20)).expect("a file");
        let recipe = |share: f64| Recipe {
            texts: vec![Text { path: path.clone(), share }],
            words: None,
            word_ngrams: Vec::new(),
            seen: vec![1, 1, 2],
        };
        let run = |share: f64, work: Option<&Path>| {
            let mut stages = Vec::new();
            let trained = train(&recipe(share), work, &mut |stage| stages.push(stage));
            (trained.expect("the recipe is right").bytes, stages)
        };
        let (whole, stages) = run(1.0, None);
        assert!(stages.contains(&Stage::Reading(path.clone())));

        let kept = folder.path().join("work");
        let work = Work::open(&kept, &recipe(1.0)).expect("a folder");
        assert!(work.text().is_none() && work.counts(1).is_none());
        let corpus = super::super::text::read(&recipe(1.0), &mut |_| {}).expect("a text");
        work.keep_text(&corpus.vocabulary, corpus.characters).expect("room");
        for n in 1..=3 {
            work.keep_counts(n, &super::super::count::count(&corpus, n)).expect("room");
        }
        assert!(Work::open(&kept, &recipe(0.5)).expect("a folder").counts(1).is_none());
        let (resumed, stages) = run(1.0, Some(&kept));
        assert_eq!(resumed, whole);
        assert!(!stages.contains(&Stage::Reading(path.clone())), "{stages:?}");
        assert!(!kept.exists());
    }
}
