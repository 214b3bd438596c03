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
pub(crate) fn person_names(text: &str, tokens: &[Token], names: &Names) -> Vec<Range<usize>> {
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

/// True when `range` lies in an item of a list that looks like a name (周明、丁海洋、李朔等): a surname
/// with one or two characters. So do many places and things; this is for what must not be sure.
pub(crate) fn may_be_listed_name(text: &str, range: &Range<usize>, names: &Names) -> bool {
    let (before, behind) = (&text[..range.start], &text[range.end..]);
    let start = before.char_indices().rev().find(|(_, c)| !is_han(*c));
    let start = start.map_or(0, |(at, c)| at + c.len_utf8());
    let end = behind.find(|c| !is_han(c) || c == '等').map_or(text.len(), |at| range.end + at);
    let listed = text[..start].ends_with('、') || text[end..].starts_with('、');
    let item = &text[start..end];
    let Some((surname, _)) = names.surname_at_start(item) else { return false };
    listed && matches!(item[surname..].chars().count(), 1..=2)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_of_a_list_may_be_a_name() {
        let names = Names::builtin().expect("the shipped tables are right");
        let listed = |text: &str, wrong: &str| {
            let start = text.find(wrong).expect("it is there");
            may_be_listed_name(text, &(start..start + wrong.len()), &names)
        };
        assert!(listed("周立明、丁海洋、李朔等一同到场", "洋"));
        assert!(listed("丁文祥、李烯等一同到场", "烯"));
        assert!(listed("赵文祭、何未然出席", "祭"));
        assert!(!listed("土午8时15分许", "土"));
        assert!(!listed("扛起锄失走向玉米地", "失"));
        assert!(!listed("发展工业、服务叶、林业", "叶"), "no surname opens it");
        assert!(!listed("王毅说，经济发展很快", "济"));
    }
}
