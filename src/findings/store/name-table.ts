// HOT: asked for every match.
/**
 * Texts numbered in the order in which they are first seen, however many: their bytes are outside of the JavaScript heap, which a
 * log of millions of computers would fill. In: texts. Out: numbers, and the text of a number. A text costs its bytes and 20 more.
 * See `Names` for few. Refuses nothing.
 */
import { randomInt } from 'node:crypto';
import { float64Column, uint32Column } from './columns.ts';

const PIECE_BYTES = 1 << 20;
const FIRST_SLOTS = 1024;
const NARROW = 0;
const WIDE = 1;
const BEYOND_LATIN_1 = /[^\0-\xff]/;
/** Numbers that are known without looking at bytes; forgotten all at once when there are more. */
const REMEMBERED = 4096;
/** Odd, and unknown to whoever writes a log: names of one hash cannot be made up. */
const FACTOR = randomInt(1 << 30) * 2 + 1;

export class NameTable implements Iterable<string> {
  /** Texts one after the other, in pieces: none is in two. A place is piece x PIECE_BYTES + offset. */
  readonly #pieces: Buffer[] = [];
  /** Of the last piece. */
  #used = PIECE_BYTES;
  readonly #places = float64Column();
  readonly #bytes = uint32Column();
  /** Numbers, counted from 1, at the hashes of their texts. */
  #slots = new Uint32Array(FIRST_SLOTS);
  readonly #recent = new Map<string, number>();
  #scratch = Buffer.allocUnsafe(1024);

  get size(): number {
    return this.#places.length;
  }

  /** The number of a text, a new one when it was not seen before. */
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

  /** Its number; -1 when it was not seen. */
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

  /** Latin 1 where that is enough, else UTF-16, so that a lone surrogate stays what it is; then which. Valid until the next call. */
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
    // Behind a text that is longer than a piece nothing fits.
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
