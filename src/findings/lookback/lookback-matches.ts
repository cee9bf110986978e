/**
 * Finds what other rules matched in the minutes around an alert. In: the store, and the targets of look-back. Out: marks for a
 * collector. After a shared name or process, such a match is the strongest hint.
 */
import type { RuleSet } from '../../model/ruleset.ts';
import { type AlertDraft, levelRank } from '../alerts.ts';
import type { HostNames } from '../host-names.ts';
import type { MatchStore } from '../store/match-store.ts';
import { MATCHED_BY_RULE, MATCHED_PER_LEVEL } from './links/relations.ts';
import type { LookbackCollector } from './lookback.ts';
import { type LookbackPlan, RELATED_AFTER, RELATED_EVENTS } from './lookback-plan.ts';
import type { Candidate } from './top-events.ts';

/** Limit on the matches looked at for each window and direction, nearest first. */
const MAX_STEPS = 2_000;
/** How many rules are named for each event. */
const MAX_TITLES = 3;

/** An event that other rules matched, near a target. */
interface MatchedEvent {
  readonly target: number;
  /** The position of the match of this event that was found first. */
  readonly position: number;
  /** In the order in which they were found. */
  readonly rules: number[];
}

type Rules = Pick<RuleSet, 'rules' | 'silent'>;

/** Gives the collector, for each target of its plan, the records that other rules have matched. */
export function markOtherMatches(
  store: MatchStore,
  ruleSet: Rules,
  plan: LookbackPlan,
  drafts: readonly AlertDraft[],
  collector: LookbackCollector,
  hosts: HostNames,
): void {
  const positions = positionsByComputer(store, ruleSet, plan, hosts);
  const walk = new MatchWalk(store, ruleSet.rules.length);
  const matched = plan.targets.flatMap(({ computer, timeUs }, target) => {
    const list = positions.get(hosts.canonical(computer)) ?? [];
    const own = drafts[target]!.rule;
    const middle = firstAfter(store, list, timeUs);
    const before = walk.from(list, middle - 1, -1, target, own, timeUs - plan.windowUs, RELATED_EVENTS);
    const after = walk.from(list, middle, 1, target, own, timeUs + plan.windowUs, RELATED_AFTER);
    return [...before, ...after];
  });
  const candidates = candidatesOf(matched, store, ruleSet, collector);
  const accepted = new Map<number, Candidate>();
  matched.forEach(({ target, position }, i) => {
    const candidate = candidates[i]!;
    if (candidate !== null && collector.offerMatch(target, candidate)) accepted.set(position, candidate);
  });
  // The store has these events already, so they need not be read again.
  for (const [position, { event }] of accepted) {
    if (collector.wantedIn(event.file)?.has(event.offset) === true) collector.hold(store.get(position).event);
  }
}

/** The candidates by number in `matched`; null for records of the target itself. A match near many targets is read only once. */
function candidatesOf(
  matched: readonly MatchedEvent[],
  store: MatchStore,
  ruleSet: Rules,
  collector: LookbackCollector,
): readonly (Candidate | null)[] {
  const rankOf = (rule: number): number => levelRank(ruleSet.rules[rule]?.level);
  const candidates: (Candidate | null)[] = matched.map(() => null);
  const byPosition = [...matched.keys()].sort((a, b) => matched[a]!.position - matched[b]!.position || a - b);
  for (let first = 0, end = 0; first < byPosition.length; first = end) {
    const { position } = matched[byPosition[first]!]!;
    while (end < byPosition.length && matched[byPosition[end]!]!.position === position) end++;
    const numbers = byPosition.slice(first, end);
    const marks = numbers.map((number) => {
      const { target, rules } = matched[number]!;
      // The most severe first, then by rule number, so that the order does not depend on the direction of the walk.
      rules.sort((a, b) => rankOf(b) - rankOf(a) || a - b);
      const titles = rules.slice(0, MAX_TITLES).map((rule) => ruleSet.rules[rule]?.title ?? '');
      const worth = MATCHED_BY_RULE + MATCHED_PER_LEVEL * rankOf(rules[0]!);
      return { target, reason: `matched: ${titles.join('; ')}`, worth };
    });
    const found = collector.matchCandidates(store.get(position).event, marks);
    numbers.forEach((number, i) => {
      candidates[number] = found[i]!;
    });
  }
  return candidates;
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

class MatchWalk {
  readonly #store: MatchStore;
  /** For each rule, the last walk that found it. */
  readonly #seen: Uint32Array;
  #walks = 0;

  constructor(store: MatchStore, rules: number) {
    this.#store = store;
    this.#seen = new Uint32Array(rules);
  }

  /** Walks away from the target's time and finds each rule once, at its nearest record. */
  from(
    list: readonly number[],
    start: number,
    step: 1 | -1,
    target: number,
    own: number,
    endUs: number,
    wanted: number,
  ): readonly MatchedEvent[] {
    const store = this.#store;
    const seen = this.#seen;
    const walk = ++this.#walks;
    const events = new Map<string, MatchedEvent>();
    seen[own] = walk;
    for (let i = start, steps = 0; i >= 0 && i < list.length && steps < MAX_STEPS; i += step, steps++) {
      const position = list[i]!;
      const rule = store.ruleAt(position);
      if (seen[rule] === walk) continue;
      const timeUs = store.timeUsAt(position);
      if (step < 0 ? timeUs < endUs : timeUs > endUs) break;
      seen[rule] = walk;
      const key = `${timeUs} ${store.recordIndexAt(position)}`;
      const known = events.get(key);
      if (known !== undefined) known.rules.push(rule);
      else if (events.size === wanted) break;
      else events.set(key, { target, position, rules: [rule] });
    }
    return [...events.values()];
  }
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
