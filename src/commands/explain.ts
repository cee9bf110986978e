/** `winnow explain`: why a rule matches an event, or does not. */
import { UsageError } from '../model/errors.ts';
import { defineCommand, EXIT } from './command.ts';
import { choiceFlag, listFlag, valueFlag } from './flags/flag.ts';
import { parseCount } from './flags/flag-values.ts';
import { colourFlags, ruleContextFlags } from './flags/shared-flags.ts';

const MAX_NEAR = 1000;

const flags = {
  record: valueFlag<number>({
    group: 'Record',
    placeholder: 'ID',
    description: 'explain the records with this EventRecordID',
    examples: ['12345'],
    rejects: ['first'],
    parse: parseWhole,
  }),
  index: valueFlag<number>({
    group: 'Record',
    placeholder: 'N',
    description: 'explain the record at this position in its log, from 0',
    examples: ['0', '41'],
    rejects: ['-1'],
    parse: parseWhole,
  }),
  near: valueFlag<number>({
    group: 'Record',
    placeholder: 'N',
    fallback: 5,
    description: 'without a record: show so many matches and nearest misses',
    examples: ['5'],
    rejects: ['0'],
    parse: parseCount(MAX_NEAR),
  }),

  rules: listFlag({
    group: 'Rules',
    short: 'r',
    placeholder: 'PATH',
    description:
      'rule file, folder or zip archive of rules that a correlation refers to, or that RULE is an id, name or title of',
    fallbackText: 'the folder of the rule',
    aliases: ['sigma', 's'],
    examples: ['rules/windows'],
  }),
  ...ruleContextFlags,

  format: choiceFlag({
    group: 'Output',
    short: 'f',
    placeholder: 'FORMAT',
    choices: ['text', 'json'],
    fallback: 'text',
    description: 'how the explanation is written',
  }),
  ...colourFlags,
};

export type ExplainFlags = typeof flags;

function parseWhole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError('Write a whole number from 0.');
  return Number(text);
}

export const command = defineCommand({
  name: 'explain',
  aliases: [],
  summary: 'say why a rule matches an event, or does not',
  description:
    'Shows the log source first, then the condition as a tree with true or false per part, the value seen against the value wanted, and for a miss the smallest reason (log source, field absent, case, value, filter, window). Without a record it shows the matches and the nearest misses of a log; for a correlation it says which of its rules found nothing, or how far apart they were.',
  examples: [
    { line: 'winnow explain rules/whoami.yml Security.evtx', what: 'the matches and the nearest misses of a log' },
    { line: 'winnow explain rules/whoami.yml Security.evtx --record 4711', what: 'one record by its EventRecordID' },
    { line: 'winnow explain -r sigma/rules e2482f8d-3443-4237-b906-cc145d87a076 logs', what: 'a rule by its id' },
    { line: 'winnow explain rules/sequence.yml Sysmon.evtx', what: 'why a correlation did not fire' },
  ],
  operands: [
    { name: 'rule', description: 'rule file, or with -r the id, name or title of a rule', required: true, variadic: false },
    { name: 'logs', description: 'log files and folders of them', required: true, variadic: true },
  ],
  flags,
  exitCodes: [
    { code: EXIT.done, when: 'explained, whether the rule matches or not' },
    { code: EXIT.ruleUnusable, when: 'the rule was refused' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong, or there is no such rule' },
    { code: EXIT.input, when: 'a log could not be read, no event was read, or there is no such record' },
    { code: EXIT.interrupted, when: 'interrupted' },
  ],
  async run(context, args) {
    const { runExplain } = await import('./run/run-explain.ts');
    return runExplain(context, args);
  },
});
