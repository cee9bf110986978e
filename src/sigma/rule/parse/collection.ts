/**
 * Applies `action: global`, `reset` and `repeat` (from Sigma 1; pySigma still reads them) to the documents of one file. In: the
 * documents in order. Out: for each, one rule, correlation or filter. Refuses an unknown action and files that would become too
 * large.
 */

import { entryOf, type YamlMap, type YamlNode } from '../../yaml/yaml.ts';
import type { Faults } from '../faults.ts';
import { didYouMean } from '../suggest.ts';

const ACTIONS = ['global', 'reset', 'repeat'];
/** Limit on the nodes that `global` and `repeat` may add to all documents of one file. */
const MAX_MERGED = 250_000;

/** Merges maps key by key; where both have a value, that of `over` is used. Keys keep the order of `base`. */
export function mergeMaps(base: YamlMap, over: YamlMap): YamlMap {
  const merged = new Map(base.entries.map((entry) => [entry.key.text, entry]));
  for (const entry of over.entries) {
    const older = merged.get(entry.key.text);
    merged.set(entry.key.text, older === undefined ? entry : { ...entry, value: mergeNodes(older.value, entry.value) });
  }
  return { ...base, entries: [...merged.values()] };
}

function mergeNodes(base: YamlNode, over: YamlNode): YamlNode {
  return base.kind === 'map' && over.kind === 'map' ? mergeMaps(base, over) : over;
}

/** The result for one YAML document. */
export type Taken =
  /** A document to parse, which includes what it takes over from others. `global` is the document that it takes over from. */
  | { readonly kind: 'document'; readonly map: YamlMap; readonly global: YamlMap | null }
  | { readonly kind: 'global'; readonly map: YamlMap }
  /** The document only changes later ones, or has a fault. */
  | { readonly kind: 'nothing' };

/** Takes a file's documents in order, and keeps those that `global` and `repeat` refer to. */
export class Collection {
  #global: YamlMap | null = null;
  #previous: YamlMap | null = null;
  #merged = 0;

  take(map: YamlMap, faults: Faults): Taken {
    const action = entryOf(map, 'action');
    if (action === undefined) {
      // As in pySigma, correlations and filters take nothing over from other documents and are not repeated.
      if (entryOf(map, 'correlation') !== undefined || entryOf(map, 'filter') !== undefined) {
        return { kind: 'document', map, global: null };
      }
      // The global document's values win over the document's own.
      return this.#document(this.#global === null ? map : this.#merge(map, map, this.#global, faults));
    }
    const rest: YamlMap = { ...map, entries: map.entries.filter((entry) => entry !== action) };
    const name = action.value.kind === 'scalar' ? action.value.text : '';
    switch (name) {
      case 'global':
        this.#global = rest;
        this.#previous = rest;
        return { kind: 'global', map: rest };
      case 'reset':
        this.#global = null;
        return { kind: 'nothing' };
      case 'repeat':
        if (this.#previous !== null) return this.#document(this.#merge(map, this.#previous, rest, faults));
        faults.error('action', action.key.start, '"action: repeat" has no document before it.');
        return { kind: 'nothing' };
      default: {
        const hint = didYouMean(name, ACTIONS) ?? `Actions are ${ACTIONS.join(', ')}.`;
        faults.error('action', action.value.start, `"${name}" is not an action.`, hint);
        return { kind: 'nothing' };
      }
    }
  }

  #document(map: YamlMap | null): Taken {
    this.#previous = map;
    return map === null ? { kind: 'nothing' } : { kind: 'document', map, global: this.#global };
  }

  /** null (after a fault) when the file would become too large: one short document could be added to thousands. */
  #merge(map: YamlMap, base: YamlMap, over: YamlMap, faults: Faults): YamlMap | null {
    this.#merged += nodeCount(map === base ? over : base);
    if (this.#merged > MAX_MERGED) {
      faults.error('too-large', map.start, `"action" puts more than ${MAX_MERGED} nodes into the documents of this file.`);
      return null;
    }
    return { ...mergeMaps(base, over), start: map.start, end: map.end };
  }
}

function nodeCount(node: YamlNode): number {
  switch (node.kind) {
    case 'map':
      return node.entries.reduce((sum, { value }) => sum + nodeCount(value), 1);
    case 'list':
      return node.items.reduce((sum, item) => sum + nodeCount(item), 1);
    default:
      return 1;
  }
}
