//! `kanwu train channel` and `kanwu train rank`: what engines misread, and how to weigh it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::models;
use kanwu::correct::ChannelCounts;
use kanwu::correct::train::{Origin, PairedPage, TrainedRanker, read_pages, train};
use kanwu::lexicon::Lexicon;
use kanwu::{Error, Result};

/// Count what an OCR engine misreads
#[derive(Debug, Args)]
pub(crate) struct TrainChannelArgs {
    /// Lines as read and as printed, `read<TAB>printed<TAB>engine`
    #[arg(value_name = "PAIRS")]
    pairs: Vec<PathBuf>,

    /// Only lines of this engine
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,

    /// Counts to add, `printed<TAB>read<TAB>times` and `#seen<TAB>printed<TAB>times`
    #[arg(long, value_name = "FILE")]
    counts: Vec<PathBuf>,

    /// Where to write the table
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Header of a channel table.
const CHANNEL_HEADER: &str = "\
# channel: what an OCR engine reads where something else was printed
# source: counted by `kanwu train channel`
# licence: MIT OR Apache-2.0
# columns: printed	read	times	times printed
";

/// Runs `kanwu train channel`.
pub(crate) fn channel(args: &TrainChannelArgs, log: &mut dyn Write) -> Result<()> {
    let mut counts = ChannelCounts::default();
    for path in &args.counts {
        counts.add_counts(&read(path)?);
    }
    for path in &args.pairs {
        for line in read(path)?.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let wanted = args.engine.as_deref().is_none_or(|name| fields.get(2) == Some(&name));
            if wanted && fields.len() >= 2 {
                counts.add_line(fields[0], fields[1]);
            }
        }
    }
    let rows = counts.rows();
    let text = format!("{CHANNEL_HEADER}{}\n", rows.join("\n"));
    fs::write(&args.out, text).map_err(|cause| Error::io(&args.out, cause))?;
    say(log, &format!("{} kinds of misreading", rows.len()))
}

/// Train the ranker of suspects
#[derive(Debug, Args)]
pub(crate) struct TrainRankArgs {
    /// Scans: `read<TAB>printed<TAB>engine<TAB>level<TAB>page`, printed line by printed line, and
    /// the language model of news that was not trained on their text, unless kanwu's own was not;
    /// with a third file, it is mixed in
    #[arg(long, value_name = "SCANS[=NEWS[,MODEL]]", value_parser = parse_lines)]
    scans: Vec<Lines>,

    /// Clean text, with or without planted slips, in the same columns, with its language models
    #[arg(long, value_name = "TEXT=NEWS[,MODEL]", value_parser = parse_text)]
    texts: Vec<Lines>,

    /// Mix this language model in where scans are measured that name no models
    #[arg(long, value_name = "FILE")]
    mix: Option<PathBuf>,

    /// Counts of misreadings, one file for each engine
    #[arg(long, value_name = "FILE")]
    counts: Vec<PathBuf>,

    /// Leave this part of the scans out, to measure on it (0 to 3)
    #[arg(long, value_name = "PART")]
    without: Option<u32>,

    /// Where to write the forests
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Lines as read and as printed, with the language models that have not seen the text.
#[derive(Clone, Debug)]
struct Lines {
    path: PathBuf,
    /// kanwu's own when there is none.
    news: Option<PathBuf>,
    mix: Option<PathBuf>,
}

fn parse_lines(lines: &str) -> std::result::Result<Lines, String> {
    Ok(match lines.split_once('=') {
        Some((path, models)) => {
            let (news, mix) = models.split_once(',').map_or((models, None), |(n, m)| (n, Some(m)));
            Lines { path: path.into(), news: Some(news.into()), mix: mix.map(PathBuf::from) }
        }
        None => Lines { path: lines.into(), news: None, mix: None },
    })
}

fn parse_text(text: &str) -> std::result::Result<Lines, String> {
    let text = parse_lines(text)?;
    text.news.is_some().then_some(text).ok_or_else(|| "the text has no model".to_string())
}

/// kanwu's dictionaries with other language models.
fn lexicon(news: Option<&Path>, mix: Option<&Path>) -> Result<Lexicon> {
    let mut lexicon = Lexicon::builtin()?;
    if let Some(path) = news {
        lexicon.set_language_model(models::read(path)?);
    }
    if let Some(path) = mix {
        let model = models::read(path)?;
        let share = model.share().unwrap_or(models::DEFAULT_SHARE);
        lexicon.mix(model, share)?;
    }
    Ok(lexicon)
}

/// Runs `kanwu train rank`.
pub(crate) fn rank(args: &TrainRankArgs, log: &mut dyn Write) -> Result<()> {
    let mut simulated = Vec::new();
    for path in &args.counts {
        let mut counts = ChannelCounts::default();
        counts.add_counts(&read(path)?);
        simulated.push(counts);
    }
    let mut sets: Vec<(Lexicon, Vec<PairedPage>)> = Vec::new();
    for scans in &args.scans {
        let mix = if scans.news.is_some() { &scans.mix } else { &args.mix };
        let mut pages = read_pages(&read(&scans.path)?, Origin::Scan);
        pages.retain(|page| args.without != Some(page.fold()));
        sets.push((lexicon(scans.news.as_deref(), mix.as_deref())?, pages));
    }
    for text in &args.texts {
        let lexicon = lexicon(text.news.as_deref(), text.mix.as_deref())?;
        sets.push((lexicon, read_pages(&read(&text.path)?, Origin::Text)));
    }
    let sets: Vec<(&Lexicon, Vec<PairedPage>)> =
        sets.iter().map(|(lexicon, pages)| (lexicon, pages.clone())).collect();
    let trained = train(&sets, &simulated, &mut |what| {
        // A log that cannot be written to is no reason to stop training.
        let _ = writeln!(log, "{what}");
    });
    let pages: usize = sets.iter().map(|(_, pages)| pages.len()).sum();
    let notes = [format!("trained on {pages} pages and texts by `kanwu train rank`")];
    let notes: Vec<&str> =
        notes.iter().map(String::as_str).chain(["licence: MIT OR Apache-2.0"]).collect();
    let text = trained.ranker.to_text(&Lexicon::builtin()?, &notes);
    fs::write(&args.out, text).map_err(|cause| Error::io(&args.out, cause))?;
    say(log, &reliability(&trained))
}

/// What was said with which confidence, and how often it was right.
fn reliability(trained: &TrainedRanker) -> String {
    let mut out = String::from("kind       confidence  on scans   right  share  on clean text\n");
    for ((kind, tenth), bin) in &trained.reliability {
        let share = bin.right as f64 / bin.suggestions.max(1) as f64;
        out.push_str(&format!(
            "{:10} {:.1}       {:9} {:7}  {share:.3}  {:8}\n",
            format!("{kind:?}").to_lowercase(),
            f64::from(*tenth) / 10.0,
            bin.suggestions,
            bin.right,
            bin.alarms
        ));
    }
    out
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|cause| Error::io(path, cause))
}

fn say(log: &mut dyn Write, what: &str) -> Result<()> {
    writeln!(log, "{what}").map_err(|cause| Error::io("standard output", cause))
}
