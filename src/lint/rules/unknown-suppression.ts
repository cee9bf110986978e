import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

/** `suppressions.ts` reports it, because it reads the comments. */
export const lintRule: LintRule = {
  id: 'unknown-suppression',
  severity: 'warning',
  summary: 'A suppression names no lint rule.',
  why: 'It was misspelt, or the lint rule is called otherwise; either way it does nothing.',
  avoid: ruleText('# winnow-disable duplicate-tags\nlevel: low'),
  prefer: ruleText('level: low'),
};
