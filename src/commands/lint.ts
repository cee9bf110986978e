/** `winnow lint`: what is wrong with rules, before any event is seen. */
import { defineCommand, EXIT } from './command.ts';
import { lintFlags } from './flags/lint-flags.ts';

export const command = defineCommand({
  name: 'lint',
  aliases: ['check'],
  summary: 'find what is wrong with rules before they are used',
  description:
    'Reports every error of the rule parser, what the JSON schemas of the specification ask for, what pySigma and the SigmaHQ validators check, and what can be proven without an event: rules that never match, fields that a log source does not have, values that a field cannot hold, duplicates. Comments of the form "# winnow-disable-next-line ID" and a file .winnow.yml leave findings out; docs/lint/ explains each ID.',
  examples: [
    { line: 'winnow lint rules', what: 'a folder of rules' },
    { line: 'winnow lint rules --severity info --sigmahq', what: 'everything, with the conventions of SigmaHQ' },
    { line: 'winnow lint rules --fix', what: 'and correct what can be corrected safely' },
    {
      line: 'winnow lint rules --update-baseline --baseline known.json',
      what: 'take what is there as known; new findings still fail',
    },
    {
      line: 'winnow lint rules --config ci/lint.yml --baseline known.json --fail-on warning --exclude drafts --values values.yml --logsources logsources.yml',
      what: 'with files that say more of the rules; what is known is left out',
    },
    { line: 'winnow lint --changed main rules', what: 'only what a branch has changed' },
    { line: 'winnow lint --explain contradiction', what: 'why a finding matters' },
    { line: 'winnow lint --list', what: 'what there is to be found' },
    {
      line: 'cat rules/whoami.yml | winnow lint - --stdin-path rules/whoami.yml --rules rules --no-color',
      what: 'standard input, as an editor has it',
    },
    { line: 'winnow lint rules --format sarif -o lint.sarif --force', what: 'for code scanning' },
  ],
  operands: [
    { name: 'paths', description: 'rule files and folders of them; - is standard input', required: false, variadic: true },
  ],
  flags: lintFlags,
  settings: 'rules',
  exitCodes: [
    { code: EXIT.done, when: 'nothing new found at or above --fail-on' },
    { code: EXIT.findings, when: 'findings at or above --fail-on' },
    { code: EXIT.ruleUnusable, when: 'a rule was refused by the parser, unless --fail-on never' },
    { code: EXIT.usage, when: 'the command line or a configuration file is wrong' },
    { code: EXIT.input, when: 'no rule was found, or the output could not be written' },
  ],
  load: async () => (await import('./run/lint/run-lint.ts')).runLint,
});
