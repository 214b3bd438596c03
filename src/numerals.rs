//! Numbers as newspapers write them: 25, 1.2万, 二十五, 二〇二六.

/// A number in Arabic digits with one decimal point at most and a multiplier 万, 亿 or 万亿
/// behind it, as a pattern for regular expressions.
pub(crate) const ARABIC: &str = r"\d+(?:\.\d+)?(?:万亿|万|亿)?";

/// A Chinese number below one hundred, as a pattern.
pub(crate) const HAN: &str = "[一二三四五六七八九十]{1,3}";

/// The value of what [`ARABIC`] matches.
pub(crate) fn arabic_value(text: &str) -> Option<f64> {
    let digits = text.trim_end_matches(['万', '亿']);
    let factor = match &text[digits.len()..] {
        "" => 1.0,
        "万" => 1e4,
        "亿" => 1e8,
        "万亿" => 1e12,
        _ => return None,
    };
    digits.parse::<f64>().ok().map(|value| value * factor)
}

/// The value of a Chinese number below one hundred (十, 十二, 二十, 二十三) or of a string of
/// digits (二〇二六).
pub(crate) fn han_value(text: &str) -> Option<u32> {
    let digit = |c: char| match c {
        '〇' | '零' => Some(0),
        _ => "一二三四五六七八九".chars().position(|d| d == c).map(|at| at as u32 + 1),
    };
    let chars: Vec<char> = text.chars().collect();
    match chars[..] {
        [] => None,
        ['十'] => Some(10),
        ['十', ones] => Some(10 + digit(ones)?),
        [tens, '十'] => Some(10 * digit(tens)?),
        [tens, '十', ones] => Some(10 * digit(tens)? + digit(ones)?),
        _ if chars.len() > 9 => None,
        _ => chars.iter().try_fold(0, |value, c| Some(value * 10 + digit(*c)?)),
    }
}

/// A number below one hundred in Chinese.
pub(crate) fn to_han(value: u32) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (value / 10, DIGITS[(value % 10) as usize]);
    match tens {
        0 if value > 0 => Some(ones.to_string()),
        1 => Some(format!("十{ones}")),
        2..=9 => Some(format!("{}十{ones}", DIGITS[tens as usize])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read() {
        assert_eq!(arabic_value("1.2万"), Some(12_000.0));
        assert_eq!(arabic_value("3万亿"), Some(3e12));
        assert_eq!(han_value("二十三"), Some(23));
        assert_eq!(han_value("十"), Some(10));
        assert_eq!(han_value("二〇二六"), Some(2026));
        assert_eq!(han_value("十十"), None);
        for value in 1..100 {
            assert_eq!(to_han(value).and_then(|text| han_value(&text)), Some(value));
        }
    }
}
