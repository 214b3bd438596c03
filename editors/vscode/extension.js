// Starts `kanwu lsp` for texts and Markdown. All else is in the language server.

const vscode = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

let client;

async function start() {
  const settings = vscode.workspace.getConfiguration('kanwu');
  const server = {
    command: settings.get('path'),
    args: ['lsp', ...settings.get('arguments')],
    transport: TransportKind.stdio,
  };
  const texts = ['plaintext', 'markdown'].flatMap((language) => [
    { scheme: 'file', language },
    { scheme: 'untitled', language },
  ]);
  // The server asks for the section `kanwu` of the settings and is told when it changes.
  client = new LanguageClient('kanwu', 'kanwu 勘误', server, { documentSelector: texts });
  await client.start();
}

async function restart() {
  await client?.stop();
  await start();
}

exports.activate = async (context) => {
  context.subscriptions.push(vscode.commands.registerCommand('kanwu.restart', restart));
  await start();
};

exports.deactivate = () => client?.stop();
