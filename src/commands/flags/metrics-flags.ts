/** The flags of `winnow metrics`. */

import { choiceFlag, valueFlag } from './flag.ts';
import { eventFlags } from './shared/event-flags.ts';
import { parseCount } from './shared/flag-values.ts';
import { configFlags, FORMAT } from './shared/shared-flags.ts';

const MAX_TOP = 100_000;

export const metricsFlags = {
  ...eventFlags,
  top: valueFlag<number>({
    group: 'Output',
    placeholder: 'N',
    fallback: 30,
    description: 'show so many EventIDs and computers, the most frequent first',
    examples: ['100'],
    rejects: ['0'],
    parse: parseCount(MAX_TOP),
  }),
  format: choiceFlag({
    ...FORMAT,
    choices: ['text', 'jsonl'],
    fallback: 'text',
    description: 'tables for reading, or all of it as JSON Lines',
  }),
  ...configFlags,
};

export type MetricsFlags = typeof metricsFlags;
