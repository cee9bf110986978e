import { detectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';
import { normalise } from '../logic/formula.ts';
import { positivePart } from '../logic/proof.ts';

export const lintRule: LintRule = {
  id: 'filter-covers-selection',
  severity: 'error',
  summary: 'The filter takes away everything that the selection finds.',
  why: 'Where every event of the selection also satisfies the filter, `selection and not filter` never holds: the rule is silent for good.',
  avoid: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
filter_main_system:
    Image|contains: '\\who'
condition: selection and not 1 of filter_main_*`),
  prefer: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
filter_main_system:
    ParentImage|startswith: 'C:\\Program Files\\Agent\\'
condition: selection and not 1 of filter_main_*`),
  checkDetection(facts, report) {
    if (!facts.neverHolds) return;
    if (facts.prover.neverHolds(positivePart(normalise(facts.formula)))) return;
    report({
      at: facts.rule.conditionSpan,
      message: 'every event that the selections find is taken away by what stands behind "not", so the rule can never match.',
      hint: 'Make the filter narrower than the selection.',
    });
  },
};
