import { detectionText, selectionText } from '../examples.ts';
import { selectorsIn } from '../facts/selectors.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'selector-without-star',
  severity: 'warning',
  summary: '`1 of` or `all of` names a single selection.',
  why: 'Without a `*` the pattern names exactly one selection, so "1 of" and "all of" say nothing. Usually the star was forgotten and other selections are left out.',
  aliases: ['sigmahq_missing_asterisk_condition', 'SigmahqMissingAsteriskConditionValidator'],
  avoid: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
condition: 1 of selection`),
  prefer: selectionText("Image|endswith: '\\whoami.exe'"),
  checkDetection({ rule }, report) {
    for (const { pattern, quantifier } of selectorsIn(rule.condition)) {
      if (pattern === 'them' || pattern.includes('*')) continue;
      report({
        at: rule.conditionSpan,
        message: `"${quantifier === 'all' ? 'all' : '1'} of ${pattern}" names one selection.`,
        hint: `Write \`${pattern}\`, or \`${pattern}*\` for all that begin so.`,
      });
    }
  },
};
