/** Checks lists whose items must differ. */
import type { YamlList, YamlNode, YamlScalar } from '../../sigma/yaml/yaml.ts';

/** No more than this are reported for a list, because further ones tell nothing new. */
const MAX_REPORTS = 100;

/** Calls `report` for each scalar of a list that equals an earlier one, up to a limit. */
export function reportRepeatedItems(node: YamlNode | undefined, report: (item: YamlScalar, list: YamlList) => void): void {
  if (node?.kind !== 'list') return;
  const seen = new Set<string>();
  let reported = 0;
  for (const item of node.items) {
    if (item.kind !== 'scalar') continue;
    if (seen.has(item.text) && reported++ < MAX_REPORTS) report(item, node);
    seen.add(item.text);
  }
}
