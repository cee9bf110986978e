/**
 * Parses YAML into a tree of nodes that know their place in the text, for rules, lint and configurations: errors can then name
 * a place and corrections a range. In: the text of a file. Out: one root for each document. Refuses duplicate keys, unknown
 * tags, keys that are not scalars, and trees that are too deep or too large. Uses the core schema of YAML 1.2. Scalars keep
 * their source text, so that `00000429` is both the number 429 and those eight digits.
 */
import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml';
import { syntaxFault, type YamlFault } from './syntax-fault.ts';

interface NodeBase {
  /**
   * Offsets in the file's text. Quotes are included; a block scalar begins with its content. An alias has the offsets of the
   * node that it names.
   */
  readonly start: number;
  readonly end: number;
}
export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  /** The text with quotes and escapes resolved. For a number, its digits as written. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'block';
}
export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}
export interface YamlMap extends NodeBase {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  /** Written in braces. */
  readonly flow: boolean;
}
export interface YamlList extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  /** Written in brackets. */
  readonly flow: boolean;
}
export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlDocument {
  /** null for a document without content. */
  readonly root: YamlNode | null;
  readonly faults: readonly YamlFault[];
}

/** Limit on the depth of lists and maps. Rules need about six levels. */
const MAX_DEPTH = 64;
/** Limit on the nodes of one document after aliases are followed, against "billion laughs" files. */
const MAX_NODES = 250_000;

const NULL = /^(?:null|Null|NULL|~|)$/;
const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;
const NUMBER = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+)$/;

/** The type of a plain scalar without a tag in the core schema. `.inf` and `.nan` are of no use in a rule and stay text. */
function plainType(text: string): YamlScalar['type'] {
  const first = text.charCodeAt(0);
  // Most scalars begin with a letter with which no special word starts.
  if (first > 0x2e && first < 0x3a) return NUMBER.test(text) ? 'number' : 'string';
  if (first === 0x2b || first === 0x2d || first === 0x2e) return NUMBER.test(text) ? 'number' : 'string';
  if (NULL.test(text)) return 'null';
  return BOOLEAN.test(text) ? 'boolean' : 'string';
}

const ANYTHING = /(?:)/;
const TAGGED: Readonly<Record<string, { type: YamlScalar['type']; fits: RegExp }>> = {
  '!': { type: 'string', fits: ANYTHING },
  '!!str': { type: 'string', fits: ANYTHING },
  '!!int': { type: 'number', fits: NUMBER },
  '!!float': { type: 'number', fits: NUMBER },
  '!!bool': { type: 'boolean', fits: BOOLEAN },
  '!!null': { type: 'null', fits: NULL },
};

interface Container {
  readonly kind: 'map' | 'list';
  readonly start: number;
  readonly flow: boolean;
  readonly anchor: string | null;
  readonly nodes: YamlNode[];
  end: number;
  size: number;
}

class TreeBuilder {
  readonly #text: string;
  readonly #anchors = new Map<string, { node: YamlNode; size: number }>();
  readonly #open: Container[] = [];
  readonly faults: YamlFault[] = [];
  #size = 0;
  root: YamlNode | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  open(event: MappingEvent | SequenceEvent): void {
    const kind = event.type === EVENT_ID.MAPPING ? 'map' : 'list';
    if (event.tagStart >= 0) this.#checkTag(event.tagStart, event.start, kind === 'map' ? '!!map' : '!!seq');
    const { start } = event;
    const flow = event.style === COLLECTION_STYLE.FLOW;
    this.#open.push({ kind, start, flow, anchor: this.#name(event), nodes: [], end: start, size: 1 });
  }

  close(): void {
    const container = this.#open.pop();
    if (container === undefined) return;
    const { start, end, flow, nodes } = container;
    const node: YamlNode = container.kind === 'list' ? { kind: 'list', items: nodes, start, end, flow } : this.#map(container);
    if (container.anchor !== null) this.#anchors.set(container.anchor, { node, size: container.size });
    this.#add(node, container.size);
  }

  /** `before` is where the previous node ends. */
  scalar(event: ScalarEvent, before: number): void {
    const text = getScalarValue(this.#text, event);
    const quote = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0;
    // A value that is not written gets the place where it would be.
    const isWritten = event.valueStart >= 0;
    const start = isWritten ? event.valueStart - quote : this.#emptyAt(before);
    const end = isWritten ? Math.max(start, event.valueEnd + quote) : start;
    let type: YamlScalar['type'] = event.style === SCALAR_STYLE.PLAIN ? plainType(text) : 'string';
    if (event.tagStart >= 0) {
      const tag = this.#text.slice(event.tagStart, event.tagEnd);
      const tagged = TAGGED[tag];
      if (tagged?.fits.test(text)) type = tagged.type;
      else this.#unknownTag(tag, event.tagStart);
    }
    const node: YamlScalar = { kind: 'scalar', type, text, style: styleOf(event), start, end };
    const anchor = this.#name(event);
    if (anchor !== null) this.#anchors.set(anchor, { node, size: 1 });
    this.#add(node, 1);
  }

  /** The place of an empty node: for an item of a list its dash, for a value the position after its key. */
  #emptyAt(end: number): number {
    const dash = this.#open.at(-1)?.kind === 'list' ? this.#text.indexOf('-', end) : -1;
    return Math.max(end, dash);
  }

  alias(start: number, end: number): void {
    const name = this.#text.slice(start, end);
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.faults.push({
        code: 'rule/yaml',
        message: `the alias *${name} has no anchor before it.`,
        hint: 'Put a value that begins with a star in quotes.',
        at: start - 1,
      });
      this.#add({ kind: 'scalar', type: 'null', text: '', style: 'plain', start, end }, 1);
    } else {
      this.#add(target.node, target.size);
    }
  }

  get tooLarge(): boolean {
    return this.#size > MAX_NODES;
  }

  #add(node: YamlNode, size: number): void {
    this.#size += size;
    const parent = this.#open.at(-1);
    if (parent === undefined) this.root = node;
    else {
      parent.nodes.push(node);
      if (node.end > parent.end) parent.end = node.end;
      parent.size += size;
    }
  }

  #map({ start, end, flow, nodes }: Container): YamlMap {
    const entries: YamlEntry[] = [];
    const merged: YamlNode[] = [];
    const seen = new Set<string>();
    for (let i = 0; i + 1 < nodes.length; i += 2) {
      const key = nodes[i]!;
      const value = nodes[i + 1]!;
      if (key.kind !== 'scalar') {
        this.faults.push({ code: 'rule/yaml', message: 'a map key must be text.', at: key.start });
      } else if (key.text === '<<' && value.kind !== 'scalar') {
        merged.push(...(value.kind === 'list' ? value.items : [value]));
      } else if (seen.has(key.text)) {
        this.faults.push({
          code: 'rule/duplicate-key',
          message: `the key "${key.text}" stands twice in one map.`,
          hint: 'Put the values under one key as a list, or use a list of maps.',
          at: key.start,
        });
      } else {
        seen.add(key.text);
        entries.push({ key, value });
      }
    }
    for (const node of merged) {
      if (node.kind !== 'map') {
        this.faults.push({ code: 'rule/yaml', message: 'only maps can be merged with "<<".', at: node.start });
        continue;
      }
      for (const entry of node.entries) {
        if (seen.has(entry.key.text)) continue;
        seen.add(entry.key.text);
        entries.push(entry);
      }
    }
    return { kind: 'map', entries, start, end, flow };
  }

  #name(event: { anchorStart: number; anchorEnd: number }): string | null {
    return event.anchorStart < 0 ? null : this.#text.slice(event.anchorStart, event.anchorEnd);
  }

  #checkTag(start: number, at: number, allowed: string): void {
    const tag = /^\S+/.exec(this.#text.slice(start, at))?.[0] ?? '';
    if (tag !== allowed && tag !== '!') this.#unknownTag(tag, start);
  }

  #unknownTag(tag: string, at: number): void {
    this.faults.push({ code: 'rule/yaml', message: `the YAML tag ${tag} does not fit here.`, at });
  }
}

function styleOf({ style }: ScalarEvent): YamlScalar['style'] {
  if (style === SCALAR_STYLE.SINGLE_QUOTED) return 'single';
  if (style === SCALAR_STYLE.DOUBLE_QUOTED) return 'double';
  return style === SCALAR_STYLE.PLAIN ? 'plain' : 'block';
}

/** Where an event ends, but at least `before`. A node without text is reported there. */
function endOf(event: Event, before: number): number {
  if ('valueEnd' in event) return Math.max(before, event.valueEnd);
  return 'start' in event ? Math.max(before, event.start) : before;
}

export interface ParsedYaml {
  readonly documents: readonly YamlDocument[];
  /** A syntax error anywhere refuses the whole file. Then there are no documents. */
  readonly fault: YamlFault | null;
  /** True when the file has aliases. An edit of a node that an alias names would change more than one place. */
  readonly hasAliases: boolean;
}

/** Limit on the lines of one file that {@link joinLine} joins. */
const MAX_JOINED = 100;

/**
 * In a quoted text, PyYAML accepts a next line that is indented too little, and most rules were written for PyYAML; YAML does
 * not allow it. Such a line break is replaced by the blank that it stands for. null when the error is another one, or when the
 * line break might stand for something else.
 */
function joinLine(text: string, { reason, mark }: YAMLException): string | null {
  const at = mark?.position ?? 0;
  const lineBreak = text.lastIndexOf('\n', at - 1);
  const before = text.slice(text.lastIndexOf('\n', lineBreak - 1) + 1, lineBreak);
  if (reason !== 'deficient indentation' || lineBreak < 0 || text.slice(lineBreak + 1, at).trim() !== '') return null;
  // An empty line stands for a line break in the text; a comment would swallow the next line; an escaped line break stands for
  // nothing.
  if (before.trim() === '' || /[#\r]|\\$/.test(before)) return null;
  return `${text.slice(0, lineBreak)} ${text.slice(lineBreak + 1)}`;
}

/** Every document of a file. */
export function parseYaml(source: string): ParsedYaml {
  let text = source;
  let events: Event[] | null = null;
  let first: YAMLException | null = null;
  for (let joined = 0; events === null; joined++) {
    try {
      events = parseEvents(text, { maxDepth: MAX_DEPTH });
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      first ??= error;
      const again = joined < MAX_JOINED ? joinLine(text, error) : null;
      if (again === null) return { documents: [], fault: syntaxFault(first, source), hasAliases: false };
      text = again;
    }
  }
  const documents: YamlDocument[] = [];
  let hasAliases = false;
  let builder = new TreeBuilder(text);
  let depth = 0;
  let end = 0;
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    if (builder.tooLarge) {
      const fault = { code: 'rule/too-large', message: `more than ${MAX_NODES} YAML nodes in one document.`, at: 0 };
      return { documents: [], fault, hasAliases };
    }
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        builder = new TreeBuilder(text);
        depth = 0;
        break;
      case EVENT_ID.MAPPING:
      case EVENT_ID.SEQUENCE:
        depth++;
        builder.open(event);
        break;
      case EVENT_ID.SCALAR:
        builder.scalar(event, end);
        break;
      case EVENT_ID.ALIAS:
        hasAliases = true;
        builder.alias(event.anchorStart, event.anchorEnd);
        break;
      default:
        if (depth === 0) documents.push({ root: isEmpty(builder.root) ? null : builder.root, faults: builder.faults });
        else {
          depth--;
          builder.close();
        }
    }
    end = endOf(event, end);
  }
  return { documents, fault: null, hasAliases };
}

function isEmpty(root: YamlNode | null): boolean {
  return root === null || (root.kind === 'scalar' && root.type === 'null');
}

/** The entry of a key; undefined when the key is absent or the node is not a map. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  if (node?.kind !== 'map') return undefined;
  for (const entry of node.entries) if (entry.key.text === key) return entry;
  return undefined;
}

/** The scalars of a list. A single scalar counts as a list of one, an empty value as an empty list. */
export function scalarsIn(node: YamlNode | undefined): readonly YamlScalar[] {
  if (node === undefined) return [];
  if (node.kind === 'scalar') return node.text === '' && node.style === 'plain' ? [] : [node];
  return node.kind === 'list' ? node.items.filter((item): item is YamlScalar => item.kind === 'scalar') : [];
}

/**
 * Plain JavaScript data, for keys that are kept without being understood. Numbers stay exact: those that a double cannot hold
 * become text.
 */
export function yamlToData(node: YamlNode): unknown {
  switch (node.kind) {
    case 'list':
      return node.items.map(yamlToData);
    case 'map':
      return Object.assign(Object.create(null), Object.fromEntries(node.entries.map((e) => [e.key.text, yamlToData(e.value)])));
    default: {
      if (node.type === 'null') return null;
      if (node.type === 'boolean') return node.text.toLowerCase() === 'true';
      if (node.type === 'string') return node.text;
      const number = Number(node.text);
      return Number.isFinite(number) && String(number) === node.text ? number : node.text;
    }
  }
}
