/** The contract between bytes and events. One folder under `src/logs/` per format; `format.ts` there is its front door. */
import type { Diagnostic } from './diagnostic.ts';
import type { EventSink } from './event.ts';
import type { ReadStats } from './match.ts';

/**
 * Bytes that can be read at any offset: a file, a region of a disk image, a carved chunk. Readers never ask where it comes
 * from and never hold it whole.
 */
export interface ByteSource {
  /** Shown in results: the path as found, `-` for stdin. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Reads into `into` from byte `offset`; returns how many bytes it read, 0 only at the end. Synchronous. */
  read(into: Uint8Array, offset: number): number;
  close(): void;
}

export interface ReadOptions {
  /** EVTX: also read what is left in slack space, marked `recovered`. */
  readonly recover: boolean;
  /** EVTX: compute checksums and report what does not match. */
  readonly verify: boolean;
}

/** What was read of a part of a source. */
export interface PartStats extends ReadStats {
  /** For `LogFormat.missing`, which knows what it is. Plain data: crosses threads. */
  ids?: unknown;
}

/** A part of a source, in bytes. Its decoder reads every record that starts in [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
  /** True when a record is known to begin at `start`. Otherwise a text decoder looks for the first place it is sure of. */
  readonly atRecord?: boolean | undefined;
}

/**
 * Turns bytes into events. Bytes arrive in order, in blocks of any size; the decoder keeps what is incomplete (bounded).
 * `push` calls the sink before it returns. Nothing readable is lost: a bad record costs that record.
 */
export interface Decoder {
  /** `block` is valid only during the call. */
  push(block: Buffer): void;
  /** No more bytes. */
  end(): void;
  readonly stats: ReadStats;
}

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
  decoder(name: string, sink: EventSink, options: ReadOptions, range?: ByteRange): RangeDecoder;
  /** Where a seekable source may be cut into about `targetBytes` each; one range when it cannot be. `head` is what `sniff` saw;
   *  binary formats do without it, it may be empty for them. */
  ranges(size: number, targetBytes: number, head: Buffer): readonly ByteRange[];
  /** From the stats of all parts of a source, in order: records that it should have and has not. */
  missing?(name: string, parts: readonly PartStats[]): { readonly records: number; readonly diagnostics: readonly Diagnostic[] };
}

export interface RangeDecoder extends Decoder {
  /** Bytes before `range.start` that are pushed first, as far as there are any: they tell where a record begins. */
  readonly lookBehindBytes?: number;
  /** After the bytes up to `range.end` have been pushed: true while the last record of the range is incomplete. */
  wantsMore(): boolean;
}
