/**
 * Windows event logs (EVTX) for other programs: `import { openEvtx } from 'sigma-winnow/evtx'`. See docs/evtx.md.
 *
 * A log is read chunk by chunk and never held whole. Records are views: values are decoded when they are asked for, and a
 * record is valid only until the next one. What cannot be read is a diagnostic and costs only itself.
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
  /** Also what is left in slack space, marked `recovered`. Default false. */
  readonly recover?: boolean;
  /** Compute checksums and report what does not match. Default false. */
  readonly verify?: boolean;
  /** Told of each fault as it is met. Faults of one kind are given in full a few times, then counted. */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void;
  /** The log's name in diagnostics and snapshots, where it is not a path. Default `evtx`. */
  readonly name?: string;
}

/** A record under the cursor: valid until the next one. */
export interface EvtxRecord {
  /** 0-based position among the live records of the log. */
  readonly index: number;
  /** Byte offset of the record in the log. */
  readonly offset: number;
  /** True for what was found in slack space: not known to be live. */
  readonly recovered: boolean;
  readonly channel: string;
  readonly provider: string;
  readonly computer: string;
  /** System/EventID, -1 when there is none. */
  readonly eventId: number;
  /** System/TimeCreated in microseconds since 1970 UTC, NaN when there is none. */
  readonly timeUs: number;
  /** A field by its Sigma name (`Image`, `EventID`, `Provider_Name`); EventData and UserData win over System. */
  get(field: string): FieldValue | undefined;
  /** A System field, even where the event's data has one of the same name. */
  system(field: string): FieldValue | undefined;
  /** Names that `get` knows in this record. */
  fieldNames(): string[];
  /** The event as one line of JSON, in the shape of `evtx_dump -o jsonl`. */
  json(): string;
  /** The event as Windows renders it in XML, on one line. */
  xml(): string;
  /** All of it as plain data that outlives the record. */
  snapshot(): EventSnapshot;
  /** The record as the matcher sees it. */
  readonly event: EventRecord;
}

/** An open log. Iterate it once or as often as you like; `close` it when it came from a path. */
export interface EvtxLog extends Iterable<EvtxRecord> {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Of the last iteration. */
  readonly stats: ReadStats;
  /** Writes each record as a line of JSON (UTF-8) in blocks that are valid during the call. The fastest way out. */
  writeJsonLines(write: (block: Buffer) => void): void;
  close(): void;
}

/** Opens a log: a path, its bytes, or anything that can be read at an offset. Throws InputError when it cannot be read or is no log. */
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

/** Units read at once: large reads into one buffer that is used again. */
const BLOCK_CHUNKS = 8;
/** JSON Lines are handed out when about this much has come together. */
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
      // Also when nobody wants the rest: its tables serve the next reader.
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

  /** Opens one unit after the other in `reader`. */
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

/** Sources of other programs may give less than they are asked for. */
function readAll(source: ByteSource, into: Uint8Array, offset: number): number {
  return readFully((part, at) => source.read(part, at), into, offset);
}
