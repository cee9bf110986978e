import { correlationText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'temporal-with-one-rule',
  severity: 'warning',
  summary: 'A temporal correlation lists a single rule.',
  why: '`temporal` and `temporal_ordered` ask whether different rules fired close together. With one rule they fire whenever it does.',
  aliases: ['sigmahq_correlation_rules_minimum', 'SigmahqCorrelationRulesMinimumValidator'],
  avoid: correlationText(
    'correlation:\n    type: temporal\n    rules:\n        - whoami\n    group-by:\n        - Computer\n    timespan: 10m',
  ),
  prefer: correlationText(),
  check(document, report) {
    const { rule } = document;
    if (rule?.kind !== 'correlation' || !rule.type.startsWith('temporal') || rule.rules.length > 1) return;
    report({
      at: document.entry('correlation', 'rules')?.key ?? rule.head.span,
      message: `a correlation of type "${rule.type}" needs at least two rules.`,
      hint: 'List the other rules, or use `event_count`.',
    });
  },
};
