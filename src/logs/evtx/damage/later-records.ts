/**
 * Records whose template definition is damaged, until the whole log has been seen: another chunk may have the same template.
 * Keeps a copy of each of their chunks, of a bounded number of them.
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
  /** Once they are read nothing is put off again. */
  taking = false;

  /** False where there is no room. */
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
