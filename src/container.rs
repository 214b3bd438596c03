//! Files inside .gz and .zip files, read as if these were folders.
//!
//! A member is named `archive.zip!/folder/page.xml`, that of a .gz file `page.xml.gz!/page.xml`.
//! Nothing is ever written to disk under a name from an archive without [`safe_path`] having
//! passed it, and no member is unpacked beyond [`ContainerLimits`].

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Component, Path, PathBuf};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::error::{Error, Result};

/// How much is unpacked before an archive is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContainerLimits {
    /// Largest member, unpacked, in bytes.
    pub member: u64,
    /// Members of an archive.
    pub members: usize,
    /// How many times larger a member of more than a mebibyte may be than its packed bytes. Text
    /// with markup packs to a tenth or a twentieth of its size, a bomb to a thousandth.
    pub ratio: u64,
}

impl Default for ContainerLimits {
    fn default() -> Self {
        Self { member: 256 << 20, members: 1_000_000, ratio: 200 }
    }
}

/// Bytes up to which a member may pack to anything: a blank page packs very well.
const SMALL: u64 = 1 << 20;

/// What kind of archive a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// One packed file.
    Gzip,
    /// Many of them.
    Zip,
}

impl Container {
    /// By the first bytes of a file.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Self::Zip),
            _ => None,
        }
    }

    /// By the first bytes of the file at `path`; `None` also for what cannot be opened.
    pub fn at(path: &Path) -> Option<Self> {
        let mut head = Vec::new();
        File::open(path).ok()?.take(4).read_to_end(&mut head).ok()?;
        Self::of(&head)
    }
}

/// The members of the archive at `path`, sorted; folders and hidden files are left out.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::Container`] when it is damaged, has a member whose
/// name leads out of it, or too many.
pub fn members(path: &Path, limits: &ContainerLimits) -> Result<Vec<PathBuf>> {
    match Container::at(path) {
        Some(Container::Gzip) => Ok(vec![gzip_member(path)]),
        Some(Container::Zip) => {
            let mut archive = open_zip(path)?;
            if archive.len() > limits.members {
                let problem = format!("more than {} members", limits.members);
                return Err(refused(path, problem));
            }
            let mut names = Vec::new();
            for number in 0..archive.len() {
                let member = archive.by_index_raw(number).map_err(|e| refused(path, e))?;
                if member.is_dir() {
                    continue;
                }
                let name = safe_path(member.name()).ok_or_else(|| {
                    refused(path, format!("the name {:?} leads out of the archive", member.name()))
                })?;
                names.push(name);
            }
            names.retain(|name| !name.iter().any(|part| part.to_string_lossy().starts_with('.')));
            names.sort();
            names.dedup();
            Ok(names)
        }
        None => Err(refused(path, "neither .gz nor .zip")),
    }
}

/// Unpacks a member of the archive at `path`.
///
/// # Errors
/// [`Error::Io`] when the archive cannot be read, [`Error::Container`] when it is damaged, when the
/// member is missing, encrypted, a link or packed in another way than by deflate, or when it unpacks
/// to more than `limits` allow.
pub fn read_member(path: &Path, member: &Path, limits: &ContainerLimits) -> Result<Vec<u8>> {
    open_member(path, member, &mut |packed, size| unpack(path, packed, size, limits))
}

/// The first bytes of a member, at most `count`, to see what it is.
///
/// # Errors
/// As [`read_member`], as far as they show so soon.
pub fn peek_member(path: &Path, member: &Path, count: u64) -> Result<Vec<u8>> {
    open_member(path, member, &mut |packed, _| {
        let mut bytes = Vec::new();
        packed.take(count).read_to_end(&mut bytes).map_err(|error| refused(path, error))?;
        Ok(bytes)
    })
}

/// What is done with the unpacked bytes of a member and its packed size.
type Use<'a> = &'a mut dyn FnMut(&mut dyn Read, u64) -> Result<Vec<u8>>;

fn open_member(path: &Path, member: &Path, then: Use<'_>) -> Result<Vec<u8>> {
    match Container::at(path) {
        Some(Container::Gzip) => {
            let file = open(path)?;
            let packed = file.metadata().map_err(|cause| Error::io(path, cause))?.len();
            then(&mut MultiGzDecoder::new(file), packed)
        }
        Some(Container::Zip) => {
            let mut archive = open_zip(path)?;
            let number = (0..archive.len()).find(|number| {
                archive.name_for_index(*number).and_then(safe_path).as_deref() == Some(member)
            });
            let number =
                number.ok_or_else(|| refused(path, format!("no member {}", member.display())))?;
            let mut file = archive.by_index(number).map_err(|error| refused(path, error))?;
            if file.is_symlink() {
                return Err(refused(path, format!("{} is a link", member.display())));
            }
            let packed = file.compressed_size();
            then(&mut file, packed)
        }
        None => Err(refused(path, "neither .gz nor .zip")),
    }
}

/// Reads until the limits; what an archive says about the size of a member is not believed.
fn unpack(
    path: &Path,
    packed: &mut dyn Read,
    size: u64,
    limits: &ContainerLimits,
) -> Result<Vec<u8>> {
    let most = limits.member.min(SMALL.max(size.saturating_mul(limits.ratio)));
    let mut bytes = Vec::new();
    packed.take(most + 1).read_to_end(&mut bytes).map_err(|error| refused(path, error))?;
    if bytes.len() as u64 > most {
        return Err(refused(path, format!("unpacks to more than {most} bytes")));
    }
    // A tar file inside would be read as one text.
    if bytes.get(257..262) == Some(b"ustar") {
        return Err(refused(path, "a tar archive; unpack it first"));
    }
    Ok(bytes)
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|cause| Error::io(path, cause))
}

fn open_zip(path: &Path) -> Result<ZipArchive<impl Read + Seek>> {
    ZipArchive::new(std::io::BufReader::new(open(path)?)).map_err(|error| refused(path, error))
}

fn refused(path: &Path, problem: impl ToString) -> Error {
    Error::Container { path: path.to_path_buf(), problem: problem.to_string() }
}

/// The one member of a .gz file has its name without the ending.
fn gzip_member(path: &Path) -> PathBuf {
    let name = path.file_name().map(PathBuf::from).unwrap_or_default();
    let packed = name.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
    if packed { name.with_extension("") } else { name }
}

/// The path of a member below the archive; `None` for a name that leads elsewhere: absolute, with
/// a drive, with `..`, or with a character no file name may have.
pub fn safe_path(name: &str) -> Option<PathBuf> {
    if name.contains(['\0', '\\', ':']) || name.starts_with('/') {
        return None;
    }
    let mut path = PathBuf::new();
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            _ => return None,
        }
    }
    (!path.as_os_str().is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in ["../a", "a/../../b", "/etc/passwd", "C:\\a", "a\\..\\b", "", "a\0b", ".."] {
            assert_eq!(safe_path(name), None, "{name:?}");
        }
        assert_eq!(safe_path("./a/b.xml"), Some(PathBuf::from("a/b.xml")));
    }

    #[test]
    fn a_gzip_member_has_the_name_without_its_ending() {
        assert_eq!(gzip_member(Path::new("x/page.xml.gz")), PathBuf::from("page.xml"));
    }
}
