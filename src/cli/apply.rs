//! `kanwu apply`: apply what proofreaders decided, and undo that.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashSet;

use super::Exit;
use super::args::ApplyArgs;
use super::batch::in_order;
use super::console::Console;
use super::destination::{Destination, Shown};
use super::input::{Input, Inputs};
use kanwu::apply::write_atomically;
use kanwu::emit::json::{SuggestionRecord, read_lines};
use kanwu::emit::words;
use kanwu::review::{
    Backup, Decision, DecisionLog, Kept, Log, Refusal, Resolved, Restored, Standing, Verdict,
    read_log, resolve,
};
use kanwu::{Edit, Encoding, Error, Result, Source};

/// Where `check --save` puts suggestions.
pub(crate) const SUGGESTIONS: &str = ".kanwu/suggestions.jsonl";

/// Where decisions are looked for.
pub(crate) const DECISIONS: &str = ".kanwu/decisions.jsonl";

/// Where files changed in place are kept as they were.
const APPLIED: &str = ".kanwu/applied";

/// What was decided on the suggestions about one file.
#[derive(Default)]
struct Decided {
    suggestions: Vec<(SuggestionRecord, Option<Verdict>)>,
    /// What cannot be carried out, whatever the file has become.
    refused: Vec<Refusal>,
}

/// What is to be applied.
struct Orders {
    files: BTreeMap<String, Decided>,
    /// The log the decisions come from; `None` where the suggestions carry them.
    log: Option<PathBuf>,
    /// When the last decision was made.
    latest: Option<Timestamp>,
}

/// Runs the command.
pub(crate) fn run(args: &ApplyArgs, console: &mut Console) -> Result<Exit> {
    if args.undo {
        return undo(args, console);
    }
    let orders = Orders::read(args, console)?;
    let inputs = orders.inputs(args);
    let destination = Destination::new(&args.output, &inputs)?;
    let written = args.output.written();
    let backup = args.output.in_place.then(|| orders.backup()).transpose()?;
    let apply = |input: &Input| -> Result<(Source, Resolved, Shown)> {
        let decided = &orders.files[&input.name()].suggestions;
        let recorded = decided.iter().find_map(|(record, _)| record.encoding);
        let source = read_text(input, args.encoding, recorded)?;
        let mut resolved = resolve(&source, written, decided);
        let new = match rewrite(&source, &mut resolved, decided)? {
            Some(file) => file,
            None => resolved.made.bytes(&source, written).into_owned(),
        };
        if let (Some(backup), Some(path)) = (&backup, &input.path)
            && *source.file() != *new
        {
            backup.keep(path, source.file(), &new, resolved.carried.clone())?;
        }
        let shown = destination.write(input, source.file(), &new)?;
        Ok((source, resolved, shown))
    };
    let mut exit = Exit::Done;
    let (mut applied, mut changed, mut already) = (0, 0, 0);
    let (mut refused, mut open): (usize, FxHashSet<String>) = (0, FxHashSet::default());
    let mut carried: BTreeSet<String> = BTreeSet::new();
    in_order(&inputs.texts, console, apply, |input, result, console| {
        let decided = &orders.files[&input.name()];
        match result {
            Ok((source, resolved, shown)) => {
                applied += resolved.applied;
                changed += usize::from(resolved.made.text != source.text());
                already += resolved.already;
                carried.extend(resolved.carried.iter().cloned());
                for refusal in decided.refused.iter().chain(&resolved.refused) {
                    refused += 1;
                    open.insert(refusal.id.clone());
                    let Refusal { id, line, wrong, reason } = refusal;
                    console
                        .note(&format!("kanwu: {}:{line}: {wrong} ({id}): {reason}", input.name()));
                }
                let palette = console.palette.clone();
                let old = source.layout().map_or(source.text(), |layout| layout.original());
                let new = new_text(&source, &resolved);
                console.print(|out| shown.show(input, old, &new, &palette, out))?;
            }
            Err(error) => {
                open.extend(decided.suggestions.iter().map(|(record, _)| record.id.clone()));
                console.error(&error);
                exit = Exit::Trouble;
            }
        }
        Ok(())
    })?;
    if let Some(backup) = backup {
        // The same words in another file may still be to be changed.
        carried.retain(|id| !open.contains(id));
        orders.close(&carried, &args.reviewer(), backup.at())?;
        backup.end()?;
    }
    console.summary(&words::changed(applied, changed, console.language));
    if already > 0 {
        console.summary(&words::already(already, console.language));
    }
    if refused > 0 {
        console.summary(&words::refused(refused, console.language));
        exit = exit.max(Exit::Findings);
    }
    Ok(exit)
}

impl Orders {
    /// Reads the suggestions with what holds of each.
    fn read(args: &ApplyArgs, console: &Console) -> Result<Self> {
        let path = &args.suggestions;
        let text = fs::read_to_string(path).map_err(|cause| Error::io(path, cause))?;
        let records = read_lines(&path.display().to_string(), &text)?;
        let carried = records.iter().any(|record| record.decision.is_some());
        let log = match &args.decisions {
            Some(path) => Some(path.clone()),
            None => (!carried).then(|| PathBuf::from(DECISIONS)),
        };
        let read = match &log {
            Some(path) if !path.exists() => {
                let problem = format!("{}: nothing has been decided yet", path.display());
                return Err(Error::Usage(problem));
            }
            Some(path) => read_log(path)?,
            None => Log::default(),
        };
        if let Some(path) = &log {
            console.damaged(path, &read);
        }
        let standing = Standing::of(read.decisions.iter().cloned());
        let known: FxHashSet<&str> = records.iter().map(|record| record.id.as_str()).collect();
        let foreign = standing.ids().into_iter().filter(|id| !known.contains(id)).count();
        if foreign > 0 {
            console.note(&format!("kanwu: {}", words::foreign(foreign, console.language)));
        }
        let doubtful = read.doubtful();
        let mut files: BTreeMap<String, Decided> = BTreeMap::new();
        for mut record in records {
            let verdict = match standing.verdict(&record) {
                Ok(Some(_)) if doubtful.contains(record.id.as_str()) => {
                    Err("a damaged line of the log speaks of it, too".to_string())
                }
                verdict => verdict,
            };
            let decided = files.entry(record.file.clone()).or_default();
            let verdict = verdict.unwrap_or_else(|reason| {
                decided.refused.push(Refusal::new(&record, reason));
                None
            });
            let verdict = verdict.or(record.decision.take());
            decided.suggestions.push((record, verdict));
        }
        Ok(Self { files, log, latest: standing.latest() })
    }

    /// The files something was decided about.
    fn inputs(&self, args: &ApplyArgs) -> Inputs {
        let decided = self.files.iter().filter(|(_, decided)| {
            let verdicts = decided.suggestions.iter().any(|(_, verdict)| verdict.is_some());
            verdicts || !decided.refused.is_empty()
        });
        let texts: Vec<Input> =
            decided.map(|(name, _)| Input::recorded(name, args.opening)).collect();
        Inputs { named: texts.len(), texts, ..Inputs::default() }
    }

    /// A backup that is later than every decision.
    fn backup(&self) -> Result<Backup> {
        Backup::begin(Path::new(APPLIED), later(self.latest))
    }

    /// Writes into the log what has been carried out: a later run may find the same words in the
    /// same surroundings, and they must be decided on anew.
    fn close(&self, carried: &BTreeSet<String>, reviewer: &str, at: Timestamp) -> Result<()> {
        let Some(log) = self.log.as_deref().filter(|_| !carried.is_empty()) else { return Ok(()) };
        let applied = |id: &String| Decision {
            reviewer: reviewer.to_string(),
            at: Some(at),
            ..Decision::new(id, Verdict::Applied)
        };
        let decisions: Vec<Decision> = carried.iter().map(applied).collect();
        DecisionLog::open(log)?.append(&decisions)
    }
}

/// Now, or the moment behind `latest` where a clock went back.
pub(crate) fn later(latest: Option<Timestamp>) -> Timestamp {
    let next = latest.map(|latest| latest + SignedDuration::from_nanos(1));
    next.map_or_else(Timestamp::now, |next| next.max(Timestamp::now()))
}

/// Puts back what the last run changed in place.
fn undo(args: &ApplyArgs, console: &mut Console) -> Result<Exit> {
    let Some(kept) = Kept::last(Path::new(APPLIED))? else {
        let problem = format!("there is nothing to undo in {APPLIED}");
        return Err(Error::Usage(problem));
    };
    let mut exit = Exit::Done;
    let mut restored = 0;
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for file in &kept.files {
        match kept.restore(file) {
            Ok(Restored::Done) => restored += 1,
            Ok(Restored::Unchanged) => {}
            Ok(Restored::Changed) => {
                let changed = words::changed_since(console.language);
                console.note(&format!("kanwu: {}: {changed}", file.path.display()));
                exit = exit.max(Exit::Findings);
                continue;
            }
            Err(error) => {
                console.error(&error);
                exit = Exit::Trouble;
                continue;
            }
        }
        open.extend(file.ids.iter().map(String::as_str));
    }
    let path = args.decisions.clone().unwrap_or_else(|| PathBuf::from(DECISIONS));
    let log = read_log(&path)?;
    let now = later(Standing::of(log.decisions.iter().cloned()).latest());
    let applied = log.decisions.into_iter().filter(|decision| {
        let this_run = decision.at == Some(kept.at) && decision.verdict == Verdict::Applied;
        this_run && open.contains(decision.id.as_str())
    });
    let withdrawn: Vec<Decision> = applied
        .map(|applied| {
            let verdict = Verdict::Withdraw { of: applied.at };
            Decision { at: Some(now), verdict, ..applied }
        })
        .collect();
    if !withdrawn.is_empty() {
        DecisionLog::open(&path)?.append(&withdrawn)?;
    }
    if exit == Exit::Done {
        kept.close()?;
    }
    console.summary(&words::restored(restored, console.language));
    Ok(exit)
}

/// The new file in the format the text was read from; `None` for a plain text. What has no place in
/// such a file counts as refused.
fn rewrite(
    source: &Source,
    resolved: &mut Resolved,
    decided: &[(SuggestionRecord, Option<Verdict>)],
) -> Result<Option<Vec<u8>>> {
    let edits: Vec<&[Edit]> = resolved.edits.iter().map(Vec::as_slice).collect();
    let Some(written) = source.rewrite(&edits)? else { return Ok(None) };
    for (number, reason) in written.refused.into_iter().rev() {
        // Behind those found carried out already stand those that are now.
        let id = resolved.carried.remove(resolved.already + number);
        resolved.edits.remove(number);
        resolved.applied -= 1;
        if let Some((record, _)) = decided.iter().find(|(record, _)| record.id == id) {
            resolved.refused.push(Refusal::new(record, reason));
        }
    }
    Ok(Some(written.bytes))
}

/// The new text of the file: for a layout file, of the same format.
fn new_text<'a>(source: &Source, resolved: &'a Resolved) -> Cow<'a, str> {
    match source.layout() {
        Some(layout) => {
            let edits: Vec<&[Edit]> = resolved.edits.iter().map(Vec::as_slice).collect();
            Cow::Owned(layout.write(source.text(), &edits).file)
        }
        None => Cow::Borrowed(&resolved.made.text),
    }
}

/// Reads a text again: in the encoding asked for, else in that of its suggestions, unless it has
/// become UTF-8 since then.
pub(crate) fn read_text(
    input: &Input,
    asked: Option<Encoding>,
    recorded: Option<Encoding>,
) -> Result<Source> {
    let found = input.read(asked);
    let Some(recorded) = recorded.filter(|_| asked.is_none()) else { return found };
    match found {
        Ok(source) if [recorded, Encoding::Utf8].contains(&source.encoding()) => Ok(source),
        Err(error @ Error::Io { .. }) => Err(error),
        _ => input.read(Some(recorded)),
    }
}

/// Writes a file of kanwu's own, with its folder.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| Error::io(folder, cause))?;
    }
    write_atomically(path, bytes)
}
