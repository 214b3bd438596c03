//! `kanwu decisions import`: what an editor decided in a Word file.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Exit;
use super::apply::{DECISIONS, SUGGESTIONS, later, read_text};
use super::args::{Opening, Reviewer};
use super::console::Console;
use super::input::Input;
use kanwu::container::ContainerLimits;
use kanwu::docx::{Carried, Review, Reviewed, read_reviewed};
use kanwu::emit::json::{SuggestionRecord, read_lines};
use kanwu::emit::words;
use kanwu::review::{Decision, DecisionLog, Standing, Verdict, read_log};
use kanwu::{Config, Error, Result};

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// Word files written by `kanwu check --format docx`, as they came back
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// The log that is added to; made where there is none
    #[arg(short, long, value_name = "FILE", default_value = DECISIONS)]
    output: PathBuf,

    /// Suggestions saved by `kanwu check --save`, for a file from which a program has dropped what
    /// kanwu gave it to carry
    #[arg(long, value_name = "FILE", default_value = SUGGESTIONS)]
    suggestions: PathBuf,

    #[command(flatten)]
    who: Reviewer,

    #[command(flatten)]
    opening: Opening,
}

/// Runs the command.
pub(crate) fn run(args: &ImportArgs, console: &mut Console) -> Result<Exit> {
    let mut exit = Exit::Done;
    let mut decisions: Vec<Decision> = Vec::new();
    let (mut open, mut elsewhere) = (0, 0);
    for path in &args.files {
        let review = match review(path, args) {
            Ok(review) => review,
            Err(error) => {
                console.error(&error);
                exit = Exit::Trouble;
                continue;
            }
        };
        open += review.outcomes.iter().filter(|outcome| outcome.decision.is_none()).count();
        decisions.extend(review.outcomes.into_iter().filter_map(|outcome| outcome.decision));
        elsewhere += review.elsewhere.len();
        for change in &review.elsewhere {
            let change = words::changed_elsewhere(
                change.paragraph,
                &change.old,
                &change.new,
                console.language,
            );
            console.note(&format!("kanwu: {}: {change}", path.display()));
        }
    }
    if elsewhere > 0 {
        exit = exit.max(Exit::Findings);
    }
    let count =
        |wanted: fn(&Verdict) -> bool| decisions.iter().filter(|d| wanted(&d.verdict)).count();
    let counts = [
        count(|verdict| matches!(verdict, Verdict::Accept { .. })),
        count(|verdict| matches!(verdict, Verdict::Reject)),
        count(|verdict| matches!(verdict, Verdict::Replace { .. })),
        open,
    ];
    record(decisions, args)?;
    console.summary(&words::imported(counts, elsewhere, console.language));
    Ok(exit)
}

/// Adds the decisions to the log, all of one time: they are undone together.
fn record(mut decisions: Vec<Decision>, args: &ImportArgs) -> Result<()> {
    if decisions.is_empty() {
        return Ok(());
    }
    let log = read_log(&args.output)?;
    let at = later(Standing::of(log.decisions).latest());
    for decision in &mut decisions {
        decision.reviewer = args.who.name();
        decision.at = Some(at);
    }
    DecisionLog::open(&args.output)?.append(&decisions)
}

/// What became of the suggestions in a file.
fn review(path: &Path, args: &ImportArgs) -> Result<Review> {
    let bytes = fs::read(path).map_err(|cause| Error::io(path, cause))?;
    let name = path.display().to_string();
    let reviewed = read_reviewed(&name, &bytes, ContainerLimits::default())?;
    match &reviewed.carried {
        Some(carried) => Ok(reviewed.review(carried)),
        None => Ok(reviewed.review(&saved(path, &reviewed, args)?)),
    }
}

/// What a file carried, made anew from saved suggestions and the text they are about.
fn saved(path: &Path, reviewed: &Reviewed, args: &ImportArgs) -> Result<Carried> {
    let saved = &args.suggestions;
    let Ok(text) = fs::read_to_string(saved) else {
        let (path, saved) = (path.display(), saved.display());
        return Err(Error::Usage(format!(
            "{path}: what kanwu gave it to carry is gone; name the suggestions with --suggestions, \
             for {saved} is not there"
        )));
    };
    let records = read_lines(&saved.display().to_string(), &text)?;
    let mut names: Vec<&str> = records.iter().map(|record| record.file.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let alike = |name: &&str| stem(Path::new(name)) == stem(path);
    let only = (names.len() == 1).then(|| names[0]);
    let Some(name) = only.or_else(|| names.iter().copied().find(alike)) else {
        let problem = format!("{}: no suggestions about a file of that name", path.display());
        return Err(Error::Usage(problem));
    };
    let records: Vec<SuggestionRecord> =
        records.iter().filter(|record| record.file == name).cloned().collect();
    let encoding = records.iter().find_map(|record| record.encoding);
    let source = read_text(&Input::recorded(name, args.opening), None, encoding)?;
    let carried = Carried::of_records(&source, &records, Config::default().margin);
    if !reviewed.is_about(&carried) {
        let problem = format!("{}: its text is not that of {name}", path.display());
        return Err(Error::Usage(problem));
    }
    Ok(carried)
}
