/** The flags of `winnow debug`. */
import { listFlag, valueFlag } from './flag.ts';
import { parseWhole } from './shared/flag-values.ts';
import { RULES } from './shared/shared-flags.ts';

export const debugFlags = {
  rules: listFlag({
    ...RULES,
    description: 'rule file, folder or zip archive of rules',
    fallbackText: 'none',
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
