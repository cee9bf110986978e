/** A format of logs: a folder of its own whose `format.ts` is its front door. */
import type { ThreadContext } from '../engine/thread-context.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventSink } from '../model/event.ts';
import type { ByteRange, PartStats, RangeDecoder, ReadOptions } from '../model/reader.ts';

export interface LogFormat {
  readonly name: string;
  /** The order in which formats are asked: exact signatures first. */
  readonly priority: number;
  /** True when `head` (the first 64 KiB or all there is, decompressed; text transcoded to UTF-8 without BOM) is of this format. */
  sniff(head: Buffer): boolean;
  /** True: text of other encodings is transcoded to UTF-8 before it is pushed. */
  readonly text: boolean;
  /** A decoder for a whole source, or for the part that `range` names (its bytes are pushed from `range.start` on, and beyond
   *  `range.end` as long as `wantsMore()` says so). */
  decoder(name: string, sink: EventSink, options: ReadOptions, thread: ThreadContext, range?: ByteRange): RangeDecoder;
  /** Where a seekable source may be cut into about `targetBytes` each; one range when it cannot be. `head` is what `sniff` saw;
   *  binary formats do without it, it may be empty for them. */
  ranges(size: number, targetBytes: number, head: Buffer): readonly ByteRange[];
  /** True: its records cannot be told from the middle on, so that a source is always read from its beginning. */
  readonly isWhole?: boolean;
  /** From the stats of all parts of a source, in order: records that it should have and has not. */
  missing?(name: string, parts: readonly PartStats[]): { readonly records: number; readonly diagnostics: readonly Diagnostic[] };
}
