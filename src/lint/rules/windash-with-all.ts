import { detectionText, selectionText } from '../examples.ts';
import { itemName } from '../facts/items.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'windash-with-all',
  severity: 'info',
  summary: '`windash` and `all` stand together.',
  why:
    'winnow and the specification keep the spellings of one value together as alternatives, also below `all`. Older versions of ' +
    'pySigma and several backends want all spellings at once, and the rule never matches there.',
  aliases: ['WindowsDashCombinedWithAllModifierIssue'],
  avoid: selectionText(`CommandLine|windash|contains|all:
    - ' -user'
    - ' -priv'`),
  prefer: detectionText(`selection_user:
    CommandLine|windash|contains: ' -user'
selection_priv:
    CommandLine|windash|contains: ' -priv'
condition: all of selection_*`),
  checkItem(item, report) {
    if (!item.modifiers.includes('windash') || item.linking !== 'all') return;
    report({
      at: item.span,
      message: `other tools read "${itemName(item)}" as: every spelling at once.`,
      hint: 'Use one selection per value and `all of`.',
    });
  },
};
