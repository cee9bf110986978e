/** The first 4096 bytes of a log. Read for what it says; nothing in it is needed to read the chunks. */
import { crc32 } from 'node:zlib';

/** Chunks start behind the header block. */
export const HEADER_BLOCK = 4096;
const SIGNATURE = 'ElfFile\0';
/** u64: number of the last chunk. */
const LAST_CHUNK_AT = 16;
/** u64: the id that the next record will have. */
export const NEXT_ID_AT = 24;
/** Minor and major format version, u16 each. */
const MINOR_AT = 36;
const MAJOR_AT = 38;
/** u16: wraps in logs past 4 GiB. */
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

/** The count is modulo 65536; the last chunk's number is not, where it is of the same count. */
function chunkCount(head: Buffer): number {
  const count = head.readUInt16LE(CHUNK_COUNT_AT);
  const last = Number(head.readBigUInt64LE(LAST_CHUNK_AT)) + 1;
  return last > count && last % 0x10000 === count ? last : count;
}

/** Of at least 128 bytes. */
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
