// HOT: once per block.
/**
 * The bytes that a decoder works on: what was left of the block before, then the new block, in one piece. Grows to the
 * longest record allowed and no further, because readers give up on a record that is longer.
 */

/** Bytes after `end` that may be read without a check. The first is a `<`, which stops every scan for text; the rest are 0. */
const SENTINEL_BYTES = 16;
const LESS_THAN = 0x3c;

/** Less than this is looked at with each block. */
const FREE_LOOKS_BYTES = 256 << 10;

/** A longer record is skipped with a diagnostic: the largest event that Windows writes is 64 KiB of binary XML. */
export const MAX_RECORD_BYTES = 16 << 20;

export class Carry {
  buffer: Buffer = Buffer.alloc(1 << 16);
  /** The first byte not yet consumed. */
  start = 0;
  end = 0;
  #nextLook = 0;
  /** Offset in the source of buffer[0]. */
  base: number;
  readonly #history: number;

  /** `history`: so many bytes before `start` are kept, too. */
  constructor(base: number, history = 0) {
    this.base = base;
    this.#history = history;
  }

  append(block: Uint8Array): void {
    const from = Math.max(0, this.start - this.#history);
    const kept = this.end - from;
    const needed = kept + block.length + SENTINEL_BYTES;
    if (needed > this.buffer.length) {
      const grown = Buffer.alloc(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(grown, 0, from, this.end);
      this.buffer = grown;
    } else if (from > 0) {
      this.buffer.copyWithin(0, from, this.end);
    }
    this.base += from;
    this.start -= from;
    this.buffer.set(block, kept);
    this.end = kept + block.length;
    this.buffer.fill(0, this.end, this.end + SENTINEL_BYTES);
    this.buffer[this.end] = LESS_THAN;
  }

  /**
   * False while a long incomplete record has not grown by half since it was looked at: if it were looked at with each block, a
   * record that comes in small blocks would be scanned over and over.
   */
  isWorthALook(): boolean {
    return this.end - this.start >= this.#nextLook;
  }

  /** Call when the bytes at hand have been looked at. */
  looked(): void {
    const left = this.end - this.start;
    this.#nextLook = left < FREE_LOOKS_BYTES ? 0 : Math.min(left * 1.5, Math.max(left, MAX_RECORD_BYTES) + 1);
  }

  /** Source offset of a position in the buffer. */
  offsetOf(position: number): number {
    return this.base + position;
  }
}
