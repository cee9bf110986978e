/** EVTX, the log format of Windows since Vista. */
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ByteRange, PartStats } from '../../model/reader.ts';
import type { LogFormat } from '../log-format.ts';
import { Reports } from '../reports.ts';
import { CHUNK_BYTES, isChunk } from './chunk.ts';
import { type LogIds, reportMissing } from './damage/log-ids.ts';
import { EvtxDecoder } from './decoder.ts';
import { HEADER_BLOCK, hasFileSignature } from './file-header.ts';

export const format: LogFormat = {
  name: 'evtx',
  priority: 0,
  text: false,
  /** Also accepts a log whose header is damaged, if a chunk stands where the first chunk should be. */
  sniff: (head) => hasFileSignature(head) || isChunk(head.subarray(HEADER_BLOCK)),
  decoder: (name, sink, options, thread, range) => new EvtxDecoder(name, sink, options, thread, range),
  ranges: chunkRanges,
  partAt: chunkAt,
  missing: missingIn,
};

/** Ranges are cut between chunks. The first range also has the header block. */
function chunkRanges(size: number, targetBytes: number): readonly ByteRange[] {
  const step = Math.max(1, Math.round(targetBytes / CHUNK_BYTES)) * CHUNK_BYTES;
  const ranges: ByteRange[] = [];
  let start = 0;
  for (let end = HEADER_BLOCK + step; end < size; end += step) {
    ranges.push({ start, end });
    start = end;
  }
  ranges.push({ start, end: size });
  return ranges;
}

/** The bytes of the chunk that has the record at `offset`. */
function chunkAt(offset: number): { readonly start: number; readonly end: number } {
  const start = HEADER_BLOCK + Math.floor((offset - HEADER_BLOCK) / CHUNK_BYTES) * CHUNK_BYTES;
  return { start, end: start + CHUNK_BYTES };
}

function missingIn(file: string, parts: readonly PartStats[]): { records: number; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const reports = new Reports(file, { diagnostic: (diagnostic) => diagnostics.push(diagnostic) });
  const records = reportMissing(
    parts.flatMap(({ ids }) => (ids === undefined ? [] : [ids as LogIds])),
    reports,
  );
  reports.close();
  return { records, diagnostics };
}
