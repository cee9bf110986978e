/**
 * Limits how many bytes may be scanned again. A record that turns out to be broken far from its start is given up, and scanning
 * continues directly after its start. Without a limit, a log made of such starts would take time in the square of its length.
 */
const FIRST_BYTES = 64 << 20;
const MOST_BYTES = 256 << 20;
/** Each new byte allows scanning this many bytes again. */
const EARNED = 2;

export class RescanBudget {
  #left = FIRST_BYTES;

  earn(newBytes: number): void {
    this.#left = Math.min(MOST_BYTES, this.#left + newBytes * EARNED);
  }

  /** False when the budget is spent: the bytes at hand must then be passed over as a whole. */
  spend(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left > 0;
  }
}
