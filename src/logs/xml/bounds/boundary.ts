/**
 * Finds where an XML log may be cut. A boundary is the start tag of an event that follows the end tag of another event and whose
 * first child is System. In: bytes around a position. Out: whether it is a boundary. Only those bytes decide, so a range that
 * starts anywhere finds the same boundaries as a reader that starts at the beginning. No record, comment or value crosses a
 * boundary, so reading a log in ranges gives the same as reading it at once. A log without boundaries is read completely by its
 * first range.
 */

/**
 * How many bytes before a position decide whether it is a boundary. If a comment or CDATA section begins within these bytes and
 * is still open, an event at the position is text.
 */
export const LOOK_BEHIND_BYTES = 16 << 10;
/** The bytes at hand do not tell. */
export const UNKNOWN = -2;
const NONE = -1;

const EVENT_END = Buffer.from('Event>');
/** An end tag with `</` and an optional prefix. */
const END_TAG = /<\/(?:[\w.-]{1,64}:)?Event>$/;
const END_TAG_BYTES = 73;
/**
 * From the end of an end tag up to System. Between two events there may be blanks, text of exporters (`Record 2`) or an XML
 * declaration. Text copied from a browser's tree view has `- ` before tags. A gap with other markup, or a longer one, is left to
 * the decoder.
 */
const TO_SYSTEM =
  /^([^<>]{0,200}(?:<\?xml[^<>]{0,200}\?>[^<>]{0,200})?)<(?:[\w.-]{1,64}:)?Event(?:[\0- ][^<>]{0,1024})?>[\0- -]{0,256}<(?:[\w.-]{1,64}:)?System[\0- />]/;
const GAP_BYTES = 612;
/** The longest text that {@link TO_SYSTEM} looks at. A boundary that cannot be decided yet is no further back than this. */
export const TO_SYSTEM_BYTES = GAP_BYTES + 2048;
const OPENERS = [
  [Buffer.from('<!--'), Buffer.from('-->')],
  [Buffer.from('<![CDATA['), Buffer.from(']]>')],
] as const;

/** The boundary after the end tag that ends at `after`; -1 when there is none. */
function boundaryAfter(buffer: Buffer, after: number, end: number, final: boolean): number {
  if (!END_TAG.test(buffer.toString('latin1', Math.max(0, after - END_TAG_BYTES), after))) return NONE;
  const limit = Math.min(end, after + TO_SYSTEM_BYTES);
  const found = TO_SYSTEM.exec(buffer.toString('latin1', after, limit));
  if (found !== null) return isText(buffer, after + found[1]!.length) ? NONE : after + found[1]!.length;
  return limit === end && !final ? UNKNOWN : NONE;
}

/** True inside a comment or a CDATA section. */
function isText(buffer: Buffer, at: number): boolean {
  const before = buffer.subarray(Math.max(0, at - LOOK_BEHIND_BYTES), at);
  return OPENERS.some(([open, close]) => {
    const opened = before.lastIndexOf(open);
    return opened >= 0 && before.indexOf(close, opened) < 0;
  });
}

/**
 * The first boundary in [from, end). `UNKNOWN` when more bytes are needed. At least {@link LOOK_BEHIND_BYTES} before `from` must
 * be in the buffer, or all there are.
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

/** Whether a boundary is at `at`: returns `at`, -1 or `UNKNOWN`. */
export function boundaryAt(buffer: Buffer, at: number, end: number, final: boolean): number {
  const first = Math.max(0, at - GAP_BYTES);
  const found = buffer.subarray(first, at).lastIndexOf(EVENT_END);
  if (found < 0) return NONE;
  const boundary = boundaryAfter(buffer, first + found + EVENT_END.length, end, final);
  return boundary === at || boundary === UNKNOWN ? boundary : NONE;
}

/** The first boundary inside of what was read as one record, from `at` to `after`; -1 when there is none. */
export function boundaryWithin(buffer: Buffer, at: number, after: number, end: number, final: boolean): number {
  const first = buffer.indexOf(EVENT_END, at + 2);
  // Nearly every record ends with its own end tag and contains no other one.
  if (first < 0 || first + EVENT_END.length >= after) return NONE;
  for (let found = first; found >= 0 && found < after; found = buffer.indexOf(EVENT_END, found + 1)) {
    const boundary = boundaryAfter(buffer, found + EVENT_END.length, end, final);
    if (boundary === UNKNOWN) return UNKNOWN;
    if (boundary >= after) return NONE;
    if (boundary > at) return boundary;
  }
  return NONE;
}
