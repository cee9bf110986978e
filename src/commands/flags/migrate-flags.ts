/** The flags of `winnow migrate`. */
import { UsageError } from '../../model/errors.ts';
import { durationMs } from '../../model/values/time.ts';
import { switchFlag, valueFlag } from './flag.ts';

export const migrateFlags = {
  write: switchFlag({
    group: 'Output',
    short: 'w',
    description: 'rewrite the files instead of printing a diff',
    knownAs: ['in-place'],
  }),
  timespan: valueFlag({
    group: 'Rules',
    placeholder: 'TIME',
    description: 'over how long rules count that have no timeframe; without it they stay as they are',
    examples: ['1h'],
    parse: parseTimespan,
  }),
};

function parseTimespan(text: string): string {
  if (durationMs(text)) return text;
  throw new UsageError(`"${text}" is not a timespan. Write a number and a unit: 5m, 1h, 7d.`);
}

export type MigrateFlags = typeof migrateFlags;
