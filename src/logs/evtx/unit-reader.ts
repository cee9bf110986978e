/**
 * The units of a log one after the other: the header block, then chunks. In: a unit's bytes and its place. Out: its events, one
 * by one, and diagnostics. A bad record costs that record, a bad chunk that chunk.
 */
import type { EventSink } from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { ReadOptions } from '../../model/reader.ts';
import { Reports } from '../reports.ts';
import { BinXml } from './binxml/binxml.ts';
import type { Layout } from './binxml/catalog.ts';
import {
  CHUNK_BYTES,
  CHUNK_HEADER,
  headerChecksumHolds,
  isChunk,
  isUnused,
  RECORD_HEADER,
  RecordWalk,
  readChunkHeader,
  recordsChecksumHolds,
} from './chunk.ts';
import { EvtxEvent } from './event.ts';
import { HEADER_BLOCK, readFileHeader } from './file-header.ts';
import { Skimmer } from './skimmer.ts';

/** Readers whose log is done, for the next one: 2.4 MB of tables each, which a folder of small logs would make over and over. */
const idle: BinXml[] = [];
const MAX_IDLE = 4;

/** What of the open unit is being read. */
type Stage = 'done' | 'live' | 'slack';

/** Of a log of which nothing has been read. */
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
  readonly #options: ReadOptions;
  readonly #reports: Reports;
  readonly #binxml = idle.pop() ?? new BinXml();
  readonly #walk = new RecordWalk();
  /** The event under the cursor, the same object for all. */
  readonly event = new EvtxEvent(this.#binxml.values);
  readonly #skimmer: Skimmer | null;
  /** The open unit: its bytes, its offset in the source, where its live records end. */
  #bytes: Buffer = Buffer.alloc(0);
  #unit = 0;
  #limit = 0;
  #stage: Stage = 'done';
  /** Ids that the open chunk's header speaks of, and whether a bad stretch came before in the chunk. */
  #firstId = 0;
  #lastId = 0;
  #afterGap = false;
  /** From the file header: chunks that it knows of, -1 when there is no usable header. */
  #knownChunks = -1;

  /** `sink` is told of faults, and of records that it wants passed over. */
  constructor(name: string, sink: Omit<EventSink, 'event'>, options: ReadOptions) {
    this.#options = options;
    this.#reports = new Reports(name, sink);
    this.#skimmer = Skimmer.create(this.#binxml, this.event, sink.passing);
    this.#binxml.recovering = options.recover;
  }

  /** Opens the header block (offset 0) or the chunk at `unit`. `bytes` must stay as they are until `next` gives false. */
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
    if (unit === 0) this.#header(bytes);
    else if (bytes.length >= 8) this.#chunk(bytes);
  }

  /** Moves `event` to the next record of the open unit; false when there is none left. */
  next(): boolean {
    if (this.#stage === 'live') {
      if (this.#nextLive()) return true;
      if (this.#options.recover) this.#openSlack(this.#limit);
      else this.#stage = 'done';
    }
    return this.#stage === 'slack' && this.#nextSlack();
  }

  /** To be called once, behind the last unit. `event` means nothing afterwards. */
  finish(): void {
    this.#reports.close();
    // Tables in the memory of the compiled code are the better ones: there is room for a few only.
    const worse = idle.findIndex(({ fast }) => fast === null);
    if (idle.length < MAX_IDLE) idle.push(this.#binxml);
    else if (worse >= 0) idle[worse] = this.#binxml;
  }

  #chunkNumber(): number {
    return (this.#unit - HEADER_BLOCK) / CHUNK_BYTES;
  }

  #header(bytes: Buffer): void {
    if (bytes.length < 128) return;
    const header = readFileHeader(bytes);
    if (!header.valid) {
      const seen = hexBytes(bytes, 0);
      this.#reports.report('evtx/file-signature', 0, `expected "ElfFile\\0", found ${seen}`, 'The chunks are read without it.');
      return;
    }
    this.#knownChunks = header.chunkCount;
    if (header.dirty) {
      const message = 'the log was not closed cleanly (dirty flag): its header may be out of date';
      this.#reports.note('evtx/dirty', 0, message, 'All chunks are read, whatever the header says.');
    }
    if (header.major !== 3) {
      this.#reports.report('evtx/version', 0, `format version ${header.major}.${header.minor}, expected 3.x`);
    }
    if (this.#options.verify && !header.checksumHolds) {
      this.#reports.report('evtx/file-checksum', 124, 'the checksum of the file header does not match');
    }
  }

  #chunk(bytes: Buffer): void {
    if (bytes.length < 8) return;
    if (!isChunk(bytes)) {
      this.#noChunk(bytes);
      return;
    }
    this.stats.chunks++;
    this.#noteStaleHeader();
    if (bytes.length < CHUNK_HEADER) {
      this.stats.damagedChunks++;
      return;
    }
    const { freeSpace, firstId, lastId } = readChunkHeader(bytes);
    this.#firstId = firstId;
    this.#lastId = lastId;
    this.#afterGap = false;
    const sane = freeSpace >= CHUNK_HEADER && freeSpace <= CHUNK_BYTES;
    if (!sane) {
      const message = `chunk ${this.#chunkNumber()}: free space at 0x${freeSpace.toString(16)} is outside the chunk`;
      this.#reports.report('evtx/free-space', this.#unit + 48, message, 'The whole chunk is searched for records.');
    }
    const limit = sane ? Math.min(freeSpace, bytes.length) : bytes.length;
    if (this.#options.verify) this.#verify(bytes, limit);
    this.#binxml.openChunk(bytes);
    this.#binxml.strict = false;
    this.#walk.open(bytes, this.#binxml.values.view, CHUNK_HEADER, limit);
    this.#limit = limit;
    this.#stage = 'live';
  }

  #noChunk(bytes: Buffer): void {
    if (isUnused(bytes)) {
      this.stats.unusedChunks++;
    } else {
      this.stats.damagedChunks++;
      const seen = hexBytes(bytes, 0);
      const message = `chunk ${this.#chunkNumber()}: expected "ElfChnk\\0", found ${seen}`;
      const hint = this.#options.recover ? undefined : 'Records in it can be read with --recover.';
      this.#reports.report('evtx/chunk-signature', this.#unit, message, hint);
    }
    if (!this.#options.recover || bytes.length < CHUNK_HEADER) return;
    this.#binxml.openChunk(bytes);
    this.#openSlack(0);
  }

  #noteStaleHeader(): void {
    if (this.#knownChunks < 0 || this.#chunkNumber() < this.#knownChunks) return;
    const message = `the header counts ${this.#knownChunks} chunks, chunk ${this.#chunkNumber()} is in use too`;
    this.#reports.note('evtx/stale-header', 42, message, 'All chunks are read, whatever the header says.');
  }

  #verify(bytes: Buffer, limit: number): void {
    const hint = 'It is read all the same.';
    if (!headerChecksumHolds(bytes)) {
      const message = `chunk ${this.#chunkNumber()}: the checksum of its header does not match`;
      this.#reports.report('evtx/chunk-checksum', this.#unit + 124, message, hint);
    }
    if (!recordsChecksumHolds(bytes, limit)) {
      const message = `chunk ${this.#chunkNumber()}: the checksum of its records does not match`;
      this.#reports.report('evtx/records-checksum', this.#unit + 52, message, hint);
    }
  }

  #nextLive(): boolean {
    const walk = this.#walk;
    // Behind a bad stretch it is to be seen of each record whether it is live.
    const skimmed = this.#skimmer !== null && !this.#afterGap ? this.#skim(this.#skimmer) : null;
    if (skimmed !== null && walk.next()) {
      this.#moveToLive(skimmed);
      if (this.#skimmer!.isJudged) this.event.sifter?.isJudged();
      return true;
    }
    while (walk.next()) {
      if (walk.gap >= 0) this.#gap(walk.gap, walk.start);
      const stale = this.#afterGap && this.#isStale(walk.id);
      if (stale && !this.#options.recover) continue;
      this.#binxml.strict = stale;
      const layout = this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
      if (layout === null) {
        if (!stale) this.#damaged(walk.start);
        continue;
      }
      if (!stale) this.#moveToLive(layout);
      else {
        this.event.recovered = true;
        this.event.moveTo(layout, this.stats.records, this.#unit + walk.start);
        this.stats.recovered++;
      }
      return true;
    }
    if (walk.gap >= 0) this.#gap(walk.gap, this.#limit);
    return false;
  }

  #moveToLive(layout: Layout): void {
    this.event.recovered = false;
    this.event.moveTo(layout, this.stats.records, this.#unit + this.#walk.start);
    this.stats.records++;
  }

  /** Passes over records that nobody wants. The layout of the next one, which is read; null where it takes more to read it. */
  #skim(skimmer: Skimmer): Layout | null {
    const layout = skimmer.skim(this.#walk.at, this.#limit);
    this.stats.records += skimmer.passed;
    this.#walk.goTo(skimmer.next);
    return layout;
  }

  /** Tells the sink of events that were passed over. To be called when a block has been read. */
  tell(): void {
    this.#skimmer?.tell();
  }

  /** Behind a bad stretch there may be records of an earlier use of the chunk: the header does not know their ids. */
  #isStale(id: number): boolean {
    return this.#firstId <= this.#lastId && (id < this.#firstId || id > this.#lastId);
  }

  #gap(start: number, end: number): void {
    this.stats.damaged++;
    this.#afterGap = true;
    const seen = hexBytes(this.#bytes, start);
    const message = `chunk ${this.#chunkNumber()}: expected a record, found ${seen}; the next ${end - start} bytes are skipped`;
    this.#reports.report('evtx/record-header', this.#unit + start, message);
  }

  #damaged(start: number): void {
    this.stats.damaged++;
    const fault = this.#binxml.values.fault!;
    const message = `record at 0x${(this.#unit + start).toString(16)} cannot be read: ${fault.message}`;
    this.#reports.report(fault.code, this.#unit + fault.offset, message);
  }

  /** Records that are left over behind the live ones: whole, but nobody vouches for them. */
  #openSlack(start: number): void {
    this.#binxml.strict = true;
    this.event.recovered = true;
    const walk = this.#walk;
    // Once for the definitions in it: a record may need one that stands behind it.
    walk.open(this.#bytes, this.#binxml.values.view, start, this.#bytes.length);
    while (walk.next()) this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
    walk.open(this.#bytes, this.#binxml.values.view, start, this.#bytes.length);
    this.#stage = 'slack';
  }

  #nextSlack(): boolean {
    const walk = this.#walk;
    while (walk.next()) {
      const layout = this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
      if (layout === null) continue;
      this.stats.recovered++;
      this.event.moveTo(layout, this.stats.records, this.#unit + walk.start);
      return true;
    }
    this.#stage = 'done';
    return false;
  }
}

/** Eight bytes as `45 6c 66 43 ...`. */
function hexBytes(bytes: Buffer, start: number): string {
  return bytes
    .subarray(start, start + 8)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
}
