import { namesIn } from '../../model/rule.ts';
import { detectionText } from '../examples.ts';
import { RULE_KEYS } from '../facts/rule-keys.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'unused-selection',
  severity: 'warning',
  summary: 'A selection is named in no condition.',
  why: 'It does nothing. Most often it was renamed on one side only, and the rule now finds more or less than its author thinks.',
  aliases: ['dangling_detection', 'DanglingDetectionValidator'],
  avoid: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
filter_main_agent:
    ParentImage|endswith: '\\agent.exe'
condition: selection`),
  prefer: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
filter_main_agent:
    ParentImage|endswith: '\\agent.exe'
condition: selection and not 1 of filter_main_*`),
  check(document, report) {
    const { rule } = document;
    if (rule === null || rule.kind === 'correlation') return;
    const used = new Set(namesIn(rule.condition));
    for (const name of Object.keys(rule.selections)) {
      if (used.has(name)) continue;
      const key = document.entry(rule.kind === 'filter' ? 'filter' : 'detection', name)?.key;
      const isKey = rule.kind === 'detection' && RULE_KEYS.includes(name);
      report({
        at: key ?? rule.head.span,
        message: isKey
          ? `"${name}" stands in "detection", where it is a selection.`
          : `the selection "${name}" is named in no condition.`,
        hint: isKey ? 'Indent it as far as "detection" itself.' : 'Name it in the condition or remove it.',
      });
    }
  },
};
