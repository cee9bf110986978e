/**
 * Matches -> alerts. In: the store and the correlations. Out: one draft per run of matches of one rule on one computer, each at
 * most a window after the one before, and one per correlation; the most severe first, then by time. Works on the store's index
 * alone: no match is parsed.
 */
import type { Correlation } from '../model/match.ts';
import { LEVELS, type Level } from '../model/rule.ts';
import type { RuleSet } from '../model/ruleset.ts';
import type { HostNames } from './host-names.ts';
import type { MatchStore } from './store/match-store.ts';

/** An alert whose match has not been read yet. */
export interface AlertDraft {
  readonly rule: number;
  /** As written in the first record. */
  readonly computer: string;
  readonly count: number;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Position of the first match in the store, or the correlation. */
  readonly match: number | Correlation;
  /** Position of the last match; null for a correlation. */
  readonly last: number | null;
}

interface OpenAlert {
  rule: number;
  computer: string;
  count: number;
  firstUs: number;
  lastUs: number;
  match: number;
  last: number;
}

/** 0 for rules without a level, up to 5 for critical. */
export function levelRank(level: Level | null | undefined): number {
  return level === null || level === undefined ? 0 : LEVELS.indexOf(level) + 1;
}

export function groupAlerts(
  store: MatchStore,
  correlations: readonly Correlation[],
  ruleSet: Pick<RuleSet, 'rules' | 'silent'>,
  windowUs: number,
  hosts: HostNames,
): readonly AlertDraft[] {
  const alerts: AlertDraft[] = [];
  /** By rule and computer, as one number. */
  const open = new Map<number, OpenAlert>();
  const computers = computerNumbers(store, hosts);
  // By time; matches without a time come last and form an alert of their own per rule and computer.
  for (const position of store.positionsInTimeOrder()) {
    const rule = store.ruleAt(position);
    if (ruleSet.silent[rule] === true) continue;
    const timeUs = store.timeUsAt(position);
    const key = rule * computers.length + computers[store.computerIdAt(position)]!;
    const alert = open.get(key);
    if (alert !== undefined && joins(alert.lastUs, timeUs, windowUs)) {
      alert.count++;
      alert.lastUs = timeUs;
      alert.last = position;
      continue;
    }
    const computer = store.computerAt(position);
    const fresh = { rule, computer, count: 1, firstUs: timeUs, lastUs: timeUs, match: position, last: position };
    open.set(key, fresh);
    alerts.push(fresh);
  }
  for (const correlation of correlations) {
    alerts.push({
      rule: correlation.rule,
      computer: correlation.computer,
      count: 1,
      firstUs: correlation.fromUs,
      lastUs: correlation.toUs,
      match: correlation,
      last: null,
    });
  }
  // Stable: what is equally severe and equally old stays in file order.
  return alerts.sort((a, b) => {
    const severity = levelRank(ruleSet.rules[b.rule]?.level) - levelRank(ruleSet.rules[a.rule]?.level);
    return severity || compareTimes(a.firstUs, b.firstUs) || a.rule - b.rule;
  });
}

/** Per computer of the store a number, the same for names of the same computer. */
function computerNumbers(store: MatchStore, hosts: HostNames): readonly number[] {
  const numbers = new Map<string, number>();
  return store.computers().map((name) => {
    const canonical = hosts.canonical(name);
    const number = numbers.get(canonical) ?? numbers.size;
    numbers.set(canonical, number);
    return number;
  });
}

function joins(lastUs: number, timeUs: number, windowUs: number): boolean {
  if (Number.isNaN(lastUs) || Number.isNaN(timeUs)) return Number.isNaN(lastUs) && Number.isNaN(timeUs);
  return timeUs - lastUs <= windowUs;
}

function compareTimes(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
  return a - b;
}
