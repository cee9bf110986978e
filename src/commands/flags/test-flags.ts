/** The flags of `winnow test`. */
import { UsageError } from '../../model/errors.ts';
import { testFormatNames } from '../../testing/formats/names.generated.ts';
import { choiceFlag, inGroup, listFlag, switchFlag, valueFlag } from './flag.ts';
import { parseCount } from './shared/flag-values.ts';
import { colourFlags, configFlags, FORMAT, outputFlags, RULES, ruleContextFlags } from './shared/shared-flags.ts';

const MAX_HITS = 1_000_000;

export const testFlags = {
  rules: listFlag({
    ...RULES,
    description: 'rule file, folder or zip archive of rules that tests name by id, and that correlations refer to',
    fallbackText: 'the rules beside the tests',
    examples: ['rules/windows'],
  }),
  ...ruleContextFlags,

  ...inGroup('Tests', {
    run: listFlag({
      placeholder: 'TEXT',
      description: 'only tests in whose name, or in that of their rule, this text stands',
      examples: ['agent'],
    }),
    watch: switchFlag({
      short: 'w',
      description: 'run again whenever a rule, a test or a log of one changes, until interrupted',
    }),
    mutate: switchFlag({
      description: 'also change each rule in small ways and list the changes that no test notices',
    }),
    init: valueFlag({
      perRun: true,
      placeholder: 'RULE',
      description: 'write a test of this rule file from a record of --from, instead of running any',
      examples: ['rules/whoami.yml'],
    }),
    from: valueFlag({
      perRun: true,
      placeholder: 'LOG',
      description: 'the log that --init takes its record from',
      examples: ['log.evtx'],
    }),
    record: valueFlag({
      perRun: true,
      placeholder: 'N',
      description: 'the EventRecordID of that record (for --init)',
      fallbackText: 'the first record on which the rule matches',
      examples: ['1234'],
      rejects: ['x'],
      parse: parseRecord,
    }),
  }),

  baseline: valueFlag({
    group: 'Baseline',
    placeholder: 'DIR',
    description: 'logs without an attack; a rule that hits more often than --max-hits fails',
    examples: ['goodlogs'],
  }),
  maxHits: valueFlag({
    group: 'Baseline',
    placeholder: 'N',
    fallback: 0,
    description: 'hits that each rule may have in the baseline',
    examples: ['0', '3'],
    rejects: ['-1', 'many'],
    parse: parseCount(MAX_HITS, 0),
  }),

  format: choiceFlag({
    ...FORMAT,
    choices: testFormatNames,
    fallback: 'text',
    description: 'how outcomes are written',
    knownAs: ['output-format'],
  }),
  ...outputFlags('tests.xml'),
  coverage: switchFlag({ group: 'Output', description: 'list rules without a test and selections that held in none' }),
  verbose: switchFlag({ group: 'Output', short: 'v', description: 'also list the tests that passed' }),
  ...colourFlags,

  passWithNoTests: switchFlag({ group: 'Exit code', description: 'end with 0 where there is no test at all' }),
  minCoverage: valueFlag({
    group: 'Exit code',
    placeholder: 'PERCENT',
    description: 'exit with 1 if fewer selections have held in a test',
    examples: ['80'],
    rejects: ['0', '101', 'all'],
    parse: parseCount(100),
  }),
  requireTests: switchFlag({ group: 'Exit code', description: 'exit with 1 if a rule has no test' }),
  ...configFlags,
};

export type TestFlags = typeof testFlags;

function parseRecord(text: string): string {
  if (!/^\d{1,20}$/.test(text)) throw new UsageError('Write the number of a record.');
  return text;
}
