/**
 * An incident as reports read it. In: its draft, and the alerts and correlations. Out: its matched and related events by time,
 * each once and made only when asked for. Refuses nothing.
 */
import type { EventSnapshot } from '../../model/event.ts';
import { eventIdOf, idOf } from '../../model/event-id.ts';
import type { Incident, IncidentEvent, RuleHit } from '../../model/incident.ts';
import type { Alert, Correlation, RecordPlace, RelatedEvent } from '../../model/match.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import { isoFromUs } from '../../model/values/time.ts';
import { levelRank } from '../alerts.ts';
import type { HostNames } from '../host-names.ts';
import type { MatchStore } from '../store/match-store.ts';
import type { IncidentDraft } from './group-incidents.ts';
import { type MatchedEvent, matchedEvents } from './matched-events.ts';
import { ProcessTree } from './process-tree.ts';

export interface IncidentParts {
  readonly store: MatchStore;
  readonly ruleSet: Pick<RuleSet, 'rules'>;
  readonly reported: (position: number) => boolean;
  readonly hosts: HostNames;
  /** Alerts whose first match is in the incident. */
  readonly alerts: readonly Alert[];
  /** Id of the alert of a match, or of a correlation. */
  readonly alertId: (of: number | Correlation) => string;
  /** The correlations that a record belongs to. */
  readonly correlationsAt: (position: number) => readonly Correlation[];
}

export function incidentOf(draft: IncidentDraft, parts: IncidentParts): Incident {
  const { store, ruleSet, hosts, alerts } = parts;
  const { computer, firstUs, lastUs, positions, eventCount, levels, matchCount, rules, tactics } = draft;
  const looked = alerts.filter(({ lookback }) => lookback !== null);
  return {
    get id() {
      return incidentIdAt(store, hosts, positions[0]!);
    },
    computer,
    level: ruleSet.rules[rules[0]!]?.level ?? null,
    first: timeOf(firstUs),
    last: timeOf(lastUs),
    firstUs,
    lastUs,
    eventCount,
    levels,
    matchCount,
    rules,
    tactics,
    alerts,
    lookback: {
      alerts: alerts.length,
      done: looked.length,
      capped: looked.some(({ lookback }) => lookback?.capped === true),
    },
    events: () => eventsOf(draft, parts),
  };
}

/** The id of the incident whose first match is at this position. */
export function incidentIdAt(store: MatchStore, hosts: HostNames, first: number): string {
  return idOf(['incident', hosts.canonical(store.computerAt(first)), store.eventIdAt(first)]);
}

function timeOf(timeUs: number): string | null {
  return Number.isNaN(timeUs) ? null : isoFromUs(timeUs);
}

function* eventsOf(draft: IncidentDraft, parts: IncidentParts): Generator<IncidentEvent> {
  const tree = new ProcessTree();
  const placed = (event: Omit<IncidentEvent, 'parent' | 'depth'>): IncidentEvent => ({
    ...event,
    ...tree.place(event.event, event.id),
  });
  const related = relatedEvents(draft, parts);
  let next = 0;
  for (const matched of matchedEvents(parts.store, draft.positions)) {
    const event = matchedEvent(matched, parts);
    while (next < related.length && related[next]!.event.timeUs <= event.event.timeUs)
      yield placed(relatedEvent(related[next++]!));
    yield placed(event);
  }
  while (next < related.length) yield placed(relatedEvent(related[next++]!));
}

function matchedEvent({ positions, copies }: MatchedEvent, parts: IncidentParts) {
  const { store, ruleSet, reported, alertId, correlationsAt } = parts;
  const hits: RuleHit[] = [];
  let event: EventSnapshot | null = null;
  let alsoIn: readonly RecordPlace[] = [];
  for (const position of positions) {
    if (reported(position)) {
      const match = store.get(position);
      event ??= match.event;
      alsoIn = match.alsoIn ?? alsoIn;
      hits.push({ rule: match.rule, alert: alertId(position), via: match.via, fields: match.fields, correlation: null });
    }
    for (const correlation of correlationsAt(position)) {
      if (hits.some((hit) => hit.correlation === correlation)) continue;
      hits.push({ rule: correlation.rule, alert: alertId(correlation), via: 'correlation', fields: [], correlation });
    }
  }
  const rank = ({ rule }: RuleHit): number => levelRank(ruleSet.rules[rule]?.level);
  hits.sort((a, b) => rank(b) - rank(a) || a.rule - b.rule);
  event ??= store.get(positions[0]!).event;
  return {
    id: store.eventIdAt(positions[0]!),
    event,
    hits,
    level: hits[0] === undefined ? null : (ruleSet.rules[hits[0].rule]?.level ?? null),
    reason: '',
    score: 0,
    copies: [...alsoIn, ...copies.map((position) => store.placeAt(position))],
  };
}

function relatedEvent({ event, reason, score }: RelatedEvent) {
  return { id: eventIdOf(event), event, hits: [], level: null, reason, score, copies: [] };
}

/**
 * The events that the look-back of the alerts shows, by time: without the matched events, and each record once, with its
 * strongest reason.
 */
function relatedEvents(draft: IncidentDraft, { store, alerts }: IncidentParts): readonly RelatedEvent[] {
  const best = new Map<string, RelatedEvent>();
  for (const { lookback } of alerts) {
    if (lookback === null) continue;
    for (const related of [...lookback.related, ...lookback.after]) {
      const id = eventIdOf(related.event);
      const known = best.get(id);
      if (known === undefined || related.score > known.score) best.set(id, related);
    }
  }
  if (best.size > 0)
    for (const { positions } of matchedEvents(store, draft.positions)) best.delete(store.eventIdAt(positions[0]!));
  return [...best.values()].sort(
    (a, b) => a.event.timeUs - b.event.timeUs || a.event.index - b.event.index || (a.event.file < b.event.file ? -1 : 1),
  );
}
