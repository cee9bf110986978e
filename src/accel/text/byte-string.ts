// HOT: compared with the bytes of every event of a text log.
/**
 * Bytes that are compared with those of a log, eight at a time. The view must be readable up to 8 bytes beyond the compared
 * ones.
 */

/** A mask for the lowest `bytes` bytes of a word. */
function maskOf(bytes: number): number {
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << (bytes * 8)) - 1;
}

const NO_DOUBLES: number[] = [];
/** Fills room that is not in use. It is not a whole number, so that V8 keeps all numbers of the array as doubles. */
const UNUSED = 0.5;

export class ByteString {
  length = 0;
  /**
   * All bytes but the last 0-7, as doubles. The array may be longer than needed. It is no `Float64Array`, because there are tens
   * of thousands of byte strings and a `Float64Array` takes 200 bytes more.
   */
  #doubles = NO_DOUBLES;
  /** The last 0-7 bytes, and a mask of the bits that count. */
  #low = 0;
  #lowMask = 0;
  #high = 0;
  #highMask = 0;

  /** How many bytes there is room for; `set` makes more. */
  get room(): number {
    return this.#doubles.length * 8;
  }

  /** Copies the bytes at `at`. */
  set(view: DataView, at: number, length: number): void {
    const count = length >> 3;
    if (count > this.#doubles.length) this.#doubles = new Array<number>(Math.max(count, this.#doubles.length * 2)).fill(UNUSED);
    const doubles = this.#doubles;
    let place = at;
    for (let i = 0; i < count; i++, place += 8) {
      const number = view.getFloat64(place, true);
      // Equal doubles have equal bytes, except for the two zeros. NaN equals nothing, so it is stored in place of zero: the
      // comparison then fails.
      doubles[i] = number === 0 ? Number.NaN : number;
    }
    this.#low = view.getInt32(place, true);
    this.#high = view.getInt32(place + 4, true);
    this.#lowMask = maskOf(length & 7);
    this.#highMask = maskOf((length & 7) - 4);
    this.length = length;
  }

  /**
   * True when the bytes stand at `at`. It may be false although they do: when eight of them are zero or a NaN, which hardly ever
   * occurs in UTF-8.
   */
  standsAt(view: DataView, at: number): boolean {
    const doubles = this.#doubles;
    const tail = at + (this.length & ~7);
    // The end is compared first, because the candidates for one place often begin alike.
    if (((view.getInt32(tail, true) ^ this.#low) & this.#lowMask) !== 0) return false;
    if (((view.getInt32(tail + 4, true) ^ this.#high) & this.#highMask) !== 0) return false;
    for (let i = 0, place = at; place < tail; i++, place += 8) if (view.getFloat64(place, true) !== doubles[i]) return false;
    return true;
  }
}
