//! What the language server itself says, in both languages.

use kanwu::Language;
use kanwu::Language::{Chinese, English};
use kanwu::emit::words;

/// The title of a correction. Texts stand unquoted: many are about quotation marks.
pub(super) fn change(wrong: &str, right: &str, language: Language) -> String {
    match (language, wrong.is_empty(), right.is_empty()) {
        (Chinese, _, true) => format!("删去：{wrong}"),
        (English, _, true) => format!("Delete: {wrong}"),
        (Chinese, true, _) => format!("补上：{right}"),
        (English, true, _) => format!("Insert: {right}"),
        _ => format!("{wrong} → {right}"),
    }
}

/// The title of a rejection.
pub(super) fn reject(wrong: &str, language: Language) -> String {
    match language {
        Chinese => format!("此处无误，不再提示：{wrong}"),
        English => format!("Right here, reject the suggestion: {wrong}"),
    }
}

/// The title of a word's entry in a table.
pub(super) fn allow(word: &str, table: &str, language: Language) -> String {
    match language {
        Chinese => format!("一律不改：{word}（写入 {table}）"),
        English => format!("Always allow: {word} (a line in {table})"),
    }
}

/// The title of everything certain.
pub(super) fn fix_all(language: Language) -> &'static str {
    match language {
        Chinese => "改正全部有把握之处",
        English => "Fix all that is certain",
    }
}

/// What was written into a table.
pub(super) fn allowed(line: &str, table: &str, language: Language) -> String {
    match language {
        Chinese => format!("已写入 {table}：{line}"),
        English => format!("{line} is now in {table}"),
    }
}

/// A suggestion that is no longer there.
pub(super) fn gone(language: Language) -> &'static str {
    match language {
        Chinese => "这条建议已不在文中，请再看一遍",
        English => "the suggestion is not in the text any more; please look again",
    }
}

/// A command for a text that is not open.
pub(super) fn not_open(language: Language) -> &'static str {
    match language {
        Chinese => "文件未打开",
        English => "the text is not open",
    }
}

/// An editor that makes no edits it is asked to.
pub(super) fn no_edits(language: Language) -> &'static str {
    match language {
        Chinese => "编辑器不支持由语言服务器改动文本",
        English => "the editor makes no edits that a language server asks for",
    }
}

/// A mistake in kanwu that a text brought to light.
pub(super) fn panicked(name: &str, problem: &str, language: Language) -> String {
    match language {
        Chinese => format!("kanwu 出错，未能检查 {name}：{problem}"),
        English => format!("a mistake in kanwu: {name} could not be checked: {problem}"),
    }
}

/// Keys of the editor's settings that mean nothing.
pub(super) fn unknown_keys(keys: &[String], language: Language) -> String {
    let keys = keys.join(", ");
    match language {
        Chinese => format!("kanwu：设置中有不认识的键：{keys}"),
        English => format!("kanwu: unknown keys in the settings: {keys}"),
    }
}

/// Settings that cannot be used.
pub(super) fn bad_settings(problem: &str, language: Language) -> String {
    match language {
        Chinese => format!("kanwu：编辑器中的设置有误，暂用原设置：{problem}"),
        English => format!("kanwu: the editor's settings cannot be used: {problem}"),
    }
}

/// The confidence of a suggestion. 99.6 % must not be shown as certainty.
pub(super) fn confidence(confidence: f64) -> String {
    format!("{}%", (confidence * 100.0).floor() as usize)
}

/// A piece of evidence in the text.
pub(super) fn evidence(line: usize, message: &str, language: Language) -> String {
    match language {
        Chinese => format!("{}：{message}", words::at_line(line, language)),
        English => format!("{}: {message}", words::at_line(line, language)),
    }
}
