/**
 * What belongs to one thread: its accelerator, and what readers and matchers remember from log to log. It is handed down, nothing
 * of it lies in modules; two contexts of one thread do not know of each other.
 */
import type { Accelerator } from './contract.ts';

/** Makes a part of a context, once. Its identity is the part's name. */
type Make<T> = (thread: ThreadContext) => T;

export class ThreadContext {
  readonly #makeAccelerator: () => Accelerator | null;
  #accelerator: Accelerator | null | undefined;
  readonly #parts = new Map<Make<unknown>, unknown>();

  constructor(makeAccelerator: () => Accelerator | null = () => null) {
    this.#makeAccelerator = makeAccelerator;
  }

  /** Made when a log is read or rules are matched: it has memory of its own. */
  get accelerator(): Accelerator | null {
    if (this.#accelerator === undefined) this.#accelerator = this.#makeAccelerator();
    return this.#accelerator;
  }

  /** What `make` makes, the same each time. */
  own<T>(make: Make<T>): T {
    if (!this.#parts.has(make)) this.#parts.set(make, make(this));
    return this.#parts.get(make) as T;
  }
}

/** For who has none: it accelerates nothing. */
export const plainThread = new ThreadContext();
