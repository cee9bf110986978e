import { ruleText } from '../examples.ts';
import { correction, removeEntry } from '../facts/edits.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'redundant-modified',
  severity: 'info',
  summary: 'The rule was modified on the day it was made.',
  why: 'It says nothing that `date` does not say.',
  aliases: ['sigmahq_redundant_modified', 'SigmahqRedundantModifiedValidator'],
  convention: 'sigmahq',
  avoid: ruleText('modified: 2026-01-15'),
  prefer: ruleText('modified: 2026-02-01'),
  check(document, report) {
    const entry = document.entry('modified');
    const date = document.scalar('date');
    if (entry?.value.kind !== 'scalar' || date === undefined || entry.value.text !== date.text) return;
    report({
      at: entry.value,
      message: '"modified" is the same as "date".',
      fix: correction('remove it', removeEntry(document, entry)),
    });
  },
};
