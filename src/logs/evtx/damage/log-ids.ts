/**
 * Which record ids a log should hold, by its header and those of its chunks, and which are in none of its chunks. In: what each
 * part of the log has met. Out: what is missing. A header that is older than the chunks (a log copied while it was written)
 * knows less than they do: that is no finding.
 */
import type { Reports } from '../../reports.ts';
import { HEADER_BLOCK, NEXT_ID_AT } from '../file-header.ts';
import { CHUNK_BYTES } from '../limits.ts';
import { idCount } from './chunk-audit.ts';

/** Chunks one after the other with ids one after the other; `firstId` 0: unused ones; -1: ones whose ids are not known. */
export interface ChunkRun {
  readonly chunk: number;
  readonly chunks: number;
  readonly firstId: number;
  readonly lastId: number;
}

/** Of a log or of a part of it. Plain data: crosses threads. */
export interface LogIds {
  /** From the file header, where its checksum holds. */
  readonly header: { readonly chunkCount: number; readonly nextId: number; readonly dirty: boolean } | null;
  readonly runs: readonly ChunkRun[];
}

interface MissingRecords {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
  /** How many records; 0 where that is not known or only the file header says so. */
  readonly records: number;
}

const UNUSED = 0;
const UNKNOWN = -1;

export class LogIdsReader implements LogIds {
  header: LogIds['header'] = null;
  readonly runs: ChunkRun[] = [];

  unused(chunk: number): void {
    this.#add(chunk, UNUSED, UNUSED);
  }

  unknown(chunk: number): void {
    this.#add(chunk, UNKNOWN, UNKNOWN);
  }

  records(chunk: number, firstId: number, lastId: number): void {
    this.#add(chunk, firstId, lastId);
  }

  plain(): LogIds {
    return { header: this.header, runs: this.runs };
  }

  #add(chunk: number, firstId: number, lastId: number): void {
    const last = this.runs.at(-1);
    const goesOn = last !== undefined && last.chunk + last.chunks === chunk && follows(last, firstId);
    if (goesOn) this.runs[this.runs.length - 1] = { ...last, chunks: last.chunks + 1, lastId };
    else this.runs.push({ chunk, chunks: 1, firstId, lastId });
  }
}

function follows(last: ChunkRun, firstId: number): boolean {
  return last.firstId > 0 ? firstId === last.lastId + 1 : firstId === last.firstId;
}

/** Parts in the order of the log. */
function missingRecords(parts: readonly LogIds[]): MissingRecords[] {
  const header = parts[0]?.header ?? null;
  const all = parts.flatMap(({ runs }) => runs);
  // Behind the chunks that a log closed cleanly counts there may be some of an earlier log.
  const counted = header === null || header.dirty ? all : all.filter(({ chunk }) => chunk < header.chunkCount);
  const chunks = header === null ? [] : missingChunks(header.chunkCount, all);
  return [...chunks, ...missingIds(header, counted, chunks.length > 0)];
}

function missingChunks(count: number, runs: readonly ChunkRun[]): MissingRecords[] {
  const missing: MissingRecords[] = [];
  const add = (from: number, to: number, seen: string): void => {
    const which = from === to ? `chunk ${from} is` : `chunks ${from} to ${to} are`;
    const message = `the header counts ${count} chunks, ${which} ${seen}`;
    missing.push({ code: 'evtx/missing-chunk', offset: HEADER_BLOCK + from * CHUNK_BYTES, message, records: 0 });
  };
  for (const { chunk, chunks, firstId } of runs) {
    if (firstId === UNUSED && chunk < count) add(chunk, Math.min(count, chunk + chunks) - 1, 'empty');
  }
  const last = runs.at(-1);
  const end = last === undefined ? 0 : last.chunk + last.chunks;
  if (end < count) add(end, count - 1, 'not in the file');
  return missing;
}

/** `atEnd`: there were chunks that are gone, so that the records before the header's next one may have been in them. */
function missingIds(header: LogIds['header'], runs: readonly ChunkRun[], atEnd: boolean): MissingRecords[] {
  const missing: MissingRecords[] = [];
  const known = runs.filter(({ firstId }) => firstId > 0).sort((a, b) => a.firstId - b.firstId);
  if (known.length === 0) return [];
  let last = known[0]!.firstId - 1;
  let end = HEADER_BLOCK;
  const add = (to: number, offset: number, why: string): void => {
    const records = idCount([[last + 1, to]]);
    const which = records === 1 ? `record ${to} is` : `records ${last + 1} to ${to} (${records}) are`;
    missing.push({ code: 'evtx/missing-records', offset, message: `${which} in no chunk${why}`, records });
  };
  for (const { chunk, chunks, firstId, lastId } of known) {
    const start = HEADER_BLOCK + chunk * CHUNK_BYTES;
    if (firstId > last + 1) add(firstId - 1, start, `: chunk ${chunk} begins with ${firstId}`);
    if (lastId <= last) continue;
    last = lastId;
    end = start + chunks * CHUNK_BYTES;
  }
  if (header === null || header.nextId <= last + 1) return missing;
  if (atEnd) add(header.nextId - 1, end, `: the header's next record is ${header.nextId}`);
  else {
    // Nothing else says so: the header may be of another state of the log.
    const message = `the header's next record is ${header.nextId}, the last one in the chunks is ${last}`;
    missing.push({ code: 'evtx/next-record', offset: NEXT_ID_AT, message, records: 0 });
  }
  return missing;
}

/** In the words of diagnostics; the sum of the records. */
export function reportMissing(parts: readonly LogIds[], reports: Reports): number {
  let sum = 0;
  for (const { code, offset, message, records } of missingRecords(parts)) {
    if (code === 'evtx/next-record') reports.note(code, offset, message);
    else reports.report(code, offset, message);
    sum += records;
  }
  return sum;
}
