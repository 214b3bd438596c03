//! The bytes of a file that is not UTF-8, and which of them stand for which part of its text.

use super::encoding::Encoding;

/// Bytes of the text between two anchors: no place is further from one than that.
const STRIDE: usize = 256;

/// A place of the text, and the same place of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Anchor {
    /// Byte of the text.
    text: usize,
    /// Byte of the file.
    file: usize,
}

/// A file as it was read. Between two anchors the characters are counted through: encoding the
/// text again would not do, for a character can have several codes and only one of them is what
/// the encoder writes.
#[derive(Clone, Debug)]
pub(super) struct Original {
    encoding: Encoding,
    pub(super) bytes: Vec<u8>,
    anchors: Vec<Anchor>,
}

impl Original {
    /// Takes the bytes that `text` was decoded from.
    pub(super) fn new(encoding: Encoding, bytes: Vec<u8>, text: &str) -> Self {
        let mut original = Self { encoding, bytes, anchors: Vec::new() };
        let mut anchors = Vec::with_capacity(text.len() / STRIDE + 1);
        let mut next = 0;
        for place in original.places(text, Anchor { text: 0, file: 0 }) {
            if place.text >= next {
                anchors.push(place);
                next = place.text + STRIDE;
            }
        }
        original.anchors = anchors;
        original
    }

    /// Every place between two characters of the file from `start` on, `start` and the end
    /// included.
    fn places<'a>(&'a self, text: &'a str, start: Anchor) -> impl Iterator<Item = Anchor> + 'a {
        let mut characters = text[start.text..].chars();
        let mut next = Some(start);
        std::iter::from_fn(move || {
            let place = next?;
            let rest = &self.bytes[place.file..];
            next = (!rest.is_empty()).then(|| {
                let count = self.encoding.characters(rest);
                let length: usize = characters.by_ref().take(count).map(char::len_utf8).sum();
                Anchor { text: place.text + length, file: place.file + self.encoding.length(rest) }
            });
            Some(place)
        })
    }

    /// The byte of the file where byte `at` of the text stands: the start of its character.
    pub(super) fn file_byte(&self, text: &str, at: usize) -> usize {
        let behind = self.anchors.partition_point(|anchor| anchor.text <= at);
        let Some(start) = behind.checked_sub(1).map(|i| self.anchors[i]) else { return 0 };
        let places = self.places(text, start).take_while(|place| place.text <= at);
        places.last().unwrap_or(start).file
    }

    /// The byte of the text for byte `at` of the file, `None` inside a character.
    pub(super) fn text_byte(&self, text: &str, at: usize) -> Option<usize> {
        let behind = self.anchors.partition_point(|anchor| anchor.file <= at);
        let start = behind.checked_sub(1).map(|i| self.anchors[i])?;
        let mut places = self.places(text, start).skip_while(|place| place.file < at);
        places.next().filter(|place| place.file == at).map(|place| place.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_there_and_back() {
        // Ê with a macron is one character of Big5 and two of Unicode.
        let mut big5 = b"a\xa4\xa4\x88\x62b\n".repeat(90);
        big5.push(b'c');
        let gb18030 = "中a㐂\r\n𠀀".repeat(90);
        let gb18030 = Encoding::Gb18030.encode(&gb18030).expect("it holds all of Unicode");
        for (encoding, bytes) in [(Encoding::Big5, big5), (Encoding::Gb18030, gb18030)] {
            let text = encoding.decode(&bytes).expect("made right");
            let original = Original::new(encoding, bytes.clone(), &text);
            let mut at = 0;
            for character in text.chars() {
                let file = original.file_byte(&text, at);
                if character != '\u{304}' {
                    assert_eq!(original.text_byte(&text, file), Some(at));
                }
                assert_eq!(
                    encoding.decode(&bytes[..file]).as_deref().map(str::len).ok(),
                    Some(if character == '\u{304}' { at - 'Ê'.len_utf8() } else { at })
                );
                at += character.len_utf8();
            }
            assert_eq!(original.file_byte(&text, text.len()), bytes.len());
            assert_eq!(original.text_byte(&text, bytes.len()), Some(text.len()));
            assert_eq!(original.text_byte(&text, bytes.len() + 1), None);
            let within = if encoding == Encoding::Big5 { 2 } else { 1 };
            assert_eq!(original.text_byte(&text, within), None);
        }
    }
}
