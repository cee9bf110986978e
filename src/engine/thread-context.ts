/**
 * What belongs to one thread: its accelerator, and what readers and matchers remember from log to log. It is passed as an
 * argument and none of it is stored in modules, so two contexts in one thread are independent.
 */
import type { Accelerator } from './contract.ts';

/** Makes a part of a context, once. The function itself is the key of the part. */
type Make<T> = (thread: ThreadContext) => T;

export class ThreadContext {
  readonly #makeAccelerator: () => Accelerator | null;
  #accelerator: Accelerator | null | undefined;
  readonly #parts = new Map<Make<unknown>, unknown>();

  constructor(makeAccelerator: () => Accelerator | null = () => null) {
    this.#makeAccelerator = makeAccelerator;
  }

  /** Made when a log is first read or rules are first matched, because it allocates memory of its own. */
  get accelerator(): Accelerator | null {
    if (this.#accelerator === undefined) this.#accelerator = this.#makeAccelerator();
    return this.#accelerator;
  }

  /** Returns what `make` made the first time. */
  own<T>(make: Make<T>): T {
    if (!this.#parts.has(make)) this.#parts.set(make, make(this));
    return this.#parts.get(make) as T;
  }
}

/** For callers without a context: it accelerates nothing, and parts are shared by all of them. */
export const plainThread = new ThreadContext();
