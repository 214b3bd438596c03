//! The arguments, with their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::decisions::{DecisionsCommand, LearnArgs};
use super::eval::EvalArgs;
use super::input::Paths;
#[cfg(feature = "lsp")]
use super::lsp::LspArgs;
use super::models::Models;
use super::train_layout::TrainLayoutArgs;
use super::train_lm::TrainLmArgs;
use super::train_mixture::TrainMixtureArgs;
use super::train_rank::{TrainChannelArgs, TrainRankArgs};
use super::train_structure::TrainStructureArgs;
use kanwu::apply::Written;
use kanwu::batch::Form as WrittenForm;
use kanwu::config::Profile;
use kanwu::error_rate::Standard;
use kanwu::layout::Format as LayoutFormat;
use kanwu::lexicon::{Date, parse_date};
use kanwu::rules;
use kanwu::{Encoding, Error, Level, Reading, Result};

/// Proofreader for scanned Chinese text 勘误
#[derive(Debug, Parser)]
#[command(
    name = "kanwu",
    version,
    about = "Proofreader for scanned Chinese text: repairs structure, finds OCR slips, hands over \
             diffs to accept",
    after_help = "Exit status: 0 done or nothing found, 1 findings, 2 trouble.",
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) look: Look,

    /// Threads; 0 takes one for each core
    #[arg(short, long, global = true, value_name = "N", default_value_t = 0)]
    pub(crate) jobs: usize,
}

/// How output looks.
#[derive(Debug, Args)]
pub(crate) struct Look {
    /// Language of messages; by default that of the locale
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<Tongue>,

    /// Colour: on a terminal, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Colour,

    /// No summary and no progress
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,

    /// Say what is done with each file
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// The languages by their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tongue {
    /// 中文
    Zh,
    /// English
    En,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the likely slips
    Check(CheckArgs),
    /// Apply what is beyond doubt
    Fix(FixArgs),
    /// Decide on suggestions
    #[cfg(any(feature = "tui", feature = "web"))]
    Review(ReviewArgs),
    /// Apply what proofreaders decided
    Apply(ApplyArgs),
    /// Look at decisions, merge them, settle conflicts and undo
    #[command(subcommand)]
    Decisions(DecisionsCommand),
    /// Propose lines for a table of the house from what was decided
    Learn(LearnArgs),
    /// Tell the error rate of texts, as the national regulations count it
    Stats(StatsArgs),
    /// Count the forms of an archive, as evidence for its texts
    Index(IndexArgs),
    /// Correct texts that come in as JSON lines, for programs
    Stream(StreamArgs),
    /// Show suggestions in an editor, as a language server
    #[cfg(feature = "lsp")]
    Lsp(Box<LspArgs>),
    /// Write a kanwu.toml that tells what can be set
    Init(InitArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Show the manual page of a rule
    Explain(ExplainArgs),
    /// Measure the rules on texts whose truth is known
    Eval(EvalArgs),
    /// Train a model
    #[command(subcommand)]
    Train(Model),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page of kanwu or of one of its commands
    Man(ManArgs),
}

/// The models that can be trained.
#[derive(Debug, Subcommand)]
pub(crate) enum Model {
    /// Train a language model
    Lm(TrainLmArgs),
    /// Measure which shares of a mixture suit language models
    Mixture(TrainMixtureArgs),
    /// Train the structure model
    Structure(TrainStructureArgs),
    /// Train the model of boxes of layout files
    Layout(TrainLayoutArgs),
    /// Count what an OCR engine misreads
    Channel(TrainChannelArgs),
    /// Train the ranker of suspects
    Rank(TrainRankArgs),
}

/// How texts are read, and which rules speak.
#[derive(Clone, Debug, Args)]
pub(crate) struct Texts {
    /// Take each line as a document of its own; no line is joined to another
    #[arg(long)]
    pub(crate) lines: bool,

    /// The encoding of all texts: UTF-8, GBK, GB18030, Big5, Big5-HKSCS, UTF-16LE or UTF-16BE; by
    /// default it is found out for each
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<Encoding>,

    /// Only these rules or families, as C103 or C
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// Not these rules or families
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,

    /// Only suggestions of this confidence or above, from 0 to 1; below 0.1 also misreadings that
    /// are not said otherwise
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = parse_probability)]
    pub(crate) min_confidence: f64,

    /// Weigh also what `kanwu index` has counted: on how many pages of an archive a form stands
    #[arg(long, value_name = "FILE")]
    pub(crate) index: Option<PathBuf>,

    /// The kind of text: newspaper, book, web or archive-traditional
    #[arg(long, value_name = "NAME", value_parser = parse_profile)]
    pub(crate) profile: Option<Profile>,

    /// The date of the pages, as 2015-03-02; by default that of the running head, else the first
    /// full date of the text
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    pub(crate) date: Option<Date>,

    /// The settings of all texts; by default those of the nearest kanwu.toml upward from each
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,

    /// Leave out what FILE, a log of decisions, rejects [default: .kanwu/decisions.jsonl]
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,

    /// No kanwu.toml, and nothing of the folder .kanwu
    #[arg(long)]
    pub(crate) isolated: bool,

    /// Print the settings that hold for the texts, and do nothing else
    #[arg(long)]
    pub(crate) show_settings: bool,

    #[command(flatten)]
    pub(crate) models: Models,

    /// Where the folder .kanwu lies; the working folder where it is empty.
    #[arg(skip)]
    pub(crate) home: PathBuf,
}

/// How files are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Args)]
pub(crate) struct Opening {
    /// Read all files as this: text, hocr, alto, page, paddle, rapid or umi; by default the
    /// content tells
    #[arg(long, value_name = "FORMAT", value_parser = parse_form)]
    pub(crate) format_in: Option<Form>,

    /// Largest layout file, and largest member of a .gz or .zip file when unpacked
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=4095))]
    pub(crate) max_size: u32,
}

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Plain text, whatever it looks like.
    Text,
    /// The output of an OCR program.
    Layout(LayoutFormat),
}

fn parse_form(name: &str) -> std::result::Result<Form, String> {
    if name == "text" {
        return Ok(Form::Text);
    }
    let format = LayoutFormat::ALL.into_iter().find(|format| format.name() == name);
    let names = || LayoutFormat::ALL.map(LayoutFormat::name).join(", ");
    format.map(Form::Layout).ok_or_else(|| format!("it is one of text, {}", names()))
}

impl Texts {
    /// What of a text is a document.
    pub(crate) fn reading(&self) -> Reading {
        if self.lines { Reading::Lines } else { Reading::Whole }
    }
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) paths: Paths,

    #[command(flatten)]
    pub(crate) texts: Texts,

    /// Show suggestions of this level or above: auto, review or hint
    #[arg(long, value_name = "LEVEL", default_value = "review", value_parser = parse_level)]
    pub(crate) level: Level,

    /// How to show them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Write them to FILE instead of standard output; Word files of folders are mirrored under it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Show every finding, also those that say the same as one before
    #[arg(long)]
    pub(crate) all: bool,

    /// Show only what is not in FILE, the output of an earlier `--format jsonl`
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Also save the suggestions shown for `kanwu apply` [default FILE: .kanwu/suggestions.jsonl]
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = super::apply::SUGGESTIONS
    )]
    pub(crate) save: Option<PathBuf>,

    /// Exit with 0 even when there are findings
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

/// How `check` shows suggestions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The line, the slip marked, and why
    Text,
    /// A unified diff of what `fix` would change at that level
    Diff,
    /// One JSON document
    Json,
    /// A JSON object a line
    Jsonl,
    /// The list of errata, for a spreadsheet
    Csv,
    /// The same as an Excel workbook, with -o FILE
    Xlsx,
    /// A page to decide on them in, which works from the disk
    Html,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// JSON lines for reviewdog
    Rdjsonl,
    /// Annotations of GitHub Actions
    Github,
    /// A Word file with tracked changes and comments for each text, with -o FILE, or -o FOLDER for
    /// several
    #[cfg(feature = "docx")]
    Docx,
}

#[derive(Debug, Args)]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub(crate) paths: Paths,

    #[command(flatten)]
    pub(crate) texts: Texts,

    /// Count suggestions of this level or above: auto, review or hint
    #[arg(long, value_name = "LEVEL", default_value = "review", value_parser = parse_level)]
    pub(crate) level: Level,

    /// The regulation: newspaper, periodical or book
    #[arg(long, value_name = "NAME", default_value = "newspaper", value_parser = parse_standard)]
    pub(crate) standard: Standard,

    /// Weigh by the table in FILE, in the form of dictionaries/error_weights.tsv
    #[arg(long, value_name = "FILE")]
    pub(crate) weights: Option<PathBuf>,

    /// The characters of all texts together, as the regulation counts them from the page: lines
    /// times characters of a line, white space included [default: those of the texts that are not
    /// white space]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) characters: Option<u64>,

    /// How to tell it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: StatsFormat,
}

/// How `stats` tells what it has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatsFormat {
    /// A table
    Text,
    /// One JSON document
    Json,
    /// A table for a spreadsheet
    Csv,
}

fn parse_standard(name: &str) -> std::result::Result<Standard, String> {
    let standard = Standard::ALL.into_iter().find(|standard| standard.name() == name);
    let names = || Standard::ALL.map(Standard::name).join(", ");
    standard.ok_or_else(|| format!("it is one of {}", names()))
}

#[derive(Debug, Args)]
pub(crate) struct FixArgs {
    #[command(flatten)]
    pub(crate) paths: Paths,

    #[command(flatten)]
    pub(crate) texts: Texts,

    /// Apply suggestions of this level or above: auto or review
    #[arg(long, value_name = "LEVEL", default_value = "auto", value_parser = parse_fix_level)]
    pub(crate) level: Level,

    /// Write each file as it was read, or the repaired text alone: text or markdown
    #[arg(long, value_name = "FORM", default_value = "same", conflicts_with = "in_place")]
    pub(crate) to: To,

    #[command(flatten)]
    pub(crate) output: Output,

    /// With -o FOLDER, do not count the whole archive first to weigh each text against it
    #[arg(long, conflicts_with_all = ["index", "reindex"])]
    pub(crate) no_archive_evidence: bool,

    /// With -o FOLDER, count the archive anew, though an earlier run has counted it
    #[arg(long, conflicts_with = "index")]
    pub(crate) reindex: bool,

    /// Write what was found in each file, and what became of it, to FILE, a JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    /// How to sum up [default: table with -o FOLDER, else line]
    #[arg(long, value_name = "HOW")]
    pub(crate) summary: Option<SummaryStyle>,
}

/// How a run is summed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryStyle {
    /// A line or two, on standard error
    Line,
    /// Findings by rule and level, failures and speed, on standard error
    Table,
    /// One JSON object, on standard output
    Json,
}

/// What `fix` writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum To {
    /// The same format
    Same,
    /// The repaired text
    Text,
    /// The repaired text, headlines marked
    Markdown,
}

impl From<To> for WrittenForm {
    fn from(to: To) -> Self {
        match to {
            To::Same => Self::Same,
            To::Text => Self::Text,
            To::Markdown => Self::Markdown,
        }
    }
}

/// Where a changed text goes. Nothing is written unasked.
#[derive(Debug, Default, Args)]
pub(crate) struct Output {
    /// Write to this file, or mirror folders under this folder
    #[arg(short, long, value_name = "OUT", conflicts_with_all = ["in_place", "stdout"])]
    pub(crate) output: Option<PathBuf>,

    /// Change the files themselves
    #[arg(short, long, conflicts_with = "stdout")]
    pub(crate) in_place: bool,

    /// Keep the old text of a changed file beside it as NAME.bak
    #[arg(long, requires = "in_place")]
    pub(crate) backup: bool,

    /// Write the one text to standard output
    #[arg(long, conflicts_with = "diff")]
    pub(crate) stdout: bool,

    /// Write UTF-8, not the encoding of the text that was read
    #[arg(long)]
    pub(crate) to_utf8: bool,

    /// Print a unified diff; alone, nothing is written
    #[arg(long)]
    pub(crate) diff: bool,
}

impl Output {
    /// The encoding texts are written in.
    pub(crate) fn written(&self) -> Written {
        if self.to_utf8 { Written::Utf8 } else { Written::AsRead }
    }
}

#[cfg(any(feature = "tui", feature = "web"))]
#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) paths: Paths,

    #[command(flatten)]
    pub(crate) texts: Texts,

    /// Review suggestions of this level or above: auto, review or hint
    #[arg(long, value_name = "LEVEL", default_value = "review", value_parser = parse_level)]
    pub(crate) level: Level,

    #[command(flatten)]
    who: Reviewer,

    /// The table that words go to which are always allowed [default: .kanwu/house.txt]
    #[arg(long, value_name = "FILE")]
    pub(crate) allowed: Option<PathBuf>,

    #[cfg(feature = "web")]
    #[command(flatten)]
    pub(crate) web: super::review::web::WebArgs,
}

#[cfg(any(feature = "tui", feature = "web"))]
impl ReviewArgs {
    /// Who reviews.
    pub(crate) fn reviewer(&self) -> String {
        self.who.name()
    }
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArgs {
    /// Suggestions saved by `kanwu check --save`; their lines may carry a `decision`
    #[arg(value_name = "SUGGESTIONS", default_value = super::apply::SUGGESTIONS)]
    pub(crate) suggestions: PathBuf,

    /// Decisions [default: .kanwu/decisions.jsonl, unless the suggestions carry theirs]
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,

    /// The encoding of all texts; by default it is found out for each
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<Encoding>,

    #[command(flatten)]
    pub(crate) opening: Opening,

    #[command(flatten)]
    who: Reviewer,

    /// Put back what the last `apply --in-place` changed; a file changed since stays as it is
    #[arg(long, conflicts_with_all = ["output", "in_place", "stdout", "diff"])]
    pub(crate) undo: bool,

    #[command(flatten)]
    pub(crate) output: Output,
}

impl ApplyArgs {
    /// Who applies.
    pub(crate) fn reviewer(&self) -> String {
        self.who.name()
    }
}

/// Whose decisions they are.
#[derive(Debug, Args)]
pub(crate) struct Reviewer {
    /// The name that stands beside each decision [default: the name of the user]
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
}

impl Reviewer {
    /// The name; empty where nobody is known.
    pub(crate) fn name(&self) -> String {
        let user = || std::env::var("USER").or_else(|_| std::env::var("USERNAME"));
        self.reviewer.clone().unwrap_or_else(|| user().unwrap_or_default())
    }
}

#[derive(Debug, Args)]
pub(crate) struct StreamArgs {
    #[command(flatten)]
    pub(crate) texts: Texts,

    #[command(flatten)]
    pub(crate) opening: Opening,

    /// Apply suggestions of this level or above: auto or review
    #[arg(long, value_name = "LEVEL", default_value = "auto", value_parser = parse_fix_level)]
    pub(crate) level: Level,

    /// The longest line read; a longer one gets an error
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) longest_record: u32,
}

#[derive(Debug, Args)]
pub(crate) struct IndexArgs {
    #[command(flatten)]
    pub(crate) paths: Paths,

    /// Write the index to FILE
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// Size of the table in memory [default: four times that of the archive, at most 16]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) size: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where to write it
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(crate) folder: PathBuf,

    /// The kind of text: newspaper, book, web or archive-traditional
    #[arg(long, value_name = "NAME", value_parser = parse_profile)]
    pub(crate) profile: Option<Profile>,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// Only this rule or family
    #[arg(value_name = "ID", conflicts_with = "markdown")]
    pub(crate) id: Option<String>,

    /// Print docs/rules.md
    #[arg(long)]
    pub(crate) markdown: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The rule, as C103
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The command, as check
    pub(crate) command: Option<String>,
}

/// Reads the name of a level.
pub(crate) fn parse_level(name: &str) -> std::result::Result<Level, String> {
    [Level::Auto, Level::Review, Level::Hint]
        .into_iter()
        .find(|level| level.name() == name)
        .ok_or_else(|| "it is one of auto, review, hint".to_string())
}

pub(crate) fn parse_profile(name: &str) -> std::result::Result<Profile, String> {
    let named = Profile::ALL.into_iter().find(|(known, _)| *known == name);
    named
        .map(|(_, profile)| profile)
        .ok_or_else(|| format!("it is one of {}", Profile::ALL.map(|(known, _)| known).join(", ")))
}

pub(crate) fn parse_day(date: &str) -> std::result::Result<Date, String> {
    parse_date(date).ok_or_else(|| "it is a date, as 2015-03-02".to_string())
}

pub(crate) fn parse_fix_level(name: &str) -> std::result::Result<Level, String> {
    match parse_level(name) {
        Ok(level) if level >= Level::Review => Ok(level),
        _ => Err("it is one of auto, review".to_string()),
    }
}

pub(crate) fn parse_probability(number: &str) -> std::result::Result<f64, String> {
    number
        .parse()
        .ok()
        .filter(|p| (0.0..=1.0).contains(p))
        .ok_or_else(|| "it is a number from 0 to 1".to_string())
}

/// Refuses a name that is no rule and no family, and names the nearest.
pub(crate) fn check_rule_name(name: &str) -> Result<()> {
    rules::check_name(name).map_err(Error::Usage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_fit_together() {
        Arguments::command().debug_assert();
    }
}
