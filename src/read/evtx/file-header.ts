/** The first 4096 bytes of a log. Read for what it says; nothing in it is needed to read the chunks. */
import { crc32 } from 'node:zlib';

/** Chunks start behind the header block. */
export const HEADER_BLOCK = 4096;
const SIGNATURE = 'ElfFile\0';
/** First chunk number u64 at 8, last chunk number u64 at 16, next record id u64 at 24. */
const NEXT_RECORD_AT = 24;
/** Minor and major format version, u16 each. */
const MINOR_AT = 36;
const MAJOR_AT = 38;
const BLOCK_SIZE_AT = 40;
/** u16: wraps in logs past 4 GiB. */
const CHUNK_COUNT_AT = 42;
const FLAGS_AT = 120;
const CHECKSUM_AT = 124;
const DIRTY = 1;
const FULL = 2;

export interface FileHeader {
  readonly valid: boolean;
  readonly major: number;
  readonly minor: number;
  readonly blockSize: number;
  /** Modulo 65536. */
  readonly chunkCount: number;
  readonly nextRecordId: bigint;
  readonly dirty: boolean;
  readonly full: boolean;
  readonly checksumHolds: boolean;
}

export function hasFileSignature(head: Buffer): boolean {
  return head.length >= SIGNATURE.length && head.toString('latin1', 0, SIGNATURE.length) === SIGNATURE;
}

/** Of at least 128 bytes. */
export function readFileHeader(head: Buffer): FileHeader {
  const flags = head.readUInt32LE(FLAGS_AT);
  return {
    valid: hasFileSignature(head),
    major: head.readUInt16LE(MAJOR_AT),
    minor: head.readUInt16LE(MINOR_AT),
    blockSize: head.readUInt16LE(BLOCK_SIZE_AT),
    chunkCount: head.readUInt16LE(CHUNK_COUNT_AT),
    nextRecordId: head.readBigUInt64LE(NEXT_RECORD_AT),
    dirty: (flags & DIRTY) !== 0,
    full: (flags & FULL) !== 0,
    checksumHolds: crc32(head.subarray(0, FLAGS_AT)) === head.readUInt32LE(CHECKSUM_AT),
  };
}
