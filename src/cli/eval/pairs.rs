//! `kanwu eval pairs`: corrections of sentences.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::args::{parse_level, parse_probability};
use super::super::console::Console;
use super::table::{percent, percent_of, verdicts};
use super::{print_json, read};
use kanwu::eval::{
    Applied, Ceiling, Figures, PairOptions, PairScore, Rates, Thresholds, read_pairs, score_pairs,
};
use kanwu::{Level, Pipeline, Result};

/// Score corrections on lines of `source<TAB>target[<TAB>kind]`
#[derive(Debug, Args)]
pub(super) struct PairsArgs {
    /// Files of pairs; a line without a TAB is right as it is
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Apply suggestions of this level or above, as `kanwu fix --lines --level` does
    #[arg(
        long,
        value_name = "LEVEL",
        default_value = "review",
        conflicts_with = "min_confidence",
        value_parser = parse_level
    )]
    level: Level,

    /// Apply suggestions of this confidence or above, from 0 to 1, whatever their level
    #[arg(long, value_name = "P", value_parser = parse_probability)]
    min_confidence: Option<f64>,

    /// Leave full and half width and white space out of the comparison
    #[arg(long)]
    fold: bool,

    /// Look on half of the lines for the confidence from which to apply, and measure it on the other
    #[arg(long)]
    best_threshold: bool,
}

/// Confidence below which no threshold is looked for.
const LEAST_THRESHOLD: f64 = 0.01;

impl PairsArgs {
    /// The confidence from which misreadings are asked for.
    pub(super) fn hint_from(&self) -> f64 {
        let asked = self.min_confidence.unwrap_or(1.0);
        if self.best_threshold { asked.min(LEAST_THRESHOLD) } else { asked }
    }
}

/// A file as it was measured.
#[derive(Serialize)]
struct Measured {
    file: String,
    applied: Applied,
    fold: bool,
    #[serde(flatten)]
    score: PairScore,
}

#[derive(Serialize)]
struct Document {
    sets: Vec<Measured>,
}

/// Measures the files.
pub(super) fn run(
    args: &PairsArgs,
    pipeline: &Pipeline,
    json: bool,
    console: &mut Console,
) -> Result<()> {
    let applied = match args.min_confidence {
        Some(min_confidence) => Applied { level: Level::Hint, min_confidence },
        None => Applied { level: args.level, min_confidence: 0.0 },
    };
    let options = PairOptions { applied, fold: args.fold, best_threshold: args.best_threshold };
    let mut sets = Vec::new();
    for path in &args.files {
        let file = path.display().to_string();
        let pairs = read_pairs(&file, &read(path)?)?;
        let score = score_pairs(pipeline, &pairs, options);
        let measured = Measured { file, applied, fold: args.fold, score };
        if json {
            sets.push(measured);
        } else {
            console.print(|out| measured.print(out))?;
        }
    }
    if json { print_json(&Document { sets }, console) } else { Ok(()) }
}

impl Measured {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let Applied { level, min_confidence } = self.applied;
        let what = match level {
            Level::Hint => format!("everything from {min_confidence} applied"),
            _ => format!("{} or above applied", level.name()),
        };
        let fold = if self.fold { ", width and white space folded" } else { "" };
        writeln!(out, "{}, {what}{fold}", self.file)?;
        figures(&self.score.all, out)?;
        kinds(&self.score, out)?;
        if let Some(thresholds) = &self.score.best_threshold {
            best_thresholds(thresholds, out)?;
        }
        verdicts(&self.score.verdicts, out)?;
        writeln!(out)
    }
}

fn figures(figures: &Figures, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "sentences {}, with errors {}, changed {}, right afterwards {}%",
        figures.sentences,
        figures.positive,
        figures.changed,
        percent(figures.accuracy).trim()
    )?;
    writeln!(out, "{:36}     P      R     F1   F0.5", "")?;
    for (name, rates) in [
        ("sentence detection (strict)", figures.sentence_detection),
        ("sentence correction (strict)", figures.sentence_correction),
        ("sentence detection (SIGHAN)", figures.sentence_detection_sighan),
        ("sentence correction (SIGHAN)", figures.sentence_correction_sighan),
        ("sentence detection (loose)", figures.sentence_detection_loose),
        ("edit detection", figures.edit_detection),
        ("edit correction", figures.edit_correction),
    ] {
        writeln!(out, "{name:36}{} {}", three(rates), percent(Some(rates.f05)))?;
    }
    let edits = figures.false_edits_per_10k;
    writeln!(
        out,
        "right sentences changed {}%, edits in them per 10,000 characters {}",
        percent(figures.false_positive_rate).trim(),
        edits.map_or_else(|| "n/a".to_string(), |edits| format!("{edits:.2}"))
    )
}

/// Precision, recall and F1.
fn three(rates: Rates) -> String {
    [rates.precision, rates.recall, rates.f1].map(|share| percent(Some(share))).join(" ")
}

fn kinds(score: &PairScore, out: &mut dyn Write) -> io::Result<()> {
    if score.kinds.is_empty() {
        return Ok(());
    }
    let heads = ["detection P R F1", "correction P R F1", "edit correction P R F1"];
    let heads = heads.map(|head| format!("{head:22}")).join("");
    writeln!(out, "  {:12} sentences changed%  {}", "kind", heads.trim_end())?;
    for (kind, figures) in &score.kinds {
        let (sentences, changed) = (figures.sentences, figures.changed);
        write!(out, "  {kind:12} {sentences:9}   {}", percent_of(changed, sentences))?;
        // Of right sentences only the share changed means anything.
        if figures.positive > 0 {
            let detection = three(figures.sentence_detection);
            let correction = three(figures.sentence_correction);
            write!(out, "  {detection}  {correction}  {}", three(figures.edit_correction))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn best_thresholds(thresholds: &Thresholds, out: &mut dyn Write) -> io::Result<()> {
    for (half, threshold) in [("even", thresholds.of_even), ("odd", thresholds.of_odd)] {
        writeln!(out, "best threshold on {half} lines {:.3}", threshold.min_confidence)?;
        for (lines, figures) in [("even", threshold.even_lines), ("odd", threshold.odd_lines)] {
            writeln!(
                out,
                "  on {lines:4} lines: sentence correction {}, right sentences changed {}%",
                three(figures.sentence_correction),
                percent(figures.false_positive_rate)
            )?;
        }
    }
    ceiling(None, thresholds.ceiling, out)?;
    thresholds.kinds.iter().try_for_each(|(kind, of_kind)| ceiling(Some(kind), *of_kind, out))
}

fn ceiling(kind: Option<&str>, ceiling: Ceiling, out: &mut dyn Write) -> io::Result<()> {
    let Ceiling { due, offered, first } = ceiling;
    let kind = kind.map_or_else(String::new, |kind| format!("{kind}: "));
    writeln!(
        out,
        "  {kind}of {due} right edits {}% are offered at any confidence, {}% as the first choice",
        percent_of(offered, due).trim(),
        percent_of(first, due).trim()
    )
}
