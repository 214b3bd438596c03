//! Everything kanwu itself says in its output, in both languages. What a rule says stands in the
//! rule.

use unicode_width::UnicodeWidthStr;

use super::json::{FileRecord, RunRecord};
use crate::archive::ArchiveIndex;
use crate::finding::{Finding, Language, Level};
use crate::review::{Decision, Verdict};

use Language::{Chinese, English};

/// The name of a level.
pub fn level(level: Level, language: Language) -> &'static str {
    match (language, level) {
        (Chinese, Level::Auto) => "自动",
        (Chinese, Level::Review) => "待审",
        (Chinese, Level::Hint) => "提示",
        (English, level) => level.name(),
    }
}

/// The place of a piece of evidence.
pub fn at_line(line: usize, language: Language) -> String {
    match language {
        Chinese => format!("第 {line} 行"),
        English => format!("line {line}"),
    }
}

/// A place of a text, in words throughout: a spreadsheet takes 12:41 for a time.
pub fn at_place(line: usize, column: usize, language: Language) -> String {
    match language {
        Chinese => format!("第{line}行第{column}字"),
        English => format!("line {line}, column {column}"),
    }
}

/// A place on a page of a layout file.
pub fn at_place_of_page(
    page: usize,
    block: usize,
    line: usize,
    column: usize,
    language: Language,
) -> String {
    match language {
        Chinese => format!("第{page}页第{block}块第{line}行第{column}字"),
        English => format!("page {page}, block {block}, line {line}, column {column}"),
    }
}

/// What stands between a reason and the next.
pub fn between_reasons(language: Language) -> &'static str {
    match language {
        Chinese => "；",
        English => "; ",
    }
}

/// The name of a sheet of the list of errata, from 1.
pub fn sheet(number: usize, language: Language) -> String {
    let name = match language {
        Chinese => "勘误表",
        English => "Errata",
    };
    if number == 1 { name.to_string() } else { format!("{name} {number}") }
}

/// A finding in one sentence: what stands there, what could stand there, and why.
pub fn with_choices(finding: &Finding, language: Language) -> String {
    let or_nothing = |text: &str| match text {
        "" => nothing(language).to_string(),
        text => text.to_string(),
    };
    let wrong = or_nothing(&finding.wrong);
    let rights: Vec<String> =
        finding.choices.iter().map(|choice| or_nothing(&choice.right)).collect();
    let rights = match rights.as_slice() {
        [] => asks(language).to_string(),
        rights => rights.join(" / "),
    };
    let message = finding.message.get(language);
    match language {
        Chinese => format!("{wrong} → {rights}：{message}"),
        English => format!("{wrong} → {rights}: {message}"),
    }
}

/// The title of the review page of a file, or of several, which have no name.
pub fn page_title(name: &str, language: Language) -> String {
    let title = match language {
        Chinese => "勘误",
        English => "Review",
    };
    if name.is_empty() { title.to_string() } else { format!("{name} · {title}") }
}

/// The language as HTML names it.
pub fn language_tag(language: Language) -> &'static str {
    match language {
        Chinese => "zh-CN",
        English => "en",
    }
}

/// Lines given as a list, the rest left out.
pub fn at_lines(lines: &[usize], more: bool, language: Language) -> String {
    let list = |separator: &str| {
        let numbers: Vec<String> = lines.iter().map(usize::to_string).collect();
        numbers.join(separator) + if more { "…" } else { "" }
    };
    match (language, lines.len(), more) {
        (Chinese, ..) => format!("第 {} 行", list("、")),
        (English, 1, false) => format!("line {}", list(", ")),
        (English, ..) => format!("lines {}", list(", ")),
    }
}

/// The line that stands for findings equal to the one before it.
pub fn and_more(count: usize, what: &str, lines: &str, language: Language) -> String {
    match language {
        Chinese => format!("… 还有 {count} 处 {what}（{lines}）"),
        English => format!("… and {count} more of {what} ({lines})"),
    }
}

/// What stands for the right text of a finding that proposes nothing.
pub fn asks(language: Language) -> &'static str {
    match language {
        Chinese => "请核对",
        English => "please check",
    }
}

/// What an editor changed where no suggestion is.
pub fn changed_elsewhere(paragraph: usize, old: &str, new: &str, language: Language) -> String {
    let shown = |text: &str| text.replace('\n', "⏎");
    let (old, new) = (shown(old), shown(new));
    match language {
        Chinese => format!("第 {paragraph} 段另有改动：“{old}” → “{new}”"),
        English => {
            format!("paragraph {paragraph}: changed beside the suggestions: “{old}” → “{new}”")
        }
    }
}

/// What was read back: accepted, rejected, worded anew and left open, and what was changed where no
/// suggestion is.
pub fn imported(counts: [usize; 4], elsewhere: usize, language: Language) -> String {
    let [accepted, rejected, worded, open] = counts;
    match language {
        Chinese => format!(
            "接受 {accepted} 处，不改 {rejected} 处，另改 {worded} 处，未定 {open} 处；建议之外的改动 \
             {elsewhere} 处"
        ),
        English => format!(
            "{accepted} accepted, {rejected} rejected, {worded} worded anew, {open} open; {} beside \
             the suggestions",
            plural(elsewhere, "change")
        ),
    }
}

/// What a comment offers besides the change it stands at.
#[cfg(feature = "docx")]
pub(crate) fn other_candidates(candidates: &[String], language: Language) -> String {
    match language {
        Chinese => format!("其他改法：{}", candidates.join("、")),
        English => format!("Other candidates: {}", candidates.join(", ")),
    }
}

/// What a comment alone offers.
#[cfg(feature = "docx")]
pub(crate) fn candidates(wrong: &str, candidates: &[String], language: Language) -> String {
    match language {
        Chinese => format!("“{wrong}”可改为：{}", candidates.join("、")),
        English => format!("“{wrong}” may be: {}", candidates.join(", ")),
    }
}

/// What stands for a text that is empty.
pub fn nothing(language: Language) -> &'static str {
    match language {
        Chinese => "（无）",
        English => "(nothing)",
    }
}

/// What was found in how much text.
pub fn found(total: usize, files: usize, characters: usize, rate: f64, lang: Language) -> String {
    match lang {
        Chinese if total == 0 => format!("未发现问题：{files} 个文件，{characters} 字"),
        Chinese => {
            format!("{total} 处：{files} 个文件，{characters} 字，每万字 {rate:.2} 处")
        }
        English => {
            let findings = plural(total, "suggestion");
            let files = plural(files, "file");
            format!("{findings} in {files}, {characters} characters, {rate:.2} per 10,000")
        }
    }
}

/// Files that could not be read.
pub fn unreadable(files: usize, language: Language) -> String {
    match language {
        Chinese => format!("{files} 个文件未能读取"),
        English => format!("{} could not be read", plural(files, "file")),
    }
}

/// What `fix` and `apply` did.
pub fn changed(changes: usize, files: usize, language: Language) -> String {
    match language {
        Chinese => format!("改动 {changes} 处，涉及 {files} 个文件"),
        English => format!("{} in {}", plural(changes, "change"), plural(files, "file")),
    }
}

/// What `fix` left alone because no choice leads clearly, or because changes clash.
pub fn left(count: usize, language: Language) -> String {
    match language {
        Chinese => format!("{count} 处没有明确的首选改法，未改"),
        English => format!("{} left alone: no choice leads clearly", plural(count, "suggestion")),
    }
}

/// What `fix` did not write because lines of a layout file stay lines.
pub fn kept(count: usize, language: Language) -> String {
    match language {
        Chinese => format!("{count} 处接行、移动只涉及文字流，版面文件中不改"),
        English => {
            let changes = plural(count, "change");
            format!("{changes} of the text's flow not written: lines of a layout file stay lines")
        }
    }
}

/// What `apply` found done already.
pub fn already(count: usize, language: Language) -> String {
    match language {
        Chinese => format!("{count} 处此前已改"),
        English => format!("{} made before", plural(count, "change")),
    }
}

/// What `apply` could not do.
pub fn refused(count: usize, language: Language) -> String {
    match language {
        Chinese => format!("{count} 处未能改动"),
        English => format!("{} refused", plural(count, "decision")),
    }
}

/// Decisions on suggestions that are not among those at hand.
pub fn foreign(count: usize, language: Language) -> String {
    match language {
        Chinese => format!("{count} 条决定不属于这些建议"),
        English => format!("{} on none of these suggestions", plural(count, "decision")),
    }
}

/// A line of a log that cannot be read.
pub fn damaged(language: Language) -> &'static str {
    match language {
        Chinese => "此行不是决定，已略过",
        English => "the line is no decision, and is passed over",
    }
}

/// A decision as a line: when, who, what, on which slip, where.
pub fn decision(decision: &Decision, language: Language) -> String {
    let unknown = || "-".to_string();
    let at = decision.at.map_or_else(unknown, |at| at.strftime("%F %T").to_string());
    let who = if decision.reviewer.is_empty() { "-" } else { &decision.reviewer };
    let what = verdict(&decision.verdict, language);
    let slip = &decision.slip;
    let right = match &decision.verdict {
        Verdict::Replace { text } => Some(text),
        _ => slip.right.as_ref(),
    };
    let change =
        right.map_or_else(|| slip.wrong.clone(), |right| format!("{} → {right}", slip.wrong));
    let settles = if decision.settles { " !" } else { "" };
    let (rule, file, id) = (&slip.rule, &decision.file, &decision.id);
    format!("{at}  {who}  {what}{settles}  {rule}  {change}  {file}  {id}")
}

/// A verdict.
pub fn verdict(verdict: &Verdict, language: Language) -> &'static str {
    let (zh, en) = match verdict {
        Verdict::Accept { .. } => ("采纳", "accept"),
        Verdict::Reject => ("不改", "reject"),
        Verdict::Replace { .. } => ("改作", "replace"),
        Verdict::Query => ("存疑", "query"),
        Verdict::Withdraw { .. } => ("撤回", "withdraw"),
        Verdict::Applied => ("已改", "applied"),
    };
    match language {
        Chinese => zh,
        English => en,
    }
}

/// The heading of counted verdicts.
pub fn verdict_heading(language: Language) -> String {
    let [accept, replace, reject, query] = match language {
        Chinese => ["采纳", "改作", "不改", "存疑"],
        English => ["accept", "replace", "reject", "query"],
    };
    row("", [accept, replace, reject, query])
}

/// A row of counted verdicts: accepted, replaced, rejected and queried.
pub fn verdict_row(name: &str, counts: [usize; 4]) -> String {
    row(name, counts.map(|count| grouped(count as u64)))
}

/// How many suggestions reviewers differ on.
pub fn conflicts(count: usize, language: Language) -> String {
    match language {
        Chinese => format!("{count} 处校对员意见不一，须用 kanwu decisions settle 裁定"),
        English => {
            let places = plural(count, "conflict");
            format!("{places} between reviewers, to be ended by kanwu decisions settle")
        }
    }
}

/// What `decisions merge` has added.
pub fn merged(count: usize, path: &str, language: Language) -> String {
    match language {
        Chinese => format!("{count} 条决定已并入 {path}"),
        English => format!("{} added to {path}", plural(count, "decision")),
    }
}

/// What `decisions undo` has taken back.
pub fn withdrawn(count: usize, language: Language) -> String {
    match language {
        Chinese => format!("已撤回 {count} 条决定"),
        English => format!("{} taken back", plural(count, "decision")),
    }
}

/// Why a file is not put back.
pub fn changed_since(language: Language) -> &'static str {
    match language {
        Chinese => "其后又改动过，未予恢复",
        English => "it has been changed since, and is left as it is",
    }
}

/// What `apply --undo` has put back.
pub fn restored(files: usize, language: Language) -> String {
    match language {
        Chinese => format!("已恢复 {files} 个文件"),
        English => format!("{} restored", plural(files, "file")),
    }
}

/// Where `check --save` put the suggestions.
pub fn saved(count: usize, path: &str, language: Language) -> String {
    match language {
        Chinese => format!("{count} 条建议已存入 {path}"),
        English => format!("{} saved to {path}", plural(count, "suggestion")),
    }
}

/// What `init` has written.
pub fn written(path: &str, language: Language) -> String {
    match language {
        Chinese => format!("已写入 {path}"),
        English => format!("{path} written"),
    }
}

/// The headings of a rule's manual page, in the order they stand there.
pub struct ManualHeadings {
    /// Why it is a slip.
    pub why: &'static str,
    /// The standard it rests on.
    pub standard: &'static str,
    /// The highest level it may reach.
    pub level: &'static str,
    /// Texts it corrects.
    pub examples: &'static str,
    /// Right texts it says nothing about.
    pub silent_on: &'static str,
}

/// The headings in `language`.
pub fn manual(language: Language) -> ManualHeadings {
    match language {
        Chinese => ManualHeadings {
            why: "理由",
            standard: "依据",
            level: "最高级别",
            examples: "例",
            silent_on: "不误报",
        },
        English => ManualHeadings {
            why: "Why",
            standard: "Standard",
            level: "Highest level",
            examples: "Examples",
            silent_on: "Says nothing about",
        },
    }
}

/// A row of a table of counts: a name and as many counts as there are columns.
pub fn row<const N: usize>(name: &str, counts: [impl AsRef<str>; N]) -> String {
    let cell = |text: &str, width: usize| {
        let space = width.saturating_sub(text.width());
        format!("{}{text}", " ".repeat(space))
    };
    let counts: Vec<String> = counts.iter().map(|count| cell(count.as_ref(), 11)).collect();
    format!("  {name}{}{}", " ".repeat(6usize.saturating_sub(name.width())), counts.concat())
}

/// The name of the row that adds the others up.
pub fn all(language: Language) -> &'static str {
    match language {
        Chinese => "合计",
        English => "all",
    }
}

/// A number with its digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = (0..digits.len().div_ceil(3))
        .rev()
        .map(|group| {
            let end = digits.len() - 3 * group;
            &digits[end.saturating_sub(3)..end]
        })
        .collect();
    groups.join(",")
}

/// The texts of a run.
pub fn run_files(run: &RunRecord, skipped: u64, language: Language) -> String {
    let (all, changed, failed) = (grouped(run.files), grouped(run.changed), grouped(run.failed));
    let skipped = grouped(skipped);
    match language {
        Chinese => {
            format!("{all} 个文件：{changed} 个有改动，{skipped} 个此前已完成，{failed} 个失败")
        }
        English => {
            format!("{all} files: {changed} changed, {skipped} done before, {failed} failed")
        }
    }
}

/// How much a run has read, and how fast.
pub fn run_characters(run: &RunRecord, seconds: f64, language: Language) -> String {
    let characters = grouped(run.tally.characters);
    let speed = run.bytes as f64 / 1e6 / seconds.max(0.001);
    match language {
        Chinese => format!("{characters} 字，{seconds:.1} 秒，每秒 {speed:.2} MB"),
        English => format!("{characters} characters in {seconds:.1} s, {speed:.2} MB/s"),
    }
}

/// Failures that are not named one by one.
pub fn more_failures(count: u64, language: Language) -> String {
    match language {
        Chinese => format!("  … 另有 {count} 个失败，见报告"),
        English => format!("  … and {count} more; they stand in the report"),
    }
}

/// How far a run is.
pub fn progress(progress: &Progress, language: Language) -> String {
    let Progress { done, all, seconds, failed, .. } = *progress;
    let [auto, review, hint] = progress.levels;
    let speed = progress.bytes as f64 / 1e6 / seconds.max(0.001);
    let left = match (done, all.checked_sub(done)) {
        (1.., Some(left)) => duration(seconds / done as f64 * left as f64),
        _ => "?".to_string(),
    };
    match language {
        Chinese => format!(
            "{done}/{all} 个文件，{speed:.2} MB/s，自动 {auto}，待审 {review}，提示 {hint}，失败 \
             {failed}，还需 {left}"
        ),
        English => format!(
            "{done}/{all} files, {speed:.2} MB/s, auto {auto}, review {review}, hint {hint}, failed \
             {failed}, {left} left"
        ),
    }
}

/// What is known of a run that goes on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Texts done.
    pub done: u64,
    /// Texts in all.
    pub all: u64,
    /// Bytes of the texts done.
    pub bytes: u64,
    /// Findings at auto, review and hint.
    pub levels: [u64; 3],
    /// Texts that failed.
    pub failed: u64,
    /// Wall time so far.
    pub seconds: f64,
}

/// A time as hours, minutes and seconds.
fn duration(seconds: f64) -> String {
    let seconds = seconds as u64;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s}s"),
        (0, m, s) => format!("{m}m{s:02}s"),
        (h, m, _) => format!("{h}h{m:02}m"),
    }
}

/// A text that was done, for those who want to see each.
pub fn file_done(record: &FileRecord, skipped: bool, language: Language) -> String {
    let FileRecord { file, tally, .. } = record;
    match (language, skipped) {
        (Chinese, true) => format!("{file}：此前已完成"),
        (English, true) => format!("{file}: done before"),
        (Chinese, false) => format!("{file}：改动 {} 处", tally.applied),
        (English, false) => format!("{file}: {}", plural(tally.applied as usize, "change")),
    }
}

/// What was counted of an archive, and how well.
pub fn indexed(index: &ArchiveIndex, seconds: f64, language: Language) -> String {
    let documents = grouped(u64::from(index.documents()));
    let size = index.size() as f64 / f64::from(1 << 20);
    let (usual, most) = index.excess();
    match language {
        Chinese => format!(
            "已统计 {documents} 篇，{seconds:.1} 秒；计数表 {size:.1} MiB，误差通常 {usual} 页，\
             百分之九十九不超过 {most} 页"
        ),
        English => format!(
            "{documents} documents counted in {seconds:.1} s; a table of {size:.1} MiB, error \
             {usual} pages, in 99 of 100 cases at most {most}"
        ),
    }
}

/// What `stream` did.
pub fn streamed(records: usize, failed: usize, language: Language) -> String {
    match language {
        Chinese => format!("{records} 条记录，{failed} 条失败"),
        English => format!("{}, {failed} failed", plural(records, "record")),
    }
}

/// What a run says when the disk takes no more.
pub fn goes_on(language: Language) -> &'static str {
    match language {
        Chinese => "已停止；排除故障后再次运行，将从中断处继续",
        English => "stopped; run the same command again to go on from here",
    }
}

/// What an error rate is about, and up to where a text passes.
pub fn error_rate(standard: &str, limit: f64, language: Language) -> String {
    let (zh, en) = match standard {
        "book" => ("图书质量管理规定（2005），图书", "books (regulation of 2005)"),
        "periodical" => ("报纸期刊质量管理规定（2020），期刊", "periodicals (regulation of 2020)"),
        _ => ("报纸期刊质量管理规定（2020），报纸", "newspapers (regulation of 2020)"),
    };
    match language {
        Chinese => format!("编校差错率，按{zh}计，合格线 {limit}/10000"),
        English => {
            format!("Error rate as counted for {en}; a text passes up to {limit} in 10,000")
        }
    }
}

/// The headings of the table of error rates.
pub fn stats_headings(language: Language) -> [&'static str; 10] {
    match language {
        Chinese => [
            "",
            "字数",
            "建议",
            "已改",
            "不改",
            "未定",
            "审前差错",
            "审前每万字",
            "余下差错",
            "余下每万字",
        ],
        English => [
            "",
            "characters",
            "suggested",
            "corrected",
            "rejected",
            "open",
            "errors before",
            "per 10,000",
            "errors left",
            "per 10,000",
        ],
    }
}

/// The heading of what a row is about.
pub fn stats_kind(language: Language) -> &'static str {
    match language {
        Chinese => "类别",
        English => "kind",
    }
}

/// Whether texts pass before and after what was decided.
pub fn passes(before: bool, after: bool, language: Language) -> String {
    let word = |passes: bool| match (language, passes) {
        (Chinese, true) => "合格线以内",
        (Chinese, false) => "超过合格线",
        (English, true) => "within the limit",
        (English, false) => "above the limit",
    };
    match language {
        Chinese => format!("审前{}，余下{}", word(before), word(after)),
        English => format!("before: {}; what is left: {}", word(before), word(after)),
    }
}

/// What must be said beside every error rate.
pub fn only_likely(language: Language) -> &'static str {
    match language {
        Chinese => {
            "说明：“审前”把每条建议都当作差错，“余下”只计未定的；建议只是疑似差错，未提示之处也可能有错，\
             标题中的差错未加倍。字数不计空白，与按版面计的字数不同（可用 --characters 给出）。"
        }
        English => {
            "Note: “before” takes every suggestion for an error, “left” the open ones alone. \
             Suggestions are only likely errors, and kanwu does not find all there are; errors in \
             headlines are not doubled. White space is not counted, unlike in counts from the page \
             (give these with --characters)."
        }
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
