/** The list of runs of an attribute: which clusters of the volume hold which of the stream. Refuses runs that make no sense. */

export interface Run {
  /** First cluster, counted in the stream. */
  readonly vcn: number;
  /** First cluster on the volume; {@link HOLE} or {@link REUSED} where there is none. */
  readonly lcn: number;
  /** In clusters. */
  readonly length: number;
}

/** Never written: reads as zeros. */
export const HOLE = -1;
/** Of a deleted file: belongs to another file by now. Reads as zeros too, but takes part in a compression unit. */
export const REUSED = -2;
/** Takes away from the runs of a deleted file what belongs to others by now. */
export interface FreeRuns {
  withoutReused(runs: readonly Run[]): Run[];
}

/** NTFS counts clusters in 32 bits in practice; more than 48 bits is damage. */
const MAX_NUMBER_BYTES = 6;

/** Clusters up to the end of the runs, or to where the holes in them are more than `maxHole` together. */
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

/** Up to the end of the list or to the first run that makes no sense: then `damaged` is true. */
export function decodeRuns(bytes: Buffer, firstVcn: number): { readonly runs: Run[]; readonly damaged: boolean } {
  const runs: Run[] = [];
  let vcn = firstVcn;
  let lcn = 0;
  let at = 0;
  // Half a byte how many bytes the length has, half a byte for the offset from the run before.
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
