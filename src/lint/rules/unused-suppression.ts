import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

/** `suppressions.ts` reports it, because only it knows what was suppressed. */
export const lintRule: LintRule = {
  id: 'unused-suppression',
  severity: 'warning',
  summary: 'A suppression suppresses nothing.',
  why: 'What it was written for is gone. Left in place it will hide the next fault of that kind.',
  avoid: ruleText('# winnow-disable-next-line duplicate-tag\ntags:\n    - attack.discovery\n    - attack.t1033'),
  prefer: ruleText(
    'tags:\n    - attack.discovery\n    - attack.t1033\n    # winnow-disable-next-line duplicate-tag -- shown here on purpose\n    - attack.discovery',
  ),
};
