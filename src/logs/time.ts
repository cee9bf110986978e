/** Time text -> microseconds since 1970 UTC. In: what exporters write. Out: a number, NaN for what is no time. */

const ISO = /^\s*(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?\s*$/i;
/** .NET's serializer: `/Date(1557597503418)/`, sometimes with an offset that does not change the instant. */
const DOTNET = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;
const NUMBER = /^(-?\d{1,19})(?:\.(\d+))?$/;
/** Where numbers stop being seconds, milliseconds, microseconds: 5138 AD in each unit. */
const LARGEST_SECONDS = 1e11;
const LARGEST_MILLISECONDS = 1e14;
const LARGEST_MICROSECONDS = 1e17;
/** Seconds between 1601 (FILETIME) and 1970. */
const FILETIME_EPOCH_SECONDS = 11_644_473_600;

/** First six digits of a fraction; Windows writes up to nine, the model keeps microseconds. */
function microseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(`${fraction}000000`.slice(0, 6));
}

/** Minutes east of UTC; 0 for `Z` and for text without a zone. */
function zoneMinutes(zone: string | undefined): number {
  const parts = zone === undefined ? null : /^([+-])(\d\d):?(\d\d)$/.exec(zone);
  if (parts === null) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3]);
  return parts[1] === '-' ? -minutes : minutes;
}

function numberUs(whole: string, fraction: string | undefined): number {
  const value = Number(whole);
  const size = Math.abs(value);
  if (size < LARGEST_SECONDS) return value * 1e6 + (whole.startsWith('-') ? -1 : 1) * microseconds(fraction);
  if (size < LARGEST_MILLISECONDS) return value * 1000;
  if (size < LARGEST_MICROSECONDS) return value;
  // FILETIME: 100 ns since 1601. BigInt, because the digits do not fit a double.
  return Number(BigInt(whole) / 10n) - FILETIME_EPOCH_SECONDS * 1e6;
}

/**
 * Microseconds since 1970 UTC of ISO 8601 text (a missing zone means UTC), `/Date(ms)/`, or epoch seconds, milliseconds,
 * microseconds or FILETIME as a number; NaN for anything else.
 */
export function parseTimeUs(text: string): number {
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction, zone] = iso;
    const ms = Date.UTC(+year!, +month! - 1, +day!, +(hour ?? 0), +(minute ?? 0), +(second ?? 0));
    // Date.UTC rolls 31 June over into July and reads the years 0-99 as 1900-1999: neither is what was written.
    const date = new Date(Date.UTC(+year!, +month! - 1, +day!));
    if (date.getUTCDate() !== +day! || date.getUTCMonth() !== +month! - 1 || +year! < 100) return Number.NaN;
    return (ms - zoneMinutes(zone) * 60_000) * 1000 + microseconds(fraction);
  }
  const dotnet = DOTNET.exec(text);
  if (dotnet !== null) return Number(dotnet[1]) * 1000;
  const number = NUMBER.exec(text.trim());
  return number === null ? Number.NaN : numberUs(number[1]!, number[2]);
}

/** True for ISO text that names its zone, or needs none because it is UTC by the schema: shown as it is written. */
export function isIsoTime(text: string): boolean {
  return ISO.test(text);
}

const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;
const UPPER_T = 0x54;
const UPPER_Z = 0x5a;
const BLANK = 0x20;
/** `2019-05-11T17:58:23` and a fraction of up to nine digits. */
const SECONDS_BYTES = 19;
const MOST_BYTES = SECONDS_BYTES + 1 + 9 + 1;
const DAY_US = 24 * 3600 * 1e6;
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/** By the sum below. */
const DAYS_TO_1970 = 719_527;

/** The number of `count` digits at `at`, NaN when there is another byte. */
function digitsAt(buffer: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = buffer[i]! - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * `parseTimeUs` of bytes in the form that nearly every log has, `2019-05-11T17:58:23.4185632Z` (`Z` or no zone): every event
 * has a time of its own, so that it pays to make no text of it. NaN for any other form, which says nothing about whether it is a time.
 */
export function isoBytesUs(buffer: Uint8Array, start: number, length: number): number {
  if (length < SECONDS_BYTES || length > MOST_BYTES) return Number.NaN;
  const zone = buffer[start + length - 1] === UPPER_Z ? 1 : 0;
  const separator = buffer[start + 10];
  if (buffer[start + 4] !== DASH || buffer[start + 7] !== DASH || (separator !== UPPER_T && separator !== BLANK))
    return Number.NaN;
  if (buffer[start + 13] !== COLON || buffer[start + 16] !== COLON) return Number.NaN;
  // -1: neither a dot nor digits.
  const digits = length - zone - SECONDS_BYTES - 1;
  if (digits >= 0 && (digits === 0 || buffer[start + SECONDS_BYTES] !== DOT)) return Number.NaN;
  const kept = Math.min(6, Math.max(0, digits));
  let fraction = digitsAt(buffer, start + SECONDS_BYTES + 1, kept);
  for (let i = kept; i < 6; i++) fraction *= 10;
  if (digits > kept && Number.isNaN(digitsAt(buffer, start + SECONDS_BYTES + 1 + kept, digits - kept))) return Number.NaN;
  const hour = digitsAt(buffer, start + 11, 2);
  const minute = digitsAt(buffer, start + 14, 2);
  const second = digitsAt(buffer, start + 17, 2);
  const dayUs = dayUsAt(buffer, start);
  // 24:00 and 23:59:60 roll over where they are text; leave them to it.
  return hour > 23 || minute > 59 || second > 59 ? Number.NaN : dayUs + ((hour * 60 + minute) * 60 + second) * 1e6 + fraction;
}

/** Microseconds of midnight; NaN for a day that no calendar has. */
function dayUsAt(buffer: Uint8Array, start: number): number {
  const year = digitsAt(buffer, start, 4);
  const month = digitsAt(buffer, start + 5, 2);
  const day = digitsAt(buffer, start + 8, 2);
  // Also false for NaN.
  if (!(year >= 100 && month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > DAYS_OF_MONTH[month - 1]! + (leap && month === 2 ? 1 : 0)) return Number.NaN;
  // Days of whole years since 1 January of year 0, then of whole months.
  const before = year - 1;
  const years = year * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const days = years + DAYS_BEFORE_MONTH[month - 1]! + (leap && month > 2 ? 1 : 0) + day - 1;
  return (days - DAYS_TO_1970) * DAY_US;
}
