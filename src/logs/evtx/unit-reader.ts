/**
 * Reads the units of a log one after the other: the header block, then chunks. In: a unit's bytes and its offset. Out: its
 * events, one by one, and diagnostics. A bad record costs that record, a bad chunk costs that chunk.
 */

import type { Passer } from '../../engine/contract.ts';
import type { ThreadContext } from '../../engine/thread-context.ts';
import type { EventSink } from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { ReadOptions } from '../../model/reader.ts';
import { Reports } from '../reports.ts';
import type { BinXml } from './binxml/binxml.ts';
import type { Layout } from './binxml/catalog.ts';
import {
  CHUNK_BYTES,
  CHUNK_HEADER,
  type ChunkHeader,
  hasOnlyTemplates,
  isChunk,
  isUnused,
  RECORD_HEADER,
  RECORD_LEAST,
  RecordWalk,
  readChunkHeader,
} from './chunk.ts';
import { auditChunk, endOfRecords, idCount, namedRecords, type PassedRecord } from './damage/chunk-audit.ts';
import { findingsOf } from './damage/chunk-findings.ts';
import { HeaderChecks, hexBytes } from './damage/header-checks.ts';
import { LaterRecords } from './damage/later-records.ts';
import { LogIdsReader, reportMissing } from './damage/log-ids.ts';
import { SeenRecords } from './damage/seen-records.ts';
import { EvtxEvent } from './event.ts';
import { type EvtxState, newEvtxState } from './evtx-state.ts';
import { HEADER_BLOCK } from './file-header.ts';

export interface EvtxReadOptions extends ReadOptions {
  /** With `recover`: the chunks were put together from carved records. All of these count, and the chunks share templates. */
  readonly single?: boolean | undefined;
}

/** Which part of the open unit is being read. `passed`: records that the walk through the live ones has missed. */
type Stage = 'done' | 'live' | 'passed' | 'slack';

/** Counters of a log of which nothing has been read. */
export function noStats(): ReadStats {
  return {
    format: 'evtx',
    bytes: 0,
    records: 0,
    damaged: 0,
    recovered: 0,
    chunks: 0,
    unusedChunks: 0,
    damagedChunks: 0,
  };
}

export class UnitReader {
  readonly stats = noStats();
  readonly #options: EvtxReadOptions;
  readonly #reports: Reports;
  readonly #state: EvtxState;
  readonly #binxml: BinXml;
  readonly #walk = new RecordWalk();
  /** The current event. It is the same object for all records. */
  readonly event: EvtxEvent;
  /** The open unit: its bytes, its offset in the source, and where its live records end. */
  #bytes: Buffer = Buffer.alloc(0);
  #unit = 0;
  #limit = 0;
  #stage: Stage = 'done';
  #header: ChunkHeader = { firstId: 0, lastId: 0, freeSpace: 0 };
  /**
   * About the open chunk: bad stretches, whether a record has more bytes than its values need, and records left out as not live.
   */
  #gaps = 0;
  #hasSpare = false;
  #stale = 0;
  /** How many records there were before the open chunk, counting damaged ones. */
  #before = 0;
  /** Whether the ids that the chunk's header names are those of its records; null when that was not checked yet. */
  #headerHolds: boolean | null = null;
  #passed: readonly PassedRecord[] = [];
  #nextPassed = 0;
  /** Where the chunk's own records end if it has no header. A record before this place that cannot be read counts as damaged. */
  #ownEnd = 0;
  /** With `recover`: which records have been read, and how many records in slack are copies of them. */
  readonly #seen: SeenRecords | null;
  #copies = 0;
  readonly #later = new LaterRecords();
  /** What the log's headers state about record ids. */
  readonly ids = new LogIdsReader();
  /** Passes over records that the sink need not see. Null: all are shown. */
  passer: Passer | null = null;
  readonly #checks: HeaderChecks;

  /** `sink` is told about faults. */
  constructor(name: string, sink: Pick<EventSink, 'diagnostic'>, options: EvtxReadOptions, thread: ThreadContext) {
    this.#state = thread.own(newEvtxState);
    this.#binxml = this.#state.takeBinXml();
    this.event = new EvtxEvent(this.#binxml.values, this.#state);
    this.#options = options;
    this.#reports = new Reports(name, sink);
    this.#checks = new HeaderChecks(this.#reports, options.verify);
    this.#binxml.openLog();
    this.#binxml.recovering = options.recover;
    this.#binxml.sharing = options.single === true;
    this.#seen = options.recover ? new SeenRecords() : null;
  }

  /** Opens the header block (offset 0) or the chunk at `unit`. `bytes` must not change until `next` returns false. */
  open(bytes: Buffer, unit: number): void {
    this.#bytes = bytes;
    this.#unit = unit;
    this.#stage = 'done';
    const expected = unit === 0 ? HEADER_BLOCK : CHUNK_BYTES;
    if (bytes.length < expected) {
      const what = unit === 0 ? 'the header' : `chunk ${this.#chunkNumber()}`;
      const message = `${what} ends after ${bytes.length} of ${expected} bytes`;
      this.#reports.report('evtx/truncated', unit, message, 'The log is cut off; what is there is read.');
    }
    if (unit === 0) this.ids.header = this.#options.single ? null : this.#checks.file(bytes);
    else if (bytes.length >= 8) this.#chunk(bytes);
  }

  /**
   * After the last unit: opens a chunk with records that were put off because another chunk might contain their template. False
   * when none are left.
   */
  openLater(): boolean {
    const chunk = this.#later.take();
    if (chunk === null) return false;
    this.#bytes = chunk.bytes;
    this.#unit = chunk.unit;
    this.#binxml.openChunk(chunk.bytes);
    this.#pass(chunk.records);
    return true;
  }

  /** Moves `event` to the next record of the open unit. False when there is none left. */
  next(): boolean {
    if (this.#stage === 'live') {
      if (this.#nextLive()) return true;
      this.#account();
    }
    if (this.#stage === 'passed') {
      if (this.#nextOfPassed()) return true;
      this.#tellBorrowed();
      if (this.#options.recover && !this.#later.taking) this.#openSlack(this.#limit, this.#bytes.length);
      else this.#stage = 'done';
    }
    return this.#stage === 'slack' && this.#nextSlack();
  }

  /** For a log that was read as a whole: reports records that its headers name and that are missing. */
  reportMissing(): void {
    this.#miss(reportMissing([this.ids], this.#reports));
  }

  /** Call once, after the last unit. `event` is invalid afterwards. */
  finish(): void {
    if (this.#copies > 0) {
      const message = `${this.#copies} records in slack space are copies of records that were read before`;
      this.#reports.note('evtx/copies', 0, message, 'They are not reported again.');
    }
    this.#reports.close();
    this.#state.giveBack(this.#binxml);
  }

  #chunkNumber(): number {
    return (this.#unit - HEADER_BLOCK) / CHUNK_BYTES;
  }

  #chunk(bytes: Buffer): void {
    if (bytes.length < 8) return;
    if (!isChunk(bytes)) {
      this.#noChunk(bytes);
      return;
    }
    this.stats.chunks++;
    this.#checks.inUse(this.#chunkNumber());
    if (bytes.length < CHUNK_HEADER) {
      this.stats.damagedChunks++;
      this.ids.unknown(this.#chunkNumber());
      return;
    }
    this.#header = readChunkHeader(bytes);
    this.#before = this.stats.records + this.stats.damaged;
    this.#headerHolds = null;
    this.#gaps = 0;
    this.#hasSpare = false;
    this.#stale = 0;
    this.#ownEnd = 0;
    const limit = this.#checks.limit(bytes, this.#header.freeSpace, this.#chunkNumber(), this.#unit);
    this.#binxml.openChunk(bytes);
    this.#binxml.strict = false;
    this.#walk.open(bytes, this.#binxml.values.view, CHUNK_HEADER, limit);
    this.#limit = limit;
    this.passer?.open(bytes);
    this.#stage = 'live';
  }

  #noChunk(bytes: Buffer): void {
    const chunk = this.#chunkNumber();
    if (isUnused(bytes)) {
      this.stats.unusedChunks++;
      this.ids.unused(chunk);
      return;
    }
    this.stats.damagedChunks++;
    this.#binxml.openChunk(bytes);
    const { end, ids } = endOfRecords(bytes, this.#binxml.values.view);
    const message = `chunk ${chunk}: expected "ElfChnk\\0", found ${hexBytes(bytes, 0)}`;
    const found = ids.length === 1 ? 'One record in it is' : `${ids.length} records in it are`;
    const hint = ids.length === 0 ? 'There is no whole record in it.' : `${found} read, marked as recovered.`;
    this.#reports.report('evtx/chunk-signature', this.#unit, message, hint);
    if (ids.length === 0) this.ids.unknown(chunk);
    else {
      this.ids.records(chunk, ids[0]!, ids.at(-1)!);
      this.stats.damaged += ids.at(-1)! - ids[0]! + 1 - ids.length;
    }
    this.#ownEnd = end;
    this.#passed = [];
    if (this.#options.recover) this.#openSlack(0, bytes.length);
    else if (end > 0) this.#openSlack(CHUNK_HEADER, end);
  }

  #nextLive(): boolean {
    const walk = this.#walk;
    if (this.passer !== null && this.#gaps === 0) {
      walk.skipTo(this.passer.pass(walk.at, this.#limit, walk.start));
      this.stats.records += this.passer.passed;
    }
    while (walk.next()) {
      if (walk.gap >= 0) this.#gap(walk.gap, walk.start);
      if (this.#gaps > 0 && this.#isStale(walk.id)) {
        this.#stale++;
        if (!this.#options.recover) continue;
        this.#binxml.strict = true;
        const layout = this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
        if (layout !== null && this.#moveToRecovered(layout, walk.start)) return true;
        continue;
      }
      this.#binxml.strict = false;
      const layout = this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
      if (layout === null) {
        this.#damaged(walk.start, walk.end, walk.id);
        continue;
      }
      if (this.#binxml.spareBytes >= RECORD_LEAST) this.#hasSpare = true;
      this.#moveToLive(layout, walk.start);
      return true;
    }
    if (walk.gap >= 0) this.#gap(walk.gap, this.#limit);
    return false;
  }

  #moveToLive(layout: Layout, start: number): void {
    this.event.recovered = false;
    this.event.moveTo(layout, this.stats.records, this.#unit + start);
    this.stats.records++;
    this.#seen?.add(start, this.#binxml.values);
  }

  /** Moves to a recovered record. False for a copy of a record that was already read. */
  #moveToRecovered(layout: Layout, start: number): boolean {
    if (this.#seen?.add(start, this.#binxml.values) === false) {
      this.#copies++;
      return false;
    }
    this.event.recovered = this.#options.single !== true;
    this.event.moveTo(layout, this.stats.records, this.#unit + start);
    if (this.#options.single) this.stats.records++;
    else this.stats.recovered++;
    return true;
  }

  /**
   * True for a record from an earlier use of the chunk, which may stand after a bad stretch: the chunk's header does not name its
   * id.
   */
  #isStale(id: number): boolean {
    const { firstId, lastId } = this.#header;
    if (firstId > lastId || (id >= firstId && id <= lastId)) return false;
    this.#headerHolds ??= auditChunk(this.#bytes, this.#binxml.values.view, this.#header, this.#limit).headerHolds;
    return this.#headerHolds;
  }

  #gap(start: number, end: number): void {
    this.stats.damaged++;
    this.#gaps++;
    const seen = hexBytes(this.#bytes, start);
    const message = `chunk ${this.#chunkNumber()}: expected a record, found ${seen}; the next ${end - start} bytes are skipped`;
    this.#reports.report('evtx/record-header', this.#unit + start, message);
  }

  #damaged(start: number, end: number, id: number): void {
    this.stats.damaged++;
    const putOff = this.#stage !== 'slack' && this.#binxml.brokenTemplate;
    if (putOff && this.#later.add(this.#unit, this.#bytes, { start, end, id, live: true })) return;
    const fault = this.#binxml.values.fault!;
    const message = `record at 0x${(this.#unit + start).toString(16)} cannot be read: ${fault.message}`;
    this.#reports.report(fault.code, this.#unit + fault.offset, message);
  }

  /**
   * After the last live record: checks whether the records are those that the chunk's header names. If not, looks for the
   * others.
   */
  #account(): void {
    this.passer?.close();
    this.#pass([]);
    const { firstId, lastId } = this.#header;
    const named = namedRecords(this.#header);
    const { view } = this.#binxml.values;
    const count = this.stats.records + this.stats.damaged - this.#before;
    const begins =
      count === 0 ||
      view.byteLength < CHUNK_HEADER + RECORD_HEADER ||
      view.getUint32(CHUNK_HEADER + 8, true) === firstId % 0x1_0000_0000;
    if (this.#gaps === 0 && !this.#hasSpare && count === named && begins) {
      if (named > 0) this.ids.records(this.#chunkNumber(), firstId, lastId);
      else this.ids.unknown(this.#chunkNumber());
      return;
    }
    const audit = auditChunk(this.#bytes, view, this.#header, this.#limit);
    const { missing } = audit;
    // Each bad stretch has already been counted as one record.
    const more = Math.max(0, idCount(missing) - this.#gaps);
    const findings = findingsOf({ ...audit, missing: more > 0 ? missing : [] }, this.#header, this.#chunkNumber(), this.#stale);
    for (const { code, offset, message, hint } of findings) {
      this.#reports.report(code, this.#unit + offset, message, hint);
    }
    if (audit.headerHolds) this.ids.records(this.#chunkNumber(), firstId, lastId);
    else if (audit.ids.length > 0) this.ids.records(this.#chunkNumber(), Math.min(...audit.ids), Math.max(...audit.ids));
    else this.ids.unknown(this.#chunkNumber());
    if (this.#gaps > 0) this.stats.damaged += more;
    else this.#miss(more);
    this.#pass([...audit.long.flatMap(({ inside }) => inside), ...audit.behind]);
  }

  #tellBorrowed(): void {
    for (const { offset } of this.#binxml.takeBorrowed()) {
      const message = `chunk ${this.#chunkNumber()}: the template definition is damaged, that of another chunk (same GUID and size) is used`;
      this.#reports.report('evtx/template-elsewhere', this.#unit + offset, message);
    }
  }

  #miss(records: number): void {
    if (records > 0) this.stats.missing = (this.stats.missing ?? 0) + records;
  }

  #pass(records: readonly PassedRecord[]): void {
    this.#passed = records;
    this.#nextPassed = 0;
    this.#stage = 'passed';
  }

  #nextOfPassed(): boolean {
    while (this.#nextPassed < this.#passed.length) {
      const { start, end, id, live } = this.#passed[this.#nextPassed++]!;
      if (!live && !this.#options.recover) continue;
      this.#binxml.strict = !live;
      const layout = this.#binxml.read(start + RECORD_HEADER, end);
      // A record that was put off has already been counted as damaged.
      if (this.#later.taking) this.stats.damaged--;
      if (layout === null) {
        if (live) this.#damaged(start, end, id);
      } else if (live) {
        this.#moveToLive(layout, start);
        return true;
      } else if (this.#moveToRecovered(layout, start)) return true;
    }
    return false;
  }

  /** Opens the slack after the live records. Its records are whole, but nothing says that they belong to the log. */
  #openSlack(start: number, end: number): void {
    this.#binxml.strict = true;
    const walk = this.#walk;
    // A first walk over the definitions, because a record may need one that stands after it.
    walk.open(this.#bytes, this.#binxml.values.view, start, end);
    while (walk.next()) this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
    walk.open(this.#bytes, this.#binxml.values.view, start, end);
    this.#stage = this.#options.single && hasOnlyTemplates(this.#bytes) ? 'done' : 'slack';
  }

  #nextSlack(): boolean {
    const walk = this.#walk;
    while (walk.next()) {
      const layout = this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
      if (layout !== null) {
        const known = this.#passed.some(({ start }) => start === walk.start);
        if (!known && this.#moveToRecovered(layout, walk.start)) return true;
      } else if (this.#options.single || walk.start < this.#ownEnd) this.#damaged(walk.start, walk.end, walk.id);
    }
    this.#stage = 'done';
    return false;
  }
}
