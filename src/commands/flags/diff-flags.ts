/** The flags of `winnow diff`. */
import { choiceFlag, switchFlag } from './flag.ts';
import { configFlags, FORMAT, outputFlags, ruleContextFlags } from './shared/shared-flags.ts';

export const diffFlags = {
  ...ruleContextFlags,
  format: choiceFlag({
    ...FORMAT,
    choices: ['text', 'markdown', 'json'],
    fallback: 'text',
    description: 'how the comparison is written; markdown is for pull requests',
    knownAs: ['output-format'],
  }),
  ...outputFlags('diff.md'),
  exitCode: switchFlag({ group: 'Exit code', description: 'exit with 1 if a rule may find something else, or does on the logs' }),
  ...configFlags,
};

export type DiffFlags = typeof diffFlags;
