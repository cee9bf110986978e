/**
 * Parts of timestamps, for `minute hour day week month year`. The digits are used as written, without converting them to
 * another time zone. A text that is not a timestamp does not match.
 */

import { compareDecimals, holds } from '../../../model/values/decimal.ts';
import { dateOfDay, dayNumber, readIsoTime, type WrittenTime } from '../../../model/values/time.ts';
import type { Modifier } from '../modifier.ts';
import { type CompareArgument, numberOf } from './compare.ts';

/** Digits of a timestamp; `hour` and `minute` are null when only a date is written. */
export type Timestamp = Pick<WrittenTime, 'year' | 'month' | 'day' | 'hour' | 'minute'>;

/** The ISO 8601 week, 1 to 53. A week belongs to the year in which its Thursday lies. */
export function isoWeek({ year, month, day }: Timestamp): number {
  const date = dayNumber(year, month, day);
  // 1 January 1970 was a Thursday.
  const weekday = (((date + 3) % 7) + 7) % 7;
  const thursday = date + 3 - weekday;
  const firstDay = dayNumber(dateOfDay(thursday) >> 9, 1, 1);
  return 1 + Math.floor((thursday - firstDay) / 7);
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
        const timestamp = readIsoTime(text);
        const number = timestamp === null ? null : part(timestamp);
        return number !== null && holds[operator](compareDecimals(String(number), value));
      };
    },
  };
}
