/** Finds the detection items of a document, at any depth. */
import type { Detection, DetectionItem, DetectionValue } from '../../model/rule.ts';
import { getOrInsert, remembered } from '../../model/values/maps.ts';
import type { YamlNode } from '../../sigma/yaml/yaml.ts';
import type { LintDocument } from '../document.ts';
import type { TextEdit } from '../lint-rule.ts';
import { removeItem } from './edits.ts';

export function itemsIn(detection: Detection): readonly DetectionItem[] {
  return detection.kind === 'item' ? [detection] : detection.of.flatMap(itemsIn);
}

/** Every item of a rule or filter. */
export const itemsOf = remembered(({ rule }: LintDocument): readonly DetectionItem[] =>
  rule === null || rule.kind === 'correlation' ? [] : Object.values(rule.selections).flatMap(itemsIn),
);

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
  return getOrInsert(nodesOf, item, () => findNodes(document, item));
}

/** Removes one of several values; null where it does not stand in a list of its own, or its line has something else. */
export function removeValue(document: LintDocument, item: DetectionItem, { span }: DetectionValue): TextEdit[] | null {
  const { list, nodes } = valueNodes(document, item) ?? {};
  const node = nodes?.get(`${span.line}:${span.column}`);
  return node !== undefined && list?.kind === 'list' ? removeItem(document, list, node) : null;
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
