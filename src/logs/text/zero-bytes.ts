/**
 * Watches for zero bytes in a text. In: the blocks of a source. Out: one diagnostic, where they first are. No text has zero
 * bytes: a part of the file was never written, as after a power failure, or was wiped. The records that stood there are lost.
 * Readers take zero bytes for blanks.
 */
import type { EventSink } from '../../model/event.ts';

/** A sector. Fewer zeros may belong to text in UTF-16, or to a damaged record, which the reader of the format reports. */
const RUN = Buffer.alloc(512);

export class ZeroWatch {
  readonly #file: string;
  readonly #sink: Pick<EventSink, 'diagnostic'>;
  #found = false;
  /** How many zeros the blocks so far end with. */
  #zeros = 0;

  constructor(file: string, sink: Pick<EventSink, 'diagnostic'>) {
    this.#file = file;
    this.#sink = sink;
  }

  /** How many bytes behind the last block decide whether the zeros at its end are a sector. */
  get undecided(): number {
    return this.#found || this.#zeros === 0 ? 0 : RUN.length - this.#zeros;
  }

  /** Takes the blocks in their order. `offset`: where the block stands in the source. */
  look(block: Buffer, offset: number): void {
    if (this.#found) return;
    const at = this.#zerosAt(block);
    if (at === null) return;
    this.#found = true;
    this.#sink.diagnostic({
      code: 'input/zero-bytes',
      severity: 'warning',
      message: 'a part of the file is zeros, from here on: it was never written, or was wiped. What stood there is lost.',
      hint: 'The records before and after it were read.',
      place: { file: this.#file, offset: offset + at },
    });
  }

  /** Where in the block a sector of zeros begins; negative if it begins in an earlier block, null if there is none. */
  #zerosAt(block: Buffer): number | null {
    const before = this.#zeros;
    this.#zeros = 0;
    if (!block.includes(0)) return null;
    let leading = 0;
    while (leading < block.length && leading < RUN.length && block[leading] === 0) leading++;
    if (before + leading >= RUN.length) return -before;
    const at = block.indexOf(RUN);
    if (at >= 0) return at;
    let last = block.length;
    while (last > 0 && block[last - 1] === 0) last--;
    this.#zeros = last > 0 ? block.length - last : before + block.length;
    return null;
  }
}
