/**
 * Windows event logs (EVTX) for other programs: `import { openEvtx } from 'sigma-winnow/evtx'`. See docs/evtx.md.
 *
 * A log is read chunk by chunk and never held in memory as a whole. Records are views: a value is decoded when it is asked for,
 * and a record is valid only until the next one. Whatever cannot be read costs only itself and is reported as a diagnostic.
 */
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { readBuffer } from '../../bytes/read-buffer.ts';
import { plainThread } from '../../engine/thread-context.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { InputError } from '../../model/errors.ts';
import {
  type EventRecord,
  type EventSnapshot,
  type FieldValue,
  fieldValue,
  snapshotEvent,
  systemValue,
} from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { ByteSource, ReadOptions } from '../../model/reader.ts';
import { FileSource, MemorySource, readFully } from '../open/byte-source.ts';
import type { EvtxEvent } from './event.ts';
import { HEADER_BLOCK } from './file-header.ts';
import { format } from './format.ts';
import { CHUNK_BYTES } from './limits.ts';
import { writeJson } from './render/render-json.ts';
import { writeXml } from './render/render-xml.ts';
import { noStats, UnitReader } from './unit-reader.ts';

export type { Diagnostic, Place, Severity } from '../../model/diagnostic.ts';
export type { EventRecord, EventSnapshot, FieldScalar, FieldValue } from '../../model/event.ts';
export type { ReadStats } from '../../model/match.ts';
export type { ByteSource } from '../../model/reader.ts';
export { InputError };

export interface EvtxOptions {
  /** Also read leftovers in slack space; these records are marked `recovered`. Default false. */
  readonly recover?: boolean;
  /** Compute checksums and report those that do not match. Default false. */
  readonly verify?: boolean;
  /** Called for each fault when it is met. The first faults of each kind are passed on one by one, the rest as a count. */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void;
  /** The log's name in diagnostics and snapshots when the source is not a path. Default `evtx`. */
  readonly name?: string;
}

/** The current record. Valid until the next one. */
export interface EvtxRecord {
  /** 0-based position among the live records of the log. */
  readonly index: number;
  /** Byte offset of the record in the log. */
  readonly offset: number;
  /** True for a record found in slack space. It may not be a live record of the log. */
  readonly recovered: boolean;
  readonly channel: string;
  readonly provider: string;
  readonly computer: string;
  /** System/EventID, -1 when there is none. */
  readonly eventId: number;
  /** System/TimeCreated in microseconds since 1970 UTC, NaN when there is none. */
  readonly timeUs: number;
  /** A field by its Sigma name (`Image`, `EventID`, `Provider_Name`). EventData and UserData win over System. */
  get(field: string): FieldValue | undefined;
  /** A System field, even if the event's data has a field of the same name. */
  system(field: string): FieldValue | undefined;
  /** Names that `get` knows in this record. */
  fieldNames(): string[];
  /** The event as one line of JSON, in the form of `evtx_dump -o jsonl`. */
  json(): string;
  /** The event on one line of XML, as Windows renders it. */
  xml(): string;
  /** The whole record as plain data that stays valid after the next record. */
  snapshot(): EventSnapshot;
  /** The record as the matcher sees it. */
  readonly event: EventRecord;
}

/** An open log. It can be iterated any number of times. Call `close` if it was opened from a path. */
export interface EvtxLog extends Iterable<EvtxRecord> {
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Counters of the last iteration. */
  readonly stats: ReadStats;
  /** Writes each record as a line of JSON (UTF-8), in blocks that are valid during the call only. The fastest way to get JSON. */
  writeJsonLines(write: (block: Buffer) => void): void;
  close(): void;
}

/**
 * Opens a log: a path, its bytes, or anything that can be read at an offset. Throws InputError when it cannot be read or is no
 * EVTX log.
 */
export function openEvtx(source: string | Uint8Array | ByteSource, options: EvtxOptions = {}): EvtxLog {
  const bytes =
    typeof source === 'string'
      ? new FileSource(source)
      : source instanceof Uint8Array
        ? new MemorySource(options.name ?? 'evtx', source)
        : source;
  const head = Buffer.alloc(Math.min(bytes.size, HEADER_BLOCK + 8));
  readAll(bytes, head, 0);
  if (!format.sniff(head)) {
    bytes.close();
    throw new InputError(`${bytes.name} is no EVTX log: expected "ElfFile\\0" at its start or "ElfChnk\\0" at ${HEADER_BLOCK}`);
  }
  return new Log(bytes, options);
}

/** Chunks read at once: large reads into one buffer that is used again. */
const BLOCK_CHUNKS = 8;
/** JSON Lines are passed on when about this many bytes have been collected. */
const OUT_BYTES = 1 << 17;

class Log implements EvtxLog {
  readonly #source: ByteSource;
  readonly #options: EvtxOptions;
  readonly size: number;
  stats = noStats();

  constructor(source: ByteSource, options: EvtxOptions) {
    this.#source = source;
    this.size = source.size;
    this.#options = options;
  }

  get name(): string {
    return this.#source.name;
  }

  #reader(): UnitReader {
    const { recover = false, verify = false, onDiagnostic = () => {} } = this.#options;
    const options: ReadOptions = { recover, verify };
    return new UnitReader(this.name, { diagnostic: onDiagnostic }, options, plainThread);
  }

  *[Symbol.iterator](): Generator<EvtxRecord> {
    const reader = this.#reader();
    this.stats = reader.stats;
    const record = new RecordView(reader.event, this.name);
    try {
      for (const _unit of this.#units(reader)) while (reader.next()) yield record;
      reader.reportMissing();
    } finally {
      // Also when the caller stops early, because the next reader uses the tables of this one.
      reader.finish();
    }
  }

  writeJsonLines(write: (block: Buffer) => void): void {
    const reader = this.#reader();
    this.stats = reader.stats;
    const out = new ByteWriter(2 * OUT_BYTES);
    const { event } = reader;
    for (const _unit of this.#units(reader)) {
      while (reader.next()) {
        writeJson(event.layout, event.values, out);
        out.ensure(1);
        out.byte(0x0a);
        if (out.at < OUT_BYTES) continue;
        write(out.written());
        out.at = 0;
      }
    }
    if (out.at > 0) write(out.written());
    reader.reportMissing();
    reader.finish();
  }

  /** Opens the units (header block, chunks) one after the other in `reader`. */
  *#units(reader: UnitReader): Generator<void> {
    const block = readBuffer(BLOCK_CHUNKS * CHUNK_BYTES);
    let offset = 0;
    while (offset < this.size) {
      const wanted = offset === 0 ? HEADER_BLOCK : block.length;
      const length = readAll(this.#source, block.subarray(0, wanted), offset);
      if (length === 0) break;
      reader.stats.bytes += length;
      const unit = offset === 0 ? HEADER_BLOCK : CHUNK_BYTES;
      for (let at = 0; at < length; at += unit) {
        reader.open(block.subarray(at, Math.min(at + unit, length)), offset + at);
        yield;
      }
      offset += length;
    }
    while (reader.openLater()) yield;
  }

  close(): void {
    this.#source.close();
  }
}

class RecordView implements EvtxRecord {
  readonly event: EvtxEvent;
  readonly #file: string;
  readonly #out = new ByteWriter(1 << 16);

  constructor(event: EvtxEvent, file: string) {
    this.event = event;
    this.#file = file;
  }

  get index(): number {
    return this.event.index;
  }

  get offset(): number {
    return this.event.offset;
  }

  get recovered(): boolean {
    return this.event.recovered;
  }

  get channel(): string {
    return this.event.channel;
  }

  get provider(): string {
    return this.event.provider;
  }

  get computer(): string {
    return this.event.computer;
  }

  get eventId(): number {
    return this.event.eventId;
  }

  get timeUs(): number {
    return this.event.timeUs;
  }

  get(field: string): FieldValue | undefined {
    return fieldValue(this.event, field);
  }

  system(field: string): FieldValue | undefined {
    return systemValue(this.event, field);
  }

  fieldNames(): string[] {
    return [...this.event.shape.fields.keys()].filter((name) => this.get(name) !== undefined);
  }

  json(): string {
    this.#out.at = 0;
    writeJson(this.event.layout, this.event.values, this.#out);
    return this.#out.written().toString('utf8');
  }

  xml(): string {
    this.#out.at = 0;
    writeXml(this.event.layout, this.event.values, this.#out);
    return this.#out.written().toString('utf8');
  }

  snapshot(): EventSnapshot {
    return snapshotEvent(this.event, this.#file);
  }
}

/** The source of another program may return fewer bytes than asked for. */
function readAll(source: ByteSource, into: Uint8Array, offset: number): number {
  return readFully((part, at) => source.read(part, at), into, offset);
}
