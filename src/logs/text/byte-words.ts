// HOT: every byte of a value of a text log passes here.
/**
 * Finds the end of a value four bytes a step, and whether it holds bytes that need decoding. In: a view whose bytes may be
 * read up to 8 beyond `end` (see `Carry`). Out: a position; at or beyond `end` it means that the value does not end here.
 * With a flag: both in one number, so that nothing is allocated: twice the position, plus one when the flag is set.
 */
import { HIGH_BITS } from '../../bytes/four-bytes.ts';

/** A byte that is looked for, in all four places of a word. */
const QUOTE = 0x22222222;
const LESS_THAN = 0x3c3c3c3c;
const AMPERSAND = 0x26262626;
const CARRIAGE_RETURN = 0x0d0d0d0d;
export const BACKSLASH = 0x5c5c5c5c;
const ONES = 0x01010101;

/**
 * The high bit of each byte that is zero. Bits above the lowest one set may be wrong (a borrow), the lowest never is: so
 * "none" and "the first" are exact, and so is "any below the first of another".
 */
function zeros(word: number): number {
  return (word - ONES) & ~word & HIGH_BITS;
}

/** All bits below the lowest one set. */
function below(bits: number): number {
  return (bits - 1) & ~bits;
}

/** Which byte a value of {@link below} stops at, 0-3. */
function byteOf(mask: number): number {
  return (25 - Math.clz32(mask)) >> 3;
}

/** Bytes of a word before the first that is the `wanted` one, a byte in all four places; 4 when none is. */
export function bytesBefore(word: number, wanted: number): number {
  const found = zeros(word ^ wanted);
  return found === 0 ? 4 : byteOf(below(found));
}

/** What `&` or a carriage return marks in a word. */
function oddBytes(word: number): number {
  return zeros(word ^ AMPERSAND) | zeros(word ^ CARRIAGE_RETURN);
}

/** The result for the word at `at`: where its first stop is, and whether a byte was odd before (`flagged`) or is in front of it. */
function endAt(at: number, stop: number, flagged: number, odd: number): number {
  const mask = below(stop);
  return ((at + byteOf(mask)) << 1) | ((flagged | (odd & mask)) === 0 ? 0 : 1);
}

/** XML text from `start` to its `<`; the flag: `&` or a carriage return. */
export function xmlTextEnd(view: DataView, start: number, end: number): number {
  let flagged = 0;
  let at = start;
  for (; at < end; at += 4) {
    const word = view.getInt32(at, true);
    const stop = zeros(word ^ LESS_THAN);
    const odd = oddBytes(word);
    if (stop !== 0) return endAt(at, stop, flagged, odd);
    flagged |= odd;
  }
  return at << 1;
}

/** An attribute's value from `start` to its `quote` (the byte) or to a `<`, which is none; the flag: `&` or a carriage return. */
export function xmlAttributeEnd(view: DataView, start: number, end: number, quote: number): number {
  const quotes = Math.imul(quote, ONES);
  let flagged = 0;
  let at = start;
  for (; at < end; at += 4) {
    const word = view.getInt32(at, true);
    const stop = zeros(word ^ quotes) | zeros(word ^ LESS_THAN);
    const odd = oddBytes(word);
    if (stop !== 0) return endAt(at, stop, flagged, odd);
    flagged |= odd;
  }
  return at << 1;
}

/** The first quote at or after `start`; `end` or beyond when there is none before. */
export function quoteAt(view: DataView, start: number, end: number): number {
  let at = start;
  for (; at < end; at += 8) {
    const low = zeros(view.getInt32(at, true) ^ QUOTE);
    const high = zeros(view.getInt32(at + 4, true) ^ QUOTE);
    if ((low | high) !== 0) return low !== 0 ? at + byteOf(below(low)) : at + 4 + byteOf(below(high));
  }
  return at;
}

/** True when a backslash stands in [start, end). */
export function hasBackslash(view: DataView, start: number, end: number): boolean {
  let at = start;
  for (; at + 4 <= end; at += 4) if (zeros(view.getInt32(at, true) ^ BACKSLASH) !== 0) return true;
  for (; at < end; at++) if (view.getUint8(at) === (BACKSLASH & 0xff)) return true;
  return false;
}

/** True when every byte in [start, end) is below 0x80. */
export function isAscii(view: DataView, start: number, end: number): boolean {
  let all = 0;
  let at = start;
  for (; at + 8 <= end; at += 8) all |= view.getInt32(at, true) | view.getInt32(at + 4, true);
  for (; at < end; at++) all |= view.getUint8(at);
  return (all & HIGH_BITS) === 0;
}
