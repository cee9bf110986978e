/**
 * Blocks of any size in, events out. Chunks are read where they stand in the block; only those that lie across two blocks are
 * put together in a buffer of their own. A bad record costs that record, a bad chunk that chunk.
 */
import type { EventSink } from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { ByteRange, RangeDecoder, ReadOptions } from '../../model/reader.ts';
import { BinXml } from './binxml.ts';
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
import { FaultReporter } from './reporter.ts';

export class EvtxDecoder implements RangeDecoder {
  readonly stats: ReadStats = {
    format: 'evtx',
    bytes: 0,
    records: 0,
    damaged: 0,
    recovered: 0,
    chunks: 0,
    unusedChunks: 0,
    damagedChunks: 0,
  };
  readonly #sink: EventSink;
  readonly #options: ReadOptions;
  readonly #reporter: FaultReporter;
  readonly #binxml = new BinXml();
  readonly #walk = new RecordWalk();
  readonly #event = new EvtxEvent(this.#binxml);
  /** What of a header block or chunk has arrived so far, when it is not all in one block. */
  readonly #pending = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #pendingLength = 0;
  /** Source offset of the unit that comes next (header block or chunk), and of the next byte. */
  #unit: number;
  #at: number;
  readonly #end: number;
  /** From the file header: chunks that it knows of, -1 when there is no usable header. */
  #knownChunks = -1;
  #staleReported = false;

  constructor(name: string, sink: EventSink, options: ReadOptions, range?: ByteRange) {
    this.#sink = sink;
    this.#options = options;
    this.#reporter = new FaultReporter(name, sink);
    this.#at = range?.start ?? 0;
    this.#end = range?.end ?? Number.POSITIVE_INFINITY;
    // Chunks that start before the range belong to the range before.
    const chunk = Math.max(0, Math.ceil((this.#at - HEADER_BLOCK) / CHUNK_BYTES));
    this.#unit = this.#at === 0 ? 0 : HEADER_BLOCK + chunk * CHUNK_BYTES;
  }

  wantsMore(): boolean {
    return this.#pendingLength > 0 && this.#unit < this.#end;
  }

  push(block: Buffer): void {
    this.stats.bytes += block.length;
    let at = 0;
    if (this.#at < this.#unit) at = Math.min(block.length, this.#unit - this.#at);
    while (at < block.length && this.#unit < this.#end) {
      const size = this.#unit === 0 ? HEADER_BLOCK : CHUNK_BYTES;
      const there = block.length - at;
      if (this.#pendingLength === 0 && there >= size) {
        this.#take(block.subarray(at, at + size));
        at += size;
        continue;
      }
      const copied = Math.min(size - this.#pendingLength, there);
      block.copy(this.#pending, this.#pendingLength, at, at + copied);
      this.#pendingLength += copied;
      at += copied;
      if (this.#pendingLength === size) this.#takePending();
    }
    this.#at += block.length;
  }

  end(): void {
    if (this.#pendingLength > 0) {
      const expected = this.#unit === 0 ? HEADER_BLOCK : CHUNK_BYTES;
      const unit = this.#unit === 0 ? 'header' : `chunk ${this.#chunkNumber()}`;
      const message = `${unit} ends after ${this.#pendingLength} of ${expected} bytes`;
      this.#reporter.report('evtx/truncated', 'warning', this.#unit, message, 'The log is cut off; what is there is read.');
      this.#takePending();
    }
    this.#reporter.finish();
  }

  #chunkNumber(): number {
    return (this.#unit - HEADER_BLOCK) / CHUNK_BYTES;
  }

  #takePending(): void {
    const length = this.#pendingLength;
    this.#pendingLength = 0;
    this.#take(this.#pending.subarray(0, length));
  }

  #take(bytes: Buffer): void {
    if (this.#unit === 0) this.#header(bytes);
    else this.#chunk(bytes);
    this.#unit += this.#unit === 0 ? HEADER_BLOCK : CHUNK_BYTES;
  }

  #header(bytes: Buffer): void {
    if (bytes.length < 128) return;
    const header = readFileHeader(bytes);
    if (!header.valid) {
      const seen = bytes.subarray(0, 8).toString('hex').replace(/../g, '$& ').trim();
      this.#reporter.report(
        'evtx/file-signature',
        'warning',
        0,
        `expected "ElfFile\\0", found ${seen}`,
        'The chunks are read without it.',
      );
      return;
    }
    this.#knownChunks = header.chunkCount;
    if (header.dirty) {
      const message = 'the log was not closed cleanly (dirty flag): its header may be out of date';
      this.#reporter.report('evtx/dirty', 'info', 0, message, 'All chunks are read, whatever the header says.');
    }
    if (header.major !== 3) {
      this.#reporter.report('evtx/version', 'warning', 0, `format version ${header.major}.${header.minor}, expected 3.x`);
    }
    if (this.#options.verify && !header.checksumHolds) {
      this.#reporter.report('evtx/file-checksum', 'warning', 124, 'the checksum of the file header does not match');
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
    const { freeSpace } = readChunkHeader(bytes);
    const sane = freeSpace >= CHUNK_HEADER && freeSpace <= CHUNK_BYTES;
    if (!sane) {
      const message = `chunk ${this.#chunkNumber()}: free space at 0x${freeSpace.toString(16)} is outside the chunk`;
      this.#reporter.report('evtx/free-space', 'warning', this.#unit + 48, message, 'The whole chunk is searched for records.');
    }
    const limit = sane ? Math.min(freeSpace, bytes.length) : bytes.length;
    if (this.#options.verify) this.#verify(bytes, limit);
    this.#binxml.openChunk(bytes);
    this.#live(bytes, limit);
    if (this.#options.recover) this.#slack(bytes, limit);
  }

  #noChunk(bytes: Buffer): void {
    if (isUnused(bytes)) {
      this.stats.unusedChunks++;
    } else {
      this.stats.damagedChunks++;
      const seen = bytes.subarray(0, 8).toString('hex').replace(/../g, '$& ').trim();
      const message = `chunk ${this.#chunkNumber()}: expected "ElfChnk\\0", found ${seen}`;
      const hint = this.#options.recover ? undefined : 'Records in it can be read with --recover.';
      this.#reporter.report('evtx/chunk-signature', 'warning', this.#unit, message, hint);
    }
    if (!this.#options.recover || bytes.length < CHUNK_HEADER) return;
    this.#binxml.openChunk(bytes);
    this.#slack(bytes, 0);
  }

  #noteStaleHeader(): void {
    if (this.#knownChunks < 0 || this.#staleReported || this.#chunkNumber() < this.#knownChunks || this.#chunkNumber() >= 0x10000)
      return;
    this.#staleReported = true;
    const message = `the header counts ${this.#knownChunks} chunks, chunk ${this.#chunkNumber()} is in use too`;
    this.#reporter.report('evtx/stale-header', 'info', 42, message, 'All chunks are read, whatever the header says.');
  }

  #verify(bytes: Buffer, limit: number): void {
    const hint = 'It is read all the same.';
    if (!headerChecksumHolds(bytes)) {
      const message = `chunk ${this.#chunkNumber()}: the checksum of its header does not match`;
      this.#reporter.report('evtx/chunk-checksum', 'warning', this.#unit + 124, message, hint);
    }
    if (!recordsChecksumHolds(bytes, limit)) {
      const message = `chunk ${this.#chunkNumber()}: the checksum of its records does not match`;
      this.#reporter.report('evtx/records-checksum', 'warning', this.#unit + 52, message, hint);
    }
  }

  #live(bytes: Buffer, limit: number): void {
    const walk = this.#walk;
    const event = this.#event;
    this.#binxml.strict = false;
    event.recovered = false;
    walk.open(bytes, this.#binxml.view, CHUNK_HEADER, limit);
    for (;;) {
      const found = walk.next();
      if (walk.gap >= 0) this.#gap(bytes, walk.gap, found ? walk.start : limit);
      if (!found) return;
      const layout = this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
      if (layout === null) {
        this.#damaged(walk.start);
        continue;
      }
      event.layout = layout;
      event.index = this.stats.records++;
      event.recordStart = walk.start;
      event.offset = this.#unit + walk.start;
      this.#sink.event(event);
    }
  }

  #gap(bytes: Buffer, start: number, end: number): void {
    this.stats.damaged++;
    const seen = bytes
      .subarray(start, start + 8)
      .toString('hex')
      .replace(/../g, '$& ')
      .trim();
    const message = `chunk ${this.#chunkNumber()}: expected a record, found ${seen}; the next ${end - start} bytes are skipped`;
    this.#reporter.report('evtx/record-header', 'warning', this.#unit + start, message);
  }

  #damaged(start: number): void {
    this.stats.damaged++;
    const fault = this.#binxml.fault!;
    const message = `record at 0x${(this.#unit + start).toString(16)} cannot be read: ${fault.message}`;
    this.#reporter.report(fault.code, 'warning', this.#unit + fault.offset, message);
  }

  /** Records that are left over behind the live ones: whole, but nobody vouches for them. */
  #slack(bytes: Buffer, limit: number): void {
    const walk = this.#walk;
    const event = this.#event;
    this.#binxml.strict = true;
    event.recovered = true;
    walk.open(bytes, this.#binxml.view, limit, bytes.length);
    while (walk.next()) {
      const layout = this.#binxml.read(walk.start + RECORD_HEADER, walk.end);
      if (layout === null) continue;
      this.stats.recovered++;
      event.layout = layout;
      event.index = this.stats.records;
      event.recordStart = walk.start;
      event.offset = this.#unit + walk.start;
      this.#sink.event(event);
    }
  }
}
