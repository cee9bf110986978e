// HOT: writes values of events that match.
/** Writes text as a JSON string in UTF-8 that is harmless to print. */
import { HIGH_BITS, plainMarks } from './four-bytes.ts';
import { harmlessJson } from './json-text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** A UTF-16 unit takes at most six bytes, as in `\\u0000`. The quotes, and bytes that are stored at once, are added. */
const BYTES_PER_UNIT = 6;
const BYTES_MORE = 2 + 16;
/** Shorter texts are read unit by unit, because asking the runtime for their bytes takes longer. */
const SHORT_UNITS = 40;
/**
 * The bytes of the text are first put this far behind `text.length`. The output is at most twice as long as the text, so it
 * never reaches bytes that are still to be read.
 */
const AHEAD = 10;

/** For each ASCII character: 1 if it is written as it is, 0 if it is not handled here, else the letter after the backslash. */
const ESCAPES = new Uint8Array(256).fill(1, 0x20, 0x7f);
for (const [character, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr', '""', '\\\\']) {
  ESCAPES[character!.charCodeAt(0)] = letter!.charCodeAt(0);
}

/** How many bytes of room {@link encodeJsonString} needs. */
export function jsonStringBytes(text: string): number {
  return text.length * BYTES_PER_UNIT + BYTES_MORE;
}

/** Writes `text` at `start` of `buffer`; `view` is a view of the same memory. Returns the end. */
export function encodeJsonString(text: string, buffer: Buffer, view: DataView, start: number): number {
  const end = text.length <= SHORT_UNITS ? encodeShort(text, buffer, start) : encodeLong(text, buffer, view, start);
  if (end < 0) return start + buffer.write(harmlessJson(JSON.stringify(text)), start);
  buffer[end] = QUOTE;
  return end + 1;
}

/** Returns the end of the text; -1 when a character is not plain. */
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

/** Returns the place after the character; -1 when the byte is not a plain character. */
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
