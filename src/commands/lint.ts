/** `winnow lint`: what is wrong with rules, before any event is seen. */
import { lintFormatNames } from '../lint/formats/names.generated.ts';
import { defineCommand, EXIT } from './command.ts';
import { choiceFlag, listFlag, switchFlag, valueFlag } from './flags/flag.ts';
import { colourFlags } from './flags/shared-flags.ts';

const flags = {
  format: choiceFlag({
    group: 'Output',
    short: 'f',
    placeholder: 'FORMAT',
    choices: lintFormatNames,
    fallback: 'text',
    description: 'how findings are written',
    knownAs: ['output-format'],
  }),
  output: valueFlag({
    group: 'Output',
    short: 'o',
    placeholder: 'FILE',
    description: 'write to this file',
    examples: ['lint.sarif'],
  }),
  force: switchFlag({ group: 'Output', description: 'replace the output file if it exists', knownAs: ['clobber'] }),
  severity: choiceFlag({
    group: 'Output',
    placeholder: 'SEVERITY',
    choices: ['error', 'warning', 'info'],
    fallback: 'warning',
    description: 'show findings of this severity and above',
  }),
  ...colourFlags,

  fix: switchFlag({
    group: 'Checks',
    description: 'correct what is shown and can be corrected without changing what a rule matches',
  }),
  sigmahq: switchFlag({ group: 'Checks', description: 'also ask for the conventions of the SigmaHQ repository' }),
  config: valueFlag({
    group: 'Checks',
    short: 'c',
    placeholder: 'FILE',
    description: 'configuration of lint, or a validator configuration of pySigma',
    fallbackText: 'the nearest .winnow.yml',
    examples: ['.winnow.yml'],
  }),
  values: listFlag({
    group: 'Checks',
    placeholder: 'FILE',
    description: 'YAML file of values (name: list) for placeholders of the expand modifier',
    examples: ['values.yml'],
  }),
  logsources: listFlag({
    group: 'Checks',
    placeholder: 'FILE',
    description: 'YAML file that adds or overrides log sources and field maps',
    examples: ['logsources.yml'],
  }),

  failOn: choiceFlag({
    group: 'Exit code',
    placeholder: 'SEVERITY',
    choices: ['error', 'warning', 'info', 'never'],
    fallback: 'error',
    description: 'exit with 1 on a finding of this severity or above',
    aliases: ['fail-level'],
  }),
};

export type LintFlags = typeof flags;

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
    { line: 'winnow lint rules --format sarif -o lint.sarif', what: 'for code scanning' },
  ],
  operands: [{ name: 'paths', description: 'rule files and folders of them', required: true, variadic: true }],
  flags,
  exitCodes: [
    { code: EXIT.done, when: 'nothing found at or above --fail-on' },
    { code: EXIT.findings, when: 'findings at or above --fail-on' },
    { code: EXIT.ruleUnusable, when: 'a rule was refused by the parser' },
    { code: EXIT.usage, when: 'the command line or a configuration file is wrong' },
    { code: EXIT.input, when: 'no rule was found, or the output could not be written' },
  ],
  async run(context, args) {
    const { runLint } = await import('./run/run-lint.ts');
    return runLint(context, args);
  },
});
