/**
 * The longest run of matches in list order, in a sliding window: for each length and each place in the list the latest possible
 * start of a chain that ends there. A chain is inside the window exactly when its start is, so nothing has to be taken back when
 * old matches leave. Costs the square of the list's length per match; lists are short.
 */
export class LatestChains {
  readonly #places: number;
  /** [length - 1][place]: latest start (microseconds) of a chain of that length that ends at that place; -Infinity for none. */
  readonly #starts: Float64Array;

  constructor(places: number) {
    this.#places = places;
    this.#starts = new Float64Array(places * places).fill(Number.NEGATIVE_INFINITY);
  }

  /** A match that answers these places. It extends earlier chains, never one that it is part of itself. */
  add(places: readonly number[], timeUs: number): void {
    // From the last place to the first, from long chains to short ones: a match takes one place in a chain.
    for (let i = places.length - 1; i >= 0; i--) {
      const place = places[i]!;
      for (let length = place; length >= 1; length--) {
        const start = this.#latestBefore(length - 1, place);
        const at = length * this.#places + place;
        if (start > this.#starts[at]!) this.#starts[at] = start;
      }
      this.#starts[place] = timeUs;
    }
  }

  /** Length of the longest chain that starts at `firstUs` or later. */
  longest(firstUs: number): number {
    for (let length = this.#places; length >= 1; length--) {
      for (let place = length - 1; place < this.#places; place++) {
        if (this.#starts[(length - 1) * this.#places + place]! >= firstUs) return length;
      }
    }
    return 0;
  }

  #latestBefore(row: number, place: number): number {
    let latest = Number.NEGATIVE_INFINITY;
    for (let before = 0; before < place; before++) {
      const start = this.#starts[row * this.#places + before]!;
      if (start > latest) latest = start;
    }
    return latest;
  }
}
