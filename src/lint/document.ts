/** What lint rules work on: one rule document with its text, its YAML tree and the parsed rule; and all documents together. */

import type { SigmaDocument, Span } from '../model/rule.ts';
import type { CustomLogSources } from '../sigma/logsource/custom.ts';
import type { RuleText } from '../sigma/rule/faults.ts';
import { isSurelySigma } from '../sigma/rule/foreign.ts';
import { entryOf, scalarsIn, type YamlEntry, type YamlNode, type YamlScalar } from '../sigma/yaml/yaml.ts';

export type LintFile = RuleText;

export interface DocumentContext {
  readonly logSources?: CustomLogSources | undefined;
  readonly nowMs?: number | undefined;
  /** True when a document of the file has an `action`. */
  readonly isCollection?: boolean | undefined;
  /** True when the file has YAML aliases, so that a node may stand for text elsewhere. */
  readonly hasAliases?: boolean | undefined;
}

/** One YAML document of a file. */
export class LintDocument {
  readonly file: LintFile;
  readonly root: YamlNode;
  /** null when the parser refused the document. Checks that need the meaning of the rule are then skipped. */
  readonly rule: SigmaDocument | null;
  /** Log sources of the user's own. */
  readonly logSources: CustomLogSources | undefined;
  /** When the file was read. */
  readonly nowMs: number;
  /**
   * Documents of a file with `action: global` get parts from others. So a key that one of them seems to lack may be in another.
   */
  readonly isCollectionPart: boolean;
  /**
   * False where several documents share the text, because a correction for one would change the others. Also false where the
   * document may not be a Sigma rule at all, but a file of another program.
   */
  readonly correctable: boolean;
  #items: Map<string, YamlEntry> | null = null;
  #keys: Map<string, YamlEntry> | null = null;

  constructor(file: LintFile, root: YamlNode, rule: SigmaDocument | null, context: DocumentContext = {}) {
    this.file = file;
    this.root = root;
    this.rule = rule;
    this.logSources = context.logSources;
    this.nowMs = context.nowMs ?? Date.now();
    this.isCollectionPart = context.isCollection === true;
    const isRule = root.kind === 'map' && isSurelySigma(root.entries.map(({ key }) => key.text));
    this.correctable = isRule && !this.isCollectionPart && context.hasAliases !== true;
  }

  get fileName(): string {
    return this.file.path.slice(Math.max(this.file.path.lastIndexOf('/'), this.file.path.lastIndexOf('\\')) + 1);
  }

  /** Decided by its keys, so that it is also known for refused documents. */
  get kind(): 'detection' | 'correlation' | 'filter' {
    if (entryOf(this.root, 'correlation') !== undefined) return 'correlation';
    return entryOf(this.root, 'filter') === undefined ? 'detection' : 'filter';
  }

  /** True for a rule that is kept for the record and not in use. It may resemble a rule in use on purpose. */
  get isRetired(): boolean {
    const status = this.scalar('status')?.text;
    return status === 'deprecated' || status === 'unsupported';
  }

  /** The entry under a path of keys. */
  entry(key: string, ...below: readonly string[]): YamlEntry | undefined {
    // Checks of whole sets ask thousands of documents for the same few keys.
    this.#keys ??= new Map(this.root.kind === 'map' ? this.root.entries.map((entry) => [entry.key.text, entry]) : []);
    let entry = this.#keys.get(key);
    for (const inner of below) entry = entryOf(entry?.value, inner);
    return entry;
  }

  /** A scalar under a path of keys. */
  scalar(...path: readonly [string, ...string[]]): YamlScalar | undefined {
    const value = this.entry(...path)?.value;
    return value?.kind === 'scalar' ? value : undefined;
  }

  /** The scalars of a list (or a lone scalar) under a path of keys. */
  scalars(...path: readonly [string, ...string[]]): readonly YamlScalar[] {
    return scalarsIn(this.entry(...path)?.value);
  }

  /** The map entry whose key is at a span: where a detection item was written. */
  entryAt(span: Span): YamlEntry | undefined {
    if (this.#items === null) {
      this.#items = new Map();
      this.#collect(this.root, this.#items);
    }
    return this.#items.get(`${span.line}:${span.column}`);
  }

  /** True when the map with the entry has the same key twice. */
  hasSibling(entry: YamlEntry, key: string): boolean {
    const map = mapHolding(this.root, entry);
    return map !== undefined && entryOf(map, key) !== undefined;
  }

  #collect(node: YamlNode, into: Map<string, YamlEntry>): void {
    if (node.kind === 'list') for (const item of node.items) this.#collect(item, into);
    if (node.kind !== 'map') return;
    for (const entry of node.entries) {
      const { line, column } = this.file.lines.span(entry.key.start);
      into.set(`${line}:${column}`, entry);
      this.#collect(entry.value, into);
    }
  }

  spanOf(at: YamlNode | Span): Span {
    return 'line' in at ? at : this.file.lines.span(at.start);
  }
}

function mapHolding(node: YamlNode, entry: YamlEntry): YamlNode | undefined {
  if (node.kind === 'scalar') return undefined;
  if (node.kind === 'map' && node.entries.includes(entry)) return node;
  const inner = node.kind === 'list' ? node.items : node.entries.map((one) => one.value);
  for (const one of inner) {
    const found = mapHolding(one, entry);
    if (found !== undefined) return found;
  }
  return undefined;
}

export interface LintSet {
  /** Documents that are read only because others refer to them. It is the same array as long as nothing in it changes. */
  readonly context: readonly LintDocument[];
  /** Documents that get findings, in their order. */
  readonly own: readonly LintDocument[];
}
