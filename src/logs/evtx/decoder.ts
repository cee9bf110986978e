/**
 * Decodes an EVTX log. In: blocks of bytes of any size. Out: events. A chunk is read where it stands in its block; only a chunk
 * that lies across several blocks is copied into one piece. A bad record costs that record, a bad chunk costs that chunk.
 */
import type { ThreadContext } from '../../engine/thread-context.ts';
import type { EventSink } from '../../model/event.ts';
import type { ByteRange, PartStats, RangeDecoder } from '../../model/reader.ts';
import { HEADER_BLOCK } from './file-header.ts';
import { CHUNK_BYTES } from './limits.ts';
import { type EvtxReadOptions, UnitReader } from './unit-reader.ts';

export class EvtxDecoder implements RangeDecoder {
  readonly stats: PartStats;
  readonly #sink: EventSink;
  readonly #reader: UnitReader;
  /** The bytes of a header block or chunk that have arrived so far; null when nothing is incomplete. */
  #pending: Buffer | null = null;
  #pendingLength = 0;
  /** Source offsets: of the unit (header block or chunk) that comes next, and of the next byte. */
  #unit: number;
  #at: number;
  readonly #end: number;
  readonly #isWhole: boolean;

  constructor(name: string, sink: EventSink, options: EvtxReadOptions, thread: ThreadContext, range?: ByteRange) {
    this.#sink = sink;
    this.#reader = new UnitReader(name, sink, options, thread);
    // Not with `recover`, because all records must then be compared with those found in slack.
    if (!options.recover) this.#reader.passer = thread.accelerator?.passer(this.#reader.event, sink) ?? null;
    this.stats = this.#reader.stats;
    this.#isWhole = range === undefined;
    this.#at = range?.start ?? 0;
    this.#end = range?.end ?? Number.POSITIVE_INFINITY;
    // A chunk that starts before the range belongs to the range before.
    const chunk = Math.max(0, Math.ceil((this.#at - HEADER_BLOCK) / CHUNK_BYTES));
    this.#unit = this.#at === 0 ? 0 : HEADER_BLOCK + chunk * CHUNK_BYTES;
  }

  wantsMore(): boolean {
    return this.#pendingLength > 0 && this.#unit < this.#end;
  }

  push(block: Buffer): void {
    this.stats.bytes += block.length;
    let at = 0;
    if (this.#at < this.#unit) at = Math.min(block.length, this.#unit - this.#at);
    while (at < block.length && this.#unit < this.#end) {
      const size = this.#unit === 0 ? HEADER_BLOCK : CHUNK_BYTES;
      const there = block.length - at;
      if (this.#pendingLength === 0 && there >= size) {
        this.#take(block.subarray(at, at + size));
        at += size;
        continue;
      }
      const copied = Math.min(size - this.#pendingLength, there);
      this.#pending ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
      block.copy(this.#pending, this.#pendingLength, at, at + copied);
      this.#pendingLength += copied;
      at += copied;
      if (this.#pendingLength === size) this.#takePending();
    }
    this.#at += block.length;
  }

  end(): void {
    if (this.#pendingLength > 0) this.#takePending();
    const reader = this.#reader;
    while (reader.openLater()) while (reader.next()) this.#sink.event(reader.event);
    // For a part of a log nothing is reported here. The caller combines what all parts have found.
    if (this.#isWhole) reader.reportMissing();
    else this.stats.ids = reader.ids.plain();
    reader.finish();
  }

  #takePending(): void {
    const length = this.#pendingLength;
    this.#pendingLength = 0;
    this.#take(this.#pending!.subarray(0, length));
  }

  #take(bytes: Buffer): void {
    const reader = this.#reader;
    reader.open(bytes, this.#unit);
    while (reader.next()) this.#sink.event(reader.event);
    this.#unit += this.#unit === 0 ? HEADER_BLOCK : CHUNK_BYTES;
  }
}
