// HOT: `looseRecordAt` is asked for every place on a disk that looks like a record.
/**
 * Single records outside of chunks. In: bytes of a disk. Out: each record, and where its chunk began, which the offsets inside
 * of it refer to. Refuses what has no plausible header, or two sizes that differ.
 */
import { CHUNK_BYTES, CHUNK_HEADER, RECORD_HEADER, RECORD_LEAST } from '../../logs/evtx/chunk.ts';
import { addTo } from '../../model/values/maps.ts';

export interface LooseRecord {
  /** In bytes from the start of the volume or disk. */
  readonly at: number;
  readonly size: number;
  /** Where its chunk began; null when the record does not say it. */
  readonly chunkAt: number | null;
  /** Ids of the templates it uses, and of those that it also defines. */
  readonly uses: readonly number[];
  readonly defines: readonly number[];
  /** Places in a chunk where it would seem to define a template that in truth is defined elsewhere. */
  readonly notAt: readonly number[];
}

/** A record as it is put into a chunk: its place on the disk, its size, and its place in the chunk. */
export type PlacedRecord = readonly [at: number, size: number, inChunk: number];

/** Sizes of records, and so their places, are multiples of this. */
const ALIGNED = 8;
/** Chunks begin at any sector. */
const SECTOR = 512;
/** High halves of the times 2000-01-01 and 2100-01-01: a record was written between them. A few have no time at all. */
const FROM_HIGH = 0x01bf_53eb;
const TO_HIGH = 0x0230_6e6d;
/** Ids below 2^40. */
const MAX_ID_HIGH = 0x100;
/** Limit on the templates of a record. Windows uses one in another. */
const MAX_TEMPLATES = 64;
/** A fragment, and after it an instance of a template: id, offset of the definition. A definition: next u32, GUID. */
const FRAGMENT = Buffer.from([0x0f, 1, 1, 0]);
const INSTANCE = 0x0c;
const DEFINITION_AT = 10;
const LEAST_DEFINITION = 24;

/** The record at `i`, where its signature stands. `bytes` begins at `start` on the disk. null: there is none. */
export function looseRecordAt(bytes: Buffer, i: number, start: number): LooseRecord | null {
  const at = start + i;
  if (at % ALIGNED !== 0 || i + RECORD_HEADER + FRAGMENT.length > bytes.length) return null;
  const size = bytes.readUInt32LE(i + 4);
  if (size < RECORD_LEAST || size > CHUNK_BYTES - CHUNK_HEADER || i + size > bytes.length) return null;
  const timeHigh = bytes.readUInt32LE(i + 20);
  const isTime = timeHigh === 0 ? bytes.readUInt32LE(i + 16) === 0 : timeHigh >= FROM_HIGH && timeHigh < TO_HIGH;
  if (!isTime || bytes.readUInt32LE(i + 12) >= MAX_ID_HIGH) return null;
  if (bytes.readUInt32LE(i + size - 4) !== size || bytes.compare(FRAGMENT, 0, 4, i + RECORD_HEADER, i + RECORD_HEADER + 4) !== 0)
    return null;
  const templates = templatesIn(bytes.subarray(i, i + size), at);
  return templates.uses.length > MAX_TEMPLATES ? null : { at, size, ...templates };
}

/** The templates in a stretch of bytes that begins at `start` on the disk. */
export function templatesIn(bytes: Buffer, start: number): Omit<LooseRecord, 'at' | 'size'> {
  const uses: number[] = [];
  const defines: number[] = [];
  const notAt: number[] = [];
  let chunkAt: number | null = null;
  for (let i = bytes.indexOf(FRAGMENT); i >= 0; i = bytes.indexOf(FRAGMENT, i + 4)) {
    const at = i + FRAGMENT.length;
    if (at + DEFINITION_AT > bytes.length || bytes[at] !== INSTANCE) continue;
    const id = bytes.readUInt32LE(at + 2);
    uses.push(id);
    // The definition follows when it begins with a GUID whose first bytes are the id.
    const offset = bytes.readUInt32LE(at + 6) - at - DEFINITION_AT;
    if (at + DEFINITION_AT + LEAST_DEFINITION > bytes.length || bytes.readUInt32LE(at + DEFINITION_AT + 4) !== id) {
      notAt.push(offset);
      continue;
    }
    defines.push(id);
    const chunk = start - offset;
    if (chunk % SECTOR === 0) chunkAt ??= chunk;
  }
  return { chunkAt, uses, defines, notAt };
}

/**
 * Puts records into chunks at the places where they were. A record that does not say where its chunk began is put into the chunk
 * of a record near it that does. Failing that, it gets any place, since it can use only templates of other chunks.
 */
export function chunksOf(records: readonly LooseRecord[]): PlacedRecord[][] {
  const chunks = new Map<number, PlacedRecord[]>();
  const homeless: LooseRecord[] = [];
  const starts = startsOf(records);
  for (const [i, record] of records.entries()) {
    const start = starts[i]!;
    if (start === null) homeless.push(record);
    else addTo(chunks, start, [record.at, record.size, record.at - start]);
  }
  const all = [...chunks.values()];
  let end = CHUNK_BYTES;
  for (const { at, size, notAt } of homeless) {
    if (end + size + ALIGNED * (notAt.length + 1) > CHUNK_BYTES) {
      all.push([]);
      end = CHUNK_HEADER;
    }
    while (notAt.includes(end)) end += ALIGNED;
    all.at(-1)!.push([at, size, end]);
    end += size;
  }
  return all;
}

/** Where the chunk of each record began. Of the records before and after it, the nearer ones decide. */
function startsOf(records: readonly LooseRecord[]): (number | null)[] {
  const fits = (start: number | null, { at, size }: LooseRecord): boolean =>
    start !== null && at >= start + CHUNK_HEADER && at + size <= start + CHUNK_BYTES;
  const starts = records.map((record) => (fits(record.chunkAt, record) ? record.chunkAt : null));
  const known = [...starts];
  let before: number | null = null;
  for (const [i, record] of records.entries()) {
    before = known[i] ?? before;
    if (fits(before, record)) starts[i] ??= before;
  }
  let after: number | null = null;
  for (let i = records.length - 1; i >= 0; i--) {
    after = known[i] ?? after;
    if (fits(after, records[i]!)) starts[i] ??= after;
  }
  return starts;
}
