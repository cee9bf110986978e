// HOT: goes through the values of every event that no other look is for.
/** The look that knows nothing: it asks for every place. What other looks find must be the same rules. */
import { DONE, type Look, type Query } from '../contract.ts';

/** Candidates that there is room for at first. */
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

  /** The first place from `place` on that is to be answered, else the number of slots. For looks that know more of values. */
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
