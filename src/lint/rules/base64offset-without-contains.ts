import { selectionText } from '../examples.ts';
import { itemName } from '../facts/items.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'base64offset-without-contains',
  severity: 'warning',
  summary: '`base64offset` stands without `contains`.',
  why: '`base64offset` gives the pieces of encoded text that do not depend on what stands around them. Such a piece is part of a value, hardly ever the whole one.',
  aliases: ['Base64OffsetWithoutContainsModifierIssue'],
  avoid: selectionText("CommandLine|base64offset: 'whoami'"),
  prefer: selectionText("CommandLine|base64offset|contains: 'whoami'"),
  checkItem(item, report) {
    if (!item.modifiers.includes('base64offset') || item.modifiers.includes('contains')) return;
    report({
      at: item.span,
      message: `"${itemName(item)}" compares the whole field with a piece of base64.`,
      hint: 'Add `|contains` at the end.',
    });
  },
};
