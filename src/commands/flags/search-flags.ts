/** The flags of `winnow search`. */

import { choiceFlag, switchFlag, valueFlag } from './flag.ts';
import { eventFlags } from './shared/event-flags.ts';
import { parseCount } from './shared/flag-values.ts';
import { colourFlags, configFlags, FORMAT } from './shared/shared-flags.ts';

const MAX_CONTEXT = 1000;

export const searchFlags = {
  regex: switchFlag({ group: 'Search', short: 'e', description: 'WHAT is a regular expression of JavaScript' }),
  field: switchFlag({ group: 'Search', short: 'F', description: 'WHAT is FIELD=VALUE: the whole value, with wildcards * and ?' }),
  caseSensitive: switchFlag({ group: 'Search', description: 'case matters', knownAs: ['cased'] }),
  context: valueFlag<number>({
    group: 'Search',
    short: 'C',
    placeholder: 'N',
    fallback: 0,
    description: 'also show so many records before and after each hit in its log',
    examples: ['3'],
    rejects: ['0', 'all'],
    parse: parseCount(MAX_CONTEXT),
  }),
  ...eventFlags,
  format: choiceFlag({
    ...FORMAT,
    choices: ['text', 'jsonl', 'count'],
    fallback: 'text',
    description: 'lines for reading, an object per event, or the number of hits alone',
  }),
  ...colourFlags,
  ...configFlags,
};

export type SearchFlags = typeof searchFlags;
