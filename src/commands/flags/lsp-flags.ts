/** The flags of `winnow lsp`. */
import { listFlag, switchFlag, valueFlag } from './flag.ts';
import { RULES, ruleContextFlags } from './shared/shared-flags.ts';

export const lspFlags = {
  rules: listFlag({
    ...RULES,
    description: 'further rules that others refer to, and that have their ids and titles already',
    fallbackText: 'the folders of the workspace',
    examples: ['rules/windows'],
  }),
  values: ruleContextFlags.values,
  logsources: ruleContextFlags.logsources,
  config: valueFlag({
    group: 'Rules',
    placeholder: 'FILE',
    description: 'configuration of lint',
    fallbackText: 'the nearest winnow.yml of each file',
    examples: ['winnow.yml'],
  }),
  stdio: switchFlag({ group: 'Connection', description: 'stdin and stdout, which are always used; editors pass it' }),
};

export type LspFlags = typeof lspFlags;
