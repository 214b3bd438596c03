//! What the editor can do, and what it is told kanwu can.

use std::path::PathBuf;

use gen_lsp_types::{
    ChangeNotifications, CodeActionKind, CodeActionOptions, DiagnosticOptions,
    ExecuteCommandOptions, InitializeParams, InitializeResult, MarkupKind, SaveOptions,
    ServerCapabilities, ServerInfo, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkspaceFolders, WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};

use super::actions::{COMMANDS, fix_all_kind};
use super::place::path_of;
use super::ruler::Columns;
use kanwu::Language;

/// An editor.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) columns: Columns,
    /// The language it speaks, where it says so.
    pub(super) language: Option<Language>,
    /// Its folders.
    pub(super) folders: Vec<PathBuf>,
    /// Edits may name the version of the text they are for.
    pub(super) versioned_edits: bool,
    /// Diagnostics may name theirs.
    pub(super) versioned_diagnostics: bool,
    /// Diagnostics may point at other places.
    pub(super) related: bool,
    /// Actions may be more than commands.
    pub(super) actions: bool,
    /// It makes edits it is asked to.
    pub(super) applies: bool,
    /// It asks for diagnostics.
    pub(super) pulls: bool,
    /// It can be asked to ask again.
    pub(super) refreshes: bool,
    /// It shows Markdown.
    pub(super) markdown: bool,
    /// It can be asked for settings.
    pub(super) configuration: bool,
    /// It can be asked to tell of changed settings.
    pub(super) tells_settings: bool,
    /// It can be asked to watch files.
    pub(super) watches: bool,
}

impl Client {
    /// The editor that sent `params`.
    pub(super) fn of(params: &InitializeParams) -> Self {
        let general = params.capabilities.general.as_ref();
        let workspace = params.capabilities.workspace.as_ref();
        let text = params.capabilities.text_document.as_ref();
        let offered = general.and_then(|general| general.position_encodings.clone());
        let publish = text.and_then(|text| text.publish_diagnostics.as_ref());
        let yes = |said: Option<bool>| said == Some(true);
        Self {
            columns: Columns::of(&offered.unwrap_or_default()),
            language: params.locale.as_deref().map(language),
            folders: folders(params),
            versioned_edits: yes(
                workspace.and_then(|workspace| workspace.workspace_edit.as_ref()?.document_changes)
            ),
            versioned_diagnostics: yes(publish.and_then(|publish| publish.version_support)),
            related: yes(
                publish.and_then(|publish| publish.diagnostics_capabilities.related_information)
            ),
            actions: text
                .and_then(|text| text.code_action.as_ref()?.code_action_literal_support.as_ref())
                .is_some(),
            applies: yes(workspace.and_then(|workspace| workspace.apply_edit)),
            pulls: text.and_then(|text| text.diagnostic.as_ref()).is_some(),
            refreshes: yes(
                workspace.and_then(|workspace| workspace.diagnostics.as_ref()?.refresh_support)
            ),
            markdown: text
                .and_then(|text| text.hover.as_ref()?.content_format.as_ref())
                .is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            configuration: yes(workspace.and_then(|workspace| workspace.configuration)),
            tells_settings: yes(workspace.and_then(|workspace| {
                workspace.did_change_configuration.as_ref()?.dynamic_registration
            })),
            watches: yes(workspace.and_then(|workspace| {
                workspace.did_change_watched_files.as_ref()?.dynamic_registration
            })),
        }
    }

    /// What the editor is told. Whether it is to ask for diagnostics is settled once.
    pub(super) fn answer(&self, pull: bool) -> InitializeResult {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::Incremental),
            save: Some(SaveOptions { include_text: Some(false) }.into()),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QuickFix, fix_all_kind()]),
            ..CodeActionOptions::default()
        };
        let commands = ExecuteCommandOptions {
            commands: COMMANDS.map(str::to_string).to_vec(),
            ..ExecuteCommandOptions::default()
        };
        let folders = WorkspaceFoldersServerCapabilities {
            supported: Some(true),
            change_notifications: Some(ChangeNotifications::Bool(true)),
        };
        let diagnostics = DiagnosticOptions {
            identifier: Some("kanwu".to_string()),
            ..DiagnosticOptions::default()
        };
        let capabilities = ServerCapabilities {
            position_encoding: Some(self.columns.kind()),
            text_document_sync: Some(sync.into()),
            hover_provider: Some(true.into()),
            code_action_provider: Some(if self.actions { actions.into() } else { true.into() }),
            execute_command_provider: Some(commands),
            diagnostic_provider: pull.then(|| diagnostics.into()),
            workspace: Some(WorkspaceOptions {
                workspace_folders: Some(folders),
                ..WorkspaceOptions::default()
            }),
            ..ServerCapabilities::default()
        };
        let server_info = ServerInfo {
            name: "kanwu".to_string(),
            version: Some(env!("CARGO_PKG_VERSION").to_string()),
        };
        InitializeResult { capabilities, server_info: Some(server_info) }
    }
}

/// The language of a locale, as `zh-cn`.
fn language(locale: &str) -> Language {
    match locale.get(..2) {
        Some(zh) if zh.eq_ignore_ascii_case("zh") => Language::Chinese,
        _ => Language::English,
    }
}

/// The folders that are open; an old editor names one.
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => {
            folders.iter().filter_map(|folder| path_of(&folder.uri)).collect()
        }
        _ => {
            #[expect(deprecated, reason = "what editors sent before there were several folders")]
            let root = params.root_uri.as_ref();
            root.and_then(path_of).into_iter().collect()
        }
    }
}
