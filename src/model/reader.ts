/** The way from bytes to events: sources of bytes, ranges, and the decoders that read them. */
import type { ReadStats } from './match.ts';
import type { RecordShape } from './record-shape.ts';

/**
 * Bytes that can be read at any offset: a file, a part of a disk image, a carved chunk. Readers do not know which of these it
 * is, and never keep all of it in memory.
 */
export interface ByteSource {
  /** Shown in results: the path as found, `-` for stdin. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Reads into `into` from byte `offset`; returns how many bytes it read, 0 only at the end. Synchronous. */
  read(into: Uint8Array, offset: number): number;
  /** Where the first byte from `offset` on lies that may be other than zero. Absent: `offset` itself, as far as is known. */
  dataFrom?(offset: number): number;
  close(): void;
}

export interface ReadOptions {
  /** EVTX: also read what is left in slack space, marked `recovered`. */
  readonly recover: boolean;
  /** EVTX: compute checksums and report what does not match. */
  readonly verify: boolean;
  /** JSON: shapes of records that the user has described. */
  readonly shapes?: readonly RecordShape[] | undefined;
}

/** What was read from a part of a source. */
export interface PartStats extends ReadStats {
  /**
   * Passed to `LogFormat.missing`, the only place that knows what it contains. Plain data, because it is sent between threads.
   */
  ids?: unknown;
}

/** A part of a source, in bytes. A decoder reads every record that starts in [start, end). */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
  /**
   * True when a record is known to begin at `start`. Otherwise a text decoder looks for the first place where one certainly
   * begins.
   */
  readonly atRecord?: boolean | undefined;
}

/**
 * Turns bytes into events. Bytes arrive in order, in blocks of any size. The decoder keeps an incomplete record, up to a limit.
 * `push` calls the sink before it returns. A damaged record does not affect the others.
 */
export interface Decoder {
  /** `block` is valid only during the call. */
  push(block: Buffer): void;
  /** No more bytes. */
  end(): void;
  readonly stats: ReadStats;
}

export interface RangeDecoder extends Decoder {
  /** How many bytes before `range.start` are pushed first, if there are as many. They show where a record begins. */
  readonly lookBehindBytes?: number;
  /** To be called after the bytes up to `range.end` have been pushed: true while the last record of the range is incomplete. */
  wantsMore(): boolean;
}
