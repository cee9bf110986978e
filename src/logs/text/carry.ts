// HOT: once per block.
/**
 * The bytes that a decoder works on: the rest of the previous block and the new block, in one piece. In: blocks. Out: a buffer.
 * It grows to the longest record allowed and no further, because readers give up on longer records.
 */

import type { ThreadContext } from '../../engine/thread-context.ts';

/** The size of a new buffer. */
const FIRST_BYTES = 1 << 16;
/**
 * Buffers that decoders leave to the next ones of their thread. Otherwise each range of a log leaves a megabyte of garbage, which
 * V8 finds only when it collects old objects. Larger buffers are not kept, because each was made for one long record.
 */
const MOST_SPARE = 4;
const LARGEST_SPARE = 1 << 20;
const newSpares = (): Buffer[] => [];

/** Bytes after `end` that may be read without a check. The first is a `<`, at which every scan for text stops; the rest are 0. */
const SENTINEL_BYTES = 16;
const LESS_THAN = 0x3c;

/** Fewer bytes than this are scanned again with each block. */
const FREE_LOOKS_BYTES = 256 << 10;

/** A longer record is skipped with a diagnostic. The largest event that Windows writes is 64 KiB of binary XML. */
export const MAX_RECORD_BYTES = 16 << 20;

const NO_BYTES = Buffer.alloc(0);

export class Carry {
  buffer: Buffer;
  /** Position of the first byte that has not been consumed. */
  start = 0;
  end = 0;
  #nextLook = 0;
  /** Offset in the source of buffer[0]. */
  base: number;
  readonly #history: number;
  readonly #spares: Buffer[] | null;

  /**
   * `history`: the number of bytes before `start` that are kept too. With `thread`, the buffer may be one that another decoder has
   * used, and {@link close} leaves it to the next.
   */
  constructor(base: number, history = 0, thread: ThreadContext | null = null) {
    this.base = base;
    this.#history = history;
    this.#spares = thread?.own(newSpares) ?? null;
    this.buffer = this.#spares?.pop() ?? Buffer.alloc(FIRST_BYTES);
  }

  /** Call when the decoder has ended. */
  close(): void {
    const { buffer } = this;
    this.buffer = NO_BYTES;
    this.start = 0;
    this.end = 0;
    if (this.#spares === null || buffer === NO_BYTES || buffer.length > LARGEST_SPARE) return;
    if (this.#spares.length < MOST_SPARE) this.#spares.push(buffer);
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
