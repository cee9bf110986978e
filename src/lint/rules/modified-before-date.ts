import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'modified-before-date',
  severity: 'warning',
  summary: 'The rule was modified before it was made.',
  why: 'One of the two dates is wrong, and updates that look for newer rules will miss this one.',
  aliases: ['sigmahq_modified_date_order', 'SigmahqModifiedDateOrderValidator'],
  avoid: ruleText('modified: 2025-12-24'),
  prefer: ruleText('modified: 2026-02-01'),
  check(document, report) {
    const date = document.scalar('date');
    const modified = document.scalar('modified');
    if (date === undefined || modified === undefined) return;
    // ISO dates can be compared as text. `date-format` reports dates of another form.
    if (/^\d{4}-\d\d-\d\d$/.test(date.text) && /^\d{4}-\d\d-\d\d$/.test(modified.text) && modified.text < date.text) {
      report({ at: modified, message: `modified ${modified.text} is before date ${date.text}.` });
    }
  },
};
