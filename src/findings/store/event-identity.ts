// HOT: read for every event that matches.
/** What is compared of an event before any other is looked at. In: the head of an event, see event-json.ts. Out: numbers. */

export interface EventIdentity {
  /** The lowest 32 bits of the EventRecordID; 0 when there is none. */
  record: number;
  /** A hash of everything after the offset. */
  content: number;
}

const BEFORE_OFFSET = '"offset":'.length;
const BEFORE_RECORD = ',"EventRecordID":'.length;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;

export function readIdentity(buffer: Buffer, head: number, end: number, into: EventIdentity): void {
  let at = head + BEFORE_OFFSET;
  while (buffer[at] !== COMMA) at++;
  at += BEFORE_RECORD;
  let record = 0;
  const start = at;
  // `null` has no digits, which gives 0.
  for (let byte = buffer[at]!; byte >= ZERO && byte <= NINE; byte = buffer[++at]!)
    record = (Math.imul(record, 10) + byte - ZERO) | 0;
  into.record = record >>> 0;
  into.content = hashOf(buffer, start, end);
}

/** Four bytes at a time. */
function hashOf(buffer: Buffer, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four = buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24);
    hash = Math.imul(hash ^ four, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ buffer[at]!, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
