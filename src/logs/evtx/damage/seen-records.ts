// HOT: with `recover`, called for every record.
/**
 * Remembers which records have been read, so that a copy of one in slack is not reported again. In: records. Out: whether each
 * is new. Two records are the same when id, time written and values are equal. Takes 8 to 16 bytes per record of a log.
 */
import { RECORD_HEADER } from '../chunk.ts';
import { HEAD_LENGTH, isNested, type RecordValues } from '../values/record-values.ts';

/** The low bits of the id are combined with 32 bits of hash. The result is a number that a double holds exactly. */
const ID_BITS = 2 ** 20;

export class SeenRecords {
  /** Several sets, because one holds at most 2^24 values. */
  readonly #sets: Set<number>[] = [new Set()];

  /** True when the record at `start`, which has been read, was not met before. */
  add(start: number, values: RecordValues): boolean {
    const key = keyOf(start, values);
    if (this.#sets.some((set) => set.has(key))) return false;
    if (this.#sets[0]!.size >= MOST_IN_SET) this.#sets.unshift(new Set());
    this.#sets[0]!.add(key);
    return true;
  }
}

const MOST_IN_SET = 16_000_000;

function keyOf(start: number, { bytes, view, offsets, heads, count }: RecordValues): number {
  // Of the header, only id and time written are hashed.
  let hash = hashOf(bytes, start + 8, start + RECORD_HEADER, count);
  for (let i = 0; i < count; i++) {
    const head = heads[i]!;
    // Nested BinXML contains offsets that differ between chunks. The values inside it are hashed on their own.
    if (isNested(head)) continue;
    hash = hashOf(bytes, offsets[i]!, offsets[i]! + (head & HEAD_LENGTH), hash ^ head);
  }
  return (hash >>> 0) * ID_BITS + (view.getUint32(start + 8, true) % ID_BITS);
}

/** FNV-1a. */
function hashOf(bytes: Buffer, start: number, end: number, seed: number): number {
  let hash = seed ^ 0x811c_9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193);
  return hash;
}
