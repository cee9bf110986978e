/** In: what the flags of `search`, `dump`, `metrics` and `logons` ask for. Out: whether an event is one of those. Refuses nothing. */
import type { EventRecord } from '../model/event.ts';

export interface EventFilter {
  /** Microseconds since 1970 UTC; null: no limit. An event without a time is outside of every limit. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  /** Compared without case, as Windows does; `*` at the end stands for the rest. Empty: all. */
  readonly channels: readonly string[];
  readonly computers: readonly string[];
  readonly eventIds: readonly number[];
}

export function passesFilter(filter: EventFilter): (event: EventRecord) => boolean {
  const from = filter.fromUs ?? Number.NEGATIVE_INFINITY;
  const to = filter.toUs ?? Number.POSITIVE_INFINITY;
  const timed = filter.fromUs !== null || filter.toUs !== null;
  const ids = new Set(filter.eventIds);
  const channel = oneOf(filter.channels);
  const computer = oneOf(filter.computers);
  return (event) =>
    (ids.size === 0 || ids.has(event.eventId)) &&
    (!timed || (event.timeUs >= from && event.timeUs <= to)) &&
    (channel === null || channel(event.channel)) &&
    (computer === null || computer(event.computer));
}

function oneOf(names: readonly string[]): ((name: string) => boolean) | null {
  if (names.length === 0) return null;
  const wanted = names.map((name) => name.toLowerCase());
  const whole = new Set(wanted.filter((name) => !name.endsWith('*')));
  const beginnings = wanted.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (name) => {
    const lower = name.toLowerCase();
    return whole.has(lower) || beginnings.some((beginning) => lower.startsWith(beginning));
  };
}
