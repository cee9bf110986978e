/** Logs and their records for tests of looks by compiled code, and the same events for the plain one. */

import { CompiledAccelerator } from '../../src/accel/accelerator.ts';
import { EvtxLook } from '../../src/accel/evtx-look.ts';
import { DONE } from '../../src/engine/contract.ts';
import { ThreadContext } from '../../src/engine/thread-context.ts';
import type { EvtxEvent } from '../../src/logs/evtx/event.ts';
import { UnitReader } from '../../src/logs/evtx/unit-reader.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { EventRecord } from '../../src/model/event.ts';
import type { TextFilter } from '../../src/model/values/text-filter.ts';
import {
  CHUNK,
  ChunkWriter,
  evtxLog,
  HEADER,
  instance,
  type Node,
  TICKS,
  type ValueSpec,
  v,
} from '../logs/evtx/support/evtx-writer.ts';
import { PLAIN, RECOVER } from '../logs/evtx/support/read.ts';
import { SYSTEM } from '../logs/evtx/support/system.ts';

/** A context whose memory these tests fill and empty. */
export const accelerator = new CompiledAccelerator();
export const thread = new ThreadContext(() => accelerator);
export const memory = accelerator.lookMemory!;

export interface RecordSpec {
  readonly provider?: string;
  readonly eventId?: ValueSpec;
  readonly channel?: ValueSpec;
  readonly computer?: string;
  /** FILETIME of the record. */
  readonly ticks?: bigint;
  /** EventData, UserData, or an instance of a template of such. */
  readonly section: Node;
  /** Bytes that the record may take; the chunk is left before it would not fit. */
  readonly bytes: number;
}

function writeRecord(chunk: ChunkWriter, spec: RecordSpec): void {
  const { provider = 'Test', eventId, channel, computer = 'HOST', ticks = TICKS, section } = spec;
  chunk.record(
    instance(
      SYSTEM,
      v.string(provider),
      eventId ?? v.uint16(1),
      channel ?? v.string('Application'),
      v.string(computer),
      v.binxml(section),
      v.filetime(ticks),
      v.uint64(7n),
    ),
  );
}

/** What the fields of System and a chunk's end take at most. */
const RECORD_OVERHEAD = 2048;

/** A log of these records, in as many chunks as it takes. */
export function logOf(records: Iterable<RecordSpec>): Buffer {
  const chunks: Buffer[] = [];
  let id = 1;
  let chunk = new ChunkWriter(id);
  for (const record of records) {
    if (chunk.at + RECORD_OVERHEAD + record.bytes > CHUNK) {
      chunks.push(chunk.finish());
      chunk = new ChunkWriter(id);
    }
    writeRecord(chunk, record);
    id++;
  }
  chunks.push(chunk.finish());
  return evtxLog(chunks);
}

function refuse({ code, message }: Diagnostic): never {
  throw new Error(`${code}: ${message}`);
}

export interface Reading {
  /** Chunks lie in this block of the look's memory, as those that `scan` reads do; else where the log lies. */
  readonly inMemory?: Buffer | null;
  /** What can be read of it is read. */
  readonly damaged?: boolean;
}

/** The records of a log, the same object for all. */
export function* recordsOf(log: Buffer, { inMemory = null, damaged = false }: Reading = {}): Generator<EvtxEvent> {
  const reader = new UnitReader('test.evtx', { diagnostic: damaged ? () => {} : refuse }, damaged ? RECOVER : PLAIN, thread);
  try {
    for (let at = 0; at < log.length; at += at === 0 ? HEADER : CHUNK) {
      let unit = log.subarray(at, at === 0 ? HEADER : at + CHUNK);
      if (inMemory !== null) {
        unit.copy(inMemory);
        unit = inMemory.subarray(0, unit.length);
      }
      reader.open(unit, at);
      while (reader.next()) yield reader.event;
    }
  } finally {
    reader.finish();
  }
}

/** The same event as it is now, that no look is for but the plain one. */
export function plainly(event: EventRecord): EventRecord {
  const { shape, index, offset, recovered, channel, provider, computer, eventId, timeUs } = event;
  const head = { shape, index, offset, recovered, channel, provider, computer, eventId, timeUs };
  return { ...head, value: (slot) => event.value(slot), atom: (slot) => event.atom(slot) };
}

/** May a value that begins at `start` hold one of the filter's texts? Around it lies what must not matter. */
export function mayHold(value: Buffer, start: number, filter: TextFilter): boolean {
  // A new object each time: a chunk is copied when another one comes.
  const chunk = Buffer.alloc(start + value.length + 16, 'filler');
  value.copy(chunk, start);
  let address = memory.putFilter(filter);
  if (address === 0) {
    memory.forget();
    address = memory.putFilter(filter);
  }
  return memory.code.mayHold(memory.chunkAddress(chunk) + start, value.length, address) !== 0;
}

let filler: Int32Array | null = null;
let heapStart = 0;

/** Takes the memory's room for plans, filters and lists, but for about this many words. */
export function fillMemory(leave: number): void {
  if (filler === null) {
    // How much there is: all that can be put into an empty one.
    memory.forget();
    heapStart = memory.put([]);
    const most = new Int32Array(1 << 24);
    let words = 0;
    for (let size = most.length; size >= 1; size >>= 1) {
      while (memory.put(most.subarray(0, size)) !== 0) words += size;
    }
    filler = most.subarray(0, words);
    memory.forget();
  }
  const used = (memory.put([]) - heapStart) >> 2;
  const words = filler.length - used - leave;
  if (words > 0) memory.put(filler.subarray(0, words));
}

/** Counts what looks find while `run` runs: tests that never get to the compiled code prove nothing. */
export function foundDuring(run: () => void): { certain: number; undecided: number; taught: number } {
  const counts = { certain: 0, undecided: 0, taught: 0 };
  const { first, learn } = EvtxLook.prototype;
  let slots = 0;
  const count = (look: EvtxLook, place: number): number => {
    if (place >= slots) counts.taught++;
    if (place !== DONE) return place;
    for (const number of look.found.subarray(1, 1 + look.found[0]!)) {
      if (number < 0) counts.certain++;
      else counts.undecided++;
    }
    return place;
  };
  EvtxLook.prototype.first = function (this: EvtxLook, query) {
    slots = query.slots.length;
    return count(this, first.call(this, query));
  };
  EvtxLook.prototype.learn = function (this: EvtxLook, numbers) {
    return count(this, learn.call(this, numbers));
  };
  try {
    run();
  } finally {
    EvtxLook.prototype.first = first;
    EvtxLook.prototype.learn = learn;
  }
  return counts;
}
