/**
 * Presents carved records as one log. In: where they are, and chunks of other logs with their templates. Out: a header block of
 * zeros, then chunks that hold nothing but these records, first those that are read for their templates alone.
 */
import { CHUNK_BYTES, writeSingleRecordsHeader } from '../../logs/evtx/chunk.ts';
import type { ByteSource } from '../../model/reader.ts';
import { RecentUnits, readOrZero } from '../bytes.ts';
import { ChunkLog, placeOf } from './chunk-log.ts';
import type { PlacedRecord } from './loose-records.ts';

/** A chunk of a log, by the log and the offset in it. */
export interface TemplateChunk {
  readonly log: ByteSource;
  readonly offset: number;
}

interface MadeChunk {
  readonly records: readonly PlacedRecord[];
  readonly onlyTemplates: boolean;
}

const KEPT_CHUNKS = 2;

export class CarvedRecords extends ChunkLog {
  readonly #disk: ByteSource;
  readonly #templates: readonly TemplateChunk[];
  readonly #made: readonly MadeChunk[];
  readonly #recent = new RecentUnits(KEPT_CHUNKS);

  constructor(name: string, disk: ByteSource, templates: readonly TemplateChunk[], chunks: readonly (readonly PlacedRecord[])[]) {
    // Any record may have the template of any other, so all are read twice.
    const made = [true, false].flatMap((onlyTemplates) => chunks.map((records) => ({ records, onlyTemplates })));
    super(name, templates.length + made.length);
    this.#disk = disk;
    this.#templates = templates;
    this.#made = made;
  }

  /** Where a byte of a record lies on the disk or volume. */
  volumeOffset(at: number): number | null {
    const { chunk, within } = placeOf(at);
    const record = this.#made[chunk - this.#templates.length]?.records.find(
      ([, size, inChunk]) => within >= inChunk && within < inChunk + size,
    );
    return record === undefined ? null : record[0] + within - record[2];
  }

  protected readChunk(part: Uint8Array, chunk: number, within: number): void {
    part.set(this.#chunk(chunk).subarray(within, within + part.length));
  }

  #chunk(unit: number): Buffer {
    return this.#recent.get(unit, () => {
      const bytes = Buffer.alloc(CHUNK_BYTES);
      const template = this.#templates[unit];
      const made = this.#made[unit - this.#templates.length];
      if (template !== undefined) readOrZero(template.log, bytes, template.offset);
      for (const [at, size, inChunk] of made?.records ?? []) {
        readOrZero(this.#disk, bytes.subarray(inChunk, inChunk + size), at);
      }
      writeSingleRecordsHeader(bytes, made?.onlyTemplates ?? true);
      return bytes;
    });
  }
}
