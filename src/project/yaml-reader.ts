/**
 * Reads files of settings. In: the text of a YAML file. Out: its root, and faults with their places, collected so that all are
 * reported at once. Refuses what is no YAML.
 */
import { type Diagnostic, formatDiagnostic } from '../model/diagnostic.ts';
import { UsageError } from '../model/errors.ts';
import { chosen } from '../model/values/choice.ts';
import { LineIndex } from '../sigma/rule/line-index.ts';
import { didYouMean } from '../sigma/rule/suggest.ts';
import { parseYaml, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from '../sigma/yaml/yaml.ts';

/** More faults of one file are only counted. */
const SHOWN = 10;

/** A file of settings that cannot be used. */
export class FaultyFile extends UsageError {
  readonly faults: readonly Diagnostic[];

  constructor(faults: readonly Diagnostic[]) {
    const lines = faults.slice(0, SHOWN).map(formatDiagnostic);
    super([...lines, ...(faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : [])].join('\n'));
    this.faults = faults;
  }
}

export class YamlReader {
  readonly path: string;
  readonly root: YamlNode | null;
  readonly #lines: LineIndex;
  readonly #code: string;
  readonly #faults: Diagnostic[] = [];

  /** `code` is that of its diagnostics. */
  constructor(text: string, path: string, code: string) {
    this.path = path;
    this.#code = code;
    this.#lines = new LineIndex(text);
    const { documents, fault } = parseYaml(text);
    for (const one of [...(fault === undefined || fault === null ? [] : [fault]), ...documents.flatMap(({ faults }) => faults)])
      this.#faultAt(one.at, one.message, one.hint);
    this.root = documents[0]?.root ?? null;
    if (documents.length > 1) this.#faultAt(documents[1]?.root?.start ?? 0, 'there is a second document.', 'Write one.');
  }

  place(node: YamlNode): Diagnostic['place'] {
    return { file: this.path, ...this.#lines.span(node.start) };
  }

  fault(node: YamlNode, message: string, hint?: string): void {
    this.#faultAt(node.start, message, hint);
  }

  /** Throws one error with all faults. */
  end(): void {
    if (this.#faults.length > 0) throw new FaultyFile(this.#faults);
  }

  /** The entries of a map whose keys are known. `more` says where another key may belong. */
  entries(node: YamlNode, known: readonly string[], more = ''): readonly YamlEntry[] {
    const map = this.map(node);
    if (map === null) return [];
    return map.entries.filter(({ key }) => {
      if (known.includes(key.text)) return true;
      this.fault(key, `"${key.text}" is no key here.`, didYouMean(key.text, known) ?? `Keys are: ${known.join(', ')}.${more}`);
      return false;
    });
  }

  map(node: YamlNode): YamlMap | null {
    if (node.kind === 'map') return node;
    this.fault(node, 'expected a map (key: value) here.');
    return null;
  }

  text(node: YamlNode): string {
    if (node.kind === 'scalar' && node.type !== 'null' && node.text !== '') return node.text;
    this.fault(node, 'expected a text here.');
    return '';
  }

  /** One text, or a list of texts. */
  texts(node: YamlNode): readonly YamlScalar[] {
    const items = node.kind === 'list' ? node.items : [node];
    if (items.length === 0) this.fault(node, 'expected at least one text here.');
    return items.flatMap((item) => (this.text(item) !== '' && item.kind === 'scalar' ? [item] : []));
  }

  choice<C extends string>(node: YamlNode, choices: readonly C[], short?: Readonly<Record<C, string>>): C | null {
    const text = node.kind === 'scalar' ? node.text.toLowerCase() : '';
    const choice = chosen(text, choices, short);
    if (choice === undefined) this.fault(node, `expected one of ${choices.join(', ')}.`, didYouMean(text, choices));
    return choice ?? null;
  }

  #faultAt(at: number, message: string, hint?: string): void {
    const place = { file: this.path, ...this.#lines.span(at) };
    this.#faults.push({ code: this.#code, severity: 'error', message, hint, place });
  }
}
