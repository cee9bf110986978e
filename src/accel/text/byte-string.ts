// HOT: compared with the bytes of every event of a text log.
/** Bytes that are compared with those of a log, eight at a time. Views are read up to 8 bytes beyond what is compared. */

/** The bits of `bytes` bytes of a word, from the lowest. */
function maskOf(bytes: number): number {
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << (bytes * 8)) - 1;
}

const NO_DOUBLES = new Float64Array(0);

export class ByteString {
  length = 0;
  /** The bytes up to the last 0-7. There may be more room than they need. */
  #doubles = NO_DOUBLES;
  /** The last bytes, and which bits of them count. */
  #low = 0;
  #lowMask = 0;
  #high = 0;
  #highMask = 0;

  /** Bytes that there is room for; `set` makes more. */
  get room(): number {
    return this.#doubles.length * 8;
  }

  /** Takes over the bytes at `at`. */
  set(view: DataView, at: number, length: number): void {
    const count = length >> 3;
    if (count > this.#doubles.length) this.#doubles = new Float64Array(Math.max(count, this.#doubles.length * 2));
    const doubles = this.#doubles;
    let place = at;
    for (let i = 0; i < count; i++, place += 8) {
      const number = view.getFloat64(place, true);
      // Numbers that are equal have the same bytes, but for the two zeros; NaN is equal to nothing.
      doubles[i] = number === 0 ? Number.NaN : number;
    }
    this.#low = view.getInt32(place, true);
    this.#high = view.getInt32(place + 4, true);
    this.#lowMask = maskOf(length & 7);
    this.#highMask = maskOf((length & 7) - 4);
    this.length = length;
  }

  /** True when the bytes stand at `at`. False, too, when eight of them are zero (or a NaN, which UTF-8 has hardly ever). */
  standsAt(view: DataView, at: number): boolean {
    const doubles = this.#doubles;
    const tail = at + (this.length & ~7);
    // The end first: what may stand at one place begins alike.
    if (((view.getInt32(tail, true) ^ this.#low) & this.#lowMask) !== 0) return false;
    if (((view.getInt32(tail + 4, true) ^ this.#high) & this.#highMask) !== 0) return false;
    for (let i = 0, place = at; place < tail; i++, place += 8) if (view.getFloat64(place, true) !== doubles[i]) return false;
    return true;
  }
}
