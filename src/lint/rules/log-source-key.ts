import { didYouMean } from '../../sigma/rule/suggest.ts';
import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

const KEYS = ['category', 'product', 'service', 'definition'];

export const lintRule: LintRule = {
  id: 'log-source-key',
  severity: 'warning',
  summary: 'The log source has a key that the specification does not name.',
  why: 'Only `product`, `category` and `service` select events, `definition` explains. Anything else is accepted and ignored, so that the rule looks at more than it should.',
  aliases: ['fieldname_logsource', 'FieldnameLogsourceValidator'],
  avoid: ruleText('logsource:\n    category: process_creation\n    product: windows\n    channel: Security'),
  prefer: ruleText('logsource:\n    category: process_creation\n    product: windows\n    service: security'),
  check(document, report) {
    const logsource = document.entry('logsource')?.value;
    if (logsource?.kind !== 'map') return;
    for (const { key } of logsource.entries) {
      if (KEYS.includes(key.text)) continue;
      report({
        at: key,
        message: `"${key.text}" is no key of a log source.`,
        hint: didYouMean(key.text, KEYS) ?? `Keys are ${KEYS.join(', ')}.`,
      });
    }
  },
};
