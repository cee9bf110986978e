/** The work of `winnow lsp`: a connection over stdin and stdout, until the editor ends it. */
import { Writable } from 'node:stream';
import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { LanguageServer } from '../../lsp/server.ts';
import { type CommandArgs, type CommandContext, EXIT, type ExitCode, type TextOutput } from '../command.ts';
import type { LspFlags } from '../flags/lsp-flags.ts';
import { fromHere } from '../output/terminal.ts';
import { readLogSources, readValues } from './rule-context.ts';

export async function runLsp(context: CommandContext, { flags }: CommandArgs<LspFlags>): Promise<ExitCode> {
  const { cwd } = context;
  const options = {
    version: context.version,
    cwd,
    config: flags.config,
    context: flags.rules.map((path) => fromHere(cwd, path)),
    values: readValues(cwd, flags.values),
    logSources: readLogSources(cwd, flags.logsources),
  };
  return new Promise((resolve) => {
    const reader = new StreamMessageReader(context.stdin);
    const connection = createConnection(reader, new StreamMessageWriter(streamTo(context.stdout)));
    const server = new LanguageServer(connection, options);
    let isAsked = false;
    const end = (): void => {
      server.stop();
      resolve(isAsked ? EXIT.done : EXIT.findings);
    };
    connection.onShutdown(() => {
      isAsked = true;
    });
    connection.onExit(end);
    reader.onClose(end);
    server.listen();
  });
}

/** What the library writes to. */
function streamTo(output: TextOutput): Writable {
  return new Writable({
    write(piece: Buffer, _encoding, done) {
      output.write(piece).then(() => done(), done);
    },
  });
}
