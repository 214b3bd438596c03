//! The encodings a text can be in, character by character.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use encoding_rs::{BIG5, DecoderResult, GB18030, GBK, UTF_16BE, UTF_16LE};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// How a file's bytes stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// GBK (GB 2312 and the extensions of Windows): characters of one or two bytes.
    Gbk,
    /// GB 18030: GBK and characters of four bytes; it holds all of Unicode.
    Gb18030,
    /// Big5, as Windows has it.
    Big5,
    /// Big5 with the characters of Hong Kong.
    Big5Hkscs,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
}

/// All encodings.
pub const ENCODINGS: [Encoding; 7] = [
    Encoding::Utf8,
    Encoding::Gbk,
    Encoding::Gb18030,
    Encoding::Big5,
    Encoding::Big5Hkscs,
    Encoding::Utf16Le,
    Encoding::Utf16Be,
];

/// The place of the first bytes that stand for no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Undecodable {
    /// The first of them, from 0.
    pub(super) offset: usize,
    /// The bytes end inside a character.
    pub(super) cut: bool,
}

/// The four characters of Big5 that are two of Unicode: Ê and ê with a macron or a caron.
const BIG5_PAIRS: [[u8; 2]; 4] = [[0x88, 0x62], [0x88, 0x64], [0x88, 0xa3], [0x88, 0xa5]];

/// The Hong Kong characters by their code: the standard encoder of Big5 has none of them, so they
/// are found by decoding every code there is. Of two codes for a character the later one is kept,
/// as in Big5 itself.
static HONG_KONG: LazyLock<FxHashMap<char, [u8; 2]>> = LazyLock::new(|| {
    let trails = || (0x40..=0x7e).chain(0xa1..=0xfe);
    let codes = (0x81..=0xfe).flat_map(|lead| trails().map(move |trail| [lead, trail]));
    let character = |code: &[u8; 2]| {
        let text = BIG5.decode_without_bom_handling_and_without_replacement(code)?;
        let mut characters = text.chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    codes.filter_map(|code| Some((character(&code)?, code))).collect()
});

impl Encoding {
    /// The name messages and records use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Gbk => "GBK",
            Self::Gb18030 => "GB18030",
            Self::Big5 => "Big5",
            Self::Big5Hkscs => "Big5-HKSCS",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }

    /// The encoding of that name. Case, hyphens and underscores do not matter; the names files
    /// and mail headers use are known as well (gb2312, cp936, cp950).
    pub fn named(name: &str) -> Option<Self> {
        let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_')).collect();
        Some(match plain.to_ascii_lowercase().as_str() {
            "utf8" => Self::Utf8,
            "gbk" | "gb2312" | "cp936" | "windows936" | "euccn" => Self::Gbk,
            "gb18030" => Self::Gb18030,
            "big5" | "cp950" | "windows950" => Self::Big5,
            "big5hkscs" | "cp951" => Self::Big5Hkscs,
            "utf16le" | "utf16" => Self::Utf16Le,
            "utf16be" => Self::Utf16Be,
            _ => return None,
        })
    }

    /// The encoding whose byte order mark stands at the head of `bytes`. That of UTF-32, which is
    /// not read, begins like one of UTF-16.
    pub(super) fn of_mark(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xff\xfe\0\0") {
            return None;
        }
        let marks: [(&[u8], Self); 4] = [
            (b"\xef\xbb\xbf", Self::Utf8),
            (b"\xff\xfe", Self::Utf16Le),
            (b"\xfe\xff", Self::Utf16Be),
            (b"\x84\x31\x95\x33", Self::Gb18030),
        ];
        marks.into_iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, encoding)| encoding)
    }

    fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Gbk => GBK,
            Self::Gb18030 => GB18030,
            Self::Big5 | Self::Big5Hkscs => BIG5,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
        }
    }

    /// The text of `bytes`, a byte order mark included.
    pub(super) fn decode(self, bytes: &[u8]) -> Result<String, Undecodable> {
        let mut decoder = self.codec().new_decoder_without_bom_handling();
        // No encoding here takes less than a byte for three of UTF-8.
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        let mut text = String::with_capacity(room.unwrap_or(3 * bytes.len()));
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
        match result {
            DecoderResult::InputEmpty => {
                text.shrink_to_fit();
                Ok(text)
            }
            DecoderResult::Malformed(bad, behind) => {
                let offset = read - usize::from(bad) - usize::from(behind);
                // A character that is cut off is as long as what is left of the bytes.
                let cut = read == bytes.len() && behind == 0 && self.wants_more(&bytes[offset..]);
                Err(Undecodable { offset, cut })
            }
            DecoderResult::OutputFull => unreachable!("the room was reckoned for all of it"),
        }
    }

    /// As much of the text as there is, with U+FFFD for the rest: to look at, never to keep.
    pub(super) fn glance(self, bytes: &[u8]) -> String {
        self.codec().decode_without_bom_handling(bytes).0.into_owned()
    }

    /// True when `bytes` are the beginning of a longer character.
    fn wants_more(self, bytes: &[u8]) -> bool {
        bytes.len() < self.length(bytes)
    }

    /// The bytes of the first character of `bytes`, which are not empty.
    pub(super) fn length(self, bytes: &[u8]) -> usize {
        let second = bytes.get(1).copied();
        match self {
            Self::Utf8 => match bytes[0] {
                0..0x80 => 1,
                0x80..0xe0 => 2,
                0xe0..0xf0 => 3,
                0xf0.. => 4,
            },
            Self::Gbk | Self::Gb18030 => match (bytes[0], second) {
                (0..=0x80, _) => 1,
                (_, Some(b'0'..=b'9')) => 4,
                _ => 2,
            },
            Self::Big5 | Self::Big5Hkscs => 1 + usize::from(bytes[0] > 0x80),
            Self::Utf16Le | Self::Utf16Be => {
                let high = if self == Self::Utf16Be { Some(bytes[0]) } else { second };
                if matches!(high, Some(0xd8..=0xdb)) { 4 } else { 2 }
            }
        }
    }

    /// The characters of Unicode that the first character of `bytes` stands for: one, or two.
    pub(super) fn characters(self, bytes: &[u8]) -> usize {
        let big5 = matches!(self, Self::Big5 | Self::Big5Hkscs);
        let pair = big5 && BIG5_PAIRS.iter().any(|pair| bytes.starts_with(pair));
        1 + usize::from(pair)
    }

    /// The encoding a text is really in that was taken for this one: GBK with characters of four
    /// bytes is GB18030, Big5 with characters of Hong Kong is Big5-HKSCS.
    pub(super) fn as_used(self, text: &str) -> Self {
        match self {
            Self::Gbk if self.lacks(text).is_some() => Self::Gb18030,
            Self::Big5 if self.lacks(text).is_some() => Self::Big5Hkscs,
            other => other,
        }
    }

    /// The first character of `text` that the encoding has no bytes for.
    pub fn lacks(self, text: &str) -> Option<char> {
        match self {
            Self::Utf8 | Self::Gb18030 | Self::Utf16Le | Self::Utf16Be => None,
            Self::Gbk | Self::Big5 | Self::Big5Hkscs => {
                let mut bytes = Vec::new();
                text.chars().find(|character| !self.put(*character, &mut bytes))
            }
        }
    }

    /// The bytes of `text`.
    ///
    /// # Errors
    /// The first character that the encoding has no bytes for.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, char> {
        let mut bytes = Vec::with_capacity(text.len());
        match text.chars().find(|character| !self.put(*character, &mut bytes)) {
            Some(character) => Err(character),
            None => Ok(bytes),
        }
    }

    /// Adds the bytes of a character; false, and nothing added, where there are none for it.
    pub(crate) fn put(self, character: char, bytes: &mut Vec<u8>) -> bool {
        let mut room = [0; 4];
        match self {
            Self::Utf8 => bytes.extend(character.encode_utf8(&mut room).as_bytes()),
            Self::Utf16Le | Self::Utf16Be => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    let unit =
                        if self == Self::Utf16Le { unit.to_le_bytes() } else { unit.to_be_bytes() };
                    bytes.extend(unit);
                }
            }
            Self::Gbk | Self::Gb18030 | Self::Big5 | Self::Big5Hkscs => {
                let (code, _, unknown) = self.codec().encode(character.encode_utf8(&mut room));
                match (unknown, HONG_KONG.get(&character)) {
                    (false, _) => bytes.extend(&*code),
                    (true, Some(code)) if self == Self::Big5Hkscs => bytes.extend(code),
                    (true, _) => return false,
                }
            }
        }
        true
    }
}

impl FromStr for Encoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = || ENCODINGS.map(Self::name).join(", ");
        Self::named(name)
            .ok_or_else(|| format!("there is no encoding {name:?}; known are {}", names()))
    }
}

impl TryFrom<String> for Encoding {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

impl From<Encoding> for &'static str {
    fn from(encoding: Encoding) -> Self {
        encoding.name()
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        let text = "\u{feff}版A，“龙”€\r\n";
        for encoding in ENCODINGS {
            let Ok(bytes) = encoding.encode(text) else {
                // Big5 has neither the simplified character nor a byte order mark.
                assert!(matches!(encoding, Encoding::Gbk | Encoding::Big5 | Encoding::Big5Hkscs));
                continue;
            };
            assert_eq!(encoding.decode(&bytes).as_deref(), Ok(text), "{encoding}");
        }
        let (four, plane) = ("㐂", "𠀀");
        assert_eq!(Encoding::Gbk.encode(four), Err('㐂'));
        assert_eq!(Encoding::Gb18030.encode(four).map(|code| code.len()), Ok(4));
        assert_eq!(Encoding::Utf16Be.encode(plane), Ok(vec![0xd8, 0x40, 0xdc, 0x00]));
        assert_eq!(Encoding::Big5.encode("咗"), Err('咗'));
        let code = Encoding::Big5Hkscs.encode("咗").expect("a character of Hong Kong");
        assert_eq!(Encoding::Big5Hkscs.decode(&code).as_deref(), Ok("咗"));
    }

    #[test]
    fn what_is_used_tells_the_wider_encoding() {
        assert_eq!(Encoding::Gbk.as_used("国家"), Encoding::Gbk);
        assert_eq!(Encoding::Gbk.as_used("㐂"), Encoding::Gb18030);
        assert_eq!(Encoding::Big5.as_used("咗"), Encoding::Big5Hkscs);
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        let at = |encoding: Encoding, bytes: &[u8]| encoding.decode(bytes).err();
        let (bad, cut) = (false, true);
        let place = |offset, cut| Some(Undecodable { offset, cut });
        assert_eq!(at(Encoding::Utf8, b"a\xe4\xb8"), place(1, cut));
        assert_eq!(at(Encoding::Utf8, b"a\xe4\xb8a"), place(1, bad));
        assert_eq!(at(Encoding::Gbk, b"\xb9\xfa\xffa"), place(2, bad));
        assert_eq!(at(Encoding::Gbk, b"\xb9\xfa\xb9"), place(2, cut));
        assert_eq!(at(Encoding::Gbk, b"\xb9\xfa\xb9\n"), place(2, bad));
        assert_eq!(at(Encoding::Gb18030, b"\x81\x30\x81a"), place(0, bad));
        assert_eq!(at(Encoding::Big5, b"\xa4\xa4\xa4"), place(2, cut));
        assert_eq!(at(Encoding::Utf16Le, b"a\0\x00\xd8b\0"), place(2, bad));
        assert_eq!(at(Encoding::Utf16Le, b"a\0b"), place(2, cut));
        assert_eq!(at(Encoding::Utf16Be, b"\0a\xdc\x00"), place(2, bad));
    }
}
