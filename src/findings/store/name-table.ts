// HOT: asked for every match.
/**
 * Numbers texts in the order in which they are first seen. Their bytes are kept outside the JavaScript heap, because the
 * computer names of a very large log would fill it. In: texts. Out: numbers, and the text of a number. A text costs its bytes
 * and 20 more. For a few texts, use `Names`. Refuses nothing.
 */
import { randomInt } from 'node:crypto';
import { float64Column, uint32Column } from './columns.ts';

const PIECE_BYTES = 1 << 20;
const FIRST_SLOTS = 1024;
const NARROW = 0;
const WIDE = 1;
const BEYOND_LATIN_1 = /[^\0-\xff]/;
/**
 * How many texts are remembered with their numbers, so that their bytes need not be compared. All are forgotten when there are
 * more.
 */
const REMEMBERED = 4096;
/** Odd, and random: the author of a log cannot choose names that all have the same hash. */
const FACTOR = randomInt(1 << 30) * 2 + 1;

export class NameTable implements Iterable<string> {
  /** The texts one after the other, in pieces. No text is split over two pieces. A place is piece x PIECE_BYTES + offset. */
  readonly #pieces: Buffer[] = [];
  /** How many bytes of the last piece are in use. */
  #used = PIECE_BYTES;
  readonly #places = float64Column();
  readonly #bytes = uint32Column();
  /** Hash of a text -> its number plus 1. */
  #slots = new Uint32Array(FIRST_SLOTS);
  readonly #recent = new Map<string, number>();
  #scratch = Buffer.allocUnsafe(1024);

  get size(): number {
    return this.#places.length;
  }

  /** The number of a text; a new text gets the next number. */
  id(text: string): number {
    const recent = this.#recent.get(text);
    if (recent !== undefined) return recent;
    const bytes = this.#encode(text);
    const slot = this.#slotOf(bytes);
    let id = this.#slots[slot]! - 1;
    if (id < 0) {
      id = this.size;
      this.#keep(bytes);
      this.#slots[slot] = id + 1;
      if (2 * this.size > this.#slots.length) this.#grow();
    }
    if (this.#recent.size >= REMEMBERED) this.#recent.clear();
    this.#recent.set(text, id);
    return id;
  }

  /** The number of a text; -1 for a new text. */
  find(text: string): number {
    return this.#recent.get(text) ?? this.#slots[this.#slotOf(this.#encode(text))]! - 1;
  }

  at(id: number): string {
    const bytes = this.#bytesAt(id);
    return bytes.toString(bytes[bytes.length - 1] === WIDE ? 'utf16le' : 'latin1', 0, bytes.length - 1);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let id = 0; id < this.size; id++) yield this.at(id);
  }

  /**
   * Encodes as Latin 1 if possible, else as UTF-16, so that a lone surrogate is kept, followed by a byte that says which. Valid
   * until the next call.
   */
  #encode(text: string): Buffer {
    if (2 * text.length + 1 > this.#scratch.length) this.#scratch = Buffer.allocUnsafe(4 * text.length);
    const wide = BEYOND_LATIN_1.test(text);
    const bytes = this.#scratch.write(text, wide ? 'utf16le' : 'latin1');
    this.#scratch[bytes] = wide ? WIDE : NARROW;
    return this.#scratch.subarray(0, bytes + 1);
  }

  #keep(bytes: Buffer): void {
    if (this.#used + bytes.length >= PIECE_BYTES) {
      this.#pieces.push(Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, bytes.length)));
      this.#used = 0;
    }
    bytes.copy(this.#pieces.at(-1)!, this.#used);
    this.#places.push((this.#pieces.length - 1) * PIECE_BYTES + this.#used);
    this.#bytes.push(bytes.length);
    // No other text fits into the piece of a text that is longer than a piece.
    this.#used += bytes.length;
  }

  #bytesAt(id: number): Buffer {
    const place = this.#places.at(id);
    const start = place % PIECE_BYTES;
    return this.#pieces[Math.floor(place / PIECE_BYTES)]!.subarray(start, start + this.#bytes.at(id));
  }

  #slotOf(bytes: Buffer): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes) & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      if (bytes.equals(this.#bytesAt(this.#slots[slot]! - 1))) break;
    }
    return slot;
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length);
    const mask = this.#slots.length - 1;
    for (let id = 0; id < this.size; id++) {
      let slot = hashOf(this.#bytesAt(id)) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = id + 1;
    }
  }
}

function hashOf(bytes: Buffer): number {
  let hash = bytes.length;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, FACTOR);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
