/** Small readers of YAML nodes that say what is wrong with the ones that do not fit. */

import { entryOf, type YamlMap, type YamlNode, type YamlScalar } from '../../yaml/yaml.ts';
import type { Faults } from '../faults.ts';

/** What a node is, for messages: `a list`, `text`, `nothing`. */
export function nodeName(node: YamlNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  return node.type === 'null' ? 'nothing' : node.type === 'string' ? 'text' : `the ${node.type} ${node.text}`;
}

/** Text of a key that holds a scalar; undefined when absent, null or (after a fault) something else. */
export function textOf(map: YamlMap, key: string, faults: Faults): string | undefined {
  const value = entryOf(map, key)?.value;
  if (value === undefined || (value.kind === 'scalar' && value.type === 'null')) return undefined;
  if (value.kind === 'scalar') return value.text;
  faults.error('type', value.start, `"${key}" must be text, not ${nodeName(value)}.`);
  return undefined;
}

/** A scalar or a list of scalars as a list; faults for what is neither. */
export function scalarsOf(node: YamlNode, what: string, faults: Faults): readonly YamlScalar[] {
  const items = node.kind === 'list' ? node.items : [node];
  const scalars: YamlScalar[] = [];
  for (const item of items) {
    if (item.kind === 'scalar' && item.type !== 'null') scalars.push(item);
    else if (node.kind === 'list' || item.kind !== 'scalar') {
      faults.error('type', item.start, `"${what}" must be text or a list of texts, not ${nodeName(item)}.`);
    }
  }
  return scalars;
}

export function textsOf(map: YamlMap, key: string, faults: Faults): readonly string[] {
  const value = entryOf(map, key)?.value;
  return value === undefined ? [] : scalarsOf(value, key, faults).map((scalar) => scalar.text);
}
