/** What the readers of EVTX of one thread share: they come and go with logs, what was learned stays. */
import type { ThreadContext } from '../../engine/thread-context.ts';
import { AtomTable } from '../atom-table.ts';
import { BinXml } from './binxml/binxml.ts';
import { Catalog } from './binxml/catalog.ts';

/** Readers whose log is done, for the next one: 2.4 MB of tables each, which a folder of small logs would make over and over. */
const MAX_IDLE = 4;

export class EvtxState {
  readonly atoms = new AtomTable();
  readonly catalog = new Catalog();
  /** Counts the records of all readers: they share layouts. */
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
    // Places of values in the accelerator's memory are the better ones: there is room for a few only.
    const worse = this.#idle.findIndex(({ values }) => !values.inGivenMemory);
    if (this.#idle.length < MAX_IDLE) this.#idle.push(binxml);
    else if (worse >= 0) this.#idle[worse] = binxml;
  }
}

export const newEvtxState = (thread: ThreadContext): EvtxState => new EvtxState(thread);
