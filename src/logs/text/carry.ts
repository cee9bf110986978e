// HOT: once per block.
/**
 * The bytes that a decoder works on: the rest of the previous block and the new block, in one piece. In: blocks. Out: a buffer.
 * It grows to the longest record allowed and no further, because readers give up on longer records.
 */

/** Bytes after `end` that may be read without a check. The first is a `<`, at which every scan for text stops; the rest are 0. */
const SENTINEL_BYTES = 16;
const LESS_THAN = 0x3c;

/** Fewer bytes than this are scanned again with each block. */
const FREE_LOOKS_BYTES = 256 << 10;

/** A longer record is skipped with a diagnostic. The largest event that Windows writes is 64 KiB of binary XML. */
export const MAX_RECORD_BYTES = 16 << 20;

export class Carry {
  buffer: Buffer = Buffer.alloc(1 << 16);
  /** Position of the first byte that has not been consumed. */
  start = 0;
  end = 0;
  #nextLook = 0;
  /** Offset in the source of buffer[0]. */
  base: number;
  readonly #history: number;

  /** `history`: the number of bytes before `start` that are kept too. */
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
   * Whether to scan again. False while a long incomplete record has not grown by half since the last scan. Otherwise a record
   * that arrives in many small blocks would be scanned with each of them.
   */
  isWorthALook(): boolean {
    return this.end - this.start >= this.#nextLook;
  }

  /** Call when the present bytes have been scanned. */
  looked(): void {
    const left = this.end - this.start;
    this.#nextLook = left < FREE_LOOKS_BYTES ? 0 : Math.min(left * 1.5, Math.max(left, MAX_RECORD_BYTES) + 1);
  }

  /** Source offset of a position in the buffer. */
  offsetOf(position: number): number {
    return this.base + position;
  }
}
