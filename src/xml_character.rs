//! Characters as XML writes them, for the formats that are XML.

/// True for a character XML can hold (XML 1.0, production 2).
pub(crate) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// The character behind the reference `&name;`. Only the five of XML and numbers are known: what
/// else a file may define can be made to fill any memory.
pub(crate) fn referenced(name: &str) -> Option<char> {
    let number = |digits: &str, radix| char::from_u32(u32::from_str_radix(digits, radix).ok()?);
    let character = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
            (Some(digits), _) => number(digits, 16),
            (None, Some(digits)) => number(digits, 10),
            (None, None) => None,
        },
    };
    character.filter(|c| is_allowed(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_xml_defines_is_known() {
        assert_eq!(referenced("amp"), Some('&'));
        assert_eq!(referenced("#x5fd7"), Some('志'));
        assert_eq!(referenced("#24535"), Some('志'));
        for name in ["nbsp", "#0", "#x1", "#xd800", "#xffff", "#", "#x", ""] {
            assert_eq!(referenced(name), None, "{name}");
        }
    }
}
