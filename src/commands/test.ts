/** `winnow test`: rules against the events that they must find, and those that they must not. */
import { UsageError } from '../model/errors.ts';
import { testFormatNames } from '../testing/formats/names.generated.ts';
import { defineCommand, EXIT } from './command.ts';
import { choiceFlag, listFlag, switchFlag, valueFlag } from './flags/flag.ts';
import { colourFlags, ruleContextFlags } from './flags/shared-flags.ts';

const MAX_HITS = 1_000_000;

const flags = {
  rules: listFlag({
    group: 'Rules',
    short: 'r',
    placeholder: 'PATH',
    description: 'rule file, folder or zip archive of rules that tests name by id, and that correlations refer to',
    fallbackText: 'the rules beside the tests',
    aliases: ['sigma', 's'],
    examples: ['rules/windows'],
  }),
  ...ruleContextFlags,

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
    parse: parseHits,
  }),

  format: choiceFlag({
    group: 'Output',
    short: 'f',
    placeholder: 'FORMAT',
    choices: testFormatNames,
    fallback: 'text',
    description: 'how outcomes are written',
    knownAs: ['output-format'],
  }),
  output: valueFlag({
    group: 'Output',
    short: 'o',
    placeholder: 'FILE',
    description: 'write to this file',
    examples: ['tests.xml'],
  }),
  force: switchFlag({ group: 'Output', description: 'replace the output file if it exists', knownAs: ['clobber'] }),
  coverage: switchFlag({ group: 'Output', description: 'list rules without a test and selections that held in none' }),
  verbose: switchFlag({ group: 'Output', short: 'v', description: 'also list the tests that passed' }),
  ...colourFlags,

  requireTests: switchFlag({ group: 'Exit code', description: 'exit with 1 if a rule has no test' }),
};

export type TestFlags = typeof flags;

/** A whole number from 0. */
function parseHits(text: string): number {
  const hits = Number(text);
  if (!/^\d+$/.test(text) || hits > MAX_HITS) throw new UsageError(`Write a whole number from 0 to ${MAX_HITS}.`);
  return hits;
}

export const command = defineCommand({
  name: 'test',
  aliases: [],
  summary: 'run the tests of rules',
  description:
    'Runs NAME.test.yml files (events inline or a log, whether the rule must match and on which records; correlations too) and the info.yml files of SigmaHQ regression data. --baseline runs every rule over logs without an attack. A failed test says the smallest reason. No test found is a failure.',
  examples: [
    { line: 'winnow test rules', what: 'the tests beside a folder of rules' },
    { line: 'winnow test rules --coverage --require-tests', what: 'and which rules and selections lack one' },
    { line: 'winnow test sigma/regression_data -r sigma', what: 'the regression tests of SigmaHQ' },
    { line: 'winnow test rules --baseline goodlogs --max-hits 2', what: 'with a budget of false positives' },
    { line: 'winnow test rules --format junit -o tests.xml', what: 'for a CI server' },
  ],
  operands: [{ name: 'paths', description: 'test files and folders of tests and rules', required: true, variadic: true }],
  flags,
  exitCodes: [
    { code: EXIT.done, when: 'every test passed' },
    { code: EXIT.findings, when: 'a test failed, no test was found, or a rule has none with --require-tests' },
    { code: EXIT.ruleUnusable, when: 'a rule under test could not be used, or a test file is wrong' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong' },
    { code: EXIT.input, when: 'the output could not be written' },
    { code: EXIT.interrupted, when: 'interrupted; what was written is valid' },
  ],
  async run(context, args) {
    const { runTest } = await import('./run/run-test.ts');
    return runTest(context, args);
  },
});
