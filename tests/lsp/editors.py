"""kanwu lsp, driven by a client library with what real editors say they can do.

Every message of the server is read by the types of the protocol, and checked against what the editor
said: a breach of the specification is an error.

    python editors.py PATH/TO/kanwu SAMPLES
"""

import ast
import asyncio
import pathlib
import sys
import tempfile
import warnings

from lsprotocol import types
from pytest_lsp import (
    LanguageClient,
    LspSpecificationWarning,
    client_capabilities,
    make_test_lsp_client,
)

EDITORS = ["visual-studio-code", "neovim@v0.11.0", "neovim@v0.8.0", "emacs"]

SLIPS = {"C104": "幼", "C103": "以以", "P101": "靠磨破嘴皮、踏破门槛”"}


class Window:
    """A text as an editor holds it, and changes that are made in it."""

    def __init__(self, text: str, encoding: str):
        self.text = text
        self.encoding = encoding

    def byte(self, position: types.Position) -> int:
        """The character of the text at a position."""
        line = self.text.split("\n")[position.line]
        start = sum(len(line) + 1 for line in self.text.split("\n")[: position.line])
        if self.encoding == "utf-32":
            return start + position.character
        encoding = "utf-16-le" if self.encoding == "utf-16" else "utf-8"
        unit = 2 if self.encoding == "utf-16" else 1
        return start + len(line.encode(encoding)[: position.character * unit].decode(encoding))

    def at(self, place: types.Range) -> str:
        return self.text[self.byte(place.start) : self.byte(place.end)]

    def edit(self, edits: list[types.TextEdit]) -> None:
        spans = [(self.byte(e.range.start), self.byte(e.range.end), e.new_text) for e in edits]
        for start, end, new in sorted(spans, reverse=True):
            self.text = self.text[:start] + new + self.text[end:]


def command_of(action) -> dict | None:
    """The command of an action. The library takes an action that has one, and no edit, for a bare
    command and makes a string of it."""
    if not action.command:
        return None
    if isinstance(action.command, str) and action.command.startswith("{"):
        return ast.literal_eval(action.command)
    if isinstance(action, types.Command):
        return {"command": action.command, "arguments": action.arguments}
    return {"command": action.command.command, "arguments": action.command.arguments}


async def marks(client: LanguageClient, uri: str) -> list[types.Diagnostic]:
    await asyncio.wait_for(
        client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS), timeout=120
    )
    return list(client.diagnostics[uri])


async def actions(client, uri, place) -> list[types.CodeAction]:
    params = types.CodeActionParams(
        text_document=types.TextDocumentIdentifier(uri=uri),
        range=place,
        context=types.CodeActionContext(diagnostics=[]),
    )
    return list(await client.text_document_code_action_async(params) or [])


def edits_of(action: types.CodeAction, uri: str) -> list[types.TextEdit]:
    if action.edit.document_changes:
        return list(action.edit.document_changes[0].edits)
    return list(action.edit.changes[uri])


async def proofread(kanwu: str, samples: pathlib.Path, editor: str) -> None:
    page = (samples / "tianjin_daily.txt").read_text(encoding="utf-8")
    client: LanguageClient = make_test_lsp_client()
    registered = []
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: registered.append(params))
    with tempfile.TemporaryDirectory() as desk:
        folder = pathlib.Path(desk).resolve()
        file = folder / "要闻 一版.txt"
        file.write_text(page, encoding="utf-8")
        await client.start_io(kanwu, "lsp", "--no-general", cwd=desk)
        result = await client.initialize_session(
            types.InitializeParams(
                capabilities=client_capabilities(editor),
                root_uri=folder.as_uri(),
                locale="zh-cn",
                workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="desk")],
            )
        )
        encoding = str(result.capabilities.position_encoding or "utf-16")
        window = Window(page, encoding.split(".")[-1] if "." in encoding else encoding)
        uri = file.as_uri()
        item = types.TextDocumentItem(uri=uri, language_id="plaintext", version=1, text=page)
        client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))

        found = await marks(client, uri)
        for code, text in SLIPS.items():
            mark = next(mark for mark in found if mark.code == code)
            assert window.at(mark.range) == text, (editor, code, window.at(mark.range))

        # The doubled character is deleted; the editor tells what has become of the text.
        mark = next(mark for mark in found if mark.code == "C103")
        offered = [a for a in await actions(client, uri, mark.range) if isinstance(a, types.CodeAction)]
        first = next(a for a in offered if a.is_preferred)
        edits = edits_of(first, uri)
        window.edit(edits)
        assert window.text == page.replace("难以以为继", "难以为继")
        changes = [
            types.TextDocumentContentChangePartial(range=edit.range, text=edit.new_text)
            for edit in edits
        ]
        version = types.VersionedTextDocumentIdentifier(version=2, uri=uri)
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=version, content_changes=changes)
        )
        left = await marks(client, uri)
        assert not any(mark.code == "C103" for mark in left)

        hover = await client.text_document_hover_async(
            types.HoverParams(
                text_document=types.TextDocumentIdentifier(uri=uri),
                position=next(mark for mark in left if mark.code == "C104").range.start,
            )
        )
        assert "C104" in hover.contents.value

        # A suggestion is rejected and stays away.
        mark = next(mark for mark in left if mark.code == "P101")
        offered = await actions(client, uri, mark.range)
        commands = [command_of(action) for action in offered]
        reject = next(
            c
            for c in commands
            if c and c["command"] == "kanwu.reject" and c["arguments"][0]["id"] == mark.data["id"]
        )
        waiting = asyncio.create_task(marks(client, uri))
        await client.workspace_execute_command_async(
            types.ExecuteCommandParams(command=reject["command"], arguments=reject["arguments"])
        )
        assert not any(mark.code == "P101" for mark in await waiting)
        assert (folder / ".kanwu/decisions.jsonl").read_text(encoding="utf-8").count("\n") == 1

        await client.shutdown_async(None)
        client.exit(None)
        code = await asyncio.wait_for(client._server.wait(), timeout=30)
        assert code == 0, code
        await client.stop()
        print(f"{editor}: positions in {window.encoding}, {len(found)} marks")


def main() -> None:
    kanwu, samples = sys.argv[1], pathlib.Path(sys.argv[2])
    warnings.simplefilter("error", LspSpecificationWarning)
    for editor in EDITORS:
        asyncio.run(proofread(kanwu, samples, editor))


main()
