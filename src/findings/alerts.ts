/**
 * Groups matches into alerts. In: the store of matches, and the correlations. Out: drafts, the most severe first, then by time:
 * one for each correlation, and one for each series of matches of a rule on a computer. In a series each match is at most a
 * window after the one before. It reads only the store's index and parses no match. Besides the drafts that are asked for, it
 * needs a few bytes per match. Refuses nothing.
 */
import type { Correlation } from '../model/match.ts';
import { LEVELS, type Level } from '../model/rule.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { FirstFew } from './first-few.ts';
import type { HostNames } from './host-names.ts';
import { uint32Column } from './store/columns.ts';
import type { MatchStore } from './store/match-store.ts';
import { NameTable } from './store/name-table.ts';

/** An alert whose match has not been read yet. */
export interface AlertDraft {
  /** Among alerts of a rule that are equally severe and equally old, the lower number comes first. */
  readonly order: number;
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
  readonly order: number;
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

export interface AlertDrafts {
  /** The first alerts, up to the limit. */
  readonly drafts: readonly AlertDraft[];
  /** How many alerts there are, including those beyond the limit. */
  readonly count: number;
  /** For a match, the position of the first match of its alert. Undefined for a match that is not reported. */
  readonly firstOf: (position: number) => number | undefined;
}

/**
 * Gives the first `limit` alerts. There may be as many alerts as matches, so the rest is only counted. `computers` is what
 * {@link computerNumbers} gave.
 */
export function groupAlerts(
  store: MatchStore,
  correlations: readonly Correlation[],
  ruleSet: Pick<RuleSet, 'rules' | 'silent'>,
  windowUs: number,
  computers: Uint32Array,
  limit = Number.POSITIVE_INFINITY,
): AlertDrafts {
  const first = new FirstFew(limit, bySeverity(ruleSet));
  /** Positions plus 1, because 0 means none. */
  const firstOf = new Uint32Array(store.size);
  // Matches without a time come last, and are one alert for each rule and computer.
  const byTime = store.positionsInTimeOrder();
  let open: OpenAlert | null = null;
  let openComputer = -1;
  for (const order of inGroups(store, byTime, ruleSet, computers)) {
    const position = byTime[order]!;
    const rule = store.ruleAt(position);
    const timeUs = store.timeUsAt(position);
    const computer = computers[store.computerIdAt(position)]!;
    if (open !== null && open.rule === rule && openComputer === computer && joins(open.lastUs, timeUs, windowUs)) {
      open.count++;
      open.lastUs = timeUs;
      open.last = position;
      firstOf[position] = open.match + 1;
      continue;
    }
    if (open !== null) first.add(open);
    const name = store.computerAt(position);
    open = { order, rule, computer: name, count: 1, firstUs: timeUs, lastUs: timeUs, match: position, last: position };
    openComputer = computer;
    firstOf[position] = position + 1;
  }
  if (open !== null) first.add(open);
  correlations.forEach((correlation, i) => {
    const { rule, computer, fromUs, toUs } = correlation;
    first.add({
      order: byTime.length + i,
      rule,
      computer,
      count: 1,
      firstUs: fromUs,
      lastUs: toUs,
      match: correlation,
      last: null,
    });
  });
  const { items, count } = first.result();
  return { drafts: items, count, firstOf: (position) => (firstOf[position] === 0 ? undefined : firstOf[position]! - 1) };
}

/** The most severe first. Among equally severe ones the oldest come first, then those found first. */
function bySeverity({ rules }: Pick<RuleSet, 'rules'>): (a: AlertDraft, b: AlertDraft) => number {
  const ranks = rules.map(({ level }) => levelRank(level));
  const rank = ({ rule }: AlertDraft): number => ranks[rule] ?? 0;
  return (a, b) => rank(b) - rank(a) || compareTimes(a.firstUs, b.firstUs) || a.rule - b.rule || a.order - b.order;
}

/** Places in `byTime` sorted by rule, then by computer. Matches of silent rules are left out. */
function inGroups(
  store: MatchStore,
  byTime: Uint32Array,
  { rules, silent }: Pick<RuleSet, 'rules' | 'silent'>,
  computers: Uint32Array,
): Uint32Array {
  const ruleAt = (place: number): number => store.ruleAt(byTime[place]!);
  const computerAt = (place: number): number => computers[store.computerIdAt(byTime[place]!)]!;
  const shown = (place: number): boolean => silent[ruleAt(place)] !== true && !store.isHidden(byTime[place]!);
  const places = byTime.map((_, place) => place).filter(shown);
  return sortedBy(sortedBy(places, computerAt, computers.length), ruleAt, rules.length);
}

/** Stable, in linear time. Every key is below `keys`. */
function sortedBy(items: Uint32Array, keyOf: (item: number) => number, keys: number): Uint32Array {
  const starts = new Uint32Array(keys + 1);
  for (const item of items) starts[keyOf(item) + 1]!++;
  for (let key = 0; key < keys; key++) starts[key + 1]! += starts[key]!;
  const sorted = new Uint32Array(items.length);
  for (const item of items) sorted[starts[keyOf(item)]!++] = item;
  return sorted;
}

/** A number for each computer of the store. Different names of the same computer get the same number. */
export function computerNumbers(store: MatchStore, hosts: HostNames): Uint32Array {
  const names = new NameTable();
  const numbers = uint32Column();
  for (const name of store.computers()) numbers.push(names.id(hosts.canonical(name)));
  return Uint32Array.from({ length: numbers.length }, (_, computer) => numbers.at(computer));
}

/**
 * Whether a match at `timeUs` continues the series whose last match was at `lastUs`. Matches with unknown times form one
 * series.
 */
export function joins(lastUs: number, timeUs: number, windowUs: number): boolean {
  if (Number.isNaN(lastUs) || Number.isNaN(timeUs)) return Number.isNaN(lastUs) && Number.isNaN(timeUs);
  return timeUs - lastUs <= windowUs;
}

/** Unknown times come last. */
export function compareTimes(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
  return a - b;
}
