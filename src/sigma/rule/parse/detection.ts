/**
 * Parses a selection. A map means AND over its keys, a list means OR over its entries, and texts in a list are keywords.
 * Refuses empty maps and lists.
 */
import type { Detection } from '../../../model/rule.ts';
import type { YamlList, YamlMap, YamlNode, YamlScalar } from '../../yaml/yaml.ts';
import { type ItemContext, keywordItem, parseItem } from './item.ts';

/** null after a fault. */
export function parseSelection(name: string, node: YamlNode, context: ItemContext): Detection | null {
  switch (node.kind) {
    case 'map':
      return parseMap(name, node, context);
    case 'list':
      return parseList(name, node, context);
    default:
      return keywordItem([node], node.start, context);
  }
}

function parseMap(name: string, map: YamlMap, context: ItemContext): Detection | null {
  const { faults } = context;
  if (map.entries.length === 0) {
    faults.error('empty-selection', map.start, `"${name}" holds an empty map.`, 'Name at least one field.');
    return null;
  }
  // All of them, because each may have faults.
  const items = map.entries.map((entry) => parseItem(entry, context)).filter((item) => item !== null);
  if (items.length < map.entries.length) return null;
  return items.length === 1 ? items[0]! : { kind: 'all', of: items, span: faults.source.span(map.start) };
}

function parseList(name: string, list: YamlList, context: ItemContext): Detection | null {
  const { faults } = context;
  if (list.items.length === 0) {
    faults.error('empty-selection', list.start, `"${name}" is an empty list.`, 'Name at least one field or keyword.');
    return null;
  }
  const keywords: YamlScalar[] = [];
  const of: Detection[] = [];
  for (const item of list.items) {
    if (item.kind === 'scalar') {
      keywords.push(item);
      continue;
    }
    // A list inside a list is one alternative, which is itself a list (as in pySigma).
    const detection = item.kind === 'map' ? parseMap(name, item, context) : parseList(name, item, context);
    if (detection === null) return null;
    of.push(detection);
  }
  if (keywords.length > 0) {
    const item = keywordItem(keywords, keywords[0]!.start, context);
    if (item === null) return null;
    of.push(item);
  }
  return of.length === 1 ? of[0]! : { kind: 'any', of, span: faults.source.span(list.start) };
}
