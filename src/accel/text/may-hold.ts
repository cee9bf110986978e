// HOT: called for most values of every event of a text log.
/**
 * Checks whether a value, as it is written, may hold a text of a filter, without making a string of it
 * (`model/values/text-filter.ts`). Reads up to 8 bytes beyond the value.
 */
import { HIGH_BITS, swapInner } from '../../bytes/four-bytes.ts';
import { BACKSLASH, bytesBefore, isAscii } from '../../logs/text/byte-words.ts';
import { JSON_ESCAPED, PLAIN, XML_ESCAPED } from '../../logs/text/text-value.ts';
import { hasQuad, type TextFilter } from '../../model/values/text-filter.ts';

const AMP = 0x26;
const SEMICOLON = 0x3b;
const CR = 0x0d;
const LF = 0x0a;

/** Receives values with their escapes undone. A longer value is assumed to hold anything. */
const scratch = Buffer.alloc((32 << 10) + 8);
const scratchView = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);
const LONGEST = scratch.length - 8;

/** By the byte after a backslash: the character that both stand for; 0 for an escape that is not undone here. */
const JSON_ESCAPES = new Uint8Array(256);
for (const [letter, byte] of Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, '"': 0x22, '\\': 0x5c, '/': 0x2f }))
  JSON_ESCAPES[letter.charCodeAt(0)] = byte;

/** References that are undone here; the longest is `&quot;`. */
const XML_NAMES: ReadonlyMap<string, number> = new Map([
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['quot', 0x22],
  ['apos', 0x27],
]);
const LONGEST_NAME = 4;

/** False when it is certain that the value holds none of the filter's texts. `form` is one of `text-value.ts`. */
export function mayHold(
  buffer: Buffer,
  view: DataView,
  start: number,
  length: number,
  form: number,
  filter: TextFilter,
): boolean {
  if (form === PLAIN) return hasOne(view, start, length, filter) || !isAscii(view, start, start + length);
  if (length > LONGEST) return true;
  let undone = -1;
  if (form === JSON_ESCAPED) undone = undoJson(view, start, start + length);
  else if (form === XML_ESCAPED) undone = undoXml(buffer, start, start + length);
  return undone < 0 || hasOne(scratchView, 0, undone, filter);
}

/** Whether ASCII text may hold one of the filter's texts. */
function hasOne(view: DataView, start: number, length: number, filter: TextFilter): boolean {
  const { quads, shift, size, mask, step } = filter;
  const last = start + length - size;
  for (let at = start; at <= last; at += step) {
    // The filter stores quads with the second and third character swapped.
    const quad = swapInner(view.getInt32(at, true));
    if (hasQuad(quads, quad & mask, shift)) return true;
  }
  return false;
}

/**
 * Writes the text without its escapes to `scratch`. Returns its length; -1 when it is not ASCII or has an escape not known here.
 */
function undoJson(view: DataView, start: number, end: number): number {
  let length = 0;
  let all = 0;
  let at = start;
  while (at < end) {
    const word = view.getInt32(at, true);
    scratchView.setInt32(length, word, true);
    const plain = bytesBefore(word, BACKSLASH);
    at += plain;
    length += plain;
    if (plain === 4) {
      all |= word;
      continue;
    }
    all |= word & ((1 << (plain * 8)) - 1);
    if (at >= end) break;
    const byte = JSON_ESCAPES[view.getUint8(at + 1)]!;
    if (byte === 0) return -1;
    scratch[length++] = byte;
    at += 2;
  }
  // Bytes after the end may have been copied too; they are not counted.
  return (all & HIGH_BITS) === 0 ? length - (at - end) : -1;
}

/** Does the same for XML text or an attribute's value. */
function undoXml(buffer: Buffer, start: number, end: number): number {
  let length = 0;
  let all = 0;
  for (let at = start; at < end; at++) {
    let byte = buffer[at]!;
    if (byte === AMP) {
      let semicolon = at + 1;
      while (semicolon - at - 1 <= LONGEST_NAME && buffer[semicolon] !== SEMICOLON) semicolon++;
      byte = XML_NAMES.get(buffer.toString('latin1', at + 1, semicolon)) ?? 0;
      if (byte === 0) return -1;
      at = semicolon;
    } else if (byte === CR) {
      byte = LF;
      if (buffer[at + 1] === LF) at++;
    }
    all |= byte;
    scratch[length++] = byte;
  }
  return all > 0x7f ? -1 : length;
}
