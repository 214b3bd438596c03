//! `kanwu eval clean`: false alarms.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::super::args::parse_level;
use super::super::console::Console;
use super::{print_json, read};
use kanwu::eval::{Alarm, CleanScore, Voice, score_clean};
use kanwu::{Level, Pipeline, Result};

/// Count false alarms on clean text, one paragraph a line
#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    /// Text files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Take so many lines as one document; by default both 1 and 20 are measured
    #[arg(long, value_name = "N")]
    document_lines: Vec<usize>,

    /// Print every alarm of this level or above
    #[arg(long, value_name = "LEVEL", value_parser = parse_level)]
    show: Option<Level>,
}

/// A text as it was measured.
#[derive(Serialize)]
struct Measured {
    file: String,
    document_lines: usize,
    characters: usize,
    levels: Vec<AtLevel>,
    voices: Vec<VoiceAlarms>,
    /// Those asked for.
    alarms: Vec<Alarm>,
}

/// Alarms of a level or above.
#[derive(Serialize)]
struct AtLevel {
    level: Level,
    alarms: usize,
    per_10k: f64,
}

#[derive(Serialize)]
struct VoiceAlarms {
    #[serde(flatten)]
    voice: Voice,
    alarms: usize,
}

#[derive(Serialize)]
struct Document {
    texts: Vec<Measured>,
}

/// Measures the files.
pub(super) fn run(
    args: &CleanArgs,
    pipeline: &Pipeline,
    json: bool,
    console: &mut Console,
) -> Result<()> {
    let sizes: &[usize] =
        if args.document_lines.is_empty() { &[1, 20] } else { &args.document_lines };
    let mut texts = Vec::new();
    for file in &args.files {
        let text = read(file)?;
        for &size in sizes {
            let score = score_clean(pipeline, &text, size);
            let measured = Measured::new(file.display().to_string(), size, score, args.show);
            if json {
                texts.push(measured);
            } else {
                console.print(|out| measured.print(out))?;
            }
        }
    }
    if json { print_json(&Document { texts }, console) } else { Ok(()) }
}

impl Measured {
    fn new(file: String, document_lines: usize, score: CleanScore, show: Option<Level>) -> Self {
        let levels = [Level::Auto, Level::Review, Level::Hint].map(|level| AtLevel {
            level,
            alarms: score.at_least(level),
            per_10k: score.rate(level),
        });
        let voices = score.voices().into_iter();
        let shown = |alarm: &Alarm| show.is_some_and(|level| alarm.voice.level >= level);
        Self {
            file,
            document_lines,
            characters: score.characters,
            levels: levels.into(),
            voices: voices.map(|(voice, alarms)| VoiceAlarms { voice, alarms }).collect(),
            alarms: score.alarms.into_iter().filter(shown).collect(),
        }
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}, documents of {} lines", self.file, self.document_lines)?;
        writeln!(out, "{} characters", self.characters)?;
        for AtLevel { level, alarms, per_10k } in &self.levels {
            writeln!(out, "{:7} or above {alarms:6}  {per_10k:.3} per 10,000", level.name())?;
        }
        for VoiceAlarms { voice, alarms } in &self.voices {
            let (rule, grade, level) = (voice.rule, voice.grade, voice.level.name());
            writeln!(out, "  {rule} {grade:12} {level:7} {alarms:6}")?;
        }
        for alarm in &self.alarms {
            let (rule, grade) = (alarm.voice.rule, alarm.voice.grade);
            let (line, confidence, right) = (alarm.line, alarm.confidence, &alarm.right);
            let (excerpt, level) = (&alarm.excerpt, alarm.voice.level.name());
            writeln!(out, "{line}: {rule} {grade} {level} {confidence:.3} {excerpt} → {right}")?;
        }
        writeln!(out)
    }
}
