/** Where the next record begins after one that could not be read. */
import { blanksAfter, stringAfter } from './wrapper.ts';

const LF = 0x0a;
const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
/** A longer key is no landmark. */
const LONGEST_KEY = 256;

export interface Landmarks {
  /** Bytes between a line's start and the `{` of the record on it. */
  readonly column: number;
  /** The keys that records have opened with. */
  readonly keys: readonly Uint8Array[];
}

/**
 * The first record start at or after `from`: a line that has its `{` no further to the right than the records before, or an
 * object that opens with a key that they opened with. -1: none.
 */
export function resync(buffer: Buffer, from: number, end: number, { column, keys }: Landmarks): number {
  let nearest = lineStart(buffer, from, end, column);
  for (const key of keys) {
    const same = sameOpening(buffer, from, nearest < 0 ? end : nearest, key);
    if (same >= 0) nearest = same;
  }
  return nearest;
}

function lineStart(buffer: Buffer, from: number, end: number, column: number): number {
  for (let line = buffer.indexOf(LF, from); line >= 0 && line < end; line = buffer.indexOf(LF, line + 1)) {
    const at = blanksAfter(buffer, line + 1, end);
    if (at < end && buffer[at] === OPEN_BRACE && at - line - 1 <= column) return at;
  }
  return -1;
}

function sameOpening(buffer: Buffer, from: number, end: number, key: Uint8Array): number {
  const part = buffer.subarray(0, end);
  const quoted = Buffer.concat([Buffer.of(QUOTE), key, Buffer.of(QUOTE)]);
  for (let at = part.indexOf(quoted, from); at >= 0; at = part.indexOf(quoted, at + 1)) {
    let open = at - 1;
    while (open > from && part[open]! <= 0x20) open--;
    if (open >= from && part[open] === OPEN_BRACE) return open;
  }
  return -1;
}

/** The first key of the object at `at`, as written; null when there is none that can be read. */
export function openingKey(buffer: Buffer, at: number, end: number): Uint8Array | null {
  const start = blanksAfter(buffer, at + 1, end);
  if (buffer[at] !== OPEN_BRACE || buffer[start] !== QUOTE) return null;
  const after = stringAfter(buffer, start, Math.min(end, start + LONGEST_KEY));
  return after < 0 ? null : Uint8Array.prototype.slice.call(buffer, start + 1, after - 1);
}
