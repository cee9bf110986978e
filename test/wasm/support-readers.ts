/**
 * The reader of EVTX, each time as modules of its own (catalog, atoms, memory): with compiled short cuts, or without any, which is what
 * the short cuts must agree with.
 */
import { vi } from 'vitest';
import type { EvtxEvent } from '../../src/logs/evtx/event.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { ReadOptions } from '../../src/model/reader.ts';
import { CHUNK, HEADER } from '../logs/evtx/support/evtx-writer.ts';
import { PLAIN } from '../logs/evtx/support/read.ts';

const MEMORY = '../../src/wasm/thread-memory.ts';

/** `compiled`: false takes the plain way, as `node --jitless` does. */
export async function loadReader(compiled: boolean) {
  vi.resetModules();
  if (compiled) vi.doUnmock(MEMORY);
  else vi.doMock(MEMORY, () => ({ threadMemory: () => null }));
  const [
    { threadMemory },
    unitReader,
    binXml,
    fastRecords,
    jsonFields,
    event,
    catalog,
    structure,
    log,
    model,
    writer,
    json,
    weight,
  ] = await Promise.all([
    import('../../src/wasm/thread-memory.ts'),
    import('../../src/logs/evtx/unit-reader.ts'),
    import('../../src/logs/evtx/binxml/binxml.ts'),
    import('../../src/logs/evtx/fast-records.ts'),
    import('../../src/logs/evtx/json-fields.ts'),
    import('../../src/logs/evtx/event.ts'),
    import('../../src/logs/evtx/binxml/catalog.ts'),
    import('../../src/logs/evtx/binxml/structure.ts'),
    import('../../src/logs/evtx/index.ts'),
    import('../../src/model/event.ts'),
    import('../../src/bytes/json-writer.ts'),
    import('../../src/findings/store/event-json.ts'),
    import('../../src/logs/evtx/binxml/kept-weight.ts'),
  ]);
  const memory = threadMemory();
  if ((memory !== null) !== compiled) throw new Error('there is no WebAssembly here');
  return {
    /** null: the plain way. */
    memory,
    catalog: catalog.catalog,
    keptWeight: weight.keptWeight,
    UnitReader: unitReader.UnitReader,
    BinXml: binXml.BinXml,
    FastRecords: fastRecords.FastRecords,
    JsonFields: jsonFields.JsonFields,
    EvtxEvent: event.EvtxEvent,
    Structure: structure.Structure,
    openEvtx: log.openEvtx,
    snapshotEvent: model.snapshotEvent,
    JsonWriter: writer.JsonWriter,
    EventJsonWriter: json.EventJsonWriter,
    snapshotJson: json.snapshotJson,
  };
}

export type Reader = Awaited<ReturnType<typeof loadReader>>;

export interface Reading {
  readonly options?: ReadOptions;
  /** Chunks lie in this block of the memory, as those that `scan` reads do; else where the log lies. */
  readonly block?: Buffer | null;
}

/** A log that is read record by record. */
export class OpenLog {
  readonly diagnostics: Diagnostic[] = [];
  readonly #reader: InstanceType<Reader['UnitReader']>;
  readonly #log: Buffer;
  readonly #block: Buffer | null;
  #at = 0;

  constructor({ UnitReader }: Reader, log: Buffer, { options = PLAIN, block = null }: Reading = {}) {
    this.#reader = new UnitReader('test.evtx', { diagnostic: (one) => void this.diagnostics.push(one) }, options);
    this.#log = log;
    this.#block = block;
  }

  get stats() {
    return this.#reader.stats;
  }

  /** The next record, the same object for all; null once, at the end. */
  next(): EvtxEvent | null {
    while (!this.#reader.next()) {
      if (this.#at >= this.#log.length) {
        this.#reader.finish();
        return null;
      }
      this.#open(this.#at);
      this.#at += this.#at === 0 ? HEADER : CHUNK;
    }
    return this.#reader.event;
  }

  #open(at: number): void {
    let unit = this.#log.subarray(at, at === 0 ? HEADER : at + CHUNK);
    if (this.#block !== null) {
      // What lies behind must not matter.
      this.#block.fill(0x21);
      unit.copy(this.#block);
      unit = this.#block.subarray(0, unit.length);
    }
    this.#reader.open(unit, at);
  }
}
