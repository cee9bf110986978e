/**
 * The header block: the first 4096 bytes of a log. In: its bytes. Out: what it states. The chunks can be read without any of it.
 */
import { crc32 } from 'node:zlib';

/** Chunks start after the header block. */
export const HEADER_BLOCK = 4096;
const SIGNATURE = 'ElfFile\0';
/** u64: number of the last chunk. */
const LAST_CHUNK_AT = 16;
/** u64: the id of the next record to be written. */
export const NEXT_ID_AT = 24;
/** Minor and major format version, u16 each. */
const MINOR_AT = 36;
const MAJOR_AT = 38;
/** u16: wraps around in logs larger than 4 GiB. */
const CHUNK_COUNT_AT = 42;
const FLAGS_AT = 120;
const CHECKSUM_AT = 124;
const DIRTY = 1;

export interface FileHeader {
  readonly valid: boolean;
  readonly major: number;
  readonly minor: number;
  /** How many chunks the header knows of. */
  readonly chunkCount: number;
  readonly nextId: number;
  readonly dirty: boolean;
  readonly checksumHolds: boolean;
}

export function hasFileSignature(head: Buffer): boolean {
  return head.length >= SIGNATURE.length && head.toString('latin1', 0, SIGNATURE.length) === SIGNATURE;
}

/**
 * The number of chunks. The stored count is modulo 65536. The number of the last chunk is not: it is used if it agrees modulo
 * 65536.
 */
function chunkCount(head: Buffer): number {
  const count = head.readUInt16LE(CHUNK_COUNT_AT);
  const last = Number(head.readBigUInt64LE(LAST_CHUNK_AT)) + 1;
  return last > count && last % 0x10000 === count ? last : count;
}

/** `head` must have at least 128 bytes. */
export function readFileHeader(head: Buffer): FileHeader {
  const flags = head.readUInt32LE(FLAGS_AT);
  return {
    valid: hasFileSignature(head),
    major: head.readUInt16LE(MAJOR_AT),
    minor: head.readUInt16LE(MINOR_AT),
    chunkCount: chunkCount(head),
    nextId: Number(head.readBigUInt64LE(NEXT_ID_AT)),
    dirty: (flags & DIRTY) !== 0,
    checksumHolds: crc32(head.subarray(0, FLAGS_AT)) === head.readUInt32LE(CHECKSUM_AT),
  };
}
