/** Where the next record begins after one that could not be read. */
import { blanksAfter } from './wrapper.ts';

const LF = 0x0a;
const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;

export interface Landmarks {
  /** Bytes between a line's start and the `{` of the record on it. */
  readonly column: number;
  /** The key that the last good record opens with; null when there was none. */
  readonly key: Uint8Array | null;
}

/**
 * The first record start at or after `from`: a line that has its `{` no further to the right than the records before, or an
 * object that opens with the same key as they do. -1: none.
 */
export function resync(buffer: Buffer, from: number, end: number, { column, key }: Landmarks): number {
  const line = lineStart(buffer, from, end, column);
  const same = key === null || key.length === 0 ? -1 : sameOpening(buffer, from, line < 0 ? end : line, key);
  return same < 0 ? line : same;
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
