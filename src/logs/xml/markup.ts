/**
 * Finds the end of a `<Data>` element that holds more than text: CDATA, comments, processing instructions, or markup that the
 * exporter did not escape. In: the start of the value and its first `<`. Out: the position of its `</Data>`.
 */
import { DOUBT, MORE } from '../text/outcome.ts';
import { recordExtent } from './bounds/record-extent.ts';
import { isRecordStart, YES } from './bounds/record-start.ts';

const CDATA = Buffer.from('<![CDATA[');
const CDATA_CLOSE = Buffer.from(']]>');
const COMMENT = Buffer.from('<!--');
const COMMENT_CLOSE = Buffer.from('-->');
const INSTRUCTION = Buffer.from('<?');
const INSTRUCTION_CLOSE = Buffer.from('?>');
const SECTIONS = [
  [CDATA, CDATA_CLOSE],
  [COMMENT, COMMENT_CLOSE],
  [INSTRUCTION, INSTRUCTION_CLOSE],
] as const;
const EVENT_DATA_CLOSE = Buffer.from('</EventData>');
const DATA_CLOSE = Buffer.from('</Data>');
const EVENT = Buffer.from('<Event');
const EVENT_CLOSE = Buffer.from('</Event>');
/** What may follow the `</Data>` that ends a value. */
const FOLLOWERS = ['<Data', '</EventData>', '<Binary', '<ComplexData'].map((text) => Buffer.from(text));
/** Bytes searched first. Then four times as many are searched, and so on, so that the cost depends on the distance only. */
const FIRST_WINDOW = 4 << 10;

function standsAt(buffer: Buffer, at: number, text: Buffer, end: number): boolean {
  return at + text.length <= end && buffer.compare(text, 0, text.length, at, at + text.length) === 0;
}

function indexOf(buffer: Buffer, text: Buffer, from: number, limit: number): number {
  return buffer.subarray(0, limit).indexOf(text, from);
}

/** The position of the closing tag. MORE when it may still arrive; DOUBT when the record was cut and another one begins. */
export function markupEnd(buffer: Buffer, start: number, firstTag: number, end: number): number {
  let at = firstTag;
  // Well-formed sections are passed over first: a `</Data>` inside them is text.
  while (at >= 0 && at < end) {
    const section = SECTIONS.find(([open]) => standsAt(buffer, at, open, end));
    if (section === undefined) break;
    const [open, close] = section;
    const closed = indexOf(buffer, close, at + open.length, end);
    // `<?php` in a value that was not escaped has no end.
    if (open === INSTRUCTION && indexOf(buffer, EVENT_DATA_CLOSE, at, closed < 0 ? end : closed) >= 0) break;
    if (closed < 0) return MORE;
    at = buffer.indexOf(0x3c, closed + close.length);
  }
  if (at < 0 || at + DATA_CLOSE.length > end) return MORE;
  for (let window = FIRST_WINDOW; ; window *= 4) {
    const limit = Math.min(end, start + window);
    const close = closeWithin(buffer, at, limit, end);
    const found = close >= 0 ? close : limit;
    const event = firstEvent(buffer, start, found, end);
    if (event >= 0) return closeAfterEvent(buffer, event, end);
    if (close >= 0) return close;
    if (limit === end) return MORE;
  }
}

/**
 * The first `</Data>` that is followed by something the schema allows. -1 when there is none before `limit`, or what follows is
 * unknown.
 */
function closeWithin(buffer: Buffer, from: number, limit: number, end: number): number {
  for (let close = indexOf(buffer, DATA_CLOSE, from, limit); close >= 0; close = indexOf(buffer, DATA_CLOSE, close + 1, limit)) {
    const next = skipBlanks(buffer, close + DATA_CLOSE.length, end);
    if (FOLLOWERS.some((text) => standsAt(buffer, next, text, end))) return close;
  }
  return -1;
}

function skipBlanks(buffer: Buffer, from: number, end: number): number {
  let at = from;
  while (at < end && buffer[at]! <= 0x20) at++;
  return at;
}

/** Where a record starts inside the value; -1 when none does. */
function firstEvent(buffer: Buffer, start: number, limit: number, end: number): number {
  for (let at = indexOf(buffer, EVENT, start, limit); at >= 0; at = indexOf(buffer, EVENT, at + 1, limit)) {
    if (isRecordStart(buffer, at, end, start) === YES) return at;
  }
  return -1;
}

/** If the value is a whole event, it ends after that event. Otherwise the record was cut, and the event is the next record. */
function closeAfterEvent(buffer: Buffer, event: number, end: number): number {
  const extent = recordExtent(buffer, event, end, EVENT_CLOSE);
  if (extent.next >= 0) return DOUBT;
  if (extent.end < 0) return MORE;
  const close = skipBlanks(buffer, extent.end, end);
  if (close + DATA_CLOSE.length > end) return MORE;
  return standsAt(buffer, close, DATA_CLOSE, end) ? close : DOUBT;
}
