/** The flags of `winnow lint`. */
import { lintFormatNames } from '../../lint/formats/names.generated.ts';
import { choiceFlag, inGroup, listFlag, switchFlag, valueFlag } from './flag.ts';
import { colourFlags, FORMAT, outputFlags, ruleContextFlags } from './shared/shared-flags.ts';

export const lintFlags = {
  ...inGroup('Output', {
    format: choiceFlag({
      ...FORMAT,
      choices: lintFormatNames,
      fallback: 'text',
      description: 'how findings are written',
      knownAs: ['output-format'],
    }),
    ...outputFlags('lint.sarif'),
    severity: choiceFlag({
      placeholder: 'SEVERITY',
      choices: ['error', 'warning', 'info'],
      fallback: 'warning',
      description: 'show findings of this severity and above',
    }),
  }),
  ...colourFlags,

  ...inGroup('Checks', {
    fix: switchFlag({
      perRun: true,
      description: 'correct the findings that are shown, where that does not change what a rule matches',
    }),
    sigmahq: switchFlag({ description: 'also ask for the conventions of the SigmaHQ repository' }),
    config: valueFlag({
      perRun: true,
      short: 'c',
      placeholder: 'FILE',
      description: 'configuration of lint, or a validator configuration of pySigma',
      fallbackText: 'the nearest .winnow.yml of what is linted',
      examples: ['.winnow.yml'],
    }),
    rules: listFlag({
      short: 'r',
      placeholder: 'PATH',
      description: 'rules that the linted ones refer to and are compared with; nothing is said about them',
      examples: ['rules'],
    }),
    exclude: listFlag({
      placeholder: 'GLOB',
      description: 'do not read files of this name or path',
      examples: ['vendor/**'],
    }),
    changed: valueFlag({
      perRun: true,
      placeholder: 'BASE',
      alone: 'HEAD',
      description: 'only files that git calls changed since the branch left this commit',
      examples: ['main'],
    }),
    stdinPath: valueFlag({
      perRun: true,
      placeholder: 'PATH',
      description: 'the path that standard input (-) stands for',
      examples: ['rules/a.yml'],
    }),
    baseline: valueFlag({
      placeholder: 'FILE',
      description: 'leave out the findings that this file knows',
      fallbackText: 'the nearest .winnow-baseline.json',
      examples: ['.winnow-baseline.json'],
    }),
    updateBaseline: switchFlag({
      perRun: true,
      description: 'write all findings to the baseline, and end with 0',
    }),
    values: ruleContextFlags.values,
    logsources: ruleContextFlags.logsources,
  }),

  list: switchFlag({ perRun: true, group: 'Help', description: 'list what lint can find, and lint nothing' }),
  explain: valueFlag({
    perRun: true,
    group: 'Help',
    placeholder: 'ID',
    description: 'say why a finding matters and what to write instead',
    examples: ['contradiction'],
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
