// HOT: once per long text.
/** Where a rare byte comes next: searched once, remembered until it has been passed. */

export class NextByte {
  readonly #byte: number;
  /** The answer holds for starts in [#from, #at]. After damage scanning goes back to before `#from`. */
  #from = 0;
  #at = -1;

  constructor(byte: number) {
    this.#byte = byte;
  }

  /** Call when the bytes of the buffer have changed. */
  reset(): void {
    this.#at = -1;
  }

  /** Its first position at or after `start`; the buffer's length when it does not come. */
  from(buffer: Buffer, start: number): number {
    if (start > this.#at || start < this.#from) {
      const found = buffer.indexOf(this.#byte, start);
      this.#at = found < 0 ? buffer.length : found;
      this.#from = start;
    }
    return this.#at;
  }
}
