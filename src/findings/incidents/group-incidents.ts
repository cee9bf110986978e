/**
 * Groups matches into incidents. In: the store, the correlations with the positions of their records, and which matches are
 * reported. Out: one draft for each computer and burst of activity, the worst first. It uses only the store's index. Events are
 * read only where several with the same time may be copies of one record. Refuses nothing.
 */
import type { Correlation } from '../../model/match.ts';
import { LEVELS } from '../../model/rule.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import { compareTimes, computerNumbers, joins, levelRank } from '../alerts.ts';
import type { HostNames } from '../host-names.ts';
import type { MatchStore } from '../store/match-store.ts';
import { matchedEvents } from './matched-events.ts';
import { tacticsOf } from './tactics.ts';

/** An incident ends after half an hour without a match. */
export const INCIDENT_GAP_US = 30 * 60 * 1e6;

/** An incident before any of its events has been read. */
export interface IncidentDraft {
  /** As written in the first record. */
  readonly computer: string;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Positions in the store, by time: of reported matches, and of the records of correlations. */
  readonly positions: readonly number[];
  readonly eventCount: number;
  readonly levels: Readonly<Record<string, number>>;
  readonly matchCount: number;
  readonly rules: readonly number[];
  readonly tactics: readonly string[];
}

export interface IncidentGroups {
  /** The highest level first, then the most rules, the most tactics, the earliest. */
  readonly incidents: readonly IncidentDraft[];
  /** The incident of a match that is reported; undefined for others. */
  readonly of: (position: number) => IncidentDraft | undefined;
}

export interface IncidentInput {
  readonly store: MatchStore;
  readonly ruleSet: Pick<RuleSet, 'rules'>;
  readonly reported: (position: number) => boolean;
  readonly correlations: readonly Correlation[];
  /** For each correlation, the positions of its records. */
  readonly positions: readonly (readonly number[])[];
  readonly hosts: HostNames;
  readonly gapUs: number;
}

interface OpenIncident {
  computer: string;
  firstUs: number;
  lastUs: number;
  positions: number[];
}

export function groupIncidents(input: IncidentInput): IncidentGroups {
  const { store, reported, hosts, gapUs } = input;
  const correlated = correlatedRules(input);
  const computers = computerNumbers(store, hosts);
  const open = new Map<number, OpenIncident>();
  const found: OpenIncident[] = [];
  for (const position of store.positionsInTimeOrder()) {
    if (!reported(position) && !correlated.has(position)) continue;
    const host = computers[store.computerIdAt(position)]!;
    const timeUs = store.timeUsAt(position);
    const incident = open.get(host);
    if (incident !== undefined && joins(incident.lastUs, timeUs, gapUs)) {
      incident.lastUs = timeUs;
      incident.positions.push(position);
      continue;
    }
    const fresh = { computer: store.computerAt(position), firstUs: timeUs, lastUs: timeUs, positions: [position] };
    open.set(host, fresh);
    found.push(fresh);
  }
  const drafts = found.map((incident) => draftOf(incident, input, correlated));
  const ofPosition = new Array<IncidentDraft | undefined>(store.size);
  for (const draft of drafts) for (const position of draft.positions) ofPosition[position] = draft;
  return { incidents: drafts.sort(byRank(input.ruleSet)), of: (position) => ofPosition[position] };
}

/** Position of a record -> the rules of the correlations that it belongs to. */
function correlatedRules({ correlations, positions }: IncidentInput): ReadonlyMap<number, readonly number[]> {
  const rules = new Map<number, number[]>();
  correlations.forEach(({ rule }, i) => {
    for (const position of positions[i] ?? []) {
      const known = rules.get(position);
      if (known === undefined) rules.set(position, [rule]);
      else if (!known.includes(rule)) known.push(rule);
    }
  });
  return rules;
}

function draftOf(
  { computer, firstUs, lastUs, positions }: OpenIncident,
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
