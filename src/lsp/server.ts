/**
 * The language server. In: messages of an editor (Language Server Protocol). Out: diagnostics, corrections, completion and hover.
 * Texts are used as the editor shows them, saved or not. The folders of the workspace have the other rules, which these texts may
 * refer to. Writes no file.
 */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  MarkupKind,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { LintFinding } from '../lint/lint.ts';
import type { SourceOptions } from '../lint/lint-source.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { InputError, UsageError } from '../model/errors.ts';
import { PROJECT_NAMES, realPath } from '../project/find-project.ts';
import { parseTuning } from '../project/tuning-file.ts';
import { FaultyFile } from '../project/yaml-reader.ts';
import { complete, type FileKind, type RuleName } from './completion.ts';
import { correctionsAt, rangeOf, shownFinding } from './findings.ts';
import { hoverText } from './hover.ts';
import { KnownNames } from './known-names.ts';
import type { Sections } from './project-keys.ts';
import type { SuggestionKind } from './suggestion.ts';
import { testFindings } from './test-findings.ts';
import { Workspace } from './workspace.ts';

export interface ServerOptions extends SourceOptions {
  readonly version: string;
  readonly cwd: string;
  readonly config: string | null;
  /** Rules that others refer to, besides those in the folders of the workspace. */
  readonly context: readonly string[];
  /** What is wrong with the project file at the start. */
  readonly startFault: string | undefined;
  /** What a project file may set. */
  readonly sections: Sections;
  /** Everything that is wrong with a project file. */
  readonly projectFaults: (text: string, path: string) => readonly Diagnostic[];
}

/** Changes within this time are checked together. */
const SETTLE_MS = 10;
/** The other open texts wait until typing pauses. */
const PAUSE_MS = 300;

const ITEM_KINDS: Readonly<Record<SuggestionKind, CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  field: CompletionItemKind.Field,
  modifier: CompletionItemKind.Operator,
  value: CompletionItemKind.Value,
  reference: CompletionItemKind.Reference,
  word: CompletionItemKind.Keyword,
};

export class LanguageServer {
  readonly #connection: Connection;
  readonly #options: ServerOptions;
  readonly #documents = new TextDocuments(TextDocument);
  readonly #workspace: Workspace;
  /** The findings that were published last, by URI. */
  readonly #findings = new Map<string, readonly LintFinding[]>();
  #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  readonly #ended = new AbortController();
  #names: KnownNames | null = null;
  #folders: readonly string[] = [];
  #watches = false;

  constructor(connection: Connection, options: ServerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#workspace = new Workspace({
      ...options,
      lintFlags: (options.sections.get('lint') ?? []).map(({ name }) => name),
      onConfigFault: (message) => void connection.window.showErrorMessage(`winnow: ${message}`),
    });
  }

  /** Starts to answer, and goes on until the editor ends the connection. */
  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => void this.#load());
    connection.onDidChangeWatchedFiles(({ changes }) => this.#changed(changes.map(({ uri }) => uri)));
    connection.onCompletion(({ textDocument, position }) => {
      const document = this.#documents.get(textDocument.uri);
      return document === undefined ? [] : this.#complete(document, document.offsetAt(position));
    });
    connection.onHover(({ textDocument, position }) => {
      const document = this.#documents.get(textDocument.uri);
      const value = document === undefined ? null : this.#hover(document, document.offsetAt(position));
      return value === null ? null : { contents: { kind: MarkupKind.Markdown, value } };
    });
    connection.onCodeAction(({ textDocument, range }) => {
      const document = this.#documents.get(textDocument.uri);
      return document === undefined ? [] : [...correctionsAt(range, this.#findings.get(document.uri) ?? [], document)];
    });
    this.#documents.onDidChangeContent(({ document }) => {
      this.#workspace.open(pathOf(document.uri), document.getText());
      this.#schedule(document.uri);
    });
    this.#documents.onDidSave(({ document: { uri } }) => {
      if (kindOf(uri) === 'project') this.#changed([uri]);
    });
    this.#documents.onDidClose(({ document: { uri } }) => {
      this.#workspace.close(pathOf(uri));
      this.#findings.delete(uri);
      void connection.sendDiagnostics({ uri, diagnostics: [] });
    });
    this.#documents.listen(connection);
    connection.listen();
  }

  /** To be called after the connection has ended. */
  stop(): void {
    this.#ended.abort();
    clearTimeout(this.#timer);
  }

  #initialize({ workspaceFolders, rootUri, capabilities }: InitializeParams): InitializeResult {
    const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null || rootUri === undefined ? [] : [rootUri]);
    this.#folders = [...uris.map(pathOf), ...this.#options.context.map(realPath)];
    this.#watches = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return {
      serverInfo: { name: 'winnow', version: this.#options.version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        completionProvider: { triggerCharacters: ['|', ' ', '.', "'"] },
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, `${CodeActionKind.SourceFixAll}.winnow`] },
      },
    };
  }

  async #load(): Promise<void> {
    if (this.#watches)
      await this.#connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: [{ globPattern: '**/*.{yml,yaml}' }],
      });
    const { startFault } = this.#options;
    if (startFault !== undefined) void this.#connection.window.showErrorMessage(`winnow: ${startFault}`);
    let files = 0;
    for (const folder of this.#folders) {
      try {
        files += await this.#workspace.load(folder, this.#ended.signal);
      } catch (error) {
        if (!(error instanceof InputError || error instanceof UsageError)) throw error;
        void this.#connection.window.showErrorMessage(`winnow: ${error.message}`);
      }
    }
    if (this.#ended.signal.aborted) return;
    // The first check of a text against all others takes long, because it computes what later checks remember. So it is done now,
    // not at the next keystroke.
    this.#names = null;
    this.#schedule();
    await this.#publishNext();
    this.#connection.console.info(`winnow ${this.#options.version}: ${files} rule files`);
  }

  #changed(uris: readonly string[]): void {
    for (const uri of uris) {
      if (kindOf(uri) === 'rule') this.#workspace.reload(pathOf(uri));
      else this.#workspace.forgetConfigs();
    }
    this.#names = null;
    this.#schedule();
  }

  /** Schedules a check of all open texts, because rules refer to one another. The changed text comes first. */
  #schedule(changed?: string): void {
    const uris = [...this.#waiting, ...this.#documents.keys()];
    this.#waiting = new Set(changed === undefined ? uris : [changed, ...uris]);
    this.#publishAfter(SETTLE_MS);
  }

  #publishAfter(ms: number): void {
    if (this.#ended.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#publishNext(), ms);
  }

  async #publishNext(): Promise<void> {
    const [uri] = this.#waiting;
    if (uri === undefined) return;
    this.#waiting.delete(uri);
    const document = this.#documents.get(uri);
    try {
      if (document !== undefined) await this.#publish(document);
    } catch (error) {
      // This is a fault of the server. It is logged for the editor to show, and the server goes on, because the next text may not
      // cause it.
      const stack = error instanceof Error ? error.stack : String(error);
      if (!this.#ended.signal.aborted) this.#connection.console.error(`winnow: internal error, please report it: ${stack}`);
    }
    if (this.#waiting.size > 0) this.#publishAfter(PAUSE_MS);
  }

  async #publish(document: TextDocument): Promise<void> {
    const { uri, version } = document;
    const findings = await this.#findingsOf(pathOf(uri), document.getText());
    // The findings are dropped if their text has changed or was closed in the meantime.
    if (this.#ended.signal.aborted || this.#documents.get(uri)?.version !== version) return;
    this.#findings.set(uri, findings);
    const diagnostics = findings.map((finding) => shownFinding(finding, document));
    await this.#connection.sendDiagnostics({ uri, version, diagnostics });
  }

  async #findingsOf(path: string, text: string): Promise<readonly LintFinding[]> {
    switch (kindOf(path)) {
      case 'test':
        return testFindings(path, text, this.#workspace.sources(), this.#options);
      case 'project':
        return this.#options.projectFaults(text, path);
      case 'tuning':
        return tuningFaults(text, path);
      case 'rule':
        return (this.#workspace.lint(path)?.findings ?? []).filter(({ place }) => place.file === path);
    }
  }

  #complete(document: TextDocument, offset: number): CompletionItem[] {
    const text = document.getText();
    const { start, suggestions } = complete(kindOf(document.uri), text, offset, {
      names: this.#knownNames(),
      sections: this.#options.sections,
      ruleNames: () => this.#ruleNames(),
    });
    const range = { start: document.positionAt(start), end: document.positionAt(offset) };
    return suggestions.map(({ label, kind, detail, insert }, i) => ({
      label,
      kind: ITEM_KINDS[kind],
      ...(detail === undefined ? {} : { detail, filterText: kind === 'value' ? `${label} ${detail}` : label }),
      // Keeps the order of the suggestions, in which usual ones come first.
      sortText: String(i).padStart(5, '0'),
      textEdit: { range, newText: insert ?? label },
    }));
  }

  *#ruleNames(): Iterable<RuleName> {
    for (const { documents } of this.#workspace.sources()) {
      for (const { rule } of documents) {
        const name = rule?.head.name ?? rule?.head.id;
        if (rule !== null && name !== undefined) yield { name, title: rule.head.title };
      }
    }
  }

  #hover(document: TextDocument, offset: number): string | null {
    const { line, character } = document.positionAt(offset);
    const findings = (this.#findings.get(document.uri) ?? []).filter((finding) => {
      const { start, end } = rangeOf(finding, document);
      return start.line === line && start.character <= character && (end.line > line || character <= end.character);
    });
    return hoverText(document.getText(), offset, {
      source: this.#workspace.source(pathOf(document.uri)),
      findings,
      names: this.#knownNames(),
    });
  }

  #knownNames(): KnownNames {
    this.#names ??= new KnownNames(this.#workspace.sources(), this.#options.logSources);
    return this.#names;
  }
}

/** A text that is in no file is identified by its URI. */
function pathOf(uri: string): string {
  return uri.startsWith('file:') ? realPath(fileURLToPath(uri)) : uri;
}

function kindOf(path: string): FileKind {
  const name = basename(path).toLowerCase();
  if (/\.test\.ya?ml$/.test(name)) return 'test';
  if (PROJECT_NAMES.includes(name)) return 'project';
  return /^(?:.*[.-])?tuning\.ya?ml$/.test(name) ? 'tuning' : 'rule';
}

function tuningFaults(text: string, path: string): readonly Diagnostic[] {
  try {
    parseTuning(text, path);
    return [];
  } catch (error) {
    if (!(error instanceof FaultyFile)) throw error;
    return error.faults;
  }
}
