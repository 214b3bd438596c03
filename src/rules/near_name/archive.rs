//! Forms of a document that stand one character beside a form of many pages of the archive.

use std::ops::Range;
use std::sync::{Arc, PoisonError};

use super::{Kind, LONGEST_PERSON, NearNames, PIECE, Rare, kind_of_piece, pieces, titles};
use crate::analyze::Facts;
use crate::archive::ArchiveIndex;
use crate::finding::Message;
use crate::lexicon::{Glyphs, Lexicon};
use crate::rules::Hit;

/// A form on so many pages at most is rare: its own page is one of them.
const RARE: u32 = 1;

/// A form on so many pages is trusted.
const OFTEN: u32 = 5;

/// From so many pages on a piece of running text is not there by chance.
const VERY_OFTEN: u32 = 10;

/// Characters of like shape that are tried: with names all that may be so alike, with the many
/// pieces of running text those that are much alike.
const ALIKE: usize = 320;
const MUCH_ALIKE: usize = 48;

impl NearNames {
    /// The forms of a paragraph that hardly any page has and that stand one look-alike character
    /// beside a form of many pages, by place.
    pub(super) fn rare_in(
        &self,
        archive: &ArchiveIndex,
        facts: &Facts,
        lexicon: &Lexicon,
        index: usize,
    ) -> Vec<(Range<usize>, Hit)> {
        let mut found = Vec::new();
        for (kind, range) in forms(facts, lexicon, index) {
            let form: Vec<char> =
                facts.paragraphs[index].text[range.clone()].chars().collect();
            if archive.pages(&form) > RARE {
                continue;
            }
            let rare = |gap| Rare { facts, lexicon, index, range: &range, form: &form, gap };
            let gaps = (0..form.len()).map(rare);
            let best = gaps.filter_map(|rare| self.best(archive, rare, kind));
            if let Some(best) = best.max_by_key(|best| best.pages) {
                found.push((range.clone(), best.hit(kind)));
            }
        }
        found.sort_by_key(|(range, _)| range.start);
        found
    }

    /// The form of most pages that differs from `rare` in its doubtful character.
    fn best<'a>(
        &self,
        archive: &ArchiveIndex,
        rare: Rare<'a>,
        kind: Kind,
    ) -> Option<Neighbour<'a>> {
        let mut form = rare.form.to_vec();
        let alike = self.alike(form[rare.gap], rare.lexicon.glyphs());
        let tried = if kind == Kind::Phrase { MUCH_ALIKE } else { ALIKE };
        let pages = alike.iter().take(tried).map(|right| {
            form[rare.gap] = *right;
            (archive.surely(&form), *right)
        });
        let trusted = pages.filter(|(pages, right)| *pages >= OFTEN && rare.is_suspect(kind, *right));
        let (pages, right) = trusted.max_by_key(|(pages, _)| *pages)?;
        Some(Neighbour { rare, right, pages })
    }

    fn alike(&self, character: char, glyphs: &Glyphs) -> Arc<[char]> {
        let known = self.alike.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(alike) = known.get(&character) {
            return Arc::clone(alike);
        }
        drop(known);
        let alike: Arc<[char]> = glyphs.nearest(character, ALIKE).into();
        let mut known = self.alike.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(character).or_insert(alike))
    }
}

/// The forms of a paragraph that stand but once in the document.
fn forms(facts: &Facts, lexicon: &Lexicon, index: usize) -> Vec<(Kind, Range<usize>)> {
    let text = facts.paragraphs[index].text.as_str();
    let persons = facts.names[index].iter().cloned();
    let short = |range: &Range<usize>| text[range.clone()].chars().count() <= LONGEST_PERSON;
    let once = |range: &Range<usize>| facts.count(&text[range.clone()]) == 1;
    let persons = persons.filter(|r| short(r) && once(r)).map(|r| (Kind::Person, r));
    let titles = titles(text).map(|range| (Kind::Title, range));
    let pieces = pieces(text, PIECE).filter(once);
    let pieces = pieces.map(|range| (kind_of_piece(text, &range, lexicon), range));
    persons.chain(titles).chain(pieces).collect()
}

/// A rare form and the character that makes it one of many pages.
struct Neighbour<'a> {
    rare: Rare<'a>,
    right: char,
    pages: u32,
}

impl Neighbour<'_> {
    fn hit(&self, kind: Kind) -> Hit {
        let (rare, pages) = (&self.rare, self.pages);
        let grade = match kind {
            Kind::Person => "archive person",
            Kind::Title => "archive title",
            Kind::Institution => "archive institution",
            Kind::Phrase if pages >= VERY_OFTEN => "archive phrase",
            Kind::Phrase => "archive phrase weak",
        };
        let wrong: String = rare.form.iter().collect();
        let mut form = rare.form.to_vec();
        form[rare.gap] = self.right;
        let right: String = form.iter().collect();
        let message = Message::new(
            format!("“{right}”见于全库约 {pages} 页，“{wrong}”几乎仅此一处"),
            format!("{right} stands on about {pages} pages of the archive, {wrong} hardly elsewhere"),
        );
        Hit::new(rare.range.clone(), grade, message).fix(rare.place(), self.right.to_string(), 1.0)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::archive::IndexBuilder;
    use crate::{Config, Pipeline, Source};

    /// What K101 makes of `text` in an archive with six pages of `page`, or in none.
    fn corrected(text: &str, page: Option<&str>) -> Vec<(String, String)> {
        let config = Config { select: vec!["K101".to_string()], ..Config::default() };
        let pipeline = Pipeline::new(config).expect("the shipped dictionaries are right");
        let archive = page.map(|page| {
            let builder = IndexBuilder::new(1 << 16);
            (0..6).for_each(|_| builder.add(page, pipeline.lexicon().names()));
            builder.add(text, pipeline.lexicon().names());
            Arc::new(builder.finish())
        });
        let report = pipeline.with_archive(archive).check(&Source::new("page", text));
        let findings = report.suggestions.into_iter().map(|suggestion| suggestion.finding);
        findings.map(|f| (f.wrong.clone(), f.choices[0].right.clone())).collect()
    }

    #[test]
    fn other_pages_show_what_a_page_alone_does_not() {
        let wrong = "入夜，市民来到聚溽广场散步。";
        let page = "聚源广场位于河畔，焕然一新。";
        assert!(corrected(wrong, None).is_empty());
        let found = corrected(wrong, Some(page));
        assert_eq!(found, [("聚溽广场".to_string(), "聚源广场".to_string())]);
        assert!(corrected("入夜，市民来到聚源广场散步。", Some(page)).is_empty());
    }

    #[test]
    fn a_form_of_several_pages_is_right() {
        let both = "聚源广场位于河畔，聚溽广场在山上。";
        assert!(corrected("入夜，市民来到聚溽广场散步。", Some(both)).is_empty());
    }
}
