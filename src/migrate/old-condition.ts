/**
 * Reads a condition of Sigma 1 that has a `|`. In: the text of the condition. Out: the search before the `|` and what stands
 * behind it. Refuses, with the reason, what Sigma 1 does not define.
 *
 * Sigma 1, Aggregation expression: `agg-function(agg-field) [ by group-field ] comparison-op value`, with count, min, max, avg
 * and sum. Near aggregation expression: `near search-id-1 [ [ and search-id-2 | and not search-id-3 ] ... ]`.
 */
import type { CompareOperator } from '../model/rule.ts';

export type AggregationFunction = 'count' | 'min' | 'max' | 'avg' | 'sum';

export type OldAggregation =
  | {
      readonly kind: 'aggregation';
      readonly search: string;
      readonly function: AggregationFunction;
      /** null: `count()`, the number of events. */
      readonly field: string | null;
      readonly groupBy: readonly string[];
      readonly operator: CompareOperator;
      /** A decimal number, kept as it is written. */
      readonly value: string;
    }
  | {
      readonly kind: 'near';
      readonly search: string;
      readonly near: readonly { readonly name: string; readonly negated: boolean }[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

const FIELD = String.raw`[^\s(),<>=!|]+`;
const AGGREGATION = new RegExp(
  String.raw`^(count|min|max|avg|sum)\s*\(\s*(${FIELD})?\s*\)(?:\s*by\s+(${FIELD}(?:\s*,\s*${FIELD})*))?\s*(<=|>=|==|!=|<|>|=)\s*(-?\d+(?:\.\d+)?)$`,
  'i',
);
const OPERATORS: Readonly<Record<string, CompareOperator>> = {
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
  '=': 'eq',
  '==': 'eq',
  '!=': 'neq',
};

/** null for a condition without `|`, which is the same in Sigma 1 and 2. */
export function parseOldCondition(text: string): OldAggregation | null {
  const bar = text.indexOf('|');
  if (bar < 0) return null;
  const search = text.slice(0, bar).trim();
  const rest = text.slice(bar + 1).trim();
  return /^near\s/i.test(rest) ? parseNear(search, rest) : parseAggregation(search, rest);
}

function parseNear(search: string, rest: string): OldAggregation {
  const near: { name: string; negated: boolean }[] = [];
  for (const part of rest
    .slice('near'.length)
    .trim()
    .split(/\s+and\s+/i)) {
    const parsed = /^(not\s+)?([\w-]+)$/i.exec(part);
    if (parsed === null) return { kind: 'unknown', reason: `"near" names selections, joined by "and"; "${part}" is none.` };
    near.push({ name: parsed[2]!, negated: parsed[1] !== undefined });
  }
  return { kind: 'near', search, near };
}

function parseAggregation(search: string, rest: string): OldAggregation {
  const parsed = AGGREGATION.exec(rest);
  if (parsed === null) {
    return { kind: 'unknown', reason: `"| ${rest}" is not of the form "| count(field) by group > 5".` };
  }
  const name = parsed[1]!.toLowerCase() as AggregationFunction;
  const field = parsed[2] ?? null;
  if (field === null && name !== 'count') return { kind: 'unknown', reason: `"${name}" needs a field in its parentheses.` };
  return {
    kind: 'aggregation',
    search,
    function: name,
    field,
    groupBy: parsed[3]?.split(/\s*,\s*/) ?? [],
    operator: OPERATORS[parsed[4]!]!,
    value: parsed[5]!,
  };
}
