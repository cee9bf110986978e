/** Puts the faults of a JSON log into words. In: positions in the bytes at hand. Out: diagnostics. */
import type { EventSink } from '../../model/event.ts';
import { Reports } from '../reports.ts';
import { type Carry, MAX_RECORD_BYTES } from '../text/carry.ts';
import { isUtf16, OTHER_ENCODING, OTHER_ENCODING_HINT } from '../text/other-encoding.ts';
import { MAX_FIELDS, type TextEvent } from '../text/text-event.ts';
import { sliceUtf8 } from '../text/text-value.ts';
import type { JsonLayout } from './layout.ts';
import { blanksAfter } from './lexis.ts';

const LF = 0x0a;
const QUOTE = 0x22;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export class JsonFaults {
  readonly #reports: Reports;
  readonly #carry: Carry;

  constructor(name: string, sink: EventSink, carry: Carry) {
    this.#reports = new Reports(name, sink);
    this.#carry = carry;
  }

  /** What stands at a position, as text for a diagnostic. */
  found(at: number): string {
    const { buffer, end } = this.#carry;
    if (at >= end) return 'the end of the file';
    const line = buffer.subarray(at, Math.min(end, at + 24)).indexOf(LF);
    const seen = sliceUtf8(buffer, at, Math.min(end, line < 1 ? at + 24 : at + line));
    return `found ${JSON.stringify(seen)}`;
  }

  /** Reports that the record at `at` cannot be read, because of what was seen at `fault`. */
  damaged(at: number, fault: number, seen: string): void {
    const carry = this.#carry;
    const offset = carry.offsetOf(at);
    if (isUtf16(carry.buffer, at, carry.end) || isUtf16(carry.buffer, fault, carry.end))
      this.#reports.report('json/encoding', offset, OTHER_ENCODING, OTHER_ENCODING_HINT);
    else if (this.#isCut(at, fault))
      this.#reports.report('json/cut-line', offset, 'the line ends inside of a record.', 'The records after it were read.');
    else
      this.#reports.report('json/syntax', offset, `the record is no JSON: ${seen} at 0x${carry.offsetOf(fault).toString(16)}.`);
  }

  passedOver(at: number): void {
    const carry = this.#carry;
    const message = `${carry.end - at} bytes were passed over: they are damaged all over.`;
    this.#reports.report('json/skipped', carry.offsetOf(at), message);
  }

  /** Reports a record that starts at `at` and does not end. `final`: the file ends inside of it; else it is too long. */
  incomplete(at: number, final: boolean): void {
    const offset = this.#carry.offsetOf(at);
    if (!final) {
      this.#reports.report('json/too-long', offset, `a record is longer than ${MAX_RECORD_BYTES >> 20} MiB and was skipped.`);
    } else {
      this.#reports.report('json/truncated', offset, 'the file ends inside of a record.', 'The records before it were read.');
    }
  }

  leftOpen(at: number): void {
    const message = `${at < this.#carry.end ? 'a record begins on a line of its own' : 'the file ends'} before an array is closed.`;
    this.#reports.report('json/truncated', this.#carry.offsetOf(at), message, 'Every record in it was read.');
  }

  tooManyFields(offset: number): void {
    const message = `the record has more than ${MAX_FIELDS} fields; the rest was not read.`;
    this.#reports.report('json/too-many-fields', offset, message);
  }

  nested(offset: number, message: string): void {
    this.#reports.report('json/nested', offset, message, 'The record was read without it.');
  }

  /** Notes that a log shipper has put a prefix before the record, from `at` on: `<134>Nov 24 host winlog: {"EventID": ...`. */
  prefix(at: number, record: number): void {
    const seen = JSON.stringify(sliceUtf8(this.#carry.buffer, at, Math.min(record, at + 40)));
    const message = `text before the record: ${seen}.`;
    this.#reports.note('json/prefix', this.#carry.offsetOf(at), message, 'The records were read without it.');
  }

  /** Passes on what the exporter's plan notes about the record, if anything. */
  note({ plan }: JsonLayout, { text }: TextEvent, offset: number): void {
    const note = plan.note?.(text);
    if (note) this.#reports.note(note.code, offset, note.message, note.hint);
  }

  /** Call at the end. */
  close(): void {
    this.#reports.close();
  }

  /**
   * True when the fault is the end of the record's first line. The end of a later line tells nothing: such a record has several.
   */
  #isCut(at: number, fault: number): boolean {
    const part = this.#carry.buffer.subarray(at, fault + 1);
    const feed = part.indexOf(LF);
    return feed >= 0 && blanksAfter(part, feed, fault - at) === fault - at;
  }
}

/** Bytes of a line that are searched for the start of its record. */
const LONGEST_PREFIX = 4096;
/** What evtx_dump writes before each record. */
const NUMBER_LINE = /^Record \d{1,15}\r?$/;

/** Where the record on the line at `at` begins, or the end of a line that belongs to no record; -1 for any other text. */
export function recordAfter(buffer: Buffer, at: number, lineEnd: number): number {
  const open = at + buffer.subarray(at, Math.min(lineEnd, at + LONGEST_PREFIX)).indexOf('{"');
  if (open > at && !hasJson(buffer, at, open)) return open;
  return lineEnd - at < 32 && NUMBER_LINE.test(buffer.toString('latin1', at, lineEnd)) ? lineEnd : -1;
}

/** True for text that is more likely the rest of a cut record than a line prefix. */
function hasJson(buffer: Buffer, from: number, end: number): boolean {
  for (let at = from; at < end; at++)
    if (buffer[at] === QUOTE || buffer[at] === CLOSE_BRACE || buffer[at] === OPEN_BRACE) return true;
  return false;
}
