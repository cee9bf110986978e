// HOT: a row for every event near a match.
/** A batch of events as columns of numbers: their signatures, times and places. */

import { Names } from '../store/names.ts';
import { sortPositions } from '../store/sort-positions.ts';
import { comparePlaces, type EventPlace } from './event-place.ts';
import type { Signature } from './links/signatures.ts';

/** How many rows there is room for at first. */
const FIRST_ROWS = 1024;

export class EventRows {
  length = 0;
  readonly signatures: Signature[] = [];
  timesUs = new Float64Array(FIRST_ROWS);
  #offsets = new Float64Array(FIRST_ROWS);
  #indexes = new Float64Array(FIRST_ROWS);
  #eventIds = new Int32Array(FIRST_ROWS);
  #fileIds = new Int32Array(FIRST_ROWS);
  #identities = new Float64Array(FIRST_ROWS);
  #files = new Names();
  /** Neighbouring events nearly always have the same file. */
  #lastFile: string | null = null;
  #lastNumber = 0;

  /** `eventId` as in `EventRecord`, `identity` as in {@link EventPlace}. */
  add(
    signature: Signature,
    timeUs: number,
    file: string,
    offset: number,
    index: number,
    eventId: number,
    identity: number,
  ): void {
    const row = this.length++;
    if (row === this.timesUs.length) this.#grow();
    this.signatures[row] = signature;
    this.timesUs[row] = timeUs;
    this.#offsets[row] = offset;
    this.#indexes[row] = index;
    this.#eventIds[row] = eventId;
    this.#identities[row] = identity;
    this.#fileIds[row] = file === this.#lastFile ? this.#lastNumber : this.#numberOf(file);
  }

  placeOf(row: number): EventPlace {
    const eventId = this.#eventIds[row]!;
    return {
      file: this.#files.list[this.#fileIds[row]!]!,
      offset: this.#offsets[row]!,
      index: this.#indexes[row]!,
      timeUs: this.timesUs[row]!,
      EventID: eventId < 0 ? null : eventId,
      identity: this.#identities[row]!,
    };
  }

  /** All rows by time; at equal times by file and place in it. */
  inTimeOrder(): Uint32Array {
    const rows = new Uint32Array(this.length);
    for (let row = 0; row < rows.length; row++) rows[row] = row;
    const { timesUs } = this;
    return sortPositions(rows, (a, b) => timesUs[a]! - timesUs[b]! || this.#comparePlaces(a, b));
  }

  clear(): void {
    this.length = 0;
    this.signatures.length = 0;
    this.#files = new Names();
    this.#lastFile = null;
  }

  #comparePlaces(a: number, b: number): number {
    if (this.#fileIds[a] === this.#fileIds[b]) {
      return this.#offsets[a]! - this.#offsets[b]! || this.#indexes[a]! - this.#indexes[b]!;
    }
    return comparePlaces(this.placeOf(a), this.placeOf(b));
  }

  #numberOf(file: string): number {
    this.#lastFile = file;
    this.#lastNumber = this.#files.id(file);
    return this.#lastNumber;
  }

  #grow(): void {
    const rows = 2 * this.timesUs.length;
    this.timesUs = grown(this.timesUs, new Float64Array(rows));
    this.#offsets = grown(this.#offsets, new Float64Array(rows));
    this.#indexes = grown(this.#indexes, new Float64Array(rows));
    this.#eventIds = grown(this.#eventIds, new Int32Array(rows));
    this.#identities = grown(this.#identities, new Float64Array(rows));
    this.#fileIds = grown(this.#fileIds, new Int32Array(rows));
  }
}

function grown<A extends Float64Array | Int32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
