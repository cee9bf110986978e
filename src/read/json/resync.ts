/** Where the next record begins after one that could not be read. */
import { blanksAfter } from './wrapper.ts';

const LF = 0x0a;
const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;

export interface Landmarks {
  /** Bytes between the line's start and the record's `{`, of the last good record. */
  readonly column: number;
  /** The key that the last good record opens with; null when there was none. */
  readonly key: Uint8Array | null;
}

/**
 * The first record start at or after `from`: a line that has its `{` in the same column as the record before; in a file
 * without lines, the next object that opens with the same key. -1: none.
 */
export function resync(buffer: Buffer, from: number, end: number, { column, key }: Landmarks): number {
  for (let line = buffer.indexOf(LF, from); line >= 0 && line < end; line = buffer.indexOf(LF, line + 1)) {
    const at = blanksAfter(buffer, line + 1, end);
    if (at < end && buffer[at] === OPEN_BRACE && at - line - 1 === column) return at;
  }
  return key === null ? -1 : sameOpening(buffer, from, end, Buffer.from(key));
}

function sameOpening(buffer: Buffer, from: number, end: number, key: Buffer): number {
  const quoted = Buffer.concat([Buffer.of(QUOTE), key, Buffer.of(QUOTE)]);
  for (let at = buffer.indexOf(quoted, from); at >= 0 && at + quoted.length <= end; at = buffer.indexOf(quoted, at + 1)) {
    let open = at - 1;
    while (open > from && buffer[open]! <= 0x20) open--;
    if (open >= from && buffer[open] === OPEN_BRACE) return open;
  }
  return -1;
}
