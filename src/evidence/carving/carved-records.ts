/**
 * Presents carved records as one log. In: where they are, and chunks of other logs with their templates. Out: a header block of
 * zeros, then chunks that hold nothing but these records, first those that are read for their templates alone.
 */
import { CHUNK_BYTES, writeSingleRecordsHeader } from '../../logs/evtx/chunk.ts';
import { HEADER_BLOCK } from '../../logs/evtx/file-header.ts';
import type { ByteSource } from '../../model/reader.ts';
import { RecentUnits, readOrZero } from '../bytes.ts';
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

export class CarvedRecords implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #disk: ByteSource;
  readonly #templates: readonly TemplateChunk[];
  readonly #made: readonly MadeChunk[];
  readonly #recent = new RecentUnits(KEPT_CHUNKS);

  constructor(name: string, disk: ByteSource, templates: readonly TemplateChunk[], chunks: readonly (readonly PlacedRecord[])[]) {
    this.name = name;
    this.#disk = disk;
    this.#templates = templates;
    // Any record may have the template of any other, so all are read twice.
    this.#made = [true, false].flatMap((onlyTemplates) => chunks.map((records) => ({ records, onlyTemplates })));
    this.size = HEADER_BLOCK + (templates.length + this.#made.length) * CHUNK_BYTES;
  }

  /** Where a byte of a record lies on the disk or volume. */
  volumeOffset(at: number): number | null {
    const unit = Math.floor((at - HEADER_BLOCK) / CHUNK_BYTES) - this.#templates.length;
    const within = (at - HEADER_BLOCK) % CHUNK_BYTES;
    const record = this.#made[unit]?.records.find(([, size, inChunk]) => within >= inChunk && within < inChunk + size);
    return record === undefined ? null : record[0] + within - record[2];
  }

  read(into: Uint8Array, offset: number): number {
    const end = Math.min(this.size, offset + into.length);
    for (let at = offset; at < end; ) {
      const inHeader = at < HEADER_BLOCK;
      const within = inHeader ? at : (at - HEADER_BLOCK) % CHUNK_BYTES;
      const length = Math.min(end - at, (inHeader ? HEADER_BLOCK : CHUNK_BYTES) - within);
      const part = into.subarray(at - offset, at - offset + length);
      if (inHeader) part.fill(0);
      else part.set(this.#chunk((at - HEADER_BLOCK - within) / CHUNK_BYTES).subarray(within, within + length));
      at += length;
    }
    return Math.max(0, end - offset);
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

  close(): void {}
}
