import { selectionText } from '../examples.ts';
import { itemName } from '../facts/items.ts';
import type { LintRule } from '../lint-rule.ts';
import { literalOf } from '../logic/pattern.ts';

export const lintRule: LintRule = {
  id: 'all-without-contains',
  severity: 'warning',
  summary: '`all` asks for one field to equal several values.',
  why: 'A field has one value and cannot equal two. With `contains`, `startswith`, `endswith` or `re` each text can be a part of it.',
  aliases: ['invalid_modifier_combinations', 'InvalidModifierCombinationsValidator', 'AllWithoutContainsModifierIssue'],
  avoid: selectionText(
    `cs-method|all:
    - GET
    - POST`,
    'logsource:\n    category: webserver',
  ),
  prefer: selectionText(
    `cs-uri-query|contains|all:
    - whoami
    - cmd=`,
    'logsource:\n    category: webserver',
  ),
  checkItem(item, report) {
    if (item.field === null || item.field === 'Data' || item.linking !== 'all' || item.values.length < 2) return;
    if (!item.values.every((value) => value.pattern.kind === 'number' || literalOf(value.pattern) !== undefined)) return;
    report({
      at: item.span,
      message: `"${itemName(item)}" wants the field to equal ${item.values.length} values at once.`,
      hint: 'Did you mean `contains|all`?',
    });
  },
};
