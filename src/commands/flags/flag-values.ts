/** Parsers of flag values that several verbs take. Each refuses with what it expects. */
import { UsageError } from '../../model/errors.ts';

export interface TimeSpan {
  /** As given: `9m`. */
  readonly text: string;
  readonly ms: number;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** A window beyond this is a typing error; memory would have to hold it. */
const MAX_SPAN_MS = 366 * 86_400_000;

/** `9m`, `90s`, `1h`, `2d`, `1w`; `0` is none. */
export function parseTimeSpan(text: string): TimeSpan {
  if (text === '0') return { text, ms: 0 };
  const parts = /^(\d+)([smhdw])$/.exec(text);
  if (parts === null) throw new UsageError('Write a number and a unit (s, m, h, d or w), as 9m, or 0 for none.');
  const ms = Number(parts[1]) * (UNIT_MS[parts[2] ?? ''] ?? 0);
  if (ms > MAX_SPAN_MS) throw new UsageError('The longest span is 366d.');
  return { text, ms };
}

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/** ISO 8601, UTC unless it names another zone; a date alone is its midnight. In microseconds since 1970. */
export function parseTime(text: string): number {
  const parts = TIME.exec(text);
  const fraction = /\.(\d+)/.exec(parts?.[3] ?? '')?.[1] ?? '';
  const seconds = (parts?.[3] ?? ':00').slice(0, 3);
  const ms =
    parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2] ?? '00:00'}${seconds}${(parts[4] ?? 'Z').toUpperCase()}`);
  // `2019-02-30` rolls over to March in some engines: what was read must be what was written.
  const date = parts?.[1] ?? '';
  const rolled =
    Number.isNaN(Date.parse(`${date}T00:00:00Z`)) || new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date;
  if (Number.isNaN(ms) || rolled) throw new UsageError('Write ISO 8601 in UTC, as 2019-05-11T17:58:00 or 2019-05-11.');
  return ms * 1000 + Number(`${fraction}000000`.slice(0, 6));
}

/** A whole number from 1 to `max`. */
export function parseCount(max: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < 1 || count > max) throw new UsageError(`Write a whole number from 1 to ${max}.`);
    return count;
  };
}
