/** From bytes to events: what is read, how, and by whom. */
import type { ReadStats } from './match.ts';
import type { RecordShape } from './record-shape.ts';

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
  /** JSON: shapes of records that the user has described. */
  readonly shapes?: readonly RecordShape[] | undefined;
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

export interface RangeDecoder extends Decoder {
  /** Bytes before `range.start` that are pushed first, as far as there are any: they tell where a record begins. */
  readonly lookBehindBytes?: number;
  /** After the bytes up to `range.end` have been pushed: true while the last record of the range is incomplete. */
  wantsMore(): boolean;
}
