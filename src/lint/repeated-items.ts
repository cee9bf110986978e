/** Lists whose items must differ. */
import type { YamlList, YamlNode, YamlScalar } from './yaml-source.ts';

/** Calls `report` for each scalar of a list that an earlier one equals. */
export function reportRepeatedItems(node: YamlNode | undefined, report: (item: YamlScalar, list: YamlList) => void): void {
  if (node?.kind !== 'list') return;
  const seen = new Set<string>();
  for (const item of node.items) {
    if (item.kind !== 'scalar') continue;
    if (seen.has(item.text)) report(item, node);
    seen.add(item.text);
  }
}
