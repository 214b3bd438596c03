//! Names of people, told by the words beside them.

use std::ops::Range;

use crate::analyze::Token;
use crate::han::is_han;
use crate::lexicon::Names;

/// Words that follow a name when they open a statement.
const SAYING: &[&str] = &["说", "表示", "介绍", "告诉", "认为", "指出", "坦言", "回忆"];

/// Single characters that follow a name and are not part of it.
const NOT_GIVEN: &str = "的了在和与及是对从向将就也还都又说等到把被让给为以则并或摄文图";

/// The names of people in a paragraph: a surname and one or two characters behind a title (记者
/// 徐杨) or before one or a verb of saying (张平介绍). Bytes of `text`; `tokens` are its words.
pub(super) fn person_names(text: &str, tokens: &[Token], names: &Names) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for index in 0..tokens.len() {
        let Some(range) = name_at(text, tokens, index, names) else { continue };
        let before = text[..range.start].trim_end();
        let after = text[range.end..].trim_start();
        let said = SAYING.iter().any(|word| after.starts_with(word));
        if names.ends_in_title(before) || names.starts_with_title(after) || said {
            found.push(range);
        }
    }
    found
}

/// A surname that starts the token `index`, with the given name behind it.
fn name_at(text: &str, tokens: &[Token], index: usize, names: &Names) -> Option<Range<usize>> {
    let token = &tokens[index].range;
    let (length, strong) = names.surname_at_start(&text[token.clone()])?;
    let word = &text[token.clone()];
    let given = text[token.start + length..token.end].chars().count();
    // 李大钊 stands in the segmenter's dictionary as one word; so does 高兴, whose first
    // character is a surname only now and then.
    if given > 0 {
        let whole = strong && given <= 2 && word.chars().all(is_han);
        return whole.then(|| token.clone());
    }
    let mut end = token.end;
    let mut count = 0;
    for next in &tokens[index + 1..] {
        let word = &text[next.range.clone()];
        let length = word.chars().count();
        let fits = count + length <= 2 && word.chars().all(is_han) && !NOT_GIVEN.contains(word);
        if !fits {
            break;
        }
        end = next.range.end;
        count += length;
    }
    (count > 0).then_some(token.start..end)
}
