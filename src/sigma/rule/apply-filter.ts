/**
 * Applies Sigma filters to a rule. In: a rule and the filters that name it. Out: the rule with the condition `(rule) and
 * (filter) and ...` and the filters' selections under new names. Spec, Filters.
 */
import type { Condition, Detection, DetectionRule, FilterRule } from '../../model/rule.ts';

/** A filter applies to a rule when every part that its log source sets is the same in the rule's. */
export function filterCovers(filter: FilterRule, rule: DetectionRule): boolean {
  return (['product', 'category', 'service'] as const).every((part) => {
    const wanted = filter.logsource[part];
    return wanted === undefined || wanted.toLowerCase() === rule.logsource[part]?.toLowerCase();
  });
}

export function applyFilters(rule: DetectionRule, filters: readonly FilterRule[]): DetectionRule {
  const selections: Record<string, Detection> = Object.assign(Object.create(null), rule.selections);
  const conditions = filters.map((filter) => addFilter(filter, selections));
  return {
    ...rule,
    selections,
    // All filters in one `and`, so that the tree gets no deeper with each filter. `suppressedBy` takes it apart.
    condition: { kind: 'and', of: [rule.condition, ...conditions] },
    filters: [...rule.filters, ...filters.map(({ head }) => head.title)],
  };
}

function labelOf({ head }: FilterRule): string {
  return head.id ?? head.title;
}

/** Adds the filter's selections to those of the rule, and gives its condition. */
function addFilter(filter: FilterRule, selections: Record<string, Detection>): Condition {
  const label = labelOf(filter);
  const scoped = new Map<string, string>();
  for (const [name, detection] of Object.entries(filter.selections)) {
    let own = `${label}/${name}`;
    while (own in selections) own += "'";
    scoped.set(name, own);
    selections[own] = detection;
  }
  return rename(filter.condition, scoped);
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

/**
 * For each filter of a rule, a rule that matches what this filter suppresses: the rule's own condition holds, the filter's does
 * not.
 */
export function suppressedBy(rule: DetectionRule): readonly { readonly filter: string; readonly rule: DetectionRule }[] {
  if (rule.filters.length === 0 || rule.condition.kind !== 'and') return [];
  const [own, ...filters] = rule.condition.of;
  return filters.map((of, i) => ({
    filter: rule.filters[i]!,
    rule: { ...rule, condition: { kind: 'and', of: [own!, { kind: 'not', of }] } },
  }));
}
