//! What can be done about a suggestion in the editor.

use std::collections::HashMap;
use std::path::PathBuf;

use gen_lsp_types::{
    CodeAction, CodeActionKind, CodeActionParams, CodeActionResponse, Command, DocumentChange,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    WorkspaceEdit,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::check::{Checked, Replacement};
use super::client::Client;
use super::show::diagnostic;
use super::words;
use kanwu::analyze::tokenize;
use kanwu::emit::frame::shown;
use kanwu::{Span, Suggestion};

/// Commands the editor may have carried out.
pub(super) const COMMANDS: [&str; 4] = [REJECT, ALLOW, FIX_ALL, CHECK];

/// Rejects a suggestion.
pub(super) const REJECT: &str = "kanwu.reject";
/// Puts a word into a table of the house.
pub(super) const ALLOW: &str = "kanwu.allow";
/// Puts right what is certain.
pub(super) const FIX_ALL: &str = "kanwu.fixAll";
/// Reads all settings again and checks all open texts.
pub(super) const CHECK: &str = "kanwu.check";

/// Suggestions about which something is offered at a time; more nobody reads in a menu.
const MOST: usize = 50;

/// The longest word that is offered for a table, in characters.
const LONGEST_WORD: usize = 16;

/// What [`REJECT`] is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Rejection {
    pub(super) uri: String,
    pub(super) id: String,
}

/// What [`ALLOW`] is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) word: String,
    /// The table, which need not be there yet.
    pub(super) table: PathBuf,
}

/// What [`FIX_ALL`] is told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Whole {
    pub(super) uri: String,
}

/// The kind of everything certain at once.
pub(super) fn fix_all_kind() -> CodeActionKind {
    CodeActionKind::new("source.fixAll.kanwu")
}

/// What can be done about the suggestions in a range.
pub(super) fn actions(
    checked: &Checked,
    client: &Client,
    params: &CodeActionParams,
) -> Vec<CodeActionResponse> {
    let only = params.context.only.as_deref();
    let mut actions = Vec::new();
    if is_wanted(&CodeActionKind::QuickFix, only) {
        let span = checked.ruler.span(&checked.text, params.range);
        let mut suggestions: Vec<&Suggestion> = checked.around(span).collect();
        // A join lies over all between its lines: what concerns the place itself comes first.
        suggestions.sort_by_key(|suggestion| suggestion.finding.span.len());
        for suggestion in suggestions.into_iter().take(MOST) {
            actions.extend(corrections(checked, client, suggestion));
            actions.push(rejection(checked, client, suggestion));
            actions.extend(entries(checked, client, suggestion, span));
        }
    }
    if is_wanted(&fix_all_kind(), only) {
        let replacements = checked.certain();
        if !replacements.is_empty() {
            actions.push(CodeAction {
                kind: Some(fix_all_kind()),
                edit: Some(edit(checked, client, replacements)),
                command: Some(command(FIX_ALL, "", &Whole { uri: checked.uri.0.clone() })),
                ..titled(words::fix_all(checked.setup.language))
            });
        }
    }
    actions.into_iter().map(|action| as_understood(action, client)).collect()
}

/// True for a kind that is asked for, by its name or that of a more general one.
fn is_wanted(kind: &CodeActionKind, only: Option<&[CodeActionKind]>) -> bool {
    let kind = String::from(kind.clone());
    let covers = |asked: &CodeActionKind| {
        let asked = String::from(asked.clone());
        let rest = kind.strip_prefix(asked.as_str());
        asked.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    only.is_none_or(|only| only.iter().any(covers))
}

/// An action with both an edit and a command is done by its edit; an editor that knows commands only
/// is given the command, and nothing where there is none.
fn as_understood(action: CodeAction, client: &Client) -> CodeActionResponse {
    let title = action.title.clone();
    match (client.actions, action.edit.is_some(), action.command) {
        (false, _, Some(command)) => Command { title, ..command }.into(),
        (true, true, _) => CodeAction { command: None, ..action }.into(),
        (_, _, command) => {
            let command = command.map(|command| Command { title, ..command });
            CodeAction { command, ..action }.into()
        }
    }
}

/// A correction for each choice.
fn corrections(checked: &Checked, client: &Client, suggestion: &Suggestion) -> Vec<CodeAction> {
    let finding = &suggestion.finding;
    let language = checked.setup.language;
    let clear = suggestion.clear_choice(checked.pipeline.config().margin).is_some();
    let of_choices = finding.choices.iter().enumerate().filter_map(|(number, choice)| {
        let replacements = checked.replacements(&choice.edits);
        if replacements.is_empty() {
            return None;
        }
        // An empty text is told by the title.
        let text = |text: &str| match text {
            "" => String::new(),
            text => shown(text, language),
        };
        Some(CodeAction {
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic(checked, client, suggestion)]),
            is_preferred: (clear && number == 0).then_some(true),
            edit: Some(edit(checked, client, replacements)),
            ..titled(&words::change(&text(&finding.wrong), &text(&choice.right), language))
        })
    });
    of_choices.collect()
}

/// The command that rejects a suggestion.
fn rejection(checked: &Checked, client: &Client, suggestion: &Suggestion) -> CodeAction {
    let language = checked.setup.language;
    let told = Rejection { uri: checked.uri.0.clone(), id: suggestion.id.clone() };
    CodeAction {
        kind: Some(CodeActionKind::QuickFix),
        diagnostics: Some(vec![diagnostic(checked, client, suggestion)]),
        command: Some(command(REJECT, "", &told)),
        ..titled(&words::reject(&shown(&suggestion.finding.wrong, language), language))
    }
}

/// Commands that put the word of a suggestion into a table: that of the house, or that of the text
/// itself.
fn entries(
    checked: &Checked,
    client: &Client,
    suggestion: &Suggestion,
    selected: Span,
) -> Vec<CodeAction> {
    // What is right by a table still stands in a line that is joined, and in a layout file the
    // words are those of the plain text.
    if suggestion.finding.rule.family() == "S" {
        return Vec::new();
    }
    let Some(word) = word(checked, suggestion, selected) else { return Vec::new() };
    let language = checked.setup.language;
    let own = checked.path.as_ref().map(|path| {
        let mut name = path.as_os_str().to_os_string();
        name.push(".kanwu");
        PathBuf::from(name)
    });
    let tables = [checked.table.clone()].into_iter().chain(own);
    let entry = |table: PathBuf| {
        let name = table.strip_prefix(&checked.folder).unwrap_or(&table).display().to_string();
        let title = words::allow(&word, &name, language);
        CodeAction {
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![diagnostic(checked, client, suggestion)]),
            command: Some(command(ALLOW, "", &Entry { word: word.clone(), table })),
            ..titled(&title)
        }
    };
    tables.map(entry).collect()
}

/// The word a suggestion is about: what is selected, if that holds the wrong text, else the wrong
/// text with the words it stands in. A single character would be right everywhere and takes the
/// words beside it along.
fn word(checked: &Checked, suggestion: &Suggestion, selected: Span) -> Option<String> {
    let text = checked.source.text();
    let wrong = suggestion.finding.span;
    let line = checked.source.lines().get(checked.source.line_at(wrong.start))?.span;
    let span = if selected.len() > wrong.len()
        && selected.contains(wrong)
        && checked.source.layout().is_none()
    {
        selected
    } else {
        with_its_words(checked, line, wrong)?
    };
    let word = span.of(text);
    let characters = word.chars().count();
    let fits = line.contains(span)
        && (2..=LONGEST_WORD).contains(&characters)
        && word.trim() == word
        && !word.contains(['=', '＝', '#'])
        && !word.starts_with(['!', '！']);
    fits.then(|| word.to_string())
}

/// A span of a line with the words it touches.
fn with_its_words(checked: &Checked, line: Span, wrong: Span) -> Option<Span> {
    if !line.contains(wrong) {
        return None;
    }
    let text = line.of(checked.source.text());
    let tokens = tokenize(text, checked.pipeline.lexicon());
    let (start, end) = (wrong.start - line.start, wrong.end - line.start);
    let first = tokens.iter().position(|token| token.range.end > start)?;
    let last = tokens.iter().rposition(|token| token.range.start < end).unwrap_or(first);
    let last = last.max(first);
    let whole = |first: usize, last: usize| {
        let (start, end) = (tokens[first].range.start, tokens[last].range.end);
        Span::new(line.start + start, line.start + end)
    };
    let span = whole(first, last);
    if span.of(checked.source.text()).chars().nth(1).is_some() {
        return Some(span);
    }
    let is_word =
        |index: &usize| text[tokens[*index].range.clone()].chars().all(char::is_alphanumeric);
    let before = first.checked_sub(1).filter(is_word).unwrap_or(first);
    let after = Some(last + 1).filter(|next| *next < tokens.len()).filter(is_word).unwrap_or(last);
    Some(whole(before, after))
}

/// Replacements in the text that was checked, for that version of it where the editor knows
/// versions.
pub(super) fn edit(
    checked: &Checked,
    client: &Client,
    replacements: Vec<Replacement>,
) -> WorkspaceEdit {
    let edits = replacements.into_iter().map(|(span, new_text)| TextEdit {
        range: checked.ruler.range(&checked.text, span),
        new_text,
    });
    if !client.versioned_edits {
        let changes = HashMap::from([(checked.uri.clone(), edits.collect())]);
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let text_document = OptionalVersionedTextDocumentIdentifier {
        version: Some(checked.version),
        text_document_identifier: TextDocumentIdentifier { uri: checked.uri.clone() },
    };
    let edits = edits.map(gen_lsp_types::Edit::from).collect();
    let change = DocumentChange::from(TextDocumentEdit { text_document, edits });
    WorkspaceEdit { document_changes: Some(vec![change]), ..WorkspaceEdit::default() }
}

fn command(name: &str, title: &str, told: &impl Serialize) -> Command {
    Command {
        title: title.to_string(),
        tooltip: None,
        command: name.to_string(),
        arguments: Some(vec![json!(told)]),
    }
}

fn titled(title: &str) -> CodeAction {
    CodeAction { title: title.to_string(), ..CodeAction::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_general_kind_asks_for_the_particular() {
        let asked = |names: &[&'static str]| {
            let only: Vec<_> = names.iter().map(|name| CodeActionKind::new(name)).collect();
            is_wanted(&fix_all_kind(), Some(&only))
        };
        assert!(asked(&["source"]) && asked(&["quickfix", "source.fixAll"]) && asked(&[""]));
        assert!(asked(&["source.fixAll.kanwu"]));
        assert!(!asked(&["source.fix"]) && !asked(&["source.fixAll.kanwu.x"]) && !asked(&[]));
        assert!(is_wanted(&CodeActionKind::QuickFix, None));
    }
}
