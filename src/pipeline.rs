//! The line from a file to its suggestions.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::analyze::{Facts, Page};
use crate::apply::apply;
use crate::archive::ArchiveIndex;
use crate::calibration::Calibration;
use crate::config::{Config, HouseIndex, Switches};
use crate::correct::{Corrector, Ranker};
use crate::document::documents;
use crate::error::Result;
use crate::finding::{Edit, Finding, Level, Report};
use crate::lexicon::Lexicon;
use crate::rank::{Seen, rank};
use crate::repair::repair;
use crate::rules::{self, Context, Detector, Hit, RightWords, Rule};
use crate::script::{Script, Unfolding, script_of};
use crate::segment::segment;
use crate::source::Source;
use crate::span::Span;

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
    /// The archive the texts belong to, where it has been counted.
    archive: Option<Arc<ArchiveIndex>>,
}

/// What does not depend on settings.
struct Knowledge {
    lexicon: Lexicon,
    calibration: Calibration,
    detectors: Vec<(&'static Rule, Box<dyn Detector>)>,
}

/// What of a source is a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// All of it.
    #[default]
    Whole,
    /// Each line.
    Lines,
}

/// A part of a source, checked.
pub struct Part {
    /// Bytes of the file.
    pub span: Span,
    /// What was found in it, in offsets of the file.
    pub report: Report,
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
        let pipeline = Self::under(Arc::clone(&self.knowledge), corrector, None, config)?;
        Ok(pipeline.with_archive(self.archive.clone()))
    }

    /// The same pipeline for texts of an archive that has been counted.
    #[must_use]
    pub fn with_archive(mut self, archive: Option<Arc<ArchiveIndex>>) -> Self {
        self.archive = archive;
        self
    }

    /// The same pipeline with a rule of the caller's.
    ///
    /// # Panics
    /// When pipelines with other settings have been made of this one: they share their rules.
    #[must_use]
    pub fn with_detector(mut self, rule: &'static Rule, detector: Box<dyn Detector>) -> Self {
        let knowledge = Arc::get_mut(&mut self.knowledge).expect("the rules are not shared");
        knowledge.detectors.push((rule, detector));
        self
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
                lexicon.gather_neighbours();
                let corrector = Corrector::new(lexicon, config.engine.channel()?);
                // Last: it waits for the segmenter.
                let ranker = ranker.map_or_else(|| Ranker::builtin(lexicon), Ok)?;
                Some(Arc::new(corrector.with_ranker(ranker)))
            }
        };
        let index = |folding| -> Result<_> {
            let house = (!config.house.is_empty()).then(|| config.house.compile(folding));
            Ok(house.transpose()?.map(Arc::new))
        };
        let (house, folded_house) = (index(None)?, index(Some(knowledge.lexicon.folding()))?);
        Ok(Self { knowledge, corrector, house, folded_house, config, archive: None })
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The dictionaries.
    pub fn lexicon(&self) -> &Lexicon {
        &self.knowledge.lexicon
    }

    /// Checks a source as one document, or, where it is longer than [`LONGEST_DOCUMENT`], as
    /// several.
    ///
    /// [`LONGEST_DOCUMENT`]: crate::document::LONGEST_DOCUMENT
    pub fn check(&self, source: &Source) -> Report {
        self.collect(source, Reading::Whole)
    }

    fn collect(&self, source: &Source, reading: Reading) -> Report {
        let mut report = Report::default();
        let whole = self.check_parts(source, reading, |part| {
            report.characters += part.report.characters;
            report.suggestions.extend(part.report.suggestions);
            report.mistakes.extend(part.report.mistakes);
            Ok(())
        });
        whole.map(|()| report).unwrap_or_else(|never: std::convert::Infallible| match never {})
    }

    /// Checks a source part by part, so that no more than a few parts are held in memory, and hands
    /// the parts to `emit` in order. They follow one another without gaps; the first tells the
    /// mistakes in the switches of the source.
    ///
    /// It is read without those switches, and in simplified script. What is found is told in the
    /// words of the source.
    ///
    /// # Errors
    /// When `emit` fails; nothing is emitted behind that.
    pub fn check_parts<E>(
        &self,
        source: &Source,
        reading: Reading,
        mut emit: impl FnMut(Part) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let mut switches = Switches::read(source);
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
        let unfolding = (script == Script::Traditional)
            .then(|| Unfolding::new(source.text(), read.text(), folding));
        let mut spans = documents(source).peekable();
        let mut seen = Seen::default();
        let mut mistakes = std::mem::take(&mut switches.mistakes);
        while spans.peek().is_some() {
            let some: Vec<Span> = spans.by_ref().take(rayon::current_num_threads()).collect();
            let found: Vec<(Span, Vec<Finding>)> = some
                .into_par_iter()
                .map(|span| (span, self.find_in(&read, &page, span, reading)))
                .collect();
            for (span, mut findings) in found {
                findings.retain(|finding| {
                    switches.let_pass(finding) && source.stands_together(finding)
                });
                if let Some(unfolding) = &unfolding {
                    findings.retain(|finding| finding.rule.id != rules::TRADITIONAL_FORM);
                    findings = findings.into_iter().map(|f| unfolding.finding(f)).collect();
                }
                let suggestions = rank(source, findings, &self.config, &mut seen);
                let visible = span.of(source.text()).chars().filter(|c| !c.is_whitespace());
                let characters = visible.count();
                let mistakes = std::mem::take(&mut mistakes);
                emit(Part { span, report: Report { suggestions, characters, mistakes } })?;
            }
        }
        Ok(())
    }

    /// Everything the rules find in a span of a source.
    fn find_in(&self, source: &Source, page: &Page, span: Span, reading: Reading) -> Vec<Finding> {
        let find = |source: &Source| match reading {
            Reading::Whole => self.find(source, page, 0..source.lines().len()),
            Reading::Lines => self.find_in_lines(source, page),
        };
        if span.len() == source.text().len() {
            return find(source);
        }
        let part = Source::new(source.name(), span.of(source.text()));
        find(&part).into_iter().map(|finding| finding.shifted(span.start)).collect()
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
        self.collect(source, Reading::Lines)
    }

    /// Everything the rules find in each line of a source.
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
        let facts = Facts::gather(repaired.paragraphs, lexicon)
            .of_page(page.clone())
            .within(self.archive.clone());
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
            Some(corrector) => {
                let least = self.config.suspect_hint_from as f32;
                corrector.suspects(facts, self.lexicon(), least)
            }
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
