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
    if (new Date(ms).getUTCDate() !== +day! || +year! < 100) return Number.NaN;
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
