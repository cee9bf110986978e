/**
 * Puts all events of a report into one order. In: incidents. Out: their matched and related events by time over all computers,
 * each record once; events without a time come last. An incident is opened only when its first event is due, because an open
 * incident takes memory.
 */
import type { Incident, IncidentEvent } from '../../model/incident.ts';
import type { ScanReport } from '../reporter.ts';
import { isoToUs } from '../wording.ts';

export interface TimelineEvent {
  readonly incident: Incident;
  readonly event: IncidentEvent;
}

/** An open incident, and its next event. */
interface Cursor {
  readonly incident: Incident;
  readonly rest: Iterator<IncidentEvent>;
  readonly event: IncidentEvent;
}

export function* timelineEvents({ incidents }: ScanReport): Iterable<TimelineEvent> {
  // The next incident is the last element, so that taking it moves no others.
  const closed = incidents
    .map((incident) => ({ incident, opensUs: opensUs(incident) }))
    .sort((a, b) => compare(b.opensUs, a.opensUs));
  const open: Cursor[] = [];
  let together = new Map<string, TimelineEvent>();
  let togetherUs = Number.NEGATIVE_INFINITY;
  while (closed.length + open.length > 0) {
    if (closed.length > 0 && !(open.length > 0 && timeOf(open.at(-1)!) < closed.at(-1)!.opensUs)) {
      const { incident } = closed.pop()!;
      advance(open, incident, incident.events()[Symbol.iterator]());
      continue;
    }
    const { incident, rest, event } = open.pop()!;
    const timeUs = keyOf(event.event.timeUs);
    if (timeUs !== togetherUs) {
      yield* together.values();
      together = new Map();
      togetherUs = timeUs;
    }
    // An event that matched in one incident may be a related event of another.
    const known = together.get(event.id);
    if (known === undefined || known.event.hits.length < event.hits.length) together.set(event.id, { incident, event });
    advance(open, incident, rest);
  }
  yield* together.values();
}

/** Puts an incident where its next event belongs; drops it when it has none. */
function advance(open: Cursor[], incident: Incident, rest: Iterator<IncidentEvent>): void {
  const { done, value: event } = rest.next();
  if (done === true) return;
  const cursor = { incident, rest, event };
  const timeUs = timeOf(cursor);
  let low = 0;
  let high = open.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeOf(open[middle]!) > timeUs) low = middle + 1;
    else high = middle;
  }
  open.splice(low, 0, cursor);
}

/** When the first event of an incident is due: look-backs begin before its first match. */
function opensUs({ firstUs, alerts }: Incident): number {
  const starts = alerts.map(({ lookback }) => keyOf(isoToUs(lookback?.from ?? null)));
  return starts.reduce((first, start) => Math.min(first, start), keyOf(firstUs));
}

function timeOf({ event }: Cursor): number {
  return keyOf(event.event.timeUs);
}

function keyOf(timeUs: number): number {
  return Number.isNaN(timeUs) ? Number.POSITIVE_INFINITY : timeUs;
}

function compare(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}
