/**
 * Records whose template definition is damaged. They wait until the whole log has been read, because another chunk may contain
 * the same template. In: such records and their chunks. Out: the same, at the end. Keeps copies of a limited number of chunks
 * and refuses any more.
 */

import { MAX_LATER_CHUNKS } from '../limits.ts';
import type { PassedRecord } from './chunk-audit.ts';

interface LaterChunk {
  readonly unit: number;
  readonly bytes: Buffer;
  readonly records: PassedRecord[];
}

export class LaterRecords {
  readonly #chunks: LaterChunk[] = [];
  #kept = 0;
  /** True while the kept records are read: none is put off again. */
  taking = false;

  /** Keeps a record. False when there is no room. */
  add(unit: number, bytes: Buffer, record: PassedRecord): boolean {
    if (this.taking) return false;
    const last = this.#chunks.at(-1);
    if (last?.unit === unit) last.records.push(record);
    else if (this.#kept >= MAX_LATER_CHUNKS) return false;
    else {
      this.#kept++;
      this.#chunks.push({ unit, bytes: Buffer.from(bytes), records: [record] });
    }
    return true;
  }

  take(): LaterChunk | null {
    this.taking = true;
    return this.#chunks.shift() ?? null;
  }
}
