import { selectionText } from '../examples.ts';
import { correction, renameKey } from '../facts/edits.ts';
import { itemName } from '../facts/items.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'all-with-single-value',
  severity: 'warning',
  summary: 'The modifier `all` stands over a single value.',
  why: 'Of one value all is one. The specification forbids it, and some tools refuse such rules; often a list was meant.',
  aliases: ['sigmahq_invalid_all_modifier', 'SigmahqInvalidAllModifierValidator'],
  avoid: selectionText("CommandLine|contains|all: 'whoami'"),
  prefer: selectionText("CommandLine|contains: 'whoami'"),
  checkItem(item, report, document) {
    if (!item.modifiers.includes('all') || item.values.length !== 1 || item.field === null) return;
    const entry = document.entryAt(item.span);
    const key =
      entry?.key.text
        .split('|')
        .filter((part) => part !== 'all')
        .join('|') ?? '';
    report({
      at: item.span,
      message: `"${itemName(item)}" has one value, so "all" says nothing.`,
      hint: 'Leave out "all", or make it a list.',
      fix: correction('leave out "all"', entry === undefined || document.hasSibling(entry, key) ? null : renameKey(entry, key)),
    });
  },
};
