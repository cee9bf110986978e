import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'deprecated-fields',
  severity: 'info',
  summary: 'The rule lists "fields".',
  why: 'SigmaHQ no longer keeps lists of fields to show.',
  aliases: ['sigmahq_fields_existence', 'SigmahqFieldsExistenceValidator'],
  convention: 'sigmahq',
  avoid: ruleText('fields:\n    - CommandLine'),
  prefer: ruleText(),
  check(document, report) {
    const fields = document.entry('fields');
    if (fields !== undefined) report({ at: fields.key, message: '"fields" is deprecated at SigmaHQ.', hint: 'Remove it.' });
  },
};
