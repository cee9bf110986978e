/**
 * In: the text of a YAML file. Out: its documents as trees whose nodes know where they stand in the text, so that a finding
 * has a place and a fix has a range. Refuses nothing: what the text means is the rule parser's business, and text that is
 * not YAML gives no documents.
 */
import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';
import type { Span } from '../model/rule.ts';

interface NodeBase {
  /** Offsets in the text; quotes and block headers are inside. */
  readonly start: number;
  readonly end: number;
}

export interface YamlScalar extends NodeBase {
  readonly kind: 'scalar';
  /** The decoded text, whatever its type: `4624`, `null`. */
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
  readonly flow: boolean;
}

export interface YamlList extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly flow: boolean;
}

export type YamlNode = YamlScalar | YamlMap | YamlList;

/** Deeper trees than this are no rules. */
const MAX_DEPTH = 64;

/** The documents of a YAML text; none when it cannot be parsed. */
export function yamlDocuments(text: string): readonly YamlNode[] {
  return yamlSource(text).documents;
}

export interface YamlSource {
  readonly documents: readonly YamlNode[];
  /** True when a node stands for what is written elsewhere: an edit there would reach further than it seems. */
  readonly hasAliases: boolean;
}

export function yamlSource(text: string): YamlSource {
  let events: readonly Event[];
  try {
    events = parseEvents(text, { maxDepth: MAX_DEPTH });
  } catch {
    return { documents: [], hasAliases: false };
  }
  return {
    documents: new TreeBuilder(text, events).documents(),
    hasAliases: events.some((event) => event.type === EVENT_ID.ALIAS),
  };
}

class TreeBuilder {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, YamlNode>();
  #at = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  documents(): YamlNode[] {
    const documents: YamlNode[] = [];
    while (this.#at < this.#events.length) {
      const event = this.#events[this.#at++];
      if (event?.type !== EVENT_ID.DOCUMENT) continue;
      this.#anchors.clear();
      if (this.#peekIsPop()) continue;
      documents.push(this.#node());
    }
    return documents;
  }

  #peekIsPop(): boolean {
    return this.#events[this.#at]?.type === EVENT_ID.POP;
  }

  #node(): YamlNode {
    const event = this.#events[this.#at++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#named(event, this.#scalar(event));
      case EVENT_ID.MAPPING: {
        const entries: YamlEntry[] = [];
        let end = event.start;
        while (!this.#peekIsPop()) {
          const key = this.#node();
          const value = this.#node();
          end = Math.max(end, key.end, value.end);
          if (key.kind === 'scalar') entries.push({ key, value });
        }
        this.#at++;
        return this.#named(event, { kind: 'map', start: event.start, end, entries, flow: event.style === 2 });
      }
      case EVENT_ID.SEQUENCE: {
        const items: YamlNode[] = [];
        let end = event.start;
        while (!this.#peekIsPop()) {
          const item = this.#node();
          end = Math.max(end, item.end);
          items.push(item);
        }
        this.#at++;
        return this.#named(event, { kind: 'list', start: event.start, end, items, flow: event.style === 2 });
      }
      case EVENT_ID.ALIAS: {
        const node = this.#anchors.get(this.#text.slice(event.anchorStart, event.anchorEnd));
        // The alias stands where it is written; what it names is read there, never edited.
        return node ?? { kind: 'scalar', text: '', style: 'plain', start: event.anchorStart, end: event.anchorEnd };
      }
      default:
        return { kind: 'scalar', text: '', style: 'plain', start: this.#text.length, end: this.#text.length };
    }
  }

  #named(event: { anchorStart: number; anchorEnd: number }, node: YamlNode): YamlNode {
    if (event.anchorStart >= 0) this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), node);
    return node;
  }

  #scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): YamlScalar {
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const start = Math.max(0, event.valueStart - (quoted ? 1 : 0));
    return {
      kind: 'scalar',
      text: event.valueStart < 0 ? '' : getScalarValue(this.#text, event),
      style: styleName(event.style),
      start,
      end: Math.max(start, event.valueEnd + (quoted ? 1 : 0)),
    };
  }
}

function styleName(style: number): YamlScalar['style'] {
  if (style === SCALAR_STYLE.SINGLE_QUOTED) return 'single';
  if (style === SCALAR_STYLE.DOUBLE_QUOTED) return 'double';
  return style === SCALAR_STYLE.PLAIN ? 'plain' : 'block';
}

/** Offsets to lines and columns and back; both count from 1, columns in UTF-16 units. */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1);
  }

  span(offset: number): Span {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }

  offset(span: Span): number {
    return (this.#starts[span.line - 1] ?? 0) + span.column - 1;
  }

  /** Where a line begins; the text's end for lines behind it. */
  lineStart(line: number, textLength: number): number {
    return this.#starts[line - 1] ?? textLength;
  }
}

/** The value of a key of a map. */
export function entryOf(node: YamlNode | undefined, key: string): YamlEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key.text === key) : undefined;
}

/** A list's scalars; a lone scalar counts as a list of one, an empty value as none. */
export function scalarsOf(node: YamlNode | undefined): readonly YamlScalar[] {
  if (node === undefined) return [];
  if (node.kind === 'scalar') return node.text === '' && node.style === 'plain' ? [] : [node];
  return node.kind === 'list' ? node.items.filter((item): item is YamlScalar => item.kind === 'scalar') : [];
}
