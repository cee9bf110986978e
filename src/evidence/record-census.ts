// HOT: every byte of every log of an image passes through.
/**
 * Finds which records of a log are new, and computes the log's SHA-256. In: logs, the newest state first. Out: for each log,
 * the parts with new records, and how many records of each kind there are. Two records are the same when all their bytes are. A
 * hash with a random key stands for the bytes, so that nobody can make a changed record look like the one of a shadow copy.
 */
import { createHash } from 'node:crypto';
import { KeyedHash } from '../bytes/keyed-hash.ts';
import { keyedSlot } from '../bytes/keyed-slot.ts';
import { CHUNK_BYTES, CHUNK_HEADER, isChunk, RecordWalk, readChunkHeader } from '../logs/evtx/chunk.ts';
import { HEADER_BLOCK } from '../logs/evtx/file-header.ts';
import type { ByteRange, ByteSource } from '../model/reader.ts';

/** Few enough that the bytes are still in the processor's cache when their records are looked at. */
const CHUNKS_PER_READ = 4;
/** Limit on the records kept: 12 bytes each when two thirds full, 1.2 GB. Further records are read, but not recognised again. */
const MAX_RECORDS = 1 << 26;
/** Limit on the length of one part, so that several threads can share a log. */
const MAX_RANGE = 8 << 20;

export interface LogCensus {
  readonly sha256: string;
  readonly records: number;
  /** How many records no earlier log has. */
  readonly newRecords: number;
  /** The parts with new records. null means the whole log; an empty list means that nothing is new. */
  readonly ranges: readonly ByteRange[] | null;
}

export class RecordCensus {
  readonly #known = new KeySet();
  /** Possible records in slack space. The reader decides whether they are records. */
  readonly #slack = new KeySet();
  readonly #block = Buffer.allocUnsafeSlow(CHUNKS_PER_READ * CHUNK_BYTES);
  readonly #walk = new RecordWalk();
  readonly #hash = new KeyedHash();

  /**
   * Takes the next log. For formats other than EVTX, only the hash is computed. A carved log has no header: the block where it would be
   * is left out of the ranges, so that nobody is told that it is wrong.
   */
  add(source: ByteSource, isEvtx: boolean, hasHeader = true): LogCensus {
    const hash = createHash('sha256');
    let records = 0;
    const before = this.#known.size;
    const wanted: ByteRange[] = [];
    let whole = true;
    for (let at = 0; ; ) {
      const room = isEvtx && at === 0 ? HEADER_BLOCK : this.#block.length;
      const got = source.read(this.#block.subarray(0, room), at);
      if (got === 0) break;
      hash.update(this.#block.subarray(0, got));
      for (let in_ = 0; isEvtx && at > 0 && in_ < got; in_ += CHUNK_BYTES) {
        const chunk = this.#addChunk(this.#block.subarray(in_, Math.min(in_ + CHUNK_BYTES, got)));
        records += chunk.records;
        if (chunk.isNew) want(wanted, at + in_, Math.min(at + in_ + CHUNK_BYTES, at + got), hasHeader);
        else whole = false;
      }
      at += got;
    }
    const ranges = !isEvtx || (whole && hasHeader) ? null : wanted;
    return { sha256: hash.digest('hex'), records, newRecords: this.#known.size - before, ranges };
  }

  /** Takes a record that belongs to no log. True when no log has it, live or in slack. */
  addSingle(bytes: Buffer): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#walk.open(bytes, view, 0, bytes.length);
    if (!this.#walk.next()) return false;
    const { high, low } = this.#recordHash(view);
    return !this.#slack.has(high, low) && this.#known.add(high, low);
  }

  #addChunk(bytes: Buffer): { readonly records: number; readonly isNew: boolean } {
    // A chunk that is not intact is left to the reader, which examines it more closely.
    if (bytes.length < CHUNK_BYTES || !isChunk(bytes)) return { records: 0, isNew: true };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { freeSpace } = readChunkHeader(bytes);
    const limit = freeSpace >= CHUNK_HEADER && freeSpace <= CHUNK_BYTES ? freeSpace : CHUNK_BYTES;
    let isNew = false;
    let records = 0;
    this.#walk.open(bytes, view, CHUNK_HEADER, limit);
    while (this.#walk.next()) {
      records++;
      if (this.#walk.gap >= 0 || this.#addRecord(view, this.#known)) isNew = true;
    }
    if (this.#walk.gap >= 0 || records === 0) isNew = true;
    this.#walk.open(bytes, view, limit, CHUNK_BYTES);
    while (this.#walk.next()) if (this.#addRecord(view, this.#slack)) isNew = true;
    return { records, isNew };
  }

  /** True when the record was not in the set. */
  #addRecord(view: DataView, set: KeySet): boolean {
    const { high, low } = this.#recordHash(view);
    return set.add(high, low);
  }

  #recordHash(view: DataView): KeyedHash {
    return this.#hash.reset().add(view, this.#walk.start, this.#walk.end);
  }
}

/** Joins neighbouring parts to one range, up to {@link MAX_RANGE}. */
function want(ranges: ByteRange[], from: number, end: number, hasHeader: boolean): void {
  const last = ranges.at(-1);
  // The header block is read together with the first chunk.
  const start = from === HEADER_BLOCK && hasHeader ? 0 : from;
  if (last?.end === start && end - last.start <= MAX_RANGE) ranges[ranges.length - 1] = { start: last.start, end };
  else ranges.push({ start, end });
}

/** A set of pairs of 32-bit numbers, with open addressing, because there are millions of records. */
class KeySet {
  size = 0;
  #high = new Int32Array(1 << 12);
  #low = new Int32Array(1 << 12);
  #used = new Uint8Array(1 << 12);

  /** True when it was not in the set. */
  add(high: number, low: number): boolean {
    const at = this.#find(high | 0, low | 0);
    if (this.#used[at] === 1) return false;
    if (this.size >= MAX_RECORDS) return true;
    this.#high[at] = high;
    this.#low[at] = low;
    this.#used[at] = 1;
    if (++this.size * 3 > this.#used.length * 2) this.#grow();
    return true;
  }

  has(high: number, low: number): boolean {
    return this.#used[this.#find(high | 0, low | 0)] === 1;
  }

  /** The place of a pair, or where it would be added. */
  #find(high: number, low: number): number {
    const mask = this.#used.length - 1;
    let at = keyedSlot(high, low) & mask;
    while (this.#used[at] === 1 && (this.#high[at] !== high || this.#low[at] !== low)) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [high, low, used] = [this.#high, this.#low, this.#used];
    this.#high = new Int32Array(2 * used.length);
    this.#low = new Int32Array(2 * used.length);
    this.#used = new Uint8Array(2 * used.length);
    for (let i = 0; i < used.length; i++) {
      if (used[i] === 0) continue;
      const at = this.#find(high[i]!, low[i]!);
      this.#high[at] = high[i]!;
      this.#low[at] = low[i]!;
      this.#used[at] = 1;
    }
  }
}
