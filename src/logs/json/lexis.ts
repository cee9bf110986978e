// HOT: once per word of every JSON record.
/** What strings, numbers and words of JSON look like in bytes. In: bytes. Out: where a token ends, and its form. */
import { JSON_NULL, PLAIN } from '../text/text-value.ts';

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
