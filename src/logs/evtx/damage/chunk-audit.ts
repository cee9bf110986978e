/**
 * Looks again at a chunk whose records are not those that its header names. In: a chunk. Out: records that the walk missed
 * (inside a larger record, or in the free space), and the ids of records that are gone. Refuses nothing.
 *
 * A record is live if the chunk's header names its id.
 */

import { DEFINITION_HEADER, FRAGMENT_HEADER, TEMPLATE_INSTANCE } from '../binxml/tokens.ts';
import { CHUNK_HEADER, type ChunkHeader, RECORD_HEADER, RECORD_LEAST, RECORD_MARK, RecordWalk } from '../chunk.ts';
import { CHUNK_BYTES } from '../limits.ts';

/** No more records than this fit in a chunk. */
const MOST_RECORDS = Math.floor((CHUNK_BYTES - CHUNK_HEADER) / RECORD_LEAST);

/** A record that the walk missed: where it starts, and where its BinXML ends. */
export interface PassedRecord {
  readonly start: number;
  readonly end: number;
  readonly id: number;
  /** True when the header names its id, and no other record has it. */
  readonly live: boolean;
}

/** A record with more bytes than its values need, and the number of records that lie in those bytes. */
export interface LongRecord {
  readonly start: number;
  readonly id: number;
  readonly spareBytes: number;
  readonly inside: readonly PassedRecord[];
}

export interface ChunkAudit {
  /** False when none of the records has an id that the header names. */
  readonly headerHolds: boolean;
  /** The ids of the records that the walk meets. */
  readonly ids: readonly number[];
  readonly long: readonly LongRecord[];
  readonly behind: readonly PassedRecord[];
  /** Ids that should be in the chunk and are not, as ranges: from, to. */
  readonly missing: readonly (readonly [number, number])[];
}

/** How many records the header names; 0 when that number is impossible. */
export function namedRecords({ firstId, lastId }: ChunkHeader): number {
  const sane = firstId > 0 && firstId <= lastId && Number.isSafeInteger(lastId) && lastId - firstId < MOST_RECORDS;
  return sane ? lastId - firstId + 1 : 0;
}

/** `limit`: where the live records end according to the header. */
export function auditChunk(bytes: Buffer, view: DataView, header: ChunkHeader, limit: number): ChunkAudit {
  const records = recordsIn(bytes, view, CHUNK_HEADER, limit);
  const named = namedRecords(header) > 0;
  const isNamed = (id: number): boolean => named && id >= header.firstId && id <= header.lastId;
  const headerHolds = named && (records.length === 0 || records.some(({ id }) => isNamed(id)));
  const ids = records.map(({ id }) => id);
  const taken = new Set(ids);
  const take = ({ start, end, id }: WalkedRecord): PassedRecord => {
    const live = headerHolds && isNamed(id) && !taken.has(id);
    taken.add(id);
    return { start, end, id, live };
  };
  const long = records.flatMap(({ start, end, id }): LongRecord[] => {
    const from = valuesEnd(view, start + RECORD_HEADER, end);
    if (from + RECORD_LEAST > end) return [];
    return [{ start, id, spareBytes: end - from, inside: recordsInside(bytes, view, from, end + 4).map(take) }];
  });
  const behind = !headerHolds
    ? []
    : recordsIn(bytes, view, limit, bytes.length).flatMap((record) =>
        isNamed(record.id) && !taken.has(record.id) ? [take(record)] : [],
      );
  return { headerHolds, ids, long, behind, missing: headerHolds ? gaps(taken, header.firstId, header.lastId) : gapsBetween(ids) };
}

/**
 * Where the records of a chunk without a header end; 0 when there is no record. What follows them is left over from an earlier
 * use of the chunk. The chunk's own records have consecutive ids; after a bad stretch some ids may be missing.
 */
export function endOfRecords(bytes: Buffer, view: DataView): { readonly end: number; readonly ids: readonly number[] } {
  const ids: number[] = [];
  let end = 0;
  for (const record of recordsIn(bytes, view, CHUNK_HEADER, bytes.length)) {
    const last = ids.at(-1);
    const step = last === undefined ? 1 : record.id - last;
    if (step < 1 || step > (record.afterGap ? MOST_RECORDS : 1)) break;
    ids.push(record.id);
    end = record.end + 4;
  }
  return { end, ids };
}

interface WalkedRecord {
  readonly start: number;
  readonly end: number;
  readonly id: number;
  readonly afterGap: boolean;
}

function recordsIn(bytes: Buffer, view: DataView, start: number, limit: number): WalkedRecord[] {
  const records: WalkedRecord[] = [];
  const walk = new RecordWalk();
  walk.open(bytes, view, start, limit);
  while (walk.next()) records.push({ start: walk.start, end: walk.end, id: walk.id, afterGap: walk.gap >= 0 });
  return records;
}

/**
 * Where the values of the template instance at the start of a record end. The record's end when the values cannot be followed.
 */
function valuesEnd(view: DataView, start: number, end: number): number {
  let at = start;
  if (at + 4 <= end && view.getUint8(at) === FRAGMENT_HEADER) at += 4;
  if (at + 14 > end || view.getUint8(at) !== TEMPLATE_INSTANCE) return end;
  const definition = view.getUint32(at + 6, true);
  at += 10;
  if (definition === at && at + DEFINITION_HEADER < end) at += DEFINITION_HEADER + view.getUint32(at + 20, true);
  if (at + 4 > end) return end;
  const count = view.getUint32(at, true);
  at += 4;
  let value = at + 4 * count;
  if (value > end) return end;
  for (let i = 0; i < count; i++) value += view.getUint16(at + 4 * i, true);
  return Math.min(value, end);
}

/**
 * Whole records in the bytes of a larger one that has overwritten them. The last of them ends with the size of the larger
 * record.
 */
function recordsInside(bytes: Buffer, view: DataView, from: number, end: number): WalkedRecord[] {
  const records: WalkedRecord[] = [];
  for (let at = bytes.indexOf(RECORD_MARK, from); at >= 0 && at + RECORD_LEAST <= end; at = bytes.indexOf(RECORD_MARK, at)) {
    const size = view.getUint32(at + 4, true);
    const whole = size >= RECORD_LEAST && at + size <= end && (at + size === end || view.getUint32(at + size - 4, true) === size);
    if (whole) {
      const id = view.getUint32(at + 8, true) + view.getUint32(at + 12, true) * 0x1_0000_0000;
      records.push({ start: at, end: at + size - 4, id, afterGap: false });
    }
    at += whole ? size : 1;
  }
  return records;
}

function gaps(taken: ReadonlySet<number>, from: number, to: number): [number, number][] {
  const missing: [number, number][] = [];
  for (let id = from; id <= to; id++) {
    if (taken.has(id)) continue;
    const last = missing.at(-1);
    if (last !== undefined && last[1] === id - 1) last[1] = id;
    else missing.push([id, id]);
  }
  return missing;
}

/** For a chunk without a header: the ids missing between records with ascending ids. */
function gapsBetween(ids: readonly number[]): [number, number][] {
  return ids.flatMap((id, i): [number, number][] => {
    const last = ids[i - 1];
    return last !== undefined && id > last + 1 && id - last <= MOST_RECORDS ? [[last + 1, id - 1]] : [];
  });
}

/** Ranges as text: `5 to 7, 9`. */
export function idText(ranges: readonly (readonly [number, number])[]): string {
  const shown = ranges.slice(0, 8).map(([from, to]) => (from === to ? `${from}` : `${from} to ${to}`));
  return shown.join(', ') + (ranges.length > shown.length ? ` and ${ranges.length - shown.length} more stretches` : '');
}

export function idCount(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}
