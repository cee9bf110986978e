/** A set of wanted times, as spans that do not touch. In: spans in any order. Out: whether a time is wanted, by binary search. */
import { lowerBound, upperBound } from './bounds.ts';

/** Limit on the spans in a set. Each stands for matches of one computer that are far from the others. */
export const MAX_SPANS = 1_000;

export class TimeSpans {
  /** The starts and the ends of the spans, ascending. Both of a span are at the same index. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #limit: number;
  /** The end of the latest span that was dropped for want of room. Up to this time it is no longer known what is wanted. */
  givenUpUs = Number.NEGATIVE_INFINITY;

  constructor(limit = MAX_SPANS) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#from.length;
  }

  /** Adds a span, both ends included. */
  add(fromUs: number, toUs: number): void {
    // The spans [first, end) touch the new one and are merged with it.
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
