/** Parsers of flag values that several verbs use. Each refuses a wrong value and says what it expects. */

import { UsageError } from '../../../model/errors.ts';
import { durationMs, isoTimeUs } from '../../../model/values/time.ts';

export interface TimeSpan {
  /** The length as the user wrote it: `9m`. */
  readonly text: string;
  readonly ms: number;
}

/** A longer window is a typing error, and would need too much memory. */
const MAX_SPAN_MS = 366 * 86_400_000;

/** Accepts `9m`, `90s`, `1h`, `2d`, `1w`; `0` means none. */
export function parseTimeSpan(text: string): TimeSpan {
  if (text === '0') return { text, ms: 0 };
  const ms = /[smhdw]$/.test(text) ? durationMs(text) : null;
  if (ms === null) throw new UsageError('Write a number and a unit (s, m, h, d or w), as 9m, or 0 for none.');
  if (ms > MAX_SPAN_MS) throw new UsageError('The longest span is 366d.');
  return { text, ms };
}

/** A whole number from 0. */
export function parseWhole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError('Write a whole number from 0.');
  return Number(text);
}

const RELATIVE = /^-?(\d{1,6}[smhdw])$/;
const US_PER_DAY = 86_400e6;

/** Like {@link parseTime}, but a date alone means the last microsecond of its day. */
export function parseEndTime(text: string): number {
  return parseTime(text) + (/^\d{4}-\d\d-\d\d$/.test(text) ? US_PER_DAY - 1 : 0);
}

/**
 * ISO 8601, in UTC unless it names a zone. A date alone means its midnight. `7d` or `-7d` means that long before now. In
 * microseconds since 1970.
 */
export function parseTime(text: string, nowMs = Date.now()): number {
  const span = RELATIVE.exec(text)?.[1];
  if (span !== undefined) return (nowMs - parseTimeSpan(span).ms) * 1000;
  const timeUs = isoTimeUs(text);
  if (Number.isNaN(timeUs))
    throw new UsageError('Write ISO 8601 in UTC, as 2019-05-11T17:58:00 or 2019-05-11, or a span before now, as 7d.');
  return timeUs;
}

/** A whole number from `least` to `max`. */
export function parseCount(max: number, least = 1): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < least || count > max)
      throw new UsageError(`Write a whole number from ${least} to ${max}.`);
    return count;
  };
}
