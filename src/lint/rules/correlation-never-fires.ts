import type { CorrelationRule } from '../../model/rule.ts';
import { correlationText } from '../examples.ts';
import { referencedDocuments } from '../facts/references.ts';
import { factsOf } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'correlation-never-fires',
  severity: 'error',
  summary: 'The correlation waits for something that cannot happen.',
  why: 'Bounds that no number satisfies, more different rules than are listed, or a rule that can never match: the correlation is silent for good.',
  avoid: correlationText(
    'correlation:\n    type: event_count\n    rules:\n        - whoami\n    group-by:\n        - Computer\n    timespan: 10m\n    condition:\n        gte: 10\n        lt: 5',
  ),
  prefer: correlationText(),
  checkSet(set, report) {
    for (const document of set.own) {
      const { rule } = document;
      if (rule?.kind !== 'correlation') continue;
      const at = document.entry('correlation', 'condition')?.key ?? document.entry('correlation')?.key ?? rule.head.span;
      const reason = impossibleBounds(rule);
      if (reason !== undefined) report(document, { at, message: `${reason}, so the correlation can never fire.` });
      else if (
        rule.type.startsWith('temporal') &&
        rule.condition.bounds.length === 0 &&
        rule.condition.expression === undefined
      ) {
        for (const reference of rule.rules) {
          const named = referencedDocuments(set, document, reference);
          if (named.length === 0 || !named.every((one) => factsOf(one)?.neverHolds === true)) continue;
          report(document, {
            at: document.entry('correlation', 'rules')?.key ?? at,
            message: `the rule "${reference}" can never match, so the correlation can never fire.`,
          });
        }
      }
    }
  },
};

function impossibleBounds(rule: CorrelationRule): string | undefined {
  const counts = rule.type === 'event_count' || rule.type.startsWith('temporal');
  const whole = counts || rule.type === 'value_count';
  let low = counts ? 1 : whole ? 0 : Number.NEGATIVE_INFINITY;
  let high = rule.type.startsWith('temporal') ? rule.rules.length : Number.POSITIVE_INFINITY;
  for (const { operator, value } of rule.condition.bounds) {
    if (operator === 'gte' || operator === 'eq') low = Math.max(low, value);
    if (operator === 'lte' || operator === 'eq') high = Math.min(high, value);
    if (operator === 'gt') low = Math.max(low, whole ? Math.floor(value) + 1 : value);
    if (operator === 'lt') high = Math.min(high, whole ? Math.ceil(value) - 1 : value);
  }
  if (low <= high) return undefined;
  // A count is only compared when there is an event, so it is at least one.
  if (counts && high < 1) return 'a count is never below one';
  if (rule.type.startsWith('temporal') && low > rule.rules.length)
    return `${low} different rules are wanted and ${rule.rules.length} are listed`;
  return 'no number satisfies all bounds of the condition';
}
