// HOT: goes through the values of every event for which there is no other look.
/** The plain look: it remembers nothing and asks about every place. All other looks must find the same rules. */
import { DONE, type Look, type Query } from '../contract.ts';

/** Room for candidates at the start; it grows. */
const ROOM = 256;

export class PlainLook implements Look {
  found = new Int32Array(ROOM);
  #query: Query | null = null;
  #place = 0;

  first(query: Query): number {
    this.#query = query;
    this.found[0] = 0;
    if (query.always.length > 0) this.#add(query.always);
    return this.#goTo(0);
  }

  learn(numbers: Int32Array): number {
    if (numbers.length > 0) this.#add(numbers);
    return this.#goTo(this.#place + 1);
  }

  /**
   * The first place at or after `place` that must be answered, else the number of slots. Overridden by looks that know more
   * about values.
   */
  protected next(_query: Query, place: number): number {
    return place;
  }

  #goTo(from: number): number {
    const query = this.#query!;
    this.#place = this.next(query, from);
    return this.#place < query.slots.length ? this.#place : DONE;
  }

  #add(numbers: Int32Array): void {
    let { found } = this;
    const end = found[0]! + numbers.length;
    if (end >= found.length) {
      found = new Int32Array(2 * end);
      found.set(this.found);
      this.found = found;
    }
    for (let i = 0, at = found[0]! + 1; i < numbers.length; i++, at++) found[at] = numbers[i]!;
    found[0] = end;
  }
}
