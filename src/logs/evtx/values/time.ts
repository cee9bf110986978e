/**
 * FILETIME: 100 ns ticks since 1601, 64 bits. Doubles hold 53, so ticks are split into seconds and a rest: 2^32 ticks are
 * 429 s and 4,967,296 ticks, and every product below stays under 2^53 for any 64-bit value that is a date.
 */

/** Seconds from 1601 to 1970. */
const EPOCH_SECONDS = 11_644_473_600;
/** Seconds from 1970 on. */
const YEAR_10000 = 253_402_300_800;
const TICKS_PER_SECOND = 1e7;

let cachedSecond = Number.NaN;
let cachedText = '';

/**
 * Microseconds since 1970 UTC; the seventh digit is dropped. NaN for 0, which says that there is no time, and from the year 10000
 * on, which no event is of.
 */
export function filetimeUs(low: number, high: number): number {
  const ticks = high * 4_967_296 + low;
  const carried = Math.floor(ticks / TICKS_PER_SECOND);
  const seconds = high * 429 + carried - EPOCH_SECONDS;
  if ((low === 0 && high === 0) || seconds >= YEAR_10000) return Number.NaN;
  return seconds * 1e6 + Math.floor((ticks - carried * TICKS_PER_SECOND) / 10);
}

/** `2019-05-11T17:58:23.4185632Z`. */
export function filetimeText(low: number, high: number): string {
  const ticks = high * 4_967_296 + low;
  const carried = Math.floor(ticks / TICKS_PER_SECOND);
  const fraction = ticks - carried * TICKS_PER_SECOND;
  return `${secondText(high * 429 + carried - EPOCH_SECONDS)}.${String(fraction).padStart(7, '0')}Z`;
}

/** `2019-05-11T17:58:23`, of seconds since 1970. Neighbouring records share their second. */
export function secondText(second: number): string {
  if (second === cachedSecond) return cachedText;
  const date = new Date(second * 1000);
  // Year 10000 and later would print with a sign and six digits; FILETIME allows years up to 60055.
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString();
  cachedSecond = second;
  cachedText = text.startsWith('+') ? text.slice(0, 22) : text.slice(0, 19);
  return cachedText;
}
