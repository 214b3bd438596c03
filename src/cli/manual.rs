//! `kanwu rules` and `kanwu explain`: the manual of the rules, from the rules themselves.

use std::io::{self, Write};

use super::Exit;
use super::args::{ExplainArgs, RulesArgs, check_rule_name};
use super::console::Console;
use kanwu::emit::words;
use kanwu::rules::{self, Rule};
use kanwu::{Error, Language, Level, Result};
use unicode_width::UnicodeWidthStr;

/// Lists the rules, or those of a family.
pub(crate) fn list(args: &RulesArgs, console: &mut Console) -> Result<Exit> {
    if let Some(name) = &args.id {
        check_rule_name(name)?;
    }
    let named = |rule: &&Rule| match &args.id {
        Some(name) => {
            name.eq_ignore_ascii_case(rule.id) || name.eq_ignore_ascii_case(rule.family())
        }
        None => true,
    };
    let rules: Vec<&Rule> = rules::all().into_iter().filter(named).collect();
    if args.markdown {
        console.print(|out| write_markdown(&rules, out))?;
        return Ok(Exit::Done);
    }
    let (language, palette) = (console.language, console.palette.clone());
    let widest = rules.iter().map(|rule| rule.name.get(language).width()).max().unwrap_or(0);
    console.print(|out| {
        for rule in rules {
            let name = rule.name.get(language);
            let pad = " ".repeat(widest - name.width());
            let level = words::level(rule.level, language);
            let gap = " ".repeat(6usize.saturating_sub(level.width()));
            let (id, summary) = (palette.rule.over(rule.id), rule.summary.get(language));
            writeln!(out, "{id}  {name}{pad}  {level}{gap}  {summary}")?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

/// Prints the manual page of one rule.
pub(crate) fn explain(args: &ExplainArgs, console: &mut Console) -> Result<Exit> {
    let Some(rule) = rules::find(&args.id) else {
        check_rule_name(&args.id)?;
        let id = &args.id;
        return Err(Error::Usage(format!("{id} is a family; `kanwu rules {id}` lists its rules")));
    };
    let (language, palette) = (console.language, console.palette.clone());
    let headings = words::manual(language);
    console.print(|out| {
        let title = format!("{} {}", rule.id, rule.name.get(language));
        writeln!(out, "{}\n\n{}", palette.place.over(&title), rule.summary.get(language))?;
        writeln!(out, "\n{}\n  {}", palette.rule.over(headings.why), rule.why.get(language))?;
        if let Some(standard) = rule.standard {
            writeln!(out, "\n{}\n  {standard}", palette.rule.over(headings.standard))?;
        }
        let level = words::level(rule.level, language);
        writeln!(out, "\n{}\n  {level}", palette.rule.over(headings.level))?;
        writeln!(out, "\n{}", palette.rule.over(headings.examples))?;
        for (wrong, right) in rule.examples {
            write_example(wrong, right, language, out)?;
        }
        writeln!(out, "\n{}", palette.rule.over(headings.silent_on))?;
        for text in rule.silent_on {
            writeln!(out, "  {}", one_line(text))?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

/// An example of two sides; of a rule that only asks the one side there is.
fn write_example(
    wrong: &str,
    right: &str,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    if wrong == right {
        return writeln!(out, "  {} ? {}", one_line(wrong), words::asks(language));
    }
    writeln!(out, "  {}\n  → {}", one_line(wrong), one_line(right))
}

/// An example on one line: line breaks, which matter to structure rules, are made visible.
fn one_line(text: &str) -> String {
    kanwu::emit::frame::visible(text)
}

/// Writes `docs/rules.md`, in both languages.
fn write_markdown(rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# 规则 Rules\n")?;
    writeln!(out, "Printed by `kanwu rules --markdown`; a test keeps this file equal to it.\n")?;
    writeln!(out, "| | 规则 | Rule | 最高级别 Highest level |\n|---|---|---|---|")?;
    for rule in rules {
        let (id, anchor, level) = (rule.id, rule.id.to_lowercase(), rule.level.name());
        writeln!(out, "| [{id}](#{anchor}) | {} | {} | {level} |", rule.name.zh, rule.name.en)?;
    }
    for rule in rules {
        write_section(rule, out)?;
    }
    Ok(())
}

fn write_section(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    let Rule { id, name, summary, why, .. } = rule;
    writeln!(out, "\n<a id=\"{}\"></a>", id.to_lowercase())?;
    writeln!(out, "## {id} {} {}\n", name.zh, name.en)?;
    writeln!(out, "{}{}\n", sentence(summary.zh, "。"), sentence(why.zh, "。"))?;
    writeln!(out, "{} {}\n", sentence(summary.en, "."), sentence(why.en, "."))?;
    if let Some(standard) = rule.standard {
        writeln!(out, "依据 Standard: {standard}\n")?;
    }
    let (zh, en) = (words::level(rule.level, Language::Chinese), level_name(rule.level));
    writeln!(out, "最高级别 Highest level: {zh} {en}\n")?;
    writeln!(out, "```text")?;
    for (wrong, right) in rule.examples {
        match wrong == right {
            true => writeln!(out, "? {}", one_line(wrong))?,
            false => writeln!(out, "- {}\n+ {}", one_line(wrong), one_line(right))?,
        }
    }
    for text in rule.silent_on {
        writeln!(out, "= {}", one_line(text))?;
    }
    writeln!(out, "```")
}

/// `text` with a full stop, where it is to be followed by another sentence.
fn sentence(text: &str, stop: &str) -> String {
    if text.ends_with(stop) { text.to_string() } else { format!("{text}{stop}") }
}

fn level_name(level: Level) -> &'static str {
    words::level(level, Language::English)
}
