// HOT: nearly every byte of a text log passes through its subclasses.
/**
 * Recognises records that have the pattern of one scanned before (`pattern.ts`). In: bytes at a record. Out: the event's slots and
 * what was found out about the first record of the pattern; null for a record that has to be scanned. It never decides anything:
 * literals are compared whole, and a hole ends where the scanner would have ended it. Subclasses know the holes of a format.
 */
import type { Holes, KnownRecords, ValuePlaces } from '../../engine/contract.ts';
import type { PatternTree } from './pattern.ts';

export abstract class KnownTextRecords<Found> implements KnownRecords<Found> {
  protected readonly values: ValuePlaces;
  protected readonly tree: PatternTree<Found>;
  /** The buffer asked about last, and a view of it. */
  protected buffer: Buffer = Buffer.alloc(0);
  protected view: DataView = new DataView(new ArrayBuffer(0));
  /** The position after the record recognised last. */
  after = 0;
  /** Where it first holds markup that was not looked at; -1: nowhere. */
  markupAt = -1;

  constructor(values: ValuePlaces, tree: PatternTree<Found>) {
    this.values = values;
    this.tree = tree;
  }

  learn(buffer: Buffer, start: number, after: number, holes: Holes, found: Found): void {
    this.tree.learn(this.viewOf(buffer), start, after, holes, found);
  }

  reset(): void {}

  forget(): void {
    this.tree.forget();
  }

  /** Leaves the position after the record in `after` and the number of values in the event. */
  abstract recognise(buffer: Buffer, start: number, end: number): Found | null;

  protected viewOf(buffer: Buffer): DataView {
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    }
    return this.view;
  }
}
