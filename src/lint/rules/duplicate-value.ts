import { selectionText } from '../examples.ts';
import { correction } from '../facts/edits.ts';
import { itemName, removeValue } from '../facts/items.ts';
import type { LintRule } from '../lint-rule.ts';
import { patternKey } from '../logic/pattern.ts';

/** No more than this are reported for a list, because further ones tell nothing new. */
const MAX_REPORTS = 100;

export const lintRule: LintRule = {
  id: 'duplicate-value',
  severity: 'warning',
  summary: 'A value stands twice in one list.',
  why: 'Values are compared without regard to case (unless `cased` or `re` says otherwise), so the second one adds nothing. It often stands where another value was meant.',
  aliases: ['sigmahq_field_duplicate_value', 'SigmahqFieldDuplicateValueValidator'],
  avoid: selectionText(`Image|endswith:
    - '\\whoami.exe'
    - '\\Whoami.exe'`),
  prefer: selectionText(`Image|endswith:
    - '\\whoami.exe'
    - '\\quser.exe'`),
  checkItem(item, report, document) {
    const seen = new Map<string, string>();
    let reported = 0;
    for (const value of item.values) {
      const key = patternKey(value.pattern);
      const first = seen.get(key);
      seen.set(key, first ?? value.source);
      if (first === undefined || reported++ >= MAX_REPORTS) continue;
      report({
        at: value.span,
        message: `"${value.source}" is the same to "${itemName(item)}" as "${first}" before it.`,
        fix: correction('remove it', removeValue(document, item, value)),
      });
    }
  },
};
