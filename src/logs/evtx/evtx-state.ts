/** What the EVTX readers of one thread share. Readers come and go with logs; what was learned stays. */
import type { ThreadContext } from '../../engine/thread-context.ts';
import { AtomTable } from '../atom-table.ts';
import { BinXml } from './binxml/binxml.ts';
import { Catalog } from './binxml/catalog.ts';

/**
 * Finished readers kept for the next log. Each has 2.4 MB of tables, which a folder of small logs would otherwise allocate again
 * and again.
 */
const MAX_IDLE = 4;

export class EvtxState {
  readonly atoms = new AtomTable();
  readonly catalog = new Catalog();
  /** Counts the records of all readers, because they share layouts. */
  records = 0;
  readonly #thread: ThreadContext;
  readonly #idle: BinXml[] = [];

  constructor(thread: ThreadContext) {
    this.#thread = thread;
  }

  takeBinXml(): BinXml {
    return this.#idle.pop() ?? new BinXml(this.catalog, this.#thread.accelerator);
  }

  giveBack(binxml: BinXml): void {
    // A reader whose `RecordValues` are in the accelerator's memory is faster, and only a few readers have room there. So another
    // reader is dropped first.
    const worse = this.#idle.findIndex(({ values }) => !values.inGivenMemory);
    if (this.#idle.length < MAX_IDLE) this.#idle.push(binxml);
    else if (worse >= 0) this.#idle[worse] = binxml;
  }
}

export const newEvtxState = (thread: ThreadContext): EvtxState => new EvtxState(thread);
