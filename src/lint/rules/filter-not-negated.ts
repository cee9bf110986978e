import type { Condition } from '../../model/rule.ts';
import { filterText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'filter-not-negated',
  severity: 'warning',
  summary: 'The condition of a filter document is not negated.',
  why:
    'The condition of a filter is ANDed to the rule, so `selection` keeps only what the filter describes. The example of the ' +
    'specification is written that way although its text means the opposite; a filter that takes something away says ' +
    '`not selection`.',
  avoid: filterText(
    "filter:\n    rules:\n        - 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60\n    selection:\n        ParentImage|endswith: '\\agent.exe'\n    condition: selection",
  ),
  prefer: filterText(),
  check(document, report) {
    const { rule } = document;
    if (rule?.kind !== 'filter' || hasNegation(rule.condition)) return;
    report({
      at: document.entry('filter', 'condition')?.key ?? rule.head.span,
      message: 'the filter keeps what its selections describe and takes everything else away.',
      hint: 'Write `not selection` if it is meant to take them away.',
    });
  },
};

function hasNegation(condition: Condition): boolean {
  if (condition.kind === 'not') return true;
  return (condition.kind === 'and' || condition.kind === 'or') && condition.of.some(hasNegation);
}
