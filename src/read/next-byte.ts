// HOT: once per long text.
/** Where a rare byte comes next: searched once, remembered until it has been passed. */

export class NextByte {
  readonly #byte: number;
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
    if (this.#at < start) {
      const found = buffer.indexOf(this.#byte, start);
      this.#at = found < 0 ? buffer.length : found;
    }
    return this.#at;
  }
}
