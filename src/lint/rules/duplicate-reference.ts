import { ruleText } from '../examples.ts';
import { removeItem } from '../facts/edits.ts';
import { reportRepeatedItems } from '../facts/repeated-items.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'duplicate-reference',
  severity: 'warning',
  summary: 'A reference is listed twice.',
  why: 'The JSON schema of the specification asks for distinct references.',
  aliases: ['duplicate_references', 'DuplicateReferencesValidator'],
  avoid: ruleText('references:\n    - https://example.org/reports/whoami\n    - https://example.org/reports/whoami'),
  prefer: ruleText('references:\n    - https://example.org/reports/whoami\n    - https://example.org/reports/whoami-again'),
  check(document, report) {
    reportRepeatedItems(document.entry('references')?.value, (item, list) => {
      const edits = removeItem(document, list, item);
      report({
        at: item,
        message: `the reference "${item.text}" is listed twice.`,
        fix: edits === null ? undefined : { title: 'remove the second one', edits },
      });
    });
  },
};
