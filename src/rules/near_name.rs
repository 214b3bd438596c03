//! K101: a form used once that is one character away from a name or term used often.

mod archive;

use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, RwLock};

use rustc_hash::{FxHashMap, FxHasher};

use super::{Detector, Hit, Manual, Rule};
use crate::analyze::Facts;
use crate::finding::{Level, Message};
use crate::han::is_han;
use crate::lexicon::Lexicon;

/// K101.
pub(super) static RULE: Rule = Rule {
    id: "K101",
    name: Manual { zh: "前后不一", en: "Inconsistent name" },
    summary: Manual {
        zh: "同一篇里的名称、术语，多次是一种写法，偶有一处差一个字。",
        en: "A name or term written one way several times and once with another character.",
    },
    why: Manual {
        zh: "一篇之内，出现三次以上的写法可信；只出现一次、只差一个形近字而又不成词的，多半是误认。\
             方位、序数、反义之差（东区/西区、第一/第二、进口/出口）不算。",
        en: "Within a document a form used three times or more is trusted. A form used once, one \
             look-alike character away, and no word of its own, is probably misread. Pairs that \
             differ by direction, number or opposite are left alone.",
    },
    standard: None,
    examples: &[
        (
            "聚源广场位于河畔。市民来到聚源广场散步，聚源广场焕然一新。入夜，聚原广场灯火通明。",
            "聚源广场位于河畔。市民来到聚源广场散步，聚源广场焕然一新。入夜，聚源广场灯火通明。",
        ),
        (
            "银龄课堂开课。走进银龄课堂，办好银龄课堂，让银岭课堂更热闹。",
            "银龄课堂开课。走进银龄课堂，办好银龄课堂，让银龄课堂更热闹。",
        ),
        (
            "记者徐晖到村里采访。徐晖说，村里变了。徐晖又去了邻村。临走时，徐辉和村民道别。",
            "记者徐晖到村里采访。徐晖说，村里变了。徐晖又去了邻村。临走时，徐晖和村民道别。",
        ),
        (
            "演出《龙江颂》，《龙江颂》的唱段流传很广，《龙江颂》复排上演。评论谈《尤江颂》。",
            "演出《龙江颂》，《龙江颂》的唱段流传很广，《龙江颂》复排上演。评论谈《龙江颂》。",
        ),
    ],
    silent_on: &[
        "东区广场开放。东区广场很大，东区广场很新。西区广场还在施工。",
        "第一小学开学，第一小学招生，第一小学放假，第二小学也放假。",
        "一期工程完工，一期工程验收，一期工程获奖，二期工程开工。",
        "局长张三说，张三又说，张三还说；科长张四说，张四没来。",
        "问界、智界、享界、尊界、尚界。问界销量上升，问界降价，问界上市，智界也上市。",
        "省委召开会议，省委要求，省委强调，市委贯彻落实。",
        "进口增长，进口商品增多，进口关税下降，出口商品也增多。",
        "公转水升级，公转水增长，公转水提速，铁转水起步。",
    ],
    statistical: false,
    level: Level::Review,
    build: Some(|_| Box::new(NearNames::default())),
};

#[derive(Default)]
struct NearNames {
    /// The characters that look like a character, filled as texts ask for them.
    alike: RwLock<FxHashMap<char, Arc<[char]>>>,
}

/// A form used so often is trusted.
const OFTEN: usize = 3;

/// Length in characters of the pieces of text that are compared: long enough to be a term, short
/// enough that a misread character has three right ones around it.
const PIECE: usize = 4;

/// What is compared: the kind decides how alike two characters must look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A person: a surname beside a title.
    Person,
    /// The text of a 《》.
    Title,
    /// A piece of text that ends in what institutions and places end in.
    Institution,
    /// Any other piece of text.
    Phrase,
}

impl Kind {
    /// Name of the evidence.
    fn grade(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Title => "title",
            Self::Institution => "institution",
            Self::Phrase => "phrase",
        }
    }

    /// The least likeness of the two characters. Of the characters PP-OCR confused on the dev
    /// pages 72 % are alike by 0.5 or more and 80 % by 0.4, against 1.8 % and 3.8 % of pairs
    /// drawn at random from news; 0.3 takes in those that share a component (源 and 原 0.32).
    fn likeness(self) -> f32 {
        match self {
            Self::Title | Self::Institution => 0.3,
            Self::Person | Self::Phrase => 0.5,
        }
    }
}

/// The least likeness of the first or last character of a piece of running text: pairs drawn at
/// random from news reach 0.7 in 0.5 % of cases.
const AT_AN_EDGE: f32 = 0.7;

/// A form the document uses often.
#[derive(Clone, Debug)]
struct Trusted {
    form: Vec<char>,
    kind: Kind,
    count: usize,
    place: (usize, Range<usize>),
}

/// Trusted forms by themselves with one character left out, so that a form one character away is
/// found without comparing all with all.
#[derive(Default)]
struct Neighbourhood {
    forms: Vec<Trusted>,
    /// Their numbers by what [`without`] makes of them.
    by_gap: FxHashMap<u64, Vec<usize>>,
}

impl Neighbourhood {
    fn insert(&mut self, trusted: Trusted) {
        for gap in 0..trusted.form.len() {
            let key = without(&trusted.form, gap);
            self.by_gap.entry(key).or_default().push(self.forms.len());
        }
        self.forms.push(trusted);
    }

    /// The trusted forms that differ from `form` in one character, with its number.
    fn near<'a>(&'a self, form: &[char]) -> impl Iterator<Item = (&'a Trusted, usize)> {
        (0..form.len()).flat_map(move |gap| {
            let found = self.by_gap.get(&without(form, gap)).into_iter().flatten();
            found
                .map(|index| &self.forms[*index])
                .filter(move |trusted| differ_only_at(gap, &trusted.form, form))
                .map(move |trusted| (trusted, gap))
        })
    }
}

/// A number for a form with the character `gap` left out.
fn without(form: &[char], gap: usize) -> u64 {
    let mut hasher = FxHasher::default();
    (gap, &form[..gap], &form[gap + 1..]).hash(&mut hasher);
    hasher.finish()
}

/// True for two forms that have another character at `gap` and are the same beside it.
fn differ_only_at(gap: usize, a: &[char], b: &[char]) -> bool {
    a.len() == b.len()
        && a[gap] != b[gap]
        && a[..gap] == b[..gap]
        && a[gap + 1..] == b[gap + 1..]
}

impl Detector for NearNames {
    fn check_document(&self, facts: &Facts, lexicon: &Lexicon, hits: &mut Vec<(usize, Hit)>) {
        let trusted = trusted_forms(facts, lexicon);
        if trusted.forms.is_empty() && facts.archive().is_none() {
            return;
        }
        for index in 0..facts.paragraphs.len() {
            let mut found = rare_neighbours(facts, lexicon, &trusted, index);
            if let Some(archive) = facts.archive() {
                // What the document itself shows comes before what other pages show.
                found.extend(self.rare_in(archive, facts, lexicon, index));
            }
            // Pieces that overlap see the same misread character several times.
            let mut taken: Vec<Range<usize>> = Vec::new();
            for (range, hit) in found {
                if taken.iter().all(|other| range.end <= other.start || other.end <= range.start) {
                    taken.push(range);
                    hits.push((index, hit));
                }
            }
        }
    }
}

/// The forms used [`OFTEN`], each once.
fn trusted_forms(facts: &Facts, lexicon: &Lexicon) -> Neighbourhood {
    let mut found: FxHashMap<&str, Trusted> = FxHashMap::default();
    for (index, paragraph) in facts.paragraphs.iter().enumerate() {
        for (kind, range) in candidates(facts, lexicon, index) {
            let form = &paragraph.text[range.clone()];
            let new = || Trusted { form: form.chars().collect(), kind, count: 0, place: (index, range) };
            found.entry(form).or_insert_with(new).count += 1;
        }
    }
    for (form, trusted) in &mut found {
        // A person's name counts wherever it stands, also where no title is beside it.
        if trusted.kind == Kind::Person {
            trusted.count = facts.count(form);
        }
    }
    let mut trusted: Vec<Trusted> =
        found.into_values().filter(|trusted| trusted.count >= OFTEN).collect();
    // The order of a hash map is no order: the first place in the document decides.
    trusted.sort_by_key(|trusted| (trusted.place.0, trusted.place.1.start, trusted.place.1.end));
    let mut neighbourhood = Neighbourhood::default();
    for trusted in trusted {
        neighbourhood.insert(trusted);
    }
    neighbourhood
}

/// The strings of a paragraph that may be names or terms: persons, titles, pieces.
fn candidates(facts: &Facts, lexicon: &Lexicon, index: usize) -> Vec<(Kind, Range<usize>)> {
    let text = facts.paragraphs[index].text.as_str();
    let mut found = Vec::new();
    for name in &facts.names[index] {
        if text[name.clone()].chars().count() <= LONGEST_PERSON {
            found.push((Kind::Person, name.clone()));
        }
    }
    found.extend(titles(text).map(|range| (Kind::Title, range)));
    for range in pieces(text, PIECE) {
        if facts.count(&text[range.clone()]) >= OFTEN {
            found.push((kind_of_piece(text, &range, lexicon), range));
        }
    }
    found
}

/// Longest name of a person, in characters: a compound surname and two characters.
const LONGEST_PERSON: usize = 4;

/// The text of each 《》 of four to sixteen characters: in shorter ones a character is half of the
/// title, and longer ones repeat in part only.
fn titles(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.match_indices('《').filter_map(|(at, mark)| {
        let start = at + mark.len();
        let end = start + text[start..].find(['《', '》'])?;
        let title = &text[start..end];
        let fits = (PIECE - 1..=16).contains(&title.chars().count()) && title.chars().all(is_han);
        (fits && text[end..].starts_with('》')).then_some(start..end)
    })
}

/// All stretches of `length` Chinese characters.
fn pieces(text: &str, length: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    text.char_indices().filter_map(move |(start, _)| {
        let mut end = start;
        let mut characters = text[start..].chars();
        for _ in 0..length {
            let character = characters.next().filter(|c| is_han(*c))?;
            end += character.len_utf8();
        }
        Some(start..end)
    })
}

fn kind_of_piece(text: &str, range: &Range<usize>, lexicon: &Lexicon) -> Kind {
    let institution = lexicon.names().ends_in_suffix(&text[range.clone()]);
    if institution { Kind::Institution } else { Kind::Phrase }
}

/// The forms of a paragraph that occur once and stand one character beside a trusted one, by
/// place.
fn rare_neighbours(
    facts: &Facts,
    lexicon: &Lexicon,
    trusted: &Neighbourhood,
    index: usize,
) -> Vec<(Range<usize>, Hit)> {
    let text = facts.paragraphs[index].text.as_str();
    let mut lengths: Vec<usize> =
        trusted.forms.iter().filter(|f| f.kind == Kind::Person).map(|f| f.form.len()).collect();
    lengths.push(PIECE);
    lengths.sort_unstable();
    lengths.dedup();
    let pieces = lengths.into_iter().flat_map(|length| pieces(text, length));
    let mut forms: Vec<(Range<usize>, bool)> = titles(text).map(|range| (range, true)).collect();
    forms.extend(
        pieces.filter(|range| facts.count(&text[range.clone()]) == 1).map(|range| (range, false)),
    );
    forms.sort_by_key(|(range, title)| (range.start, !title));
    let persons = &facts.names[index];
    let mut found = Vec::new();
    let mut form = Vec::new();
    for (range, title) in forms {
        form.clear();
        form.extend(text[range.clone()].chars());
        for (model, gap) in trusted.near(&form) {
            let rare = Rare { facts, lexicon, index, range: &range, form: &form, gap };
            if title == (model.kind == Kind::Title) && rare.is_suspect(model.kind, model.form[gap]) {
                found.push((range.clone(), rare.hit(model, persons.contains(&range))));
            }
        }
    }
    found
}

/// A form that stands one character beside a trusted one.
struct Rare<'a> {
    facts: &'a Facts,
    lexicon: &'a Lexicon,
    index: usize,
    range: &'a Range<usize>,
    form: &'a [char],
    gap: usize,
}

impl Rare<'_> {
    /// True when `right`, in a form of that kind, may well have been misread as what stands here.
    fn is_suspect(&self, kind: Kind, right: char) -> bool {
        let wrong = self.form[self.gap];
        let inside = (1..self.form.len() - 1).contains(&self.gap);
        let likeness = match kind {
            // At its edges a piece of running text differs from others by chance.
            Kind::Phrase | Kind::Institution if !inside => AT_AN_EDGE,
            kind => kind.likeness(),
        };
        let placed = match kind {
            Kind::Institution => self.gap + 1 < self.form.len(),
            // With another surname it is another person; 年英 is not 李英 misread.
            Kind::Person => self.gap > 0,
            Kind::Phrase | Kind::Title => true,
        };
        placed
            && !FUNCTION_WORDS.contains(wrong)
            && !is_contrast(wrong, right)
            && self.lexicon.glyphs().likeness(wrong, right) >= likeness
            && !self.is_word(kind)
    }

    /// True when the differing character belongs to a word of the dictionary: 东区 beside 西区.
    fn is_word(&self, kind: Kind) -> bool {
        let place = self.place();
        let tokens = &self.facts.tokens[self.index];
        let at = tokens.partition_point(|token| token.range.end <= place.start);
        let Some(token) = tokens.get(at) else { return false };
        let name = kind == Kind::Person && token.range == *self.range;
        token.range.len() > place.len() && !name
    }

    /// Where the differing character stands.
    fn place(&self) -> Range<usize> {
        let before: usize = self.form[..self.gap].iter().map(|c| c.len_utf8()).sum();
        let start = self.range.start + before;
        start..start + self.form[self.gap].len_utf8()
    }

    fn hit(&self, model: &Trusted, beside_title: bool) -> Hit {
        let wrong: String = self.form.iter().collect();
        let right: String = model.form.iter().collect();
        // Somebody introduced with a title of their own may well have a similar name.
        let namesake = model.kind == Kind::Person && beside_title;
        let grade = if namesake { "namesake" } else { model.kind.grade() };
        let message = Message::new(
            format!("全篇“{right}”{}处，“{wrong}”仅此一处", model.count),
            format!("{right} is used {} times, {wrong} only here", model.count),
        );
        let first = Message::new(format!("“{right}”首见于此"), format!("{right} is first used here"));
        Hit::new(self.range.clone(), grade, message)
            .fix(self.place(), model.form[self.gap].to_string(), 1.0)
            .because(Some(model.place.clone()), first)
    }
}

/// Characters that are words by themselves: 习近平向 beside 习近平同 is no slip.
const FUNCTION_WORDS: &str = "的了在和与及是对从向将就也还都又说等到把被让给为以则并同于由按据经因有不";

/// Characters of which one term has one and its counterpart another.
const CONTRASTS: &str = "东西南北中上下左右前后内外里男女老少大小多少新旧高低长短进出入正副主客甲乙丙丁天地\
                         〇零一二三四五六七八九十百千万亿两首末初省市区县州乡镇村他她它我你们";

/// True when both characters are of those that terms are told apart by.
fn is_contrast(a: char, b: char) -> bool {
    CONTRASTS.contains(a) && CONTRASTS.contains(b)
}
