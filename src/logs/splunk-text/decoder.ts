/**
 * Decodes classic Splunk text. In: blocks of bytes. Out: events. An event begins at a line that contains only a time. Refuses,
 * as damage, text before the first event and events without an EventCode.
 */
import type { EventSink } from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { RangeDecoder } from '../../model/reader.ts';
import { Reports } from '../reports.ts';
import { emptyStats } from '../stats.ts';
import { Carry, MAX_RECORD_BYTES } from '../text/carry.ts';
import { sliceUtf8 } from '../text/text-value.ts';
import { classicEvent, FIRST_LINE } from './record.ts';

const LF = 0x0a;
/** No time at the start of an event is longer. */
const LONGEST_FIRST_LINE = 40;

export class SplunkTextDecoder implements RangeDecoder {
  readonly stats: ReadStats = emptyStats('splunk-text');
  readonly #reports: Reports;
  readonly #sink: EventSink;
  readonly #carry = new Carry(0);
  /** No further event starts before this position. */
  #looked = 0;
  #index = 0;

  constructor(name: string, sink: EventSink) {
    this.#reports = new Reports(name, sink);
    this.#sink = sink;
  }

  push(block: Buffer): void {
    this.stats.bytes += block.length;
    this.#looked -= this.#carry.start;
    this.#carry.append(block);
    this.#run(false);
  }

  end(): void {
    this.#run(true);
    this.#reports.close();
  }

  wantsMore(): boolean {
    return false;
  }

  #run(final: boolean): void {
    const carry = this.#carry;
    while (carry.start < carry.end) {
      const next = this.#nextFirstLine(final);
      if (next < 0 && !final) {
        if (carry.end - carry.start <= MAX_RECORD_BYTES) return;
        this.#damaged(`a record is longer than ${MAX_RECORD_BYTES >> 20} MiB and was skipped.`);
        carry.start = carry.end;
        return;
      }
      this.#record(next < 0 ? carry.end : next);
    }
  }

  /** Where the next event begins; -1 when its start has not arrived yet. */
  #nextFirstLine(final: boolean): number {
    const { buffer, start, end } = this.#carry;
    let line = Math.max(start + 1, this.#looked);
    for (;;) {
      const feed = buffer.indexOf(LF, line - 1);
      if (feed < 0 || feed >= end) break;
      line = feed + 1;
      const lineEnd = buffer.indexOf(LF, line);
      if ((lineEnd < 0 || lineEnd >= end) && !final) break;
      const length = Math.min(end, lineEnd < 0 ? end : lineEnd) - line;
      if (length < LONGEST_FIRST_LINE && FIRST_LINE.test(buffer.toString('latin1', line, line + length))) return line;
      line++;
    }
    this.#looked = line;
    return -1;
  }

  #record(end: number): void {
    const carry = this.#carry;
    const text = sliceUtf8(carry.buffer, carry.start, end);
    const offset = carry.offsetOf(carry.start);
    const event = classicEvent(text, this.#index, offset);
    if (event !== null) {
      this.#index++;
      this.stats.records++;
      this.#sink.event(event);
    } else if (text.trim() !== '') this.#damaged('expected a time, then lines with Key=Value and an EventCode.');
    carry.start = end;
    this.#looked = end;
  }

  #damaged(message: string): void {
    this.stats.damaged++;
    this.#reports.report(
      'splunk-text/syntax',
      this.#carry.offsetOf(this.#carry.start),
      message,
      'The events after it were read.',
    );
  }
}
