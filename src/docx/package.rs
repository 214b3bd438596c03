//! The package: a ZIP file of parts, read within limits and written back with nothing but the
//! parts replaced that were changed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::Problem;
use crate::container::{ContainerLimits, safe_path};

/// Parts of a package before it is refused.
const PARTS: usize = 20_000;

/// Bytes up to which a part may pack to anything: a blank page packs very well.
const SMALL: u64 = 1 << 20;

/// A DOCX file as it was read.
#[derive(Clone)]
pub(super) struct Package {
    bytes: Arc<[u8]>,
    names: Vec<String>,
    limits: ContainerLimits,
}

impl Package {
    /// Opens a package. Nothing is unpacked but what [`Package::part`] asks for.
    ///
    /// # Errors
    /// [`Problem`] for damage, names that lead elsewhere, names that stand there twice.
    pub(super) fn open(bytes: Arc<[u8]>, limits: ContainerLimits) -> Result<Self, Problem> {
        let mut archive = archive(&bytes)?;
        if archive.len() > PARTS.min(limits.members) {
            return Err(Problem(format!("more than {PARTS} parts")));
        }
        let mut names: Vec<String> = Vec::with_capacity(archive.len());
        for number in 0..archive.len() {
            let part = archive.by_index_raw(number).map_err(|error| Problem(error.to_string()))?;
            let name = part.name().to_string();
            if safe_path(&name).is_none() {
                return Err(Problem(format!("the name {name:?} leads out of the package")));
            }
            names.push(name);
        }
        let mut sorted: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        sorted.sort();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Problem(format!("the part {} stands there twice", twice[0])));
        }
        Ok(Self { bytes, names, limits })
    }

    /// The file as it was read.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The names of the parts in the order of the file.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// True when there is a part of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// A part as text.
    ///
    /// # Errors
    /// [`Problem`] when it is missing, encrypted, damaged, no UTF-8, or unpacks to more than is
    /// allowed.
    pub(super) fn part(&self, name: &str) -> Result<String, Problem> {
        let fail = |error: &dyn std::fmt::Display| Problem(format!("{name}: {error}"));
        let mut archive = archive(&self.bytes)?;
        let part = archive.by_name(name).map_err(|error| fail(&error))?;
        let ratio = part.compressed_size().saturating_mul(self.limits.ratio);
        let most = self.limits.member.min(SMALL.max(ratio));
        let mut bytes = Vec::new();
        part.take(most + 1).read_to_end(&mut bytes).map_err(|error| fail(&error))?;
        if bytes.len() as u64 > most {
            return Err(fail(&format!("unpacks to more than {most} bytes")));
        }
        let text = String::from_utf8(bytes).map_err(|_| fail(&"not UTF-8"))?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text))
    }

    /// The package with these parts in the place of the old ones of their names, new ones at the
    /// end. All other parts are the packed bytes they were.
    ///
    /// # Errors
    /// [`Problem`] when a part of the old package is damaged.
    pub(super) fn with(&self, parts: &BTreeMap<String, String>) -> Result<Vec<u8>, Problem> {
        let fail = |error: zip::result::ZipError| Problem(error.to_string());
        let mut archive = archive(&self.bytes)?;
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..archive.len() {
            let part = archive.by_index_raw(number).map_err(fail)?;
            match parts.get(part.name()) {
                Some(text) => {
                    let name = part.name().to_string();
                    drop(part);
                    put(&mut writer, &name, text)?;
                }
                None => writer.raw_copy_file(part).map_err(fail)?,
            }
        }
        for (name, text) in parts.iter().filter(|(name, _)| !self.has(name)) {
            put(&mut writer, name, text)?;
        }
        Ok(writer.finish().map_err(fail)?.into_inner())
    }

    /// A new package of these parts.
    pub(super) fn of(parts: &[(&str, &str)]) -> Result<Self, Problem> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            put(&mut writer, name, text)?;
        }
        let bytes = writer.finish().map_err(|error| Problem(error.to_string()))?.into_inner();
        Self::open(bytes.into(), ContainerLimits::default())
    }
}

fn archive(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, Problem> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| Problem(error.to_string()))
}

/// Every part has the same time, so that the same text gives the same file.
fn put(writer: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, text: &str) -> Result<(), Problem> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    writer.start_file(name, options).map_err(|error| Problem(error.to_string()))?;
    writer.write_all(text.as_bytes()).map_err(|error| Problem(error.to_string()))
}
