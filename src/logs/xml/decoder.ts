/**
 * Decodes an XML log. In: blocks of bytes. Out: events. It needs no root element: `<Events>`, events one after the other, any
 * wrapper, declarations and comments between records are all read in the same way. A damaged record costs that record.
 */
import type { ThreadContext } from '../../engine/thread-context.ts';
import type { EventSink } from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { ByteRange, RangeDecoder } from '../../model/reader.ts';
import { PlainEvent, shapeFor } from '../kept-event.ts';
import { Reports } from '../reports.ts';
import { emptyStats } from '../stats.ts';
import { isByteOrderMark } from '../text/byte-order-mark.ts';
import { Carry, MAX_RECORD_BYTES } from '../text/carry.ts';
import { keyAt } from '../text/layout.ts';
import { isUtf16, OTHER_ENCODING, OTHER_ENCODING_BYTES, OTHER_ENCODING_HINT } from '../text/other-encoding.ts';
import { DOUBT, MORE } from '../text/outcome.ts';
import { RescanBudget } from '../text/rescan-budget.ts';
import { MAX_FIELDS, TextEvent } from '../text/text-event.ts';
import { sliceUtf8 } from '../text/text-value.ts';
import { asideClose, CDATA_CLOSE, OPENER_BYTES } from './bounds/aside.ts';
import { boundaryAt, boundaryWithin, LOOK_BEHIND_BYTES, nextBoundary, TO_SYSTEM_BYTES, UNKNOWN } from './bounds/boundary.ts';
import { recordExtent, whatFollows } from './bounds/record-extent.ts';
import { nextRecordStart } from './bounds/record-start.ts';
import { parseRecord } from './fallback.ts';
import { layoutOf } from './layout.ts';
import { XmlScanner } from './scanner.ts';

const LT = 0x3c;
const GT = 0x3e;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;
const SLASH = 0x2f;
const BLANK = 0x20;
const EVENT_OPEN = Buffer.from('<Event');
/** Longest tag between records. */
const TAG_BYTES = 64 << 10;
/** `<Event`, `<e:Event`: the beginning of a record's start tag. */
const RECORD_TAG = /^<(?:([\w.-]{1,64}):)?Event[\s>/]/;
const RECORD_TAG_BYTES = 72;
/** Longest record for the XML library, which is slow. The largest event that Windows writes is much shorter. */
const SLOW_RECORD_BYTES = 2 << 20;
/** How many end tags are tried for a record. A value with markup that was not escaped may contain what looks like the end tag. */
const ENDS_TRIED = 4;

export class XmlDecoder implements RangeDecoder {
  readonly stats: ReadStats;
  readonly #reports: Reports;
  readonly #sink: EventSink;
  readonly #range: ByteRange | undefined;
  readonly lookBehindBytes = LOOK_BEHIND_BYTES;
  #carry: Carry;
  readonly #budget = new RescanBudget();
  readonly #event: TextEvent;
  readonly #scanner: XmlScanner;
  #index = 0;
  #done = false;
  /** True until the first record of a range that starts inside of the source has been found. */
  #syncing: boolean;
  /** True after a record that was too long. Bytes are then dropped until a record starts. */
  #skipping = false;
  #rootOpen = false;
  /** True where the log continues in UTF-16, until the next event that can be read. */
  #isUtf16 = false;
  /** True while `#upToBoundary` reads the bytes before a boundary. */
  #beforeBoundary = false;

  constructor(name: string, sink: EventSink, thread: ThreadContext, range?: ByteRange) {
    this.#event = new TextEvent(thread);
    this.#scanner = new XmlScanner(this.#event, thread);
    this.#reports = new Reports(name, sink);
    this.#sink = sink;
    this.#range = range;
    this.#carry = new Carry(Math.max(0, (range?.start ?? 0) - LOOK_BEHIND_BYTES), LOOK_BEHIND_BYTES, thread);
    this.#syncing = range !== undefined && range.start > 0;
    this.stats = emptyStats('xml');
    this.#done = range !== undefined && range.start >= range.end;
  }

  push(block: Buffer): void {
    if (this.#done) return;
    this.stats.bytes += block.length;
    this.#budget.earn(block.length);
    this.#carry.append(block);
    if (!this.#carry.isWorthALook()) return;
    this.#run(false);
    this.#carry.looked();
  }

  end(): void {
    if (!this.#done) this.#run(true);
    this.#done = true;
    this.#reports.close();
    this.#carry.close();
  }

  wantsMore(): boolean {
    return !this.#done && this.#range !== undefined;
  }

  #run(final: boolean): void {
    const carry = this.#carry;
    this.#scanner.reset();
    if (this.#syncing && !this.#firstRecord(final)) return;
    while (carry.start < carry.end && !this.#done) {
      if (this.#skipping) {
        if (!this.#sync(final)) return;
        continue;
      }
      const before = carry.start;
      if (!this.#step(final)) return;
      if (carry.start === before) return;
    }
    if (final && this.#rootOpen && !this.#done) this.#rootLeftOpen();
  }

  /** Goes to the first record of a range that starts inside of the source; false when more bytes are needed or there is none. */
  #firstRecord(final: boolean): boolean {
    const carry = this.#carry;
    const { start, end, atRecord } = this.#range!;
    const from = Math.max(carry.start, start - carry.base);
    const at = atRecord === true ? from : nextBoundary(carry.buffer, from, carry.end, final);
    if (at < 0 || at >= carry.end) {
      carry.start = at === UNKNOWN ? Math.max(carry.start, carry.end - TO_SYSTEM_BYTES) : carry.end;
      if (carry.offsetOf(carry.start) >= end) this.#done = true;
      return false;
    }
    carry.start = at;
    this.#syncing = false;
    this.#done = carry.offsetOf(at) >= end;
    return true;
  }

  /** Goes to the next record after one that was too long; false when the bytes are used up. */
  #sync(final: boolean): boolean {
    const carry = this.#carry;
    const { buffer, start, end } = carry;
    const boundary = this.#beforeBoundary ? -1 : nextBoundary(buffer, start, end, final);
    const next = nextRecordStart(buffer, start, end, start);
    const isRecord = next.at >= 0 && !next.unsure;
    if (boundary === UNKNOWN) carry.start = Math.max(start, end - TO_SYSTEM_BYTES);
    else if (boundary < 0 && !isRecord) carry.start = next.at < 0 || final ? end : next.at;
    else {
      carry.start = boundary < 0 || (isRecord && next.at < boundary) ? next.at : boundary;
      this.#skipping = false;
    }
    return !this.#skipping;
  }

  /** True when a boundary beyond the range is at `at`: the range is then over. True also while the bytes at hand do not tell. */
  #beyondRange(at: number, final: boolean): boolean {
    const carry = this.#carry;
    if (this.#range === undefined || this.#beforeBoundary || carry.offsetOf(at) < this.#range.end) return false;
    const boundary = boundaryAt(carry.buffer, at, carry.end, final);
    this.#done = boundary === at;
    return boundary >= 0 || boundary === UNKNOWN;
  }

  /**
   * If a boundary lies between `at` and `after`, reads what starts at `at` as if the log ended at that boundary. Returns null
   * when there is no boundary, otherwise what `#step` returns. The caller knows that there is none before `from`.
   */
  #upToBoundary(at: number, after: number, final: boolean, from = at): boolean | null {
    const outer = this.#carry;
    const boundary = this.#beforeBoundary ? -1 : boundaryWithin(outer.buffer, from, after, outer.end, final);
    if (boundary === UNKNOWN) return false;
    if (boundary < 0) return null;
    this.#carry = new Carry(outer.offsetOf(at));
    this.#carry.append(outer.buffer.subarray(at, boundary));
    this.#beforeBoundary = true;
    this.#run(true);
    this.#beforeBoundary = false;
    this.#skipping = false;
    this.#carry = outer;
    this.#scanner.reset();
    outer.start = boundary;
    return true;
  }

  /** Reads one record, or one piece of what stands between records. False when more bytes are needed. */
  #step(final: boolean): boolean {
    const carry = this.#carry;
    const { buffer, end } = carry;
    let at = carry.start;
    while (at < end && (buffer[at]! <= 0x20 || isByteOrderMark(buffer[at]!))) at++;
    carry.start = at;
    if (at >= end || this.#beyondRange(at, final)) return false;
    if (buffer[at] !== LT) return this.#junk(at);
    if (buffer[at + 1] === 0) return this.#otherEncoding(at, final);
    const next = buffer[at + 1]!;
    if (next === EXCLAMATION || next === QUESTION) return this.#aside(at, final);
    if (keyAt(buffer, at, EVENT_OPEN) && isTagNameEnd(buffer[at + EVENT_OPEN.length]!)) return this.#record(at, '', final);
    const head = buffer.toString('latin1', at, Math.min(end, at + RECORD_TAG_BYTES));
    const tag = RECORD_TAG.exec(head);
    if (tag !== null) return this.#record(at, tag[1] ?? '', final);
    if (end - at < RECORD_TAG_BYTES && !final && !head.includes('>')) return false;
    return this.#otherTag(at, next === SLASH, final);
  }

  /** Passes over text between records. Something is wrong with the file, but what follows may be whole. */
  #junk(at: number): boolean {
    const carry = this.#carry;
    const next = carry.buffer.indexOf(LT, at);
    carry.start = next < 0 || next > carry.end ? carry.end : next;
    if (!this.#isUtf16) this.#noteJunk(at, carry.start);
    return true;
  }

  #noteJunk(at: number, after: number): void {
    const seen = sliceUtf8(this.#carry.buffer, at, Math.min(after, at + 40));
    const message = `expected an <Event>, found text: ${JSON.stringify(seen)}.`;
    this.#reports.note('xml/junk', this.#carry.offsetOf(at), message, 'Text between events was skipped.');
  }

  /** Passes over a tag in UTF-16. All tags up to the next event that can be read give one diagnostic. */
  #otherEncoding(at: number, final: boolean): boolean {
    const { buffer, end } = this.#carry;
    if (end - at < OTHER_ENCODING_BYTES && !final) return false;
    if (!isUtf16(buffer, at, end)) return this.#otherTag(at, false, final);
    if (!this.#isUtf16) {
      this.#isUtf16 = true;
      this.stats.damaged++;
      this.#report('xml/encoding', at, OTHER_ENCODING, OTHER_ENCODING_HINT);
    }
    this.#carry.start = at + 1;
    return true;
  }

  /** Passes over a declaration, a comment, a document type or a CDATA section. */
  #aside(at: number, final: boolean): boolean {
    const carry = this.#carry;
    if (carry.end - at < OPENER_BYTES && !final) return false;
    const close = asideClose(carry.buffer, at, carry.end);
    const found = carry.buffer.indexOf(close, at + 2);
    if (found < 0 || found + close.length > carry.end) return this.#incomplete(at, final);
    const cut = this.#upToBoundary(at, found + close.length, final);
    if (cut !== null) return cut;
    if (close === CDATA_CLOSE) this.#noteJunk(at, found);
    carry.start = found + close.length;
    return true;
  }

  #otherTag(at: number, closing: boolean, final: boolean): boolean {
    const carry = this.#carry;
    const close = carry.buffer.indexOf(GT, at);
    if (close < 0 || close >= carry.end) {
      if (carry.end - at > TAG_BYTES) return this.#tooLong(at, -1);
      return this.#incomplete(at, final);
    }
    carry.start = close + 1;
    if (carry.buffer.toString('latin1', at, at + 7) === '<Events') this.#rootOpen = carry.buffer[close - 1] !== SLASH;
    else if (closing && carry.buffer.toString('latin1', at, at + 8) === '</Events') this.#rootOpen = false;
    return true;
  }

  #record(at: number, prefix: string, final: boolean): boolean {
    const carry = this.#carry;
    const after = prefix === '' ? this.#scanner.scan(carry.buffer, at, carry.end) : DOUBT;
    if (after > 0) {
      const { markupAt } = this.#scanner;
      const cut = markupAt < 0 ? null : this.#upToBoundary(at, after, final, markupAt);
      if (cut !== null) return cut;
      this.#emit(at);
      carry.start = after;
      return true;
    }
    return after === MORE ? this.#incomplete(at, final) : this.#doubtful(at, prefix, final);
  }

  #emit(at: number): void {
    const scanner = this.#scanner;
    const node = scanner.node;
    const layout = node.layout ?? scanner.tree.remember(node, layoutOf(node, MAX_FIELDS), scanner.fields);
    if (scanner.overflowed) this.#tooManyFields(at);
    this.#event.begin(layout, this.#carry.buffer, this.#index++, this.#carry.offsetOf(at));
    this.stats.records++;
    this.#isUtf16 = false;
    this.#sink.event(this.#event);
    scanner.trim();
  }

  /** Reads a record that the scanner does not handle: finds its end, then asks the XML library. */
  #doubtful(at: number, prefix: string, final: boolean): boolean {
    const { buffer, end } = this.#carry;
    const close = Buffer.from(`</${prefix === '' ? '' : `${prefix}:`}Event>`);
    const extent = recordExtent(buffer, at, end, close);
    if (extent.next >= 0) return this.#damaged(at, extent.next, final);
    if (extent.end < 0) return this.#incomplete(at, final);
    let after = extent.end;
    for (let tries = 0; after >= 0 && tries < ENDS_TRIED; tries++) {
      const values = after - at > SLOW_RECORD_BYTES ? null : parseRecord(sliceUtf8(buffer, at, after));
      if (values !== null) {
        const cut = this.#upToBoundary(at, after, final);
        if (cut !== null) return cut;
        this.#emitSlow(values, at);
        this.#carry.start = after;
        return true;
      }
      const follows = whatFollows(buffer, after, end);
      if (follows === 'unknown' && !final) return this.#incomplete(at, final);
      if (follows !== 'content') break;
      const found = buffer.indexOf(close, after);
      after = found < 0 || found + close.length > end ? -1 : found + close.length;
      if (after < 0 && !final) return this.#incomplete(at, final);
    }
    return this.#damaged(at, extent.end, final);
  }

  #emitSlow(values: NonNullable<ReturnType<typeof parseRecord>>, at: number): void {
    const kept = values.slice(0, MAX_FIELDS);
    if (kept.length < values.length) this.#tooManyFields(at);
    const shape = shapeFor(kept.map(({ section, name }, slot) => ({ section, name, slot })));
    this.stats.records++;
    this.#isUtf16 = false;
    const place = { index: this.#index++, offset: this.#carry.offsetOf(at) };
    this.#sink.event(
      new PlainEvent(
        shape,
        kept.map(({ text }) => text),
        place,
      ),
    );
  }

  #damaged(at: number, next: number, final: boolean): boolean {
    const cut = this.#upToBoundary(at, next, final);
    if (cut !== null) return cut;
    this.stats.damaged++;
    this.#report(
      'xml/damaged-event',
      at,
      'the event is not well-formed and was skipped.',
      'Events before and after it were read.',
    );
    this.#carry.start = next;
    return true;
  }

  /** Waits for the rest of what starts at `at`. Gives it up if it is too long or if the log has ended. */
  #incomplete(at: number, final: boolean): boolean {
    const carry = this.#carry;
    if (!final && carry.end - at <= MAX_RECORD_BYTES) return false;
    const cut = this.#upToBoundary(at, carry.end, final);
    if (cut !== null) return cut;
    if (!this.#budget.spend(carry.end - at)) return this.#passOver(at, final);
    const next = nextRecordStart(carry.buffer, at + 1, carry.end, at + 1);
    const found = next.at >= 0 && !next.unsure;
    if (!final) return this.#tooLong(at, found ? next.at : -1);
    if (found) return this.#damaged(at, next.at, final);
    if (this.#beforeBoundary) return this.#damaged(at, carry.end, final);
    this.stats.damaged++;
    this.#rootOpen = false;
    this.#report(
      'xml/truncated',
      at,
      'the file ends inside of an event.',
      'The events before it were read; export the log again for the rest.',
    );
    carry.start = carry.end;
    return false;
  }

  /** Drops the bytes at hand. The budget for scanning again is spent, because records here start and do not end. */
  #passOver(at: number, final: boolean): boolean {
    const carry = this.#carry;
    this.stats.damaged++;
    this.#report('xml/skipped', at, `${carry.end - at} bytes were passed over: they are damaged all over.`);
    carry.start = carry.end;
    this.#skipping = !final;
    this.#rootOpen = false;
    return false;
  }

  /** Drops what starts at `at`, up to the record at `next`. -1: the next record has not arrived yet. */
  #tooLong(at: number, next: number): boolean {
    this.stats.damaged++;
    this.#skipping = next < 0;
    this.#report('xml/too-long', at, `a record is longer than ${MAX_RECORD_BYTES >> 20} MiB and was skipped.`);
    this.#carry.start = next < 0 ? Math.max(at + 1, this.#carry.end - TAG_BYTES) : next;
    return true;
  }

  /** Reports a missing `</Events>`, but not in a range, which has no root, nor before a boundary, where the log goes on. */
  #rootLeftOpen(): void {
    if (this.#range !== undefined || this.#beforeBoundary) return;
    this.#rootOpen = false;
    this.#report('xml/truncated', this.#carry.end, 'the file ends without </Events>.', 'Every event that is in it was read.');
  }

  #tooManyFields(at: number): void {
    this.#report('xml/too-many-fields', at, `the event has more than ${MAX_FIELDS} fields; the rest was not read.`);
  }

  #report(code: string, at: number, message: string, hint?: string): void {
    this.#reports.report(code, this.#carry.offsetOf(at), message, hint);
  }
}

/** The usual bytes after a record's name. {@link RECORD_TAG} also allows the rare ones. */
const isTagNameEnd = (byte: number): boolean => byte === GT || byte === BLANK;
