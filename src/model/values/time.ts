/**
 * Reads and writes times and durations, for logs, rules and command lines. In: text, bytes or FILETIMEs. Out: microseconds
 * since 1970 UTC (a double holds them exactly), ISO 8601 text, or milliseconds; NaN or null for anything that is not a time.
 * Windows counts in units of 100 ns. The seventh digit of a second does not fit the number, so it is taken from the text.
 */

/** A time in all its digits. */
export interface Instant {
  /** Microseconds since 1970 UTC. */
  readonly timeUs: number;
  /** The seventh digit of the second. */
  readonly hundredNs: number;
}

/** True when `a` is before `b`. False when one of them is no time. */
export function isBefore(a: Instant, b: Instant): boolean {
  return a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.hundredNs < b.hundredNs);
}

/** Seconds from 1601, where FILETIME begins, to 1970. */
const FILETIME_EPOCH_SECONDS = 11_644_473_600;
const TICKS_PER_SECOND = 1e7;
const DAY_SECONDS = 86_400;
/** Seconds from 1970 on. */
const YEAR_10000 = 253_402_300_800;
const DAY_US = DAY_SECONDS * 1e6;
/** .NET writes "no time" as a day in the year 1. No log is as old as this year. */
const FIRST_YEAR = 100;

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/** Days from 1 January of the year 1 to 1970. */
const DAYS_TO_1970 = 719_162;

/** Days since 1970, also negative; NaN for a day that no calendar has (and for NaN). */
export function dayNumber(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > DAYS_OF_MONTH[month - 1]! + (leap && month === 2 ? 1 : 0)) return Number.NaN;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const ofYear = DAYS_BEFORE_MONTH[month - 1]! + (leap && month > 2 ? 1 : 0) + day - 1;
  return before * 365 + leapDays + ofYear - DAYS_TO_1970;
}

/** Year, month (4 bits) and day (5 bits) of days since 1970: Hinnant's `civil_from_days`, with years that start in March. */
export function dateOfDay(day: number): number {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * ofYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return (year << 9) | (month << 5) | (ofYear - Math.floor((153 * march + 2) / 5) + 1);
}

/** A time as it is written, without any conversion. */
export interface WrittenTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** null, like `minute`, when only a date is written. */
  readonly hour: number | null;
  readonly minute: number | null;
  readonly second: number;
  /** The digits after the point: `4185632`. */
  readonly fraction: string;
  /** Minutes east of UTC; null when no zone is written. */
  readonly zone: number | null;
}

/** ISO 8601, and variants that exporters write: a blank instead of T, a comma, no colon in the zone, `UTC`, blanks around it. */
const ISO =
  /^\s*\+?(\d{4,6})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?\s*(?:(Z|UTC)|([+-])(\d\d):?(\d\d))?\s*$/i;

/** null for text that is not an ISO time, and for days and times that do not exist. */
export function readIsoTime(text: string): WrittenTime | null {
  const parts = ISO.exec(text);
  if (parts === null) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (Number.isNaN(dayNumber(year, month, day))) return null;
  const hour = parts[4] === undefined ? null : Number(parts[4]);
  const minute = parts[5] === undefined ? null : Number(parts[5]);
  const second = Number(parts[6] ?? 0);
  // 24:00 is the end of a day and 23:59:60 is a leap second. Both become the next moment.
  if (hour !== null && (hour > 24 || minute! > 59 || second > 60 || (hour === 24 && minute! + second > 0))) return null;
  const east = Number(parts[10] ?? 0) * 60 + Number(parts[11] ?? 0);
  const zone = parts[9] !== undefined ? (parts[9] === '-' ? -east : east) : parts[8] !== undefined ? 0 : null;
  return { year, month, day, hour, minute, second, fraction: parts[7] ?? '', zone };
}

/** First six digits of a fraction. */
function microseconds(fraction: string): number {
  return Number(`${fraction}000000`.slice(0, 6));
}

/** Whole seconds since 1970. */
function writtenSeconds({ year, month, day, hour, minute, second, zone }: WrittenTime): number {
  if (year < FIRST_YEAR) return Number.NaN;
  const minutes = (hour ?? 0) * 60 + (minute ?? 0) - (zone ?? 0);
  return dayNumber(year, month, day) * DAY_SECONDS + minutes * 60 + second;
}

function writtenUs(written: WrittenTime): number {
  return writtenSeconds(written) * 1e6 + microseconds(written.fraction);
}

/** Microseconds of ISO 8601 text, UTC unless it names a zone; NaN for anything else. */
export function isoTimeUs(text: string): number {
  const written = readIsoTime(text);
  return written === null ? Number.NaN : writtenUs(written);
}

/** The form of .NET's serializer: `/Date(1557597503418)/`, sometimes with an offset that does not change the instant. */
const DOTNET = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/;
const NUMBER = /^(-?\d{1,19})(?:\.(\d+))?$/;
/** Larger numbers are not seconds (or milliseconds, or microseconds): the limits are the year 5138 in each unit. */
const LARGEST_SECONDS = 1e11;
const LARGEST_MILLISECONDS = 1e14;
const LARGEST_MICROSECONDS = 1e17;

/** The stamp of Linux' audit log, `audit(1709629582.441:77)`, also without the word: seconds and the number of the event. */
const AUDIT = /^(?:audit\()?(\d{1,11})\.(\d{3}):\d+\)?:?$/;

/** Microseconds of ISO 8601 text, `/Date(ms)/`, an audit stamp, or epoch seconds, milliseconds, microseconds or FILETIME as a number; else NaN. */
export function parseTimeUs(text: string): number {
  const iso = readIsoTime(text);
  if (iso !== null) return writtenUs(iso);
  const dotnet = DOTNET.exec(text);
  if (dotnet !== null) return Number(dotnet[1]) * 1000;
  const number = NUMBER.exec(text.trim()) ?? AUDIT.exec(text.trim());
  return number === null ? Number.NaN : numberUs(number[1]!, number[2] ?? '');
}

function numberUs(whole: string, fraction: string): number {
  const value = Number(whole);
  const size = Math.abs(value);
  if (size < LARGEST_SECONDS) return value * 1e6 + (whole.startsWith('-') ? -1 : 1) * microseconds(fraction);
  if (size < LARGEST_MILLISECONDS) return value * 1000;
  if (size < LARGEST_MICROSECONDS) return value;
  // BigInt, because a double cannot hold all digits of a FILETIME.
  return Number(BigInt(whole) / 10n - BigInt(FILETIME_EPOCH_SECONDS) * 1_000_000n);
}

/** The digit for 100 ns in a written time; 0 when it has none. */
function seventhDigit(text: string): number {
  const iso = readIsoTime(text);
  if (iso !== null) return Number(iso.fraction[6] ?? 0);
  const whole = NUMBER.exec(text.trim())?.[1] ?? '';
  return Number(whole) >= LARGEST_MICROSECONDS ? Number(whole.at(-1)) : 0;
}

/** The last second that was written, in seconds since 1970. Neighbouring records often have the same one. */
let lastSecond = Number.NaN;
let lastSecondText = '';

const two = (number: number): string => String(number).padStart(2, '0');

/** `2019-05-11T17:58:23`, of seconds since 1970. Years beyond 9999 have five digits, as Windows writes them. */
export function secondText(second: number): string {
  if (second === lastSecond) return lastSecondText;
  const day = Math.floor(second / DAY_SECONDS);
  const date = dateOfDay(day);
  const ofDay = second - day * DAY_SECONDS;
  const minutes = Math.floor(ofDay / 60);
  lastSecond = second;
  lastSecondText = `${String(date >> 9).padStart(4, '0')}-${two((date >> 5) & 15)}-${two(date & 31)}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(ofDay % 60)}`;
  return lastSecondText;
}

/** The last year with five digits. No log has later times. */
const LARGEST_US = dayNumber(99_999, 12, 31) * DAY_US;

/** Microseconds since 1970 as `2019-05-11T17:58:23.4185632Z`; `hundredNs` is the seventh digit. '' for NaN. */
export function isoFromUs(timeUs: number, hundredNs = 0): string {
  if (!(Math.abs(timeUs) <= LARGEST_US)) return '';
  const second = Math.floor(timeUs / 1e6);
  return `${secondText(second)}.${String(Math.floor(timeUs - second * 1e6)).padStart(6, '0')}${hundredNs}Z`;
}

/**
 * The last minute that was written, `2019-05-11T17:58:`, and when it began. Most events are in the same minute as their
 * neighbours.
 */
let minuteText = '';
let minuteUs = Number.NaN;

/** True when `text` is exactly this time in full, `2019-05-11T17:58:23.4185632Z`. */
function isInFull(text: string, timeUs: number): boolean {
  if (text.length !== 28 || text.charCodeAt(19) !== DOT || text.charCodeAt(27) !== UPPER_Z) return false;
  if (!text.startsWith(minuteText) || minuteText === '') {
    const minute = text.slice(0, 17);
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:$/.test(minute)) return false;
    minuteText = minute;
    minuteUs = isoTimeUs(`${minute}00Z`);
  }
  let us = 0;
  for (let i = 17; i < 27; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (i === 19) continue;
    if (digit < 0 || digit > 9) return false;
    if (i < 26) us = us * 10 + digit;
  }
  return us < 60e6 && minuteUs + us === timeUs;
}

/**
 * A time in UTC with seven digits. `text` is what the log has, `timeUs` when it was: the two differ where a reader knows the zone
 * that the text leaves out. The digits of the text are kept wherever they belong to that time.
 */
export function isoTime(text: string | null, timeUs: number): string {
  if (text === null) return isoFromUs(timeUs);
  if (isInFull(text, timeUs)) return text;
  const written = readIsoTime(text);
  const digit = seventhDigit(text);
  // After the year 2255 a double no longer holds each microsecond.
  if (written !== null && writtenUs(written) === timeUs) {
    return `${secondText(writtenSeconds(written))}.${`${written.fraction}0000000`.slice(0, 7)}Z`;
  }
  const sameDigits = written === null || microseconds(written.fraction) === timeUs - Math.floor(timeUs / 1e6) * 1e6;
  return isoFromUs(timeUs, sameDigits ? digit : 0);
}

/**
 * Whole seconds since 1970 of a FILETIME, which counts 100 ns ticks since 1601 in two halves of 32 bits. Doubles hold 53 bits, so
 * the upper half is taken apart. 2^32 ticks are 429 s and 4,967,296 ticks. Ten thousand times that are 4,967 s more than ten
 * thousand times 429 s, and 2,960,000 ticks. So every product stays below 2^53.
 */
export function filetimeSeconds(low: number, high: number): number {
  const many = Math.floor(high / 10_000);
  const ticks = many * 2_960_000 + (high - many * 10_000) * 4_967_296 + low;
  return high * 429 + many * 4967 + Math.floor(ticks / TICKS_PER_SECOND) - FILETIME_EPOCH_SECONDS;
}

/** The ticks of 100 ns after the last whole second. */
export function filetimeTicks(low: number, high: number): number {
  const many = Math.floor(high / 10_000);
  return (many * 2_960_000 + (high - many * 10_000) * 4_967_296 + low) % TICKS_PER_SECOND;
}

/**
 * For the short way below: the upper half of the FILETIME of 1970; the length of 2^32 ticks, in microseconds and tenths of one;
 * and the microseconds from the time whose upper half is that of 1970, and whose lower half is 0, to 1970.
 */
const HIGH_1970 = 27_111_902;
const HIGH_US = 429_496_729;
const HIGH_TENTHS = 6;
const LOW_1970_US = 374_031_442;

/**
 * Microseconds since 1970, without the seventh digit. NaN for 0, which means that there is no time, and from the year 10000 on,
 * because no event has such a time.
 */
export function filetimeUs(low: number, high: number): number {
  // A shorter way to the same number for the years 1970 to 2198, in which every product stays below 2^53.
  const since = high - HIGH_1970;
  if (since > 0 && since < 2 ** 24) return since * HIGH_US + Math.floor((high * HIGH_TENTHS + low) / 10) - LOW_1970_US;
  const second = filetimeSeconds(low, high);
  if ((low === 0 && high === 0) || second >= YEAR_10000) return Number.NaN;
  return second * 1e6 + Math.floor(filetimeTicks(low, high) / 10);
}

/** The seventh digit of the second. 2^32 ends with a 6. */
export function filetimeHundredNs(low: number, high: number): number {
  return ((high % 10) * HIGH_TENTHS + (low % 10)) % 10;
}

/** `2019-05-11T17:58:23.4185632Z`, all digits, also of 0. */
export function filetimeText(low: number, high: number): string {
  return `${secondText(filetimeSeconds(low, high))}.${String(filetimeTicks(low, high)).padStart(7, '0')}Z`;
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
 * `isoTimeUs` for bytes in the form of nearly every log, `2019-05-11T17:58:23.4185632Z` (`Z` or no zone). Every event has its
 * own time, so not making a text of it is worthwhile. NaN for any other form, even if it is a time.
 */
export function isoBytesUs(buffer: Uint8Array, start: number, length: number): number {
  if (length < SECONDS_BYTES || length > MOST_BYTES) return Number.NaN;
  const zone = buffer[start + length - 1] === UPPER_Z ? 1 : 0;
  const separator = buffer[start + 10];
  if (buffer[start + 4] !== DASH || buffer[start + 7] !== DASH || (separator !== UPPER_T && separator !== BLANK))
    return Number.NaN;
  if (buffer[start + 13] !== COLON || buffer[start + 16] !== COLON) return Number.NaN;
  // -1 means neither a dot nor digits.
  const digits = length - zone - SECONDS_BYTES - 1;
  if (digits >= 0 && (digits === 0 || buffer[start + SECONDS_BYTES] !== DOT)) return Number.NaN;
  const kept = Math.min(6, Math.max(0, digits));
  let fraction = digitsAt(buffer, start + SECONDS_BYTES + 1, kept);
  for (let i = kept; i < 6; i++) fraction *= 10;
  if (digits > kept && Number.isNaN(digitsAt(buffer, start + SECONDS_BYTES + 1 + kept, digits - kept))) return Number.NaN;
  const year = digitsAt(buffer, start, 4);
  const hour = digitsAt(buffer, start + 11, 2);
  const minute = digitsAt(buffer, start + 14, 2);
  const second = digitsAt(buffer, start + 17, 2);
  // Times such as 24:00 are left to the function for text. The test is also false for NaN.
  if (!(year >= FIRST_YEAR && hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  const day = dayNumber(year, digitsAt(buffer, start + 5, 2), digitsAt(buffer, start + 8, 2));
  return day * DAY_US + ((hour * 60 + minute) * 60 + second) * 1e6 + fraction;
}

/** The seventh digit of a second in such text; 0 where it has fewer, null where the bytes are something else. */
export function isoBytesHundredNs(buffer: Uint8Array, start: number, length: number): number | null {
  if (buffer[start + 4] !== DASH || length < SECONDS_BYTES) return null;
  if (length < SECONDS_BYTES + 8) return 0;
  const digit = digitsAt(buffer, start + SECONDS_BYTES + 7, 1);
  return buffer[start + SECONDS_BYTES] === DOT && !Number.isNaN(digit) ? digit : null;
}

const SECOND_MS = 1000;
/** Case counts: `m` means minutes, `M` months. Months and years have the lengths of pySigma, 30.436875 and 365.2425 days. */
const UNITS_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: 60 * SECOND_MS,
  h: 3600 * SECOND_MS,
  d: DAY_SECONDS * SECOND_MS,
  w: 7 * DAY_SECONDS * SECOND_MS,
  M: 2_629_746 * SECOND_MS,
  y: 31_556_952 * SECOND_MS,
};

/** `9m` or `1h` in milliseconds; null for text that is not a number with a unit. */
export function durationMs(text: string): number | null {
  const parts = /^(\d{1,9})([smhdwMy])$/.exec(text);
  return parts === null ? null : Number(parts[1]) * UNITS_MS[parts[2]!]!;
}
