/** The flags of `winnow lint`. */
import { lintFormatNames } from '../../lint/formats/names.generated.ts';
import { choiceFlag, listFlag, switchFlag, valueFlag } from './flag.ts';
import { colourFlags } from './shared-flags.ts';

export const lintFlags = {
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
    fallbackText: 'the nearest .winnow.yml of what is linted',
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

export type LintFlags = typeof lintFlags;
