/** What look-back is asked for, and what a thread answers: plain data that crosses threads. */
import type { EventSnapshot } from '../../model/event.ts';
import type { SeenList } from './record-identity.ts';
import type { Candidate } from './top-events.ts';

/** Related events shown per match, before it and after it. */
export const RELATED_EVENTS = 12;
export const RELATED_AFTER = 8;
/** Records of a correlation whose ties are followed. */
export const MAX_ANCHORS = 32;

/** A match or correlation whose past is wanted. */
export interface LookbackTarget {
  readonly computer: string;
  /** The window ends here. */
  readonly timeUs: number;
  /** The record that matched; for a correlation the contributing records. At most {@link MAX_ANCHORS} are followed. */
  readonly anchors: readonly EventSnapshot[];
}

/** Everything a collector needs: the same plan may be worked on in several threads. */
export interface LookbackPlan {
  readonly targets: readonly LookbackTarget[];
  /** Length of the window, in microseconds and as given. */
  readonly windowUs: number;
  readonly window: string;
  /** Computer names of the whole scan: `PC04` is `PC04.example.corp` where only one full name begins so. */
  readonly computers: readonly string[];
  /** True when records were found in several places: each is to be counted and shown once. */
  readonly copies: boolean;
}

/** What one collector saw, by target. */
export interface LookbackPartial {
  readonly counts: readonly number[];
  /** Of the events that {@link seen} lists, or would list: as often as they were found. */
  readonly identified: readonly number[];
  readonly seen: SeenList;
  readonly before: readonly (readonly Candidate[])[];
  readonly after: readonly (readonly Candidate[])[];
}
