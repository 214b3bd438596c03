//! `kanwu eval pages`: repairs of scanned pages.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::super::args::parse_fix_level;
use super::super::console::Console;
use super::table::{percent, percent_of, verdicts};
use super::{print_json, read};
use kanwu::correct::train::{FOLDS, fold_of};
use kanwu::eval::{
    Applied, FloatCounts, FurnitureCounts, PageCounts, PageFigures, PageScore, PagesScore, Repairs,
    Variant, Verdicts, read_page_records, score_pages,
};
use kanwu::{Error, Level, Pipeline, Result};

/// Score repairs on scanned pages, one JSON record a line
#[derive(Debug, Args)]
pub(super) struct PagesArgs {
    /// Files of pages
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// In which shape the pages were saved
    #[arg(long, value_name = "VARIANT", default_value = "hard")]
    variant: Shape,

    /// Apply suggestions of this level or above, as `kanwu fix --level` does: auto or review
    #[arg(long, value_name = "LEVEL", default_value = "review", value_parser = parse_fix_level)]
    level: Level,

    /// Only pages this engine read, as rapid or tess
    #[arg(long, value_name = "NAME")]
    engine_name: Option<String>,

    /// Only pages of this part, from 0 to 3: those that `train rank --without PART` leaves out
    #[arg(long, value_name = "PART", value_parser = clap::value_parser!(u32).range(..i64::from(FOLDS)))]
    part: Option<u32>,
}

/// The shapes by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// A line for each printed line
    Hard,
    /// A line for each column block
    Para,
}

/// A file as it was measured.
#[derive(Serialize)]
struct Measured {
    file: String,
    variant: Variant,
    level: Level,
    /// All pages, then those of each engine.
    groups: Vec<Group>,
    #[serde(flatten)]
    verdicts: Verdicts,
    pages: Vec<PageScore>,
}

#[derive(Serialize)]
struct Group {
    engine: Option<String>,
    #[serde(flatten)]
    figures: PageFigures,
}

#[derive(Serialize)]
struct Document {
    files: Vec<Measured>,
}

/// Measures the files.
pub(super) fn run(
    args: &PagesArgs,
    pipeline: &Pipeline,
    json: bool,
    console: &mut Console,
) -> Result<()> {
    let applied = Applied { level: args.level, min_confidence: 0.0 };
    let variant = match args.variant {
        Shape::Hard => Variant::Hard,
        Shape::Para => Variant::Para,
    };
    let mut files = Vec::new();
    for path in &args.files {
        let file = path.display().to_string();
        let mut records = read_page_records(&file, &read(path)?)?;
        if let Some(name) = &args.engine_name {
            records.retain(|record| record.engine == *name);
            if records.is_empty() {
                return Err(Error::Usage(format!("{file}: no page that {name} read")));
            }
        }
        records.retain(|record| args.part.is_none_or(|part| fold_of(&record.page) == part));
        let score = score_pages(pipeline, &records, variant, applied);
        let measured = Measured::new(file, variant, args.level, score);
        if json {
            files.push(measured);
        } else {
            console.print(|out| measured.print(out))?;
        }
    }
    if json { print_json(&Document { files }, console) } else { Ok(()) }
}

impl Measured {
    fn new(file: String, variant: Variant, level: Level, score: PagesScore) -> Self {
        let engines = score.engines().into_iter().map(Some);
        let groups = std::iter::once(None).chain(engines).map(|engine| Group {
            engine: engine.map(str::to_string),
            figures: score.figures(engine),
        });
        let groups = groups.collect();
        Self { file, variant, level, groups, verdicts: score.verdicts, pages: score.pages }
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let variant = match self.variant {
            Variant::Hard => "hard",
            Variant::Para => "para",
        };
        writeln!(out, "{}, {variant}, {} or above applied", self.file, self.level.name())?;
        writeln!(
            out,
            "{:15} pages    CER strict  breaks P R F1        captions: found own extracted mid   \
             gone: heads numbers  headlines lost",
            ""
        )?;
        for group in &self.groups {
            let name = group.engine.as_deref().unwrap_or("all");
            for (side, counts) in [("before", group.figures.before), ("after", group.figures.after)]
            {
                row(&format!("{name} {side}"), group.figures.pages, &counts, out)?;
            }
        }
        for group in &self.groups {
            let name = group.engine.as_deref().unwrap_or("all");
            repairs(name, &group.figures, out)?;
        }
        verdicts(&self.verdicts, out)?;
        writeln!(out)
    }
}

fn row(name: &str, pages: usize, counts: &PageCounts, out: &mut dyn Write) -> io::Result<()> {
    let breaks = counts.breaks();
    let breaks = [breaks.precision, breaks.recall, breaks.f1].map(|share| percent(Some(share)));
    let captions =
        |part: fn(&FloatCounts) -> usize| percent_of(part(&counts.captions), counts.captions.all);
    let gone =
        |furniture: FurnitureCounts| percent_of(furniture.all - furniture.left, furniture.all);
    writeln!(
        out,
        "{name:15} {pages:5} {} {}  {}  {:>9} {} {} {} {:>13} {} {:>10} of {}",
        percent(counts.error_rate()),
        percent(counts.strict_error_rate()),
        breaks.join(" "),
        captions(|captions| captions.found),
        captions(|captions| captions.own),
        captions(|captions| captions.extracted),
        percent_of(counts.mid_captions_extracted, counts.mid_captions),
        gone(counts.running_heads),
        gone(counts.page_numbers),
        counts.headlines.all - counts.headlines.found,
        counts.headlines.all,
    )
}

fn repairs(name: &str, figures: &PageFigures, out: &mut dyn Write) -> io::Result<()> {
    let (repairs, after) = (figures.repairs, figures.after);
    let ratio = repairs.ratio().map_or_else(String::new, |r| format!(" ({r:.1} for each)"));
    writeln!(
        out,
        "{name}: flow characters fixed {} of {} wrong, broken {}{ratio}; running heads in other \
         text {}; jump lines left {} of {}; breaks between body paragraphs kept {} of {}",
        repairs.fixed,
        repairs.wrong,
        repairs.broken,
        after.running_heads.leaked,
        after.jump_lines.found,
        after.jump_lines.all,
        after.body_breaks_right,
        after.body_breaks_due,
    )?;
    let kinds = figures.by_kind;
    for (kind, repairs) in [("Chinese", kinds.chinese), ("other", kinds.others)] {
        let Repairs { wrong, fixed, broken } = repairs;
        let (recall, precision) = (percent_of(fixed, wrong), percent_of(fixed, fixed + broken));
        writeln!(
            out,
            "{name}, corrections alone, strictly, {kind} characters: fixed {fixed} of {wrong} \
             wrong ({}%), broken {broken} ({}% of what changed is fixed)",
            recall.trim_start(),
            precision.trim_start(),
        )?;
    }
    Ok(())
}
