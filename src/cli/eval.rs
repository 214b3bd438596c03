//! `kanwu eval`: measure the rules on texts whose truth is known.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::args::parse_level;
use super::models::Models;
use kanwu::eval::{Pair, read_pairs, score_clean, score_pairs};
use kanwu::{Error, Level, Pipeline, Result};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    #[command(subcommand)]
    data: Data,

    #[command(flatten)]
    pub(crate) models: Models,
}

#[derive(Debug, Subcommand)]
enum Data {
    /// Count false alarms on clean text, one paragraph a line
    Clean {
        /// Text files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Take so many lines as one document; by default both 1 and 20 are measured
        #[arg(long, value_name = "N")]
        document_lines: Vec<usize>,
        /// Print every alarm of this level or above
        #[arg(long, value_name = "LEVEL", value_parser = parse_level)]
        show: Option<Level>,
    },
    /// Judge suggestions on lines of `source<TAB>target[<TAB>kind]`
    Pairs {
        /// Files of pairs
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Runs `kanwu eval` and prints its tables.
///
/// # Errors
/// When a file cannot be read or printed to.
pub(crate) fn run(args: &EvalArgs, pipeline: &Pipeline, out: &mut dyn Write) -> Result<()> {
    match &args.data {
        Data::Clean { files, document_lines, show } => {
            let sizes = if document_lines.is_empty() { &[1, 20][..] } else { document_lines };
            for file in files {
                for &size in sizes {
                    clean(pipeline, file, size, *show, out)?;
                }
            }
        }
        Data::Pairs { files } => {
            for file in files {
                let pairs = read_pairs(&file.display().to_string(), &read(file)?)?;
                print_pairs(pipeline, file, &pairs, out).map_err(|e| Error::io("<stdout>", e))?;
            }
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| Error::io(path, cause))
}

fn clean(
    pipeline: &Pipeline,
    file: &Path,
    lines_per_document: usize,
    show: Option<Level>,
    out: &mut dyn Write,
) -> Result<()> {
    let score = score_clean(pipeline, &read(file)?, lines_per_document);
    let mut print = || -> std::io::Result<()> {
        writeln!(out, "{}, documents of {lines_per_document} lines", file.display())?;
        writeln!(out, "{} characters", score.characters)?;
        for level in [Level::Auto, Level::Review, Level::Hint] {
            let (count, rate) = (score.at_least(level), score.rate(level));
            writeln!(out, "{:7} or above {count:6}  {rate:.3} per 10,000", level.name())?;
        }
        for (voice, count) in score.voices() {
            let (rule, grade, level) = (voice.rule, voice.grade, voice.level.name());
            writeln!(out, "  {rule} {grade:12} {level:7} {count:6}")?;
        }
        for alarm in score.alarms.iter().filter(|a| show.is_some_and(|l| a.voice.level >= l)) {
            let (rule, grade, level) = (alarm.voice.rule, alarm.voice.grade, alarm.voice.level);
            let (line, confidence, right) = (alarm.line, alarm.confidence, &alarm.right);
            let (excerpt, level) = (&alarm.excerpt, level.name());
            writeln!(out, "{line}: {rule} {grade} {level} {confidence:.3} {excerpt} → {right}")?;
        }
        writeln!(out)
    };
    print().map_err(|cause| Error::io("<stdout>", cause))
}

fn print_pairs(
    pipeline: &Pipeline,
    file: &Path,
    pairs: &[Pair],
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let score = score_pairs(pipeline, pairs);
    writeln!(out, "{}, {} pairs", file.display(), pairs.len())?;
    writeln!(out, "  rule grade        level    right  wrong")?;
    for (voice, verdicts) in &score.voices {
        let (rule, grade, level) = (voice.rule, voice.grade, voice.level.name());
        writeln!(out, "  {rule} {grade:12} {level:7} {:6} {:6}", verdicts.right, verdicts.wrong)?;
    }
    writeln!(out, "  kind          sentences corrected noticed")?;
    for (kind, recall) in &score.kinds {
        let share = |n: usize| 100.0 * n as f64 / recall.sentences as f64;
        writeln!(
            out,
            "  {kind:12} {:9} {:8.1}% {:6.1}%",
            recall.sentences,
            share(recall.corrected),
            share(recall.noticed)
        )?;
    }
    writeln!(out)
}
