// HOT: every byte of a compressed log passes through.
/**
 * Unpacks LZNT1, the compression of NTFS ([MS-XCA] 2.5). In: a compression unit as stored. Out: its bytes. In each chunk of 4
 * KiB, a byte of flags says for the next eight items whether each is a byte or a reference back. A damaged chunk is zeros from
 * the damage on.
 */
const CHUNK = 4096;
/** Parts of a chunk's header: its length less one, and whether it is packed. */
const LENGTH = 0x0fff;
const PACKED = 0x8000;

/** Fills `plain`. False when something was damaged. */
export function decompressUnit(packed: Buffer, plain: Buffer): boolean {
  let whole = true;
  let from = 0;
  let to = 0;
  while (from + 2 <= packed.length && to < plain.length) {
    const header = packed.readUInt16LE(from);
    if (header === 0) break;
    from += 2;
    const end = Math.min(from + (header & LENGTH) + 1, packed.length);
    const chunkEnd = Math.min(to + CHUNK, plain.length);
    const at =
      (header & PACKED) === 0
        ? to + packed.copy(plain, to, from, Math.min(end, from + CHUNK))
        : expand(packed, from, end, plain, to, chunkEnd);
    if (at < 0) whole = false;
    plain.fill(0, Math.abs(at), chunkEnd);
    from = end;
    to = chunkEnd;
  }
  plain.fill(0, to);
  return whole;
}

/** Returns the position after the last byte written. Negative when a reference leads out of the chunk. */
function expand(packed: Buffer, from: number, end: number, plain: Buffer, start: number, limit: number): number {
  let to = start;
  while (from < end && to < limit) {
    let flags = packed[from++]!;
    for (let bit = 0; bit < 8 && from < end && to < limit; bit++, flags >>= 1) {
      if ((flags & 1) === 0) {
        plain[to++] = packed[from++]!;
        continue;
      }
      if (from + 2 > end) return -to;
      const token = packed[from]! | (packed[from + 1]! << 8);
      from += 2;
      // As the chunk fills, fewer bits are used for the length and more for the distance.
      let lengthBits = 12;
      for (let done = to - start - 1; done >= 16; done >>= 1) lengthBits--;
      const back = (token >> lengthBits) + 1;
      if (back > to - start) return -to;
      for (let left = (token & ((1 << lengthBits) - 1)) + 3; left > 0 && to < limit; left--, to++) plain[to] = plain[to - back]!;
    }
  }
  return to;
}
