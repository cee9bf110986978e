/** The flags of `winnow dump`. */

import { choiceFlag, switchFlag, valueFlag } from './flag.ts';
import { eventFlags } from './shared/event-flags.ts';
import { configFlags } from './shared/shared-flags.ts';

export const dumpFlags = {
  ...eventFlags,
  format: choiceFlag({
    group: 'Output',
    short: 'f',
    placeholder: 'FORMAT',
    choices: ['jsonl', 'xml', 'csv'],
    fallback: 'jsonl',
    description: 'JSON Lines in the shape of evtx_dump, Event XML, or a table',
  }),
  output: valueFlag({
    perRun: true,
    group: 'Output',
    short: 'o',
    placeholder: 'FILE',
    description: 'write to this file; it appears whole or not at all',
    examples: ['events.jsonl'],
  }),
  force: switchFlag({ perRun: true, group: 'Output', description: 'replace the output file if it exists' }),
  ...configFlags,
};

export type DumpFlags = typeof dumpFlags;
