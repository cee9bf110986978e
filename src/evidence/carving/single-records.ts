/**
 * Makes a log of the records that were carved one by one. In: the records, and the logs of the same image. Out: its locator, with
 * the chunks of those logs that have the records' templates. Refuses records whose template is nowhere in the image: they are
 * counted and reported.
 */
import { CHUNK_BYTES } from '../../logs/evtx/chunk.ts';
import { HEADER_BLOCK } from '../../logs/evtx/file-header.ts';
import { InputError } from '../../model/errors.ts';
import { readOrZero } from '../bytes.ts';
import type { Evidence, FoundSource } from '../evidence.ts';
import { carvedLocator, type EvidenceLocator } from '../locator.ts';
import type { Volume } from '../volumes.ts';
import { chunksOf, type LooseRecord, type PlacedRecord, templatesIn } from './loose-records.ts';

/** An EVTX log of the image. */
export interface KnownLog {
  readonly locator: EvidenceLocator;
  readonly source: FoundSource;
}

/** Limit on the chunks that are read again for their templates. A system with all its logs has about 1,500 templates. */
const MAX_TEMPLATE_CHUNKS = 2048;

/** Limit on the chunks that are made of records: 4 GiB of what were chunks. */
const MAX_MADE_CHUNKS = 1 << 16;

/** `records` are in the order of the disk. null when none of them can be read. */
export function singleRecords(
  evidence: Evidence,
  volume: Volume | null,
  records: readonly LooseRecord[],
  logs: readonly KnownLog[],
): { readonly locator: EvidenceLocator; readonly records: readonly PlacedRecord[] } | null {
  const missing = new Set(records.flatMap(({ uses }) => uses));
  const templates = templateChunks(missing, logs);
  // A record's own definition may refer to names in parts of its chunk that are lost, so that of a log is better.
  for (const { defines } of records) for (const id of defines) missing.delete(id);
  const isLost = ({ uses }: LooseRecord): boolean => uses.some((id) => missing.has(id));
  const readable = records.filter((record) => !isLost(record));
  const firstLost = records.find(isLost);
  if (firstLost !== undefined) {
    const lost = records.length - readable.length;
    const where = volume === null ? 'outside of volumes' : `in volume ${volume.label}`;
    const which = lost === 1 ? 'one single record' : `${lost} single records`;
    const message = `${which} ${where}: their templates are in no log of this image: NOT READ.`;
    evidence.reports.report('evidence/no-template', firstLost.at, message);
  }
  if (readable.length === 0) return null;
  const made = chunksOf(readable);
  const chunks = made.slice(0, MAX_MADE_CHUNKS);
  if (made.length > chunks.length) {
    const message = `single records of more than ${MAX_MADE_CHUNKS} chunks were carved: the rest is not read.`;
    evidence.reports.report('evidence/too-many-records', 0, message);
  }
  const content = { chunks: [], records: { templates, chunks } };
  return { locator: carvedLocator(evidence.path, volume, '\\$Carved records.evtx', content), records: chunks.flat() };
}

/** Few chunks that together have the templates, as far as any log has them. Takes those out of `missing`. */
function templateChunks(missing: Set<number>, logs: readonly KnownLog[]): (readonly [EvidenceLocator, number])[] {
  const found: (readonly [EvidenceLocator, number])[] = [];
  const bytes = Buffer.alloc(CHUNK_BYTES);
  for (const { locator, source } of logs) {
    for (let at = HEADER_BLOCK; at < source.size; at += CHUNK_BYTES) {
      if (missing.size === 0 || found.length >= MAX_TEMPLATE_CHUNKS) return found;
      if (!readChunk(source, bytes, at)) break;
      const wanted = templatesIn(bytes, 0).defines.filter((id) => missing.has(id));
      if (wanted.length === 0) continue;
      for (const id of wanted) missing.delete(id);
      found.push(oneChunk(locator, at));
    }
  }
  return found;
}

function readChunk(source: FoundSource, bytes: Buffer, at: number): boolean {
  try {
    readOrZero(source, bytes, at);
    return true;
  } catch (error) {
    // The reader of that log reports the damage.
    if (!(error instanceof InputError)) throw error;
    return false;
  }
}

/** Of a log of carved chunks only the one chunk is named, since a locator is sent to every thread. */
function oneChunk(locator: EvidenceLocator, at: number): readonly [EvidenceLocator, number] {
  const chunk = locator.chunks[(at - HEADER_BLOCK) / CHUNK_BYTES];
  return chunk === undefined ? [locator, at] : [{ ...locator, chunks: [chunk] }, HEADER_BLOCK];
}
