/**
 * How many bytes may be looked at again. A record that turns out to be broken far from its start is given up and scanning goes
 * on right behind its start: in a log made of such starts that would take the square of its length.
 */
const FIRST_BYTES = 64 << 20;
const MOST_BYTES = 256 << 20;
/** Every byte that is new pays for looking at so many again. */
const EARNED = 2;

export class RescanBudget {
  #left = FIRST_BYTES;

  earn(newBytes: number): void {
    this.#left = Math.min(MOST_BYTES, this.#left + newBytes * EARNED);
  }

  /** False when it is spent: what is at hand must be passed over as a whole. */
  spend(bytes: number): boolean {
    this.#left -= bytes;
    return this.#left > 0;
  }
}
