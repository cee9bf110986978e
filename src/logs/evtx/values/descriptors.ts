// HOT: called twice for every record.
/**
 * Turns value descriptors (the length and type of each value) into places. In: where they stand in a chunk. Out: `RecordValues`.
 */
import type { DescriptorReader } from '../../../engine/contract.ts';
import { HEAD_LENGTH, HEAD_MASK, isNested, type RecordValues } from './record-values.ts';

export class PlainDescriptors implements DescriptorReader {
  readonly #values: RecordValues;
  nested = -1;

  constructor(values: RecordValues) {
    this.#values = values;
  }

  read(_chunk: Buffer, at: number, count: number, number: number, value: number): number {
    const { view, offsets, heads } = this.#values;
    let next = value;
    let nested = -1;
    let several = false;
    for (let i = 0, from = at; i < count; i++, from += 4) {
      const head = view.getInt32(from, true) & HEAD_MASK;
      offsets[number + i] = next;
      heads[number + i] = head;
      next += head & HEAD_LENGTH;
      if (!isNested(head)) continue;
      several = nested >= 0;
      nested = i;
    }
    this.nested = several ? -2 : nested;
    return next;
  }
}
