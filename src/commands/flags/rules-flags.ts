/** The flags of `winnow rules`: those of `winnow scan` that choose rules. */
import { choiceFlag } from './flag.ts';
import { scanFlags } from './scan-flags.ts';
import { configFlags, FORMAT, ruleContextFlags } from './shared/shared-flags.ts';

const { rules, level, minLevel, status, tag, id, rule, excludeRule, excludeTag, excludeLevel, excludeStatus, tune } = scanFlags;

export const rulesFlags = {
  rules,
  ...{ level, minLevel, status, tag, id, rule, excludeRule, excludeTag, excludeLevel, excludeStatus, tune },
  ...ruleContextFlags,
  format: choiceFlag({
    ...FORMAT,
    choices: ['text', 'list', 'jsonl', 'navigator'],
    fallback: 'text',
    description: 'numbers, a line for each selected rule, an object for every rule, or a layer for the ATT&CK Navigator',
  }),
  ...configFlags,
};

export type RulesFlags = typeof rulesFlags;
