/**
 * What a matcher and a reader know together: which values of an event matter, and what is known of values already. The matcher
 * makes a sieve once for the events of a shape; a reader that can look at bytes goes through the values of an event without
 * decoding those that it has seen before.
 */
import type { MatchPlan } from './match-plan.ts';
import type { TextFilter } from './text-filter.ts';

export interface Sieve {
  /** A key, too: readers remember what they know of a sieve by it, and keep nothing alive. */
  readonly id: number;
  /** Slots whose values may bring something up. */
  readonly slots: Int32Array;
  /** Per slot: what its text must hold; null where any value matters. */
  readonly filters: readonly (TextFilter | null)[];
  /** Per slot: what a value brings up is the same under the same key. No other matcher of the thread has it. */
  readonly keys: Int32Array;
  /** Numbers that come up whatever the values are. */
  readonly always: Int32Array;
  /** By number that values bring up: where its program begins in the plan of `rules`. Nothing holds when none of these does. */
  readonly programs: Int32Array;
  /** What is needed to evaluate rules; not asked for before one is brought up. */
  rules(): SieveRules;
}

/** The fields that rules ask for, each at a place in `slots`. */
export interface SieveRules {
  readonly plan: MatchPlan;
  /** By number of the field in `plan`: its place; 0 for a field that no rule of the sieve asks for. */
  readonly places: Uint16Array;
  /** By place: the slot, ABSENT where such events do not have the field, UNCLEAR where it takes more than a slot to say. */
  readonly slots: Int32Array;
  /** By place: the predicates that a value satisfies are the same under the same key. */
  readonly keys: Int32Array;
}

export const ABSENT = -1;
export const UNCLEAR = -2;

/** Goes through the values of the event under a reader's cursor. */
export interface Sifter {
  /** What known values have brought up since `begin`: how many numbers, then the numbers, some perhaps several times. */
  readonly found: Int32Array;
  /**
   * Passes over values that are known to hold none of the texts of their filter and those of which it is known what they bring
   * up, which it adds to `found`. Returns the first position in the sieve that is to be looked at, -1 when there is none.
   */
  begin(sieve: Sieve): number;
  /**
   * True when it is known already which of the numbers that the sieve brings up hold: those are in `found`. Only for one that
   * the reader was told of (`model/passing.ts`).
   */
  held(sieve: Sieve): boolean;
  /** The next such position. */
  next(): number;
  /** Remembers what the value at the position that was returned last brings up: nothing else of the event may matter for that. */
  learn(numbers: Int32Array): void;
  /** Turns to evaluating rules of the sieve on the event. */
  turn(): void;
  /**
   * Does the rule hold whose program begins at `program`? 1 yes, 0 no, UNDECIDED where the sifter cannot say; the complement
   * of a place in `SieveRules.slots` when it could if it knew which predicates the value there satisfies (`learnField`).
   */
  holds(program: number): number;
  /** Remembers which predicates of an index the value at a place satisfies. */
  learnField(place: number, predicates: Int32Array): void;
}

export const UNDECIDED = 2;

let lastKey = 0;

/** A key for a {@link Sieve}: a number that nobody else of the thread has. */
export function newSieveKey(): number {
  lastKey = (lastKey + 1) | 0;
  return lastKey;
}
