import { LEVELS } from '../../model/rule.ts';
import { didYouMean } from '../../sigma/rule/suggest.ts';
import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'level-value',
  severity: 'error',
  summary: 'The level is not one that the specification names.',
  why: 'The rule runs without a level: `--min-level` leaves its matches out, and reports list them last.',
  aliases: ['SigmaLevelError'],
  avoid: ruleText('level: severe'),
  prefer: ruleText('level: high'),
  check(document, report) {
    const level = document.scalar('level');
    // `rule/level-case` reports a level in other upper and lower case.
    if (level === undefined || LEVELS.some((one) => one === level.text.toLowerCase())) return;
    const near = didYouMean(level.text, LEVELS);
    report({ at: level, message: `"${level.text}" is not a level.`, hint: near ?? `Use one of ${LEVELS.join(', ')}.` });
  },
};
