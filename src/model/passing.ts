/**
 * Events that are only counted. A reader that can look at bytes passes over those for which no rule holds, without handing them
 * on one by one: nearly all of a log.
 */
import type { EventRecord } from './event.ts';
import type { Sieve } from './sieve.ts';

export interface Passing {
  /** Microseconds since 1970 UTC: events outside are only counted, unless all of their kind are wanted. */
  readonly fromUs: number;
  readonly toUs: number;
  /**
   * Events of this one's shape, channel and EventID may be passed over when nothing that these sieves bring up holds; null: all
   * of them are wanted. The event has been handed on already.
   */
  sieves(event: EventRecord): readonly Sieve[] | null;
  /** Told now and then, and when a block has been read: events that were passed over, and the first and last of their times. */
  passed(channels: PassedCounts, computers: PassedCounts, fromUs: number, toUs: number): void;
}

/** Name -> events. */
export type PassedCounts = readonly (readonly [string, number])[];
