//! The line from a file to its suggestions.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::analyze::{Facts, Page};
use crate::apply::apply;
use crate::calibration::Calibration;
use crate::config::{Config, HouseIndex, Switches};
use crate::correct::{Corrector, Ranker};
use crate::error::Result;
use crate::finding::{Edit, Finding, Level, Report};
use crate::lexicon::Lexicon;
use crate::rank::rank;
use crate::repair::repair;
use crate::rules::{self, Context, Detector, Hit, RightWords, Rule};
use crate::script::{Script, Unfolding, script_of};
use crate::segment::segment;
use crate::source::Source;

/// Everything needed to check texts: dictionaries, detectors and settings. Built once, then
/// shared by all threads, and with other settings by other texts.
pub struct Pipeline {
    knowledge: Arc<Knowledge>,
    /// Finds misreadings; absent where no rule asks for them.
    corrector: Option<Arc<Corrector>>,
    /// The tables of the house, as they are and folded; absent where they say nothing.
    house: Option<Arc<HouseIndex>>,
    folded_house: Option<Arc<HouseIndex>>,
    config: Config,
}

/// What does not depend on settings.
struct Knowledge {
    lexicon: Lexicon,
    calibration: Calibration,
    detectors: Vec<(&'static Rule, Box<dyn Detector>)>,
}

impl Pipeline {
    /// A pipeline with kanwu's own dictionaries.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when a shipped table has a mistake.
    pub fn new(config: Config) -> Result<Self> {
        Self::with_lexicon(Lexicon::builtin()?, config)
    }

    /// A pipeline with dictionaries of the caller's.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when the calibration table has a mistake.
    pub fn with_lexicon(lexicon: Lexicon, config: Config) -> Result<Self> {
        Self::assemble(lexicon, None, config)
    }

    /// The same with another ranker of suspects than the one kanwu ships with.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when the calibration table has a mistake.
    pub fn with_ranker(lexicon: Lexicon, ranker: Ranker, config: Config) -> Result<Self> {
        Self::assemble(lexicon, Some(ranker), config)
    }

    fn assemble(lexicon: Lexicon, ranker: Option<Ranker>, config: Config) -> Result<Self> {
        let calibration =
            Calibration::parse("calibration.tsv", include_str!("../dictionaries/calibration.tsv"))?;
        let detectors: Vec<(&'static Rule, Box<dyn Detector>)> = rules::all()
            .into_iter()
            .filter_map(|rule| rule.build.map(|build| (rule, build(&lexicon))))
            .collect();
        let knowledge = Arc::new(Knowledge { lexicon, calibration, detectors });
        Self::under(knowledge, None, ranker, config)
    }

    /// A pipeline with the same dictionaries and other settings. It costs next to nothing, unless
    /// another engine read the pages.
    ///
    /// # Errors
    /// [`crate::Error::Table`] when the tables of the house are too large.
    pub fn with_config(&self, config: Config) -> Result<Self> {
        let corrector = self.corrector.clone().filter(|_| config.engine == self.config.engine);
        Self::under(Arc::clone(&self.knowledge), corrector, None, config)
    }

    fn under(
        knowledge: Arc<Knowledge>,
        corrector: Option<Arc<Corrector>>,
        ranker: Option<Ranker>,
        config: Config,
    ) -> Result<Self> {
        let asks = |(rule, detector): &(&'static Rule, Box<dyn Detector>)| {
            config.speaks(rule) && detector.asks_suspects()
        };
        let corrector = match corrector {
            _ if !knowledge.detectors.iter().any(asks) => None,
            Some(corrector) => Some(corrector),
            None => {
                let lexicon = &knowledge.lexicon;
                let ranker = ranker.map_or_else(|| Ranker::builtin(lexicon), Ok)?;
                Some(Arc::new(Corrector::new(lexicon, config.engine.channel()?, ranker)))
            }
        };
        let index = |folding| -> Result<_> {
            let house = (!config.house.is_empty()).then(|| config.house.compile(folding));
            Ok(house.transpose()?.map(Arc::new))
        };
        let (house, folded_house) = (index(None)?, index(Some(knowledge.lexicon.folding()))?);
        Ok(Self { knowledge, corrector, house, folded_house, config })
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The dictionaries.
    pub fn lexicon(&self) -> &Lexicon {
        &self.knowledge.lexicon
    }

    /// Checks a source as one document.
    pub fn check(&self, source: &Source) -> Report {
        self.read(source, |read, page| self.find(read, page, 0..read.lines().len()))
    }

    /// Reports what `find` finds in a source as it is to be read: without the switches in it, and
    /// in simplified script. What is found is told in the words of the source.
    fn read(&self, source: &Source, find: impl Fn(&Source, &Page) -> Vec<Finding>) -> Report {
        let switches = Switches::read(source);
        let script = self.config.script.unwrap_or_else(|| script_of(source.text(), self.lexicon()));
        let page = self.page(&switches, script);
        let mut read = Cow::Borrowed(source);
        if !switches.comments.is_empty() {
            read = Cow::Owned(read.blanked(&switches.comments));
        }
        let folding = self.lexicon().folding();
        if script == Script::Traditional {
            read = Cow::Owned(read.folded(folding));
        }
        let mut findings = find(&read, &page);
        findings.retain(|finding| switches.let_pass(finding));
        if script == Script::Traditional {
            let unfolding = Unfolding::new(source.text(), read.text(), folding);
            findings.retain(|finding| finding.rule.id != rules::TRADITIONAL_FORM);
            findings = findings.into_iter().map(|finding| unfolding.finding(finding)).collect();
        }
        self.report(source, findings, switches.mistakes)
    }

    /// What the house and the document itself say about a page.
    fn page(&self, switches: &Switches, script: Script) -> Page {
        let traditional = script == Script::Traditional;
        let known = if traditional { &self.folded_house } else { &self.house };
        let house = if switches.house.is_empty() {
            known.clone()
        } else {
            let folding = traditional.then(|| self.lexicon().folding());
            // Tables that fitted alone fit with the few words of a document.
            let whole = self.config.house.under(&switches.house).compile(folding);
            whole.ok().map(Arc::new).or_else(|| known.clone())
        };
        let date = switches.date.or(self.config.date);
        Page { house, date, punctuation: self.config.punctuation }
    }

    /// The text of a source after all structure suggestions of `review` or above.
    pub fn repaired_text(&self, source: &Source) -> String {
        let report = self.check(source);
        let structure = report.at_least(Level::Review).filter(|s| s.finding.rule.family() == "S");
        let edits: Vec<&[Edit]> = structure
            .filter_map(|suggestion| suggestion.finding.choices.first())
            .map(|choice| choice.edits.as_slice())
            .collect();
        apply(source.text(), &edits).text
    }

    /// Checks a source each of whose lines is a document of its own. No finding reaches over a
    /// line end, so applying them keeps the number of lines.
    pub fn check_lines(&self, source: &Source) -> Report {
        self.read(source, |read, page| self.find_in_lines(read, page))
    }

    fn find_in_lines(&self, source: &Source, page: &Page) -> Vec<Finding> {
        (0..source.lines().len())
            .into_par_iter()
            .flat_map_iter(|line| {
                let mut findings = self.find(source, page, line..line + 1);
                let within = source.lines()[line].span;
                findings.retain(|finding| {
                    let mut edits = finding.choices.iter().flat_map(|choice| &choice.edits);
                    edits.all(|edit| within.contains(edit.span()) && !breaks_line(edit))
                });
                // An empty line between CR and LF, or at the end of the file, is no line any more.
                if findings.iter().map(deleted).sum::<usize>() >= within.len() {
                    findings.retain(|finding| deleted(finding) == 0);
                }
                findings
            })
            .collect()
    }

    /// Everything the rules find in some lines of a source, taken as one document.
    fn find(&self, source: &Source, page: &Page, lines: Range<usize>) -> Vec<Finding> {
        let lexicon = self.lexicon();
        let segmented = segment(source, lines, lexicon);
        let repaired = repair(source, &segmented, lexicon);
        let facts = Facts::gather(repaired.paragraphs, lexicon).of_page(page.clone());
        let mut findings = repaired.findings;
        findings.retain(|finding| self.config.speaks(finding.rule));
        for finding in findings.iter_mut().filter(|finding| !finding.grade.is_empty()) {
            finding.confidence =
                self.knowledge.calibration.confidence(finding.rule.id, finding.grade);
            for choice in &mut finding.choices {
                choice.confidence = finding.confidence;
            }
        }
        findings.extend(self.detect(&facts));
        findings
    }

    /// Everything the detectors find in a document. The order of the result does not depend on the number of threads.
    pub fn detect(&self, facts: &Facts) -> Vec<Finding> {
        let suspects = match &self.corrector {
            Some(corrector) => corrector.suspects(facts, self.lexicon()),
            None => vec![Vec::new(); facts.paragraphs.len()],
        };
        let of_paragraphs = (0..facts.paragraphs.len()).into_par_iter().flat_map_iter(|index| {
            let context = Context {
                index,
                paragraph: &facts.paragraphs[index],
                tokens: &facts.tokens[index],
                suspects: &suspects[index],
                facts,
                lexicon: self.lexicon(),
            };
            self.speaking().flat_map(move |(rule, detector)| {
                let mut hits = Vec::new();
                detector.check_paragraph(&context, &mut hits);
                hits.into_iter().map(move |hit| (index, *rule, hit)).collect::<Vec<_>>()
            })
        });
        let mut hits: Vec<(usize, &'static Rule, Hit)> = of_paragraphs.collect();
        for (rule, detector) in self.speaking() {
            let mut found = Vec::new();
            detector.check_document(facts, self.lexicon(), &mut found);
            hits.extend(found.into_iter().map(|(index, hit)| (index, *rule, hit)));
        }
        let right = RightWords::of(facts);
        hits.into_iter()
            .filter_map(|(index, rule, hit)| Some((index, rule, right.spared(index, rule, hit)?)))
            .map(|(index, rule, hit)| {
                let measured = || self.knowledge.calibration.confidence(rule.id, hit.grade);
                let confidence = hit.confidence.unwrap_or_else(measured);
                facts.paragraphs[index].finding(hit, rule, confidence, |i| &facts.paragraphs[i])
            })
            .collect()
    }

    /// The detectors of the rules that may speak.
    fn speaking(&self) -> impl Iterator<Item = &(&'static Rule, Box<dyn Detector>)> {
        self.knowledge.detectors.iter().filter(|(rule, _)| self.config.speaks(rule))
    }

    fn report(
        &self,
        source: &Source,
        findings: Vec<Finding>,
        mistakes: Vec<(usize, String)>,
    ) -> Report {
        Report {
            suggestions: rank(source, findings, &self.config),
            characters: source.text().chars().filter(|c| !c.is_whitespace()).count(),
            mistakes,
        }
    }
}

/// Bytes that the choices of a finding would take out.
fn deleted(finding: &Finding) -> usize {
    let edits = finding.choices.iter().flat_map(|choice| &choice.edits);
    edits
        .map(|edit| match edit {
            Edit::Replace { old, new, .. } => old.len().saturating_sub(new.len()),
            Edit::Move { .. } => 0,
        })
        .sum()
}

/// True for an edit that would put in a line break.
fn breaks_line(edit: &Edit) -> bool {
    matches!(edit, Edit::Replace { new, .. } if new.contains(['\n', '\r']))
}
