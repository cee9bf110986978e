/** Times that are wanted, as spans that do not touch. A time costs a binary search, also where spans come in any order. */
import { lowerBound, upperBound } from './bounds.ts';

/** Spans held per set: matches of one computer, each far from the others. */
export const MAX_SPANS = 1_000;

export class TimeSpans {
  /** Ascending; a span has the same place in both. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #limit: number;
  /** The end of the latest span that was given up for want of room: up to here nobody knows any more what is wanted. */
  givenUpUs = Number.NEGATIVE_INFINITY;

  constructor(limit = MAX_SPANS) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#from.length;
  }

  /** Adds a span, both ends included. */
  add(fromUs: number, toUs: number): void {
    // Spans [first, end) touch the new one, and become part of it.
    const first = lowerBound(this.#to, fromUs);
    const end = upperBound(this.#from, toUs);
    const start = first < end ? Math.min(fromUs, this.#from[first]!) : fromUs;
    const stop = first < end ? Math.max(toUs, this.#to[end - 1]!) : toUs;
    this.#from.splice(first, end - first, start);
    this.#to.splice(first, end - first, stop);
    if (this.#from.length <= this.#limit) return;
    this.#from.shift();
    this.givenUpUs = Math.max(this.givenUpUs, this.#to.shift()!);
  }

  has(timeUs: number): boolean {
    const span = lowerBound(this.#to, timeUs);
    return span < this.#to.length && this.#from[span]! <= timeUs;
  }
}
