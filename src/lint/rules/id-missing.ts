import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'id-missing',
  severity: 'warning',
  summary: 'The rule has no id.',
  why: 'Results, exclusions and correlations name a rule by its id. Without one, a new title is a new rule to everybody downstream.',
  aliases: ['identifier_existence', 'IdentifierExistenceValidator'],
  avoid: ruleText('-id'),
  prefer: ruleText(),
  check(document, report) {
    if (document.isCollectionPart || document.entry('id') !== undefined) return;
    report({ at: document.root, message: 'there is no "id".', hint: 'Add `id:` with a new random UUID (version 4).' });
  },
};
