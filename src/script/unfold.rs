//! From what was found in the folded text back to the script of the page.

use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::finding::{Choice, Edit, Finding, Message};
use crate::lexicon::{Folding, LONGEST_FOLDED};
use crate::span::Span;

/// Share of a choice's confidence that its most usual form keeps where neither the document nor a
/// word tells which form it is: less than lets anything be applied unasked.
const USUAL: f64 = 0.55;

/// A traditional text, and the same text folded.
pub struct Unfolding<'a> {
    text: &'a str,
    folded: &'a str,
    folding: &'a Folding,
    /// How often a character stands in the text, alone and behind another.
    characters: FxHashMap<char, usize>,
    pairs: FxHashMap<(char, char), usize>,
}

/// The forms a character may have in one place.
enum Forms {
    /// This one.
    Known(char),
    /// One of these, the most usual first.
    Open(Vec<char>),
}

impl<'a> Unfolding<'a> {
    /// Takes the text and what it was folded to.
    pub fn new(text: &'a str, folded: &'a str, folding: &'a Folding) -> Self {
        let (mut characters, mut pairs) = (FxHashMap::default(), FxHashMap::default());
        let mut before = '\0';
        for character in text.chars() {
            *characters.entry(character).or_insert(0) += 1;
            *pairs.entry((before, character)).or_insert(0) += 1;
            before = character;
        }
        Self { text, folded, folding, characters, pairs }
    }

    /// The finding in the script of the page: what stands there as it stands there, what is
    /// proposed in the form this page or a word of the dictionary gives it. Where that is not
    /// known, the choice becomes several.
    pub fn finding(&self, mut finding: Finding) -> Finding {
        let folded_wrong = std::mem::take(&mut finding.wrong);
        finding.wrong = self.wrong(finding.span, &folded_wrong);
        let choices = std::mem::take(&mut finding.choices);
        for choice in choices {
            let unfolded = self.choice(finding.span, &folded_wrong, &finding.wrong, &choice);
            if let [only] = unfolded.as_slice() {
                quote(&mut finding.message, &choice.right, &only.right);
            }
            finding.choices.extend(unfolded);
        }
        quote(&mut finding.message, &folded_wrong, &finding.wrong);
        finding.choices.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        // What differs in script only is no slip.
        finding.choices.retain(|choice| !choice.edits.is_empty() || choice.right != finding.wrong);
        finding
    }

    /// The characters of the page behind the wrong text. Line breaks are left out of that, and
    /// signs that stand for them put in.
    fn wrong(&self, span: Span, wrong: &str) -> String {
        let mut page = span.of(self.text).chars().zip(span.of(self.folded).chars());
        let original = |character: char| {
            let mut ahead = page.clone();
            match ahead.find(|(_, folded)| *folded == character) {
                Some((original, _)) => {
                    page = ahead;
                    original
                }
                None => character,
            }
        };
        wrong.chars().map(original).collect()
    }

    /// A choice in the script of the page: one, or one for each form it may take.
    fn choice(&self, span: Span, folded: &str, wrong: &str, choice: &Choice) -> Vec<Choice> {
        let right: Vec<char> = choice.right.chars().collect();
        let (known, new) = align(folded, wrong, &right);
        let around = self.around(span, &right);
        let mut forms: Vec<(char, Vec<char>)> = Vec::new();
        for at in new {
            let open = match self.forms(&around, at + around.before) {
                Forms::Known(form) => vec![form],
                Forms::Open(open) => open,
            };
            if !forms.iter().any(|(character, _)| *character == right[at]) {
                forms.push((right[at], open));
            }
        }
        // Of two uncertain characters the second takes its most usual form: four choices would
        // help nobody.
        let open = forms.iter().position(|(_, open)| open.len() > 1);
        let ways = open.map_or(1, |open| forms[open].1.len().min(2));
        let way = |number: usize| {
            let form = |character: char| {
                let place = forms.iter().position(|(known, _)| *known == character);
                place.map_or(character, |i| forms[i].1[if Some(i) == open { number } else { 0 }])
            };
            let characters = right.iter().zip(&known);
            Choice {
                right: characters.map(|(c, known)| known.unwrap_or_else(|| form(*c))).collect(),
                confidence: choice.confidence
                    * match (ways, number) {
                        (1, _) => 1.0,
                        (_, 0) => USUAL,
                        _ => 1.0 - USUAL,
                    },
                edits: choice.edits.iter().map(|edit| self.edit(edit, &form)).collect(),
            }
        };
        (0..ways).map(way).collect()
    }

    /// An edit in the script of the page: what it keeps of the old text stays as it is.
    fn edit(&self, edit: &Edit, form: &impl Fn(char) -> char) -> Edit {
        match edit {
            Edit::Replace { span, old: folded, new } => {
                let old = span.of(self.text);
                let new: Vec<char> = new.chars().collect();
                let (known, _) = align(folded, old, &new);
                let new =
                    new.iter().zip(&known).map(|(c, known)| known.unwrap_or_else(|| form(*c)));
                Edit::Replace { span: *span, old: old.to_string(), new: new.collect() }
            }
            Edit::Move { .. } => edit.clone(),
        }
    }

    /// The right text in its place on the page, folded.
    fn around(&self, span: Span, right: &[char]) -> Around {
        let head = self.folded[..span.start].chars().rev().take(LONGEST_FOLDED);
        let mut characters: Vec<char> = head.collect();
        characters.reverse();
        let before = characters.len();
        characters.extend(right);
        characters.extend(self.folded[span.end..].chars().take(LONGEST_FOLDED));
        Around { characters, before }
    }

    /// The form of a character: that of the same pair of characters elsewhere on the page, that of
    /// a word, or the only one the page has.
    fn forms(&self, around: &Around, at: usize) -> Forms {
        let character = around.characters[at];
        let mut open = self.folding.forms(character);
        if open.len() < 2 {
            return Forms::Known(open.first().copied().unwrap_or(character));
        }
        let best = |count: &dyn Fn(char) -> usize| {
            let mut counted: Vec<(usize, char)> = open.iter().map(|f| (count(*f), *f)).collect();
            counted.sort_by_key(|(times, _)| std::cmp::Reverse(*times));
            (counted[0].0 > counted[1].0).then_some(counted[0].1)
        };
        if let Some(form) = best(&|form| self.beside(around, at, form)) {
            return Forms::Known(form);
        }
        if let Some(form) = self.in_word(around, at) {
            return Forms::Known(form);
        }
        let on_page = |form: char| self.characters.get(&form).copied().unwrap_or(0);
        let used: Vec<char> = open.iter().copied().filter(|form| on_page(*form) > 0).collect();
        if let [only] = used.as_slice() {
            return Forms::Known(*only);
        }
        open.sort_by_key(|form| std::cmp::Reverse(on_page(*form)));
        Forms::Open(open)
    }

    /// How often a form stands on the page beside one of its neighbours here.
    fn beside(&self, around: &Around, at: usize, form: char) -> usize {
        let pairs = |first: &[char], second: &[char]| -> usize {
            let pairs = first.iter().flat_map(|a| second.iter().map(move |b| (*a, *b)));
            pairs.map(|pair| self.pairs.get(&pair).copied().unwrap_or(0)).sum()
        };
        let forms = |at: Option<usize>| {
            let neighbour = at.and_then(|at| around.characters.get(at));
            neighbour.map_or_else(Vec::new, |c| self.folding.forms(*c))
        };
        pairs(&forms(at.checked_sub(1)), &[form]) + pairs(&[form], &forms(Some(at + 1)))
    }

    /// The form in the longest word of the dictionary that holds the place.
    fn in_word(&self, around: &Around, at: usize) -> Option<char> {
        let characters = &around.characters;
        (2..=LONGEST_FOLDED).rev().find_map(|length| {
            let starts = (at + 1).saturating_sub(length)..=at;
            starts.filter(|start| start + length <= characters.len()).find_map(|start| {
                let word: String = characters[start..start + length].iter().collect();
                self.folding.word_form(&word)?.chars().nth(at - start)
            })
        })
    }
}

/// Characters of the folded page around a place.
struct Around {
    characters: Vec<char>,
    /// How many of them stand before the right text.
    before: usize,
}

/// Lays the right text beside the wrong one. Known are the characters both have, in the script of
/// the page; the numbers of all others follow.
fn align(folded: &str, wrong: &str, right: &[char]) -> (Vec<Option<char>>, Vec<usize>) {
    let folded: Vec<char> = folded.chars().collect();
    let wrong: Vec<char> = wrong.chars().collect();
    let mut known = vec![None; right.len()];
    for operation in capture_diff_slices(Algorithm::Myers, &folded, right) {
        if let DiffOp::Equal { old_index, new_index, len } = operation {
            for i in 0..len {
                known[new_index + i] = wrong.get(old_index + i).copied();
            }
        }
    }
    let new = (0..right.len()).filter(|at| known[*at].is_none()).collect();
    (known, new)
}

/// Writes what a message quotes in the script of the page.
fn quote(message: &mut Message, folded: &str, unfolded: &str) {
    if !folded.is_empty() && folded != unfolded {
        message.zh = message.zh.replace(&format!("“{folded}”"), &format!("“{unfolded}”"));
        message.en = message.en.replace(folded, unfolded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    fn choice(page: &str, wrong: &str, right: &str) -> Vec<(String, String)> {
        let lexicon = Lexicon::builtin().expect("the shipped dictionaries are right");
        let folded = lexicon.folding().fold(page);
        let start = folded.find(wrong).expect("the slip stands on the page");
        let span = Span::new(start, start + wrong.len());
        let edits = vec![Edit::Replace { span, old: wrong.into(), new: right.into() }];
        let choice = Choice { right: right.to_string(), confidence: 1.0, edits };
        let unfolding = Unfolding::new(page, &folded, lexicon.folding());
        let choices = unfolding.choice(span, wrong, &unfolding.wrong(span, wrong), &choice);
        let new = |choice: &Choice| match &choice.edits[0] {
            Edit::Replace { old, new, .. } => (old.clone(), new.clone()),
            Edit::Move { .. } => unreachable!("no edit here moves anything"),
        };
        choices.iter().map(new).collect()
    }

    fn pair(old: &str, new: &str) -> (String, String) {
        (old.to_string(), new.to_string())
    }

    #[test]
    fn folding_keeps_bytes_and_words() {
        let lexicon = Lexicon::builtin().expect("the shipped dictionaries are right");
        let fold = |text: &str| lexicon.folding().fold(text);
        assert_eq!(fold("乾隆年間著名的頭髮乾了，看著於此"), "乾隆年间著名的头发干了，看着于此");
        assert_eq!(fold("㠣\u{feff}a\r\n"), "㠣\u{feff}a\r\n");
    }

    #[test]
    fn what_is_kept_keeps_its_form() {
        // 裏 and not 裡 is this page's form.
        assert_eq!(
            choice("家裏難以以為繼。", "难以以为继", "难以为继"),
            [pair("難以以為繼", "難以為繼")]
        );
        assert_eq!(
            choice("他在家裏，又到城里去。", "他在家里，", "他在家里。"),
            [pair("他在家裏，", "他在家裏。")]
        );
    }

    #[test]
    fn the_page_tells_the_form() {
        let page = "發展經濟，加快發達地區開友。";
        assert_eq!(choice(page, "开友", "开发"), [pair("開友", "開發")]);
        let page = "她的頭髮很長，頭友烏黑。發展。";
        assert_eq!(choice(page, "头友", "头发"), [pair("頭友", "頭髮")]);
    }

    #[test]
    fn a_word_tells_the_form() {
        assert_eq!(choice("她的理友店。", "理友店", "理发店"), [pair("理友店", "理髮店")]);
    }

    #[test]
    fn what_is_uncertain_is_offered() {
        let choices = choice("這件事無人知曉，友。", "友", "发");
        assert_eq!(choices, [pair("友", "發"), pair("友", "髮")]);
    }
}
