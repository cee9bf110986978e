// HOT: nearly every byte of a text log passes through its subclasses.
/**
 * Recognises records that follow the pattern of a record scanned before (`pattern.ts`). In: bytes at a record. Out: the event's
 * slots, and what was found about the first record of the pattern; null for a record that has to be scanned. The result is the
 * same as if it had been scanned: literals are compared whole, and each hole ends where the scanner would have ended it.
 * Subclasses know the holes of a format.
 */
import type { Holes, KnownRecords, ValuePlaces } from '../../engine/contract.ts';
import type { PatternTree } from './pattern.ts';

export abstract class KnownTextRecords<Found> implements KnownRecords<Found> {
  protected readonly values: ValuePlaces;
  protected readonly tree: PatternTree<Found>;
  /** The buffer passed last, and a view of it. */
  protected buffer: Buffer = Buffer.alloc(0);
  protected view: DataView = new DataView(new ArrayBuffer(0));
  /** The position after the record recognised last. */
  after = 0;
  /** Where that record first holds markup that was not looked at; -1 when there is none. */
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

  /** Recognises the record at `start`. Leaves the position after it in `after`, and its values in the event. */
  abstract recognise(buffer: Buffer, start: number, end: number): Found | null;

  protected viewOf(buffer: Buffer): DataView {
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    }
    return this.view;
  }
}
