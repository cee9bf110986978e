/** Which rules are reported. In: the rules, and which of them are wanted. Out: the rules with the others silent, and what that left out. */
import { correlationInputs } from '../findings/correlate/correlate.ts';
import type { MatchStore } from '../findings/store/match-store.ts';
import type { LeftOut, RuleInfo, SuppressedMatches } from '../model/match.ts';
import type { RuleSet } from '../model/ruleset.ts';

/** Rules that are not to be reported fall silent; correlations still see them. */
export function withReported(ruleSet: RuleSet, reported: ((rule: RuleInfo) => boolean) | null): RuleSet {
  if (reported === null) return ruleSet;
  return { ...ruleSet, silent: ruleSet.rules.map((rule, i) => ruleSet.silent[i] === true || !reported(rule)) };
}

/** Matches of rules that would be reported but for the filter of rules: known where a look-back needs them. */
export function leftOutByRule(store: MatchStore, { silent }: RuleSet, filtered: RuleSet): readonly LeftOut[] {
  let matches = 0;
  const events = new Set<number>();
  for (let position = 0; position < store.size; position++) {
    const rule = store.ruleAt(position);
    if (silent[rule] === true || filtered.silent[rule] !== true) continue;
    matches++;
    events.add(store.eventAt(position));
  }
  return matches === 0 ? [] : [{ filter: 'rules', events: events.size, matches }];
}

/** What filters took from rules that are reported or correlated, by filter: `counts` of the suppressions of the rule set, range by range. */
export function suppressedMatches(
  { silent, suppressions, correlations }: RuleSet,
  counts: readonly (readonly number[])[],
): readonly SuppressedMatches[] {
  const isInput = correlationInputs({ correlations });
  const byFilter = new Map<string, { matches: number; rules: Set<number> }>();
  suppressions.forEach(({ rule, filter }, i) => {
    const known = byFilter.get(filter) ?? { matches: 0, rules: new Set<number>() };
    byFilter.set(filter, known);
    if (silent[rule] === true && !isInput(rule)) return;
    const matches = counts.reduce((sum, one) => sum + (one[i] ?? 0), 0);
    known.matches += matches;
    if (matches > 0) known.rules.add(rule);
  });
  return [...byFilter]
    .map(([filter, { matches, rules }]) => ({ filter, matches, rules: rules.size }))
    .sort((a, b) => b.matches - a.matches || (a.filter < b.filter ? -1 : 1));
}
