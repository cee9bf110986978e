/** The flags of `winnow explain`. */
import { choiceFlag, inGroup, listFlag, valueFlag } from './flag.ts';
import { scanFlags } from './scan-flags.ts';
import { parseCount, parseWhole } from './shared/flag-values.ts';
import { colourFlags, configFlags, FORMAT, RULES, ruleContextFlags } from './shared/shared-flags.ts';

const MAX_NEAR = 1000;

export const explainFlags = {
  ...inGroup('Record', {
    record: valueFlag<number>({
      perRun: true,
      placeholder: 'ID',
      description: 'explain the records with this EventRecordID',
      examples: ['12345'],
      rejects: ['first'],
      parse: parseWhole,
    }),
    index: valueFlag<number>({
      perRun: true,
      placeholder: 'N',
      description: 'explain the record at this position in its log, from 0',
      examples: ['0', '41'],
      rejects: ['-1'],
      parse: parseWhole,
    }),
    near: valueFlag<number>({
      placeholder: 'N',
      fallback: 5,
      description: 'without a record: show so many matches and nearest misses',
      examples: ['5'],
      rejects: ['0'],
      parse: parseCount(MAX_NEAR),
    }),
  }),

  rules: listFlag({
    ...RULES,
    description:
      'rule file, folder or zip archive of rules that a correlation refers to, or that RULE is an id, name or title of',
    fallbackText: 'the folder of the rule',
    examples: ['rules/windows'],
  }),
  ...ruleContextFlags,

  archivePassword: scanFlags.archivePassword,

  format: choiceFlag({
    ...FORMAT,
    choices: ['text', 'json'],
    fallback: 'text',
    description: 'how the explanation is written',
  }),
  ...colourFlags,
  ...configFlags,
};

export type ExplainFlags = typeof explainFlags;
