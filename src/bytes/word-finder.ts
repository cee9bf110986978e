// HOT: looks at most bytes of the values that are searched.
/**
 * Finds a word of ASCII letters and digits in bytes, whatever its case, in UTF-16LE or in text of one byte a character. In: the
 * word, then bytes. Out: whether it stands there. It is the search of Horspool: the byte at the end of the place that is looked
 * at says how far the next place may be.
 */

export class WordFinder {
  readonly #wide: Pattern;
  readonly #narrow: Pattern;

  constructor(word: string) {
    const bytes = Buffer.from(word.toLowerCase(), 'latin1');
    this.#narrow = new Pattern(bytes);
    // The zero byte behind the last character says nothing.
    this.#wide = new Pattern(Buffer.from(word.toLowerCase(), 'utf16le').subarray(0, -1));
  }

  /** True when the word stands in [start, end), at any offset. `isWide`: the bytes are UTF-16. */
  standsIn(bytes: Uint8Array, start: number, end: number, isWide: boolean): boolean {
    return this.#wide.standsIn(bytes, start, end) || (!isWide && this.#narrow.standsIn(bytes, start, end));
  }
}

class Pattern {
  /** In lower and in upper case. */
  readonly #lower: Uint8Array;
  readonly #upper: Uint8Array;
  /** By byte: how far it is from its last place in the pattern to the end of the pattern. */
  readonly #skips: Int32Array;
  /** How far to go on where the last byte fits: to the same byte before it. */
  readonly #again: number;

  constructor(lower: Uint8Array) {
    const upper = lower.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));
    const last = lower.length - 1;
    const skips = new Int32Array(256).fill(lower.length);
    for (let i = 0; i < last; i++) skips[lower[i]!] = skips[upper[i]!] = last - i;
    this.#again = skips[lower[last]!]!;
    skips[lower[last]!] = skips[upper[last]!] = 0;
    this.#lower = lower;
    this.#upper = upper;
    this.#skips = skips;
  }

  standsIn(bytes: Uint8Array, start: number, end: number): boolean {
    const skips = this.#skips;
    const again = this.#again;
    for (let at = start + this.#lower.length - 1; at < end; ) {
      const skip = skips[bytes[at]!]!;
      if (skip > 0) at += skip;
      else if (this.#endsAt(bytes, at)) return true;
      else at += again;
    }
    return false;
  }

  #endsAt(bytes: Uint8Array, end: number): boolean {
    const lower = this.#lower;
    const upper = this.#upper;
    const start = end - lower.length + 1;
    for (let i = lower.length - 2; i >= 0; i--) {
      const byte = bytes[start + i];
      if (byte !== lower[i] && byte !== upper[i]) return false;
    }
    return true;
  }
}
