/**
 * Where an XML log may be cut. A boundary is the start tag of an event that follows the end tag of another one and that begins
 * with System. Whether a position is one is told by the bytes around it alone, so that a range that starts anywhere finds the
 * same boundaries as who reads from the beginning; and no record, comment or value reaches across one, so that reading a
 * log in ranges gives what reading it at once gives. A log without boundaries is read from the beginning by its first range.
 */

/** Bytes before a boundary that have a say: an event inside of a comment or CDATA that begins within them is text. */
export const LOOK_BEHIND_BYTES = 16 << 10;
/** The bytes at hand do not tell. */
export const UNKNOWN = -2;
const NONE = -1;

const EVENT_END = Buffer.from('Event>');
/** With its `</` and a prefix. */
const END_TAG = /<\/(?:[\w.-]{1,64}:)?Event>$/;
const END_TAG_BYTES = 73;
/**
 * From behind an end tag up to System. Between two events: blanks, text of exporters (`Record 2`), an XML declaration. What was
 * copied from the tree of a browser has `- ` before tags.
 * Markup there, and what is longer, is left to the decoder.
 */
const TO_SYSTEM =
  /^([^<>]{0,200}(?:<\?xml[^<>]{0,200}\?>[^<>]{0,200})?)<(?:[\w.-]{1,64}:)?Event(?:[\0- ][^<>]{0,1024})?>[\0- -]{0,256}<(?:[\w.-]{1,64}:)?System[\0- />]/;
const GAP_BYTES = 612;
/** Longest text that {@link TO_SYSTEM} looks at: a boundary that cannot be told yet lies no further back. */
export const TO_SYSTEM_BYTES = GAP_BYTES + 2048;
const OPENERS = [
  [Buffer.from('<!--'), Buffer.from('-->')],
  [Buffer.from('<![CDATA['), Buffer.from(']]>')],
] as const;

/** The boundary at or behind the end tag that ends at `after`; -1: none. */
function boundaryAfter(buffer: Buffer, after: number, end: number, final: boolean): number {
  if (!END_TAG.test(buffer.toString('latin1', Math.max(0, after - END_TAG_BYTES), after))) return NONE;
  const limit = Math.min(end, after + TO_SYSTEM_BYTES);
  const found = TO_SYSTEM.exec(buffer.toString('latin1', after, limit));
  if (found !== null) return isText(buffer, after + found[1]!.length) ? NONE : after + found[1]!.length;
  return limit === end && !final ? UNKNOWN : NONE;
}

/** True inside of a comment or CDATA. */
function isText(buffer: Buffer, at: number): boolean {
  const before = buffer.subarray(Math.max(0, at - LOOK_BEHIND_BYTES), at);
  return OPENERS.some(([open, close]) => {
    const opened = before.lastIndexOf(open);
    return opened >= 0 && before.indexOf(close, opened) < 0;
  });
}

/**
 * The first boundary in [from, end). `UNKNOWN` when more bytes are needed to tell. At least {@link LOOK_BEHIND_BYTES} before
 * `from` must be in the buffer, or all there is.
 */
export function nextBoundary(buffer: Buffer, from: number, end: number, final: boolean): number {
  const part = buffer.subarray(0, end);
  const first = Math.max(0, from - GAP_BYTES);
  for (let at = part.indexOf(EVENT_END, first); at >= 0; at = part.indexOf(EVENT_END, at + 1)) {
    const found = boundaryAfter(buffer, at + EVENT_END.length, end, final);
    if (found >= from || found === UNKNOWN) return found;
  }
  return NONE;
}

/** Whether a boundary stands at `at`: `at`, -1, or `UNKNOWN`. */
export function boundaryAt(buffer: Buffer, at: number, end: number, final: boolean): number {
  const first = Math.max(0, at - GAP_BYTES);
  const found = buffer.subarray(first, at).lastIndexOf(EVENT_END);
  if (found < 0) return NONE;
  const boundary = boundaryAfter(buffer, first + found + EVENT_END.length, end, final);
  return boundary === at || boundary === UNKNOWN ? boundary : NONE;
}

/** The first boundary behind `at` and before `after`, for what was read from `at` up to there. */
export function boundaryWithin(buffer: Buffer, at: number, after: number, end: number, final: boolean): number {
  const first = buffer.indexOf(EVENT_END, at + 2);
  // What ends with its own end tag, and holds no other one, is the rule.
  if (first < 0 || first + EVENT_END.length >= after) return NONE;
  for (let found = first; found >= 0 && found < after; found = buffer.indexOf(EVENT_END, found + 1)) {
    const boundary = boundaryAfter(buffer, found + EVENT_END.length, end, final);
    if (boundary === UNKNOWN) return UNKNOWN;
    if (boundary >= after) return NONE;
    if (boundary > at) return boundary;
  }
  return NONE;
}
