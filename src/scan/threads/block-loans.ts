/**
 * Blocks of matches on their way to another thread: in shared memory, which the receiver gives back when it is done with a block.
 * Fresh memory for each would have to be found and cleared by the system, and collected in both threads. In: a block. Out: a copy
 * that both threads see.
 */

/** In front of each block lies a flag that says whether the block is lent. */
const HEAD_BYTES = 8;
const FREE = 0;
const LENT = 1;
/** Memory that is kept comes in multiples of this, so that one block fits where another was. */
const ROOM_BYTES = 256 * 1024;
/** Blocks lent beyond this number are not used again, because the receiver is far behind. */
const MOST_KEPT = 16;

export class BlockLender {
  /** Flags, each at the beginning of its memory. */
  readonly #kept: Int32Array[] = [];

  /** A copy of `block`, valid until its receiver calls {@link giveBack}. */
  lend(block: Uint8Array): Uint8Array {
    const bytes = HEAD_BYTES + block.length;
    const flag =
      this.#kept.find((flag) => flag.buffer.byteLength >= bytes && Atomics.load(flag, 0) === FREE) ?? this.#fresh(bytes);
    Atomics.store(flag, 0, LENT);
    const copy = new Uint8Array(flag.buffer, HEAD_BYTES, block.length);
    copy.set(block);
    return copy;
  }

  #fresh(bytes: number): Int32Array {
    const keep = this.#kept.length < MOST_KEPT;
    const flag = new Int32Array(new SharedArrayBuffer(keep ? Math.ceil(bytes / ROOM_BYTES) * ROOM_BYTES : bytes), 0, 1);
    if (keep) this.#kept.push(flag);
    return flag;
  }
}

/** The receiver will not read the block again. */
export function giveBack(block: Uint8Array): void {
  Atomics.store(new Int32Array(block.buffer, 0, 1), 0, FREE);
}
