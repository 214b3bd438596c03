//! What the model sees of a text: one symbol a character, with digits, letters and widths alike.

/// The symbol a character is read as; `None` for white space, which is not seen.
///
/// All digits are `0` and all Latin letters `a`: which year or which brand it is says nothing
/// about the words beside it. Half-width signs count as the full-width ones of Chinese print.
pub fn symbol(character: char) -> Option<char> {
    // Nearly all that is asked for.
    if matches!(character, '\u{4e00}'..='\u{9fff}') {
        return Some(character);
    }
    let narrow = match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(character as u32 - 0xff01 + 0x21).unwrap_or(character)
        }
        _ => character,
    };
    match narrow {
        _ if narrow.is_whitespace() || narrow.is_control() || narrow == '\u{feff}' => None,
        '0'..='9' => Some('0'),
        ',' => Some('，'),
        ':' => Some('：'),
        ';' => Some('；'),
        '?' => Some('？'),
        '!' => Some('！'),
        '(' => Some('（'),
        ')' => Some('）'),
        // ASCII, accented and IPA letters; Greek and what follows keeps its own symbols.
        _ if (narrow as u32) < 0x250 && narrow.is_alphabetic() => Some('a'),
        _ => Some(narrow),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_digits_and_letters_are_alike() {
        let seen: String = "２0Ａz é,，汉 \u{3000}%".chars().filter_map(symbol).collect();
        assert_eq!(seen, "00aaa，，汉%");
    }
}
