// HOT: once per long text.
/** Where a rare byte comes next. It is searched once, and the answer is kept until it has been passed. */

export class NextByte {
  readonly #byte: number;
  /** The answer is right for starts in [#from, #at]. After damage, scanning may go back to before `#from`. */
  #from = 0;
  #at = -1;

  constructor(byte: number) {
    this.#byte = byte;
  }

  /** Call when the bytes of the buffer have changed. */
  reset(): void {
    this.#at = -1;
  }

  /** The first position of the byte at or after `start`; the length of the buffer when there is none. */
  from(buffer: Buffer, start: number): number {
    if (start > this.#at || start < this.#from) {
      const found = buffer.indexOf(this.#byte, start);
      this.#at = found < 0 ? buffer.length : found;
      this.#from = start;
    }
    return this.#at;
  }
}
