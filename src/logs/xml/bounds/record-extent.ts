/**
 * Finds the end of a record that the scanner did not understand. In: its start. Out: its end, or where the next record begins.
 */
import { nextRecordStart } from './record-start.ts';

/**
 * Bytes searched first. Then four times as many are searched, and so on, so that the cost depends on the distance and not on the
 * size of the block.
 */
const FIRST_WINDOW = 4 << 10;

export interface RecordExtent {
  /** The position after the record's end tag; -1 when the tag is not there. */
  readonly end: number;
  /** Where the next record begins if that comes before any end tag, because the record was cut; else -1. */
  readonly next: number;
}

export function recordExtent(buffer: Buffer, at: number, end: number, close: Buffer): RecordExtent {
  for (let window = FIRST_WINDOW; ; window *= 4) {
    const limit = Math.min(end, at + window);
    const found = buffer.subarray(0, limit).indexOf(close, at);
    const next = nextRecordStart(buffer, at + 1, found < 0 ? limit : found, at);
    if (next.at >= 0 && !next.unsure) return { end: -1, next: next.at };
    if (found >= 0) return { end: found + close.length, next: -1 };
    if (limit === end) return { end: -1, next: -1 };
  }
}

/** Text or markup after an end tag means that the tag was part of a value that was not escaped. */
export function whatFollows(buffer: Buffer, after: number, end: number): 'record' | 'content' | 'unknown' {
  let at = after;
  while (at < end && buffer[at]! <= 0x20) at++;
  if (at >= end) return 'unknown';
  const text = buffer.toString('latin1', at, Math.min(end, at + 80));
  return /^<(?:[\w.-]+:)?Event[\s>]|^<\/(?:[\w.-]+:)?Events|^<[!?]/.test(text) ? 'record' : 'content';
}
