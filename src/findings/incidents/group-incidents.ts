/**
 * Groups matches into incidents. In: the store, the correlations with the positions of their records, and which matches are
 * reported. Out: one draft for each computer and burst of activity, the worst first. It uses only the store's index. Events are
 * read only where several with the same time may be copies of one record. Refuses nothing.
 */
import type { Incident } from '../../model/incident.ts';
import type { Correlation } from '../../model/match.ts';
import { LEVELS } from '../../model/rule.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import { addTo } from '../../model/values/maps.ts';
import { compareTimes, joins, levelRank } from '../alerts.ts';
import { FirstFew } from '../first-few.ts';
import { type Column, float64Column, uint32Column } from '../store/columns.ts';
import type { MatchStore } from '../store/match-store.ts';
import { matchedEvents } from './matched-events.ts';
import { tacticsOf } from './tactics.ts';

/** An incident ends after half an hour without a match. */
export const INCIDENT_GAP_US = 30 * 60 * 1e6;

/** An incident before any of its events has been read. */
export interface IncidentDraft
  extends Pick<Incident, 'computer' | 'firstUs' | 'lastUs' | 'eventCount' | 'levels' | 'matchCount' | 'rules' | 'tactics'> {
  /** Positions in the store, by time: of reported matches, and of the records of correlations. */
  readonly positions: Uint32Array;
}

export interface IncidentGroups {
  /** The highest level first, then the most rules, the most tactics, the earliest. */
  readonly incidents: readonly IncidentDraft[];
  /** How many incidents there are, including those beyond the limit. */
  readonly count: number;
  /** For a match, the position of the first match of its incident. Undefined for a match that is not reported. */
  readonly firstOf: (position: number) => number | undefined;
  /** The incident of a match; undefined where the match is not reported or the incident is beyond the limit. */
  readonly of: (position: number) => IncidentDraft | undefined;
}

export interface IncidentInput {
  readonly store: MatchStore;
  readonly ruleSet: Pick<RuleSet, 'rules'>;
  readonly reported: (position: number) => boolean;
  readonly correlations: readonly Correlation[];
  /** For each correlation, the positions of its records. */
  readonly positions: readonly (readonly number[])[];
  /** See `computerNumbers`. */
  readonly computers: Uint32Array;
}

/**
 * Gives the worst incidents, at most `limit`. There may be as many incidents as matches, so the rest is only counted. An incident ends
 * after `gapUs` without a match.
 */
export function groupIncidents(input: IncidentInput, gapUs: number, limit = Number.POSITIVE_INFINITY): IncidentGroups {
  const { store, reported, computers } = input;
  const correlated = correlatedRules(input);
  /** Number of an incident plus 1, because 0 means none: of a computer's last incident, and of each match. */
  const latest = new Uint32Array(computers.length);
  const incidentOf = new Uint32Array(store.size);
  const lastUs = float64Column();
  const sizes = uint32Column();
  for (const position of store.positionsInTimeOrder()) {
    if (!reported(position) && !correlated.has(position)) continue;
    const computer = computers[store.computerIdAt(position)]!;
    const timeUs = store.timeUsAt(position);
    let incident = latest[computer]! - 1;
    if (incident < 0 || !joins(lastUs.at(incident), timeUs, gapUs)) {
      incident = sizes.length;
      latest[computer] = incident + 1;
      lastUs.push(timeUs);
      sizes.push(0);
    }
    lastUs.set(incident, timeUs);
    sizes.set(incident, sizes.at(incident) + 1);
    incidentOf[position] = incident + 1;
  }

  const { starts, members } = membersOf(store, incidentOf, sizes);
  const worst = new FirstFew(limit, byRank(input.ruleSet));
  for (let i = 0; i < sizes.length; i++) worst.add(draftOf(members.subarray(starts[i], starts[i + 1]), input, correlated));
  const { items, count } = worst.result();
  const firstOf = (position: number): number | undefined =>
    incidentOf[position] === 0 ? undefined : members[starts[incidentOf[position]! - 1]!]!;
  const byFirst = new Map(items.map((draft) => [draft.positions[0]!, draft]));
  return { incidents: items, count, firstOf, of: (position) => byFirst.get(firstOf(position) ?? -1) };
}

/** The matches of each incident, by time: those of incident i are `members` from `starts[i]` to `starts[i + 1]`. */
function membersOf(store: MatchStore, incidentOf: Uint32Array, sizes: Column<Uint32Array>) {
  const starts = new Uint32Array(sizes.length + 1);
  for (let i = 0; i < sizes.length; i++) starts[i + 1] = starts[i]! + sizes.at(i);
  const members = new Uint32Array(starts[sizes.length]!);
  const next = starts.slice();
  for (const position of store.positionsInTimeOrder()) {
    if (incidentOf[position] !== 0) members[next[incidentOf[position]! - 1]!++] = position;
  }
  return { starts, members };
}

/** Position of a record -> the rules of the correlations that it belongs to. */
function correlatedRules({ correlations, positions }: IncidentInput): ReadonlyMap<number, readonly number[]> {
  const rules = new Map<number, number[]>();
  correlations.forEach(({ rule }, i) => {
    for (const position of positions[i] ?? []) if (!rules.get(position)?.includes(rule)) addTo(rules, position, rule);
  });
  return rules;
}

function draftOf(
  positions: Uint32Array,
  { store, ruleSet, reported }: IncidentInput,
  correlated: ReadonlyMap<number, readonly number[]>,
): IncidentDraft {
  const rules = new Set<number>();
  const rank = (rule: number): number => levelRank(ruleSet.rules[rule]?.level);
  /** For each rank, the number of events whose highest rank it is. */
  const ranks = [0, ...LEVELS.map(() => 0)];
  let eventCount = 0;
  let matchCount = 0;
  for (const { positions: own } of matchedEvents(store, positions)) {
    eventCount++;
    let highest = 0;
    for (const position of own) {
      const matched = reported(position) ? [store.ruleAt(position)] : [];
      matchCount += matched.length;
      for (const rule of [...matched, ...(correlated.get(position) ?? [])]) {
        rules.add(rule);
        highest = Math.max(highest, rank(rule));
      }
    }
    ranks[highest]!++;
  }
  const levels: Record<string, number> = {};
  for (let i = LEVELS.length; i >= 0; i--) if (ranks[i]! > 0) levels[LEVELS[i - 1] ?? 'none'] = ranks[i]!;
  const sorted = [...rules].sort((a, b) => rank(b) - rank(a) || a - b);
  const tactics = tacticsOf(sorted.flatMap((rule) => ruleSet.rules[rule]?.tags ?? []));
  const computer = store.computerAt(positions[0]!);
  const firstUs = store.timeUsAt(positions[0]!);
  const lastUs = store.timeUsAt(positions.at(-1)!);
  return { computer, firstUs, lastUs, positions, eventCount, levels, matchCount, rules: sorted, tactics };
}

/** Several rules that match independently of each other weigh more than one that matches often. */
function byRank({ rules }: Pick<RuleSet, 'rules'>): (a: IncidentDraft, b: IncidentDraft) => number {
  const rank = (draft: IncidentDraft): number => levelRank(rules[draft.rules[0]!]?.level);
  return (a, b) =>
    rank(b) - rank(a) ||
    b.rules.length - a.rules.length ||
    b.tactics.length - a.tactics.length ||
    compareTimes(a.firstUs, b.firstUs) ||
    (a.computer < b.computer ? -1 : 1);
}
