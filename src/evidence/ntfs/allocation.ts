/** Tells which clusters of a volume are in use. In: its $Bitmap. Out: an answer for each cluster. */
import { RecentUnits, readOrZero } from '../bytes.ts';
import type { Ntfs } from './ntfs.ts';
import { type FreeRuns, REUSED, type Run } from './runs.ts';
import type { NtfsStream } from './stream.ts';

const BITMAP_RECORD = 6;
const PAGE_BYTES = 64 << 10;
const PAGES_KEPT = 64;

export class Allocation implements FreeRuns {
  readonly #pages = new RecentUnits(PAGES_KEPT);
  readonly #bitmap: NtfsStream | undefined;

  constructor(ntfs: Ntfs) {
    this.#bitmap = ntfs.streams(BITMAP_RECORD, '$Bitmap').get('');
    this.#bitmap?.tellFaults();
    if (this.#bitmap !== undefined && this.#bitmap.size > 0) return;
    const message = 'the $Bitmap cannot be read: every cluster of a deleted file is taken to be free.';
    ntfs.reports.report('ntfs/record-damaged', 0, message);
  }

  inUse(cluster: number): boolean {
    const bitmap = this.#bitmap;
    if (bitmap === undefined) return false;
    const byte = Math.floor(cluster / 8);
    const number = Math.floor(byte / PAGE_BYTES);
    const page = this.#pages.get(number, () => {
      const into = Buffer.alloc(PAGE_BYTES);
      readOrZero(bitmap, into, number * PAGE_BYTES);
      return into;
    });
    return ((page[byte % PAGE_BYTES]! >> (cluster % 8)) & 1) === 1;
  }

  /** The runs of a deleted file. Clusters that now belong to another file become {@link REUSED}. */
  withoutReused(runs: readonly Run[]): Run[] {
    return runs.flatMap((run) => (run.lcn < 0 ? [run] : this.#cut(run)));
  }

  #cut({ vcn, lcn, length }: Run): Run[] {
    const parts: Run[] = [];
    // Nothing beyond the volume is in use, and a damaged run may have any length.
    const known = Math.min(length, Math.max(0, (this.#bitmap?.size ?? 0) * 8 - lcn));
    for (let from = 0; from < known; ) {
      const inUse = this.inUse(lcn + from);
      let to = from + 1;
      while (to < known && this.inUse(lcn + to) === inUse) to++;
      parts.push({ vcn: vcn + from, lcn: inUse ? REUSED : lcn + from, length: to - from });
      from = to;
    }
    if (known < length) parts.push({ vcn: vcn + known, lcn: lcn + known, length: length - known });
    return parts;
  }
}
