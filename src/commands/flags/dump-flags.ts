/** The flags of `winnow dump`. */

import { choiceFlag } from './flag.ts';
import { eventFlags } from './shared/event-flags.ts';
import { configFlags, FORMAT, outputFlags } from './shared/shared-flags.ts';

export const dumpFlags = {
  ...eventFlags,
  format: choiceFlag({
    ...FORMAT,
    choices: ['jsonl', 'xml', 'csv'],
    fallback: 'jsonl',
    description: 'JSON Lines in the shape of evtx_dump, Event XML, or a table',
  }),
  ...outputFlags('events.jsonl', 'write to this file; it appears whole or not at all'),
  ...configFlags,
};

export type DumpFlags = typeof dumpFlags;
