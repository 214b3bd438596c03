//! `kanwu decisions`: look at the log of decisions, bring several together, settle and undo.
//! `kanwu learn`: what they teach.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::Exit;
use super::apply::{DECISIONS, later, write_new};
use super::args::Reviewer;
use super::console::Console;
#[cfg(feature = "docx")]
use super::decisions_import::{self, ImportArgs};
use kanwu::emit::words;
use kanwu::lexicon::Lexicon;
use kanwu::review::{
    Decision, DecisionLog, Standing, State, Verdict, lessons, lines, read_log, write_lessons,
};
use kanwu::{Error, Language, Result};

/// What to do with decisions.
#[derive(Debug, Subcommand)]
pub(crate) enum DecisionsCommand {
    /// List what holds
    List(ListArgs),
    /// Read what an editor decided in Word files
    #[cfg(feature = "docx")]
    Import(ImportArgs),
    /// Add the decisions of other logs to one
    Merge(MergeArgs),
    /// Count decisions by verdict, reviewer and rule
    Stats(StatsArgs),
    /// End a conflict between reviewers
    Settle(SettleArgs),
    /// Take back what a reviewer decided last
    Undo(UndoArgs),
}

/// Which log.
#[derive(Debug, Args)]
pub(crate) struct LogArg {
    /// The log of decisions
    #[arg(long = "decisions", value_name = "FILE", default_value = DECISIONS)]
    path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    log: LogArg,

    /// Only conflicts
    #[arg(long)]
    conflicts: bool,

    /// All that was ever said, in the order of time, also what was taken back
    #[arg(long, conflicts_with = "conflicts")]
    history: bool,

    /// Print lines of JSON, as they stand in a log
    #[arg(long)]
    jsonl: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Logs
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,

    /// The log that is added to; made where there is none
    #[arg(short, long, value_name = "FILE", default_value = DECISIONS)]
    output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    log: LogArg,

    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SettleArgs {
    #[command(flatten)]
    log: LogArg,

    #[command(flatten)]
    who: Reviewer,

    /// Identity of the suggestion
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    as_what: AsWhat,
}

/// What holds from now on.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct AsWhat {
    /// What this reviewer said
    #[arg(long = "as", value_name = "NAME")]
    said_by: Option<String>,

    /// The text stays
    #[arg(long)]
    reject: bool,

    /// It becomes this
    #[arg(long, value_name = "TEXT")]
    replace: Option<String>,

    /// It is to be asked about
    #[arg(long)]
    query: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    #[command(flatten)]
    log: LogArg,

    #[command(flatten)]
    who: Reviewer,
}

#[derive(Debug, Args)]
pub(crate) struct LearnArgs {
    #[command(flatten)]
    log: LogArg,

    /// How often a word must have been put right, or let stand
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    times: u16,

    /// Write the table to FILE; by default it is printed
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(command: &DecisionsCommand, console: &mut Console) -> Result<Exit> {
    match command {
        DecisionsCommand::List(args) => list(args, console),
        #[cfg(feature = "docx")]
        DecisionsCommand::Import(args) => decisions_import::run(args, console),
        DecisionsCommand::Merge(args) => merge(args, console),
        DecisionsCommand::Stats(args) => stats(args, console),
        DecisionsCommand::Settle(args) => settle(args, console),
        DecisionsCommand::Undo(args) => undo(args, console),
    }
}

/// What holds of the decisions in a log that must be there.
fn read(path: &Path, console: &Console) -> Result<Standing> {
    if !path.exists() {
        return Err(Error::io(path, io::ErrorKind::NotFound.into()));
    }
    let log = read_log(path)?;
    console.damaged(path, &log);
    Ok(Standing::of(log.decisions))
}

fn list(args: &ListArgs, console: &mut Console) -> Result<Exit> {
    let standing = read(&args.log.path, console)?;
    let mut shown: Vec<&Decision> = Vec::new();
    let mut conflicts = 0;
    for id in standing.ids() {
        match standing.state(id) {
            _ if args.history => shown.extend(standing.history(id)),
            State::Conflict(last) => {
                conflicts += 1;
                shown.extend(last);
            }
            State::Decided(decision) if !args.conflicts => shown.push(decision),
            _ => {}
        }
    }
    if !args.conflicts {
        shown.sort_by_key(|decision| decision.at);
    }
    let language = console.language;
    console.print(|out| {
        if args.jsonl {
            return shown
                .iter()
                .try_for_each(|decision| out.write_all(&lines(&[(*decision).clone()])));
        }
        shown
            .iter()
            .try_for_each(|decision| writeln!(out, "{}", words::decision(decision, language)))
    })?;
    if conflicts > 0 {
        console.summary(&words::conflicts(conflicts, language));
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

fn merge(args: &MergeArgs, console: &mut Console) -> Result<Exit> {
    let mut known = read_log(&args.output)?;
    console.damaged(&args.output, &known);
    let mut new: Vec<Decision> = Vec::new();
    for path in &args.logs {
        if !path.exists() {
            return Err(Error::io(path, io::ErrorKind::NotFound.into()));
        }
        let log = read_log(path)?;
        console.damaged(path, &log);
        for decision in log.decisions {
            if !known.decisions.contains(&decision) {
                known.decisions.push(decision.clone());
                new.push(decision);
            }
        }
    }
    DecisionLog::open(&args.output)?.append(&new)?;
    let language = console.language;
    console.summary(&words::merged(new.len(), &args.output.display().to_string(), language));
    let standing = Standing::of(known.decisions);
    let mut conflicts = 0;
    for id in standing.ids() {
        if let State::Conflict(last) = standing.state(id) {
            conflicts += 1;
            console.print(|out| {
                last.iter().try_for_each(|decision| {
                    writeln!(out, "{}", words::decision(decision, language))
                })
            })?;
        }
    }
    if conflicts > 0 {
        console.summary(&words::conflicts(conflicts, language));
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

/// How often each verdict was given.
#[derive(Debug, Default, serde::Serialize)]
struct Verdicts {
    accept: usize,
    replace: usize,
    reject: usize,
    query: usize,
}

impl Verdicts {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Accept { .. } => self.accept += 1,
            Verdict::Replace { .. } => self.replace += 1,
            Verdict::Reject => self.reject += 1,
            Verdict::Query => self.query += 1,
            Verdict::Withdraw { .. } | Verdict::Applied => {}
        }
    }

    fn counts(&self) -> [usize; 4] {
        [self.accept, self.replace, self.reject, self.query]
    }
}

/// Last words, also on what has been carried out.
#[derive(Debug, Default, serde::Serialize)]
struct Counts {
    all: Verdicts,
    conflicts: usize,
    by_reviewer: BTreeMap<String, Verdicts>,
    by_rule: BTreeMap<String, Verdicts>,
}

fn stats(args: &StatsArgs, console: &mut Console) -> Result<Exit> {
    let standing = read(&args.log.path, console)?;
    let mut counts = Counts::default();
    for id in standing.ids() {
        counts.conflicts += usize::from(matches!(standing.state(id), State::Conflict(_)));
        for decision in standing.last_words(id) {
            let Decision { reviewer, slip, verdict, .. } = decision;
            counts.all.add(verdict);
            counts.by_reviewer.entry(reviewer.clone()).or_default().add(verdict);
            counts.by_rule.entry(slip.rule.clone()).or_default().add(verdict);
        }
    }
    let language = console.language;
    console.print(|out| {
        if args.json {
            serde_json::to_writer_pretty(&mut *out, &counts)?;
            return writeln!(out);
        }
        write_counts(&counts, language, out)
    })?;
    Ok(Exit::Done)
}

fn write_counts(counts: &Counts, language: Language, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", words::verdict_heading(language))?;
    let named = |name: &str| if name.is_empty() { "?".to_string() } else { name.to_string() };
    for (name, verdicts) in counts.by_rule.iter().chain(&counts.by_reviewer) {
        writeln!(out, "{}", words::verdict_row(&named(name), verdicts.counts()))?;
    }
    writeln!(out, "{}", words::verdict_row(words::all(language), counts.all.counts()))?;
    if counts.conflicts > 0 {
        writeln!(out, "{}", words::conflicts(counts.conflicts, language))?;
    }
    Ok(())
}

fn settle(args: &SettleArgs, console: &mut Console) -> Result<Exit> {
    let standing = read(&args.log.path, console)?;
    let State::Conflict(last) = standing.state(&args.id) else {
        return Err(Error::Usage(format!("reviewers do not differ on {}", args.id)));
    };
    let what = &args.as_what;
    let said = match &what.said_by {
        Some(name) => {
            let said = last.iter().find(|decision| decision.reviewer == *name);
            let problem = || Error::Usage(format!("{name} has said nothing on {}", args.id));
            (*said.ok_or_else(problem)?).clone()
        }
        None => {
            let verdict = match &what.replace {
                Some(text) => Verdict::Replace { text: text.clone() },
                None if what.reject => Verdict::Reject,
                None => Verdict::Query,
            };
            Decision { verdict, ..last[0].clone() }
        }
    };
    let settled = Decision {
        reviewer: args.who.name(),
        at: Some(later(standing.latest())),
        settles: true,
        ..said
    };
    DecisionLog::open(&args.log.path)?.append(std::slice::from_ref(&settled))?;
    let language = console.language;
    console.print(|out| writeln!(out, "{}", words::decision(&settled, language)))?;
    Ok(Exit::Done)
}

fn undo(args: &UndoArgs, console: &mut Console) -> Result<Exit> {
    let standing = read(&args.log.path, console)?;
    let reviewer = args.who.name();
    let Some((at, ids)) = standing.last_stroke(&reviewer) else {
        return Err(Error::Usage(format!("{reviewer:?} has decided nothing that could be undone")));
    };
    let now = later(standing.latest());
    let withdraw = |id: &String| Decision {
        reviewer: reviewer.clone(),
        at: Some(now),
        ..Decision::new(id, Verdict::Withdraw { of: Some(at) })
    };
    let withdrawn: Vec<Decision> = ids.iter().map(withdraw).collect();
    DecisionLog::open(&args.log.path)?.append(&withdrawn)?;
    console.summary(&words::withdrawn(withdrawn.len(), console.language));
    Ok(Exit::Done)
}

/// Runs `kanwu learn`.
pub(crate) fn learn(args: &LearnArgs, console: &mut Console) -> Result<Exit> {
    let standing = read(&args.log.path, console)?;
    let lexicon = Lexicon::builtin()?;
    let learnt = lessons(&standing, lexicon.jieba(), usize::from(args.times));
    match &args.output {
        Some(path) => {
            let mut table = Vec::new();
            write_lessons(&learnt, &mut table).map_err(|cause| Error::io(path, cause))?;
            write_new(path, &table)?;
            console.summary(&words::written(&path.display().to_string(), console.language));
        }
        None => console.print(|out| write_lessons(&learnt, out))?,
    }
    Ok(Exit::Done)
}
