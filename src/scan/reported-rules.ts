/** Which rules are reported. In: the rules, and which of them are wanted. Out: the rules with the others silent, and what that left out. */
import type { MatchStore } from '../findings/store/match-store.ts';
import type { LeftOut, RuleInfo } from '../model/match.ts';
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
