/**
 * Finds the longest chain of matches in the order of a list, inside a sliding window. For each length and each place in the
 * list it keeps the latest possible start of a chain of that length that ends at that place. A chain is inside the window
 * exactly when its start is, so nothing has to be undone when old matches leave. A match costs (longest chain x places); lists
 * are short.
 */
export class LatestChains {
  readonly #places: number;
  /**
   * [length - 1][place]: the latest start (microseconds) of a chain of that length that ends at that place, or -Infinity. A row
   * is made when a chain of its length first occurs.
   */
  readonly #starts: Float64Array[] = [];

  constructor(places: number) {
    this.#places = places;
  }

  /** Adds a match that fits these places (ascending). It extends earlier chains only, and never takes two places of one chain. */
  add(places: readonly number[], timeUs: number): void {
    // From the last place to the first, so that this match does not extend a chain that it has just become part of.
    for (let i = places.length - 1; i >= 0; i--) {
      const place = places[i]!;
      for (let length = Math.min(place, this.#starts.length); length >= 1; length--) {
        this.#improve(length, place, this.#latestBefore(length - 1, place));
      }
      this.#improve(0, place, timeUs);
    }
  }

  /** The length of the longest chain that starts at `firstUs` or later. */
  longest(firstUs: number): number {
    for (let length = this.#starts.length; length >= 1; length--) {
      for (const start of this.#starts[length - 1]!) if (start >= firstUs) return length;
    }
    return 0;
  }

  #improve(row: number, place: number, start: number): void {
    if (start === Number.NEGATIVE_INFINITY) return;
    this.#starts[row] ??= new Float64Array(this.#places).fill(Number.NEGATIVE_INFINITY);
    const starts = this.#starts[row]!;
    if (start > starts[place]!) starts[place] = start;
  }

  #latestBefore(row: number, place: number): number {
    const starts = this.#starts[row]!;
    let latest = Number.NEGATIVE_INFINITY;
    for (let before = 0; before < place; before++) if (starts[before]! > latest) latest = starts[before]!;
    return latest;
  }
}
