/**
 * Where a `<Data>` ends that holds more than text: CDATA, comments, or markup that the exporter did not escape. In: the
 * value's start and its first `<`. Out: the position of its `</Data>`.
 */
import { DOUBT, MORE } from '../outcome.ts';
import { isRecordStart, YES } from './record-start.ts';

const CDATA = Buffer.from('<![CDATA[');
const CDATA_CLOSE = Buffer.from(']]>');
const COMMENT = Buffer.from('<!--');
const COMMENT_CLOSE = Buffer.from('-->');
const DATA_CLOSE = Buffer.from('</Data>');
const EVENT = Buffer.from('<Event');
const EVENT_CLOSE = Buffer.from('</Event>');
/** What may follow the `</Data>` that ends a value. */
const FOLLOWERS = ['<Data', '</EventData>', '<Binary', '<ComplexData'].map((text) => Buffer.from(text));
const LONGEST_FOLLOWER = 12;

function standsAt(buffer: Buffer, at: number, text: Buffer, end: number): boolean {
  return at + text.length <= end && buffer.compare(text, 0, text.length, at, at + text.length) === 0;
}

function indexOf(buffer: Buffer, text: Buffer, from: number, end: number): number {
  const found = buffer.indexOf(text, from);
  return found < 0 || found + text.length > end ? -1 : found;
}

/** The position of the closing tag; MORE when it may still come; DOUBT when the record was cut and another one begins. */
export function markupEnd(buffer: Buffer, start: number, firstTag: number, end: number): number {
  let at = firstTag;
  // Well-formed sections first: a `</Data>` inside of them is text.
  while (at >= 0 && at < end) {
    const [open, close] = standsAt(buffer, at, CDATA, end) ? [CDATA, CDATA_CLOSE] : [COMMENT, COMMENT_CLOSE];
    if (!standsAt(buffer, at, open, end)) break;
    const closed = indexOf(buffer, close, at + open.length, end);
    if (closed < 0) return MORE;
    at = buffer.indexOf(0x3c, closed + close.length);
  }
  if (at < 0 || at + DATA_CLOSE.length > end) return MORE;
  for (let close = indexOf(buffer, DATA_CLOSE, at, end); close >= 0; close = indexOf(buffer, DATA_CLOSE, close + 1, end)) {
    const after = close + DATA_CLOSE.length;
    const next = skipBlanks(buffer, after, end);
    if (FOLLOWERS.some((text) => standsAt(buffer, next, text, end))) {
      return holdsEvent(buffer, start, close) ? closeAfterEvent(buffer, start, end) : close;
    }
    if (next + LONGEST_FOLLOWER > end) return MORE;
  }
  return holdsEvent(buffer, start, end) ? DOUBT : MORE;
}

function skipBlanks(buffer: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && buffer[at]! <= 0x20) at++;
  return at;
}

function holdsEvent(buffer: Buffer, start: number, end: number): boolean {
  for (let at = indexOf(buffer, EVENT, start, end); at >= 0; at = indexOf(buffer, EVENT, at + 1, end)) {
    if (isRecordStart(buffer, at, end, start) === YES) return true;
  }
  return false;
}

/** A value that is a whole event ends behind it; otherwise the record was cut and the event is the next one. */
function closeAfterEvent(buffer: Buffer, start: number, end: number): number {
  const eventClose = indexOf(buffer, EVENT_CLOSE, start, end);
  if (eventClose < 0) return MORE;
  const close = skipBlanks(buffer, eventClose + EVENT_CLOSE.length, end);
  if (close + DATA_CLOSE.length > end) return MORE;
  return standsAt(buffer, close, DATA_CLOSE, end) ? close : DOUBT;
}
