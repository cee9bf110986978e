import { correlationText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'correlation-without-group-by',
  severity: 'warning',
  summary: 'A correlation has no group-by.',
  why: 'Without it events of all computers and users are thrown together. The JSON schema of the specification asks for it.',
  aliases: ['sigmahq_correlation_group_by_existence', 'SigmahqCorrelationGroupByExistenceValidator'],
  avoid: correlationText(
    'correlation:\n    type: event_count\n    rules:\n        - whoami\n    timespan: 10m\n    condition:\n        gte: 5',
  ),
  prefer: correlationText(),
  check(document, report) {
    const { rule } = document;
    if (rule?.kind !== 'correlation' || rule.groupBy.length > 0) return;
    report({
      at: document.entry('correlation')?.key ?? rule.head.span,
      message: 'events of all computers are counted together.',
      hint: 'Add `group-by:` with `- Computer`.',
    });
  },
};
