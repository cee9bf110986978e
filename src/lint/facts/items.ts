/** Finds the detection items of a document, at any depth. */
import type { Detection, DetectionItem } from '../../model/rule.ts';
import type { YamlNode } from '../../sigma/yaml/yaml.ts';
import type { LintDocument } from '../document.ts';

export function itemsIn(detection: Detection): readonly DetectionItem[] {
  return detection.kind === 'item' ? [detection] : detection.of.flatMap(itemsIn);
}

const itemsOfRule = new WeakMap<LintDocument, readonly DetectionItem[]>();

/** Every item of a rule or filter. */
export function itemsOf(document: LintDocument): readonly DetectionItem[] {
  const { rule } = document;
  if (rule === null || rule.kind === 'correlation') return [];
  let items = itemsOfRule.get(document);
  if (items === undefined) {
    items = Object.values(rule.selections).flatMap(itemsIn);
    itemsOfRule.set(document, items);
  }
  return items;
}

/** `CommandLine|contains|all`, for messages. */
export function itemName(item: DetectionItem): string {
  return [item.field ?? 'keywords', ...item.modifiers].join('|');
}

const nodesOf = new WeakMap<DetectionItem, ReturnType<typeof valueNodes>>();

/** The nodes of the values as written, by place: `line:column`. */
export function valueNodes(
  document: LintDocument,
  item: DetectionItem,
): { readonly list: YamlNode; readonly nodes: ReadonlyMap<string, YamlNode> } | null {
  const known = nodesOf.get(item);
  if (known !== undefined) return known;
  const found = findNodes(document, item);
  nodesOf.set(item, found);
  return found;
}

function findNodes(document: LintDocument, item: DetectionItem): ReturnType<typeof valueNodes> {
  const list = document.entryAt(item.span)?.value;
  if (list === undefined) return null;
  const nodes = new Map<string, YamlNode>();
  for (const node of list.kind === 'list' ? list.items : [list]) {
    const { line, column } = document.spanOf(node);
    nodes.set(`${line}:${column}`, node);
  }
  return { list, nodes };
}
