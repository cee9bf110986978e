/** Reads scalars and lists from YAML nodes. Reports a fault for a node of another kind. */

import { entryOf, type YamlMap, type YamlNode, type YamlScalar } from '../../yaml/yaml.ts';
import type { Faults } from '../faults.ts';

/** The kind of a node, as messages call it: `a list`, `text`, `nothing`. */
export function nodeName(node: YamlNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  return node.type === 'null' ? 'nothing' : node.type === 'string' ? 'text' : `the ${node.type} ${node.text}`;
}

/** Where a value belongs. A fault in the part that detects refuses the rule; in metadata, only the value is left out. */
type Part = 'rule' | 'metadata';

function typeFault(part: Part, faults: Faults, at: number, message: string, hint?: string): void {
  if (part === 'rule') faults.error('type', at, message, hint);
  else faults.warn('metadata', at, message, hint);
}

/** The text of a key that holds a scalar; undefined when it is absent, null or (after a fault) something else. */
export function textOf(map: YamlMap, key: string, faults: Faults, part: Part = 'rule'): string | undefined {
  const value = entryOf(map, key)?.value;
  if (value === undefined || (value.kind === 'scalar' && value.type === 'null')) return undefined;
  if (value.kind === 'scalar') return value.text;
  typeFault(part, faults, value.start, `"${key}" must be text, not ${nodeName(value)}.`);
  return undefined;
}

/** A scalar or a list of scalars, as a list. Reports a fault for anything else. */
export function scalarsOf(node: YamlNode, what: string, faults: Faults, part: Part = 'rule'): readonly YamlScalar[] {
  const items = node.kind === 'list' ? node.items : [node];
  const scalars: YamlScalar[] = [];
  for (const item of items) {
    if (item.kind === 'scalar' && item.type !== 'null') scalars.push(item);
    else if (node.kind === 'list' || item.kind !== 'scalar') {
      const hint = item.kind === 'map' ? 'Put text with a colon in it in quotes.' : undefined;
      typeFault(part, faults, item.start, `"${what}" must be text or a list of texts, not ${nodeName(item)}.`, hint);
    }
  }
  return scalars;
}

export function textsOf(map: YamlMap, key: string, faults: Faults, part: Part = 'rule'): readonly string[] {
  const value = entryOf(map, key)?.value;
  return value === undefined ? [] : scalarsOf(value, key, faults, part).map((scalar) => scalar.text);
}
