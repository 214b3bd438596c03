//! Everything the review in the terminal says, in both languages.

use super::filter::Facet;
use super::session::Outcome;
use crate::cli::review::desk::Desk;
use kanwu::Language;
use kanwu::Language::{Chinese, English};
use kanwu::emit::words::{grouped, level};
use kanwu::review::{Decision, Progress, Verdict};

/// What has become of a suggestion.
pub(super) fn outcome(outcome: Outcome, language: Language) -> &'static str {
    match (language, outcome) {
        (Chinese, Outcome::Open) => "未定",
        (Chinese, Outcome::Conflict) => "有分歧",
        (Chinese, Outcome::Accepted) => "已采纳",
        (Chinese, Outcome::Rejected) => "已驳回",
        (Chinese, Outcome::Reworded) => "已改写",
        (Chinese, Outcome::Queried) => "存疑",
        (English, Outcome::Open) => "undecided",
        (English, Outcome::Conflict) => "in conflict",
        (English, Outcome::Accepted) => "accepted",
        (English, Outcome::Rejected) => "rejected",
        (English, Outcome::Reworded) => "reworded",
        (English, Outcome::Queried) => "queried",
    }
}

/// What a reviewer has decided.
pub(super) fn decision(decision: &Decision, language: Language) -> String {
    let what = match (&decision.verdict, decision.right()) {
        (Verdict::Accept { .. }, Some(right)) => match language {
            Chinese => format!("采纳“{right}”"),
            English => format!("accepted “{right}”"),
        },
        (Verdict::Replace { text }, _) => match language {
            Chinese => format!("改为“{text}”"),
            English => format!("reworded “{text}”"),
        },
        (verdict, _) => verb(verdict, language).to_string(),
    };
    let who = match (decision.reviewer.as_str(), language) {
        ("", Chinese) => "（未具名）",
        ("", English) => "(no name)",
        (name, _) => name,
    };
    match decision.at {
        Some(at) => format!("{who} {what} · {}", at.strftime("%Y-%m-%d %H:%M UTC")),
        None => format!("{who} {what}"),
    }
}

fn verb(verdict: &Verdict, language: Language) -> &'static str {
    match (language, verdict) {
        (Chinese, Verdict::Accept { .. }) => "采纳",
        (Chinese, Verdict::Reject) => "驳回",
        (Chinese, Verdict::Replace { .. }) => "改写",
        (Chinese, Verdict::Query) => "存疑",
        (Chinese, Verdict::Withdraw { .. }) => "撤销",
        (Chinese, Verdict::Applied) => "已改入文件",
        (English, Verdict::Accept { .. }) => "accepted",
        (English, Verdict::Reject) => "rejected",
        (English, Verdict::Replace { .. }) => "reworded",
        (English, Verdict::Query) => "queried",
        (English, Verdict::Withdraw { .. }) => "withdrawn",
        (English, Verdict::Applied) => "applied",
    }
}

pub(super) fn done(verdict: &Verdict, count: usize, language: Language) -> String {
    let verb = verb(verdict, language);
    match (language, count) {
        (Chinese, _) => format!("{verb} {} 处 · u 撤销", grouped(count as u64)),
        (English, 1) => format!("{verb} · u takes it back"),
        (English, _) => format!("{} {verb} · u takes it back", grouped(count as u64)),
    }
}

pub(super) fn undone(count: usize, language: Language) -> String {
    match (language, count) {
        (Chinese, 0) => "没有可撤销的决定".to_string(),
        (English, 0) => "nothing to take back".to_string(),
        (Chinese, _) => format!("撤销 {} 处", grouped(count as u64)),
        (English, 1) => "1 decision taken back".to_string(),
        (English, _) => format!("{} decisions taken back", grouped(count as u64)),
    }
}

pub(super) fn allowed(word: &str, count: usize, language: Language) -> String {
    match language {
        Chinese => format!("“{word}”今后放行，驳回 {count} 处"),
        English => format!("“{word}” is allowed from now on; {count} rejected"),
    }
}

pub(super) fn allow(word: &str, language: Language) -> String {
    match language {
        Chinese => format!("“{word}”今后一律放行，写入本社词表？ y 是  n 否"),
        English => format!("Always allow “{word}” (house table)?  y yes  n no"),
    }
}

pub(super) fn all_done(count: usize, language: Language) -> String {
    match language {
        Chinese => format!("{} 处全部审定 · Q 离开", grouped(count as u64)),
        English => format!("all {} decided · Q leaves", grouped(count as u64)),
    }
}

pub(super) fn none_open(language: Language) -> String {
    match language {
        Chinese => "列表中没有未定的了",
        English => "nothing in the list is undecided",
    }
    .to_string()
}

pub(super) fn only_text(language: Language) -> String {
    match language {
        Chinese => "只有这一个文件",
        English => "there is no other file",
    }
    .to_string()
}

pub(super) fn no_conflict(language: Language) -> String {
    match language {
        Chinese => "这一处没有分歧",
        English => "nobody differs here",
    }
    .to_string()
}

pub(super) fn nothing_to_accept(language: Language) -> String {
    match language {
        Chinese => "此处只提请核对，没有改法：r 驳回，e 改写，q 存疑",
        English => "this one only asks: r rejects, e rewords, q queries",
    }
    .to_string()
}

pub(super) fn no_choice(number: usize, language: Language) -> String {
    match language {
        Chinese => format!("没有第 {number} 个改法"),
        English => format!("there is no choice {number}"),
    }
}

pub(super) fn cannot_reword(language: Language) -> String {
    match language {
        Chinese => "这一处涉及版面，不能改写",
        English => "this one is about layout and cannot be reworded",
    }
    .to_string()
}

pub(super) fn lacks(encoding: &str, character: char, language: Language) -> String {
    match language {
        Chinese => format!("该文件的编码 {encoding} 没有“{character}”字"),
        English => format!("{encoding}, the encoding of the file, has no “{character}”"),
    }
}

pub(super) fn not_found(wanted: &str, language: Language) -> String {
    match language {
        Chinese => format!("列表中没有“{wanted}”"),
        English => format!("“{wanted}” is not in the list"),
    }
}

/// What a filter asks for.
pub(super) fn facet(facet: &Facet, desk: &Desk) -> String {
    let language = desk.language;
    match facet {
        Facet::All => match language {
            Chinese => "全部".to_string(),
            English => "everything".to_string(),
        },
        Facet::Outcome(one) => outcome(*one, language).to_string(),
        Facet::Level(one) => match language {
            Chinese => format!("级别 {}", level(*one, language)),
            English => format!("level {}", level(*one, language)),
        },
        Facet::Rule(id) => rule(id, language),
        Facet::Text(number) => desk.texts[*number].source.name().to_string(),
    }
}

/// A rule by its id and its name.
pub(super) fn rule(id: &str, language: Language) -> String {
    match kanwu::rules::find(id) {
        Some(rule) => format!("{id} {}", rule.name.get(language)),
        None => id.to_string(),
    }
}

/// How far a review is.
pub(super) fn progress(progress: &Progress, language: Language) -> String {
    let (decided, all) = (grouped(progress.decided as u64), grouped(progress.suggestions as u64));
    let differ = match (progress.conflicts, language) {
        (0, _) => String::new(),
        (count, Chinese) => format!(" · 分歧 {count}"),
        (count, English) => format!(" · {count} in conflict"),
    };
    match language {
        Chinese => format!("已审 {decided}/{all}{differ}"),
        English => format!("{decided}/{all} decided{differ}"),
    }
}

/// How many are alike, and how many of these are undecided.
pub(super) fn alike(all: usize, open: usize, language: Language) -> String {
    let (all, open) = (grouped(all as u64), grouped(open as u64));
    match language {
        Chinese => format!("同样的共 {all} 处，未定 {open} 处：A 全部采纳  R 全部驳回"),
        English => format!("{all} alike, {open} undecided: A accepts all, R rejects all"),
    }
}

/// What stands above the decisions that differ.
pub(super) fn differ(language: Language) -> &'static str {
    match language {
        Chinese => "审校意见不一（s 裁定）：",
        English => "Reviewers differ (s settles):",
    }
}

pub(super) fn empty_list(language: Language) -> &'static str {
    match language {
        Chinese => "没有符合筛选的建议（f 更改）",
        English => "the filter lets nothing through (f)",
    }
}

pub(super) fn too_small(width: u16, height: u16, language: Language) -> String {
    match language {
        Chinese => format!("窗口太小：{width}×{height}，至少要 40×12"),
        English => format!("window too small: {width}x{height}, 40x12 needed"),
    }
}

pub(super) fn no_terminal(language: Language) -> &'static str {
    match language {
        Chinese => {
            "标准输出不是终端：请在终端中运行，或用 kanwu review --web，或用 kanwu check --format …"
        }
        English => {
            "standard output is no terminal: run it in one, or use `kanwu review --web` or \
             `kanwu check --format …`"
        }
    }
}

pub(super) fn nothing_found(texts: usize, language: Language) -> String {
    match language {
        Chinese => format!("没有要审的：{texts} 个文件"),
        English => {
            format!("nothing to review in {texts} file{}", if texts == 1 { "" } else { "s" })
        }
    }
}

/// What stands between the place of a piece of evidence and what it says.
pub(super) fn colon(language: Language) -> &'static str {
    match language {
        Chinese => "：",
        English => ": ",
    }
}

/// What is said when a review is left.
pub(super) fn left(progress_now: &Progress, language: Language) -> String {
    let now = progress(progress_now, language);
    match language {
        Chinese => format!("{now}；kanwu apply 按决定改文件，再次运行从未定处继续"),
        English => {
            format!("{now}; kanwu apply carries them out, the same command goes on from here")
        }
    }
}

pub(super) fn title(language: Language) -> &'static str {
    match language {
        Chinese => "勘误",
        English => "kanwu",
    }
}

pub(super) fn help_title(language: Language) -> &'static str {
    match language {
        Chinese => "按键（其他键关闭）",
        English => "Keys (any other key closes)",
    }
}

pub(super) fn filter_title(language: Language) -> &'static str {
    match language {
        Chinese => "只看（输入可缩小范围）",
        English => "Show only (type to narrow down)",
    }
}

/// What stands before what is being typed.
pub(super) fn prompt_edit(settles: bool, language: Language) -> &'static str {
    match (language, settles) {
        (Chinese, false) => "改为：",
        (Chinese, true) => "裁定改为：",
        (English, false) => "Reword: ",
        (English, true) => "Settle as: ",
    }
}

pub(super) fn prompt_search(language: Language) -> &'static str {
    match language {
        Chinese => "查找：",
        English => "Search: ",
    }
}

/// Keys with what they do, for the last line: the most needed first.
pub(super) fn keys(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Chinese => &[
            ("a", "采纳"),
            ("r", "驳回"),
            ("e", "改写"),
            ("q", "存疑"),
            ("u", "撤销"),
            ("?", "帮助"),
            ("Q", "离开"),
            ("1-9", "选改法"),
            ("Tab", "下一未定"),
            ("i", "放行"),
            ("f", "筛选"),
            ("/", "查找"),
        ],
        English => &[
            ("a", "accept"),
            ("r", "reject"),
            ("e", "edit"),
            ("u", "undo"),
            ("?", "help"),
            ("Q", "leave"),
            ("q", "query"),
            ("1-9", "choice"),
            ("Tab", "next"),
            ("i", "allow"),
            ("f", "filter"),
            ("/", "search"),
        ],
    }
}

/// The same while a conflict is being settled.
pub(super) fn settle_keys(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Chinese => &[
            ("", "裁定："),
            ("a 1-9", "采纳"),
            ("r", "驳回"),
            ("e", "改写"),
            ("q", "存疑"),
            ("Esc", "不裁"),
        ],
        English => &[
            ("", "Settle:"),
            ("a 1-9", "accept"),
            ("r", "reject"),
            ("e", "edit"),
            ("q", "query"),
            ("Esc", "not now"),
        ],
    }
}

/// All keys.
pub(super) fn help(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Chinese => &[
            ("a", "采纳当前显示的改法"),
            ("1-9", "采纳第几个改法"),
            ("← →", "看其他改法"),
            ("r", "驳回，原文不动"),
            ("e", "用自己的话改写"),
            ("q", "存疑，待问作者或编辑部"),
            ("A  R", "同样的错改全部采纳、驳回"),
            ("i", "今后一律放行这个词（写入词表）"),
            ("u", "撤销上一次决定"),
            ("s", "裁定审校之间的分歧"),
            ("j k ↓ ↑", "下一处、上一处"),
            ("PgDn PgUp", "下一页、上一页"),
            ("Home End", "第一处、最后一处"),
            ("Tab", "下一处未定的"),
            ("g", "下一个文件"),
            ("/  n  N", "查找，下一个，上一个"),
            ("f", "按状态、级别、规则、文件筛选"),
            ("J K", "上下滚动原文"),
            ("Q  Ctrl-C", "离开；决定随时已存盘"),
        ],
        English => &[
            ("a", "accept the choice shown"),
            ("1-9", "accept that choice"),
            ("← →", "look at the other choices"),
            ("r", "reject: the text stays"),
            ("e", "reword it yourself"),
            ("q", "query: ask the author"),
            ("A  R", "accept, reject all of this wrong and right"),
            ("i", "always allow this word (house table)"),
            ("u", "undo what you decided last"),
            ("s", "settle what reviewers differ on"),
            ("j k ↓ ↑", "next, previous"),
            ("PgDn PgUp", "a page down, up"),
            ("Home End", "first, last"),
            ("Tab", "next undecided"),
            ("g", "next file"),
            ("/  n  N", "search, next match, match before"),
            ("f", "filter by state, level, rule, file"),
            ("J K", "scroll the text"),
            ("Q  Ctrl-C", "leave; all is on the disk"),
        ],
    }
}
