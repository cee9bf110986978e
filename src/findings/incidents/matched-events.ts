/**
 * Joins the matches of one record. In: positions of one computer's matches in the store, by time. Out: each record once, with
 * the positions of all its matches and of its copies. Copies come from a log and its backup, from two exports of one log, or
 * from parts of a log that occur twice.
 */
import { groupBy } from '../../model/values/maps.ts';
import type { MatchStore } from '../store/match-store.ts';

export interface MatchedEvent {
  /** Positions of its matches, by rule. */
  readonly positions: readonly number[];
  /** The position of one match in each copy. */
  readonly copies: readonly number[];
}

export function* matchedEvents(store: MatchStore, positions: ArrayLike<number>): Generator<MatchedEvent> {
  for (let first = 0, end = 0; first < positions.length; first = end) {
    const timeUs = store.timeUsAt(positions[first]!);
    const event = store.eventAt(positions[first]!);
    const together = (position: number): boolean => store.timeUsAt(position) === timeUs || store.eventAt(position) === event;
    end = first + 1;
    while (end < positions.length && together(positions[end]!)) end++;
    yield* eventsAtOnce(store, Array.prototype.slice.call(positions, first, end) as number[]);
  }
}

function* eventsAtOnce(store: MatchStore, positions: readonly number[]): Generator<MatchedEvent> {
  const records = [...groupBy(positions, (position) => store.eventAt(position)).values()];
  if (records.length === 1) {
    yield { positions: records[0]!, copies: [] };
    return;
  }
  const byId = new Map<string, { positions: readonly number[]; copies: number[] }>();
  for (const own of records) {
    const id = store.eventIdAt(own[0]!);
    const known = byId.get(id);
    if (known === undefined) byId.set(id, { positions: own, copies: [] });
    else known.copies.push(own[0]!);
  }
  yield* byId.values();
}
