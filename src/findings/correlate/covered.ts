/**
 * Leaves out what a stronger correlation says as well: two of three parts within nine minutes are no news beside all three. In:
 * correlations and their records. Out: those that are left, and what was left out as diagnostics. A stronger correlation has the
 * same rules, group and time span, a condition that implies the weaker one, no lower level, and all records of the weaker one
 * among its own.
 */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Correlation } from '../../model/match.ts';
import type { CorrelationRule } from '../../model/rule.ts';
import type { CompiledCorrelation, RuleSet } from '../../model/ruleset.ts';
import { addTo } from '../../model/values/maps.ts';
import { levelRank } from '../alerts.ts';

export interface Correlated {
  readonly correlations: readonly Correlation[];
  /** For each correlation, the positions of its records. */
  readonly positions: readonly (readonly number[])[];
}

export function withoutCovered(
  { correlations, positions }: Correlated,
  { rules, correlations: compiled }: Pick<RuleSet, 'rules' | 'correlations'>,
): Correlated & { readonly diagnostics: readonly Diagnostic[] } {
  const strongerThan = strongerRules(compiled, (rule) => levelRank(rules[rule]?.level));
  if (strongerThan.size === 0) return { correlations, positions, diagnostics: [] };
  const strong = new Set([...strongerThan.values()].flatMap((numbers) => [...numbers]));
  const byRecord = new Map<number, number[]>();
  correlations.forEach(({ rule }, i) => {
    if (strong.has(rule)) for (const position of positions[i]!) addTo(byRecord, position, i);
  });
  const left: number[] = [];
  const counts = new Map<string, { weaker: number; stronger: number; count: number }>();
  correlations.forEach((correlation, i) => {
    const own = positions[i]!;
    const stronger = strongerThan.get(correlation.rule);
    const by = (byRecord.get(own[0] ?? -1) ?? []).find(
      (other) => stronger?.has(correlations[other]!.rule) === true && contains(positions[other]!, own),
    );
    // Where the list of records was cut, nobody knows what the rest contains.
    if (by === undefined || correlation.records > own.length) {
      left.push(i);
      return;
    }
    const key = `${correlation.rule} ${correlations[by]!.rule}`;
    const known = counts.get(key) ?? { weaker: correlation.rule, stronger: correlations[by]!.rule, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  });
  return {
    correlations: left.map((i) => correlations[i]!),
    positions: left.map((i) => positions[i]!),
    diagnostics: [...counts.values()].map(({ weaker, stronger, count }) =>
      covered(rules[weaker]!.title, rules[stronger]!.title, count),
    ),
  };
}

function contains(all: readonly number[], some: readonly number[]): boolean {
  const set = new Set(all);
  return some.every((position) => set.has(position));
}

/** Rule -> the rules with a stronger condition. */
function strongerRules(
  compiled: readonly CompiledCorrelation[],
  rankOf: (rule: number) => number,
): ReadonlyMap<number, ReadonlySet<number>> {
  const byFrame = new Map<string, CompiledCorrelation[]>();
  for (const one of compiled) {
    if (one.definition.type !== 'temporal' || leastOf(one.definition) === null) continue;
    const key = frameOf(one);
    byFrame.set(key, [...(byFrame.get(key) ?? []), one]);
  }
  const found = new Map<number, ReadonlySet<number>>();
  for (const same of byFrame.values()) {
    for (const weaker of same) {
      const least = leastOf(weaker.definition)!;
      const stronger = same.filter(({ rule, definition }) => leastOf(definition)! > least && rankOf(rule) >= rankOf(weaker.rule));
      if (stronger.length > 0) found.set(weaker.rule, new Set(stronger.map(({ rule }) => rule)));
    }
  }
  return found;
}

/** What two correlations must have in common, so that one can be stronger than the other. */
function frameOf({ definition: { groupBy, timespanMs, aliases }, references }: CompiledCorrelation): string {
  const rules = [...new Set(references.flat())].sort((a, b) => a - b);
  return JSON.stringify([rules, groupBy, timespanMs, aliases]);
}

/** How many of the rules must fire; null where the condition is more than a lower bound. */
function leastOf({ condition: { bounds, expression } }: CorrelationRule): number | null {
  const [bound] = bounds;
  if (bound === undefined || bounds.length > 1 || expression !== undefined) return null;
  if (bound.operator === 'gte') return bound.value;
  return bound.operator === 'gt' ? bound.value + 1 : null;
}

function covered(weaker: string, stronger: string, count: number): Diagnostic {
  const times = count === 1 ? 'once' : `${count} times`;
  return {
    code: 'window/covered-correlation',
    severity: 'info',
    message: `"${weaker}" is not reported ${times}: "${stronger}" has all of its records`,
    place: {},
  };
}
