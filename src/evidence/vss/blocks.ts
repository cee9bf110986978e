/**
 * The blocks of 16 KiB that volume shadow copies are kept in. In: the volume that holds them. Out: chains of blocks of one type, and
 * what they say. A chain ends where a block is not of the type, or leads back.
 *
 * A block: identifier of VSS (16 bytes), version u32, type u32 at 20, its offset in the store and on the volume u64 at 24 and 32,
 * offset of the next u64 at 40; its entries from 128 on. Numbers are little-endian, offsets count bytes from the volume's start.
 */
import type { ByteSource } from '../../model/reader.ts';
import { readExactly, uint64LE } from '../bytes.ts';

export const BLOCK_BYTES = 16 << 10;
/** Where entries begin. */
export const ENTRIES_AT = 128;
/** {3808876B-C176-4E48-B7AE-04046E6CC752} as it lies on the disk. */
const VSS_ID = '6b87083876c1484eb7ae04046e6cc752';
export const BLOCK_TYPES = { catalog: 2, blockList: 3, bitmap: 6 } as const;
/** Limit on the blocks of one chain: lists for 500 GiB of changes. */
const MAX_CHAIN = 1 << 16;

export function isVssBlock(bytes: Buffer, type: number): boolean {
  return bytes.toString('hex', 0, 16) === VSS_ID && bytes.readUInt32LE(20) === type;
}

/** The chain of a catalog has no entry that names its end. It ends where the next offset is 0. */
export function* chainOf(volume: ByteSource, start: number, type: number): Generator<Buffer> {
  const seen = new Set<number>();
  for (let at = start; at > 0 && at + BLOCK_BYTES <= volume.size && !seen.has(at) && seen.size < MAX_CHAIN; ) {
    seen.add(at);
    const block = readExactly(volume, at, BLOCK_BYTES, 'a block of a shadow copy');
    if (!isVssBlock(block, type)) return;
    yield block;
    at = uint64LE(block, 40);
  }
}

/** A bitmap with one bit for each block of the volume. Bits beyond its end are 0. */
export function bitmapOf(volume: ByteSource, start: number): (block: number) => boolean {
  const pages = [...chainOf(volume, start, BLOCK_TYPES.bitmap)].map((block) => block.subarray(ENTRIES_AT));
  const pageBytes = BLOCK_BYTES - ENTRIES_AT;
  return (block) => {
    const byte = Math.floor(block / 8);
    const bits = pages[Math.floor(byte / pageBytes)]?.[byte % pageBytes] ?? 0;
    return ((bits >> (block % 8)) & 1) === 1;
  };
}
