import { detectionText } from '../examples.ts';
import { selectorsIn } from '../facts/selectors.ts';
import type { LintRule } from '../lint-rule.ts';

/** SigmaHQ chooses such names so that a selection can be added without changing the condition. */
const OPEN_ENDED = /^(?:selection|filter)_.*\*$/;

export const lintRule: LintRule = {
  id: 'selector-with-one-member',
  severity: 'info',
  summary: '`1 of` or `all of` has one selection to choose from.',
  why: 'The condition reads as if there were a choice. Patterns that begin with `selection_` or `filter_` are left alone: they are meant to grow.',
  aliases: [
    'them_condition_with_single_detection',
    'ThemConditionWithSingleDetectionValidator',
    'sigmahq_ofthem_condition',
    'SigmahqOfthemConditionValidator',
    'sigmahq_ofselection_condition',
    'SigmahqOfselectionConditionValidator',
  ],
  avoid: detectionText(`whoami:
    Image|endswith: '\\whoami.exe'
condition: 1 of them`),
  prefer: detectionText(`whoami:
    Image|endswith: '\\whoami.exe'
condition: whoami`),
  checkDetection({ rule }, report) {
    for (const { pattern, names } of selectorsIn(rule.condition)) {
      if (names.length !== 1 || OPEN_ENDED.test(pattern) || (pattern !== 'them' && !pattern.includes('*'))) continue;
      report({
        at: rule.conditionSpan,
        message: `"of ${pattern}" has only "${names[0]}" to choose from.`,
        hint: `Write \`${names[0]}\`.`,
      });
    }
  },
};
