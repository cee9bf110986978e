/** What look-back has to find, and what a thread answers. Plain data, because it is sent between threads. */
import type { EventSnapshot } from '../../model/event.ts';
import type { SeenList } from './record-identity.ts';
import type { Candidate } from './top-events.ts';

/** How many related events are shown for each match, before it and after it. */
export const RELATED_EVENTS = 12;
export const RELATED_AFTER = 8;
/** Limit on the records of a correlation whose ties are followed. */
export const MAX_ANCHORS = 32;

/** A match or correlation that gets a look-back. */
export interface LookbackTarget {
  readonly computer: string;
  /** The window ends here. */
  readonly timeUs: number;
  /** The record that matched, or the contributing records of a correlation. Ties of at most {@link MAX_ANCHORS} are followed. */
  readonly anchors: readonly EventSnapshot[];
}

/** Everything that a collector needs. Several threads may work on the same plan. */
export interface LookbackPlan {
  readonly targets: readonly LookbackTarget[];
  /** Length of the window, in microseconds and as given. */
  readonly windowUs: number;
  readonly window: string;
  /**
   * The computer names of the whole scan, because `PC04` means `PC04.example.corp` only where exactly one full name begins so.
   */
  readonly computers: readonly string[];
  /** True when records were found in several places. Each is then counted and shown once. */
  readonly copies: boolean;
}

/** What one collector has seen, for each target. */
export interface LookbackPartial {
  readonly counts: readonly number[];
  /** How many events with an identity were found, copies included. {@link seen} lists these events, unless there are too many. */
  readonly identified: readonly number[];
  readonly seen: SeenList;
  readonly before: readonly (readonly Candidate[])[];
  readonly after: readonly (readonly Candidate[])[];
}
