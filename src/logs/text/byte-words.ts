// HOT: every byte of a value of a text log passes here.
/**
 * Finds the end of a value in steps of four bytes, and whether the value has bytes that need decoding. In: a view that may be
 * read up to 8 bytes beyond `end` (see `Carry`). Out: a position; at or beyond `end` it means that the value does not end here.
 * A result with a flag is one number, so that nothing is allocated: twice the position, plus one when the flag is set.
 */
import { HIGH_BITS } from '../../bytes/four-bytes.ts';

/** A byte that is searched for, repeated in all four places of a word. */
const QUOTE = 0x22222222;
const LESS_THAN = 0x3c3c3c3c;
const AMPERSAND = 0x26262626;
const CARRIAGE_RETURN = 0x0d0d0d0d;
export const BACKSLASH = 0x5c5c5c5c;
const ONES = 0x01010101;

/**
 * Sets the high bit of each byte that is zero. Bits above the lowest one set may be wrong because of a borrow; the lowest is
 * always right. So "none" and "the first" are exact, and so is "any before the first of another kind".
 */
function zeros(word: number): number {
  return (word - ONES) & ~word & HIGH_BITS;
}

/** All bits below the lowest one set. */
function below(bits: number): number {
  return (bits - 1) & ~bits;
}

/** The byte (0-3) at which a result of {@link below} stops. */
function byteOf(mask: number): number {
  return (25 - Math.clz32(mask)) >> 3;
}

/** The number of bytes of a word before the first `wanted` byte (given in all four places); 4 when there is none. */
export function bytesBefore(word: number, wanted: number): number {
  const found = zeros(word ^ wanted);
  return found === 0 ? 4 : byteOf(below(found));
}

/** Marks the bytes of a word that are `&` or a carriage return. */
function oddBytes(word: number): number {
  return zeros(word ^ AMPERSAND) | zeros(word ^ CARRIAGE_RETURN);
}

/**
 * The result for the word at `at`: where its first stop is. The flag is set if it was set before or an odd byte stands before
 * the stop.
 */
function endAt(at: number, stop: number, flagged: number, odd: number): number {
  const mask = below(stop);
  return ((at + byteOf(mask)) << 1) | ((flagged | (odd & mask)) === 0 ? 0 : 1);
}

/** The end of XML text from `start` up to its `<`. The flag: it has `&` or a carriage return. */
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

/**
 * The end of an attribute's value from `start`: at its `quote` (a byte), or at a `<`, which is an error. The flag: it has `&` or
 * a carriage return.
 */
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

/** The first quote at or after `start`; `end` or beyond when there is none before `end`. */
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
