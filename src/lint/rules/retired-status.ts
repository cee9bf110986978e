import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'retired-status',
  severity: 'info',
  summary: 'A retired rule stands among those in use.',
  why: 'SigmaHQ keeps rules of status `deprecated` and `unsupported` in folders of that name, where nobody loads them by accident.',
  aliases: ['sigmahq_status', 'SigmahqStatusValidator'],
  convention: 'sigmahq',
  avoid: ruleText('status: deprecated'),
  prefer: ruleText('status: test'),
  check(document, report) {
    const status = document.scalar('status');
    if (status === undefined || (status.text !== 'deprecated' && status.text !== 'unsupported')) return;
    if (document.file.path.split(/[\\/]/).includes(status.text)) return;
    report({ at: status, message: `the rule is ${status.text} and not in a folder "${status.text}".` });
  },
};
