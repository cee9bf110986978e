/**
 * Reads the list of runs of an attribute. In: its bytes. Out: which clusters of the volume hold which part of the stream.
 * Refuses runs that make no sense.
 */

export interface Run {
  /** The first cluster in the stream. */
  readonly vcn: number;
  /** The first cluster on the volume; {@link HOLE} or {@link REUSED} where there is none. */
  readonly lcn: number;
  /** The number of clusters. */
  readonly length: number;
}

/** A run that was never written. It reads as zeros. */
export const HOLE = -1;
/** In a deleted file, a run that now belongs to another file. It reads as zeros too, but counts as data in a compression unit. */
export const REUSED = -2;
/** Removes from the runs of a deleted file those that now belong to other files. */
export interface FreeRuns {
  withoutReused(runs: readonly Run[]): Run[];
}

/** NTFS in practice numbers clusters with 32 bits. More than 48 bits means damage. */
const MAX_NUMBER_BYTES = 6;

/** How many clusters there are up to the end of the runs, or up to where the holes exceed `maxHole` together. */
export function clustersOf(runs: readonly Run[], maxHole: number): number {
  let end = 0;
  let holes = 0;
  for (const { vcn, lcn, length } of runs) {
    const gap = Math.max(0, vcn - end) + (lcn === HOLE ? length : 0);
    if (holes + gap > maxHole) return end + maxHole - holes;
    holes += gap;
    end = Math.max(end, vcn + length);
  }
  return end + maxHole - holes;
}

/** Reads up to the end of the list, or to the first run that makes no sense; then `damaged` is true. */
export function decodeRuns(bytes: Buffer, firstVcn: number): { readonly runs: Run[]; readonly damaged: boolean } {
  const runs: Run[] = [];
  let vcn = firstVcn;
  let lcn = 0;
  let at = 0;
  // One half of the byte says how many bytes the length has, the other how many the offset from the previous run has.
  while (at < bytes.length && bytes[at] !== 0) {
    const lengthBytes = bytes[at]! & 15;
    const offsetBytes = bytes[at]! >> 4;
    const next = at + 1 + lengthBytes + offsetBytes;
    if (lengthBytes === 0 || lengthBytes > MAX_NUMBER_BYTES || offsetBytes > MAX_NUMBER_BYTES || next > bytes.length) break;
    const length = bytes.readUIntLE(at + 1, lengthBytes);
    if (offsetBytes > 0) lcn += bytes.readIntLE(at + 1 + lengthBytes, offsetBytes);
    if (length === 0 || lcn < 0) break;
    runs.push({ vcn, lcn: offsetBytes === 0 ? HOLE : lcn, length });
    vcn += length;
    at = next;
  }
  return { runs, damaged: at >= bytes.length || bytes[at] !== 0 };
}
