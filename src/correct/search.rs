//! From a paragraph to the places where another character reads much better.

use std::cell::OnceCell;
use std::ops::Range;

use super::resemblance::{Alike, Resemblance};
use super::{Channel, Corrector, SuspectKind, UNSEEN};
use crate::han::is_han;
use crate::lexicon::Sound;
use crate::marks::is_sign;
use crate::model::{LanguageModel, Mixture, MixtureState, Surprises, Trial, Window, symbol};
use crate::rules::Context;
use crate::segment::BlockKind;

/// A place where something else may have been printed.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) kind: SuspectKind,
    /// Bytes of the paragraph's text; empty where something was lost.
    pub(super) range: Range<usize>,
    /// What reads better, the best first.
    pub(super) candidates: Vec<Candidate>,
}

impl Place {
    /// True where the best candidate is hard to resist, whatever the rest of the page is like.
    pub(super) fn is_strong(&self) -> bool {
        self.candidates.first().is_some_and(|best| best.score >= STRONG)
    }
}

/// Score from which a place counts among the doubtful ones of a document.
const STRONG: f32 = 16.0;

/// Something that may have been printed at a place.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The characters; empty where nothing was printed.
    pub(super) new: String,
    /// How much more probable it makes the paragraph, in nats.
    pub(super) gain: f32,
    pub(super) resemblance: Resemblance,
    /// Gain and resemblance in one number, to choose what is looked at more closely.
    pub(super) score: f32,
}

impl Candidate {
    /// Two neighbours that are tried together; the gain of each is that of both.
    fn and(self, next: Self) -> Self {
        Self {
            new: self.new + &next.new,
            gain: self.gain,
            resemblance: self.resemblance.and(next.resemblance),
            score: (self.score + next.score) / 2.0,
        }
    }

    /// Any candidate, to learn the names of features.
    pub(super) fn example() -> Self {
        mark_candidate(String::new(), 0.0, UNSEEN)
    }
}

/// How far the search for misread characters goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// For a character alone.
    one: Limits,
    /// For two neighbours together; ln p and gain are those of both.
    two: Limits,
}

/// What a place and a candidate must reach to be looked at.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// ln p after what stands to the left, above which nothing else is tried.
    gate: f32,
    /// Gain below which a candidate is dropped.
    least_gain: f32,
    /// Score below which a candidate is dropped.
    least_score: f32,
    /// The score as estimated from the pairs of characters alone, below which the context is not
    /// read.
    least_estimate: f32,
}

impl Bounds {
    /// For fixes that somebody might accept: 99 in a hundred real misreadings with one lie below a
    /// ln p of -6. On scans no score below 8.9 was ever held for three in ten likely; of what was, 2
    /// in 1,000 lay below the estimate, of all that is tried 9 in 10. Two neighbours that are tried
    /// together must gain far more, as there are many of them. With limits of -14, 12, 18 and 13.5
    /// words that an input method takes for others of the same sound are not looked at: the
    /// pairs of characters show little of what the context does.
    pub(super) const NARROW: Self = Self {
        one: Limits { gate: -5.5, least_gain: 4.0, least_score: 8.0, least_estimate: 6.0 },
        two: Limits { gate: -13.0, least_gain: 10.0, least_score: 15.0, least_estimate: 9.0 },
    };
    /// For all that is more probable than chance.
    pub(super) const WIDE: Self = Self {
        one: Limits { gate: -4.0, least_gain: 2.0, least_score: 5.0, least_estimate: 4.0 },
        two: Limits { gate: -10.0, least_gain: 8.0, least_score: 12.0, least_estimate: 0.0 },
    };
}

impl Limits {
    /// The gain that what speaks for a candidate, `nats` of it, leaves to be shown by the text.
    fn gain(self, nats: f32) -> f32 {
        self.least_gain.max(self.least_score - nats)
    }
}

/// ln p below which a mark is tried where a Chinese character was read.
const GATE: f32 = -5.5;
/// The same for marks: the model is never sure of them, and there are few to try.
const MARK_GATE: f32 = -3.0;
/// And for what stands behind a mark that may have been lost.
const LOST_GATE: f32 = -4.0;
/// Gain below which a sign is dropped.
const LEAST_MARK_GAIN: f32 = 0.0;
/// The gain as estimated from the pair of a sign and the character behind it, below which the sign
/// is not tried. What the sign itself costs is left out.
const LEAST_MARK_ESTIMATE: f32 = 0.0;
/// Characters tried because the model expects them between the neighbours.
const EXPECTED: usize = 24;
/// Candidates kept for a place.
const KEPT: usize = 3;

/// The places of a paragraph where another reading is better.
pub(super) fn places(context: &Context<'_>, corrector: &Corrector, bounds: Bounds) -> Vec<Place> {
    let text = context.text();
    if context.paragraph.kind == BlockKind::Table || !is_chinese(text) {
        return Vec::new();
    }
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let search = Search { context, corrector, characters: &characters, bounds };
    let surprises = search.surprises();
    let mut places = Vec::new();
    for (i, (&(at, character), &(_, surprise))) in
        characters.iter().zip(surprises.each()).enumerate()
    {
        if surprise > MARK_GATE || symbol(character).is_none() {
            continue;
        }
        let spot = search.spot(i, at);
        if surprise <= bounds.one.gate && is_han(character) {
            places.extend(spot.misread_character(character));
        }
        if let Some(next) = spot.doubtful_next(character, surprise) {
            places.extend(spot.misread_pair(character, next));
        }
        if surprise <= GATE || is_sign(character) {
            places.extend(spot.misread_mark(character));
        }
        if surprise <= LOST_GATE {
            places.extend(spot.lost_mark(Some(character)));
        }
    }
    if context.paragraph.kind.is_text() && !context.paragraph.ends_cut {
        places.extend(search.spot(characters.len(), text.len()).lost_mark(None));
    }
    places
}

/// True where Chinese characters outnumber Latin words: of English the model knows nothing.
fn is_chinese(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    text.chars().filter(|c| is_han(*c)).count() > words.count()
}

/// The search in a paragraph.
#[derive(Clone, Copy)]
struct Search<'a> {
    context: &'a Context<'a>,
    corrector: &'a Corrector,
    /// The characters of its text with their bytes.
    characters: &'a [(usize, char)],
    bounds: Bounds,
}

impl<'a> Search<'a> {
    fn surprises(self) -> &'a Surprises {
        self.context.facts.surprises(self.context.index)
    }

    fn model(self) -> &'a Mixture {
        self.context.lexicon.mixed_model()
    }

    /// Before the character number `i`, at byte `at`.
    fn spot(self, i: usize, at: usize) -> Spot<'a> {
        Spot { search: self, i, at, state: OnceCell::new() }
    }

    /// The last visible character before number `i`.
    fn visible_before(self, i: usize) -> Option<char> {
        self.characters[..i].iter().rev().map(|(_, c)| *c).find(|c| symbol(*c).is_some())
    }

    /// The first visible character from number `i` on, with its byte.
    fn visible_from(self, i: usize) -> Option<(usize, char)> {
        self.characters[i..].iter().copied().find(|(_, c)| symbol(*c).is_some())
    }

    /// How improbable the visible character number `i` and the next are where they stand, in nats.
    fn doubt(self, i: usize) -> f32 {
        let both = [self.visible_from(i), self.visible_from(i + 1)].into_iter().flatten();
        -both.map(|(at, _)| self.surprises().at(at)).sum::<f32>()
    }

    fn candidate(self, read: char, printed: char, gain: f32) -> Candidate {
        let (channel, lexicon) = (&self.corrector.channel, self.context.lexicon);
        let resemblance = Resemblance::of(read, printed, channel, lexicon);
        let score = gain + resemblance.nats();
        Candidate { new: printed.to_string(), gain, resemblance, score }
    }
}

/// Where something else may have been printed.
struct Spot<'a> {
    search: Search<'a>,
    /// Number of the character that was read here.
    i: usize,
    /// Its first byte.
    at: usize,
    /// That of the language model before it.
    state: OnceCell<MixtureState>,
}

impl Spot<'_> {
    /// From here over `length` bytes.
    fn range(&self, length: usize) -> Range<usize> {
        self.at..self.at + length
    }

    /// The same range for the language model.
    fn window(&self, length: usize) -> Window<'_, Mixture> {
        let (model, text) = (self.search.model(), self.search.context.text());
        let state = *self.state.get_or_init(|| model.after(&text[..self.at]));
        self.search.surprises().window_after(model, state, text, self.range(length))
    }

    /// What is gained by `trials` over `length` bytes. Without any the context need not be read.
    fn gains<const N: usize>(&self, length: usize, trials: &[Trial<N>]) -> Vec<([char; N], f32)> {
        if trials.is_empty() { Vec::new() } else { self.window(length).gains(trials) }
    }

    /// The character behind `read` where both are Chinese and so surprising together that both may
    /// have been misread.
    fn doubtful_next(&self, read: char, surprise: f32) -> Option<char> {
        let &(at, next) = self.search.characters.get(self.i + 1)?;
        let doubtful = surprise + self.search.surprises().at(at) <= self.search.bounds.two.gate;
        (doubtful && is_han(read) && is_han(next)).then_some(next)
    }

    /// A Chinese character that may have been printed as another.
    fn misread_character(&self, read: char) -> Option<Place> {
        let Self { search, i, .. } = *self;
        let (corrector, limits, lexicon) =
            (search.corrector, search.bounds.one, search.context.lexicon);
        let behind = search.visible_from(i + 1).map(|(_, c)| c);
        let gap = lexicon.neighbours().gap(search.model(), search.visible_before(i), behind);
        let doubt = search.doubt(i);
        let similar = corrector.similar(read, lexicon);
        // Beyond that nothing passes the estimate below.
        let cost = doubt + similar.most_beside() - limits.least_estimate;
        let expected = gap.likeliest_within(EXPECTED, cost).into_iter();
        let expected = expected.filter_map(|c| corrector.expected(read, c, similar, lexicon));
        let mut tried: Vec<Trial<1>> = similar
            .shapes
            .iter()
            .chain(&similar.sounds)
            .copied()
            .chain(expected)
            .filter(|alike| doubt + alike.nats - gap.cost_at(alike.place) >= limits.least_estimate)
            .map(|alike| Trial { new: [alike.character], least: limits.gain(alike.nats) })
            .collect();
        distinct(&mut tried);
        let gains = self.gains(read.len_utf8(), &tried).into_iter();
        let candidates = gains.map(|([new], gain)| search.candidate(read, new, gain)).collect();
        place(SuspectKind::Character, self.range(read.len_utf8()), candidates)
    }

    /// Two Chinese characters side by side that may both have been printed as others: as long as
    /// one of them is wrong, putting the other right gains too little to be seen.
    fn misread_pair(&self, first: char, second: char) -> Option<Place> {
        let search = self.search;
        let (corrector, lexicon) = (search.corrector, search.context.lexicon);
        let (firsts, seconds) =
            (corrector.similar(first, lexicon), corrector.similar(second, lexicon));
        // An engine misreads both by their shapes, a typist takes both for others by their sounds.
        let mut tried = self.pairs(&firsts.shapes, &seconds.shapes);
        tried.extend(self.pairs(&firsts.sounds, &seconds.sounds));
        distinct(&mut tried);
        let length = first.len_utf8() + second.len_utf8();
        let candidates = self.gains(length, &tried).into_iter().map(|([a, b], gain)| {
            search.candidate(first, a, gain).and(search.candidate(second, b, gain))
        });
        place(SuspectKind::Character, self.range(length), candidates.collect())
    }

    /// Those pairs of `firsts` and `seconds` that may be more probable than what stands here.
    fn pairs(&self, firsts: &[Alike], seconds: &[Alike]) -> Vec<Trial<2>> {
        let Self { search, i, .. } = *self;
        let limits = search.bounds.two;
        let (model, neighbours) = (search.model(), search.context.lexicon.neighbours());
        let behind = search.visible_from(i + 2).map(|(_, c)| c);
        let before = neighbours.gap(model, search.visible_before(i), None);
        let behind = neighbours.gap(model, None, behind);
        let least = limits.least_estimate - search.doubt(i + 1) + search.surprises().at(self.at);
        // What the second says for itself; the best first, so that the rest can be passed over.
        let mut seconds: Vec<(f32, &Alike)> =
            seconds.iter().map(|b| (b.nats / 2.0 - behind.cost_at(b.place), b)).collect();
        seconds.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut pairs = Vec::new();
        for a in firsts {
            let own = a.nats / 2.0 - before.cost_at(a.place);
            let promising = seconds.partition_point(|(of_b, _)| own + of_b >= least);
            if promising == 0 {
                continue;
            }
            let middle = neighbours.gap(model, Some(a.character), None);
            let fits = |of_b: f32, b: &Alike| own + of_b - middle.cost_at(b.place) >= least;
            let hopeful = seconds[..promising].iter().filter(|(of_b, b)| fits(*of_b, b));
            pairs.extend(hopeful.map(|(_, b)| Trial {
                new: [a.character, b.character],
                least: limits.gain((a.nats + b.nats) / 2.0),
            }));
        }
        pairs
    }

    /// A sign in place of another, or one that was never printed; or a Chinese character in place
    /// of a sign (一 for —).
    fn misread_mark(&self, read: char) -> Option<Place> {
        let range = self.range(read.len_utf8());
        let channel = &self.search.corrector.channel;
        let lines = &self.search.context.paragraph.lines;
        let at_edge =
            || lines.iter().any(|line| line.start == range.start || line.end == range.end);
        let printed = channel.printed_for(read).iter().copied().filter(|printed| match printed {
            Some(printed) => is_sign(*printed) && symbol(*printed) != symbol(read),
            // Specks at the edge of a line are read as characters too (和, 人); elsewhere a
            // character nobody printed is a neighbour's part, and C103's.
            None => is_sign(read) || at_edge(),
        });
        let printed: Vec<Option<char>> = printed.take(MARKS).collect();
        if printed.is_empty() {
            return None;
        }
        let window = self.window(read.len_utf8());
        let signs: Vec<Trial<1>> = printed.iter().flatten().map(|sign| sign_trial(*sign)).collect();
        let gains = window.gains(&signs).into_iter().map(|([sign], gain)| (Some(sign), gain));
        let mut gains: Vec<(Option<char>, f32)> = gains.collect();
        if printed.contains(&None) {
            gains.extend(window.gain("", LEAST_MARK_GAIN).map(|gain| (None, gain)));
        }
        let candidates = gains.into_iter().map(|(printed, gain)| {
            let new = printed.map_or(String::new(), String::from);
            mark_candidate(new, gain, channel.ln_probability(printed, Some(read)))
        });
        place(SuspectKind::Mark, range, candidates.collect())
    }

    /// A sign lost here, before `behind` or at the end of the paragraph.
    fn lost_mark(&self, behind: Option<char>) -> Option<Place> {
        let Self { search, at, .. } = *self;
        let channel = &search.corrector.channel;
        let neighbours = search.context.lexicon.neighbours();
        let surprise = search.surprises().at(at);
        let behind = behind.filter(|c| is_han(*c)).map(|c| neighbours.place(c));
        // A Chinese character that stands here must be at home behind the sign.
        let explains = |sign: &char| {
            behind.is_none_or(|behind| {
                let gap = neighbours.gap(search.model(), Some(*sign), None);
                -gap.cost_at(behind) - surprise >= LEAST_MARK_ESTIMATE
            })
        };
        let lost = search.corrector.lost_signs.iter().copied().filter(explains);
        let lost: Vec<Trial<1>> = lost.map(sign_trial).collect();
        let candidates = self.gains(0, &lost).into_iter().map(|([printed], gain)| {
            let channel = channel.ln_probability(Some(printed), None);
            mark_candidate(printed.to_string(), gain, channel)
        });
        place(SuspectKind::Mark, self.range(0), candidates.collect())
    }
}

/// Each trial once.
fn distinct<const N: usize>(trials: &mut Vec<Trial<N>>) {
    trials.sort_unstable_by_key(|trial| trial.new);
    trials.dedup_by_key(|trial| trial.new);
}

fn place(kind: SuspectKind, range: Range<usize>, mut candidates: Vec<Candidate>) -> Option<Place> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.new.cmp(&b.new)));
    candidates.truncate(KEPT);
    (!candidates.is_empty()).then_some(Place { kind, range, candidates })
}

/// Signs tried at a place at most.
const MARKS: usize = 64;
/// Signs tried where one may have been lost: ，。、“”（） and — are nearly all that are.
const LOST_MARKS: usize = 8;

/// The signs that are lost most often.
pub(super) fn lost_signs(channel: &Channel) -> Vec<char> {
    channel.lost().iter().copied().filter(|c| is_sign(*c)).take(LOST_MARKS).collect()
}

fn sign_trial(sign: char) -> Trial<1> {
    Trial { new: [sign], least: LEAST_MARK_GAIN }
}

fn mark_candidate(new: String, gain: f32, channel: f32) -> Candidate {
    let resemblance = Resemblance { likeness: 0.0, sound: Sound::Different, channel };
    Candidate { new, gain, resemblance, score: gain + resemblance.nats() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Facts;
    use crate::correct::{Engine, context};
    use crate::lexicon::Lexicon;
    use crate::repair::Paragraph;

    fn facts(text: &str, lexicon: &Lexicon) -> Facts {
        let text = text.to_string();
        let kind = BlockKind::Body;
        let paragraph = Paragraph {
            kind,
            text,
            pieces: Vec::new(),
            lines: Vec::new(),
            starts_cut: false,
            ends_cut: false,
        };
        Facts::gather(vec![paragraph], lexicon)
    }

    fn corrector(lexicon: &Lexicon) -> Corrector {
        Corrector::new(lexicon, Engine::Generic.channel().expect("the shipped tables are right"))
    }

    #[test]
    fn what_was_printed_is_among_the_candidates() {
        let lexicon = Lexicon::builtin().expect("the shipped dictionaries are right");
        let corrector = corrector(&lexicon);
        for (read, wrong, right) in [
            ("会议听取了人民政俯工作报告。", "俯", "府"),
            ("全国人民代衷犬会在北京举行。", "衷犬", "表大"),
            ("会议强调·要加强组织领导。", "·", "，"),
            ("会议听取了工作报告各地要结合实际抓好落实。", "", "，"),
            ("会议听取了政府工作报告", "", "。"),
        ] {
            let facts = facts(read, &lexicon);
            let places = places(&context(&facts, &lexicon, 0), &corrector, Bounds::NARROW);
            let mut found = places.iter().filter(|place| &read[place.range.clone()] == wrong);
            assert!(
                found.any(|place| place.candidates.iter().any(|c| c.new == right)),
                "{read}: {places:#?}"
            );
        }
    }

    #[test]
    fn no_promising_pair_is_passed_over() {
        let lexicon = Lexicon::builtin().expect("the shipped dictionaries are right");
        let corrector = corrector(&lexicon);
        let text = "全国人民代衷犬会在北京举行。";
        let facts = facts(text, &lexicon);
        let context = context(&facts, &lexicon, 0);
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        let (context, bounds) = (&context, Bounds::NARROW);
        let search = Search { context, corrector: &corrector, characters: &characters, bounds };
        let i = 5;
        let spot = search.spot(i, characters[i].0);
        let firsts = &corrector.similar('衷', &lexicon).shapes;
        let seconds = &corrector.similar('犬', &lexicon).shapes;
        let gap = |left, right| lexicon.neighbours().gap(search.model(), left, right);
        let surprise = |i: usize| search.surprises().at(characters[i].0);
        let doubt = -surprise(i) - surprise(i + 1) - surprise(i + 2);
        let (before, behind) = (gap(Some('代'), None), gap(None, Some('会')));
        let mut expected = Vec::new();
        for a in firsts {
            for b in seconds {
                let middle = gap(Some(a.character), None).cost(b.character);
                let cost = before.cost(a.character) + middle + behind.cost(b.character);
                if doubt + (a.nats + b.nats) / 2.0 - cost >= Bounds::NARROW.two.least_estimate {
                    expected.push([a.character, b.character]);
                }
            }
        }
        let mut found: Vec<[char; 2]> =
            spot.pairs(firsts, seconds).into_iter().map(|trial| trial.new).collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert!(expected.contains(&['表', '大']) && expected.len() < firsts.len() * seconds.len());
        assert_eq!(found, expected);
    }
}
