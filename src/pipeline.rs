//! The line from a file to its suggestions.

use std::ops::Range;

use rayon::prelude::*;

use crate::analyze::Facts;
use crate::apply::apply;
use crate::calibration::Calibration;
use crate::config::Config;
use crate::correct::{Corrector, Ranker};
use crate::error::Result;
use crate::finding::{Edit, Finding, Level, Report};
use crate::lexicon::Lexicon;
use crate::rank::rank;
use crate::repair::repair;
use crate::rules::{self, Context, Detector, Hit, Rule};
use crate::script::{Script, Unfolding, script_of};
use crate::segment::segment;
use crate::source::Source;

/// Everything needed to check texts: dictionaries, detectors and settings. Built once, then
/// shared by all threads.
pub struct Pipeline {
    lexicon: Lexicon,
    calibration: Calibration,
    detectors: Vec<(&'static Rule, Box<dyn Detector>)>,
    /// Finds misreadings; absent where no rule asks for them.
    corrector: Option<Corrector>,
    config: Config,
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
            .filter(|rule| config.speaks(rule))
            .filter_map(|rule| rule.build.map(|build| (rule, build(&lexicon))))
            .collect();
        let asked = detectors.iter().any(|(_, detector)| detector.asks_suspects());
        let build = || {
            let ranker = ranker.map_or_else(|| Ranker::builtin(&lexicon), Ok)?;
            Ok(Corrector::new(&lexicon, config.engine.channel()?, ranker))
        };
        let corrector = asked.then(build).transpose()?;
        Ok(Self { lexicon, calibration, detectors, corrector, config })
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The dictionaries.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Checks a source as one document.
    pub fn check(&self, source: &Source) -> Report {
        let findings = self.in_own_script(source, |read| self.find(read, 0..read.lines().len()));
        self.report(source, findings)
    }

    /// What `find` finds in a source that is read in simplified script, told in its own.
    fn in_own_script(
        &self,
        source: &Source,
        find: impl Fn(&Source) -> Vec<Finding>,
    ) -> Vec<Finding> {
        let script = self.config.script.unwrap_or_else(|| script_of(source.text(), &self.lexicon));
        if script == Script::Simplified {
            return find(source);
        }
        let folding = self.lexicon.folding();
        let folded = source.folded(folding);
        let unfolding = Unfolding::new(source.text(), folded.text(), folding);
        let findings = find(&folded).into_iter();
        let about_script = |finding: &Finding| finding.rule.id == rules::TRADITIONAL_FORM;
        findings.filter(|f| !about_script(f)).map(|f| unfolding.finding(f)).collect()
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
        let findings = self.in_own_script(source, |read| self.find_in_lines(read));
        self.report(source, findings)
    }

    fn find_in_lines(&self, source: &Source) -> Vec<Finding> {
        (0..source.lines().len())
            .into_par_iter()
            .flat_map_iter(|line| {
                let mut findings = self.find(source, line..line + 1);
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
    fn find(&self, source: &Source, lines: Range<usize>) -> Vec<Finding> {
        let segmented = segment(source, lines, &self.lexicon);
        let repaired = repair(source, &segmented, &self.lexicon);
        let facts = Facts::gather(repaired.paragraphs, &self.lexicon);
        let mut findings = repaired.findings;
        findings.retain(|finding| self.config.speaks(finding.rule));
        for finding in findings.iter_mut().filter(|finding| !finding.grade.is_empty()) {
            finding.confidence = self.calibration.confidence(finding.rule.id, finding.grade);
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
            Some(corrector) => corrector.suspects(facts, &self.lexicon),
            None => vec![Vec::new(); facts.paragraphs.len()],
        };
        let of_paragraphs = (0..facts.paragraphs.len()).into_par_iter().flat_map_iter(|index| {
            let context = Context {
                index,
                paragraph: &facts.paragraphs[index],
                tokens: &facts.tokens[index],
                suspects: &suspects[index],
                facts,
                lexicon: &self.lexicon,
            };
            self.detectors.iter().flat_map(move |(rule, detector)| {
                let mut hits = Vec::new();
                detector.check_paragraph(&context, &mut hits);
                hits.into_iter().map(move |hit| (index, *rule, hit)).collect::<Vec<_>>()
            })
        });
        let mut hits: Vec<(usize, &'static Rule, Hit)> = of_paragraphs.collect();
        for (rule, detector) in &self.detectors {
            let mut found = Vec::new();
            detector.check_document(facts, &self.lexicon, &mut found);
            hits.extend(found.into_iter().map(|(index, hit)| (index, *rule, hit)));
        }
        hits.into_iter()
            .map(|(index, rule, hit)| {
                let measured = || self.calibration.confidence(rule.id, hit.grade);
                let confidence = hit.confidence.unwrap_or_else(measured);
                facts.paragraphs[index].finding(hit, rule, confidence, |i| &facts.paragraphs[i])
            })
            .collect()
    }

    fn report(&self, source: &Source, findings: Vec<Finding>) -> Report {
        Report {
            suggestions: rank(source, findings, &self.config),
            characters: source.text().chars().filter(|c| !c.is_whitespace()).count(),
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
