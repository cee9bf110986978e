import { ruleText } from '../examples.ts';
import { removeItem } from '../facts/edits.ts';
import { reportRepeatedItems } from '../facts/repeated-items.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'duplicate-tag',
  severity: 'warning',
  summary: 'A tag is listed twice.',
  why: 'The JSON schema of the specification asks for distinct tags.',
  aliases: ['duplicate_tag', 'DuplicateTagValidator'],
  avoid: ruleText('tags:\n    - attack.discovery\n    - attack.t1033\n    - attack.discovery'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1033'),
  check(document, report) {
    reportRepeatedItems(document.entry('tags')?.value, (item, list) => {
      const edits = removeItem(document, list, item);
      report({
        at: item,
        message: `the tag "${item.text}" is listed twice.`,
        fix: edits === null ? undefined : { title: 'remove the second one', edits },
      });
    });
  },
};
