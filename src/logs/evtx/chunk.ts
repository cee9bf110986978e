// HOT: walks every record of a log.
/**
 * A chunk: 64 KiB, with a header of 512 bytes, then records one after the other up to the free space. In: its bytes. Out: the
 * place of each record. Refuses nothing: after a bad record header the walk continues at the next good one.
 */
import { crc32 } from 'node:zlib';
import { CHUNK_BYTES } from './limits.ts';

export { CHUNK_BYTES };
/** The header, followed by tables of names and templates. Records start after these. */
export const CHUNK_HEADER = 512;
const SIGNATURE_LOW = 0x43_66_6c_45; // ElfC
const SIGNATURE_HIGH = 0x00_6b_6e_68; // hnk\0
/** Ids of the first and the last record, u64 each. */
const FIRST_ID_AT = 24;
const LAST_ID_AT = 32;
const FREE_SPACE_AT = 48;
const RECORDS_CHECKSUM_AT = 52;
const FLAGS_AT = 120;
const CHECKSUM_AT = 124;
const TABLES_AT = 128;

/** A record: signature u32, size u32, record id u64, time written u64, BinXML, then size u32 again. */
export const RECORD_SIGNATURE = 0x0000_2a2a;
export const RECORD_HEADER = 24;
export const RECORD_LEAST = RECORD_HEADER + 4;
export const RECORD_MARK = Buffer.from([0x2a, 0x2a, 0, 0]);

export function isChunk(bytes: Buffer): boolean {
  return bytes.length >= 8 && bytes.readUInt32LE(0) === SIGNATURE_LOW && bytes.readUInt32LE(4) === SIGNATURE_HIGH;
}

const ZEROS = Buffer.alloc(CHUNK_BYTES);

/**
 * True for space that Windows has reserved but not written. All of it must be zero, because a chunk may have lost only its
 * header.
 */
export function isUnused(bytes: Buffer): boolean {
  return ZEROS.compare(bytes, 0, bytes.length, 0, bytes.length) === 0;
}

export function isZero(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

export interface ChunkHeader {
  /** EventRecordIDs of the first and the last record. */
  readonly firstId: number;
  readonly lastId: number;
  /** Where the free space starts: an offset in the chunk. */
  readonly freeSpace: number;
}

export function readChunkHeader(bytes: Buffer): ChunkHeader {
  return {
    firstId: Number(bytes.readBigUInt64LE(FIRST_ID_AT)),
    lastId: Number(bytes.readBigUInt64LE(LAST_ID_AT)),
    freeSpace: bytes.readUInt32LE(FREE_SPACE_AT),
  };
}

/** Whether the header's checksum is right. It covers the header except the flags and the checksum itself. */
export function headerChecksumHolds(bytes: Buffer): boolean {
  const first = crc32(bytes.subarray(0, FLAGS_AT));
  return crc32(bytes.subarray(TABLES_AT, CHUNK_HEADER), first) === bytes.readUInt32LE(CHECKSUM_AT);
}

/**
 * Writes the header of a chunk that was put together from carved records. The records stand in its slack, because nothing says
 * that they are live. `onlyTemplates`: its records are read for their templates alone.
 */
export function writeSingleRecordsHeader(bytes: Buffer, onlyTemplates: boolean): void {
  bytes.fill(0, 0, CHUNK_HEADER);
  bytes.writeUInt32LE(SIGNATURE_LOW, 0);
  bytes.writeUInt32LE(SIGNATURE_HIGH, 4);
  bytes.writeUInt32LE(CHUNK_HEADER, FREE_SPACE_AT);
  bytes.writeUInt32LE(onlyTemplates ? 1 : 0, FLAGS_AT);
}

/**
 * True for a chunk whose records are read for their templates alone. Only for headers made by {@link writeSingleRecordsHeader}.
 */
export function hasOnlyTemplates(bytes: Buffer): boolean {
  return bytes.readUInt32LE(FLAGS_AT) !== 0;
}

export function recordsChecksumHolds(bytes: Buffer, freeSpace: number): boolean {
  return crc32(bytes.subarray(CHUNK_HEADER, freeSpace)) === bytes.readUInt32LE(RECORDS_CHECKSUM_AT);
}

/** Walks the records in a part of a chunk. */
export class RecordWalk {
  /** Of the record that `next` found last: its start, and the end of its BinXML. */
  start = 0;
  end = 0;
  /** Where the bad stretch before the record (bytes that are no record) began; -1 when there was none. */
  gap = -1;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #limit = 0;

  open(bytes: Buffer, view: DataView, start: number, limit: number): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#at = start;
    this.#limit = limit;
  }

  /** EventRecordID in the record's header. */
  get id(): number {
    return this.#view.getUint32(this.start + 8, true) + this.#view.getUint32(this.start + 12, true) * 0x1_0000_0000;
  }

  /** Moves to the next record. False at the end; `gap` is then where a bad stretch up to the end began. */
  next(): boolean {
    this.gap = -1;
    const at = this.#at;
    const size = this.#sizeAt(at);
    if (size > 0) {
      this.#accept(at, size);
      return true;
    }
    return this.#resync();
  }

  /** The position at which `next` looks first. */
  get at(): number {
    return this.#at;
  }

  skipTo(at: number): void {
    this.#at = at;
  }

  #accept(at: number, size: number): void {
    this.start = at;
    this.end = at + size - 4;
    this.#at = at + size;
  }

  /** The size of the record at `at`; 0 when there is no record. */
  #sizeAt(at: number): number {
    if (at + RECORD_LEAST > this.#limit || this.#view.getUint32(at, true) !== RECORD_SIGNATURE) return 0;
    const size = this.#view.getUint32(at + 4, true);
    if (size < RECORD_LEAST || at + size > this.#limit) return 0;
    return this.#view.getUint32(at + size - 4, true) === size ? size : 0;
  }

  #resync(): boolean {
    const from = this.#at;
    for (let at = from; at < this.#limit; at++) {
      at = this.#bytes.indexOf(RECORD_MARK, at);
      if (at < 0) break;
      const size = this.#sizeAt(at);
      if (size === 0) continue;
      this.gap = from;
      this.#accept(at, size);
      return true;
    }
    this.#at = this.#limit;
    if (!isZero(this.#bytes, from, this.#limit)) this.gap = from;
    return false;
  }
}
