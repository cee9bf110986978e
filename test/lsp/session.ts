/** An editor for tests: speaks to `winnow lsp` over streams, in this process or as one of its own, and keeps what it publishes. */
import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  type CodeAction,
  type CompletionItem,
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CommandContext } from '../../src/commands/command.ts';
import { runProgram } from '../../src/commands/program.ts';
import { commands } from '../../src/commands/registry.generated.ts';

export class Session {
  readonly connection: ProtocolConnection;
  readonly messages: string[] = [];
  readonly #close: () => Promise<void>;
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #documents = new Map<string, TextDocument>();
  #arrived: () => void = () => {};
  /** Resolved when the folders of the workspace have been read. */
  readonly loaded: Promise<void>;

  constructor(connection: ProtocolConnection, close: () => Promise<void>) {
    this.connection = connection;
    this.#close = close;
    let loaded = (): void => {};
    this.loaded = new Promise((resolve) => {
      loaded = resolve;
    });
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.set(params.uri, params);
      this.#arrived();
    });
    connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.messages.push(message);
      if (message.includes('rule files')) loaded();
    });
    connection.onNotification('window/showMessage', ({ message }: { message: string }) => void this.messages.push(message));
    connection.onRequest('window/showMessageRequest', ({ message }: { message: string }) => {
      this.messages.push(message);
      return null;
    });
    connection.listen();
  }

  async start(folder: string | null): Promise<void> {
    const workspaceFolders = folder === null ? null : [{ uri: pathToFileURL(folder).href, name: 'rules' }];
    await this.connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {}, workspaceFolders });
    await this.connection.sendNotification('initialized', {});
  }

  /** Opens a text, which need not be saved. Out: what is published for it. */
  async open(path: string, text: string): Promise<readonly Diagnostic[]> {
    const document = TextDocument.create(uriOf(path), 'yaml', 1, text);
    this.#documents.set(path, document);
    const { uri, version, languageId } = document;
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, version, languageId, text } });
    return this.published(path);
  }

  /** A keystroke: replaces a range of the text. Out: what is published for the new text. */
  async type(path: string, at: Position, text: string, end: Position = at): Promise<readonly Diagnostic[]> {
    const change = { range: { start: at, end }, text };
    const document = this.#documents.get(path)!;
    TextDocument.update(document, [change], document.version + 1);
    const { uri, version } = document;
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [change],
    });
    return this.published(path);
  }

  /** Waits for the diagnostics of the text as it is now. */
  async published(path: string): Promise<readonly Diagnostic[]> {
    const { uri, version } = this.#documents.get(path)!;
    for (;;) {
      const found = this.#published.get(uri);
      if (found !== undefined && found.version === version) return found.diagnostics;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** Waits until diagnostics are as expected, where another file has changed. */
  async publishedWith(path: string, test: (codes: readonly string[]) => boolean): Promise<readonly string[]> {
    for (;;) {
      const codes = codesOf(this.#published.get(uriOf(path))?.diagnostics ?? []);
      if (test(codes)) return codes;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** The place behind `before` in a text. */
  after(path: string, before: string): Position {
    const document = this.#documents.get(path)!;
    const at = document.getText().indexOf(before);
    if (at < 0) throw new Error(`the text has no ${before}`);
    return document.positionAt(at + before.length);
  }

  complete(path: string, before: string): Promise<CompletionItem[]> {
    const position = this.after(path, before);
    return this.connection.sendRequest('textDocument/completion', { textDocument: { uri: uriOf(path) }, position });
  }

  async hover(path: string, before: string): Promise<string | null> {
    const position = this.after(path, before);
    const hover: Hover | null = await this.connection.sendRequest('textDocument/hover', {
      textDocument: { uri: uriOf(path) },
      position,
    });
    return hover === null ? null : (hover.contents as { value: string }).value;
  }

  corrections(path: string, at: Diagnostic): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: uriOf(path) },
      range: at.range,
      context: { diagnostics: [at] },
    });
  }

  /** The text after the edits of a correction. */
  corrected(path: string, action: CodeAction): string {
    const edits = action.edit?.changes?.[uriOf(path)] as TextEdit[];
    return TextDocument.applyEdits(this.#documents.get(path)!, edits);
  }

  close(): Promise<void> {
    return this.#close();
  }
}

export function uriOf(path: string): string {
  return path.includes(':') && !/^[A-Z]:/i.test(path) ? path : pathToFileURL(path).href;
}

export function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code }) => String(code));
}

/** `winnow lsp` in this process. */
export function sessionHere(argv: readonly string[] = [], cwd = process.cwd()): Session {
  const [toServer, toEditor] = [new PassThrough(), new PassThrough()];
  const quiet = { write: async () => {}, closed: false, isTTY: false, columns: 80 };
  const context: CommandContext = {
    stdin: toServer,
    stdout: {
      ...quiet,
      async write(piece) {
        toEditor.write(piece);
      },
    },
    stderr: quiet,
    env: {},
    cwd,
    version: '0.0.0-test',
    clock: () => 0,
    signal: new AbortController().signal,
    commands,
  };
  const ended = runProgram(['lsp', ...argv], context);
  const connection = createProtocolConnection(new StreamMessageReader(toEditor), new StreamMessageWriter(toServer));
  return new Session(connection, async () => {
    toServer.end();
    await ended;
    connection.dispose();
  });
}

/** The built binary as a process, as an editor starts it. */
export function sessionOf(binary: string, argv: readonly string[] = []): Session & { exitCode(): Promise<number | null> } {
  const process_ = spawn(process.execPath, [binary, 'lsp', ...argv], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(process_.stdout), new StreamMessageWriter(process_.stdin));
  const exited = new Promise<number | null>((resolve) => process_.once('exit', resolve));
  const session = new Session(connection, async () => {
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    await exited;
  });
  return Object.assign(session, { exitCode: () => exited });
}
