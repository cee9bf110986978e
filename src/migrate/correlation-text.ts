/**
 * Writes the `correlation:` key that replaces what a condition of Sigma 1 had behind its `|`. In: the parsed condition, the
 * references to the rules and the timespan. Out: lines of YAML. Refuses nothing.
 */
import { plainScalar } from '../lint/facts/edits.ts';
import type { CorrelationType } from '../model/rule.ts';
import type { OldAggregation } from './old-condition.ts';

type Migratable = Exclude<OldAggregation, { kind: 'unknown' }>;

export function correlationLines(old: Migratable, rules: readonly string[], timespan: string, indent: string): string[] {
  const list = (key: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`${indent}${key}:`, ...items.map((item) => `${indent}${indent}- ${plainScalar(item)}`)];
  return [
    'correlation:',
    `${indent}type: ${typeOf(old)}`,
    ...list('rules', rules),
    ...list('group-by', old.kind === 'near' ? [] : old.groupBy),
    `${indent}timespan: ${timespan}`,
    ...conditionLines(old, indent),
  ];
}

function typeOf(old: Migratable): CorrelationType {
  if (old.kind === 'near') return 'temporal';
  switch (old.function) {
    case 'count':
      // Sigma 1: "With field name it counts the distinct values in this field."
      return old.field === null ? 'event_count' : 'value_count';
    case 'sum':
      return 'value_sum';
    case 'avg':
      return 'value_avg';
    default:
      return 'value_percentile';
  }
}

/** The least value is the percentile 0, the greatest the percentile 100. */
const PERCENTILES = new Map([
  ['min', 0],
  ['max', 100],
]);

function conditionLines(old: Migratable, indent: string): string[] {
  if (old.kind === 'near') return [];
  const percentile = PERCENTILES.get(old.function);
  const lines = [
    ...(old.field === null ? [] : [`field: ${plainScalar(old.field)}`]),
    ...(percentile === undefined ? [] : [`percentile: ${percentile}`]),
    `${old.operator}: ${old.value}`,
  ];
  return [`${indent}condition:`, ...lines.map((line) => indent + indent + line)];
}
