// HOT: with `recover`, called for every record.
/**
 * Remembers which records have been read, so that a copy of one in slack is not reported again. In: records. Out: whether each
 * is new. Two records are the same when id, time written and values are equal. A hash with a random key stands for them, so that
 * a changed record does not pass for the one in slack. Takes 8 to 16 bytes per record of a log.
 */
import { KeyedHash } from '../../../bytes/keyed-hash.ts';
import { RECORD_HEADER } from '../chunk.ts';
import { HEAD_LENGTH, isNested, type RecordValues } from '../values/record-values.ts';

/** So many bits of the hash's other half are combined with 32 bits. The result is a number that a double holds exactly. */
const HIGH_BITS = 20;

export class SeenRecords {
  /** Several sets, because one holds at most 2^24 values. */
  readonly #sets: Set<number>[] = [new Set()];
  readonly #hash = new KeyedHash();

  /** True when the record at `start`, which has been read, was not met before. */
  add(start: number, values: RecordValues): boolean {
    const key = this.#keyOf(start, values);
    if (this.#sets.some((set) => set.has(key))) return false;
    if (this.#sets[0]!.size >= MOST_IN_SET) this.#sets.unshift(new Set());
    this.#sets[0]!.add(key);
    return true;
  }

  #keyOf(start: number, { view, offsets, heads, count }: RecordValues): number {
    // Of the header, only id and time written are hashed.
    const hash = this.#hash
      .reset()
      .add(view, start + 8, start + RECORD_HEADER)
      .addNumber(count);
    for (let i = 0; i < count; i++) {
      const head = heads[i]!;
      // Nested BinXML contains offsets that differ between chunks. The values inside it are hashed on their own.
      if (isNested(head)) continue;
      hash.addNumber(head).add(view, offsets[i]!, offsets[i]! + (head & HEAD_LENGTH));
    }
    return (hash.high >>> (32 - HIGH_BITS)) * 2 ** 32 + (hash.low >>> 0);
  }
}

const MOST_IN_SET = 16_000_000;
