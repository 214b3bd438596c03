//! Everything kanwu itself says in its output, in both languages. What a rule says stands in the
//! rule.

use crate::finding::{Language, Level};

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

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
