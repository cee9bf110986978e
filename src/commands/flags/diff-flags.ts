/** The flags of `winnow diff`. */
import { choiceFlag, switchFlag, valueFlag } from './flag.ts';
import { configFlags, ruleContextFlags } from './shared/shared-flags.ts';

export const diffFlags = {
  ...ruleContextFlags,
  format: choiceFlag({
    group: 'Output',
    short: 'f',
    placeholder: 'FORMAT',
    choices: ['text', 'markdown', 'json'],
    fallback: 'text',
    description: 'how the comparison is written; markdown is for pull requests',
    knownAs: ['output-format'],
  }),
  output: valueFlag({
    perRun: true,
    group: 'Output',
    short: 'o',
    placeholder: 'FILE',
    description: 'write to this file',
    examples: ['diff.md'],
  }),
  force: switchFlag({ perRun: true, group: 'Output', description: 'replace the output file if it exists', knownAs: ['clobber'] }),
  exitCode: switchFlag({ group: 'Exit code', description: 'exit with 1 if a rule may find something else, or does on the logs' }),
  ...configFlags,
};

export type DiffFlags = typeof diffFlags;
