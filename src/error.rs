//! What can go wrong, in one type.

use std::fmt;
use std::path::PathBuf;

use crate::source::Encoding;

/// An error of the library. `Display` names the file and the place.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        cause: std::io::Error,
    },
    /// Some bytes stand for no character.
    Undecodable {
        /// Name of the input.
        name: String,
        /// What the input was read as.
        encoding: Encoding,
        /// Offset of the first bad byte in the input, from 0.
        offset: usize,
        /// The byte found there; `None` when the input ends inside a character.
        byte: Option<u8>,
    },
    /// The bytes are not UTF-8, and it is not certain what else they are.
    UnknownEncoding {
        /// Name of the input.
        name: String,
        /// Offset of the first byte that is not UTF-8, from 0.
        offset: usize,
        /// The byte found there; `None` when the input ends inside a character.
        byte: Option<u8>,
    },
    /// An archive is damaged, or has something that is refused.
    Container {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A layout file is damaged, or has something that is refused.
    Layout {
        /// Name of the input.
        name: String,
        /// Offset of the place in the input, in bytes from 0.
        offset: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A Word file is damaged, or has something that is refused.
    Docx {
        /// Name of the input.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A table of the dictionaries, or a file of the user's, has a mistake.
    Table {
        /// Name of the table.
        name: String,
        /// Line, from 1; 0 when the mistake is not in one line.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A mistake in kanwu came to light.
    Panic {
        /// Name of the text that brought it to light.
        name: String,
        /// What the panic said.
        problem: String,
    },
    /// An argument or a setting cannot be used.
    Usage(String),
    /// Edits that were decided on cannot be applied.
    Apply(String),
}

/// The result of the library's functions.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An I/O error at `path`.
    pub fn io(path: impl Into<PathBuf>, cause: std::io::Error) -> Self {
        Self::Io { path: path.into(), cause }
    }

    /// A mistake in line `line` of table `name`.
    pub fn table(name: impl Into<String>, line: usize, problem: impl Into<String>) -> Self {
        Self::Table { name: name.into(), line, problem: problem.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, cause } => write!(f, "{}: {cause}", path.display()),
            Self::Undecodable { name, encoding, offset, byte } => {
                write!(f, "{name}: not {encoding}: {}", Bad { offset: *offset, byte: *byte })
            }
            Self::UnknownEncoding { name, offset, byte } => {
                let bad = Bad { offset: *offset, byte: *byte };
                write!(
                    f,
                    "{name}: not UTF-8: {bad}; the encoding is uncertain, name it with --encoding"
                )
            }
            Self::Container { path, problem } => write!(f, "{}: {problem}", path.display()),
            Self::Layout { name, offset, problem } => {
                write!(f, "{name}: at byte {offset}: {problem}")
            }
            Self::Docx { name, problem } => write!(f, "{name}: {problem}"),
            Self::Table { name, line: 0, problem } => write!(f, "{name}: {problem}"),
            Self::Table { name, line, problem } => write!(f, "{name}:{line}: {problem}"),
            Self::Panic { name, problem } => {
                write!(f, "{name}: kanwu failed on this text; please report it ({problem})")
            }
            Self::Usage(problem) | Self::Apply(problem) => f.write_str(problem),
        }
    }
}

/// A byte that stands for no character.
struct Bad {
    offset: usize,
    byte: Option<u8>,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.byte {
            Some(byte) => write!(f, "byte 0x{byte:02X} at offset {}", self.offset),
            None => write!(f, "the input ends inside a character at offset {}", self.offset),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
