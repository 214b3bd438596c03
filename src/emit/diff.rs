//! A unified diff that `patch -p1` and `git apply` accept.

use std::io::{self, Write};
use std::path::{Component, Path};

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices, group_diff_ops};

use super::Palette;

/// Unchanged lines shown around a change.
const CONTEXT_LINES: usize = 3;

/// Writes what turns `old` into `new`, both texts of the file at `path`; nothing when they are
/// equal.
///
/// Lines end at `\n` only, as they do for `patch` and git: a `\r` is part of its line. With a
/// palette that paints, changed characters stand out; such output is for the eye only.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_diff(
    path: &Path,
    old: &str,
    new: &str,
    palette: &Palette,
    out: &mut dyn Write,
) -> io::Result<()> {
    if old == new {
        return Ok(());
    }
    let texts = Texts { old: lines(old), new: lines(new) };
    writeln!(out, "{}", palette.place.over(&format!("--- {}", side("a", path))))?;
    writeln!(out, "{}", palette.place.over(&format!("+++ {}", side("b", path))))?;
    let operations = capture_diff_slices(Algorithm::Myers, &texts.old, &texts.new);
    for hunk in group_diff_ops(operations, CONTEXT_LINES) {
        texts.write_hunk(&hunk, palette, out)?;
    }
    Ok(())
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The lines of both sides, each with its terminator.
struct Texts<'a> {
    old: Vec<&'a str>,
    new: Vec<&'a str>,
}

impl Texts<'_> {
    fn write_hunk(
        &self,
        hunk: &[DiffOp],
        palette: &Palette,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return Ok(()) };
        let old = range(first.old_range().start, last.old_range().end);
        let new = range(first.new_range().start, last.new_range().end);
        writeln!(out, "{}", palette.faint.over(&format!("@@ -{old} +{new} @@")))?;
        for operation in hunk {
            let (old, new) = (operation.old_range(), operation.new_range());
            if let DiffOp::Equal { .. } = operation {
                for line in &self.old[old] {
                    write_line(" ", line, line, out)?;
                }
                continue;
            }
            let painted = paint(&self.old[old.clone()], &self.new[new.clone()], palette);
            for (line, shown) in self.old[old].iter().zip(&painted.0) {
                write_line(&palette.wrong.over("-"), line, shown, out)?;
            }
            for (line, shown) in self.new[new].iter().zip(&painted.1) {
                write_line(&palette.right.over("+"), line, shown, out)?;
            }
        }
        Ok(())
    }
}

/// A range of lines in a hunk header: `first,count`. An empty range names the line before it.
fn range(start: usize, end: usize) -> String {
    match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    }
}

/// Writes `shown`, a line that stands for `line`, with the note a missing last line end needs.
fn write_line(sign: &str, line: &str, shown: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{sign}{shown}")?;
    if !line.ends_with('\n') {
        writeln!(out, "\n\\ No newline at end of file")?;
    }
    Ok(())
}

/// The deleted and the added lines with their changed characters painted.
fn paint(old: &[&str], new: &[&str], palette: &Palette) -> (Vec<String>, Vec<String>) {
    if *palette == Palette::default() {
        let own = |lines: &[&str]| lines.iter().map(|line| line.to_string()).collect();
        return (own(old), own(new));
    }
    let (old, new) = (old.concat(), new.concat());
    let (mut left, mut right) = (String::new(), String::new());
    for change in TextDiff::from_chars(old.as_str(), new.as_str()).iter_all_changes() {
        let text = change.value();
        // A paint must not reach over a line end: each line is printed with its own sign.
        let over = |paint: &super::palette::Paint| match text {
            "\n" | "\r" => text.to_string(),
            _ => paint.over(text),
        };
        match change.tag() {
            ChangeTag::Equal => {
                left.push_str(&over(&palette.wrong));
                right.push_str(&over(&palette.right));
            }
            ChangeTag::Delete => left.push_str(&over(&palette.wrong_characters)),
            ChangeTag::Insert => right.push_str(&over(&palette.right_characters)),
        }
    }
    let own = |text: &str| lines(text).into_iter().map(str::to_string).collect();
    (own(&left), own(&right))
}

/// The name of one side, as git writes it.
fn side(prefix: &str, path: &Path) -> String {
    let mut name = prefix.to_string();
    for component in path.components() {
        match component {
            Component::RootDir | Component::Prefix(_) | Component::CurDir => {}
            other => {
                name.push('/');
                name.push_str(&other.as_os_str().to_string_lossy());
            }
        }
    }
    quote(&name)
}

/// Quotes a name as git does: octal escapes inside quotes for what is not printable ASCII, and a
/// closing TAB that keeps `patch` from cutting a name at its first space.
fn quote(name: &str) -> String {
    if name.bytes().all(|byte| (b' '..0x7f).contains(&byte) && byte != b'"' && byte != b'\\') {
        return name.to_string() + if name.contains(' ') { "\t" } else { "" };
    }
    let mut quoted = String::from("\"");
    for byte in name.bytes() {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', byte as char]),
            b'\n' => quoted.push_str("\\n"),
            b'\t' => quoted.push_str("\\t"),
            b' '..0x7f => quoted.push(byte as char),
            _ => quoted.push_str(&format!("\\{byte:03o}")),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &str, new: &str) -> String {
        let mut out = Vec::new();
        write_diff(Path::new("a.txt"), old, new, &Palette::default(), &mut out)
            .expect("a Vec takes everything");
        String::from_utf8(out).expect("a diff of UTF-8 is UTF-8")
    }

    #[test]
    fn equal_texts_have_no_diff() {
        assert_eq!(diff("一\n", "一\n"), "");
    }

    #[test]
    fn a_join_deletes_lines() {
        assert_eq!(
            diff("有效协\r\n\r\n同的\r\n", "有效协同的\r\n"),
            "--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1 @@\n-有效协\r\n-\r\n-同的\r\n+有效协同的\r\n"
        );
    }

    #[test]
    fn a_missing_last_line_end_is_noted() {
        assert_eq!(
            diff("一\n二", "一\n三"),
            "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n 一\n-二\n\\ No newline at end of file\n\
             +三\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn names_are_written_as_git_writes_them() {
        assert_eq!(side("a", Path::new("./x/y.txt")), "a/x/y.txt");
        assert_eq!(side("a", Path::new("/x y.txt")), "a/x y.txt\t");
        assert_eq!(side("b", Path::new("文 1.txt")), "\"b/\\346\\226\\207 1.txt\"");
    }
}
