/**
 * Decodes a JSON log. In: blocks of bytes. Out: events. Lines, an array, objects one after the other, pretty-printed or not, and
 * wrappers around any of these are read in the same way: the decoder walks into arrays and wrappers and takes each object in them
 * as a record. A damaged record costs that record.
 */
import type { ThreadContext } from '../../engine/thread-context.ts';
import type { EventSink } from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { ByteRange, RangeDecoder } from '../../model/reader.ts';
import type { RecordShape } from '../../model/record-shape.ts';
import { ExporterCounts, emptyStats } from '../stats.ts';
import { isByteOrderMark } from '../text/byte-order-mark.ts';
import { type Carry, MAX_RECORD_BYTES } from '../text/carry.ts';
import type { LayoutNode } from '../text/layout.ts';
import { NextByte } from '../text/next-byte.ts';
import { isUtf16 } from '../text/other-encoding.ts';
import { DOUBT, MORE } from '../text/outcome.ts';
import { RescanBudget } from '../text/rescan-budget.ts';
import { carryFor, isBoundary, LOOK_BEHIND_BYTES, nextBoundary } from './boundary.ts';
import { JsonFaults, recordAfter } from './faults.ts';
import type { JsonLayout } from './layout.ts';
import { blanksAfter, keyText, stringAfter, valueAfter } from './lexis.ts';
import { RecordReader } from './record-reader.ts';
import { openingKey, Resync } from './resync.ts';
import { RowReader } from './rows/row-reader.ts';
import { isEventText } from './rows/rows.ts';
import { isArrayKey, isListKey, isWrapper, LOOK_AHEAD_BYTES, MAYBE } from './wrapper.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LF = 0x0a;
/** Bytes kept while the start of a record is searched: more than the blanks before it and its first key take. */
const OVERLAP_BYTES = 4096;
/** Levels of arrays and wrappers inside of each other. */
const MAX_CONTEXTS = 64;

/** What is open around a record. */
type Context = 'top' | 'array' | 'wrapper';

export class JsonDecoder implements RangeDecoder {
  readonly stats: ReadStats;
  readonly lookBehindBytes = LOOK_BEHIND_BYTES;
  readonly #faults: JsonFaults;
  readonly #sink: EventSink;
  readonly #range: ByteRange | undefined;
  readonly #carry: Carry;
  readonly #records: RecordReader;
  readonly #rows: RowReader;
  readonly #contexts: Context[] = ['top'];
  readonly #noted = new Set<JsonLayout>();
  readonly #exporters: ExporterCounts;
  #index = 0;
  #done = false;
  /** True until the first boundary of a range that starts inside of the source has been found. */
  #syncing: boolean;
  /** True after a record that could not be read. Bytes are then dropped until the next record. */
  #skipping = false;
  readonly #resync = new Resync();
  readonly #budget = new RescanBudget();
  readonly #feed = new NextByte(LF);
  #lineStart = 0;
  /**
   * Of the last record: offset of its line (-1: nothing to learn from), its column in the line, and the node of its first key.
   */
  #lastLine = -1;
  #lastColumn = 0;
  #lastFirst: LayoutNode<JsonLayout> | null = null;

  /**
   * `carry` tells where records stand in the source. Callers pass one of their own when they push other bytes than the source's.
   */
  constructor(
    name: string,
    sink: EventSink,
    thread: ThreadContext,
    range?: ByteRange,
    shapes?: readonly RecordShape[],
    carry = carryFor(range, thread),
  ) {
    this.#sink = sink;
    this.#records = new RecordReader(thread, sink.anyOrder === true, shapes);
    this.#rows = new RowReader(thread, shapes);
    this.#range = range;
    this.#carry = carry;
    this.#faults = new JsonFaults(name, sink, carry);
    this.#syncing = range !== undefined && range.start > 0;
    this.stats = emptyStats('json');
    this.#exporters = new ExporterCounts(this.stats);
    this.#done = range !== undefined && range.start >= range.end;
  }

  push(block: Buffer): void {
    if (this.#done) return;
    this.stats.bytes += block.length;
    this.#budget.earn(block.length);
    const { base } = this.#carry;
    this.#carry.append(block);
    this.#lineStart -= this.#carry.base - base;
    if (!this.#carry.isWorthALook()) return;
    this.#run(false);
    this.#carry.looked();
  }

  end(): void {
    if (!this.#done) this.#run(true);
    this.#done = true;
    this.#exporters.end();
    this.#faults.close();
    this.#carry.close();
  }

  wantsMore(): boolean {
    return !this.#done && this.#range !== undefined;
  }

  #run(final: boolean): void {
    const carry = this.#carry;
    this.#records.scanner.reset();
    this.#resync.reset();
    this.#feed.reset();
    if (this.#syncing && !this.#firstLine()) return;
    while (carry.start < carry.end && !this.#done) {
      if (this.#skipping ? !this.#skipOn(final) : !this.#step(final)) break;
    }
    if (final && !this.#done && this.#contexts.length > 1) this.#leftOpen(carry.end);
  }

  /**
   * Goes to the first boundary of a range that starts inside of the source. False when it has not arrived or is not in the
   * range.
   */
  #firstLine(): boolean {
    const carry = this.#carry;
    const { start, end, atRecord } = this.#range!;
    const from = Math.max(carry.start, start - carry.base);
    if (from >= carry.end) return false;
    const at = atRecord === true ? from : nextBoundary(carry.buffer, from, carry.end);
    // The last two bytes may be the beginning of a boundary.
    carry.start = at < 0 ? Math.max(from, carry.end - 2) : at;
    this.#lineStart = carry.start;
    this.#syncing = at < 0;
    this.#done = carry.offsetOf(carry.start) >= end;
    return !this.#syncing && !this.#done;
  }

  /** The position after blanks and commas. */
  #between(): number {
    const { buffer, end } = this.#carry;
    let at = this.#carry.start;
    for (; at < end; at++) {
      const byte = buffer[at]!;
      if (byte === LF) this.#lineStart = at + 1;
      else if (byte > 0x20 && byte !== COMMA && !isByteOrderMark(byte)) break;
    }
    this.#carry.start = at;
    return at;
  }

  /** Starts afresh at a boundary, as at the beginning of a log. False when the boundary is beyond the range. */
  #beginAnew(at: number): boolean {
    if (this.#contexts.length > 1) this.#leftOpen(at);
    this.#rows.forget();
    this.#lastLine = -1;
    if (this.#resync.hasLearned) this.#resync.forget();
    if (this.#range === undefined || this.#carry.offsetOf(at) < this.#range.end) return true;
    this.#done = true;
    return false;
  }

  /** Reads one record, or goes one step into or out of what holds records. False when more bytes are needed. */
  #step(final: boolean): boolean {
    const at = this.#between();
    const { buffer, end } = this.#carry;
    if (at >= end) return false;
    const byte = buffer[at]!;
    if (byte === OPEN_BRACE) {
      if (at + 1 === end && !final) return false;
      if (buffer[at - 1] !== LF || !isBoundary(buffer, at)) this.#learn();
      else if (!this.#beginAnew(at)) return false;
    }
    const context = this.#contexts[this.#contexts.length - 1]!;
    if (context === 'wrapper') {
      if (byte === CLOSE_BRACE) return this.#leave(at);
      return byte === QUOTE ? this.#wrapperKey(at, final) : this.#stray(at, final);
    }
    if (byte === OPEN_BRACE) return this.#object(at, final);
    if (byte === OPEN_BRACKET && !(context === 'array' && this.#rows.isRow(buffer, at, end)))
      return this.#enter(at, 'array', final);
    if (byte === OPEN_BRACKET || isEventText(buffer, at, end)) return this.#item(at, final);
    if (byte === CLOSE_BRACKET && context === 'array') return this.#leave(at);
    return this.#stray(at, final);
  }

  #enter(at: number, context: Context, final: boolean): boolean {
    if (this.#contexts.length === MAX_CONTEXTS)
      return this.#damaged(at, at, `arrays are nested more than ${MAX_CONTEXTS} deep`, final);
    this.#contexts.push(context);
    this.#carry.start = at + 1;
    return true;
  }

  #leave(at: number): boolean {
    this.#contexts.pop();
    this.#rows.forget();
    this.#carry.start = at + 1;
    return true;
  }

  #object(at: number, final: boolean): boolean {
    const carry = this.#carry;
    // Zero bytes count as blanks, so UTF-16 would be read as a record with strange names.
    if (carry.buffer[at + 1] === 0 && isUtf16(carry.buffer, at, carry.end)) return this.#damaged(at, at, '', final);
    const scanner = this.#records.scanner;
    const after = scanner.scan(carry.buffer, at, carry.end);
    // An object that holds a list of records never gets a layout, so only objects without a layout may hold one. An object that
    // holds rows may have a layout, because rows look like other values.
    const { layout } = scanner.node;
    const mayHold =
      after < 0 || layout === null ? scanner.holdsList : layout.lists.length > 0 && this.#records.holdsRows(layout, carry.buffer);
    if (mayHold && this.#isWrapper(at, after, final)) {
      scanner.trim();
      return this.#enter(at, 'wrapper', final);
    }
    if (after === MORE) return this.#incomplete(at, final);
    if (after === DOUBT) return this.#damaged(at, scanner.faultAt, this.#faults.found(scanner.faultAt), final);
    this.#emit(at);
    carry.start = after;
    return true;
  }

  /** Whether the object at `at` is a wrapper. `after`: what the scanner returned for it. */
  #isWrapper(at: number, after: number, final: boolean): boolean {
    const { buffer, end } = this.#carry;
    const verdict = isWrapper(buffer, at, after === MORE ? end : after === DOUBT ? this.#records.scanner.faultAt : after);
    if (verdict !== MAYBE) return verdict === 1;
    if (after === MORE) return final ? !this.#resync.hasLearned && this.#lastLine < 0 : end - at > LOOK_AHEAD_BYTES;
    return after !== DOUBT;
  }

  /** Walks into the list of a wrapper, as after `"hits": [`. Passes over its other members. */
  #wrapperKey(at: number, final: boolean): boolean {
    const { buffer } = this.#carry;
    const boundary = nextBoundary(buffer, at, this.#carry.end);
    const end = boundary < 0 ? this.#carry.end : boundary;
    const keyEnd = stringAfter(buffer, at, end);
    const colon = keyEnd < 0 ? end : blanksAfter(buffer, keyEnd, end);
    const value = blanksAfter(buffer, colon + 1, end);
    if (value < end) {
      const key = keyText(buffer, at, keyEnd);
      if (buffer[value] === OPEN_BRACKET && isArrayKey(key)) return this.#enter(value, 'array', final);
      if (buffer[value] === OPEN_BRACE && isListKey(key)) return this.#enter(value, 'wrapper', final);
    }
    const after = value < end ? valueAfter(buffer, value, end) : MORE;
    if (after < 0 && boundary < 0) return this.#incomplete(at, final);
    if (after > 0) this.#rows.learn(keyText(buffer, at, keyEnd), buffer, value, after);
    this.#carry.start = after < 0 ? boundary : Math.max(after, value + 1);
    return true;
  }

  /** Reads a row of values, or an event as text. */
  #item(at: number, final: boolean): boolean {
    const carry = this.#carry;
    const after = valueAfter(carry.buffer, at, carry.end);
    const crossed = after < 0 || this.#feed.from(carry.buffer, at) < after ? nextBoundary(carry.buffer, at, carry.end) : -1;
    const isCut = crossed >= 0 && (after < 0 || crossed < after);
    if (after < 0 && !isCut) return this.#incomplete(at, final);
    const bytes = isCut ? undefined : this.#rows.scan(carry.buffer, at, after);
    if (bytes === undefined) return this.#damaged(at, at, this.#faults.found(at), final);
    if (bytes !== null) this.#show(this.#rows.records, bytes, carry.offsetOf(at));
    carry.start = after;
    return true;
  }

  #emit(at: number): void {
    const { scanner } = this.#records;
    const offset = this.#carry.offsetOf(at);
    this.#lastLine = this.#carry.offsetOf(this.#lineStart);
    this.#lastColumn = at - this.#lineStart;
    this.#lastFirst = scanner.first;
    this.#show(this.#records, this.#carry.buffer, offset, scanner.reordered ? at : -1);
  }

  /**
   * Hands on the record that `reader` scanned last. `reordered`: where the record starts if its values were reordered; else -1.
   */
  #show(reader: RecordReader, buffer: Buffer, offset: number, reordered = -1): void {
    const { scanner } = reader;
    const layout = reader.layout();
    if (scanner.overflowed) this.#faults.tooManyFields(offset);
    const index = this.#index++;
    this.#exporters.record(layout.exporter);
    const event = reader.begin(layout, buffer, index, offset);
    if (reordered >= 0) reader.reorder(layout, reordered, this.#carry.end);
    if (layout.plan.note !== undefined && !this.#noted.has(layout)) {
      this.#noted.add(layout);
      this.#faults.note(layout, reader.event, offset);
    }
    if (layout.plan.nested === undefined || !reader.mayHoldNested(layout)) this.#sink.event(event);
    else {
      // An event that is read from text inside of a record needs that record's fields in their own order.
      const records = reordered < 0 ? reader : reader.inOrder(reordered, this.#carry.end);
      this.#sink.event(records.withNested((message) => this.#faults.nested(offset, message)));
    }
    scanner.trim();
  }

  /**
   * Learns from the last record where records begin. Called only when something follows that record without a boundary: in a log
   * with one record per line each record is at a boundary, and nothing needs to be learned.
   */
  #learn(): void {
    if (this.#lastLine < 0) return;
    this.#resync.learn(this.#lastLine, this.#lastColumn, this.#lastFirst?.key ?? null);
    this.#lastLine = -1;
  }

  /** Deals with what is neither a record nor allowed between records. */
  #stray(at: number, final: boolean): boolean {
    const carry = this.#carry;
    const { buffer, end } = carry;
    const lineEnd = Math.min(end, this.#feed.from(buffer, at));
    const next = this.#contexts.length === 1 ? recordAfter(buffer, at, lineEnd) : -1;
    if (next > at && (next < end || final)) {
      if (next < lineEnd) this.#faults.prefix(at, next);
      carry.start = next;
      return true;
    }
    if (lineEnd === end && !final && end - at <= MAX_RECORD_BYTES) return false;
    return this.#damaged(at, at, this.#faults.found(at), final);
  }

  #damaged(at: number, fault: number, seen: string, final: boolean): boolean {
    this.stats.damaged++;
    this.#faults.damaged(at, fault, seen);
    return this.#skipFrom(at, fault - at, final);
  }

  /** Starts the search for the next record. The one at `at` was given up after `scanned` bytes. */
  #skipFrom(at: number, scanned: number, final: boolean): boolean {
    if (!this.#budget.spend(scanned)) return this.#passOver(at, final);
    this.#learn();
    // Only the broken record itself, up to its fault, can show what records look like: what follows may not have arrived yet.
    if (this.#resync.isBlank) this.#resync.learnFrom(at - this.#lineStart, openingKey(this.#carry.buffer, at, at + scanned));
    this.#carry.start = at + 1;
    this.#skipping = true;
    return this.#skipOn(final);
  }

  /** Drops the bytes at hand. The budget for scanning again is spent, because records here are broken far from their starts. */
  #passOver(at: number, final: boolean): boolean {
    const carry = this.#carry;
    this.#faults.passedOver(at);
    carry.start = carry.end;
    this.#skipping = !final;
    if (final) this.#contexts.length = 1;
    return false;
  }

  /** Looks for the next record after one that could not be read. */
  #skipOn(final: boolean): boolean {
    const carry = this.#carry;
    const { buffer, end } = carry;
    const at = this.#resync.next(buffer, carry.start, end);
    if (at < 0) {
      // The start of a record may lie across the end of the bytes at hand.
      carry.start = final ? end : Math.max(carry.start, end - OVERLAP_BYTES);
      if (final) this.#contexts.length = 1;
      return false;
    }
    const feed = buffer.subarray(carry.start, at).lastIndexOf(LF);
    const line = carry.start + feed;
    carry.start = at;
    this.#skipping = false;
    if (feed >= 0) this.#lineStart = line + 1;
    return true;
  }

  /** Waits for the rest of what starts at `at`. Gives it up if it is too long or if the log has ended. */
  #incomplete(at: number, final: boolean): boolean {
    const carry = this.#carry;
    if (!final && carry.end - at <= MAX_RECORD_BYTES) return false;
    this.stats.damaged++;
    this.#faults.incomplete(at, final);
    return this.#skipFrom(at, carry.end - at, final);
  }

  #leftOpen(at: number): void {
    this.#contexts.length = 1;
    this.#faults.leftOpen(at);
  }
}
