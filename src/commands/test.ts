/** `winnow test`: runs rules on events that they must match, and on events that they must not. */
import { defineCommand, EXIT } from './command.ts';
import { testFlags } from './flags/test-flags.ts';

export const command = defineCommand({
  name: 'test',
  summary: 'run the tests of rules',
  description:
    'Runs NAME.test.yml files (events inline or a log, whether the rule must match and on which records; correlations too) and the info.yml files of SigmaHQ regression data. --baseline runs every rule over logs without an attack. A failed test says the smallest reason. No test found is a failure.',
  examples: [
    { line: 'winnow test rules', what: 'the tests beside a folder of rules' },
    { line: 'winnow test rules --coverage --require-tests --min-coverage 50', what: 'and which rules and selections lack one' },
    { line: 'winnow test sigma/regression_data -r sigma/rules', what: 'the regression tests of SigmaHQ' },
    { line: 'winnow test rules --baseline goodlogs --max-hits 2', what: 'with a budget of false positives' },
    {
      line: 'winnow test --init rules/whoami.yml --from attack.evtx --record 41837',
      what: 'write a test from a record that matches',
    },
    { line: 'winnow test rules --watch', what: 'again after each change, while rules are written' },
    { line: 'winnow test rules --mutate', what: 'which changes of the rules no test would notice' },
    { line: 'winnow test rules --format junit -o tests.xml --force', what: 'for a CI server' },
    { line: 'winnow test rules --run binding', what: 'tests with a word in their names' },
    { line: 'winnow test drafts --verbose --pass-with-no-tests', what: 'each test; none is no failure' },
  ],
  operands: [{ name: 'paths', description: 'test files and folders of tests and rules', required: false, variadic: true }],
  flags: testFlags,
  settings: 'rules',
  exitCodes: [
    { code: EXIT.done, when: 'every test passed' },
    {
      code: EXIT.findings,
      when: 'a test failed, no test was found, a rule has none with --require-tests, too little was covered, or a change went unnoticed',
    },
    { code: EXIT.ruleUnusable, when: 'a rule under test could not be used, or a test file is wrong' },
    { code: EXIT.usage, when: 'the command line or a file that it names is wrong' },
    { code: EXIT.input, when: 'the output could not be written' },
    { code: EXIT.interrupted, when: 'interrupted; what was written is valid' },
  ],
  load: async () => (await import('./run/run-test.ts')).runTest,
});
