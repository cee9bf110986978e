/**
 * Keeps the first few of very many items, in order. In: items, one at a time, and what comes before what. Out: the first ones
 * up to a limit, sorted, and how many there were. Refuses nothing.
 */
export class FirstFew<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #items: T[] = [];
  #count = 0;
  /** An item must come before this one to be kept; null while there is room. */
  #last: T | null = null;

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(item: T): void {
    this.#count++;
    if (this.#last !== null && this.#compare(item, this.#last) >= 0) return;
    this.#items.push(item);
    // Up to twice as many are kept before they are sorted and cut, so that sorting happens rarely.
    if (this.#items.length >= 2 * this.#limit) this.#cut();
  }

  result(): { readonly items: readonly T[]; readonly count: number } {
    this.#cut();
    return { items: this.#items, count: this.#count };
  }

  #cut(): void {
    this.#items.sort(this.#compare);
    if (this.#items.length < this.#limit) return;
    this.#items.length = this.#limit;
    this.#last = this.#items.at(-1) ?? null;
  }
}
