/**
 * Which record ids a log should contain according to its headers, and which of them are in none of its chunks. In: what each
 * part of the log has found. Out: what is missing. Concludes nothing from a file header that is older than the chunks: the log
 * was copied while it was being written, and the chunks know more.
 */
import type { Reports } from '../../reports.ts';
import { HEADER_BLOCK, NEXT_ID_AT } from '../file-header.ts';
import { CHUNK_BYTES } from '../limits.ts';
import { idCount } from './chunk-audit.ts';

/** A run of chunks with consecutive ids. `firstId` 0: unused chunks; -1: chunks whose ids are not known. */
export interface ChunkRun {
  readonly chunk: number;
  readonly chunks: number;
  readonly firstId: number;
  readonly lastId: number;
}

/** Record ids of a log or of a part of it. Plain data, so that it can be sent between threads. */
export interface LogIds {
  /** From the file header, if its checksum is right. */
  readonly header: { readonly chunkCount: number; readonly nextId: number; readonly dirty: boolean } | null;
  readonly runs: readonly ChunkRun[];
}

interface MissingRecords {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
  /** How many records are missing; 0 when the number is not known or only the file header states it. */
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

/** `parts` are in the order of the log. */
function missingRecords(parts: readonly LogIds[]): MissingRecords[] {
  const header = parts[0]?.header ?? null;
  const all = parts.flatMap(({ runs }) => runs);
  // A log that was closed cleanly states how many chunks it has. Chunks after these may belong to an earlier log.
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

/** `atEnd`: chunks at the end are lost. They may have held the records up to the id that the header gives to the next record. */
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
    // Only the file header says so, and it may describe another state of the log.
    const message = `the header's next record is ${header.nextId}, the last one in the chunks is ${last}`;
    missing.push({ code: 'evtx/next-record', offset: NEXT_ID_AT, message, records: 0 });
  }
  return missing;
}

/** Reports what is missing as diagnostics. Returns the number of missing records. */
export function reportMissing(parts: readonly LogIds[], reports: Reports): number {
  let sum = 0;
  for (const { code, offset, message, records } of missingRecords(parts)) {
    if (code === 'evtx/next-record') reports.note(code, offset, message);
    else reports.report(code, offset, message);
    sum += records;
  }
  return sum;
}
