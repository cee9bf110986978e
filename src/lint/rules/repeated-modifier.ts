import { selectionText } from '../examples.ts';
import { itemName } from '../facts/items.ts';
import type { LintRule } from '../lint-rule.ts';

/** Modifiers that may be repeated on purpose: attackers do encode twice. */
const REPEATABLE = new Set(['base64']);

export const lintRule: LintRule = {
  id: 'repeated-modifier',
  severity: 'warning',
  summary: 'A modifier is given twice.',
  why: 'The second one does nothing, or does the same thing again to what the first has made.',
  aliases: ['ModifierAppliedMultipleIssue'],
  avoid: selectionText("CommandLine|contains|contains: 'whoami'"),
  prefer: selectionText("CommandLine|contains: 'whoami'"),
  checkItem(item, report) {
    const repeated = item.modifiers.find((name, i) => item.modifiers.indexOf(name) !== i && !REPEATABLE.has(name));
    if (repeated !== undefined) report({ at: item.span, message: `"${itemName(item)}" has "${repeated}" twice.` });
  },
};
