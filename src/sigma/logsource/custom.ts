/**
 * Log sources, field maps and shapes of records that users add or override (`--logsources FILE`, the form is in docs/logsources.md).
 * In: YAML text. Out: definitions and diagnostics. Refuses an entry that it does not understand, and keeps the others.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FieldGate, FieldMapping } from '../../model/logsource.ts';
import type { RecordShape } from '../../model/record-shape.ts';
import type { LogSource } from '../../model/rule.ts';
import { RuleText } from '../rule/faults.ts';
import { didYouMean } from '../rule/suggest.ts';
import { parseYaml, type YamlEntry, type YamlNode } from '../yaml/yaml.ts';
import { catalog } from './catalog.ts';
import type { ServiceDefinition, SourceDefinition } from './family.ts';
import { ABSENT } from './values.ts';

export interface CustomCategory {
  /** True: used in addition to the built-in sources. False: used instead of them. */
  readonly extend: boolean;
  readonly sources: readonly SourceDefinition[];
}

/** A log source whose events are JSON records of a shape that the user describes. */
export interface ShapeLogSource {
  readonly logsource: LogSource;
  readonly source: SourceDefinition;
}

export interface CustomLogSources {
  readonly categories: ReadonlyMap<string, CustomCategory>;
  readonly services: ReadonlyMap<string, ServiceDefinition>;
  /** `via` -> entries that replace those of the built-in field map. */
  readonly fieldMaps: ReadonlyMap<string, Readonly<Record<string, FieldMapping>>>;
  /** Shapes of JSON records, for the readers of logs (`ReadOptions.shapes`), and the log sources that such records belong to. */
  readonly shapes?: readonly RecordShape[];
  readonly shapeLogSources?: readonly ShapeLogSource[];
}

export interface LoadedLogSources {
  readonly logSources: CustomLogSources;
  readonly diagnostics: readonly Diagnostic[];
}

/** A file written by hand has a few kilobytes. */
const MAX_TEXT = 4 << 20;
/** Windows numbers events in 16 bits. */
const MAX_EVENT_ID = 65_535;

const SECTIONS = ['categories', 'services', 'field_maps'];
const GATE_KEYS = ['channel', 'provider', 'event_ids', 'when', 'fields'];
const SOURCE_KEYS = ['via', 'optional', ...GATE_KEYS];
const SHAPE_KEYS = ['shape', 'keys', 'system', 'data', 'logsource'];
const SHAPE_SYSTEM = [
  'TimeCreated_SystemTime',
  'Channel',
  'Computer',
  'Provider_Name',
  'EventID',
  'EventRecordID',
  'Level',
  'Security_UserID',
  'Execution_ProcessID',
];
const CATEGORY_KEYS = ['extend', 'sources'];

/**
 * Reads a log source file.
 *
 * @example loadCustomLogSources('services:\n  my-edr: {channel: My-EDR/Operational}\n', 'sources.yml')
 */
export function loadCustomLogSources(text: string, path: string): LoadedLogSources {
  const reader = new CustomReader(new RuleText(path, text));
  if (text.length > MAX_TEXT)
    reader.error('too-large', 0, `the file has ${text.length} characters, at most ${MAX_TEXT} are read.`);
  else reader.read(text);
  return { logSources: reader, diagnostics: reader.diagnostics };
}

/** Thrown for a part of the file that makes no sense. The entry around it is left out. */
class Refusal {}

class CustomReader implements CustomLogSources {
  readonly categories = new Map<string, CustomCategory>();
  readonly services = new Map<string, ServiceDefinition>();
  readonly fieldMaps = new Map<string, Readonly<Record<string, FieldMapping>>>();
  readonly shapes: RecordShape[] = [];
  readonly shapeLogSources: ShapeLogSource[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #text: RuleText;

  constructor(text: RuleText) {
    this.#text = text;
  }

  error(code: string, at: number, message: string, hint?: string): void {
    const place = { file: this.#text.path, ...this.#text.span(at) };
    this.diagnostics.push({ code: `logsources/${code}`, severity: 'error', message, hint, place });
  }

  read(text: string): void {
    const { documents, fault } = parseYaml(text);
    if (fault !== null) this.error('yaml', fault.at, fault.message);
    for (const { root, faults } of documents) {
      for (const { at, message, hint } of faults) this.error('yaml', at, message, hint);
      if (root === null) continue;
      if (root.kind === 'map' && root.entries.some(({ key }) => key.text === 'shape')) this.#attempt(() => this.#shape(root));
      else this.#attempt(() => this.#each(this.#entries(root, 'the file'), (entry) => this.#section(entry)));
    }
  }

  #section({ key: { text: key, start: keyAt }, value }: YamlEntry): void {
    switch (key) {
      case 'categories':
        this.#each(this.#entries(value, key), (entry) =>
          this.categories.set(entry.key.text.toLowerCase(), this.#category(entry)),
        );
        break;
      case 'services':
        this.#each(this.#entries(value, key), (entry) => this.services.set(entry.key.text.toLowerCase(), this.#service(entry)));
        break;
      case 'field_maps':
        this.#each(this.#entries(value, key), (entry) => this.fieldMaps.set(entry.key.text, this.#fields(entry.value)));
        break;
      default:
        this.#refuse('unknown-key', keyAt, `"${key}" is not a section of a log source file.`, didYouMean(key, SECTIONS));
    }
  }

  #category({ key: { text: key }, value }: YamlEntry): CustomCategory {
    if (value.kind === 'list') return { extend: false, sources: value.items.map((item) => this.#source(item)) };
    const entries = this.#known(value, `category "${key}"`, CATEGORY_KEYS);
    const sources = entries.get('sources');
    if (sources?.kind !== 'list') {
      return this.#refuse('missing', (sources ?? value).start, `category "${key}" needs a list of sources.`);
    }
    return { extend: this.#flag(entries.get('extend')), sources: sources.items.map((item) => this.#source(item)) };
  }

  #source(node: YamlNode): SourceDefinition {
    const entries = this.#known(node, 'a source', SOURCE_KEYS);
    const gate = this.#gate(node, entries);
    const via = entries.get('via');
    return { via: via === undefined ? 'custom' : this.#scalar(via), optional: this.#flag(entries.get('optional')), ...gate };
  }

  #service({ key: { text: key }, value }: YamlEntry): ServiceDefinition {
    return this.#gate(value, this.#known(value, `service "${key}"`, GATE_KEYS));
  }

  #gate(node: YamlNode, entries: ReadonlyMap<string, YamlNode>): Omit<SourceDefinition, 'via' | 'optional'> {
    const channels = this.#scalars(entries.get('channel'));
    const providers = this.#scalars(entries.get('provider'));
    const when = entries.get('when');
    const fields = entries.get('fields');
    if (channels.length === 0 && providers.length === 0) {
      this.#refuse(
        'missing',
        node.start,
        'a source needs a channel or a provider: without one, every event would pass.',
        'Records that have neither are described in a document of their own, "shape: NAME" (docs/logsources.md).',
      );
    }
    return {
      channels,
      providers,
      eventIds: this.#eventIds(entries.get('event_ids')),
      when: when === undefined ? undefined : this.#entries(when, 'when').map((entry) => this.#fieldGate(entry)),
      fields: fields === undefined ? undefined : this.#fields(fields),
    };
  }

  /**
   * A document that describes a shape: `shape: NAME`, the keys by which its records are recognised, and what each of them
   * means.
   */
  #shape(root: YamlNode): void {
    const entries = this.#known(root, 'a shape', SHAPE_KEYS);
    const name = this.#scalar(entries.get('shape')!);
    const keys = this.#scalars(entries.get('keys'));
    if (keys.length === 0)
      this.#refuse('missing', root.start, `shape "${name}" needs "keys", those that every record of it has.`);
    const shape = { name, keys, system: this.#shapeSystem(entries.get('system')), data: this.#shapeData(entries.get('data')) };
    const channel = shape.system.Channel;
    const list = entries.get('logsource');
    const sources = list === undefined ? [] : list.kind === 'list' ? list.items : [list];
    const served = sources.map((node) =>
      this.#shapeLogSource(node, name, channel !== undefined && 'text' in channel ? [channel.text] : [name]),
    );
    if (channel !== undefined && 'key' in channel && served.length > 0) {
      this.#refuse('shape', root.start, `shape "${name}" has log sources: its Channel must be a text ({text: ...}) or left out.`);
    }
    this.shapes.push(shape);
    this.shapeLogSources.push(...served);
  }

  #shapeSystem(node: YamlNode | undefined): RecordShape['system'] {
    const system: Record<string, { readonly key: string } | { readonly text: string }> = Object.create(null);
    for (const { key: named, value } of node === undefined ? [] : this.#entries(node, 'system')) {
      const key = named.text;
      const name = key === 'TimeCreated' ? 'TimeCreated_SystemTime' : key;
      if (!SHAPE_SYSTEM.includes(name)) {
        this.#refuse('unknown-key', named.start, `"${key}" is not a System field.`, didYouMean(key, SHAPE_SYSTEM));
      }
      if (value.kind === 'scalar') system[name] = { key: this.#scalar(value) };
      else {
        const text = this.#known(value, key, ['text']).get('text');
        if (text === undefined) this.#refuse('missing', value.start, `${key} needs a key of the record, or {text: ...}.`);
        system[name] = { text: this.#scalar(text!) };
      }
    }
    return { ...system };
  }

  #shapeData(node: YamlNode | undefined): Record<string, string> {
    const entries = node === undefined ? [] : this.#entries(node, 'data');
    return Object.fromEntries(entries.map(({ key, value }) => [key.text, this.#scalar(value)]));
  }

  #shapeLogSource(node: YamlNode, via: string, channels: readonly string[]): ShapeLogSource {
    const entries = this.#known(node, 'a log source', ['product', 'category', 'service', 'event_ids', 'when']);
    const named = ['product', 'category', 'service'].flatMap((key) => {
      const value = entries.get(key);
      return value === undefined ? [] : [[key, this.#scalar(value)]];
    });
    if (named.length === 0) this.#refuse('missing', node.start, 'a log source needs a product, a category or a service.');
    const gates = entries.get('when');
    const when =
      gates === undefined ? [] : this.#entries(gates, 'when').map((entry) => ({ ...this.#fieldGate(entry), required: true }));
    const eventIds = this.#eventIds(entries.get('event_ids'));
    return { logsource: Object.fromEntries(named), source: { via, channels, providers: [], eventIds, when } };
  }

  #fieldGate({ key, value }: YamlEntry): FieldGate {
    return { field: key.text, values: this.#scalars(value) };
  }

  #eventIds(node: YamlNode | undefined): number[] {
    const items = node === undefined ? [] : node.kind === 'list' ? node.items : [node];
    return items.map((item) => {
      const text = this.#scalar(item);
      const id = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      if (id <= MAX_EVENT_ID) return id;
      return this.#refuse('event-id', item.start, `"${text}" is not an EventID: expected a number from 0 to ${MAX_EVENT_ID}.`);
    });
  }

  #fields(node: YamlNode): Record<string, FieldMapping> {
    // A null prototype, because the names come from a file: `__proto__` must be a name like any other.
    const fields: Record<string, FieldMapping> = Object.create(null);
    for (const { key, value } of this.#entries(node, 'fields')) fields[key.text] = this.#mapping(value);
    return fields;
  }

  #mapping(node: YamlNode): FieldMapping {
    if (node.kind === 'scalar') return node.type === 'null' ? ABSENT : { kind: 'rename', from: node.text };
    const entries = this.#known(node, 'a derived field', ['derive', 'from']);
    const derive = entries.get('derive');
    if (derive === undefined)
      return this.#refuse('missing', node.start, 'a derived field needs "derive", the id of a derivation.');
    const derivation = this.#scalar(derive);
    const name = derivation.split(':', 1)[0] ?? '';
    if (!catalog.derivations.has(name)) {
      const hint = didYouMean(name, catalog.derivations.keys());
      this.#refuse('unknown-derivation', derive.start, `"${name}" is not a derivation.`, hint);
    }
    return { kind: 'derive', derivation, from: this.#scalars(entries.get('from')) };
  }

  /** Runs `use` on each entry. A refused entry is left out, the others stay. */
  #each(entries: readonly YamlEntry[], use: (entry: YamlEntry) => void): void {
    for (const entry of entries) this.#attempt(() => use(entry));
  }

  #attempt(use: () => void): void {
    try {
      use();
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
    }
  }

  #entries(node: YamlNode, what: string): readonly YamlEntry[] {
    if (node.kind === 'map') return node.entries;
    if (node.kind === 'scalar' && node.type === 'null') return [];
    return this.#refuse('not-a-map', node.start, `${what} must be a map.`);
  }

  #known(node: YamlNode, what: string, keys: readonly string[]): Map<string, YamlNode> {
    const entries = this.#entries(node, what);
    for (const { key } of entries) {
      const hint = didYouMean(key.text, keys) ?? `Keys: ${keys.join(', ')}.`;
      if (!keys.includes(key.text)) this.#refuse('unknown-key', key.start, `"${key.text}" is not a key of ${what}.`, hint);
    }
    return new Map(entries.map(({ key, value }) => [key.text, value]));
  }

  #flag(node: YamlNode | undefined): boolean {
    if (node === undefined) return false;
    if (node.kind !== 'scalar' || node.type !== 'boolean')
      return this.#refuse('not-a-flag', node.start, 'expected true or false.');
    return node.text.toLowerCase() === 'true';
  }

  #scalars(node: YamlNode | undefined): string[] {
    if (node === undefined) return [];
    return node.kind === 'list' ? node.items.map((item) => this.#scalar(item)) : [this.#scalar(node)];
  }

  #scalar(node: YamlNode): string {
    if (node.kind === 'scalar' && node.type !== 'null') return node.text;
    return this.#refuse('not-a-value', node.start, 'expected a text or a number.');
  }

  #refuse(code: string, at: number, message: string, hint?: string): never {
    this.error(code, at, message, hint);
    throw new Refusal();
  }
}
