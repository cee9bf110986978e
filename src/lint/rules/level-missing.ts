import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'level-missing',
  severity: 'warning',
  summary: 'The rule has no level.',
  why: 'Everything that sorts, filters or fails on a level (`--min-level`, `--fail-on`) passes such a rule by.',
  aliases: ['sigmahq_level_existence', 'SigmahqLevelExistenceValidator'],
  avoid: ruleText('-level'),
  prefer: ruleText('level: low'),
  check(document, report) {
    if (document.isCollectionPart || document.kind === 'filter' || document.entry('level') !== undefined) return;
    report({ at: document.root, message: 'there is no "level".', hint: 'Add informational, low, medium, high or critical.' });
  },
};
