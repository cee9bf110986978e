/**
 * YAML text -> a tree of nodes that know where they stand. In: the text of a file. Out: one root per document. Refuses
 * duplicate keys, unknown tags, keys that are not scalars, and trees that are too deep or too large.
 *
 * YAML 1.2 core schema; scalars keep their source text, so that `00000429` is both the number 429 and those eight digits.
 */
import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent, YAMLException } from 'js-yaml';
import { parseCommonYaml } from './yaml-common.ts';

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  /** The text, quotes and escapes resolved; of a number its digits as written. */
  readonly text: string;
  /** Offset in the file's text. */
  readonly at: number;
}
export interface YamlEntry {
  readonly key: string;
  readonly keyAt: number;
  readonly value: YamlNode;
}
export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly at: number;
}
export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: number;
}
export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly at: number;
}

export interface YamlDocument {
  /** null for a document without content. */
  readonly root: YamlNode | null;
  readonly faults: readonly YamlFault[];
}

/** Nesting of lists and maps. Rules need about six. */
const MAX_DEPTH = 64;
/** Nodes of one document after aliases have been followed: bounds "billion laughs" files. */
const MAX_NODES = 250_000;

const NULL = /^(?:null|Null|NULL|~|)$/;
const BOOLEAN = /^(?:true|True|TRUE|false|False|FALSE)$/;
const NUMBER = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+)$/;

/** What an untagged plain scalar is in the core schema. `.inf` and `.nan` have no use in a rule and stay text. */
export function plainType(text: string): YamlScalar['type'] {
  const first = text.charCodeAt(0);
  // Most scalars begin with a letter that starts no special word.
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
  readonly at: number;
  readonly anchor: string | null;
  readonly nodes: YamlNode[];
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

  open(event: Exclude<Event, ScalarEvent> & { start: number; anchorStart: number; anchorEnd: number; tagStart: number }): void {
    const kind = event.type === EVENT_ID.MAPPING ? 'map' : 'list';
    if (event.tagStart >= 0) this.#checkTag(event.tagStart, event.start, kind === 'map' ? '!!map' : '!!seq');
    this.#open.push({ kind, at: event.start, anchor: this.#name(event), nodes: [], size: 1 });
  }

  close(): void {
    const container = this.#open.pop();
    if (container === undefined) return;
    const { at, nodes } = container;
    const node: YamlNode = container.kind === 'list' ? { kind: 'list', items: nodes, at } : this.#map(container);
    if (container.anchor !== null) this.#anchors.set(container.anchor, { node, size: container.size });
    this.#add(node, container.size);
  }

  scalar(event: ScalarEvent, end: number): void {
    const text = getScalarValue(this.#text, event);
    const at = event.valueStart >= 0 ? Math.max(0, event.valueStart - (event.style === SCALAR_STYLE.PLAIN ? 0 : 1)) : end;
    let type: YamlScalar['type'] = event.style === SCALAR_STYLE.PLAIN ? plainType(text) : 'string';
    if (event.tagStart >= 0) {
      const tag = this.#text.slice(event.tagStart, event.tagEnd);
      const tagged = TAGGED[tag];
      if (tagged?.fits.test(text)) type = tagged.type;
      else this.#unknownTag(tag, event.tagStart);
    }
    const node: YamlScalar = { kind: 'scalar', type, text, at };
    const anchor = this.#name(event);
    if (anchor !== null) this.#anchors.set(anchor, { node, size: 1 });
    this.#add(node, 1);
  }

  alias(start: number, end: number): void {
    const name = this.#text.slice(start, end);
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.faults.push({ code: 'rule/yaml', message: `the alias *${name} has no anchor before it.`, at: start - 1 });
      this.#add({ kind: 'scalar', type: 'null', text: '', at: start }, 1);
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
      parent.size += size;
    }
  }

  #map({ at, nodes }: Container): YamlMap {
    const entries: YamlEntry[] = [];
    const merged: YamlNode[] = [];
    const seen = new Set<string>();
    for (let i = 0; i + 1 < nodes.length; i += 2) {
      const key = nodes[i]!;
      const value = nodes[i + 1]!;
      if (key.kind !== 'scalar') {
        this.faults.push({ code: 'rule/yaml', message: 'a map key must be text.', at: key.at });
      } else if (key.text === '<<' && value.kind !== 'scalar') {
        merged.push(...(value.kind === 'list' ? value.items : [value]));
      } else if (seen.has(key.text)) {
        this.faults.push({
          code: 'rule/duplicate-key',
          message: `the key "${key.text}" stands twice in one map.`,
          hint: 'Put the values under one key as a list, or use a list of maps.',
          at: key.at,
        });
      } else {
        seen.add(key.text);
        entries.push({ key: key.text, keyAt: key.at, value });
      }
    }
    for (const node of merged) {
      if (node.kind !== 'map') {
        this.faults.push({ code: 'rule/yaml', message: 'only maps can be merged with "<<".', at: node.at });
        continue;
      }
      for (const entry of node.entries) {
        if (seen.has(entry.key)) continue;
        seen.add(entry.key);
        entries.push(entry);
      }
    }
    return { kind: 'map', entries, at };
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

/** The end of what has been read before a node without text: where such a node is reported. */
function endOf(event: Event | undefined): number {
  if (event === undefined || !('valueEnd' in event)) return 0;
  return Math.max(0, event.valueEnd);
}

export interface ParsedYaml {
  readonly documents: readonly YamlDocument[];
  /** One fault of syntax costs the whole file: then there are no documents. */
  readonly fault: YamlFault | null;
}

/** Every document of a file. */
export function parseYaml(text: string): ParsedYaml {
  const documents = parseCommonYaml(text);
  return documents === null ? parseAnyYaml(text) : { documents, fault: null };
}

/** The same by the full parser. */
export function parseAnyYaml(text: string): ParsedYaml {
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const at = error.mark?.position ?? 0;
    return { documents: [], fault: { code: 'rule/yaml', message: `not valid YAML: ${error.reason}.`, at } };
  }
  const documents: YamlDocument[] = [];
  let builder = new TreeBuilder(text);
  let depth = 0;
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    if (builder.tooLarge) {
      const fault = { code: 'rule/too-large', message: `more than ${MAX_NODES} YAML nodes in one document.`, at: 0 };
      return { documents: [], fault };
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
        builder.scalar(event, endOf(events[i - 1]));
        break;
      case EVENT_ID.ALIAS:
        builder.alias(event.anchorStart, event.anchorEnd);
        break;
      default:
        if (depth === 0) documents.push({ root: isEmpty(builder.root) ? null : builder.root, faults: builder.faults });
        else {
          depth--;
          builder.close();
        }
    }
  }
  return { documents, fault: null };
}

function isEmpty(root: YamlNode | null): boolean {
  return root === null || (root.kind === 'scalar' && root.type === 'null');
}

/** The value of a key; undefined when the map has no such key. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  for (const entry of map.entries) if (entry.key === key) return entry;
  return undefined;
}

/** Plain JavaScript data, for keys that are kept but not understood. Numbers stay exact: unsafe ones become their text. */
export function yamlToData(node: YamlNode): unknown {
  switch (node.kind) {
    case 'list':
      return node.items.map(yamlToData);
    case 'map':
      return Object.assign(Object.create(null), Object.fromEntries(node.entries.map((e) => [e.key, yamlToData(e.value)])));
    default: {
      if (node.type === 'null') return null;
      if (node.type === 'boolean') return node.text.toLowerCase() === 'true';
      if (node.type === 'string') return node.text;
      const number = Number(node.text);
      return Number.isFinite(number) && String(number) === node.text ? number : node.text;
    }
  }
}
