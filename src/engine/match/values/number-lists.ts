/**
 * Lists of numbers, equal ones as one object: tens of thousands of values satisfy the same few predicates. In: numbers. Out: a
 * list that nobody may change. Bounded: when there are too many lists, further ones are made anew.
 */

const NONE = new Int32Array(0);
/** A longer list is rarely needed twice. */
const LONGEST = 16;
const MOST_LISTS = 4096;

export class NumberLists {
  readonly #known = new Map<string, Int32Array>();

  of(numbers: ReadonlySet<number> | readonly number[]): Int32Array {
    const count = 'size' in numbers ? numbers.size : numbers.length;
    if (count === 0) return NONE;
    const list = Int32Array.from(numbers);
    if (count > LONGEST) return list;
    const key = list.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size < MOST_LISTS) this.#known.set(key, list);
    return list;
  }
}
