import { STATUSES } from '../../model/rule.ts';
import { didYouMean } from '../../sigma/rule/suggest.ts';
import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'status-value',
  severity: 'error',
  summary: 'The status is not one that the specification names.',
  why: 'Teams choose by status which rules go to production. A status that nobody knows is a rule that nobody selects.',
  aliases: ['SigmaStatusError'],
  avoid: ruleText('status: testing'),
  prefer: ruleText('status: test'),
  check(document, report) {
    const status = document.scalar('status');
    if (status === undefined || STATUSES.some((one) => one === status.text)) return;
    const near = didYouMean(status.text, STATUSES);
    report({ at: status, message: `"${status.text}" is not a status.`, hint: near ?? `Use one of ${STATUSES.join(', ')}.` });
  },
};
