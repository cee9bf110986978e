/** The flags of `winnow debug`. */
import { listFlag, valueFlag } from './flag.ts';
import { parseWhole } from './shared/flag-values.ts';

export const debugFlags = {
  rules: listFlag({
    group: 'Rules',
    short: 'r',
    placeholder: 'PATH',
    description: 'rule file, folder or zip archive of rules',
    fallbackText: 'none',
    aliases: ['sigma', 's'],
    examples: ['rules'],
  }),
  index: valueFlag<number>({
    group: 'Record',
    placeholder: 'N',
    fallback: 0,
    description: 'show the record at this position in its log, from 0',
    examples: ['0', '41'],
    rejects: ['-1', 'first'],
    parse: parseWhole,
  }),
};

export type DebugFlags = typeof debugFlags;
