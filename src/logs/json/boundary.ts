/**
 * Where a JSON log may be cut. A boundary is a `{"` at the start of a line, when what stands before it, blanks left out, is a `}`:
 * in JSON a comma or a bracket would come between. Whether a position is one is told by the bytes around it alone, and no
 * record, array or wrapper reaches across one, so that reading a log in ranges gives what reading it at once gives.
 */

const LF = 0x0a;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const LINE_OPENING = Buffer.from('\n{"');
/** More blanks before a line are none of a log with one record a line. */
const BLANK_BYTES = 64;
/** Bytes before a boundary that have a say. */
export const LOOK_BEHIND_BYTES = BLANK_BYTES + 2;

/** For the `{` at `at`. */
export function isBoundary(buffer: Buffer, at: number): boolean {
  if (buffer[at - 1] !== LF || buffer[at + 1] !== QUOTE) return false;
  let before = at - 2;
  for (const limit = Math.max(0, at - BLANK_BYTES); before > limit && buffer[before]! <= 0x20; before--);
  return buffer[before] === CLOSE_BRACE;
}

/** The first boundary in [from, end); -1. */
export function nextBoundary(buffer: Buffer, from: number, end: number): number {
  for (let line = buffer.indexOf(LINE_OPENING, Math.max(0, from - 1)); line >= 0; line = buffer.indexOf(LINE_OPENING, line + 1)) {
    if (line + LINE_OPENING.length > end) return -1;
    if (isBoundary(buffer, line + 1)) return line + 1;
  }
  return -1;
}
