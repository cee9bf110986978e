import { namesIn } from '../../model/rule.ts';
import { detectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'filter-selected',
  severity: 'warning',
  summary: 'A selection that is called a filter is asked for instead of taken away.',
  why:
    'By convention `filter_...` names what is to be left out. `selection and filter_agent` finds only what the filter describes; most ' +
    'often a `not` was forgotten. A selection that narrows is better called `selection_...`.',
  avoid: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
filter_agent:
    ParentImage|endswith: '\\agent.exe'
condition: selection and filter_agent`),
  prefer: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
filter_agent:
    ParentImage|endswith: '\\agent.exe'
condition: selection and not filter_agent`),
  checkDetection({ rule }, report) {
    const wanted = new Set(namesIn(rule.condition, false));
    // However many there are: a filter of a filter, `not (a and not filter_b)`, is meant.
    const denied = new Set(namesIn(rule.condition, true));
    const isFilter = (name: string): boolean => /^filter/i.test(name);
    // A rule that has only filters uses the word "filter" in another sense.
    if (![...wanted].some((name) => !isFilter(name))) return;
    for (const name of wanted) {
      if (!isFilter(name) || denied.has(name)) continue;
      report({
        at: rule.conditionSpan,
        // Older rules use the name filter for any second selection.
        severity: /^filter_/i.test(name) ? 'warning' : 'info',
        message: `the condition asks for "${name}" instead of taking it away.`,
        hint: `Write "not ${name}", or call the selection otherwise.`,
      });
    }
  },
};
