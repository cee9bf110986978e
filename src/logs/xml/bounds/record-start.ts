/**
 * Recognises the beginning of a record in an XML log, to find the next record after damage or a cut. In: a position. Out: yes,
 * no or unknown.
 */

export const NO = 0;
export const YES = 1;
/** The bytes at hand do not tell. */
export const UNKNOWN = 2;

const EVENT = Buffer.from('<Event');
const SYSTEM = Buffer.from('<System');
/** The longest start tag that is looked through. */
const TAG_BYTES = 1024;
/** Bytes between the start tag and System that are skipped: blanks, and the `- ` of a browser's tree view. */
const BLANK_BYTES = 256;

const DASH = 0x2d;
/** What stands directly before an event that is part of a value. */
const INSIDE = [Buffer.from('<![CDATA['), Buffer.from('<!--')];

/**
 * Whether `<Event` at `at` begins a record. Its first child must be `<System`, as the schema demands. An event at the very start
 * of a `<Data>` element, a CDATA section or a comment is part of a value. `from` is the first byte that may be looked at.
 */
export function isRecordStart(buffer: Buffer, at: number, end: number, from: number): number {
  if (buffer.compare(EVENT, 0, EVENT.length, at, Math.min(end, at + EVENT.length)) !== 0) return NO;
  let next = at + EVENT.length;
  if (next >= end) return UNKNOWN;
  if (buffer[next] !== 0x3e && buffer[next]! > 0x20) return NO;
  const tagLimit = Math.min(end, next + TAG_BYTES);
  while (next < tagLimit && buffer[next] !== 0x3e && buffer[next] !== 0x3c) next++;
  if (next >= end) return UNKNOWN;
  if (buffer[next] !== 0x3e) return NO;
  next++;
  const blankLimit = Math.min(end, next + BLANK_BYTES);
  while (next < blankLimit && (buffer[next]! <= 0x20 || buffer[next] === DASH)) next++;
  const seen = Math.min(SYSTEM.length, end - next);
  if (seen > 0 && buffer.compare(SYSTEM, 0, seen, next, next + seen) !== 0) return NO;
  if (seen < SYSTEM.length) return UNKNOWN;
  return opensValue(buffer, at, from) ? NO : YES;
}

function opensValue(buffer: Buffer, at: number, from: number): boolean {
  for (const text of INSIDE) {
    if (at - text.length >= from && buffer.compare(text, 0, text.length, at - text.length, at) === 0) return true;
  }
  if (at - 1 < from || buffer[at - 1] !== 0x3e) return false;
  const open = buffer.lastIndexOf(0x3c, at - 1);
  return open >= from && buffer.toString('latin1', open, open + 5) === '<Data';
}

export interface NextRecord {
  /** -1 when there is none. */
  readonly at: number;
  /** True when the bytes end before it is certain. */
  readonly unsure: boolean;
}

/** The first record that starts at or after `at`. */
export function nextRecordStart(buffer: Buffer, at: number, end: number, from: number): NextRecord {
  const part = buffer.subarray(0, end);
  for (let found = part.indexOf(EVENT, at); found >= 0; found = part.indexOf(EVENT, found + 1)) {
    const verdict = isRecordStart(buffer, found, end, from);
    if (verdict !== NO) return { at: found, unsure: verdict === UNKNOWN };
  }
  // The bytes may end with the beginning of a tag, such as `<Even`.
  const tail = Math.max(at, end - EVENT.length + 1);
  for (let start = tail; start < end; start++) {
    if (buffer.compare(EVENT, 0, end - start, start, end) === 0) return { at: start, unsure: true };
  }
  return { at: -1, unsure: false };
}
