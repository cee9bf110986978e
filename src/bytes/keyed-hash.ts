// HOT: with `recover` and in images, every byte of every record passes through.
/**
 * A hash of bytes from a log, in two halves of 32 bits. In: bytes and numbers, one after the other. Out: equal halves for equal
 * input, and for different input only by chance. The hash depends on random numbers of this thread, so that who writes a log cannot
 * make two records with one hash. A changed record would otherwise pass for the record that it replaced.
 */
import { randomFillSync } from 'node:crypto';
import { mixed } from './keyed-slot.ts';

/** A key for each word of four bytes. A record of an EVTX log has at most 2^14 words, so that no two of its words share a key. */
const KEYS = randomFillSync(new Int32Array(1 << 15));
const MASK = KEYS.length - 1;

export class KeyedHash {
  high = 0;
  low = 0;
  #words = 0;

  reset(): this {
    this.high = 0;
    this.low = 0;
    this.#words = 0;
    return this;
  }

  add(view: DataView, start: number, end: number): this {
    let { high, low } = this;
    let key = this.#words;
    let at = start;
    for (; at + 4 <= end; at += 4, key++) {
      const word = view.getInt32(at, true);
      low = (low + Math.imul(word, KEYS[key & MASK]!)) | 0;
      high = (high + Math.imul(turned(word), KEYS[(key + 1) & MASK]!)) | 0;
    }
    this.high = high;
    this.low = low;
    this.#words = key;
    // The bytes that are left, with the length: zeros at the end would not count otherwise.
    let rest = end - start;
    for (; at < end; at++) rest = (rest << 8) | view.getUint8(at);
    return this.addNumber(rest);
  }

  /** Takes a number of 32 bits. Mixing makes the order count where so many numbers follow that keys are used again. */
  addNumber(word: number): this {
    const key = this.#words++;
    this.low = mixed(this.low + Math.imul(word, KEYS[key & MASK]!), 0x9e3779b1);
    this.high = mixed(this.high + Math.imul(turned(word), KEYS[(key + 1) & MASK]!), 0x85ebca6b);
    return this;
  }
}

/** With its halves exchanged. A product modulo 2^32 loses the highest bits of a factor, which are the lowest ones here. */
function turned(word: number): number {
  return (word << 16) | (word >>> 16);
}
