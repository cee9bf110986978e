// HOT: asked for most values of every event of a text log.
/** A slot of a text log's layout, and what is known about the last value there. */
import type { Atom } from '../../model/values/atom.ts';
import type { TextFilter } from '../../model/values/text-filter.ts';
import { AtomPlace } from '../atom-table.ts';

/** Filters remembered per value: one for each group of rules that looks at it. */
const MOST_PASSED = 4;

export class TextPlace extends AtomPlace<Atom | readonly (Atom | null)[] | undefined> {
  /** The number (`TextEvent.ids`) of the value that `current` holds; 0 when there is none. */
  id = 0;
  #passedId = 0;
  #passed: TextFilter[] | null = null;
  #passedCount = 0;

  /** True when the value with this number is known to hold none of the filter's texts. */
  hasPassed(id: number, filter: TextFilter): boolean {
    if (id !== this.#passedId) return false;
    for (let i = 0; i < this.#passedCount; i++) if (this.#passed![i] === filter) return true;
    return false;
  }

  /** The array is kept from value to value, because most values are new ones. */
  pass(id: number, filter: TextFilter): void {
    if (id !== this.#passedId) this.#passedCount = 0;
    this.#passedId = id;
    this.#passed ??= [];
    if (this.#passedCount < MOST_PASSED) this.#passed[this.#passedCount++] = filter;
  }
}
