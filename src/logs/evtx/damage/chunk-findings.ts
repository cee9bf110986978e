/**
 * Puts into words what the audit of a chunk has found. In: the audit. Out: one finding of each kind, with its offset in the
 * chunk.
 */
import { CHUNK_HEADER, type ChunkHeader } from '../chunk.ts';
import { type ChunkAudit, idCount, idText, namedRecords } from './chunk-audit.ts';

interface Finding {
  readonly code: string;
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

const FIRST_ID_AT = 24;
const FREE_SPACE_AT = 48;

/** `stale`: the number of records that were left out after a bad stretch. */
export function findingsOf(audit: ChunkAudit, header: ChunkHeader, chunk: number, stale: number): Finding[] {
  const findings: Finding[] = [];
  const { headerHolds, ids, long, behind, missing } = audit;
  if (!headerHolds && namedRecords(header) > 0) {
    const message = `chunk ${chunk}: the header names ${rangeText(header.firstId, header.lastId)}, the chunk has ${rangeText(Math.min(...ids), Math.max(...ids))}`;
    findings.push({ code: 'evtx/chunk-ids', offset: FIRST_ID_AT, message, hint: 'All of its records are read.' });
  }
  for (const { start, id, spareBytes, inside } of long) {
    if (inside.length === 0) {
      const message = `chunk ${chunk}: the values of record ${id} end ${spareBytes} bytes before the record does`;
      findings.push({ code: 'evtx/record-spare', offset: start, message, hint: 'What stands in them is not read.' });
      continue;
    }
    const hidden = inside.map((record): [number, number] => [record.id, record.id]);
    const live = inside.filter((record) => record.live).length;
    const message = `chunk ${chunk}: record ${id} has been made larger, ${recordText(hidden)} inside of it`;
    const hint = `${howRead(live, inside.length)} Tools that remove single events leave this behind.`;
    findings.push({ code: 'evtx/hidden-records', offset: start, message, hint });
  }
  if (behind.length > 0) {
    const found = behind.map(({ id }): [number, number] => [id, id]);
    const message = `chunk ${chunk}: free space at 0x${header.freeSpace.toString(16)}, but ${recordText(found)} behind it, which the header names`;
    findings.push({ code: 'evtx/free-space', offset: FREE_SPACE_AT, message, hint: 'They are read.' });
  }
  if (missing.length > 0) {
    const named = headerHolds ? `, the header names ${header.firstId} to ${header.lastId}` : '';
    const records = idCount(missing);
    const message = `chunk ${chunk}: ${recordText(missing)} missing (${records} in all)${named}`;
    findings.push({ code: 'evtx/record-gap', offset: CHUNK_HEADER, message });
  }
  if (stale > 0) {
    const message = `chunk ${chunk}: ${stale === 1 ? 'one record' : `${stale} records`} behind a bad stretch with ids that the header does not name`;
    const hint = 'They are left over from an earlier use of the chunk: not live, read with --recover.';
    findings.push({ code: 'evtx/stale-records', offset: CHUNK_HEADER, message, hint });
  }
  return findings;
}

function howRead(live: number, count: number): string {
  if (live === count) return count === 1 ? 'It is read.' : 'They are read.';
  return live === 0 ? 'Read with --recover.' : `${live} of them are read, the others with --recover.`;
}

function rangeText(from: number, to: number): string {
  return from === to ? `record ${from}` : `records ${from} to ${to}`;
}

/** `record 5 is`, `records 5 to 7, 9 are`. */
function recordText(ranges: readonly (readonly [number, number])[]): string {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && last[1] + 1 === from) last[1] = to;
    else joined.push([from, to]);
  }
  const one = idCount(joined) === 1;
  return `${one ? 'record' : 'records'} ${idText(joined)} ${one ? 'is' : 'are'}`;
}
