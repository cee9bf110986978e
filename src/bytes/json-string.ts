// HOT: writes values of events that match.
/** Text as a JSON string, harmless to print, in UTF-8. */
import { HIGH_BITS, plainMarks } from './four-bytes.ts';
import { harmlessJson } from './json-text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** A UTF-16 unit takes at most six bytes, `\\u0000`; quotes; and what is stored at once. */
const BYTES_PER_UNIT = 6;
const BYTES_MORE = 2 + 16;
/** Shorter texts are read unit by unit: asking the runtime for their bytes takes longer. */
const SHORT_UNITS = 40;
/** Where the bytes of the text are put first, behind `text.length`: what is written, at most twice as long, does not reach them. */
const AHEAD = 10;

/** Per ASCII character: 1 as it is, 0 not here, else the letter behind the backslash. */
const ESCAPES = new Uint8Array(256).fill(1, 0x20, 0x7f);
for (const [character, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr', '""', '\\\\']) {
  ESCAPES[character!.charCodeAt(0)] = letter!.charCodeAt(0);
}

/** Room that {@link encodeJsonString} wants. */
export function jsonStringBytes(text: string): number {
  return text.length * BYTES_PER_UNIT + BYTES_MORE;
}

/** Writes `text` at `start` of `buffer`, of which `view` is a view; returns where it ends. */
export function encodeJsonString(text: string, buffer: Buffer, view: DataView, start: number): number {
  const end = text.length <= SHORT_UNITS ? encodeShort(text, buffer, start) : encodeLong(text, buffer, view, start);
  if (end < 0) return start + buffer.write(harmlessJson(JSON.stringify(text)), start);
  buffer[end] = QUOTE;
  return end + 1;
}

/** Returns where the text ends; -1 when a character is not plain. */
function encodeShort(text: string, buffer: Buffer, start: number): number {
  let at = start;
  buffer[at++] = QUOTE;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    at = unit < 128 ? encodeByte(buffer, at, unit) : -1;
    if (at < 0) return -1;
  }
  return at;
}

function encodeLong(text: string, buffer: Buffer, view: DataView, start: number): number {
  let from = start + text.length + AHEAD;
  const end = from + buffer.write(text, from);
  let at = start;
  buffer[at++] = QUOTE;
  for (; from + 4 <= end; from += 4) {
    const four = view.getInt32(from, true);
    if (((four | plainMarks(four)) & HIGH_BITS) === 0) {
      view.setInt32(at, four, true);
      at += 4;
      continue;
    }
    for (let i = 0; i < 4; i++) {
      at = encodeByte(buffer, at, buffer[from + i]!);
      if (at < 0) return -1;
    }
  }
  for (; from < end; from++) {
    at = encodeByte(buffer, at, buffer[from]!);
    if (at < 0) return -1;
  }
  return at;
}

/** Returns where the next begins; -1 when the byte is no plain character. */
function encodeByte(buffer: Buffer, start: number, byte: number): number {
  const letter = ESCAPES[byte]!;
  if (letter === 0) return -1;
  if (letter === 1) {
    buffer[start] = byte;
    return start + 1;
  }
  buffer[start] = BACKSLASH;
  buffer[start + 1] = letter;
  return start + 2;
}
