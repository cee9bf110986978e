/**
 * Decodes a CSV log. In: blocks of bytes. Out: events. Each row is turned into a line of JSON and read by the JSON reader, so
 * that everything known about JSON exports also holds for tables. A damaged row costs only that row: reading continues at the
 * next line that has as many cells as the header.
 */

import type { ThreadContext } from '../../engine/thread-context.ts';
import type { EventSink } from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { RangeDecoder } from '../../model/reader.ts';
import type { RecordShape } from '../../model/record-shape.ts';
import { JsonDecoder } from '../json/decoder.ts';
import { Reports } from '../reports.ts';
import { emptyStats } from '../stats.ts';
import { Carry, MAX_RECORD_BYTES } from '../text/carry.ts';
import { DOUBT, MORE } from '../text/outcome.ts';
import { RescanBudget } from '../text/rescan-budget.ts';
import { type Header, readHeader } from './header.ts';
import { JsonLines } from './json-lines.ts';
import { RowOffsets } from './row-offsets.ts';
import { RowWriter } from './row-writer.ts';
import { Rows } from './rows.ts';

const LF = 0x0a;
/** Bytes looked at to find out what the columns are and in which order dates are written. */
const HEAD_BYTES = 64 << 10;
/** Bytes of JSON passed on at a time. */
const BATCH_BYTES = 256 << 10;

export class CsvDecoder implements RangeDecoder {
  readonly stats: ReadStats = emptyStats('csv');
  readonly #reports: Reports;
  readonly #carry = new Carry(0);
  readonly #lines = new JsonLines();
  readonly #offsets = new RowOffsets();
  readonly #json: JsonDecoder;
  readonly #budget = new RescanBudget();
  #header: Header | null = null;
  #rows = new Rows(0x2c);
  #writer: RowWriter | null = null;
  /** True after a damaged row, until the next whole one. */
  #syncing = false;

  constructor(name: string, sink: EventSink, thread: ThreadContext, shapes?: readonly RecordShape[]) {
    this.#reports = new Reports(name, sink);
    this.#json = new JsonDecoder(name, sink, thread, undefined, shapes, this.#offsets);
  }

  push(block: Buffer): void {
    this.stats.bytes += block.length;
    this.#budget.earn(block.length);
    this.#carry.append(block);
    if (!this.#carry.isWorthALook()) return;
    this.#run(false);
    this.#carry.looked();
  }

  end(): void {
    this.#run(true);
    this.#json.end();
    this.#count();
    this.#reports.close();
  }

  wantsMore(): boolean {
    return false;
  }

  #run(final: boolean): void {
    if (this.#writer === null && !this.#begin(final)) return;
    while (this.#carry.start < this.#carry.end && this.#row(final));
    this.#handOn();
  }

  #begin(final: boolean): boolean {
    const carry = this.#carry;
    if (!final && carry.end - carry.start < HEAD_BYTES) return false;
    const mark = carry.buffer[carry.start] === 0xef ? 3 : 0;
    const bytes = carry.buffer.subarray(carry.start + mark, carry.end);
    const header = readHeader(bytes, final);
    if (header === null) {
      // `sniff` has already seen a header, so this only concerns callers that use the reader directly.
      if (final) this.#reports.report('csv/no-header', 0, 'the first line names no columns of events.');
      carry.start = carry.end;
      return false;
    }
    this.#header = header;
    this.#rows = new Rows(header.delimiter);
    this.#writer = new RowWriter(header, this.#rows, this.#lines);
    carry.start += mark + header.rowsAt;
    if (header.localTime) this.#noteTimes(header);
    return true;
  }

  #noteTimes({ dateOrder }: Header): void {
    const dates =
      dateOrder === 'unknown' ? ' Dates like 3/5 were read as day/month: nothing in the first rows says which it is.' : '';
    const hint = 'Times of other logs may lie hours apart from it. EVTX and Event XML are in UTC.';
    this.#reports.note('csv/local-time', 0, `times without a time zone were read as UTC.${dates}`, hint);
  }

  /** Reads one row. False when more bytes are needed. */
  #row(final: boolean): boolean {
    const carry = this.#carry;
    const rows = this.#rows;
    const { buffer, start, end } = carry;
    const after = rows.scan(buffer, start, end, final);
    if (after === MORE && end - start <= MAX_RECORD_BYTES) return false;
    if (after < 0) return this.#damaged(start, after, final);
    const expected = this.#header!.columns.length;
    if (rows.count !== expected) {
      const isBlank = rows.count === 1 && rows.isEmpty(0);
      if (!isBlank && !this.#hasOnlyBlanksFrom(expected)) return this.#damaged(start, after, final);
      if (isBlank) {
        carry.start = after;
        return true;
      }
    }
    this.#syncing = false;
    carry.start = after;
    if (this.#isHeaderAgain(buffer)) return true;
    this.#offsets.add(this.#lines.length, carry.offsetOf(start));
    this.#writer!.write(buffer);
    if (this.#lines.length >= BATCH_BYTES) this.#handOn();
    return true;
  }

  /** Whether all further cells of the row are empty: the row has too many delimiters at its end. */
  #hasOnlyBlanksFrom(cell: number): boolean {
    if (this.#rows.count < cell) return false;
    for (let i = cell; i < this.#rows.count; i++) if (!this.#rows.isEmpty(i)) return false;
    return true;
  }

  /** The header appears again when several tables were joined. */
  #isHeaderAgain(buffer: Buffer): boolean {
    const { columns } = this.#header!;
    const length = this.#rows.ends[0]! - this.#rows.starts[0]!;
    if (length !== columns[0]!.length) return false;
    return columns.every((name, cell) => this.#rows.text(buffer, cell) === name);
  }

  #damaged(at: number, after: number, final: boolean): boolean {
    const carry = this.#carry;
    if (!this.#syncing) this.#report(at, after, final);
    const looked = (after < 0 ? carry.end : after) - at;
    const feed = carry.buffer.indexOf(LF, at);
    const next = feed < 0 || feed >= carry.end ? carry.end : feed + 1;
    this.#syncing = true;
    if (this.#budget.spend(looked)) carry.start = next;
    else {
      this.#reports.report(
        'csv/skipped',
        carry.offsetOf(at),
        `${carry.end - at} bytes were passed over: they are damaged all over.`,
      );
      carry.start = carry.end;
    }
    return true;
  }

  #report(at: number, after: number, final: boolean): void {
    const offset = this.#carry.offsetOf(at);
    const kept = 'The rows before and after it were read.';
    this.stats.damaged++;
    if (after === MORE) {
      this.#reports.report('csv/too-long', offset, `a row is longer than ${MAX_RECORD_BYTES >> 20} MiB and was skipped.`);
    } else if (after === DOUBT) {
      const message = final ? 'a quote in the row is not closed, or was lost.' : 'something follows a closing quote in the row.';
      this.#reports.report('csv/quote', offset, message, kept);
    } else {
      const expected = this.#header!.columns.length;
      this.#reports.report('csv/columns', offset, `the row has ${this.#rows.count} cells, expected ${expected}.`, kept);
    }
  }

  #handOn(): void {
    if (this.#lines.length === 0) return;
    const json = this.#lines.take();
    this.#json.push(json);
    this.#offsets.next(json.length);
    this.#count();
  }

  #count(): void {
    const { records, damaged } = this.#json.stats;
    this.stats.damaged += damaged - this.#jsonDamaged;
    this.#jsonDamaged = damaged;
    this.stats.records = records;
  }

  #jsonDamaged = 0;
}
