/** The flags of `winnow logons`. */

import { choiceFlag, switchFlag, valueFlag } from './flag.ts';
import { eventFlags } from './shared/event-flags.ts';
import { parseCount } from './shared/flag-values.ts';
import { configFlags, FORMAT } from './shared/shared-flags.ts';

const MAX_TOP = 1_000_000;

export const logonsFlags = {
  from: eventFlags.from,
  to: eventFlags.to,
  computer: eventFlags.computer,
  user: eventFlags.user,
  sessions: switchFlag({ group: 'Output', description: 'also list each session, with its length where its end was logged' }),
  top: valueFlag<number>({
    group: 'Output',
    placeholder: 'N',
    fallback: 50,
    description: 'show so many lines of each table',
    examples: ['200'],
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

export type LogonsFlags = typeof logonsFlags;
