/** A format of logs. Each format is a folder whose `format.ts` exports one of these. */
import type { ThreadContext } from '../engine/thread-context.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventSink } from '../model/event.ts';
import type { ByteRange, PartStats, RangeDecoder, ReadOptions } from '../model/reader.ts';

export interface LogFormat {
  readonly name: string;
  /** Formats are asked in this order, those with exact signatures first. */
  readonly priority: number;
  /**
   * True when `head` is of this format. `head` is the first 64 KiB, or less if there is no more; decompressed, and text as UTF-8
   * without BOM.
   */
  sniff(head: Buffer): boolean;
  /** True: text in other encodings is transcoded to UTF-8 before it reaches the decoder. */
  readonly text: boolean;
  /**
   * A decoder for a whole source, or for the part that `range` names. The bytes of a part are pushed from `range.start` on, and
   * beyond `range.end` as long as `wantsMore()` returns true.
   */
  decoder(name: string, sink: EventSink, options: ReadOptions, thread: ThreadContext, range?: ByteRange): RangeDecoder;
  /**
   * Where a seekable source may be cut into parts of about `targetBytes`; a single range when it cannot be cut. `head` is what
   * `sniff` saw. Binary formats do not use it, so it may be empty for them.
   */
  ranges(size: number, targetBytes: number, head: Buffer): readonly ByteRange[];
  /** True: the format cannot be read from the middle, so a source is always read from its beginning. */
  readonly isWhole?: boolean;
  /**
   * The bytes of the part that has the record at `offset`, where a log consists of parts that can each be read alone. In a part with
   * damage a record may need another part.
   */
  partAt?(offset: number): Pick<ByteRange, 'start' | 'end'>;
  /** Given the stats of all parts of a source in order: the records that the source should have but does not. */
  missing?(name: string, parts: readonly PartStats[]): { readonly records: number; readonly diagnostics: readonly Diagnostic[] };
}
