// HOT: counts every event that is shown.
/**
 * Which times the parts of a range span, so that look-back reads again only those that it needs. In: the events of a range, and the
 * format, which says where parts begin that can be read alone (chunks of EVTX). Out: a stretch for each such part; none where the
 * events do not come in the order of the parts.
 */
import type { LogFormat } from '../../logs/log-format.ts';

/** Numbers of a stretch: where it begins, the number of its first record in the range, its earliest and its latest time. */
const START = 0;
const FIRST_INDEX = 1;
const FROM = 2;
const TO = 3;
const NUMBERS = 4;
/** Stretches of all ranges together: 32 MB, enough for 64 GB of EVTX. Ranges of a larger scan are read again as a whole. */
const MAX_STRETCHES = 1 << 20;

/** The stretches of a range, {@link NUMBERS} for each, by offset. Plain data, because it is sent between threads. */
export type Stretches = Float64Array;

export const NO_STRETCHES: Stretches = new Float64Array(0);

/** A part of a range that can be read alone. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Number of its first record in the range. */
  readonly firstIndex: number;
  readonly fromUs: number;
  readonly toUs: number;
}

export class StretchCounter {
  readonly #partAt: LogFormat['partAt'];
  readonly #numbers: number[] = [];
  #start = -1;
  /** A record from here on is in another stretch. */
  #end = -1;
  #inOrder = true;
  #fromUs = Number.POSITIVE_INFINITY;
  #toUs = Number.NEGATIVE_INFINITY;

  constructor(partAt: LogFormat['partAt']) {
    this.#partAt = partAt;
  }

  count(offset: number, index: number, timeUs: number): void {
    if (this.#partAt === undefined) return;
    if (offset >= this.#end || offset < this.#start) this.#begin(offset, index);
    this.span(timeUs, timeUs);
  }

  /** Adds the times of events of the current stretch that were not shown. */
  span(fromUs: number, toUs: number): void {
    // A comparison with NaN is false, so events without a time change nothing.
    if (fromUs < this.#fromUs) this.#fromUs = fromUs;
    if (toUs > this.#toUs) this.#toUs = toUs;
  }

  result(): Stretches {
    if (!this.#inOrder) return NO_STRETCHES;
    this.#close();
    return Float64Array.from(this.#numbers);
  }

  #begin(offset: number, index: number): void {
    if (offset < this.#start) this.#inOrder = false;
    this.#close();
    const { start, end } = this.#partAt!(offset);
    this.#start = start;
    this.#end = end;
    this.#fromUs = Number.POSITIVE_INFINITY;
    this.#toUs = Number.NEGATIVE_INFINITY;
    this.#numbers.push(start, index);
  }

  #close(): void {
    if (this.#numbers.length % NUMBERS !== 0) this.#numbers.push(this.#fromUs, this.#toUs);
  }
}

/** What is kept of the stretches of one of `ranges` ranges. It depends only on their number, so that every run keeps the same. */
export function cutStretches(stretches: Stretches, ranges: number): Stretches {
  return stretches.length <= NUMBERS * Math.floor(MAX_STRETCHES / ranges) ? stretches : NO_STRETCHES;
}

/** The stretches one by one. The last one may reach up to `end`, the end of the range. */
export function* eachStretch(stretches: Stretches, end: number): Generator<Stretch> {
  for (let at = 0; at < stretches.length; at += NUMBERS) {
    yield {
      start: stretches[at + START]!,
      end: stretches[at + NUMBERS + START] ?? end,
      firstIndex: stretches[at + FIRST_INDEX]!,
      fromUs: stretches[at + FROM]!,
      toUs: stretches[at + TO]!,
    };
  }
}

/** The stretches that `wants` accepts; neighbouring ones are joined. */
export function wantedStretches(
  stretches: Stretches,
  end: number,
  wants: (stretch: Stretch) => boolean,
): readonly Pick<Stretch, 'start' | 'end' | 'firstIndex'>[] {
  const wanted: { start: number; end: number; firstIndex: number }[] = [];
  for (const stretch of eachStretch(stretches, end)) {
    if (!wants(stretch)) continue;
    const last = wanted.at(-1);
    if (last?.end === stretch.start) last.end = stretch.end;
    else wanted.push({ start: stretch.start, end: stretch.end, firstIndex: stretch.firstIndex });
  }
  return wanted;
}
