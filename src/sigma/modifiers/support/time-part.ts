/**
 * Parts of timestamps, for `minute hour day week month year`. The digits count as they are written: nothing is converted
 * to another time zone.
 */
import { compareDecimals } from '../../../model/decimal.ts';
import type { Modifier } from '../modifier.ts';
import { type CompareArgument, holds, numberOf } from './compare.ts';

export interface Timestamp {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** null, as `minute`, when only a date is written. */
  readonly hour: number | null;
  readonly minute: number | null;
}

/** ISO 8601 and the variants that Windows and exporters write: `2019-05-11 01:02:03.340`, `...T01:02:03.4185632Z`. */
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::\d\d(?:[.,]\d{1,9})?)?\s?(?:[Zz]|UTC|[+-]\d\d:?\d\d)?)?$/;

/** null when the text is not a timestamp. */
export function parseTimestamp(text: string): Timestamp | null {
  const parts = TIMESTAMP.exec(text);
  if (parts === null) return null;
  const [year, month, day] = parts.slice(1, 4).map(Number) as [number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  if (parts[4] === undefined) return { year, month, day, hour: null, minute: null };
  const [hour, minute] = [Number(parts[4]), Number(parts[5])];
  return hour > 23 || minute > 59 ? null : { year, month, day, hour, minute };
}

/** ISO 8601 week of the year, 1 to 53: the week belongs to the year that its Thursday is in. */
export function isoWeek({ year, month, day }: Timestamp): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = date.getTime() + (3 - weekday) * 86_400_000;
  const firstDay = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday - firstDay) / (7 * 86_400_000));
}

/** A modifier that compares one part of the field's timestamp with a number; `lt lte gt gte` may follow. */
export function timePartModifier(name: string, part: (timestamp: Timestamp) => number | null): Modifier {
  return {
    name,
    summary: `the ${name} of the timestamp in the field`,
    first: 'of values',
    apply(draft, context) {
      const value = numberOf(draft, context, name);
      if (typeof value !== 'string') return value;
      const argument: CompareArgument = { operator: 'eq', value };
      return { ...draft, pattern: { kind: 'test', modifier: name, argument } };
    },
    compileTest(argument) {
      const { operator, value } = argument as CompareArgument;
      return (text) => {
        const timestamp = parseTimestamp(text);
        const number = timestamp === null ? null : part(timestamp);
        return number !== null && holds(operator, compareDecimals(String(number), value));
      };
    },
  };
}
