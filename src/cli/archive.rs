//! An archive corrected into an output folder: each text accounted for, and a run that was cut off
//! goes on where it was.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tempfile::{SpooledTempFile, spooled_tempfile_in};

use super::Exit;
use super::args::{FixArgs, SummaryStyle, Texts};
use super::batch::tripped;
use super::console::Console;
use super::destination::{copy_permissions, make_folder};
use super::index;
use super::input::{Input, Inputs};
use super::progress::Progress;
use super::report::{ReportFile, RunSummary};
use super::settings::Settings;
use kanwu::apply::{Draft, write_atomically};
use kanwu::archive::ArchiveIndex;
use kanwu::batch::{
    self, Digest, Entry, Fix, Hashed, Journal, Outcome, Past, Place, Window, hash, hash_file,
    survive,
};
use kanwu::emit::json::{FailureRecord, FileRecord, Record, Status, write_line};
use kanwu::emit::{Tally, words};
use kanwu::{Error, Language, Pipeline, Result, Source};

/// Folder of kanwu's own in an output folder.
const OWN: &str = ".kanwu";

/// What was counted of the archive.
const INDEX: &str = "index";

/// What the report was made of, so that it is not made again when nothing has changed.
const REPORT_STATE: &str = "report.json";

/// Corrects `inputs` into the folder `tree`.
pub(crate) fn run(
    args: &FixArgs,
    inputs: &Inputs,
    settings: Settings,
    tree: &Path,
    console: &mut Console,
) -> Result<Exit> {
    let begun = Instant::now();
    let own = tree.join(OWN);
    let (mut past, mut journal) = Journal::open(&own)?;
    let evidence = evidence(args, inputs, &settings, &own, console)?;
    let desk = Desk {
        args,
        tree,
        key: key(args, evidence.as_deref(), console.language)?,
        settings: settings.with_archive(evidence.as_ref()),
        drafts: journal.drafts(),
        language: console.language,
        past: &past,
    };
    let mut summary = RunSummary::default();
    for error in &inputs.errors {
        console.error(error);
    }
    let progress = Progress::start(console, inputs.texts.len());
    let items = inputs.texts.iter().map(|input| (input.size(), input));
    let all = batch::in_order(
        items,
        Window::of_threads(),
        |input| desk.text(input),
        |done| {
            let done = done?;
            match &done.entry.outcome {
                Outcome::Done(record) => progress.done(record),
                Outcome::Failed(_) => progress.failed(),
            }
            progress.beside(|| tell(&done, console));
            summary.skipped += u64::from(done.records.is_none());
            done.records.map_or(Ok(()), |records| journal.add(done.entry, records))
        },
    );
    drop(progress);
    drop(desk);
    let settled = journal.settle(&mut past);
    if let Err(error) = all.and(settled) {
        console.error(&error);
        console.note(words::goes_on(console.language));
        return Ok(Exit::Trouble);
    }
    let mut report = Report { args, inputs, past: &past, summary: &mut summary };
    report.write(&mut journal, &own)?;
    journal.compact(&mut past)?;
    summary.seconds = begun.elapsed().as_secs_f64();
    summary.show(args.summary.unwrap_or(SummaryStyle::Table), console)?;
    Ok(summary.exit())
}

/// The archive as evidence for its texts: what was named, what an earlier run has counted, or what
/// is counted now. It stays as it is for later runs, so that what is done remains done.
fn evidence(
    args: &FixArgs,
    inputs: &Inputs,
    settings: &Settings,
    own: &Path,
    console: &Console,
) -> Result<Option<Arc<ArchiveIndex>>> {
    if let Some(path) = &args.texts.index {
        return index::read(path).map(Some);
    }
    if args.no_archive_evidence {
        return Ok(None);
    }
    let path = own.join(INDEX);
    if path.exists() && !args.reindex {
        return index::read(&path).map(Some);
    }
    let begun = Instant::now();
    let read = |input: &Input| input.read(settings.pipeline(input)?.config().encoding);
    // What cannot be read is reported when it is to be corrected.
    let counted = index::count(inputs, None, console, read, |_, _| ())?;
    index::write(&counted, &path)?;
    let seconds = begun.elapsed().as_secs_f64();
    console.summary(&words::indexed(&counted, seconds, console.language));
    Ok(Some(Arc::new(counted)))
}

/// Hash of everything but the input and its settings that decides what becomes of a text: this very
/// program with its dictionaries and models, the models of the user's, how texts are read and
/// written, the evidence of the archive, and the language of the report.
fn key(args: &FixArgs, evidence: Option<&ArchiveIndex>, language: Language) -> Result<Digest> {
    let program = std::env::current_exe().map_err(|cause| Error::io("kanwu", cause))?;
    let mut bytes = hash_file(&program)?.0.to_le_bytes().to_vec();
    bytes.extend(args.texts.models.fingerprint()?);
    let evidence = evidence.map(ArchiveIndex::digest);
    let Texts { lines, min_confidence, .. } = args.texts;
    let opening = args.paths.opening();
    let written = args.output.written();
    let rest = (args.level, lines, min_confidence, args.to, opening, written, evidence, language);
    bytes.extend(format!("{rest:?}").into_bytes());
    Ok(hash(&bytes))
}

/// What all texts are corrected with.
struct Desk<'a> {
    args: &'a FixArgs,
    tree: &'a Path,
    key: Digest,
    settings: Settings,
    drafts: PathBuf,
    language: Language,
    past: &'a Past,
}

/// Lines of the report about a text that is in work.
type Records = BufWriter<SpooledTempFile>;

/// Bytes of them that are kept in memory: more than most pages have.
const RECORDS_IN_MEMORY: usize = 512 << 10;

/// A text that is done.
struct Done {
    entry: Entry,
    /// Its lines of the report; `None` when an earlier run has done it.
    records: Option<SpooledTempFile>,
    /// What the user must be told about it.
    notes: Vec<String>,
}

/// What stopped the work on a text.
enum Stop {
    /// This text cannot be done.
    Text(FailureRecord),
    /// Nothing can.
    Run(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Run(error)
    }
}

impl Desk<'_> {
    /// Corrects a text, unless that is done already.
    ///
    /// # Errors
    /// What must end the run. What is wrong with this text alone is an entry.
    fn text(&self, input: &Input) -> Result<Done> {
        let mirror = input.mirror();
        let place = Place::of(&mirror);
        let target = self.tree.join(&mirror);
        let before = self.past.find(place)?;
        let key = self.key_of(input)?;
        let done = before.as_ref().filter(|entry| is_done(entry, key, input, &target));
        if let Some(entry) = done {
            return Ok(Done { entry: entry.clone(), records: None, notes: Vec::new() });
        }
        let mut notes = Vec::new();
        let mut digest = Digest::default();
        let mut records = self.records();
        let fail = |cause| Error::io(&self.drafts, cause);
        let outcome = match self.correct(input, &target, &mut digest, &mut records, &mut notes) {
            Ok((record, output)) => {
                write_line(&Record::File(record.clone()), &mut records).map_err(fail)?;
                (Outcome::Done(record), Some(output))
            }
            Err(Stop::Text(record)) => {
                retract(before.and_then(|entry| entry.output), &target);
                records = self.records();
                write_line(&Record::Failure(record.clone()), &mut records).map_err(fail)?;
                (Outcome::Failed(record), None)
            }
            Err(Stop::Run(error)) => return Err(error),
        };
        let entry = Entry::new(place, key, digest, outcome.1, outcome.0);
        let mut records = records.into_inner().map_err(|error| fail(error.into_error()))?;
        records.rewind().map_err(fail)?;
        Ok(Done { entry, records: Some(records), notes })
    }

    /// Where the lines of the report about a text are gathered. About a long text there are many
    /// more bytes of them than of the text, so they wait on the disk.
    fn records(&self) -> Records {
        BufWriter::new(spooled_tempfile_in(RECORDS_IN_MEMORY, &self.drafts))
    }

    /// Hash of everything but the input that decides what becomes of a text.
    fn key_of(&self, input: &Input) -> Result<Digest> {
        let mut bytes = self.key.0.to_le_bytes().to_vec();
        bytes.extend(self.settings.fingerprint(input)?);
        Ok(hash(&bytes))
    }

    fn correct(
        &self,
        input: &Input,
        target: &Path,
        digest: &mut Digest,
        records: &mut Records,
        notes: &mut Vec<String>,
    ) -> std::result::Result<(FileRecord, Digest), Stop> {
        let failure = |error: &Error| Stop::Text(FailureRecord::new(&input.name(), error));
        let bytes = input.bytes().map_err(|error| failure(&error))?;
        let length = bytes.len() as u64;
        *digest = hash(&bytes);
        let pipeline = self.settings.pipeline(input).map_err(|error| failure(&error))?;
        let encoding = pipeline.config().encoding;
        let source = input.source(bytes, encoding).map_err(|error| failure(&error))?;
        let fixed = survive(|| self.draft(&pipeline, &source, records));
        let (draft, output, (tally, found)) = match fixed {
            Ok(fixed) => fixed?,
            Err(panic) => return Err(failure(&tripped(input, panic))),
        };
        make_folder(target)
            .and_then(|()| draft.put(target))
            .and_then(|()| copy_permissions(input.path.as_deref(), target))
            .map_err(|error| Self::unwritable(input, error))?;
        *notes = found;
        let status = if output == *digest { Status::Unchanged } else { Status::Changed };
        Ok((FileRecord { file: input.name(), status, bytes: length, tally }, output))
    }

    /// The corrected text, on its way to the disk.
    fn draft(
        &self,
        pipeline: &Pipeline,
        source: &Source,
        records: &mut Records,
    ) -> Result<(Draft, Digest, (Tally, Vec<String>))> {
        let fix = Fix {
            pipeline,
            reading: self.args.texts.reading(),
            level: self.args.level,
            min_confidence: self.args.texts.min_confidence,
            form: self.args.to.into(),
            written: self.args.output.written(),
            language: self.language,
        };
        let fail = |cause| Error::io(&self.drafts, cause);
        let draft = Draft::within(&self.drafts)?;
        let mut out = Hashed::new(BufWriter::new(draft));
        let tally = fix.write(source, &mut out, records).map_err(fail)?;
        let digest = out.digest();
        let draft = out.into_inner().into_inner().map_err(|error| fail(error.into_error()))?;
        Ok((draft, digest, tally))
    }

    /// A disk that takes no more takes no other text either; a name it does not take is one text's.
    fn unwritable(input: &Input, error: Error) -> Stop {
        if is_full(&error) {
            return Stop::Run(error);
        }
        Stop::Text(FailureRecord::unwritable(&input.name(), &error))
    }
}

/// True when an entry is about this very text, made in this very way, and its output is what was
/// written. Both files are read and hashed.
fn is_done(entry: &Entry, key: Digest, input: &Input, target: &Path) -> bool {
    let same = |path: &Path, digest: Digest| hash_file(path).is_ok_and(|found| found == digest);
    matches!(entry.outcome, Outcome::Done(_))
        && entry.key == key
        && entry.file() == input.name()
        && input.digest() == Some(entry.input)
        && entry.output.is_some_and(|output| same(target, output))
}

/// Removes what an earlier run wrote for a text that cannot be corrected any more, unless somebody
/// has changed it since: it would be taken for the text as it is now.
fn retract(output: Option<Digest>, target: &Path) {
    let own = output.is_some_and(|output| hash_file(target).is_ok_and(|found| found == output));
    if own {
        // The failure is reported; that an old text stays as well is no second one.
        let _ = fs::remove_file(target);
    }
}

/// True when the disk will take no other file either.
fn is_full(error: &Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let Error::Io { cause, .. } = error else { return false };
    matches!(cause.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
}

/// Says what became of a text, to those who want to see each; failures everybody sees.
fn tell(done: &Done, console: &Console) {
    match &done.entry.outcome {
        Outcome::Done(record) => console.file(record, done.records.is_none()),
        Outcome::Failed(record) => console.note(&format!("kanwu: {}", record.message)),
    }
    for note in &done.notes {
        console.note(&format!("kanwu: {note}"));
    }
}

/// The report over all texts of a run, those an earlier run did included, in their order.
struct Report<'a> {
    args: &'a FixArgs,
    inputs: &'a Inputs,
    past: &'a Past,
    summary: &'a mut RunSummary,
}

/// What the report at a path was made of.
#[derive(PartialEq, Serialize, Deserialize)]
struct State {
    path: PathBuf,
    /// Hash of the hashes of the records, in order.
    records: Digest,
    bytes: u64,
}

impl Report<'_> {
    /// Sums up, and writes the report if one is wanted and it is not there already.
    fn write(&mut self, journal: &mut Journal, own: &Path) -> Result<()> {
        let records = self.sum_up()?;
        let Some(path) = &self.args.report else { return Ok(()) };
        let size = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        let state = State { path: path.clone(), records, bytes: size(path) };
        let state_path = own.join(REPORT_STATE);
        let written = File::open(&state_path).ok();
        let written = written.and_then(|file| serde_json::from_reader::<_, State>(file).ok());
        if written.is_some_and(|written| written == state) {
            return Ok(());
        }
        let mut report = ReportFile::create(Some(path))?;
        for error in &self.inputs.errors {
            let record = Record::Failure(FailureRecord::of_path(error));
            report.write(|out| write_line(&record, out))?;
        }
        for input in &self.inputs.texts {
            if let Some(entry) = self.past.find(Place::of(&input.mirror()))? {
                report.copy(journal, &entry)?;
            }
        }
        report.put(self.summary)?;
        let state = State { bytes: size(path), ..state };
        let json = serde_json::to_vec(&state).map_err(|e| Error::io(&state_path, e.into()))?;
        write_atomically(&state_path, &json)
    }

    /// Counts every text, and hashes what the report says about them.
    fn sum_up(&mut self) -> Result<Digest> {
        let mut digests = Vec::new();
        for error in &self.inputs.errors {
            let record = FailureRecord::of_path(error);
            digests.extend(hash(record.message.as_bytes()).0.to_le_bytes());
            self.summary.add_failure(&record);
        }
        for input in &self.inputs.texts {
            let Some(entry) = self.past.find(Place::of(&input.mirror()))? else { continue };
            digests.extend(entry.records_hash().0.to_le_bytes());
            match &entry.outcome {
                Outcome::Done(record) => self.summary.run.add(record),
                Outcome::Failed(record) => self.summary.add_failure(record),
            }
        }
        Ok(hash(&digests))
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Arguments, Command};
    use crate::cli::settings::Rejected;
    use kanwu::emit::json::{FailureKind, read_lines};
    use kanwu::rules::{self, Context, Detector, Hit};

    /// A rule with a mistake that some texts bring to light.
    struct Mistaken;

    impl Detector for Mistaken {
        fn check_paragraph(&self, context: &Context<'_>, _: &mut Vec<Hit>) {
            assert!(!context.text().contains("地雷"), "paragraph {}", context.index);
        }
    }

    #[test]
    fn a_panic_in_a_rule_costs_one_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::create_dir(path("in")).expect("a folder");
        for number in 0..30 {
            let text = if number == 17 { "地雷。\n" } else { "天气很好。\n" };
            fs::write(format!("{}/{number:02}.txt", path("in")), text).expect("written");
        }
        let (from, to, report) = (path("in"), path("out"), path("report.jsonl"));
        let arguments = Arguments::parse_from([
            "kanwu",
            "fix",
            &from,
            "-o",
            &to,
            "--report",
            &report,
            "--no-general",
            "-q",
            "--select",
            "P",
        ]);
        let mut console = Console::open(&arguments.look);
        let Command::Fix(args) = arguments.command else { panic!("it is fix") };
        let inputs = args.paths.gather().expect("they can be read");
        let settings = Settings::new(&args.texts, &inputs.texts, Rejected::Quiet);
        let mut settings = settings.expect("the shipped dictionaries are right");
        let rule = rules::find("P101").expect("there is P101");
        settings.change_pipelines(|pipeline| pipeline.with_detector(rule, Box::new(Mistaken)));
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let exit = run(&args, &inputs, settings, Path::new(&to), &mut console);
        std::panic::set_hook(hook);
        assert_eq!(exit.expect("the run goes on"), Exit::Trouble);
        assert_eq!(fs::read_dir(&to).expect("a folder").count(), 29 + 1);
        let lines = fs::read_to_string(&report).expect("a report");
        assert!(read_lines("report", &lines).expect("records").is_empty());
        let failures: Vec<FailureRecord> = lines
            .lines()
            .filter_map(|line| match serde_json::from_str(line).expect("a record") {
                Record::Failure(failure) => Some(failure),
                _ => None,
            })
            .collect();
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].kind, FailureKind::Panic);
        assert!(failures[0].file.ends_with("17.txt"));
        assert!(failures[0].message.ends_with("(paragraph 0)"), "{}", failures[0].message);
    }
}
