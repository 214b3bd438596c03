//! `kanwu apply`: apply what proofreaders decided.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Exit;
use super::args::ApplyArgs;
use super::batch::in_order;
use super::console::Console;
use super::destination::{Destination, Shown};
use super::input::{Input, Inputs};
use kanwu::apply::write_atomically;
use kanwu::emit::json::{SuggestionRecord, read_lines};
use kanwu::emit::words;
use kanwu::review::{Resolved, Standing, Verdict, read_log, resolve};
use kanwu::{Edit, Encoding, Error, Result, Source};

/// Where `check --save` puts suggestions.
pub(crate) const SUGGESTIONS: &str = ".kanwu/suggestions.jsonl";

/// Where decisions are looked for.
pub(crate) const DECISIONS: &str = ".kanwu/decisions.jsonl";

/// The suggestions about one file, each with the decision on it.
type Decided = Vec<(SuggestionRecord, Option<Verdict>)>;

/// Runs the command.
pub(crate) fn run(args: &ApplyArgs, console: &mut Console) -> Result<Exit> {
    let files = read(args, console)?;
    let inputs: Vec<Input> = files
        .iter()
        .filter(|(_, decided)| decided.iter().any(|(_, verdict)| verdict.is_some()))
        .map(|(name, _)| Input::recorded(name, args.opening))
        .collect();
    let named = inputs.len();
    let inputs = Inputs { texts: inputs, named, ..Inputs::default() };
    let destination = Destination::new(&args.output, &inputs)?;
    let written = args.output.written();
    let apply = |input: &Input| -> Result<(Source, Resolved, Shown)> {
        let decided = &files[&input.name()];
        let recorded = decided.iter().find_map(|(record, _)| record.encoding);
        let source = read_text(input, args.encoding, recorded)?;
        let resolved = resolve(&source, written, decided);
        let shown = match source.layout() {
            Some(layout) => {
                let (old, new) = (layout.original(), new_text(&source, &resolved));
                destination.write(input, old.as_bytes(), new.as_bytes())?
            }
            None => {
                let bytes = resolved.made.bytes(&source, written);
                destination.write(input, source.bytes(), &bytes)?
            }
        };
        Ok((source, resolved, shown))
    };
    let mut exit = Exit::Done;
    let (mut applied, mut changed, mut already, mut refused) = (0, 0, 0, 0);
    in_order(&inputs.texts, console, apply, |input, result, console| {
        match result {
            Ok((source, resolved, shown)) => {
                applied += resolved.applied;
                changed += usize::from(resolved.made.text != source.text());
                already += resolved.already;
                refused += resolved.refused.len();
                for refusal in &resolved.refused {
                    let (id, line, name) = (&refusal.id, refusal.line, input.name());
                    let (wrong, reason) = (&refusal.wrong, &refusal.reason);
                    console.note(&format!("kanwu: {name}:{line}: {wrong} ({id}): {reason}"));
                }
                let palette = console.palette.clone();
                let old = source.layout().map_or(source.text(), |layout| layout.original());
                let new = new_text(&source, &resolved);
                console.print(|out| shown.show(input, old, &new, &palette, out))?;
            }
            Err(error) => {
                console.error(&error);
                exit = Exit::Trouble;
            }
        }
        Ok(())
    })?;
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

/// Reads the suggestions with their decisions, by file.
fn read(args: &ApplyArgs, console: &Console) -> Result<BTreeMap<String, Decided>> {
    let records = read_lines(&args.suggestions.display().to_string(), &text(&args.suggestions)?)?;
    let carried = records.iter().any(|record| record.decision.is_some());
    let decisions = args.decisions.as_deref().or((!carried).then_some(Path::new(DECISIONS)));
    let log = decisions.map_or_else(|| Ok(Default::default()), read_log)?;
    let standing = Standing::of(log.decisions);
    for id in standing.ids().iter().filter(|id| !records.iter().any(|record| record.id == **id)) {
        console.note(&format!("kanwu: a decision on {id}, which is not among the suggestions"));
    }
    let mut files: BTreeMap<String, Decided> = BTreeMap::new();
    for mut record in records {
        let verdict = standing.verdict(&record).unwrap_or_default().or(record.decision.take());
        files.entry(record.file.clone()).or_default().push((record, verdict));
    }
    Ok(files)
}

/// Reads a text again: in the encoding asked for, else in that of its suggestions, unless it has
/// become UTF-8 since then.
fn read_text(input: &Input, asked: Option<Encoding>, recorded: Option<Encoding>) -> Result<Source> {
    let found = input.read(asked);
    let Some(recorded) = recorded.filter(|_| asked.is_none()) else { return found };
    match found {
        Ok(source) if [recorded, Encoding::Utf8].contains(&source.encoding()) => Ok(source),
        Err(error @ Error::Io { .. }) => Err(error),
        _ => input.read(Some(recorded)),
    }
}

fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| Error::io(path, cause))
}

/// Writes a file of kanwu's own, with its folder.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| Error::io(folder, cause))?;
    }
    write_atomically(path, bytes)
}
