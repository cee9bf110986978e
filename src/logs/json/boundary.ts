/**
 * Finds where a JSON log may be cut. A boundary is a `{"` at the start of a line if the last byte before it that is not a blank
 * is a `}`; within a JSON value a comma or a bracket would stand between them. In: bytes around a position. Out: whether it is a
 * boundary. No record, array or wrapper crosses a boundary, so reading a log in ranges gives the same as reading it at once.
 */

import type { ThreadContext } from '../../engine/thread-context.ts';
import type { ByteRange } from '../../model/reader.ts';
import { Carry } from '../text/carry.ts';

const LF = 0x0a;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const LINE_OPENING = Buffer.from('\n{"');
/** No log with one record per line has more blanks before a line. */
const BLANK_BYTES = 64;
/** How many bytes before a position decide whether it is a boundary. */
export const LOOK_BEHIND_BYTES = BLANK_BYTES + 2;

/** An empty `Carry` for the bytes of a range and for those before it that decide whether it starts at a boundary. */
export function carryFor(range: ByteRange | undefined, thread: ThreadContext): Carry {
  return new Carry(Math.max(0, (range?.start ?? 0) - LOOK_BEHIND_BYTES), LOOK_BEHIND_BYTES, thread);
}

/** Whether the `{` at `at` is a boundary. */
export function isBoundary(buffer: Buffer, at: number): boolean {
  if (buffer[at - 1] !== LF || buffer[at + 1] !== QUOTE) return false;
  let before = at - 2;
  for (const limit = Math.max(0, at - BLANK_BYTES); before > limit && buffer[before]! <= 0x20; before--);
  return buffer[before] === CLOSE_BRACE;
}

/** The first boundary in [from, end); -1 when there is none. */
export function nextBoundary(buffer: Buffer, from: number, end: number): number {
  for (let line = buffer.indexOf(LINE_OPENING, Math.max(0, from - 1)); line >= 0; line = buffer.indexOf(LINE_OPENING, line + 1)) {
    if (line + LINE_OPENING.length > end) return -1;
    if (isBoundary(buffer, line + 1)) return line + 1;
  }
  return -1;
}
