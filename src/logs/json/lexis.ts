// HOT: once per word of every JSON record.
/** What strings, numbers and words of JSON look like in bytes. In: bytes. Out: where a token or a value ends, and its form. */
import { MORE } from '../text/outcome.ts';
import { JSON_NULL, PLAIN, unescapeJson } from '../text/text-value.ts';

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const LF = 0x0a;
const MINUS = 0x2d;
const ZERO = 0x30;

/** By byte: 1 if it occurs in numbers, true, false and null. */
const IS_WORD = new Uint8Array(256);
for (const char of '0123456789+-.eEtrufalsn') IS_WORD[char.charCodeAt(0)] = 1;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The position after the number, true, false or null that starts at `start`. */
export function wordEnd(buffer: Buffer, start: number): number {
  let at = start;
  while (IS_WORD[buffer[at]!] === 1) at++;
  return at;
}

/** The form (`text-value.ts`) of a number or word; -1 when it is not a valid one. */
export function wordForm(buffer: Buffer, start: number, end: number): number {
  const first = buffer[start] === MINUS ? start + 1 : start;
  if (first >= end) return -1;
  let at = first;
  while (at < end && buffer[at]! >= ZERO && buffer[at]! <= 0x39) at++;
  if (at === end && (buffer[first] !== ZERO || end - first === 1)) return PLAIN;
  const word = buffer.toString('latin1', start, end);
  if (word === 'null') return JSON_NULL;
  return word === 'true' || word === 'false' || NUMBER.test(word) ? PLAIN : -1;
}

/** True when there is an odd number of backslashes directly before `at`. */
export function isEscaped(buffer: Buffer, start: number, at: number): boolean {
  let before = at;
  while (before > start && buffer[before - 1] === BACKSLASH) before--;
  return ((at - before) & 1) === 1;
}

/** The position after the string that starts at `at`, or MORE. */
export function stringAfter(buffer: Buffer, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    if (buffer[i] === BACKSLASH) i++;
    else if (buffer[i] === QUOTE) return i + 1;
  }
  return MORE;
}

/** The position after the value that starts at `at`, or MORE. The value need not be well-formed. */
export function valueAfter(buffer: Buffer, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const byte = buffer[i]!;
    if (byte === QUOTE) {
      const after = stringAfter(buffer, i, end);
      if (after < 0) return MORE;
      i = after - 1;
      if (depth === 0) return after;
    } else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return i;
      depth--;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && (byte === 0x2c || byte <= 0x20)) return i;
  }
  return MORE;
}

export function blanksAfter(buffer: Buffer, at: number, end: number): number {
  let i = at;
  while (i < end && buffer[i]! <= 0x20) i++;
  return i;
}

export function keyText(buffer: Buffer, at: number, after: number): string {
  return unescapeJson(buffer.toString('utf8', at + 1, after - 1));
}
