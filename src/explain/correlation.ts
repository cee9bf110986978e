/**
 * Explains a correlation rule. In: the rule, the rules that it refers to, and their matches in a log. Out: whether it fired, as
 * the engine itself computes it. If it did not, the smallest reason is given: a rule without a match, a missing field to group
 * by, rules that never match in one group, a window that is too small, an order that never occurs, or a count that is not
 * reached.
 */

import { correlate } from '../findings/correlate/correlate.ts';
import { fieldTuples } from '../findings/correlate/field-tuples.ts';
import { type MatchFieldValue, matchFieldsOf } from '../findings/store/match-fields.ts';
import { matchStream } from '../findings/store/match-stream.ts';
import type { Correlation, Match } from '../model/match.ts';
import type { CompareOperator, CorrelationRule } from '../model/rule.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { addTo } from '../model/values/maps.ts';

export interface ReferenceMatches {
  /** The reference as the correlation writes it. */
  readonly reference: string;
  readonly title: string;
  readonly matches: number;
  /** True when the reference is itself a correlation. */
  readonly isCorrelation: boolean;
}

export interface CorrelationExplanation {
  readonly rule: CorrelationRule;
  readonly fired: readonly Correlation[];
  readonly references: readonly ReferenceMatches[];
  /** Why it did not fire; empty when it did. */
  readonly reasons: readonly string[];
}

/** One occurrence of a referenced rule. */
interface Occurrence {
  readonly reference: number;
  readonly timeUs: number;
  /** A match, or a correlation that fired. */
  readonly of: Match | Correlation;
}

/** `matches` are those of the rule set's detection rules, in any order. */
export function explainCorrelation(ruleSet: RuleSet, rule: number, matches: readonly Match[]): CorrelationExplanation {
  const compiled = ruleSet.correlations.find((one) => one.rule === rule);
  if (compiled === undefined) throw new RangeError(`rule ${rule} is no correlation`);
  const { definition } = compiled;
  const fieldValue = matchFieldsOf(ruleSet);
  // Correlations that others refer to are silent. Here each is asked for its result.
  const all = correlate(
    matchStream(matches),
    { ...ruleSet, silent: ruleSet.rules.map(() => false) },
    { fieldValue },
  ).correlations;
  const fired = all.filter((one) => one.rule === rule);
  const occurrences: Occurrence[] = compiled.references.flatMap((rules, reference) => [
    ...matches
      .filter((match) => rules.includes(match.rule))
      .map((match) => ({ reference, timeUs: match.event.timeUs, of: match })),
    ...all.filter((one) => rules.includes(one.rule)).map((one) => ({ reference, timeUs: one.toUs, of: one })),
  ]);
  const references = definition.rules.map(
    (reference, i): ReferenceMatches => ({
      reference,
      title: compiled.references[i]?.map((one) => ruleSet.rules[one]?.title ?? '').join(', ') ?? '',
      matches: occurrences.filter((one) => one.reference === i).length,
      isCorrelation: compiled.references[i]?.some((one) => ruleSet.correlations.some((other) => other.rule === one)) ?? false,
    }),
  );
  const reasons = fired.length > 0 ? [] : reasonsOf(definition, references, occurrences, fieldValue);
  return { rule: definition, fired, references, reasons };
}

function reasonsOf(
  rule: CorrelationRule,
  references: readonly ReferenceMatches[],
  occurrences: readonly Occurrence[],
  fieldValue: MatchFieldValue,
): readonly string[] {
  const temporal = rule.type === 'temporal' || rule.type === 'temporal_ordered';
  const missing = references.filter((one) => one.matches === 0);
  if (occurrences.length === 0) return ['none of its rules matched an event of the log'];
  if (temporal && missing.length > 0 && needsAll(rule)) {
    return missing.map((one) => `the log has no event for "${one.reference}" (${one.title})`);
  }
  const timed = occurrences.filter((one) => !Number.isNaN(one.timeUs));
  if (timed.length < occurrences.length && timed.length === 0) return ['the matching events have no readable time'];
  const grouped = groupsOf(rule, timed, fieldValue);
  if (grouped.groups.size === 0) {
    return [`the matching events have no ${grouped.lacking.join(', ')}, by which the correlation groups`];
  }
  return temporal ? temporalReasons(rule, grouped.groups, references) : countReasons(rule, grouped.groups, fieldValue);
}

/**
 * True when every rule of the list must match. This is the default of temporal types, which the parser writes as a lower bound.
 */
function needsAll({ condition, rules }: CorrelationRule): boolean {
  if (condition.expression !== undefined) return false;
  return condition.bounds.every(({ operator, value }) => (operator === 'gte' || operator === 'eq') && value === rules.length);
}

function groupsOf(rule: CorrelationRule, occurrences: readonly Occurrence[], fieldValue: MatchFieldValue) {
  const groups = new Map<string, Occurrence[]>();
  const lacking = new Set<string>();
  for (const one of occurrences) {
    const values = rule.groupBy.map((name) => {
      const value = valueIn(one, name, rule, fieldValue);
      if (value === undefined) lacking.add(name);
      return value;
    });
    for (const tuple of rule.groupBy.length === 0 ? [[]] : fieldTuples(values)) {
      addTo(groups, tuple.map((text) => text.toLowerCase()).join(' / '), one);
    }
  }
  for (const group of groups.values()) group.sort((a, b) => a.timeUs - b.timeUs);
  return { groups, lacking: [...lacking] };
}

/** The value of a field by its name in the rule. A correlation has only the fields by which it groups. */
function valueIn({ of, reference }: Occurrence, name: string, rule: CorrelationRule, fieldValue: MatchFieldValue) {
  const field = rule.aliases[name]?.[rule.rules[reference] ?? ''] ?? name;
  if (of.kind === 'match') return fieldValue(of, field);
  return Object.hasOwn(of.group, field) ? of.group[field] : undefined;
}

function temporalReasons(
  rule: CorrelationRule,
  groups: ReadonlyMap<string, readonly Occurrence[]>,
  references: readonly ReferenceMatches[],
): readonly string[] {
  if (!needsAll(rule)) return [mostRules(rule, groups)];
  const complete = [...groups].filter(([, group]) => new Set(group.map((one) => one.reference)).size === references.length);
  if (complete.length === 0) {
    return [
      `no ${rule.groupBy.join(' and ')} has events for all of its rules: ${[...groups]
        .slice(0, MAX_GROUPS)
        .map(([key, group]) => inGroup(key, group, rule))
        .join('; ')}`,
    ];
  }
  const spans = complete.map(([key, group]) => ({ key, us: smallestSpan(group, references.length) }));
  const nearest = spans.reduce((least, one) => (one.us < least.us ? one : least));
  if (nearest.us > rule.timespanMs * 1000) {
    return [`its events${groupText(rule, nearest.key)} are ${duration(nearest.us)} apart; the window is ${rule.timespan}`];
  }
  return [`its events${groupText(rule, nearest.key)} come within the window, but never in the order ${rule.rules.join(', ')}`];
}

/** How many groups are named in one reason. */
const MAX_GROUPS = 5;

function inGroup(key: string, group: readonly Occurrence[], rule: CorrelationRule): string {
  const names = [...new Set(group.map((one) => rule.rules[one.reference] ?? ''))];
  return `${key} has ${names.join(', ')}`;
}

function groupText(rule: CorrelationRule, key: string): string {
  return rule.groupBy.length === 0 ? '' : ` of ${rule.groupBy.join(', ')} ${key}`;
}

/** The shortest time in which `count` different rules occur. `group` must be in time order. */
function smallestSpan(group: readonly Occurrence[], count: number): number {
  const within = new Map<number, number>();
  let best = Number.POSITIVE_INFINITY;
  let start = 0;
  for (const one of group) {
    within.set(one.reference, (within.get(one.reference) ?? 0) + 1);
    while (within.size === count) {
      const first = group[start++]!;
      best = Math.min(best, one.timeUs - first.timeUs);
      const left = within.get(first.reference)! - 1;
      if (left === 0) within.delete(first.reference);
      else within.set(first.reference, left);
    }
  }
  return best;
}

function mostRules(rule: CorrelationRule, groups: ReadonlyMap<string, readonly Occurrence[]>): string {
  const most = mostWithin(rule, groups, (window) => new Set(window.map((one) => one.reference)).size);
  return `within ${rule.timespan} at most ${most.value} different rules matched${groupText(rule, most.key)}, wanted is ${boundsText(rule)}`;
}

function countReasons(
  rule: CorrelationRule,
  groups: ReadonlyMap<string, readonly Occurrence[]>,
  fieldValue: MatchFieldValue,
): readonly string[] {
  if (rule.type === 'event_count') {
    const most = mostWithin(rule, groups, (window) => window.length);
    return [
      `within ${rule.timespan} at most ${most.value} events matched${groupText(rule, most.key)}, wanted is ${boundsText(rule)}`,
    ];
  }
  if (rule.type === 'value_count') {
    const valuesOf = (one: Occurrence): string =>
      JSON.stringify(rule.condition.fields.map((name) => valueIn(one, name, rule, fieldValue) ?? null)).toLowerCase();
    const most = mostWithin(rule, groups, (window) => new Set(window.map(valuesOf)).size);
    const fields = rule.condition.fields.join(', ');
    return [
      `within ${rule.timespan} at most ${most.value} different values of ${fields} occurred${groupText(rule, most.key)}, wanted is ${boundsText(rule)}`,
    ];
  }
  return [`no window of ${rule.timespan} has a ${rule.type} of ${rule.condition.fields.join(', ')} that is ${boundsText(rule)}`];
}

/** The largest measure over all windows; one window ends at each occurrence. */
function mostWithin(
  rule: CorrelationRule,
  groups: ReadonlyMap<string, readonly Occurrence[]>,
  measure: (window: readonly Occurrence[]) => number,
): { key: string; value: number } {
  let best = { key: '', value: 0 };
  for (const [key, group] of groups) {
    let start = 0;
    for (let end = 0; end < group.length; end++) {
      while (group[end]!.timeUs - group[start]!.timeUs > rule.timespanMs * 1000) start++;
      // A window that cannot be larger than the best one is not measured, because measuring walks through it.
      if (end - start + 1 <= best.value) continue;
      const value = measure(group.slice(start, end + 1));
      if (value > best.value) best = { key, value };
    }
  }
  return best;
}

const OPERATORS: Readonly<Record<CompareOperator, string>> = {
  lt: 'less than',
  lte: 'at most',
  gt: 'more than',
  gte: 'at least',
  eq: 'exactly',
  neq: 'other than',
};

function boundsText(rule: CorrelationRule): string {
  if (rule.condition.expression !== undefined) return 'what its condition says';
  return rule.condition.bounds.map(({ operator, value }) => `${OPERATORS[operator]} ${value}`).join(' and ');
}

/** `12m 3s`. */
export function duration(us: number): string {
  const seconds = us / 1e6;
  if (seconds < 60) return `${Number(seconds.toFixed(3))}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${Math.floor(seconds % 60)}s`;
  return minutes < 1440
    ? `${Math.floor(minutes / 60)}h ${minutes % 60}m`
    : `${Math.floor(minutes / 1440)}d ${Math.floor((minutes % 1440) / 60)}h`;
}
