import { detectionText } from '../examples.ts';
import { selectorsIn } from '../facts/selectors.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'all-of-them',
  severity: 'info',
  summary: '`all of them` takes in whatever is added to the rule.',
  why: 'Who adds a filter to such a rule makes it part of what must be true. pySigma and SigmaHQ discourage it for that reason.',
  aliases: ['all_of_them_condition', 'AllOfThemConditionValidator'],
  avoid: detectionText(`selection_image:
    Image|endswith: '\\whoami.exe'
selection_parent:
    ParentImage|endswith: '\\cmd.exe'
condition: all of them`),
  prefer: detectionText(`selection_image:
    Image|endswith: '\\whoami.exe'
selection_parent:
    ParentImage|endswith: '\\cmd.exe'
condition: all of selection_*`),
  checkDetection({ rule }, report) {
    for (const { pattern, quantifier, names } of selectorsIn(rule.condition)) {
      if (pattern === 'them' && quantifier === 'all' && names.length > 1) {
        report({
          at: rule.conditionSpan,
          message: '"all of them" is discouraged.',
          hint: 'Name the selections alike and write `all of selection_*`.',
        });
      }
    }
  },
};
