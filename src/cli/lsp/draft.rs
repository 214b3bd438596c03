//! A text as it stands in the editor.

use std::sync::Arc;

use gen_lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};

use super::check::Checked;
use super::ruler::{Columns, byte_at};

/// An open text.
pub(super) struct Draft {
    pub(super) uri: Uri,
    /// The number the editor gives this state of it.
    pub(super) version: i32,
    /// The number of this state among all of all texts: an editor that opens a text again may
    /// begin its versions again.
    pub(super) state: u64,
    pub(super) text: Arc<String>,
    /// What was found in it; of an older state while it is being checked.
    pub(super) checked: Option<Arc<Checked>>,
    /// The state that could not be checked.
    pub(super) failed: Option<u64>,
}

impl Draft {
    /// A text that was opened.
    pub(super) fn new(item: TextDocumentItem, state: u64) -> Self {
        let TextDocumentItem { uri, version, text, .. } = item;
        Self { uri, version, state, text: Arc::new(text), checked: None, failed: None }
    }

    /// Makes the changes of the editor, each in the text the one before left.
    pub(super) fn change(
        &mut self,
        changes: Vec<TextDocumentContentChangeEvent>,
        version: i32,
        columns: Columns,
    ) {
        use TextDocumentContentChangeEvent as Change;
        for change in changes {
            match change {
                Change::TextDocumentContentChangeWholeDocument(whole) => {
                    self.text = Arc::new(whole.text);
                }
                Change::TextDocumentContentChangePartial(part) => {
                    let start = byte_at(&self.text, part.range.start, columns);
                    let end = byte_at(&self.text, part.range.end, columns);
                    let text = Arc::make_mut(&mut self.text);
                    text.replace_range(start.min(end)..start.max(end), &part.text);
                }
            }
        }
        self.version = version;
    }

    /// What was found in the text as it stands now.
    pub(super) fn fresh(&self) -> Option<&Arc<Checked>> {
        self.checked.as_ref().filter(|checked| checked.state == self.state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen_lsp_types::{
        LanguageKind, Position, Range, TextDocumentContentChangePartial,
        TextDocumentContentChangeWholeDocument,
    };
    use proptest::prelude::*;

    fn draft(text: &str) -> Draft {
        let item = TextDocumentItem {
            uri: Uri("file:///a.txt".to_string()),
            language_id: LanguageKind::new("plaintext"),
            version: 1,
            text: text.to_string(),
        };
        Draft::new(item, 0)
    }

    /// The same text as an editor may hold it: lines, each of units of its own encoding and with its
    /// end. It shares nothing with the code under test.
    #[derive(Clone)]
    struct Reference {
        characters: Vec<char>,
        columns: Columns,
    }

    impl Reference {
        fn width(&self, character: char) -> u32 {
            let bytes = match self.columns {
                Columns::Utf8 => character.to_string().len(),
                Columns::Utf16 => character.to_string().encode_utf16().count(),
                Columns::Utf32 => 1,
            };
            bytes as u32
        }

        /// The position of the character with number `index`, walked to from the start.
        fn position(&self, index: usize) -> Position {
            let (mut line, mut column) = (0, 0);
            for (at, character) in self.characters[..index].iter().enumerate() {
                let next = self.characters.get(at + 1);
                let ends = match character {
                    '\n' => true,
                    '\r' => next != Some(&'\n'),
                    _ => false,
                };
                column += self.width(*character);
                if ends {
                    (line, column) = (line + 1, 0);
                }
            }
            Position { line, character: column }
        }

        /// False between CR and LF, where an editor has no place.
        fn is_place(&self, index: usize) -> bool {
            let pair = index > 0 && self.characters[index - 1] == '\r';
            !(pair && self.characters.get(index) == Some(&'\n'))
        }

        fn text(&self) -> String {
            self.characters.iter().collect()
        }
    }

    /// Characters of one to four bytes, astral ones, a combining mark, and every line end.
    fn scrap() -> impl Strategy<Value = String> {
        let character = prop::sample::select(vec![
            "报",
            "𠮷",
            "😀",
            "👨‍👩‍👧",
            "é",
            "e\u{301}",
            "a",
            "\n",
            "\r\n",
            "\r",
            "\u{feff}",
            "　",
            "\u{2028}",
        ]);
        prop::collection::vec(character, 0..12).prop_map(|parts| parts.concat())
    }

    fn columns() -> impl Strategy<Value = Columns> {
        prop::sample::select(vec![Columns::Utf8, Columns::Utf16, Columns::Utf32])
    }

    type Step = (usize, usize, String, bool);

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

        #[test]
        fn the_text_is_that_of_the_editor(
            start in scrap(),
            columns in columns(),
            steps in prop::collection::vec((0..40usize, 0..40usize, scrap(), any::<bool>()), 1..12),
        ) {
            let mut reference = Reference { characters: start.chars().collect(), columns };
            let mut draft = draft(&start);
            let mut changes = Vec::new();
            for (a, b, put, whole) in steps.into_iter() as std::vec::IntoIter<Step> {
                let places: Vec<usize> =
                    (0..=reference.characters.len()).filter(|i| reference.is_place(*i)).collect();
                let (a, b) = (places[a % places.len()], places[b % places.len()]);
                let (from, to) = (a.min(b), a.max(b));
                if whole && from % 7 == 0 {
                    reference.characters = put.chars().collect();
                    let whole = TextDocumentContentChangeWholeDocument { text: put };
                    changes.push(whole.into());
                    continue;
                }
                let range =
                    Range { start: reference.position(from), end: reference.position(to) };
                reference.characters.splice(from..to, put.chars());
                let part =
                    TextDocumentContentChangePartial { range, text: put, ..Default::default() };
                changes.push(TextDocumentContentChangeEvent::from(part));
                // Sometimes several changes come in one message.
                if whole {
                    draft.change(std::mem::take(&mut changes), 2, columns);
                    prop_assert_eq!(&*draft.text, &reference.text());
                }
            }
            draft.change(changes, 3, columns);
            prop_assert_eq!(&*draft.text, &reference.text());
            prop_assert_eq!(draft.version, 3);
        }

        #[test]
        fn nonsense_does_no_harm(
            start in scrap(),
            columns in columns(),
            at in any::<[u32; 4]>(),
            small in any::<[u8; 4]>(),
            put in scrap(),
        ) {
            for [a, b, c, d] in [at, small.map(|n| u32::from(n) % 5)] {
                let mut draft = draft(&start);
                let range = Range {
                    start: Position { line: a, character: b },
                    end: Position { line: c, character: d },
                };
                let text = put.clone();
                let part = TextDocumentContentChangePartial { range, text, ..Default::default() };
                draft.change(vec![part.into()], 2, columns);
                prop_assert!(draft.text.contains(&put));
            }
        }
    }
}
