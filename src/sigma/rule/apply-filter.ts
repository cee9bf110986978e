/** Spec, Filters: what a filter does to a rule. `(rule) and (filter)`, the filter's selections under names of their own. */
import type { Condition, Detection, DetectionRule, FilterRule } from '../../model/rule.ts';

/** A filter's log source covers a rule's when every part that it sets is the same there. */
export function filterCovers(filter: FilterRule, rule: DetectionRule): boolean {
  return (['product', 'category', 'service'] as const).every((part) => {
    const wanted = filter.logsource[part];
    return wanted === undefined || wanted.toLowerCase() === rule.logsource[part]?.toLowerCase();
  });
}

export function applyFilter(rule: DetectionRule, filter: FilterRule): DetectionRule {
  const label = filter.head.id ?? filter.head.title;
  const selections: Record<string, Detection> = Object.assign(Object.create(null), rule.selections);
  const scoped = new Map<string, string>();
  for (const [name, detection] of Object.entries(filter.selections)) {
    let own = `${label}/${name}`;
    while (own in selections) own += "'";
    scoped.set(name, own);
    selections[own] = detection;
  }
  return {
    ...rule,
    selections,
    condition: { kind: 'and', of: [rule.condition, rename(filter.condition, scoped)] },
    filters: [...rule.filters, label],
  };
}

function rename(condition: Condition, names: ReadonlyMap<string, string>): Condition {
  switch (condition.kind) {
    case 'selection':
      return { kind: 'selection', name: names.get(condition.name) ?? condition.name };
    case 'selector':
      return { ...condition, names: condition.names.map((name) => names.get(name) ?? name) };
    case 'not':
      return { kind: 'not', of: rename(condition.of, names) };
    default:
      return { kind: condition.kind, of: condition.of.map((part) => rename(part, names)) };
  }
}
