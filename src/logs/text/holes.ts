/**
 * Where the values of a scanned record stand, so that similar records can be recognised (`engine/contract.ts`). Filled by
 * scanners.
 */
import type { Holes } from '../../engine/contract.ts';

/** Kinds of holes are the scanner's own numbers, except for these two. NO_HOLE: the record ends here. */
export const NO_HOLE = 0;
/** A value without bytes inside a literal (`<Data Name="x"/>`). Only its position is noted. */
export const EMPTY_VALUE = 1;

/** A record with more values is not remembered but scanned each time. */
const MAX_HOLES = 512;

export class RecordHoles implements Holes {
  readonly kinds = new Uint8Array(MAX_HOLES);
  readonly starts = new Int32Array(MAX_HOLES);
  readonly ends = new Int32Array(MAX_HOLES);
  count = 0;
  learnable = true;

  clear(): void {
    this.count = 0;
    this.learnable = true;
  }

  add(kind: number, start: number, end: number): void {
    if (this.count === MAX_HOLES) {
      this.learnable = false;
      return;
    }
    this.kinds[this.count] = kind;
    this.starts[this.count] = start;
    this.ends[this.count] = end;
    this.count++;
  }
}
