//! Classes of characters that proofreading asks for.

/// True for a Chinese character: the unified ideographs with their extensions, and 〇.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// True for a numeral written in Chinese, digit or unit.
pub fn is_han_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千万亿两".contains(c)
}
