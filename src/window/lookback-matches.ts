/** What other rules matched in the minutes around an alert: the strongest hint after a shared name or process. */
import type { RuleSet } from '../model/ruleset.ts';
import { type AlertDraft, levelRank } from './alerts.ts';
import type { HostNames } from './host-names.ts';
import type { LookbackCollector } from './lookback.ts';
import { type LookbackPlan, RELATED_AFTER, RELATED_EVENTS } from './lookback-plan.ts';
import type { MatchStore } from './match-store.ts';
import { MATCHED_BY_RULE, MATCHED_PER_LEVEL } from './relations.ts';

/** Matches looked at per window and direction, nearest first. */
const MAX_STEPS = 2_000;
/** Rules named per event. */
const MAX_TITLES = 3;

interface MatchedEvent {
  readonly position: number;
  /** In the order in which they were come across. */
  readonly rules: number[];
}

type Rules = Pick<RuleSet, 'rules' | 'silent'>;

/** Tells the collector, for each target of its plan, of the records that rules other than the alert's own matched. */
export function markOtherMatches(
  store: MatchStore,
  ruleSet: Rules,
  plan: LookbackPlan,
  drafts: readonly AlertDraft[],
  collector: LookbackCollector,
  hosts: HostNames,
): void {
  const positions = positionsByComputer(store, ruleSet, plan, hosts);
  plan.targets.forEach(({ computer, timeUs }, target) => {
    const list = positions.get(hosts.canonical(computer)) ?? [];
    const own = drafts[target]!.rule;
    const middle = firstAfter(store, list, timeUs);
    const before = matchedEvents(store, list, middle - 1, -1, own, timeUs - plan.windowUs, RELATED_EVENTS);
    const after = matchedEvents(store, list, middle, 1, own, timeUs + plan.windowUs, RELATED_AFTER);
    const rankOf = (rule: number): number => levelRank(ruleSet.rules[rule]?.level);
    for (const { position, rules } of [...before, ...after]) {
      // The most severe first; rule order makes the rest the same in both directions.
      rules.sort((a, b) => rankOf(b) - rankOf(a) || a - b);
      const worth = MATCHED_BY_RULE + MATCHED_PER_LEVEL * rankOf(rules[0]!);
      const titles = rules.slice(0, MAX_TITLES).map((rule) => ruleSet.rules[rule]?.title ?? '');
      collector.addMatch(target, store.get(position), `matched: ${titles.join('; ')}`, worth);
    }
  });
}

/** Positions by time, for the computers that have targets. */
function positionsByComputer(store: MatchStore, ruleSet: Rules, plan: LookbackPlan, hosts: HostNames): Map<string, number[]> {
  const byComputer = new Map<string, number[]>();
  for (const { computer } of plan.targets) byComputer.set(hosts.canonical(computer), []);
  for (const position of store.positionsInTimeOrder()) {
    if (ruleSet.silent[store.ruleAt(position)] === true || Number.isNaN(store.timeUsAt(position))) continue;
    byComputer.get(hosts.canonical(store.computerAt(position)))?.push(position);
  }
  return byComputer;
}

/** Walks away from the target's time; each rule once, at its nearest record. */
function matchedEvents(
  store: MatchStore,
  list: readonly number[],
  start: number,
  step: 1 | -1,
  own: number,
  endUs: number,
  wanted: number,
): readonly MatchedEvent[] {
  const events = new Map<string, MatchedEvent>();
  const seen = new Set<number>([own]);
  for (let i = start, steps = 0; i >= 0 && i < list.length && steps < MAX_STEPS; i += step, steps++) {
    const position = list[i]!;
    const timeUs = store.timeUsAt(position);
    if (step < 0 ? timeUs < endUs : timeUs > endUs) break;
    const rule = store.ruleAt(position);
    if (seen.has(rule)) continue;
    seen.add(rule);
    const key = `${timeUs} ${store.recordIndexAt(position)}`;
    const known = events.get(key);
    if (known !== undefined) known.rules.push(rule);
    else if (events.size === wanted) break;
    else events.set(key, { position, rules: [rule] });
  }
  return [...events.values()];
}

/** Index of the first position whose time is later than `timeUs`. */
function firstAfter(store: MatchStore, list: readonly number[], timeUs: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (store.timeUsAt(list[middle]!) <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
