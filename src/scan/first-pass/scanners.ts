/**
 * Makes the scanners of a thread. In: the rules and how events are read. Out: for each source the scanner to read it with. Sources that can
 * be read again share one, because an archive may have thousands of members and a matcher takes a moment to make. A source that can be
 * read only once has its own, which keeps what a look-back will want.
 */
import type { ThreadContext } from '../../engine/thread-context.ts';
import { ContextRing } from '../../findings/lookback/context-ring.ts';
import type { Source } from '../../logs/open/open.ts';
import type { RuleSet } from '../../model/ruleset.ts';
import { RangeScanner, type Reading } from './range-scanner.ts';

export class Scanners {
  readonly ruleSet: RuleSet;
  readonly reading: Reading;
  readonly #thread: ThreadContext;
  readonly #windowUs: number;
  #shared: RangeScanner | null = null;

  /** `windowUs`: length of the look-back, 0 when there is none. */
  constructor(ruleSet: RuleSet, reading: Reading, thread: ThreadContext, windowUs: number) {
    this.ruleSet = ruleSet;
    this.reading = reading;
    this.#thread = thread;
    this.#windowUs = windowUs;
  }

  get shared(): RangeScanner {
    this.#shared ??= new RangeScanner(this.ruleSet, this.reading, this.#thread);
    return this.#shared;
  }

  for({ kind }: Source): RangeScanner {
    const readOnce = kind === 'stream' || kind === 'stdin';
    if (!readOnce || this.#windowUs === 0) return this.shared;
    return new RangeScanner(this.ruleSet, this.reading, this.#thread, new ContextRing(this.#windowUs));
  }
}
